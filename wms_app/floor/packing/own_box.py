"""Label-first parcels: one piece in its own box, labelled before the walk, filled at the bin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from wms_app.base import journal, lock
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Sku
from wms_app.floor.orders.gate import pass_gate
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing.model import IN_HOUSE, Parcel, ParcelItem
from wms_app.floor.packing.service import (
    add_item,
    line_packed,
    order_packed,
    parcel_in,
    step_back,
)
from wms_app.floor.stock.model import Stock


def own_box(tx: Tx, order_id: int) -> int:
    """The parcel of a label-first order: one piece in its own box, weighing what its SKU says.

    It is made before the walk and filled at the bin; gives its id, the same one if it is there.
    """
    pass_gate(tx, order_id)
    made = own_boxes(tx, [order_id])
    if order_id not in made:
        raise Refused(
            "not_released",
            _("That order is not on a label-first list."),
            _("Release it first."),
        )
    return made[order_id]


def put_own_box(tx: Tx, parcel_id: int) -> None:
    """The piece taken at the bin and its labelled parcel become one: the order is packed.

    Refused: the parcel has no label, or nothing of its order was picked.
    """
    parcel = parcel_in(tx, parcel_id, "labelled")
    taken = tx.first(
        select(OrderLine.id, OrderLine.sku_id, Stock.lot)
        .join(Allocation, Allocation.line_id == OrderLine.id)
        .join(Stock, Stock.id == Allocation.stock_id)
        .where(Allocation.order_id == parcel.order_id, Allocation.picked > 0)
    )
    if taken is None:
        raise Refused("not_picked", _("That piece was not picked yet."), _("Scan its bin first."))
    add_item(tx, parcel_id, taken.id, taken.sku_id, taken.lot, 1)
    line_packed.tell(tx, of_line=taken.id, more=1)
    tx.execute(update(Parcel).where(Parcel.id == parcel_id).values(sealed_at=tx.now))
    order_packed(tx, parcel.order_id)


def take_out_own_box(tx: Tx, parcel_id: int) -> None:
    """Undo `put_own_box`: the piece is picked but not packed, its label stays on the parcel."""
    parcel = parcel_in(tx, parcel_id, "labelled")
    item = tx.first(
        select(ParcelItem.line_id, ParcelItem.quantity).where(ParcelItem.parcel_id == parcel_id)
    )
    if item is None or pass_gate(tx, parcel.order_id) != "packed":
        raise Refused("not_in_it", _("That is not in the box."))
    tx.execute(delete(ParcelItem).where(ParcelItem.parcel_id == parcel_id))
    line_packed.tell(tx, of_line=item.line_id, more=-item.quantity)
    tx.execute(update(Parcel).where(Parcel.id == parcel_id).values(sealed_at=None))
    step_back(tx, parcel_id)
    tx.changed("parcel")


def own_boxes(tx: Tx, order_ids: Sequence[int]) -> dict[int, int]:
    """The parcels of label-first orders, made where they are missing; parcel ids by order id.

    Orders that are cancelled, held or not on their way are passed by.
    """
    passing = {
        row.id
        for row in lock.rows(tx, Order, order_ids, Order.id, Order.state, Order.holds)
        if row.state == "released" and not row.holds
    }
    there = tx.rows(
        select(Parcel.order_id, Parcel.id).where(
            among(Parcel.order_id, order_ids), Parcel.state.in_(IN_HOUSE)
        )
    )
    made = {row.order_id: int(row.id) for row in there if row.order_id in passing}
    wanted = [number for number in order_ids if number in passing and number not in made]
    weights = _single_weights(tx, wanted)
    ids = tx.take_ids(Parcel, len(wanted))
    fresh = [
        {**_own_box_row(tx, order_id, weights.get(order_id, 0)), "id": number}
        for order_id, number in zip(wanted, ids)
    ]
    if fresh:
        tx.execute(insert(Parcel), fresh)
        journal.record(tx, "opened", "parcel", ids, after="open")
        tx.changed("parcel")
    return made | dict(zip(wanted, ids))


def weightless(tx: Tx, order_ids: Sequence[int]) -> list[int]:
    """Which of these released orders want goods whose weight is not known: no price, no label."""
    return list(
        tx.scalars(
            select(OrderLine.order_id)
            .join(Sku, Sku.id == OrderLine.sku_id)
            .join(Order, Order.id == OrderLine.order_id)
            .where(
                among(OrderLine.order_id, order_ids),
                OrderLine.not_goods.is_(False),
                Sku.weight_g <= 0,
                Order.state == "released",
                Order.holds == 0,
            )
            .group_by(OrderLine.order_id)
            .order_by(OrderLine.order_id)
        )
    )


def _single_weights(tx: Tx, order_ids: Sequence[int]) -> dict[int, int]:
    rows = tx.rows(
        select(OrderLine.order_id, Sku.weight_g)
        .join(Sku, Sku.id == OrderLine.sku_id)
        .where(among(OrderLine.order_id, order_ids), OrderLine.not_goods.is_(False))
    )
    return {row.order_id: int(row.weight_g) for row in rows}


def _own_box_row(tx: Tx, order_id: int, grams: int) -> dict[str, Any]:
    return {
        "warehouse_id": tx.who.warehouse_id,
        "order_id": order_id,
        "number": 1,
        "state": "open",
        "expected_g": grams,
        "grams": grams,
        "weight_by": "catalog",
        "made_at": tx.now,
        "made_by": tx.who.name,
        "station": tx.who.station,
    }
