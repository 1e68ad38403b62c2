"""Cancellations as they arrived, and goods that must go back to a bin."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn

# The whole life of a put-back task. Only moves.move with this table writes PutBack.state.
MOVES = {"open": frozenset({"done"}), "done": frozenset[str]()}


class Cancellation(Base):
    """That an order was called off: when, why, and how far it had come (`at_state`)."""

    __tablename__ = "cancellations"
    __table_args__ = (Index("ix_cancellations_at", "warehouse_id", "at"),)

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"), unique=True)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")
    at_state: Mapped[str] = mapped_column(String(12))


class PutBack(Base):
    """Pieces to carry back: from a tote or a parcel (`place`) to the bin that is proposed."""

    __tablename__ = "put_backs"
    __table_args__ = (
        Index("ix_put_backs_state", "warehouse_id", "state", "id"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"), index=True)
    allocation_id: Mapped[int] = mapped_column(BigId, ForeignKey("allocations.id"))
    line_id: Mapped[int] = mapped_column(BigId, ForeignKey("order_lines.id"))
    sku_id: Mapped[int] = mapped_column(BigId, ForeignKey("skus.id"))
    bin_id: Mapped[int] = mapped_column(BigId, ForeignKey("bins.id"))
    lot: Mapped[str] = mapped_column(String(40), default="")
    expires: Mapped[date | None]
    quantity: Mapped[int]
    place: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(5), default="open")
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
