"""The store: `read()` to look, `write()` to change; one transaction per scan or command.

`write()` is the only door through which anything changes. It names the operation, runs the work,
and commits; the same operation again returns the first answer and changes nothing.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Row, create_engine, event, func, select, text
from sqlalchemy.engine import CursorResult, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.sql import Executable

from wms_app.base import clock, migrations, operations
from wms_app.base.months import AHEAD, make_months, months_ahead
from wms_app.base.prepared import wrapped
from wms_app.base.refusal import Down, Refused
from wms_app.base.schema import Base
from wms_app.base.texts import _
from wms_app.base.turns import Turns
from wms_app.base.who import Who

T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]
TRIES = 6
BUSY_SECONDS = 15
_RETRY_STATES = {"40001", "40P01"}  # serialization failure, deadlock


class Tx:
    """One open transaction: run statements, know who acts, when, and in which operation."""

    def __init__(self, conn: Connection, who: Who | None, operation: int, now: datetime) -> None:
        self.conn = conn
        self._who = who
        self.operation = operation
        self.now = now
        self.changes: set[str] = set()
        self.postgres = conn.dialect.name == "postgresql"
        driver = None if self.postgres else conn.connection.driver_connection
        self.raw = driver if isinstance(driver, sqlite3.Connection) else None

    @property
    def who(self) -> Who:
        """The person acting; a reading transaction has none."""
        if self._who is None:
            raise RuntimeError("a reading transaction changes nothing")
        return self._who

    def execute(
        self,
        statement: Executable,
        rows: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        """Run one statement; a list of `rows` runs it for each of them in one call."""
        if rows is None:
            return self.conn.execute(statement)
        return self.conn.execute(statement, rows)

    def rows(self, statement: Executable) -> Sequence[AnyRow]:
        """All rows of a select."""
        return self.conn.execute(statement).all()

    def first(self, statement: Executable) -> AnyRow | None:
        """The first row of a select, or None."""
        return self.conn.execute(statement).first()

    def scalar(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return self.conn.execute(statement).scalar()

    def scalars(self, statement: Executable) -> Sequence[Any]:
        """The first column of every row."""
        return self.conn.execute(statement).scalars().all()

    def take_ids(self, model: type[Base], count: int) -> list[int]:
        """Reserve `count` ids of a table for rows that are about to be inserted in bulk."""
        table = model.__tablename__
        if self.postgres:
            sequence = func.nextval(func.pg_get_serial_sequence(table, "id"))
            series = select(sequence).select_from(func.generate_series(1, count))
            return [int(i) for i in self.scalars(series)]
        assert self.raw is not None
        last = self.raw.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
        return list(range(last + 1, last + 1 + count))

    def changed(self, *kinds: str) -> None:
        """Say which kinds of things this transaction changed; screens refresh themselves by it."""
        self.changes.update(kinds)


class Store:
    """A warehouse's data: SQLite on one machine or Postgres for many stations, found by URL."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = _make_engine(url)
        self._turns = Turns(Path(self.url.database) if self.sqlite and self.url.database else None)
        self._listeners: list[Callable[[set[str]], None]] = []

    @property
    def sqlite(self) -> bool:
        """Whether this is the embedded store."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A consistent look at the store; nothing can be changed through it."""
        with _spoken_errors(), self.engine.connect() as conn, conn.begin():
            yield Tx(conn, None, 0, clock.now())

    def write(self, operation: str, who: Who, verb: str, work: Callable[[Tx], T]) -> T:
        """Run `work` in one transaction as operation `operation` (its id) and commit.

        The answer of `work` must be plain data (what JSON holds). An operation that was applied
        before returns its first answer. Deadlocks and serialization failures are tried again, a
        bounded number of times, under the same id. `Refused` rolls everything back.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return self._write_once(operation, who, verb, work)
            except DBAPIError as error:
                if attempt == TRIES or not _may_retry(error):
                    raise _spoken(error) from error
                time.sleep(random.uniform(0, 0.02 * 2**attempt))
        raise AssertionError("unreachable")

    def _write_once(self, operation: str, who: Who, verb: str, work: Callable[[Tx], T]) -> T:
        with self._turns.turn(BUSY_SECONDS), self.engine.connect() as conn:
            conn = conn.execution_options(dock_write=True)
            with conn.begin():
                now = clock.now()
                tx = Tx(conn, who, 0, now)
                number = operations.begin(tx, operation, verb)
                if number is None:
                    return operations.answer(tx, operation)  # type: ignore[no-any-return]
                tx.operation = number
                answer = work(tx)
                if answer is not None:
                    operations.remember(tx, answer)
        for listener in self._listeners:
            listener(tx.changes)
        return answer

    def on_change(self, listener: Callable[[set[str]], None]) -> None:
        """Call `listener` with the kinds of things changed, after each commit made here."""
        self._listeners.append(listener)

    def version(self) -> int:
        """A number that changes whenever anybody commits a change to the store."""
        with self.read() as tx:
            return int(tx.scalar(select(func.coalesce(func.max(operations.Operation.id), 0))))

    def create(self, before: Callable[[], object] | None = None) -> None:
        """Make the tables, or bring those of an older version up to date.

        `before` runs before a store with data in it is changed (a backup); without it such a
        store is refused.
        """
        with self.read() as tx:
            ready = migrations.version_of(tx.conn) == migrations.HEAD
            if ready and (self.sqlite or months_ahead(tx.conn) > AHEAD // 2):
                return
        with (
            _spoken_errors(),
            self.engine.connect() as conn,
            conn.execution_options(dock_write=True).begin(),
        ):
            if not migrations.upgrade(conn, before) and not self.sqlite:
                make_months(conn)

    def check(self) -> None:
        """Refuse, in words, a store without tables, of an older version, or of a newer one."""
        with self.read() as tx:
            migrations.check(tx.conn)

    def empty(self) -> bool:
        """Whether this store has not a single table yet."""
        with self.read() as tx:
            return migrations.version_of(tx.conn) == ""

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One moment of the whole store, however long it is read: for copies of all of it."""
        with _spoken_errors(), self.engine.connect() as conn:
            if not self.sqlite:
                conn = conn.execution_options(isolation_level="REPEATABLE READ")
            with conn.begin():
                yield conn

    def ping(self) -> None:
        """Refuse with `Down` when the store cannot be reached."""
        with self.read() as tx:
            tx.conn.execute(text("SELECT 1"))

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _make_engine(url: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_pre_ping=True, pool_size=4, max_overflow=4)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(conn: Connection) -> None:
    writing = conn.get_execution_options().get("dock_write")
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"
    try:
        cast(sqlite3.Connection, conn.connection.driver_connection).execute(begin)
    except sqlite3.Error as error:
        raise wrapped(begin, error) from error


@contextmanager
def _spoken_errors() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _spoken(error) from error


def _may_retry(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    locked = isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)
    return state in _RETRY_STATES or locked or bool(error.connection_invalidated)


def _spoken(error: DBAPIError) -> Exception:
    """What a database error means to a person; anything unknown stays the error it is."""
    words = str(error.orig).lower()
    if "readonly" in words or "read-only" in words:
        return Down("store", _("The store can only be read: check the rights of its file or disk."))
    if "full" in words and "disk" in words:
        return Down("store", _("The disk is full: nothing was saved. Make room, then scan again."))
    if "malformed" in words or "not a database" in words:
        return Down("store", _("The store's file is damaged: restore the last backup."))
    if isinstance(error, (OperationalError, InterfaceError)) and (
        error.connection_invalidated or "locked" in words or "unable to open" in words
    ):
        return Down("store", _("The store is away; nothing was saved. Scan again when it is back."))
    if isinstance(error, OperationalError) and "psycopg" in type(error.orig).__module__:
        return Down("store", _("The store is away; nothing was saved. Scan again when it is back."))
    return error


__all__ = ["AnyRow", "Down", "Refused", "Store", "Tx"]
