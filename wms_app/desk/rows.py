"""The rows of a table: a short list, or pages that are fetched by key as they come into sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from wms_app.desk.screen import Run
from wms_app.desk.style import Tone

_Index = QModelIndex | QPersistentModelIndex
Row = tuple[Any, ...]
Fetch = Callable[[Any, int], Sequence[Row]]
CELL = Qt.ItemDataRole.UserRole
KEY = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Column:
    """One column; `width` in pixels, 0 takes what is left."""

    title: str
    width: int = 0
    align: Literal["left", "right"] = "left"
    strong: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell that says more than its text: a tone, weight, or a pill behind it."""

    text: str
    tone: Tone = ""
    strong: bool = False
    pill: tuple[str, Tone] = ("", "")


class RowsModel(QAbstractTableModel):
    """Rows are tuples whose first element is the key (not shown), then a cell per column.

    A page is asked for by the key of the last row that is here, never by offset, so the hundredth
    page costs what the first did. `ended`: the last page is here, be it an empty one.
    """

    ended = Signal()

    def __init__(self, columns: Sequence[Column], run: Run | None, parent: QObject | None = None):
        super().__init__(parent)
        self.columns = tuple(columns)
        self._run = run
        self._rows: list[Row] = []
        self._fetch: Fetch | None = None
        self._page = 500
        self._all_here = True
        self._asked = 0  # which showing the running fetch belongs to
        self._fetching = False

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows and no more."""
        self._begin(None, 0)
        self._rows = list(rows)
        self.endResetModel()

    def show_pages(self, fetch: Fetch, page: int) -> None:
        """Show what `fetch(after_key, limit)` gives, page by page; the first is asked for now."""
        self._begin(fetch, page)
        self.endResetModel()
        self.fetchMore()

    def key(self, row: int) -> Any:
        """The key of a row."""
        return self._rows[row][0]

    def fetch_rest(self) -> None:
        """Ask for everything that is left, in big pages (the End key)."""
        self._page = max(self._page, 5000)
        self._eager = True
        self.fetchMore()

    @property
    def all_here(self) -> bool:
        """Whether the last row is here."""
        return self._all_here

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            cell = self._rows[index.row()][index.column() + 1]
            return cell.text if isinstance(cell, Cell) else str(cell)
        if role == CELL:
            return self._rows[index.row()][index.column() + 1]
        if role == KEY:
            return self._rows[index.row()][0]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return None

    def canFetchMore(self, parent: _Index) -> bool:
        return not parent.isValid() and not self._all_here and not self._fetching

    def fetchMore(self, parent: _Index = QModelIndex()) -> None:  # noqa: B008
        if self._fetch is None or self._all_here or self._fetching:
            return
        fetch, page, asked = self._fetch, self._page, self._asked
        after = self._rows[-1][0] if self._rows else None
        self._fetching = True
        if self._run is None:
            self._arrive(asked, page, fetch(after, page))
        else:
            self._run(lambda: fetch(after, page), lambda rows: self._arrive(asked, page, rows))

    def _begin(self, fetch: Fetch | None, page: int) -> None:
        self.beginResetModel()
        self._rows = []
        self._fetch, self._page = fetch, page
        self._all_here = fetch is None
        self._eager = False
        self._fetching = False
        self._asked += 1

    def _arrive(self, asked: int, page: int, rows: Sequence[Row]) -> None:
        if asked != self._asked:
            return  # of a showing that is gone
        self._fetching = False
        self._all_here = len(rows) < page
        if rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()
        if self._all_here:
            self.ended.emit()
        if self._eager and not self._all_here:
            self.fetchMore()
