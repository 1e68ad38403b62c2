"""Lists that are read at a glance: the pieces of an order, what needs the supervisor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from wms_app.desk import icons, style
from wms_app.desk.cards import Card, EmptyState
from wms_app.desk.style import GAP, Tone

_Index = QModelIndex | QPersistentModelIndex
_ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class ListItem:
    """A line of goods: where it stands, what it is, its code, how many of how many."""

    state: Literal["todo", "now", "done", "bad"]
    name: str
    other_name: str = ""
    code: str = ""
    count: str = ""
    pill: tuple[str, Tone] = ("", "")


@dataclass(frozen=True)
class Attention:
    """Something that needs a person; `key` is what opening it asks for."""

    key: str
    tone: Tone
    text: str
    sub: str = ""


class _Rows(QAbstractListModel):
    """The rows of a short list."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Any, ...] = ()

    def show(self, rows: Sequence[Any]) -> bool:
        if tuple(rows) == self.rows:
            return False
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()
        return True

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.name if isinstance(row, ListItem) else row.text
        return None


class _RowsView(QListView):
    """A list view in the house's manner."""

    entered_row = Signal(int)

    def __init__(self, delegate: QStyledItemDelegate, chooses: bool) -> None:
        super().__init__()
        self.rows = _Rows(self)
        self.setModel(self.rows)
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(chooses)
        if chooses:
            self.clicked.connect(lambda index: self.entered_row.emit(index.row()))
        else:
            self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered_row.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class _ItemDelegate(QStyledItemDelegate):
    """Draws a ListItem: state, names over code, count at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, 15 * GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        item: ListItem = index.data(_ROW)
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if item.state == "now":
            painter.fillRect(box, style.color("brandbg"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), style.color("line"))
        self._paint_state(painter, item, box)
        right = self._paint_count(painter, item, box)
        self._paint_words(painter, item, box, right)
        painter.restore()

    @staticmethod
    def _paint_state(painter: QPainter, item: ListItem, box: QRectF) -> None:
        name, token = {
            "done": ("tick", "ok"),
            "now": ("dot", "brand"),
            "bad": ("cross", "bad"),
            "todo": ("ring", "ink3"),
        }[item.state]
        size = 20
        picture = icons.pixmap(name, token, size, painter.device().devicePixelRatioF())
        top = box.center().y() - size / 2
        painter.drawPixmap(round(box.left() + 2 * GAP), round(top), picture)

    @staticmethod
    def _paint_count(painter: QPainter, item: ListItem, box: QRectF) -> float:
        painter.setFont(style.font("quantity"))
        painter.setPen(style.color("ink"))
        room = box.adjusted(0, 0, -3 * GAP, 0)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, flags, item.count)
        width = QFontMetricsF(style.font("quantity")).horizontalAdvance(item.count)
        return room.right() - width - 4 * GAP

    @staticmethod
    def _paint_words(painter: QPainter, item: ListItem, box: QRectF, right: float) -> None:
        left = box.left() + 12 * GAP
        upper = QRectF(left, box.top() + 1.5 * GAP, right - left, 6.5 * GAP)
        lower = QRectF(left, upper.bottom(), right - left, 5 * GAP)
        if not item.code:
            upper.moveTop(box.center().y() - upper.height() / 2)
        used = _elided(painter, "floorstrong", "ink", item.name, upper)
        rest = upper.adjusted(used + 2 * GAP, 0, 0, 0)
        if item.pill[0] and rest.width() > 20 * GAP:
            rest.setLeft(paint_pill(painter, item.pill, rest) + 2 * GAP)
        if item.other_name and rest.width() > 8 * GAP:
            _elided(painter, "floor", "ink2", item.other_name, rest)
        _elided(painter, "muted", "ink2", item.code, lower)


class _AttentionDelegate(QStyledItemDelegate):
    """Draws an Attention: dot, what, and more of it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, 15 * GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        item: Attention = index.data(_ROW)
        box = QRectF(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = state & QStyle.StateFlag.State_HasFocus
        if focused or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, style.color("brandbg" if focused else "hover"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), style.color("line"))
        size = 18
        shape = {"bad": "cross-disc", "warn": "warning"}.get(item.tone, "dot")
        token = item.tone or "brand"
        ratio = painter.device().devicePixelRatioF()
        picture = icons.pixmap(shape, token, size, ratio)
        painter.drawPixmap(round(box.left() + 2 * GAP), round(box.center().y() - size / 2), picture)
        left = box.left() + 11 * GAP
        upper = QRectF(left, box.top() + 2 * GAP, box.right() - left - GAP, 6 * GAP)
        lower = QRectF(left, upper.bottom() - 0.5 * GAP, upper.width(), 5.5 * GAP)
        if not item.sub:
            upper.moveTop(box.center().y() - upper.height() / 2)
        _elided(painter, "strong", "ink", item.text, upper)
        _elided(painter, "muted", "ink2", item.sub, lower)
        painter.restore()


class ItemList(Card):
    """The pieces of an order: done, now, to do. Twenty lines and more scroll by themselves."""

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(2 * GAP + 2, 2 * GAP, 2 * GAP + 2, 2 * GAP)
        self._title.setContentsMargins(2 * GAP, 2 * GAP, 0, 0)  # above the icons of the rows
        self._view = _RowsView(_ItemDelegate(self), chooses=False)
        self._empty = EmptyState()
        self._stack = QStackedLayout()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._empty)
        self.body.addLayout(self._stack)

    def show_items(self, items: Sequence[ListItem]) -> None:
        """Show the lines; the one that is `now` is brought into sight."""
        self._stack.setCurrentWidget(self._view)
        if self._view.rows.show(items):
            now = next((place for place, item in enumerate(items) if item.state == "now"), -1)
            if now >= 0:
                self._view.scrollTo(self._view.rows.index(now, 0))

    def show_empty(self, title: str, hint: str = "", icon: str = "tick") -> None:
        """There are no lines: say what would bring some."""
        self._view.rows.show(())
        self._empty.show_empty(title, hint, icon)
        self._stack.setCurrentWidget(self._empty)


class AttentionList(Card):
    """What needs a person now, worst first; Enter or a tap opens it."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._view = _RowsView(_AttentionDelegate(self), chooses=True)
        self._view.entered_row.connect(self._open)
        self._empty = EmptyState()
        self._stack = QStackedLayout()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._empty)
        self.body.addLayout(self._stack)

    def show_attention(self, title: str, items: Sequence[Attention], empty: str = "") -> None:
        """`empty` is said when nothing needs anybody."""
        self.set_title(title)
        self._view.rows.show(items)
        if items or not empty:
            self._stack.setCurrentWidget(self._view)
        else:
            self._empty.show_empty(empty)
            self._stack.setCurrentWidget(self._empty)

    def _open(self, row: int) -> None:
        self.opened.emit(self._view.rows.rows[row].key)


def paint_pill(painter: QPainter, pill: tuple[str, Tone], room: QRectF) -> float:
    """Draw a pill at the left of `room`, centred in its height; where it ends is returned."""
    text, tone = pill
    font = style.font("pill")
    width = QFontMetricsF(font).horizontalAdvance(text) + 4 * GAP
    box = QRectF(room.left(), room.center().y() - 11, width, 22)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.color(f"{tone or 'muted'}bg"))
    painter.drawRoundedRect(box, style.SMALL_RADIUS, style.SMALL_RADIUS)
    painter.setPen(style.color(tone or "muted"))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return box.right()


def _elided(painter: QPainter, role: str, token: str, text: str, room: QRectF) -> float:
    """Draw `text` in `room`, cut at its end when it is too long; the width used is returned."""
    font = style.font(role)
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.setFont(font)
    painter.setPen(style.color(token))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)
