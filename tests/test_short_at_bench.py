"""What a packer does not find in the tote, or finds broken, and what becomes of the order."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select, update

from tests.bench import Bench, address_of_the_house, picked, take_all
from tests.builders import Floor
from tests.journeys import released
from tests.parcels import verified
from wms_app.base.codes import Scan, own
from wms_app.base.db import Tx
from wms_app.base.operations import Operation
from wms_app.base.refusal import Refused
from wms_app.floor.cancelling import service as cancelling
from wms_app.floor.catalog.model import Bin, Client
from wms_app.floor.counting.doubts import doubts
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing.model import Parcel
from wms_app.floor.picking import service as picking
from wms_app.floor.picking.model import Tote
from wms_app.floor.picking.presenter import PickPresenter
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.model import PickList

MUG, TOWEL, TEA = "6901234567892", "6901234567908", "6901234567939"


@pytest.fixture
def bench(floor: Floor) -> Bench:
    address_of_the_house(floor)
    return Bench(floor)


def on_hand(floor: Floor, kind: str = "pick") -> dict[str, int]:
    """Pieces by bin, of bins in which there are any."""
    with floor.store.read() as tx:
        rows = tx.rows(
            select(Bin.code, func.sum(Stock.on_hand))
            .join(Stock, Stock.bin_id == Bin.id)
            .where(Bin.kind == kind, Stock.on_hand > 0)
            .group_by(Bin.code)
        )
    return {row[0]: int(row[1]) for row in rows}


def lines(floor: Floor, order_id: int) -> list[tuple[int, int, int, int]]:
    """Of each line of an order: ordered, allocated, picked, packed."""
    of = select(OrderLine.ordered, OrderLine.allocated, OrderLine.picked, OrderLine.packed)
    with floor.store.read() as tx:
        rows = tx.rows(of.where(OrderLine.order_id == order_id).order_by(OrderLine.id))
    return [tuple(row) for row in rows]


def doubted(floor: Floor) -> list[str]:
    with floor.store.read() as tx:
        return [f"{one.bin} {one.reason}" for one in doubts(tx, floor.warehouse_id)]


def test_what_is_missing_comes_from_another_bin_on_a_list_of_its_own(bench: Bench) -> None:
    floor = bench.floor
    order = picked(floor, {"MUG": 3, "TOWEL": 1})
    floor.add_stock("MUG", "B-01-1", 5)
    bench.scan(own("TOTE", "T-1"), MUG, TOWEL)
    answer = bench.pack.act("short", "0")
    assert (answer.kind, answer.text) == ("warn", "2 pieces are short.")
    assert answer.detail == (
        "Put everything back into tote T-1. "
        "List L000002 brings what is short; set the tote aside until then."
    )
    assert bench.step() == "tote"
    assert floor.state(Order, order) == "released"
    assert floor.state(Parcel, 1) == "void"
    assert lines(floor, order) == [(3, 3, 1, 0), (1, 1, 1, 0)]
    assert on_hand(floor) == {"A-01-1": 2, "B-01-1": 5}
    assert doubted(floor) == ["A-01-1 short at the bench"]
    assert verified(floor)

    pick = PickPresenter(floor.store, floor.who("picker"))
    pick.open()
    for code in (own("LIST", "L000002"), own("BIN", "B-01-1"), MUG, MUG):
        pick.scan(Scan(code))
    assert floor.state(Order, order) == "picked"
    bench.scan(own("TOTE", "T-1"), MUG, "3", TOWEL)
    assert bench.step() == "weigh"
    assert bench.pack.act("weight", "940").kind == "done"
    assert floor.state(Order, order) == "packed"
    assert verified(floor)


def test_where_all_of_it_is_missing_no_tote_is_spoken_of(bench: Bench) -> None:
    order = picked(bench.floor, {"MUG": 1})
    bench.floor.add_stock("MUG", "B-01-1", 5)
    bench.scan(own("TOTE", "T-1"))
    assert bench.pack.act("short", "0").detail == "List L000002 brings all of it."
    assert bench.floor.state(Order, order) == "released"
    assert verified(bench.floor)


def test_goods_that_stayed_in_the_tote_are_not_to_be_put_back(bench: Bench) -> None:
    floor = bench.floor
    picked(floor, {"MUG": 2})
    bench.scan(own("TOTE", "T-1"), MUG)
    bench.pack.act("close_box")
    bench.pack.act("weight", "270")
    bench.sit()
    bench.scan(own("TOTE", "T-1"))
    assert bench.pack.act("short", "0").detail.split(". ", 1)[1] == (
        "Put tote T-1 on the short shelf."
    )
    assert verified(floor)


def test_where_there_is_no_other_the_order_waits_on_the_short_shelf(bench: Bench) -> None:
    order = picked(bench.floor, {"MUG": 2})
    bench.scan(own("TOTE", "T-1"), MUG)
    answer = bench.pack.act("short", "0")
    assert "waits for stock" in answer.detail
    assert answer.detail.endswith("Put tote T-1 on the short shelf.")
    assert "Put everything back into tote T-1." in answer.detail
    assert bench.floor.state(Order, order) == "short"
    assert lines(bench.floor, order) == [(2, 1, 1, 0)]
    assert bench.refuses(own("TOTE", "T-1")).text == "That order waits for stock."
    assert verified(bench.floor)


def test_damaged_pieces_go_to_quarantine_and_no_bin_is_doubted_for_them(bench: Bench) -> None:
    order = picked(bench.floor, {"MUG": 3})
    bench.scan(own("TOTE", "T-1"))
    bench.pack.act("short", "2")
    assert on_hand(bench.floor, "quarantine") == {"Q-1": 2}
    assert on_hand(bench.floor) == {"A-01-1": 1}
    assert doubted(bench.floor) == ["A-01-1 short at the bench"]
    assert lines(bench.floor, order) == [(3, 0, 0, 0)]
    with bench.floor.store.read() as tx:
        assert tx.scalar(select(Tote.order_id)) is None  # nothing of it is left to carry
    assert verified(bench.floor)


def test_only_the_lot_that_is_missing_is_given_up(bench: Bench) -> None:
    floor = bench.floor
    for place, lot in (("A-01-1", "L1"), ("A-02-1", "L2")):
        floor.add_stock("TEA", place, 1, lot)
    order = floor.add_order({"TEA": 2})
    released(floor, order)
    take_all(floor, order)
    bench.scan(own("TOTE", "T-1"), f"(01)0{TEA}(10)L2")
    bench.pack.act("short", "0")
    assert lines(floor, order) == [(2, 1, 1, 0)]
    assert [one.split()[0] for one in doubted(floor)] == ["A-01-1"]
    assert verified(floor)


def test_an_order_that_ships_in_parts_goes_on_without(bench: Bench) -> None:
    floor = bench.floor
    floor.do(lambda tx: tx.execute(update(Client).values(ships_in_parts=True)) and None)
    order = picked(floor, {"MUG": 2, "TOWEL": 1})
    bench.scan(own("TOTE", "T-1"), MUG)
    answer = bench.pack.act("short", "0")
    assert answer.detail.startswith("The order goes on without.")
    assert bench.step() == "weigh"
    assert lines(floor, order) == [(2, 1, 1, 1), (1, 0, 0, 0)]
    assert bench.pack.act("weight", "340").kind == "done"
    assert floor.state(Order, order) == "packed"
    assert verified(floor)


@pytest.mark.parametrize("first", [True, False])
def test_in_parts_nothing_in_the_box_is_no_box(bench: Bench, first: bool) -> None:
    floor = bench.floor
    floor.do(lambda tx: tx.execute(update(Client).values(ships_in_parts=True)) and None)
    order = picked(floor, {"MUG": 2})
    bench.scan(own("TOTE", "T-1"))
    if not first:
        bench.scan(MUG)
        bench.pack.act("close_box")
        bench.pack.act("weight", "270")
        bench.pack.act("set_aside") if bench.step() == "label" else None
        bench.sit()
        bench.scan(own("ORDER", str(order)))
    bench.pack.act("short", "0")
    assert floor.state(Order, order) == ("short" if first else "packed")
    assert bench.step() == "tote"
    assert verified(floor)


def test_goods_of_a_box_that_lie_in_no_tote_are_not_left_on_the_bench(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 2})
    bench.scan(own("TOTE", "T-1"), MUG)
    bench.floor.do(lambda tx: tx.execute(update(Tote).values(order_id=None)) and None)
    assert bench.refused(lambda: bench.pack.act("short", "0")).code == "goods_without_tote"
    assert bench.packed() == [1]


@pytest.mark.parametrize("value", ["3", "-1", "x", ""])
def test_more_damaged_ones_than_are_left_are_refused(bench: Bench, value: str) -> None:
    picked(bench.floor, {"MUG": 3})
    bench.scan(own("TOTE", "T-1"), MUG)
    assert bench.refused(lambda: bench.pack.act("short", value)).code in ("too_many", "no_number")
    assert bench.packed() == [1]


def test_damaged_and_missing_ones_of_several_goods_are_told_apart(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 2, "TOWEL": 1})
    bench.scan(own("TOTE", "T-1"))
    refusal = bench.refused(lambda: bench.pack.act("short", "1"))
    assert refusal.code == "several_goods"
    assert refusal.detail == "Type 0 if all are missing, 3 if all are damaged."
    bench.pack.act("short", "3")
    assert on_hand(bench.floor, "quarantine") == {"Q-1": 3}
    assert verified(bench.floor)


def test_where_everything_is_in_nothing_can_be_short(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 1})
    bench.scan(own("TOTE", "T-1"), MUG)
    assert bench.refused(lambda: bench.pack.act("short", "0")).code == "no_action"


def test_a_cancellation_comes_first(bench: Bench) -> None:
    order = picked(bench.floor, {"MUG": 2})
    bench.scan(own("TOTE", "T-1"), MUG)
    bench.floor.do(partial(cancelling.cancel, order_id=order, reason="changed mind"))
    assert bench.refused(lambda: bench.pack.act("short", "0")).code == "cancelled"
    assert verified(bench.floor)


def test_what_another_station_changed_meanwhile_is_seen_first(bench: Bench) -> None:
    order = picked(bench.floor, {"MUG": 2})
    bench.scan(own("TOTE", "T-1"))

    def untake(tx: Tx) -> None:
        picking.untake(tx, int(tx.scalar(select(PickList.id))), 1)

    bench.floor.do(untake)
    refusal = bench.refused(lambda: bench.pack.act("short", "0"))
    assert refusal.code in ("stock_changed", "no_action")
    assert bench.floor.state(Order, order) == "released"
    assert verified(bench.floor)


def test_the_same_key_press_sent_twice_counts_once(bench: Bench) -> None:
    order = picked(bench.floor, {"MUG": 3})
    bench.scan(own("TOTE", "T-1"), MUG, MUG)
    answer = bench.pack.act("short", "0", "the-one-press")
    with bench.floor.store.read() as tx:
        made = tx.scalar(select(func.count()).select_from(Operation))
    assert bench.pack.act("short", "0", "the-one-press") == answer
    bench.sit()  # which knows of nothing
    with pytest.raises(Refused):
        bench.pack.act("short", "0", "the-one-press")
    with bench.floor.store.read() as tx:
        assert tx.scalar(select(func.count()).select_from(Operation)) == made
    assert lines(bench.floor, order) == [(3, 2, 2, 0)]


def test_the_question_names_what_is_not_in_the_box(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 3})
    for asks in (
        "2 × Silicone mug, blue. How many of the 2 are damaged? 0: all are missing.",
        "1 × Silicone mug, blue. Type 0 if it is missing, 1 if it is damaged.",
    ):
        bench.scan(*([MUG] if bench.step() == "items" else [own("TOTE", "T-1"), MUG]))
        short = next(one for one in bench.pack.actions if one.name == "short")
        assert (short.key, short.prompt) == ("F4", f"Not in the box: {asks}")
