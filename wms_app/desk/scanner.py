"""Tells a scanner from a person typing, whichever widget has the focus.

A scanner is a keyboard that types a code in one burst and ends it with Enter or Tab, or with the
suffix that it was set to; what begins with its prefix is a code at any speed. Scanners without
them are heard beside it. Characters that may be the beginning of a burst are held
back for a moment; if it was a person, they go where they were going, in order, so a scan never
leaves anything in a text field and typing never loses anything. Two scanners may type one right
after the other; what they type at the same moment is mixed before it reaches the computer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodQueryEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from wms_app.base import gs1
from wms_app.base.codes import Scan
from wms_app.desk.keys import SEPARATORS, Key, Layout, copy_of, readings, us_text

ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_LATE_MS = 30  # a timer this late means that the window was busy: keys may be waiting
_DOUBLED_MS = 12
_LEAST = 3  # shorter codes are taken as typed; Enter in the scan line makes them a scan too


@dataclass(frozen=True)
class Habit:
    """How the station's scanner types.

    `prefix` / `suffix`: what it was set to send around a code ("" for none; Enter or Tab end a
    code anyway). `gap_ms`: the longest average time between its keys. `bounce_ms`: the same code
    within this time is a bouncing trigger where the step does not expect another piece.
    `layout`: whether its keys are read as on a US keyboard; "auto" learns it from its codes.
    `separator`: a sign that it types where GS1 codes have GS, "" when it types GS itself.
    """

    prefix: str = ""
    suffix: str = ""
    gap_ms: int = 35
    bounce_ms: int = 300
    layout: Literal["auto", "us", "as_typed"] = "auto"
    separator: str = ""


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
        self.tap: Callable[[Key], bool] | None = None  # who learns a scanner takes its keys raw
        self.use(habit or Habit())
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

    def use(self, habit: Habit) -> None:
        """The scanner types so from now on."""
        self.habit = habit
        self._layout = Layout(habit.layout)

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
        """A reading from a device that is no keyboard (camera, serial port): it loses nothing."""
        self._read(gs1.unbroken(raw), None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.InputMethodQuery:
            return _refuses_input_method(watched, event)
        if event.type() != QEvent.Type.KeyPress or self._passing or self._window is None:
            return False
        if not isinstance(event, QKeyEvent):
            return False
        key = self._key(watched, event)
        if self.tap is not None and not self._held and self.tap(key):
            return True
        return self._press(key)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        """The focus moved: listen where it is."""
        if before is not None and before is not self._window:
            before.removeEventFilter(self)
        if now is None or now.window() is not self._window:
            return
        if now is not self._window:
            now.installEventFilter(self)
        QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImEnabled)  # is asked anew

    def _press(self, key: Key) -> bool:
        """Whether the press was taken; what is not taken goes on its way."""
        event = key.event
        if self._is_end(key):
            return self._end(key)
        if not prints(key, self.habit) or event.isAutoRepeat():
            if _is_modifier(event):
                return False
            self._let_go()
            return self._hot_key(event)
        if self._held and key.after(self._held[-1]) > self._patience():
            self._let_go()
        if not self._held and key.text == " " and not self.habit.prefix.startswith(" "):
            # A space begins no code; a button that is pressed by it must see press and release.
            self._pass_on(key)
            return True
        self._held.append(key)
        if self._ends_with_suffix():
            return self._end(key, len(self.habit.suffix))
        if self._is_typing():
            self._let_go()
        else:
            self._timer.start(self._patience())
        return True

    def _has_prefix(self) -> bool:
        """Whether what is held begins as the prefix says, as far as it goes."""
        prefix = self.habit.prefix
        begun = readings(self._held[: len(prefix)])
        return bool(prefix) and any(prefix.startswith(said) for said in begun)

    def _ends_with_suffix(self) -> bool:
        suffix = self.habit.suffix
        return bool(suffix) and suffix in readings(self._held[-len(suffix) :])

    def _is_typing(self) -> bool:
        if self._has_prefix():
            return False
        return len(self._held) >= 2 * _LEAST and self._average() > self.habit.gap_ms

    def _is_end(self, key: Key) -> bool:
        keypad = Qt.KeyboardModifier.KeypadModifier
        if key.event.key() in ENDS and not key.event.modifiers() & ~keypad:
            return True
        # Some scanners send a line feed, as a key of its own or as Ctrl+J.
        return key.text in ("\r", "\n") and bool(self._held or self._doubles(key))

    def _doubles(self, key: Key) -> bool:
        """Whether the press comes so soon after the end of a scan that the scanner sent it too."""
        last = self._last_end
        return last is not None and 0 <= key.after(last) <= self._doubles_within

    def _end(self, key: Key, suffix: int = 0) -> bool:
        """The end of a burst; an Enter of its own, or one that doubles the end, is told apart.

        The last `suffix` of the held keys are the suffix. Gives whether the press was taken.
        """
        held = self._held
        if not held:
            return self._doubles(key)
        quick = self._average() <= self.habit.gap_ms and key.after(held[-1]) <= self._patience()
        prefix = len(self.habit.prefix) if self._has_prefix() else 0
        code = held[prefix : len(held) - suffix]
        if not code or not (prefix or (quick and len(code) >= _LEAST)):
            self._let_go()
            return bool(suffix)
        self._timer.stop()
        self._doubles_within = max(_DOUBLED_MS, 2 * self._average())
        self._held = []
        self._last_end = key
        self._read(self._with_separators(self._layout.reading(code)), key)
        return True

    def _with_separators(self, raw: str) -> str:
        """The scanner's own sign for GS is one only where that makes element strings of a code."""
        sign = self.habit.separator
        if not sign or sign not in raw:
            return raw
        separated = raw.replace(sign, gs1.GS)
        return separated if gs1.elements(gs1.without_identifier(separated)) else raw

    def _read(self, raw: str, key: Key | None) -> None:
        raw = gs1.without_identifier(raw)
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
        return 150 if self._has_prefix() else 2 * self.habit.gap_ms

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
        if target is not None and not isValid(target):
            return  # the room it was typed in was left meanwhile
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


def wants_words(widget: QWidget) -> bool:
    """Whether a person may want to write words of any language there, by an input method."""
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    if not widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
        return False
    if isinstance(widget, QLineEdit):
        numbers = Qt.InputMethodHint.ImhDigitsOnly
        secret = widget.echoMode() != QLineEdit.EchoMode.Normal
        return not (widget.isReadOnly() or secret or widget.inputMethodHints() & numbers)
    return isinstance(widget, QPlainTextEdit | QTextEdit) and not widget.isReadOnly()


def _refuses_input_method(widget: QObject, event: QEvent) -> bool:
    """Say no to an input method where no words are wanted: it would swallow the scans.

    A line edit says yes for itself, whatever its attribute says; so the question is answered here.
    """
    if not isinstance(event, QInputMethodQueryEvent) or not isinstance(widget, QWidget):
        return False
    enabled = Qt.InputMethodQuery.ImEnabled
    if not event.queries() & enabled or wants_words(widget):
        return False
    event.setValue(enabled, False)
    return True


def prints(key: Key, habit: Habit) -> bool:
    """Whether the press gives a character of a code."""
    text = key.text
    if key.us_text == "\x1d":
        return True
    if not text:
        return False
    if text in SEPARATORS or text in habit.prefix + habit.suffix:
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
