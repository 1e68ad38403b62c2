"""The cards of what stays: SKUs, bins, totes, lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from wms_app.base.db import Tx
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Bin, Client, Sku, SkuBarcode, Warehouse
from wms_app.floor.catalog.names import split_name
from wms_app.floor.orders.model import Order
from wms_app.floor.picking.model import Tote
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.model import Pick, PickList
from wms_app.office.find.facts import SHOWN, FoundFact, Made, when
from wms_app.office.find.lookup import Hit, orders_named
from wms_app.office.find.words import noun_words


def sku_card(tx: Tx, number: int) -> Made | None:
    """The card of a SKU."""
    sku: Any = tx.first(
        select(*Sku.__table__.c, Client.name.label("client"))
        .join(Client, Client.id == Sku.client_id)
        .where(Sku.id == number)
    )
    if sku is None:
        return None
    codes = tx.rows(
        select(SkuBarcode.code, SkuBarcode.quantity)
        .where(SkuBarcode.sku_id == number)
        .order_by(SkuBarcode.quantity)
    )
    shelves = tx.rows(
        select(Bin.id, Bin.code, Stock.lot, Stock.on_hand, Stock.allocated)
        .join(Bin, Bin.id == Stock.bin_id)
        .where(Stock.warehouse_id == Bin.warehouse_id, Stock.sku_id == number, Stock.on_hand > 0)
        .order_by(Bin.walk)
        .limit(SHOWN)
    )
    there = sum(row.on_hand for row in shelves)
    promised = sum(row.allocated for row in shelves)
    free = _("{count} free").format(count=f"{there - promised:,}")
    facts = [
        FoundFact(_("On hand"), (f"**{there:,}** · {free}",)),
        FoundFact(
            _("Codes"),
            tuple(f"{c.code} × {c.quantity}" if c.quantity > 1 else c.code for c in codes),
        ),
        FoundFact(_("One piece"), (f"{sku.weight_g:,} g", _size(sku))),
        FoundFact(_("Ships"), (_("in its own box"),) if sku.ships_in_own_box else ()),
        FoundFact(_("Care"), (_("fragile"),) if sku.fragile else (), "warn"),
    ]
    with_it = [
        Hit(
            "bin",
            row.id,
            row.code,
            _("{count} pieces, {promised} promised").format(
                count=f"{row.on_hand:,}", promised=f"{row.allocated:,}"
            )
            + (f" · {row.lot}" if row.lot else ""),
        )
        for row in shelves
    ]
    return sku.code, f"{sku.name} · {sku.client}", "", facts, with_it


def _size(sku: Any) -> str:
    return f"{sku.length_mm} × {sku.width_mm} × {sku.height_mm} mm" if sku.length_mm else ""


def bin_card(tx: Tx, number: int) -> Made | None:
    """The card of a bin."""
    found: Any = tx.first(select(Bin.code, Bin.zone, Bin.kind, Bin.walk).where(Bin.id == number))
    if found is None:
        return None
    rows = tx.rows(
        select(Sku.id, Sku.code, Sku.name, Stock.on_hand, Stock.allocated, Stock.frozen, Stock.lot)
        .join(Sku, Sku.id == Stock.sku_id)
        .where(Stock.bin_id == number, Stock.on_hand > 0)
        .order_by(Sku.code)
        .limit(SHOWN)
    )
    doubted = _("to be counted")
    facts = [
        FoundFact(_("Zone"), (f"{found.zone} · {_kind_words(found.kind)}",)),
        FoundFact(_("Pieces"), (f"{sum(row.on_hand for row in rows):,}",)),
        FoundFact(_("Promised"), (f"{sum(row.allocated for row in rows):,}",)),
    ]
    with_it = [
        Hit(
            "sku",
            row.id,
            row.code,
            f"{row.on_hand:,} × {split_name(row.name)[0]}"
            + (f" · {row.lot}" if row.lot else "")
            + (f" · {doubted}" if row.frozen else ""),
        )
        for row in rows
    ]
    return found.code, noun_words("bin"), "", facts, with_it


def tote_card(tx: Tx, number: int) -> Made | None:
    """The card of a tote."""
    tote: Any = tx.first(select(Tote.code, Tote.order_id).where(Tote.id == number))
    if tote is None:
        return None
    inside = orders_named(tx, Order.id == tote.order_id) if tote.order_id else []
    words = inside[0].text if inside else _("empty")
    return tote.code, noun_words("tote"), "", [FoundFact(_("Goods of"), (words,))], inside


def list_card(tx: Tx, number: int) -> Made | None:
    """The card of a list."""
    found: Any = tx.first(
        select(*PickList.__table__.c, Warehouse.zone)
        .join(Warehouse, Warehouse.id == PickList.warehouse_id)
        .where(PickList.id == number)
    )
    if found is None:
        return None
    left = tx.scalar(select(func.count()).where(Pick.pick_list_id == number, Pick.state == "open"))
    orders = tx.scalars(select(Pick.order_id).where(Pick.pick_list_id == number).distinct())
    facts = [
        FoundFact(_("Picker"), (found.picker,)),
        FoundFact(_("Orders"), (f"{found.orders:,}",)),
        FoundFact(_("Pieces"), (f"{found.units:,}",)),
        FoundFact(_("Stops left"), (f"{left:,}",)),
        FoundFact(_("Made"), (when(found.made_at, found.zone),)),
        FoundFact(_("Done"), (when(found.done_at, found.zone),)),
    ]
    with_it = orders_named(tx, among(Order.id, list(orders)))
    return found.code, noun_words("list"), found.state, facts, with_it


def _kind_words(kind: str) -> str:
    """What a kind of bin is for, in the person's language."""
    words = {
        "pick": _("for picking"),
        "reserve": _("reserve"),
        "receiving": _("for receiving"),
        "pack": _("pack bench"),
        "staging": _("for staging"),
        "quarantine": _("quarantine"),
    }
    return words.get(kind, kind)
