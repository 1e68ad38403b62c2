"""What is not in the tote, or is broken, when an order is packed: the order goes on without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select

from wms_app.base.db import Tx
from wms_app.base.moves import move
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.allocation.service import allocate
from wms_app.floor.orders.gate import pass_gate, ships_in_parts
from wms_app.floor.orders.model import MOVES, Order, OrderLine
from wms_app.floor.packing import service
from wms_app.floor.packing.bench import Bench, Goods, read_bench
from wms_app.floor.packing.steps import no_tote
from wms_app.floor.picking import lost
from wms_app.floor.picking.model import Tote
from wms_app.floor.picking.service import free_tote
from wms_app.floor.stock import service as stock
from wms_app.floor.waves.model import PickList
from wms_app.floor.waves.service import release

# On a new list; waiting for stock; the box is closed with what is in it; packed with what is.
Then = Literal["list", "waits", "goes_on", "packed"]


@dataclass(frozen=True)
class Lacking:
    """What came of it. `code`: the list on which the missing pieces are; `tote`: the order's."""

    then: Then
    code: str = ""
    tote: str = ""


def short(tx: Tx, order_id: int, left: Mapping[int, int], damaged: int) -> Lacking:
    """Nothing that is `left` of the order's lines (line -> pieces) can be packed; so many of it
    are `damaged`, the others are missing.

    What is in the open box goes back into the order's tote, and the pieces come on a list of their
    own where others are in stock. The order of a client that ships in parts goes on at once.
    Refused: something else is left by now, more damaged ones, damaged ones of several lines.
    """
    state = pass_gate(tx, order_id)
    bench = read_bench(tx, order_id)
    assert bench is not None
    lines = [line for line in bench.goods if line.left]
    if state != "picked" or not lines or bench.lacks != left:
        raise Refused(
            "stock_changed",
            _("That order was changed by someone else meanwhile."),
            _("Nothing was changed. Scan its tote again."),
        )
    _may_be(damaged, bench.left, len(lines))
    in_parts = ships_in_parts(tx, order_id)
    if not in_parts:
        _empty_box(tx, bench)
    stock.lock_goods(tx, [line.sku_id for line in lines])
    for line in lines:
        _lose(tx, bench, line, damaged if len(lines) == 1 else line.left if damaged else 0)
    if in_parts:
        return _go_on(tx, bench)
    move(tx, Order, "order", order_id, "short", MOVES)
    if not _picked(tx, order_id):
        free_tote(tx, order_id)
    return _anew(tx, order_id)


def _may_be(damaged: int, left: int, lines: int) -> None:
    if not 0 <= damaged <= left:
        words = _("Only {left} are not in the box.").format(left=left)
        raise Refused("too_many", words, _("Type how many of them are damaged, 0 for none."))
    if lines > 1 and damaged not in (0, left):
        raise Refused(
            "several_goods",
            _("Different goods are not in the box."),
            _("Type 0 if all are missing, {left} if all are damaged.").format(left=left),
        )


def _empty_box(tx: Tx, bench: Bench) -> None:
    """What lies in the open box lies in the tote again. Refused: there is none."""
    there = service.open_parcel(tx, bench.order_id)
    if there is None:
        return
    if bench.inside and not bench.tote:
        raise no_tote(bench.number)
    service.void_parcel(tx, there.id)


def _lose(tx: Tx, bench: Bench, line: Goods, damaged: int) -> None:
    left = line.left
    for lot, _pieces in line.lots:
        gone = min(left, line.free_in(lot))
        broken = min(gone, damaged)
        if gone:
            lost.lose(tx, bench.order_id, line.line_id, lot, gone - broken, broken)
        left, damaged = left - gone, damaged - broken


def _go_on(tx: Tx, bench: Bench) -> Lacking:
    """An order in parts: what is in its boxes is all of it."""
    there = service.open_parcel(tx, bench.order_id)
    if there is not None and bench.inside:
        return Lacking("goes_on", tote=bench.tote)
    if there is not None:
        service.void_parcel(tx, there.id)
    if not _picked(tx, bench.order_id):
        move(tx, Order, "order", bench.order_id, "short", MOVES)
        free_tote(tx, bench.order_id)
        return Lacking("waits", tote=bench.tote)
    service.order_packed(tx, bench.order_id)
    return Lacking("packed", tote=bench.tote)


def _anew(tx: Tx, order_id: int) -> Lacking:
    """Promise the pieces from other bins, on a list of their own, where there are any."""
    tote = tx.scalar(select(Tote.code).where(Tote.order_id == order_id).limit(1)) or ""
    if not allocate(tx, [order_id])["allocated"]:
        return Lacking("waits", tote=tote)
    lists = release(tx, [order_id], by="pick-list")
    found = tx.scalar(select(PickList.code).where(PickList.id.in_(lists)))
    return Lacking("list", str(found), tote) if lists else Lacking("waits", tote=tote)


def _picked(tx: Tx, order_id: int) -> int:
    pieces = select(func.sum(OrderLine.picked)).where(OrderLine.order_id == order_id)
    return int(tx.scalar(pieces) or 0)
