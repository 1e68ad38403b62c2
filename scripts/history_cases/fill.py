"""Writes years of finished orders: a few go the real way once, and their rows are written again.

The template is a small store of its own in which some orders went from a file to the truck through
the services. Every row that they left is written many times inside the target by the database
itself, with new ids, numbers and moments. Pieces that left bins are received first, so that on hand
stays the sum of the movements. What journal lines say in detail is what the template's say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench_cases import bulk, world
from bench_cases.ours import Ours, received
from sqlalchemy import BigInteger, Column, Connection, Float, MetaData, Table, insert, select, text

from wms_app.app import open_store
from wms_app.base import clock
from wms_app.base.db import Store
from wms_app.base.months import make_months
from wms_app.base.schema import Base, Utc

EACH = 250  # orders of the template
CHUNK = 40  # copies of it in one transaction
DAY_S = 86_400
Tell = Callable[[int, int], None]

# What a handed-over order leaves behind, in the order in which foreign keys allow it.
TABLES = (
    "operations intakes waves orders pick_lists pickups order_lines allocations picks parcels"
    " parcel_items labels staged_parcels pickup_parcels outbox journal movements"
).split()
_POINTS_TO = {
    "operation_id": "operations",
    "order_id": "orders",
    "line_id": "order_lines",
    "allocation_id": "allocations",
    "pick_list_id": "pick_lists",
    "wave_id": "waves",
    "pickup_id": "pickups",
    "parcel_id": "parcels",
}
_NOUNS = {
    "order": "orders",
    "parcel": "parcels",
    "label": "labels",
    "list": "pick_lists",
    "pickup": "pickups",
    "intake": "intakes",
}
# Texts that must be unique: what they begin with, before the row's own new id.
_NAMED = {
    ("operations", "key"): "history-",
    ("orders", "number"): "H-",
    ("pick_lists", "code"): "H",
    ("pickups", "code"): "HP-",
    ("labels", "key"): "history-",
    ("labels", "tracking"): "H",
}


def fill(store: Store, count: int, years: float, tell: Tell) -> int:
    """Write at least `count` orders, handed over in the `years` before yesterday; gives how many.

    `store` must be a warehouse to measure in (bench_cases/world.py).
    """
    each = min(EACH, count)
    copies = -(-count // each)
    with TemporaryDirectory(prefix="history-") as folder, store.engine.connect() as conn:
        _quick(conn)
        template = _template(Path(folder), each)
        shifts = _Shifts(conn, template)
        _load(conn, template, copies, years)
        template.close()
        statements = [shifts.statement(table) for table in TABLES]
        statements.append(shifts.receipts())
        for first in range(0, copies, CHUNK):
            for statement in statements:
                conn.execute(text(statement), {"first": first, "past": first + CHUNK})
            conn.commit()
            tell(min(copies, first + CHUNK) * each, copies * each)
        _finish(conn)
    return copies * each


def _quick(conn: Connection) -> None:
    """Rows that are true already need no check of every foreign key; a crash means: again."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SET synchronous_commit = off"))
        conn.execute(text("SET session_replication_role = replica"))
        conn.commit()
        return
    raw: Any = conn.connection.driver_connection
    for setting in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -400000"):
        raw.execute(f"PRAGMA {setting}")


def _template(folder: Path, each: int) -> Store:
    """A store in which `each` orders went to the truck, and the truck left."""
    url = f"sqlite:///{folder / 'template.sqlite'}"
    store = world.make(url)
    ours = Ours(store)
    ours.open_truck()
    bulk.receive(store, world.write_file(folder / "orders.csv", world.orders(each)))
    for order_id in received(store, each):
        ours.order(order_id)
    ours.depart()
    return store


def _load(conn: Connection, template: Store, copies: int, years: float) -> None:
    """The template's rows and the list of copies as temporary tables beside the target's."""
    for name in TABLES:
        of = Base.metadata.tables[name]
        beside = _beside(name)
        beside.create(conn)
        with template.read() as tx:
            rows = [dict(row._mapping) for row in tx.rows(_rows(of))]
        conn.execute(insert(beside), rows)
    kinds = (Column("k", BigInteger), Column("ago_s", Float))
    moments = Table("history_copies", MetaData(), *kinds, prefixes=["TEMPORARY"])
    moments.create(conn)
    step = years * 365 * DAY_S / copies
    rows = [{"k": k, "ago_s": DAY_S + step * (copies - 1 - k)} for k in range(copies)]
    conn.execute(insert(moments), rows)
    if conn.dialect.name == "postgresql":
        make_months(conn, first=clock.now() - timedelta(days=years * 365 + 2))
        for name in (*(f"history_{n}" for n in TABLES), "history_copies"):
            conn.execute(text(f"ANALYZE {name}"))
    conn.commit()


def _beside(name: str) -> Table:
    columns = [Column(c.name, c.type) for c in Base.metadata.tables[name].columns]
    return Table(f"history_{name}", MetaData(), *columns, prefixes=["TEMPORARY"])


def _rows(of: Table) -> Any:
    """The rows of history: goods that were there at the beginning are no part of it."""
    found = select(of)
    if of.name == "movements":
        return found.where(of.c.line_id.is_not(None))
    return found.where(of.c.kind == "shipped") if of.name == "outbox" else found


class _Shifts:
    """How far each table's ids move: `base` once, and `span` with every copy."""

    def __init__(self, conn: Connection, template: Store) -> None:
        self._postgres = conn.dialect.name == "postgresql"
        self._span: dict[str, int] = {}
        self._base: dict[str, int] = {}
        for name in TABLES:
            of = Base.metadata.tables[name]
            if "id" not in of.c:
                continue
            with template.read() as tx:
                ids = sorted(row.id for row in tx.rows(_rows(of)))
            there = conn.execute(text(f"SELECT coalesce(max(id), 0) FROM {name}")).scalar_one()
            twice = 2 if name == "movements" else 1  # received, and gone
            self._span[name] = (ids[-1] - ids[0] + 1) * twice
            self._base[name] = int(there) + 1 - ids[0]
        conn.rollback()

    def statement(self, name: str) -> str:
        """Writes copies `:first` to before `:past` of one table."""
        of = Base.metadata.tables[name]
        return self._insert(name, {c.name: self._value(name, c) for c in of.columns})

    def receipts(self) -> str:
        """The pieces that leave came first: the same movements the other way, of no line."""
        of = Base.metadata.tables["movements"]
        values = {c.name: self._value("movements", c) for c in of.columns}
        values["id"] += f" + {self._span['movements'] // 2}"
        return self._insert(
            "movements",
            values | {"quantity": "-t.quantity", "reason": "'received'", "line_id": "NULL"},
        )

    def _insert(self, name: str, values: dict[str, str]) -> str:
        own_id = ", t.id" if "id" in Base.metadata.tables[name].c else ""
        return (
            f"INSERT INTO {name} ({', '.join(values)}) SELECT {', '.join(values.values())} "
            f"FROM history_copies c CROSS JOIN history_{name} t WHERE c.k >= :first AND c.k < :past"
            f" ORDER BY c.k{own_id}"  # as rows come in life: indexes grow at their end
        )

    def _value(self, name: str, column: Column[Any]) -> str:
        own = f"t.{column.name}"
        if (name, column.name) in _NAMED:
            return f"'{_NAMED[name, column.name]}' || ({self._shifted('t.id', name)})"
        if column.name == "id":
            return self._shifted(own, name)
        if column.name in _POINTS_TO:
            return self._shifted(own, _POINTS_TO[column.name])
        if (name, column.name) == ("journal", "noun_id"):
            cases = (f"WHEN '{n}' THEN {self._shifted(own, t)}" for n, t in _NOUNS.items())
            return f"CASE t.noun {' '.join(cases)} END"
        if (name, column.name) == ("orders", "twin"):
            return "substr(t.twin, 1, 24) || c.k"
        if name == "outbox" and column.name in ("key", "state", "sent_at"):
            order = self._shifted("CAST(substr(t.key, 9) AS bigint)", "orders")
            moment = self._moment("t.made_at")
            return {"key": f"'shipped:' || ({order})", "state": "'sent'", "sent_at": moment}[
                column.name
            ]
        return self._moment(own) if isinstance(column.type, Utc) else own

    def _shifted(self, value: str, table: str) -> str:
        return f"{value} + {self._base[table]} + c.k * {self._span[table]}"

    def _moment(self, value: str) -> str:
        if self._postgres:
            return f"{value} - c.ago_s * interval '1 second'"
        return f"strftime('%Y-%m-%dT%H:%M:%f+00:00', {value}, '-' || c.ago_s || ' seconds')"


def _finish(conn: Connection) -> None:
    """New rows get ids after these, and Postgres' planner knows what is there."""
    if conn.dialect.name == "postgresql":
        for name in TABLES:
            if "id" in Base.metadata.tables[name].c:
                conn.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), "
                        f"(SELECT max(id) FROM {name}))"
                    )
                )
        # As Postgres does by itself in time; nobody asks SQLite to, so it plans without.
        conn.execute(text("ANALYZE"))
    conn.commit()
    conn.invalidate()  # its settings are not for others


def opened(url: str) -> Store:
    """The store at `url`; an empty one becomes a warehouse to measure in.

    ValueError: it is a warehouse of somebody.
    """
    store = open_store(url)
    try:
        with store.engine.connect() as conn:
            code = conn.execute(text("SELECT code FROM warehouses LIMIT 1")).scalar()
    except Exception:  # no tables yet
        store.close()
        return world.make(url)
    if code != "BENCH":
        store.close()
        raise ValueError("history is written into an empty store or one of its own only")
    return store
