"""A label as the dots of a printer: what the screen shows, and what printers without ZPL get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wms_app.outside.papers import raster
from wms_app.outside.papers.elements import Design
from wms_app.outside.papers.layout import (
    Placed,
    PlacedBars,
    PlacedBox,
    PlacedSign,
    PlacedSquares,
    PlacedText,
    dots_per_mm,
    lay_out,
)

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw


def label_picture(design: Design, values: Mapping[str, str], dpi: int = 203) -> Image:
    """One label, black (0) on white (255), one bit a dot of a printer of `dpi` dots per inch.

    `values` as for `label_pdf`, and refused alike.
    """
    from PIL import Image
    from PIL import ImageDraw as Drawing

    dots = dots_per_mm(dpi)
    size = (round(design.width_mm * dots), round(design.height_mm * dots))
    picture = Image.new("1", size, 255)
    pen = Drawing.Draw(picture)
    for placed in lay_out(design, values):
        _draw(picture, pen, placed, dots)
    return picture


def label_png(design: Design, values: Mapping[str, str], dpi: int = 203) -> bytes:
    """The same as a PNG."""
    import io

    file = io.BytesIO()
    label_picture(design, values, dpi).save(file, "PNG")
    return file.getvalue()


def _draw(picture: Image, pen: ImageDraw, placed: Placed, dots: float) -> None:
    if isinstance(placed, PlacedText):
        _ink(picture, raster.line(placed, dots), 255 if placed.white else 0)
    elif isinstance(placed, PlacedSign):
        _ink(picture, raster.sign(placed, dots), 0)
    elif isinstance(placed, PlacedBars):
        _bars(pen, placed, dots)
    elif isinstance(placed, PlacedSquares):
        _squares(pen, placed, dots)
    else:
        _box(pen, placed, dots)


def _ink(picture: Image, ink: raster.Ink | None, shade: int) -> None:
    if ink is not None:
        picture.paste(shade, (ink.left, ink.top), ink.picture)


def _bars(pen: ImageDraw, placed: PlacedBars, dots: float) -> None:
    module = placed.module_dots(dots)
    left, top = round(placed.left_mm(module / dots) * dots), round(placed.y_mm * dots)
    bottom = round((placed.y_mm + placed.height_mm) * dots) - 1
    for place, dark in enumerate(placed.symbol.modules):
        if dark == "1":
            x = left + place * module
            pen.rectangle((x, top, x + module - 1, bottom), fill=0)


def _squares(pen: ImageDraw, placed: PlacedSquares, dots: float) -> None:
    module = placed.module_dots(dots)
    left, top = (round(mm * dots) for mm in placed.corner_mm(module / dots))
    for number, row in enumerate(placed.symbol.rows):
        for place, dark in enumerate(row):
            if dark == "1":
                x, y = left + place * module, top + number * module
                pen.rectangle((x, y, x + module - 1, y + module - 1), fill=0)


def _box(pen: ImageDraw, placed: PlacedBox, dots: float) -> None:
    left, top = round(placed.x_mm * dots), round(placed.y_mm * dots)
    right = max(left + 1, round((placed.x_mm + placed.width_mm) * dots)) - 1
    bottom = max(top + 1, round((placed.y_mm + placed.height_mm) * dots)) - 1
    if not placed.line_mm:
        pen.rectangle((left, top, right, bottom), fill=0)
        return
    line = max(1, round(placed.line_mm * dots))
    pen.rectangle((left, top, right, bottom), outline=0, width=line)
