"""The rooms at the left, in the order in which goods flow, with the work that waits in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from wms_app.desk import style
from wms_app.desk.style import GAP


@dataclass(frozen=True)
class Entry:
    """One room on the rail."""

    name: str
    title: str
    group: int
    attention: bool


class Rail(QWidget):
    """`chosen(room name)`: a room was pressed."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(style.RAIL_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * GAP + 2, 2 * GAP + 2, 2 * GAP + 2, 2 * GAP)
        self._column.setSpacing(0)
        self._buttons: dict[str, _RailButton] = {}
        self._counts: dict[str, int] = {}
        self._current = ""

    def show_rooms(self, entries: Sequence[Entry]) -> None:
        """The rooms that the person may enter."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._buttons = {}
        group = None
        for entry in entries:
            if group is not None and entry.group != group:
                self._column.addWidget(_Separator())
            group = entry.group
            button = _RailButton(entry)
            button.clicked.connect(lambda _c=False, name=entry.name: self.chosen.emit(name))
            button.count = self._counts.get(entry.name)
            self._buttons[entry.name] = button
            self._column.addWidget(button)
        self._column.addStretch(1)
        self.show_current(self._current)

    def show_current(self, name: str) -> None:
        """The room that the person is in."""
        self._current = name
        for room, button in self._buttons.items():
            button.setChecked(room == name)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How much work waits in each room; a room that is not named keeps its count."""
        self._counts.update(counts)
        for room, button in self._buttons.items():
            button.show_count(self._counts.get(room))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), style.color("nav"))


class _Separator(QWidget):
    """A thin line between the groups of rooms."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(4 * GAP + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        left = 3 * GAP
        line = QRectF(left, 2.0 * GAP, self.width() - 2 * left, 1)
        QPainter(self).fillRect(line, style.color("navline"))


class _RailButton(QAbstractButton):
    """A room: its name, and its count as a number or as an amber badge."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.count: int | None = None
        self._attention = entry.attention
        self.setText(entry.title)
        self.setAccessibleName(entry.title)
        self.setCheckable(True)
        self.setFixedHeight(style.TARGET)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_count(self, count: int | None) -> None:
        if count != self.count:
            self.count = count
            self.setAccessibleName(f"{self.text()} {count}" if count else self.text())
            self.update()

    def nextCheckState(self) -> None:
        """The window decides which room is shown; a press alone checks nothing."""

    def sizeHint(self) -> QSize:
        return QSize(style.RAIL_WIDTH - 5 * GAP, style.TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.isChecked() or self.underMouse() or self.hasFocus():
            ground = QPainterPath()
            ground.addRoundedRect(box, 6, 6)
            painter.fillPath(ground, style.color("navsel" if self.isChecked() else "navhover"))
            if self.isChecked() or self.hasFocus():
                painter.setClipPath(ground)
                painter.fillRect(QRectF(0, 0, 3, box.height()), style.color("navmark"))
                painter.setClipping(False)
        right = self._paint_count(painter, box)
        painter.setFont(style.font("strong" if self.isChecked() else "body"))
        painter.setPen(style.color("navink" if self.isChecked() else "navink2"))
        room = QRectF(3.0 * GAP, 0, right - 3 * GAP, box.height())
        shown = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_count(self, painter: QPainter, box: QRectF) -> float:
        right = box.right() - 3 * GAP
        if not self.count:
            return right
        words = f"{self.count:,}"
        font = style.font("pill" if self._attention or self.isChecked() else "small")
        width = QFontMetricsF(font).horizontalAdvance(words)
        painter.setFont(font)
        if self._attention:
            width = max(width + 4 * GAP, 26)
            badge = QRectF(right - width, box.center().y() - 10, width, 20)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.color("badge"))
            painter.drawRoundedRect(badge, 10, 10)
            painter.setPen(style.color("onbadge"))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
        else:
            painter.setPen(style.color("navink" if self.isChecked() else "navink2"))
            place = QRectF(right - width, 0, width + 1, box.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        return right - width - 2 * GAP
