"""Stock rows, the movements they are the sum of, and bins that wait to be counted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn

REASONS = (
    *("opening", "received", "pick", "unpick", "putback", "damaged", "move", "count"),
    "archive",  # what the movements came to that were taken out of the store
)


class Stock(Base):
    """One SKU and lot in one bin. `frozen`: in doubt, not promised until it was counted."""

    __tablename__ = "stock"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "sku_id", "bin_id", "lot"),
        Index("ix_stock_bin", "warehouse_id", "bin_id"),
        CheckConstraint("0 <= allocated AND allocated <= on_hand", name="true"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    sku_id: Mapped[int] = mapped_column(BigId, ForeignKey("skus.id"))
    bin_id: Mapped[int] = mapped_column(BigId, ForeignKey("bins.id"))
    lot: Mapped[str] = mapped_column(String(40), default="")
    expires: Mapped[date | None]
    on_hand: Mapped[int] = mapped_column(default=0)
    allocated: Mapped[int] = mapped_column(default=0)
    frozen: Mapped[bool] = mapped_column(default=False)


class Movement(Base):
    """A ledger line: pieces that came to (+) or left (-) one stock row, and why. Append-only."""

    __tablename__ = "movements"
    __table_args__ = (
        Index("ix_movements_stock", "warehouse_id", "stock_id", "id"),
        CheckConstraint("quantity <> 0", name="quantity"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime]
    stock_id: Mapped[int] = mapped_column(BigId)
    quantity: Mapped[int]
    reason: Mapped[str] = mapped_column(String(12))
    operation_id: Mapped[int] = mapped_column(BigId)
    line_id: Mapped[int | None] = mapped_column(BigId)


class CountTask(Base):
    """A stock row that someone doubts; `counted` is what was found, None until then.

    `expected` is what the row said at that moment: what is picked or put back between the count
    and its approval must not be taken for a difference.
    """

    __tablename__ = "count_tasks"
    __table_args__ = (Index("ix_count_tasks_state", "warehouse_id", "state", "id"),)

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    stock_id: Mapped[int] = mapped_column(BigId, ForeignKey("stock.id"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    counted: Mapped[int | None]
    expected: Mapped[int | None]
    counted_by: Mapped[str] = mapped_column(String(80), default="")
    counted_at: Mapped[datetime | None]


# The whole life of a count. Only this file's table decides it.
COUNT_MOVES = {
    "open": frozenset({"counted", "approved"}),
    "counted": frozenset({"open", "approved"}),
    "approved": frozenset[str](),
}
