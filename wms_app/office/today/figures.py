"""One more thing worth knowing beside each number of the day, and who delivers on time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import case, distinct, func, or_, select

from wms_app.base.db import Tx
from wms_app.base.texts import _, ngettext
from wms_app.floor.catalog.model import Client
from wms_app.floor.orders.gate import hold_words
from wms_app.floor.orders.model import OPEN, Hold, Order, OrderLine
from wms_app.floor.packing.model import Parcel
from wms_app.floor.picking.model import Tote
from wms_app.floor.staging.board import left_words
from wms_app.floor.staging.model import StagedParcel
from wms_app.floor.waves.model import PickList
from wms_app.office.today.days import Day
from wms_app.office.today.pace import Pace
from wms_app.office.today.service import Outbound

WEEK = timedelta(days=7)


def notes(tx: Tx, day: Day, counted: Outbound, speed: Pace) -> dict[str, str]:
    """A few words under each stage's number."""
    hour = counted.by_hour.get(_hour_now(day, tx), {})
    gone = hour.get("handed_over", 0)
    return {
        "held": _top_reason(tx, day),
        "short": _short_skus(tx, day),
        "allocated": _oldest(tx, day),
        "released": _lists(tx, day),
        "picked": _totes(tx, day),
        "packed": _("{count} / h").format(count=f"{speed.an_hour:,.0f}") if speed.an_hour else "",
        "staged": _lanes(tx, day),
        "handed_over": _("+{count} this hour").format(count=gone) if gone else "",
    }


def on_time(tx: Tx, day: Day) -> dict[str, float]:
    """The share (0..1) of each client's orders of the last seven days that left by their ship-by;
    a client without any is not in it."""
    kept = case((or_(Order.ship_by.is_(None), Order.handed_over_at <= Order.ship_by), 1), else_=0)
    rows = tx.rows(
        select(Client.code, func.count().label("orders"), func.sum(kept).label("kept"))
        .select_from(Order)
        .join(Client, Client.id == Order.client_id)
        .where(
            Order.warehouse_id == day.warehouse_id,
            Order.handed_over_at >= day.end - WEEK,
            Order.handed_over_at < day.end,
        )
        .group_by(Client.code)
    )
    return {row.code: int(row.kept) / row.orders for row in rows}


def _hour_now(day: Day, tx: Tx) -> str:
    return next((name for name, start, end in day.hours() if start <= tx.now < end), "")


def _top_reason(tx: Tx, day: Day) -> str:
    count = func.count(distinct(Hold.order_id))
    row: Any = tx.first(
        select(Hold.reason, count)
        .join(Order, Order.id == Hold.order_id)
        .where(
            Order.warehouse_id == day.warehouse_id,
            Order.state.in_(OPEN),
            Order.holds > 0,
            Hold.lifted_at.is_(None),
        )
        .group_by(Hold.reason)
        .order_by(count.desc(), Hold.reason)
        .limit(1)
    )
    return f"{row[1]:,} {hold_words(row[0])}" if row else ""


def _short_skus(tx: Tx, day: Day) -> str:
    count = tx.scalar(
        select(func.count(distinct(OrderLine.sku_id)))
        .select_from(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(
            Order.warehouse_id == day.warehouse_id,
            Order.state == "short",
            OrderLine.not_goods.is_(False),
            OrderLine.allocated < OrderLine.ordered,
        )
    )
    return ngettext("{count} SKU", "{count} SKUs", count).format(count=count) if count else ""


def _oldest(tx: Tx, day: Day) -> str:
    first = tx.scalar(
        # Found by their state: the index of moments would be read from the first year on.
        select(func.min(func.coalesce(Order.received_at, tx.now))).where(
            Order.warehouse_id == day.warehouse_id, Order.state == "allocated", Order.holds == 0
        )
    )
    return _("oldest {time}").format(time=left_words(tx.now - first)) if first else ""


def _lists(tx: Tx, day: Day) -> str:
    count = tx.scalar(
        select(func.count()).where(
            PickList.warehouse_id == day.warehouse_id, PickList.state.in_(("open", "walking"))
        )
    )
    return ngettext("{count} list", "{count} lists", count).format(count=count) if count else ""


def _totes(tx: Tx, day: Day) -> str:
    count = tx.scalar(
        select(func.count())
        .select_from(Order)
        .join(Tote, Tote.order_id == Order.id)
        .where(Order.warehouse_id == day.warehouse_id, Order.state == "picked")
    )
    return ngettext("{count} tote", "{count} totes", count).format(count=count) if count else ""


def _lanes(tx: Tx, day: Day) -> str:
    count = tx.scalar(
        select(func.count(distinct(StagedParcel.lane_id)))
        .select_from(Parcel)
        .join(StagedParcel, StagedParcel.parcel_id == Parcel.id)
        .where(Parcel.warehouse_id == day.warehouse_id, Parcel.state == "staged")
    )
    return ngettext("{count} lane", "{count} lanes", count).format(count=count) if count else ""
