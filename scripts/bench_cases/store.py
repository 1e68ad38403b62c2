"""What the store can do with a backlog at once, how it grows, and the memory that it needs."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench_cases import bulk, world
from bench_cases.hand import Hand
from bench_cases.measure import Case, case, same_rows, seconds
from bench_cases.ours import Ours, received
from bench_cases.places import Places
from bench_cases.world import WHO
from wms_app.base.db import Store
from wms_app.floor.allocation.service import allocate_all
from wms_app.floor.orders import checks
from wms_app.floor.waves.service import release_all

BULK_SMALL_GOAL, BULK_GOAL = 0.5, 0.6  # the latter from 100,000 orders on
GROWTH_GOAL, SCAN_GOAL = 0.6, 1.5
WARM = 700  # orders of a first file: statements are made, files open, lists of places loaded


def backlog(places: Places, kind: str, count: int, rounds: int) -> list[Case]:
    """So many orders taken in from a file, allocated and released."""
    pairs = []
    goal = BULK_GOAL if count >= 100_000 else BULK_SMALL_GOAL
    with TemporaryDirectory(dir=places.folder) as place:
        early = world.write_file(Path(place) / "early.csv", world.orders(WARM, first=900_001))
        file = world.write_file(Path(place) / "orders.csv", world.orders(count))
        for _round in range(rounds):
            with places.urls(kind) as (ours_url, hand_url):
                world.make(hand_url).close()
                store, hand = world.make(ours_url), Hand(hand_url)
                bulk.by_hand(hand, early)
                bulk.ours(store, early)
                checks._place_problems.cache_clear()  # each round's addresses are new to it
                reference = seconds(lambda: bulk.by_hand(hand, file))  # noqa: B023
                mine = seconds(lambda: bulk.ours(store, file))  # noqa: B023
                store.close()
                hand.db.close()
                same_rows(ours_url, hand_url)
                pairs.append((count / mine, count / reference))
    return [case(f"bulk.{kind}", pairs, "orders/s", "more", goal)]


def growth(places: Places, large: int) -> list[Case]:
    """The same on a store that has a thousand orders, and then a hundred times as many."""
    small = 1_000
    with places.urls("sqlite", 1) as (url,), TemporaryDirectory(dir=places.folder) as place:
        store = world.make(url)
        folder = Path(place)
        ours = Ours(store)
        ours.open_truck()
        bulk.ours(store, _file(folder, 700, 900_001))
        first = _backlog_s(store, folder, small, 1)
        scans_small = _scans(ours, folder, 800_001)
        first_again = _backlog_s(store, folder, small, 700_001)
        rest = _backlog_s(store, folder, large, 10_001)
        scans_large = _scans(ours, folder, 850_001)
        store.close()
    rate_small = small / min(first, first_again)
    return [
        case("growth.bulk", [(large / rest, rate_small)], "orders/s", "more", GROWTH_GOAL),
        case("growth.scan", [(scans_large, scans_small)], "ms", "less", SCAN_GOAL),
    ]


def _file(folder: Path, count: int, first: int) -> Path:
    return world.write_file(folder / f"{first}.csv", world.orders(count, first))


def _backlog_s(store: Store, folder: Path, count: int, first: int) -> float:
    file = _file(folder, count, first)
    return seconds(lambda: bulk.ours(store, file))


def _scans(ours: Ours, folder: Path, first: int) -> float:
    """Milliseconds of a commit of the cycle, on average over an order, the median of many."""
    bulk.receive(ours.store, _file(folder, 60, first))
    ids = received(ours.store, 60)
    for order_id in ids[:10]:
        ours.order(order_id)
    return 1000 * median(seconds(lambda: ours.order(i)) for i in ids[10:]) / 7  # noqa: B023


def memory(places: Places, count: int) -> list[Case]:
    """The most memory that a backlog needs, beside a tenth of it."""
    large, small = (_peak_mb(places.folder, n) for n in (count, count // 10))
    return [case("memory.bulk", [(large, small)], "MB", "less", 3.0)]


def _peak_mb(folder: Path, count: int) -> float:
    context = multiprocessing.get_context("spawn")
    asked, answers = context.Pipe()
    child = context.Process(target=_fill, args=(folder, count, answers))
    child.start()
    peak = float(asked.recv())
    child.join()
    return peak


def _fill(folder: Path, count: int, answers: multiprocessing.connection.Connection) -> None:
    places = Places(folder)
    with places.urls("sqlite", 1) as (url,):
        store = world.make(url)
        with TemporaryDirectory(dir=folder) as place:
            for start in range(0, count, 1000):
                wanted = world.orders(min(1000, count - start), first=1 + start)
                bulk.receive(store, world.write_file(Path(place) / f"{start}.csv", wanted))
        allocate_all(store, WHO)
        release_all(store, WHO, by="pick-list")
        store.close()
    answers.send(_own_peak_mb())


def _own_peak_mb() -> float:
    """The most memory of this process. Linux lets getrusage begin with what the parent had."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    units = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / units
