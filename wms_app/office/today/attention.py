"""What needs a person now, the worst first; each opens to its orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import distinct, func, select

from wms_app.base import clock
from wms_app.base.db import Tx
from wms_app.base.texts import _, ngettext
from wms_app.floor.cancelling.model import PutBack
from wms_app.floor.catalog.model import Sku
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.gate import hold_words
from wms_app.floor.orders.model import OPEN, Hold, Order, OrderLine
from wms_app.floor.packing.model import Parcel
from wms_app.floor.staging.board import left_words, ready_for_lane
from wms_app.floor.stock.model import CountTask
from wms_app.office.today.behind import LEFT_STANDING, UNKNOWN_AFTER
from wms_app.office.today.days import Day
from wms_app.office.today.service import Outbound

SKUS = 3  # SKUs in want that are named


@dataclass(frozen=True)
class Need:
    """`key` opens its orders ("" for none); `tone` says how bad it is."""

    key: str
    tone: Literal["bad", "warn", "info"]
    text: str
    sub: str = ""


def needs(tx: Tx, day: Day, counted: Outbound) -> tuple[Need, ...]:
    """Late orders, labels, holds, put-backs, missing stock, counts, in that order."""
    return (
        *_late(counted),
        *_labels(tx, day),
        *_put_backs(tx, day),
        *_held(tx, day),
        *_short(tx, day),
        *_counts(tx, day),
    )


def _late(counted: Outbound) -> list[Need]:
    if not counted.late_total:
        return []
    past = counted.past_total
    first = counted.late[0]
    found = []
    if past:
        words = ngettext("{count} order is late", "{count} orders are late", past)
        sub = f"{counted.names.get(first.client, first.client)} · {first.number}"
        found.append(Need("late", "bad", words.format(count=f"{past:,}"), sub))
    soon = counted.late_total - past
    if soon:
        coming = next((order for order in counted.late if not order.past), first)
        deadline = f"{clock.local(coming.deadline, counted.zone):%H:%M}"
        words = ngettext(
            "{count} order may miss {deadline}", "{count} orders may miss {deadline}", soon
        )
        sub = f"{coming.service} · {counted.names.get(coming.client, coming.client)}"
        found.append(Need("late", "bad", words.format(count=f"{soon:,}", deadline=deadline), sub))
    return found


def _labels(tx: Tx, day: Day) -> list[Need]:
    found = []
    standing: Any = tx.first(
        select(func.count(), func.min(Label.bought_at))
        .select_from(Label)
        .join(Parcel, Parcel.id == Label.parcel_id)
        .join(Order, Order.id == Parcel.order_id)
        .where(
            *ready_for_lane(day.warehouse_id),
            Label.state == "bought",
            Label.bought_at <= tx.now - LEFT_STANDING,
        )
    )
    if standing[0]:
        words = ngettext(
            "{count} label bought, not staged",
            "{count} labels bought, not staged",
            standing[0],
        )
        oldest = _("oldest {time}").format(time=left_words(tx.now - standing[1]))
        found.append(Need("unstaged", "warn", words.format(count=f"{standing[0]:,}"), oldest))
    unknown = _count_labels(tx, day, "intended", Label.asked_at <= tx.now - UNKNOWN_AFTER)
    if unknown:
        words = ngettext(
            "{count} label without an answer", "{count} labels without an answer", unknown
        )
        found.append(
            Need("unknown", "warn", words.format(count=unknown), _("looked up before any retry"))
        )
    to_void = _count_labels(tx, day, "to_void")
    if to_void:
        words = ngettext("{count} label to void", "{count} labels to void", to_void)
        found.append(
            Need(
                "to_void", "info", words.format(count=to_void), _("the carrier is still to be told")
            )
        )
    return found


def _count_labels(tx: Tx, day: Day, state: str, *more: Any) -> int:
    statement = select(func.count()).where(
        Label.warehouse_id == day.warehouse_id, Label.state == state, *more
    )
    return int(tx.scalar(statement))


def _put_backs(tx: Tx, day: Day) -> list[Need]:
    orders, pieces = tx.rows(
        select(
            func.count(distinct(PutBack.order_id)), func.coalesce(func.sum(PutBack.quantity), 0)
        ).where(PutBack.warehouse_id == day.warehouse_id, PutBack.state == "open")
    )[0]
    if not orders:
        return []
    pieces = int(pieces)
    words = ngettext("{count} cancelled after pick", "{count} cancelled after pick", orders)
    sub = ngettext("{count} piece to put back", "{count} pieces to put back", pieces)
    return [Need("putback", "warn", words.format(count=orders), sub.format(count=pieces))]


def _held(tx: Tx, day: Day) -> list[Need]:
    rows = tx.rows(
        select(Hold.reason, func.count(distinct(Hold.order_id)))
        .join(Order, Order.id == Hold.order_id)
        .where(
            Order.warehouse_id == day.warehouse_id,
            Order.state.in_(OPEN),
            Order.holds > 0,
            Hold.lifted_at.is_(None),
        )
        .group_by(Hold.reason)
        .order_by(func.count(distinct(Hold.order_id)).desc(), Hold.reason)
    )
    words = _("{count} held: {reason}")
    return [
        Need(
            f"hold:{reason}",
            "warn",
            words.format(count=f"{count:,}", reason=hold_words(reason)),
            _("a clerk can let them go in Orders"),
        )
        for reason, count in rows
    ]


def _short(tx: Tx, day: Day) -> list[Need]:
    rows = tx.rows(
        select(
            Sku.id,
            Sku.name,
            func.count(distinct(OrderLine.order_id)).label("orders"),
            func.sum(OrderLine.ordered - OrderLine.allocated).label("pieces"),
        )
        .select_from(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Sku, Sku.id == OrderLine.sku_id)
        .where(
            Order.warehouse_id == day.warehouse_id,
            Order.state == "short",
            OrderLine.not_goods.is_(False),
            OrderLine.allocated < OrderLine.ordered,
        )
        .group_by(Sku.id, Sku.name)
        .order_by(func.count(distinct(OrderLine.order_id)).desc(), Sku.id)
        .limit(SKUS)
    )
    found = []
    for row in rows:
        sub = ngettext(
            "short: {count} order waits for {pieces} pieces",
            "short: {count} orders wait for {pieces} pieces",
            row.orders,
        )
        found.append(
            Need(
                f"short:{row.id}",
                "info",
                row.name,
                sub.format(count=f"{row.orders:,}", pieces=f"{row.pieces:,}"),
            )
        )
    return found


def _counts(tx: Tx, day: Day) -> list[Need]:
    waiting = tx.scalar(
        select(func.count()).where(
            CountTask.warehouse_id == day.warehouse_id, CountTask.state == "counted"
        )
    )
    if not waiting:
        return []
    words = ngettext("{count} count to approve", "{count} counts to approve", waiting)
    return [Need("", "info", words.format(count=waiting), _("in Count"))]
