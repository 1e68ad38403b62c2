"""A whole store into another, of either kind: every row copied, then read back and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, func, insert, select, text

from wms_app.base.conversation import Progress
from wms_app.base.db import Store
from wms_app.base.months import LEDGERS, make_months
from wms_app.base.refusal import Refused
from wms_app.base.schema import Base
from wms_app.base.texts import _

CHUNK = 5_000
LARGE_CHUNK = 50  # rows with pictures and papers in them


@dataclass(frozen=True)
class Copied:
    """How many rows of how many tables stand in the new store as they stood in the old one."""

    tables: int
    rows: int

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def copy_store(source: Store, target: Store, progress: Progress | None = None) -> Copied:
    """Copy everything of `source` into `target`, all or nothing.

    The source is read at one moment; stations may go on working there, but what they do after
    that moment is not in the copy. Refused: a target that holds anything, a source of another
    version, and a row that reads back differently.
    """
    source.check()
    _refuse_a_full_one(target)
    target.create()
    with (
        source.snapshot() as old,
        target.engine.connect() as conn,
        conn.execution_options(dock_write=True).begin(),
    ):
        counts = {table: _count(old, table) for table in Base.metadata.sorted_tables}
        total, done = sum(counts.values()), 0
        if not target.sqlite:
            _make_old_months(old, conn)
        for table in counts:
            for rows in _chunks(old, table):
                conn.execute(insert(table), rows)
                done += len(rows)
                _go_on(progress, done, 2 * total)
        for table, count in counts.items():
            _compare(old, conn, table, count)
            done += count
            _go_on(progress, done, 2 * total)
        if not target.sqlite:
            _set_sequences(conn)
    return Copied(len(counts), total)


def _go_on(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None and not progress(done, total):
        raise Refused("stopped", _("Stopped; nothing was copied."))


def _refuse_a_full_one(target: Store) -> None:
    if target.empty():
        return
    target.check()
    with target.read() as tx:
        for table in Base.metadata.sorted_tables:
            if tx.conn.execute(select(*_key(table)).limit(1)).first() is not None:
                raise Refused(
                    "store_exists",
                    _("There is something in the store {url} already ({table}).").format(
                        url=target.url.render_as_string(), table=table.name
                    ),
                    _("Copy into an empty store."),
                )


def _count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def _key(table: Table) -> list[Column[Any]]:
    return list(table.primary_key.columns)


def _chunks(conn: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """All rows in the order of their key, as plain values by column name."""
    chunk = LARGE_CHUNK if any(isinstance(c.type, LargeBinary) for c in table.columns) else CHUNK
    found = conn.execution_options(yield_per=chunk).execute(select(table).order_by(*_key(table)))
    for part in found.mappings().partitions(chunk):
        yield [dict(row) for row in part]


def _compare(old: Connection, new: Connection, table: Table, count: int) -> None:
    """Refuse when the new store does not say just what the old one says."""
    seen = 0
    for ours, theirs in zip(_chunks(old, table), _chunks(new, table), strict=False):
        seen += len(theirs)
        for before, after in zip(ours, theirs, strict=False):
            if before != after:
                names = [name for name in before if before[name] != after[name]]
                raise _different(table, f"{_identity(table, before)}: {', '.join(names)}")
    if seen != count or _count(new, table) != count:
        raise _different(table, f"{count} / {_count(new, table)}")


def _identity(table: Table, row: dict[str, Any]) -> str:
    return ", ".join(f"{column.name} {row[column.name]}" for column in _key(table))


def _different(table: Table, what: str) -> Refused:
    return Refused(
        "copy_differs",
        _("The copy differs in {table}: {what}.").format(table=table.name, what=what),
        _("Nothing was copied. Keep the old store and report this."),
    )


def _make_old_months(old: Connection, new: Connection) -> None:
    """The ledgers' partitions from the first line of the old store on."""
    firsts = [
        old.execute(select(func.min(Base.metadata.tables[name].c.at))).scalar() for name in LEDGERS
    ]
    known = [first for first in firsts if first is not None]
    if known:
        make_months(new, min(known))


def _set_sequences(conn: Connection) -> None:
    """The next id of every table follows the last one copied."""
    for table in Base.metadata.sorted_tables:
        if "id" in table.c:
            conn.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                    f"greatest((SELECT max(id) FROM {table.name}), 1), "
                    f"EXISTS (SELECT 1 FROM {table.name})) "
                    f"WHERE pg_get_serial_sequence('{table.name}', 'id') IS NOT NULL"
                )
            )
