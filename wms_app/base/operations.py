"""One accepted scan or command each: its id, who, where, when, and the answer it was given."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.prepared import Prepared
from wms_app.base.schema import Base, BigId, IdColumn, Json

if TYPE_CHECKING:
    from wms_app.base.db import Tx


class Operation(Base):
    """The head of the journal; `key` is unique, so an operation is applied once."""

    __tablename__ = "operations"

    id: Mapped[IdColumn]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    warehouse_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime]
    who_id: Mapped[int] = mapped_column(BigId)
    who: Mapped[str] = mapped_column(String(80))
    station: Mapped[str] = mapped_column(String(80))
    verb: Mapped[str] = mapped_column(String(40))
    answer: Mapped[Any] = mapped_column(Json, nullable=True)


_values: dict[str, Any] = {
    name: bindparam(name)
    for name in ("key", "warehouse_id", "at", "who_id", "who", "station", "verb")
}
# On Postgres a key that is taken is an error, after which the server does nothing of what was sent
# behind the claim without waiting for it.
_begin_sqlite = Prepared(
    sqlite_insert(Operation).values(_values).on_conflict_do_nothing(index_elements=["key"])
)
_begin_postgres = Prepared(insert(Operation).values(_values).returning(Operation.id))


class AppliedBefore(Exception):
    """The operation was applied before; nothing of this transaction counts."""


# Locked, it is a change to the server, and its commit waits for a standby as any change does: what
# is looked up after a crash may be on this machine alone, and is called saved when it is on both.
_answer = Prepared(select(Operation.answer).where(Operation.key == bindparam("of_key")), Operation)
_remember = Prepared(
    update(Operation).where(Operation.id == bindparam("of")).values(answer=bindparam("said"))
)


def begin(tx: Tx, key: str, verb: str) -> None:
    """Claim the operation for this transaction. `AppliedBefore` when it was applied before.

    On Postgres the claim goes out with the first question, and is refused with its answer.
    """
    claim = _begin_postgres if tx.postgres else _begin_sqlite
    claim.claim(
        tx,
        tx.claimed,
        AppliedBefore,
        key=key,
        warehouse_id=tx.who.warehouse_id,
        at=tx.now,
        who_id=tx.who.user_id,
        who=tx.who.name,
        station=tx.who.station,
        verb=verb,
    )


def answer(tx: Tx, key: str) -> Any:
    """The answer that the operation was given when it was applied."""
    return _answer.scalar(tx, of_key=key)


def remember(tx: Tx, value: Any) -> None:
    """Keep the answer beside the operation."""
    _remember.tell(tx, of=tx.operation, said=value)
