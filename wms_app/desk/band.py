"""The answer to every scan, by colour, icon and words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wms_app.base.conversation import Answer
from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.icons import Icon
from wms_app.desk.style import GAP, Tone
from wms_app.desk.words import label

ICON_OF = {"ok": "tick", "done": "ticks", "warn": "warning", "bad": "cross"}
_TONE_OF: dict[str, Tone] = {"ok": "ok", "done": "done", "warn": "warn", "bad": "bad"}


class AnswerBand(QWidget):
    """Accepted, accepted and done, look at this, refused: never by colour alone."""

    def __init__(self) -> None:
        super().__init__()
        self.answer: Answer | None = None
        self._flashing = False
        self._icon = Icon(size=26)
        self._text = label(role="answer", wrap=True)
        self._detail = label(role="detail", wrap=True)
        self._seconds = label(role="small")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._text)
        words.addWidget(self._detail)
        words.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(4 * GAP, 2 * GAP, 4 * GAP, 2 * GAP)
        line.setSpacing(3 * GAP)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(words, 1)
        line.addWidget(self._seconds, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(14 * GAP)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._end_flash)
        self.clear()

    def show_answer(self, answer: Answer, seconds: float | None = None) -> None:
        """Show the answer and flash; `seconds` from the scan to now."""
        self.answer = answer
        tone = _TONE_OF[answer.kind]
        self._icon.show_icon(ICON_OF[answer.kind], "ondone" if tone == "done" else tone)
        self._text.say(answer.text)
        self._detail.say(answer.detail)
        self._detail.setVisible(bool(answer.detail))
        self._seconds.say("" if seconds is None else _("{n:.2f} s").format(n=seconds))
        for part in (self._text, self._detail, self._seconds):
            part.set_tone(tone)
        self.setAccessibleName(f"{answer.kind}: {answer.text} {answer.detail}".strip())
        self._flashing = True
        self._timer.start(style.FLASH_MS)
        self.update()

    def clear(self) -> None:
        """Nothing to say."""
        self.answer = None
        self._icon.show_icon("", "ink")
        for part in (self._text, self._detail, self._seconds):
            part.say("")
        self._detail.hide()
        self.update()

    def said(self) -> str:
        """What the band says now."""
        return self._text.said()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(self.rect())
        if self.answer is None:
            painter.setBrush(style.color("mutedbg"))
        else:
            tone = _TONE_OF[self.answer.kind]
            painter.setBrush(style.color(tone + ("flash" if self._flashing else "bg")))
        painter.drawRoundedRect(box, style.RADIUS, style.RADIUS)

    def _end_flash(self) -> None:
        self._flashing = False
        self.update()
