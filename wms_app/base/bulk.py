"""Bulk work: many rows pass through the program at once, and none of them is a cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def bulk_work() -> Iterator[None]:
    """Look for cyclic garbage seldom while this runs.

    Rows are freed by their counts alone; looking through all of them again and again for cycles
    cost a sixth of the time of an allocation.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
