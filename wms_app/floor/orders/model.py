"""Orders with their lines and holds, and the whole life of an order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, Json, WarehouseColumn, only_where

# The whole life of an order. Only moves.move with this table writes Order.state.
MOVES = {
    "received": frozenset({"allocated", "short", "cancelled"}),
    "short": frozenset({"allocated", "received", "cancelled"}),
    "allocated": frozenset({"released", "short", "received", "cancelled"}),
    "released": frozenset({"picked", "short", "allocated", "received", "cancelled"}),
    "picked": frozenset({"packed", "released", "short", "cancelled"}),
    "packed": frozenset({"staged", "picked", "cancelled"}),
    "staged": frozenset({"handed_over", "packed", "short", "cancelled"}),
    "handed_over": frozenset({"delivered", "returned"}),
    "delivered": frozenset({"returned"}),
    "cancelled": frozenset[str](),
    "returned": frozenset[str](),
}
OPEN = ("received", "short", "allocated", "released", "picked", "packed", "staged")

HOLD_REASONS = (
    "address",
    "payment",
    "fraud",
    "duplicate",
    "repeated_rows",
    "unknown_sku",
    "country",
    "quantity",
    "price",
    "changed",
    "client",
    "customs",
    "other",
)


class Order(Base):
    """What one buyer ordered from one client on one channel.

    `holds` counts the open holds; while it is not 0 the order makes no move but a cancellation.
    `priority`: higher goes first. `content` is a digest of what the channel said, to see changes;
    `twin` is one of buyer and goods, to see the same order under another number. `own_label`: the
    seller sends the shipping label; what is known of it before is `own_carrier`, `own_tracking`.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("client_id", "channel", "number"),
        Index("ix_orders_backlog", "warehouse_id", "state", "priority", "ship_by", "id"),
        Index("ix_orders_number", "number"),
        Index("ix_orders_twin", "client_id", "twin"),
        Index("ix_orders_received_at", "warehouse_id", "received_at"),
        Index("ix_orders_handed_over_at", "warehouse_id", "handed_over_at"),
        Index("ix_orders_own_tracking", "own_tracking", **only_where("own_tracking <> ''")),
        CheckConstraint("holds >= 0", name="holds"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    client_id: Mapped[int] = mapped_column(BigId, ForeignKey("clients.id"))
    channel: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12), default="received")
    holds: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=0)
    service: Mapped[str] = mapped_column(String(40), default="standard")
    ordered_at: Mapped[datetime | None]
    ship_by: Mapped[datetime | None]
    paid: Mapped[bool] = mapped_column(default=True)
    needs_address: Mapped[bool] = mapped_column(default=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    line1: Mapped[str] = mapped_column(String(200), default="")
    line2: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(80), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    content: Mapped[str] = mapped_column(String(40), default="")
    twin: Mapped[str] = mapped_column(String(40), default="")
    own_label: Mapped[bool] = mapped_column(default=False)
    own_carrier: Mapped[str] = mapped_column(String(40), default="")
    own_tracking: Mapped[str] = mapped_column(String(60), default="")
    received_at: Mapped[datetime]
    handed_over_at: Mapped[datetime | None]


class OrderLine(Base):
    """One SKU of an order and how far its pieces have come; not_goods lines stay at 0."""

    __tablename__ = "order_lines"
    __table_args__ = (
        Index("ix_order_lines_order", "order_id"),
        Index("ix_order_lines_sku", "warehouse_id", "sku_id"),
        CheckConstraint(
            "0 <= packed AND packed <= picked AND picked <= allocated AND allocated <= ordered",
            name="true",
        ),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"))
    sku_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("skus.id"))
    sku_code: Mapped[str] = mapped_column(String(80))
    not_goods: Mapped[bool] = mapped_column(default=False)
    ordered: Mapped[int]
    allocated: Mapped[int] = mapped_column(default=0)
    picked: Mapped[int] = mapped_column(default=0)
    packed: Mapped[int] = mapped_column(default=0)
    unit_price_minor: Mapped[int] = mapped_column(default=0)


class Hold(Base):
    """Why an order may not move on; open while `lifted_at` is empty."""

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_order", "order_id"),)

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"))
    reason: Mapped[str] = mapped_column(String(20))
    detail: Mapped[Any] = mapped_column(Json)
    placed_at: Mapped[datetime]
    placed_by: Mapped[str] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str] = mapped_column(String(80), default="")


class Intake(Base):
    """One order file that was taken in: its digest, its name and the summary it was given."""

    __tablename__ = "intakes"
    __table_args__ = (Index("ix_intakes_at", "warehouse_id", "at"),)

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    at: Mapped[datetime]
    file: Mapped[str] = mapped_column(String(260))
    digest: Mapped[str] = mapped_column(String(64))
    summary: Mapped[Any] = mapped_column(Json)
