"""What a person waits for after a scan, beside one indexed UPDATE with its commit.

A scan is the whole conversation of the Pick room without its window: what was scanned, may it be,
the change with its journal, and what is to be done next. Scans and updates take turns, one by one,
on two stores of one kind, both as in the middle of a day: the log of an embedded store has been
begun anew, for commits that make its file longer take twice the time of others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event, select

from bench_cases import bulk, world
from bench_cases.measure import Case, seconds
from bench_cases.ours import received
from bench_cases.places import Places
from bench_cases.sql import Db
from bench_cases.world import WHO
from wms_app.base.codes import Scan, new_id, own
from wms_app.base.db import Store
from wms_app.floor.allocation import service as allocation
from wms_app.floor.picking.presenter import PickPresenter
from wms_app.floor.waves import service as waves
from wms_app.floor.waves.model import PickList

GOAL = 2.0
STOPS, STOPS_GOAL = 40, 1.5  # a long list beside one of a single stop
PIECES = 40  # of each line, each of them scanned
LOG = 6_400  # updates of a page each that fill the log once (see `embedded.PRAGMAS`)
WARM = 700  # scans that do
UPDATE = "UPDATE stock SET on_hand = on_hand - 1 WHERE id = ?"


def scan(places: Places, kind: str, scans: int) -> list[Case]:
    """The median and the slowest hundredth, and how many statements a scan needs."""
    with places.urls(kind) as (ours_url, hand_url):
        store = world.make(ours_url)
        world.make(hand_url).close()
        hand = Db(hand_url)
        picker = _Picker(store, places.folder, scans + WARM)
        for number in range(LOG):
            _update(hand, 1 + number % world.SKUS)
        for _number in range(WARM):
            picker.scan(picker.next_item())
        ours, reference = [], []
        for number in range(scans):
            code = picker.next_item()
            ours.append(seconds(lambda: picker.scan(code)))  # noqa: B023
            reference.append(seconds(lambda: _update(hand, 1 + number % world.SKUS)))  # noqa: B023
        said = _statements(store, picker)
        hand.close()
        store.close()
    with places.urls(kind, 1) as (url,):
        store = world.make(url)
        picker = _Picker(store, places.folder, scans // 2 + WARM, stops=STOPS)
        for _number in range(WARM):
            picker.scan(picker.next_item())
        long = []
        for _number in range(scans // 2):
            code = picker.next_item()
            long.append(seconds(lambda: picker.scan(code)))  # noqa: B023
        store.close()
    long.sort()
    ours.sort()
    reference.sort()
    cases = [
        _case(f"scan.{kind}.p{part}", 1000 * _at(ours, part), 1000 * _at(reference, part), "ms")
        for part in (50, 99)
    ]
    many = f"scan.{kind}.statements"
    long_ms, short_ms = 1000 * _at(long, 50), 1000 * _at(ours, 50)
    stops = Case(
        f"scan.{kind}.stops", long_ms, short_ms, "ms", long_ms / short_ms, "less", STOPS_GOAL
    )
    return [*cases, stops, Case(many, said, 3, "statements", said / 3, "less", None)]


def _case(name: str, ours: float, reference: float, unit: str) -> Case:
    return Case(name, ours, reference, unit, ours / reference, "less", GOAL)


def _at(times: list[float], part: int) -> float:
    return times[min(len(times) - 1, len(times) * part // 100)]


def _line(number: int) -> world.Line:
    sku = 1 + number % world.SKUS
    return world.Line(sku, f"SKU-{sku:04d}", PIECES)


def _update(hand: Db, number: int) -> None:
    hand.begin()
    hand.changed(UPDATE, (number,))
    hand.commit()


class _Picker:
    """Walks one list after another; `next_item` does all but the scans of pieces."""

    def __init__(self, store: Store, folder: Path, scans: int, stops: int = 1) -> None:
        """Each list has `stops` stops."""
        self.store = store
        count = scans // (PIECES * stops) + 4
        wanted = [
            world.Wanted(
                one.number, tuple(map(_line, range(n * stops, (n + 1) * stops))), one.place
            )
            for n, one in enumerate(world.orders(count))
        ]
        with TemporaryDirectory(dir=folder) as place:
            bulk.receive(store, world.write_file(Path(place) / "orders.csv", wanted))
        ids = received(store, count)
        store.write(new_id(), WHO, "allocate", lambda tx: allocation.allocate(tx, ids))
        for number in ids:  # a list each
            store.write(
                new_id(),
                WHO,
                "release",
                lambda tx, n=number: waves.release(tx, [n], by="pick-list"),
            )
        with store.read() as tx:
            here = (PickList.warehouse_id == WHO.warehouse_id, PickList.state == "open")
            waiting = select(PickList.code).where(*here).order_by(PickList.id)
            self._lists = [str(code) for code in tx.scalars(waiting)]
        self._totes = 0
        self.pick = PickPresenter(store, WHO)
        self.pick.open()

    def next_item(self) -> str:
        """Scan what comes before the next piece; gives the piece's code."""
        while self.pick.view.step != "item":
            view = self.pick.view
            if view.step in ("list", "done"):
                self.scan(own("LIST", self._lists.pop(0)))
            elif view.step == "bin":
                self.scan(own("BIN", view.bin))
            else:
                self._totes += 1
                self.scan(own("TOTE", f"T-{self._totes}"))
        return self.pick.view.item_codes[0]

    def scan(self, code: str) -> None:
        self.pick.scan(Scan(code))


def _statements(store: Store, picker: _Picker) -> float:
    """On average over the scans of some pieces, BEGIN and COMMIT among them."""
    counted, scans = 0, 20

    def count(*_any: Any) -> None:
        nonlocal counted
        counted += 1

    for _scan in range(scans):
        code = picker.next_item()
        with _told(store, count):
            picker.scan(code)
    return counted / scans


@contextmanager
def _told(store: Store, count: Callable[..., None]) -> Iterator[None]:
    """Call `count` for each statement that the store is sent."""
    if not store.sqlite:
        names = ("before_cursor_execute", "begin", "commit", "rollback")
        for name in names:
            event.listen(store.engine, name, count)
        yield
        for name in names:
            event.remove(store.engine, name, count)
        return
    with store.read() as tx:  # the connection of this thread, which is kept
        raw = tx.raw
    assert isinstance(raw, sqlite3.Connection)
    raw.set_trace_callback(count)
    yield
    raw.set_trace_callback(None)
