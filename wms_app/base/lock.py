"""The one door to row locks, in one order: documents (orders, then parcels) first, then stock.

Each by id. SQLite's BEGIN IMMEDIATE is already the lock; on Postgres the rows are locked and what
is read is what is true now.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from wms_app.base.db import AnyRow, Tx
from wms_app.base.prepared import Prepared
from wms_app.base.schema import among_given


def rows(tx: Tx, model: type[Any], ids: Sequence[int], *columns: Any) -> Sequence[AnyRow]:
    """Lock the rows of `model` with these ids and give `columns` of them, ordered by id."""
    key = tx.postgres, model, *map(id, columns)
    statement = _LOCKS.get(key)
    if statement is None:
        statement = _lock(tx, model, columns)
        _LOCKS[key] = statement
    return statement.rows(tx, of=ids)


# By kind of store, model and columns; columns live as long as their models, so their identity
# names them.
_LOCKS: dict[tuple[Any, ...], Prepared] = {}


def _lock(tx: Tx, model: type[Any], columns: Sequence[Any]) -> Prepared:
    wanted = columns or (model.id,)
    statement = select(*wanted).where(among_given(model.id, "of")).order_by(model.id)
    return Prepared(statement.with_for_update(of=model) if tx.postgres else statement)


def locked(tx: Tx, statement: Select[*tuple[Any, ...]], model: type[Any]) -> Sequence[AnyRow]:
    """Run a select that locks the rows of `model` it finds (it must order them by id)."""
    return tx.rows(statement.with_for_update(of=model) if tx.postgres else statement)
