"""What the label-first walk looks like: the bin, its label, the stops to come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from wms_app.base.texts import _, ngettext
from wms_app.desk import style
from wms_app.desk.cards import BigBinCard, Card, EmptyState, Fact, FactsCard, InstructionCard
from wms_app.desk.rows import Row
from wms_app.desk.screen import Screen
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.floor.labelling.view import LabelWalkView


class LabelWalkScreen(Screen):
    """Draws LabelWalkView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self._empty = EmptyState()
        self._step = InstructionCard()
        self._stop = BigBinCard()
        self._table = RowsTable([Column("")])
        card = Card()
        card.body.addWidget(self._table)
        self._facts = FactsCard()
        column = QVBoxLayout()
        column.setSpacing(4 * style.GAP)
        column.addWidget(self._step)
        column.addWidget(self._stop)
        column.addWidget(card, 1)
        work = QWidget()
        work.setProperty("clear", True)
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4 * style.GAP)
        row.addLayout(column, 1)
        row.addWidget(self._facts)
        self._pages = QStackedWidget()
        self._pages.addWidget(work)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def retranslate(self) -> None:
        """The columns are set anew by the next `draw`."""
        self._shown = ""

    def draw(self, view: LabelWalkView) -> None:
        """Show the lists that wait, or the stop with its label."""
        nothing = view.step == "list" and not view.lists
        self._pages.setCurrentIndex(1 if nothing else 0)
        if nothing:
            self._empty.show_empty(view.instruction, view.context)
            return
        walking = bool(view.bin)
        for part in (self._stop, self._step):
            part.hide()  # never both at once: the window would grow to hold them
        (self._stop if walking else self._step).show()
        self._facts.setVisible(walking)
        if walking:
            sub = " · ".join(part for part in (view.other_name, f"**{view.instruction}**") if part)
            self._stop.show_stop(view.eyebrow, view.bin, _("take"), 1, view.name, sub)
            self._show_label(view)
        else:
            self._step.show_step(view.eyebrow, view.instruction, view.context)
        self._show_table(view)

    def _show_label(self, view: LabelWalkView) -> None:
        label = view.label
        if label is None:
            return
        left = view.total - view.done
        stops = ngettext("{count} stop left", "{count} stops left", left).format(count=left)
        facts = [
            Fact(_("Label"), (f"**{label.tracking}**",)),
            Fact(_("Carrier"), (f"**{label.carrier}** · {label.price}",)),
            Fact(_("The list"), (stops,), quiet=tuple(_aside(view))),
        ]
        self._facts.show_facts(label.order_number, _("one piece in its own box"), (), facts)

    def _show_table(self, view: LabelWalkView) -> None:
        kind = "lists" if view.step == "list" else "then"
        if kind != self._shown:
            self._shown = kind
            self._table.set_columns(_lists() if kind == "lists" else _then())
        if kind == "lists":
            self._table.show_rows(_list_rows(view))
            return
        self._table.set_empty(
            _("Nothing comes after this stop"), _("Then the parcels go to Stage.")
        )
        self._table.show_rows(_then_rows(view))


def _aside(view: LabelWalkView) -> list[str]:
    words = []
    if view.held:
        held = ngettext("{count} order is on hold", "{count} orders are on hold", view.held)
        words.append(held.format(count=view.held))
    if view.unlabelled:
        bare = ngettext(
            "{count} stop has no label yet", "{count} have no label yet", view.unlabelled
        )
        words.append(bare.format(count=view.unlabelled))
    return words


def _lists() -> Sequence[Column]:
    return [Column(_("list"), 140, strong=True), Column(""), Column(_("labels"), 90, "right")]


def _then() -> Sequence[Column]:
    return [
        Column(_("then"), 120, strong=True),
        Column(""),
        Column(_("order"), 220),
        Column(_("label"), 90, "right"),
    ]


def _list_rows(view: LabelWalkView) -> list[Row]:
    return [
        (row.code, row.code, Cell(_("you have begun it"), "brand") if row.mine else "", row.orders)
        for row in view.lists
    ]


def _then_rows(view: LabelWalkView) -> list[Row]:
    rows: list[Row] = []
    for place, row in enumerate(view.then):
        name = Cell(row.name, pill=(_("fragile"), "warn")) if row.fragile else Cell(row.name)
        rows.append((place, row.bin, name, row.order_number, row.label))
    return rows
