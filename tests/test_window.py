"""The finished window on the sample, by key events alone: from sign-in to the truck, every room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from wms_app.app import open_store
from wms_app.base import texts
from wms_app.base.codes import own
from wms_app.desk import style
from wms_app.office.day.eyes import Eyes
from wms_app.office.setup.sample import load_sample

F = Qt.Key


@pytest.fixture
def hand(tmp_path: Path, qtbot: QtBot) -> Iterator[Hand]:
    """Whoever comes first to the window of the sample warehouse."""
    store = open_store(f"sqlite:///{tmp_path / 'dock.sqlite'}")
    store.create()
    load_sample(store, today=True)
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        yield hand


def test_an_order_of_the_sample_goes_from_release_to_the_truck(hand: Hand) -> None:
    eyes = Eyes(hand.store, 1)
    hand.keep("sign-in")
    hand.sign_in("Admin")
    assert hand.window.current == "today"
    hand.keep("today")
    hand.go("orders")
    hand.keep("orders")
    hand.go("release")
    hand.press(F.Key_F3)
    assert hand.view.groups
    hand.press(F.Key_F4)
    hand.keep("release")
    hand.press(F.Key_F6, "1")
    assert len(hand.view.made) > 1

    hand.go("pick")
    hand.scan(own("LIST", eyes.lists("pick-list")[0]))
    wrong = next(code for code in eyes.bins() if code != hand.view.bin)
    hand.scan(own("BIN", wrong))
    hand.hears("bad", wrong)
    hand.keep("pick-refused")
    walk(hand, eyes)
    hand.keep("pick-done")
    assert hand.view.totes

    hand.go("pack")
    tote = eyes.totes()[0]
    hand.scan(own("TOTE", tote))
    for goods in eyes.in_tote(tote):
        hand.scan(goods.code)
        if goods.pieces > 1:
            hand.type(str(goods.pieces))
    hand.keep("pack")
    assert hand.view.step == "weigh"
    hand.press(F.Key_F7, str(eyes.weight_of(tote)))
    assert hand.view.step == "stick"
    hand.keep("pack-labelled")

    hand.go("stage")
    tracking, lane = eyes.parcels("labelled")[0]
    hand.scan(tracking)
    hand.scan(own("LANE", lane))
    hand.keep("stage")
    hand.go("pickup")
    hand.scan(own("LANE", lane))
    hand.scan(tracking)
    hand.keep("pickup")
    hand.press(F.Key_F10, "", "Sam Driver, TRUCK-1")
    hand.hears("done", "The truck has left with 1 parcel.")
    assert hand.view.printed_to
    hand.keep("pickup-left")
    assert hand.verified()
    hand.key(F.Key_F12)
    hand.until(lambda: hand.window.current == "sign-in")


def walk(hand: Hand, eyes: Eyes) -> None:
    """Bin, pieces, tote until the list is done."""
    while hand.view.step != "done":
        view = hand.view
        if view.step == "bin":
            hand.scan(own("BIN", view.bin))
        elif view.step == "item":
            hand.scan(view.item_codes[0])
            if hand.view.step == "item" and hand.view.taken < hand.view.take:
                hand.type(str(hand.view.take))
        else:
            hand.scan(own("TOTE", view.tote or eyes.free_tote()))
        assert hand.told.kind in ("ok", "done"), hand.told


def test_every_room_is_entered_by_keys_in_both_languages_and_themes(hand: Hand) -> None:
    hand.sign_in("Admin")
    control = Qt.KeyboardModifier.ControlModifier
    for language, theme, key in (("en", "dark", F.Key_T), ("zh_CN", "dark", F.Key_L)):
        hand.key(key, held=control)
        assert (texts.language(), style.theme()) == (language, theme)
        for room in list(hand.window.allowed):
            hand.go(room)
            hand.keep(f"{room}-{theme}-{language}")
    hand.key(F.Key_T, held=control)
    for room in list(hand.window.allowed):
        hand.go(room)
        hand.keep(f"{room}-light-zh_CN")
