"""What Count looks like: the bins in doubt, what was counted, and what a supervisor decides."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.cards import BigBinCard, Card, EmptyState, InstructionCard
from wms_app.desk.screen import Screen, show_only
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.floor.catalog.names import split_name
from wms_app.floor.counting.doubts import Difference, Doubt, reason_words
from wms_app.floor.counting.view import CountView


class CountScreen(Screen):
    """Draws CountView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = EmptyState()
        self._step = InstructionCard()
        self._stop = BigBinCard()
        self._stop.hide()
        self._doubts = RowsTable(_doubt_columns())
        self._doubts_card = Card()
        self._doubts_card.body.addWidget(self._doubts)
        self._differ = RowsTable(_difference_columns())
        self._differ.opened.connect(lambda key: self.acted.emit("choose", str(key)))
        self._differ_card = Card()
        self._differ_card.body.addWidget(self._differ)
        self._differ_card.hide()
        work = QWidget()
        work.setProperty("clear", True)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4 * style.GAP)
        for part in (self._step, self._stop):
            column.addWidget(part)
        column.addWidget(self._differ_card, 1)
        column.addWidget(self._doubts_card, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(work)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def retranslate(self) -> None:
        """The columns' words again."""
        self._doubts.set_columns(_doubt_columns())
        self._differ.set_columns(_difference_columns())

    def draw(self, view: CountView) -> None:
        """Show the bins in doubt, the count under way, and the differences to decide."""
        counting = view.step == "count"
        empty = not counting and not view.doubts and not view.differences
        self._pages.setCurrentIndex(1 if empty else 0)
        if empty:
            self._empty.show_empty(view.instruction, _waiting(view) or view.context)
            return
        show_only(
            (self._step, not counting),
            (self._stop, counting),
            (self._differ_card, bool(view.differences) and not counting),
            (self._doubts_card, bool(view.doubts)),
        )
        if counting:
            parts = (view.other_name, view.sku, _lot(view.lot), view.context)
            sub = " · ".join(part for part in parts if part)
            self._stop.show_stop(_("COUNT"), view.bin, _("counted"), view.counted, view.name, sub)
        else:
            self._step.show_step(_("COUNT"), view.instruction, _waiting(view) or view.context)
        self._differ_card.set_title(_("Counts that differ"))
        self._differ.show_rows([_difference_row(d, view.chosen) for d in view.differences])
        self._doubts_card.set_title(_("To be counted"))
        self._doubts.show_rows([_doubt_row(d, view) for d in view.doubts])


def _waiting(view: CountView) -> str:
    if view.waiting and not view.differences:
        return _("{count} counts wait for a supervisor.").format(count=view.waiting)
    return ""


def _lot(lot: str) -> str:
    return _("lot **{lot}**").format(lot=lot) if lot else ""


def _doubt_columns() -> list[Column]:
    return [Column(_("bin"), 140, strong=True), Column(_("goods")), Column(_("why"), 260)]


def _difference_columns() -> list[Column]:
    return [
        Column(_("bin"), 140, strong=True),
        Column(_("goods")),
        Column(_("store"), 80, "right"),
        Column(_("counted"), 90, "right", strong=True),
        Column(_("differs"), 90, "right"),
        Column(_("orders"), 80, "right"),
        Column(_("by"), 140),
    ]


def _doubt_row(doubt: Doubt, view: CountView) -> tuple[object, ...]:
    name, _other = split_name(doubt.name)
    goods = f"{name}, {doubt.lot}" if doubt.lot else name
    tone = "brand" if (doubt.bin, doubt.sku, doubt.lot) == (view.bin, view.sku, view.lot) else ""
    return (
        doubt.task_id,
        Cell(doubt.bin, tone, strong=True),  # type: ignore[arg-type]
        goods,
        Cell(reason_words(doubt.reason), "muted"),
    )


def _difference_row(row: Difference, chosen: int) -> tuple[object, ...]:
    name, _other = split_name(row.name)
    return (
        row.task_id,
        Cell(row.bin, "brand" if row.task_id == chosen else "", strong=True),
        f"{name}, {row.lot}" if row.lot else name,
        row.expected,
        row.counted,
        Cell(f"{row.difference:+d}", "bad" if row.difference < 0 else "warn", strong=True),
        row.orders,
        row.counted_by,
    )
