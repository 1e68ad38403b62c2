"""Messages to the outside, written in the transaction that causes them and sent after it.

Each has one key, so that it is queued once, however often its cause is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Index, String, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared
from wms_app.base.schema import Base, BigId, IdColumn, Json


class Message(Base):
    """One message: `waiting` until the channel has taken it, then `sent`."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state", "warehouse_id", "state", "id"),)

    id: Mapped[IdColumn]
    warehouse_id: Mapped[int] = mapped_column(BigId)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40))
    payload: Mapped[Any] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


_columns: dict[str, Any] = {
    name: bindparam(name)
    for name in ("warehouse_id", "key", "kind", "channel", "payload", "state", "made_at", "tries")
}
_queue_sqlite = Prepared(
    sqlite_insert(Message).values(_columns).on_conflict_do_nothing(index_elements=["key"])
)


@cache
def _queue_postgresql() -> Prepared:
    from sqlalchemy.dialects.postgresql import insert

    return Prepared(insert(Message).values(_columns).on_conflict_do_nothing(index_elements=["key"]))


def queue(tx: Tx, messages: Sequence[Mapping[str, Any]]) -> None:
    """Queue messages (`key`, `kind`, `channel`, `payload`); a key queued before stays as it is."""
    if not messages:
        return
    head = {"warehouse_id": tx.who.warehouse_id, "made_at": tx.now, "state": "waiting", "tries": 0}
    statement = _queue_postgresql() if tx.postgres else _queue_sqlite
    statement.tell_each(tx, [{**head, **message} for message in messages])
    tx.changed("outbox")


def waiting(tx: Tx, warehouse_id: int) -> int:
    """How many messages wait to be sent."""
    statement = select(func.count()).where(
        Message.warehouse_id == warehouse_id, Message.state == "waiting"
    )
    return int(tx.scalar(statement))
