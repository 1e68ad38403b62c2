"""Broken builds, to prove that the storm would notice: what keeps the store true is taken away.

`lock`: no row is locked; on SQLite, where the first statement of every write claims its operation
and with it the whole store, every statement stands alone instead (BEGIN without IMMEDIATE changes
nothing there). `operation`: an operation that was applied before is not found and not refused.
`guard`: states and quantities change whatever they were, and no CHECK holds.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from sqlalchemy import Connection, bindparam, insert, text, update

from wms_app.base import embedded, engine, lock, moves, operations
from wms_app.base.db import Store, Tx
from wms_app.base.operations import Operation
from wms_app.base.prepared import Prepared, PreparedInsert
from wms_app.base.schema import among_given
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Stock

KINDS = ("lock", "operation", "guard")


def apply(kind: str) -> None:
    """Break this process; "" leaves it whole."""
    if kind == "lock":
        _no_locks()
    elif kind == "operation":
        _no_once()
    elif kind == "guard":
        _no_guards()


def weaken(store: Store, kind: str) -> None:
    """Take away what the database itself holds, before the first station begins."""
    if kind == "operation":
        with store.engine.connect() as conn, conn.execution_options(dock_write=True).begin():
            _drop_unique(conn, sqlite=store.sqlite)
    elif kind == "guard" and not store.sqlite:
        with store.engine.connect() as conn, conn.begin():
            for table, name in conn.execute(text(_CHECKS)).all():
                conn.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))


_CHECKS = (
    "SELECT conrelid::regclass::text, conname FROM pg_constraint "
    "WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conparentid = 0 "
    "AND coninhcount = 0"
)


def _drop_unique(conn: Connection, *, sqlite: bool) -> None:
    if not sqlite:
        conn.execute(text("ALTER TABLE operations DROP CONSTRAINT uq_operations_key"))
        return
    master = "SELECT sql FROM sqlite_master WHERE tbl_name = 'operations' AND sql IS NOT NULL"
    made = [str(row[0]) for row in conn.execute(text(f"{master} ORDER BY type DESC"))]
    conn.execute(text("CREATE TABLE kept AS SELECT * FROM operations"))
    conn.execute(text("DROP TABLE operations"))
    for statement in made:
        conn.exec_driver_sql(re.sub(r",\s*CONSTRAINT \w+ UNIQUE \(\"?key\"?\)", "", statement))
    conn.execute(text("INSERT INTO operations SELECT * FROM kept"))
    conn.execute(text("DROP TABLE kept"))


def _no_locks() -> None:
    planned = Prepared._plan_postgres

    def unlocked(self: Prepared, tx: Tx) -> Any:
        if not isinstance(self, PreparedInsert):  # what differs there is no lock
            self._locking = self.statement
        return planned(self, tx)

    def read(tx: Tx, statement: Any, model: Any) -> Any:
        return tx.rows(statement)

    Prepared._plan_postgres = unlocked  # type: ignore[method-assign]
    lock.locked = read
    embedded.begin = _begin_reading_only
    engine._begin_sqlite = lambda conn: None


def _begin_reading_only(raw: sqlite3.Connection, asked_at: float | None) -> None:
    if asked_at is None:
        raw.execute("BEGIN")


def _no_once() -> None:
    fresh = Prepared(insert(Operation).values(operations._values).returning(Operation.id))

    def begin(tx: Tx, key: str, verb: str) -> None:
        who = tx.who
        values = {"who_id": who.user_id, "who": who.name, "station": who.station, "verb": verb}
        home = {"key": key, "at": tx.now, "warehouse_id": who.warehouse_id}
        tx.claimed(int(fresh.scalar(tx, **values, **home)))

    operations.begin = begin


def _no_guards() -> None:
    def mover(
        model: Any, to: str, before: tuple[str, ...], names: tuple[str, ...], which: str
    ) -> Prepared:
        these = among_given(model.id, "of") if which == "many" else model.id == bindparam("of")
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        change = update(model).where(these).values(state=to, **values)
        return Prepared(change if which == "must" else change.returning(model.id))

    moves._mover = mover  # type: ignore[assignment]
    stock._change = Prepared(
        update(Stock)
        .where(Stock.id == bindparam("of_stock"))
        .values(
            on_hand=Stock.on_hand + bindparam("more"),
            allocated=Stock.allocated + bindparam("promised"),
        )
    )
    prepare = embedded.prepare

    def unchecked(connection: sqlite3.Connection) -> None:
        prepare(connection)
        connection.execute("PRAGMA ignore_check_constraints=ON")

    embedded.prepare = unchecked
