"""Big words that shrink until they fit: a long Russian name must not push the step aside."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from wms_app.desk import style
from wms_app.desk.style import GAP
from wms_app.desk.words import plain

_SMALLEST = 0.5  # of the role's size; below that the end is cut
_LEADING = 1.2


class FittedWords(QWidget):
    """One text in a big role, on at most `lines` lines, as large as the room allows."""

    def __init__(self, role: str, lines: int = 1) -> None:
        super().__init__()
        self._role = role
        self._lines = lines
        self._text = ""
        width = QSizePolicy.Policy.Expanding if lines > 1 else QSizePolicy.Policy.Preferred
        policy = QSizePolicy(width, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, text: str) -> None:
        """Show `text`."""
        text = plain(text)
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def said(self) -> str:
        """What is shown."""
        return self._text

    def sizeHint(self) -> QSize:
        font = style.font(self._role)
        width = QFontMetricsF(font).horizontalAdvance(self._text)
        return QSize(int(width) + 4, self._height(font.pixelSize(), 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(10, self._height(int(style.font(self._role).pixelSize() * _SMALLEST), 1))

    def heightForWidth(self, width: int) -> int:
        font, count = self._fit(width)
        return self._height(font.pixelSize(), count)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(style.color("ink"))
        font, _count = self._fit(self.width())
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        top = 0.0
        lines = _broken(self._text, font, self.width())
        for place, line in enumerate(lines[: self._lines]):
            last = place == self._lines - 1 and len(lines) > self._lines
            shown = line
            if last or metrics.horizontalAdvance(line) > self.width() + 1:
                rest = "".join(lines[place:]) if last else line
                shown = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, self.width())
            height = font.pixelSize() * _LEADING
            middle = top + height / 2 + metrics.capHeight() / 2
            painter.drawText(QPointF(0, middle), shown)
            top += height

    def _fit(self, width: int) -> tuple[QFont, int]:
        font = style.font(self._role)
        full = font.pixelSize()
        size = full
        while True:
            font.setPixelSize(size)
            lines = _broken(self._text, font, width)
            allowed = 1 if size > full * 0.8 else self._lines  # first smaller, then a second line
            widest = max((QFontMetricsF(font).horizontalAdvance(x) for x in lines), default=0)
            if len(lines) <= allowed and widest <= width + 1:
                return font, max(1, len(lines))
            if size <= full * _SMALLEST:
                return font, self._lines
            size -= max(1, full // 23)

    @staticmethod
    def _height(pixels: int, lines: int) -> int:
        return int(pixels * _LEADING * lines + 0.5)


class StopLine(QWidget):
    """The bin, and how many to take, on one baseline; a long bin shrinks, the number does not."""

    def __init__(self) -> None:
        super().__init__()
        self._bin, self._take, self._quantity = "", "", ""
        self.setFixedHeight(27 * GAP)

    def show_stop(self, bin_text: str, take_word: str, quantity: int) -> None:
        """`quantity` 0: there is nothing to take here."""
        self._bin = bin_text
        self._take, self._quantity = (take_word, f"{quantity:,}") if quantity else ("", "")
        self.setAccessibleName(self.said())
        self.update()

    def said(self) -> str:
        """What is shown: "A-03-2 take 3"."""
        return f"{self._bin} {self._take} {self._quantity}".strip()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        baseline = 23.0 * GAP
        take, number = style.font("take"), style.font("takenumber")
        rest = QFontMetricsF(take).horizontalAdvance(self._take)
        rest += QFontMetricsF(number).horizontalAdvance(self._quantity) + 13 * GAP
        room = self.width() - (rest if self._quantity else 0)
        font = style.font("bin")
        while QFontMetricsF(font).horizontalAdvance(self._bin) > room and font.pixelSize() > 30:
            font.setPixelSize(font.pixelSize() - 4)
        x = 0.0
        for text, used, token, gap in (
            (self._bin, font, "ink", 9 * GAP),
            (self._take, take, "ink2", 3 * GAP),
            (self._quantity, number, "ink", 0),
        ):
            painter.setFont(used)
            painter.setPen(style.color(token))
            painter.drawText(QPointF(x, baseline), text)
            x += QFontMetricsF(used).horizontalAdvance(text) + gap


def _broken(text: str, font: QFont, width: int) -> list[str]:
    """`text` broken into lines of `width`, by the rules of its script."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip())
    layout.endLayout()
    return lines
