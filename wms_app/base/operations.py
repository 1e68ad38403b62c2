"""One accepted scan or command each: its id, who, where, when, and the answer it was given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, String, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, Json
from wms_app.base.who import Who


class Operation(Base):
    """The head of the journal; `key` is unique, so an operation is applied once."""

    __tablename__ = "operations"
    __table_args__ = (Index("ix_operations_warehouse_id_at", "warehouse_id", "at"),)

    id: Mapped[IdColumn]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    warehouse_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime]
    who_id: Mapped[int] = mapped_column(BigId)
    who: Mapped[str] = mapped_column(String(80))
    station: Mapped[str] = mapped_column(String(80))
    verb: Mapped[str] = mapped_column(String(40))
    answer: Mapped[Any] = mapped_column(Json, nullable=True)


_inserts = {
    "sqlite": sqlite_insert(Operation)
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(Operation.id),
    "postgresql": postgres_insert(Operation)
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(Operation.id),
}


def begin(conn: Connection, key: str, who: Who, verb: str, now: datetime) -> int | None:
    """Claim the operation; None when it was applied before."""
    values = {
        "key": key,
        "warehouse_id": who.warehouse_id,
        "at": now,
        "who_id": who.user_id,
        "who": who.name,
        "station": who.station,
        "verb": verb,
    }
    return conn.execute(_inserts[conn.dialect.name], values).scalar()


def answer(conn: Connection, key: str) -> Any:
    """The answer that the operation was given when it was applied."""
    return conn.execute(select(Operation.answer).where(Operation.key == key)).scalar()


def remember(conn: Connection, number: int, value: Any) -> None:
    """Keep the answer beside the operation."""
    conn.execute(update(Operation).where(Operation.id == number).values(answer=value))
