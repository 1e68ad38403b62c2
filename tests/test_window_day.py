"""A day at the window by key events alone: orders as they should be, from their file to the truck.

Each test takes its orders in as a file in the room Orders, and ends with every truth of the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.builders import Floor
from tests.day_at_the_window import (
    BOARD,
    MUG,
    POT,
    TOWEL,
    F,
    furnish,
    label_of,
    order_file,
    parcel_state,
    state_of,
    take_in_and_release,
)
from wms_app.base import texts
from wms_app.base.codes import own
from wms_app.base.db import Store
from wms_app.desk import style


@pytest.fixture
def floor(store: Store) -> Floor:
    """A small warehouse in the morning."""
    return furnish(store)


@pytest.fixture
def hand(floor: Floor, tmp_path: Path, qtbot: QtBot) -> Iterator[Hand]:
    """A supervisor at the window."""
    with at_the_window(floor.store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Ana Ruiz")
        yield hand


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
    assert hand.one("SELECT count(*) FROM operations WHERE verb = 'mend_address'") == 1
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
    assert "1 of 2 stops" in hand.view.eyebrow
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
    hand.hears("bad", "That is lane EXP-15", "House standard goes to STD-12", "Nothing was changed")
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


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh_CN", "dark")])
def test_several_pieces_go_from_a_pick_list_over_the_scale_to_the_truck(
    hand: Hand, floor: Floor, tmp_path: Path, language: str, theme: str
) -> None:
    floor.add_stock("MUG", "A-01-1", 10)
    floor.add_stock("TOWEL", "B-01-1", 5)
    file = order_file(
        tmp_path,
        {"order_number": "M-1", "sku": "MUG", "quantity": "3"},
        {"order_number": "M-1", "sku": "TOWEL", "quantity": "2"},
    )
    look = f"day-{theme}-{language}"
    if language == "zh_CN":
        hand.key(F.Key_L, held=Qt.KeyboardModifier.ControlModifier)
        hand.key(F.Key_T, held=Qt.KeyboardModifier.ControlModifier)
    assert (texts.language(), style.theme()) == (language, theme)
    code = take_in_and_release(hand, file, way="2")
    hand.keep(f"{look}-release")

    hand.go("pick")
    hand.scan(own("LIST", code))
    assert (hand.view.step, hand.view.bin, hand.view.take) == ("bin", "A-01-1", 3)
    hand.keep(f"{look}-pick-bin")
    hand.scan(own("BIN", "B-01-1"))
    hand.hears("bad", "B-01-1", "A-01-1")
    hand.scan(own("BIN", "A-01-1"))
    hand.scan(TOWEL)
    hand.hears("bad", "MUG")
    hand.keep(f"{look}-pick-refused")
    hand.scan(MUG)
    assert (hand.view.step, hand.view.taken) == ("item", 1)
    hand.type("4")
    hand.hears("bad", "2")
    hand.type("3")
    assert (hand.told.kind, hand.view.step) == ("ok", "tote")
    hand.scan(own("TOTE", "T-1"))
    hand.hears("ok", "T-1", "M-1")
    assert (hand.view.step, hand.view.bin) == ("bin", "B-01-1")
    for raw in (own("BIN", "B-01-1"), TOWEL, TOWEL):
        hand.scan(raw)
    assert (hand.told.kind, hand.view.step, hand.view.totes) == ("done", "done", ("T-1",))
    assert state_of(hand, "M-1") == "picked"
    assert hand.all("SELECT on_hand FROM stock ORDER BY id") == [7, 3]
    hand.keep(f"{look}-pick-done")

    hand.go("pack")
    hand.keep(f"{look}-pack-empty")
    hand.scan(own("TOTE", "T-1"))
    hand.scan(POT)
    assert hand.told.kind == "bad"
    hand.scan(MUG)
    hand.type("3")
    hand.keep(f"{look}-pack")
    hand.scan(TOWEL)
    hand.scan(TOWEL)
    assert (hand.told.kind, hand.view.step) == ("done", "weigh")
    hand.scan(TOWEL)
    assert hand.told.kind == "bad"
    expected = int(hand.one("SELECT 3 * 180 + 2 * 240 + empty_g FROM cartons WHERE code = 'M2'"))
    hand.press(F.Key_F7, str(expected - 180))
    hand.hears("bad", f"{expected - 180:,} g", f"{expected:,} ± ")
    assert parcel_state(hand, "M-1") == "open"
    hand.keep(f"{look}-pack-weight-refused")
    hand.press(F.Key_F7, str(expected + 5))
    assert (hand.told.kind, hand.view.step) == ("done", "stick")
    assert hand.one("SELECT grams || ' ' || weight_by FROM parcels") == f"{expected + 5} typed"
    assert (state_of(hand, "M-1"), parcel_state(hand, "M-1")) == ("packed", "labelled")
    hand.keep(f"{look}-pack-label")

    hand.go("stage")
    hand.scan(label_of(hand, "M-1"))
    hand.scan(own("LANE", "EXP-15"))
    hand.hears("bad", "EXP-15", "STD-12")
    hand.keep(f"{look}-stage-refused")
    hand.scan(own("LANE", "STD-12"))
    hand.hears("done", "M-1", "STD-12")
    hand.go("pickup")
    hand.scan(own("LANE", "STD-12"))
    hand.scan(label_of(hand, "M-1"))
    hand.hears("done", "M-1")
    hand.keep(f"{look}-pickup")
    hand.press(F.Key_F10, "", "Sam Driver, TRUCK-1")
    hand.hears("done", "1")
    assert state_of(hand, "M-1") == "handed_over"
    hand.keep(f"{look}-pickup-left")
    hand.go("today")
    assert {stage.name: stage.count for stage in hand.view.stages}["handed_over"] == 1
    hand.keep(f"{look}-today")
    assert hand.verified()


def test_the_window_speaks_the_language_of_whoever_is_signed_in(hand: Hand) -> None:
    header = hand.window.shell.header
    assert header.accessibleName().endswith("Ana Ruiz · supervisor")
    hand.sign_in("Li Na")
    assert texts.language() == "zh_CN"
    assert header.accessibleName().endswith("Li Na · 包装员")
    assert hand.view.instruction == "扫描周转箱"
    hand.key(F.Key_L, held=Qt.KeyboardModifier.ControlModifier)
    assert header.accessibleName().endswith("Li Na · packer")
    hand.settle()
    assert hand.view.instruction == "Scan a tote"
    hand.key(F.Key_L, held=Qt.KeyboardModifier.ControlModifier)
    hand.key(F.Key_F12)
    hand.until(lambda: hand.window.current == "sign-in" and hand.view is not None)
    assert texts.language() == "en"
