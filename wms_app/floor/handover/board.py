"""What is on a truck, and what is missing from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from wms_app.base import clock
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Client, Warehouse
from wms_app.floor.handover.model import Pickup, PickupParcel
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel
from wms_app.floor.staging.board import LaneRow, board, ready_for_lane, zone_of
from wms_app.floor.staging.lanes import choose, lanes
from wms_app.floor.staging.model import Lane, StagedParcel


@dataclass(frozen=True)
class TruckCard:
    """One truck. Times are the warehouse's "HH:MM"; `grams` and `loaded` count what is on it."""

    pickup_id: int
    code: str
    lane_id: int
    lane: str
    carrier: str
    service: str
    cutoff: str
    state: str
    opened: str
    departed: str
    driver: str
    vehicle: str
    loaded: int
    grams: int


@dataclass(frozen=True)
class MissingParcel:
    """A parcel of the truck's lane that is not on it. `why`: "lane" it stands there, "bench" it
    was not staged yet, "held" or "cancelled" it must not leave."""

    parcel_id: int
    tracking: str
    order_number: str
    client: str
    place: str
    why: str


@dataclass(frozen=True)
class DoorRow:
    """A lane as the door sees it, with its open truck ("" when there is none)."""

    lane: LaneRow
    truck: str
    loaded: int


def doors(tx: Tx, warehouse_id: int) -> tuple[DoorRow, ...]:
    """Every lane with its open truck, the next cut-off first."""
    trucks = {
        row.lane: row
        for row in tx.rows(
            select(Lane.code.label("lane"), Pickup.code, func.count(PickupParcel.parcel_id))
            .join(Pickup, Pickup.lane_id == Lane.id)
            .outerjoin(PickupParcel, PickupParcel.pickup_id == Pickup.id)
            .where(Pickup.warehouse_id == warehouse_id, Pickup.state == "open")
            .group_by(Lane.code, Pickup.code)
        )
    }
    return tuple(
        DoorRow(lane, trucks[lane.code][1], trucks[lane.code][2])
        if lane.code in trucks
        else DoorRow(lane, "", 0)
        for lane in board(tx, warehouse_id)
    )


def truck_card(tx: Tx, pickup_id: int) -> TruckCard:
    """What is known of a truck."""
    pickup: Any = tx.first(
        select(
            Pickup.id,
            Pickup.code,
            Pickup.lane_id,
            Lane.code.label("lane"),
            Pickup.carrier,
            Lane.service,
            Lane.cutoff,
            Pickup.state,
            Pickup.opened_at,
            Pickup.departed_at,
            Pickup.driver,
            Pickup.vehicle,
            Warehouse.zone,
        )
        .join(Lane, Lane.id == Pickup.lane_id)
        .join(Warehouse, Warehouse.id == Pickup.warehouse_id)
        .where(Pickup.id == pickup_id)
    )
    on_it: Any = tx.first(
        select(func.count(), func.coalesce(func.sum(Parcel.grams), 0))
        .select_from(PickupParcel)
        .join(Parcel, Parcel.id == PickupParcel.parcel_id)
        .where(PickupParcel.pickup_id == pickup_id)
    )
    return TruckCard(
        pickup_id=pickup.id,
        code=pickup.code,
        lane_id=pickup.lane_id,
        lane=pickup.lane,
        carrier=pickup.carrier,
        service=pickup.service,
        cutoff=pickup.cutoff,
        state=pickup.state,
        opened=_clock(pickup.opened_at, pickup.zone),
        departed=_clock(pickup.departed_at, pickup.zone),
        driver=pickup.driver,
        vehicle=pickup.vehicle,
        loaded=int(on_it[0]),
        grams=int(on_it[1]),
    )


def _clock(moment: datetime | None, zone: str) -> str:
    return f"{clock.local(moment, zone):%H:%M}" if moment else ""


def pickup_called(tx: Tx, warehouse_id: int, code: str) -> int:
    """The truck with this code. Refused: there is none."""
    found = tx.scalar(
        select(Pickup.id).where(Pickup.warehouse_id == warehouse_id, Pickup.code == code)
    )
    if found is None:
        raise Refused(
            "no_pickup",
            _("There is no truck {code}.").format(code=code),
            _("Scan the lane's sign, or the code on a manifest."),
        )
    return int(found)


def left_in_lane(tx: Tx, lane_id: int) -> set[int]:
    """The parcels that stand in a lane and may leave: they would be missing from its truck."""
    return {int(number) for number in tx.scalars(_standing(lane_id).with_only_columns(Parcel.id))}


def _standing(lane_id: int) -> Select[Any]:
    return (
        select(Parcel.id)
        .join(StagedParcel, StagedParcel.parcel_id == Parcel.id)
        .join(Order, Order.id == Parcel.order_id)
        .where(
            StagedParcel.lane_id == lane_id,
            Parcel.state == "staged",
            Order.holds == 0,
            Order.state != "cancelled",
        )
    )


def missing(tx: Tx, truck: TruckCard, warehouse_id: int, limit: int) -> list[MissingParcel]:
    """The parcels of the truck's lane that are not on it, those that stand in the lane first."""
    standing = _named(StagedParcel.lane_id == truck.lane_id, Parcel.state == "staged")
    found = [_missing_row(row) for row in tx.rows(standing.limit(limit))]
    for carrier, service in _services_of(tx, truck, warehouse_id):
        waiting = _named(
            *ready_for_lane(warehouse_id), Label.carrier == carrier, Label.service == service
        )
        rows = tx.rows(waiting.limit(limit - len(found))) if len(found) < limit else ()
        found.extend(_missing_row(row) for row in rows)
    return sorted(found, key=lambda parcel: "held cancelled lane bench".find(parcel.why))


def _services_of(tx: Tx, truck: TruckCard, warehouse_id: int) -> list[tuple[str, str]]:
    """The carrier and service pairs on labelled parcels whose next lane is this truck's."""
    pairs = tx.rows(
        select(Label.carrier, Label.service)
        .join(Parcel, Parcel.id == Label.parcel_id)
        .where(
            Parcel.warehouse_id == warehouse_id, Parcel.state == "labelled", Label.state == "bought"
        )
        .distinct()
    )
    cards, zone = lanes(tx, warehouse_id), zone_of(tx, warehouse_id)
    chosen = {(c, s): choose(cards, c, s, tx.now, zone) for c, s in pairs}
    return sorted(pair for pair, lane in chosen.items() if lane and lane.id == truck.lane_id)


def _named(*conditions: Any) -> Select[Any]:
    statement: Any = (
        select(
            Parcel.id,
            Parcel.state,
            Label.tracking,
            Order.number,
            Order.state.label("order_state"),
            Order.holds,
            Order.city,
            Order.country,
            Client.name.label("client"),
        )
        .join(Order, Order.id == Parcel.order_id)
        .join(Client, Client.id == Order.client_id)
        .outerjoin(Label, and_(Label.parcel_id == Parcel.id, Label.state == "bought"))
        .outerjoin(StagedParcel, StagedParcel.parcel_id == Parcel.id)
        .where(*conditions)
        .order_by(Parcel.id)
    )
    return statement  # type: ignore[no-any-return]


def _missing_row(row: Any) -> MissingParcel:
    if row.order_state == "cancelled":
        why = "cancelled"
    elif row.holds:
        why = "held"
    else:
        why = "lane" if row.state == "staged" else "bench"
    return MissingParcel(
        parcel_id=row.id,
        tracking=row.tracking or "",
        order_number=row.number,
        client=row.client,
        place=place_words(row.city, row.country),
        why=why,
    )


def place_words(city: str, country: str) -> str:
    """Where a parcel goes, without the person: city and country."""
    return ", ".join(part for part in (city, country) if part)


def loaded_by(tx: Tx, pickup_id: int, limit: int = 50) -> list[int]:
    """The parcels on a truck, the last one first."""
    return [
        int(number)
        for number in tx.scalars(
            select(PickupParcel.parcel_id)
            .where(PickupParcel.pickup_id == pickup_id)
            .order_by(PickupParcel.loaded_at.desc(), PickupParcel.parcel_id.desc())
            .limit(limit)
        )
    ]


def why_words(parcels: Sequence[MissingParcel]) -> dict[str, str]:
    """What each `why` means, in the person's language."""
    words = {
        "lane": _("in the lane"),
        "bench": _("not staged yet"),
        "held": _("held"),
        "cancelled": _("cancelled: put back"),
    }
    return {parcel.why: words[parcel.why] for parcel in parcels}
