"""A day at the window by key events alone: what goes wrong, what is said then, how it is mended.

Each test takes its orders in as a file in the room Orders, and ends with every truth of the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.builders import Floor
from tests.day_at_the_window import (
    MUG,
    POT,
    TEA,
    TOWEL,
    F,
    furnish,
    label_of,
    order_file,
    pack,
    parcel_state,
    state_of,
    take_in_and_release,
    walk,
)
from wms_app.base.codes import own
from wms_app.base.db import Store
from wms_app.desk.cards import words_of


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


def test_what_a_picker_does_not_find_is_taken_elsewhere_or_waits_and_is_counted(
    hand: Hand, floor: Floor, tmp_path: Path
) -> None:
    floor.add_stock("MUG", "A-01-1", 3)
    floor.add_stock("MUG", "B-01-1", 4)
    floor.add_stock("POT", "A-03-1", 2)
    file = order_file(
        tmp_path,
        {"order_number": "S-1", "sku": "MUG", "quantity": "3"},
        {"order_number": "S-2", "sku": "POT", "quantity": "2", "name": "Dana Sample"},
    )
    code = take_in_and_release(hand, file, way="2")
    hand.sign_in("Chen Wei")
    assert "release" not in hand.window.allowed
    hand.go("pick")
    hand.scan(own("LIST", code))
    assert (hand.view.bin, hand.view.take) == ("A-01-1", 3)
    hand.scan(own("BIN", "A-01-1"))
    hand.key(F.Key_F4)
    assert "still in A-01-1" in hand.asked
    hand.keep("day-pick-short-asked")
    hand.key(F.Key_Escape)
    hand.press(F.Key_F4, "1")
    hand.hears("warn", "A-01-1 is put up for counting.", "The rest comes from B-01-1.")
    assert (hand.view.bin, hand.view.take, hand.view.taken) == ("A-01-1", 1, 0)
    hand.keep("day-pick-short")
    hand.scan(MUG)
    hand.scan(own("TOTE", "T-1"))
    assert hand.view.bin == "A-03-1"
    hand.scan(own("BIN", "A-03-1"))
    hand.press(F.Key_F4, "0")
    hand.hears("warn", "A-03-1 is put up for counting.", "S-2 waits for stock.")
    hand.keep("day-pick-waits-short")
    assert state_of(hand, "S-2") == "short"
    assert (hand.view.bin, hand.view.take) == ("B-01-1", 2)
    for raw in (own("BIN", "B-01-1"), MUG, MUG, own("TOTE", "T-1")):
        hand.scan(raw)
    assert (hand.told.kind, hand.view.step) == ("done", "done")
    assert (state_of(hand, "S-1"), state_of(hand, "S-2")) == ("picked", "short")

    hand.go("count")
    assert [doubt.bin for doubt in hand.view.doubts] == ["A-01-1", "A-03-1"]
    hand.keep("day-count")
    hand.scan(own("BIN", "B-01-1"))
    hand.hears("bad", "Nothing is to be counted in B-01-1.")
    hand.scan(own("BIN", "A-01-1"))
    hand.hears("ok", "Count Silicone mug, blue in A-01-1")
    hand.scan(TOWEL)
    hand.hears("bad", "Tea towel", "Silicone mug, blue")
    hand.keep("day-count-refused")
    hand.press(F.Key_F4, "")
    hand.hears("warn", "A-01-1: 0 counted.", "a supervisor looks at it")
    hand.scan(own("BIN", "A-03-1"))
    for raw in (POT, POT, own("BIN", "A-03-1")):
        hand.scan(raw)
    hand.hears("done", "A-03-1: 2 counted.", "It agrees.")
    assert hand.view.differences == ()
    assert hand.one("SELECT sum(on_hand) FROM stock WHERE frozen") == 2

    hand.sign_in("Ana Ruiz")
    hand.go("count")
    assert [(one.bin, one.difference) for one in hand.view.differences] == [("A-01-1", -2)]
    hand.keep("day-count-decide")
    hand.key(F.Key_F6)
    assert "A-01-1 has 0 of MUG instead of 2" in hand.asked
    hand.key(F.Key_Escape)
    hand.press(F.Key_F6, "")
    hand.hears("done", "A-01-1 now has 0 of MUG.")
    assert hand.all("SELECT on_hand FROM stock ORDER BY id") == [0, 2, 2]
    assert hand.all("SELECT state FROM count_tasks ORDER BY id") == ["approved", "approved"]

    hand.go("release")
    hand.press(F.Key_F8)
    assert [row.number for row in hand.view.short] == ["S-2"]
    hand.keep("day-release-short")
    hand.press(F.Key_F3)
    hand.hears("done", "1 order allocated")
    assert state_of(hand, "S-2") == "allocated"
    assert hand.verified()


def test_damaged_pieces_go_to_quarantine_and_a_label_without_goods_is_torn_off(
    hand: Hand, floor: Floor, tmp_path: Path
) -> None:
    floor.add_stock("MUG", "A-01-1", 2)
    floor.add_stock("MUG", "B-01-1", 1)
    floor.add_stock("BOARD", "A-02-2", 1)
    file = order_file(
        tmp_path,
        {"order_number": "Q-1", "sku": "MUG", "quantity": "2"},
        {"order_number": "Q-2", "sku": "BOARD", "name": "Dana Sample"},
    )
    take_in_and_release(hand, file, way="1")
    lists = "SELECT code FROM pick_lists WHERE kind = :kind"
    hand.go("pick")
    hand.scan(own("LIST", hand.one(lists, kind="pick-list")))
    hand.scan(own("BIN", "A-01-1"))
    hand.scan(MUG)
    hand.command("DAMAGED", "1")
    hand.hears("warn", "1 damaged piece: carry it to quarantine.", "The rest comes from B-01-1.")
    hand.keep("day-pick-damaged")
    quarantined = (
        "SELECT sum(s.on_hand) FROM stock s JOIN bins b ON b.id = s.bin_id"
        " WHERE b.kind = 'quarantine'"
    )
    assert hand.one(quarantined) == 1
    hand.scan(own("TOTE", "T-1"))
    hand.scan(own("BIN", "B-01-1"))
    hand.scan(MUG)
    assert (hand.told.kind, state_of(hand, "Q-1")) == ("done", "picked")

    hand.go("labels")
    hand.scan(own("LIST", hand.one(lists, kind="label-first")))
    end = label_of(hand, "Q-2")[-5:]
    hand.scan(own("BIN", "A-02-2"))
    hand.key(F.Key_F4)
    assert "Is there no Bamboo cutting board in A-02-2?" in hand.asked
    hand.key(F.Key_Escape)
    hand.press(F.Key_F4, "")
    hand.hears("warn", "Order Q-2 waits for stock.", end)
    hand.keep("day-labels-short")
    assert (state_of(hand, "Q-2"), parcel_state(hand, "Q-2")) == ("short", "void")
    hand.go("stage")
    hand.scan(label_of(hand, "Q-2"))
    hand.hears("bad", "That label is void", "Tear it off.")
    hand.keep("day-stage-void")
    hand.go("pickup")
    hand.scan(own("LANE", "STD-12"))
    hand.scan(label_of(hand, "Q-2"))
    hand.hears("bad", "That label is void", "Tear it off.")
    hand.go("count")
    assert [doubt.bin for doubt in hand.view.doubts] == ["A-02-2"]
    assert hand.verified()


def test_an_order_cancelled_after_packing_stops_at_the_next_gate_and_its_goods_go_back(
    hand: Hand, floor: Floor, tmp_path: Path
) -> None:
    floor.add_stock("MUG", "A-01-1", 2)
    floor.add_stock("TOWEL", "B-01-1", 1)
    file = order_file(
        tmp_path,
        {"order_number": "C-1", "sku": "MUG", "quantity": "2"},
        {"order_number": "C-2", "sku": "TOWEL", "name": "Dana Sample"},
    )
    walk(hand, take_in_and_release(hand, file, way="2"), "T-1", "T-2")
    pack(hand, "T-1", MUG, 2, 360 + 90)
    pack(hand, "T-2", TOWEL, 1, 240 + 160)
    hand.go("stage")
    hand.scan(label_of(hand, "C-2"))
    hand.scan(own("LANE", "STD-12"))
    assert (state_of(hand, "C-1"), state_of(hand, "C-2")) == ("packed", "staged")

    for number in ("C-1", "C-2"):
        hand.go("orders")
        hand.type(number)
        hand.key(F.Key_F10)
        assert f"Cancel order {number}?" in hand.asked
        hand.key(F.Key_Escape)
        assert state_of(hand, number) != "cancelled"
        hand.press(F.Key_F10, "", "1")
        hand.hears("done", "Cancelled.")
        assert state_of(hand, number) == "cancelled"
        assert parcel_state(hand, number) == "void"
    hand.keep("day-orders-cancelled")
    assert hand.one("SELECT count(*) FROM outbox WHERE kind = 'cancelled'") == 2

    hand.go("stage")
    hand.scan(label_of(hand, "C-1"))
    hand.hears("bad", "Order C-1 was cancelled.", "put-back shelf")
    hand.keep("day-stage-cancelled")
    hand.go("pickup")
    hand.scan(own("LANE", "STD-12"))
    hand.scan(label_of(hand, "C-2"))
    hand.hears("bad", "Order C-2 was cancelled.", "put-back shelf")
    hand.keep("day-pickup-cancelled")

    hand.go("putback")
    assert [place.order_number for place in hand.view.places] == ["C-1", "C-2"]
    hand.keep("day-putback-places")
    hand.scan(MUG)
    hand.hears("bad", "First scan the tote or parcel")
    hand.scan(label_of(hand, "C-1"))
    hand.hears("ok", "Scan a piece from the")
    hand.scan(TOWEL)
    hand.hears("bad", "Tea towel", "Silicone mug, blue")
    assert hand.view.place == "parcel"
    hand.keep("day-putback-refused")
    hand.scan(MUG)
    hand.type("2")
    assert (hand.view.step, hand.view.bin, hand.view.pieces) == ("bin", "A-01-1", 2)
    hand.keep("day-putback-bin")
    hand.scan(own("BIN", "IN-1"))
    hand.hears("bad", "IN-1")
    assert hand.one("SELECT sum(on_hand) FROM stock") == 0
    hand.scan(own("BIN", "A-01-1"))
    hand.hears("done", "2 of Silicone mug, blue back in A-01-1.")
    hand.scan(label_of(hand, "C-2"))
    hand.scan(TOWEL)
    hand.scan(own("BIN", "B-01-2"))
    hand.hears("done", "1 of Tea towel", "back in B-01-2.", "Nothing is to be put back")
    hand.keep("day-putback-done")
    assert hand.all("SELECT on_hand FROM stock ORDER BY id") == [2, 0, 1]
    assert hand.one("SELECT count(*) FROM put_backs WHERE state = 'open'") == 0

    hand.go("today")
    assert {stage.name: stage.count for stage in hand.view.stages}["cancelled"] == 2
    hand.keep("day-today-cancelled")
    assert hand.verified()


def test_an_order_held_on_its_walk_is_left_out_until_a_clerk_lets_it_go(
    hand: Hand, floor: Floor, tmp_path: Path
) -> None:
    floor.add_stock("MUG", "A-01-1", 1)
    floor.add_stock("TOWEL", "B-01-1", 1)
    file = order_file(
        tmp_path,
        {"order_number": "H-1", "sku": "MUG"},
        {"order_number": "H-2", "sku": "TOWEL", "name": "Dana Sample"},
    )
    code = take_in_and_release(hand, file, way="2")
    hand.go("orders")
    hand.type("H-1")
    hand.press(F.Key_F8, "asked by telephone")
    hand.hears("done", "It is on hold.")
    hand.go("pick")
    hand.scan(own("LIST", code))
    assert hand.view.bin == "B-01-1"
    for raw in (own("BIN", "B-01-1"), TOWEL, own("TOTE", "T-2")):
        hand.scan(raw)
    assert hand.view.instruction == "1 stop is on hold"
    assert "Only what is on hold is left" in words_of(hand.screen)
    hand.keep("day-pick-on-hold")
    hand.press(F.Key_F9)
    assert (hand.told.kind, hand.view.step) == ("ok", "tote")
    hand.scan(own("TOTE", "T-2"))
    assert (state_of(hand, "H-1"), state_of(hand, "H-2")) == ("released", "picked")

    hand.go("orders")
    hand.type("H-1")
    assert [words for _reason, words in hand.view.order.holds] == ["asked by telephone"]
    hand.press(F.Key_F2)
    hand.hears("done", "It goes on.")
    walk(hand, code, "T-1")
    assert hand.all("SELECT DISTINCT state FROM orders") == ["picked"]
    assert hand.verified()


def test_a_parcel_without_a_price_waits_at_the_bench_until_its_address_is_mended(
    hand: Hand, floor: Floor, tmp_path: Path
) -> None:
    floor.add_stock("MUG", "A-01-1", 1)
    far = {"city": "São Paulo", "state": "SP", "postal_code": "01310-100", "country": "BR"}
    file = order_file(tmp_path, {"order_number": "N-1", "sku": "MUG", **far})
    walk(hand, take_in_and_release(hand, file, way="2"), "T-1")
    hand.go("pack")
    hand.scan(own("TOTE", "T-1"))
    hand.scan(MUG)
    hand.press(F.Key_F7, "270")
    hand.hears("bad", "Closed, but there is no label", "no standard price for BR 01310-100")
    assert (hand.view.step, parcel_state(hand, "N-1")) == ("label", "sealed")
    hand.keep("day-pack-no-price")
    hand.press(F.Key_F5)
    assert (hand.view.step, len(hand.view.waiting)) == ("tote", 1)
    hand.keep("day-pack-waiting")

    hand.go("orders")
    hand.type("N-1")
    for before, now in (
        ("São Paulo", "Austin"),
        ("SP", "TX"),
        ("01310-100", "78701"),
        ("BR", "US"),
    ):
        hand.tab_to(before)
        hand.clear_field()
        hand.fill(now)
    hand.press(F.Key_Return)
    assert hand.one("SELECT city || ' ' || country FROM orders") == "Austin US"
    hand.go("pack")
    hand.press(F.Key_F3)
    hand.hears("done", "1 label printed.")
    assert (state_of(hand, "N-1"), parcel_state(hand, "N-1")) == ("packed", "labelled")
    hand.go("stage")
    hand.scan(label_of(hand, "N-1"))
    hand.hears("ok", "Carry it to lane STD-12")
    assert hand.verified()


def test_an_order_in_two_boxes_leaves_whole_and_every_step_can_be_taken_back(
    hand: Hand, floor: Floor, tmp_path: Path
) -> None:
    floor.add_stock("TEA", "A-02-1", 5, "LOT-7", date(2027, 6, 30))
    file = order_file(tmp_path, {"order_number": "B-1", "sku": "TEA", "quantity": "3"})
    walk(hand, take_in_and_release(hand, file, way="2"), "T-1")
    hand.go("pack")
    hand.scan(own("TOTE", "T-1"))
    hand.scan(TEA)
    hand.scan(TEA)
    hand.press(F.Key_F9)
    assert hand.one("SELECT sum(quantity) FROM parcel_items") == 1
    hand.scan(TEA)
    hand.press(F.Key_F5)
    assert hand.view.step == "weigh"
    hand.press(F.Key_F7, str(2 * 120 + 90))
    hand.hears("done", "Stick the label on.")
    assert state_of(hand, "B-1") != "packed"
    first = label_of(hand, "B-1")
    hand.keep("day-pack-first-box")
    hand.scan(TEA)
    assert hand.view.step == "weigh"
    hand.press(F.Key_F7, str(120 + 90))
    hand.hears("done", "Stick the label on.")
    second = label_of(hand, "B-1")
    assert first != second
    assert state_of(hand, "B-1") == "packed"
    assert hand.all("SELECT DISTINCT lot FROM parcel_items") == ["LOT-7"]

    hand.go("stage")
    hand.scan(own("LANE", "STD-12"))
    hand.scan(first)
    assert state_of(hand, "B-1") == "packed"
    hand.press(F.Key_F9)
    hand.hears("ok", "B-1 is out of its lane again.")
    hand.scan(first)
    hand.scan(second)
    assert state_of(hand, "B-1") == "staged"
    hand.go("pickup")
    hand.scan(own("LANE", "STD-12"))
    hand.scan(second)
    hand.press(F.Key_F9)
    hand.hears("ok", "B-1 is off the truck.", "STD-12")
    hand.scan(first)
    hand.scan(first)
    assert hand.told.kind == "bad"
    hand.scan(second)
    hand.hears("done", "That was the last of the lane.")
    hand.press(F.Key_F10, "", "Sam Driver, TRUCK-1")
    hand.hears("done", "The truck has left with 2 parcels.", "1 order handed over.")
    assert state_of(hand, "B-1") == "handed_over"
    assert hand.verified()
