"""Which orders are walked together: pure, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Basket:
    """One order and the places of its stops along the walk (bins' walk numbers)."""

    order_id: int
    walks: tuple[int, ...]

    @property
    def middle(self) -> float:
        """Where along the walk its stops lie, on average."""
        return sum(self.walks) / len(self.walks)


def batch(baskets: Sequence[Basket], size: int) -> list[list[Basket]]:
    """Lists of at most `size` orders, the most urgent first come into the first lists.

    Orders are taken in their given order of urgency, a few lists' worth at a time, and those whose
    stops lie near each other share a list. Never a longer walk than plain first-come lists.
    """
    first_come = _chunks(list(baskets), size)
    window = 8 * size
    near = [
        chunk
        for start in range(0, len(baskets), window)
        for chunk in _chunks(_along(baskets[start : start + window]), size)
    ]
    return near if walk_length(near) <= walk_length(first_come) else first_come


def walk_length(lists: Sequence[Sequence[Basket]]) -> int:
    """How far all lists go along the walk, from the first stop of each to its last."""
    total = 0
    for one in lists:
        stops = [walk for basket in one for walk in basket.walks]
        total += max(stops) - min(stops)
    return total


def _along(baskets: Sequence[Basket]) -> list[Basket]:
    return sorted(baskets, key=lambda basket: (basket.middle, basket.order_id))


def _chunks(baskets: list[Basket], size: int) -> list[list[Basket]]:
    return [baskets[start : start + size] for start in range(0, len(baskets), size)]
