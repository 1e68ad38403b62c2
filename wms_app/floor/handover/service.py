"""Trucks: opening one for a lane, loading it parcel by parcel, and its departure.

Locks here are taken in the order pickup, orders, parcels, so that a departure waits for a scan
that is under way and a scan that comes later finds the truck gone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select

from wms_app.base import journal, lock
from wms_app.base.db import Tx
from wms_app.base.moves import move, move_all
from wms_app.base.prepared import Prepared, PreparedInsert
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.floor.handover.model import MOVES, Pickup, PickupParcel
from wms_app.floor.handover.told import tell_channels
from wms_app.floor.orders.gate import pass_gate
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing.model import IN_HOUSE, Parcel
from wms_app.floor.packing.model import MOVES as PARCEL_MOVES
from wms_app.floor.packing.words import parcel_words
from wms_app.floor.staging.lanes import lane_called, live_label
from wms_app.floor.staging.model import Lane
from wms_app.floor.staging.service import given_up, order_of, standing

_truck = Prepared(
    select(Pickup.code, Pickup.state, Lane.code.label("lane"))
    .join(Lane, Lane.id == Pickup.lane_id)
    .where(Pickup.id == bindparam("of_pickup")),
    Pickup,
)
_put_on_truck = PreparedInsert(PickupParcel, "parcel_id", "warehouse_id", "pickup_id", "loaded_at")
_NAMED = 5  # how many orders a refusal names before it counts the rest


def open_pickup(tx: Tx, lane_code: str) -> int:
    """The open truck of a lane; a new one when there is none. Refused: no such lane."""
    lane = lane_called(tx, tx.who.warehouse_id, lane_code)
    lock.rows(tx, Lane, [lane.id])  # two doors that open the same lane get the same truck
    there = tx.scalar(
        select(Pickup.id).where(
            Pickup.warehouse_id == tx.who.warehouse_id,
            Pickup.lane_id == lane.id,
            Pickup.state == "open",
        )
    )
    if there is not None:
        return int(there)
    number = tx.take_ids(Pickup, 1)[0]
    row = {
        "id": number,
        "warehouse_id": tx.who.warehouse_id,
        "lane_id": lane.id,
        "code": f"PU-{number:05d}",
        "carrier": lane.carrier,
        "state": "open",
        "opened_at": tx.now,
    }
    tx.execute(insert(Pickup), [row])
    journal.record(tx, "opened", "pickup", [number], after="open", detail={"lane": lane.code})
    tx.changed("pickup")
    return number


def load(tx: Tx, pickup_id: int, parcel_id: int) -> None:
    """Put a staged parcel of the truck's lane onto the truck.

    Refused: the truck has left; cancelled or held; not staged; of another lane; no live label.
    """
    pickup = _open_truck(tx, pickup_id)
    pass_gate(tx, order_of(tx, parcel_id))
    state = lock.rows(tx, Parcel, [parcel_id], Parcel.state)[0].state
    if state != "staged":
        raise _not_to_load(tx, parcel_id, state)
    lane = standing(tx, parcel_id)
    if lane != pickup.lane:
        raise Refused(
            "wrong_lane",
            _("That parcel stands in lane **{lane}**; this truck takes {truck}.").format(
                lane=lane, truck=pickup.lane
            ),
            _("Nothing was changed. Put it back into lane {lane}.").format(lane=lane),
        )
    if live_label(tx, parcel_id) is None:
        raise Refused(
            "no_label",
            _("That parcel bears no live shipping label."),
            _("Bring it back to the pack bench for a label."),
        )
    _put_on_truck.tell(
        tx,
        parcel_id=parcel_id,
        warehouse_id=tx.who.warehouse_id,
        pickup_id=pickup_id,
        loaded_at=tx.now,
    )
    move(tx, Parcel, "parcel", parcel_id, "loaded", PARCEL_MOVES, detail={"pickup": pickup.code})


def unload(tx: Tx, parcel_id: int) -> None:
    """Take a parcel off the truck, back into its lane. No gate: taking back is always allowed.

    Refused: it is not on a truck, or the truck has left.
    """
    lock.rows(tx, Order, [order_of(tx, parcel_id)])
    state = lock.rows(tx, Parcel, [parcel_id], Parcel.state)[0].state
    if state != "loaded":
        raise Refused(
            "not_loaded",
            _("That parcel is not on a truck here: it is {state}.").format(
                state=parcel_words(state)
            ),
            _("Look it up with Ctrl+K."),
        )
    tx.execute(delete(PickupParcel).where(PickupParcel.parcel_id == parcel_id))
    move(tx, Parcel, "parcel", parcel_id, "staged", PARCEL_MOVES)


def call_off(tx: Tx, pickup_id: int) -> None:
    """Close a truck that was opened by mistake. Refused: parcels are on it, or it has left."""
    _open_truck(tx, pickup_id)
    loaded = select(PickupParcel.parcel_id).where(PickupParcel.pickup_id == pickup_id).limit(1)
    if tx.scalar(loaded) is not None:
        raise Refused(
            "truck_not_empty",
            _("Parcels are on this truck."),
            _("Take them off first, or let it depart."),
        )
    move(tx, Pickup, "pickup", pickup_id, "void", MOVES)


def depart(tx: Tx, pickup_id: int, driver: str, vehicle: str) -> dict[str, int]:
    """The truck leaves with what is on it: parcels on their way, orders handed over, channels told.

    An order whose other parcels are still in the house stays as it is; one that is complete here
    but lacks pieces (its client ships in parts) becomes short again. Gives counts of `parcels`,
    `orders` handed over and `short`. Refused: no driver or vehicle, an empty truck, a truck that
    has left, and parcels on it whose order was cancelled or held meanwhile (naming the orders).
    """
    driver, vehicle = driver.strip()[:80], vehicle.strip()[:40]
    if not driver or not vehicle:
        raise Refused(
            "no_driver",
            _("The manifest needs the driver's name and the vehicle."),
            _("Type both, for example: Li Wei, 7ABC123"),
        )
    pickup = _open_truck(tx, pickup_id)
    order_ids = _orders_on(tx, pickup_id)
    lock.rows(tx, Order, order_ids)
    on_truck = select(PickupParcel.parcel_id).where(PickupParcel.pickup_id == pickup_id)
    parcels = [int(number) for number in tx.scalars(on_truck.order_by(PickupParcel.parcel_id))]
    if not parcels:
        raise Refused("empty_truck", _("Nothing is on this truck."), _("Scan parcels onto it."))
    _refuse_stopped(tx, pickup_id)
    gone = move_all(
        tx, Parcel, "parcel", parcels, "in_transit", PARCEL_MOVES, detail={"pickup": pickup.code}
    )
    if len(gone) != len(parcels):
        raise Refused(
            "truck_changed",
            _("What is on this truck has changed meanwhile."),
            _("Nothing was changed. Look at the list, then depart again."),
        )
    whole, short = _finish_orders(tx, order_ids)
    move(
        tx,
        Pickup,
        "pickup",
        pickup_id,
        "departed",
        MOVES,
        detail={"parcels": len(parcels), "orders": len(whole), "vehicle": vehicle},
        departed_at=tx.now,
        driver=driver,
        vehicle=vehicle,
    )
    tell_channels(tx, whole)
    tell_channels(tx, short, part=pickup_id)
    return {"parcels": len(parcels), "orders": len(whole), "short": len(short)}


def _open_truck(tx: Tx, pickup_id: int) -> Any:
    pickup = _truck.first(tx, of_pickup=pickup_id)
    if pickup is None or pickup.state != "open":
        raise Refused(
            "pickup_gone",
            _("Truck {code} has left or was closed.").format(code=pickup.code if pickup else ""),
            _("Scan the lane to open its next truck."),
        )
    return pickup


def _orders_on(tx: Tx, pickup_id: int) -> list[int]:
    statement = (
        select(Parcel.order_id)
        .join(PickupParcel, PickupParcel.parcel_id == Parcel.id)
        .where(PickupParcel.pickup_id == pickup_id)
        .distinct()
    )
    return sorted(int(number) for number in tx.scalars(statement))


def _refuse_stopped(tx: Tx, pickup_id: int) -> None:
    stopped = tx.scalars(
        select(Order.number)
        .join(Parcel, Parcel.order_id == Order.id)
        .join(PickupParcel, PickupParcel.parcel_id == Parcel.id)
        .where(
            PickupParcel.pickup_id == pickup_id,
            or_(Order.state == "cancelled", Order.holds > 0),
        )
        .distinct()
        .order_by(Order.number)
    )
    if not stopped:
        return
    names = ", ".join(stopped[:_NAMED])
    if len(stopped) > _NAMED:
        names = _("{names} and {count} more").format(names=names, count=len(stopped) - _NAMED)
    raise Refused(
        "stopped",
        _("Cancelled or held meanwhile: {orders}.").format(orders=names),
        _("Nothing was changed. Take their parcels off the truck, then depart."),
    )


def _finish_orders(tx: Tx, order_ids: list[int]) -> tuple[list[int], list[int]]:
    """Hand over the orders with no parcel left in the house; those that lack pieces wait short."""
    inside = select(Parcel.order_id).where(
        among(Parcel.order_id, order_ids), Parcel.state.in_(IN_HOUSE)
    )
    lacking = select(OrderLine.order_id).where(
        among(OrderLine.order_id, order_ids),
        OrderLine.not_goods.is_(False),
        OrderLine.packed < OrderLine.ordered,
    )
    complete = tx.scalars(
        select(Order.id).where(
            among(Order.id, order_ids), Order.state == "staged", Order.id.not_in(inside)
        )
    )
    wants_more = set(tx.scalars(lacking))
    whole = [number for number in complete if number not in wants_more]
    short = [number for number in complete if number in wants_more]
    move_all(tx, Order, "order", short, "short", ORDER_MOVES, detail={"why": "shipped in part"})
    return (
        move_all(tx, Order, "order", whole, "handed_over", ORDER_MOVES, handed_over_at=tx.now),
        short,
    )


def _not_to_load(tx: Tx, parcel_id: int, state: str) -> Refused:
    if state == "loaded":
        truck = tx.scalar(
            select(Pickup.code)
            .join(PickupParcel, PickupParcel.pickup_id == Pickup.id)
            .where(PickupParcel.parcel_id == parcel_id)
        )
        return Refused(
            "already_loaded",
            _("That parcel is on truck {truck} already.").format(truck=truck),
            _("Nothing was changed. Scan the next parcel."),
        )
    if state in IN_HOUSE:
        return Refused(
            "not_staged",
            _("That parcel was not staged: it is {state}.").format(state=parcel_words(state)),
            _("Scan it into its lane in Stage first."),
        )
    if state == "void":
        return given_up()
    return Refused(
        "gone",
        _("That parcel can't be loaded: it is {state}.").format(state=parcel_words(state)),
        _("Look it up with Ctrl+K."),
    )
