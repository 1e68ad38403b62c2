"""Runs the whole day, and says what came of every order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from sqlalchemy import func, select

from wms_app.base.conversation import Presenter, Progress
from wms_app.base.db import Store, Tx
from wms_app.base.who import Role, Who
from wms_app.floor.allocation.explain import explain
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.gate import hold_words
from wms_app.floor.orders.model import Hold, Order
from wms_app.floor.packing.model import Parcel
from wms_app.office.day.eyes import Eyes
from wms_app.office.day.person import Person, Tally
from wms_app.office.day.stages import Floor
from wms_app.office.verify.service import verify
from wms_app.outside.devices.scale import SimulatedScale

CLUMSY = 0.02
TURNS = 4  # after shortages and put-backs the floor is walked again

Rooms = Callable[[Who], Mapping[str, Callable[[], Presenter]]]


@dataclass
class DayOutcome:
    """What the day came to. `explained`: order number -> why it did not leave."""

    orders: int = 0
    handed_over: int = 0
    not_handed_over: dict[str, int] = field(default_factory=dict)
    explained: dict[str, list[str]] = field(default_factory=dict)
    units_out: int = 0
    lists: int = 0
    parcels: int = 0
    labels: int = 0
    trucks: int = 0
    scans: int = 0
    wrong_scans: int = 0
    refused_wrong: int = 0
    repeated_scans: int = 0
    unexpected: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    seconds: float = 0
    out: str = ""

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


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
        self._total = 0

    def run(self, out: Path, half_way: Callable[[], Any] | None = None) -> DayOutcome:
        """From what is allocated to the truck; `half_way` happens when half of it is picked."""
        started = perf_counter()
        self._total = self._waiting()
        for turn in range(TURNS):
            before = self._done()
            self._floor.release(self._person("supervisor", "release"))
            self._walk(half_way if turn == 0 else None)
            self._pack()
            self._floor.put_back(self._person("picker", "putback"))
            self._floor.count(self._person("supervisor", "count"))
            self._send()
            if turn and self._done() == before:
                break
        return self._outcome(out, perf_counter() - started)

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

    def _waiting(self) -> int:
        with self._store.read() as tx:
            states = ("received", "short", "allocated", "released", "picked", "packed", "staged")
            return int(tx.scalar(select(func.count()).where(Order.state.in_(states))))

    def _done(self) -> int:
        with self._store.read() as tx:
            return int(tx.scalar(select(func.count()).where(Order.state == "handed_over")))

    def _tell(self) -> None:
        if self._progress:
            with self._store.read() as tx:
                gone = ("picked", "packed", "staged", "handed_over")
                done = int(tx.scalar(select(func.count()).where(Order.state.in_(gone))))
            self._progress(min(done, self._total), self._total)

    def _outcome(self, out: Path, seconds: float) -> DayOutcome:
        tally = self._tally
        made = DayOutcome(
            trucks=self._trucks,
            lists=self._lists,
            scans=tally.scans,
            wrong_scans=tally.wrong_scans,
            refused_wrong=tally.refused_wrong,
            repeated_scans=tally.repeated,
            unexpected=list(tally.unexpected),
            seconds=round(seconds, 1),
            out=str(out),
        )
        with self._store.read() as tx:
            made.orders = int(tx.scalar(select(func.count()).select_from(Order)))
            made.handed_over = self._count(tx, Order.state == "handed_over")
            made.parcels = int(tx.scalar(select(func.count()).where(Parcel.state == "in_transit")))
            made.labels = int(tx.scalar(select(func.count()).where(Label.printed > 0)))
            made.units_out = _units_out(tx)
            made.explained = _explained(tx)
            made.findings = [f"{one.code}: {one.text}" for one in verify(tx)]
        made.not_handed_over = dict(Counter(reasons[0] for reasons in made.explained.values()))
        return made

    def _count(self, tx: Tx, condition: Any) -> int:
        return int(tx.scalar(select(func.count()).where(condition)))


def _units_out(tx: Tx) -> int:
    from wms_app.floor.orders.model import OrderLine

    packed = select(func.coalesce(func.sum(OrderLine.packed), 0)).join(
        Order, Order.id == OrderLine.order_id
    )
    return int(tx.scalar(packed.where(Order.state == "handed_over")))


def _explained(tx: Tx) -> dict[str, list[str]]:
    """Every order that did not leave, with its reasons: the state first, then why."""
    rows = tx.rows(
        select(Order.id, Order.number, Order.state, Order.holds, Order.channel)
        .where(Order.state.not_in(("handed_over", "delivered")))
        .order_by(Order.id)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.state == "cancelled":
            reasons = ["cancelled"]
        elif row.holds:
            held = select(Hold.reason).where(Hold.order_id == row.id, Hold.lifted_at.is_(None))
            reasons = ["held", *sorted({hold_words(reason) for reason in tx.scalars(held)})]
        else:
            reasons = [str(row.state), *explain(tx, int(row.id))]
        found[f"{row.channel} {row.number}"] = reasons
    return found
