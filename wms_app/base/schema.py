"""What every table is made of: the declarative base, column types, ids, sets of ids.

Every hot table carries `warehouse_id` and leads its secondary keys with it; `id` is unique in the
whole store, so a table can later be distributed by warehouse without a change in code.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import (
    ARRAY,
    JSON,
    TIMESTAMP,
    BigInteger,
    Boolean,
    ColumnElement,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    bindparam,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator, TypeEngine

_last_said: list[tuple[datetime | None, str]] = [(None, "")]


class Utc(TypeDecorator[datetime]):
    """A moment in UTC with zone; a naive one is refused.

    Postgres keeps timestamptz; SQLite keeps text of one length, so that it sorts as time does.
    """

    impl = TIMESTAMP(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(29))
        return dialect.type_descriptor(TIMESTAMP(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone: {value!r}")
        if dialect.name != "sqlite":
            return value
        last, said = _last_said[0]
        if value is not last:  # the moment of a scan stands in each of its rows
            said = value.astimezone(UTC).isoformat(timespec="milliseconds")
            _last_said[0] = (value, said)
        return said

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None or isinstance(value, datetime):
            return value
        return datetime.fromisoformat(value)


class _Ids(TypeDecorator[Sequence[int]]):
    """A set of ids as one parameter: JSON text on SQLite, an array on Postgres."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(BigInteger()))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        return ids if dialect.name == "postgresql" else json.dumps(ids)


class _Among(ColumnElement[bool]):
    """`column IN (all of these ids)`, one statement text for any number of ids."""

    inherit_cache = True
    type = Boolean()

    _traverse_internals = [  # what makes two of them one statement in the cache
        ("column", InternalTraversal.dp_clauseelement),
        ("ids", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Any, ids: Any) -> None:
        self.column = column
        self.ids = ids

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002
        """It is a condition as it stands: written as `... = 1` no index would serve it."""
        return self


def among(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """`column` is one of `ids`; costs one parameter, however many there are."""
    return _Among(column.expression if hasattr(column, "expression") else column, _bound(ids))


def among_given(column: Any, name: str) -> ColumnElement[bool]:
    """The same for a prepared statement: the ids are the value of the parameter `name`."""
    given = bindparam(name, type_=_Ids())
    return _Among(column.expression if hasattr(column, "expression") else column, given)


def _bound(ids: Sequence[int]) -> Any:
    return bindparam(None, list(ids), type_=_Ids(), unique=True)


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(element.column, **kw)
    return f"{column} IN (SELECT value FROM json_each({compiler.process(element.ids, **kw)}))"


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(element.column, **kw)
    return f"{column} = ANY ({compiler.process(element.ids, **kw)})"


class _Json(TypeDecorator[Any]):
    """Plain data: JSON text on SQLite, jsonb on Postgres; None is no value at all."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            # Only where it is needed: the start of a station with an embedded store need not wait.
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(JSON(none_as_null=True))


Json = _Json()


def locking(statement: Any, *of: type[Any]) -> Any:
    """A select that locks its rows, those of the models `of` where it joins several.

    Numbers of rows do not change, so whoever only refers to a locked row (a foreign key) need not
    wait for it, nor can he meet its holder halfway: FOR NO KEY UPDATE.
    """
    return statement.with_for_update(of=of or None, key_share=True)


def only_where(condition: str) -> dict[str, Any]:
    """Arguments of an Index for the rows that meet `condition` (SQL)."""
    return {"sqlite_where": text(condition)}


BigId = BigInteger().with_variant(Integer(), "sqlite")

IdColumn = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]
WarehouseColumn = Annotated[int, mapped_column(BigId, ForeignKey("warehouses.id"))]


class Base(DeclarativeBase):
    """The base of every noun that is kept."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Utc(), dict[str, Any]: Json, int: BigId}
