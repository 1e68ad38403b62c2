"""Parcels, what lies in them, and the whole life of a parcel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn

# The whole life of a parcel. Only moves.move with this table writes Parcel.state.
# A label-first parcel goes from `open` straight to `labelled`: its label comes before the walk.
MOVES = {
    "open": frozenset({"sealed", "labelled", "void"}),
    "sealed": frozenset({"open", "labelled", "void"}),
    "labelled": frozenset({"staged", "sealed", "void"}),
    "staged": frozenset({"loaded", "labelled", "void"}),
    "loaded": frozenset({"in_transit", "staged", "void"}),
    "in_transit": frozenset({"delivered", "exception", "returned"}),
    "exception": frozenset({"in_transit", "delivered", "returned"}),
    "delivered": frozenset({"returned"}),
    "returned": frozenset[str](),
    "void": frozenset[str](),
}
IN_HOUSE = ("open", "sealed", "labelled", "staged", "loaded")


class Parcel(Base):
    """One box of one order. Grams: expected from its contents, `grams` as weighed (0: not yet)."""

    __tablename__ = "parcels"
    __table_args__ = (
        Index("ix_parcels_order", "order_id"),
        Index("ix_parcels_state", "warehouse_id", "state", "id"),
        Index("ix_parcels_sealed_at", "warehouse_id", "sealed_at"),
        CheckConstraint("grams >= 0", name="grams"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"))
    number: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), default="open")
    carton_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("cartons.id"))
    expected_g: Mapped[int] = mapped_column(default=0)
    tolerance_g: Mapped[int] = mapped_column(default=0)
    grams: Mapped[int] = mapped_column(default=0)
    weight_by: Mapped[str] = mapped_column(String(20), default="")
    override_by: Mapped[str] = mapped_column(String(80), default="")
    override_reason: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(80), default="")
    station: Mapped[str] = mapped_column(String(80), default="")
    sealed_at: Mapped[datetime | None]


class ParcelItem(Base):
    """Pieces of one order line and lot in one parcel."""

    __tablename__ = "parcel_items"
    __table_args__ = (
        UniqueConstraint("parcel_id", "line_id", "lot"),
        Index("ix_parcel_items_line", "line_id"),
        CheckConstraint("quantity >= 0", name="quantity"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    parcel_id: Mapped[int] = mapped_column(BigId, ForeignKey("parcels.id"))
    line_id: Mapped[int] = mapped_column(BigId, ForeignKey("order_lines.id"))
    sku_id: Mapped[int] = mapped_column(BigId, ForeignKey("skus.id"))
    lot: Mapped[str] = mapped_column(String(40), default="")
    quantity: Mapped[int]


class Photograph(Base):
    """What the bench camera saw when a parcel was closed, as a JPEG; or why there is none."""

    __tablename__ = "photographs"
    __table_args__ = (Index("ix_photographs_parcel", "parcel_id"),)

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    parcel_id: Mapped[int] = mapped_column(BigId, ForeignKey("parcels.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80), default="")
    station: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(String(20), default="")
    problem: Mapped[str] = mapped_column(String(300), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
