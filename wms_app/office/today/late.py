"""What is late, and what will be unless somebody acts within the hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from wms_app.base.db import Tx
from wms_app.floor.catalog.model import Client
from wms_app.floor.orders.model import OPEN, Order
from wms_app.floor.staging.lanes import LaneCard, lanes
from wms_app.office.today.days import open_before, stage_of

SOON = timedelta(hours=1)
# What has not reached its lane yet can still miss the truck that would make its promise.
BEFORE_LANE = tuple(state for state in OPEN if state != "staged")


@dataclass(frozen=True)
class LateOrder:
    """An open order and the moment by which it must be in its lane (UTC).

    `deadline` is its ship-by, or the last cut-off of its service before that. `past`: too late
    already; otherwise it is the next hour's work.
    """

    order_id: int
    number: str
    client: str
    channel: str
    service: str
    stage: str
    ship_by: datetime
    deadline: datetime
    past: bool


@dataclass(frozen=True)
class Risk:
    """The rule of the moment: an open order with a ship-by before `threshold(service)` is late or
    will be by `horizon`. A staged one is late only when its ship-by itself is past."""

    now: datetime
    horizon: datetime
    cutoffs: Mapping[str, tuple[datetime, ...]]
    every: tuple[datetime, ...]

    def of_service(self, service: str) -> tuple[datetime, ...]:
        """The cut-offs around now that serve a service, in order."""
        return self.cutoffs.get(service, self.every)

    def threshold(self, service: str) -> datetime:
        """A ship-by at or after this has a truck after the horizon."""
        soon = self.horizon
        return next((cut for cut in self.of_service(service) if cut > soon), soon)

    def deadline(self, service: str, ship_by: datetime) -> datetime:
        """The last cut-off that makes a ship-by; the ship-by itself when there is none."""
        before = [cut for cut in self.of_service(service) if cut <= ship_by]
        return before[-1] if before else ship_by

    def condition(self, warehouse_id: int) -> ColumnElement[bool]:
        """The orders that are late or about to be."""
        named = [
            and_(Order.service == service, Order.ship_by < self.threshold(service))
            for service in self.cutoffs
        ]
        rest = and_(Order.service.not_in(tuple(self.cutoffs)), Order.ship_by < self.threshold(""))
        return and_(
            Order.warehouse_id == warehouse_id,
            or_(
                and_(Order.state.in_(BEFORE_LANE), or_(*named, rest)),
                and_(Order.state == "staged", Order.ship_by <= self.now),
            ),
        )


def risk(tx: Tx, warehouse_id: int, zone: str) -> Risk:
    """The cut-offs of every lane from yesterday to the day after tomorrow, by service."""
    cards = lanes(tx, warehouse_id)
    cutoffs: dict[str, tuple[datetime, ...]] = {}
    for service in {lane.service for lane in cards if lane.service}:
        serving = [lane for lane in cards if lane.service in ("", service)]
        cutoffs[service] = _around(serving, tx.now, zone)
    every = _around([lane for lane in cards if not lane.service], tx.now, zone)
    return Risk(tx.now, tx.now + SOON, cutoffs, every)


def _around(cards: Sequence[LaneCard], now: datetime, zone: str) -> tuple[datetime, ...]:
    following = [lane.leaves_at(now, zone) for lane in cards]
    days = (timedelta(days=shift) for shift in (-1, 0, 1))
    moments = {leaves + shift for shift in days for leaves in following if leaves}
    return tuple(sorted(moments))


def late_orders(
    tx: Tx, rule: Risk, warehouse_id: int, received_before: datetime, limit: int | None
) -> tuple[LateOrder, ...]:
    """The orders that are late or about to be, the most urgent first; at most `limit`."""
    statement = (
        select(
            Order.id,
            Order.number,
            Client.code,
            Order.channel,
            Order.service,
            stage_of().label("stage"),
            Order.ship_by,
        )
        .join(Client, Client.id == Order.client_id)
        .where(rule.condition(warehouse_id), open_before(received_before))
        .order_by(Order.ship_by, Order.id)
    )
    rows = tx.rows(statement.limit(limit) if limit else statement)
    return tuple(_late(rule, row) for row in rows)


def late_counts(
    tx: Tx, rule: Risk, warehouse_id: int, received_before: datetime
) -> dict[tuple[int, str], tuple[int, int]]:
    """How many are late or about to be, and of them too late already, by client id and channel."""
    past = replace(rule, horizon=rule.now).condition(warehouse_id)
    rows = tx.rows(
        select(Order.client_id, Order.channel, func.count(), func.sum(case((past, 1), else_=0)))
        .where(rule.condition(warehouse_id), open_before(received_before))
        .group_by(Order.client_id, Order.channel)
    )
    return {(row[0], row[1]): (row[2], int(row[3])) for row in rows}


def _late(rule: Risk, row: Any) -> LateOrder:
    deadline = row.ship_by if row.stage == "staged" else rule.deadline(row.service, row.ship_by)
    return LateOrder(
        order_id=row.id,
        number=row.number,
        client=row.code,
        channel=row.channel,
        service=row.service,
        stage=row.stage,
        ship_by=row.ship_by,
        deadline=deadline,
        past=deadline <= rule.now,
    )
