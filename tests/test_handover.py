"""A truck takes the parcels of its lane, and only those that may leave."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from sqlalchemy import select, update

from tests.builders import Floor
from tests.parcels import add_lanes, packed_order, tracking_of, verified
from wms_app.base import journal
from wms_app.base.codes import Scan, new_id, own
from wms_app.base.conversation import Action
from wms_app.base.db import Tx
from wms_app.base.outbox import Message
from wms_app.base.refusal import Down, Refused
from wms_app.floor.allocation import service as allocation
from wms_app.floor.catalog.model import Client
from wms_app.floor.handover import service as handover
from wms_app.floor.handover.manifest import manifest
from wms_app.floor.handover.model import Pickup, PickupParcel
from wms_app.floor.handover.presenter import PickupPresenter
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel
from wms_app.floor.picking import service as picking
from wms_app.floor.staging import service as staging
from wms_app.floor.waves import service as waves
from wms_app.floor.waves.model import Pick
from wms_app.outside.devices.printer import FolderPrinter, Kind


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


class Jammed:
    """A printer that is away until somebody mends it."""

    def __init__(self) -> None:
        self.away = True
        self.printed: list[bytes] = []

    def send(self, paper: str, name: str, content: bytes, kind: Kind) -> str:
        if self.away:
            raise Down("printer", "The printer is out of paper.")
        self.printed.append(content)
        return name


def at_the_door(floor: Floor, tmp_path: Path) -> PickupPresenter:
    presenter = PickupPresenter(floor.store, floor.who("clerk"), FolderPrinter(tmp_path))
    presenter.open()
    return presenter


def says(presenter: PickupPresenter, raw: str) -> str:
    with pytest.raises(Refused) as refusal:
        presenter.scan(Scan(raw))
    return refusal.value.code


def action(presenter: PickupPresenter, name: str) -> Action | None:
    return next((one for one in presenter.actions if one.name == name), None)


def test_a_truck_is_loaded_and_leaves_with_its_manifest(lanes: Floor, tmp_path: Path) -> None:
    orders = [staged(lanes, number=f"#{n}") for n in (1001, 1002)]
    door = at_the_door(lanes, tmp_path)
    assert [row.lane.standing for row in door.view.doors if row.lane.code == "STD-17"] == [2]
    assert says(door, tracking_of(lanes, 1)) == "lane_expected"
    door.scan(Scan(own("LANE", "STD-17")))
    assert [parcel.order_number for parcel in door.view.missing] == ["#1001", "#1002"]
    door.scan(Scan(tracking_of(lanes, orders[0][1][0])))
    assert door.view.left == 1
    leaving = action(door, "depart")
    assert leaving is not None
    assert "#1002" in leaving.confirm
    last = Scan("00" + tracking_of(lanes, orders[1][1][0]))
    answer = door.scan(last)
    assert (answer.kind, door.view.left) == ("done", 0)
    assert door.scan(last) == answer
    answer = door.act("depart", "Li Wei，7ABC123")
    assert answer.kind == "done"
    assert {lanes.state(Order, order_id) for order_id, _p in orders} == {"handed_over"}
    (paper,) = tmp_path.glob("manifest-*.pdf")
    text = pdf_text(paper.read_bytes())
    for words in ("Li Wei", "7ABC123", "#1001", "#1002", tracking_of(lanes, 1)):
        assert words in text
    assert verified(lanes)


def test_a_door_that_was_restarted_continues_the_truck(lanes: Floor, tmp_path: Path) -> None:
    _o, (first, second) = staged(lanes, 2)
    before = at_the_door(lanes, tmp_path)
    before.scan(Scan(own("LANE", "STD-17")))
    before.scan(Scan(own("PARCEL", str(first))))
    code = before.view.truck.code if before.view.truck else ""
    door = at_the_door(lanes, tmp_path)
    door.scan(Scan("std-17"))
    assert door.view.truck is not None
    assert (door.view.truck.code, door.view.truck.loaded) == (code, 1)
    assert says(door, own("PARCEL", str(first))) == "already_loaded"
    door.scan(Scan(own("PARCEL", str(second))))
    door.act("undo")
    assert (lanes.state(Parcel, second), door.view.left) == ("staged", 1)


def test_a_truck_is_not_sent_off_while_the_lane_fills_unseen(lanes: Floor, tmp_path: Path) -> None:
    _o, (first,) = staged(lanes)
    door = at_the_door(lanes, tmp_path)
    door.scan(Scan(own("LANE", "STD-17")))
    door.scan(Scan(own("PARCEL", str(first))))
    staged(lanes, number="#late")
    with pytest.raises(Refused) as refusal:
        door.act("depart", "Li Wei, 7ABC123")
    assert refusal.value.code == "missing_changed"
    assert lanes.state(Parcel, first) == "loaded"
    assert [parcel.order_number for parcel in door.view.missing] == ["#late"]
    door.act("depart", "Li Wei, 7ABC123")
    assert lanes.state(Parcel, first) == "in_transit"
    with lanes.store.read() as tx:
        paper, _size = manifest(tx, 1)
    assert [line.endswith("#late") for line in paper.missing] == [True]


def test_what_was_stopped_is_named_and_can_be_taken_off(lanes: Floor, tmp_path: Path) -> None:
    order_id, (stopped,) = staged(lanes, number="#1002")
    _o, (good,) = staged(lanes)
    door = at_the_door(lanes, tmp_path)
    door.scan(Scan(own("LANE", "STD-17")))
    for parcel in (stopped, good):
        door.scan(Scan(own("PARCEL", str(parcel))))
    lanes.do(lambda tx: hold(tx, order_id, "fraud"))
    with pytest.raises(Refused, match="#1002"):
        door.act("depart", "Li Wei, 7ABC123")
    door.act("take_off")
    door.scan(Scan(own("PARCEL", str(stopped))))
    assert lanes.state(Parcel, stopped) == "staged"
    assert [parcel.why for parcel in door.view.missing] == ["held"]
    assert says(door, own("PARCEL", str(stopped))) == "held"
    door.act("depart", "Li Wei, 7ABC123")
    assert (lanes.state(Parcel, stopped), lanes.state(Parcel, good)) == ("staged", "in_transit")


def test_a_truck_leaves_although_the_printer_is_away_and_prints_later(lanes: Floor) -> None:
    _o, (parcel,) = staged(lanes)
    printer = Jammed()
    door = PickupPresenter(lanes.store, lanes.who("clerk"), printer)
    door.open()
    door.scan(Scan(own("LANE", "STD-17")))
    door.scan(Scan(own("PARCEL", str(parcel))))
    answer = door.act("depart", "Li Wei, 7ABC123")
    assert (answer.kind, "out of paper" in answer.detail) == ("warn", True)
    assert lanes.state(Parcel, parcel) == "in_transit"
    with pytest.raises(Down):
        door.act("reprint")
    printer.away = False
    truck = door.view.truck
    assert truck is not None
    door.act("doors")
    door.scan(Scan(own("PICKUP", truck.code)))
    door.act("reprint")
    assert "7ABC123" in pdf_text(printer.printed[0])


def test_wrong_scans_at_the_door_have_their_own_words(lanes: Floor, tmp_path: Path) -> None:
    _o, (unstaged,) = packed_order(lanes)
    door = at_the_door(lanes, tmp_path)
    assert says(door, own("PICKUP", "PU-99999")) == "no_pickup"
    assert says(door, own("LANE", "L-9")) == "no_lane"
    door.scan(Scan(own("LANE", "STD-17")))
    assert says(door, own("TOTE", "T-1")) == "wrong_scan"
    assert says(door, "1Z999") == "unknown_parcel"
    assert says(door, own("PARCEL", str(unstaged))) == "not_staged"
    assert action(door, "depart") is None
    door.act("call_off")
    assert door.view.truck is None


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "".join(page.get_textpage().get_text_range() for page in document)


def test_the_second_part_of_an_order_is_picked_without_its_old_tote_being_missed(
    lanes: Floor,
) -> None:
    lanes.do(lambda tx: tx.execute(update(Client).values(ships_in_parts=True)) and None)
    order_id, parcels = staged(lanes, ordered=3)
    # As a picked order has it: its tote was bound, and became free when it was packed.
    lanes.do(lambda tx: journal.record(tx, "tote_bound", "order", [order_id]))
    truck = on_a_truck(lanes, parcels)
    lanes.do(partial(handover.depart, pickup_id=truck, driver="Sam", vehicle="7ABC"))
    assert lanes.state(Order, order_id) == "short"
    lanes.add_stock("MUG", "A-02-1", 2)

    def pick(tx: Tx) -> None:
        allocation.allocate(tx, [order_id])
        waves.release(tx, [order_id])
        stop = tx.first(select(Pick.id, Pick.pick_list_id).where(Pick.order_id == order_id))
        assert stop is not None
        picking.start(tx, stop.pick_list_id)
        picking.take(tx, stop.id, 1)

    lanes.do(pick, "picker")
    assert verified(lanes), "the piece is in the picker's hands"
