"""What a clerk mends on an order, and letting it go on.

The journal names the fields that were changed, never what a buyer's data is.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_, delete, select, update

from wms_app.base import codes, journal, lock
from wms_app.base.db import AnyRow, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.lookup import skus_for
from wms_app.floor.catalog.model import Sku
from wms_app.floor.orders import checks, holds
from wms_app.floor.orders.model import OPEN, Hold, Order, OrderLine
from wms_app.floor.orders.words import field_words

ADDRESS = ("name", "phone", "line1", "line2", "city", "region", "postal_code", "country")
_UNKNOWN = and_(OrderLine.sku_id.is_(None), OrderLine.not_goods.is_(False))


def mend_address(tx: Tx, order_id: int, fields: Mapping[str, str]) -> list[str]:
    """Change the address; holds for address and country are lifted when it can be found now.

    Gives what is still wrong, in words. Refused: an order that has left, a country nobody knows.
    """
    _open(tx, order_id)
    values = {name: fields[name].strip() for name in ADDRESS if name in fields}
    _fits(values)
    if "country" in values:
        code = checks.country_code(values["country"])
        if not code:
            raise Refused(
                "unknown_country",
                _("“{country}” is no country.").format(country=values["country"]),
                _("Type its name in English or its code of two letters."),
            )
        values["country"] = code
    columns = [getattr(Order, name) for name in values]
    before = tx.first(select(Order.id, *columns).where(Order.id == order_id))
    changed = sorted(name for name, value in values.items() if getattr(before, name) != value)
    if changed:
        tx.execute(update(Order).where(Order.id == order_id).values(values))
        journal.record(tx, "mended", "order", [order_id], detail={"fields": changed})
        tx.changed("order")
    left = address_problems(tx, order_id)
    if not left:
        _lift(tx, order_id, ("address", "country"))
    return left


def _fits(values: Mapping[str, str]) -> None:
    """Refused: words that a label, and the column, can't hold. The country is looked up by name."""
    for name, value in values.items():
        most = getattr(Order, name).type.length
        if name != "country" and len(value) > most:
            raise Refused(
                "too_long",
                _("“{start}…” is too long.").format(start=value[:20]),
                _("{most} characters at most.").format(most=most),
            )


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
    found = checks.problems(address)
    return [f"{field_words(problem.field)}: {problem.expected}" for problem in found]


def mark_paid(tx: Tx, order_id: int) -> None:
    """The payment has come in."""
    _open(tx, order_id)
    tx.execute(update(Order).where(Order.id == order_id).values(paid=True))
    journal.record(tx, "paid", "order", [order_id])
    _lift(tx, order_id, ("payment",))
    tx.changed("order")


def choose_sku(tx: Tx, line_id: int, code: str) -> None:
    """Say by code or barcode which SKU an unknown one is; a line that has it takes the pieces over.

    Refused: the line has its SKU or is no goods, the client has no such SKU.
    """
    order_id = tx.scalar(select(OrderLine.order_id).where(OrderLine.id == line_id))
    if order_id is not None:
        _open(tx, order_id)
    line = tx.first(
        select(OrderLine.ordered, Order.client_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.id == line_id, _UNKNOWN)
    )
    if line is None:
        raise Refused("sku_known", _("That line has its SKU already."))
    sku_id = _sku(tx, line.client_id, code)
    twin = tx.scalar(
        select(OrderLine.id).where(OrderLine.order_id == order_id, OrderLine.sku_id == sku_id)
    )
    if twin is None:
        tx.execute(update(OrderLine).where(OrderLine.id == line_id).values(sku_id=sku_id))
    else:
        more = OrderLine.ordered + line.ordered
        tx.execute(update(OrderLine).where(OrderLine.id == twin).values(ordered=more))
        tx.execute(delete(OrderLine).where(OrderLine.id == line_id))
    journal.record(tx, "sku_chosen", "order", [order_id], detail={"sku": code})
    tx.changed("order")
    if _unknown_sku(tx, order_id) is None:
        _lift(tx, order_id, ("unknown_sku",))


def let_go(tx: Tx, order_id: int) -> int:
    """Lift every hold; gives how many.

    Refused: people of the floor, an unknown SKU (can't be picked), no country (can't be labelled).
    """
    if tx.who.role not in ("clerk", "supervisor", "admin"):
        raise Refused(
            "not_yours",
            _("Only a clerk or a supervisor lets an order go."),
            _("Set it aside and tell them."),
        )
    _open(tx, order_id)
    unknown = _unknown_sku(tx, order_id)
    if unknown is not None:
        raise Refused(
            "unknown_sku",
            _("Nobody knows SKU {code}.").format(code=unknown),
            _("Choose the right SKU first, or cancel the order."),
        )
    homeless = select(Order.id).where(
        Order.id == order_id, Order.needs_address, Order.country == ""
    )
    if tx.scalar(homeless) is not None:
        raise Refused(
            "no_country",
            _("Nobody knows which country that order goes to."),
            _("Type the country into the address first, or cancel the order."),
        )
    return _lift(tx, order_id, ())


def _unknown_sku(tx: Tx, order_id: int) -> str | None:
    """The code of a line whose SKU nobody knows."""
    found = tx.scalar(
        select(OrderLine.sku_code)
        .where(OrderLine.order_id == order_id, _UNKNOWN)
        .order_by(OrderLine.id)
        .limit(1)
    )
    return None if found is None else str(found)


def _sku(tx: Tx, client_id: int, code: str) -> int:
    """The client's SKU of that code, or barcode. Refused: there is none."""
    found = tx.scalar(select(Sku.id).where(Sku.client_id == client_id, Sku.code == code))
    scanned = codes.read(code) if found is None else None
    if isinstance(scanned, codes.Item):
        mine = {m.sku_id for m in skus_for(tx, scanned) if m.client_id == client_id}
        found = mine.pop() if len(mine) == 1 else None
    if found is None:
        raise Refused(
            "unknown_sku",
            _("The client has no SKU {code}.").format(code=code),
            _("Take it in with the client's SKU file first."),
        )
    return int(found)


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


def bring_own_label(tx: Tx, order_id: int) -> bool:
    """The seller sends the label of this order, or no longer does; gives whether it does now.

    Refused: an order that is packed already has its label.
    """
    order = lock.rows(tx, Order, [order_id], Order.state, Order.own_label)[0]
    if order.state not in ("received", "short", "allocated", "released", "picked"):
        raise Refused(
            "labelled",
            _("That order is packed: it has its label."),
            _("Cancel it, or let it go as it is."),
        )
    now = not order.own_label
    tx.execute(update(Order).where(Order.id == order_id).values(own_label=now))
    journal.record(tx, "own_label_changed", "order", [order_id], after="yes" if now else "no")
    tx.changed("order")
    return now
