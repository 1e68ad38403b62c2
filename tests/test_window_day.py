"""A day at the window by key events alone: every kind of order, from its file to what became of it.

Each test takes its orders in as a file in the room Orders, and ends with every truth of the store.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.builders import Floor, build_floor
from tests.parcels import add_lanes
from wms_app.app import console
from wms_app.base import clock
from wms_app.base.codes import own
from wms_app.base.db import Store, Tx
from wms_app.office.people import service as people
from wms_app.office.setup.files import take_in
from wms_app.office.setup.sample import BUILDING, folder, morning
from wms_app.office.setup.service import set_warehouse

F = Qt.Key
BOARD, MUG, TOWEL, POT = "6901234567915", "6901234567892", "6901234567908", "6901234567922"
COLUMNS = (
    "client,channel,order_number,sku,quantity,ordered_at,ship_by,service,priority,paid,name,phone,"
    "line1,line2,city,state,postal_code,country,unit_price,currency"
).split(",")
ROW = {
    "client": "NW",
    "channel": "web",
    "quantity": "1",
    "ordered_at": "2026-11-24T06:10:00-08:00",
    "ship_by": "2026-11-24T17:00:00-08:00",
    "service": "standard",
    "paid": "yes",
    "name": "Morgan Placeholder",
    "phone": "+1 555 555 0199",
    "line1": "265 Fixture Street",
    "city": "Austin",
    "state": "TX",
    "postal_code": "78701",
    "country": "US",
    "unit_price": "12.90",
    "currency": "USD",
}


@pytest.fixture
def floor(store: Store) -> Floor:
    """A small warehouse with its address, its rate card, its lanes and its people."""
    clock.set_clock(morning())
    floor = build_floor(store)
    add_lanes(floor)
    take_in(store, console(store), "rates", folder() / "rates.csv")

    def work(tx: Tx) -> None:
        set_warehouse(tx, 1, BUILDING)
        people.add_user(tx, "Ana Ruiz", "supervisor", "1111")
        people.add_user(tx, "Chen Wei", "picker", "2222", "zh_CN")

    floor.do(work)
    return floor


@pytest.fixture
def hand(floor: Floor, tmp_path: Path, qtbot: QtBot) -> Iterator[Hand]:
    """A supervisor at the window."""
    with at_the_window(floor.store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Ana Ruiz")
        yield hand


def order_file(folder: Path, *rows: Mapping[str, str]) -> Path:
    """An order file in our own columns; each row says what differs from an ordinary one."""
    file = folder / "orders.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows({**ROW, **row} for row in rows)
    return file


def take_in_and_release(hand: Hand, file: Path, way: str) -> str:
    """By keys, from the file to a list of this way ("2" pick lists, "3" label first)."""
    hand.go("orders")
    hand.press(F.Key_F3, str(file))
    hand.press(F.Key_F2)
    hand.go("release")
    hand.press(F.Key_F3)
    hand.press(F.Key_F4)
    hand.keep("day-release-chosen")
    hand.press(F.Key_F6, way)
    hand.hears("done", "1 list", "Printed")
    assert hand.view.section == "lists"
    return str(hand.view.made[0])


def label_of(hand: Hand, number: str) -> str:
    """The tracking number that is printed on the newest label of an order."""
    return str(
        hand.one(
            "SELECT l.tracking FROM labels l JOIN parcels p ON p.id = l.parcel_id"
            " JOIN orders o ON o.id = p.order_id WHERE o.number = :number ORDER BY l.id DESC",
            number=number,
        )
    )


def state_of(hand: Hand, number: str) -> str:
    """The state of an order."""
    return str(hand.one("SELECT state FROM orders WHERE number = :number", number=number))


def parcel_state(hand: Hand, number: str) -> str:
    """The state of an order's newest parcel."""
    return str(
        hand.one(
            "SELECT p.state FROM parcels p JOIN orders o ON o.id = p.order_id"
            " WHERE o.number = :number ORDER BY p.id DESC",
            number=number,
        )
    )


def test_a_clerk_takes_a_file_in_mends_what_is_held_and_lets_it_go(
    hand: Hand, floor: Floor, tmp_path: Path
) -> None:
    floor.add_stock("MUG", "A-01-1", 5)
    file = order_file(
        tmp_path,
        {"order_number": "D-1", "sku": "MUG"},
        {"order_number": "D-2", "sku": "MUG", "postal_code": "98101"},
        {"order_number": "D-3", "sku": "MUG", "quantity": "two"},
    )
    hand.go("orders")
    hand.press(F.Key_F3, str(file))
    assert hand.view.step == "file"
    assert not hand.view.file.taken_in
    assert hand.told.kind == "ok"
    assert "Nothing is written yet" in hand.told.text
    assert hand.one("SELECT count(*) FROM orders") == 0
    hand.keep("day-orders-file")
    hand.press(F.Key_F2)
    assert (hand.told.kind, hand.told.text) == ("warn", "2 orders taken in.")
    assert "1 held" in hand.told.detail
    refused = next(found for found in hand.view.file.findings if found[1] == "D-3")
    assert "two" in refused
    assert hand.all("SELECT number FROM orders ORDER BY number") == ["D-1", "D-2"]
    hand.keep("day-orders-taken-in")

    hand.press(F.Key_F9)
    hand.type("D-2")
    assert hand.view.step == "order"
    assert hand.view.order.holds
    assert hand.one("SELECT holds FROM orders WHERE number = 'D-2'") == 1
    hand.keep("day-orders-held")

    hand.tab_to("98101")
    hand.clear_field()
    hand.fill("78704")
    hand.key(F.Key_Tab)
    hand.tab_to("78704")
    hand.press(F.Key_Return)
    assert (hand.told.kind, hand.told.text) == ("done", "The address is mended.")
    assert not hand.view.order.holds
    assert hand.one("SELECT holds FROM orders WHERE number = 'D-2'") == 0
    assert hand.one("SELECT postal_code FROM orders WHERE number = 'D-2'") == "78704"
    hand.keep("day-orders-mended")

    hand.press(F.Key_F8, "1")
    assert hand.told.text == "It is on hold."
    hand.go("release")
    hand.press(F.Key_F3)
    assert (hand.told.kind, hand.told.text) == ("warn", "1 order allocated")
    assert hand.told.detail == "1 is on hold"
    hand.go("orders")
    hand.type("D-2")
    hand.press(F.Key_F2)
    assert (hand.told.kind, hand.told.text) == ("done", "It goes on.")
    hand.go("release")
    hand.press(F.Key_F3)
    assert (hand.told.kind, hand.told.text) == ("done", "1 order allocated")
    assert hand.view.ready == 2
    assert hand.all("SELECT DISTINCT state FROM orders") == ["allocated"]

    hand.go("orders")
    hand.press(F.Key_F3, str(file))
    hand.press(F.Key_F2)
    assert "nothing changed" in hand.told.text.lower()
    assert hand.one("SELECT count(*) FROM orders") == 2
    assert hand.verified()


def test_orders_go_label_first_from_their_bins_to_the_truck(
    hand: Hand, floor: Floor, tmp_path: Path
) -> None:
    floor.add_stock("BOARD", "A-01-1", 1)
    floor.add_stock("BOARD", "A-02-2", 1)
    file = order_file(
        tmp_path,
        {"order_number": "L-1", "sku": "BOARD"},
        {"order_number": "L-2", "sku": "BOARD", "name": "Dana Sample"},
    )
    code = take_in_and_release(hand, file, way="3")
    hand.keep("day-release-lists")
    hand.go("pick")
    hand.scan(own("LIST", code))
    hand.hears("bad", f"List {code} goes label first", "Open Label first")

    hand.go("labels")
    hand.keep("day-labels-lists")
    hand.scan(own("LIST", code))
    hand.hears("ok", "2 labels printed")
    assert hand.one("SELECT count(*) FROM labels WHERE state = 'bought' AND printed = 1") == 2
    assert hand.view.bin == "A-01-1"
    hand.scan(BOARD)
    hand.hears("bad", "A-01-1")
    hand.scan(own("BIN", "A-02-2"))
    hand.hears("bad", "A-02-2", "A-01-1")
    hand.scan(own("BIN", "A-01-1"))
    hand.hears("ok", "Bin A-01-1.")
    hand.keep("day-labels-goods")
    hand.scan(MUG)
    hand.hears("bad", "Silicone mug, blue", "Bamboo cutting board")
    hand.scan(BOARD)
    first = hand.view.label.order_number
    second = "L-2" if first == "L-1" else "L-1"
    hand.scan(label_of(hand, second))
    hand.hears("bad", "That is the label for A-02-2", second)
    assert state_of(hand, second) == "released"
    hand.keep("day-labels-refused")
    hand.scan(label_of(hand, first))
    hand.hears("done", "Packed.")
    assert (state_of(hand, first), parcel_state(hand, first)) == ("packed", "labelled")
    for raw in (own("BIN", "A-02-2"), BOARD, label_of(hand, second)):
        hand.scan(raw)
    hand.hears("done", "The list is done.")
    hand.keep("day-labels-done")
    assert hand.one("SELECT state FROM pick_lists") == "done"
    assert hand.one("SELECT sum(on_hand) + sum(allocated) FROM stock") == 0

    hand.go("stage")
    hand.scan(label_of(hand, first))
    hand.hears("ok", "Carry it to lane STD-12")
    assert hand.view.big == "STD-12"
    hand.scan(own("LANE", "EXP-15"))
    hand.hears("bad", "That is lane EXP-15", "goes to STD-12", "Nothing was changed")
    assert parcel_state(hand, first) == "labelled"
    hand.keep("day-stage-refused")
    hand.scan(own("LANE", "STD-12"))
    hand.hears("done", f"{first} stands in lane STD-12.")
    assert state_of(hand, first) == "staged"
    hand.scan(own("LANE", "STD-12"))
    hand.scan(label_of(hand, second))
    hand.hears("done", f"{second} stands in lane STD-12.")
    hand.keep("day-stage")

    hand.go("pickup")
    hand.keep("day-pickup-doors")
    hand.scan(label_of(hand, first))
    hand.hears("bad", "No truck is open here.")
    hand.scan(own("LANE", "STD-12"))
    hand.scan(label_of(hand, first))
    hand.hears("ok", f"{first} is on the truck.", "1 more in the lane.")
    assert [parcel.order_number for parcel in hand.view.missing] == [second]
    hand.keep("day-pickup-missing")
    hand.key(F.Key_F10)
    assert f"1 parcel stays in the lane: {second}" in hand.asked
    hand.keep("day-pickup-asked")
    hand.key(F.Key_Escape)
    assert not hand.asked
    hand.scan(label_of(hand, second))
    hand.hears("done", "That was the last of the lane.")
    assert hand.all("SELECT DISTINCT state FROM orders") == ["staged"]
    hand.press(F.Key_F10, "", "Sam Driver, TRUCK-1")
    hand.hears("done", "The truck has left with 2 parcels.", "2 orders handed over.")
    hand.keep("day-pickup-left")
    assert hand.all("SELECT DISTINCT state FROM orders") == ["handed_over"]
    left = "SELECT driver || ' ' || vehicle || ' ' || state FROM pickups"
    assert hand.one(left) == "Sam Driver TRUCK-1 departed"
    assert hand.one("SELECT count(*) FROM outbox WHERE kind = 'shipped'") == 2

    hand.go("today")
    figures = {stage.name: stage.count for stage in hand.view.stages}
    assert figures["handed_over"] == 2
    hand.keep("day-today-left")
    assert hand.verified()
