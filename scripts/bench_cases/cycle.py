"""Orders from the file to the truck, one by one, by 1, 4 and 8 stations at once.

The orders are taken in beforehand by the project's own intake; what is measured are the seven
commits from received to loaded: allocate, release, pick, pack, label, stage, load. Each station
is a process with its own connection and does both sides in turn, all stations at once.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench_cases import bulk, world
from bench_cases.hand import Hand
from bench_cases.measure import Case, case, same_rows
from bench_cases.ours import Ours, received
from bench_cases.places import Places
from wms_app.app import open_store
from wms_app.base.db import Store

GOALS = {"sqlite": 0.5, "postgres": 0.7}
WARM = 8  # orders of each station before anything is measured


def cycle(places: Places, kind: str, stations: int, hot: bool, rounds: int, each: int) -> Case:
    """`rounds` pairs, in each of which the stations do `each` orders together on either side."""
    name = f"cycle.{kind}.{stations}{'.hot' if hot else ''}"
    with places.urls(kind) as (ours_url, hand_url), _Stations(stations, ours_url, hand_url) as all_:
        stores = world.make(ours_url), Hand(hand_url)
        world.make(hand_url).close()
        all_.open()
        pairs, first = [], 1
        for number in range(rounds + 1):
            count = WARM * stations if not number else each
            wanted = world.orders(count, first, world.HOT if hot else world.SKUS)
            first += count
            ids = _take_in(places.folder, *stores, wanted)
            order = ("hand", "ours") if number % 2 else ("ours", "hand")
            took = {side: all_.work(side, ids[side]) for side in order}
            if number:
                pairs.append((each / took["ours"], each / took["hand"]))
        all_.depart()
        stores[0].close()
        stores[1].db.close()
        same_rows(ours_url, hand_url)
    return case(name, pairs, "orders/s", "more", GOALS[kind])


def _take_in(
    folder: Path, store: Store, hand: Hand, wanted: Sequence[world.Wanted]
) -> dict[str, list[int]]:
    with TemporaryDirectory(dir=folder) as place:
        file = world.write_file(Path(place) / "orders.csv", wanted)
        bulk.receive(store, file)
        bulk.receive_by_hand(hand, file)
    waiting = hand.db.rows("SELECT id FROM orders WHERE state = 'received' ORDER BY id")
    hand.db.commit_reading()
    return {"ours": received(store, len(wanted)), "hand": [row[0] for row in waiting]}


class _Stations:
    """Processes that wait for orders to bring to the truck."""

    def __init__(self, count: int, ours_url: str, hand_url: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._talks: list[Connection] = []
        self._processes = []
        for number in range(1, count + 1):
            here, there = context.Pipe()
            args = (number, ours_url, hand_url, there)
            self._processes.append(context.Process(target=_station, args=args, daemon=True))
            self._talks.append(here)

    def __enter__(self) -> _Stations:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self._processes:
            process.kill()
            process.join()

    def open(self) -> None:
        """Once the stores are made: connect, and open a truck each."""
        self._all("open", [None] * len(self._talks))

    def depart(self) -> None:
        """The trucks leave, one after another."""
        for talk in self._talks:
            talk.send(("depart", None))
            _heard(talk)

    def work(self, side: str, ids: Sequence[int]) -> float:
        """Every station does its share; gives the seconds until the last one is done."""
        return self._all(side, [ids[n :: len(self._talks)] for n in range(len(self._talks))])

    def _all(self, word: str, shares: Sequence[Any]) -> float:
        begin = time.perf_counter()
        for talk, share in zip(self._talks, shares):
            talk.send((word, share))
        for talk in self._talks:
            _heard(talk)
        return time.perf_counter() - begin


def _heard(talk: Connection) -> None:
    if (said := talk.recv()) != "done":
        raise RuntimeError(said)


def _station(number: int, ours_url: str, hand_url: str, talk: Connection) -> None:
    try:
        word, _none = talk.recv()
        ours, hand = Ours(open_store(ours_url), number), Hand(hand_url, number)
        ours.open_truck()
        hand.open_truck()
        talk.send("done")
        while word != "depart":
            word, ids = talk.recv()
            side = ours if word == "ours" else hand
            for order_id in ids or ():
                side.order(order_id)
            if word == "depart":
                ours.depart()
                hand.depart()
            talk.send("done")
    except Exception as error:
        talk.send(f"station {number}: {error!r}")
