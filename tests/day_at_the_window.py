"""A small warehouse and what is done in its rooms every day, by keys, for tests of the window."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt

from tests.at_the_window import Hand
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
BOARD, MUG, TOWEL, POT, TEA = (
    "6901234567915",
    "6901234567892",
    "6901234567908",
    "6901234567922",
    "6901234567939",
)
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


def furnish(store: Store) -> Floor:
    """A small warehouse in the morning, with its address, rate card, lanes and people."""
    clock.set_clock(morning())
    floor = build_floor(store)
    add_lanes(floor)
    take_in(store, console(store), "rates", folder() / "rates.csv")

    def work(tx: Tx) -> None:
        set_warehouse(tx, 1, BUILDING)
        people.add_user(tx, "Ana Ruiz", "supervisor", "1111")
        people.add_user(tx, "Chen Wei", "picker", "2222")
        people.add_user(tx, "Li Na", "packer", "4444", "zh_CN")

    floor.do(work)
    return floor


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
    assert hand.told.kind == "done"
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


def walk(hand: Hand, code: str, *totes: str) -> None:
    """Walk a pick list to its end as its screen says, a new tote for every order."""
    free = list(totes)
    hand.go("pick")
    hand.scan(own("LIST", code))
    while hand.view.step != "done":
        view = hand.view
        if view.step == "bin":
            hand.scan(own("BIN", view.bin))
        elif view.step == "item":
            hand.scan(view.item_codes[0])
        else:
            hand.scan(own("TOTE", view.tote or free.pop(0)))
        assert hand.told.kind in ("ok", "done"), hand.told
    assert free == []


def pack(hand: Hand, tote: str, goods: str, pieces: int, grams: int) -> None:
    """Pack pieces of one kind out of a tote, weigh, and stick the label on."""
    hand.go("pack")
    hand.scan(own("TOTE", tote))
    hand.scan(goods)
    if pieces > 1:
        hand.type(str(pieces))
    hand.press(F.Key_F7, str(grams))
    assert (hand.told.kind, hand.view.step) == ("done", "stick")


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
