"""A cancellation stops an order wherever it is, and every picked piece finds its way back."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from tests.builders import Floor
from tests.journeys import STAGES, bring_to, parcel_of, steps
from tests.parcels import verified
from wms_app.base.outbox import Message
from wms_app.base.refusal import Refused
from wms_app.floor.cancelling.model import Cancellation, PutBack
from wms_app.floor.cancelling.service import cancel, put_back, take_up
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.holds import hold, lift
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel
from wms_app.floor.picking.model import Tote
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.model import PickList

ORDER_AT = {
    "half_picked": "released",
    "half_packed": "picked",
    "sealed": "packed",
    "labelled": "packed",
    "loaded": "staged",
}


def an_order(floor: Floor) -> int:
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_stock("TOWEL", "A-02-1", 5)
    return floor.add_order({"MUG": 2, "TOWEL": 1}, "#1041")


def open_tasks(floor: Floor) -> list[tuple[int, int, int, str]]:
    with floor.store.read() as tx:
        rows = tx.rows(
            select(PutBack.id, PutBack.bin_id, PutBack.quantity, PutBack.place)
            .where(PutBack.state == "open")
            .order_by(PutBack.id)
        )
        return [(row.id, row.bin_id, row.quantity, row.place) for row in rows]


def free_pieces(floor: Floor, sku: str) -> int:
    with floor.store.read() as tx:
        free = select(func.sum(Stock.on_hand - Stock.allocated))
        return int(tx.scalar(free.where(Stock.sku_id == floor.skus[sku])))


@pytest.mark.parametrize("stage", STAGES[:-1])
def test_a_cancelled_order_goes_back_from_wherever_it_was(floor: Floor, stage: str) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, stage)
    floor.do(lambda tx: cancel(tx, order_id, "Buyer changed their mind"))
    assert floor.state(Order, order_id) == "cancelled"
    assert verified(floor)
    with floor.store.read() as tx:
        at_state = tx.scalar(select(Cancellation.at_state))
        assert tx.scalar(select(Message.key).where(Message.kind == "cancelled")) == (
            f"cancelled:{order_id}"
        )
        assert set(tx.scalars(select(Parcel.state))) <= {"void"}
        assert set(tx.scalars(select(Label.state))) <= {"to_void"}
        assert set(tx.scalars(select(PickList.state))) <= {"done"}
    assert at_state == ORDER_AT.get(stage, stage)
    tasks = open_tasks(floor)
    picked = {"half_picked": 1}.get(stage, 3 if STAGES.index(stage) > 3 else 0)
    assert sum(quantity for _task, _bin, quantity, _place in tasks) == picked
    for task, bin_id, quantity, _place in tasks:
        back = partial(put_back, put_back_id=task, bin_id=bin_id, pieces=quantity)
        floor.do(back)
        assert verified(floor)
    assert open_tasks(floor) == []
    assert (free_pieces(floor, "MUG"), free_pieces(floor, "TOWEL")) == (5, 5)
    with floor.store.read() as tx:
        assert set(tx.scalars(select(Tote.order_id))) <= {None}


def test_what_has_left_the_house_can_only_be_returned(floor: Floor) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, "handed_over")
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: cancel(tx, order_id, "too late"))
    assert refusal.value.code == "has_left"
    assert "return" in refusal.value.detail
    assert floor.state(Order, order_id) == "handed_over"
    assert verified(floor)


def test_cancelling_twice_is_cancelling_once(floor: Floor) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, "picked")
    floor.do(lambda tx: cancel(tx, order_id, "first"))
    tasks = open_tasks(floor)
    floor.do(lambda tx: cancel(tx, order_id, "second"))
    assert open_tasks(floor) == tasks
    with floor.store.read() as tx:
        assert tx.scalars(select(Cancellation.reason)) == ["first"]
    assert verified(floor)


def test_pieces_lie_where_they_were_when_the_order_was_called_off(floor: Floor) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, "half_packed")
    with floor.store.read() as tx:
        parcel = parcel_of(tx, order_id)
    floor.do(lambda tx: cancel(tx, order_id, "x"))
    places = [(quantity, place) for _task, _bin, quantity, place in open_tasks(floor)]
    assert places == [(1, f"PARCEL.{parcel}"), (1, f"TOTE.T-{order_id}"), (1, f"TOTE.T-{order_id}")]


def test_a_parcel_on_the_truck_says_in_which_lane_it_stood(floor: Floor) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, "loaded")
    floor.do(lambda tx: cancel(tx, order_id, "x"))
    assert {place.partition("@")[2] for *_rest, place in open_tasks(floor)} == {"STD-17"}


def test_a_tote_stays_taken_until_its_last_piece_is_back(floor: Floor) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, "picked")
    floor.do(lambda tx: cancel(tx, order_id, "x"))
    first, second = open_tasks(floor)
    floor.do(lambda tx: put_back(tx, first[0], first[1], first[2]))
    with floor.store.read() as tx:
        assert tx.scalar(select(Tote.order_id)) == order_id
    floor.do(lambda tx: put_back(tx, second[0], second[1], second[2]))
    with floor.store.read() as tx:
        assert tx.scalar(select(Tote.order_id)) is None


def test_goods_may_go_back_in_parts_and_into_another_bin(floor: Floor) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, "picked")
    floor.do(lambda tx: cancel(tx, order_id, "x"))
    task = open_tasks(floor)[0][0]
    floor.do(lambda tx: put_back(tx, task, floor.bins["A-03-2"], 1))
    assert open_tasks(floor)[0][2] == 1
    assert verified(floor)
    with floor.store.read() as tx:
        there = select(Stock.on_hand).where(Stock.bin_id == floor.bins["A-03-2"])
        assert tx.scalar(there) == 1


@pytest.mark.parametrize(
    ("bin_code", "pieces", "code"),
    [("Q-1", 1, "wrong_bin"), ("PACK-1", 1, "wrong_bin"), ("A-01-1", 3, "too_many")],
)
def test_a_wrong_put_back_changes_nothing(
    floor: Floor, bin_code: str, pieces: int, code: str
) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, "picked")
    floor.do(lambda tx: cancel(tx, order_id, "x"))
    before = open_tasks(floor)
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: put_back(tx, before[0][0], floor.bins[bin_code], pieces))
    assert refusal.value.code == code
    assert open_tasks(floor) == before
    assert verified(floor)


def test_a_put_back_can_be_undone_unless_the_pieces_were_promised(floor: Floor) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, "picked")
    floor.do(lambda tx: cancel(tx, order_id, "x"))
    task, bin_id, quantity, place = open_tasks(floor)[0]
    floor.do(lambda tx: put_back(tx, task, bin_id, quantity))
    again = floor.do(lambda tx: take_up(tx, task, bin_id, quantity))
    assert verified(floor)
    assert (again, bin_id, quantity, place) in open_tasks(floor)
    floor.do(lambda tx: put_back(tx, again, bin_id, quantity))
    bring_to(floor, floor.add_order({"MUG": 5}), "allocated")
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: take_up(tx, again, bin_id, quantity))
    assert refusal.value.code == "stock_changed"
    assert verified(floor)


@pytest.mark.parametrize("stage", [s for s in STAGES[2:-1] if s != "sealed"])
def test_a_held_order_stops_at_the_next_gate_and_goes_on_after_the_lift(
    floor: Floor, stage: str
) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, stage)
    reason = floor.do(lambda tx: hold(tx, order_id, "payment"))
    with pytest.raises(Refused) as refusal:
        go_on(floor, order_id, stage)
    assert refusal.value.code == ("stopped" if stage == "loaded" else "held")
    assert verified(floor)
    floor.do(lambda tx: lift(tx, reason))
    go_on(floor, order_id, stage)
    assert verified(floor)


@pytest.mark.parametrize("stage", ["sealed", "labelled", "staged", "loaded"])
def test_a_held_order_can_be_cancelled(floor: Floor, stage: str) -> None:
    order_id = an_order(floor)
    bring_to(floor, order_id, stage)
    floor.do(lambda tx: hold(tx, order_id, "fraud"))
    floor.do(lambda tx: cancel(tx, order_id, "fraud"))
    assert floor.state(Order, order_id) == "cancelled"
    assert verified(floor)


def go_on(floor: Floor, order_id: int, stage: str) -> None:
    """The one step after `stage`."""
    steps(floor, order_id)[STAGES[STAGES.index(stage) + 1]]()
