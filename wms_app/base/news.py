"""Changes made at one station are heard at the others: LISTEN and NOTIFY on Postgres.

A notice is sent after the commit of what it tells of, never inside it: a NOTIFY in a transaction
lets all commits of the database wait for one another (its queue has one lock). It says only that
something changed; what, each screen asks for what it shows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from sqlalchemy import Engine, text

CHANNEL = "dock"
BETWEEN_SECONDS = 0.2  # a station tells no more often; what came meanwhile is told afterwards
_LISTEN_SECONDS = 0.5  # how long the end of the listening may take


class Teller:
    """Tells other stations that something changed here, a few times a second at most."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._told = 0.0
        self._untold = False
        self._lock = threading.Lock()

    @property
    def untold(self) -> bool:
        """Whether something was committed that was not told yet."""
        return self._untold

    def changed(self) -> None:
        """Something was committed."""
        self._untold = True
        self.tell_if_due()

    def tell_if_due(self) -> None:
        """Tell what was not told yet, unless something was told just now."""
        with self._lock:
            if self._untold and monotonic() - self._told >= BETWEEN_SECONDS:
                self._tell()

    def tell_now(self) -> None:
        """Tell what was not told yet; before the station closes."""
        with self._lock:
            if self._untold:
                self._tell()

    def _tell(self) -> None:
        self._untold, self._told = False, monotonic()
        try:
            with self._engine.connect() as conn, conn.begin():
                conn.execute(text(f"SELECT pg_notify('{CHANNEL}', '')"))
        except Exception:
            self._untold = True  # the store is away; whoever writes next meets it in words


class Listener:
    """Hears from the store that something changed, on a connection and a thread of its own.

    `heard` is called for it, and when a lost connection is back (much may have changed meanwhile);
    `away` when it is lost. Both are called on the listener's thread.
    """

    def __init__(self, engine: Engine, heard: Callable[[], None], away: Callable[[], None]) -> None:
        self._engine = engine
        self._heard = heard
        self._away = away
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._end.set()
        self._thread.join(_LISTEN_SECONDS * 4)

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                self._listen()
            except Exception:  # whatever it was: the connection is made anew
                if not self._end.is_set():
                    self._away()
                    self._end.wait(1)

    def _listen(self) -> None:
        held = self._engine.raw_connection()
        raw = held.driver_connection
        assert raw is not None
        held.detach()  # it is no longer one of those that scans use
        try:
            raw.autocommit = True
            raw.execute(f"LISTEN {CHANNEL}")
            self._heard()
            while not self._end.is_set():
                for _notice in raw.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
                    self._heard()
        finally:
            held.close()
