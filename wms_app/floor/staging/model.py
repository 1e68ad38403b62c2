"""Lanes, and which parcel stands in which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn


class Lane(Base):
    """Where parcels of one carrier and cut-off wait; `service` "" takes every service.

    `cutoff` is the warehouse's wall clock, "HH:MM".
    """

    __tablename__ = "lanes"
    __table_args__ = (UniqueConstraint("warehouse_id", "code"),)

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    code: Mapped[str] = mapped_column(String(20))
    carrier: Mapped[str] = mapped_column(String(40))
    service: Mapped[str] = mapped_column(String(40), default="")
    cutoff: Mapped[str] = mapped_column(String(5), default="")


class StagedParcel(Base):
    """A parcel in its lane; the row stays when it is loaded, to say where it stood."""

    __tablename__ = "staged_parcels"
    __table_args__ = (Index("ix_staged_parcels_lane", "warehouse_id", "lane_id"),)

    parcel_id: Mapped[int] = mapped_column(BigId, ForeignKey("parcels.id"), primary_key=True)
    warehouse_id: Mapped[WarehouseColumn]
    lane_id: Mapped[int] = mapped_column(BigId, ForeignKey("lanes.id"))
    staged_at: Mapped[datetime]
