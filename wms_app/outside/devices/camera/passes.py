"""Ways to look at a picture once more: each makes another picture and says how to go back.

What each is for was tried on photographs: one threshold for all reads glossy and patterned codes,
twice the size reads narrow bars, stretching reads faint ones, the median salt and pepper, turning
reads bars that lie askew (decoders look along rows and columns).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from wms_app.outside.devices.camera.vision import Picture, cv

Reader = Literal["zxing", "zxing one threshold", "zxing bars", "zbar"]
_LARGE_PX = 2_200_000  # what has more pixels is fine enough: scaling it up only costs time


@dataclass(frozen=True)
class View:
    """A changed picture; `scale` and `turn` lead its places back to the first one."""

    picture: Picture
    scale: float = 1.0
    turn: Any = None  # a 2x3 matrix from the first picture to this one, where it was turned

    def back(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of this view is in the first picture."""
        if self.turn is None:
            return x / self.scale, y / self.scale
        (a, b, c), (d, e, f) = self.turn
        det = a * e - b * d
        x, y = x - c, y - f
        return (e * x - b * y) / det, (a * y - d * x) / det


@dataclass(frozen=True)
class Pass:
    """One look: its name, how the grey picture is changed, who reads it."""

    name: str
    change: Callable[[Picture], View | None]
    reader: Reader = "zxing"


def _as_it_is(grey: Picture) -> View:
    return View(grey)


def _soft(grey: Picture) -> View:
    return View(cv().GaussianBlur(grey, (0, 0), 0.8))


def _twice(grey: Picture) -> View | None:
    if grey.size > _LARGE_PX:
        return None
    cv2 = cv()
    return View(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), 2.0)


def _half(grey: Picture) -> View | None:
    if min(grey.shape) < 400:
        return None
    cv2 = cv()
    return View(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), 0.5)


def _sharp(grey: Picture) -> View:
    cv2 = cv()
    blurred = cv2.GaussianBlur(grey, (0, 0), 2.5)
    return View(cv2.addWeighted(grey, 3.0, blurred, -2.0, 0))


def _sharp_twice(grey: Picture) -> View | None:
    large = _twice(grey)
    return None if large is None else View(_sharper(large.picture), large.scale)


def _sharper(grey: Picture) -> Picture:
    cv2 = cv()
    blurred = cv2.GaussianBlur(grey, (0, 0), 4)
    return cv2.addWeighted(grey, 4.0, blurred, -3.0, 0)  # type: ignore[no-any-return]


def _stretched(grey: Picture) -> View:
    cv2 = cv()
    return View(
        cv2.createCLAHE(4.0, (8, 8)).apply(cv2.normalize(grey, None, 0, 255, cv2.NORM_MINMAX))
    )


def _without_specks(grey: Picture) -> View:
    return View(cv().medianBlur(grey, 3))


def _turned(degrees: int) -> Callable[[Picture], View]:
    def turn(grey: Picture) -> View:
        cv2 = cv()
        height, width = grey.shape
        angle = math.radians(degrees)
        sin, cos = abs(math.sin(angle)), abs(math.cos(angle))
        wide, high = math.ceil(width * cos + height * sin), math.ceil(width * sin + height * cos)
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        matrix[0, 2] += (wide - width) / 2
        matrix[1, 2] += (high - height) / 2
        made = cv2.warpAffine(
            grey, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        return View(made, turn=matrix)

    return turn


# The cheapest and most telling first. Matrix codes are found at any angle, bars are not.
PASSES = (
    Pass("as it is", _as_it_is),
    Pass("one threshold", _soft, "zxing one threshold"),
    Pass("stretched", _stretched),
    Pass("twice", _twice),
    Pass("sharpened", _sharp),
    Pass("without specks", _without_specks),
    Pass("turned 30", _turned(30), "zxing bars"),
    Pass("turned 60", _turned(60), "zxing bars"),
    Pass("turned 15", _turned(15), "zxing bars"),
    Pass("turned 45", _turned(45), "zxing bars"),
    Pass("turned 75", _turned(75), "zxing bars"),
    Pass("sharpened twice", _sharp_twice),
    Pass("half", _half),
    Pass("zbar", _as_it_is, "zbar"),
    Pass("zbar, stretched", _stretched, "zbar"),
)
