"""A promise of pieces of one stock row to one order line."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn

# `open` while pieces are promised and not all taken; `done` all taken; `freed` nothing left of it.
STATES = ("open", "done", "freed")


class Allocation(Base):
    """`quantity` pieces promised, `picked` of them taken; `why` is the code of the reason."""

    __tablename__ = "allocations"
    __table_args__ = (
        Index("ix_allocations_order", "order_id"),
        Index("ix_allocations_line", "line_id"),
        Index("ix_allocations_stock", "warehouse_id", "stock_id", "state"),
        CheckConstraint("0 <= picked AND picked <= quantity", name="true"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"))
    line_id: Mapped[int] = mapped_column(BigId, ForeignKey("order_lines.id"))
    stock_id: Mapped[int] = mapped_column(BigId, ForeignKey("stock.id"))
    quantity: Mapped[int]
    picked: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(6), default="open")
    why: Mapped[str] = mapped_column(String(40), default="")
