"""Parcels that are ready for their lane, for the tests of what comes after the pack bench."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from tests.builders import Floor
from wms_app.base import journal
from wms_app.base.codes import sscc
from wms_app.base.db import Tx
from wms_app.base.moves import move
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.labelling.model import MOVES as LABEL_MOVES
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing.model import MOVES, Parcel, ParcelItem
from wms_app.floor.staging.lanes import import_lanes
from wms_app.floor.stock import service as stock
from wms_app.office.verify.service import verify

LANES = (
    {"lane": "EXP-15", "carrier": "house", "service": "express", "cutoff": "15:30"},
    {"lane": "STD-12", "carrier": "house", "service": "standard", "cutoff": "12:00"},
    {"lane": "STD-17", "carrier": "house", "service": "standard", "cutoff": "17:00"},
)


def add_lanes(floor: Floor) -> None:
    """The lanes of the house carrier: express 15:30, standard 12:00 and 17:00."""
    floor.do(lambda tx: import_lanes(tx, LANES))


def tracking_of(floor: Floor, parcel_id: int) -> str:
    """The tracking number on a parcel's newest label."""
    with floor.store.read() as tx:
        newest = select(Label.tracking).where(Label.parcel_id == parcel_id)
        return str(tx.scalar(newest.order_by(Label.id.desc())))


def packed_order(
    floor: Floor,
    *,
    number: str = "",
    parcels: int = 1,
    service: str = "standard",
    ordered: int = 0,
    **values: Any,
) -> tuple[int, list[int]]:
    """An order of one mug per parcel, packed and labelled; gives its id and its parcels'.

    `ordered`: how many mugs the buyer wanted, when more than were packed.
    """
    row = floor.add_stock("MUG", "A-01-1", parcels)
    order_id = floor.add_order({"MUG": ordered or parcels}, number, service=service, **values)

    def work(tx: Tx) -> list[int]:
        line_id = int(tx.scalar(select(OrderLine.id).where(OrderLine.order_id == order_id)))
        stock.apply(tx, [stock.Change(row, 0, parcels)])
        stock.apply(tx, [stock.Change(row, -parcels, -parcels, "pick", line_id)])
        taken = {"order_id": order_id, "line_id": line_id, "stock_id": row, "state": "done"}
        pieces = {"quantity": parcels, "picked": parcels, "warehouse_id": floor.warehouse_id}
        tx.execute(insert(Allocation), [taken | pieces])
        tx.execute(
            update(OrderLine)
            .where(OrderLine.id == line_id)
            .values(allocated=parcels, picked=parcels, packed=parcels)
        )
        for state in ("allocated", "released", "picked"):
            move(tx, Order, "order", order_id, state, ORDER_MOVES)
        made = [_labelled(tx, floor, order_id, line_id, n, service) for n in range(1, parcels + 1)]
        move(tx, Order, "order", order_id, "packed", ORDER_MOVES)
        return made

    return order_id, floor.do(work, "packer", "packed")


def _labelled(tx: Tx, floor: Floor, order_id: int, line_id: int, number: int, service: str) -> int:
    head = {"warehouse_id": floor.warehouse_id, "order_id": order_id, "number": number}
    box = {"state": "open", "made_at": tx.now, "expected_g": 340, "grams": 340}
    parcel = insert(Parcel).values(head | box | {"sealed_at": tx.now}).returning(Parcel.id)
    parcel_id = int(tx.execute(parcel).scalar_one())
    journal.record(tx, "opened", "parcel", [parcel_id], after="open")
    item = {"parcel_id": parcel_id, "line_id": line_id, "sku_id": floor.skus["MUG"], "quantity": 1}
    tx.execute(insert(ParcelItem), [item | {"warehouse_id": floor.warehouse_id}])
    move(tx, Parcel, "parcel", parcel_id, "sealed", MOVES)
    label_id = _label(tx, floor, parcel_id, service, parcel_id)
    move(tx, Label, "label", label_id, "bought", LABEL_MOVES)
    move(tx, Parcel, "parcel", parcel_id, "labelled", MOVES)
    return parcel_id


def relabel(tx: Tx, floor: Floor, parcel_id: int, service: str = "standard") -> None:
    """A new label for a parcel whose old one was given up."""
    label_id = _label(tx, floor, parcel_id, service, 90_000 + parcel_id)
    move(tx, Label, "label", label_id, "bought", LABEL_MOVES)


def _label(tx: Tx, floor: Floor, parcel_id: int, service: str, serial: int) -> int:
    label = {
        "warehouse_id": floor.warehouse_id,
        "parcel_id": parcel_id,
        "key": f"label-{serial}",
        "carrier": "house",
        "service": service,
        "tracking": sscc("09991234", serial),
        "asked_at": tx.now,
        "bought_at": tx.now,
        "price_minor": 500,
        "currency": "USD",
    }
    row = insert(Label).values(label).returning(Label.id)
    label_id = int(tx.execute(row).scalar_one())
    journal.record(tx, "intended", "label", [label_id], after="intended")
    return label_id


def verified(floor: Floor) -> bool:
    """Whether every truth of the store holds."""
    with floor.store.read() as tx:
        findings = verify(tx)
    assert findings == []
    return True
