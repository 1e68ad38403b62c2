"""Runs a storm: makes the store, starts the stations, kills some of them, looks at what is true."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import update

from tests.bench import address_of_the_house
from tests.builders import build_floor
from tests.parcels import add_lanes
from tests.storm import breaking, station
from tests.storm.diary import Diaries
from tests.storm.station import Post
from tests.storm.truths import Ledger, findings
from wms_app.app import open_store
from wms_app.base.db import Store
from wms_app.base.refusal import Down
from wms_app.floor.catalog.model import Warehouse
from wms_app.office.setup.sample import folder as sample

SHELVES = (("A-01-1", 12), ("B-01-1", 6), ("R-01-1", 8))
HOT_SKUS = ("MUG", "TOWEL", "POT", "BOARD")
LOOK_SECONDS = 30.0
PATIENCE_SECONDS = 60.0
SLOW_SECONDS = 120.0
SHOWN = 12


@dataclass(frozen=True)
class Plan:
    """How long, how many, on which store (a URL), and what is broken in this build.

    `at_least`: so many operations are waited for, however slow the machine is.
    """

    url: str
    minutes: float
    stations: int
    seed: int = 1
    broken: str = ""
    kill_seconds: float = 2.0
    look_seconds: float = LOOK_SECONDS
    at_least: int = 0


@dataclass
class Outcome:
    """What a storm came to."""

    seconds: float = 0
    stations: int = 0
    verbs: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    retries: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    again: int = 0
    down: int = 0
    looks: int = 0
    found: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The whole storm in one line."""
        done = ", ".join(f"{verb} {count}" for verb, count in sorted(self.verbs.items()))
        tried = ", ".join(f"{why} {count}" for why, count in sorted(self.retries.items()))
        said = "nothing found" if not self.found else f"FOUND {len(self.found)}: {self.found[0]}"
        return (
            f"{self.seconds / 60:.1f} minutes, {self.stations} stations, "
            f"{sum(self.verbs.values())} operations ({done}), "
            f"{sum(self.refused.values())} refused, {self.down} down, "
            f"{self.kills} kills, retried: {tried or 'none'}, "
            f"{self.again} sent twice, looked {self.looks} times: {said}"
        )


class Weather:
    """One storm."""

    def __init__(self, plan: Plan, folder: Path, say: Callable[[str], object] = print) -> None:
        self._plan = plan
        self._folder = folder
        self._say = say
        self._chance = Random(plan.seed)
        self._starts = 0
        self._context = _context()
        self._running: dict[int, Any] = {}
        self._diaries = Diaries(folder)
        self._ledger = Ledger()
        self.outcome = Outcome(stations=plan.stations)

    def run(self) -> Outcome:
        """Make the warehouse, let everybody loose, and say what came of it."""
        make_world(self._plan.url, self._plan.broken)
        began = time.monotonic()
        end = began + self._plan.minutes * 60
        for number in range(self._plan.stations):
            self._start(number)
        try:
            self._until(end)
        finally:
            self._go_home()
            self._tell_time(began)
        self._last_words()
        self._look()
        return self.outcome

    def _until(self, end: float) -> None:
        look = time.monotonic() + self._plan.look_seconds
        kill = time.monotonic() + self._plan.kill_seconds
        began = time.monotonic()
        while time.monotonic() < end or self._too_little(end):
            time.sleep(0.05)
            now = time.monotonic()
            self._mourn()
            if now >= kill:
                self._kill(self._chance.randrange(self._plan.stations))
                kill = now + self._plan.kill_seconds * self._chance.uniform(0.3, 1.7)
            if now >= look:
                self._tell_time(began)
                self._look()
                look = time.monotonic() + self._plan.look_seconds
                self._say(self.outcome.line())
                if self.outcome.found:
                    return

    def _too_little(self, end: float) -> bool:
        """Whether the storm is to go on because too little has happened yet."""
        if not self._plan.at_least or time.monotonic() > end + SLOW_SECONDS:
            return False
        self._read_diaries()
        return not self.outcome.kills or sum(self.outcome.verbs.values()) < self._plan.at_least

    def _tell_time(self, began: float) -> None:
        self.outcome.seconds = time.monotonic() - began

    def _start(self, number: int, *, last_words: bool = False) -> None:
        self._starts += 1
        plan = self._plan
        seed = plan.seed * 1_000_003 + self._starts * 101 + number
        post = Post(
            plan.url, self._folder, number, plan.stations, seed, plan.broken, last_words=last_words
        )
        process = self._context.Process(target=station.work, args=(post,), daemon=True)
        process.start()
        self._running[number] = process

    def _kill(self, number: int) -> None:
        process = self._running[number]
        if process.is_alive() and process.pid is not None:
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            self.outcome.kills += 1
            self._start(number)

    def _mourn(self) -> None:
        """A station that ended by itself in the middle of the day is a finding."""
        for number, process in list(self._running.items()):
            if not process.is_alive():
                self.outcome.found.append(f"station {number} ended with {process.exitcode}")
                self._start(number)

    def _go_home(self) -> None:
        (self._folder / "stop").touch()
        late = time.monotonic() + PATIENCE_SECONDS
        for number, process in self._running.items():
            process.join(max(0.1, late - time.monotonic()))
            if process.is_alive():
                self.outcome.found.append(f"station {number} did not stop")
                process.kill()
                process.join()

    def _last_words(self) -> None:
        """What was sent before a kill at the very end is sent again, so that its end is known."""
        for number in range(self._plan.stations):
            self._start(number, last_words=True)
            self._running[number].join(PATIENCE_SECONDS)

    def _look(self) -> None:
        self._read_diaries()
        self.outcome.looks += 1
        store = open_store(self._plan.url)
        try:
            with store.read() as tx:
                found = findings(tx) + self._ledger.check(tx)
        except Down as down:
            found = [f"the store is away: {down.text}"]
        finally:
            store.close()
        known = set(self.outcome.found)
        self.outcome.found += [one for one in dict.fromkeys(found) if one not in known]

    def _read_diaries(self) -> None:
        made = self.outcome
        for line in self._diaries.read_on():
            self._ledger.take(line)
            match line["kind"]:
                case "ack":
                    made.verbs[line["verb"]] += 1
                case "refused":
                    made.refused[line["code"]] += 1
                case "retry":
                    made.retries[line["why"]] += 1
                case "again":
                    made.again += 1
                case "down":
                    made.down += 1
                case "broke":
                    trace = str(line["trace"]).strip()
                    made.found.append(f"{line['of']} {line['verb']} broke: {trace}")


def make_world(url: str, broken: str) -> None:
    """The tables, a small warehouse, and a few pieces of the hot SKUs. Refused: not empty."""
    store = open_store(url)
    store.create()
    _furnish(store)
    breaking.weaken(store, broken)
    store.close()


def _furnish(store: Store) -> None:
    floor = build_floor(store)
    address_of_the_house(floor)
    rates = (sample() / "rates.csv").read_text("utf-8")
    floor.do(lambda tx: tx.execute(update(Warehouse).values(rates=rates)) and None)
    add_lanes(floor)
    for sku in HOT_SKUS:
        for bin, pieces in SHELVES:
            floor.add_stock(sku, bin, pieces)


@contextmanager
def open_air(kept: Path | None = None) -> Iterator[Path]:
    """The folder of one storm's diaries; a kept one is made, another goes when it is over."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="storm-") as folder:
        yield Path(folder)


def worst(found: list[str]) -> str:
    """The first findings, each with its last lines, for a person to read."""
    return "\n".join(found[:SHOWN])


def _context() -> Any:
    """Stations start from a warm server: a kill costs them no second of loading."""
    root = str(Path(__file__).resolve().parents[2])
    paths = os.environ.get("PYTHONPATH", "")
    if root not in paths.split(os.pathsep):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (root, paths)))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.storm.station"])
    return context
