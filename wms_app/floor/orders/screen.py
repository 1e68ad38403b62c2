"""What the clerk's room looks like: the list, a file's findings, an order with its address."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.cards import Card, PageTitle
from wms_app.desk.drop import DropArea
from wms_app.desk.form import Field, FormCard
from wms_app.desk.lists import ItemList, ListItem
from wms_app.desk.screen import Screen
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.desk.words import label
from wms_app.floor.orders.model import OPEN
from wms_app.floor.orders.service import ADDRESS
from wms_app.floor.orders.view import FileCard, OpenOrder, OrderRow, OrdersView
from wms_app.floor.orders.words import field_words, state_words


class OrdersScreen(Screen):
    """Draws OrdersView."""

    scans = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._version = self._news = -1
        self._order_id = 0
        self._title = PageTitle()
        self._drop = DropArea()
        self._drop.chosen.connect(lambda path: self.acted.emit("open_file", path))
        self._table = RowsTable(_columns(), self.run)
        self._table.opened.connect(lambda key: self.acted.emit("order", str(key)))
        self._findings = RowsTable(_finding_columns())
        self._findings.opened.connect(self._open_finding)
        self._found: tuple[tuple[str, ...], ...] = ()
        self._words = label("", "context", wrap=True)
        self._lines = ItemList()
        self._holds = ItemList()
        self._form = FormCard()
        self._form.saved.connect(lambda held: self.acted.emit("mend_address", json.dumps(held)))
        self._pages = QStackedWidget()
        for page in (self._list_page(), self._file_page(), self._order_page()):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * style.GAP)
        layout.addWidget(self._title)
        layout.addWidget(self._pages, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """The static words again."""
        self._drop.show_words(
            _("Drop an order file here"), _("or press F3. Nothing is written until you agree.")
        )
        self._table.set_columns(_columns())
        self._findings.set_columns(_finding_columns())
        self._findings.set_empty(_("Nothing is wrong with this file"), "")
        self._version = -1

    def draw(self, view: OrdersView) -> None:
        """Show where the clerk is."""
        self._title.show_title(*_title(view))
        self._pages.setCurrentIndex(("list", "file", "order").index(view.step))
        if view.step == "list":
            self._show_list(view)
        if view.file is not None:
            self._show_file(view.file)
        if view.order is not None:
            self._show_order(view.order)

    def _show_list(self, view: OrdersView) -> None:
        """Fetch the list again; what others change must not move it away under the clerk."""
        reading = self._table.verticalScrollBar().value() > 0 or self._table.current_key()
        stale = view.news != self._news and not reading
        if view.fetch is None or not (view.version != self._version or stale):
            return
        self._version, self._news, fetch = view.version, view.news, view.fetch
        self._table.set_empty(*_empty(view))
        self._table.show_pages(lambda after, limit: [_row(one) for one in fetch(after, limit)])

    def _show_file(self, file: FileCard) -> None:
        self._words.say(file.words)
        if self._found != file.findings:
            self._found = file.findings
            self._findings.show_rows([(n, *cells) for n, cells in enumerate(file.findings)])

    def _open_finding(self, place: int) -> None:
        number = self._found[place][1]
        if number:
            self.acted.emit("find", number)

    def _show_order(self, order: OpenOrder) -> None:
        if order.id != self._order_id:  # what was typed for another order must not stay
            self._order_id = order.id
            self._form.show_form("", (), "")
        self._holds.set_title(_("On hold because"))
        self._holds.show_items([ListItem("bad", reason, words) for reason, words in order.holds])
        if not order.holds:
            self._holds.show_empty(_("Nothing holds this order"), state_words(order.state))
        self._lines.set_title(_("Lines"))
        self._lines.show_items(
            [
                ListItem(
                    "todo" if line.known or line.not_goods else "bad",
                    line.sku,
                    _("no goods") if line.not_goods else "" if line.known else _("unknown SKU"),
                    count=str(line.ordered),
                )
                for line in order.lines
            ]
        )
        can_change = order.state in OPEN
        fields = [Field(name, field_words(name), order.facts.get(name, "")) for name in ADDRESS]
        self._form.show_form(_("Ship to"), fields, _("Save the address"), across=2)
        self._form.setEnabled(can_change)

    def _list_page(self) -> QWidget:
        page, column = _column()
        card = Card()
        card.body.addWidget(self._table)
        column.addWidget(self._drop)
        column.addWidget(card, 1)
        return page

    def _file_page(self) -> QWidget:
        page, column = _column()
        card = Card()
        card.body.addWidget(self._findings)
        column.addWidget(self._words)
        column.addWidget(card, 1)
        return page

    def _order_page(self) -> QWidget:
        page, column = _column()
        row = QHBoxLayout()
        row.setSpacing(4 * style.GAP)
        left = QVBoxLayout()
        left.setSpacing(4 * style.GAP)
        left.addWidget(self._holds, 1)
        left.addWidget(self._lines, 1)
        row.addLayout(left, 2)
        row.addWidget(self._form, 3)
        column.addLayout(row, 1)
        return page


def _column() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4 * style.GAP)
    return page, column


def _title(view: OrdersView) -> tuple[str, str]:
    match view.step:
        case "file" if view.file is not None:
            state = _("taken in") if view.file.taken_in else _("not taken in yet")
            return view.file.name, " · ".join((state, view.file.profile or _("our own columns")))
        case "order" if view.order is not None:
            order = view.order
            facts = [order.channel, order.client, state_words(order.state)]
            if order.ship_by:
                facts.append(_("ship by {when}").format(when=order.ship_by))
            if order.facts.get("paid") == "no":
                facts.append(_("not paid"))
            return order.number, " · ".join(facts)
        case _:
            words = _("{held} on hold · {all} in all").format(held=view.held, all=view.all)
            return _("Orders"), " · ".join((words, *_filters(view)))


def _filters(view: OrdersView) -> list[str]:
    if view.number:
        return [_("those called {number} shown").format(number=view.number)]
    shown = _("held ones shown") if view.filter == "held" else _("all shown")
    profile = [_("profile {name}").format(name=view.profile)] if view.profile else []
    return [shown, *([view.channel] if view.channel else []), *profile]


def _empty(view: OrdersView) -> tuple[str, str]:
    if view.filter == "held" and view.all:
        return _("Nothing is on hold"), _("F5 shows all orders.")
    return _("No orders yet"), _("Drop an order file above, or press F3.")


def _columns() -> list[Column]:
    return [
        Column(_("order"), 195, strong=True),
        Column(_("client"), 85),
        Column(_("channel"), 80),
        Column(_("buyer")),
        Column(_("to"), 145),
        Column(_("state"), 95),
        Column(_("on hold"), 130),
        Column(_("ship by"), 130),
    ]


def _finding_columns() -> list[Column]:
    return [
        Column(_("row"), 70, "right"),
        Column(_("order"), 190, strong=True),
        Column(_("field"), 110),
        Column(_("value"), 150),
        Column(_("expected")),
        Column("", 170),
    ]


def _row(one: OrderRow) -> tuple[Any, ...]:
    held = Cell(one.holds, "warn") if one.holds else ""
    return (
        one.id,
        one.number,
        one.client,
        one.channel,
        one.buyer,
        one.place,
        one.state,
        held,
        one.ship_by,
    )
