"""What a key says, whatever the keyboard layout: a scanner types as if it were in the US."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from wms_app.base.codes import Item, Number, read
from wms_app.base.refusal import Refused

# Characters that the separators of GS1 and MH10.8 data use; QLineEdit would drop them.
SEPARATORS = "\x1d\x1e\x04"

# Scan code set 1, also Linux's key codes: (first code, characters, characters with Shift).
# Source: Linux include/uapi/linux/input-event-codes.h; X11 adds 8.
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
_PLAIN: dict[int, str] = {}
_SHIFTED: dict[int, str] = {}
for _first, _lower, _upper in _ROWS:
    _PLAIN.update(enumerate(_lower, _first))
    _SHIFTED.update(enumerate(_upper, _first))
_X11_OFFSET = 0 if sys.platform in ("win32", "darwin") else 8
_RIGHT_BRACKET = 27


@dataclass(frozen=True)
class Key:
    """One press: the character it gave, the one a US keyboard gives, and where it was going."""

    text: str
    us_text: str
    moment: float  # milliseconds
    device_time: bool  # whether `moment` is the device's own clock
    event: QKeyEvent
    target: QWidget | None

    def after(self, before: Key) -> float:
        """Milliseconds since `before`; a long time when their clocks differ."""
        if self.device_time != before.device_time:
            return 10_000.0
        return self.moment - before.moment


def us_text(event: QKeyEvent) -> str:
    """The character of the key on a US keyboard, "" when the event does not say which key."""
    held = event.modifiers()
    shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
    code = event.nativeScanCode() - _X11_OFFSET
    if code in _PLAIN and event.nativeScanCode():
        if held & Qt.KeyboardModifier.ControlModifier:
            return "\x1d" if code == _RIGHT_BRACKET else ""
        return (_SHIFTED if shift else _PLAIN)[code]
    key = event.key()
    if Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        return chr(key) if shift else chr(key).lower()
    return chr(key) if Qt.Key.Key_Space <= key <= Qt.Key.Key_AsciiTilde else ""


def copy_of(event: QKeyEvent) -> QKeyEvent:
    """The same press again, to be sent later."""
    return QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )


def readings(keys: list[Key]) -> tuple[str, str]:
    """A burst as the computer's layout typed it, and as its keys say it on a US keyboard.

    The second is the same as the first where an event does not say which key it was. A separator
    (Ctrl and the right bracket) is told by its key: not every layout types something there.
    """
    typed = "".join("\x1d" if key.us_text == "\x1d" else key.text for key in keys)
    placed = all(key.event.nativeScanCode() and key.us_text for key in keys)
    if placed or not typed.isascii():
        return typed, "".join(key.us_text or key.text for key in keys)
    return typed, typed


class Layout:
    """Whether the scanner types through a layout that is not its own, learned from its codes.

    A scanner may be set to the computer's layout or to the US one, and no single key tells which.
    A code with a check character does: the reading that is right is the scanner's. Until one came,
    a reading that is not ASCII was typed through a foreign layout, and any other is as typed.
    """

    def __init__(self, fixed: Literal["auto", "us", "as_typed"] = "auto") -> None:
        self._fixed = fixed
        self._learned = ""

    def reading(self, keys: list[Key]) -> str:
        """What the scanner sent."""
        typed, us = readings(keys)
        if typed == us or self._fixed == "as_typed":
            return typed
        if self._fixed == "us":
            return us
        if checks(typed) != checks(us):
            self._learned = "us" if checks(us) else "as_typed"
        if self._learned:
            return us if self._learned == "us" else typed
        return typed if typed.isascii() else us


def checks(text: str) -> bool:
    """Whether a check digit or character says that `text` is what was printed."""
    try:
        code = read(text)
    except Refused:
        return False
    return not isinstance(code, Number) and (not isinstance(code, Item) or bool(code.gtin))
