"""Labels of a design as ZPL II, for label printers of Zebra and those that speak like them.

Texts are drawn as images in our own type: so they have the same places and widths as in the PDF
and on the screen, and no printer lacks a letter (font 0 of label printers has no Chinese, and is
another type in each make). Barcodes are the printer's own. Each label says its own width and
length and changes no other setting of the printer. Source: Zebra, ZPL II Programming Guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

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

# ^BQ moves a QR code down by the bar height of ^BY; it is set to this and taken off again.
_QR_DROP = 10


def label_zpl(design: Design, values: Mapping[str, str], dpi: int = 203) -> str:
    """One label as a ZPL program, for a printer of `dpi` dots per inch.

    `values` as for `label_pdf`, and refused alike.
    """
    dots = dots_per_mm(dpi)
    head = f"^XA^CI28^LH0,0^PW{round(design.width_mm * dots)}^LL{round(design.height_mm * dots)}"
    fields = [_field(placed, dots) for placed in lay_out(design, values)]
    return "\n".join([head, *filter(None, fields), "^XZ"]) + "\n"


def _field(placed: Placed, dots: float) -> str:
    if isinstance(placed, PlacedText):
        return _words(placed, dots)
    if isinstance(placed, PlacedSign):
        return _inked(raster.sign(placed, dots), white=False)
    if isinstance(placed, PlacedBars):
        return _bars(placed, dots)
    if isinstance(placed, PlacedSquares):
        return _squares(placed, dots)
    return _box(placed, dots)


@lru_cache(maxsize=512)
def _words(placed: PlacedText, dots: float) -> str:
    """A text; captions come again with every label."""
    return _inked(raster.line(placed, dots), placed.white)


def _inked(ink: raster.Ink | None, white: bool) -> str:
    """Black and white dots as a graphic; white ones are turned out of the black below them."""
    if ink is None:
        return ""
    reverse = "^FR" if white else ""
    dots = graphic(ink.picture.tobytes(), ink.picture.width)
    return f"^FO{ink.left},{ink.top}{reverse}{dots}^FS"


def _bars(placed: PlacedBars, dots: float) -> str:
    module = placed.module_dots(dots)
    left = round(placed.left_mm(module / dots) * dots)
    command, mode, data = placed.symbol.zpl
    height = round(placed.height_mm * dots)
    if not command:
        return _drawn_bars(placed.symbol.modules, left, round(placed.y_mm * dots), module, height)
    options = f"^{command}N,{height},N,N" + (f",N,{mode}" if mode else "")
    return (
        f"^FO{left},{round(placed.y_mm * dots)}^BY{module},2,{height}{options}"
        f"^FH^FD{_escaped(data)}^FS"
    )


def _drawn_bars(modules: str, left: int, top: int, module: int, height: int) -> str:
    """A symbol that printers draw each in their own way: one row of dots, repeated."""
    dots = "".join(bit * module for bit in modules)
    padded = dots.ljust((len(dots) + 7) // 8 * 8, "0")
    row = int(padded, 2).to_bytes(len(padded) // 8, "big")
    return f"^FO{left},{top}{graphic(row * height, len(dots))}^FS"


def _squares(placed: PlacedSquares, dots: float) -> str:
    module = placed.module_dots(dots)
    left, top = (round(place * dots) for place in placed.corner_mm(module / dots))
    text = _escaped(placed.symbol.text)
    if placed.symbol.symbology == "qr":
        drop = min(_QR_DROP, top)
        return f"^FO{left},{top - drop}^BY2,2,{drop}^BQN,2,{module}^FH^FDMA,{text}^FS"
    return f"^FO{left},{top}^BXN,{module},200^FH^FD{text}^FS"


def _box(placed: PlacedBox, dots: float) -> str:
    left, top = round(placed.x_mm * dots), round(placed.y_mm * dots)
    width = max(1, round((placed.x_mm + placed.width_mm) * dots) - left)
    height = max(1, round((placed.y_mm + placed.height_mm) * dots) - top)
    line = max(1, round(placed.line_mm * dots)) if placed.line_mm else min(width, height)
    return f"^FO{left},{top}^GB{width},{height},{line}^FS"


def _escaped(text: str) -> str:
    """Field data in which the signs that ZPL reads as commands are written in hex (^FH)."""
    return "".join(f"_{ord(sign):02X}" if sign in "^~_\\" else sign for sign in text)


@lru_cache(maxsize=512)
def graphic(rows: bytes, width: int) -> str:
    """^GFA of 1-bit rows `width` dots wide, a set bit is black, with ZPL's own run lengths.

    A comma fills a row with zeros, a colon repeats the row above.
    """
    row_bytes = (width + 7) // 8
    lines, last = [], ""
    for row in rows.hex("\n", -row_bytes).upper().split("\n"):
        body = row.rstrip("0")
        lines.append(":" if row == last else body if len(body) == len(row) else f"{body},")
        last = row
    packed = "\n".join(lines)  # no run goes on from row to row
    for run, count in _RUNS:
        packed = packed.replace(run, count)
    for mark, digit in _MARKS.items():
        packed = packed.replace(mark, digit)
    return f"^GFA,{len(rows)},{len(rows)},{row_bytes},{packed}"


def _count(ones: int) -> str:
    """A number below 400 in letters: G-Y for 1-19, g-y for twenties."""
    twenties, ones = divmod(ones, 20)
    return (chr(ord("f") + twenties) if twenties else "") + (chr(ord("F") + ones) if ones else "")


# White and black come in long runs, coded here in a few lengths, the longest first: several times
# faster than counting each, and hardly longer. The coded digit is written as a mark until the end,
# so that it is not taken for the beginning of a shorter run.
_MARKS = {"-": "0", "+": "F", "\n": ""}
_RUNS = tuple(
    (digit * length, _count(length) + mark)
    for mark, digit in (("-", "0"), ("+", "F"))
    for length in (64, 32, 16, 8, 6, 4)
)
