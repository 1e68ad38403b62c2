"""The one door to row locks, in one order: documents (orders, then parcels) first, then stock.

Each by id. SQLite's BEGIN IMMEDIATE is already the lock; on Postgres the rows are locked and what
is read is what is true now.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from wms_app.base.db import AnyRow, Tx
from wms_app.base.schema import among


def rows(tx: Tx, model: type[Any], ids: Sequence[int], *columns: Any) -> Sequence[AnyRow]:
    """Lock the rows of `model` with these ids and give `columns` of them, ordered by id."""
    wanted = columns or (model.id,)
    return locked(tx, select(*wanted).where(among(model.id, ids)).order_by(model.id), model)


def locked(tx: Tx, statement: Select[*tuple[Any, ...]], model: type[Any]) -> Sequence[AnyRow]:
    """Run a select that locks the rows of `model` it finds (it must order them by id)."""
    return tx.rows(statement.with_for_update(of=model) if tx.postgres else statement)
