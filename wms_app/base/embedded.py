"""The embedded store: one file of SQLite, its connections, its transactions and its log.

SQLite brings each commit to the disk while it holds the lock that keeps other writers out. Here who
commits lets the next one write first, and then waits for the disk by himself (`Log`): several
commits are on their way at once, and one wait serves all before it. Nobody is told "saved" before
what he saved, and all that it stands on, is on the disk; others may see it a moment earlier.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from wms_app.base.prepared import wrapped

# The log is carried into the file at the end of the commit that makes it 6,000 pages long: SQLite's
# own 1,000 made one scan in fifty wait for that. Much more, and what is committed would often have
# to make the log's file longer, which costs a scan more than that. A scan changes a few bytes in
# each of ten pages, and all of them go to the disk: smaller pages are faster. Their size is a
# file's for life; one that was made with 4,096 keeps it and works as well.
PRAGMAS = (
    "page_size=2048",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-65536",
    "wal_autocheckpoint=6000",
)
_LATE_S = 0.1  # a write that waited for longer has that much less patience left
_NEW_S = 1.0  # so long a store that others are making is tried again
_MAY_WRITE = 0o222  # of the rights of a file: what its owner, its group and all others may
_WRITE = 2  # SYNC_FILE_RANGE_WRITE: begin to write what is not on its way yet, wait for nothing
_NOT_THERE = (errno.ENOSYS, errno.EINVAL, errno.ESPIPE)  # a file system that can't


class EmbeddedConnection(sqlite3.Connection):
    """Its commits are brought to the disk by SQLite, or, when asked so, by whoever commits."""

    _log: int | None = None  # its log's file, while it is not SQLite that waits for the disk
    _failed: OSError | None = None  # of what was begun to be written since the last `sync`
    taken_back = 0  # transactions that came to nothing

    def leave_syncing(self) -> None:
        """From now on each commit is followed by `sync`; not where there is no log to be synced.

        The log's file is the same for as long as the connection is open: the last one to leave a
        store takes it away, nobody else.
        """
        if self._log is not None:
            return
        name = self.execute("PRAGMA database_list").fetchone()[2]
        self.execute("PRAGMA user_version").fetchone()  # a first look opens the log
        if name and self.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            with suppress(OSError):
                self._log = os.open(f"{name}-wal", os.O_RDONLY | os.O_CLOEXEC)
                self.execute("PRAGMA synchronous=NORMAL")

    def syncs_itself(self) -> None:
        """SQLite waits for the disk again."""
        if self._log is not None:
            self.execute("PRAGMA synchronous=FULL")
            self._forget()

    def write_back(self) -> None:
        """What was committed begins its way to the disk; `sync` waits for it, and tells of errors.

        Whoever has something else to do in between finds most of the wait behind him.
        """
        if self._log is not None and _sync_file_range is not None:
            self._failed = None
            if _sync_file_range(self._log, 0, 0, _WRITE):
                number = ctypes.get_errno()
                if number not in _NOT_THERE:
                    self._failed = OSError(number, os.strerror(number))

    def sync(self) -> None:
        """What was committed until now is on the disk; an OSError of it is not to be ignored."""
        failed, self._failed = self._failed, None
        if self._log is not None:
            os.fdatasync(self._log)
        if failed is not None:
            raise failed

    def version(self) -> int:
        """A number that is another one when others have committed something."""
        asked = "PRAGMA data_version"
        try:
            return int(self.execute(asked).fetchone()[0])
        except sqlite3.Error as error:
            raise wrapped(asked, error) from error

    def rollback(self) -> None:
        """Take back what was changed since the transaction began."""
        self.taken_back += 1
        super().rollback()

    def close(self) -> None:
        """Close it, and the log's file with it."""
        self._forget()
        super().close()

    def __del__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        log, self._log = self._log, None
        if log is not None:
            os.close(log)


class Marks:
    """What a store is like while a transaction lasts: between equal marks nothing has changed.

    SQLite counts what a connection changes, and has a number for what others commit meanwhile.
    """

    __slots__ = ("_before", "_raw", "_version")

    def __init__(self, raw: EmbeddedConnection) -> None:
        """Before the transaction changes anything."""
        self._raw = raw
        self._before = raw.total_changes
        self._version: int | None = None

    def now(self) -> object:
        """The mark of this moment."""
        return self._mark(self._raw.total_changes)

    def found(self, mark: object) -> bool:
        """Whether the transaction began with just this mark."""
        return mark is not None and mark == self._mark(self._before)

    def _mark(self, changes: int) -> object:
        if self._version is None:
            self._version = self._raw.version()
        return self._raw, self._version, changes, self._raw.taken_back


def _system_call() -> Callable[[int, int, int, int], int] | None:
    """Linux' sync_file_range(2): file, first byte, bytes (0: to its end), flags; gives 0 or -1."""
    if sys.platform != "linux":
        return None
    with suppress(AttributeError, OSError):
        found = ctypes.CDLL(None, use_errno=True).sync_file_range
        found.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
        return found
    return None


_sync_file_range = _system_call()


class Log:
    """Brings the commits of a store's writers to the disk, after their turns."""

    def __init__(self, *, possible: bool) -> None:
        """`possible`: whether the store is a file on a disk of this machine."""
        self._possible = possible and hasattr(os, "fdatasync")
        self._doubts = 0  # failures since the log was last carried over

    def begin(self, raw: sqlite3.Connection | None) -> None:
        """Before a write's transaction begins; None is a server's store, which needs nothing."""
        if not self._possible or not isinstance(raw, EmbeddedConnection):
            return
        try:
            raw.leave_syncing()
        except sqlite3.Error as error:
            raise wrapped("BEGIN", error) from error

    def begin_saving(self, raw: sqlite3.Connection | None) -> None:
        """What was committed begins its way to the disk; nobody waits for it yet."""
        if isinstance(raw, EmbeddedConnection):
            raw.write_back()

    def saved(self, raw: sqlite3.Connection | None) -> None:
        """What is committed is on the disk, or an error says that nobody knows.

        A system may forget what it could not write and call the next try well done. After a failure
        the log is therefore carried into the store's file, which writes all of it anew.
        """
        if not isinstance(raw, EmbeddedConnection):
            return
        doubts = self._doubts
        try:
            if doubts:
                _carry_over(raw)
            raw.sync()
        except (OSError, sqlite3.Error) as failed:
            self._doubts += 1
            error = sqlite3.OperationalError(f"disk I/O error: {failed}")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
            raise wrapped("COMMIT", error) from failed
        if doubts and doubts == self._doubts:
            self._doubts = 0


def _carry_over(raw: sqlite3.Connection) -> None:
    held, _pages, _carried = raw.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
    if held:
        raise OSError(0, "the log is in use")


def prepare(connection: sqlite3.Connection) -> None:
    """Set up a fresh connection."""
    _free_parts(connection)
    connection.isolation_level = None  # we say BEGIN ourselves, see `begin`
    for pragma in PRAGMAS:
        _set(connection, pragma)


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    """Two programs that begin one new store stand in each other's way, and SQLite does not wait."""
    end = time.monotonic() + _NEW_S
    while True:
        asked_at = time.monotonic()
        try:
            connection.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError as error:
            now = time.monotonic()
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or now - asked_at > _LATE_S or now > end:
                raise
            time.sleep(0.01)


def _free_parts(connection: sqlite3.Connection) -> None:
    """Give the files beside a store that may be written again its own rights.

    SQLite makes them with the rights of the store: while that could only be read, so could they,
    and they would keep everybody from writing ever after.
    """
    name = connection.execute("PRAGMA database_list").fetchone()[2]
    with suppress(OSError):  # a store in memory, one that is not there yet, another user's files
        rights = Path(name).stat().st_mode
        for part in (Path(f"{name}-wal"), Path(f"{name}-shm")):
            if part.exists() and rights & ~part.stat().st_mode & _MAY_WRITE:
                part.chmod(rights)


def begin(raw: sqlite3.Connection, asked_at: float | None) -> None:
    """Begin to read, or to write what was first asked for at `asked_at` (monotonic, seconds).

    Straight to the driver: what SQLAlchemy does around it takes as long as two statements.
    """
    statement = "BEGIN" if asked_at is None else "BEGIN IMMEDIATE"
    waited_s = 0.0 if asked_at is None else time.monotonic() - asked_at
    try:
        if waited_s < _LATE_S:
            raw.execute(statement)
        else:
            _begin_late(raw, statement, waited_s)
    except sqlite3.Error as error:
        raise wrapped(statement, error) from error


def end(raw: sqlite3.Connection, *, kept: bool) -> None:
    """Commit what was begun so, or take it back."""
    try:
        if kept:
            raw.commit()
        else:
            raw.rollback()
    except sqlite3.Error as error:
        raise wrapped("COMMIT" if kept else "ROLLBACK", error) from error


def _begin_late(raw: sqlite3.Connection, statement: str, waited_s: float) -> None:
    """Wait only for what is left of the patience; it began with the first try of this write."""
    whole_ms = int(raw.execute("PRAGMA busy_timeout").fetchone()[0])
    raw.execute(f"PRAGMA busy_timeout={max(0, whole_ms - int(waited_s * 1000))}")
    try:
        raw.execute(statement)
    finally:
        raw.execute(f"PRAGMA busy_timeout={whole_ms}")
