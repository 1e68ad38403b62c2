"""Users: who may do what, and how they prove who they are."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, IdColumn


class User(Base):
    """A person. The PIN is kept as an argon2 hash, the badge's secret as a SHA-256 digest."""

    __tablename__ = "users"

    id: Mapped[IdColumn]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(8), default="en")
    pin_hash: Mapped[str] = mapped_column(String(200), default="")
    badge_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
