"""Copies of a store, taken while stations work, and put back into an empty one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from wms_app.base import backup_postgres
from wms_app.base.db import Store
from wms_app.base.engine import damaged
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _

_SQLITE = b"SQLite format 3\x00"


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

    An embedded store is copied as SQLite, Postgres by pg_dump. The copy is checked, then takes
    its name in one step: a half-written backup never lies there.
    """
    fresh = file.with_name(file.name + ".part")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        fresh.unlink(missing_ok=True)
        if store.sqlite:
            operations, last = _copy_file(_path(store), fresh)
        else:
            operations, last = backup_postgres.dump(store, fresh)
            if not backup_postgres.is_whole(fresh):
                raise _damaged(file)
        with fresh.open("rb+") as written:
            os.fsync(written.fileno())
        fresh.replace(file)
    except OSError as error:
        raise Down("disk", _("The backup can't be written: {error}").format(error=error)) from error
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise damaged() from error
        raise Down("disk", _("The backup failed: {error}").format(error=error)) from error
    finally:
        fresh.unlink(missing_ok=True)
    return Copy(str(file), file.stat().st_size, operations, last)


def restore(file: Path, store: Store) -> Copy:
    """Make an empty store from a backup of its own kind.

    Refused: a store that holds anything, a file that is no backup or one of the other kind.
    """
    embedded = _is_embedded(file)
    if embedded != store.sqlite:
        raise Refused(
            "other_kind",
            _("{file} is a backup of the other kind of store.").format(file=file),
            _("Restore it into a store of its kind, then use `wms copy-store`."),
        )
    if not store.sqlite:
        if not store.empty():
            raise _full(store.url.render_as_string())
        operations, last = backup_postgres.load(file, store)
        return Copy(store.url.render_as_string(), file.stat().st_size, operations, last)
    target = _path(store)
    # SQLite would read what an older store left in its -wal or -journal into the new file.
    for part in (target, Path(f"{target}-wal"), Path(f"{target}-journal")):
        if part.exists() and part.stat().st_size:
            raise _full(str(part))
    operations, last = _look_into_file(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".part")
    fresh.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(fresh)) as copy:
            source.backup(copy)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return Copy(str(target), target.stat().st_size, operations, last)


def look_into(file: Path) -> Copy:
    """What a backup of an embedded store holds. Refused: another file, a damaged one."""
    if not _is_embedded(file):
        raise _damaged(file)
    operations, last = _look_into_file(file)
    return Copy(str(file), file.stat().st_size, operations, last)


def _is_embedded(file: Path) -> bool:
    """Whether it begins as a backup of an embedded store; refused when of no store at all."""
    try:
        with file.open("rb") as opened:
            magic = opened.read(len(_SQLITE))
    except OSError as error:
        raise Refused(
            "no_backup", _("{file} can't be read: {error}").format(file=file, error=error.strerror)
        ) from error
    if magic != _SQLITE and not magic.startswith(backup_postgres.MAGIC):
        raise _damaged(file)
    return magic == _SQLITE


def _copy_file(source: Path, fresh: Path) -> tuple[int, str]:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(fresh)) as copy:
        live.backup(copy, pages=4096, sleep=0.01)
        copy.execute("PRAGMA journal_mode=DELETE")
    try:
        return _look_into_file(fresh)
    except Refused as error:  # copied page by page: the store itself is so
        raise damaged() from error


def _look_into_file(file: Path) -> tuple[int, str]:
    """How many operations it holds and the moment of the last. Refused: a damaged one."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            if copy.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                raise _damaged(file)
            count, last = copy.execute("SELECT count(*), max(at) FROM operations").fetchone()
    except sqlite3.Error as error:
        raise _damaged(file) from error
    return int(count), datetime.fromisoformat(last).isoformat() if last else ""


def _path(store: Store) -> Path:
    if not store.url.database:
        raise Refused("not_a_file", _("That store is kept in memory: there is no file to copy."))
    return Path(store.url.database)


def _full(place: str) -> Refused:
    return Refused(
        "store_exists",
        _("There is a store at {file} already.").format(file=place),
        _("Restore into another place, or move that one away first."),
    )


def _damaged(file: Path) -> Refused:
    return Refused(
        "bad_backup",
        _("{file} is not a whole backup of a Dock store.").format(file=file),
        _("Choose another backup."),
    )
