"""Who writes to an embedded store waits for those before, and for nobody else."""

from __future__ import annotations

import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.builders import Floor
from wms_app.base.journal import JournalLine
from wms_app.base.turns import Turns, possible_on

LONG_S = 60.0

# A station: in each of its turns it writes down its number in the queue and its name.
STATION = """
import sys, time
from pathlib import Path
from wms_app.base import turns
store_file, name, count, hangs = sys.argv[1:]
numbers, draw = [], turns._draw
def noted(place):
    numbers.append(draw(place))
    return numbers[-1]
turns._draw = noted
queue = turns.Turns(Path(store_file))
for _turn in range(int(count)):
    with queue.turn(60), open(store_file + "-said", "a") as said:
        said.write(f"{numbers[-1]} {name}\\n")
        said.flush()
        time.sleep(60 if hangs == "hangs" else 0)
"""

# A station that scans without a pause.
SCANNER = """
import sys
from wms_app.base import journal
from wms_app.base.codes import new_id
from wms_app.base.db import Store
from wms_app.base.who import Who
store = Store(sys.argv[1])
for number in range(int(sys.argv[2])):
    store.write(new_id(), Who(1, "Ana", "picker", "P1", 1), "look",
                lambda tx: journal.record(tx, "looked", "bin", [number]))
"""


@pytest.fixture
def stations() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes started by a test; none outlives it."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for one in started:
        one.kill()
        one.wait()


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    if not possible_on(tmp_path):
        pytest.skip("this system, or the disk of the tests, has no such locks")
    return tmp_path / "dock.sqlite"


def begin(
    started: list[subprocess.Popen[bytes]], code: str, *args: object
) -> subprocess.Popen[bytes]:
    made = subprocess.Popen([sys.executable, "-c", code, *map(str, args)])
    started.append(made)
    return made


def said(store_file: Path) -> list[str]:
    """The names of those who had a turn; that each came before those who drew later is checked."""
    file = Path(f"{store_file}-said")
    lines = [line.split() for line in file.read_text().splitlines()] if file.exists() else []
    numbers = [int(number) for number, _name in lines]
    assert numbers == sorted(numbers), "somebody was passed"
    return [name for _number, name in lines]


def drawn(store_file: Path) -> int:
    """How many numbers have been drawn until now."""
    file = Path(f"{store_file}-turns")
    kept = file.read_bytes() if file.exists() else b""
    return int(struct.unpack("<q", kept)[0]) if kept else 0


def until_drawn(store_file: Path, number: int) -> None:
    began = time.monotonic()
    while drawn(store_file) < number:
        assert time.monotonic() < began + LONG_S, "nobody came"
        time.sleep(0.005)


def test_four_stations_write_in_the_order_in_which_they_came(
    store_file: Path, stations: list[subprocess.Popen[bytes]]
) -> None:
    with Turns(store_file).turn(LONG_S):
        for number, name in enumerate("ABCD", 2):
            begin(stations, STATION, store_file, name, 1, "")
            until_drawn(store_file, number)
    for one in stations:
        one.wait(LONG_S)
    assert said(store_file) == ["A", "B", "C", "D"]


def test_no_station_is_ever_passed_however_hasty_the_others_are(
    store_file: Path, stations: list[subprocess.Popen[bytes]]
) -> None:
    with Turns(store_file).turn(LONG_S):
        for number, name in enumerate("ABCD", 2):
            begin(stations, STATION, store_file, name, 100, "")
            until_drawn(store_file, number)
    for one in stations:
        one.wait(LONG_S)
    assert sorted(said(store_file)) == sorted("ABCD" * 100)


def test_a_station_that_is_killed_in_its_turn_lets_the_next_one_in(
    store_file: Path, stations: list[subprocess.Popen[bytes]]
) -> None:
    names = ("holder", "waiter", "last")
    for number, name in enumerate(names, 1):
        begin(stations, STATION, store_file, name, 1, "hangs" if name == "holder" else "")
        until_drawn(store_file, number)
    holder, waiter, last = stations
    waiter.kill()
    waiter.wait()
    with pytest.raises(subprocess.TimeoutExpired):  # the holder still has its turn
        last.wait(0.1)
    assert said(store_file) == ["holder"]
    holder.kill()
    last.wait(LONG_S)
    assert said(store_file) == ["holder", "last"]


def test_threads_of_one_station_queue_as_stations_do(store_file: Path) -> None:
    queue, order = Turns(store_file), []

    def work(name: str) -> None:
        for _turn in range(5):
            with queue.turn(LONG_S):
                order.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in "AB"]
    with queue.turn(LONG_S):
        for number, thread in enumerate(threads, 2):
            thread.start()
            until_drawn(store_file, number)
        assert order == []
    for thread in threads:
        thread.join(LONG_S)
    assert order[:2] == ["A", "B"]
    assert sorted(order) == sorted("AB" * 5)


def test_who_waits_too_long_goes_on_and_leaves_the_queue(store_file: Path) -> None:
    first, second, third = (Turns(store_file) for _one in range(3))
    with first.turn(LONG_S):
        for _again in range(2):
            with second.turn(0.01):
                pass
    with third.turn(LONG_S):
        assert drawn(store_file) == 4


def test_where_there_can_be_no_queue_the_store_is_written_all_the_same(tmp_path: Path) -> None:
    blocked = tmp_path / "dock.sqlite"
    Path(f"{blocked}-turns").mkdir()
    written = []
    for queue in (Turns(blocked), Turns(tmp_path / "no" / "folder.sqlite"), Turns(None)):
        with queue.turn(LONG_S), queue.turn(LONG_S):
            written.append(queue)
    assert len(written) == 3


def test_four_stations_scan_at_once_and_every_scan_is_kept(
    floor: Floor, stations: list[subprocess.Popen[bytes]]
) -> None:
    for _station in range(4):
        begin(stations, SCANNER, floor.store.url.render_as_string(hide_password=False), 25)
    assert [one.wait(LONG_S) for one in stations] == [0, 0, 0, 0]
    with floor.store.read() as tx:
        assert tx.scalar(select(func.count()).where(JournalLine.verb == "looked")) == 100
