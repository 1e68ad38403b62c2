"""Times taken in pairs, so that a busy machine slows both sides alike, and what came out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any, Literal

from bench_cases.sql import Db

# Every table that the cycle writes.
TABLES = (
    "operations",
    "journal",
    "movements",
    "outbox",
    "intakes",
    "orders",
    "order_lines",
    "allocations",
    "waves",
    "pick_lists",
    "picks",
    "parcels",
    "parcel_items",
    "labels",
    "staged_parcels",
    "pickup_parcels",
)
_QUESTIONS = {table: f"SELECT count(*) FROM {table}" for table in TABLES} | {
    "pieces": "SELECT sum(ordered), sum(allocated), sum(picked), sum(packed) FROM order_lines",
    "stock": "SELECT sum(on_hand), sum(allocated) FROM stock",
    "states": "SELECT state, count(*) FROM orders GROUP BY state ORDER BY state",
}


@dataclass(frozen=True)
class Case:
    """One figure against its reference; `ratio` is ours / reference.

    `goal`: what the ratio must reach (`better` "more") or keep below ("less"); None: only told.
    """

    name: str
    ours: float
    reference: float
    unit: str
    ratio: float
    better: Literal["more", "less"]
    goal: float | None

    @property
    def reached(self) -> bool:
        """Whether the ratio is as good as it must be."""
        if self.goal is None:
            return True
        return self.ratio >= self.goal if self.better == "more" else self.ratio <= self.goal

    def called(self, name: str) -> Case:
        """The same by another name."""
        return replace(self, name=name)

    def to_json(self) -> dict[str, Any]:
        """As plain data, figures to three digits behind the point."""
        data = asdict(self)
        return {k: round(v, 3) if isinstance(v, float) else v for k, v in data.items()}


def case(
    name: str,
    pairs: list[tuple[float, float]],
    unit: str,
    better: Literal["more", "less"],
    goal: float | None,
) -> Case:
    """A case from pairs of (ours, reference): medians of each, and of the ratios."""
    ratio = median(ours / reference for ours, reference in pairs)
    ours, reference = (median(pair[side] for pair in pairs) for side in (0, 1))
    return Case(name, ours, reference, unit, ratio, better, goal)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def same_rows(ours: str, reference: str) -> None:
    """Both stores (URLs) hold the same number of rows everywhere, and as many pieces promised,
    picked and packed; a RuntimeError names what differs."""
    for name, question in _QUESTIONS.items():
        found = []
        for url in (ours, reference):
            db = Db(url)
            found.append(db.rows(question))
            db.close()
        if found[0] != found[1]:
            raise RuntimeError(f"{name}: {found[0]} here, {found[1]} by hand")
