"""The codes in a picture: zxing-cpp first, then the picture changed in many ways, zbar last.

Symbols that correct or check themselves (QR, Data Matrix, PDF417, Code 128, DataBar, ...) are
believed when they are read once. EAN, UPC, ITF, Code 39 and Codabar have one digit of check or
none, and a decoder reads valid numbers that are not there: they are believed when two looks agree,
and where something else was read too, when two more say so. Two looks at the same spoilt picture
may still agree on a wrong number: who reads live pictures must also know what it expects.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from wms_app.outside.devices.camera.passes import PASSES, Pass, View
from wms_app.outside.devices.camera.vision import Picture, grey

STILL_SECONDS = 4.0
_CHECKED = ("QR", "Data Matrix", "PDF417", "Aztec", "MaxiCode", "Code 128", "Code 93", "DataBar")
_ZBAR_NAMES = {
    "QRCODE": ("QR Code", "]Q1"),
    "CODE128": ("Code 128", "]C0"),
    "CODE93": ("Code 93", "]G0"),
    "CODE39": ("Code 39", "]A0"),
    "EAN13": ("EAN-13", "]E0"),
    "EAN8": ("EAN-8", "]E4"),
    "UPCA": ("UPC-A", "]E0"),
    "I25": ("ITF", "]I0"),
    "DATABAR": ("DataBar Omni", "]e0"),
    "DATABAR_EXP": ("DataBar Expanded", "]e0"),
    "CODABAR": ("Codabar", "]F0"),
}
_LEAST_OF_I25 = 6  # zbar sees short interleaved codes in any pattern of lines

Corners = tuple[tuple[int, int], ...]
_Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Found:
    """One code: its text, the kind of symbol, and its four corners in pixels of the picture.

    `identifier` is the symbology identifier of ISO/IEC 15424 (`]C1`: GS1-128), as a scanner would
    send it before the text. `content` is the symbol's bytes. `look` names the look that read it.
    """

    text: str
    symbol: str
    identifier: str
    corners: Corners
    content: bytes = b""
    look: str = ""

    @property
    def raw(self) -> str:
        """What a scanner that sends identifiers would have sent."""
        return self.identifier + self.text

    @property
    def checked(self) -> bool:
        """Whether the symbol corrects or checks itself as a whole."""
        return any(name in self.symbol for name in _CHECKED)

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the symbol in the picture."""
        x = sum(corner[0] for corner in self.corners) / len(self.corners)
        return x, sum(corner[1] for corner in self.corners) / len(self.corners)


def read_codes(
    picture: Picture,
    seconds: float = STILL_SECONDS,
    passes: Sequence[Pass] = PASSES,
    least: int = 1,
) -> list[Found]:
    """The codes of a picture that are to be believed, in reading order.

    It is looked at again and again until `least` codes are known or `seconds` have passed (the look
    under way is finished).
    """
    plain = grey(picture)
    end = time.monotonic() + seconds
    ballot = Ballot()
    for one in passes:
        ballot.hear(look(plain, one), one)
        if (len(ballot.believed()) >= least and not ballot.undecided()) or time.monotonic() >= end:
            break
    return ballot.believed()


class Ballot:
    """What several looks at one picture said, and what of it is to be believed."""

    def __init__(self) -> None:
        self._seen: list[_Candidate] = []

    def hear(self, found: Iterable[Found], by: Pass) -> None:
        """One look said this."""
        for one in found:
            box = _box(one.corners)
            for known in self._seen:
                if known.found.text == one.text and _touch(known.box, box):
                    known.looks.add(by.name)
                    known.box = _around(known.box, box)
                    break
            else:
                self._seen.append(_Candidate(one, box, {by.name}))

    def believed(self) -> list[Found]:
        """What is to be believed, in reading order."""
        good = [one.found for one in self._seen if one.found.checked or self._wins(one)]
        return sorted(good, key=lambda one: (one.middle[1] // 40, one.middle[0]))

    def undecided(self) -> bool:
        """Whether something was read that another look may yet confirm."""
        return len(self.believed()) < len(self._seen)

    def _wins(self, one: _Candidate) -> bool:
        against = max(
            (len(o.looks) for o in self._seen if o is not one and _touch(o.box, one.box)), default=0
        )
        return len(one.looks) >= 2 and (not against or len(one.looks) - against >= 2)


@dataclass
class _Candidate:
    found: Found
    box: _Box
    looks: set[str]


def look(plain: Picture, by: Pass) -> list[Found]:
    """What one look at a grey picture reads."""
    view = by.change(plain)
    if view is None:
        return []
    reads = _zbar(view) if by.reader == "zbar" else _zxing(view, by.reader)
    return [
        Found(text, symbol, identifier, _back(view, corners), content, by.name)
        for text, symbol, identifier, corners, content in reads
        if text
    ]


_Read = tuple[str, str, str, Sequence[tuple[float, float]], bytes]


def _zxing(view: View, how: str) -> Iterator[_Read]:
    import zxingcpp

    binarizer = zxingcpp.Binarizer.LocalAverage
    if how == "zxing one threshold":
        binarizer = zxingcpp.Binarizer.GlobalHistogram
    kinds = [zxingcpp.BarcodeFormat.AllLinear] if how == "zxing bars" else []  # []: all
    formats = zxingcpp.BarcodeFormats(kinds)
    plain = zxingcpp.TextMode.Plain
    for one in zxingcpp.read_barcodes(
        view.picture, text_mode=plain, binarizer=binarizer, formats=formats
    ):
        place = one.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        points = [(float(corner.x), float(corner.y)) for corner in corners]
        content = bytes(one.bytes)
        text = one.text or content.decode("latin-1")  # of unknown encoding: byte by byte
        yield text, str(one.format), one.symbology_identifier, points, content


@cache
def _zbar_reader() -> Any:
    """The second reader; None on a machine without its system library."""
    try:
        return import_module("pyzbar.pyzbar")
    except (ImportError, OSError):
        return None


def _zbar(view: View) -> Iterator[_Read]:
    reader = _zbar_reader()
    if reader is None:
        return
    for one in reader.decode(view.picture):
        symbol, identifier = _ZBAR_NAMES.get(one.type, ("", ""))
        text = one.data.decode("utf-8", "replace")
        if not symbol or "\ufffd" in text or (one.type == "I25" and len(text) < _LEAST_OF_I25):
            continue
        left, top, width, height = one.rect
        box = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
        points = [(float(x), float(y)) for x, y in box]
        yield text, symbol, identifier, points, bytes(one.data)


def _back(view: View, corners: Sequence[tuple[float, float]]) -> Corners:
    return tuple((round(x), round(y)) for x, y in (view.back(*corner) for corner in corners))


def _box(corners: Corners) -> _Box:
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _around(one: _Box, other: _Box) -> _Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _touch(one: _Box, other: _Box, room: int = 12) -> bool:
    """Whether two boxes overlap, with a little room around."""
    across = one[0] - room <= other[2] and other[0] - room <= one[2]
    return across and one[1] - room <= other[3] and other[1] - room <= one[3]
