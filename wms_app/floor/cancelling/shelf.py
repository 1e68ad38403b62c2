"""What waits to go back: by place, with the goods and the bin each piece came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from wms_app.base.codes import Code, Item, Number, Own, Scan
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.floor.cancelling.model import PutBack
from wms_app.floor.cancelling.places import in_parcel, in_tote, place_words
from wms_app.floor.catalog.model import Bin, Sku
from wms_app.floor.orders.model import Order
from wms_app.floor.picking.model import Tote
from wms_app.floor.staging.lookup import parcel_scanned


@dataclass(frozen=True)
class Task:
    """One put-back task that is open."""

    id: int
    order_id: int
    order_number: str
    place: str
    bin: str
    quantity: int
    sku_id: int
    sku: str
    name: str
    lot: str
    expires: date | None


@dataclass(frozen=True)
class PlaceRow:
    """One place with its order and how much of it goes back."""

    place: str
    words: str
    order_number: str
    kinds: int
    pieces: int


def open_tasks(tx: Tx, warehouse_id: int) -> list[Task]:
    """Every open task of the warehouse, the oldest first, along the walk within a place."""
    rows = tx.rows(
        select(
            PutBack.id,
            PutBack.order_id,
            Order.number,
            PutBack.place,
            Bin.code,
            PutBack.quantity,
            PutBack.sku_id,
            Sku.code,
            Sku.name,
            PutBack.lot,
            PutBack.expires,
        )
        .join(Order, Order.id == PutBack.order_id)
        .join(Bin, Bin.id == PutBack.bin_id)
        .join(Sku, Sku.id == PutBack.sku_id)
        .where(PutBack.warehouse_id == warehouse_id, PutBack.state == "open")
        .order_by(PutBack.order_id, PutBack.place, Bin.walk, PutBack.id)
    )
    return [Task(*row) for row in rows]


def places_of(tasks: Sequence[Task]) -> tuple[PlaceRow, ...]:
    """The tasks by place."""
    by_place: dict[tuple[str, int], list[Task]] = {}
    for task in tasks:
        by_place.setdefault((task.place, task.order_id), []).append(task)
    return tuple(
        PlaceRow(
            place,
            place_words(place),
            those[0].order_number,
            len({task.sku_id for task in those}),
            sum(task.quantity for task in those),
        )
        for (place, _order), those in by_place.items()
    )


def place_in(tx: Tx, warehouse_id: int, scan: Scan, code: Code, tasks: Sequence[Task]) -> str:
    """The place that a scan means, "" when nothing waits there: a tote, or a parcel by any label.

    A tote's code may be typed by hand.
    """
    known = {task.place for task in tasks}
    if isinstance(code, Own) and code.kind == "TOTE":
        return _tote(tx, warehouse_id, code.value, tasks)
    if isinstance(code, Item | Number):
        typed = _tote(tx, warehouse_id, scan.raw.strip().upper(), tasks)
        if typed:
            return typed
    if isinstance(code, Own) and code.kind != "PARCEL":
        return ""
    try:
        parcel = in_parcel(parcel_scanned(tx, warehouse_id, code).parcel_id)
    except Refused:
        return ""
    return next((place for place in known if place.partition("@")[0] == parcel), "")


def _tote(tx: Tx, warehouse_id: int, code: str, tasks: Sequence[Task]) -> str:
    """The place of a tote; any tote of an order stands for all of the order's."""
    place = in_tote(code)
    if any(task.place == place for task in tasks):
        return place
    order_id = tx.scalar(
        select(Tote.order_id).where(Tote.warehouse_id == warehouse_id, Tote.code == code)
    )
    loose = (t.place for t in tasks if t.order_id == order_id and t.place.startswith("TOTE."))
    return next(loose, "")


def sku_names(tx: Tx, sku_ids: Sequence[int]) -> list[tuple[str, str]]:
    """Name and code of goods."""
    rows = tx.rows(select(Sku.name, Sku.code).where(among(Sku.id, sku_ids)).order_by(Sku.id))
    return [(row.name, row.code) for row in rows]
