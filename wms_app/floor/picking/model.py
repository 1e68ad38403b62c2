"""Totes: what a picker carries, one order in each."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn


class Tote(Base):
    """A tote that was ever scanned; `order_id` is whose goods lie in it, None when it is free."""

    __tablename__ = "totes"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code"),
        Index("ix_totes_order", "order_id"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    code: Mapped[str] = mapped_column(String(20))
    order_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("orders.id"))
