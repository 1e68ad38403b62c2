"""Texts and signs as the black dots that a label printer puts down."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from wms_app.outside.papers import fonts
from wms_app.outside.papers.layout import PlacedSign, PlacedText

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Ink:
    """A picture of one bit a dot (255 is ink) and where its corner lies, in dots of the label."""

    picture: Image
    left: int
    top: int


def line(placed: PlacedText, dots: float) -> Ink | None:
    """A line of text in our own type; None where nothing is to be seen."""
    picture, left, top = _set(placed.text, placed.bold, placed.size_mm, dots)
    return _cut(
        picture, round(placed.left_mm * dots) + left, round(placed.baseline_mm * dots) + top
    )


@lru_cache(maxsize=512)
def _set(text: str, bold: bool, size_mm: float, dots: float) -> tuple[Image, int, int]:
    """A line, and where it lies from its place on the base line; captions come again and again.

    Letters are placed one by one: rounded advances would add up along the line.
    """
    from PIL import Image, ImageDraw

    size = max(1, int(size_mm * dots))
    pad = size // 4
    wide = round(fonts.width_em(text, bold) * size_mm * dots) + 2 * pad
    baseline = pad + round(fonts.ASCENT * size)
    picture = Image.new("1", (wide, baseline + round(fonts.DESCENT * size) + pad), 0)
    # Pillow's own drawing, below what it asks about each picture that it is given.
    put, x = ImageDraw.Draw(picture).draw.draw_bitmap, float(pad)
    for run in fonts.runs(text, bold):
        for letter in run.text:
            mask, left, top, width_em = _letter(run.font, letter, size, bold)
            if mask is not None:
                put((round(x) + left, baseline + top), mask.im, 255)
            x += width_em * size_mm * dots
    return picture, -pad, -baseline


def sign(placed: PlacedSign, dots: float) -> Ink | None:
    """A drawn sign; None where nothing is to be seen."""
    from PIL import Image, ImageDraw

    left, top = round(placed.x_mm * dots), round(placed.y_mm * dots)
    right = round((placed.x_mm + placed.width_mm) * dots)
    bottom = round((placed.y_mm + placed.height_mm) * dots)
    picture = Image.new("1", (right - left, bottom - top), 0)
    pen = ImageDraw.Draw(picture)
    for shape in placed.shapes:
        # A dot is named by its corner, an edge lies between two: half a dot apart.
        points = [(x * dots - left - 0.5, y * dots - top - 0.5) for x, y in shape.points]
        pen.polygon(points, fill=255 if shape.black else 0)
    return _cut(picture, left, top)


def _cut(picture: Image, left: int, top: int) -> Ink | None:
    """The ink alone; what would lie left of or above the label is not there."""
    box = picture.getbbox()
    if box is None:
        return None
    box = (max(box[0], -left), max(box[1], -top), box[2], box[3])
    if box[0] >= box[2] or box[1] >= box[3]:
        return None
    return Ink(picture.crop(box), left + box[0], top + box[1])


@lru_cache(maxsize=4096)
def _letter(font: str, letter: str, size: int, bold: bool) -> tuple[Image | None, int, int, float]:
    """A letter's dots, where they begin from its place on the base line, and how wide it is."""
    from PIL import Image, ImageDraw

    face = fonts.pixels(font, size)
    left, top, right, bottom = (int(side) for side in face.getbbox(letter, anchor="ls"))
    if right <= left or bottom <= top:
        return None, 0, 0, fonts.width_em(letter, bold)
    grey = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(grey).text((-left, -top), letter, fill=255, font=face, anchor="ls")
    dots = grey.point(lambda ink: 255 if ink > 127 else 0).convert("1")
    return dots, left, top, fonts.width_em(letter, bold)
