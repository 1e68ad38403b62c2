"""Labels whose outcome is not known, and labels to be given back: both are settled here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import select, update

from wms_app.base import clock
from wms_app.base.codes import new_id
from wms_app.base.db import AnyRow, Store, Tx
from wms_app.base.moves import move_all
from wms_app.base.refusal import Down, Refused
from wms_app.base.schema import among
from wms_app.base.who import Who
from wms_app.floor.labelling import own_label
from wms_app.floor.labelling.buying import Carriers, Sold, carrier_of, record
from wms_app.floor.labelling.model import MOVES, Label
from wms_app.floor.packing.model import Parcel

# A purchase may still be under way at another station for so long.
UNDER_WAY = timedelta(minutes=2)


def resume(store: Store, who: Who, carriers: Carriers) -> int:
    """Look up every intent whose outcome is not known (after a crash, or when a carrier hung):
    what was sold is recorded, what was not is failed, so that the parcel asks anew.

    Gives how many were settled. A carrier that is away leaves its intents as they are, and so do
    purchases that may still be under way.
    """
    settled = 0
    for label in _labels(store, who, "intended"):
        if label.asked_at > clock.now() - UNDER_WAY:
            continue
        try:
            bought = carrier_of(carriers, label.carrier).find(label.key)
        except (Down, Refused):
            continue
        if bought is None:
            store.write(
                new_id(), who, "label_not_sold", partial(_end, label_id=label.id, state="failed")
            )
        else:
            sold = Sold(label.id, label.parcel_id, label.order_id, bought)
            store.write(new_id(), who, "buy_label", partial(record, sold=[sold]))
        settled += 1
    return settled


def void_pending(store: Store, who: Who, carriers: Carriers) -> int:
    """Give back the labels that are not wanted any more; gives how many carriers took back.

    One that a carrier won't take back keeps the reason and stays in the list; a carrier that is
    away is asked the next time. An unwanted intent is looked up first: it may have been sold.
    """
    voided = 0
    for label in _labels(store, who, "to_void"):
        try:
            gone = _give_back(store, who, carriers, label)
        except Down:
            continue
        except Refused as refusal:
            keep = partial(_won_t, label_id=label.id, words=refusal.text)
            store.write(new_id(), who, "void_refused", keep)
            continue
        if gone:
            store.write(
                new_id(), who, "void_label", partial(_end, label_id=label.id, state="voided")
            )
            voided += 1
    return voided


def _give_back(store: Store, who: Who, carriers: Carriers, label: AnyRow) -> bool:
    """Whether the carrier has no label of ours any more under this record."""
    if label.own_label_id is not None:
        store.write(new_id(), who, "void_label", lambda tx: own_label.void(tx, [label.id]))
        return False  # settled, and no carrier took anything back
    carrier = carrier_of(carriers, label.carrier)
    if label.tracking:
        carrier.void(label.tracking)
        return True
    bought = carrier.find(label.key)
    if bought is None:
        return bool(label.asked_at <= clock.now() - UNDER_WAY)
    sold = Sold(label.id, label.parcel_id, label.order_id, bought)
    store.write(new_id(), who, "buy_label", partial(record, sold=[sold]))
    carrier.void(bought.tracking)
    return True


def _labels(store: Store, who: Who, state: str) -> Sequence[AnyRow]:
    with store.read() as tx:
        return tx.rows(
            select(
                Label.id,
                Label.parcel_id,
                Parcel.order_id,
                Label.key,
                Label.carrier,
                Label.tracking,
                Label.asked_at,
                Label.own_label_id,
            )
            .join(Parcel, Parcel.id == Label.parcel_id)
            .where(Label.warehouse_id == who.warehouse_id, Label.state == state)
            .order_by(Label.id)
        )


def _end(tx: Tx, label_id: int, state: str) -> None:
    move_all(tx, Label, "label", [label_id], state, MOVES)


def _won_t(tx: Tx, label_id: int, words: str) -> None:

    tx.execute(update(Label).where(among(Label.id, [label_id])).values(problem=words[:300]))
    tx.changed("label")
