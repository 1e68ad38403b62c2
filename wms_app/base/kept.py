"""A connection for each thread that works on a store, kept from one transaction to the next.

Fetching one from the pool and wrapping it anew costs as much as several statements of a scan.
"""

from __future__ import annotations

import threading
import time
from weakref import WeakSet

from sqlalchemy import Connection, Engine

from wms_app.base import engine as engines


class Kept:
    """The connections of one store; whoever needs one within another's use gets a second."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._mine = threading.local()
        self._all: WeakSet[Connection] = WeakSet()

    def connection(self) -> InUse:
        """This thread's connection; after an error it is not used again.

        After a pause it goes through the pool, which asks whether it still lives.
        """
        return InUse(self)

    def give_back(self, conn: Connection, *, failed: bool) -> None:
        """Whoever used it has done so."""
        if not failed and self._mine.conn is None:
            self._mine.conn, self._mine.used = conn, time.monotonic()
        else:
            conn.close()

    def take(self) -> Connection:
        """The one that is kept, or another; `connection` gives it back too."""
        conn: Connection | None = getattr(self._mine, "conn", None)
        self._mine.conn = None
        if conn is not None and time.monotonic() - self._mine.used >= engines.IDLE_SECONDS:
            conn.close()
        if conn is None or conn.closed:
            conn = self._engine.connect()
            self._all.add(conn)
        return conn

    def close(self) -> None:
        """Let go of all of them, of every thread."""
        for conn in list(self._all):
            conn.close()


class InUse:
    """A connection while somebody works with it; no generator, for every scan has one."""

    __slots__ = ("_conn", "_kept")

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._conn = kept.take()

    def __enter__(self) -> Connection:
        return self._conn

    def __exit__(self, kind: object, _error: object, _trace: object) -> None:
        self._kept.give_back(self._conn, failed=kind is not None)
