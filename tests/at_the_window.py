"""A person at the real window: every key is a key event that carries the time of its press.

A scanner's burst and a person's typing are told apart by those times alone, so nothing here waits
for a clock: a busy machine sees the same presses. Nothing is asked of presenters or services; what
a person would see on goods, labels and signs is read from the store.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from wms_app.app import console
from wms_app.base.codes import new_id, own
from wms_app.base.conversation import Answer
from wms_app.base.db import Store
from wms_app.desk import style
from wms_app.desk.frame import Told
from wms_app.desk.screen import Screen
from wms_app.desk.words import plain
from wms_app.office.people import service as people
from wms_app.office.verify.service import verify
from wms_app.settings import Settings
from wms_app.window import Workstation

PICTURES = os.environ.get("DOCK_PICTURES", "")  # a folder to keep what the window looked like
ENDLESS_MS = 30_000
SCANNER_MS, PERSON_MS, PAUSE_MS = 4, 160, 1_000  # between two keys, and between two deeds
_NO = Qt.KeyboardModifier.NoModifier


class Hand:
    """Keys and scans, and what the window says then."""

    def __init__(self, workstation: Workstation, qtbot: QtBot) -> None:
        self.workstation = workstation
        self.window = workstation.window
        self.store: Store = workstation.station.store
        self._qtbot = qtbot
        self._pressed_at = PAUSE_MS
        self.told = Answer("ok", "")  # the last answer of a room, as the band showed it

    @property
    def view(self) -> Any:
        """What the room shows."""
        return self.window.view

    @property
    def screen(self) -> Screen:
        """The room as it is drawn."""
        screen = self.window.screen_shown
        assert screen is not None
        return screen

    @property
    def asked(self) -> str:
        """What the open question says, "" when nothing is asked."""
        question = self.window.shell.prompt.question
        return "" if question is None else f"{question.title} {question.prompt}".strip()

    @property
    def pan_was_empty(self) -> bool:
        """Whether the scale has seen the empty pan for long enough: the next load counts."""
        reading = self.workstation.station.scale.read()
        return reading is not None and reading.fresh and reading.grams == 0

    def hears(self, kind: str, *words: str) -> None:
        """The band says it in this colour, and these words are in what it says."""
        said = f"{self.told.text}\n{self.told.detail}"
        assert self.told.kind == kind, said
        assert [part for part in words if part not in said] == [], said

    def until(self, what: Callable[[], bool]) -> None:
        """Go on when it is so; a test fails when it never is."""
        self._qtbot.waitUntil(what, timeout=ENDLESS_MS)

    def settle(self) -> None:
        """Until everything that was asked is answered and shown."""
        self.until(self.workstation.worker.idle)
        QCoreApplication.processEvents()

    def scan(self, raw: str) -> Answer:
        """A burst of the scanner, and the room's answer."""
        with self._answer("scan"):
            self._burst(raw)
        return self.told

    def type(self, words: str) -> Answer:
        """Type with the fingers, Enter; the room takes it as if it were scanned."""
        with self._answer("scan"):
            self.fill(words)
            self.key(Qt.Key.Key_Return)
        return self.told

    def fill(self, words: str) -> None:
        """Type with the fingers, and no Enter yet."""
        for character in words:
            self.key(_key_of(character), character)

    def clear_field(self) -> None:
        """Empty the field that has the cursor."""
        self.key(Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
        self.key(Qt.Key.Key_Delete)

    def tab_to(self, shows: str) -> None:
        """Tab on until the cursor is in the field that holds these words."""
        for _turn in range(40):
            field = self.window.focusWidget()
            if isinstance(field, QLineEdit) and field.text() == shows:
                return
            self.key(Qt.Key.Key_Tab)
        raise AssertionError(f"no field with {shows!r} is reached by Tab")

    def tab_to_field(self, name: str) -> None:
        """Tab on until the cursor is in the field of that name."""
        for _turn in range(40):
            field = self.window.focusWidget()
            if field is not None and field.objectName() == name:
                return
            self.key(Qt.Key.Key_Tab)
        raise AssertionError(f"the field {name} is not reached by Tab")

    def press(self, key: Qt.Key, *answers: str) -> Answer:
        """A function key; what it asks is answered in turn: "" is Enter (yes), a digit chooses."""
        with self._answer("act"):
            self.key(key)
            self._reply_all(answers)
        return self.told

    def command(self, name: str, *answers: str) -> Answer:
        """A code of the command sheet, scanned; what it asks is answered as after a key."""
        with self._answer("act"):
            self._burst(own("CMD", name))
            self._reply_all(answers)
        return self.told

    def _reply_all(self, answers: Sequence[str]) -> None:
        for answer in answers:
            self.until(lambda: bool(self.asked))
            self.reply(answer)

    def reply(self, answer: str) -> None:
        """Answer the question that is asked; a choice is made by its digit alone."""
        prompt = self.window.shell.prompt
        question = prompt.question
        assert question is not None
        self.fill(answer)
        if question.choices and answer in "123456789":
            self.until(lambda: prompt.question is not question)
        else:
            self.key(Qt.Key.Key_Return)

    def key(self, key: Qt.Key, text: str = "", held: Qt.KeyboardModifier = _NO) -> None:
        """One press by a finger; the next comes when the window has done with it."""
        self._pressed_at += PERSON_MS
        self._send(key, text, held)
        QCoreApplication.processEvents()

    def go(self, room: str) -> None:
        """Into a room: by Alt and its number, beyond the ninth by the key for the next room."""
        self.settle()
        place = self.window.allowed.index(room)
        if place < 9:
            key = getattr(Qt.Key, f"Key_{place + 1}")
            self.key(key, str(place + 1), Qt.KeyboardModifier.AltModifier)
        else:
            self.go(self.window.allowed[8])
            for _further in range(place - 8):
                self.key(Qt.Key.Key_PageDown, held=Qt.KeyboardModifier.ControlModifier)
        self.until(lambda: self.window.current == room and self.view is not None)
        self.settle()

    def sign_in(self, name: str) -> None:
        """With a badge that was just made, whoever was signed in."""
        if self.window.allowed:
            self.settle()
            self.key(Qt.Key.Key_F12)
        self.until(lambda: self.window.current == "sign-in" and self.view is not None)
        self.scan(badge_of(self.store, name))
        self.until(lambda: self.window.current not in ("", "sign-in") and self.view is not None)
        self.settle()

    def keep(self, name: str) -> None:
        """Keep a picture when a folder for them is given; the window never grows."""
        size = self.window.size()
        assert (size.width(), size.height()) == style.SMALLEST
        if PICTURES:
            self.settle()
            self._qtbot.wait(60)
            self.window.grab().save(str(Path(PICTURES) / f"{name}.png"))

    def one(self, statement: str, **values: Any) -> Any:
        """The first cell of what the store says."""
        with self.store.read() as tx:
            return tx.execute(text(statement), values).scalar()

    def all(self, statement: str, **values: Any) -> list[Any]:
        """The first cells of all rows of what the store says."""
        with self.store.read() as tx:
            return list(tx.execute(text(statement), values).scalars())

    def verified(self) -> bool:
        """Whether every truth of the store holds."""
        self.settle()
        with self.store.read() as tx:
            assert verify(tx) == []
        return True

    def _burst(self, raw: str) -> None:
        self._pressed_at += PAUSE_MS
        for character in raw:
            self._pressed_at += SCANNER_MS
            self._send(_key_of(character), character, _NO)
        self._pressed_at += SCANNER_MS
        self._send(Qt.Key.Key_Return, "\r", _NO)

    def _send(self, key: Qt.Key, text: str, held: Qt.KeyboardModifier) -> None:
        """Press and let go, as the system brings keys to a window: it finds where the cursor is."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, held, text)
            event.setTimestamp(self._pressed_at)
            QCoreApplication.sendEvent(self.window.windowHandle(), event)

    @contextmanager
    def _answer(self, verb: str) -> Iterator[None]:
        """Wait for the room's answer to what is done inside, and to all that follows from it."""
        self.settle()

        def answers(told: Told) -> bool:
            return told.verb == verb

        signal = self.window.told
        with self._qtbot.waitSignal(signal, timeout=ENDLESS_MS, check_params_cb=answers) as came:
            yield
        self.settle()
        told = came.args[0]
        assert not told.report, "a bug was caught"
        kind, words, detail = told.answer.kind, told.answer.text, told.answer.detail
        self.told = Answer(kind, plain(words), plain(detail))
        if self.window.current == told.room:
            assert self.window.answer_text == self.told.text


def _key_of(character: str) -> Qt.Key:
    """The key that a character is on, as Qt numbers the keys of ASCII."""
    return Qt.Key(ord(character.upper())) if character.isascii() else Qt.Key.Key_unknown


def badge_of(store: Store, name: str) -> str:
    """A fresh badge for a person who works here."""
    with store.read() as tx:
        number = tx.execute(text("SELECT id FROM users WHERE name = :name"), {"name": name})
        user_id = int(number.scalar_one())
    return store.write(
        new_id(), console(store), "badge_made", lambda tx: people.new_badge(tx, user_id)
    )


@contextmanager
def at_the_window(store: Store, papers: Path, qtbot: QtBot) -> Iterator[Hand]:
    """The whole workstation on a store, in a window of the smallest size; closed after."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    style.apply(app, "light")
    workstation = Workstation(store, Settings(station="P1", papers=str(papers), sound=False))
    qtbot.addWidget(workstation.window)
    workstation.window.resize(*style.SMALLEST)
    workstation.window.show()
    workstation.window.activateWindow()
    qtbot.waitUntil(workstation.window.isActiveWindow, timeout=ENDLESS_MS)
    hand = Hand(workstation, qtbot)
    hand.until(lambda: hand.view is not None)
    yield hand
    workstation.close()
