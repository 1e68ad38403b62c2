"""What was archived: a file of one ledger's lines of one month."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, IdColumn


class Archive(Base):
    """`rows` lines of `ledger` before `until` (the month's end) lie in `file`.

    `removed`: they stand in the file only; every earlier month's are removed too. `digest` is the
    file's SHA-256. The moment and the person are those of the operation in the journal.
    """

    __tablename__ = "archives"
    __table_args__ = (UniqueConstraint("ledger", "month"),)

    id: Mapped[IdColumn]
    ledger: Mapped[str] = mapped_column(String(12))
    month: Mapped[str] = mapped_column(String(7))
    until: Mapped[datetime]
    file: Mapped[str] = mapped_column(String(500))
    rows: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    removed: Mapped[bool]
    at: Mapped[datetime]
