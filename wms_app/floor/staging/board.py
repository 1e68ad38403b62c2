"""What stands where: the lanes with their cut-offs and counts, and what is known of a parcel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from wms_app.base import clock
from wms_app.base.db import Tx
from wms_app.base.journal import JournalLine
from wms_app.base.operations import Operation
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.catalog.model import Client, Warehouse
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel
from wms_app.floor.staging.lanes import LaneCard, choose, lanes
from wms_app.floor.staging.model import Lane, StagedParcel

_SOON = timedelta(minutes=60)
_SHIFT = timedelta(hours=12)


@dataclass(frozen=True)
class LaneRow:
    """A lane on the board: parcels that are still to come to it, and those that stand in it."""

    code: str
    carrier: str
    service: str
    cutoff: str
    left: str
    soon: bool
    coming: int
    standing: int


@dataclass(frozen=True)
class ParcelCard:
    """What is known of a parcel, for the person who holds it. Times are the warehouse's."""

    parcel_id: int
    number: int
    state: str
    order_number: str
    channel: str
    client: str
    place: str
    grams: int
    carrier: str
    service: str
    tracking: str
    ship_by: str
    lane: str


def board(tx: Tx, warehouse_id: int) -> tuple[LaneRow, ...]:
    """Every lane, the next to leave first."""
    cards = lanes(tx, warehouse_id)
    zone = zone_of(tx, warehouse_id)
    standing = _counts_standing(tx, warehouse_id)
    coming = _counts_coming(tx, warehouse_id, cards, zone)
    never = datetime.max.replace(tzinfo=tx.now.tzinfo)
    cards.sort(key=lambda lane: (lane.leaves_at(tx.now, zone) or never, lane.code))
    return tuple(
        _lane_row(tx, lane, zone, coming.get(lane.id, 0), standing.get(lane.id, 0))
        for lane in cards
    )


def zone_of(tx: Tx, warehouse_id: int) -> str:
    """The time zone of a warehouse."""
    return str(tx.scalar(select(Warehouse.zone).where(Warehouse.id == warehouse_id)) or "UTC")


def parcel_card(tx: Tx, parcel_id: int) -> ParcelCard:
    """What is known of one parcel."""
    return parcel_cards(tx, [parcel_id])[0]


def parcel_cards(tx: Tx, parcel_ids: Sequence[int]) -> list[ParcelCard]:
    """What is known of several parcels, in the order of `parcel_ids`."""
    found = tx.rows(
        select(
            Parcel.id,
            Parcel.number,
            Parcel.state,
            Parcel.grams,
            Order.number.label("order_number"),
            Order.channel,
            Order.city,
            Order.country,
            Order.ship_by,
            Client.name.label("client"),
            Warehouse.zone,
            Label.carrier,
            Label.service,
            Label.tracking,
            Lane.code.label("lane"),
        )
        .join(Order, Order.id == Parcel.order_id)
        .join(Client, Client.id == Order.client_id)
        .join(Warehouse, Warehouse.id == Parcel.warehouse_id)
        .outerjoin(Label, (Label.parcel_id == Parcel.id) & (Label.state == "bought"))
        .outerjoin(StagedParcel, StagedParcel.parcel_id == Parcel.id)
        .outerjoin(Lane, Lane.id == StagedParcel.lane_id)
        .where(among(Parcel.id, parcel_ids))
    )
    cards = {
        row.id: ParcelCard(
            parcel_id=row.id,
            number=row.number,
            state=row.state,
            order_number=row.order_number,
            channel=row.channel,
            client=row.client,
            place=" ".join(part for part in (row.city, row.country) if part),
            grams=row.grams,
            carrier=row.carrier or "",
            service=row.service or "",
            tracking=row.tracking or "",
            ship_by=f"{clock.local(row.ship_by, row.zone):%H:%M}" if row.ship_by else "",
            lane=row.lane or "",
        )
        for row in found
    }
    return [cards[number] for number in parcel_ids if number in cards]


def staged_by(tx: Tx, who: Who, limit: int = 20) -> list[int]:
    """The parcels that this person put into lanes here in this shift and that stand there still,
    the last one last."""
    found = tx.scalars(
        select(Parcel.id)
        .join(JournalLine, JournalLine.noun_id == Parcel.id)
        .join(Operation, Operation.id == JournalLine.operation_id)
        .where(
            Parcel.warehouse_id == who.warehouse_id,
            Parcel.state == "staged",
            JournalLine.warehouse_id == who.warehouse_id,
            JournalLine.noun == "parcel",
            JournalLine.after == "staged",
            JournalLine.at >= tx.now - _SHIFT,
            Operation.verb == "stage",
            Operation.who_id == who.user_id,
            Operation.station == who.station,
        )
        .order_by(JournalLine.id.desc())
        .limit(limit)
    )
    return list(dict.fromkeys(int(number) for number in found))[::-1]


def left_words(left: timedelta) -> str:
    """How long until something, as a person says it: "2 h 10", "25 min"."""
    minutes = max(0, round(left.total_seconds() / 60))
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes:02d}").format(hours=minutes // 60, minutes=minutes % 60)


def _lane_row(tx: Tx, lane: LaneCard, zone: str, coming: int, standing: int) -> LaneRow:
    leaves = lane.leaves_at(tx.now, zone)
    left = leaves - tx.now if leaves else None
    return LaneRow(
        code=lane.code,
        carrier=lane.carrier,
        service=lane.service,
        cutoff=lane.cutoff,
        left=left_words(left) if left is not None else "",
        soon=left is not None and left <= _SOON,
        coming=coming,
        standing=standing,
    )


def _counts_standing(tx: Tx, warehouse_id: int) -> dict[int, int]:
    rows = tx.rows(
        select(StagedParcel.lane_id, func.count().label("parcels"))
        .join(Parcel, Parcel.id == StagedParcel.parcel_id)
        .where(Parcel.warehouse_id == warehouse_id, Parcel.state == "staged")
        .group_by(StagedParcel.lane_id)
    )
    return {row.lane_id: row.parcels for row in rows}


def _counts_coming(
    tx: Tx, warehouse_id: int, cards: Sequence[LaneCard], zone: str
) -> dict[int, int]:
    """Labelled parcels whose goods are in them and whose order is not stopped, by their lane."""
    rows = tx.rows(
        select(Label.carrier, Label.service, func.count())
        .join(Parcel, Parcel.id == Label.parcel_id)
        .join(Order, Order.id == Parcel.order_id)
        .where(*ready_for_lane(warehouse_id), Label.state == "bought")
        .group_by(Label.carrier, Label.service)
    )
    counts: dict[int, int] = {}
    for carrier, service, count in rows:
        lane = choose(cards, carrier, service, tx.now, zone)
        if lane is not None:
            counts[lane.id] = counts.get(lane.id, 0) + count
    return counts


def ready_for_lane(warehouse_id: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions on Parcel and Order for a parcel that waits to be carried to its lane."""
    return (
        Parcel.warehouse_id == warehouse_id,
        Parcel.state == "labelled",
        or_(Parcel.sealed_at.is_not(None), Order.state.in_(("packed", "staged"))),
        Order.state != "cancelled",
        Order.holds == 0,
    )
