"""Whatever people do, in whatever order: after every step the store tells the truth."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select, update

from tests.builders import Floor, build_floor
from tests.parcels import add_lanes, relabel, verified
from wms_app.app import open_store
from wms_app.base.db import Tx
from wms_app.base.moves import move
from wms_app.base.refusal import Refused
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.allocation.service import allocate
from wms_app.floor.cancelling.model import PutBack
from wms_app.floor.cancelling.service import cancel, put_back, take_up
from wms_app.floor.catalog.model import Client
from wms_app.floor.counting import service as counting
from wms_app.floor.handover import service as handover
from wms_app.floor.orders.gate import pass_gate
from wms_app.floor.orders.holds import hold, lift
from wms_app.floor.orders.model import OPEN, Hold, Order, OrderLine
from wms_app.floor.packing import service as packing
from wms_app.floor.packing.model import MOVES as PARCEL_MOVES
from wms_app.floor.packing.model import Parcel
from wms_app.floor.picking import service as picking
from wms_app.floor.staging import service as staging
from wms_app.floor.stock.model import CountTask, Stock
from wms_app.floor.stock.service import ask_count
from wms_app.floor.waves.model import Pick, PickList
from wms_app.floor.waves.service import ready_orders, release

SMALL = st.integers(min_value=0, max_value=3)
WHICH = st.integers(min_value=0, max_value=20)
LUCK = st.sampled_from([False, False, True])
SKUS = st.sampled_from(["MUG", "TOWEL", "POT"])
BINS = st.sampled_from(["A-01-1", "A-01-2", "B-01-1"])


class Storm(RuleBasedStateMachine):
    """People at every stage at once, on one small warehouse; refusals are fine, lies are not."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        store = open_store(f"sqlite:///{Path(self.folder.name) / 'dock.sqlite'}")
        store.create()
        self.floor: Floor = build_floor(store)
        add_lanes(self.floor)

    def teardown(self) -> None:
        self.floor.store.close()
        self.folder.cleanup()

    def go(self, work: Callable[[Tx], Any]) -> None:
        """One operation; what is refused changed nothing."""
        with suppress(Refused):
            self.floor.do(work)

    def pick(self, model: Any, which: int, *where: Any) -> int | None:
        """The id of one of the rows that are as `where` says."""
        with self.floor.store.read() as tx:
            ids = tx.scalars(select(model.id).where(*where).order_by(model.id))
        return int(ids[which % len(ids)]) if ids else None

    @initialize(in_parts=st.booleans())
    def a_morning(self, in_parts: bool) -> None:
        parts = update(Client).values(ships_in_parts=in_parts)
        self.floor.do(lambda tx: tx.execute(parts) and None)
        for sku in ("MUG", "TOWEL", "POT"):
            self.floor.add_stock(sku, "A-01-1", 8)
            self.floor.add_stock(sku, "B-01-1", 3)
        for lines in ({"MUG": 2}, {"MUG": 1, "TOWEL": 2}, {"POT": 3, "MUG": 1}, {"TOWEL": 1}):
            self.floor.add_order(lines)
        self.orders_are_promised_and_released()

    @rule(sku=SKUS, place=BINS, pieces=st.integers(min_value=1, max_value=3))
    def goods_come(self, sku: str, place: str, pieces: int) -> None:
        self.floor.add_stock(sku, place, pieces)

    @rule(lines=st.dictionaries(SKUS, st.integers(1, 3), min_size=1, max_size=3))
    def an_order_comes(self, lines: dict[str, int]) -> None:
        self.floor.add_order(lines)

    @rule()
    def orders_are_promised_and_released(self) -> None:
        with self.floor.store.read() as tx:
            waiting = tx.scalars(select(Order.id).where(Order.state.in_(("received", "short"))))
        self.go(lambda tx: allocate(tx, list(waiting)))
        self.go(lambda tx: release(tx, ready_orders(tx, 1), by="pick-list"))

    @rule(which=WHICH, steps=st.integers(1, 4))
    def an_order_goes_on(self, which: int, steps: int) -> None:
        order_id = self.pick(Order, which, Order.state.in_(OPEN), Order.holds == 0)
        for _step in range(steps):
            if order_id is not None:
                self._go_on(order_id)

    @rule(which=WHICH, pieces=SMALL)
    def pieces_are_taken(self, which: int, pieces: int) -> None:
        pick_id = self.pick(Pick, which, Pick.state == "open")
        if pick_id is not None:
            self.go(lambda tx: self._take(tx, pick_id, pieces))

    @rule(which=WHICH, pieces=SMALL)
    def pieces_are_put_back_into_their_bin(self, which: int, pieces: int) -> None:
        pick_id = self.pick(Pick, which, Pick.state.in_(("open", "done")))
        if pick_id is not None:
            self.go(lambda tx: picking.untake(tx, pick_id, pieces))

    @rule(which=WHICH, found=SMALL, damaged=SMALL)
    def a_pick_is_short(self, which: int, found: int, damaged: int) -> None:
        pick_id = self.pick(Pick, which, Pick.state == "open")
        if pick_id is not None:
            self.go(lambda tx: picking.short(tx, pick_id, found, damaged) and None)

    @rule(which=WHICH, pieces=SMALL, seal=st.booleans())
    def an_order_is_packed(self, which: int, pieces: int, seal: bool) -> None:
        order_id = self.pick(Order, which, Order.state.in_(("picked", "packed")))
        if order_id is not None:
            self.go(lambda tx: self._pack(tx, order_id, pieces, seal))

    @rule(luck=LUCK)
    def the_truck_departs(self, luck: bool) -> None:
        if luck:
            self.go(
                lambda tx: handover.depart(tx, handover.open_pickup(tx, "STD-17"), "Li", "7ABC")
            )

    @rule(which=WHICH, luck=LUCK)
    def an_order_is_cancelled(self, which: int, luck: bool) -> None:
        order_id = self.pick(Order, which)
        if order_id is not None and luck:
            self.go(lambda tx: cancel(tx, order_id, "changed their mind"))

    @rule(which=WHICH, whole=st.booleans(), place=BINS)
    def goods_go_back(self, which: int, whole: bool, place: str) -> None:
        task = self.pick(PutBack, which, PutBack.state == "open")
        if task is not None:
            self.go(lambda tx: put_back(tx, task, self.floor.bins[place], _all(tx, task, whole)))

    @rule(which=WHICH)
    def a_put_back_is_undone(self, which: int) -> None:
        task = self.pick(PutBack, which, PutBack.state == "done")
        if task is not None:
            bin_id = self._bin_of(task)
            self.go(lambda tx: take_up(tx, task, bin_id, 1))

    @rule(which=WHICH, luck=LUCK)
    def an_order_is_held(self, which: int, luck: bool) -> None:
        order_id = self.pick(Order, which)
        if order_id is not None and luck:
            self.go(lambda tx: hold(tx, order_id, "address"))

    @rule(which=WHICH)
    def a_hold_is_lifted(self, which: int) -> None:
        hold_id = self.pick(Hold, which, Hold.lifted_at.is_(None))
        if hold_id is not None:
            self.go(lambda tx: lift(tx, hold_id))

    @rule(which=WHICH, pieces=SMALL)
    def a_bin_is_counted(self, which: int, pieces: int) -> None:
        task = self.pick(CountTask, which, CountTask.state == "open")
        if task is not None:
            self.go(lambda tx: counting.count(tx, task, pieces))

    @rule(which=WHICH, again=st.booleans())
    def a_difference_is_decided(self, which: int, again: bool) -> None:
        task = self.pick(CountTask, which, CountTask.state == "counted")
        if task is not None:
            decide = counting.recount if again else counting.approve
            self.go(lambda tx: decide(tx, task))

    @rule(which=WHICH, luck=LUCK)
    def a_bin_is_doubted(self, which: int, luck: bool) -> None:
        row = self.pick(Stock, which, Stock.bin_id != self.floor.bins["Q-1"])
        if row is not None and luck:
            self.go(lambda tx: ask_count(tx, row, "short pick"))

    @invariant()
    def every_truth_holds(self) -> None:
        assert verified(self.floor)

    def _go_on(self, order_id: int) -> None:
        """The next step of an order, whatever it is."""
        state = self.floor.state(Order, order_id)
        parcel_id = self.pick(
            Parcel, 0, Parcel.order_id == order_id, Parcel.state.in_(("sealed", "labelled"))
        )
        staged = self.pick(Parcel, 0, Parcel.order_id == order_id, Parcel.state == "staged")
        if state == "released":
            self.go(lambda tx: self._take_all(tx, order_id))
        elif state == "picked":
            self.go(lambda tx: self._pack(tx, order_id, 1, seal=True))
        elif parcel_id is not None:
            self.go(lambda tx: self._stage(tx, parcel_id))
        elif staged is not None:
            self.go(lambda tx: handover.load(tx, handover.open_pickup(tx, "STD-17"), staged))

    def _take(self, tx: Tx, pick_id: int, pieces: int) -> None:
        head = tx.first(select(Pick.order_id, Pick.pick_list_id).where(Pick.id == pick_id))
        assert head is not None
        if tx.scalar(select(PickList.state).where(PickList.id == head.pick_list_id)) == "open":
            picking.start(tx, head.pick_list_id)
        picking.bind_tote(tx, f"T-{head.order_id}", head.order_id)
        picking.take(tx, pick_id, pieces)

    def _take_all(self, tx: Tx, order_id: int) -> None:
        rows = tx.rows(
            select(Pick.id, Allocation.quantity, Allocation.picked)
            .join(Allocation, Allocation.id == Pick.allocation_id)
            .where(Pick.order_id == order_id, Pick.state == "open")
        )
        for row in rows:
            self._take(tx, row.id, row.quantity - row.picked)

    def _pack(self, tx: Tx, order_id: int, pieces: int, seal: bool) -> None:
        parcel_id = packing.start(tx, order_id)
        lines = tx.rows(
            select(OrderLine.id, OrderLine.picked, OrderLine.packed).where(
                OrderLine.order_id == order_id, OrderLine.picked > OrderLine.packed
            )
        )
        for line in lines:
            packing.put(tx, parcel_id, line.id, (line.picked - line.packed) if seal else pieces)
        if seal:
            packing.seal(tx, parcel_id, packing.contents(tx, parcel_id).expected_g)

    def _stage(self, tx: Tx, parcel_id: int) -> None:
        row = tx.first(select(Parcel.order_id, Parcel.state).where(Parcel.id == parcel_id))
        assert row is not None
        pass_gate(tx, row.order_id)
        if row.state == "sealed":
            relabel(tx, self.floor, parcel_id)
            move(tx, Parcel, "parcel", parcel_id, "labelled", PARCEL_MOVES)
        staging.stage(tx, parcel_id, "STD-17")

    def _bin_of(self, task: int) -> int:
        with self.floor.store.read() as tx:
            return int(tx.scalar(select(PutBack.bin_id).where(PutBack.id == task)))


def _all(tx: Tx, task: int, whole: bool) -> int:
    return int(tx.scalar(select(PutBack.quantity).where(PutBack.id == task))) if whole else 1


Storm.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=35,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestStorm = Storm.TestCase
