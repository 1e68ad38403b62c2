"""From which warehouse an order goes out, by the rule its client chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Any

EARTH_KM = 6371.0
SLOWEST_DAYS = 28  # how far back the picks are counted that say how fast goods move


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: an ISO country code and a postal code, each "" when not known."""

    country: str
    postal_code: str


def nearest(to: Place, warehouses: Mapping[int, Place]) -> tuple[int, ...]:
    """Warehouses from the nearest to the farthest.

    Between US ZIP codes by the great circle; otherwise those of the same country first, then
    those whose postal code begins like the address's.
    """
    return tuple(sorted(warehouses, key=lambda w: (*_far(to, warehouses[w]), w)))


def _far(to: Place, warehouse: Place) -> tuple[bool, float, int]:
    same = to.country == warehouse.country and bool(to.country)
    distance = float("inf")
    if same and to.country == "US":
        distance = kilometres(to.postal_code, warehouse.postal_code)
    return not same, distance, -_alike(to.postal_code, warehouse.postal_code) if same else 0


def _alike(one: str, other: str) -> int:
    """How many characters two postal codes have in common at their beginning."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other))
    )


@lru_cache(maxsize=65536)
def kilometres(one: str, other: str) -> float:
    """The great-circle distance between two US ZIP codes; infinite when one is not known.

    Haversine formula, mean earth radius.
    """
    here, there = _point(one[:5]), _point(other[:5])
    if here is None or there is None:
        return float("inf")
    north = sin((there[0] - here[0]) / 2) ** 2
    east = sin((there[1] - here[1]) / 2) ** 2 * cos(here[0]) * cos(there[0])
    return 2 * EARTH_KM * asin(sqrt(north + east))


@lru_cache(maxsize=65536)
def _point(zip_code: str) -> tuple[float, float] | None:
    import zipcodes

    matching: Any = zipcodes.matching

    try:
        found = matching(zip_code)
    except (TypeError, ValueError):
        return None
    if not found:
        return None
    return radians(float(found[0]["lat"])), radians(float(found[0]["long"]))


def slowest(
    skus: Sequence[int],
    warehouses: Sequence[int],
    free: Mapping[tuple[int, int], int],
    picked: Mapping[tuple[int, int], int],
) -> tuple[int, ...]:
    """Warehouses from the one where these SKUs move slowest to the fastest.

    `free` and `picked` (in the last SLOWEST_DAYS) are pieces by (warehouse, SKU): slow is where
    the free pieces would last longest.
    """

    def lasts(warehouse: int) -> float:
        there = sum(free.get((warehouse, sku), 0) for sku in skus)
        gone = sum(picked.get((warehouse, sku), 0) for sku in skus)
        return there / (gone + 1)

    return tuple(sorted(warehouses, key=lambda w: (-lasts(w), w)))
