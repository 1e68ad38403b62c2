"""Papers of one order: the packing slip in its box, the label for goods that come back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from wms_app.base import clock
from wms_app.base.codes import own
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Client, Sku, Warehouse
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing.address import city_line, country_name


def packing_slip(tx: Tx, warehouse_id: int, number: str, dpi: int = 203) -> bytes:
    """The packing slip of the order of that number, as PDF. Refused: there is none."""
    return packing_slip_of(tx, order_named(tx, warehouse_id, number), dpi)


def return_label(tx: Tx, warehouse_id: int, number: str, dpi: int = 203) -> bytes:
    """The return label of the order of that number, as PDF. Refused: there is none."""
    return return_label_of(tx, order_named(tx, warehouse_id, number), dpi)


def packing_slip_of(tx: Tx, order_id: int, dpi: int = 203) -> bytes:
    """What an order holds, on as many labels as its lines need, as PDF. Refused: no goods."""
    from wms_app.outside.papers.design import RowsElement, load_design
    from wms_app.outside.papers.label import label_pdf

    order = _order(tx, order_id)
    lines = tx.rows(
        select(OrderLine.ordered, OrderLine.sku_code, Sku.name)
        .join(Sku, Sku.id == OrderLine.sku_id)
        .where(OrderLine.order_id == order.id, OrderLine.not_goods.is_(False))
        .order_by(OrderLine.id)
    )
    if not lines:
        raise Refused("no_lines", _("Order {number} holds no goods.").format(number=order.number))
    rows = [f"{line.ordered}\t{_cell(line.name)}\t{_cell(line.sku_code)}" for line in lines]
    design = load_design("packing")
    most = max((one.most for one in design.elements if isinstance(one, RowsElement)), default=1)
    pages = [rows[start : start + most] for start in range(0, len(rows), most)]
    common = {
        "order_number": order.number,
        "client": order.client,
        "to_name": order.name or order.client,
        "to_lines": _address(order),
        "pieces": str(sum(line.ordered for line in lines)),
        "date": clock.now().strftime("%Y-%m-%d"),
        "code": own("ORDER", str(order.id)),
    }
    return label_pdf(
        design,
        [
            common
            | {
                "lines": "\n".join(page),
                "page": f"{place} / {len(pages)}" if len(pages) > 1 else "",
            }
            for place, page in enumerate(pages, 1)
        ],
        dpi,
    )


def return_label_of(tx: Tx, order_id: int, dpi: int = 203) -> bytes:
    """The label that brings an order's goods back to its warehouse, as PDF."""
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.label import label_pdf

    order = _order(tx, order_id)
    house = tx.first(select(Warehouse).where(Warehouse.id == order.warehouse_id))
    assert house is not None
    place = city_line(house.city, house.region, house.postal_code, house.country)
    values = {
        "order_number": order.number,
        "client": order.client,
        "to_name": house.name or house.code,
        "to_lines": "\n".join(part for part in (house.line1, place) if part) or house.code,
        "to_country": country_name(house.country).upper() if house.country else "",
        "code": own("ORDER", str(order.id)),
        "from_name": order.name,
        "from_lines": _address(order) if order.name else "",
        "date": clock.now().strftime("%Y-%m-%d"),
    }
    return label_pdf(load_design("return"), [values], dpi)


def order_named(tx: Tx, warehouse_id: int, number: str) -> int:
    """The newest order of that number. Refused: there is none."""
    found = tx.scalar(
        select(Order.id)
        .where(Order.number == number.strip(), Order.warehouse_id == warehouse_id)
        .order_by(Order.id.desc())
        .limit(1)
    )
    if found is None:
        raise Refused(
            "no_order",
            _("There is no order “{number}” in this warehouse.").format(number=number.strip()),
            _("Write the number as the channel does."),
        )
    return int(found)


def _order(tx: Tx, order_id: int) -> Any:
    columns = (
        "id", "warehouse_id", "number", "name", "line1", "line2", "city", "region", "postal_code",
        "country",
    )  # fmt: skip
    return tx.first(
        select(*(getattr(Order, name) for name in columns), Client.name.label("client"))
        .join(Client, Client.id == Order.client_id)
        .where(Order.id == order_id)
    )


def _address(order: Any) -> str:
    place = city_line(order.city, order.region, order.postal_code, order.country)
    return "\n".join(part for part in (order.line1, order.line2, place) if part)


def _cell(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ")
