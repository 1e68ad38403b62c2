"""A photograph of what was packed, for the orders that ask for it; it never holds anybody up.

It is taken when the parcel was closed and that is committed. A camera that is away leaves a record
of why there is no photograph; the parcel goes on.
"""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import bindparam, func, insert, select

from wms_app.base import journal
from wms_app.base.db import AnyRow, Store, Tx
from wms_app.base.prepared import Prepared
from wms_app.base.refusal import Down
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.catalog.model import Client, Sku
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing.model import Parcel, ParcelItem, Photograph
from wms_app.outside.devices.camera.vision import Picture, jpeg

MOST_BYTES = 150_000

_rules = Prepared(
    select(
        Parcel.order_id,
        Client.photograph_all,
        Client.photograph_fragile,
        Client.photograph_over_minor,
    )
    .join(Order, Order.id == Parcel.order_id)
    .join(Client, Client.id == Order.client_id)
    .where(Parcel.id == bindparam("of_parcel"))
)


class Eye(Protocol):
    """The bench camera, as far as evidence needs it."""

    def picture(self) -> Picture | None:
        """What lies before it now; None when there is no camera or no picture yet. `Down`: away."""


def reason_for(tx: Tx, parcel_id: int) -> str:
    """Why this parcel is to be photographed: "client", "fragile", "value"; "" when it is not."""
    rules = _rules.first(tx, of_parcel=parcel_id)
    if rules is None:
        return ""
    if rules.photograph_all:
        return "client"
    if rules.photograph_fragile and _fragile(tx, parcel_id):
        return "fragile"
    over = rules.photograph_over_minor
    return "value" if over and _worth(tx, rules.order_id) > over else ""


def photograph(store: Store, who: Who, eye: Eye | None, parcel_id: int, operation: str) -> str:
    """Photograph a closed parcel if its order asks for it.

    Gives why there is no photograph, "" when there is one or none was wanted.
    """
    with store.read() as tx:
        reason = reason_for(tx, parcel_id)
    if not reason:
        return ""
    content, problem = _look(eye)

    def keep(tx: Tx) -> None:
        values = {
            "warehouse_id": tx.who.warehouse_id,
            "parcel_id": parcel_id,
            "at": tx.now,
            "by": tx.who.name,
            "station": tx.who.station,
            "reason": reason,
            "problem": problem[:300],
            "content": content,
        }
        tx.execute(insert(Photograph).values(values))
        verb = "photographed" if content else "photograph_missing"
        journal.record(tx, verb, "parcel", [parcel_id], detail={"reason": reason})
        tx.changed("parcel")

    store.write(operation, who, "photograph", keep)
    return problem


def photograph_of(tx: Tx, parcel_id: int) -> AnyRow | None:
    """The latest photograph of a parcel, or the record of why there is none: `at`, `by`, `problem`,
    `content`."""
    return tx.first(
        select(Photograph.at, Photograph.by, Photograph.problem, Photograph.content)
        .where(Photograph.parcel_id == parcel_id)
        .order_by(Photograph.content.is_(None), Photograph.id.desc())
        .limit(1)
    )


def _look(eye: Eye | None) -> tuple[bytes | None, str]:
    """The picture as a JPEG, or why there is none."""
    try:
        picture = eye.picture() if eye is not None else None
    except Down as down:
        return None, down.text
    if picture is None:
        return None, _("This bench has no camera, or it gives no picture yet.")
    return jpeg(picture, MOST_BYTES), ""


def _fragile(tx: Tx, parcel_id: int) -> bool:
    found = tx.scalar(
        select(ParcelItem.id)
        .join(Sku, Sku.id == ParcelItem.sku_id)
        .where(ParcelItem.parcel_id == parcel_id, Sku.fragile.is_(True))
        .limit(1)
    )
    return found is not None


def _worth(tx: Tx, order_id: int) -> int:
    """What the order's goods cost, in minor units of its currency."""
    total = func.sum(OrderLine.ordered * OrderLine.unit_price_minor)
    worth = select(func.coalesce(total, 0)).where(
        OrderLine.order_id == order_id, OrderLine.not_goods.is_(False)
    )
    return int(tx.scalar(worth))
