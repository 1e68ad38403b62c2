"""Copies of a Postgres store by its own programs, pg_dump and pg_restore, while stations work.

They are looked for in `DOCK_POSTGRES_BIN`, on the path, and where Debian keeps them; a pg_dump
older than its server refuses, so the newest one found is taken.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, func, select, text

from wms_app.base.db import Store
from wms_app.base.operations import Operation
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _

MAGIC = b"PGDMP"
BIN = "DOCK_POSTGRES_BIN"


def dump(store: Store, file: Path) -> tuple[int, str]:
    """Write the store as it is at one moment to `file` (pg_dump's custom format).

    Gives the count of operations in it and the moment of the last (ISO, UTC; "" for none).
    """
    with store.snapshot() as conn:
        told = _look(conn)
        moment = str(conn.execute(text("SELECT pg_export_snapshot()")).scalar_one())
        words = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}")
        _run(store, conn, "pg_dump", *words, f"--file={file}")
    return told


def load(file: Path, store: Store) -> tuple[int, str]:
    """Fill an empty database from a dump, all or nothing; gives what `dump` gave."""
    words = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    with store.snapshot() as conn:
        _run(store, conn, "pg_restore", *words, file)
    with store.snapshot() as conn:
        return _look(conn)


def is_whole(file: Path) -> bool:
    """Whether pg_restore can read the dump to its end."""
    words = [program("pg_restore"), "--file=/dev/null", str(file)]
    found = subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return found.returncode == 0


def program(name: str) -> str:
    """The newest of that program on this machine. Refused, with what to install, without one."""
    given = os.environ.get(BIN, "")
    found = [Path(given) / name] if given else []
    on_path = shutil.which(name)
    found += [Path(on_path)] if on_path else []
    found += Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    there = [one for one in found if one.is_file()]
    if not there:
        raise Refused(
            "no_pg_dump",
            _("{program} is not on this machine.").format(program=name),
            _("Install postgresql-client, or say where it is in {variable}.").format(variable=BIN),
        )
    return str(there[0] if given else max(there, key=_version))


def _version(tool: Path) -> int:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+", said)
    return int(found.group()) if found else 0


def _look(conn: Connection) -> tuple[int, str]:
    found = conn.execute(select(func.count(), func.max(Operation.at))).one()
    return int(found[0]), found[1].isoformat() if found[1] else ""


def _reach(conn: Connection) -> str:
    """An open connection in libpq's words, without the password (which goes by the environment).

    Of several machines in the URL it names the one that the store has found to take writes.
    """
    raw = cast("psycopg.Connection[Any]", conn.connection.driver_connection)
    return make_conninfo("", **raw.info.get_parameters())


def _run(store: Store, conn: Connection, name: str, *words: object) -> None:
    surroundings = dict(os.environ)
    if store.url.password:
        surroundings["PGPASSWORD"] = str(store.url.password)
    found = subprocess.run(
        [program(name), f"--dbname={_reach(conn)}", *(str(one) for one in words)],
        env=surroundings,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if found.returncode:
        said = found.stderr.strip().splitlines()
        raise Down(
            "disk",
            _("{program} failed: {words}").format(program=name, words=said[-1] if said else ""),
        )
