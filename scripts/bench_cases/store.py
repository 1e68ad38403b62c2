"""What the store can do: the whole cycle one by one, a backlog at once, and how both grow."""

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
from bench_cases.ours import Ours

CYCLE_GOAL, BULK_GOAL = 0.45, 0.5
GROWTH_GOAL, SCAN_GOAL = 0.6, 1.5


def cycle(folder: Path, quick: bool) -> list[Case]:
    """Orders from received to the truck, seven commits each, one after another."""
    rounds, each = (3, 60) if quick else (7, 150)
    with TemporaryDirectory(dir=folder) as place:
        ours_file, hand_file = Path(place) / "ours.sqlite", Path(place) / "hand.sqlite"
        world.make(Path(place), "hand").close()
        store = world.make(Path(place), "ours")
        ours, by_hand = Ours(store), Hand(hand_file)
        for wanted in world.orders(20, first=900_001):
            ours.order(wanted)
            by_hand.order(wanted)
        pairs = []
        for number in range(rounds):
            wanted_now = world.orders(each, first=1 + number * each)
            reference = seconds(lambda: [by_hand.order(w) for w in wanted_now])  # noqa: B023
            mine = seconds(lambda: [ours.order(w) for w in wanted_now])  # noqa: B023
            pairs.append((each / mine, each / reference))
        ours.depart()
        by_hand.depart()
        store.close()
        same_rows(ours_file, hand_file)
    return [case("cycle.sqlite", pairs, "orders/s", "more", CYCLE_GOAL)]


def backlog(folder: Path, quick: bool) -> list[Case]:
    """Ten thousand orders taken in, allocated and released."""
    count = 2_000 if quick else 10_000
    wanted = world.orders(count)
    pairs = []
    for _round in range(3):
        with TemporaryDirectory(dir=folder) as place:
            ours_file, hand_file = Path(place) / "ours.sqlite", Path(place) / "hand.sqlite"
            world.make(Path(place), "hand").close()
            store, by_hand = world.make(Path(place), "ours"), Hand(hand_file, truck=False)
            early = world.orders(100, first=900_001)  # statements are made, files are open
            bulk.by_hand(by_hand, early)
            bulk.ours(store, early)
            reference = seconds(lambda: bulk.by_hand(by_hand, wanted))  # noqa: B023
            mine = seconds(lambda: bulk.ours(store, wanted))  # noqa: B023
            store.close()
            same_rows(ours_file, hand_file)
            pairs.append((count / mine, count / reference))
    return [case("bulk.sqlite", pairs, "orders/s", "more", BULK_GOAL)]


def growth(folder: Path, quick: bool) -> list[Case]:
    """The same on a store that has a thousand orders, and then a hundred times as many."""
    small, large = 1_000, 20_000 if quick else 100_000
    with TemporaryDirectory(dir=folder) as place:
        store = world.make(Path(place), "ours")
        first = seconds(lambda: bulk.ours(store, world.orders(small)))
        ours = Ours(store)
        scans_small = _scans(ours, 800_001)
        first_again = seconds(lambda: bulk.ours(store, world.orders(small, first=700_001)))
        rest = seconds(lambda: bulk.ours(store, world.orders(large, first=10_001)))
        scans_large = _scans(ours, 850_001)
        store.close()
    rate_small = small / min(first, first_again)
    return [
        case("growth.bulk", [(large / rest, rate_small)], "orders/s", "more", GROWTH_GOAL),
        case("growth.scan", [(scans_large, scans_small)], "ms", "less", SCAN_GOAL),
    ]


def _scans(ours: Ours, first: int) -> float:
    """Milliseconds of a commit of the cycle, on average over an order, the median of many."""
    orders = world.orders(60, first=first)
    for wanted in orders[:10]:
        ours.order(wanted)
    return 1000 * median(seconds(lambda: ours.order(w)) for w in orders[10:]) / 7  # noqa: B023


def memory(folder: Path, quick: bool) -> list[Case]:
    """The most memory that a backlog needs, beside a tenth of it."""
    count = 10_000 if quick else 100_000
    large, small = (_peak_mb(folder, n) for n in (count, count // 10))
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
    with TemporaryDirectory(dir=folder) as place:
        store = world.make(Path(place), "ours")
        for start in range(0, count, 1000):
            chunk = world.orders(min(1000, count - start), first=1 + start)
            bulk.receive(store, chunk)
        bulk.plan_and_release(store)
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
