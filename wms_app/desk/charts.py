"""The numbers of the day: stages with proportional bars, and bars by the hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from wms_app.desk import style
from wms_app.desk.cards import Card
from wms_app.desk.style import GAP


@dataclass(frozen=True)
class Stage:
    """A stage of the day: its orders now, and one more thing worth knowing about them."""

    name: str
    label: str
    count: int
    note: str = ""
    tone: Literal["held", "short", "s1", "s2", "s3", "s4", "s5", "s6"] = "s1"


@dataclass(frozen=True)
class Bar:
    """One bar; a forecast is drawn dashed. `key` is what opening it asks for."""

    label: str
    value: float
    forecast: bool = False
    key: str = ""


class StageBar(Card):
    """How the day's orders stand, stage by stage; each number opens to its orders."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__(padding=2 * GAP)
        self._row = _StageRow()
        self._row.opened.connect(self.opened)
        self.body.addWidget(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_stages(self, stages: Sequence[Stage]) -> None:
        """The stages in the order in which goods flow."""
        self._row.show_stages(tuple(stages))


class _StageRow(QWidget):
    """The stages beside each other, as wide as their counts ask for."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._buttons: list[_StageButton] = []
        self.setFixedHeight(28 * GAP)

    def show_stages(self, stages: tuple[Stage, ...]) -> None:
        while len(self._buttons) > len(stages):
            self._buttons.pop().deleteLater()
        while len(self._buttons) < len(stages):
            button = _StageButton(self)
            button.clicked.connect(lambda _c=False, b=button: self.opened.emit(b.stage.name))
            button.show()
            self._buttons.append(button)
        for button, stage in zip(self._buttons, stages):
            button.show_stage(stage)
        self._lay_out()

    def resizeEvent(self, event: object) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """Each stage gets what its words need; what is left is shared by the square root of the
        counts, so that nine held orders are seen beside six hundred that are gone."""
        if not self._buttons:
            return
        least = [button.least_width() for button in self._buttons]
        left = max(0, self.width() - sum(least))
        weights = [button.stage.count**0.5 for button in self._buttons]
        total = sum(weights) or 1
        shrink = min(1.0, self.width() / max(1, sum(least)))
        x = 0.0
        for button, words, weight in zip(self._buttons, least, weights):
            width = words * shrink + left * weight / total
            button.setGeometry(round(x), 0, round(x + width) - round(x), self.height())
            x += width


class _StageButton(QAbstractButton):
    """One stage: label, count, bar, note."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.stage = Stage("", "", 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_stage(self, stage: Stage) -> None:
        self.stage = stage
        self.setAccessibleName(f"{stage.label} {stage.count} {stage.note}".strip())
        self.update()

    def least_width(self) -> int:
        label = QFontMetricsF(style.font("small")).horizontalAdvance(self.stage.label)
        note = QFontMetricsF(style.font("small")).horizontalAdvance(self.stage.note)
        count = QFontMetricsF(style.font("number")).horizontalAdvance(f"{self.stage.count:,}")
        return round(max(label, min(note, 24.0 * GAP), count)) + 5 * GAP

    def sizeHint(self) -> QSize:
        return QSize(self.least_width(), 28 * GAP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            ring = QPen(style.color("brand"), 2) if self.hasFocus() else Qt.PenStyle.NoPen
            painter.setPen(ring)
            painter.setBrush(style.color("hover"))
            room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(room, style.SMALL_RADIUS, style.SMALL_RADIUS)
        left, width = 2.0 * GAP, self.width() - 3.0 * GAP
        for role, token, text, top, height in (
            ("small", "ink3", self.stage.label, 1.5, 6),
            ("number", "ink", f"{self.stage.count:,}", 7, 10.5),
            ("small", "ink2", self.stage.note, 21.5, 6),
        ):
            painter.setFont(style.font(role))
            painter.setPen(style.color(token))
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, int(width + GAP)
            )
            box = QRectF(left, top * GAP, width + GAP, height * GAP)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.color(self.stage.tone if self.stage.count else "mutedbg"))
        painter.drawRoundedRect(QRectF(left, 18.5 * GAP, width, 2.5 * GAP), 2, 2)


class BarChart(Card):
    """Bars by the hour: what was done is solid, what is expected dashed."""

    opened = Signal(str)

    def __init__(self, title: str = "") -> None:
        super().__init__(title)
        self._plot = _Plot()
        self._plot.opened.connect(self.opened)
        self.body.addWidget(self._plot, 1)

    def show_bars(self, bars: Sequence[Bar], title: str = "", empty: str = "") -> None:
        """The bars from left to right; `empty` is said where they would stand."""
        if title:
            self.set_title(title)
        self._plot.show_bars(tuple(bars), empty)


class _Plot(QWidget):
    """The drawing of a BarChart; arrows move between bars, Enter opens one."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._bars: tuple[Bar, ...] = ()
        self._empty = ""
        self._current = -1
        self.setMinimumHeight(22 * GAP)
        self.setMouseTracking(True)

    def show_bars(self, bars: tuple[Bar, ...], empty: str = "") -> None:
        self._bars, self._empty = bars, empty
        opens = any(bar.key for bar in bars)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if opens else Qt.FocusPolicy.NoFocus)
        said = ", ".join(f"{bar.label}: {bar.value:g}" for bar in bars)
        self.setAccessibleName(said or empty)
        self._current = min(self._current, len(bars) - 1)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._bars:
            step = 1 if key == Qt.Key.Key_Right else -1
            self._current = max(0, min(len(self._bars) - 1, self._current + step))
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self._open()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._bars:
            place = int(event.position().x() / (self.width() / len(self._bars)))
            self._current = max(0, min(len(self._bars) - 1, place))
            self.update()
            self._open()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        floor = self.height() - 7.0 * GAP
        painter.fillRect(QRectF(0, floor, self.width(), 1), style.color("line"))
        if not self._bars:
            painter.setFont(style.font("context"))
            painter.setPen(style.color("ink3"))
            room = QRectF(0, 0, self.width(), floor)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._empty)
            return
        top = 5.5 * GAP
        highest = max((bar.value for bar in self._bars), default=0) or 1
        step = self.width() / len(self._bars)
        for place, bar in enumerate(self._bars):
            height = (floor - top) * bar.value / highest
            middle = step * (place + 0.5)
            width = min(step * 0.66, 16.0 * GAP)
            self._paint_bar(painter, bar, QRectF(middle - width / 2, floor - height, width, height))
            self._paint_words(painter, bar, QPointF(middle, floor), height, step)
            if place == self._current and self.hasFocus():
                painter.setPen(QPen(style.color("brand"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                ring = QRectF(step * place + 1, 1, step - 2, self.height() - 2)
                painter.drawRoundedRect(ring, style.SMALL_RADIUS, style.SMALL_RADIUS)

    def _paint_bar(self, painter: QPainter, bar: Bar, box: QRectF) -> None:
        if bar.value <= 0:
            return
        if bar.forecast:
            painter.setPen(QPen(style.color("brand"), 1.2, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.color("brand"))
        painter.drawRoundedRect(box, 3, 3)

    def _paint_words(
        self, painter: QPainter, bar: Bar, foot: QPointF, height: float, step: float
    ) -> None:
        painter.setFont(style.font("label"))
        painter.setPen(style.color("ink3"))
        below = QRectF(foot.x() - step / 2, foot.y() + GAP, step, 5 * GAP)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, bar.label)
        words = f"{bar.value:,.0f}"
        if bar.value and QFontMetricsF(style.font("label")).horizontalAdvance(words) <= step:
            over = QRectF(foot.x() - step / 2, foot.y() - height - 5 * GAP, step, 5 * GAP)
            painter.drawText(over, Qt.AlignmentFlag.AlignCenter, words)

    def _open(self) -> None:
        if self._bars[self._current].key:
            self.opened.emit(self._bars[self._current].key)
