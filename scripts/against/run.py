"""Both sides at the same orders, step by step and in turn, and what came out."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from bench_cases import world

from against.counts import RESTS_S, Counts
from against.dock import Dock
from against.talk import Tryton

ORDERED_SKUS = 200
BLOCK = 25
COUNTED = 20
STEPS = ("record", "allocate", "pick", "pack", "ship")
# Whether both sides do the same work: one by one, and in batches; and what to know about it.
EQUAL = {"allocate": (True, True), "pick": (True, False), "pack": (True, False)}
NOTES = {
    "record": "not equal: Dock reads and checks a file, address included; Tryton writes each move"
    " twice, for one known buyer",
    "allocate": "each line's pieces promised at bins, the order's state moved; Dock also writes"
    " its journal",
    "pick": "goods out of the bins, the order's state moved; Dock's includes the pick list, the"
    " tote, a movement and a journal line for each pick; Tryton's the cost price",
    "pack": "the order's state moved; Dock's includes the parcel with its contents and weight,"
    " Tryton's the promise of the outgoing moves",
    "ship": "not equal: Dock keeps the label, stages, loads and lets the truck leave, in three"
    " commits an order; Tryton moves two states and the goods to the customer, in one",
    "whole": "not equal: the sum of steps of which two are not",
}
SCANNED = "not equal: Dock's is scanned, one commit an order; Tryton's is one transaction"
Side = Dock | Tryton


@dataclass(frozen=True)
class Case:
    """One figure of both; `ratio` is ours / reference where the work is equal."""

    name: str
    ours: float
    reference: float
    unit: str
    ratio: float | None
    equal: bool
    note: str


Took = dict[str, list[tuple[float, float]]]  # by step, seconds an order: (ours, reference)


def run(dock: Dock, tryton: Tryton, counts: Counts, orders: int, batch: int) -> Iterator[Case]:
    """One by one, in a batch, and counted; each case when it is known."""
    made = _Numbers()
    _each(dock, tryton, made.orders(5))  # statements are made, caches filled
    took: Took = defaultdict(list)
    for begin in range(0, orders, BLOCK):
        block = made.orders(min(BLOCK, orders - begin))
        for step, pair in _each(dock, tryton, block, turned=begin // BLOCK % 2 == 1):
            took[step].append(pair)
    yield from _rates("one", took, 0)
    took = defaultdict(list)
    for step, pair in _together(dock, tryton, made.orders(batch)):
        took[step].append(pair)
    yield from _rates("batch", took, 1)
    counts.begin()
    yield from _counted(dock, tryton, counts, made.orders(COUNTED))


class _Numbers:
    """Orders without end, each with a number of its own."""

    def __init__(self) -> None:
        self._next = 1

    def orders(self, count: int) -> list[world.Wanted]:
        self._next += count
        return world.orders(count, self._next - count, ORDERED_SKUS)


def _each(
    dock: Dock, tryton: Tryton, block: list[world.Wanted], turned: bool = False
) -> list[tuple[str, tuple[float, float]]]:
    """Step after step, each order in a transaction of its own; seconds an order of either side."""
    found = []
    for step in STEPS:
        took: dict[str, float] = {}
        for side in (tryton, dock) if turned else (dock, tryton):
            took[side.name] = sum(_do(side, step, [one]) for one in block) / len(block)
        found.append((step, (took[dock.name], took[tryton.name])))
    return found


def _together(
    dock: Dock, tryton: Tryton, block: list[world.Wanted]
) -> list[tuple[str, tuple[float, float]]]:
    each = len(block)
    return [(s, (_do(dock, s, block) / each, _do(tryton, s, block) / each)) for s in STEPS]


def _do(side: Side, step: str, orders: list[world.Wanted]) -> float:
    return side.record(orders) if step == "record" else side.step(step, orders)


def _rates(how: str, took: Took, place: int) -> Iterator[Case]:
    """Medians of the blocks; the ratio is the median of the blocks' own ratios."""
    for step in STEPS:
        pairs = took[step]
        equal = EQUAL.get(step, (False, False))[place]
        note = SCANNED if how == "batch" and step in ("pick", "pack") else NOTES[step]
        ratio = median(theirs / ours for ours, theirs in pairs) if equal else None
        ours, theirs = (1 / median(pair[side] for pair in pairs) for side in (0, 1))
        yield Case(f"{how}.{step}", ours, theirs, "orders/s", ratio, equal, note)
    ours, theirs = (1 / sum(median(p[side] for p in took[s]) for s in STEPS) for side in (0, 1))
    yield Case(f"{how}.whole", ours, theirs, "orders/s", None, False, NOTES["whole"])


def _counted(
    dock: Dock, tryton: Tryton, counts: Counts, block: list[world.Wanted]
) -> Iterator[Case]:
    """Statements an order and rows written an order, one by one."""
    sums = {"statements": [0.0, 0.0], "rows": [0.0, 0.0]}
    for step in STEPS:
        found = [_count(side, step, counts, block) for side in (dock, tryton)]
        equal = EQUAL.get(step, (False, False))[0]
        for at, what in enumerate(sums):
            ours, theirs = (one[at] for one in found)
            sums[what] = [sums[what][0] + ours, sums[what][1] + theirs]
            ratio = ours / theirs if equal and theirs else None
            yield Case(f"{what}.{step}", ours, theirs, f"{what}/order", ratio, equal, NOTES[step])
    for what, (ours, theirs) in sums.items():
        yield Case(f"{what}.whole", ours, theirs, f"{what}/order", None, False, NOTES["whole"])


def _count(side: Side, step: str, counts: Counts, block: list[world.Wanted]) -> tuple[float, float]:
    _rest(side)
    sent, written = counts.statements(side.database), sum(counts.written(side.database))
    for one in block:
        _do(side, step, [one])
    sent = counts.statements(side.database) - sent
    _rest(side)
    return sent / len(block), (sum(counts.written(side.database)) - written) / len(block)


def _rest(side: Side) -> None:
    time.sleep(RESTS_S)
    side.settle()
    time.sleep(0.1)
