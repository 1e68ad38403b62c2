"""The cards of what goes out: orders, parcels, lanes, trucks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from wms_app.base.db import Tx
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Client, Sku, Warehouse
from wms_app.floor.handover.board import truck_card
from wms_app.floor.handover.model import PickupParcel
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.gate import hold_words
from wms_app.floor.orders.model import Hold, Order, OrderLine
from wms_app.floor.packing.evidence import photograph_of
from wms_app.floor.packing.model import Parcel, ParcelItem
from wms_app.floor.picking.model import Tote
from wms_app.floor.staging.board import board, parcel_card
from wms_app.floor.staging.model import Lane, StagedParcel
from wms_app.floor.waves.model import Pick, PickList
from wms_app.office.find.facts import FoundFact, Made, when
from wms_app.office.find.lookup import Hit, orders_named, parcels_named, parcels_of
from wms_app.office.find.story import reasons
from wms_app.office.find.words import noun_words


def order_card(tx: Tx, number: int) -> Made | None:
    """The card of an order."""
    order: Any = tx.first(
        select(*Order.__table__.c, Client.name.label("client"), Warehouse.zone)
        .join(Client, Client.id == Order.client_id)
        .join(Warehouse, Warehouse.id == Order.warehouse_id)
        .where(Order.id == number)
    )
    if order is None:
        return None
    holds = tx.rows(
        select(Hold.reason, Hold.placed_by).where(Hold.order_id == number, Hold.lifted_at.is_(None))
    )
    held = tuple(f"{hold_words(hold.reason)} ({hold.placed_by})" for hold in holds)
    place = " ".join(x for x in (order.city, order.region, order.postal_code, order.country) if x)
    facts = [
        FoundFact(_("Held"), held, "warn"),
        FoundFact(_("Ship by"), (when(order.ship_by, order.zone),)),
        FoundFact(_("Service"), (order.service,)),
        FoundFact(
            _("Ship to"), tuple(x for x in (order.name, order.line1, order.line2, place) if x)
        ),
        FoundFact(_("Goods"), _lines(tx, number)),
        FoundFact(_("Why so"), tuple(reasons(tx, number))),
        FoundFact(_("Received"), (when(order.received_at, order.zone),)),
        FoundFact(_("Handed over"), (when(order.handed_over_at, order.zone),)),
    ]
    stopped = bool(order.holds) and order.state != "cancelled"
    state = "held" if stopped else order.state
    totes = tx.rows(select(Tote.id, Tote.code).where(Tote.order_id == number))
    with_it = parcels_of(tx, number) + [Hit("tote", row.id, row.code) for row in totes]
    lists = tx.rows(
        select(PickList.id, PickList.code, PickList.state)
        .join(Pick, Pick.pick_list_id == PickList.id)
        .where(Pick.order_id == number)
        .distinct()
        .order_by(PickList.id)
    )
    with_it += [Hit("list", row.id, row.code, "", row.state) for row in lists]
    return order.number, f"{order.channel} · {order.client}", state, facts, with_it


def _lines(tx: Tx, order_id: int) -> tuple[str, ...]:
    rows = tx.rows(
        select(
            OrderLine.sku_code,
            OrderLine.ordered,
            OrderLine.picked,
            OrderLine.packed,
            OrderLine.not_goods,
            Sku.name,
        )
        .outerjoin(Sku, Sku.id == OrderLine.sku_id)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.id)
        .limit(30)
    )
    said = []
    for row in rows:
        name = f"**{row.ordered} ×** {row.name or row.sku_code}"
        if row.not_goods:
            said.append(_("{name} (no goods)").format(name=name))
        elif row.packed == row.ordered:
            said.append(f"{name} ✓")
        elif row.picked:
            said.append(_("{name}: {picked} picked").format(name=name, picked=row.picked))
        else:
            said.append(name)
    return tuple(said)


def parcel_facts(tx: Tx, number: int) -> Made | None:
    """The card of a parcel."""
    found: Any = tx.first(select(Parcel.state, Parcel.order_id).where(Parcel.id == number))
    if found is None:
        return None
    card = parcel_card(tx, number)
    price: Any = tx.first(
        select(Label.price_minor, Label.currency).where(
            Label.parcel_id == number, Label.state == "bought"
        )
    )
    inside = tx.rows(
        select(ParcelItem.quantity, Sku.name)
        .join(Sku, Sku.id == ParcelItem.sku_id)
        .where(ParcelItem.parcel_id == number)
        .order_by(ParcelItem.id)
    )
    facts = [
        *_photograph(tx, number),
        FoundFact(_("Carrier"), (f"{card.carrier} {card.service}".strip(),)),
        FoundFact(_("Tracking"), (card.tracking,)),
        FoundFact(
            _("Price"), (f"{price.price_minor / 100:,.2f} {price.currency}",) if price else ()
        ),
        FoundFact(_("Weight"), (_("{grams} g").format(grams=f"{card.grams:,}"),)),
        FoundFact(_("Lane"), (card.lane,)),
        FoundFact(_("To"), (card.place,)),
        FoundFact(_("Inside"), tuple(f"**{row.quantity} ×** {row.name}" for row in inside)),
    ]
    with_it = orders_named(tx, Order.id == found.order_id)
    truck = tx.scalar(select(PickupParcel.pickup_id).where(PickupParcel.parcel_id == number))
    if truck is not None:
        truck = truck_card(tx, truck)
        with_it.append(Hit("pickup", truck.pickup_id, truck.code, truck.lane, truck.state))
    title = _("{order}, parcel {number}").format(order=card.order_number, number=card.number)
    return title, f"{card.channel} · {card.client}", found.state, facts, with_it


def _photograph(tx: Tx, parcel_id: int) -> list[FoundFact]:
    """The photograph of a parcel, or why there is none; nothing when none was wanted."""
    found = photograph_of(tx, parcel_id)
    if found is None:
        return []
    if found.content is None:
        return [FoundFact(_("Photograph"), (_("missing"), found.problem), "warn")]
    said = when(found.at, _zone_of(tx, parcel_id))
    return [FoundFact(_("Photograph"), (f"{said} · {found.by}",), picture=bytes(found.content))]


def _zone_of(tx: Tx, parcel_id: int) -> str:
    statement = select(Warehouse.zone).join(Parcel, Parcel.warehouse_id == Warehouse.id)
    return str(tx.scalar(statement.where(Parcel.id == parcel_id)))


def lane_card(tx: Tx, number: int) -> Made | None:
    """The card of a lane."""
    lane: Any = tx.first(select(Lane.code, Lane.warehouse_id).where(Lane.id == number))
    if lane is None:
        return None
    row = next(row for row in board(tx, lane.warehouse_id) if row.code == lane.code)
    facts = [
        FoundFact(_("Carrier"), (f"{row.carrier} {row.service}".strip(),)),
        FoundFact(_("Cut-off"), (row.cutoff, row.left)),
        FoundFact(_("Parcels here"), (f"{row.standing:,}",)),
        FoundFact(_("To come"), (f"{row.coming:,}",)),
    ]
    here = select(StagedParcel.parcel_id).where(StagedParcel.lane_id == number)
    with_it = parcels_named(tx, Parcel.state == "staged", Parcel.id.in_(here))
    return lane.code, noun_words("lane"), "", facts, with_it


def pickup_card(tx: Tx, number: int) -> Made | None:
    """The card of a truck."""
    card = truck_card(tx, number)
    facts = [
        FoundFact(_("Lane"), (card.lane,)),
        FoundFact(_("Carrier"), (f"{card.carrier} {card.service}".strip(),)),
        FoundFact(_("Parcels"), (f"{card.loaded:,}",)),
        FoundFact(_("Opened"), (card.opened,)),
        FoundFact(_("Departed"), (card.departed,)),
        FoundFact(_("Driver"), (card.driver, card.vehicle)),
    ]
    on_it = select(PickupParcel.parcel_id).where(PickupParcel.pickup_id == number)
    return (
        card.code,
        noun_words("pickup"),
        card.state,
        facts,
        parcels_named(tx, Parcel.id.in_(on_it)),
    )
