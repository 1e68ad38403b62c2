"""Pick lists on paper: printed once for each list, and again when asked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from wms_app.base import clock, journal
from wms_app.base.codes import new_id, own
from wms_app.base.db import Store, Tx
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Bin, Sku, SkuBarcode, Warehouse
from wms_app.floor.orders.model import Order
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.model import Pick, PickList
from wms_app.outside.devices.printer import Printer
from wms_app.outside.papers.pick_list import PickListPaper, PickStop
from wms_app.outside.printing.station import aimed


def print_lists(store: Store, who: Who, printer: Printer, list_ids: Sequence[int]) -> str:
    """Print these lists as one document; gives where it went."""
    from wms_app.outside.papers.pick_list import pick_list_pdf

    with store.read() as tx:
        papers = list_papers(tx, list_ids)
        paper = tx.scalar(select(Warehouse.paper).where(Warehouse.id == who.warehouse_id))
    content = pick_list_pdf(papers, "Letter" if paper == "Letter" else "A4")
    name = papers[0].code if len(papers) == 1 else f"{papers[0].code}-{papers[-1].code}"
    where = aimed(printer, "pick_list").send(
        str(paper or "A4"), _("pick list {name}").format(name=name), content, "pdf"
    )
    store.write(new_id(), who, "print_lists", lambda tx: _printed(tx, list_ids))
    return where


def list_papers(tx: Tx, list_ids: Sequence[int]) -> list[PickListPaper]:
    """What stands on the paper of each list, stops in walk order."""
    heads = tx.rows(
        select(
            PickList.id,
            PickList.code,
            PickList.kind,
            PickList.orders,
            PickList.units,
            PickList.made_at,
            Warehouse.code.label("warehouse"),
            Warehouse.zone,
        )
        .join(Warehouse, Warehouse.id == PickList.warehouse_id)
        .where(among(PickList.id, list_ids))
        .order_by(PickList.id)
    )
    stops = _stops(tx, list_ids)
    return [
        PickListPaper(
            head.code,
            own("LIST", head.code),
            head.warehouse,
            clock.local(head.made_at, head.zone).strftime("%Y-%m-%d %H:%M"),
            _("Label first") if head.kind == "label-first" else _("Pick list"),
            "",
            head.orders,
            head.units,
            tuple(stops.get(head.id, ())),
        )
        for head in heads
    ]


def _stops(tx: Tx, list_ids: Sequence[int]) -> dict[int, list[PickStop]]:
    barcode = (
        select(SkuBarcode.code)
        .where(SkuBarcode.sku_id == Sku.id, SkuBarcode.quantity == 1)
        .order_by(SkuBarcode.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = tx.rows(
        select(
            Pick.pick_list_id,
            Pick.slot,
            Bin.code.label("bin"),
            (Allocation.quantity - Allocation.picked).label("pieces"),
            Sku.code.label("sku"),
            Sku.name,
            Sku.fragile,
            Stock.lot,
            Order.number,
            barcode.label("barcode"),
        )
        .join(Allocation, Allocation.id == Pick.allocation_id)
        .join(Stock, Stock.id == Allocation.stock_id)
        .join(Bin, Bin.id == Stock.bin_id)
        .join(Sku, Sku.id == Stock.sku_id)
        .join(Order, Order.id == Pick.order_id)
        .where(among(Pick.pick_list_id, list_ids), Pick.state == "open")
        .order_by(Pick.pick_list_id, Pick.walk, Pick.id)
    )
    stops: dict[int, list[PickStop]] = {}
    for row in rows:
        stop = PickStop(
            row.bin,
            own("BIN", row.bin),
            row.pieces,
            row.sku,
            row.name,
            row.barcode or row.sku,
            row.lot,
            str(row.slot),
            row.number,
            row.fragile,
        )
        stops.setdefault(row.pick_list_id, []).append(stop)
    return stops


def _printed(tx: Tx, list_ids: Sequence[int]) -> None:
    tx.execute(
        update(PickList).where(among(PickList.id, list_ids)).values(printed=PickList.printed + 1)
    )
    journal.record(tx, "printed", "list", list_ids)
    tx.changed("list")
