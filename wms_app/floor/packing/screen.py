"""What Pack looks like: the step, the goods of the box; order, carton, weight, carrier beside."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from wms_app.base.texts import _, ngettext
from wms_app.desk import style
from wms_app.desk.cards import Fact, FactsCard, InstructionCard
from wms_app.desk.drawings import Block, BoxDrawing
from wms_app.desk.lists import Attention, AttentionList, ItemList, ListItem
from wms_app.desk.screen import Screen
from wms_app.desk.style import Tone
from wms_app.floor.packing.view import PackItem, PackView


class PackScreen(Screen):
    """Draws PackView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = InstructionCard()
        self._items = ItemList()
        self._waiting = AttentionList()
        self._waiting.opened.connect(lambda _key: self.acted.emit("retry_labels", ""))
        self._below = QStackedWidget()
        self._below.addWidget(self._items)
        self._below.addWidget(self._waiting)
        self._drawing = BoxDrawing()
        self._drawing.setMinimumHeight(100)
        self._facts = FactsCard()
        column = QVBoxLayout()
        column.setSpacing(4 * style.GAP)
        column.addWidget(self._step)
        column.addWidget(self._below, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4 * style.GAP)
        row.addLayout(column, 1)
        row.addWidget(self._facts)

    def draw(self, view: PackView) -> None:
        """Show the step and everything known of the box."""
        self._step.show_step(view.eyebrow.upper(), view.instruction, view.context)
        empty = view.order is None
        self._below.setCurrentIndex(1 if empty and view.waiting else 0)
        if empty:
            self._show_empty(view)
        else:
            self._items.show_items([_list_item(item) for item in view.items])
        self._facts.setVisible(not empty)
        if not empty:
            self._show_facts(view)

    def _show_empty(self, view: PackView) -> None:
        if view.waiting:
            rows = [
                Attention(str(parcel), "warn", number, _("closed, its label could not be bought"))
                for parcel, number in view.waiting
            ]
            count = len(view.waiting)
            title = ngettext("{count} waits for a label", "{count} wait for a label", count)
            self._waiting.show_attention(title.format(count=count), rows)
        else:
            hint = _("Or scan an order's code, or a pick list to pack its orders one by one.")
            self._items.show_empty(_("The bench is free"), hint)

    def _show_facts(self, view: PackView) -> None:
        order = view.order
        assert order is not None
        pills: list[tuple[str, Tone]] = []
        if order.priority:
            pills.append((order.priority, "prime"))
        if order.ship_by:
            pills.append((order.ship_by, "warn" if order.hurry else "muted"))
        facts = [Fact(_("Ship to"), order.ship_to)]
        if view.box is not None:
            facts.append(self._carton(view))
        if view.weight is not None and (view.weight.grams or view.weight.expected):
            facts.append(_weight(view))
        if view.carrier:
            facts.append(Fact(_("Carrier"), view.carrier[:1], quiet=view.carrier[1:]))
        self._facts.show_facts(order.number, order.whose, pills, facts)

    def _carton(self, view: PackView) -> Fact:
        assert view.box is not None
        words = f"**{view.box.code}** {view.box.words}"
        if view.box.size_mm is None or view.step in ("label", "stick"):
            return Fact(_("Carton"), (words,))
        blocks = [Block(*block) for block in view.box.blocks]
        self._drawing.show_box(*view.box.size_mm, blocks)
        return Fact(_("Carton"), (words,), widget=self._drawing)


def _weight(view: PackView) -> Fact:
    assert view.weight is not None
    expected = view.weight.expected
    if not view.weight.grams:
        return Fact(_("Weight"), (expected,) if expected else ())
    tone: Tone = "" if view.weight.fits is None else "ok" if view.weight.fits else "warn"
    return Fact(_("Weight"), (view.weight.grams,), tone, big=True, quiet=(expected,))


def _list_item(item: PackItem) -> ListItem:
    pill: tuple[str, Tone] = (_("fragile"), "warn") if item.fragile else ("", "")
    return ListItem(item.state, item.name, item.other_name, item.code, item.count, pill)
