"""Warehouses, clients, SKUs with barcodes, bins, cartons."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn

BIN_KINDS = ("pick", "reserve", "receiving", "pack", "staging", "quarantine")
WAREHOUSE_RULES = ("fixed", "nearest", "slowest")


class Warehouse(Base):
    """One building: its time zone, paper, money, the address on its labels, its own rate card.

    `next_pallet` is the number behind the company prefix that its next pallet gets.
    """

    __tablename__ = "warehouses"

    id: Mapped[IdColumn]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    zone: Mapped[str] = mapped_column(String(40), default="UTC")
    paper: Mapped[str] = mapped_column(String(10), default="A4")
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    company_prefix: Mapped[str] = mapped_column(String(12), default="")
    line1: Mapped[str] = mapped_column(String(120), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    region: Mapped[str] = mapped_column(String(40), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    country: Mapped[str] = mapped_column(String(2), default="US")
    rates: Mapped[str] = mapped_column(Text, default="")
    next_pallet: Mapped[int] = mapped_column(BigId, default=1)


class Client(Base):
    """A seller whose goods lie here, and the rules they chose.

    `own_labels`: all their orders bring their shipping label. `packing_slip`: each of their orders
    gets one into its box. Parcels to be photographed when they
    are closed: all, those with something fragile, those of orders worth more than
    `photograph_over_minor` (in the order's own currency; 0: none for that).
    """

    __tablename__ = "clients"

    id: Mapped[IdColumn]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    warehouse_id: Mapped[int] = mapped_column(BigId, ForeignKey("warehouses.id"))
    warehouse_rule: Mapped[str] = mapped_column(String(10), default="fixed")
    ships_in_parts: Mapped[bool] = mapped_column(default=False)
    own_labels: Mapped[bool] = mapped_column(default=False)
    packing_slip: Mapped[bool] = mapped_column(default=False)
    photograph_all: Mapped[bool] = mapped_column(default=False)
    photograph_fragile: Mapped[bool] = mapped_column(default=False)
    photograph_over_minor: Mapped[int] = mapped_column(default=0)


class Sku(Base):
    """One kind of goods of one client; grams and millimetres of one piece, 0 when not known."""

    __tablename__ = "skus"
    __table_args__ = (UniqueConstraint("client_id", "code"),)

    id: Mapped[IdColumn]
    client_id: Mapped[int] = mapped_column(BigId, ForeignKey("clients.id"))
    code: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(300))
    weight_g: Mapped[int] = mapped_column(default=0)
    length_mm: Mapped[int] = mapped_column(default=0)
    width_mm: Mapped[int] = mapped_column(default=0)
    height_mm: Mapped[int] = mapped_column(default=0)
    ships_in_own_box: Mapped[bool] = mapped_column(default=False)
    fragile: Mapped[bool] = mapped_column(default=False)
    has_lot: Mapped[bool] = mapped_column(default=False)
    has_expiry: Mapped[bool] = mapped_column(default=False)
    min_stock: Mapped[int] = mapped_column(default=0)
    hs_code: Mapped[str] = mapped_column(String(14), default="")
    origin: Mapped[str] = mapped_column(String(2), default="")
    value_minor: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="")
    tolerance_g: Mapped[int] = mapped_column(default=0)


class SkuBarcode(Base):
    """A code on the goods and how many pieces it stands for (single 1, inner, case)."""

    __tablename__ = "sku_barcodes"
    __table_args__ = (
        UniqueConstraint("client_id", "code"),
        Index("ix_sku_barcodes_code", "code"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[IdColumn]
    client_id: Mapped[int] = mapped_column(BigId, ForeignKey("clients.id"))
    sku_id: Mapped[int] = mapped_column(BigId, ForeignKey("skus.id"), index=True)
    code: Mapped[str] = mapped_column(String(80))
    quantity: Mapped[int] = mapped_column(default=1)


class Bin(Base):
    """A location that has a code; `walk` orders the bins of one warehouse along the walk."""

    __tablename__ = "bins"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code"),
        Index("ix_bins_walk", "warehouse_id", "walk"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    code: Mapped[str] = mapped_column(String(40))
    zone: Mapped[str] = mapped_column(String(20), default="")
    kind: Mapped[str] = mapped_column(String(12), default="pick")
    walk: Mapped[int] = mapped_column(default=0)


class Carton(Base):
    """A box on the pack bench: inner and outer size in mm, its own weight and what it holds."""

    __tablename__ = "cartons"
    __table_args__ = (UniqueConstraint("warehouse_id", "code"),)

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120), default="")
    inner_length_mm: Mapped[int]
    inner_width_mm: Mapped[int]
    inner_height_mm: Mapped[int]
    outer_length_mm: Mapped[int]
    outer_width_mm: Mapped[int]
    outer_height_mm: Mapped[int]
    empty_g: Mapped[int] = mapped_column(default=0)
    max_g: Mapped[int] = mapped_column(default=30000)
