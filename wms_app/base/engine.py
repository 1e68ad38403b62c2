"""How the store is reached: connections of each kind, and what their errors mean to a person."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError

from wms_app.base.prepared import wrapped
from wms_app.base.refusal import Down
from wms_app.base.texts import _

BUSY_SECONDS = 15
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


def make_engine(url: str) -> Engine:
    """Connections to an embedded store or to Postgres; nothing is opened yet.

    What the URL says of the connection itself (its query) goes before our own settings.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    settings = {name: value for name, value in _POSTGRES.items() if name not in parsed.query}
    engine = create_engine(url, connect_args=settings | _DRIVER, pool_size=4, max_overflow=4)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _ask_after_a_pause)
    return engine


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


def may_retry(error: DBAPIError) -> bool:
    """Whether the same work, begun again, may well succeed."""
    state = getattr(error.orig, "sqlstate", None)
    locked = isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)
    return state in _RETRY_STATES or locked or is_lost(error)


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Database errors inside come out in words, where there are any."""
    try:
        yield
    except DBAPIError as error:
        raise spoken(error) from error


def spoken(error: DBAPIError) -> Exception:
    """What a database error means to a person; anything unknown stays the error it is."""
    words = str(error.orig).lower()
    if "readonly" in words or "read-only" in words:
        return Down("store", _("The store can only be read: check the rights of its file or disk."))
    if "full" in words and "disk" in words:
        return Down("store", _("The disk is full: nothing was saved. Make room, then scan again."))
    if "malformed" in words or "not a database" in words:
        return Down("store", _("The store's file is damaged: restore the last backup."))
    unreachable = isinstance(error, OperationalError | InterfaceError) and (
        "locked" in words or "unable to open" in words
    )
    if unreachable or is_lost(error):
        return Down("store", _("The store is away; nothing was saved. Scan again when it is back."))
    return error
