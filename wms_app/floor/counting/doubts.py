"""Which bins are in doubt, and which counts differ from what the store says."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from wms_app.base.db import Tx
from wms_app.base.texts import _
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Bin, Sku
from wms_app.floor.picking.lost import DOUBT
from wms_app.floor.stock.model import CountTask, Stock


@dataclass(frozen=True)
class Doubt:
    """One stock row to be counted; nothing here says how many are expected."""

    task_id: int
    bin: str
    sku_id: int
    sku: str
    name: str
    lot: str
    reason: str


@dataclass(frozen=True)
class Difference:
    """A count that differs; `orders` have pieces of that row promised and not picked yet."""

    task_id: int
    bin: str
    sku: str
    name: str
    lot: str
    counted: int
    expected: int
    on_hand: int
    promised: int
    orders: int
    counted_by: str

    @property
    def difference(self) -> int:
        """How many pieces more (or fewer) there are."""
        return self.counted - self.expected

    @property
    def beyond(self) -> int:
        """How many promised pieces would not be there."""
        return max(0, self.promised - self.on_hand - self.difference)


def doubts(tx: Tx, warehouse_id: int) -> list[Doubt]:
    """What is to be counted, in walk order."""
    rows = tx.rows(
        select(CountTask.id, Bin.code, Sku.id, Sku.code, Sku.name, Stock.lot, CountTask.reason)
        .join(Stock, Stock.id == CountTask.stock_id)
        .join(Bin, Bin.id == Stock.bin_id)
        .join(Sku, Sku.id == Stock.sku_id)
        .where(CountTask.warehouse_id == warehouse_id, CountTask.state == "open")
        .order_by(Bin.walk, CountTask.id)
    )
    return [Doubt(*row) for row in rows]


def differences(tx: Tx, warehouse_id: int) -> list[Difference]:
    """Counts that wait for a supervisor, in walk order."""
    orders = (
        select(func.count(func.distinct(Allocation.order_id)))
        .where(Allocation.stock_id == CountTask.stock_id, Allocation.state == "open")
        .scalar_subquery()
    )
    rows = tx.rows(
        select(
            CountTask.id,
            Bin.code,
            Sku.code,
            Sku.name,
            Stock.lot,
            CountTask.counted,
            CountTask.expected,
            Stock.on_hand,
            Stock.allocated,
            orders,
            CountTask.counted_by,
        )
        .join(Stock, Stock.id == CountTask.stock_id)
        .join(Bin, Bin.id == Stock.bin_id)
        .join(Sku, Sku.id == Stock.sku_id)
        .where(CountTask.warehouse_id == warehouse_id, CountTask.state == "counted")
        .order_by(Bin.walk, CountTask.id)
    )
    return [Difference(*row) for row in rows]


def reason_words(reason: str) -> str:
    """Why a bin is in doubt, in the person's language."""
    words = {
        "short pick": _("a picker found too few"),
        DOUBT: _("a packer found too few"),
        "damaged": _("damaged goods"),
    }
    return words.get(reason, reason)
