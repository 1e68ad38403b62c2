"""The moments that people wait for, timed on one store; and what reads a whole table.

A store is measured once: what is measured also writes (orders of today beside the history).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench_cases import bulk, world
from bench_cases.measure import seconds
from bench_cases.ours import Ours, received
from bench_cases.scan import _Picker
from bench_cases.world import WHO
from sqlalchemy import func, select, text

from wms_app.app import open_store
from wms_app.base.db import Store
from wms_app.floor.allocation.service import allocate_all
from wms_app.floor.orders import checks
from wms_app.floor.orders.model import Order
from wms_app.office.find.presenter import FindPresenter
from wms_app.office.today.presenter import TodayPresenter

SCANS, FINDS, BOARDS, ROUNDS = 600, 100, 30, 5
TODAY, MANY = 100, 1_000  # orders that leave today; of a file
RECENT_DAYS = 100  # Find looks for names among the orders of 120 days
LARGE = 20_000  # rows of a table that no step of the day may read as a whole


@dataclass(frozen=True)
class Measured:
    """One kind of waiting, in ms. `whole`: the large tables that it read from end to end."""

    name: str
    p50_ms: float
    p99_ms: float
    whole: tuple[str, ...] = ()


def measure(url: str) -> list[Measured]:
    """All of them, in the order of a day; `url` is a store of this kind, not measured before."""
    made = []
    with TemporaryDirectory(prefix="history-") as folder:
        for name, times in _day(url, Path(folder)):
            watch = _Watch(url)
            took = sorted(times())
            median, slow = took[len(took) // 2], took[min(len(took) - 1, len(took) * 99 // 100)]
            made.append(Measured(name, 1000 * median, 1000 * slow, watch.whole()))
    return made


Times = Callable[[], list[float]]


def _day(url: str, folder: Path) -> Iterator[tuple[str, Times]]:
    def timed(work: Callable[[Store], list[float]]) -> Times:
        def run() -> list[float]:
            store = open_store(url)
            try:
                return work(store)
            finally:
                store.close()

        return run

    yield "an order to the truck", timed(lambda store: _cycle(store, folder))
    yield f"intake of {MANY:,} orders", timed(lambda store: _intakes(store, folder))
    yield f"allocate {ROUNDS * MANY:,} orders", timed(_allocate)
    yield "pick scan", timed(lambda store: _scans(store, folder))
    yield "today's screen", timed(lambda store: _boards(store, folder))
    yield "find by order number", timed(lambda store: _finds(store, "number"))
    yield "find by a buyer's name", timed(lambda store: _finds(store, "name"))


def _receive(store: Store, folder: Path, count: int, first: int) -> None:
    file = folder / f"{first}.csv"
    bulk.receive(store, world.write_file(file, world.orders(count, first)))


def _cycle(store: Store, folder: Path) -> list[float]:
    """Seconds from received to loaded, seven commits each."""
    ours = Ours(store)
    ours.open_truck()
    _receive(store, folder, TODAY, 800_001)
    times = [seconds(lambda: ours.order(i)) for i in received(store, TODAY)]  # noqa: B023
    ours.depart()
    return times[10:]


def _intakes(store: Store, folder: Path) -> list[float]:
    _receive(store, folder, 10, 700_001)
    times = []
    for number in range(ROUNDS):
        first = 100_001 + MANY * number
        file = world.write_file(folder / f"{first}.csv", world.orders(MANY, first))
        checks._place_problems.cache_clear()
        times.append(seconds(lambda: bulk.receive(store, file)))  # noqa: B023
    return times


def _allocate(store: Store) -> list[float]:
    return [seconds(lambda: allocate_all(store, WHO))]


def _scans(store: Store, folder: Path) -> list[float]:
    picker = _Picker(store, folder, SCANS)
    times = []
    for _number in range(SCANS):
        code = picker.next_item()
        times.append(seconds(lambda: picker.scan(code)))  # noqa: B023
    return times[SCANS // 10 :]


def _boards(store: Store, folder: Path) -> list[float]:
    today = TodayPresenter(store, WHO, folder)
    today.open()
    return [seconds(today.refresh) for _number in range(BOARDS)]


def _finds(store: Store, what: str) -> list[float]:
    """Finished orders by chance, by number the oldest as likely as the newest."""
    chance, find = Random(1), FindPresenter(store, WHO)
    gone = Order.state == "handed_over"
    with store.read() as tx:
        row = tx.first(select(func.min(Order.id), func.max(Order.id)).where(gone))
        assert row is not None
        ids = [chance.randint(row[0], row[1]) for _number in range(FINDS)]
        texts = [tx.scalar(select(Order.number).where(Order.id == number)) for number in ids]
        if what == "name":  # which is looked for among the orders of the last months
            recent = Order.received_at > tx.now - timedelta(days=RECENT_DAYS)
            names = tx.scalars(select(Order.name).where(gone, recent).order_by(Order.id).limit(999))
            texts = chance.sample(list(names), 10)
    find.act("find", texts[0])
    return [seconds(lambda: find.act("find", said)) for said in texts]  # noqa: B023


class _Watch:
    """Postgres counts the rows that it reads by sequential scans; SQLite is not asked here."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._before = self._read()

    def whole(self) -> tuple[str, ...]:
        """The large tables of which whole scans read rows since, and how many rows."""
        after = self._read()
        return tuple(
            f"{table}: {rows - self._before.get(table, 0):,} rows"
            for table, rows in sorted(after.items())
            if rows - self._before.get(table, 0) >= LARGE
        )

    def _read(self) -> dict[str, int]:
        store = open_store(self._url)
        try:
            if store.sqlite:
                return {}
            time.sleep(0.3)  # connections that ended tell what they counted
            with store.read() as tx:
                found = tx.execute(
                    text(
                        "SELECT relname, seq_tup_read FROM pg_stat_user_tables "
                        f"WHERE n_live_tup >= {LARGE}"
                    )
                )
                return {str(one.relname): int(one.seq_tup_read) for one in found}
        finally:
            store.close()
