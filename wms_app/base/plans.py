"""What a driver is given of a prepared statement: its text, its values in order, its rows."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Dialect
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]


class _Values:
    """How the values of a statement are put in order and converted to what the driver takes."""

    def __init__(
        self,
        names: Sequence[str],
        given: Collection[str],
        converts: Mapping[str, Any],
        constants: Mapping[str, Any],
    ) -> None:
        """`names`: in their order; those not among `given` are `constants`."""
        self._constants = {}
        for name in names:
            if name not in given:
                convert = converts.get(name)
                self._constants[name] = convert(constants[name]) if convert else constants[name]
        self._pick = _picker(names)
        self._to_convert = [
            (place, converts[name])
            for place, name in enumerate(names)
            if name in given and converts.get(name)
        ]

    def of(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """The values of one row."""
        picked = self._pick({**self._constants, **values} if self._constants else values)
        if not self._to_convert:
            return picked
        row = list(picked)
        for place, convert in self._to_convert:
            row[place] = convert(row[place])
        return row

    def of_many(self, rows: Sequence[Mapping[str, Any]]) -> Iterable[Sequence[Any]]:
        """Those of many; a value that stands in one row after another is converted once."""
        if self._constants:
            return map(self.of, rows)
        if not self._to_convert:
            return map(self._pick, rows)
        made = [list(self._pick(row)) for row in rows]
        for place, convert in self._to_convert:
            before: Any = self
            after: Any = None
            for values in made:
                if values[place] is not before:
                    before = values[place]
                    after = convert(before)
                values[place] = after
        return made


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Takes the values of these names, in their order, from a row."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda row: tuple(row[name] for name in names)


class _Compiled:
    """What SQLAlchemy makes of a statement for one kind of store."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = cast(
            SQLCompiler,
            statement.compile(dialect=dialect),  # type: ignore[attr-defined]
        )
        self._given = {bind.key for bind in compiled.binds.values() if not bind.unique}
        constants = compiled.construct_params(dict.fromkeys(self._given))
        # Lists of constants (IN) become single values here, as they do when it is executed.
        whole = compiled._process_parameters_for_postcompile(constants)
        self.sql = whole.statement
        self.names = whole.positiontup or ()  # of its question marks, where it has such
        self._converts = {**compiled._bind_processors, **whole.processors}
        self._constants = {**constants, **whole.additional_parameters}
        entries = compiled._result_columns or ()
        self.types = [entry.type for entry in entries]
        self.row_class = _row_class([entry.keyname for entry in entries])

    def values(self, names: Sequence[str]) -> _Values:
        """The values of these names, in their order."""
        return _Values(names, self._given, self._converts, self._constants)


class SqlitePlan:
    """What SQLite is given: the text, and how values go in and come out."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        made = _Compiled(statement, dialect)
        self.sql = made.sql
        values = made.values(made.names)
        self.given = values.of  # the values in the order of their question marks
        self.given_many = values.of_many
        self._row = made.row_class
        self._converts = [_result_of(one, dialect) for one in made.types]
        self._plain = not any(self._converts)

    def read(self, rows: list[Any]) -> list[Any]:
        """The rows, in the types of their columns."""
        if self._plain:
            return [self._row(*row) for row in rows]
        return [
            self._row(
                *[
                    value if convert is None else convert(value)
                    for value, convert in zip(row, self._converts)
                ]
            )
            for row in rows
        ]


class _Text:
    """A statement as Postgres is given it."""

    def __init__(self, sql: str, formats: list[Any]) -> None:
        self.sql = sql
        self.text = sql.encode()
        self.formats = formats


class PostgresPlan:
    """What Postgres is given: the text with $1, $2, ..., the values, and how rows come out."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        from psycopg.adapt import PyFormat

        made = _Compiled(statement, dialect)
        parts = re.split(r"%\((\w+)\)s|(%%)", made.sql)
        names = list(dict.fromkeys(name for name in parts[1::3] if name))
        numbers = {name: f"${number}" for number, name in enumerate(names, 1)}
        self.sql = "".join(
            text + (numbers[name] if name else "%" if percent else "")
            for text, name, percent in zip(parts[::3], [*parts[1::3], ""], [*parts[2::3], ""])
        )
        self.text = self.sql.encode()
        self.given = made.values(names).of  # in the order of the numbers
        self.formats: list[Any] = [PyFormat.TEXT] * len(names)
        self.row = made.row_class._make
        self._is_select = bool(getattr(statement, "is_select", False))
        self.table = ""
        self.copied: tuple[str, ...] = ()
        self._turned: list[Convert | None] = []
        self._rest: tuple[Any, ...] = ()

    @cached_property
    def one_each(self) -> _Text:
        """The same change, an error (a division by zero) where it changes no row; what looks up
        rows raises it by itself."""
        if self._is_select:
            return _Text(self.sql, self.formats)
        text = f"WITH one AS ({self.sql} RETURNING 1) SELECT 1/count(*) FROM one"
        return _Text(text, self.formats)

    def copy_into(
        self, table: Any, columns: Sequence[str], constants: Mapping[str, Any], dialect: Dialect
    ) -> None:
        """Let many rows of the table be copied: the columns given, and constants for others."""
        self.table = str(table.name)
        self.copied = (*columns, *constants)
        impls = [table.c[name].type.dialect_impl(dialect) for name in self.copied]
        self._turned = [cast("Convert | None", one.bind_processor(dialect)) for one in impls]
        self._rest = tuple(constants.values())

    def copies(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[list[Any]]:
        """The rows as they are copied."""
        names = self.copied[: len(self.copied) - len(self._rest)]
        for row in rows:
            values = [*[row[name] for name in names], *self._rest]
            yield [c(v) if c else v for c, v in zip(self._turned, values)]


def _row_class(names: Sequence[str]) -> Any:
    return namedtuple("Row", names, rename=True)


def _result_of(of: Any, dialect: Dialect) -> Convert | None:
    return cast("Convert | None", of.dialect_impl(dialect).result_processor(dialect, None))
