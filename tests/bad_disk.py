"""An embedded store on a bad disk: full, read-only, held by another program, damaged; for tests."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, func, select

from tests.builders import Floor, build_floor
from wms_app.app import open_store
from wms_app.base.codes import new_id
from wms_app.base.db import Store, Tx
from wms_app.base.operations import Operation
from wms_app.base.prepared import Prepared
from wms_app.base.refusal import Down, Unknown
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Stock
from wms_app.office.verify.service import verify

PATIENCE_S = 0.4
NOBODY = 65534
# What Linux calls the powers that let root open any file, and how a process gives one away.
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, PR_CAPBSET_DROP = 1, 2, 24
FULL = "The disk is full: nothing was saved."
BROKEN = "The disk can't be read or written: nothing was saved."
DAMAGED = "The store's file is damaged: restore the last backup."
READ_ONLY = "The store can only be read"
SHUT = "The store's file can't be opened"
HELD = "Another program holds the store; nothing was saved."


_on_hand = Prepared(select(Stock.on_hand).where(Stock.id == bindparam("row")))


@dataclass
class Shelf:
    """An embedded store in a file, with five mugs in a bin of it."""

    file: Path
    floor: Floor
    row: int

    @property
    def url(self) -> str:
        """The store, for whoever has little patience."""
        return url_of(self.file)

    def add(self, operation: str, store: Store | None = None) -> int:
        """Count one more mug into the bin; answers what lies there then."""

        def work(tx: Tx) -> int:
            stock.apply(tx, [stock.Change(self.row, 1, 0, "opening")])
            return int(_on_hand.scalar(tx, row=self.row))

        return (store or self.floor.store).write(operation, self.floor.who(), "opening", work)

    def times(self, operation: str) -> int:
        """How often the operation stands in the store."""
        with self.floor.store.read() as tx:
            return int(tx.scalar(select(func.count()).where(Operation.key == operation)))

    def goes_on(self, operation: str, store: Store | None = None) -> None:
        """The trouble is over: the scan that failed is sent again, twice, and counts once."""
        seen = store or self.floor.store
        assert self.add(operation, seen) == 6
        assert self.add(operation, seen) == 6
        assert self.add(new_id(), seen) == 7
        with seen.read() as tx:
            assert tx.scalar(select(Stock.on_hand).where(Stock.id == self.row)) == 7
            assert tx.scalar(select(func.count()).where(Operation.key == operation)) == 1
            assert verify(tx) == []


def url_of(file: Path) -> str:
    return f"sqlite:///{file}?timeout={PATIENCE_S}"


@contextmanager
def shelf_in(folder: Path, made_once: Path) -> Iterator[Shelf]:
    file = folder / "dock.sqlite"
    shutil.copy(made_once, file)
    store = open_store(url_of(file))
    floor = build_floor(store)
    try:
        yield Shelf(file, floor, floor.add_stock("MUG", "A-01-1", 5))
    finally:
        store.close()


def refused(call: Callable[[], object], *words: str) -> None:
    """It ends with one of these words, as a thing that is down, whose outcome is known."""
    with pytest.raises(Down) as down:
        call()
    assert not isinstance(down.value, Unknown)
    assert down.value.what == "store"
    assert any(said in down.value.text for said in words), down.value.text


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """The system takes no byte of a file behind this one, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def bound_by_rights() -> Iterator[None]:
    """Rights of files bind root too: be another user for a moment, who owns the store."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def held(file: Path, *, wholly: bool = False) -> Iterator[None]:
    """Another program writes and does not end; `wholly`: it lets nobody read either."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        if wholly:
            other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def overwrite(file: Path, start: int, size: int, byte: bytes = b"\xa5") -> None:
    """Put other bytes where the store had its own; its log is in the file already."""
    assert not Path(f"{file}-wal").exists()
    with file.open("r+b") as opened:
        opened.seek(start)
        opened.write(byte * size)


def page_size(file: Path) -> int:
    """Bytes of a page, as the head of the file says (SQLite file format, 1.3.2)."""
    with file.open("rb") as opened:
        return int.from_bytes(opened.read(18)[16:], "big")


def damage_header(file: Path) -> None:
    overwrite(file, 0, 100)


def damage_end(file: Path) -> None:
    page = page_size(file)
    os.truncate(file, file.stat().st_size // 2 // page * page)


def damage_table(name: str) -> Callable[[Path], None]:
    """The page of a table that is read first."""

    def damage(file: Path) -> None:
        with closing(sqlite3.connect(file)) as look:
            asked = "SELECT rootpage FROM sqlite_master WHERE name = ?"
            page = look.execute(asked, (name,)).fetchone()[0]
        size = page_size(file)
        overwrite(file, (page - 1) * size, size)

    return damage


@dataclass
class Said:
    """How a command ended: what it said to a person and to a program."""

    code: int
    words: str
    document: Any


def commands(
    shelf: Shelf, *lines: str, size: int = resource.RLIM_INFINITY, bound: bool = False
) -> list[Said]:
    """Run `wms` with each line, at once; `size`: see `room_for`, `bound`: rights bind root too."""
    data = shelf.file.parent / "data"
    data.mkdir(exist_ok=True)
    libc = ctypes.CDLL(None)

    def limit() -> None:
        for power in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH) if bound else ():
            libc.prctl(PR_CAPBSET_DROP, power, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    started = [
        subprocess.Popen(
            [sys.executable, "-m", "wms_app", *line.split(), "--store", shelf.url, "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit,
            env={**os.environ, "DOCK_DATA": str(data), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        for line in lines
    ]
    ended = [(one, *one.communicate(timeout=60)) for one in started]
    return [Said(one.returncode, err, json.loads(out)) for one, out, err in ended]
