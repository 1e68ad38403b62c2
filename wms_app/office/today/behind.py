"""The orders behind a number: every count of the day opens to them, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select

from wms_app.base import clock
from wms_app.base.db import Tx
from wms_app.base.outbox import Message
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.cancelling.model import Cancellation, PutBack
from wms_app.floor.catalog.model import Client
from wms_app.floor.handover.model import Pickup, PickupParcel
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.gate import hold_words
from wms_app.floor.orders.model import OPEN, Hold, Order, OrderLine
from wms_app.floor.packing.model import Parcel
from wms_app.floor.staging.board import ready_for_lane
from wms_app.office.today.days import GONE, Day, open_before, orders_of, stage_of, stage_words
from wms_app.office.today.late import risk

LEFT_STANDING = timedelta(minutes=30)  # a labelled parcel that long from its lane needs somebody
UNKNOWN_AFTER = timedelta(minutes=2)  # a purchase without an answer for that long


@dataclass(frozen=True)
class OrderRow:
    """An order in a list; `ship_by` by the warehouse's clock."""

    order_id: int
    number: str
    client: str
    channel: str
    stage: str
    pieces: int
    ship_by: str
    late: bool


def orders_behind(tx: Tx, day: Day, key: str, after: int, limit: int) -> list[OrderRow]:
    """At most `limit` orders behind a number after the order with id `after`, by id.

    `key` is "stage:packed", "client:NW", "channel:amazon", "carrier:house", "hour:14", "late",
    "hold:address", "short:17" (a SKU's id) or the key of a need or a gap.
    """
    pieces = (
        select(func.coalesce(func.sum(OrderLine.ordered), 0))
        .where(OrderLine.order_id == Order.id, OrderLine.not_goods.is_(False))
        .scalar_subquery()
    )
    rows = tx.rows(
        select(
            Order.id,
            Order.number,
            Client.name,
            Order.channel,
            stage_of().label("stage"),
            pieces.label("pieces"),
            Order.ship_by,
        )
        .join(Client, Client.id == Order.client_id)
        .where(Order.warehouse_id == day.warehouse_id, Order.id > after, condition(tx, day, key))
        .order_by(Order.id)
        .limit(limit)
    )
    return [_row(row, day.zone, tx.now) for row in rows]


def _row(row: Any, zone: str, now: datetime) -> OrderRow:
    ship_by = ""
    if row.ship_by:
        here = clock.local(row.ship_by, zone)
        same = here.date() == clock.local(now, zone).date()
        ship_by = f"{here:%H:%M}" if same else f"{here:%m-%d %H:%M}"
    late = row.ship_by is not None and row.ship_by <= now and row.stage in (*OPEN, "held")
    return OrderRow(
        row.id, row.number, row.name, row.channel, row.stage, int(row.pieces), ship_by, late
    )


def condition(tx: Tx, day: Day, key: str) -> ColumnElement[bool]:
    """What an order behind `key` meets. Refused: a key that names nothing."""
    kind, _colon, value = key.partition(":")
    if kind == "stage":
        return _in_stage(day, value)
    if kind in ("client", "channel"):
        of = Order.channel if kind == "channel" else Order.client_id
        wanted: Any = value if kind == "channel" else _client_id(value)
        return and_(of == wanted, Order.id.in_(select(orders_of(day).c.id)))
    if kind == "late":
        return and_(
            risk(tx, day.warehouse_id, day.zone).condition(day.warehouse_id), open_before(day.end)
        )
    if kind == "hold":
        held = select(Hold.order_id).where(Hold.reason == value, Hold.lifted_at.is_(None))
        return and_(Order.state.in_(OPEN), Order.holds > 0, Order.id.in_(held))
    if kind == "short":
        lacking = select(OrderLine.order_id).where(
            OrderLine.warehouse_id == day.warehouse_id,
            OrderLine.sku_id == int(value),
            OrderLine.allocated < OrderLine.ordered,
        )
        return and_(Order.state == "short", Order.id.in_(lacking))
    return Order.id.in_(_of_gap(day, kind, value, tx.now))


def _client_id(code: str) -> Any:
    return select(Client.id).where(Client.code == code).scalar_subquery()


def _in_stage(day: Day, stage: str) -> ColumnElement[bool]:
    if stage == "held":
        return and_(open_before(day.end), Order.holds > 0)
    if stage == "handed_over":
        return and_(
            Order.state.in_(GONE),
            or_(day.within(Order.handed_over_at), day.within(Order.received_at)),
        )
    if stage == "cancelled":
        that_day = select(Cancellation.order_id).where(
            Cancellation.warehouse_id == day.warehouse_id, day.within(Cancellation.at)
        )
        return Order.id.in_(that_day)
    return and_(open_before(day.end), Order.state == stage, Order.holds == 0)


def _of_gap(day: Day, kind: str, value: str, now: datetime) -> Select[Any]:
    """The orders of what waits or does not add up, by kind."""
    house = day.warehouse_id
    labelled = select(Parcel.order_id).join(Label, Label.parcel_id == Parcel.id)
    known: dict[str, Select[Any]] = {
        "carrier": labelled.where(
            Label.warehouse_id == house,
            Label.carrier == value,
            Label.state == "bought",
            or_(day.within(Label.bought_at), Parcel.state.in_(("labelled", "staged", "loaded"))),
        ),
        "unstaged": labelled.join(Order, Order.id == Parcel.order_id).where(
            *ready_for_lane(house),
            Label.state == "bought",
            Label.bought_at <= now - LEFT_STANDING,
        ),
        "unlabelled": select(Parcel.order_id).where(
            Parcel.warehouse_id == house, Parcel.state == "sealed"
        ),
        "labelled": select(Parcel.order_id).where(
            Parcel.warehouse_id == house, Parcel.state == "labelled"
        ),
        "unloaded": select(Parcel.order_id).where(
            Parcel.warehouse_id == house, Parcel.state == "staged"
        ),
        "loaded": select(Parcel.order_id).where(
            Parcel.warehouse_id == house, Parcel.state == "loaded"
        ),
        "to_void": labelled.where(Label.warehouse_id == house, Label.state == "to_void"),
        "unknown": labelled.where(
            Label.warehouse_id == house,
            Label.state == "intended",
            Label.asked_at <= now - UNKNOWN_AFTER,
        ),
        "putback": select(PutBack.order_id).where(
            PutBack.warehouse_id == house, PutBack.state == "open"
        ),
        "untold": untold(day),
    }
    if kind == "hour":
        start, end = next((s, e) for name, s, e in day.hours() if name == value)
        return select(Parcel.order_id).where(
            Parcel.warehouse_id == house, Parcel.sealed_at >= start, Parcel.sealed_at < end
        )
    if kind not in known:
        raise Refused("no_list", _("There is no list behind that number."))
    return known[kind]


def untold(day: Day) -> Select[Any]:
    """The orders that were handed over that day and whose channel has no message."""
    told = select(Message.id).where(Message.key == literal("shipped:") + cast(Order.id, String))
    return select(Order.id).where(
        Order.warehouse_id == day.warehouse_id,
        day.within(Order.handed_over_at),
        ~told.exists(),
    )


def left_that_day(day: Day) -> Select[Any]:
    """The parcels that left that day."""
    return (
        select(PickupParcel.parcel_id)
        .join(Pickup, Pickup.id == PickupParcel.pickup_id)
        .where(
            Pickup.warehouse_id == day.warehouse_id,
            Pickup.state == "departed",
            day.within(Pickup.departed_at),
        )
    )


def title_of(key: str) -> str:
    """What a list of orders is, in words."""
    kind, _colon, value = key.partition(":")
    words = {
        "late": _("Late, or about to be"),
        "unstaged": _("Labels bought, parcel not in its lane"),
        "unlabelled": _("Packed, without a label"),
        "labelled": _("Labels bought, parcel not in its lane"),
        "unloaded": _("In their lanes, not on a truck"),
        "loaded": _("On a truck that has not left"),
        "to_void": _("Labels that the carrier must still be told to void"),
        "unknown": _("Labels asked for, without an answer"),
        "putback": _("Cancelled, goods still to be put back"),
        "untold": _("Handed over, channel not told"),
        "short": _("Waiting for stock"),
    }
    if kind == "stage":
        return stage_words(value)
    if kind == "hold":
        return _("Held: {reason}").format(reason=hold_words(value))
    if kind == "hour":
        return _("Packed from {hour} to {next} o'clock").format(hour=value, next=int(value) + 1)
    return words.get(kind, value or key)
