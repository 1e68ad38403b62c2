"""The machine of the database is lost in the middle of work: nothing acknowledged goes with it."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import func, make_url, select

from tests.builders import Floor, build_floor
from tests.postgres import Missing, Server
from tests.standby import Fact, Pair, acknowledged, facts_of, pair, start_station, until
from wms_app.app import open_store
from wms_app.base import backup
from wms_app.base.codes import new_id
from wms_app.base.db import Store, Tx
from wms_app.base.operations import Operation
from wms_app.base.refusal import Down
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Movement, Stock
from wms_app.office.verify.service import verify

STATIONS = ("F1", "F2", "F3")
BINS = ("A-01-2", "A-02-1", "A-02-2")  # where each station's pieces go
OPENING = 1000
WORK = 40  # operations of each station before, and after, the loss
AWAY_SECONDS = 1  # how long nobody takes writes: what would take over needs to notice it first


@dataclass
class Warehouse:
    """Two servers, the URL with both, and the stock rows that the stations work on."""

    servers: Pair
    url: str
    hot: int
    own: list[int]
    opened: list[Store] = field(default_factory=list)

    def store(self, server: Server | None = None) -> Store:
        """The store by the URL with both hosts, or as one server has it."""
        name = str(make_url(self.url).database)
        return self.open(server.named(name) if server else self.url)

    def open(self, url: str) -> Store:
        """A store that is closed before its server ends."""
        self.opened.append(open_store(url))
        return self.opened[-1]


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    rows: list[int] = []

    def fill(url: str) -> None:
        store = open_store(url)
        store.create()
        floor = build_floor(store)
        rows.append(floor.add_stock("MUG", "A-01-1", OPENING))
        rows.extend(floor.add_stock("MUG", bin, 1) for bin in BINS)
        store.close()

    try:
        with pair(fill) as (servers, url):
            made = Warehouse(servers, url, rows[0], rows[1:])
            yield made
            for store in made.opened:
                store.close()
    except Missing as missing:
        pytest.skip(f"two servers of our own are needed: {missing}")


@pytest.fixture
def stations(warehouse: Warehouse, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    warehouse.servers.save()
    started = [
        start_station(warehouse.url, tmp_path, name, warehouse.hot, own)
        for name, own in zip(STATIONS, warehouse.own, strict=True)
    ]
    yield started
    for one in started:
        one.kill()
        one.wait()


def count_of(folder: Path, since: float = 0) -> int:
    """How many operations were acknowledged by the station that has had the fewest."""
    return min(
        sum(fact.kind == "acknowledged" and fact.moment > since for fact in facts_of(file))
        for file in (folder / f"{name}.log" for name in STATIONS)
    )


def facts_in(folder: Path) -> list[Fact]:
    return [fact for name in STATIONS for fact in facts_of(folder / f"{name}.log")]


def of_kind(facts: list[Fact], kind: str) -> list[str]:
    return [fact.operation for fact in facts if fact.kind == kind]


def applied(tx: Tx) -> list[tuple[str, int]]:
    """Every operation of the stations, with how many movements of goods it made."""
    moved = select(Operation.key, func.count(Movement.id)).join(
        Movement, Movement.operation_id == Operation.id
    )
    rows = tx.rows(moved.where(Operation.station.in_(STATIONS)).group_by(Operation.id))
    return sorted((str(key), int(count)) for key, count in rows)


def on_hand(tx: Tx, row: int) -> int:
    return int(tx.scalar(select(Stock.on_hand).where(Stock.id == row)))


def test_no_acknowledged_scan_is_lost_with_the_machine_of_the_database(
    warehouse: Warehouse,
    stations: list[subprocess.Popen[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three stations work on a primary with a synchronous standby; it is killed, that is promoted.

    Shown is: what a station was told is saved was on both machines, since no commit answers before
    the standby has it on its disk; what was on its way at the moment of the loss is sent again
    under its own id by the station itself, and stands in the new primary once, with all its parts;
    what is there that no answer came for was found by that id, not done again. Nobody restarts a
    station or gives it another address: its URL names both machines, and it takes the one that
    takes writes; so does the backup.

    Not shown: who decides that the primary is lost, and keeps a lost one from coming back, which
    is Patroni's part; and a line that is silent instead of broken, see tests/test_lost_connection.
    """
    servers = warehouse.servers
    until(lambda: count_of(tmp_path) >= WORK)
    assert servers.sync_state() == "sync"
    lost = monotonic()
    servers.primary.kill()
    until(lambda: monotonic() - lost >= AWAY_SECONDS)
    servers.standby.promote()
    promoted = monotonic()
    until(lambda: count_of(tmp_path, since=promoted) >= WORK)
    (tmp_path / "stop").touch()
    assert [one.wait(20) for one in stations] == [0, 0, 0]

    facts = facts_in(tmp_path)
    begun, kept = of_kind(facts, "begun"), of_kind(facts, "acknowledged")
    assert kept == begun
    assert all("away" in fact.words for fact in facts if fact.kind in ("Down", "Unknown"))
    picks = [sum(one.startswith(name) and "pick" in one for one in kept) for name in STATIONS]
    store = warehouse.store()
    with store.read() as tx:
        assert applied(tx) == sorted((one, 2 if "pick" in one else 1) for one in kept)
        assert [on_hand(tx, row) - 1 for row in warehouse.own] == picks
        assert on_hand(tx, warehouse.hot) == OPENING + len(kept) - 2 * sum(picks)
        assert verify(tx) == []
    monkeypatch.setenv("DOCK_POSTGRES_BIN", str(servers.standby.tools()))
    empty = warehouse.open(servers.both(servers.standby.database()))
    copied = backup.back_up(store, tmp_path / "after.dump")
    assert backup.restore(tmp_path / "after.dump", empty).operations == copied.operations
    sys.stdout.write(report(facts, lost, promoted))


def report(facts: list[Fact], lost: float, promoted: float) -> str:
    """How long the stations stood still, for whoever runs this with `-s`."""
    first = {
        name: min(
            fact.moment - lost
            for fact in facts
            if fact.kind == "acknowledged"
            and fact.operation.startswith(name)
            and fact.moment > promoted
        )
        for name in STATIONS
    }
    stood = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in first.items())
    return (
        f"from the loss to the first saved scan: {stood}; promoted after {promoted - lost:.2f} s; "
        f"{len(of_kind(facts, 'acknowledged'))} operations, none lost or doubled, "
        f"{len(set(of_kind(facts, 'Unknown')))} of them of unknown outcome for a time\n"
    )


def test_a_scan_that_only_the_lost_machine_had_is_not_acknowledged(warehouse: Warehouse) -> None:
    """A commit waits for the standby; the primary crashes meanwhile, and comes back by itself.

    Then it holds a commit that the standby never had, and shows it to everybody (as it does when
    a wait is broken off by `pg_terminate_backend`): looked up and called saved, it would be gone
    with the machine. So to look an operation up waits for the standby as a change does; here the
    primary is lost instead, and the scan is done on the other.

    Not shown, since nothing can be done here: `pg_cancel_backend` ends a wait with a mere warning.
    """
    servers, store = warehouse.servers, warehouse.store()
    who = Floor(store, 1, 1).who()
    scans = {new_id(): row for row in warehouse.own}
    answers: list[int] = []

    def scan(operation: str, row: int) -> None:
        def add(tx: Tx) -> int:
            stock.apply(tx, [stock.Change(row, 1, 0, "received")])
            return on_hand(tx, row)

        send = partial(store.write, operation, who, "receive", add)
        answers.append(acknowledged(send, lambda _down: None))

    def look_up() -> None:
        with suppress(Down):
            answers.append(store.was_applied(next(iter(scans))))

    servers.standby.stop()
    people = [threading.Thread(target=scan, args=one) for one in scans.items()]
    for person in people:
        person.start()
    until(lambda: servers.waiting() == 3)
    servers.primary.kill()
    servers.primary.start()
    until(lambda: servers.waiting() == 3 or answers != [])
    people.append(threading.Thread(target=look_up))
    people[-1].start()
    until(lambda: servers.waiting() == 4 or answers != [])
    assert pieces(warehouse.store(servers.primary), warehouse.own) == [2, 2, 2]
    assert answers == []

    servers.primary.kill()
    servers.standby.start()
    assert pieces(warehouse.store(servers.standby), warehouse.own) == [1, 1, 1]
    servers.standby.promote()
    for person in people:
        person.join(20)
    assert answers == [2, 2, 2]
    assert pieces(store, warehouse.own) == [2, 2, 2]


def pieces(store: Store, rows: list[int]) -> list[int]:
    with store.read() as tx:
        return [on_hand(tx, row) for row in rows]


def test_a_backup_goes_straight_to_the_machine_that_the_store_has_found(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of the URL takes connections and never says a word; it is waited for once."""
    monkeypatch.setenv("DOCK_POSTGRES_BIN", str(postgres.tools()))
    url = make_url(postgres.database(postgres.template))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        hosts = [f"127.0.0.1:{silent.getsockname()[1]}", f"{url.host}:{url.port or 5432}"]
        both = url.set(host=None, port=None, query={"host": hosts, "connect_timeout": "2"})
        store = open_store(both.render_as_string(hide_password=False))
        backup.back_up(store, tmp_path / "copy.dump")
        store.close()
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()
    postgres.drop(url.render_as_string(hide_password=False))
