"""Pickups: one truck, the parcels on it, and the moment it left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn

# The whole life of a pickup. Only moves.move with this table writes Pickup.state.
MOVES = {
    "open": frozenset({"departed", "void"}),
    "departed": frozenset[str](),
    "void": frozenset[str](),
}


class Pickup(Base):
    """A truck at the dock for one lane; its manifest is what is on it when it departs."""

    __tablename__ = "pickups"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code"),
        Index("ix_pickups_state", "warehouse_id", "state", "departed_at"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    lane_id: Mapped[int] = mapped_column(BigId, ForeignKey("lanes.id"))
    code: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="open")
    carrier: Mapped[str] = mapped_column(String(40))
    driver: Mapped[str] = mapped_column(String(80), default="")
    vehicle: Mapped[str] = mapped_column(String(40), default="")
    opened_at: Mapped[datetime]
    departed_at: Mapped[datetime | None]


class PickupParcel(Base):
    """A parcel on a truck; a parcel is on at most one."""

    __tablename__ = "pickup_parcels"
    __table_args__ = (Index("ix_pickup_parcels_pickup", "pickup_id"),)

    parcel_id: Mapped[int] = mapped_column(BigId, ForeignKey("parcels.id"), primary_key=True)
    warehouse_id: Mapped[WarehouseColumn]
    pickup_id: Mapped[int] = mapped_column(BigId, ForeignKey("pickups.id"))
    loaded_at: Mapped[datetime]
