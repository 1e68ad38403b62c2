"""What a supervisor chooses from: groups of allocated orders, the lists made, the short orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from wms_app.base import clock
from wms_app.base.db import AnyRow, Tx
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.floor.allocation.explain import lacking
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Client, Sku
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.model import Pick, PickList

SHOWN = 200  # rows of lists and of short orders on the screen


@dataclass(frozen=True, order=True)
class GroupKey:
    """What the orders of one group have in common; `ship_by` is the hour they must leave in,
    as the warehouse's clock counts hours.

    `parts`: "own_box" (one piece in its own box), "single" (one line) or "multi".
    """

    ship_by: datetime | None
    client: str
    channel: str
    service: str
    parts: str


@dataclass(frozen=True)
class Group:
    """Orders that can be released together, how many and how many pieces."""

    key: GroupKey
    orders: int
    units: int


@dataclass(frozen=True)
class ListRow:
    """One list and how far its walk has come."""

    list_id: int
    code: str
    kind: str
    state: str
    orders: int
    units: int
    stops: int
    stops_done: int
    picker: str
    printed: int


@dataclass(frozen=True)
class ShortRow:
    """An order that waits for stock, and what it lacks in words."""

    order_id: int
    number: str
    client: str
    ship_by: datetime | None
    words: str


@dataclass(frozen=True)
class Waiting:
    """How many orders wait before release: for allocation, for stock, for a hold to be lifted."""

    received: int
    short: int
    held: int


@dataclass(frozen=True)
class Made:
    """Lists that were made together: their codes, and what is on all of them."""

    codes: tuple[str, ...]
    orders: int
    units: int


def groups(tx: Tx, warehouse_id: int, zone: str = "UTC") -> list[Group]:
    """The groups of what may be released now, the most urgent first."""
    each = _each_order(warehouse_id).subquery()
    by = [each.c.ship_by, each.c.client, each.c.channel, each.c.service, each.c.parts]
    rows = tx.rows(
        select(*by, func.count().label("orders"), func.sum(each.c.units).label("units")).group_by(
            *by
        )
    )
    found: dict[GroupKey, tuple[int, int]] = {}
    for row in rows:
        key = _key(row, zone)
        orders, units = found.get(key, (0, 0))
        found[key] = orders + row.orders, units + int(row.units)
    return [Group(key, *found[key]) for key in sorted(found, key=_urgency)]


def orders_of(
    tx: Tx, warehouse_id: int, chosen: Iterable[GroupKey], zone: str = "UTC"
) -> list[int]:
    """The orders of these groups that may be released now, the most urgent first."""
    keys = set(chosen)
    statement = _each_order(warehouse_id).order_by(
        Order.priority.desc(), Order.ship_by.is_(None), Order.ship_by, Order.id
    )
    return [row.id for row in tx.rows(statement) if _key(row, zone) in keys]


def lists(tx: Tx, warehouse_id: int, pointed: int = 0) -> list[ListRow]:
    """Lists that are walked, then those that wait, then the last that are done.

    So many as a screen shows, and the list `pointed` at in any case.
    """
    rank = case((PickList.state == "walking", 0), (PickList.state == "open", 1), else_=2)
    of_warehouse = PickList.warehouse_id == warehouse_id
    newest = (
        select(PickList.id)
        .where(of_warehouse, PickList.state != "void")
        .order_by(rank, PickList.id.desc())
        .limit(SHOWN)
        .subquery()
    )
    shown = or_(PickList.id.in_(select(newest.c.id)), PickList.id == pointed)
    walked = func.sum(case((Pick.state != "open", 1), else_=0))
    rows = tx.rows(
        select(
            PickList.id,
            PickList.code,
            PickList.kind,
            PickList.state,
            PickList.orders,
            PickList.units,
            func.count(Pick.id).label("stops"),
            func.coalesce(walked, 0).label("walked"),
            PickList.picker,
            PickList.printed,
        )
        .outerjoin(Pick, and_(Pick.pick_list_id == PickList.id, Pick.state != "void"))
        .where(of_warehouse, PickList.state != "void", shown)
        .group_by(PickList.id)
        .order_by(rank, PickList.id.desc())
    )
    return [ListRow(*row) for row in rows]


def made(tx: Tx, list_ids: Iterable[int]) -> Made:
    """What these lists hold."""
    rows = tx.rows(
        select(PickList.code, PickList.orders, PickList.units)
        .where(among(PickList.id, list(list_ids)))
        .order_by(PickList.id)
    )
    codes = tuple(row.code for row in rows)
    return Made(codes, sum(row.orders for row in rows), sum(row.units for row in rows))


def list_called(tx: Tx, warehouse_id: int, code: str) -> AnyRow | None:
    """The `id` and `state` of the list with this code."""
    return tx.first(
        select(PickList.id, PickList.state).where(
            PickList.warehouse_id == warehouse_id, PickList.code == code
        )
    )


def unprinted(tx: Tx, warehouse_id: int) -> list[int]:
    """The lists that are to be walked and on no paper yet."""
    return list(
        tx.scalars(
            select(PickList.id)
            .where(
                PickList.warehouse_id == warehouse_id,
                PickList.state.in_(("open", "walking")),
                PickList.printed == 0,
            )
            .order_by(PickList.id)
        )
    )


def short_orders(tx: Tx, warehouse_id: int) -> list[ShortRow]:
    """The most urgent of the orders that wait for stock, each with what it lacks."""
    rows = tx.rows(
        select(Order.id, Order.number, Client.code, Order.ship_by)
        .join(Client, Client.id == Order.client_id)
        .where(Order.warehouse_id == warehouse_id, Order.state == "short")
        .order_by(Order.priority.desc(), Order.ship_by.is_(None), Order.ship_by, Order.id)
        .limit(SHOWN)
    )
    words = lacking(tx, [row.id for row in rows])
    enough = _("enough is free now: F3 promises it")
    return [
        ShortRow(row.id, row.number, row.code, row.ship_by, words.get(row.id) or enough)
        for row in rows
    ]


def waiting(tx: Tx, warehouse_id: int) -> Waiting:
    """How many orders wait before release, and why."""
    held = case((Order.holds > 0, 1), else_=0)
    rows = tx.rows(
        select(Order.state, held, func.count())
        .where(
            Order.warehouse_id == warehouse_id,
            Order.state.in_(("received", "short", "allocated")),
        )
        .group_by(Order.state, held)
    )
    counts = {(state, is_held): count for state, is_held, count in rows}
    return Waiting(
        counts.get(("received", 0), 0),
        counts.get(("short", 0), 0),
        sum(count for (_state, is_held), count in counts.items() if is_held),
    )


def _each_order(warehouse_id: int) -> Select[*tuple[Any, ...]]:
    """One row for each order that may be released: its group and its open pieces."""
    units = func.sum(Allocation.quantity - Allocation.picked)
    all_of_it = aliased(OrderLine)
    ordered = (
        select(func.sum(all_of_it.ordered))
        .where(all_of_it.order_id == Order.id, all_of_it.not_goods.is_(False))
        .correlate(Order)
        .scalar_subquery()
    )
    own_box = and_(
        func.count(Allocation.id) == 1,
        units == 1,
        func.max(OrderLine.ordered) == 1,
        func.max(OrderLine.picked) == 0,
        func.sum(case((Sku.ships_in_own_box, 1), else_=0)) == 1,
        ordered == 1,
    )
    lines = func.count(func.distinct(Allocation.line_id))
    return (
        select(
            Order.id,
            Order.ship_by,
            Client.code.label("client"),
            Order.channel,
            Order.service,
            units.label("units"),
            case((own_box, "own_box"), (lines == 1, "single"), else_="multi").label("parts"),
        )
        .join(Client, Client.id == Order.client_id)
        .join(Allocation, and_(Allocation.order_id == Order.id, Allocation.state == "open"))
        .join(OrderLine, OrderLine.id == Allocation.line_id)
        .join(Stock, Stock.id == Allocation.stock_id)
        .join(Sku, Sku.id == Stock.sku_id)
        .where(Order.warehouse_id == warehouse_id, Order.state == "allocated", Order.holds == 0)
        .group_by(Order.id, Client.code)
    )


def _key(row: AnyRow, zone: str) -> GroupKey:
    return GroupKey(_hour(row.ship_by, zone), row.client, row.channel, row.service, row.parts)


@lru_cache(maxsize=4096)
def _hour(moment: datetime | None, zone: str) -> datetime | None:
    """The full hour before, on the warehouse's clock: some zones lie half an hour off UTC."""
    if moment is None:
        return None
    return clock.local(moment, zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _urgency(key: GroupKey) -> tuple[datetime, str, str, str, str]:
    last = datetime.max.replace(tzinfo=UTC)
    return key.ship_by or last, key.client, key.channel, key.service, key.parts
