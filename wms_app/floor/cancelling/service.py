"""Calling orders off at any stage, and carrying their goods back to the bins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from wms_app.base import journal, lock, outbox
from wms_app.base.db import AnyRow, Tx
from wms_app.base.moves import move
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.floor.allocation import service as allocation
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.cancelling.model import MOVES, Cancellation, PutBack
from wms_app.floor.cancelling.places import in_parcel, in_tote, on_shelf
from wms_app.floor.catalog.model import Bin, Client
from wms_app.floor.handover.service import unload
from wms_app.floor.labelling.service import give_up
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import OPEN, Order, OrderLine
from wms_app.floor.packing.model import IN_HOUSE, Parcel, ParcelItem
from wms_app.floor.packing.service import void_parcel
from wms_app.floor.picking.model import Tote
from wms_app.floor.picking.service import free_tote
from wms_app.floor.staging.model import Lane, StagedParcel
from wms_app.floor.staging.service import unstage
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.service import void_picks

BACK_INTO = ("pick", "reserve")

_line_back = (
    update(OrderLine)
    .where(
        OrderLine.id == bindparam("of"),
        OrderLine.allocated + bindparam("more") <= OrderLine.ordered,
    )
    .values(
        picked=OrderLine.picked + bindparam("more"),
        allocated=OrderLine.allocated + bindparam("more"),
    )
)


def cancel(tx: Tx, order_id: int, reason: str) -> None:
    """Call an order off, however far it has come; one that was called off before stays so.

    Promises are freed, open picks leave their lists, parcels come off truck and lane and are void,
    their labels are to be given back, and every picked piece becomes a put-back task at the place
    where it lies. The channel is told. Refused: the order, or a parcel of it, has left the house.
    """
    found = lock.rows(tx, Order, [order_id], Order.state, Order.number)
    if not found:
        raise Refused("no_order", _("There is no such order."), _("Look it up with Ctrl+K."))
    order = found[0]
    if order.state == "cancelled":
        return
    parcels = _parcels(tx, order_id)
    if order.state not in OPEN or any(parcel.state not in IN_HOUSE for parcel in parcels):
        raise Refused(
            "has_left",
            _("Order {number} has left the house: it can't be cancelled.").format(
                number=order.number
            ),
            _("Start a return for it."),
        )
    lies = _where_it_lies(tx, order_id, parcels)
    for parcel in parcels:
        _take_back(tx, parcel)
    void_picks(tx, [order_id])
    allocation.free(tx, [order_id])
    _ask_put_backs(tx, order_id, lies)
    move(tx, Order, "order", order_id, "cancelled", ORDER_MOVES, detail={"reason": reason[:200]})
    _record(tx, order_id, reason, order.state)


def put_back(tx: Tx, put_back_id: int, bin_id: int, pieces: int) -> None:
    """Pieces of a cancelled order lie in a bin again and may be promised to others.

    Refused: the task is done, more pieces than it has, a bin that takes no goods.
    """
    task = _task(tx, put_back_id)
    if task.state != "open":
        raise Refused(
            "already_back",
            _("Those pieces are back in their bin already."),
            _("Scan the next tote or parcel."),
        )
    if not 1 <= pieces <= task.quantity:
        raise Refused(
            "too_many",
            _("{pieces} are too many; {left} are to go back.").format(
                pieces=pieces, left=task.quantity
            ),
            _("Count what lies there again."),
        )
    _refuse_wrong_bin(tx, bin_id)
    row = stock.row_of(tx, task.warehouse_id, bin_id, task.sku_id, task.lot, task.expires)
    _shift(tx, task, row, pieces)
    if pieces == task.quantity:
        move(tx, PutBack, "putback", put_back_id, "done", MOVES, done_at=tx.now, bin_id=bin_id)
    else:
        left = task.quantity - pieces
        tx.execute(update(PutBack).where(PutBack.id == put_back_id).values(quantity=left))
    detail = {"line": task.line_id, "pieces": pieces, "bin": _code_of(tx, bin_id)}
    journal.record(tx, "put_back", "order", [task.order_id], detail=detail)
    tx.changed("putback")
    if not _loose_left(tx, task.order_id):
        free_tote(tx, task.order_id)


def take_up(tx: Tx, put_back_id: int, bin_id: int, pieces: int) -> int:
    """Undo a put-back: the pieces are out of the bin and wait again; gives the open task's id.

    Refused: they were promised to another order meanwhile, or were taken up before.
    """
    task = _task(tx, put_back_id)
    row = stock.row_of(tx, task.warehouse_id, bin_id, task.sku_id, task.lot, task.expires)
    _shift(tx, task, row, -pieces)
    detail = {"line": task.line_id, "pieces": pieces, "bin": _code_of(tx, bin_id)}
    journal.record(tx, "put_back_undone", "order", [task.order_id], detail=detail)
    tx.changed("putback")
    if task.state == "open":
        more = task.quantity + pieces
        tx.execute(update(PutBack).where(PutBack.id == put_back_id).values(quantity=more))
        return put_back_id
    home = tx.scalar(
        select(Stock.bin_id)
        .join(Allocation, Allocation.stock_id == Stock.id)
        .where(Allocation.id == task.allocation_id)
    )
    return _ask(tx, [_row(tx, task, pieces, task.place) | {"bin_id": home}])[0]


def _parcels(tx: Tx, order_id: int) -> list[AnyRow]:
    """The parcels of an order that are not void, locked, with the lane that each stands in."""
    ids = tx.scalars(select(Parcel.id).where(Parcel.order_id == order_id, Parcel.state != "void"))
    lock.rows(tx, Parcel, ids)
    return list(
        tx.rows(
            select(Parcel.id, Parcel.state, Lane.code.label("lane"))
            .outerjoin(StagedParcel, StagedParcel.parcel_id == Parcel.id)
            .outerjoin(Lane, Lane.id == StagedParcel.lane_id)
            .where(among(Parcel.id, ids))
            .order_by(Parcel.id)
        )
    )


def _where_it_lies(
    tx: Tx, order_id: int, parcels: Iterable[AnyRow]
) -> list[tuple[AnyRow, int, str]]:
    """Every picked piece of an order: (allocation, pieces, place)."""
    picked = tx.rows(
        select(
            Allocation.id.label("allocation_id"),
            Allocation.warehouse_id,
            Allocation.order_id,
            Allocation.line_id,
            Allocation.picked,
            Stock.sku_id,
            Stock.bin_id,
            Stock.lot,
            Stock.expires,
        )
        .join(Stock, Stock.id == Allocation.stock_id)
        .where(Allocation.order_id == order_id, Allocation.picked > 0)
        .order_by(Allocation.id)
    )
    if not picked:
        return []
    packed = _packed(tx, parcels)
    tote = tx.scalar(select(Tote.code).where(Tote.order_id == order_id).order_by(Tote.id))
    loose = in_tote(tote) if tote else on_shelf()
    found: list[tuple[AnyRow, int, str]] = []
    for part in picked:
        left = int(part.picked)
        for box in sorted(packed[part.line_id], key=lambda box: box["lot"] != part.lot):
            taken = min(left, box["pieces"])
            box["pieces"] -= taken
            left -= taken
            if taken:
                found.append((part, taken, box["place"]))
        if left:
            found.append((part, left, loose))
    return found


def _packed(tx: Tx, parcels: Iterable[AnyRow]) -> dict[int, list[dict[str, Any]]]:
    """What lies in the parcels by line: lot, pieces, place."""
    places = {parcel.id: in_parcel(parcel.id, parcel.lane or "") for parcel in parcels}
    items = tx.rows(
        select(ParcelItem.parcel_id, ParcelItem.line_id, ParcelItem.lot, ParcelItem.quantity)
        .where(among(ParcelItem.parcel_id, list(places)), ParcelItem.quantity > 0)
        .order_by(ParcelItem.id)
    )
    packed: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for item in items:
        packed[item.line_id].append(
            {"lot": item.lot, "pieces": item.quantity, "place": places[item.parcel_id]}
        )
    return packed


def _take_back(tx: Tx, parcel: AnyRow) -> None:
    """Off the truck, out of the lane, without a label, void: nothing of it can leave any more."""
    if parcel.state == "loaded":
        unload(tx, parcel.id)
    if parcel.state in ("loaded", "staged"):
        unstage(tx, parcel.id)
    give_up(tx, parcel.id)
    void_parcel(tx, parcel.id)


def _ask_put_backs(tx: Tx, order_id: int, lies: list[tuple[AnyRow, int, str]]) -> None:
    if lies:
        _ask(tx, [_row(tx, part, pieces, place) for part, pieces, place in lies])
    if not _loose_left(tx, order_id):
        free_tote(tx, order_id)


def _row(tx: Tx, part: AnyRow, pieces: int, place: str) -> dict[str, Any]:
    return {
        "warehouse_id": part.warehouse_id,
        "order_id": part.order_id,
        "allocation_id": part.allocation_id,
        "line_id": part.line_id,
        "sku_id": part.sku_id,
        "bin_id": part.bin_id,
        "lot": part.lot,
        "expires": part.expires,
        "quantity": pieces,
        "place": place,
        "state": "open",
        "made_at": tx.now,
    }


def _ask(tx: Tx, rows: list[dict[str, Any]]) -> list[int]:
    ids = tx.take_ids(PutBack, len(rows))
    tx.execute(insert(PutBack), [{"id": n, **row} for n, row in zip(ids, rows, strict=True)])
    journal.record(tx, "put_back_asked", "putback", ids, after="open")
    tx.changed("putback")
    return ids


def _record(tx: Tx, order_id: int, reason: str, at_state: str) -> None:
    """The cancellation itself, and the channel's message `cancelled:<order id>`."""
    order = tx.first(
        select(Order.warehouse_id, Order.channel, Order.number, Client.code)
        .join(Client, Client.id == Order.client_id)
        .where(Order.id == order_id)
    )
    assert order is not None
    values = {
        "warehouse_id": order.warehouse_id,
        "order_id": order_id,
        "at": tx.now,
        "reason": reason[:200],
        "at_state": at_state,
    }
    tx.execute(insert(Cancellation), [values])
    payload = {
        "client": order.code,
        "order": order.number,
        "cancelled_at": tx.now.isoformat(),
        "reason": reason[:200],
    }
    message = {"key": f"cancelled:{order_id}", "kind": "cancelled", "channel": order.channel}
    outbox.queue(tx, [message | {"payload": payload}])


def _task(tx: Tx, put_back_id: int) -> AnyRow:
    """A put-back task, its order locked first, as every room does it."""
    order_id = tx.scalar(select(PutBack.order_id).where(PutBack.id == put_back_id))
    if order_id is None:
        raise Refused("no_put_back", _("There is nothing to put back."), _("Scan a tote."))
    lock.rows(tx, Order, [order_id])
    return lock.rows(tx, PutBack, [put_back_id], *PutBack.__table__.columns)[0]


def _shift(tx: Tx, task: AnyRow, stock_id: int, pieces: int) -> None:
    """Bring pieces from the order's hands into a bin (negative: out of it again)."""
    stock.apply(tx, [stock.Change(stock_id, pieces, 0, "putback", task.line_id)])
    picked = tx.scalar(select(Allocation.picked).where(Allocation.id == task.allocation_id))
    left = picked - pieces
    tx.execute(
        update(Allocation)
        .where(Allocation.id == task.allocation_id)
        .values(quantity=left, picked=left, state="done" if left else "freed")
    )
    if not tx.execute(_line_back, {"of": task.line_id, "more": -pieces}).rowcount:
        raise Refused(
            "not_undoable",
            _("Those pieces were taken up before."),
            _("Nothing was changed. Scan the place where they lie."),
        )


def _refuse_wrong_bin(tx: Tx, bin_id: int) -> None:
    found = tx.first(select(Bin.code, Bin.kind, Bin.warehouse_id).where(Bin.id == bin_id))
    if found is None or found.warehouse_id != tx.who.warehouse_id:
        raise Refused("no_bin", _("There is no such bin."), _("Scan a bin's code."))
    if found.kind not in BACK_INTO:
        raise Refused(
            "wrong_bin",
            _("{bin} is no bin for goods that can be sold.").format(bin=found.code),
            _("Scan a pick or reserve bin."),
        )


def _code_of(tx: Tx, bin_id: int) -> str:
    return str(tx.scalar(select(Bin.code).where(Bin.id == bin_id)))


def _loose_left(tx: Tx, order_id: int) -> bool:
    """Whether pieces of a cancelled order still lie in its totes."""
    statement = select(func.count()).where(
        PutBack.order_id == order_id,
        PutBack.state == "open",
        PutBack.place.startswith("TOTE."),
    )
    return bool(tx.scalar(statement))
