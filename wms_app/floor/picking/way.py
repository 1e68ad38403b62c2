"""Where a bin is, from its code: the way to it in words, the walk as a drawing, its length.

A code that reads aisle-bay-level (`A-03-2`) has a place on the plan; others have none, and are
left out of drawings and lengths.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from wms_app.base.texts import _, ngettext

Point = tuple[float, float]

_CODE = re.compile(r"^(?P<aisle>.*[^-])-(?P<bay>\d{1,3})-(?P<level>\d{1,2})$")
_UNDERLINE = "\u0332"

# The plan in metres: racks 1 m deep with an aisle of 2 m beside each, bays of 1.2 m.
RACK_M = 1.0
AISLE_M = 2.0
BAY_M = 1.2
METRES_A_MINUTE = 50.0
SECONDS_A_STOP = 15.0
SECONDS_A_PIECE = 4.0


@dataclass(frozen=True)
class Place:
    """A bin's aisle, bay and level."""

    aisle: str
    bay: int
    level: int


@dataclass(frozen=True)
class Rack:
    """One aisle's rack on the plan, in metres, y away from the front."""

    name: str
    x: float
    y: float
    width: float
    height: float


def place_of(code: str) -> Place | None:
    """The place that a bin's code says, None when it says none.

    >>> place_of("A-03-2")
    Place(aisle='A', bay=3, level=2)
    >>> place_of("IN-1") is None
    True
    """
    match = _CODE.match(code)
    if match is None:
        return None
    return Place(match["aisle"], int(match["bay"]), int(match["level"]))


def way_words(here: str, there: str) -> str:
    """How to get from the bin `here` to the bin `there`, in words that end with its code."""
    a, b = place_of(here), place_of(there)
    code = marked(there, here)
    if a is None or b is None:
        return _("Go to {bin}.").format(bin=code)
    if a.aisle != b.aisle:
        return _("Go to aisle {aisle}: {bin}.").format(aisle=b.aisle, bin=code)
    if a.bay != b.bay:
        steps = abs(a.bay - b.bay)
        if b.bay > a.bay:
            words = ngettext("Go one bay on: {bin}.", "Go {count} bays on: {bin}.", steps)
        else:
            words = ngettext("Go one bay back: {bin}.", "Go {count} bays back: {bin}.", steps)
        return words.format(count=steps, bin=code)
    steps = abs(a.level - b.level)
    if b.level > a.level:
        words = ngettext("Go one level up: {bin}.", "Go {count} levels up: {bin}.", steps)
    else:
        words = ngettext("Go one level down: {bin}.", "Go {count} levels down: {bin}.", steps)
    return words.format(count=steps, bin=code)


def marked(code: str, other: str) -> str:
    """`code` with every character underlined that differs from `other` at its place.

    Codes that are not of one length are too different to mark.

    >>> marked("A-03-2", "A-03-1") == "A-03-2" + chr(0x332)
    True
    """
    if len(code) != len(other):
        return code
    return "".join(c if c == o else c + _UNDERLINE for c, o in zip(code, other, strict=True))


class Plan:
    """The racks of a warehouse, side by side in the order of the walk."""

    def __init__(self, codes: Sequence[str]) -> None:
        bays: dict[str, int] = {}
        for code in codes:
            place = place_of(code)
            if place is not None:
                bays[place.aisle] = max(bays.get(place.aisle, 0), place.bay)
        self._points: dict[str, Point | None] = {}
        self._x = {aisle: n * (RACK_M + AISLE_M) for n, aisle in enumerate(bays)}
        self._depth = max(bays.values(), default=0) * BAY_M
        self.racks = tuple(
            Rack(aisle, self._x[aisle], 0.0, RACK_M, bays[aisle] * BAY_M) for aisle in bays
        )

    def point(self, code: str) -> Point | None:
        """Where a picker stands before a bin; None for a bin without a place on the plan."""
        if code not in self._points:  # each of a list is asked for with every scan
            self._points[code] = self._point(code)
        return self._points[code]

    def _point(self, code: str) -> Point | None:
        place = place_of(code)
        if place is None or place.aisle not in self._x:
            return None
        return self._x[place.aisle] + RACK_M + AISLE_M / 2, (place.bay - 0.5) * BAY_M

    def path(self, codes: Sequence[str]) -> tuple[Point, ...]:
        """The way through these bins in this order: along aisles, and round their nearer end."""
        points: list[Point] = []
        for code in codes:
            point = self.point(code)
            if point is None or (points and points[-1] == point):
                continue
            if points and points[-1][0] != point[0]:
                points += self._round(points[-1], point)
            points.append(point)
        return tuple(points)

    def _round(self, a: Point, b: Point) -> list[Point]:
        front, back = -BAY_M, self._depth + BAY_M
        y = front if a[1] + b[1] - 2 * front <= 2 * back - a[1] - b[1] else back
        return [(a[0], y), (b[0], y)]


def metres(path: Sequence[Point]) -> int:
    """How long a path is, in whole metres."""
    return round(sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(path)))


def minutes(length_m: int, stops: int, pieces: int) -> int:
    """About how long a walk takes: going, finding the bin, taking and scanning each piece."""
    seconds = stops * SECONDS_A_STOP + pieces * SECONDS_A_PIECE
    return max(1, round(length_m / METRES_A_MINUTE + seconds / 60)) if stops else 0
