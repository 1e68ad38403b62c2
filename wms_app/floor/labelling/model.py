"""Shipping labels: an intent first, then what the carrier answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn, only_where

# The whole life of a label. Only moves.move with this table writes Label.state.
# `intended`: asked for, outcome not known; `bought`: lives on its parcel; `failed`: not sold;
# `to_void`: sold and not wanted any more, the carrier is still to be told; `voided`: told.
MOVES = {
    "intended": frozenset({"bought", "failed", "to_void"}),
    "bought": frozenset({"to_void"}),
    "failed": frozenset[str](),
    "to_void": frozenset({"voided"}),
    "voided": frozenset[str](),
}
LIVE = ("intended", "bought")


class OwnLabel(Base):
    """A label that the seller sent for one parcel of an order, ready to be printed.

    `content` is a PNG of one label as it was drawn, or ZPL (`kind`); `file` and `place` say where
    it came from. A carrier's number is on one label only. It is used when a living record of
    `labels` points to it, and can be used again when that one was given up.
    """

    __tablename__ = "own_labels"
    __table_args__ = (
        UniqueConstraint("carrier", "tracking"),
        Index("ix_own_labels_order", "order_id"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"))
    carrier: Mapped[str] = mapped_column(String(40))
    tracking: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(4))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    file: Mapped[str] = mapped_column(String(260))
    place: Mapped[str] = mapped_column(String(80), default="")
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(80), default="")


class Label(Base):
    """One label of one parcel; `key` names the purchase, so that it is bought once.

    `asked_g`: the weight it was asked for, grams. A parcel that weighs something else by now was
    opened and packed anew: that label is not its own.
    """

    __tablename__ = "labels"
    __table_args__ = (
        Index(
            "uq_labels_live",
            "parcel_id",
            unique=True,
            **only_where("state IN ('intended', 'bought')"),
        ),
        Index(
            "uq_labels_tracking",
            "carrier",
            "tracking",
            unique=True,
            **only_where("tracking <> ''"),
        ),
        Index("ix_labels_parcel", "parcel_id"),
        Index("ix_labels_tracking", "tracking"),
        Index(
            "uq_labels_own",
            "own_label_id",
            unique=True,
            **only_where("own_label_id IS NOT NULL AND state IN ('intended', 'bought')"),
        ),
        Index("ix_labels_state", "warehouse_id", "state", "id"),
        Index("ix_labels_bought_at", "warehouse_id", "bought_at"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    parcel_id: Mapped[int] = mapped_column(BigId, ForeignKey("parcels.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="intended")
    carrier: Mapped[str] = mapped_column(String(40))
    service: Mapped[str] = mapped_column(String(40))
    asked_g: Mapped[int] = mapped_column(default=0)
    tracking: Mapped[str] = mapped_column(String(60), default="")
    zone: Mapped[str] = mapped_column(String(20), default="")
    price_minor: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="")
    problem: Mapped[str] = mapped_column(String(300), default="")
    carrier_label: Mapped[bytes | None] = mapped_column(LargeBinary)
    own_label_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("own_labels.id"))
    asked_at: Mapped[datetime]
    bought_at: Mapped[datetime | None]
    printed: Mapped[int] = mapped_column(default=0)
