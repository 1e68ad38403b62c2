"""The manifest of a truck that has left, as it was at that moment, however often it is printed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, select

from wms_app.base import clock
from wms_app.base.codes import own
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Client, Warehouse
from wms_app.floor.handover.board import place_words
from wms_app.floor.handover.model import Pickup, PickupParcel
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel, ParcelItem
from wms_app.floor.staging.model import Lane, StagedParcel
from wms_app.outside.papers.manifest import ManifestPaper, ManifestRow


def manifest(tx: Tx, pickup_id: int) -> tuple[ManifestPaper, str]:
    """The manifest of a truck that has left, as it was then, and the warehouse's paper size.

    Printed again it says the same: what stayed behind is told by when it was staged and loaded.
    """
    head: Any = tx.first(
        select(
            Pickup.code,
            Pickup.carrier,
            Pickup.driver,
            Pickup.vehicle,
            Pickup.departed_at,
            Pickup.lane_id,
            Lane.code.label("lane"),
            Warehouse.code.label("warehouse"),
            Warehouse.zone,
            Warehouse.paper,
        )
        .join(Lane, Lane.id == Pickup.lane_id)
        .join(Warehouse, Warehouse.id == Pickup.warehouse_id)
        .where(Pickup.id == pickup_id)
    )
    if head is None or head.departed_at is None:
        raise Refused(
            "not_departed",
            _("That truck has not left yet."),
            _("The manifest is printed when it departs."),
        )
    paper = ManifestPaper(
        code=head.code,
        barcode=own("PICKUP", head.code),
        carrier=head.carrier,
        lane=head.lane,
        warehouse=head.warehouse,
        departed=f"{clock.local(head.departed_at, head.zone):%Y-%m-%d %H:%M}",
        driver=head.driver,
        vehicle=head.vehicle,
        rows=_manifest_rows(tx, pickup_id),
        missing=_stayed(tx, head.lane_id, head.departed_at),
    )
    return paper, head.paper


def _manifest_rows(tx: Tx, pickup_id: int) -> tuple[ManifestRow, ...]:
    pieces = (
        select(ParcelItem.parcel_id, func.sum(ParcelItem.quantity).label("pieces"))
        .join(PickupParcel, PickupParcel.parcel_id == ParcelItem.parcel_id)
        .where(PickupParcel.pickup_id == pickup_id)
        .group_by(ParcelItem.parcel_id)
        .subquery()
    )
    rows = tx.rows(
        select(
            Label.tracking,
            Order.number,
            Client.code,
            Order.city,
            Order.country,
            func.coalesce(pieces.c.pieces, 0).label("pieces"),
            Parcel.grams,
        )
        .select_from(PickupParcel)
        .join(Parcel, Parcel.id == PickupParcel.parcel_id)
        .join(Order, Order.id == Parcel.order_id)
        .join(Client, Client.id == Order.client_id)
        .join(Label, and_(Label.parcel_id == Parcel.id, Label.state == "bought"))
        .outerjoin(pieces, pieces.c.parcel_id == Parcel.id)
        .where(PickupParcel.pickup_id == pickup_id)
        .order_by(PickupParcel.loaded_at, PickupParcel.parcel_id)
    )
    return tuple(
        ManifestRow(
            row.tracking,
            row.number,
            row.code,
            place_words(row.city, row.country),
            int(row.pieces),
            row.grams,
        )
        for row in rows
    )


def _stayed(tx: Tx, lane_id: int, departed_at: datetime) -> tuple[str, ...]:
    taken = exists().where(
        PickupParcel.parcel_id == StagedParcel.parcel_id, PickupParcel.loaded_at <= departed_at
    )
    rows = tx.rows(
        select(Label.tracking, Order.number)
        .select_from(StagedParcel)
        .join(Parcel, Parcel.id == StagedParcel.parcel_id)
        .join(Order, Order.id == Parcel.order_id)
        .outerjoin(Label, and_(Label.parcel_id == Parcel.id, Label.state == "bought"))
        .where(
            StagedParcel.lane_id == lane_id,
            StagedParcel.staged_at <= departed_at,
            Parcel.state != "void",
            ~taken,
        )
        .order_by(StagedParcel.staged_at, StagedParcel.parcel_id)
    )
    return tuple(f"{row.tracking or ''} · {row.number}" for row in rows)
