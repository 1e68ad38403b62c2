"""Runs the whole day: who works when, turn by turn until nothing more can leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from sqlalchemy import func, select

from wms_app.base.conversation import Presenter, Progress
from wms_app.base.db import Store
from wms_app.base.who import Role, Who
from wms_app.floor.orders.model import OPEN, Order
from wms_app.office.day.eyes import Eyes
from wms_app.office.day.outcome import DayOutcome
from wms_app.office.day.person import Person, Tally
from wms_app.office.day.stages import Floor
from wms_app.outside.devices.scale import SimulatedScale

CLUMSY = 0.02
TURNS = 4  # after shortages and put-backs the floor is walked again

Rooms = Callable[[Who], Mapping[str, Callable[[], Presenter]]]


class _Stopped(Exception):
    """The person who watches ended the day; what was begun stays as it is, and is true."""


class Day:
    """One simulated day on one store."""

    def __init__(
        self,
        store: Store,
        rooms: Rooms,
        scale: SimulatedScale,
        where: Who,
        seed: int = 1,
        progress: Progress | None = None,
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._where = where
        self._chance = Random(seed)
        self._progress = progress
        self._tally = Tally()
        self._eyes = Eyes(store, where.warehouse_id)
        self._floor = Floor(self._eyes, scale)
        self._trucks = 0
        self._lists = 0
        self._total = self._gone = 0

    def run(self, out: Path, half_way: Callable[[], Any] | None = None) -> DayOutcome:
        """From what is allocated to the truck; `half_way` happens when half of it is picked.

        Ends early when `progress` answers False.
        """
        started = perf_counter()
        self._total, self._gone = self._count(OPEN), self._done()
        try:
            self._turns(half_way)
        except _Stopped:
            return self._outcome(out, perf_counter() - started, stopped=True)
        return self._outcome(out, perf_counter() - started)

    def _turns(self, half_way: Callable[[], Any] | None) -> None:
        for turn in range(TURNS):
            before = self._done()
            self._floor.release(self._person("supervisor", "release"))
            self._walk(half_way if turn == 0 else None)
            self._pack()
            self._floor.put_back(self._person("picker", "putback"))
            self._floor.count(self._person("supervisor", "count"))
            self._send()
            if turn and self._done() == before:
                return

    def _walk(self, half_way: Callable[[], Any] | None) -> None:
        plain, first = self._eyes.lists("pick-list"), self._eyes.lists("label-first")
        self._lists += len(plain) + len(first)
        half = len(plain) // 2
        for place, code in enumerate(plain):
            if place == half and half_way is not None:
                half_way()
                half_way = None
            self._floor.walk(self._person("picker", "pick", place % 4 + 1), code)
            self._tell()
        if half_way is not None:
            half_way()
        for code in first:
            self._floor.walk_labels(self._person("picker", "labels"), code)
            self._tell()

    def _pack(self) -> None:
        packer = self._person("packer", "pack")
        for tote in self._eyes.totes():
            self._floor.pack(packer, tote)
            self._tell()

    def _send(self) -> None:
        self._floor.stage(self._person("packer", "stage"), self._eyes.parcels("labelled"))
        self._tell()
        self._trucks += self._floor.load(
            self._person("clerk", "pickup"), self._eyes.parcels("staged")
        )
        self._tell()

    def _person(self, role: Role, room: str, number: int = 1) -> Person:
        place = self._where
        who = Who(
            -number,
            f"Simulated {role} {number}",
            role,
            f"{role.upper()}-{number}",
            place.warehouse_id,
            place.language,
            place.zone,
        )
        return Person(self._rooms(who)[room](), self._tally, self._chance, CLUMSY)

    def _count(self, states: tuple[str, ...]) -> int:
        with self._store.read() as tx:
            return int(tx.scalar(select(func.count()).where(Order.state.in_(states))))

    def _done(self) -> int:
        return self._count(("handed_over",))

    def _tell(self) -> None:
        """Say how far the orders of this day are; those that left before it don't count."""
        if self._progress is None:
            return
        done = self._count(("picked", "packed", "staged", "handed_over")) - self._gone
        if not self._progress(min(done, self._total), self._total):
            raise _Stopped

    def _outcome(self, out: Path, seconds: float, stopped: bool = False) -> DayOutcome:
        tally = self._tally
        made = DayOutcome(
            trucks=self._trucks,
            lists=self._lists,
            scans=tally.scans,
            wrong_scans=tally.wrong_scans,
            refused_wrong=tally.refused_wrong,
            repeated_scans=tally.repeated,
            unexpected=list(tally.unexpected),
            stopped=stopped,
            seconds=round(seconds, 1),
            out=str(out),
        )
        with self._store.read() as tx:
            made.read(tx)
        return made
