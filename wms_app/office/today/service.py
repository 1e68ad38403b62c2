"""The truth about a day's outbound, counted in a few statements over indexes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select

from wms_app.base.db import Tx
from wms_app.floor.cancelling.model import PutBack
from wms_app.floor.catalog.model import Client, Warehouse
from wms_app.floor.handover.model import Pickup, PickupParcel
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.model import OPEN, Order
from wms_app.floor.packing.model import Parcel, ParcelItem
from wms_app.floor.staging.board import ready_for_lane
from wms_app.floor.stock.model import CountTask
from wms_app.floor.waves.model import PickList
from wms_app.office.today.days import STAGES, Day, orders_of, stage_of
from wms_app.office.today.late import LateOrder, late_counts, late_orders, risk

Counts = dict[str, int]


@dataclass(frozen=True)
class Outbound:
    """One day of one warehouse.

    `stages`: every order of the day once, by the stage that it has now. `units_out`, `parcels_out`:
    what left that day. `by_client` (by code) and `by_channel`: orders `in` (received that day),
    `open`, `held`, `short`, `out` (handed over that day), `late` (late or about to be), and pieces
    `units_out`. `by_carrier`: parcels `labelled` that day, `waiting` in the house with a label,
    `out`, pieces `units_out`. `by_hour` ("08" by the warehouse's clock): orders `received`,
    parcels `packed` and `handed_over`. `late`: open orders past, or about to miss, their ship-by or
    the last cut-off before it (`late_total` of them, `past_total` too late already).
    """

    date: date
    zone: str
    now: datetime
    warehouse_code: str
    paper: str
    stages: Counts
    orders_in: int
    units_out: int
    parcels_out: int
    by_client: dict[str, Counts]
    by_carrier: dict[str, Counts]
    by_channel: dict[str, Counts]
    by_hour: dict[str, Counts]
    late: tuple[LateOrder, ...]
    late_total: int
    past_total: int
    names: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain data: the one JSON document of the report."""
        return {
            "date": self.date.isoformat(),
            "stages": self.stages,
            "units_out": self.units_out,
            "by_client": self.by_client,
            "by_carrier": self.by_carrier,
            "by_channel": self.by_channel,
            "by_hour": self.by_hour,
            "late": [
                {
                    "order": late.number,
                    "client": late.client,
                    "channel": late.channel,
                    "service": late.service,
                    "stage": late.stage,
                    "ship_by": late.ship_by.isoformat(),
                    "deadline": late.deadline.isoformat(),
                    "past": late.past,
                }
                for late in self.late
            ],
        }


def outbound(
    tx: Tx, warehouse_id: int, day: date, zone: str, late_limit: int | None = None
) -> Outbound:
    """Count a day. Orders of the day: received, handed over or cancelled in it, or still open;
    of an earlier day each is counted in the stage that it has reached since."""
    of = Day.of(warehouse_id, day, zone)
    rule = risk(tx, warehouse_id, zone)
    late_by = late_counts(tx, rule, warehouse_id, of.end)
    clients = {row.id: row for row in tx.rows(select(Client.id, Client.code, Client.name))}
    house: Any = tx.first(
        select(Warehouse.code, Warehouse.paper).where(Warehouse.id == warehouse_id)
    )
    stages = dict.fromkeys(STAGES, 0)
    by_client: dict[str, Counts] = {}
    by_channel: dict[str, Counts] = {}
    orders_in = 0
    for row in _orders_grouped(tx, of):
        stages[row.stage] += row.orders
        orders_in += int(row.came)
        for table, key in ((by_client, clients[row.client_id].code), (by_channel, row.channel)):
            _add_orders(table.setdefault(key, _no_orders()), row)
    for (client_id, channel), (count, _past) in late_by.items():
        by_client.setdefault(clients[client_id].code, _no_orders())["late"] += count
        by_channel.setdefault(channel, _no_orders())["late"] += count
    by_carrier = _labels_by_carrier(tx, of)
    units = parcels = 0
    for row in _gone_grouped(tx, of):
        pieces = int(row.units)  # Postgres sums to a decimal
        units, parcels = units + pieces, parcels + row.parcels
        by_client.setdefault(clients[row.client_id].code, _no_orders())["units_out"] += pieces
        by_channel.setdefault(row.channel, _no_orders())["units_out"] += pieces
        carrier = by_carrier.setdefault(row.carrier, _no_parcels())
        carrier["out"] += row.parcels
        carrier["units_out"] += pieces
    return Outbound(
        date=day,
        zone=zone,
        now=tx.now,
        warehouse_code=house.code,
        paper=house.paper,
        stages=stages,
        orders_in=orders_in,
        units_out=units,
        parcels_out=parcels,
        by_client=dict(sorted(by_client.items())),
        by_carrier=dict(sorted(by_carrier.items())),
        by_channel=dict(sorted(by_channel.items())),
        by_hour=_by_hour(tx, of),
        late=late_orders(tx, rule, warehouse_id, of.end, late_limit),
        late_total=sum(late for late, _past in late_by.values()),
        past_total=sum(past for _late, past in late_by.values()),
        names={row.code: row.name for row in clients.values()},
    )


def waiting(tx: Tx, warehouse_id: int) -> dict[str, int]:
    """How much work waits in each room, by the room's name."""

    def count(model: Any, *conditions: Any) -> int:
        statement = select(func.count()).select_from(model)
        return int(tx.scalar(statement.where(model.warehouse_id == warehouse_id, *conditions)))

    going = PickList.state.in_(("open", "walking"))
    to_lanes = (
        select(func.count())
        .select_from(Parcel)
        .join(Order, Order.id == Parcel.order_id)
        .where(*ready_for_lane(warehouse_id))
    )
    return {
        "orders": count(Order, Order.state.in_(OPEN), Order.holds > 0),
        "release": count(Order, Order.state == "allocated", Order.holds == 0),
        "pick": count(PickList, PickList.kind == "pick-list", going),
        "labels": count(PickList, PickList.kind == "label-first", going),
        "pack": count(Order, Order.state == "picked", Order.holds == 0),
        "stage": int(tx.scalar(to_lanes)),
        "pickup": count(Parcel, Parcel.state == "staged"),
        "putback": count(PutBack, PutBack.state == "open"),
        "count": count(CountTask, CountTask.state.in_(("open", "counted"))),
    }


def _no_orders() -> Counts:
    return dict.fromkeys(("in", "open", "held", "short", "out", "units_out", "late"), 0)


def _no_parcels() -> Counts:
    return dict.fromkeys(("labelled", "waiting", "out", "units_out"), 0)


def _add_orders(counts: Counts, row: Any) -> None:
    counts["in"] += int(row.came)
    counts["out"] += int(row.went)
    if row.stage not in ("handed_over", "cancelled"):
        counts["open"] += row.orders
    if row.stage in ("held", "short"):
        counts[row.stage] += row.orders


def _orders_grouped(tx: Tx, day: Day) -> Any:
    """The day's orders by stage, client and channel; of them `came` and `went` that day."""
    ids = orders_of(day)
    return tx.rows(
        select(
            stage_of().label("stage"),
            Order.client_id,
            Order.channel,
            func.count().label("orders"),
            func.sum(case((day.within(Order.received_at), 1), else_=0)).label("came"),
            func.sum(case((day.within(Order.handed_over_at), 1), else_=0)).label("went"),
        )
        .join(ids, ids.c.id == Order.id)
        .group_by("stage", Order.client_id, Order.channel)
    )


def _gone_grouped(tx: Tx, day: Day) -> Any:
    """Parcels and pieces that left that day, by client, channel and carrier."""
    per_parcel = (
        select(
            PickupParcel.parcel_id,
            Pickup.carrier,
            func.coalesce(func.sum(ParcelItem.quantity), 0).label("units"),
        )
        .join(Pickup, Pickup.id == PickupParcel.pickup_id)
        .outerjoin(ParcelItem, ParcelItem.parcel_id == PickupParcel.parcel_id)
        .where(
            Pickup.warehouse_id == day.warehouse_id,
            Pickup.state == "departed",
            day.within(Pickup.departed_at),
        )
        .group_by(PickupParcel.parcel_id, Pickup.carrier)
        .subquery()
    )
    return tx.rows(
        select(
            Order.client_id,
            Order.channel,
            per_parcel.c.carrier,
            func.count().label("parcels"),
            func.sum(per_parcel.c.units).label("units"),
        )
        .select_from(per_parcel)
        .join(Parcel, Parcel.id == per_parcel.c.parcel_id)
        .join(Order, Order.id == Parcel.order_id)
        .group_by(Order.client_id, Order.channel, per_parcel.c.carrier)
    )


def _labels_by_carrier(tx: Tx, day: Day) -> dict[str, Counts]:
    bought = tx.rows(
        select(Label.carrier, func.count())
        .where(
            Label.warehouse_id == day.warehouse_id,
            day.within(Label.bought_at),
            Label.state == "bought",
        )
        .group_by(Label.carrier)
    )
    here = tx.rows(
        select(Label.carrier, func.count())
        .join(Parcel, Parcel.id == Label.parcel_id)
        .where(
            Parcel.warehouse_id == day.warehouse_id,
            Parcel.state.in_(("labelled", "staged", "loaded")),
            Label.state == "bought",
        )
        .group_by(Label.carrier)
    )
    found: dict[str, Counts] = {}
    for name, rows in (("labelled", bought), ("waiting", here)):
        for carrier, count in rows:
            found.setdefault(carrier, _no_parcels())[name] = count
    return found


def _by_hour(tx: Tx, day: Day) -> dict[str, Counts]:
    """What happened in each hour of the day in which anything did."""
    gone = (
        select(day.hour_of(Pickup.departed_at).label("hour"), func.count())
        .join(PickupParcel, PickupParcel.pickup_id == Pickup.id)
        .where(
            Pickup.warehouse_id == day.warehouse_id,
            Pickup.state == "departed",
            day.within(Pickup.departed_at),
        )
    )
    packed = select(day.hour_of(Parcel.sealed_at).label("hour"), func.count()).where(
        Parcel.warehouse_id == day.warehouse_id,
        day.within(Parcel.sealed_at),
        Parcel.state != "void",
    )
    received = select(day.hour_of(Order.received_at).label("hour"), func.count()).where(
        Order.warehouse_id == day.warehouse_id, day.within(Order.received_at)
    )
    names = [name for name, _start, _end in day.hours()]
    found: dict[str, Counts] = {}
    for what, statement in (("received", received), ("packed", packed), ("handed_over", gone)):
        for hour, count in tx.rows(statement.group_by("hour")):
            empty = {"received": 0, "packed": 0, "handed_over": 0}
            found.setdefault(names[hour], empty)[what] += count
    return dict(sorted(found.items()))
