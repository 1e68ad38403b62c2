"""What Put back looks like: places with goods of cancelled orders, then piece and bin."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.cards import BigBinCard, Card, EmptyState, InstructionCard
from wms_app.desk.lists import ItemList, ListItem
from wms_app.desk.screen import Screen, show_only
from wms_app.desk.tables import Column, RowsTable
from wms_app.floor.cancelling.view import BackItem, PutBackView


class PutBackScreen(Screen):
    """Draws PutBackView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = EmptyState()
        self._step = InstructionCard()
        self._stop = BigBinCard()
        self._stop.hide()
        self._places = RowsTable(_columns())
        self._places.opened.connect(lambda key: self.acted.emit("choose", str(key)))
        self._places_card = Card()
        self._places_card.body.addWidget(self._places)
        self._items = ItemList()
        self._items.hide()
        work = QWidget()
        work.setProperty("clear", True)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4 * style.GAP)
        column.addWidget(self._step)
        column.addWidget(self._stop)
        column.addWidget(self._places_card, 1)
        column.addWidget(self._items, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(work)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def retranslate(self) -> None:
        """The columns' words again."""
        self._places.set_columns(_columns())

    def draw(self, view: PutBackView) -> None:
        """Show the places, or the goods of one and the bin for what is in hand."""
        empty = view.step == "place" and not view.places
        self._pages.setCurrentIndex(1 if empty else 0)
        if empty:
            self._empty.show_empty(view.instruction, view.context)
            return
        at_bin = view.step == "bin"
        here = view.step != "place"
        show_only(
            (self._step, not at_bin),
            (self._stop, at_bin),
            (self._places_card, not here),
            (self._items, here),
        )
        if at_bin:
            sub = " · ".join(p for p in (view.other_name, view.sku, _lot(view.lot)) if p)
            about = f"{sub} · {view.context}" if view.context else sub
            self._stop.show_stop(_eyebrow(view), view.bin, _("put"), view.pieces, view.name, about)
        else:
            self._step.show_step(_eyebrow(view), view.instruction, view.context)
        if view.step == "place":
            self._places.show_rows(
                [(row.place, row.words, row.order_number, row.pieces) for row in view.places]
            )
        else:
            self._items.show_items([_list_item(item) for item in view.items])


def _eyebrow(view: PutBackView) -> str:
    if not view.place:
        return _("PUT BACK · {count} pieces wait").format(count=view.waiting)
    return _("PUT BACK · {order} · {place}").format(order=view.order_number, place=view.place)


def _lot(lot: str) -> str:
    return _("lot **{lot}**").format(lot=lot) if lot else ""


def _list_item(item: BackItem) -> ListItem:
    return ListItem(
        "now" if item.now else "todo",
        item.name,
        item.other_name,
        f"{item.sku} → {item.bin}",
        str(item.quantity),
    )


def _columns() -> list[Column]:
    return [
        Column(_("where it lies"), strong=True),
        Column(_("order"), 260),
        Column(_("pieces"), 90, "right"),
    ]
