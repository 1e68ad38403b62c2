"""What Stage looks like: the lane in big letters, all lanes with their cut-offs, the parcel."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wms_app.base.texts import _, ngettext
from wms_app.desk import style
from wms_app.desk.cards import BigBinCard, Card, Fact, FactsCard, InstructionCard
from wms_app.desk.rows import Row
from wms_app.desk.screen import Screen
from wms_app.desk.style import Tone
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.floor.staging.board import LaneRow, ParcelCard
from wms_app.floor.staging.presenter import StageView
from wms_app.outside.carriers.carrier import carrier_words

_RECENT = 6


class StageScreen(Screen):
    """Draws StageView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = InstructionCard()
        self._lane = BigBinCard()
        self._lanes = RowsTable(_columns())
        card = Card()
        card.body.addWidget(self._lanes)
        self._facts = FactsCard()
        left = QVBoxLayout()
        left.setSpacing(4 * style.GAP)
        left.addWidget(self._step)
        left.addWidget(self._lane)
        left.addWidget(card, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * style.GAP)
        layout.addLayout(left, 1)
        layout.addWidget(self._facts)

    def retranslate(self) -> None:
        """The columns' words again."""
        self._lanes.set_columns(_columns())

    def draw(self, view: StageView) -> None:
        """Show the step, the lanes, and the parcel in hand or the last ones."""
        if view.big:
            eyebrow = _("Stage · this lane takes") if view.sticky else _("Stage · carry it to")
            about = (
                f"{carrier_words(view.parcel.carrier)} · {view.parcel.service}"
                if view.parcel
                else ""
            )
            self._lane.show_stop(eyebrow.upper(), view.big, "", 0, about, view.context)
        else:
            waits = ngettext(
                "**{count}** parcel waits for its lane",
                "**{count}** parcels wait for their lanes",
                view.coming,
            ).format(count=f"{view.coming:,}")
            self._step.show_step(_("STAGE"), view.instruction, waits)
        self._lane.setVisible(bool(view.big))
        self._step.setVisible(not view.big)
        self._lanes.set_empty(
            _("There are no lanes yet"), _("A supervisor adds them in Setup, one for each cut-off.")
        )
        self._lanes.show_rows([_lane_row(row, row.code == view.big) for row in view.lanes])
        self._show_facts(view)

    def _show_facts(self, view: StageView) -> None:
        if view.parcel is None:
            lines = tuple(f"**{card.lane}**  {card.order_number}" for card in view.done[:_RECENT])
            last = Fact(_("Last"), lines or (_("Nothing yet."),))
            hint = _("Scan a lane's sign first, and every parcel after it goes into that lane.")
            many = Fact(_("Many for one lane"), (hint,))
            self._facts.show_facts(_("Staged here"), "", (), (last, many))
            return
        card = view.parcel
        ship_by: tuple[tuple[str, Tone], ...] = ()
        if card.ship_by:
            ship_by = ((_("ship by {time}").format(time=card.ship_by), "warn"),)
        facts = parcel_facts(card)
        self._facts.show_facts(
            card.order_number, f"{card.channel.title()} · {card.client}", ship_by, facts
        )


def parcel_facts(card: ParcelCard) -> tuple[Fact, ...]:
    """What a person with the parcel in hand can compare."""
    return (
        Fact(_("Parcel"), (str(card.number),)),
        Fact(_("Tracking"), (card.tracking,)),
        Fact(_("Carrier"), (f"**{carrier_words(card.carrier)}** {card.service}",)),
        Fact(_("To"), (card.place,)),
        Fact(_("Weight"), (_("{grams} g").format(grams=f"{card.grams:,}"),), big=True),
    )


def _columns() -> list[Column]:
    return [
        Column(_("Lane"), 110, strong=True),
        Column(_("Carrier")),
        Column(_("Cut-off"), 84, "right"),
        Column(_("leaves in"), 100, "right"),
        Column(_("to come"), 88, "right"),
        Column(_("here"), 64, "right", strong=True),
    ]


def _lane_row(row: LaneRow, chosen: bool) -> Row:
    service = row.service or _("all services")
    return (
        row.code,
        Cell(row.code, "brand" if chosen else "", strong=True),
        f"{carrier_words(row.carrier)} · {service}",
        row.cutoff or "–",
        Cell(row.left, "warn" if row.soon else ""),
        Cell(f"{row.coming:,}", "warn" if row.soon and row.coming else ""),
        f"{row.standing:,}",
    )
