"""A Postgres with a synchronous standby on one machine, and stations that work on through its loss.

`python -m tests.standby URL FOLDER STATION HOT OWN` is one station, a process of its own. It
receives a piece into the stock row HOT and picks one from it into OWN, in turn, until there is a
file `stop` in FOLDER; what the store did not answer is sent again under its id, as the window does.
All of it stands in `FOLDER/STATION.log`, one fact a line, on the disk before the next is begun.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from tests.postgres import SAFE, Server, configure, free_port, own_server, run
from wms_app.app import open_store
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Down
from wms_app.base.who import Who
from wms_app.floor.stock import service as stock

NAME = "standby1"
PAUSE_SECONDS = 0.05  # between two calls for what the store did not answer
_PRIMARY = ("wal_level=replica", "max_wal_senders=4", "synchronous_commit=on")


@dataclass
class Pair:
    """A primary whose commits wait for `standby`; both listen on the loopback."""

    primary: Server
    standby: Server

    def both(self, url: str) -> str:
        """The URL of a database of the primary as stations have it: whichever takes writes."""
        name = make_url(url).database
        hosts = "&".join(f"host=127.0.0.1:{one.port}" for one in (self.primary, self.standby))
        return f"postgresql+psycopg://dock@/{name}?{hosts}&target_session_attrs=read-write"

    def save(self) -> None:
        """From now on what is saved is on the disk, on both."""
        for server in (self.standby, self.primary):
            server.change(*SAFE)
            until(partial(_is_safe, server))

    def sync_state(self) -> str:
        """What the primary says of the standby: "sync" when its commits wait for it."""
        return str(self.ask(f"SELECT max(sync_state) {_SENDER}"))

    def waiting(self) -> int:
        """How many on the primary wait for the standby, or for somebody who waits for it."""
        waits = "wait_event = 'SyncRep' OR wait_event_type = 'Lock'"
        return int(self.ask(f"SELECT count(*) FROM pg_stat_activity WHERE {waits}"))

    def ask(self, statement: str) -> Any:
        """The first value of a statement, asked of the primary itself."""
        return asked(self.primary, statement)


_SENDER = f"FROM pg_stat_replication WHERE application_name = '{NAME}'"


def asked(server: Server, statement: str) -> Any:
    """The first value of a statement, asked of one server on a fresh connection."""
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as conn:
            found = conn.execute(text(statement))
            return found.scalar() if found.returns_rows else None
    finally:
        engine.dispose()


def _is_safe(server: Server) -> bool:
    return bool(asked(server, "SHOW fsync") == "on")


@contextmanager
def pair(fill: Callable[[str], None]) -> Iterator[tuple[Pair, str]]:
    """A pair, and the URL with both hosts of a new database in it that `fill` was given before.

    Made without care for the disk; `save` begins to care.
    """
    with own_server(settings=_PRIMARY) as primary:
        url = primary.database()
        fill(url)
        standby = _copied(primary)
        standby.start()
        try:
            both = Pair(primary, standby)
            primary.change(f"synchronous_standby_names='{NAME}'")
            until(lambda: both.sync_state() == "sync")
            yield both, both.both(url)
        finally:
            standby.stop()


def _copied(primary: Server) -> Server:
    """A standby beside its primary, not yet started."""
    assert primary.folder is not None
    assert primary.bin is not None
    folder, port = primary.folder.with_name(NAME), free_port()
    source = f"host=127.0.0.1 port={primary.port} user=dock application_name={NAME}"
    words = ("-c", "fast", "-X", "stream", "--no-sync", "-R", "-d", source)
    run(primary.bin / "pg_basebackup", "-D", folder, *words)
    # Promoted, it has no standby of its own to wait for.
    configure(folder, port, ("synchronous_standby_names=''",))
    url = make_url(primary.url).set(port=port).render_as_string(hide_password=False)
    return Server(url, folder, port, primary.bin)


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Ask again and again, a few times a second; fails when it does not become true in time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def acknowledged(call: Callable[[], Any], heard: Callable[[Down], None]) -> Any:
    """Make a call until the store answers it, and give the answer; `heard` is told of the rest."""
    while True:
        try:
            return call()
        except Down as down:
            heard(down)
            time.sleep(PAUSE_SECONDS)


@dataclass(frozen=True)
class Fact:
    """A line of a station's log: `kind` is "begun", "Down", "Unknown" or "acknowledged"."""

    kind: str
    operation: str
    moment: float  # seconds of the machine's monotonic clock, the same in every process
    words: str = ""


class Log:
    """What one station did; each fact is on the disk when `say` returns."""

    def __init__(self, file: Path) -> None:
        self._out = file.open("a", encoding="utf-8")

    def say(self, kind: str, operation: str, words: str = "") -> None:
        """Write a fact down."""
        self._out.write(f"{kind}\t{operation}\t{time.monotonic()}\t{words}\n")
        self._out.flush()
        os.fsync(self._out.fileno())

    def unanswered(self, operation: str, down: Down) -> None:
        """Write down that the store did not answer, and what the person is told."""
        self.say(type(down).__name__, operation, down.text)


def facts_of(file: Path) -> list[Fact]:
    """What a station has written down so far."""
    if not file.exists():
        return []
    whole = file.read_text("utf-8").rpartition("\n")[0]
    lines = (line.split("\t") for line in whole.splitlines())
    return [Fact(kind, operation, float(at), words) for kind, operation, at, words in lines]


def station(store: Store, folder: Path, name: str, hot: int, own: int) -> None:
    """Receive and pick until there is a file `stop`; ids read STATION-NUMBER-VERB."""
    log, who = Log(folder / f"{name}.log"), Who(1, "Ana", "supervisor", name, 1)
    number = 0
    while not (folder / "stop").exists():
        number += 1
        verb = "receive" if number % 2 else "pick"
        operation = f"{name}-{number}-{verb}"
        log.say("begun", operation)
        work = _receive(hot) if verb == "receive" else _pick(hot, own)
        send = partial(store.write, operation, who, verb, work)
        acknowledged(send, partial(log.unanswered, operation))
        log.say("acknowledged", operation)


def _receive(hot: int) -> Callable[[Tx], None]:
    return lambda tx: stock.apply(tx, [stock.Change(hot, 1, 0, "received")])


def _pick(hot: int, own: int) -> Callable[[Tx], None]:
    moved = [stock.Change(hot, -1, 0, "pick"), stock.Change(own, 1, 0, "pick")]
    return lambda tx: stock.apply(tx, moved)


def start_station(url: str, folder: Path, name: str, hot: int, own: int) -> subprocess.Popen[bytes]:
    """One station as a process of its own."""
    words = [url, str(folder), name, str(hot), str(own)]
    home = Path(__file__).resolve().parent.parent
    return subprocess.Popen([sys.executable, "-m", "tests.standby", *words], cwd=home)


def main(url: str, folder: str, name: str, hot: str, own: str) -> None:
    """Be a station."""
    store = open_store(url)
    station(store, Path(folder), name, int(hot), int(own))
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
