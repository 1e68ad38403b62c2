"""What lies on the bench: one order, its pieces by lot, its parcel and carton. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Client, Sku, SkuBarcode
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing import inside
from wms_app.floor.packing.cartons import Box, Piece, boxes_needed, own_box_alone
from wms_app.floor.packing.model import Parcel, ParcelItem
from wms_app.floor.packing.weight import Contents
from wms_app.floor.picking.model import Tote
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.model import Pick, PickList


@dataclass(frozen=True)
class Goods:
    """One line: pieces picked, packed in all parcels, and packed `here` in the present one.

    `lots` are the picked lots with their pieces, first to expire first; `in_lots` what is packed
    of each in any parcel, `here_lots` in the present one.
    """

    line_id: int
    sku_id: int
    code: str
    name: str
    barcode: str
    grams: int
    fragile: bool
    size_mm: tuple[int, int, int]
    picked: int
    packed: int
    here: int
    lots: tuple[tuple[str, int], ...]
    in_lots: dict[str, int] = field(default_factory=dict)
    here_lots: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Pieces that are in no parcel yet."""
        return self.picked - self.packed

    def free_in(self, lot: str) -> int:
        """Pieces of this lot that were picked and are in no parcel yet."""
        return dict(self.lots).get(lot, 0) - self.in_lots.get(lot, 0)


@dataclass(frozen=True)
class Bench:
    """Everything that the packer's conversation and screen need to know of one order.

    `wants_slip`, `photographs`: its client wishes a packing slip, photographs of some parcels.
    """

    order_id: int
    number: str
    channel: str
    client_id: int
    client: str
    state: str
    holds: int
    priority: int
    service: str
    ship_by: datetime | None
    ship_to: Any
    tote: str
    parcel: Any
    carton: Box | None
    goods: tuple[Goods, ...]
    contents: Contents
    boxes: tuple[Box, ...]
    advised: Box | None
    own_box: bool
    parcels_needed: int
    wants_slip: bool
    photographs: bool

    @property
    def inside(self) -> int:
        """Pieces in the present parcel."""
        return sum(one.here for one in self.goods)

    @property
    def left(self) -> int:
        """Pieces that are in no parcel yet."""
        return sum(one.left for one in self.goods)

    @property
    def lacks(self) -> dict[int, int]:
        """The same by line, where there are any."""
        return {one.line_id: one.left for one in self.goods if one.left}


_order = Prepared(
    select(
        Order.id,
        Order.number,
        Order.channel,
        Order.client_id,
        Client.name.label("client"),
        Client.packing_slip,
        or_(
            Client.photograph_all, Client.photograph_fragile, Client.photograph_over_minor > 0
        ).label("photographs"),
        Order.state,
        Order.holds,
        Order.priority,
        Order.service,
        Order.ship_by,
        Order.warehouse_id,
        Order.name,
        Order.line1,
        Order.line2,
        Order.city,
        Order.region,
        Order.postal_code,
        Order.country,
        Order.needs_address,
        select(Tote.code).where(Tote.order_id == Order.id).limit(1).scalar_subquery().label("tote"),
    )
    .join(Client, Client.id == Order.client_id)
    .where(Order.id == bindparam("of_order"))
)
_parcel = Prepared(
    select(
        Parcel.id,
        Parcel.number,
        Parcel.state,
        Parcel.carton_id,
        Parcel.grams,
        Parcel.expected_g,
        Parcel.tolerance_g,
        Parcel.weight_by,
        Parcel.made_by,
    )
    .where(Parcel.order_id == bindparam("of_order"), Parcel.state != "void")
    .order_by(Parcel.id.desc())
    .limit(1)
)
# The code of one piece of each SKU is the first that it was given.
_lines = Prepared(
    select(
        OrderLine.id,
        OrderLine.sku_id,
        OrderLine.picked,
        OrderLine.packed,
        Sku.code,
        Sku.name,
        Sku.weight_g,
        Sku.fragile,
        Sku.length_mm,
        Sku.width_mm,
        Sku.height_mm,
        select(SkuBarcode.code)
        .where(SkuBarcode.sku_id == OrderLine.sku_id, SkuBarcode.quantity == 1)
        .order_by(SkuBarcode.id)
        .limit(1)
        .scalar_subquery()
        .label("barcode"),
    )
    .join(Sku, Sku.id == OrderLine.sku_id)
    .where(OrderLine.order_id == bindparam("of_order"), OrderLine.picked > 0)
    .order_by(OrderLine.id)
)
_picked_lots = Prepared(
    select(Allocation.line_id, Stock.lot, func.sum(Allocation.picked).label("pieces"))
    .join(Stock, Stock.id == Allocation.stock_id)
    .where(Allocation.order_id == bindparam("of_order"), Allocation.picked > 0)
    .group_by(Allocation.line_id, Stock.lot)
    .order_by(Allocation.line_id, func.min(Stock.expires), Stock.lot)
)
_packed_lots = Prepared(
    select(
        ParcelItem.parcel_id,
        ParcelItem.line_id,
        ParcelItem.lot,
        func.sum(ParcelItem.quantity).label("pieces"),
    )
    .join(Parcel, Parcel.id == ParcelItem.parcel_id)
    .where(Parcel.order_id == bindparam("of_order"), Parcel.state != "void")
    .group_by(ParcelItem.parcel_id, ParcelItem.line_id, ParcelItem.lot)
)


def read_bench(tx: Tx, order_id: int) -> Bench | None:
    """The order on the bench with its latest living parcel; None when there is no such order."""
    asked = [
        question.later(tx, of_order=order_id)
        for question in (_order, _parcel, _lines, _picked_lots, _packed_lots)
    ]
    pieces_asked = inside.pieces_later(tx, order_id)
    orders, parcels, lines, picked, packed = (one.rows for one in asked)
    if not orders:
        return None
    order, parcel = orders[0], parcels[0] if parcels else None
    boxes_asked = inside.boxes_later(tx, order.warehouse_id)
    weighed = inside.contents_later(tx, parcel.id) if parcel is not None else None
    boxes, pieces = tuple(boxes_asked()), pieces_asked()
    advised = inside.advised_of(boxes, pieces)
    parcel_id = parcel.id if parcel is not None and parcel.state == "open" else 0
    return Bench(
        order.id,
        order.number,
        order.channel,
        order.client_id,
        order.client,
        order.state,
        order.holds,
        order.priority,
        order.service,
        order.ship_by,
        order,
        order.tote or "",
        parcel,
        next((box for box in boxes if parcel is not None and box.id == parcel.carton_id), None),
        tuple(_goods(lines, picked, packed, parcel_id)),
        weighed() if weighed is not None else Contents((), 0),
        boxes,
        advised,
        own_box_alone(pieces),
        _needed(boxes, pieces, advised),
        order.packing_slip,
        bool(order.photographs),
    )


def _needed(boxes: Sequence[Box], pieces: Sequence[Piece], advised: Box | None) -> int:
    """Into how many parcels the goods go: 1, unless their sizes are known and no carton does."""
    known = all(min(piece.length_mm, piece.width_mm, piece.height_mm) > 0 for piece in pieces)
    if advised is not None or not pieces or not boxes or not known or own_box_alone(pieces):
        return 1
    return boxes_needed(boxes, pieces)


def _goods(
    lines: Sequence[Any], picked: Sequence[Any], packed: Sequence[Any], parcel_id: int
) -> list[Goods]:
    lots, in_lots = _by_line(picked), _by_line(packed)
    here = _by_line([row for row in packed if row.parcel_id == parcel_id])
    return [
        Goods(
            row.id,
            row.sku_id,
            row.code,
            row.name,
            row.barcode or row.code,
            row.weight_g,
            row.fragile,
            (row.length_mm, row.width_mm, row.height_mm),
            row.picked,
            row.packed,
            sum(here.get(row.id, {}).values()),
            tuple(lots.get(row.id, {}).items()),
            in_lots.get(row.id, {}),
            here.get(row.id, {}),
        )
        for row in lines
    ]


def _by_line(rows: Sequence[Any]) -> dict[int, dict[str, int]]:
    """Pieces by lot of each line."""
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        lots = found.setdefault(row.line_id, {})
        lots[row.lot] = lots.get(row.lot, 0) + int(row.pieces)
    return found


# How to find an order from what was scanned at an empty bench


def order_in_tote(tx: Tx, warehouse_id: int, code: str) -> tuple[bool, int]:
    """Whether there is such a tote, and whose goods lie in it (0: nobody's)."""
    found = tx.first(
        select(Tote.order_id).where(Tote.warehouse_id == warehouse_id, Tote.code == code.upper())
    )
    return found is not None, int(found.order_id or 0) if found is not None else 0


def order_called(tx: Tx, warehouse_id: int, number: str) -> int:
    """The id of the order with this channel number, 0 when there is none or more than one."""
    found = tx.scalars(
        select(Order.id).where(Order.warehouse_id == warehouse_id, Order.number == number).limit(2)
    )
    return int(found[0]) if len(found) == 1 else 0


def next_on_list(tx: Tx, warehouse_id: int, code: str) -> tuple[bool, int]:
    """Whether there is such a list, and its next order that is ready to be packed (0: none)."""
    list_id = tx.scalar(
        select(PickList.id).where(PickList.warehouse_id == warehouse_id, PickList.code == code)
    )
    if list_id is None:
        return False, 0
    order_id = tx.scalar(
        select(Order.id)
        .join(Pick, Pick.order_id == Order.id)
        .where(Pick.pick_list_id == list_id, Order.state == "picked", Order.holds == 0)
        .order_by(Pick.slot, Pick.id)
        .limit(1)
    )
    return True, int(order_id or 0)


def parcel_order(tx: Tx, warehouse_id: int, parcel_id: int) -> int:
    """The order of a parcel of this warehouse, 0 when there is none."""
    found = select(Parcel.order_id).where(
        Parcel.id == parcel_id, Parcel.warehouse_id == warehouse_id
    )
    return int(tx.scalar(found) or 0)


_unlabelled = Prepared(
    select(Parcel.id, Order.number)
    .join(Order, Order.id == Parcel.order_id)
    .where(Parcel.warehouse_id == bindparam("here"), Parcel.state == "sealed")
    .order_by(Parcel.id)
    .limit(200)
)
_ready = Prepared(
    select(func.count()).where(
        Order.warehouse_id == bindparam("here"), Order.state == "picked", Order.holds == 0
    )
)


def waiting_for_label(tx: Tx, warehouse_id: int) -> list[tuple[int, str]]:
    """Parcels that are closed and have no label yet: (id, order number), the oldest first."""
    return [(row.id, row.number) for row in _unlabelled.rows(tx, here=warehouse_id)]


def ready_orders(tx: Tx, warehouse_id: int) -> int:
    """How many orders wait at the benches."""
    return int(_ready.scalar(tx, here=warehouse_id))
