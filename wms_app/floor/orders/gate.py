"""The gate that every later room asks before an order's goods make their next move."""

from __future__ import annotations

from sqlalchemy import select

from wms_app.base import lock
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Client
from wms_app.floor.orders.model import Hold, Order


def pass_gate(tx: Tx, order_id: int) -> str:
    """Lock the order and give its state; refused when it was cancelled or is held.

    Every room calls this first in the transaction that moves an order's goods, so that a
    cancellation either came before (and is seen) or waits until the move is done.
    """
    found = lock.rows(tx, Order, [order_id], Order.state, Order.holds, Order.number)
    if not found:
        raise Refused("no_order", _("There is no such order."), _("Scan its code again."))
    order = found[0]
    if order.state == "cancelled":
        raise Refused(
            "cancelled",
            _("Order {number} was cancelled.").format(number=order.number),
            _("Stop here. Put the goods on the put-back shelf."),
        )
    if order.holds:
        reasons = tx.scalars(
            select(Hold.reason).where(Hold.order_id == order_id, Hold.lifted_at.is_(None))
        )
        raise Refused(
            "held",
            _("Order {number} is on hold: {reasons}.").format(
                number=order.number, reasons=", ".join(hold_words(r) for r in sorted(reasons))
            ),
            _("Set it aside. A clerk can let it go in Orders."),
        )
    return str(order.state)


def ships_in_parts(tx: Tx, order_id: int) -> bool:
    """Whether the order's client lets it ship in parts."""
    statement = select(Client.ships_in_parts).join(Order, Order.client_id == Client.id)
    return bool(tx.scalar(statement.where(Order.id == order_id)))


def hold_words(reason: str) -> str:
    """A hold's reason in the person's language."""
    words = {
        "address": _("address"),
        "payment": _("payment"),
        "fraud": _("fraud check"),
        "duplicate": _("duplicate"),
        "repeated_rows": _("repeated rows"),
        "unknown_sku": _("unknown SKU"),
        "country": _("country"),
        "quantity": _("quantity"),
        "price": _("price"),
        "changed": _("changed by the channel"),
        "client": _("asked by the client"),
        "customs": _("customs"),
        "other": _("other"),
    }
    return words.get(reason, reason)
