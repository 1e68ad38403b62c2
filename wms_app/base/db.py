"""The store: `read()` to look, `write()` to change; one transaction per scan or command.

`write()` is the only door through which anything changes. It names the operation, runs the work,
and commits; the same operation again returns the first answer and changes nothing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Integer, Row, bindparam, func, select, text
from sqlalchemy.engine import CursorResult, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable

from wms_app.base import clock, embedded, migrations, operations
from wms_app.base.embedded import EmbeddedConnection, Marks
from wms_app.base.engine import (
    damaged,
    is_locked,
    is_unsure,
    make_engine,
    may_retry,
    patience_s,
    spoken,
    spoken_errors,
)
from wms_app.base.kept import Kept
from wms_app.base.months import AHEAD, make_months, months_ahead
from wms_app.base.news import Listener, Teller
from wms_app.base.pipe import Pipe
from wms_app.base.prepared import Prepared, fetched
from wms_app.base.refusal import Down, Refused, Unknown
from wms_app.base.schema import Base, locking
from wms_app.base.texts import _
from wms_app.base.turns import Turns
from wms_app.base.who import Who

T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]
TRIES = 6


class Tx:
    """One open transaction: run statements, know who acts, when, and in which operation."""

    def __init__(
        self,
        conn: Connection,
        who: Who | None,
        now: datetime,
        raw: EmbeddedConnection | None = None,
    ) -> None:
        self._conn = conn
        self._who = who
        self._operation = 0
        self.now = now
        self.changes: set[str] = set()
        self._prepares: list[Callable[[], object]] = []
        self._marks = Marks(raw) if raw is not None else None
        self.dialect = conn.dialect
        self.raw = raw
        self.postgres = raw is None
        self.pipe = Pipe(conn, reading=who is None) if self.postgres else None

    @property
    def conn(self) -> Connection:
        """The connection, for what is not prepared; all that was sent before is done."""
        if self.pipe is not None:
            self.pipe.settle()
        if not self._conn.in_transaction():
            self._conn.begin()  # it joins what was begun
        return self._conn

    @property
    def operation(self) -> int:
        """The id of the operation that this transaction applies (see `operations.begin`)."""
        if not self._operation and self.pipe is not None:
            self.pipe.hear()
        return self._operation

    @property
    def operation_known(self) -> int | None:
        """The same where it is known already; else None, and an insert takes it from the server."""
        return self._operation or None

    def claimed(self, operation: int) -> None:
        """The operation is this transaction's, and has this id."""
        self._operation = operation

    @property
    def mark(self) -> object:
        """What the store is like now, for `found`; None on Postgres, which knows no such thing."""
        return self._marks.now() if self._marks is not None else None

    def found(self, mark: object) -> bool:
        """Whether nobody changed anything between that mark and the begin of this transaction."""
        return self._marks is not None and self._marks.found(mark)

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
            return [int(i) for i in _next_ids(table).scalars(self, count=count)]
        assert self.raw is not None
        last = fetched(self.raw, f"SELECT coalesce(max(id), 0) FROM {table}")[0][0]
        return list(range(last + 1, last + 1 + count))

    def meanwhile(self, prepare: Callable[[], object]) -> None:
        """Call `prepare` while the commit is on its way to the disk.

        It sees the answers that were asked for `later`, and must not ask the store. What it makes
        is not to be shown before `Store.write` returns, and not at all when that fails.
        """
        self._prepares.append(prepare)

    @property
    def prepares(self) -> bool:
        """Whether anything was left for `meanwhile`."""
        return bool(self._prepares)

    def prepare(self) -> None:
        """Do it, once."""
        prepares, self._prepares = self._prepares, []
        for one in prepares:
            one()

    def changed(self, *kinds: str) -> None:
        """Say which kinds of things this transaction changed; screens refresh themselves by it."""
        self.changes.update(kinds)


@cache
def _next_ids(table: str) -> Prepared:
    sequence = func.nextval(func.pg_get_serial_sequence(table, "id"))
    return Prepared(
        select(sequence).select_from(func.generate_series(1, bindparam("count", type_=Integer)))
    )


class Store:
    """A warehouse's data: SQLite on one machine or Postgres for many stations, found by URL."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = make_engine(url)
        self._embedded = self.engine.dialect.name == "sqlite"
        self._patience_s = patience_s(self.url) if self.sqlite else 0.0
        self._turns = Turns(Path(self.url.database) if self.sqlite and self.url.database else None)
        self._log = embedded.Log(possible=self._turns.possible)
        self._teller = None if self.sqlite else Teller(self.engine)
        self._kept = Kept(self.engine)

    @property
    def sqlite(self) -> bool:
        """Whether this is the embedded store."""
        return self._embedded

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A consistent look at the store; nothing can be changed through it."""
        with (
            spoken_errors(),
            self._kept.connection() as conn,
            _looking(conn, self._raw(conn)) as tx,
        ):
            yield tx

    def write(self, operation: str, who: Who, verb: str, work: Callable[[Tx], T]) -> T:
        """Run `work` in one transaction as operation `operation` (its id) and commit.

        The answer of `work` must be plain data (what JSON holds). An operation that was applied
        before returns its first answer. Deadlocks and serialization failures are tried again, a
        bounded number of times, under the same id; so is a lost connection. `Refused` rolls
        everything back. `Unknown` is raised when the connection was lost during the commit and
        did not come back: call again with the same id, then it is looked up or done.
        """
        unknown, began = False, time.monotonic()
        for attempt in range(1, TRIES + 1):
            try:
                return self._write_once(operation, who, verb, work, began)
            except _Unanswered as lost:
                unknown, error = True, lost.error
            except DBAPIError as failed:
                error = failed
            if attempt == TRIES or not may_retry(error):
                break
            if is_locked(error) and time.monotonic() - began >= self._patience_s:
                break
            time.sleep(random.uniform(0.01, 0.02 * 2**attempt))
        news = spoken(error)
        if unknown and isinstance(news, Down):
            raise Unknown(
                "store",
                _("The store went away before it answered; this scan is looked up by itself."),
            ) from error
        raise news from error

    def _write_once(
        self, operation: str, who: Who, verb: str, work: Callable[[Tx], T], began: float
    ) -> T:
        def claimed(tx: Tx) -> T:
            operations.begin(tx, operation, verb)
            answer = _worked(tx, work)
            if answer is not None:
                operations.remember(tx, answer)
            return answer

        try:
            answer = self._change(who, began, claimed)
        except operations.AppliedBefore:
            return self._change(who, began, lambda tx: cast(T, operations.answer(tx, operation)))
        if self._teller is not None:
            self._teller.changed()
        return answer

    def _change(self, who: Who, began: float, work: Callable[[Tx], T]) -> T:
        """One transaction of somebody who began to ask for it at `began` (monotonic, seconds)."""
        with self._kept.connection() as conn:
            raw = self._raw(conn)
            self._log.begin(raw)
            place = self._turns.stand(max(0.0, began + self._patience_s - time.monotonic()))
            try:
                tx = _begun(conn, raw, who, began)
                answer = _committed(tx, conn, work)
            finally:
                self._turns.leave(place)
            self._log.begin_saving(raw)
            tx.prepare()
            try:
                self._log.saved(raw)
            except DBAPIError as error:
                raise _Unanswered(error) from error
        return answer

    def was_applied(self, operation: str) -> bool:
        """Whether the operation with this id was applied (on its standby too, if it has one)."""
        found = locking(select(operations.Operation.id).filter_by(key=operation))
        with spoken_errors(), self._kept.connection() as conn:
            raw = self._raw(conn)
            self._log.begin(raw)
            with _looking(conn, raw) as tx:
                applied = tx.first(found) is not None
            self._log.saved(raw)
            return applied

    def _raw(self, conn: Connection) -> EmbeddedConnection | None:
        """The driver's own connection to an embedded store."""
        driver = conn.connection.driver_connection if self._embedded else None
        return cast("EmbeddedConnection | None", driver)

    def listen(self, heard: Callable[[], None], away: Callable[[], None]) -> Listener | None:
        """Hear of every change, see `Listener`; an embedded store is asked its version instead."""
        return None if self.sqlite else Listener(self.engine, heard, away)

    @property
    def untold(self) -> bool:
        """Whether the other stations were not yet told of something."""
        return self._teller is not None and self._teller.untold

    def tell(self) -> None:
        """Tell the other stations what they were not told yet (now and then, by whoever waits)."""
        if self._teller is not None:
            self._teller.tell_if_due()

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
            spoken_errors(),
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
        with spoken_errors(), self.engine.connect() as conn:
            if not self.sqlite:
                conn = conn.execution_options(isolation_level="REPEATABLE READ")
            with conn.begin():
                yield conn

    def ping(self) -> None:
        """Refuse with `Down` when the store cannot be reached."""
        with self.read() as tx:
            tx.conn.execute(text("SELECT 1"))

    def examine(self) -> None:
        """Refuse with `Down` an embedded store that is damaged, or that can't be written now.

        The whole file is read; nothing is written.
        """
        with self.read() as tx:
            if tx.scalar(text("PRAGMA quick_check(1)")) != "ok":
                raise damaged()
        with spoken_errors(), self.engine.connect() as conn:
            begun = conn.execution_options(dock_write=True).begin()
            # Where it may not write, SQLite begins to read instead: only a change is refused.
            conn.exec_driver_sql("PRAGMA user_version=0")
            begun.rollback()

    def close(self) -> None:
        """Let go of every connection."""
        if self._teller is not None:
            self._teller.tell_now()
        self._kept.close()
        self._turns.close()
        self.engine.dispose()


@contextmanager
def _looking(conn: Connection, raw: EmbeddedConnection | None) -> Iterator[Tx]:
    """What was sent without waiting is done before the transaction ends, or its error is raised."""
    tx = _begun(conn, raw, None, None)
    try:
        yield tx
        if tx.pipe is not None:
            tx.pipe.settle()
        _keep(tx, conn)
    except BaseException:
        _undo(tx, conn)
        raise


class _Unanswered(Exception):
    """The connection was lost while the commit was on its way: it may have happened or not."""

    def __init__(self, error: DBAPIError) -> None:
        super().__init__(str(error))
        self.error = error


def _committed(tx: Tx, conn: Connection, work: Callable[[Tx], T]) -> T:
    """Work, and commit; a connection lost during the commit is told apart from one lost before."""
    committing = False
    try:
        answer = work(tx)
        committing = True
        if tx.pipe is not None:
            tx.pipe.commit(tx.prepare if tx.prepares else None)
        _keep(tx, conn)
    except BaseException as error:
        _undo(tx, conn)
        if committing and isinstance(error, DBAPIError) and is_unsure(error):
            raise _Unanswered(error) from error
        raise
    return answer


def _begun(
    conn: Connection, raw: EmbeddedConnection | None, who: Who | None, asked_at: float | None
) -> Tx:
    """A transaction of the driver's, on Postgres begun by its first statement; SQLAlchemy has none
    until `Tx.conn` is asked for."""
    if raw is not None:
        embedded.begin(raw, asked_at)
    return Tx(conn, who, clock.now(), raw)


def _keep(tx: Tx, conn: Connection) -> None:
    transaction = conn.get_transaction()
    if transaction is not None:
        transaction.commit()
    elif tx.pipe is not None:
        tx.pipe.end(kept=True)
    elif tx.raw is not None:
        embedded.end(tx.raw, kept=True)


def _undo(tx: Tx, conn: Connection) -> None:
    if tx.pipe is not None:
        tx.pipe.drop()
    transaction = conn.get_transaction()
    if transaction is not None:
        if transaction.is_active and not conn.invalidated:
            transaction.rollback()
    elif tx.pipe is not None:
        tx.pipe.end(kept=False)
    elif tx.raw is not None and not conn.closed:
        embedded.end(tx.raw, kept=False)


def _worked(tx: Tx, work: Callable[[Tx], T]) -> T:
    """What `work` answers; a refusal stands only if the operation was not applied before."""
    try:
        return work(tx)
    except Refused:
        _ = tx.operation  # hears of its claim
        raise


__all__ = ["AnyRow", "Store", "Tx"]
