"""To which order a seller's label belongs: by what is printed on it, never by a guess.

The tracking number that was told with the order comes first. Else the order's number, as a code,
as a word of the label's text, or as the name of a file that holds this one label. What says two
orders, or none, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from wms_app.base.db import AnyRow, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Client
from wms_app.floor.labelling.own_label_numbers import (
    Printed,
    carrier_of_number,
    forms,
    says,
    tracking_of,
)
from wms_app.floor.orders.model import OPEN, Order

_TRIM = "#№:;,.()[]<>*\"'"
MOST_WORDS = 400


@dataclass(frozen=True)
class Seen:
    """What can be read of one label. `stem`: its file's name, when the file holds nothing else."""

    codes: tuple[Printed, ...]
    words: str
    stem: str

    def numbers(self) -> list[str]:
        """Everything that may be an order's number."""
        found = dict.fromkeys(code.text for code in self.codes)
        for word in re.split(r"\s+", self.words)[:MOST_WORDS]:
            found[word] = None
            found[word.strip(_TRIM)] = None
        if self.stem:
            found[self.stem] = None
            found[f"#{self.stem}"] = None  # a file's name can't hold every sign
        return [number for number in found if 0 < len(number) <= 80]


@dataclass(frozen=True)
class Match:
    """The order of a label, with the carrier and the number that its parcel travels under."""

    order_id: int
    order_number: str
    carrier: str
    tracking: str


def match(tx: Tx, warehouse_id: int, seen: Seen, carrier: str = "", client: str = "") -> Match:
    """The order of a label in this warehouse.

    `carrier`: whose label it is where nothing else says so; `client`: only orders of this one.

    Refused: nothing to be read, no order or two of them, an order that brings no label of its own
    or is not in the house, a tracking number or a carrier that is not certain.
    """
    by_tracking = _by_tracking(tx, warehouse_id, seen, client)
    by_number = _by_number(tx, warehouse_id, seen, client)
    orders = {row.id: row for row in (*by_tracking, *by_number)}
    if not orders:
        raise _nobodys(seen)
    if len(orders) > 1:
        raise Refused(
            "two_orders",
            _("That label is of several orders: {numbers}.").format(
                numbers=", ".join(sorted(row.number for row in orders.values()))
            ),
            _("Ask the seller for a label of each order alone."),
        )
    (order,) = orders.values()
    _check(order)
    return _matched(order, seen, carrier)


def _matched(order: AnyRow, seen: Seen, carrier: str) -> Match:
    tracking = str(order.own_tracking)
    if tracking and not any(says(code, tracking) for code in seen.codes):
        raise Refused(
            "other_tracking",
            _("The label of order {number} says {seen}, expected was {tracking}.").format(
                number=order.number,
                seen=", ".join(code.text for code in seen.codes) or "-",
                tracking=tracking,
            ),
            _("It may be of another order. Ask the seller."),
        )
    tracking = tracking or tracking_of(seen.codes, order.number)
    if not tracking:
        raise Refused(
            "no_tracking",
            _("Which number on the label of order {number} is the tracking number?").format(
                number=order.number
            ),
            _("Its codes: {codes}. Give the number with the order (column tracking).").format(
                codes=", ".join(code.text for code in seen.codes) or "-"
            ),
        )
    whose = str(order.own_carrier) or carrier_of_number(tracking) or carrier.strip().lower()
    if not whose:
        raise Refused(
            "no_carrier",
            _("Whose label is {tracking} of order {number}?").format(
                tracking=tracking, number=order.number
            ),
            _("Give the carrier with the order (column carrier), or with the labels (--carrier)."),
        )
    return Match(int(order.id), str(order.number), whose[:40], tracking)


_columns = (
    Order.id,
    Order.number,
    Order.state,
    Order.own_label,
    Order.own_carrier,
    Order.own_tracking,
)


def _by_tracking(tx: Tx, warehouse_id: int, seen: Seen, client: str) -> Sequence[AnyRow]:
    """Orders whose number of the label was told before, and is on this one."""
    numbers = forms(seen.codes)
    if not numbers:
        return []
    statement = select(*_columns).where(
        Order.warehouse_id == warehouse_id,
        Order.own_tracking != "",
        Order.own_tracking.in_(numbers),
    )
    found = tx.rows(_of(statement, client))
    return [row for row in found if any(says(code, row.own_tracking) for code in seen.codes)]


def _by_number(tx: Tx, warehouse_id: int, seen: Seen, client: str) -> Sequence[AnyRow]:
    """Orders whose own number stands on the label; several clients may use the same one."""
    numbers = seen.numbers()
    if not numbers:
        return []
    statement = select(*_columns).where(
        Order.warehouse_id == warehouse_id, Order.number.in_(numbers)
    )
    found = tx.rows(_of(statement, client))
    bringing = [row for row in found if row.own_label]
    return bringing or found


def _of(statement: Any, client: str) -> Any:  # a select, narrowed
    if not client:
        return statement
    return statement.join(Client, Client.id == Order.client_id).where(Client.code == client)


def _check(order: AnyRow) -> None:
    if not order.own_label:
        raise Refused(
            "brings_none",
            _("Order {number} does not bring its own label.").format(number=order.number),
            _("If it shall, open it in Orders and say so there (F7)."),
        )
    if order.state == "cancelled":
        raise Refused(
            "cancelled",
            _("Order {number} was cancelled.").format(number=order.number),
            _("Its label is not needed."),
        )
    if order.state not in OPEN:
        raise Refused(
            "not_open",
            _("Order {number} is not in the house any more.").format(number=order.number),
            _("It may be the label of another order. Ask the seller."),
        )


def _nobodys(seen: Seen) -> Refused:
    codes = [code.text for code in sorted(seen.codes, key=lambda code: not code.linear)]
    if not codes:
        return Refused(
            "no_code",
            _("No code can be read on that label."),
            _("Ask the seller for the file as the platform made it, not a photograph of it."),
        )
    return Refused(
        "no_order",
        _("No order here has a label with {codes}.").format(codes=", ".join(codes[:4])),
        _("Take the order in first, or give its tracking number with it."),
    )
