"""Small pieces of text: labels by role, pills, key caps, buttons."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from wms_app.desk import style
from wms_app.desk.style import Tone

UNDERLINE = "\u0332"
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_UNDERLINED = re.compile("((?:.\u0332)+)")


def marked(text: str, bold_color: str = "") -> str:
    """Our markup as rich text: `**bold**`, and U+0332 after a character underlines it.

    Everything else is escaped: the words may hold a seller's data.
    """
    escaped = html.escape(text, quote=False)
    ink = f' style="color:{bold_color}; font-weight:600"' if bold_color else ""
    escaped = _BOLD.sub(rf"<b{ink}>\1</b>", escaped)
    escaped = _UNDERLINED.sub(
        lambda found: f"<u>{found.group(1).replace(UNDERLINE, '')}</u>", escaped
    )
    return escaped.replace("\n", "<br>")


def plain(text: str) -> str:
    """The text without our markup."""
    return _BOLD.sub(r"\1", text).replace(UNDERLINE, "")


class Words(QLabel):
    """One text in one role; speaks our markup and follows the theme."""

    def __init__(self, text: str = "", role: str = "body", wrap: bool = False) -> None:
        super().__init__()
        self._said = ""
        self.setProperty("role", role)
        self.setFont(style.font(role))
        self.setWordWrap(wrap)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.say(text)

    def say(self, text: str) -> None:
        """Show `text`, which may hold `**bold**` and underlined characters."""
        if text != self._said or not text:
            self._said = text
            self._render()

    def said(self) -> str:
        """What is shown, without markup."""
        return plain(self._said)

    def set_tone(self, tone: Tone) -> None:
        """Colour the words by what they mean; "" gives the colour of the role back."""
        if (self.property("tone") or "") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and "**" in self._said:
            self._render()

    def _render(self) -> None:
        if "**" in self._said or UNDERLINE in self._said:
            self.setTextFormat(Qt.TextFormat.RichText)
            self.setText(marked(self._said, style.hexadecimal("ink")))
        else:
            self.setTextFormat(Qt.TextFormat.PlainText)
            self.setText(self._said)


class Pill(Words):
    """A short word on a tinted ground: PRIME, fragile, ship by 17:00."""

    def __init__(self, text: str = "", tone: Tone = "warn") -> None:
        super().__init__(text, "pill")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.set_tone(tone)


class KeyCap(Words):
    """The name of a key as it stands on the keyboard."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, "cap")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)


class Button(QPushButton):
    """A button that a gloved finger can hit."""

    def __init__(self, text: str = "", primary: bool = False, parent: QWidget | None = None):
        super().__init__(text, parent)
        self.setProperty("primary", primary)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_chosen(self, chosen: bool) -> None:
        """Show it as the pressed one of a row of buttons."""
        if self.property("primary") != chosen:
            self.setProperty("primary", chosen)
            self.style().unpolish(self)
            self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(style.TARGET, style.TARGET))

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(style.TARGET, style.TARGET))


def label(text: str = "", role: str = "body", wrap: bool = False) -> Words:
    """Words in a role: eyebrow, title, instruction, context, body, strong, floor, label, ..."""
    return Words(text, role, wrap)
