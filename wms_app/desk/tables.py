"""Tables that scroll through a hundred thousand rows and open one by Enter or a tap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from wms_app.desk import style
from wms_app.desk.cards import EmptyState
from wms_app.desk.lists import paint_pill
from wms_app.desk.rows import CELL, Cell, Column, Fetch, Row, RowsModel
from wms_app.desk.screen import Run
from wms_app.desk.style import GAP

__all__ = ["Cell", "Column", "RowsTable"]

_Index = QModelIndex | QPersistentModelIndex
_ROW_HEIGHT = style.TARGET


class RowsTable(QTableView):
    """A table for reading and opening. `opened(key)`: Enter or double click; `picked(key)`: moved.

    `run` is the screen's `run`: pages are then fetched off the GUI thread.
    """

    opened = Signal(object)
    picked = Signal(object)

    def __init__(self, columns: Sequence[Column], run: Run | None = None) -> None:
        super().__init__()
        self.rows = RowsModel(columns, run, self)
        self.setModel(self.rows)
        self.setItemDelegate(_CellDelegate(self))
        self._dress()
        self._empty = EmptyState()
        self._empty.setParent(self.viewport())
        self._empty.hide()
        self._has_empty = False
        self._wants_end = False
        self._wanted: tuple[Any, ...] = ()  # keys of which the first that is here is current
        self.rows.modelReset.connect(self._reconsider)
        self.rows.rowsInserted.connect(self._reconsider)
        self.rows.rowsInserted.connect(self._find_place)
        self.rows.ended.connect(self._reconsider)
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.key(index.row())))
        self._share_width()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show a short list; the row that was current stays current when it is still there."""
        key = self.current_key()
        self.rows.show_rows(rows)
        place = next((n for n, row in enumerate(rows) if row[0] == key), None)
        if key is not None and place is not None:
            self.selectionModel().blockSignals(True)
            self.setCurrentIndex(self.rows.index(place, 0))
            self.selectionModel().blockSignals(False)
        self.viewport().update()

    def show_pages(self, fetch: Fetch, page: int = 500, *, keep_place: bool = False) -> None:
        """Show all that `fetch(after_key, limit)` gives, fetched as it comes into sight.

        `keep_place`: the current row stays current; when it is gone, the one that came after it.
        """
        here = self.currentIndex().row() if keep_place else -1
        rows = range(here, min(here + page, self.rows.rowCount())) if here >= 0 else ()
        self._wanted = tuple(self.rows.key(row) for row in rows)
        self.rows.show_pages(fetch, page)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """The columns again, after the language changed."""
        self.rows.columns = tuple(columns)
        self.rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(columns) - 1)
        self._share_width()

    def set_empty(self, title: str, hint: str = "", icon: str = "tick") -> None:
        """What to say when there are no rows."""
        self._has_empty = True
        self._empty.show_empty(title, hint, icon)
        self._reconsider()

    def current_key(self) -> Any:
        """The key of the current row, None when there is none."""
        index = self.currentIndex()
        return self.rows.key(index.row()) if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.opened.emit(self.current_key())
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._jump(last=key == Qt.Key.Key_End)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()
        self._empty.setGeometry(self.viewport().rect())

    def _dress(self) -> None:
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        vertical = self.verticalHeader()
        vertical.setVisible(False)
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(_ROW_HEIGHT)
        vertical.setMinimumSectionSize(_ROW_HEIGHT)
        self.setHorizontalHeader(_Header(self))

    def _jump(self, last: bool) -> None:
        self._wants_end = last and not self.rows.all_here
        if self._wants_end:
            self.rows.fetch_rest()
        if count := self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(count - 1 if last else 0, 0))

    def _reconsider(self) -> None:
        self._empty.setVisible(self._has_empty and self.rows.all_here and not self.rows.rowCount())
        if self._wants_end:
            self._wants_end = not self.rows.all_here
            self.setCurrentIndex(self.rows.index(self.rows.rowCount() - 1, 0))

    def _find_place(self) -> None:
        if self._wanted:
            places = {self.rows.key(row): row for row in range(self.rows.rowCount())}
            place = next((places[key] for key in self._wanted if key in places), None)
            if place is not None:
                self._wanted = ()
                self.setCurrentIndex(self.rows.index(place, 0))

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.picked.emit(self.rows.key(current.row()))

    def _share_width(self) -> None:
        columns = self.rows.columns
        fixed = sum(column.width for column in columns)
        stretching = [place for place, column in enumerate(columns) if not column.width]
        left = max(0, self.viewport().width() - fixed)
        for place, column in enumerate(columns):
            width = column.width or max(20 * GAP, left // len(stretching))
            self.setColumnWidth(place, width)


class _Header(QHeaderView):
    """The words over the columns."""

    def __init__(self, table: RowsTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setFixedHeight(10 * GAP)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        column = self._table.rows.columns[section]
        box = QRectF(rect)
        painter.fillRect(box, style.color("panel"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), style.color("line"))
        painter.setFont(style.font("heading"))
        painter.setPen(style.color("ink3"))
        room = box.adjusted(2.5 * GAP, 0, -2.5 * GAP, 0)
        text = painter.fontMetrics().elidedText(
            column.title, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, _flags(column), text)


class _CellDelegate(QStyledItemDelegate):
    """Draws a cell: text by tone and weight, a pill behind it, a line below the row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(80, _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        table: RowsTable = self.parent()  # type: ignore[assignment]
        column = table.rows.columns[index.column()]
        cell = index.data(CELL)
        if not isinstance(cell, Cell):
            cell = Cell(str(cell))
        box = QRectF(option.rect)
        if table.currentIndex().row() == index.row() and table.currentIndex().isValid():
            painter.fillRect(box, style.color("brandbg"))
            if index.column() == 0 and table.hasFocus():
                painter.fillRect(
                    QRectF(box.left(), box.top(), 3, box.height()), style.color("brand")
                )
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), style.color("line"))
        room = box.adjusted(2.5 * GAP, 0, -2.5 * GAP, 0)
        font = style.font("strong" if cell.strong or column.strong else "body")
        metrics = QFontMetricsF(font)
        pill = 0.0
        if cell.pill[0]:
            pill = QFontMetricsF(style.font("pill")).horizontalAdvance(cell.pill[0]) + 6 * GAP
        text = metrics.elidedText(
            cell.text, Qt.TextElideMode.ElideRight, max(0.0, room.width() - pill)
        )
        painter.setFont(font)
        painter.setPen(style.color(cell.tone or "ink"))
        painter.drawText(room.adjusted(0, 0, -pill, 0), _flags(column), text)
        if cell.pill[0]:
            width = metrics.horizontalAdvance(text)
            paint_pill(painter, cell.pill, room.adjusted(width + (2 * GAP if text else 0), 0, 0, 0))


def _flags(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.align == "right" else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
