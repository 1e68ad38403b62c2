"""What a scan or a typed text may mean: every thing of the house that answers to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select

from wms_app.base.codes import Item, Own, Scan, Sscc
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.floor.catalog.lookup import skus_for
from wms_app.floor.catalog.model import Bin, Client, Sku
from wms_app.floor.handover.model import Pickup
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel
from wms_app.floor.picking.model import Tote
from wms_app.floor.staging.model import Lane
from wms_app.floor.waves.model import PickList

SHOWN = 50
NAME_DAYS = 120  # so old may an order be that is found by its buyer's name
_LAST = "\uffff"  # after every text that begins the same
_BY_NAME = 3  # letters of a buyer's name that are enough to look for it


@dataclass(frozen=True)
class Hit:
    """A thing that was found. `text` and `sub` name it; `state` is its state, or ""."""

    noun: str
    number: int
    text: str
    sub: str = ""
    state: str = ""

    @property
    def key(self) -> str:
        """What opens it: "order:17"."""
        return f"{self.noun}:{self.number}"


def look_up(tx: Tx, warehouse_id: int, scan: Scan) -> list[Hit]:
    """Everything that `scan` may mean, at most SHOWN of each kind.

    Codes first: our own, tracking numbers, order numbers (whole, then how they begin), SKUs,
    bins, totes, lists, lanes, trucks. Only what is none of them is looked for among buyers' names.
    Refused: a badge, and what nothing answers to.
    """
    code = scan.code
    if isinstance(code, Own):
        found = _own(tx, warehouse_id, code)
    else:
        text = code.digits if isinstance(code, Sscc) else scan.raw.strip()
        found = _by_codes(tx, warehouse_id, text)
        found += _skus(tx, code if isinstance(code, Item) else Item(text))
        found = found or _by_name(tx, warehouse_id, text)
    if not found:
        raise Refused(
            "not_found",
            _("Nothing answers to {code}.").format(code=scan.raw.strip()),
            _(
                "Try an order or tracking number, a SKU, a bin, a tote, a list, or a buyer's name "
                "(of the last {days} days)."
            ).format(days=NAME_DAYS),
        )
    return list({hit.key: hit for hit in found}.values())


def _own(tx: Tx, warehouse_id: int, code: Own) -> list[Hit]:
    if code.kind in ("USER", "CMD"):
        raise Refused(
            "not_a_thing",
            _("A badge or a command is nothing to look up."),
            _("Scan goods, a bin, a tote, a label, a list or an order."),
        )
    if code.kind == "ORDER":
        return orders_named(tx, Order.id == int(code.value)) if code.value.isdigit() else []
    if code.kind == "PARCEL":
        return parcels_named(tx, Parcel.id == int(code.value)) if code.value.isdigit() else []
    model = {"BIN": Bin, "TOTE": Tote, "LIST": PickList, "LANE": Lane, "PICKUP": Pickup}[code.kind]
    return _coded(tx, warehouse_id, model, code.value)


def _by_codes(tx: Tx, warehouse_id: int, text: str) -> list[Hit]:
    by_label = select(Label.parcel_id).where(Label.tracking == text)
    found = parcels_named(tx, Parcel.id.in_(by_label)) + orders_named(tx, Order.number == text)
    for model in (Bin, Tote, PickList, Lane, Pickup):
        found += _coded(tx, warehouse_id, model, text.upper())
    if not found and len(text) >= _BY_NAME:
        found = orders_named(tx, Order.number >= text, Order.number < text + _LAST)
    return found


def _by_name(tx: Tx, warehouse_id: int, text: str) -> list[Hit]:
    """Part of a buyer's name. No index helps with that, so that old orders are left out, and what
    is a code rather than a name: scanned by mistake it would keep the person waiting."""
    if len(text) < 2 or any(sign.isdigit() for sign in text):
        return []
    inside = f"%{text.replace('%', '').replace('_', '')}%"
    late = Order.received_at >= tx.now - timedelta(days=NAME_DAYS)
    return orders_named(tx, Order.warehouse_id == warehouse_id, late, Order.name.ilike(inside))


def orders_named(tx: Tx, *conditions: Any) -> list[Hit]:
    """The orders that meet conditions on Order, the newest SHOWN."""
    rows = tx.rows(
        select(Order.id, Order.number, Order.state, Order.holds, Order.channel, Client.name)
        .join(Client, Client.id == Order.client_id)
        .where(*conditions)
        .order_by(Order.id.desc())
        .limit(SHOWN)
    )
    return [
        Hit(
            "order",
            row.id,
            row.number,
            f"{row.channel} · {row.name}",
            "held" if row.holds and row.state != "cancelled" else row.state,
        )
        for row in rows
    ]


def parcels_of(tx: Tx, order_id: int) -> list[Hit]:
    """The parcels of an order."""
    return parcels_named(tx, Parcel.order_id == order_id)


def parcels_named(tx: Tx, *conditions: Any) -> list[Hit]:
    """The parcels that meet conditions on Parcel or Order, the first SHOWN."""
    rows = tx.rows(
        select(Parcel.id, Parcel.number, Parcel.state, Order.number.label("of"))
        .join(Order, Order.id == Parcel.order_id)
        .where(*conditions)
        .order_by(Parcel.id)
        .limit(SHOWN)
    )
    labels = tx.rows(
        select(Label.parcel_id, Label.tracking).where(
            among(Label.parcel_id, [row.id for row in rows]), Label.state == "bought"
        )
    )
    tracking = {row.parcel_id: row.tracking for row in labels}
    return [
        Hit(
            "parcel",
            row.id,
            _("{order}, parcel {number}").format(order=row.of, number=row.number),
            tracking.get(row.id, ""),
            row.state,
        )
        for row in rows
    ]


def _skus(tx: Tx, item: Item) -> list[Hit]:
    matches = [match.sku_id for match in skus_for(tx, item)]
    named = select(Sku.id, Sku.code, Sku.name, Client.name.label("client"))
    rows = tx.rows(
        named.join(Client, Client.id == Sku.client_id).where(among(Sku.id, matches)).limit(SHOWN)
    )
    return [Hit("sku", row.id, row.code, f"{row.name} · {row.client}") for row in rows]


_NOUNS = {Bin: "bin", Tote: "tote", PickList: "list", Lane: "lane", Pickup: "pickup"}


def _coded(tx: Tx, warehouse_id: int, model: Any, code: str) -> list[Hit]:
    statement: Select[Any] = select(model.id, model.code).where(
        model.warehouse_id == warehouse_id, model.code == code
    )
    return [Hit(_NOUNS[model], row.id, row.code) for row in tx.rows(statement)]
