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
from wms_app.base.db import Store, Tx
from wms_app.office.people import service as people
from wms_app.office.setup.files import take_in
from wms_app.office.setup.sample import BUILDING, folder, morning
from wms_app.office.setup.service import set_warehouse

F = Qt.Key
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
