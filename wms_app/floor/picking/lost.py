"""Pieces that were picked and are not there, or are broken, when they are to be packed."""

from __future__ import annotations

from sqlalchemy import select, update

from wms_app.base import journal
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.orders.model import OrderLine
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.model import Pick

DOUBT = "short at the bench"


def lose(tx: Tx, order_id: int, line_id: int, lot: str, missing: int, damaged: int) -> None:
    """Take back that pieces of a line and lot were picked; their promise goes with them.

    Missing ones count as left in their bin, which is put up for counting, broken ones go to
    quarantine. The order is past its gate, its goods are locked, and the pieces are in no parcel.
    Refused: fewer were picked.
    """
    taken = tx.rows(
        select(Allocation.id, Allocation.stock_id, Allocation.picked)
        .join(Stock, Stock.id == Allocation.stock_id)
        .where(Allocation.line_id == line_id, Allocation.picked > 0, Stock.lot == lot)
        .order_by(Allocation.id.desc())
    )
    if sum(row.picked for row in taken) < missing + damaged:
        raise Refused(
            "stock_changed",
            _("That order was changed by someone else meanwhile."),
            _("Nothing was changed. Scan its tote again."),
        )
    for row in taken:
        gone = min(missing, row.picked)
        broken = min(damaged, row.picked - gone)
        if not gone + broken:
            continue
        missing, damaged = missing - gone, damaged - broken
        _take_back(tx, row.id, row.stock_id, line_id, gone + broken)
        if broken:
            stock.to_quarantine(tx, row.stock_id, broken, promised=False)
        if gone:
            stock.ask_count(tx, row.stock_id, DOUBT)
        detail = {"line": line_id, "missing": gone, "damaged": broken}
        journal.record(tx, "short_at_bench", "order", [order_id], detail=detail)


def _take_back(tx: Tx, allocation_id: int, stock_id: int, line_id: int, pieces: int) -> None:
    its = update(Allocation).where(Allocation.id == allocation_id)
    tx.execute(its.values(quantity=Allocation.quantity - pieces, picked=Allocation.picked - pieces))
    tx.execute(its.where(Allocation.picked == 0, Allocation.state == "done").values(state="freed"))
    tx.execute(
        update(Pick)
        .where(Pick.allocation_id == allocation_id, Pick.state == "done")
        .where(Pick.allocation_id.in_(select(Allocation.id).where(Allocation.state == "freed")))
        .values(state="short")
    )
    tx.execute(
        update(OrderLine)
        .where(OrderLine.id == line_id)
        .values(picked=OrderLine.picked - pieces, allocated=OrderLine.allocated - pieces)
    )
    stock.apply(tx, [stock.Change(stock_id, pieces, 0, "unpick", line_id)])
    tx.changed("pick", "allocation")
