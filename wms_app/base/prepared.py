"""Statements that are made once: the hot paths run them without building them anew.

A prepared statement goes straight to the driver, with the column types' own conversions; that is
several times faster than a statement that is built, looked up and wrapped for each call. On
Postgres, where the network is what costs, `tell` does not even wait for its answer (see `pipe`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, func, insert, literal_column, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable

from wms_app.base.pipe import COPY_FROM, TAKEN
from wms_app.base.plans import PostgresPlan, SqlitePlan
from wms_app.base.schema import Base, locking

if TYPE_CHECKING:
    from wms_app.base.db import Tx


# The number of the transaction's own operation, before its claim is answered.
OWN_OPERATION = "currval(pg_get_serial_sequence('operations', 'id'))"


class Prepared:
    """One statement with named `bindparam`s; every other value in it is constant.

    Rows are named tuples. `run` and `many` give how many rows changed; `tell` and `tell_each`
    do not, and so save a round trip.
    """

    def __init__(self, statement: Executable, *lock: type[Base]) -> None:
        """`lock`: the models whose rows a select locks, in this order.

        Of a locked row Postgres gives what is true after the wait, of a row that is only joined
        what was true before it. On SQLite the whole store is locked.
        """
        self.statement = statement  # what SQLite is given, which locks the whole store
        self._locking = locking(statement, *lock) if lock else statement
        self._sqlite: SqlitePlan | None = None
        self._postgres: PostgresPlan | None = None

    def rows(self, tx: Tx, **values: Any) -> list[Any]:
        """All rows of a select."""
        if tx.pipe is not None:
            plan = self._postgres or self._plan_postgres(tx)
            return tx.pipe.ask(plan, plan.given(values), plan.row)
        assert tx.raw is not None
        direct = self._sqlite or self._plan_sqlite(tx)
        return direct.read(fetched(tx.raw, direct.sql, direct.given(values)))

    def later(self, tx: Tx, **values: Any) -> Later:
        """The rows of a select as they are now, to be looked at when somebody needs them.

        On Postgres it goes out with the next question, or with the commit: what is asked last
        costs no round trip of its own, and may be looked at when the transaction is over.
        """
        if tx.pipe is None:
            return Later(tx, self.rows(tx, **values))
        plan = self._postgres or self._plan_postgres(tx)
        answer = Later(tx)
        tx.pipe.tell(plan, [plan.given(values)])
        tx.pipe.hear_later(answer.hear, plan.row)
        return answer

    def first(self, tx: Tx, **values: Any) -> Any:
        """The first row of a select, or None."""
        rows = self.rows(tx, **values)
        return rows[0] if rows else None

    def scalar(self, tx: Tx, **values: Any) -> Any:
        """The first column of the first row, or None."""
        rows = self.rows(tx, **values)
        return rows[0][0] if rows else None

    def scalars(self, tx: Tx, **values: Any) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.rows(tx, **values)]

    def run(self, tx: Tx, **values: Any) -> int:
        """Change something; gives how many rows were changed."""
        return self.many(tx, [values])

    def many(self, tx: Tx, rows: Sequence[Mapping[str, Any]]) -> int:
        """Change something for each of `rows`; none is no statement at all."""
        if not rows:
            return 0
        if tx.pipe is not None:
            plan = self._postgres or self._plan_postgres(tx)
            return tx.pipe.count(plan, [plan.given(row) for row in rows])
        return self._many_sqlite(tx, rows)

    def tell(self, tx: Tx, **values: Any) -> None:
        """Change something where nobody asks how many rows were changed."""
        self.tell_each(tx, [values])

    def tell_each(self, tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same for each of `rows`."""
        if not rows:
            return
        if tx.pipe is None:
            self._many_sqlite(tx, rows)
            return
        plan = self._postgres or self._plan_postgres(tx)
        if len(rows) >= COPY_FROM and plan.copied:
            tx.pipe.copy(plan.table, plan.copied, plan.copies(_with_operation(tx, rows)))
        else:
            tx.pipe.tell(plan, [plan.given(row) for row in rows])

    def claim(
        self,
        tx: Tx,
        heard: Callable[[Any], None],
        otherwise: Callable[[], Exception],
        **values: Any,
    ) -> None:
        """Insert a row; its id comes to `heard` with the next answer, on SQLite at once.

        `otherwise` is raised where there is such a row already. On Postgres the statement returns
        the id; on SQLite its own ON CONFLICT does nothing then.
        """
        if tx.pipe is not None:
            plan = self._postgres or self._plan_postgres(tx)
            tx.pipe.tell(plan, [plan.given(values)], otherwise, error=TAKEN)
            tx.pipe.hear_later(lambda rows: heard(rows[0][0]), list)
            return
        made = self._one_sqlite(tx, values)
        if made.rowcount < 1:
            raise otherwise()
        heard(made.lastrowid)

    def must(
        self, tx: Tx, rows: Sequence[Mapping[str, Any]], otherwise: Callable[[], Exception]
    ) -> None:
        """Change one row for each of `rows`; where none was changed, raise what `otherwise` gives.

        On Postgres the server itself does nothing more then, not even the commit; it is raised by
        the next statement that is asked, or by the commit. It begins at once, while what comes
        after is made ready.
        """
        if tx.pipe is not None:
            plan = self._postgres or self._plan_postgres(tx)
            tx.pipe.tell(plan.one_each, [plan.given(row) for row in rows], otherwise)
            tx.pipe.go()
        elif rows and self._many_sqlite(tx, rows) != len(rows):
            raise otherwise()

    def _one_sqlite(self, tx: Tx, values: Mapping[str, Any]) -> sqlite3.Cursor:
        assert tx.raw is not None
        plan = self._sqlite or self._plan_sqlite(tx)
        try:
            return tx.raw.execute(plan.sql, plan.given(values))
        except sqlite3.Error as error:
            raise wrapped(plan.sql, error) from error

    def _many_sqlite(self, tx: Tx, rows: Sequence[Mapping[str, Any]]) -> int:
        if len(rows) == 1:
            return self._one_sqlite(tx, rows[0]).rowcount
        assert tx.raw is not None
        plan = self._sqlite or self._plan_sqlite(tx)
        return _execute_many(tx.raw, plan.sql, plan.given_many(rows)).rowcount

    def _plan_sqlite(self, tx: Tx) -> SqlitePlan:
        self._sqlite = SqlitePlan(self.statement, tx.dialect)
        return self._sqlite

    def _plan_postgres(self, tx: Tx) -> PostgresPlan:
        self._postgres = PostgresPlan(self._locking, tx.dialect)
        return self._postgres


class Later:
    """An answer that comes with another one."""

    def __init__(self, tx: Tx, rows: list[Any] | None = None) -> None:
        self._tx = tx
        self._rows = rows

    def hear(self, rows: list[Any]) -> None:
        """It is here."""
        self._rows = rows

    @property
    def known(self) -> bool:
        """Whether it is here."""
        return self._rows is not None

    @property
    def rows(self) -> list[Any]:
        """All rows; waited for where they are not here yet."""
        if self._rows is None and self._tx.pipe is not None:
            self._tx.pipe.hear()
        assert self._rows is not None, "its transaction did not end well"
        return self._rows


class PreparedInsert(Prepared):
    """Rows of one table: `columns` are given each time, the others take their defaults.

    An `operation_id` of None is that of the transaction's own operation: its claim may not be
    answered yet (see `operations.begin`), but the server knows which number it took last.
    """

    def __init__(self, model: type[Base], *columns: str, returning: str = "") -> None:
        table = model.__table__
        defaults = {
            column.key: column
            for column in table.columns
            if column.key not in columns and column.default is not None and column.default.is_scalar
        }
        named: dict[str, Any] = {key: bindparam(key) for key in columns}
        # The defaults stand in the text itself: what is left are the values given.
        constants = {
            key: bindparam(None, column.default.arg, column.type, unique=True, literal_execute=True)
            for key, column in defaults.items()
        }
        into, returned = insert(cast(Any, table)), [table.c[returning]] if returning else []
        super().__init__(into.values({**constants, **named}).returning(*returned))
        if "operation_id" in named:
            number = bindparam("operation_id", type_=table.c.operation_id.type)
            named["operation_id"] = func.coalesce(number, literal_column(OWN_OPERATION))
            self._locking = into.values({**constants, **named}).returning(*returned)
        self._table = table
        self._columns = columns
        self._constants = {key: column.default.arg for key, column in defaults.items()}
        self._gives_nothing = not returning

    def _plan_postgres(self, tx: Tx) -> PostgresPlan:
        plan = super()._plan_postgres(tx)
        if self._gives_nothing:
            plan.copy_into(self._table, self._columns, self._constants, tx.dialect)
        return plan


def one_each(change: Any) -> Executable:
    """A change that stands behind others (as CTEs do), for `must`: as a question that is an error
    where nothing was changed. Postgres wants all changes of a statement on its top level."""
    return select(literal_column("1/count(*)")).select_from(change.cte("one"))


def _with_operation(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Copied rows hold values alone: the operation's number has to be known."""
    if rows[0].get("operation_id", 0) is not None:
        return rows
    return [{**row, "operation_id": tx.operation} for row in rows]


def fetched(raw: sqlite3.Connection, sql: str, values: Sequence[Any] = ()) -> list[Any]:
    """All rows; a damaged file is noticed by the first of them or by any other."""
    try:
        return raw.execute(sql, values).fetchall()
    except sqlite3.Error as error:
        raise wrapped(sql, error) from error


def _execute_many(
    raw: sqlite3.Connection, sql: str, values: Iterable[Sequence[Any]]
) -> sqlite3.Cursor:
    try:
        return raw.executemany(sql, values)
    except sqlite3.Error as error:
        raise wrapped(sql, error) from error


def wrapped(sql: str, error: sqlite3.Error) -> Exception:
    """The error as SQLAlchemy would raise it; parameters stay out of it, they may be personal."""
    return cast(Exception, DBAPIError.instance(sql, None, error, sqlite3.Error))
