"""Tells a scanner from a person typing, whichever widget has the focus.

A scanner is a keyboard that types a code in one burst and ends it with Enter or Tab (or with a
prefix and suffix that it was set to). Characters that may be the beginning of a burst are held
back for a moment; if it was a person, they go where they were going, in order, so a scan never
leaves anything in a text field and typing never loses anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from wms_app.base.codes import Scan
from wms_app.desk.keys import SEPARATORS, Key, copy_of, reading, us_text

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_LATE_MS = 30  # a timer this late means that the window was busy: keys may be waiting
_DOUBLED_MS = 12
_LEAST = 3  # shorter codes are taken as typed; Enter in the scan line makes them a scan too


@dataclass(frozen=True)
class Habit:
    """How the station's scanner types.

    `prefix` / `suffix`: what it was set to send around a code ("" for none; the suffix is then
    Enter or Tab). `gap_ms`: the longest average time between its keys. `bounce_ms`: the same code
    within this time is a bouncing trigger where the step does not expect another piece.
    """

    prefix: str = ""
    suffix: str = ""
    gap_ms: int = 35
    bounce_ms: int = 300
    layout: Literal["auto", "us", "as_typed"] = "auto"


class Scanner(QObject):
    """Sees every press for its window; `scanned` gives readings in the order they came.

    `typed(text)`: what a person typed while no text field had the focus.
    `expects_repeat` says whether the present step may want the same code again at once; `hot_key`
    is offered every key that is no character (F9, Ctrl+K) and says whether it took it.
    """

    scanned = Signal(Scan)
    typed = Signal(str)

    def __init__(
        self,
        habit: Habit | None = None,
        expects_repeat: Callable[[], bool] = lambda: False,
        hot_key: Callable[[QKeyEvent], bool] = lambda _event: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.habit = habit or Habit()
        self._expects_repeat = expects_repeat
        self._hot_key = hot_key
        self._window: QWidget | None = None
        self._held: list[Key] = []
        self._passing = 0
        self._last_end: Key | None = None
        self._doubles_within = 0.0  # a second end sooner than this is the scanner's (CR and LF)
        self._last_raw = ""
        self._last_scan_at: Key | None = None
        self._since = 0.0  # when the last key was seen
        self._gave_time = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._waited)

    def attach(self, app: QApplication, window: QWidget) -> None:
        """Begin to listen for `window`, whichever of its widgets has the focus.

        Not to the whole application: every event of every widget would then wait for Python, and
        while the worker computes that made a picture of the window ten times slower.
        """
        self._window = window
        window.installEventFilter(self)
        if handle := window.windowHandle():
            handle.installEventFilter(self)
        app.focusChanged.connect(self._follow)
        self._follow(None, app.focusWidget())

    def detach(self, app: QApplication) -> None:
        """Listen no more."""
        if self._window is None:
            return
        app.focusChanged.disconnect(self._follow)
        self._window = None

    def feed(self, raw: str) -> None:
        """A reading from a device that is no keyboard (camera, serial port)."""
        self._read(raw, None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or self._passing or self._window is None:
            return False
        if not isinstance(event, QKeyEvent):
            return False
        return self._press(self._key(watched, event))

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        """The focus moved: listen where it is."""
        if before is not None and before is not self._window:
            before.removeEventFilter(self)
        if now is not None and now is not self._window and now.window() is self._window:
            now.installEventFilter(self)

    def _press(self, key: Key) -> bool:
        """Whether the press was taken; what is not taken goes on its way."""
        event = key.event
        if self._is_end(key):
            return self._end(key)
        if not _prints(key, self.habit) or event.isAutoRepeat():
            if _is_modifier(event):
                return False
            self._let_go()
            return self._hot_key(event)
        if self._held and key.after(self._held[-1]) > self._patience():
            self._let_go()
        if not self._may_begin(key):
            self._pass_on(key)
            return True
        self._held.append(key)
        if self._is_typing():
            self._let_go()
        else:
            self._timer.start(self._patience())
        return True

    def _may_begin(self, key: Key) -> bool:
        if self._held:
            return True
        if self.habit.prefix:
            return key.text == self.habit.prefix[0]
        # A space begins no code; a button that is pressed by it must see press and release.
        return key.text != " "

    def _is_typing(self) -> bool:
        text = "".join(key.text for key in self._held)
        prefix = self.habit.prefix
        if prefix:
            return text[: len(prefix)] != prefix[: len(text)]
        return len(self._held) >= 2 * _LEAST and self._average() > self.habit.gap_ms

    def _is_end(self, key: Key) -> bool:
        if self.habit.suffix:
            return key.text == self.habit.suffix
        keypad = Qt.KeyboardModifier.KeypadModifier
        if key.event.key() in _ENDS and not key.event.modifiers() & ~keypad:
            return True
        # Some scanners send a line feed, as a key of its own or as Ctrl+J.
        return key.text in ("\r", "\n") and bool(self._held or self._doubles(key))

    def _doubles(self, key: Key) -> bool:
        """Whether the press comes so soon after the end of a scan that the scanner sent it too."""
        last = self._last_end
        return last is not None and 0 <= key.after(last) <= self._doubles_within

    def _end(self, key: Key) -> bool:
        """The end of a burst; an Enter of its own, or one that doubles the end, is told apart."""
        held = self._held
        if not held:
            return self._doubles(key)
        quick = self._average() <= self.habit.gap_ms and key.after(held[-1]) <= self._patience()
        long_enough = len(held) >= _LEAST
        if not (self.habit.prefix or (quick and long_enough)):
            self._let_go()
            return False
        self._timer.stop()
        self._doubles_within = max(_DOUBLED_MS, 2 * self._average())
        self._held = []
        self._last_end = key
        self._read(reading(held, self.habit.layout)[len(self.habit.prefix) :], key)
        return True

    def _read(self, raw: str, key: Key | None) -> None:
        key = key or self._now_key()
        before, self._last_scan_at = self._last_scan_at, key
        same, self._last_raw = raw == self._last_raw, raw
        soon = before is not None and 0 <= key.after(before) < self.habit.bounce_ms
        if not (same and soon) or self._expects_repeat():
            self.scanned.emit(Scan(raw))

    def _average(self) -> float:
        """Milliseconds between the held keys, on average."""
        if len(self._held) < 2:
            return 0
        return self._held[-1].after(self._held[0]) / (len(self._held) - 1)

    def _patience(self) -> int:
        """How long the next key of a burst may take."""
        return 150 if self.habit.prefix else 2 * self.habit.gap_ms

    def _waited(self) -> None:
        if not self._held:
            return
        since = monotonic() * 1000 - self._since
        if since > self._patience() + _LATE_MS and not self._gave_time:
            self._gave_time = True
            self._timer.start(10)  # the window was busy: first take the keys that wait
            return
        self._let_go()

    def _let_go(self) -> None:
        """It was a person: give the held characters to where they were going."""
        self._timer.stop()
        held, self._held = self._held, []
        for key in held:
            self._pass_on(key)

    def _pass_on(self, key: Key) -> None:
        target = key.target
        if target is None or not takes_text(target):
            if key.text == " " and target is not None:
                self._send(target, key.event)
            elif key.text.isprintable():
                self.typed.emit(key.text)
            return
        self._send(target, key.event)

    def _send(self, target: QWidget, event: QKeyEvent) -> None:
        self._passing += 1
        try:
            QCoreApplication.sendEvent(target, event)
        finally:
            self._passing -= 1

    def _key(self, watched: QObject, event: QKeyEvent) -> Key:
        target = watched if isinstance(watched, QWidget) else QApplication.focusWidget()
        if watched is self._window:
            target = self._window.focusWidget() or self._window
        stamp = event.timestamp()
        self._since = monotonic() * 1000
        self._gave_time = False
        moment = float(stamp) if stamp else self._since
        return Key(event.text(), us_text(event), moment, bool(stamp), copy_of(event), target)

    def _now_key(self) -> Key:
        nothing = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier(0))
        return Key("", "", monotonic() * 1000, False, nothing, None)


def takes_text(widget: QWidget) -> bool:
    """Whether what is typed belongs to `widget`."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly() and widget.isEnabled()
    if isinstance(widget, QComboBox):
        return True
    return isinstance(widget, QAbstractSpinBox) or bool(widget.property("takes_keys"))


def _prints(key: Key, habit: Habit) -> bool:
    """Whether the press gives a character of a code."""
    text = key.text
    if not text:
        return False
    if text in SEPARATORS or text in habit.prefix:
        return True
    if key.us_text == "\x1d":
        return True
    held = key.event.modifiers()
    control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
    alone = Qt.KeyboardModifier.AltModifier
    if held & control or held & alone:
        return False
    return text.isprintable()


def _is_modifier(event: QKeyEvent) -> bool:
    return event.key() in (
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    )
