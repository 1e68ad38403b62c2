"""What is in a parcel and what belongs into it, and the cartons that there are. Only reads.

`..._later` asks with what is asked next, which saves a round trip; what it gives is called for the
answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import bindparam, func, select

from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared
from wms_app.floor.catalog.model import Carton, Sku
from wms_app.floor.orders.model import OrderLine
from wms_app.floor.packing.cartons import Box, Piece, advise, own_box_alone, volume
from wms_app.floor.packing.model import Parcel, ParcelItem
from wms_app.floor.packing.weight import Contents

_closed = (
    select(ParcelItem.line_id, func.sum(ParcelItem.quantity).label("n"))
    .join(Parcel, Parcel.id == ParcelItem.parcel_id)
    .where(Parcel.order_id == bindparam("of_order"), Parcel.state.not_in(("open", "void")))
    .group_by(ParcelItem.line_id)
    .subquery()
)
_goods = Prepared(
    select(Sku.name, Sku.weight_g, Sku.tolerance_g, func.sum(ParcelItem.quantity).label("n"))
    .join(ParcelItem, ParcelItem.sku_id == Sku.id)
    .where(ParcelItem.parcel_id == bindparam("of_parcel"))
    .group_by(Sku.id, Sku.name, Sku.weight_g, Sku.tolerance_g)
    .order_by(Sku.id)
)
_empty_g = Prepared(
    select(Carton.empty_g)
    .join(Parcel, Parcel.carton_id == Carton.id)
    .where(Parcel.id == bindparam("of_parcel"))
)
_boxes = Prepared(
    select(
        Carton.id,
        Carton.code,
        Carton.inner_length_mm,
        Carton.inner_width_mm,
        Carton.inner_height_mm,
        Carton.empty_g,
        Carton.max_g,
    ).where(Carton.warehouse_id == bindparam("of_warehouse"))
)
_pieces = Prepared(
    select(
        Sku.length_mm,
        Sku.width_mm,
        Sku.height_mm,
        Sku.weight_g,
        (OrderLine.picked - func.coalesce(_closed.c.n, 0)).label("left"),
        Sku.fragile,
        Sku.ships_in_own_box,
    )
    .join(OrderLine, OrderLine.sku_id == Sku.id)
    .outerjoin(_closed, _closed.c.line_id == OrderLine.id)
    .where(OrderLine.order_id == bindparam("of_order"))
    .order_by(OrderLine.id)
)


def contents(tx: Tx, parcel_id: int) -> Contents:
    """What is in a parcel and in which carton, for weighing and for choosing the carton."""
    return contents_later(tx, parcel_id)()


def contents_later(tx: Tx, parcel_id: int) -> Callable[[], Contents]:
    """The same, see above."""
    goods = _goods.later(tx, of_parcel=parcel_id)
    empty = _empty_g.later(tx, of_parcel=parcel_id)
    return lambda: Contents(
        tuple((row.name, row.weight_g, row.tolerance_g, int(row.n)) for row in goods.rows),
        int(empty.rows[0][0] or 0) if empty.rows else 0,
    )


def advised(tx: Tx, order_id: int, warehouse_id: int) -> Box | None:
    """The smallest carton for what is still loose of an order and already in its open parcel.

    None when no carton holds it all, when the sizes are not known, and for own boxes.
    """
    pieces = pieces_later(tx, order_id)
    return advised_of(boxes(tx, warehouse_id), pieces())


def advised_of(boxes: Sequence[Box], pieces: Sequence[Piece]) -> Box | None:
    """The same, of these cartons."""
    if own_box_alone(pieces) or not any(volume([piece]) for piece in pieces):
        return None
    return advise(boxes, pieces)


def boxes(tx: Tx, warehouse_id: int) -> list[Box]:
    """The cartons of a warehouse."""
    return boxes_later(tx, warehouse_id)()


def boxes_later(tx: Tx, warehouse_id: int) -> Callable[[], list[Box]]:
    """The same, see above."""
    found = _boxes.later(tx, of_warehouse=warehouse_id)
    return lambda: sorted((Box(*row) for row in found.rows), key=lambda box: (box.volume, box.code))


def pieces_of(tx: Tx, order_id: int) -> list[Piece]:
    """The pieces of an order that belong into its present parcel."""
    return pieces_later(tx, order_id)()


def pieces_later(tx: Tx, order_id: int) -> Callable[[], list[Piece]]:
    """The same, see above."""
    found = _pieces.later(tx, of_order=order_id)
    return lambda: [Piece(*row) for row in found.rows if row.left]
