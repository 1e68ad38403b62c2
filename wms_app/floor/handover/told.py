"""What the channels are told when a truck has left: one message per order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from wms_app.base import outbox
from wms_app.base.db import Tx
from wms_app.base.schema import among
from wms_app.floor.catalog.model import Client
from wms_app.floor.handover.model import PickupParcel
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel


def tell_channels(tx: Tx, order_ids: Sequence[int], *, part: int = 0) -> None:
    """Queue `shipped:<order id>` for each order, with all tracking numbers that have left so far.

    `part`: the pickup with which only a part of the order has left; the message is then
    `shipped:<order id>:<pickup id>` and says `"part": true`.
    """
    if not order_ids:
        return
    labels = (
        select(Parcel.order_id, Label.carrier, Label.service, Label.tracking)
        .join(Label, Label.parcel_id == Parcel.id)
        .join(PickupParcel, PickupParcel.parcel_id == Parcel.id)
        .where(among(Parcel.order_id, order_ids), Label.state == "bought")
        .order_by(Parcel.order_id, Parcel.number, Parcel.id)
    )
    parcels: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
    for row in tx.rows(labels):
        parcels[row.order_id].append(
            {"carrier": row.carrier, "service": row.service, "tracking": row.tracking}
        )
    orders = tx.rows(
        select(Order.id, Order.channel, Order.number, Client.code)
        .join(Client, Client.id == Order.client_id)
        .where(among(Order.id, order_ids))
    )
    outbox.queue(
        tx,
        [
            {
                "key": f"shipped:{order.id}:{part}" if part else f"shipped:{order.id}",
                "kind": "shipped",
                "channel": order.channel,
                "payload": {
                    "client": order.code,
                    "order": order.number,
                    "shipped_at": tx.now.isoformat(),
                    "carrier": parcels[order.id][0]["carrier"] if parcels[order.id] else "",
                    "tracking": [parcel["tracking"] for parcel in parcels[order.id]],
                    "parcels": parcels[order.id],
                    "part": bool(part),
                },
            }
            for order in orders
        ],
    )
