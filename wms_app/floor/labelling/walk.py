"""What the store says of a label-first list: which label belongs to which stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from wms_app.base.codes import Code, Item, Own, Sscc
from wms_app.base.db import Tx
from wms_app.base.schema import among
from wms_app.floor.labelling.model import Label
from wms_app.floor.packing.model import Parcel
from wms_app.floor.picking.walk import Stop, Walk
from wms_app.floor.waves.model import Pick, PickList


@dataclass(frozen=True)
class Stuck:
    """The latest label of one order on the list; `live` when it is bought and wanted."""

    order_id: int
    parcel_id: int
    parcel_state: str
    live: bool
    tracking: str
    carrier: str
    service: str
    price_minor: int
    currency: str
    printed: int


@dataclass(frozen=True)
class WaitingList:
    """A label-first list that can be walked, or is walked by this person."""

    code: str
    mine: bool
    orders: int


def labels_of(tx: Tx, walk: Walk) -> dict[int, Stuck]:
    """The latest label of each order on the list, by order id; none before it was bought."""
    orders = sorted({stop.order_id for stop in walk.stops})
    rows = tx.rows(
        select(
            Parcel.order_id,
            Parcel.id,
            Parcel.state.label("parcel_state"),
            Label.state,
            Label.tracking,
            Label.carrier,
            Label.service,
            Label.price_minor,
            Label.currency,
            Label.printed,
        )
        .join(Label, Label.parcel_id == Parcel.id)
        .where(among(Parcel.order_id, orders), Label.tracking != "")
        .order_by(Label.id)
    )
    return {
        row.order_id: Stuck(
            row.order_id,
            row.id,
            row.parcel_state,
            row.state == "bought",
            row.tracking,
            row.carrier,
            row.service,
            row.price_minor,
            row.currency,
            row.printed,
        )
        for row in rows
    }


def waiting_lists(tx: Tx, warehouse_id: int, user_id: int) -> list[WaitingList]:
    """Label-first lists to be walked, those begun by this person first, then the oldest."""
    mine = (PickList.state == "walking") & (PickList.picker_id == user_id)
    rows = tx.rows(
        select(PickList.code, PickList.state, func.count(Pick.id).label("orders"))
        .join(Pick, (Pick.pick_list_id == PickList.id) & (Pick.state == "open"))
        .where(
            PickList.warehouse_id == warehouse_id,
            PickList.kind == "label-first",
            (PickList.state == "open") | mine,
        )
        .group_by(PickList.id, PickList.code, PickList.state)
        .order_by(PickList.state.desc(), PickList.id)
        .limit(20)
    )
    return [WaitingList(row.code, row.state == "walking", row.orders) for row in rows]


def tracking_in(code: Code) -> str:
    """The number that a scanned label says, "" when the code can be none."""
    if isinstance(code, Sscc):
        return code.digits
    if isinstance(code, Item):
        return code.text
    return ""


def stop_of_label(walk: Walk, labels: dict[int, Stuck], code: Code) -> Stop | None:
    """The stop of this list whose label, living or not, was scanned."""
    parcel = int(code.value) if isinstance(code, Own) and code.value.isdigit() else 0
    number = tracking_in(code)
    for stop in walk.stops:
        label = labels.get(stop.order_id)
        if label is not None and (label.tracking == number or label.parcel_id == parcel):
            return stop
    return None


def called_off(walk: Walk, labels: dict[int, Stuck], told: Sequence[int]) -> list[Stop]:
    """Stops whose order was cancelled after its label was printed, and nobody was told yet."""
    return [
        stop
        for stop in walk.stops
        if stop.order_state == "cancelled"
        and stop.order_id not in told
        and labels.get(stop.order_id) is not None
        and labels[stop.order_id].printed
    ]
