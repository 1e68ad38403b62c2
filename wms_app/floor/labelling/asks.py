"""What a label needs to be bought and drawn, read for many labels in one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared
from wms_app.base.schema import among, among_given
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Bin, Carton, Client, Sku, Warehouse
from wms_app.floor.labelling.model import Label, OwnLabel
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing.model import Parcel, ParcelItem
from wms_app.floor.stock.model import Stock
from wms_app.outside.carriers.carrier import Address, Shipment


@dataclass(frozen=True)
class Ask:
    """One label: its record, its shipment, and what else stands on the paper.

    `fragile`: something in the parcel is. `stop` is (bin, SKU name) of a label-first parcel, else
    empty. `carrier_label` is the carrier's own drawing, if it gave one, or the seller's.
    """

    label_id: int
    parcel_id: int
    order_id: int
    key: str
    state: str
    carrier: str
    service: str
    tracking: str
    zone: str
    price_minor: int
    currency: str
    printed: int
    carrier_label: bytes | None
    shipment: Shipment
    client: str
    piece: int
    clock_zone: str
    fragile: bool
    stop: tuple[str, str]


_order_columns = (
    Order.number,
    Order.name,
    Order.phone,
    Order.line1,
    Order.line2,
    Order.city,
    Order.region,
    Order.postal_code,
    Order.country,
    Order.needs_address,
)
_house_columns = (
    Warehouse.name.label("house"),
    Warehouse.code.label("house_code"),
    Warehouse.line1.label("house_line1"),
    Warehouse.city.label("house_city"),
    Warehouse.region.label("house_region"),
    Warehouse.postal_code.label("house_postal_code"),
    Warehouse.country.label("house_country"),
    Warehouse.zone.label("clock_zone"),
)
_statement = (
    select(
        Label.id,
        Label.parcel_id,
        Label.key,
        Label.state,
        Label.carrier,
        Label.service,
        Label.tracking,
        Label.zone,
        Label.price_minor,
        Label.currency,
        Label.printed,
        func.coalesce(Label.carrier_label, OwnLabel.content).label("carrier_label"),
        Parcel.order_id,
        Parcel.number.label("piece"),
        Parcel.grams,
        Parcel.weight_by,
        Carton.outer_length_mm,
        Carton.outer_width_mm,
        Carton.outer_height_mm,
        Client.name.label("client"),
        *_order_columns,
        *_house_columns,
    )
    .join(Parcel, Parcel.id == Label.parcel_id)
    .join(Order, Order.id == Parcel.order_id)
    .join(Client, Client.id == Order.client_id)
    .join(Warehouse, Warehouse.id == Parcel.warehouse_id)
    .outerjoin(Carton, Carton.id == Parcel.carton_id)
    .outerjoin(OwnLabel, OwnLabel.id == Label.own_label_id)
)
_delicate = (
    select(ParcelItem.parcel_id)
    .join(Sku, and_(Sku.id == ParcelItem.sku_id, Sku.fragile.is_(True)))
    .join(Label, Label.parcel_id == ParcelItem.parcel_id)
)
# One label is asked for at every bench: of an equation Postgres keeps the plan, of a set it makes
# a new one each time.
_ASKED_ONE, _FRAGILE_ONE = (
    Prepared(one.where(Label.id == bindparam("of"))) for one in (_statement, _delicate)
)
_ASKED, _FRAGILE = (
    Prepared(one.where(among_given(Label.id, "of"))) for one in (_statement, _delicate)
)


def asks(tx: Tx, label_ids: Sequence[int]) -> dict[int, Ask]:
    """What these labels need, by label id."""
    one = len(label_ids) == 1
    of: Any = label_ids[0] if one else list(label_ids)
    delicate = (_FRAGILE_ONE if one else _FRAGILE).later(tx, of=of)
    rows = (_ASKED_ONE if one else _ASKED).rows(tx, of=of)
    own_boxes = [row.order_id for row in rows if row.weight_by == "catalog"]
    stops = _stops(tx, own_boxes) if own_boxes else {}
    fragile = {row.parcel_id for row in delicate.rows}
    return {row.id: _ask(row, stops.get(row.order_id), fragile) for row in rows}


def _ask(row: Any, stop: Any, fragile: set[int]) -> Ask:
    sides = (row.outer_length_mm or 0, row.outer_width_mm or 0, row.outer_height_mm or 0)
    if stop is not None:
        sides = (stop.length_mm, stop.width_mm, stop.height_mm)
    shipment = Shipment(
        row.id, row.number, row.service, _from(row), _to(row), row.grams, *sides, row.needs_address
    )
    return Ask(
        row.id,
        row.parcel_id,
        row.order_id,
        row.key,
        row.state,
        row.carrier,
        row.service,
        row.tracking,
        row.zone,
        row.price_minor,
        row.currency,
        row.printed,
        row.carrier_label,
        shipment,
        row.client,
        row.piece,
        row.clock_zone,
        row.parcel_id in fragile or (stop is not None and bool(stop.fragile)),
        (stop.bin, stop.name) if stop is not None else ("", ""),
    )


def _from(row: Any) -> Address:
    lines = (row.house_line1,) if row.house_line1 else ()
    return Address(
        row.house or row.house_code,
        lines,
        row.house_city,
        row.house_region,
        row.house_postal_code,
        row.house_country,
    )


def _to(row: Any) -> Address:
    lines = tuple(line for line in (row.line1, row.line2) if line)
    return Address(row.name, lines, row.city, row.region, row.postal_code, row.country, row.phone)


def _stops(tx: Tx, order_ids: Sequence[int]) -> dict[int, Any]:
    """Where the piece of each label-first order lies, and what it is."""
    rows = tx.rows(
        select(
            Allocation.order_id,
            Bin.code.label("bin"),
            Sku.name,
            Sku.fragile,
            Sku.length_mm,
            Sku.width_mm,
            Sku.height_mm,
        )
        .join(OrderLine, OrderLine.id == Allocation.line_id)
        .join(Sku, Sku.id == OrderLine.sku_id)
        .join(Stock, Stock.id == Allocation.stock_id)
        .join(Bin, Bin.id == Stock.bin_id)
        .where(among(Allocation.order_id, order_ids), Allocation.state != "freed")
    )
    return {row.order_id: row for row in rows}
