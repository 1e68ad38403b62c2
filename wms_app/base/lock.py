"""The one door to row locks, in one order: documents (orders, then parcels) first, then stock.

Each by id. SQLite's BEGIN IMMEDIATE is already the lock; on Postgres the rows are locked and what
is read is what is true now.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select

from wms_app.base.db import AnyRow, Tx
from wms_app.base.prepared import Later, Prepared
from wms_app.base.schema import among_given, locking


def rows(tx: Tx, model: type[Any], ids: Sequence[int], *columns: Any) -> Sequence[AnyRow]:
    """Lock the rows of `model` with these ids and give `columns` of them, ordered by id.

    Without columns nothing is given: they are locked, which SQLite need not be asked for.
    """
    return later(tx, model, ids, *columns).rows


def later(tx: Tx, model: type[Any], ids: Sequence[int], *columns: Any) -> Later:
    """The same, where what is asked next needs the locks and nobody yet what was locked."""
    if tx.raw is not None and not columns:
        return Later(tx, [])
    one = len(ids) == 1
    key = one, model, *map(id, columns)
    statement = _LOCKS.get(key)
    if statement is None:
        statement = _LOCKS[key] = _lock(model, columns, one=one)
    return statement.later(tx, of=ids[0] if one else ids)


# By model and columns; columns live as long as their models, so their identity names them.
_LOCKS: dict[tuple[Any, ...], Prepared] = {}


def _lock(model: type[Any], columns: Sequence[Any], *, one: bool) -> Prepared:
    which = model.id == bindparam("of") if one else among_given(model.id, "of")
    statement = select(*(columns or (model.id,))).where(which).order_by(model.id)
    return Prepared(statement, model)


def locked(tx: Tx, statement: Select[*tuple[Any, ...]], model: type[Any]) -> Sequence[AnyRow]:
    """Run a select that locks the rows of `model` it finds (it must order them by id)."""
    return tx.rows(locking(statement, model) if tx.postgres else statement)
