"""What Today looks like: the day at a glance; behind it lists, cards, and the evening."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.cards import Card, PageTitle
from wms_app.desk.charts import Bar, BarChart, Stage, StageBar
from wms_app.desk.lists import Attention, AttentionList
from wms_app.desk.rows import Row
from wms_app.desk.screen import Screen
from wms_app.desk.style import Tone
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.office.find.screen import CardPanel
from wms_app.office.find.words import noun_words
from wms_app.office.today.behind import OrderRow
from wms_app.office.today.closing import Balance
from wms_app.office.today.days import stage_words
from wms_app.office.today.views import Table, TableRow, TodayView

_Shade = Literal["held", "short", "s1", "s2", "s3", "s4", "s5", "s6"]
_SHADES: dict[str, _Shade] = {
    "received": "s1",
    "held": "held",
    "short": "short",
    "allocated": "s1",
    "released": "s2",
    "picked": "s3",
    "packed": "s4",
    "staged": "s5",
    "handed_over": "s6",
    "cancelled": "held",
}
_GOOD, _FAIR = 0.985, 0.95  # the share on time that is good, and that is still fair


class TodayScreen(Screen):
    """Draws TodayView: one page for each level."""

    scans = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PageTitle()
        self._title.acted.connect(lambda name: self.acted.emit(name, ""))
        self._board = _Board()
        self._board.opened.connect(self._open)
        self._orders = RowsTable(_order_columns(), self.run)
        self._orders.opened.connect(lambda key: self._open(f"order:{key}"))
        self._list = Card()
        self._list.body.addWidget(self._orders)
        self._panel = CardPanel()
        self._panel.opened.connect(self._open)
        self._evening = _Evening()
        self._evening.opened.connect(self._open)
        self._pages = QStackedWidget()
        for page in (self._board, self._list, self._panel, self._evening):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * style.GAP)
        layout.addWidget(self._title)
        layout.addWidget(self._pages, 1)

    def draw(self, view: TodayView) -> None:
        """Show the level that the person is at."""
        if view.level == "orders":
            self._show_orders(view)
        elif view.level == "card" and view.card is not None:
            self._title.show_title(view.card.title, noun_words(view.card.noun), _back())
            self._panel.show_card(view.card)
            self._pages.setCurrentWidget(self._panel)
        elif view.level == "closing" and view.balance is not None:
            closed = _("closed by {who}").format(who=view.closed_by) if view.closed_by else ""
            self._title.show_title(_("Close the day"), closed or view.sub, _back())
            self._evening.show_balance(view.balance)
            self._pages.setCurrentWidget(self._evening)
        else:
            self._show_board(view)

    def _show_board(self, view: TodayView) -> None:
        keys = (("export", "Ctrl+E", _("Export")), ("close_day", "Ctrl+D", _("Close the day")))
        closed = _("closed by {who}").format(who=view.closed_by) if view.closed_by else ""
        sub = " · ".join(part for part in (view.sub, closed) if part)
        self._title.show_title(view.headline, sub, keys)
        self._board.show_day(view)
        self._pages.setCurrentWidget(self._board)

    def _show_orders(self, view: TodayView) -> None:
        self._title.show_title(view.list_title, view.sub, _back())
        self._orders.set_columns(_order_columns())
        self._orders.set_empty(_("No orders here"), _("F9 goes back to the day."))
        fetch = view.fetch
        if fetch is not None:
            self._orders.show_pages(
                lambda after, limit: [_order_row(row) for row in fetch(after or 0, limit)]
            )
        self._pages.setCurrentWidget(self._list)
        self._orders.setFocus()

    def _open(self, key: Any) -> None:
        if key:
            self.acted.emit("open", str(key))


class _Board(QWidget):
    """Stages over everything; hours and the table at the left, what needs somebody at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._stages = StageBar()
        self._hours = BarChart()
        self._needs = AttentionList()
        self._needs.setFixedWidth(style.SIDE_WIDTH + 6 * style.GAP)
        self._table = RowsTable(_table_columns("client"))
        card = Card()
        card.body.addWidget(self._table)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * style.GAP)
        layout.addWidget(self._stages, 0, 0, 1, 2)
        layout.addWidget(self._hours, 1, 0)
        layout.addWidget(card, 2, 0)
        layout.addWidget(self._needs, 1, 1, 2, 1)
        layout.setColumnStretch(0, 1)
        layout.setRowStretch(1, 4)
        layout.setRowStretch(2, 5)
        self.opened = self._needs.opened
        self._stages.opened.connect(lambda name: self.opened.emit(f"stage:{name}"))
        self._hours.opened.connect(self.opened)
        self._table.opened.connect(lambda key: self.opened.emit(str(key)))

    def show_day(self, view: TodayView) -> None:
        """Draw the day's figures."""
        self._stages.show_stages(
            [Stage(s.name, s.label, s.count, s.note, _SHADES[s.name]) for s in view.stages]
        )
        bars = [
            Bar(b.hour, b.parcels, b.forecast, "" if b.forecast else f"hour:{b.hour}")
            for b in view.hours
        ]
        self._hours.show_bars(bars, _("Parcels packed by hour"), _("No parcel was packed yet"))
        self._table.set_columns(_table_columns(view.table))
        self._table.set_empty(_("Nothing yet"), _("Orders appear here when they are taken in."))
        self._table.show_rows([_table_row(view.table, row) for row in view.rows])
        needs = [Attention(n.key, n.tone, n.text, n.sub) for n in view.needs]
        title = _("Needs you · {count}").format(count=len(needs)) if needs else _("Needs you")
        self._needs.show_attention(title, needs, _("Nothing needs you now"))


class _Evening(QWidget):
    """The evening: five figures that should be one, and what is between them."""

    def __init__(self) -> None:
        super().__init__()
        self._figures = StageBar()
        self._gaps = AttentionList()
        self.opened = self._gaps.opened
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * style.GAP)
        layout.addWidget(self._figures)
        layout.addWidget(self._gaps, 1)

    def show_balance(self, balance: Balance) -> None:
        """Draw the figures and list the gaps."""
        figures: Sequence[tuple[str, str, int, _Shade]] = (
            ("packed", _("Packed"), balance.packed, "s2"),
            ("bought", _("Labels bought"), balance.bought, "s3"),
            ("staged", _("Staged"), balance.staged, "s4"),
            ("loaded", _("Loaded"), balance.loaded, "s5"),
            ("left", _("Left"), balance.left, "s6"),
        )
        self._figures.show_stages(
            [Stage(name, label, count, "", shade) for name, label, count, shade in figures]
        )
        gaps = [Attention(gap.key, "warn", gap.text) for gap in balance.gaps]
        title = _("What does not add up · {count}").format(count=len(gaps))
        self._gaps.show_attention(title, gaps, _("Everything adds up"))


def _back() -> tuple[tuple[str, str, str], ...]:
    return (("back", "F9", _("Back")),)


def _order_columns() -> list[Column]:
    return [
        Column(_("Order"), 230, strong=True),
        Column(_("Client")),
        Column(_("Channel"), 140),
        Column(_("Stage"), 140),
        Column(_("Pieces"), 90, "right"),
        Column(_("Ship by"), 130, "right"),
    ]


def _order_row(row: OrderRow) -> Row:
    tone: Tone = "warn" if row.stage in ("held", "short") else ""
    return (
        row.order_id,
        row.number,
        row.client,
        row.channel,
        Cell(stage_words(row.stage), "bad" if row.stage == "cancelled" else tone),
        f"{row.pieces:,}",
        Cell(row.ship_by or "–", "bad" if row.late else "", strong=row.late),
    )


def _table_columns(table: Table) -> list[Column]:
    if table == "carrier":
        return [
            Column(_("Carrier")),
            Column(_("labelled"), 100, "right"),
            Column(_("waiting"), 100, "right"),
            Column(_("parcels out"), 120, "right"),
            Column(_("units out"), 110, "right"),
        ]
    columns = [
        Column(_("Client") if table == "client" else _("Channel")),
        Column(_("in"), 62, "right"),
        Column(_("open"), 68, "right"),
        Column(_("out"), 62, "right"),
        Column(_("late risk"), 88, "right"),
    ]
    if table == "client":
        columns.append(Column(_("on time, 7 days"), 128))
    return columns


def _table_row(table: Table, row: TableRow) -> Row:
    figures = tuple(f"{figure:,}" for figure in row.figures)
    if table == "carrier":
        return (row.key, row.name, *figures)
    late = Cell(f"{row.late:,}", "bad" if row.late else "", strong=bool(row.late))
    if table == "channel":
        return (row.key, row.name, *figures, late)
    return (row.key, row.name, *figures, late, _on_time(row.on_time))


def _on_time(share: float | None) -> Cell:
    if share is None:
        return Cell("–", "muted")
    tone = "ok" if share >= _GOOD else "warn" if share >= _FAIR else "bad"
    return Cell(
        _("{percent} %").format(percent=f"{share * 100:.1f}"), cast(Tone, tone), strong=True
    )
