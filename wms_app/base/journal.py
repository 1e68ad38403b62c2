"""The record of everything that changed a thing: who, when, where, what, before and after.

It is append-only, in the database too: triggers refuse UPDATE and DELETE (see migrations).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Index,
    String,
    Update,
    bindparam,
    func,
    insert,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningUpdate

from wms_app.base.db import Tx
from wms_app.base.prepared import OWN_OPERATION, Prepared, PreparedInsert
from wms_app.base.schema import Base, BigId, IdColumn, Json


class JournalLine(Base):
    """One thing that one operation did to one noun (`order` 17, `parcel` 4, `bin` 12, ...).

    `after` is the state reached when the line records a move, else "".
    Who and station stand with the operation.
    """

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_noun", "warehouse_id", "noun", "noun_id"),)

    id: Mapped[IdColumn]
    warehouse_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime]
    operation_id: Mapped[int] = mapped_column(BigId)
    verb: Mapped[str] = mapped_column(String(40))
    noun: Mapped[str] = mapped_column(String(20))
    noun_id: Mapped[int] = mapped_column(BigId)
    before: Mapped[str] = mapped_column(String(80), default="")
    after: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[Any] = mapped_column(Json, nullable=True)


_write = PreparedInsert(
    JournalLine,
    "warehouse_id",
    "at",
    "operation_id",
    "verb",
    "noun",
    "noun_id",
    "before",
    "after",
    "detail",
)


def record(
    tx: Tx,
    verb: str,
    noun: str,
    ids: Iterable[int],
    *,
    before: str = "",
    after: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one line for each of `ids`. `detail` is plain data without buyers' personal data."""
    head = {
        "warehouse_id": tx.who.warehouse_id,
        "at": tx.now,
        "operation_id": tx.operation_known,
        "verb": verb,
        "noun": noun,
        "before": before,
        "after": after,
        "detail": dict(detail) if detail else None,
    }
    _write.tell_each(tx, [{**head, "noun_id": number} for number in ids])


class Recorded:
    """A change of one thing with its journal line; on Postgres they are one statement."""

    def __init__(self, change: Update, number: Any, verb: str, noun: str) -> None:
        """`number`: the column of the changed row that says which `noun` the line is about."""
        self._verb, self._noun = verb, noun
        self._alone = Prepared(change)
        self._with_line = with_lines(Lines(change.returning(number), verb, noun))

    def tell(self, tx: Tx, number: int, detail: Mapping[str, Any], **values: Any) -> None:
        """Make it, of the noun with this `number`; `values` are those of the change."""
        if tx.postgres:
            self._with_line.tell(tx, **values, **heads(tx, detail))
        else:
            self._alone.tell(tx, **values)
            record(tx, self._verb, self._noun, [number], detail=detail)


class Lines(NamedTuple):
    """A change that returns ids, and what the line says that is written for each of them."""

    change: ReturningUpdate[Any]
    verb: str
    noun: str
    after: str = ""


def with_lines(*changes: Lines, beside: Update | None = None) -> Prepared:
    """Changes and the lines of all that they change, as one statement of Postgres.

    It takes what `heads` gives besides the values of the changes. None of them sees what another
    one changes, nor what is changed `beside` them without a line.
    """
    operation = func.coalesce(
        bindparam("its_operation", type_=BigId), literal_column(OWN_OPERATION)
    )
    detail = bindparam("its_detail", type_=JournalLine.detail.type)
    found = []
    for change, verb, noun, after in changes:
        (number,) = change.cte(f"changed_{noun}").c
        columns: dict[str, Any] = {
            "warehouse_id": bindparam("its_warehouse", type_=BigId),
            "at": bindparam("its_moment", type_=JournalLine.at.type),
            "operation_id": operation,
            "verb": literal(verb),
            "noun": literal(noun),
            "noun_id": number,
            "before": literal(""),
            "after": literal(after),
            "detail": detail,
        }
        found.append(select(*columns.values()))
    all_found = union_all(*found) if len(found) > 1 else found[0]
    lines = insert(JournalLine).from_select([*columns], all_found)
    return Prepared(lines if beside is None else lines.add_cte(beside.cte("beside")))


def heads(tx: Tx, detail: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What `with_lines` takes besides the values of its change."""
    return {
        "its_detail": detail,
        "its_operation": tx.operation_known,
        "its_warehouse": tx.who.warehouse_id,
        "its_moment": tx.now,
    }


def record_each(tx: Tx, verb: str, noun: str, details: Mapping[int, Mapping[str, Any]]) -> None:
    """Write one line for each noun id in `details`, each with its own detail."""
    lines = [
        {
            "warehouse_id": tx.who.warehouse_id,
            "at": tx.now,
            "operation_id": tx.operation_known,
            "verb": verb,
            "noun": noun,
            "noun_id": number,
            "before": "",
            "after": "",
            "detail": dict(detail),
        }
        for number, detail in details.items()
    ]
    _write.tell_each(tx, lines)
