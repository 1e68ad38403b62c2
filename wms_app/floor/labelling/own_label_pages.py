"""The pages of a file of labels that a seller sent: PDF, pictures, ZPL."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.orders.known import LABEL_ENDINGS
from wms_app.outside.devices.camera.vision import Picture, grey, picture_of

DPI = 600  # a multiple of a printer's 203 and 300 but for a hair: no bar becomes finer by it
MOST_PAGES = 1000
MOST_BYTES = 200_000_000
_A4_RATIO, _A4_SHORT_MM = 297 / 210, 210.0
_FORMAT = re.compile(rb"\^XA.*?\^XZ", re.DOTALL)
_GRAPHICS = re.compile(rb"~D[GY][^~^]*")

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the page."""


@dataclass(frozen=True)
class Page:
    """One page as grey pixels; `dots_mm` of them lie on a millimetre (0: its size is not known).

    `words` gives what stands in a box of it as text, "" where the file has no text. `count`: how
    many pages the file has.
    """

    number: int
    count: int
    picture: Picture
    dots_mm: float
    words: Callable[[Box], str]


@dataclass(frozen=True)
class Format:
    """One label as ZPL, from ^XA to ^XZ, with the graphics that it calls for before it."""

    number: int
    count: int
    zpl: bytes


def is_label_file(path: Path) -> bool:
    """Whether a file's name says that labels are in it."""
    return path.suffix.lower() in LABEL_ENDINGS


def sheets(path: Path) -> Iterator[Page | Format]:
    """What a file holds, page by page.

    Refused: no such file, a kind of file that holds no labels, locked or broken content, more than
    1,000 pages or 200 MB.
    """
    content = _bytes_of(path)
    if content.startswith(b"%PDF"):
        yield from _pdf(content, path.name)
    elif b"^XA" in content[:100_000]:
        yield from _zpl(content, path.name)
    else:
        yield _picture(content, path.name)


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        raise Refused("no_file", _("There is no file {file}.").format(file=path))
    if not is_label_file(path):
        raise Refused(
            "no_label_file",
            _("{file} holds no labels that can be read.").format(file=path.name),
            _("Labels come as PDF, PNG, JPEG or ZPL."),
        )
    if path.stat().st_size > MOST_BYTES:
        raise Refused("too_large", _("{file} is too large.").format(file=path.name))
    return path.read_bytes()


def _pdf(content: bytes, name: str) -> Iterator[Page]:
    pdfium: Any = import_module("pypdfium2")
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise Refused(
            "broken_pdf",
            _("{file} can't be opened: {error}").format(file=name, error=error),
            _("It may be locked by a password or cut off. Ask the seller to send it again."),
        ) from error
    try:
        if len(document) > MOST_PAGES:
            raise Refused("too_large", _("{file} is too large.").format(file=name))
        for number in range(len(document)):
            yield _pdf_page(document[number], number + 1, len(document))
    finally:
        document.close()


def _pdf_page(page: Any, number: int, count: int) -> Page:
    """Drawn without smoothing: bars stay black and white, and small when they are kept."""
    plain = {f"no_smooth{what}": True for what in ("text", "path", "image")}
    made = page.render(scale=DPI / 72, grayscale=True, **plain).to_numpy()
    text = page.get_textpage()
    height = made.shape[0]

    def words(box: Box) -> str:
        left, top, right, bottom = (value * 72 / DPI for value in box)
        tall = height * 72 / DPI
        found = text.get_text_bounded(left=left, bottom=tall - bottom, right=right, top=tall - top)
        return str(found)

    return Page(number, count, grey(made.reshape(made.shape[:2]).copy()), DPI / 25.4, words)


def _picture(content: bytes, name: str) -> Page:
    made = grey(picture_of(content, name))
    return Page(1, 1, made, _dots_mm(content, made), lambda _box: "")


def _dots_mm(content: bytes, picture: Picture) -> float:
    """How fine a picture is: what it says itself, or A4 by its shape and size; else not known."""
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        said = image.info.get("dpi")
    if said and min(said) >= 120:
        return float(said[0]) / 25.4
    short, long = sorted(picture.shape[:2])
    if short >= 1600 and abs(long / short - _A4_RATIO) < 0.03:
        return float(short) / _A4_SHORT_MM
    return 0.0


def _zpl(content: bytes, name: str) -> Iterator[Format]:
    graphics = b"".join(_GRAPHICS.findall(content))
    found = _FORMAT.findall(content)
    if not found or len(found) > MOST_PAGES:
        raise Refused(
            "broken_zpl",
            _("{file} is no whole ZPL: a label runs from ^XA to ^XZ.").format(file=name),
            _("Ask the seller to send it again."),
        )
    printing = [one for one in found if b"^FD" in one or b"^GF" in one or b"^XG" in one]
    for number, one in enumerate(printing, 1):  # the others only set a printer up
        yield Format(number, len(printing), (graphics if b"^XG" in one else b"") + one)
