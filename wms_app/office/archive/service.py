"""Archiving: whole past months of the ledgers into files, and out of a store of many stations.

Only months in which nothing is unfinished, the oldest first, so that everything that began since
still has its whole story in the store. The pieces that the removed movements add up to stay as one
movement of each stock row (reason "archive"). An embedded store is only copied: its ledgers take no
removal at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, text

from wms_app.base import clock
from wms_app.base.codes import new_id
from wms_app.base.conversation import Progress
from wms_app.base.db import Store, Tx
from wms_app.base.journal import record
from wms_app.base.months import LEDGERS
from wms_app.base.refusal import Refused
from wms_app.base.schema import Base
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.office.archive import files
from wms_app.office.archive.model import Archive

# What must be finished: the table, when it began, and the states in which it is not.
_UNFINISHED = (
    ("orders", "received_at", "state NOT IN ('handed_over', 'delivered', 'cancelled')"),
    ("pick_lists", "made_at", "state IN ('open', 'walking')"),
    ("pickups", "opened_at", "state = 'open'"),
    ("put_backs", "made_at", "state = 'open'"),
    ("count_tasks", "made_at", "state IN ('open', 'counted')"),
)


@dataclass(frozen=True)
class Month:
    """A calendar month in UTC, from its `begin` to before its `until`."""

    begin: datetime
    until: datetime

    @property
    def name(self) -> str:
        return f"{self.begin:%Y-%m}"

    def partition(self, ledger: str) -> str:
        """The table of a ledger's lines of this month on Postgres."""
        return f"{ledger}_{self.begin:%Y_%m}"


@dataclass
class Archived:
    """Files written (`months` times the ledgers), their lines, whether the store is rid of them.

    `stopped_at`: the first month that is kept because of `unfinished` ("orders 17"), or "".
    """

    removed: bool
    months: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    lines: int = 0
    stopped_at: str = ""
    unfinished: str = ""

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def archive(
    store: Store, who: Who, before: date, out: Path, progress: Progress | None = None
) -> Archived:
    """Archive every whole month before `before` into `out`; a month partly before it stays.

    Each month is one operation: what was archived when it is stopped or refused stays so.
    Refused: a day that is still to come, and a file that does not read back as it was written.
    """
    if datetime(before.year, before.month, before.day, tzinfo=UTC) > clock.now():
        raise Refused(
            "not_past", _("{day} is still to come.").format(day=before), _("Name a past day.")
        )
    made = Archived(removed=not store.sqlite)
    with store.read() as tx:
        months = _months(tx, before)
    for done, month in enumerate(months):
        with store.read() as tx:
            made.unfinished = _unfinished(tx, month.until)
        if made.unfinished:
            made.stopped_at = month.name
            break
        _archive_month(store, who, month, out.resolve(), made)
        if progress is not None and not progress(done + 1, len(months)):
            break
    return made


def _archive_month(store: Store, who: Who, month: Month, out: Path, made: Archived) -> None:
    written: dict[str, tuple[Path, int]] = {}
    for ledger in LEDGERS:
        file = out / f"{month.partition(ledger)}.parquet"
        count = files.write_file(file, ledger, _lines(store, ledger, month))
        different = files.differs(file, ledger, _lines(store, ledger, month))
        if different:
            raise _refused(different)
        written[ledger] = file, count

    def work(tx: Tx) -> None:
        for ledger, (file, count) in written.items():
            if tx.postgres:
                _take_out(tx, ledger, month, count)
            _remember(tx, ledger, month, file, count)

    store.write(new_id(), who, "archive", work)
    made.months.append(month.name)
    made.files += [str(file) for file, _count in written.values()]
    made.lines += sum(count for _file, count in written.values())


def _refused(what: str) -> Refused:
    return Refused(
        "archive_differs",
        _("The archive differs from the store: {what}.").format(what=what),
        _("Nothing of that month was removed. Check the disk and archive again."),
    )


def _take_out(tx: Tx, ledger: str, month: Month, count: int) -> None:
    """Drop a month that is proven. Nobody writes into it between the count and the drop."""
    table = month.partition(ledger)
    tx.execute(text("SET LOCAL lock_timeout = '5s'"))
    tx.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
    if tx.scalar(text(f"SELECT count(*) FROM {table}")) != count:
        raise _refused(table)
    if ledger == "movements":
        tx.execute(
            text(
                "INSERT INTO movements (warehouse_id, at, stock_id, quantity, reason, operation_id)"
                " SELECT warehouse_id, :until, stock_id, sum(quantity), 'archive', :operation"
                f" FROM {table} GROUP BY warehouse_id, stock_id HAVING sum(quantity) <> 0"
            ).bindparams(until=month.until, operation=tx.operation)
        )
    tx.execute(text(f"DROP TABLE {table}"))


def _remember(tx: Tx, ledger: str, month: Month, file: Path, count: int) -> None:
    tx.execute(delete(Archive).where(Archive.ledger == ledger, Archive.month == month.name))
    made = tx.execute(
        insert(Archive).values(
            ledger=ledger,
            month=month.name,
            until=month.until,
            file=str(file),
            rows=count,
            digest=files.digest(file),
            removed=tx.postgres,
            at=tx.now,
        )
    )
    key = made.inserted_primary_key
    assert key is not None
    record(tx, "archived", "archive", [int(key[0])], detail={"file": file.name, "lines": count})


def _months(tx: Tx, before: date) -> list[Month]:
    """The months to archive, oldest first: on Postgres those with a partition of every ledger."""
    end = datetime(before.year, before.month, 1, tzinfo=UTC)
    if tx.postgres:
        names = tx.scalars(
            text(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent IN "
                "('journal'::regclass, 'movements'::regclass)"
            )
        )
        found = [str(name).removeprefix("journal_") for name in names if "journal_2" in str(name)]
        begins = sorted(datetime.strptime(f"{one}+0000", "%Y_%m%z") for one in found)
        wanted = [Month(begin, _next(begin)) for begin in begins]
        there = set(names)
        wanted = [one for one in wanted if all(one.partition(x) in there for x in LEDGERS)]
    else:
        kept = set(tx.scalars(select(Archive.month)))
        wanted = [one for one in _since_the_first(tx, end) if one.name not in kept]
    return [month for month in wanted if month.until <= end]


def _since_the_first(tx: Tx, end: datetime) -> Iterator[Month]:
    tables = [Base.metadata.tables[ledger] for ledger in LEDGERS]
    firsts = [tx.scalar(select(func.min(table.c.at))) for table in tables]
    known = [first for first in firsts if first is not None]
    if not known:
        return
    begin = min(known).astimezone(UTC)
    begin = begin.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while begin < end:
        yield Month(begin, _next(begin))
        begin = _next(begin)


def _next(begin: datetime) -> datetime:
    return begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)


def _unfinished(tx: Tx, until: datetime) -> str:
    """The first thing that began before `until` and still goes on ("orders 17"), or ""."""
    for table, since, condition in _UNFINISHED:
        column = Base.metadata.tables[table].c[since]
        found = tx.scalar(
            select(func.min(Base.metadata.tables[table].c.id)).where(
                column < until, text(condition)
            )
        )
        if found is not None:
            return f"{table} {found}"
    return ""


def _lines(store: Store, ledger: str, month: Month) -> Iterator[Sequence[files.Line]]:
    """A ledger's lines of one month as plain values, sorted by what they are about."""
    table = Base.metadata.tables[ledger]
    order = [table.c[name] for name in files.SORTED_BY[ledger]]
    wanted = select(table).where(table.c.at >= month.begin, table.c.at < month.until)
    with store.read() as tx:
        streamed = wanted.order_by(*order).execution_options(yield_per=files.CHUNK)
        rows = tx.conn.execute(streamed)
        for part in rows.mappings().partitions(files.CHUNK):
            yield [dict(row) for row in part]
