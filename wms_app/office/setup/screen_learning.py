"""What learning a scanner looks like: the code to scan, big, and what it taught."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from wms_app.base.texts import _
from wms_app.desk import icons, style
from wms_app.desk.cards import Card, InstructionCard
from wms_app.desk.style import GAP
from wms_app.desk.words import label
from wms_app.office.setup.learning import LearningView

_BAR_PX = 3  # a module: 60 mm of a usual screen for the longest code
_HIGH_PX = 30 * GAP
_WORDS_PX = 8 * GAP
_QUIET = 12  # modules of white on each side


class LearningPane(QWidget):
    """Draws LearningView."""

    def __init__(self) -> None:
        super().__init__()
        self._instruction = InstructionCard()
        self._code = _Code()
        self._learned = Card()
        self._remarks = QVBoxLayout()
        self._remarks.setSpacing(2 * GAP)
        self._learned.body.addLayout(self._remarks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * GAP)
        for part in (self._instruction, self._code, self._learned):
            layout.addWidget(part)
        layout.addStretch(1)

    def draw(self, view: LearningView) -> None:
        """Show the step, its code, and what is known."""
        if view.bars:
            place = _("Code {step} of {steps}").format(step=view.step, steps=view.steps)
            ask = _("Scan this code")
            hint = _("A scanner that reads no screens: print the codes (F2).")
        else:
            place, ask, hint = _("Learned"), _("Keep what was learned"), _("F6 keeps it.")
        self._instruction.show_step(place.upper(), ask, hint)
        self._code.show_code(view.bars, view.human)
        self._code.setVisible(bool(view.bars))
        while (item := self._remarks.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for well, words in view.remarks:
            self._remarks.addWidget(_remark(well, words))
        self._learned.setVisible(bool(view.remarks))


def _remark(well: bool, words: str) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(3 * GAP)
    sign = QLabel()
    token = "ok" if well else "warn"
    ratio = row.devicePixelRatioF()
    sign.setPixmap(icons.pixmap("tick" if well else "warning", token, 6 * GAP, ratio))
    line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(label(words, "body", wrap=True), 1)
    return row


class _Code(QWidget):
    """A barcode, black on white in every theme: scanners read no light bars on dark."""

    def __init__(self) -> None:
        super().__init__()
        self._bars, self._human = "", ""
        self.setFixedHeight(_HIGH_PX + _WORDS_PX + 8 * GAP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_code(self, bars: str, human: str) -> None:
        """`bars`: a character for each module, 1 is dark."""
        self._bars, self._human = bars, human
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide = (len(self._bars) + 2 * _QUIET) * _BAR_PX
        left = (self.width() - wide) // 2
        painter.fillRect(left, 0, wide, self.height(), Qt.GlobalColor.white)
        for place, dark in enumerate(self._bars):
            if dark == "1":
                x = left + (_QUIET + place) * _BAR_PX
                painter.fillRect(x, 4 * GAP, _BAR_PX, _HIGH_PX, Qt.GlobalColor.black)
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(style.font("body"))
        words = QRectF(left, 4 * GAP + _HIGH_PX, wide, _WORDS_PX)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._human)
