"""Killed between any two statements: a step happened whole or not at all, and the person is told.

Eighteen stages of the flow, each sent by a station that dies of SIGKILL at a point (tests/faults.py
says what points are). On the embedded store every third of a little over 300 points is cut; on
Postgres, where each cut costs a database, every thirtieth of nearly 700, from each stage's last on.
What is in the store is compared after every cut, and verified once for each different state.
`DOCK_LONG=1 pytest tests/test_crash.py` cuts every point on both and verifies after each cut.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests import faults
from tests.builders import build_floor
from tests.crash_stages import KEY, STAGES, Shop, Stage
from tests.faults import COMMITTED, WARM, Cut, Forker, State, settle, state_of, station
from tests.postgres import Server
from wms_app.base import clock
from wms_app.base.db import Store, Tx
from wms_app.base.operations import Operation
from wms_app.base.prepared import Prepared
from wms_app.base.who import Who
from wms_app.floor.orders.model import Order
from wms_app.office.verify.service import verify

LONG = bool(os.environ.get("DOCK_LONG"))
EVERY = {"sqlite": 1 if LONG else 3, "postgres": 1 if LONG else 30}
TAKEN = ("ok", "done", "warn")
WHO = Who(1, "Ana", "supervisor", "P1", 1)


@pytest.fixture(scope="module")
def started() -> Iterator[Forker]:
    made = Forker()
    yield made
    made.close()


@pytest.fixture
def forker(started: Forker) -> Iterator[Forker]:
    yield started
    started.hear_out()


@dataclass
class Embedded:
    """Copies of a prepared store's file."""

    file: Path
    every: int = EVERY["sqlite"]

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    def copy(self) -> str:
        with closing(sqlite3.connect(self.file)) as made:
            made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.made = getattr(self, "made", 0) + 1
        name = self.file.with_name(f"{self.made}-{self.file.name}")
        shutil.copy(self.file, name)
        return f"sqlite:///{name}"

    def done(self, url: str) -> None:
        for file in self.file.parent.glob(f"{url.rpartition('/')[2]}*"):
            file.unlink()

    def settle(self, url: str) -> None:
        """Ids that were undone are given again here."""


@dataclass
class Served:
    """Databases made like a prepared one."""

    server: Server
    url: str
    every: int = EVERY["postgres"]

    def copy(self) -> str:
        return self.server.database(self.url)

    def done(self, url: str) -> None:
        self.server.drop(url)

    def settle(self, url: str) -> None:
        settle(url)


Home = Embedded | Served


@pytest.fixture(params=["sqlite", "postgres"])
def home(request: pytest.FixtureRequest, tmp_path: Path, made_once: Path) -> Iterator[Home]:
    """An empty store with its tables."""
    clock.set_clock(lambda: faults.NOW)
    if request.param == "sqlite":
        shutil.copy(made_once, tmp_path / "dock.sqlite")
        yield Embedded(tmp_path / "dock.sqlite")
        return
    server: Server = request.getfixturevalue("postgres")
    served = Served(server, server.database(server.template))
    yield served
    server.drop(served.url)


class Case:
    """One stage, prepared, and what comes of it when nothing disturbs it."""

    def __init__(self, name: str, home: Home, forker: Forker, folder: Path) -> None:
        self.name, self.home, self.forker, self.folder = name, home, forker, folder
        self.stage: Stage = STAGES[name]
        store = station(home.url)
        self.facts: dict[str, Any] = self.stage.prepare(build_floor(store))
        store.close()
        if "text" in self.facts:
            file = folder / "orders.csv"
            file.write_text(self.facts.pop("text"), "utf-8")
            self.facts["file"] = str(file)
        warm = home.copy()
        forker.ask(name, warm, self.of(warm), WARM)
        forker.hear()
        home.done(warm)
        self.whole_url = home.copy()
        forker.ask(name, self.whole_url, self.of(self.whole_url), 0)
        self.whole: Cut = forker.hear()
        assert self.whole.answer[0] in TAKEN, self.whole.answer
        self.answers = answers(station(self.whole_url))
        self._true: list[State] = []

    def of(self, url: str) -> dict[str, Any]:
        """The facts for a copy: the carrier has books of its own for each."""
        return {**self.facts, "books": str(self.folder / f"{url.rpartition('/')[2]}.books")}

    def state_at(self, point: int) -> State:
        """What must be in the store after a cut at that point."""
        return self.whole.states[self.whole.points[:point].count(COMMITTED)]

    def true(self, store: Store, state: State) -> bool:
        """Whether nothing contradicts itself in a store that is in that state."""
        if LONG or state not in self._true:
            with store.read() as tx:
                assert verify(tx) == []
            self._true.append(state)
        return True

    def heard(self, state: State, said: list[str]) -> bool:
        """Whether the person who sends it again is told what is true after a cut in that state."""
        told = self.stage.told in " ".join(said)
        if state == self.whole.states[0]:
            return said[:3] == self.whole.answer[:3]
        return told or (state != self.whole.states[-1] and said[0] in TAKEN)

    def sold_once(self, url: str) -> bool:
        """Whether the carrier sold no label twice."""
        keys = [sale["key"] for sale in Shop(Path(self.of(url)["books"])).sold()]
        return len(keys) == len(set(keys))


def answers(store: Store) -> dict[str, tuple[str, Any]]:
    """The verb and the answer of every part of the operation that was applied."""
    with store.read() as tx:
        rows = tx.rows(select(Operation.key, Operation.verb, Operation.answer))
    return {row.key: (row.verb, row.answer) for row in rows if row.key.startswith(KEY)}


_SPOIL = Prepared(update(Order).values(priority=4711))


def spoil(tx: Tx) -> str:
    """What an operation that was applied before must not do once more, even unheard."""
    assert tx.postgres, "on the embedded store it is not even begun"
    _SPOIL.tell(tx)
    return "spoilt"


def differs(one: State, other: State) -> list[str]:
    """The tables that are not alike.

    An operation that found nothing to do leaves its own line, and an intake that is done over says
    that it found its orders there; that there is one of it stands in the journal.
    """
    free = ("operations", "intakes")
    return [name for name in one if one[name] != other[name] and name not in free]


@pytest.mark.parametrize("name", STAGES)
def test_a_power_cut_leaves_a_whole_step_or_none(
    name: str, home: Home, forker: Forker, tmp_path: Path
) -> None:
    case = Case(name, home, forker, tmp_path)
    points = [*range(1, len(case.whole.points) + 1)][:: -home.every]
    urls = [home.copy() for _point in points]
    for point, url in zip(points, urls):
        forker.ask(name, url, case.of(url), point)
    ended = case.whole.states[-1]
    for point, url in zip(points, urls):
        where = f"point {point}: {case.whole.points[point - 1]}"
        assert forker.hear() == Cut(killed=True), where
        state = case.state_at(point)
        assert state_of(url) == state, where
        home.settle(url)
        store = station(url)
        assert case.true(store, state), where
        for key, (verb, answer) in answers(store).items():
            assert store.write(key, WHO, verb, spoil) == answer == case.answers[key][1], where
        said = case.stage.send(store, case.of(url))
        assert case.heard(state, said), (where, said)
        after = state_of(url)
        assert differs(after, ended) == [], where
        assert case.true(store, after), where
        assert case.sold_once(url), where
        store.close()
        home.done(url)


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", STAGES)
def test_who_scans_anew_what_was_done_is_told_so(
    name: str, home: Home, forker: Forker, tmp_path: Path
) -> None:
    case = Case(name, home, forker, tmp_path)
    store = station(case.whole_url)
    said = case.stage.send(store, {**case.of(case.whole_url), "key": "anew"})
    assert case.stage.anew in " ".join(said)
    after = state_of(case.whole_url)
    same = [name for name in differs(after, case.whole.states[-1]) if name != "journal"]
    assert case.stage.counts or same == []
    assert case.true(store, after)
    store.close()
