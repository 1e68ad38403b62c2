"""What the clerk sees: the orders, one of them open, or a file before it is taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from wms_app.base import clock
from wms_app.base.db import AnyRow, Tx
from wms_app.base.schema import among
from wms_app.base.texts import told
from wms_app.base.who import Who
from wms_app.floor.catalog.model import Client, Sku
from wms_app.floor.orders.gate import hold_words
from wms_app.floor.orders.model import Hold, Order, OrderLine
from wms_app.floor.orders.service import ADDRESS, address_problems
from wms_app.floor.orders.words import state_words

Filter = Literal["held", "all"]


@dataclass(frozen=True)
class OrderRow:
    """One order in the list; `holds` in words, "" for none."""

    id: int
    number: str
    client: str
    channel: str
    buyer: str
    place: str
    state: str
    holds: str
    ship_by: str


@dataclass(frozen=True)
class LineRow:
    """One line of the open order."""

    id: int
    sku: str
    ordered: int
    known: bool
    not_goods: bool
    name: str = ""


@dataclass(frozen=True)
class OpenOrder:
    """The order that is open: its facts by field, its lines, its holds as (reason, words)."""

    id: int
    number: str
    client: str
    channel: str
    state: str
    ship_by: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[LineRow, ...] = ()
    holds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FileCard:
    """A file that was looked at, or taken in: its counts, and its findings row by row.

    `labels`: it holds sellers' labels, and what a finding expects is what to do.
    """

    name: str
    taken_in: bool
    words: str
    profile: str = ""
    findings: tuple[tuple[str, ...], ...] = ()
    labels: bool = False


@dataclass(frozen=True)
class OrdersView:
    """`version` changes when the list must be fetched again, by `fetch(after id, limit)`.

    `news` changes when others changed it meanwhile. Only orders of `channel` and of the number
    `number` are listed, "" for any; `channels` are those to choose from.
    """

    step: Literal["list", "file", "order"]
    filter: Filter = "held"
    channel: str = ""
    number: str = ""
    channels: tuple[str, ...] = ()
    held: int = 0
    all: int = 0
    profile: str = ""
    version: int = 0
    news: int = 0
    order: OpenOrder | None = None
    file: FileCard | None = None
    fetch: Callable[[int | None, int], list[OrderRow]] | None = None


def rows(tx: Tx, who: Who, view: OrdersView, after: int | None, limit: int) -> list[OrderRow]:
    """A page of the orders that the view is about, the newest first, after the order id `after`."""
    conditions = [Order.warehouse_id == who.warehouse_id]
    if view.number:
        conditions.append(Order.number == view.number)
    elif view.filter == "held":
        conditions += [Order.holds > 0, Order.state != "cancelled"]
    if view.channel and not view.number:
        conditions.append(Order.channel == view.channel)
    if after is not None:
        conditions.append(Order.id < after)
    found = tx.rows(
        select(
            Order.id,
            Order.number,
            Client.code,
            Order.channel,
            Order.name,
            Order.city,
            Order.country,
            Order.state,
            Order.holds,
            Order.ship_by,
        )
        .join(Client, Client.id == Order.client_id)
        .where(*conditions)
        .order_by(Order.id.desc())
        .limit(limit)
    )
    reasons = _reasons(tx, [row.id for row in found if row.holds])
    return [
        OrderRow(
            row.id,
            row.number,
            row.code,
            row.channel,
            row.name,
            " ".join(part for part in (row.city, row.country) if part),
            state_words(row.state),
            ", ".join(hold_words(reason) for reason in reasons.get(row.id, [])),
            _when(row.ship_by, who),
        )
        for row in found
    ]


def open_order(tx: Tx, who: Who, order_id: int) -> OpenOrder | None:
    """One order with its lines and its open holds."""
    columns = [getattr(Order, name) for name in ADDRESS]
    row = tx.first(
        select(
            Order.id,
            Order.number,
            Client.name.label("client_name"),
            Order.channel,
            Order.state,
            Order.service,
            Order.ship_by,
            Order.paid,
            Order.own_label,
            *columns,
        )
        .join(Client, Client.id == Order.client_id)
        .where(Order.id == order_id)
    )
    if row is None:
        return None
    lines = tx.rows(
        select(
            OrderLine.id,
            OrderLine.sku_code,
            OrderLine.ordered,
            OrderLine.sku_id,
            OrderLine.not_goods,
            Sku.name,
        )
        .outerjoin(Sku, Sku.id == OrderLine.sku_id)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.id)
    )
    held = tx.rows(
        select(Hold.reason, Hold.detail)
        .where(Hold.order_id == order_id, Hold.lifted_at.is_(None))
        .order_by(Hold.id)
    )
    facts = {name: str(getattr(row, name)) for name in (*ADDRESS, "service")}
    facts["paid"] = "yes" if row.paid else "no"
    facts["own_label"] = "yes" if row.own_label else "no"
    return OpenOrder(
        row.id,
        row.number,
        row.client_name,
        row.channel,
        row.state,
        _when(row.ship_by, who),
        facts,
        tuple(
            LineRow(
                x.id, x.sku_code, x.ordered, x.sku_id is not None, x.not_goods, str(x.name or "")
            )
            for x in lines
        ),
        tuple((hold_words(x.reason), _detail(tx, order_id, x)) for x in held),
    )


def _when(moment: datetime | None, who: Who) -> str:
    return clock.local(moment, who.zone).strftime("%m-%d %H:%M") if moment else ""


def _detail(tx: Tx, order_id: int, held: AnyRow) -> str:
    """What is wrong now, or else what was said when the hold was placed; a carrier's words stay."""
    problems = address_problems(tx, order_id) if held.reason in ("address", "country") else []
    detail = held.detail if isinstance(held.detail, dict) else {}
    said = detail.get("words") or detail.get("label") or []  # so it was called once
    if problems and not detail.get("carrier"):
        return "; ".join(problems)
    return "; ".join([*map(told, said if isinstance(said, list) else [said]), *problems])


def _reasons(tx: Tx, order_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if order_ids:
        held = select(Hold.order_id, Hold.reason).where(
            among(Hold.order_id, order_ids), Hold.lifted_at.is_(None)
        )
        for row in tx.rows(held.order_by(Hold.id)):
            found.setdefault(row.order_id, []).append(row.reason)
    return found
