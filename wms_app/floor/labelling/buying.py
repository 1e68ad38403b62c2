"""Asking a carrier for a label, and writing down what it sold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from wms_app.base import journal
from wms_app.base.db import Store, Tx
from wms_app.base.moves import move_all
from wms_app.base.prepared import Prepared
from wms_app.base.refusal import Refused
from wms_app.base.schema import among_given
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.labelling.asks import Ask
from wms_app.floor.labelling.model import MOVES, Label
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import MOVES as PARCEL_MOVES
from wms_app.floor.packing.model import Parcel
from wms_app.outside.carriers.carrier import Bought, Carrier

Carriers = Mapping[str, Carrier]


@dataclass(frozen=True)
class Sold:
    """What a carrier sold for one label."""

    label_id: int
    parcel_id: int
    order_id: int
    bought: Bought


_late = (
    Label.id,
    Label.warehouse_id,
    Label.key,
    Label.state,
    Label.carrier,
    Label.tracking,
    Label.asked_at,
)
# Locked together, so that the order and its parcel are what they are after the wait.
_standing = Prepared(
    select(
        Label.id,
        Label.asked_g,
        Order.state.label("order_state"),
        Order.holds,
        Parcel.state,
        Parcel.grams,
        Parcel.weight_by,
    )
    .join(Parcel, Parcel.id == Label.parcel_id)
    .join(Order, Order.id == Parcel.order_id)
    .where(among_given(Label.id, "of_labels"))
    .order_by(Order.id, Parcel.id),
    Order,
    Parcel,
)
_write_sold = Prepared(
    update(Label)
    .where(
        Label.id == bindparam("of_label"),
        Label.tracking == "",
        or_(Label.state == "intended", Label.state == "to_void"),
    )
    .values(
        tracking=bindparam("number"),
        service=bindparam("its_service"),
        zone=bindparam("its_zone"),
        price_minor=bindparam("its_price"),
        currency=bindparam("its_currency"),
        carrier_label=bindparam("its_label"),
        bought_at=bindparam("now"),
    )
)


def buy(
    store: Store, who: Who, carriers: Carriers, ask: Ask, operation: str, *, fresh: bool
) -> Bought:
    """Ask the carrier, outside any transaction. An intent that is not `fresh` may have been sold
    before its outcome was written, so it is looked up first. Refused: recorded as failed."""
    try:
        carrier = carrier_of(carriers, ask.carrier)
        found = None if fresh else carrier.find(ask.key)
        return found or carrier.buy(ask.key, ask.shipment)
    except Refused as refusal:
        words = refusal.text

        def failed(tx: Tx) -> None:
            gone = move_all(
                tx, Label, "label", [ask.label_id], "failed", MOVES, problem=words[:300]
            )
            journal.record(tx, "label_refused", "parcel", [ask.parcel_id] if gone else [])

        store.write(operation, who, "label_refused", failed)
        raise


def carrier_of(carriers: Carriers, name: str) -> Carrier:
    """The carrier of that code. Refused: this warehouse has none."""
    if name not in carriers:
        raise Refused(
            "no_carrier",
            _("The carrier “{carrier}” is not set up here.").format(carrier=name),
            _("Ask an admin to add it in Setup."),
        )
    return carriers[name]


def record(tx: Tx, sold: Sequence[Sold]) -> list[int] | None:
    """Write down what was sold; gives the orders that may not go on (cancelled, held, called off),
    None when all may.

    A held order keeps its label: the parcel waits with it. Anything else that no longer wants its
    label leaves it to be given back.
    """
    found = {row.id: row for row in _standing.rows(tx, of_labels=[s.label_id for s in sold])}
    _write_sold.tell_each(tx, [_sold_values(tx, one) for one in sold])
    wanted = [s.label_id for s in sold if found[s.label_id].order_state != "cancelled"]
    bought = set(move_all(tx, Label, "label", wanted, "bought", MOVES))
    parcels = [s.parcel_id for s in sold if s.label_id in bought and _fits(found[s.label_id])]
    labelled = set(move_all(tx, Parcel, "parcel", parcels, "labelled", PARCEL_MOVES))
    journal.record_each(
        tx, "label_bought", "parcel", {s.parcel_id: _said(s) for s in sold if s.label_id in bought}
    )
    stray = [s.label_id for s in sold if s.label_id in bought and s.parcel_id not in labelled]
    stray += [s.label_id for s in sold if s.label_id not in wanted]
    unwanted = set(move_all(tx, Label, "label", stray, "to_void", MOVES)) if stray else set()
    late = [s for s in sold if s.label_id not in bought | unwanted]
    stopped = {s.order_id for s in late if not _settle_late(tx, s)}
    stopped |= {s.order_id for s in sold if s.label_id in stray or found[s.label_id].holds}
    return sorted(stopped) or None


def is_closed(parcel: Any) -> bool:
    """Whether nothing is put into a parcel any more (state, weight_by): sealed, or an own box."""
    return bool(
        parcel.state == "sealed" or (parcel.state == "open" and parcel.weight_by == "catalog")
    )


def _fits(standing: Any) -> bool:
    """Whether the parcel is still the one that the label was asked for."""
    return is_closed(standing) and bool(standing.grams == standing.asked_g)


def _settle_late(tx: Tx, sold: Sold) -> bool:
    """A label that was no intent any more: its twin recorded it (True), or it is an orphan."""
    label = tx.first(select(*_late).where(Label.id == sold.label_id))
    assert label is not None
    if label.tracking == sold.bought.tracking:
        return bool(label.state == "bought")
    values = {
        "warehouse_id": label.warehouse_id,
        "parcel_id": sold.parcel_id,
        "key": f"{label.key}-late",
        "state": "to_void",
        "carrier": label.carrier,
        "service": sold.bought.service,
        "tracking": sold.bought.tracking,
        "zone": sold.bought.zone,
        "price_minor": sold.bought.price_minor,
        "currency": sold.bought.currency,
        "asked_at": label.asked_at,
        "bought_at": tx.now,
    }
    orphan = int(tx.execute(insert(Label).values(values).returning(Label.id)).scalar_one())
    journal.record(tx, "intended", "label", [orphan], after="intended")
    journal.record(tx, "to_void", "label", [orphan], after="to_void", detail={"of": label.id})
    return False


def _sold_values(tx: Tx, sold: Sold) -> dict[str, Any]:
    bought = sold.bought
    return {
        "of_label": sold.label_id,
        "number": bought.tracking,
        "its_service": bought.service,
        "its_zone": bought.zone,
        "its_price": bought.price_minor,
        "its_currency": bought.currency,
        "its_label": bought.label,
        "now": tx.now,
    }


def _said(sold: Sold) -> dict[str, Any]:
    bought = sold.bought
    said = {"tracking": bought.tracking, "service": bought.service, "zone": bought.zone}
    return {**said, "price_minor": bought.price_minor, "currency": bought.currency}
