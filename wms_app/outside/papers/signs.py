"""Signs that are drawn, not written: arrows, marks for parcels, the mark of lithium batteries.

Sources: ISO 780 (fragile, this way up); UN Model Regulations 5.2.1.9 and IATA DGR 7.1.5.5 (lithium
battery mark: a hatched edge of at least 5 mm; red or, in one colour, black).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Point = tuple[float, float]

_EDGE = 5.0  # mm, the hatched edge of the lithium battery mark
_STRIPE = 3.0  # mm along the edge, black as well as white
_LINE = 0.5  # mm, the lines on both sides of the hatching


@dataclass(frozen=True)
class Shape:
    """A filled polygon in mm; black, or white on what was drawn before."""

    points: tuple[Point, ...]
    black: bool = True


def sign(name: str, width_mm: float, height_mm: float) -> tuple[Shape, ...]:
    """The shapes of a sign in a box of that size, from its top left corner. KeyError: none such."""
    return tuple(SIGNS[name](width_mm, height_mm))


def _square(*shapes: Shape) -> Callable[[float, float], Iterator[Shape]]:
    """Shapes given in a square of side 1, as big as fits and centred."""

    def draw(width_mm: float, height_mm: float) -> Iterator[Shape]:
        side = min(width_mm, height_mm)
        left, top = (width_mm - side) / 2, (height_mm - side) / 2
        for shape in shapes:
            points = tuple((left + x * side, top + y * side) for x, y in shape.points)
            yield Shape(points, shape.black)

    return draw


def _rectangle(left: float, top: float, right: float, bottom: float, black: bool = True) -> Shape:
    return Shape(((left, top), (right, top), (right, bottom), (left, bottom)), black)


def _turned(shape: Shape, turn: Callable[[float, float], Point]) -> Shape:
    return Shape(tuple(turn(x, y) for x, y in shape.points), shape.black)


_UP = Shape(
    ((0.5, 0.0), (0.95, 0.48), (0.66, 0.48), (0.66, 1.0), (0.34, 1.0), (0.34, 0.48), (0.05, 0.48))
)
_GLASS = (
    Shape(
        (
            (0.18, 0.02), (0.82, 0.02), (0.80, 0.28), (0.72, 0.44), (0.56, 0.54), (0.55, 0.84),
            (0.78, 0.92), (0.78, 0.98), (0.22, 0.98), (0.22, 0.92), (0.45, 0.84), (0.44, 0.54),
            (0.28, 0.44), (0.20, 0.28),
        )
    ),
    Shape(
        (
            (0.50, 0.02), (0.61, 0.02), (0.53, 0.15), (0.65, 0.22), (0.49, 0.42), (0.55, 0.26),
            (0.42, 0.18),
        ),
        black=False,
    ),
)  # fmt: skip
_ARROW_WAY_UP = ((0.0, 0.36), (0.19, 0.04), (0.38, 0.36), (0.26, 0.36), (0.26, 0.8), (0.12, 0.8),
                 (0.12, 0.36))  # fmt: skip
_WAY_UP = (
    Shape(_ARROW_WAY_UP),
    Shape(tuple((x + 0.62, y) for x, y in _ARROW_WAY_UP)),
    _rectangle(0.0, 0.88, 1.0, 0.96),
)
_FLAME = Shape(
    ((0.66, 0.36), (0.62, 0.24), (0.69, 0.10), (0.71, 0.19), (0.80, 0.0), (0.83, 0.17),
     (0.91, 0.10), (0.95, 0.24), (0.91, 0.36))
)  # fmt: skip
_CRACK = Shape(
    ((0.66, 0.62), (0.75, 0.54), (0.82, 0.64), (0.96, 0.54), (0.96, 0.61), (0.82, 0.72),
     (0.75, 0.62), (0.66, 0.69)),
    black=False,
)  # fmt: skip
_BATTERIES = (
    *(
        shape
        for left in (0.04, 0.35, 0.66)
        for shape in (
            _rectangle(left + 0.09, 0.38, left + 0.21, 0.44),
            _rectangle(left, 0.44, left + 0.30, 0.98),
            _rectangle(left + 0.03, 0.82, left + 0.27, 0.86, black=False),
        )
    ),
    _FLAME,
    _CRACK,
)


def _hatching(width_mm: float, height_mm: float) -> Iterator[Shape]:
    """A frame of slanting stripes, as on the mark of lithium batteries, with a line around it."""
    edge = min(_EDGE, width_mm / 3, height_mm / 3)
    frames = (
        (0.0, 0.0, width_mm, edge),
        (0.0, height_mm - edge, width_mm, height_mm),
        (0.0, edge, edge, height_mm - edge),
        (width_mm - edge, edge, width_mm, height_mm - edge),
    )
    for box in frames:
        start = 0.0
        while start < width_mm + height_mm:
            points = _between(box, start, start + _STRIPE)
            if len(points) > 2:
                yield Shape(points)
            start += 2 * _STRIPE
    inner = edge - _LINE
    for inset in (0.0, inner):
        right, bottom = width_mm - inset, height_mm - inset
        yield _rectangle(inset, inset, right, inset + _LINE)
        yield _rectangle(inset, bottom - _LINE, right, bottom)
        yield _rectangle(inset, inset, inset + _LINE, bottom)
        yield _rectangle(right - _LINE, inset, right, bottom)


def _between(box: tuple[float, float, float, float], low: float, high: float) -> tuple[Point, ...]:
    """The part of a rectangle in which low <= x + y <= high (clipped side by side)."""
    left, top, right, bottom = box
    points: list[Point] = [(left, top), (right, top), (right, bottom), (left, bottom)]
    points = _cut(points, lambda point: point[0] + point[1] - low)
    points = _cut(points, lambda point: high - point[0] - point[1])
    return tuple(points)


def _cut(points: list[Point], inside: Callable[[Point], float]) -> list[Point]:
    """The part of a convex polygon where `inside` is not negative."""
    kept: list[Point] = []
    for place, one in enumerate(points):
        other = points[(place + 1) % len(points)]
        here, there = inside(one), inside(other)
        if here >= 0:
            kept.append(one)
        if (here < 0) != (there < 0):
            share = here / (here - there)
            kept.append(
                (one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1]))
            )
    return kept


SIGNS: dict[str, Callable[[float, float], Iterator[Shape]]] = {
    "arrow-up": _square(_UP),
    "arrow-down": _square(_turned(_UP, lambda x, y: (x, 1 - y))),
    "arrow-left": _square(_turned(_UP, lambda x, y: (y, x))),
    "arrow-right": _square(_turned(_UP, lambda x, y: (1 - y, x))),
    "fragile": _square(*_GLASS),
    "this-way-up": _square(*_WAY_UP),
    "batteries": _square(*_BATTERIES),
    "hatching": _hatching,
}
