"""Blind counts of bins in doubt, and what a supervisor's approval changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from wms_app.base import journal, lock
from wms_app.base.db import AnyRow, Tx
from wms_app.base.moves import move
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.allocation import service as allocation
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Client
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.picking.service import lose
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import COUNT_MOVES, CountTask, Stock
from wms_app.floor.waves.model import Pick


def count(tx: Tx, task_id: int, pieces: int) -> bool:
    """Note what was found in a bin; gives whether it agrees with the stock row.

    A count that agrees is done with it; one that differs waits for a supervisor.
    Refused: it was counted already, or approved.
    """
    task = _task(tx, task_id)
    if task.state != "open":
        raise Refused(
            "counted_already",
            _("That was counted already, by {name}.").format(name=task.counted_by),
            _("Scan the next bin."),
        )
    if pieces < 0:
        raise Refused("no_number", _("How many are there?"), _("Type a number, 0 for none."))
    said: dict[str, Any] = {"counted": pieces, "expected": task.on_hand}
    move(
        tx,
        CountTask,
        "count",
        task_id,
        "counted",
        COUNT_MOVES,
        detail=said,
        **(said | {"counted_by": tx.who.name, "counted_at": tx.now}),
    )
    if pieces != task.on_hand:
        return False
    stock.approve_count(tx, task_id)
    return True


def recount(tx: Tx, task_id: int) -> None:
    """Throw a count away: the bin is to be counted again. Refused: approved, or never counted.

    The person who counted may do so themselves; others only as a supervisor.
    """
    task = _task(tx, task_id)
    if task.counted_by != tx.who.name:
        _only_supervisors(tx)
    if task.state != "counted":
        raise _not_counted(task.state)
    cleared: dict[str, Any] = {
        "counted": None,
        "expected": None,
        "counted_by": "",
        "counted_at": None,
    }
    move(tx, CountTask, "count", task_id, "open", COUNT_MOVES, **cleared)


def approve(tx: Tx, task_id: int) -> list[str]:
    """Make a count that differs the truth; gives the numbers of the orders that wait short by it.

    Promises beyond what is there are freed, the least urgent orders first; each is promised from
    other bins at once where there is stock. Refused: not by a supervisor, not counted, or more
    pieces were taken since the count than it found.
    """
    _only_supervisors(tx)
    stock_id = tx.scalar(select(CountTask.stock_id).where(CountTask.id == task_id))
    lock.rows(tx, Order, sorted({row.order_id for row in _promises(tx, stock_id or 0)}))
    task = _task(tx, task_id)
    if task.state != "counted":
        raise _not_counted(task.state)
    now = task.on_hand + task.counted - task.expected
    if now < 0:
        raise Refused(
            "taken_since",
            _("More pieces were taken since that count than it found."),
            _("Let the bin be counted again."),
        )
    short = _free_beyond(tx, task.stock_id, now)
    stock.approve_count(tx, task_id)
    detail = {"was": task.on_hand, "now": now, "counted": task.counted}
    journal.record(tx, "corrected", "stock", [task.stock_id], detail=detail)
    return short


def _free_beyond(tx: Tx, stock_id: int, now: int) -> list[str]:
    """Free promises of a stock row until `now` pieces are enough for the rest."""
    short: list[str] = []
    while True:
        promised = tx.scalar(select(Stock.allocated).where(Stock.id == stock_id))
        if promised <= now:
            return short
        last = _promises(tx, stock_id)[0]
        if _lose(tx, last, min(promised - now, last.quantity - last.picked)):
            short.append(last.number)


def _lose(tx: Tx, promise: AnyRow, missing: int) -> bool:
    """Take `missing` pieces from one promise; gives whether its order waits short by it."""
    if promise.pick_id is not None:
        return lose(tx, promise.pick_id, missing).order_short
    stays = promise.quantity - promise.picked - missing
    facts = (promise.id, promise.stock_id, promise.line_id, promise.quantity, promise.picked, stays)
    allocation.give_back(tx, [facts])
    journal.record(tx, "lost_by_count", "order", [promise.order_id], detail={"missing": missing})
    if allocation.allocate_elsewhere(tx, promise.id, missing):
        return False
    left = select(func.sum(OrderLine.allocated)).where(OrderLine.order_id == promise.order_id)
    if promise.ships_in_parts and tx.scalar(left):
        return False
    allocation.free(tx, [promise.order_id])
    move(tx, Order, "order", promise.order_id, "short", ORDER_MOVES)
    return True


def _promises(tx: Tx, stock_id: int) -> Sequence[AnyRow]:
    """The open promises of a stock row, those of the least urgent orders first."""
    return tx.rows(
        select(
            Allocation.id,
            Allocation.order_id,
            Allocation.line_id,
            Allocation.stock_id,
            Allocation.quantity,
            Allocation.picked,
            Order.number,
            Client.ships_in_parts,
            Pick.id.label("pick_id"),
        )
        .join(Order, Order.id == Allocation.order_id)
        .join(Client, Client.id == Order.client_id)
        .outerjoin(Pick, (Pick.allocation_id == Allocation.id) & (Pick.state == "open"))
        .where(Allocation.stock_id == stock_id, Allocation.state == "open")
        .order_by(Order.priority, Order.ship_by.is_not(None), Order.ship_by.desc(), Order.id.desc())
    )


def _task(tx: Tx, task_id: int) -> AnyRow:
    """A count task with its stock row, which is locked."""
    stock_id = tx.scalar(select(CountTask.stock_id).where(CountTask.id == task_id))
    if stock_id is None:
        raise Refused("no_count", _("There is no such count."), _("Scan a bin of the list."))
    lock.rows(tx, Stock, [stock_id])
    found = tx.first(
        select(
            CountTask.stock_id,
            CountTask.state,
            CountTask.counted,
            CountTask.expected,
            CountTask.counted_by,
            Stock.on_hand,
            Stock.allocated,
        )
        .join(Stock, Stock.id == CountTask.stock_id)
        .where(CountTask.id == task_id)
    )
    assert found is not None
    return found


def _only_supervisors(tx: Tx) -> None:
    if not tx.who.supervises:
        raise Refused(
            "not_yours",
            _("Only a supervisor decides about a difference."),
            _("Go on with the next bin."),
        )


def _not_counted(state: str) -> Refused:
    if state == "approved":
        return Refused("approved", _("That count is approved already."), _("Choose another."))
    return Refused("not_counted", _("That bin was not counted yet."), _("Count it, then approve."))
