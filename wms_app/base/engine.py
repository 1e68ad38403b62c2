"""How the store is reached: connections of each kind, and what their errors mean to a person."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError

from wms_app.base import embedded
from wms_app.base.refusal import Down
from wms_app.base.texts import _, mark

# How long whoever wants to write waits for another program, unless the URL says `?timeout=` (s).
BUSY_SECONDS = 15.0
IDLE_SECONDS = 5  # a connection unused for longer is asked whether it still lives
# Serialization failure, deadlock, and a key that another station wrote at the same moment: tried
# again, what was looked for and not there is found.
_RETRY_STATES = {"40001", "40P01", "23505"}
# A server that is gone without a word is noticed within seconds (libpq's own settings; the
# last in milliseconds), whichever of the hosts in the URL it was.
_POSTGRES = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 8000,
}
# Hot statements are prepared by `pipe` for as long as the connection lives; the driver would throw
# all of them away with its own after each rollback.
_DRIVER: dict[str, Any] = {"prepare_threshold": None}


_STATEMENTS = 512  # kept ready by a connection to an embedded store


def make_engine(url: str) -> Engine:
    """Connections to an embedded store or to Postgres; nothing is opened yet.

    What the URL says of the connection itself (its query) goes before our own settings. Values stay
    out of errors: they may be a buyer's.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            connect_args={
                "timeout": patience_s(parsed),
                "cached_statements": _STATEMENTS,
                "factory": embedded.EmbeddedConnection,
            },
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "checkout", _keep_sqlite_safe)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    settings = {name: value for name, value in _POSTGRES.items() if name not in parsed.query}
    engine = create_engine(
        url, connect_args=settings | _DRIVER, pool_size=8, max_overflow=8, hide_parameters=True
    )
    event.listen(engine, "connect", _read_whole_numbers)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _ask_after_a_pause)
    return engine


def patience_s(url: URL) -> float:
    """How long a scan waits for whoever holds the embedded store, all tries together, seconds."""
    return float(str(url.query.get("timeout", BUSY_SECONDS)))


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    embedded.prepare(connection)


def _keep_sqlite_safe(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
    """Whoever fetches a connection may not bring its commits to the disk himself (see `Log`)."""
    if isinstance(connection, embedded.EmbeddedConnection):
        connection.syncs_itself()


def _begin_sqlite(conn: Connection) -> None:
    """Begin where SQLAlchemy begins: what the store has begun by itself it only joins."""
    raw = cast(sqlite3.Connection, conn.connection.driver_connection)
    if not raw.in_transaction:
        writes = bool(conn.get_execution_options().get("dock_write"))
        embedded.begin(raw, time.monotonic() if writes else None)


def _read_whole_numbers(connection: Any, _record: object) -> None:
    """Postgres sums whole numbers into its `numeric`: they are read as whole numbers again."""
    from psycopg.adapt import Loader

    class WholeNumber(Loader):
        """An int where there is no fraction, else a Decimal."""

        def load(self, data: Any) -> int | Decimal:
            text = bytes(data).decode()
            return int(text) if text.lstrip("-").isdigit() else Decimal(text)

    connection.adapters.register_loader("numeric", WholeNumber)


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _ask_after_a_pause(connection: Any, record: Any, _proxy: object) -> None:
    """Ping only what has lain unused: a round trip less for every scan of a busy station."""
    used = record.info.get("used")
    if used is None or time.monotonic() - used < IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError(str(error)) from error


def is_lost(error: DBAPIError) -> bool:
    """Whether the connection itself is gone, or could not be made."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None) or ""
    # 57P: the server shuts down or starts; 08: no connection; 25006: a standby not yet promoted
    if state[:3] in ("57P", "080") or state == "25006":
        return True
    driver = type(error.orig).__module__
    return isinstance(error, OperationalError) and "psycopg" in driver and not state


def is_unsure(error: DBAPIError) -> bool:
    """Whether a commit that failed so may have reached the disk all the same."""
    return is_lost(error) or _sqlite_code(error, whole=True) == sqlite3.SQLITE_IOERR_FSYNC


def may_retry(error: DBAPIError) -> bool:
    """Whether the same work, begun again, may well succeed."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _RETRY_STATES or is_locked(error) or is_unsure(error)


def is_locked(error: DBAPIError) -> bool:
    """Whether another program holds the embedded store."""
    return _sqlite_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Database errors inside come out in words, where there are any."""
    try:
        yield
    except DBAPIError as error:
        raise spoken(error) from error


def spoken(error: DBAPIError) -> Exception:
    """What a database error means to a person; anything unknown stays the error it is."""
    # A standby that is not yet promoted can only be read too; that is waited for, not mended.
    if is_lost(error):
        return Down("store", _("The store is away; nothing was saved."))
    text = _TROUBLES.get(_sqlite_code(error) or getattr(error.orig, "sqlstate", None))
    if text is None and "could not decode" in str(error.orig).lower():  # bytes that are no text
        text = _DAMAGED
    return error if text is None else Down("store", _(text))


def damaged() -> Down:
    """The store's file holds what no store would write."""
    return Down("store", _(_DAMAGED))


def _sqlite_code(error: DBAPIError, whole: bool = False) -> int:
    """SQLite's result code, the primary one unless `whole`; 0 where there is none."""
    code = int(getattr(error.orig, "sqlite_errorcode", 0))
    return code if whole else code & 0xFF


_READ_ONLY = mark("The store can only be read: check the rights of its file, folder and disk.")
_FULL = mark("The disk is full: nothing was saved. Make room, then scan again.")
_BROKEN = mark(
    "The disk can't be read or written: nothing was saved. "
    "See whether it is full, unplugged or failing, then scan again."
)
_DAMAGED = mark("The store's file is damaged: restore the last backup.")
_SHUT = mark(
    "The store's file can't be opened: check that it is there, and the rights of its folder."
)
_HELD = mark("Another program holds the store; nothing was saved. Close it, then scan again.")
_BUSY = mark("Others were at work on the same things: nothing was saved. Scan again.")
# By SQLite's result code or Postgres' SQLSTATE: the words are another library's, and translated.
_TROUBLES: dict[int | str | None, str] = {
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_FULL: _FULL,
    "53100": _FULL,
    sqlite3.SQLITE_IOERR: _BROKEN,
    "58030": _BROKEN,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: _SHUT,
    sqlite3.SQLITE_PERM: _SHUT,
    "40P01": _BUSY,
    "40001": _BUSY,
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
}
