"""A truck takes the parcels of its lane, and only those that may leave."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from tests.builders import Floor
from tests.parcels import add_lanes, packed_order, tracking_of
from wms_app.base.codes import new_id
from wms_app.base.outbox import Message
from wms_app.base.refusal import Refused
from wms_app.floor.handover import service as handover
from wms_app.floor.handover.model import Pickup, PickupParcel
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel
from wms_app.floor.staging import service as staging


@pytest.fixture
def lanes(floor: Floor) -> Floor:
    add_lanes(floor)
    return floor


def staged(floor: Floor, parcels: int = 1, **values: object) -> tuple[int, list[int]]:
    order_id, made = packed_order(floor, parcels=parcels, **values)  # type: ignore[arg-type]
    for parcel_id in made:
        floor.do(partial(staging.stage, parcel_id=parcel_id, lane_code="STD-17"))
    return order_id, made


def on_a_truck(floor: Floor, parcels: list[int]) -> int:
    truck = floor.do(lambda tx: handover.open_pickup(tx, "STD-17"))
    for parcel_id in parcels:
        floor.do(partial(handover.load, pickup_id=truck, parcel_id=parcel_id))
    return truck


def refused(floor: Floor, work: object) -> str:
    with pytest.raises(Refused) as refusal:
        floor.do(work)  # type: ignore[arg-type]
    return refusal.value.code


def messages(floor: Floor) -> dict[str, dict[str, object]]:
    with floor.store.read() as tx:
        return {row.key: row.payload for row in tx.rows(select(Message.key, Message.payload))}


def test_a_departing_truck_hands_over_its_orders_and_tells_their_channel(lanes: Floor) -> None:
    order_id, parcels = staged(lanes, 2, number="#1001")
    truck = on_a_truck(lanes, parcels)
    told = lanes.do(lambda tx: handover.depart(tx, truck, "Li Wei", "7ABC123"))
    assert told == {"parcels": 2, "orders": 1, "short": 0}
    assert lanes.state(Order, order_id) == "handed_over"
    assert {lanes.state(Parcel, p) for p in parcels} == {"in_transit"}
    assert lanes.state(Pickup, truck) == "departed"
    message = messages(lanes)[f"shipped:{order_id}"]
    assert (message["order"], message["carrier"]) == ("#1001", "house")
    assert message["tracking"] == [tracking_of(lanes, p) for p in parcels]


def test_the_same_departure_again_changes_nothing(lanes: Floor) -> None:
    _order, parcels = staged(lanes)
    truck = on_a_truck(lanes, parcels)
    operation, who = new_id(), lanes.who("clerk")

    def leave() -> dict[str, int]:
        return lanes.store.write(
            operation, who, "depart", lambda tx: handover.depart(tx, truck, "Li Wei", "7ABC123")
        )

    first = leave()
    before = lanes.store.version()
    assert (leave(), lanes.store.version()) == (first, before)
    assert len(messages(lanes)) == 1


def test_an_order_waits_for_its_last_parcel(lanes: Floor) -> None:
    order_id, (first, second) = staged(lanes, 2)
    truck = on_a_truck(lanes, [first])
    lanes.do(lambda tx: handover.depart(tx, truck, "Li Wei", "7ABC123"))
    assert lanes.state(Order, order_id) == "staged"
    assert messages(lanes) == {}
    later = on_a_truck(lanes, [second])
    assert later != truck
    lanes.do(lambda tx: handover.depart(tx, later, "Chen", "7ABC123"))
    assert lanes.state(Order, order_id) == "handed_over"
    tracking = messages(lanes)[f"shipped:{order_id}"]["tracking"]
    assert tracking == [tracking_of(lanes, first), tracking_of(lanes, second)]


def test_an_order_that_left_in_part_waits_short_and_its_channel_knows(lanes: Floor) -> None:
    order_id, parcels = staged(lanes, 1, ordered=3)
    truck = on_a_truck(lanes, parcels)
    told = lanes.do(lambda tx: handover.depart(tx, truck, "Li Wei", "7ABC123"))
    assert told == {"parcels": 1, "orders": 0, "short": 1}
    assert lanes.state(Order, order_id) == "short"
    assert messages(lanes)[f"shipped:{order_id}:{truck}"]["part"] is True


def test_a_truck_does_not_leave_with_what_was_held_meanwhile(lanes: Floor) -> None:
    order_id, parcels = staged(lanes, number="#1002")
    other, more = staged(lanes, number="#1003")
    truck = on_a_truck(lanes, parcels + more)
    lanes.do(lambda tx: hold(tx, order_id, "fraud"))
    with pytest.raises(Refused) as refusal:
        lanes.do(lambda tx: handover.depart(tx, truck, "Li Wei", "7ABC123"))
    assert refusal.value.code == "stopped"
    assert "#1002" in refusal.value.text
    assert "#1003" not in refusal.value.text
    assert lanes.state(Parcel, more[0]) == "loaded"
    lanes.do(lambda tx: handover.unload(tx, parcels[0]))
    lanes.do(lambda tx: handover.depart(tx, truck, "Li Wei", "7ABC123"))
    assert (lanes.state(Order, order_id), lanes.state(Order, other)) == ("staged", "handed_over")


def test_only_staged_parcels_of_its_lane_get_onto_a_truck(lanes: Floor) -> None:
    _o, express = packed_order(lanes, service="express")
    _o, unstaged = packed_order(lanes)
    held, stopped = staged(lanes)
    _o, ready = staged(lanes)
    truck = on_a_truck(lanes, ready)
    assert refused(lanes, lambda tx: handover.load(tx, truck, unstaged[0])) == "not_staged"
    lanes.do(lambda tx: staging.stage(tx, express[0], "EXP-15"))
    assert refused(lanes, lambda tx: handover.load(tx, truck, express[0])) == "wrong_lane"
    lanes.do(lambda tx: hold(tx, held, "address"))
    assert refused(lanes, lambda tx: handover.load(tx, truck, stopped[0])) == "held"
    assert refused(lanes, lambda tx: handover.load(tx, truck, ready[0])) == "already_loaded"
    lanes.do(lambda tx: handover.depart(tx, truck, "Li Wei", "7ABC123"))
    assert refused(lanes, lambda tx: handover.load(tx, truck, ready[0])) == "pickup_gone"
    assert refused(lanes, lambda tx: handover.unload(tx, ready[0])) == "not_loaded"


def test_a_lane_has_one_open_truck_and_an_empty_one_can_be_closed(lanes: Floor) -> None:
    _o, parcels = staged(lanes)
    truck = on_a_truck(lanes, parcels)
    assert lanes.do(lambda tx: handover.open_pickup(tx, "std-17")) == truck
    assert refused(lanes, lambda tx: handover.call_off(tx, truck)) == "truck_not_empty"
    lanes.do(lambda tx: handover.unload(tx, parcels[0]))
    assert lanes.state(Parcel, parcels[0]) == "staged"
    with lanes.store.read() as tx:
        assert tx.rows(select(PickupParcel.parcel_id)) == []
    assert (
        refused(lanes, lambda tx: handover.depart(tx, truck, "Li Wei", "7ABC123")) == "empty_truck"
    )
    assert refused(lanes, lambda tx: handover.depart(tx, truck, " ", "7ABC123")) == "no_driver"
    lanes.do(lambda tx: handover.call_off(tx, truck))
    assert lanes.do(lambda tx: handover.open_pickup(tx, "STD-17")) != truck
