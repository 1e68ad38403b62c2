"""What Pickup looks like: the trucks at the doors; then one truck, what is missing, what is on."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wms_app.base.texts import _, ngettext
from wms_app.desk import style
from wms_app.desk.cards import Card, Fact, FactsCard, InstructionCard
from wms_app.desk.rows import Row
from wms_app.desk.screen import Screen
from wms_app.desk.style import Tone
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.floor.handover.board import DoorRow, MissingParcel, TruckCard, why_words
from wms_app.floor.handover.presenter import SHOWN, PickupView
from wms_app.outside.carriers.carrier import carrier_words

_RECENT = 6
_TONES: dict[str, Tone] = {"lane": "", "bench": "muted", "held": "warn", "cancelled": "bad"}


class PickupScreen(Screen):
    """Draws PickupView. Enter on a lane opens its truck, as scanning its sign does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = InstructionCard()
        self._table = RowsTable(_door_columns())
        self._table.opened.connect(self._opened)
        self._card = Card()
        self._card.body.addWidget(self._table)
        self._facts = FactsCard()
        self._at_doors = True
        left = QVBoxLayout()
        left.setSpacing(4 * style.GAP)
        left.addWidget(self._step)
        left.addWidget(self._card, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * style.GAP)
        layout.addLayout(left, 1)
        layout.addWidget(self._facts)

    def draw(self, view: PickupView) -> None:
        """Show the doors, or the truck with what is missing from it."""
        self._at_doors = view.truck is None
        self._step.show_step(_eyebrow(view.truck), view.instruction, view.context)
        if view.truck is None:
            self._show_doors(view)
        else:
            self._show_truck(view, view.truck)

    def _opened(self, key: Any) -> None:
        if self._at_doors and key is not None:
            self.acted.emit("open_lane", str(key))

    def _show_doors(self, view: PickupView) -> None:
        self._card.set_title("")
        self._table.set_columns(_door_columns())
        self._table.set_empty(
            _("There are no lanes yet"), _("A supervisor adds them in Setup, one for each cut-off.")
        )
        self._table.show_rows([_door_row(row) for row in view.doors])
        standing = sum(row.lane.standing for row in view.doors)
        loaded = sum(row.loaded for row in view.doors)
        facts = (
            Fact(_("In the lanes"), (f"{standing:,}",), big=True),
            Fact(_("On open trucks"), (f"{loaded:,}",), big=True),
        )
        self._facts.show_facts(_("At the doors"), "", (), facts)

    def _show_truck(self, view: PickupView, truck: TruckCard) -> None:
        more = _("and more") if len(view.missing) >= SHOWN else ""
        title = _("Not on the truck · {count}").format(
            count=f"{len(view.missing):,} {more}".strip()
        )
        self._card.set_title(title if view.missing else "")
        self._table.set_columns(_missing_columns())
        self._table.set_empty(*_nothing_missing(truck))
        words = why_words(view.missing)
        self._table.show_rows([_missing_row(parcel, words) for parcel in view.missing])
        pills: list[tuple[str, Tone]] = []
        if view.taking_off:
            pills.append((_("taking off"), "warn"))
        if truck.state == "open" and truck.cutoff:
            pills.append((_("cut-off {time}").format(time=truck.cutoff), "warn"))
        carrier = f"{carrier_words(truck.carrier)} · {truck.service or _('all services')}"
        self._facts.show_facts(truck.code, carrier, tuple(pills), _truck_facts(view, truck))


def _eyebrow(truck: TruckCard | None) -> str:
    if truck is None:
        return _("PICKUP")
    return _("PICKUP · LANE {lane} · TRUCK {truck}").format(lane=truck.lane, truck=truck.code)


def _truck_facts(view: PickupView, truck: TruckCard) -> tuple[Fact, ...]:
    weight = _("{kilograms} kg").format(kilograms=f"{truck.grams / 1000:,.1f}")
    facts = [
        Fact(_("On the truck"), (f"{truck.loaded:,}", weight), big=True),
    ]
    if truck.state == "open":
        tone: Tone = "warn" if view.left else "ok"
        facts.append(Fact(_("Still in the lane"), (f"{view.left:,}",), tone, big=True))
    if truck.driver:
        facts.append(Fact(_("Driver"), (f"**{truck.driver}**", truck.vehicle)))
    if view.printed_to:
        facts.append(Fact(_("Manifest"), (view.printed_to.replace("/", "/\u200b"),)))
    last = tuple(f"{card.order_number}" for card in view.loaded[:_RECENT])
    if last:
        facts.append(Fact(_("Last loaded"), last))
    return tuple(facts)


def _nothing_missing(truck: TruckCard) -> tuple[str, str]:
    if truck.state == "departed":
        return _("On its way"), _("F2 prints the manifest again, F5 shows the other trucks.")
    if truck.loaded:
        return _("Nothing is missing"), _("Everything of this lane is on the truck.")
    return _("Nothing waits for this truck"), _("Parcels appear here when they are labelled.")


def _door_columns() -> list[Column]:
    return [
        Column(_("Lane"), 110, strong=True),
        Column(_("Carrier")),
        Column(_("Cut-off"), 80, "right"),
        Column(_("leaves in"), 92, "right"),
        Column(_("in the lane"), 92, "right"),
        Column(_("on the truck"), 120, "right", strong=True),
    ]


def _door_row(row: DoorRow) -> Row:
    lane = row.lane
    on_it = ngettext("{count} on {truck}", "{count} on {truck}", row.loaded)
    return (
        lane.code,
        lane.code,
        f"{carrier_words(lane.carrier)} · {lane.service or _('all services')}",
        lane.cutoff or "–",
        Cell(lane.left, "warn" if lane.soon else ""),
        Cell(f"{lane.standing:,}", "warn" if lane.soon and lane.standing else ""),
        on_it.format(count=f"{row.loaded:,}", truck=row.truck) if row.truck else "–",
    )


def _missing_columns() -> list[Column]:
    return [
        Column(_("Order"), 196, strong=True),
        Column(_("Tracking"), 184),
        Column(_("Client")),
        Column("", 118),
    ]


def _missing_row(parcel: MissingParcel, words: dict[str, str]) -> Row:
    tone = _TONES[parcel.why]
    pill: tuple[str, Tone] = (words[parcel.why], tone) if tone in ("warn", "bad") else ("", "")
    plain = "" if pill[0] else words[parcel.why]
    return (
        parcel.parcel_id,
        parcel.order_number,
        parcel.tracking,
        parcel.client,
        Cell(plain, tone if not pill[0] else "", pill=pill),
    )
