"""What an embedded store calls saved is on the disk, though its writers do not wait in turn for it.

The disk of these tests is what the files held when the system was last asked to bring the log to
it: a machine that loses its power then has that, and may have no more.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.builders import SKUS, Floor, build_floor
from tests.journeys import released
from wms_app.app import open_store
from wms_app.base import embedded, journal
from wms_app.base.codes import Scan, new_id, own
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused, Unknown
from wms_app.base.turns import possible_on
from wms_app.floor.picking.presenter import PickPresenter
from wms_app.office.verify.service import verify

REAL = os.fdatasync
MUG = SKUS[0][2]


@dataclass
class Disk:
    """Keeps what was on the disk; `before` may break it."""

    file: Path
    image: Path
    before: Callable[[], None] = lambda: None
    asked: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sync(self, file: int) -> None:
        """The system's own, and a copy of what it was asked for."""
        self.before()
        with self._lock:
            self.asked += 1
            for part in ("-wal", ""):  # nothing moves from one to the other in these tests
                shutil.copyfile(f"{self.file}{part}", f"{self.image}{part}")
        REAL(file)

    def holds(self, operation: str) -> bool:
        """Whether the operation is there after a loss of power."""
        with self._lock, closing(sqlite3.connect(self.image)) as kept:
            found = "SELECT count(*) FROM operations WHERE key = ?"
            return bool(kept.execute(found, (operation,)).fetchone()[0])


@pytest.fixture
def floor(store: Store) -> Floor:
    return build_floor(store)


@pytest.fixture
def disk(floor: Floor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    if not possible_on(tmp_path):
        pytest.skip("on this disk SQLite itself waits for each commit")
    made = Disk(Path(str(floor.store.url.database)), tmp_path / "image.sqlite")
    monkeypatch.setattr(os, "fdatasync", made.sync)
    return made


def look(floor: Floor, operation: str, store: Store | None = None) -> str:
    def work(tx: Tx) -> str:
        journal.record(tx, "looked", "bin", [1])
        return "seen"

    return (store or floor.store).write(operation, floor.who(), "look", work)


def test_nobody_is_told_before_it_is_on_the_disk(floor: Floor, disk: Disk) -> None:
    def station(_number: int) -> list[bool]:
        held = []
        for _scan in range(12):
            operation = new_id()
            look(floor, operation)
            held.append(disk.holds(operation))
        return held

    with ThreadPoolExecutor(4) as pool:
        for held in pool.map(station, range(4)):
            assert all(held)


def test_the_next_one_writes_while_the_last_one_waits_for_the_disk(
    floor: Floor, disk: Disk
) -> None:
    first, second = new_id(), new_id()
    look(floor, new_id())
    slow = threading.Event()
    waits = threading.Event()

    def wait_once() -> None:
        if not waits.is_set():
            waits.set()
            assert slow.wait(20)

    disk.before = wait_once
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(look, floor, first)
        assert waits.wait(20)
        look(floor, second)
        assert not told.done()
        assert disk.holds(first)  # one wait served both
        slow.set()
        assert told.result(20) == "seen"
    assert disk.holds(second)


def test_an_operation_whose_writer_died_is_on_the_disk_before_it_is_called_saved(
    floor: Floor, disk: Disk
) -> None:
    operation = new_id()
    look(floor, new_id())

    def die() -> None:
        raise KeyboardInterrupt

    disk.before = die
    with pytest.raises(KeyboardInterrupt):
        look(floor, operation)
    disk.before = lambda: None
    assert not disk.holds(operation)
    other = open_store(str(floor.store.url))
    assert other.was_applied(operation)
    assert disk.holds(operation)
    asked = disk.asked
    assert look(floor, operation, other) == "seen"
    assert disk.asked > asked
    other.close()


def test_what_could_not_be_written_once_is_written_anew(floor: Floor, disk: Disk) -> None:
    operation = new_id()
    look(floor, new_id())
    failed: list[OSError] = []

    def fail_once() -> None:
        if not failed:
            failed.append(OSError(errno.EIO, "Input/output error"))
            raise failed[0]

    disk.before = fail_once
    assert look(floor, operation) == "seen"
    assert failed
    # A system says that only once and then calls it well: the store's own file has it now.
    shutil.copyfile(disk.file, disk.image)
    Path(f"{disk.image}-wal").unlink()
    assert disk.holds(operation)
    with floor.store.read() as tx:
        assert verify(tx) == []


def test_a_disk_that_fails_for_long_leaves_the_outcome_open(floor: Floor, disk: Disk) -> None:
    operation = new_id()
    look(floor, new_id())

    def fail() -> None:
        raise OSError(errno.EIO, "Input/output error")

    disk.before = fail
    with pytest.raises(Unknown):
        look(floor, operation)
    disk.before = lambda: None
    assert look(floor, operation) == "seen"
    assert disk.holds(operation)


def test_a_piece_is_shown_as_taken_only_when_it_is_on_the_disk(floor: Floor, disk: Disk) -> None:
    floor.add_stock("MUG", "A-01-1", 3)
    code = released(floor, floor.add_order({"MUG": 3}))
    pick = PickPresenter(floor.store, floor.who())
    pick.open()
    for raw in (own("LIST", code), own("BIN", "A-01-1"), MUG):
        pick.scan(Scan(raw))
    assert (pick.view.taken, pick.view.step) == (1, "item")
    seen: list[int] = []

    def fail() -> None:
        seen.append(pick.view.taken)
        raise OSError(errno.EIO, "Input/output error")

    disk.before, before = fail, pick.view
    scan = Scan(MUG)
    with pytest.raises(Unknown):
        pick.scan(scan)
    assert seen
    assert pick.view is before
    disk.before = lambda: None
    assert pick.scan(scan).text.endswith("2 of 3")
    assert pick.scan(scan).text.endswith("2 of 3")
    assert disk.holds(scan.id)
    pick.act("undo")
    assert pick.view.taken == 1


def test_what_could_not_be_begun_to_be_written_is_not_called_saved(
    floor: Floor, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation, failed = new_id(), []
    look(floor, new_id())

    def fail_once(*_asked: int) -> int:
        failed.append(1)
        ctypes.set_errno(errno.EIO if len(failed) == 1 else errno.ENOSYS)
        return -1

    monkeypatch.setattr(embedded, "_sync_file_range", fail_once)
    assert look(floor, operation) == "seen"
    assert failed == [1, 1]  # it was asked anew what had become of it, and that was saved
    assert disk.holds(operation)
    with floor.store.read() as tx:
        assert verify(tx) == []


def test_a_refusal_and_a_fresh_connection_change_nothing_about_it(floor: Floor, disk: Disk) -> None:
    def refuse(_tx: Tx) -> None:
        raise Refused("no", "No.")

    for _round in range(3):
        with pytest.raises(Refused):
            floor.store.write(new_id(), floor.who(), "look", refuse)
        operation = new_id()
        look(floor, operation)
        assert disk.holds(operation)
        with floor.store.engine.connect() as conn:  # anybody else's commits are SQLite's to save
            raw = conn.connection.driver_connection
            assert raw is not None
            assert raw.execute("PRAGMA synchronous").fetchone()[0] == 2
