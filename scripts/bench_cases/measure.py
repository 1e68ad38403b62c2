"""Times taken in pairs, so that a busy machine slows both sides alike, and what came out."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

# Every table that the cycle writes.
TABLES = (
    "operations",
    "journal",
    "movements",
    "outbox",
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


def same_rows(ours: Path, reference: Path) -> None:
    """Both sides wrote the same number of rows everywhere; a RuntimeError names what differs."""
    first, second = (sqlite3.connect(file) for file in (ours, reference))
    for table in TABLES:
        counts = [
            db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for db in (first, second)
        ]
        if counts[0] != counts[1]:
            raise RuntimeError(f"{table}: {counts[0]} rows here, {counts[1]} by hand")
    first.close()
    second.close()
