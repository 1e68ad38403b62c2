"""The finished window, by key events alone: sign in, and an order from its list to the truck.

The scanner is a keyboard: every scan is a burst of real key events ended by Enter.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from wms_app.app import open_store
from wms_app.base.codes import new_id, own
from wms_app.desk import style
from wms_app.desk.scanner import Habit
from wms_app.office.day.eyes import Eyes
from wms_app.office.people import service as people
from wms_app.office.setup.sample import load_sample
from wms_app.office.verify.service import verify
from wms_app.settings import Settings
from wms_app.window import Workstation

PICTURES = os.environ.get("DOCK_PICTURES", "")  # a folder to keep what the window looked like


class Hand:
    """A person at the workstation: keys and scans, and what the window says then."""

    def __init__(self, station: Workstation, qtbot: QtBot) -> None:
        self.window = station.window
        self._qtbot = qtbot

    @property
    def view(self) -> Any:
        return self.window.view

    def until(self, what: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(what, timeout=8_000)

    def scan(self, raw: str) -> str:
        """Scan, wait for the answer, give its words."""
        self.settle()
        answered = lambda told: told.verb == "scan"  # noqa: E731
        with self._qtbot.waitSignal(self.window.told, timeout=8_000, check_params_cb=answered):
            target = self.window.focusWidget() or self.window
            for character in raw:
                QTest.keyClick(target, character)  # type: ignore[call-overload]
            QTest.keyClick(target, Qt.Key.Key_Return)
        return self.window.answer_text

    def type(self, number: int) -> None:
        """Type how many, slowly as a person does, and press Enter."""
        self.settle()
        answered = lambda told: told.verb == "scan"  # noqa: E731
        with self._qtbot.waitSignal(self.window.told, timeout=8_000, check_params_cb=answered):
            for digit in str(number):
                QTest.keyClick(self.window.focusWidget() or self.window, digit)  # type: ignore[call-overload]
                self._qtbot.wait(400)
            QTest.keyClick(self.window.focusWidget() or self.window, Qt.Key.Key_Return)

    def press(self, key: Qt.Key, text: str = "") -> None:
        """A function key; with `text`, the question it asks is answered by typing."""
        QTest.keyClick(self.window.focusWidget() or self.window, key)
        if text:
            self.until(lambda: self.window.shell.prompt.question is not None)
            QTest.keyClicks(self.window.focusWidget(), text, delay=90)
            self._qtbot.wait(200)
            QTest.keyPress(self.window.focusWidget(), Qt.Key.Key_Return)

    def answer(self, text: str) -> None:
        """Answer what is asked, and the plain question whether one is sure, by Enter."""
        prompt = self.window.shell.prompt
        while prompt.question is not None:
            if prompt.question.kind == "text":
                QTest.keyClicks(self.window.focusWidget(), text, delay=90)
            self._qtbot.wait(200)
            QTest.keyPress(self.window.focusWidget() or self.window, Qt.Key.Key_Return)
            self._qtbot.wait(200)

    def go(self, room: str) -> None:
        """Enter a room by Alt and its number."""
        self.settle()
        place = self.window.allowed.index(room) + 1
        target = self.window
        if place < 10:
            QTest.keyClick(target, getattr(Qt.Key, f"Key_{place}"), Qt.KeyboardModifier.AltModifier)
        else:
            self.window.go(room)
        self.until(lambda: self.window.current == room and self.view is not None)

    def settle(self) -> None:
        """Wait until the worker has nothing to do."""
        self.until(self.window._worker.idle)
        self._qtbot.wait(60)

    def enter(self, room: str) -> None:
        """Enter a room, by whatever key."""
        self.window.go(room)
        self.until(lambda: self.window.current == room and self.view is not None)

    def keep(self, name: str) -> None:
        """Keep a picture when a folder for them is given."""
        if PICTURES:
            self._qtbot.wait(150)
            self.window.grab().save(str(Path(PICTURES) / f"{name}.png"))


@pytest.fixture
def station(qtbot: QtBot, tmp_path: Path) -> Iterator[Workstation]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    style.apply(app, "light")
    store = open_store(f"sqlite:///{tmp_path / 'dock.sqlite'}")
    store.create()
    load_sample(store, today=True)
    settings = Settings(station="P1", papers=str(tmp_path / "papers"), sound=False)
    workstation = Workstation(store, settings)
    # A busy machine delivers the keys of a scan slowly; what a scan is, tests of the desk tell.
    workstation.window.scanner.habit = Habit(gap_ms=150, bounce_ms=1)
    qtbot.addWidget(workstation.window)
    workstation.window.show()
    qtbot.waitExposed(workstation.window)
    yield workstation
    workstation.close()


def badge_of(station: Workstation, name: str) -> str:
    """A fresh badge for a person of the sample."""
    from sqlalchemy import select

    from wms_app.app import console
    from wms_app.office.people.model import User

    store = station.station.store
    with store.read() as tx:
        number = int(tx.scalar(select(User.id).where(User.name == name)))
    who = console(store)
    return store.write(new_id(), who, "badge_made", lambda tx: people.new_badge(tx, number))


def test_an_order_goes_from_its_file_to_the_truck_by_keys_and_scans_alone(
    station: Workstation, qtbot: QtBot
) -> None:
    hand = Hand(station, qtbot)
    eyes = Eyes(station.station.store, 1)
    hand.until(lambda: hand.view is not None)
    hand.keep("sign-in")
    hand.scan(badge_of(station, "Admin"))
    hand.until(lambda: hand.window.current == "today" and hand.view is not None)
    hand.keep("today")

    hand.go("orders")
    hand.keep("orders")
    hand.go("release")
    hand.press(Qt.Key.Key_F3)
    hand.until(lambda: bool(hand.view.groups))
    hand.press(Qt.Key.Key_F4)
    hand.until(lambda: bool(hand.view.chosen))
    hand.keep("release")
    hand.window.commands.start("release", "auto")
    hand.until(lambda: bool(hand.view.made))

    hand.go("pick")
    hand.scan(own("LIST", eyes.lists("pick-list")[0]))
    assert hand.view.step == "bin"
    before = hand.view
    wrong = next(code for code in eyes.bins() if code != before.bin)
    assert "bin" in hand.scan(own("BIN", wrong)).lower()
    assert hand.view.step == "bin"
    hand.keep("pick-refused")
    walk(hand, eyes)
    hand.keep("pick-done")
    assert hand.view.totes

    hand.go("pack")
    tote = hand.view and eyes.totes()[0]
    hand.scan(own("TOTE", str(tote)))
    for goods in eyes.in_tote(str(tote)):
        hand.scan(goods.code)
        if goods.pieces > 1:
            hand.type(goods.pieces)
    hand.keep("pack")
    assert hand.view.step == "weigh"
    hand.press(Qt.Key.Key_F7, str(eyes.weight_of(str(tote))))
    hand.until(lambda: hand.view.step == "stick")
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
    hand.press(Qt.Key.Key_F10)
    hand.until(lambda: hand.window.shell.prompt.question is not None)
    hand.answer("Sam Driver, TRUCK-1")
    hand.until(lambda: bool(hand.view.printed_to))
    hand.keep("pickup-left")
    with station.station.store.read() as tx:
        assert verify(tx) == []
    size = hand.window.size()
    assert (size.width(), size.height()) == (1280, 800)
    hand.press(Qt.Key.Key_F12)
    hand.until(lambda: hand.window.current == "sign-in")


def walk(hand: Hand, eyes: Eyes) -> None:
    """Bin, pieces, tote until the list is done."""
    for _turn in range(400):
        view = hand.view
        match view.step:
            case "bin":
                hand.scan(own("BIN", view.bin))
            case "item":
                hand.scan(view.item_codes[0])
                if hand.view.step == "item" and hand.view.taken < hand.view.take:
                    hand.type(hand.view.take)
            case "tote":
                hand.scan(own("TOTE", view.tote or eyes.free_tote()))
            case _:
                return
    raise AssertionError("the walk does not end")


def test_every_room_can_be_entered_in_both_languages_and_themes(
    station: Workstation, qtbot: QtBot
) -> None:
    hand = Hand(station, qtbot)
    hand.until(lambda: hand.view is not None)
    hand.scan(badge_of(station, "Admin"))
    hand.until(lambda: hand.window.current == "today" and hand.view is not None)
    for language, theme in (("en", "dark"), ("zh_CN", "light")):
        hand.window.use_language(language)
        hand.window.use_theme(theme)  # type: ignore[arg-type]
        for room in list(hand.window.allowed):
            hand.enter(room)
            hand.keep(f"{room}-{theme}-{language}")
            size = hand.window.size()
            assert (size.width(), size.height()) == (1280, 800)
