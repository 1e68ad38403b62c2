"""Holding orders and letting them go."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from wms_app.base import journal, lock
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.orders.model import HOLD_REASONS, OPEN, Hold, Order


def hold(tx: Tx, order_id: int, reason: str, detail: dict[str, Any] | None = None) -> int:
    """Stop the next move of an order for `reason` (one of HOLD_REASONS); gives the hold's id.

    Refused: an order that has left or was cancelled.
    """
    if reason not in HOLD_REASONS:
        raise ValueError(f"no such hold reason: {reason}")
    found = lock.rows(tx, Order, [order_id], Order.state, Order.number)
    if not found or found[0].state not in OPEN:
        raise Refused(
            "not_open",
            _("That order is not in the house any more."),
            _("Only orders that have not left can be held."),
        )
    values = {
        "warehouse_id": tx.who.warehouse_id,
        "order_id": order_id,
        "reason": reason,
        "detail": detail or {},
        "placed_at": tx.now,
        "placed_by": tx.who.name,
    }
    number = int(tx.execute(insert(Hold).values(values).returning(Hold.id)).scalar_one())
    tx.execute(update(Order).where(Order.id == order_id).values(holds=Order.holds + 1))
    journal.record(tx, "held", "order", [order_id], detail={"reason": reason})
    tx.changed("order")
    return number


def lift(tx: Tx, hold_id: int) -> None:
    """Take one hold away; the order moves on when it was the last. Refused: already lifted."""
    order_id = tx.scalar(select(Hold.order_id).where(Hold.id == hold_id))
    if order_id is not None:
        lock.rows(tx, Order, [order_id])
    lifted = tx.first(
        update(Hold)
        .where(Hold.id == hold_id, Hold.lifted_at.is_(None))
        .values(lifted_at=tx.now, lifted_by=tx.who.name)
        .returning(Hold.order_id, Hold.reason)
    )
    if lifted is None:
        raise Refused("not_held", _("That hold was lifted already."))
    tx.execute(update(Order).where(Order.id == lifted.order_id).values(holds=Order.holds - 1))
    journal.record(tx, "hold_lifted", "order", [lifted.order_id], detail={"reason": lifted.reason})
    tx.changed("order")
