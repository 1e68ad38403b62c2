"""Four stations that write to one embedded store without a pause: who waits, and what it costs."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.connection import Connection
from statistics import median

from bench_cases import world
from bench_cases.measure import Case, case
from bench_cases.places import Places
from bench_cases.world import WHO
from wms_app.app import open_store
from wms_app.base.codes import new_id
from wms_app.base.db import Tx
from wms_app.floor.stock import service as stock

WAIT_GOAL, THROUGHPUT_GOAL = 20.0, 0.9
STATIONS = 4


def turns(places: Places, span_s: float, rounds: int) -> list[Case]:
    """The longest wait of any scan beside the median, and scans a second beside one station's."""
    pairs, waits = [], []
    with places.urls("sqlite", 1) as (url,):
        world.make(url).close()
        for _round in range(rounds):
            alone = _scans(url, 1, span_s)
            together = _scans(url, STATIONS, span_s)
            pairs.append((len(together) / span_s, len(alone) / span_s))
            waits.append((1000 * max(together), 1000 * median(together)))
    return [
        case("turns.sqlite.4.wait", waits, "ms", "less", WAIT_GOAL),
        case("turns.sqlite.4.throughput", pairs, "scans/s", "more", THROUGHPUT_GOAL),
    ]


def _scans(url: str, stations: int, span_s: float) -> list[float]:
    """Seconds of every scan of so many stations that begin together."""
    context = multiprocessing.get_context("spawn")
    talks: list[Connection] = []
    processes = []
    for number in range(stations):
        here, there = context.Pipe()
        process = context.Process(target=_station, args=(url, number, span_s, there))
        process.start()
        processes.append(process)
        talks.append(here)
    for talk in talks:
        talk.recv()
    for talk in talks:
        talk.send("go")
    found = [taken for talk in talks for taken in talk.recv()]
    for process in processes:
        process.join()
    return found


def _station(url: str, number: int, span_s: float, talk: Connection) -> None:
    store = open_store(url)
    row = 1 + number

    def take(tx: Tx) -> None:
        stock.apply(tx, [stock.Change(row, -1, 0, "pick")])

    for _warm in range(20):
        store.write(new_id(), WHO, "take", take)
    talk.send("ready")
    talk.recv()
    taken = []
    end = time.perf_counter() + span_s
    while (begin := time.perf_counter()) < end:
        store.write(new_id(), WHO, "take", take)
        taken.append(time.perf_counter() - begin)
    talk.send(taken)
    store.close()
