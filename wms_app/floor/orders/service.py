"""What a clerk mends on an order, and letting it go on.

The journal names the fields that were changed, never what a buyer's data is.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update

from wms_app.base import journal, lock
from wms_app.base.db import AnyRow, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Sku
from wms_app.floor.orders import checks, holds
from wms_app.floor.orders.model import OPEN, Hold, Order, OrderLine

ADDRESS = ("name", "phone", "line1", "line2", "city", "region", "postal_code", "country")


def mend_address(tx: Tx, order_id: int, fields: Mapping[str, str]) -> list[str]:
    """Change the address; holds for address and country are lifted when it can be found now.

    Gives what is still wrong, in words. Refused: an order that has left, a country nobody knows.
    """
    _open(tx, order_id)
    values = {name: fields[name].strip() for name in ADDRESS if name in fields}
    if "country" in values:
        code = checks.country_code(values["country"])
        if not code:
            raise Refused(
                "unknown_country",
                _("“{country}” is no country.").format(country=values["country"]),
                _("Type its name in English or its code of two letters."),
            )
        values["country"] = code
    tx.execute(update(Order).where(Order.id == order_id).values(values))
    journal.record(tx, "mended", "order", [order_id], detail={"fields": sorted(values)})
    tx.changed("order")
    left = address_problems(tx, order_id)
    if not left:
        _lift(tx, order_id, ("address", "country"))
    return left


def address_problems(tx: Tx, order_id: int) -> list[str]:
    """What is wrong with the address of an order that needs one."""
    columns = [getattr(Order, name) for name in (*ADDRESS, "needs_address")]
    row = tx.first(select(*columns).where(Order.id == order_id))
    assert row is not None
    if not row.needs_address:
        return []
    address = checks.Address(
        row.name, row.line1, row.line2, row.city, row.region, row.postal_code, row.country
    )
    return [f"{problem.field}: {problem.expected}" for problem in checks.problems(address)]


def mark_paid(tx: Tx, order_id: int) -> None:
    """The payment has come in."""
    _open(tx, order_id)
    tx.execute(update(Order).where(Order.id == order_id).values(paid=True))
    journal.record(tx, "paid", "order", [order_id])
    _lift(tx, order_id, ("payment",))
    tx.changed("order")


def choose_sku(tx: Tx, line_id: int, code: str) -> None:
    """Say which SKU an unknown one is. Refused: the client has no such SKU."""
    line = tx.first(
        select(OrderLine.order_id, OrderLine.sku_id, Order.client_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.id == line_id)
    )
    if line is None or line.sku_id is not None:
        raise Refused("sku_known", _("That line has its SKU already."))
    _open(tx, line.order_id)
    sku_id = tx.scalar(select(Sku.id).where(Sku.client_id == line.client_id, Sku.code == code))
    if sku_id is None:
        raise Refused(
            "unknown_sku",
            _("The client has no SKU {code}.").format(code=code),
            _("Take it in with the client's SKU file first."),
        )
    tx.execute(update(OrderLine).where(OrderLine.id == line_id).values(sku_id=sku_id))
    journal.record(tx, "sku_chosen", "order", [line.order_id], detail={"sku": code})
    unknown = tx.scalar(
        select(OrderLine.id).where(
            OrderLine.order_id == line.order_id,
            OrderLine.sku_id.is_(None),
            OrderLine.not_goods.is_(False),
        )
    )
    if unknown is None:
        _lift(tx, line.order_id, ("unknown_sku",))


def let_go(tx: Tx, order_id: int) -> int:
    """Lift every hold; gives how many. Refused: an unknown SKU can't be shipped."""
    _open(tx, order_id)
    unknown = tx.scalar(
        select(OrderLine.sku_code).where(
            OrderLine.order_id == order_id,
            OrderLine.sku_id.is_(None),
            OrderLine.not_goods.is_(False),
        )
    )
    if unknown is not None:
        raise Refused(
            "unknown_sku",
            _("Nobody knows SKU {code}.").format(code=unknown),
            _("Choose the right SKU first, or cancel the order."),
        )
    return _lift(tx, order_id, ())


def _lift(tx: Tx, order_id: int, reasons: tuple[str, ...]) -> int:
    """Lift the open holds with these reasons; all of them when none are named."""
    found = tx.rows(
        select(Hold.id, Hold.reason).where(Hold.order_id == order_id, Hold.lifted_at.is_(None))
    )
    chosen = [row.id for row in found if not reasons or row.reason in reasons]
    for number in chosen:
        holds.lift(tx, int(number))
    return len(chosen)


def _open(tx: Tx, order_id: int) -> AnyRow:
    found = lock.rows(tx, Order, [order_id], Order.state, Order.number)
    if not found or found[0].state not in OPEN:
        raise Refused(
            "not_open",
            _("That order has left or was cancelled."),
            _("It can't be changed any more."),
        )
    return found[0]
