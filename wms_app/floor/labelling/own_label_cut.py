"""Several labels on one page are cut apart along white gutters, guided by the codes on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wms_app.floor.labelling.own_label_pages import Box, Page
from wms_app.outside.devices.camera.decoding import Found, read_codes
from wms_app.outside.devices.camera.passes import PASSES
from wms_app.outside.devices.camera.vision import Picture, cv

LABEL_MM = (118.0, 168.0)  # nothing larger is one label when it can be cut; 4 x 6 inches and A6 fit
READ_DOTS_MM = 12.0  # fine enough for any label's bars, and four times quicker than all pixels
GUTTER_MM = 2.5
MARGIN_MM = 2.0
LEAST_MM = (50.0, 70.0)
ALIKE = 0.2  # how far labels of one page may differ in size
_INK = 170
_SKEW_DEGREES = 0.7
_MOST_GUTTERS, _DEEPEST = 12, 4
_EDGE = 0.02  # scissors cut to the edge of the paper, no label's own line goes so far


@dataclass(frozen=True)
class Piece:
    """One label of a page: its pixels upright, its codes, the text on it, where it was."""

    picture: Picture
    dots_mm: float
    codes: tuple[Found, ...]
    words: str
    box: Box
    alone: bool


def pieces(page: Page) -> list[Piece]:
    """The labels of a page in reading order; a page that holds one is one piece.

    A page is cut only into parts that have the size of a label and are about equally large, each
    with codes of its own: a page full of one label must not be torn. What has no code (a packing
    slip, words on how to fold) is left away; of all ways to cut, that which leaves the least.
    """
    page, codes = _straight(page)
    ink = _Ink(page)
    whole = ink.around((0, 0, page.picture.shape[1], page.picture.shape[0]))
    best = _cut(ink, whole, codes) if page.dots_mm else None
    boxes = list(best.boxes) if best is not None and best.boxes else [whole]
    alone = len(boxes) == 1
    found = [_piece(page, _with_margin(page, box), codes, alone) for box in boxes]
    third = page.picture.shape[0] / 3
    return sorted(found, key=lambda one: ((one.box[1] + one.box[3]) // (2 * third), one.box[0]))


def _piece(page: Page, box: Box, codes: Sequence[Found], alone: bool) -> Piece:
    left, top, right, bottom = box
    picture = page.picture[top:bottom, left:right]
    inside = tuple(one for one in codes if _within(one, box))
    if not inside:  # a stubborn one: every look, on this label alone
        inside = tuple(read_codes(picture))
    if picture.shape[1] > picture.shape[0]:
        picture = cv().rotate(picture, cv().ROTATE_90_CLOCKWISE)
    return Piece(picture, page.dots_mm, inside, page.words(box), box, alone)


def _read(picture: Picture, dots_mm: float) -> list[Found]:
    """All codes of a page, in its own pixels; three looks, for no look finds all of them."""
    shrink = min(1.0, READ_DOTS_MM / dots_mm) if dots_mm else 1.0
    cv2 = cv()
    size = (round(picture.shape[1] * shrink), round(picture.shape[0] * shrink))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if shrink < 1 else picture
    found = read_codes(small, passes=PASSES[:3], least=99) or read_codes(small)
    return [_scaled(one, 1 / shrink) for one in found]


def _scaled(one: Found, factor: float) -> Found:
    corners = tuple((round(x * factor), round(y * factor)) for x, y in one.corners)
    return Found(one.text, one.symbol, one.identifier, corners, one.content, one.look)


def _straight(page: Page) -> tuple[Page, list[Found]]:
    """A page that lay askew on the scanner is turned back, so that its gutters are straight; and
    the codes on it."""
    codes = _read(page.picture, page.dots_mm)
    edges = [(one.corners[0], one.corners[1]) for one in codes]
    longest = max(edges, key=lambda edge: math.dist(*edge), default=((0, 0), (1, 0)))
    (x0, y0), (x1, y1) = longest
    tilt = (math.degrees(math.atan2(y1 - y0, x1 - x0)) + 45) % 90 - 45
    if abs(tilt) < _SKEW_DEGREES:
        return page, codes
    cv2 = cv()
    height, width = page.picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    wide, high = math.ceil(width * cos + height * sin), math.ceil(width * sin + height * cos)
    matrix[0, 2] += (wide - width) / 2
    matrix[1, 2] += (high - height) / 2
    turned = cv2.warpAffine(
        page.picture, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255
    )
    made = Page(page.number, page.count, turned, page.dots_mm, lambda _box: "")
    return made, _read(turned, page.dots_mm)


class _Ink:
    """Where something is printed, at about two dots a millimetre."""

    def __init__(self, page: Page) -> None:
        cv2 = cv()
        self._step = max(1, round((page.dots_mm or 8.0) / 2))
        self.dots_mm = page.dots_mm or 8.0
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (self._step, self._step))
        dark = cv2.erode(page.picture, kernel)[:: self._step, :: self._step]
        self._ink = dark < _INK
        for axis in (0, 1):
            self._erase_lines(axis)

    def _erase_lines(self, axis: int) -> None:
        """Take away what runs thin from edge to edge: the line along which to cut with scissors."""
        ink = self._ink if axis == 0 else self._ink.T
        height = ink.shape[0]
        first, last = ink.argmax(axis=0), height - 1 - ink[::-1].argmax(axis=0)
        through = (first < _EDGE * height) & (last > (1 - _EDGE) * height)
        long = through & (ink.sum(axis=0) > 0.3 * height)
        places = long.nonzero()[0].tolist()
        runs: list[list[int]] = []
        for place in places:
            if runs and place == runs[-1][-1] + 1:
                runs[-1].append(place)
            else:
                runs.append([place])
        for run in runs:
            if len(run) <= 3:
                ink[:, run[0] : run[-1] + 1] = False

    def amount(self, box: Box) -> int:
        """How much is printed in a box."""
        left, top, right, bottom = (value // self._step for value in box)
        return int(self._ink[top : bottom + 1, left : right + 1].sum())

    def around(self, box: Box) -> Box:
        """The smallest box around what is printed inside; the box itself where nothing is."""
        rows, columns = self._profile(box, 1), self._profile(box, 0)
        ys, xs = rows.nonzero()[0], columns.nonzero()[0]
        if not len(ys) or not len(xs):
            return box
        left, top = box[0] + int(xs[0]) * self._step, box[1] + int(ys[0]) * self._step
        right = min(box[2], box[0] + (int(xs[-1]) + 1) * self._step)
        return left, top, right, min(box[3], box[1] + (int(ys[-1]) + 1) * self._step)

    def gutters(self, box: Box) -> list[tuple[float, str, int]]:
        """White stripes through the whole box: (width in mm, "x" or "y", its middle)."""
        found = []
        for way, axis, start in (("x", 0, box[0]), ("y", 1, box[1])):
            empty = ~self._profile(box, axis)
            begun = -1
            for place, white in enumerate([*empty.tolist(), False]):
                if white and begun < 0:
                    begun = place
                elif not white and begun >= 0:
                    wide = (place - begun) * self._step / self.dots_mm
                    if begun > 0 and place < len(empty) and wide >= GUTTER_MM:
                        found.append((wide, way, start + (begun + place) * self._step // 2))
                    begun = -1
        return sorted(found, reverse=True)

    def _profile(self, box: Box, axis: int) -> Any:
        """Whether anything is printed in each column (axis 0) or row (1) of a box; up to a
        millimetre of it is nothing, such as the remains of a line."""
        left, top, right, bottom = (value // self._step for value in box)
        return self._ink[top : bottom + 1, left : right + 1].sum(axis=axis) > 2


@dataclass(frozen=True)
class _Way:
    """One way to cut: its parts, and how much print is left away."""

    boxes: tuple[Box, ...]
    left: int

    @property
    def score(self) -> tuple[int, int]:
        return self.left, len(self.boxes)


def _cut(ink: _Ink, box: Box, codes: Sequence[Found], depth: int = 0) -> _Way | None:
    """The best way to cut a box into labels; None when there is none."""
    if not any(_within(code, box) for code in codes):
        return _Way((), ink.amount(box))
    short, long = sorted(((box[2] - box[0]) / ink.dots_mm, (box[3] - box[1]) / ink.dots_mm))
    if short <= LABEL_MM[0] and long <= LABEL_MM[1]:
        return _Way((box,), 0) if short >= LEAST_MM[0] and long >= LEAST_MM[1] else None
    best: _Way | None = None
    for _wide, way, at in ink.gutters(box)[:_MOST_GUTTERS] if depth < _DEEPEST else ():
        halves = [ink.around(half) for half in _halves(box, way, at)]
        cut = [_cut(ink, half, codes, depth + 1) for half in halves]
        if cut[0] is None or cut[1] is None or _share(cut[0], cut[1], codes):
            continue
        made = _Way(cut[0].boxes + cut[1].boxes, cut[0].left + cut[1].left)
        sound = made.boxes and _alike(made.boxes) and _same_kind(made.boxes, codes)
        if sound and (best is None or made.score < best.score):
            best = made
    return best


def _share(one: _Way, other: _Way, codes: Sequence[Found]) -> bool:
    """Whether a side has no code that the other has not: then both are of one label."""
    if not one.boxes or not other.boxes:
        return False
    ours, theirs = (
        {code.text for code in codes if any(_within(code, box) for box in way.boxes)}
        for way in (one, other)
    )
    return not (ours - theirs and theirs - ours)


def _halves(box: Box, way: str, at: int) -> tuple[Box, Box]:
    left, top, right, bottom = box
    if way == "x":
        return (left, top, at, bottom), (at, top, right, bottom)
    return (left, top, right, at), (left, at, right, bottom)


def _alike(boxes: Sequence[Box]) -> bool:
    sizes = [sorted((b[2] - b[0], b[3] - b[1])) for b in boxes]
    for side in (0, 1):
        least, most = min(size[side] for size in sizes), max(size[side] for size in sizes)
        if least < most * (1 - ALIKE):
            return False
    return True


def _same_kind(boxes: Sequence[Box], codes: Sequence[Found]) -> bool:
    """Whether all parts have a kind of symbol in common, as labels of one platform have."""
    kinds = [{code.symbol for code in codes if _within(code, box)} for box in boxes]
    return bool(set.intersection(*kinds))


def _within(one: Found, box: Box) -> bool:
    x, y = one.middle
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _with_margin(page: Page, box: Box) -> Box:
    room = round(MARGIN_MM * page.dots_mm)
    height, width = page.picture.shape
    return (
        max(0, box[0] - room),
        max(0, box[1] - room),
        min(width, box[2] + room),
        min(height, box[3] + room),
    )
