"""Turns: those who write to one embedded store stand in one queue, first come, first served.

SQLite lets a writer that finds the store locked sleep and try again; who comes by at the right
moment goes first, and with several busy processes one of them starves. Here everyone who wants to
write draws a number and waits for those before. The queue is only manners: SQLite's own lock still
keeps writers apart, so that where there can be no queue, all goes on as without it.

How it works: beside the store lies a file. Number n stands for its byte n. Whoever draws a number
locks that byte and waits until no byte before it is locked by anybody. The system lets go of a
dead process' locks, so neither a killed writer nor a killed waiter holds up those behind. Locks
belong to an open file (Linux' "open file description locks"), so threads queue as processes do.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from weakref import WeakSet

if sys.platform == "linux":
    import fcntl

_DOOR = 1 << 62  # the byte that is locked while a number is drawn
_COUNTER = struct.Struct("<q")
_FLOCK = struct.Struct("hhqqi4x")  # struct flock of 64-bit Linux: type, whence, start, length, pid
if sys.platform == "linux":
    _DOOR_SHUT = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, _DOOR, 1, 0)
    _DOOR_OPEN = _FLOCK.pack(fcntl.F_UNLCK, os.SEEK_SET, _DOOR, 1, 0)
    _ALL_FREE = _FLOCK.pack(fcntl.F_UNLCK, os.SEEK_SET, 0, 0, 0)
_ANEW_S = 5.0  # so long a thread keeps the file open from turn to turn
_LOOK_S = 0.002  # who is next looks by himself for so long: a small write and its way to the disk
_PASSING = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.EROFS}
_FAR_AWAY = ("nfs", "cifs", "smb", "9p", "fuse", "afs", "ceph", "gluster", "ncp", "vboxsf")


class Turns:
    """The queue of one store's writers on this machine."""

    def __init__(self, store_file: Path | None) -> None:
        """`store_file`: the store; None when it is no file. The queue's file lies beside it."""
        self._file = None if store_file is None else Path(f"{store_file}-turns")
        self._possible = self._file is not None and possible_on(self._file.parent)
        self._mine = threading.local()
        self._all: WeakSet[Place] = WeakSet()

    @property
    def possible(self) -> bool:
        """Whether there is a queue: the store is a file on a disk of this machine."""
        return self._possible

    @contextmanager
    def turn(self, patience_s: float) -> Iterator[None]:
        """Wait for those who came before, then have the turn until the end of the block.

        After `patience_s` seconds it goes on all the same: somebody before hangs, and the store's
        own lock then says what is to be said.
        """
        place = self.stand(patience_s)
        try:
            yield
        finally:
            self.leave(place)

    def stand(self, patience_s: float) -> Place | None:
        """Queue up and wait; gives what holds the turn until `leave`, None without a queue."""
        if not self._possible:
            return None
        try:
            place = self._place()
        except OSError as error:  # a folder that can only be read, a full disk
            self._possible = error.errno in _PASSING
            return None
        try:
            if not self._wait(place.file, _draw(place.file), patience_s):
                self._mine.place = None  # somebody stands for him there still
        except OSError as error:  # a disk without room, a file system that knows no such locks
            self._mine.place = None
            self._possible = error.errno in _PASSING
            return None
        return place

    def leave(self, place: Place | None) -> None:
        """Let the next one have the turn."""
        if place is None or place.file < 0:
            return
        if not _locked(place.file, _ALL_FREE):
            self._mine.place = None  # closed, it lets go of every lock

    def close(self) -> None:
        """Let go of the file in every thread; who asks for a turn after that opens it anew."""
        for place in list(self._all):
            place.close()

    def _place(self) -> Place:
        """This thread's open file of the queue; now and then anew, in case it is another by now."""
        place: Place | None = getattr(self._mine, "place", None)
        if place is None or not place.serves():
            place = self._mine.place = Place(str(self._file))
            self._all.add(place)
        return place

    def _wait(self, file: int, number: int, patience_s: float) -> bool:
        """Until nobody before `number` holds his byte; False when patience came to its end.

        Who sleeps is woken when one is left before him: waking takes as long as a small write, and
        so goes on beside that one's. Then he looks again and again for a moment.
        """
        if _lock(file, fcntl.F_RDLCK, 0, number, wait=False):
            return True
        end = time.monotonic() + patience_s
        if number == 1 or self._sleep(file, number, number - 1, end):
            _look(file, number, min(end, time.monotonic() + _LOOK_S))
            return self._sleep(file, number, number, end)
        return False

    def _sleep(self, file: int, number: int, before: int, end: float) -> bool:
        """Until no byte below `before` is held; at the `end` of patience `number` leaves: False."""
        if _lock(file, fcntl.F_RDLCK, 0, before, wait=False):
            return True
        companion: _Companion | None = getattr(self._mine, "companion", None)
        if companion is None or not companion.thread.is_alive():  # it does not outlive a fork
            companion = self._mine.companion = _Companion()
        if companion.stand(file, before, max(0.0, end - time.monotonic())):
            return True
        del self._mine.companion  # it stands there still
        _lock(file, fcntl.F_UNLCK, number, 1)
        return False


class Place:
    """A thread's own open file of the queue, which holds its locks; closed when it is let go."""

    def __init__(self, file: str) -> None:
        """Opens the file, and makes it where there is none."""
        self.file = -1
        self.file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._process = os.getpid()
        self._till = time.monotonic() + _ANEW_S

    def serves(self) -> bool:
        """Whether it may be used again; in a fork its locks would be those of the parent."""
        return time.monotonic() < self._till and os.getpid() == self._process

    def close(self) -> None:
        """Close the file, which lets go of every lock."""
        if self.file >= 0:
            os.close(self.file)
            self.file, self._till = -1, 0.0

    def __del__(self) -> None:
        self.close()


class _Companion:
    """A thread that stands in the queue for another, which so can lose its patience.

    A lock itself is waited for without end.
    """

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[int, int] | None] = SimpleQueue()
        self._arrived = threading.Lock()
        self._arrived.acquire()
        self.thread = threading.Thread(
            target=_stand_for, args=(self._asked, self._arrived), name="turn", daemon=True
        )
        self.thread.start()

    def stand(self, place: int, number: int, patience_s: float) -> bool:
        """Wait until nobody stands before `number`; gives whether that was in time."""
        self._asked.put((place, number))
        return self._arrived.acquire(timeout=patience_s)

    def __del__(self) -> None:
        self._asked.put(None)


def _stand_for(asked: SimpleQueue[tuple[int, int] | None], arrived: threading.Lock) -> None:
    while (job := asked.get()) is not None:
        place, number = job
        with suppress(OSError):  # then it goes on without a turn
            # The last of those before, first: waiting for all of them it would be woken by each.
            _lock(place, fcntl.F_RDLCK, number - 1, 1)
            _lock(place, fcntl.F_RDLCK, 0, number)
        arrived.release()


def _look(file: int, number: int, end: float) -> None:
    """Try until it is `number`'s turn, or until `end`; others may use the processor in between."""
    while not _lock(file, fcntl.F_RDLCK, 0, number, wait=False) and time.monotonic() < end:
        os.sched_yield()


def _draw(file: int) -> int:
    """The next number, its byte locked."""
    _locked(file, _DOOR_SHUT, wait=True)
    try:
        kept = os.pread(file, _COUNTER.size, 0)
        last = _COUNTER.unpack(kept)[0] if len(kept) == _COUNTER.size else 0
        number = int(last % _DOOR) + 1
        os.pwrite(file, _COUNTER.pack(number), 0)
        _lock(file, fcntl.F_WRLCK, number, 1)
    finally:
        _locked(file, _DOOR_OPEN)
    return number


def _lock(file: int, kind: int, start: int, length: int, *, wait: bool = True) -> bool:
    """Lock (or unlock) bytes of the queue's file; gives whether it was done."""
    return _locked(file, _FLOCK.pack(kind, os.SEEK_SET, start, length, 0), wait=wait)


def _locked(file: int, asked: bytes, *, wait: bool = False) -> bool:
    try:
        fcntl.fcntl(file, fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK, asked)
    except (BlockingIOError, PermissionError):
        return False
    return True


def possible_on(folder: Path) -> bool:
    """Whether this system has such locks, and `folder` lies on a disk of this machine."""
    if sys.platform != "linux" or sys.maxsize < 1 << 32:
        return False
    try:
        device = folder.stat().st_dev
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    of = f"{os.major(device)}:{os.minor(device)}"
    kinds = [line.split(" - ")[1].split()[0] for line in mounts.splitlines() if f" {of} " in line]
    return not any(kind.startswith(_FAR_AWAY) for kind in kinds)
