"""The database goes away in the middle of work: refused or looked up, never lost or done twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import func, make_url, select

from tests.builders import SKUS, Floor, build_floor
from tests.journeys import released
from tests.postgres import Server
from tests.wire import Wire
from wms_app.app import open_store
from wms_app.base.codes import Scan, new_id, own
from wms_app.base.db import Store, Tx
from wms_app.base.operations import Operation
from wms_app.base.refusal import Down, Unknown
from wms_app.desk.talk import Talk, Told
from wms_app.desk.work import Worker
from wms_app.floor.orders.model import OrderLine
from wms_app.floor.picking.presenter import PickPresenter
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Stock
from wms_app.office.verify.service import verify

MUG = SKUS[0][2]
TAKES = b"take"  # the verb of a scan that takes a piece; its statement may be prepared already


@dataclass
class Line:
    """A station's floor, reached through a cable, and the same store seen from beside it."""

    floor: Floor
    wire: Wire
    beside: Store
    row: int

    def add(self, operation: str) -> int:
        """Count one more piece into the bin; answers what lies there then."""

        def work(tx: Tx) -> int:
            stock.apply(tx, [stock.Change(self.row, 1, 0, "opening")])
            return int(tx.scalar(select(Stock.on_hand).where(Stock.id == self.row)))

        return self.floor.store.write(operation, self.floor.who(), "opening", work)

    def on_hand(self) -> int:
        """What lies in the bin, looked at from beside the cable."""
        with self.beside.read() as tx:
            return int(tx.scalar(select(Stock.on_hand).where(Stock.id == self.row)))

    def times(self, operation: str) -> int:
        """How often the operation stands in the store."""
        with self.beside.read() as tx:
            found = select(func.count()).where(Operation.key == operation)
            return int(tx.scalar(found))


class Station:
    """A Pick room of the window, worked by scans; what it told is kept."""

    def __init__(self, line: Line, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.worker = Worker()
        self.worker.start()
        self.talk = Talk(self.worker)
        self.talk.was_applied = line.floor.store.was_applied
        self.heard: list[Told] = []
        self.talk.told.connect(self.heard.append)
        self.talk.enter("pick", lambda: PickPresenter(line.floor.store, line.floor.who("picker")))
        self.wait()

    def wait(self) -> Told:
        """Until everything asked was answered; gives the last answer."""
        self.qtbot.waitUntil(lambda: self.worker.idle(), timeout=30_000)
        return self.heard[-1]

    def scan(self, *codes: str) -> Told:
        """Scan one after the other; gives the last answer."""
        for code in codes:
            self.talk.scan(Scan(code))
            self.wait()
        return self.heard[-1]


@pytest.fixture
def line(postgres: Server) -> Iterator[Line]:
    url = postgres.database(postgres.template)
    wire = Wire(make_url(url).port or 5432)
    beside = open_store(url)
    through = make_url(url).set(host="127.0.0.1", port=wire.port)
    store = open_store(through.render_as_string(hide_password=False))
    floor = build_floor(store)
    row = floor.add_stock("MUG", "A-01-1", 5)
    yield Line(floor, wire, beside, row)
    with beside.read() as tx:
        assert verify(tx) == []
    store.close()
    wire.close()
    beside.close()
    postgres.drop(url)


def test_a_scan_whose_answer_was_lost_is_looked_up_and_done_once(line: Line) -> None:
    operation = new_id()
    line.wire.lose_answer_to(b"COMMIT")
    assert line.add(operation) == 6
    assert line.on_hand() == 6
    assert line.times(operation) == 1


def test_a_scan_that_was_lost_on_its_way_is_done_when_the_line_is_back(line: Line) -> None:
    operation = new_id()
    line.wire.lose_request(b"COMMIT")
    assert line.add(operation) == 6
    assert line.on_hand() == 6
    assert line.times(operation) == 1


@pytest.mark.parametrize("arrived", [True, False], ids=["done", "not done"])
def test_an_outcome_that_stays_unknown_is_said_and_found_by_the_same_id(
    line: Line, arrived: bool
) -> None:
    operation = new_id()
    lose = line.wire.lose_answer_to if arrived else line.wire.lose_request
    lose(b"COMMIT", True)
    with pytest.raises(Unknown):
        line.add(operation)
    assert line.times(operation) == (1 if arrived else 0)
    line.wire.plug()
    assert line.add(operation) == 6
    assert line.on_hand() == 6
    assert line.times(operation) == 1


def test_a_store_that_was_away_from_the_start_saved_nothing_and_says_so(line: Line) -> None:
    line.wire.pull()
    with pytest.raises(Down) as away:
        line.add(new_id())
    assert not isinstance(away.value, Unknown)
    assert "nothing was saved" in away.value.text
    assert line.on_hand() == 5
    line.wire.plug()
    assert line.add(new_id()) == 6


@pytest.mark.parametrize("statement", [b"INSERT INTO operations", b"UPDATE stock", b"movements"])
def test_a_line_that_breaks_in_the_middle_of_a_scan_loses_nothing(
    line: Line, statement: bytes
) -> None:
    operation = new_id()
    line.wire.lose_answer_to(statement)
    assert line.add(operation) == 6
    assert line.times(operation) == 1


def test_an_idle_connection_that_died_is_noticed_before_the_next_look(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wms_app.base.engine.IDLE_SECONDS", 0)
    line.wire.pull()
    line.wire.plug()
    with line.floor.store.read() as tx:
        assert tx.scalar(select(Stock.on_hand).where(Stock.id == line.row)) == 5


def picked(line: Line) -> int:
    with line.beside.read() as tx:
        return sum(tx.scalars(select(OrderLine.picked)))


@pytest.mark.parametrize("arrived", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize("pieces", [1, 2], ids=["the last piece", "one of two"])
def test_the_room_learns_what_came_of_a_scan_when_the_store_is_back(
    line: Line, qtbot: QtBot, arrived: bool, pieces: int
) -> None:
    code = released(line.floor, line.floor.add_order({"MUG": pieces}))
    station = Station(line, qtbot)
    station.scan(own("LIST", code), own("BIN", "A-01-1"))
    lose = line.wire.lose_answer_to if arrived else line.wire.lose_request
    lose(b"COMMIT", True, after=TAKES)
    assert station.scan(MUG).code == "unknown"
    assert station.talk.waits_for_the_store()
    assert station.scan(MUG).down == "store"
    line.wire.plug()
    station.talk.look_up()
    told = station.wait()
    assert told.answer is not None
    assert told.answer.kind == "ok"
    assert not station.talk.waits_for_the_store()
    assert picked(line) == 1
    if pieces == 2:
        assert station.scan(MUG).answer.kind == "ok"  # type: ignore[union-attr]
    done = station.scan(own("TOTE", "T-1"))
    assert done.answer is not None
    assert done.answer.kind == "done"
    assert picked(line) == pieces
    station.worker.stop()


def test_the_next_scan_first_learns_what_came_of_the_last(line: Line, qtbot: QtBot) -> None:
    code = released(line.floor, line.floor.add_order({"MUG": 2}))
    station = Station(line, qtbot)
    station.scan(own("LIST", code), own("BIN", "A-01-1"))
    line.wire.lose_answer_to(b"COMMIT", True, after=TAKES)
    assert station.scan(MUG).code == "unknown"
    line.wire.plug()
    assert station.scan(MUG).code == ""
    assert picked(line) == 2
    station.worker.stop()
