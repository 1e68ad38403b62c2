"""Why an order was promised what it was, or nothing, in a person's words."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from wms_app.base.db import AnyRow, Tx
from wms_app.base.journal import JournalLine
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.floor.allocation.backlog import free_shelves, today
from wms_app.floor.allocation.choose import Free
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Bin, Warehouse
from wms_app.floor.orders.gate import hold_words
from wms_app.floor.orders.model import Hold, Order, OrderLine
from wms_app.floor.stock.model import Stock


def why_text(code: str, bin_code: str) -> str:
    """What a reason's code (Allocation.why) means, for one bin."""
    words = {
        "only_bin": _("the only bin that has it"),
        "expires_first": _("expires first"),
        "pick_zone": _("in the pick zone"),
        "one_stop": _("whole line in one stop"),
        "finish_bin": _("nearest to finishing bin {bin}"),
        "short_walk": _("first on the walk"),
    }
    return words.get(code, code).format(bin=bin_code)


def explain(tx: Tx, order_id: int) -> list[str]:
    """Where each piece of an order comes from and why; what holds it, what it lacks."""
    order = tx.first(
        select(Order.state, Order.warehouse_id, Order.holds).where(Order.id == order_id)
    )
    if order is None:
        return []
    held = tx.scalars(
        select(Hold.reason).where(Hold.order_id == order_id, Hold.lifted_at.is_(None))
    )
    said = [_("held: {reason}").format(reason=hold_words(reason)) for reason in sorted(held)]
    said += _home(tx, order_id) + _promised(tx, order_id)
    if order.state in ("received", "short"):
        said += _lacking(tx, order_id, order.warehouse_id)
        goods = select(OrderLine.id).where(
            OrderLine.order_id == order_id, OrderLine.not_goods.is_(False)
        )
        if tx.scalar(goods.limit(1)) is None:
            said.append(_("nothing to ship: no line of it is goods"))
    return said


def lacking(tx: Tx, order_ids: Sequence[int]) -> dict[int, str]:
    """The first thing that each of these orders lacks, as words; for lists of short orders."""
    rows = _missing(tx, order_ids)
    houses = sorted({row.warehouse_id for row in rows})
    shelves = free_shelves(tx, houses, sorted({row.sku_id for row in rows if row.sku_id}))
    free = Free(shelves, {house: today(tx, house) for house in houses})
    words: dict[int, str] = {}
    for row in rows:
        there = free.of(row.warehouse_id, row.sku_id)
        if there < row.missing:
            words.setdefault(row.order_id, _short_words(row, there))
    return words


def _short_words(row: AnyRow, there: int) -> str:
    return _("short: {missing} of {sku} missing, {free} free").format(
        missing=row.missing, sku=row.sku_code, free=there
    )


def _missing(tx: Tx, order_ids: Sequence[int]) -> Sequence[AnyRow]:
    return tx.rows(
        select(
            OrderLine.order_id,
            Order.warehouse_id,
            OrderLine.sku_id,
            OrderLine.sku_code,
            (OrderLine.ordered - OrderLine.allocated).label("missing"),
        )
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            among(OrderLine.order_id, order_ids),
            OrderLine.not_goods.is_(False),
            OrderLine.ordered > OrderLine.allocated,
        )
        .order_by(OrderLine.order_id, OrderLine.id)
    )


def _lacking(tx: Tx, order_id: int, warehouse_id: int) -> list[str]:
    """One line for each SKU of which too few pieces are free."""
    rows = _missing(tx, [order_id])
    skus = sorted({row.sku_id for row in rows if row.sku_id is not None})
    free = Free(free_shelves(tx, [warehouse_id], skus), {warehouse_id: today(tx, warehouse_id)})
    there = [(row, free.of(warehouse_id, row.sku_id)) for row in rows]
    return [_short_words(row, pieces) for row, pieces in there if pieces < row.missing]


def _home(tx: Tx, order_id: int) -> list[str]:
    """Which warehouse was chosen and by which rule, when there was a choice."""
    detail = tx.scalar(
        select(JournalLine.detail)
        .where(
            JournalLine.warehouse_id.in_(select(Warehouse.id)),
            JournalLine.noun == "order",
            JournalLine.noun_id == order_id,
            JournalLine.verb == "allocated",
        )
        .order_by(JournalLine.id.desc())
        .limit(1)
    )
    if not detail or "warehouse" not in detail:
        return []
    words = {
        "nearest": _("from {warehouse}: nearest to the address that has it"),
        "slowest": _("from {warehouse}: its stock moves slowest"),
    }
    code = tx.scalar(select(Warehouse.code).where(Warehouse.id == detail["warehouse"]))
    return [words[detail["why"]].format(warehouse=code)]


def _promised(tx: Tx, order_id: int) -> list[str]:
    rows = tx.rows(
        select(
            OrderLine.sku_code,
            Bin.code,
            Allocation.why,
            func.sum(Allocation.quantity).label("pieces"),
        )
        .join(OrderLine, OrderLine.id == Allocation.line_id)
        .join(Stock, Stock.id == Allocation.stock_id)
        .join(Bin, Bin.id == Stock.bin_id)
        .where(Allocation.order_id == order_id, Allocation.state != "freed")
        .group_by(OrderLine.id, OrderLine.sku_code, Bin.code, Bin.walk, Allocation.why)
        .order_by(OrderLine.id, Bin.walk)
    )
    return [
        _("{pieces} × {sku} from {bin}: {why}").format(
            pieces=row.pieces, sku=row.sku_code, bin=row.code, why=why_text(row.why, row.code)
        )
        for row in rows
    ]
