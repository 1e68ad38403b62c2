"""What the single steps at the bench write, each in one transaction, and words for the scale."""

from __future__ import annotations

from sqlalchemy import select

from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.orders import holds
from wms_app.floor.orders.model import Order
from wms_app.floor.packing import service
from wms_app.floor.packing.bench import Goods
from wms_app.floor.packing.model import Parcel
from wms_app.floor.picking import service as picking
from wms_app.floor.picking.model import Tote
from wms_app.outside.devices.scale import Reading


def not_yet(reading: Reading) -> Refused:
    """Why a reading of the scale is no weight of the parcel at hand."""
    if reading.trouble:
        return Refused("scale_trouble", reading.trouble_words)
    if not reading.fresh:
        return Refused(
            "old_weight",
            _("The scale still shows the parcel before."),
            _("Take everything off, then put this parcel on."),
        )
    if not reading.stable:
        return Refused("moving", _("The scale is moving."), _("Wait until it stands still."))
    return Refused("empty_scale", _("There is nothing on the scale."), _("Put the parcel on it."))


def out_of(line: Goods, pieces: int) -> list[tuple[str, int]]:
    """The last lots of a line in the box, so many pieces of them."""
    chosen = []
    for lot, there in reversed(line.here_lots.items()):
        take = min(pieces, there)
        if take:
            chosen.append((lot, take))
            pieces -= take
    return chosen


def start(tx: Tx, order_id: int, instead_of: int = 0) -> None:
    """Open the order's parcel, in place of another in which nothing lies."""
    if instead_of:
        close_empty(tx, instead_of)
    service.start(tx, order_id)


def take(tx: Tx, parcel_id: int, line_id: int, lots: list[tuple[str, int]]) -> None:
    """Pieces of one line out of the parcel."""
    for lot, pieces in lots:
        service.take_out(tx, parcel_id, line_id, pieces, lot)


def reopen(tx: Tx, parcel_id: int) -> None:
    """Open a closed parcel again."""
    service.reopen(tx, parcel_id)


def carton(tx: Tx, parcel_id: int, carton_id: int | None) -> None:
    """Take this carton, or none."""
    service.choose_carton(tx, parcel_id, carton_id)


def seal(tx: Tx, parcel_id: int, grams: int, weight_by: str, reason: str) -> None:
    """Close the box with its weight."""
    service.seal(tx, parcel_id, grams, weight_by, reason)


def close_empty(tx: Tx, parcel_id: int) -> None:
    """Call an empty parcel off. Refused: pieces of its order lie beside it, and in no tote."""
    service.close_empty(tx, parcel_id)
    order = tx.first(
        select(Order.id, Order.number)
        .join(Parcel, Parcel.order_id == Order.id)
        .where(Parcel.id == parcel_id, Parcel.state == "void")
    )
    if order is None or not service.loose(tx, order.id):
        return
    if tx.scalar(select(Tote.id).where(Tote.order_id == order.id).limit(1)) is None:
        raise no_tote(order.number)


def no_tote(number: str) -> Refused:
    """Goods lie beside the box, or come out of it, and have nowhere to lie."""
    return Refused(
        "goods_without_tote",
        _("The goods of order {number} lie in no tote.").format(number=number),
        _("Put them into an empty tote and scan it, or go on packing them."),
    )


def into_tote(tx: Tx, order_id: int, code: str) -> None:
    """The order's goods beside the box lie in this tote from now on."""
    picking.bind_tote(tx, code, order_id)


def hold(tx: Tx, order_id: int, reason: str, words: str) -> None:
    """Hold the order, with words where the reason has none."""
    holds.hold(tx, order_id, reason, {"words": words} if words else None)


def grams_typed(value: str) -> int:
    """A weight that was typed, in whole grams. Refused: anything else."""
    text = value.strip()
    if not (text.isascii() and text.isdigit()):
        raise Refused(
            "bad_weight",
            _("“{value}” is no weight.").format(value=value),
            _("Type whole grams, for example 1245."),
        )
    return int(text)
