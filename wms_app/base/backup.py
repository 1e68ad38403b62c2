"""Copies of the embedded store, taken while stations work, and put back into an empty one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from wms_app.base.db import Store
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _

_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Copy:
    """What a backup holds: its bytes, its operations, and when the last of them was."""

    file: str
    bytes: int
    operations: int
    last: str

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def back_up(store: Store, file: Path) -> Copy:
    """Write a consistent copy of the store to `file`; stations may go on working.

    The copy is checked, then takes its name in one step: a half-written backup never lies there.
    Refused: a store that is not embedded (Postgres has pg_dump for this).
    """
    source = _path(store)
    fresh = file.with_name(file.name + ".part")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        fresh.unlink(missing_ok=True)
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(fresh)) as copy:
            live.backup(copy, pages=4096, sleep=0.01)
            copy.execute("PRAGMA journal_mode=DELETE")
        said = look_into(fresh)
        with fresh.open("rb+") as written:
            os.fsync(written.fileno())
        fresh.replace(file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Down("disk", _("The backup can't be written: {error}").format(error=error)) from error
    except sqlite3.Error as error:
        fresh.unlink(missing_ok=True)
        raise Down("disk", _("The backup failed: {error}").format(error=error)) from error
    return Copy(str(file), file.stat().st_size, said.operations, said.last)


def restore(file: Path, store: Store) -> Copy:
    """Make an empty store from a backup. Refused: a store that exists, a file that is no backup."""
    target = _path(store)
    if target.exists() and target.stat().st_size:
        raise Refused(
            "store_exists",
            _("There is a store at {file} already.").format(file=target),
            _("Restore into another place, or move that file away first."),
        )
    said = look_into(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".part")
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(fresh)) as copy:
        source.backup(copy)
    fresh.replace(target)
    return Copy(str(target), target.stat().st_size, said.operations, said.last)


def look_into(file: Path) -> Copy:
    """What a backup holds. Refused: no such file, another kind of file, a damaged one."""
    try:
        with file.open("rb") as opened:
            magic = opened.read(len(_MAGIC))
    except OSError as error:
        raise Refused(
            "no_backup", _("{file} can't be read: {error}").format(file=file, error=error.strerror)
        ) from error
    damaged = Refused(
        "bad_backup",
        _("{file} is not a whole backup of a Dock store.").format(file=file),
        _("Choose another backup."),
    )
    if magic != _MAGIC:
        raise damaged
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            if copy.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                raise damaged
            count, last = copy.execute("SELECT count(*), max(at) FROM operations").fetchone()
    except sqlite3.Error as error:
        raise damaged from error
    moment = datetime.fromisoformat(last).isoformat() if last else ""
    return Copy(str(file), file.stat().st_size, int(count), moment)


def _path(store: Store) -> Path:
    if not store.sqlite or not store.url.database:
        raise Refused(
            "not_embedded",
            _("That store is not a file of this machine."),
            _("Back a Postgres store up with pg_dump and restore it with pg_restore."),
        )
    return Path(store.url.database)
