"""Brings orders along their whole way through the services, for tests of what may happen there."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from tests.builders import Floor
from tests.parcels import add_lanes, relabel
from wms_app.base.db import Tx
from wms_app.base.moves import move
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.allocation.service import allocate
from wms_app.floor.handover import service as handover
from wms_app.floor.orders.model import OrderLine
from wms_app.floor.packing import service as packing
from wms_app.floor.packing.inside import contents
from wms_app.floor.packing.model import MOVES as PARCEL_MOVES
from wms_app.floor.packing.model import Parcel
from wms_app.floor.picking import service as picking
from wms_app.floor.staging import service as staging
from wms_app.floor.waves.model import Pick, PickList
from wms_app.floor.waves.service import release

STAGES = (
    "received",
    "allocated",
    "released",
    "half_picked",
    "picked",
    "half_packed",
    "sealed",
    "labelled",
    "staged",
    "loaded",
    "handed_over",
)


def released(floor: Floor, *order_ids: int) -> str:
    """Allocate and release these orders on one list; gives the list's code."""

    def work(tx: Tx) -> str:
        allocate(tx, list(order_ids))
        lists = release(tx, list(order_ids), by="pick-list")
        return str(tx.scalar(select(PickList.code).where(PickList.id == lists[0])))

    return floor.do(work)


def bring_to(floor: Floor, order_id: int, stage: str) -> None:
    """Bring a received order, for which stock is there, to one of STAGES."""
    way = steps(floor, order_id)
    for step in STAGES[1 : STAGES.index(stage) + 1]:
        way[step]()


def steps(floor: Floor, order_id: int) -> dict[str, Callable[[], object]]:
    """What brings the order to each of STAGES from the one before."""
    return {
        "allocated": lambda: floor.do(lambda tx: allocate(tx, [order_id])),
        "released": lambda: floor.do(lambda tx: release(tx, [order_id], by="pick-list")),
        "half_picked": lambda: floor.do(lambda tx: _pick(tx, order_id, half=True)),
        "picked": lambda: floor.do(lambda tx: _pick(tx, order_id)),
        "half_packed": lambda: floor.do(lambda tx: _pack(tx, order_id, half=True)),
        "sealed": lambda: floor.do(lambda tx: _pack(tx, order_id)),
        "labelled": lambda: _label(floor, order_id),
        "staged": lambda: _stage(floor, order_id),
        "loaded": lambda: floor.do(lambda tx: _load(tx, order_id)),
        "handed_over": lambda: floor.do(lambda tx: _depart(tx)),
    }


def parcel_of(tx: Tx, order_id: int) -> int:
    """The order's newest parcel."""
    newest = select(Parcel.id).where(Parcel.order_id == order_id).order_by(Parcel.id.desc())
    return int(tx.scalar(newest))


def _pick(tx: Tx, order_id: int, half: bool = False) -> None:
    picks = tx.rows(
        select(Pick.id, Pick.pick_list_id, Allocation.quantity, Allocation.picked)
        .join(Allocation, Allocation.id == Pick.allocation_id)
        .where(Pick.order_id == order_id, Pick.state == "open")
        .order_by(Pick.walk, Pick.id)
    )
    if not picks:  # one piece is half and whole at once
        return
    picking.start(tx, picks[0].pick_list_id)
    picking.bind_tote(tx, f"T-{order_id}", order_id)
    for pick in picks[:1] if half else picks:
        picking.take(tx, pick.id, 1 if half else pick.quantity - pick.picked)


def _pack(tx: Tx, order_id: int, half: bool = False) -> None:
    parcel_id = packing.start(tx, order_id)
    lines = tx.rows(
        select(OrderLine.id, OrderLine.picked, OrderLine.packed)
        .where(OrderLine.order_id == order_id, OrderLine.picked > OrderLine.packed)
        .order_by(OrderLine.id)
    )
    for line in lines[:1] if half else lines:
        packing.put(tx, parcel_id, line.id, 1 if half else line.picked - line.packed)
    if not half:
        packing.seal(tx, parcel_id, contents(tx, parcel_id).expected_g)


def _label(floor: Floor, order_id: int) -> None:
    def work(tx: Tx) -> None:
        parcel_id = parcel_of(tx, order_id)
        relabel(tx, floor, parcel_id)
        move(tx, Parcel, "parcel", parcel_id, "labelled", PARCEL_MOVES)

    floor.do(work)


def _stage(floor: Floor, order_id: int) -> None:
    add_lanes(floor)
    floor.do(lambda tx: staging.stage(tx, parcel_of(tx, order_id), "STD-17"))


def _load(tx: Tx, order_id: int) -> None:
    handover.load(tx, handover.open_pickup(tx, "STD-17"), parcel_of(tx, order_id))


def _depart(tx: Tx) -> None:
    handover.depart(tx, handover.open_pickup(tx, "STD-17"), "Li Wei", "7ABC123")
