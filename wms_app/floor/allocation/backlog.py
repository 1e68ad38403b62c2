"""What waits to be allocated, and the stock that is free for it: a few statements a chunk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from wms_app.base import clock
from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared
from wms_app.base.schema import among, among_given
from wms_app.floor.allocation import buildings
from wms_app.floor.allocation.choose import KINDS, Free, Shelf, Want, Wish
from wms_app.floor.catalog.model import Bin, Client, Warehouse
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.stock.model import Movement, Stock

STATES = ("received", "short")

_orders = Prepared(
    select(
        Order.id,
        Order.warehouse_id,
        Order.state,
        Order.holds,
        Order.priority,
        Order.ship_by,
        func.coalesce(Order.ordered_at, Order.received_at).label("since"),
        Order.country,
        Order.postal_code,
        Order.client_id,
        Client.code,
        Client.warehouse_id.label("client_warehouse_id"),
        Client.warehouse_rule,
        Client.ships_in_parts,
    )
    .join(Client, Client.id == Order.client_id)
    .where(among_given(Order.id, "of_orders"))
    .order_by(Order.id),
    Order,
)
_lines = Prepared(
    select(
        OrderLine.id,
        OrderLine.order_id,
        OrderLine.sku_id,
        OrderLine.sku_code,
        OrderLine.ordered,
        OrderLine.allocated,
        OrderLine.warehouse_id,
    )
    .where(among_given(OrderLine.order_id, "of_orders"), OrderLine.not_goods.is_(False))
    .order_by(OrderLine.id)
)
_shelves = Prepared(
    select(
        Stock.id,
        Stock.warehouse_id,
        Stock.sku_id,
        Bin.kind,
        Bin.walk,
        (Stock.on_hand - Stock.allocated).label("free"),
        Stock.expires,
    )
    .join(Bin, Bin.id == Stock.bin_id)
    .where(
        among_given(Stock.warehouse_id, "of_warehouses"),
        among_given(Stock.sku_id, "of_skus"),
        Stock.on_hand > Stock.allocated,
        Stock.frozen.is_(False),
        Bin.kind.in_(KINDS),
    )
    .order_by(Stock.id),
    Stock,
)
_houses = Prepared(
    select(
        Warehouse.id, Warehouse.code, Warehouse.zone, Warehouse.country, Warehouse.postal_code
    ).order_by(Warehouse.id)
)


@dataclass
class Backlog:
    """The orders of one chunk: `wishes` to serve, and the counts of those that are not.

    `was_short`: which of the wishes were short before. By order: `rules`, its client's warehouse
    rule; `stood`, the warehouse it was to go out from until now; `clients`, client id and code.
    `codes`: line -> the SKU's code.
    """

    wishes: list[Wish] = field(default_factory=list)
    was_short: set[int] = field(default_factory=set)
    rules: dict[int, str] = field(default_factory=dict)
    stood: dict[int, int] = field(default_factory=dict)
    clients: dict[int, tuple[int, str]] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    held: int = 0
    skipped: int = 0


def waiting(tx: Tx, limit: int | None = None) -> list[int]:
    """The ids of the orders that wait for stock and are not held, in their turn."""
    statement = (
        select(Order.id)
        # The warehouses' ids lead the index of the backlog: years of orders are not read.
        .where(
            Order.warehouse_id.in_(select(Warehouse.id)),
            Order.state.in_(STATES),
            Order.holds == 0,
        )
        .order_by(
            Order.priority.desc(),
            Order.ship_by.is_(None),
            Order.ship_by,
            Order.received_at,
            Order.id,
        )
    )
    return list(tx.scalars(statement if limit is None else statement.limit(limit)))


def load(tx: Tx, order_ids: Sequence[int]) -> tuple[Backlog, Free]:
    """Lock these orders and the stock that they want, and say what each may have from where."""
    backlog = Backlog()
    orders = [o for o in _orders.rows(tx, of_orders=order_ids) if _serves(backlog, o)]
    wants = _wants(tx, backlog, [o.id for o in orders])
    skus = sorted({w.sku_id for of in wants.values() for w in of if w.sku_id is not None})
    houses = _warehouses(tx)
    elsewhere = any(o.warehouse_rule != "fixed" for o in orders)
    fixed = {o.client_warehouse_id for o in orders} | set(backlog.stood.values())
    where = list(houses) if elsewhere else sorted(fixed)
    shelves = free_shelves(tx, where, skus)
    free = Free(shelves, {w: clock.local(tx.now, houses[w].zone).date() for w in houses})
    picked = _picked(tx, skus) if any(o.warehouse_rule == "slowest" for o in orders) else {}
    choice = _Choice(houses, free, picked)
    for order in orders:
        if order.id in wants:
            _wish(backlog, order, wants[order.id], choice)
        else:
            backlog.skipped += 1
    return backlog, free


def free_shelves(tx: Tx, warehouses: Sequence[int], skus: Sequence[int]) -> list[Shelf]:
    """Lock the stock rows of these SKUs that have free pieces in bins goods are promised from."""
    rows = _shelves.rows(tx, of_warehouses=warehouses, of_skus=skus)
    return [Shelf(*row) for row in rows]


def today(tx: Tx, warehouse_id: int) -> date:
    """The date on the warehouse's wall."""
    zone = tx.scalar(select(Warehouse.zone).where(Warehouse.id == warehouse_id))
    return clock.local(tx.now, str(zone)).date()


def _serves(backlog: Backlog, order: Any) -> bool:
    """Whether the order may be served now; counts it when it may not."""
    if order.state not in STATES:
        backlog.skipped += 1
    elif order.holds:
        backlog.held += 1
    else:
        return True
    return False


def _wants(tx: Tx, backlog: Backlog, order_ids: Sequence[int]) -> dict[int, list[Want]]:
    """What each order misses; orders that have begun are remembered with their warehouse."""
    wants: dict[int, list[Want]] = defaultdict(list)
    for line in _lines.rows(tx, of_orders=order_ids):
        missing = line.ordered - line.allocated
        of = wants[line.order_id]
        if missing:
            of.append(Want(line.id, line.sku_id, missing))
            backlog.codes[line.id] = line.sku_code
        if line.allocated:
            backlog.stood[line.order_id] = line.warehouse_id
    return wants


def _warehouses(tx: Tx) -> dict[int, Any]:
    return {row.id: row for row in _houses.rows(tx)}


def _picked(tx: Tx, skus: Sequence[int]) -> dict[tuple[int, int], int]:
    """Pieces picked lately by warehouse and SKU."""
    since = tx.now - timedelta(days=buildings.SLOWEST_DAYS)
    statement = (
        select(Stock.warehouse_id, Stock.sku_id, -func.sum(Movement.quantity))
        .join(
            Movement,
            (Movement.warehouse_id == Stock.warehouse_id) & (Movement.stock_id == Stock.id),
        )
        .where(
            among(Stock.sku_id, skus),
            Movement.reason.in_(("pick", "unpick")),
            Movement.at >= since,
        )
        .group_by(Stock.warehouse_id, Stock.sku_id)
    )
    return {(warehouse, sku): int(pieces) for warehouse, sku, pieces in tx.rows(statement)}


class _Choice:
    """The warehouses that an order may go out from, preferred first."""

    def __init__(
        self, houses: Mapping[int, Any], free: Free, picked: Mapping[tuple[int, int], int]
    ) -> None:
        self._places = {w: buildings.Place(h.country, h.postal_code) for w, h in houses.items()}
        self._free = free
        self._picked = picked

    def of(self, order: Any, wants: Iterable[Want]) -> tuple[int, ...]:
        """By the client's rule: the fixed one, or all of them from the nearest or the slowest."""
        if order.warehouse_rule == "nearest":
            to = buildings.Place(order.country, order.postal_code)
            return buildings.nearest(to, self._places)
        if order.warehouse_rule == "slowest":
            skus = [w.sku_id for w in wants if w.sku_id is not None]
            return buildings.slowest(skus, list(self._places), self._free.total, self._picked)
        return (order.client_warehouse_id,)


def _wish(backlog: Backlog, order: Any, wants: list[Want], choice: _Choice) -> None:
    begun = backlog.stood.get(order.id)
    warehouses = choice.of(order, wants) if begun is None else (begun,)
    backlog.wishes.append(
        Wish(
            order.id,
            tuple(wants),
            warehouses,
            order.ships_in_parts,
            order.priority,
            order.ship_by,
            order.since,
        )
    )
    if order.state == "short":
        backlog.was_short.add(order.id)
    backlog.rules[order.id] = order.warehouse_rule
    backlog.stood[order.id] = order.warehouse_id
    backlog.clients[order.id] = (order.client_id, order.code)
