"""Waves, the lists of them, and the picks on a list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn, only_where

KINDS = ("pick-list", "label-first")

# The whole life of a list. Only moves.move with this table writes PickList.state.
MOVES = {
    "open": frozenset({"walking", "done", "void"}),
    "walking": frozenset({"open", "done", "void"}),
    "done": frozenset({"walking"}),
    "void": frozenset[str](),
}


class Wave(Base):
    """What was released together, by whom and chosen how."""

    __tablename__ = "waves"
    __table_args__ = (Index("ix_waves_made_at", "warehouse_id", "made_at"),)

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    kind: Mapped[str] = mapped_column(String(12))
    chosen: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(80))


class PickList(Base):
    """One walk: printed once, walked by one person at a time."""

    __tablename__ = "pick_lists"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code"),
        Index("ix_pick_lists_state", "warehouse_id", "state", "id"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    wave_id: Mapped[int] = mapped_column(BigId, ForeignKey("waves.id"))
    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(8), default="open")
    orders: Mapped[int] = mapped_column(default=0)
    units: Mapped[int] = mapped_column(default=0)
    picker_id: Mapped[int | None] = mapped_column(BigId)
    picker: Mapped[str] = mapped_column(String(80), default="")
    station: Mapped[str] = mapped_column(String(80), default="")
    made_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    printed: Mapped[int] = mapped_column(default=0)


class Pick(Base):
    """One stop for one order: an allocation on a list, in walk order.

    `open` until its allocation is taken (`done`), found short (`short`) or called off (`void`).
    """

    __tablename__ = "picks"
    __table_args__ = (
        Index("ix_picks_list", "pick_list_id", "walk", "id"),
        Index("ix_picks_order", "order_id"),
        Index(
            "uq_picks_allocation_live",
            "allocation_id",
            unique=True,
            **only_where("state <> 'void'"),
        ),
        CheckConstraint("state IN ('open', 'done', 'short', 'void')", name="state"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    pick_list_id: Mapped[int] = mapped_column(BigId, ForeignKey("pick_lists.id"))
    allocation_id: Mapped[int] = mapped_column(BigId, ForeignKey("allocations.id"))
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"))
    slot: Mapped[int]
    walk: Mapped[int]
    state: Mapped[str] = mapped_column(String(5), default="open")
