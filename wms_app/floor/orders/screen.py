"""What the clerk's room looks like: the list, a file's findings, an order with its address."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.cards import Card, Fact, FactsCard, PageTitle
from wms_app.desk.drop import DropArea
from wms_app.desk.form import Field, FormCard
from wms_app.desk.lists import ItemList, ListItem
from wms_app.desk.screen import Screen
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.desk.words import label
from wms_app.floor.orders.model import OPEN
from wms_app.floor.orders.service import ADDRESS
from wms_app.floor.orders.view import FileCard, LineRow, OpenOrder, OrderRow, OrdersView
from wms_app.floor.orders.words import field_words, state_words

QWIDGETSIZE_MAX = (1 << 24) - 1  # Qt's word for "as wide as there is room"


class OrdersScreen(Screen):
    """Draws OrdersView."""

    scans = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._version = self._news = -1
        self._order_id = 0
        self._step = ""
        self._shown: tuple[str, ...] = ()  # what the list was about when it was shown last
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
        self._holds = FactsCard()
        self._holds.setMinimumWidth(0)
        self._holds.setMaximumWidth(QWIDGETSIZE_MAX)
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
        self._turn_to(view.step)
        if view.step == "list":
            self._show_list(view)
        if view.file is not None:
            self._show_file(view.file)
        if view.order is not None:
            self._show_order(view.order)

    def _turn_to(self, step: str) -> None:
        """Show a place; the keys go where they are of use there, unless something is typed."""
        if step == self._step:
            return
        focus = QApplication.focusWidget()
        inside = focus is None or focus is self or self.isAncestorOf(focus)
        self._step = step
        self._pages.setCurrentIndex(("list", "file", "order").index(step))
        keys_to = {"list": self._table, "file": self._findings}
        self.setFocusProxy(keys_to.get(step))  # type: ignore[arg-type]
        if inside and self.isVisible():
            self.setFocus()

    def _show_list(self, view: OrdersView) -> None:
        """Fetch the list again; what others change must not move it away under the clerk."""
        reading = self._table.verticalScrollBar().value() > 0 or self._table.current_key()
        stale = view.news != self._news and not reading
        if view.fetch is None or not (view.version != self._version or stale):
            return
        self._version, self._news, fetch = view.version, view.news, view.fetch
        self._table.set_empty(*_empty(view))
        about = (view.filter, view.channel, view.number)
        same, self._shown = about == self._shown, about
        self._table.show_pages(
            lambda after, limit: [_row(one) for one in fetch(after, limit)], keep_place=same
        )

    def _show_file(self, file: FileCard) -> None:
        self._words.say(file.words)
        if self._found != file.findings:
            self._found = file.findings
            self._findings.set_columns(_label_columns() if file.labels else _finding_columns())
            shown = _LABEL_CELLS if file.labels else range(6)
            rows = [(n, *(one[place] for place in shown)) for n, one in enumerate(file.findings)]
            self._findings.show_rows(rows)

    def _open_finding(self, place: int) -> None:
        number = self._found[place][1]
        if number:
            self.acted.emit("find", number)

    def _show_order(self, order: OpenOrder) -> None:
        if order.id != self._order_id:  # what was typed for another order must not stay
            self._order_id = order.id
            self._form.show_form("", (), "")
        self._holds.set_title(_("On hold because"))
        self._holds.show_facts("", facts=_hold_facts(order))
        self._lines.set_title(_("Lines"))
        self._lines.show_items([_line_item(line) for line in order.lines])
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
        left.addWidget(self._holds, 3)
        left.addWidget(self._lines, 2)
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


def _hold_facts(order: OpenOrder) -> list[Fact]:
    if not order.holds:
        words = _("Nothing holds this order")
        return [Fact("", (f"**{words}**",), tone="ok", quiet=(state_words(order.state),))]
    return [
        Fact("", (f"**{reason}**",), tone="warn", quiet=(words,) if words else ())
        for reason, words in order.holds
    ]


def _line_item(line: LineRow) -> ListItem:
    count = f"{line.ordered:,}"
    if line.not_goods:
        return ListItem("todo", line.sku, code=_("no goods"), count=count)
    if line.known:
        return ListItem("todo", line.sku, code=line.name, count=count)
    return ListItem("bad", line.sku, code=_("unknown SKU: F6 chooses it"), count=count)


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
            words = _("{held} on hold · {all} in all").format(
                held=f"{view.held:,}", all=f"{view.all:,}"
            )
            return _("Orders"), " · ".join((words, *_filters(view)))


def _filters(view: OrdersView) -> list[str]:
    if view.number:
        return [_("those called {number} shown").format(number=view.number)]
    shown = _("held ones shown") if view.filter == "held" else _("all shown")
    profile = [_("profile {name}").format(name=view.profile)] if view.profile else []
    return [shown, *([view.channel] if view.channel else []), *profile]


def _empty(view: OrdersView) -> tuple[str, str, str]:
    if view.filter == "held" and view.all:
        return _("Nothing is on hold"), _("F5 shows all orders."), "tick"
    return _("No orders yet"), _("Drop an order file above, or press F3."), "file"


def _columns() -> list[Column]:
    return [
        Column(_("order"), 195, strong=True),
        Column(_("client"), 85),
        Column(_("channel"), 90),
        Column(_("buyer")),
        Column(_("to"), 145),
        Column(_("state"), 110),
        Column(_("on hold"), 125),
        Column(_("ship by"), 115),
    ]


def _finding_columns() -> list[Column]:
    return [
        Column(_("row"), 70, "right"),
        Column(_("order"), 190, strong=True),
        Column(_("field"), 125),
        Column(_("value"), 150),
        Column(_("expected")),
        Column(_("what follows"), 190),
    ]


_LABEL_CELLS = (2, 5, 4)  # place, what is wrong, what to do


def _label_columns() -> list[Column]:
    return [
        Column(_("label"), 190, strong=True),
        Column(_("what is wrong")),
        Column(_("what to do"), 400),
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
