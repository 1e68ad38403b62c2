"""Whatever people do, in whatever order: the store says what a few plain dictionaries say."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select, update

from tests.builders import Floor, build_floor
from tests.parcels import add_lanes, relabel, verified
from tests.plain import Plain
from wms_app.app import open_store
from wms_app.base.codes import new_id
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
from wms_app.floor.orders.holds import hold, lift
from wms_app.floor.orders.model import Hold, Order, OrderLine
from wms_app.floor.packing import service as packing
from wms_app.floor.packing.inside import contents
from wms_app.floor.packing.model import MOVES as PARCEL_MOVES
from wms_app.floor.packing.model import Parcel, ParcelItem
from wms_app.floor.picking import service as picking
from wms_app.floor.staging import service as staging
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import CountTask, Stock
from wms_app.floor.waves.model import Pick
from wms_app.floor.waves.service import ready_orders, release, void_list

SMALL = st.integers(min_value=0, max_value=3)
WHICH = st.integers(min_value=0, max_value=20)
LUCK = st.sampled_from([False, False, True])
SKUS = st.sampled_from(["MUG", "TOWEL", "POT"])
BINS = st.sampled_from(["A-01-1", "A-01-2", "B-01-1"])
LANE = "STD-17"


class Warehouse(RuleBasedStateMachine):
    """People at every stage on one small warehouse; every third operation is sent twice."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        store = open_store(f"sqlite:///{Path(self.folder.name) / 'dock.sqlite'}")
        store.create()
        self.floor: Floor = build_floor(store)
        add_lanes(self.floor)
        self.plain = Plain()
        self.sent = 0

    def teardown(self) -> None:
        self.floor.store.close()
        self.folder.cleanup()

    def go(self, work: Callable[[Tx], Any]) -> Any:
        """Send one operation; gives its answer, or None when it was refused and changed nothing."""
        self.sent += 1
        key, who = new_id(), self.floor.who()
        try:
            answer = self.floor.store.write(key, who, "test", lambda tx: [work(tx)])
        except Refused:
            return None
        if self.sent % 3 == 0:
            assert self.floor.store.write(key, who, "test", work) == answer
        return answer

    def one(self, which: int, statement: Any) -> Any:
        """One of the rows of a select."""
        with self.floor.store.read() as tx:
            rows = tx.rows(statement)
        return rows[which % len(rows)] if rows else None

    @initialize(in_parts=st.booleans(), ahead=st.lists(st.integers(0, 9), min_size=3, max_size=3))
    def a_morning(self, in_parts: bool, ahead: list[int]) -> None:
        parts = update(Client).values(ships_in_parts=in_parts)
        self.floor.do(lambda tx: tx.execute(parts) and None)
        for sku in ("MUG", "TOWEL", "POT"):
            self.goods_come(sku, "A-01-1", 8)
            self.goods_come(sku, "B-01-1", 3)
        for lines in ({"MUG": 2}, {"MUG": 1, "TOWEL": 2}, {"POT": 3, "MUG": 1}, {"TOWEL": 1}):
            self.an_order_comes(lines)
        self.orders_are_promised_and_released(None)
        for which, steps in enumerate(ahead):
            self.an_order_goes_on(which, steps)

    @rule(sku=SKUS, place=BINS, pieces=st.integers(1, 3))
    def goods_come(self, sku: str, place: str, pieces: int) -> None:
        at = self.floor.skus[sku], self.floor.bins[place]

        def come(tx: Tx) -> None:
            row = stock.row_of(tx, 1, at[1], at[0], "")
            stock.apply(tx, [stock.Change(row, pieces, 0, "received")])

        assert self.go(come)
        self.plain.shelf[at] += pieces

    @rule(lines=st.dictionaries(SKUS, st.integers(1, 3), min_size=1, max_size=3))
    def an_order_comes(self, lines: dict[str, int]) -> None:
        order_id = self.floor.add_order(lines)
        self.plain.ordered[order_id] = Counter({self.floor.skus[s]: n for s, n in lines.items()})

    @rule(which=st.none() | WHICH)
    def orders_are_promised_and_released(self, which: int | None) -> None:
        waiting = select(Order.id).where(Order.state.in_(("received", "short")))
        with self.floor.store.read() as tx:
            ids = [int(number) for number in tx.scalars(waiting)]
        self.go(lambda tx: allocate(tx, ids))
        if which is None or which % 2:
            self.go(lambda tx: release(tx, ready_orders(tx, 1), by="pick-list"))

    @rule(which=WHICH, luck=LUCK)
    def a_list_is_called_off(self, which: int, luck: bool) -> None:
        row = self.one(which, select(Pick.pick_list_id).where(Pick.state == "open").distinct())
        if row and luck:
            self.go(lambda tx: void_list(tx, row.pick_list_id))

    def stop(self, which: int, *where: Any) -> Any:
        """A stop with what is to be taken there, and from where."""
        columns = (Pick.id, Pick.order_id, Pick.pick_list_id, Stock.sku_id, Stock.bin_id)
        return self.one(
            which,
            select(*columns, (Allocation.quantity - Allocation.picked).label("left"))
            .join(Allocation, Allocation.id == Pick.allocation_id)
            .join(Stock, Stock.id == Allocation.stock_id)
            .where(*where)
            .order_by(Pick.id),
        )

    @rule(which=WHICH, less=st.sampled_from([0, 0, 0, 1, -1]))
    def pieces_are_taken(self, which: int, less: int) -> None:
        row = self.stop(which, Pick.state == "open")
        if row:
            self._take(row, row.left - less)

    def _take(self, row: Any, pieces: int) -> None:
        def take(tx: Tx) -> None:
            picking.bind_tote(tx, f"T-{row.order_id}", row.order_id)
            picking.start(tx, row.pick_list_id)
            picking.take(tx, row.id, pieces)

        if self.go(take):
            self.plain.shelf[row.sku_id, row.bin_id] -= pieces
            self.plain.hands[row.order_id, row.sku_id] += pieces

    @rule(which=WHICH, pieces=SMALL)
    def pieces_are_put_back_into_their_bin(self, which: int, pieces: int) -> None:
        row = self.stop(which, Allocation.picked > 0)
        if row and self.go(lambda tx: picking.untake(tx, row.id, pieces)):
            self.plain.shelf[row.sku_id, row.bin_id] += pieces
            self.plain.hands[row.order_id, row.sku_id] -= pieces

    @rule(which=WHICH, found=SMALL, damaged=SMALL)
    def a_pick_is_short(self, which: int, found: int, damaged: int) -> None:
        row = self.stop(which, Pick.state == "open")
        if row and self.go(lambda tx: picking.short(tx, row.id, found, damaged) and None):
            self.plain.shelf[row.sku_id, row.bin_id] -= damaged
            self.plain.shelf[row.sku_id, self.floor.bins["Q-1"]] += damaged

    @rule(which=WHICH, whole=st.booleans())
    def pieces_go_into_a_box(self, which: int, whole: bool) -> None:
        if row := self.loose(which):
            self._pack(row, int(row.left) if whole else 1)

    def loose(self, which: int, *where: Any) -> Any:
        """A line of which picked pieces are in no box."""
        columns = (OrderLine.id, OrderLine.order_id, OrderLine.sku_id)
        return self.one(
            which,
            select(*columns, (OrderLine.picked - OrderLine.packed).label("left"))
            .join(Order, Order.id == OrderLine.order_id)
            .where(Order.state == "picked", OrderLine.picked > OrderLine.packed, *where)
            .order_by(OrderLine.id),
        )

    def _pack(self, row: Any, pieces: int) -> None:
        def pack(tx: Tx) -> int:
            parcel_id = packing.start(tx, row.order_id)
            packing.put(tx, parcel_id, row.id, pieces)
            return parcel_id

        if made := self.go(pack):
            self.plain.into_box(made[0], row.order_id, row.sku_id, pieces)

    @rule(which=WHICH)
    def a_piece_comes_out_of_its_box(self, which: int) -> None:
        items = select(ParcelItem.parcel_id, ParcelItem.line_id, ParcelItem.sku_id)
        row = self.one(which, items.order_by(ParcelItem.id))
        if row and self.go(lambda tx: packing.take_out(tx, row.parcel_id, row.line_id, 1)):
            self.plain.into_box(row.parcel_id, self.plain.of[row.parcel_id], row.sku_id, -1)

    def parcel(self, which: int, *states: str, order: int = 0) -> int | None:
        """A parcel in one of these states."""
        mine = (Parcel.order_id == order,) if order else ()
        wanted = select(Parcel.id).where(Parcel.state.in_(states), *mine).order_by(Parcel.id)
        row = self.one(which, wanted)
        return None if row is None else int(row.id)

    @rule(which=WHICH, again=LUCK)
    def a_box_is_closed(self, which: int, again: bool) -> None:
        if again and (closed := self.parcel(which, "sealed")):
            self.go(lambda tx: packing.reopen(tx, closed))
        elif parcel_id := self.parcel(which, "open"):
            self.go(lambda tx: _seal(tx, parcel_id))

    @rule(which=WHICH, back=LUCK)
    def a_parcel_goes_to_its_lane(self, which: int, back: bool) -> None:
        if back and (staged := self.parcel(which, "staged")):
            self.go(lambda tx: staging.unstage(tx, staged))
        elif parcel_id := self.parcel(which, "sealed", "labelled"):
            self.go(lambda tx: self._stage(tx, parcel_id))

    @rule(which=WHICH, back=LUCK)
    def a_parcel_goes_onto_the_truck(self, which: int, back: bool) -> None:
        if back and (loaded := self.parcel(which, "loaded")):
            self.go(lambda tx: handover.unload(tx, loaded))
            self.plain.truck.discard(loaded)
        elif parcel_id := self.parcel(which, "staged", "labelled"):
            self._load(parcel_id)

    def _load(self, parcel_id: int) -> None:
        if self.go(lambda tx: handover.load(tx, handover.open_pickup(tx, LANE), parcel_id)):
            self.plain.truck.add(parcel_id)

    @rule(which=WHICH, steps=st.integers(1, 7))
    def an_order_goes_on(self, which: int, steps: int) -> None:
        ways = {"released": self._pick, "picked": self._box, "packed": self._lane}
        states = (*ways, "staged")
        wanted = select(Order.id).where(Order.state.in_(states), Order.holds == 0)
        row = self.one(which, wanted.order_by(Order.id))
        for _step in range(steps if row else 0):
            ways.get(self.floor.state(Order, row.id), self._dock)(int(row.id))

    def _pick(self, order: int) -> None:
        if row := self.stop(0, Pick.state == "open", Pick.order_id == order):
            self._take(row, row.left)

    def _box(self, order: int) -> None:
        if row := self.loose(0, OrderLine.order_id == order):
            self._pack(row, int(row.left))
        elif parcel_id := self.parcel(0, "open", order=order):
            self.go(lambda tx: _seal(tx, parcel_id))

    def _lane(self, order: int) -> None:
        if parcel_id := self.parcel(0, "sealed", "labelled", order=order):
            self.go(lambda tx: self._stage(tx, parcel_id))

    def _dock(self, order: int) -> None:
        if parcel_id := self.parcel(0, "staged", order=order):
            self._load(parcel_id)

    @rule(luck=LUCK)
    def the_truck_departs(self, luck: bool) -> None:
        if luck and self.go(
            lambda tx: handover.depart(tx, handover.open_pickup(tx, LANE), "Li", "7ABC")
        ):
            self.plain.depart()

    @rule(which=WHICH)
    def an_order_is_cancelled(self, which: int) -> None:
        row = self.one(which, select(Order.id).order_by(Order.id))
        if row and self.go(lambda tx: cancel(tx, row.id, "changed their mind")):
            self.plain.cancel(int(row.id))

    def task(self, which: int, state: str) -> Any:
        """Goods that go back, or went."""
        columns = (PutBack.id, PutBack.order_id, PutBack.sku_id, PutBack.bin_id, PutBack.quantity)
        return self.one(which, select(*columns).where(PutBack.state == state).order_by(PutBack.id))

    @rule(which=WHICH, whole=st.booleans(), place=BINS)
    def goods_go_back(self, which: int, whole: bool, place: str) -> None:
        row, bin_id = self.task(which, "open"), self.floor.bins[place]
        pieces = int(row.quantity) if row and whole else 1
        if row and self.go(lambda tx: put_back(tx, row.id, bin_id, pieces)):
            self.plain.back[row.order_id, row.sku_id] -= pieces
            self.plain.shelf[row.sku_id, bin_id] += pieces

    @rule(which=WHICH)
    def a_put_back_is_undone(self, which: int) -> None:
        row = self.task(which, "done")
        if row and self.go(lambda tx: take_up(tx, row.id, row.bin_id, 1)):
            self.plain.back[row.order_id, row.sku_id] += 1
            self.plain.shelf[row.sku_id, row.bin_id] -= 1

    @rule(which=WHICH, luck=LUCK)
    def an_order_is_held_or_let_go(self, which: int, luck: bool) -> None:
        row = self.one(which, select(Hold.id).where(Hold.lifted_at.is_(None)).order_by(Hold.id))
        if row:
            self.go(lambda tx: lift(tx, row.id))
        elif luck and (order := self.one(which, select(Order.id).order_by(Order.id))):
            self.go(lambda tx: hold(tx, order.id, "address"))

    @rule(which=WHICH, off=st.sampled_from([0, 0, -1, 1]), again=LUCK)
    def a_bin_is_counted(self, which: int, off: int, again: bool) -> None:
        columns = (CountTask.id, CountTask.state, CountTask.counted, CountTask.expected)
        row = self.one(
            which,
            select(*columns, Stock.on_hand, Stock.sku_id, Stock.bin_id)
            .join(Stock, Stock.id == CountTask.stock_id)
            .where(CountTask.state != "approved")
            .order_by(CountTask.id),
        )
        if row is None:
            shelf = self.one(which, select(Stock.id).where(Stock.frozen.is_(False)))
            self.go(lambda tx: stock.ask_count(tx, shelf.id, "short pick"))
        elif row.state == "open":
            self.go(lambda tx: counting.count(tx, row.id, max(0, row.on_hand + off)))
        elif again:
            self.go(lambda tx: counting.recount(tx, row.id))
        elif self.go(lambda tx: counting.approve(tx, row.id)):
            self.plain.shelf[row.sku_id, row.bin_id] += row.counted - row.expected

    @invariant()
    def the_store_says_what_the_dictionaries_say(self) -> None:
        with self.floor.store.read() as tx:
            assert Plain.read(tx) == self.plain.said()
        assert verified(self.floor)

    def _stage(self, tx: Tx, parcel_id: int) -> None:
        if tx.scalar(select(Parcel.state).where(Parcel.id == parcel_id)) == "sealed":
            relabel(tx, self.floor, parcel_id)
            move(tx, Parcel, "parcel", parcel_id, "labelled", PARCEL_MOVES)
        staging.stage(tx, parcel_id, LANE)


def _seal(tx: Tx, parcel_id: int) -> bool:
    return packing.seal(tx, parcel_id, contents(tx, parcel_id).expected_g)


Warehouse.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=36,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestWarehouse = Warehouse.TestCase
