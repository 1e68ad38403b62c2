"""The ledgers by month on Postgres: a partition for each, made ahead of time.

What no month holds (a clock far off, a warehouse that nobody opened for a year) falls into the
default partition, so that an insert never fails; `make_months` then leaves that month there.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, text

from wms_app.base import clock

LEDGERS = ("journal", "movements")
AHEAD = 12


def make_months(conn: Connection, first: datetime | None = None, ahead: int = AHEAD) -> list[str]:
    """Make the missing partitions from the month of `first` (now) to `ahead` months from now.

    Gives the names of those it made. Two stations at once wait for each other.
    """
    conn.execute(text("SELECT pg_advisory_xact_lock(hashtext('dock months'))"))
    made = []
    for ledger in LEDGERS:
        there = set(_partitions(conn, ledger))
        if f"{ledger}_rest" not in there:
            conn.execute(text(f"CREATE TABLE {ledger}_rest PARTITION OF {ledger} DEFAULT"))
        for begin, end in _months(first or clock.now(), ahead):
            name = f"{ledger}_{begin:%Y_%m}"
            if name in there or _strays(conn, ledger, begin, end):
                continue
            conn.execute(
                text(
                    f"CREATE TABLE {name} PARTITION OF {ledger} "
                    f"FOR VALUES FROM ('{begin:%Y-%m-%d}Z') TO ('{end:%Y-%m-%d}Z')"
                )
            )
            made.append(name)
    return made


def months_ahead(conn: Connection) -> int:
    """How many months from now on have their partition in every ledger."""
    there = {name for ledger in LEDGERS for name in _partitions(conn, ledger)}
    count = 0
    for begin, _end in _months(clock.now(), AHEAD):
        if not all(f"{ledger}_{begin:%Y_%m}" in there for ledger in LEDGERS):
            break
        count += 1
    return count


def _partitions(conn: Connection, ledger: str) -> list[str]:
    found = conn.execute(
        text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(:of)"),
        {"of": ledger},
    )
    return [str(name) for name in found.scalars()]


def _strays(conn: Connection, ledger: str, begin: datetime, end: datetime) -> bool:
    """Whether the default partition holds lines of that month already."""
    found = conn.execute(
        text(f"SELECT 1 FROM {ledger}_rest WHERE at >= :begin AND at < :end LIMIT 1"),
        {"begin": begin, "end": end},
    )
    return found.first() is not None


def _months(first: datetime, ahead: int) -> list[tuple[datetime, datetime]]:
    """Begin and end of each month from that of `first` to `ahead` months from now."""
    begin = first.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    now = clock.now()
    last = now.year * 12 + now.month - 1 + ahead
    months = []
    while begin.year * 12 + begin.month - 1 <= last:
        end = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
        months.append((begin, end))
        begin = end
    return months
