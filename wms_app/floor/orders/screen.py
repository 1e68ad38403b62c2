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
from wms_app.floor.orders.view import OpenOrder, OrderRow, OrdersView, state_words


class OrdersScreen(Screen):
    """Draws OrdersView."""

    scans = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._version = -1
        self._title = PageTitle()
        self._drop = DropArea()
        self._drop.chosen.connect(lambda path: self.acted.emit("open_file", path))
        self._table = RowsTable(_columns(), self.run)
        self._table.opened.connect(lambda key: self.acted.emit("order", str(key)))
        self._findings = RowsTable(_finding_columns())
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
        self._table.set_empty(_("Nothing is on hold"), _("F5 shows all orders."))
        self._findings.set_empty(_("Nothing is wrong with this file"), "")
        self._version = -1

    def draw(self, view: OrdersView) -> None:
        """Show where the clerk is."""
        self._title.show_title(*_title(view))
        self._pages.setCurrentIndex(("list", "file", "order").index(view.step))
        if view.step == "list" and view.version != self._version and view.fetch is not None:
            self._version = view.version
            fetch = view.fetch
            self._table.show_pages(lambda after, limit: [_row(one) for one in fetch(after, limit)])
        if view.file is not None:
            self._words.say(view.file.words)
            self._findings.show_rows(
                [(place, *cells) for place, cells in enumerate(view.file.findings)]
            )
        if view.order is not None:
            self._show_order(view.order)

    def _show_order(self, order: OpenOrder) -> None:
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
        fields = [Field(name, _caption(name), order.facts.get(name, "")) for name in ADDRESS]
        self._form.show_form(_("Ship to"), fields, _("Save the address"))
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
        row.addLayout(left, 1)
        row.addWidget(self._form, 1)
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
            return view.file.name, _("taken in") if view.file.taken_in else _("not taken in yet")
        case "order" if view.order is not None:
            order = view.order
            where = f"{order.channel} · {order.client} · {state_words(order.state)}"
            return order.number, where
        case _:
            words = _("{held} on hold · {all} in all").format(held=view.held, all=view.all)
            shown = _("held ones shown") if view.filter == "held" else _("all shown")
            return _("Orders"), f"{words} · {shown}"


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


def _caption(name: str) -> str:
    return {
        "name": _("Name"),
        "phone": _("Phone"),
        "line1": _("Street"),
        "line2": _("Second line"),
        "city": _("City"),
        "region": _("State or region"),
        "postal_code": _("Postal code"),
        "country": _("Country"),
    }[name]
