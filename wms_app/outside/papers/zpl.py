"""Labels of a design as ZPL II, for label printers of Zebra and those that speak like them.

Printable ASCII is set in the printer's own scalable font 0; everything else (Chinese, Cyrillic,
accents) is drawn as an image, since that font has no such letters or draws boxes. Barcodes are
the printer's own. Each label says its own width and length and changes no other setting of the
printer. Source: Zebra, ZPL II Programming Guide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from wms_app.outside.papers import fonts
from wms_app.outside.papers.design import Design
from wms_app.outside.papers.layout import (
    Placed,
    PlacedBars,
    PlacedBox,
    PlacedSquares,
    PlacedText,
    lay_out,
)

# 203 dpi printers have 8 dots a mm exactly, and 600 dpi ones 24; 300 dpi ones go by the inch.
_DOTS_PER_MM = {203: 8.0, 600: 24.0}
_CAPITAL = 0.75  # of the height asked of font 0, measured as capitals drawn at 200 dots
# ^BQ moves a QR code down by the bar height of ^BY; it is set to this and taken off again.
_QR_DROP = 10
_RUN = re.compile(r"(.)\1{2,}")

# Advance widths of font 0 (condensed bold) in thousandths of its height, rounded up.
_WIDTHS = {
    279: "/:;Ifijlt",
    280: "{}\\|",
    334: "!\"'(),.[]`r ",
    390: "z",
    445: "Jcksvxy",
    500: "#$*+0123456789<=>?EFLTZ^_abdeghnopqu~",
    556: "ABCKPSVXY",
    611: "DGHNOQRU",
    668: "&w",
    779: "Mm",
    800: "-",  # drawn as a dash by some
    834: "%@W",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}


def label_zpl(design: Design, values: Mapping[str, str], dpi: int = 203) -> str:
    """One label as a ZPL program, for a printer of `dpi` dots per inch.

    `values` as for `label_pdf`, and refused alike.
    """
    dots = _DOTS_PER_MM.get(dpi, dpi / 25.4)
    head = f"^XA^CI28^LH0,0^PW{round(design.width_mm * dots)}^LL{round(design.height_mm * dots)}"
    fields = [_field(placed, dots) for placed in lay_out(design, values)]
    return "\n".join([head, *fields, "^XZ"]) + "\n"


def _field(placed: Placed, dots: float) -> str:
    if isinstance(placed, PlacedText):
        return _letters(placed, dots) if _plain(placed.text) else _image(placed, dots)
    if isinstance(placed, PlacedBars):
        return _bars(placed, dots)
    if isinstance(placed, PlacedSquares):
        return _squares(placed, dots)
    return _box(placed, dots)


def _plain(text: str) -> bool:
    return all(" " <= letter <= "~" for letter in text)


def _letters(placed: PlacedText, dots: float) -> str:
    """A line in font 0, its capitals as high as in the PDF, condensed if it were too wide."""
    height = round(placed.size_mm * dots * fonts.CAPITAL / _CAPITAL)
    needed = sum(_WIDTH_OF[letter] for letter in placed.text) * height / 1000
    room = int(placed.width_mm * dots)
    width = height if needed <= room else max(1, int(height * room / needed))
    justify = {"left": "L", "center": "C", "right": "R"}[placed.align]
    left, baseline = round(placed.x_mm * dots), round(placed.baseline_mm * dots)
    reverse = "^FR" if placed.white else ""
    return (
        f"^FT{left},{baseline}{reverse}^A0N,{height},{width}"
        f"^FB{room},1,0,{justify}^FH^FD{_escaped(placed.text)}^FS"
    )


def _image(placed: PlacedText, dots: float) -> str:
    """A line as a black and white image in our own type."""
    from PIL import Image, ImageDraw

    size = max(1, int(placed.size_mm * dots))
    pad = size // 4
    wide = round(placed.text_width_mm * dots) + 2 * pad
    high = round((fonts.ASCENT + fonts.DESCENT) * size) + 2 * pad
    baseline = pad + round(fonts.ASCENT * size)
    picture = Image.new("L", (wide, high), 255)
    pen = ImageDraw.Draw(picture)
    x = float(pad)
    for run in fonts.runs(placed.text, placed.bold):
        font = fonts.pixels(run.font, size)
        for letter in run.text:  # one by one: rounded advances would add up along the line
            pen.text((round(x), baseline), letter, fill=0, font=font, anchor="ls")
            x += fonts.width_em(letter, placed.bold) * placed.size_mm * dots
    black = picture.point(lambda grey: 255 if grey < 128 else 0)
    box = black.getbbox()
    if box is None:
        return ""
    left = round(placed.left_mm * dots) - pad + box[0]
    top = round(placed.baseline_mm * dots) - baseline + box[1]
    reverse = "^FR" if placed.white else ""
    ink = black.crop(box).convert("1")
    return f"^FO{max(0, left)},{max(0, top)}{reverse}{_graphic(ink.tobytes(), ink.width)}^FS"


def _bars(placed: PlacedBars, dots: float) -> str:
    module = placed.module_dots(dots)
    left = round(placed.left_mm(module / dots) * dots)
    command, mode, data = placed.symbol.zpl
    height = round(placed.height_mm * dots)
    options = f"^{command}N,{height},N,N" + (f",N,{mode}" if mode else "")
    return (
        f"^FO{left},{round(placed.y_mm * dots)}^BY{module},2,{height}{options}"
        f"^FH^FD{_escaped(data)}^FS"
    )


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


def _graphic(rows: bytes, width: int) -> str:
    """^GFA of 1-bit rows, a set bit is black, with ZPL's own run lengths."""
    row_bytes = (width + 7) // 8
    lines, last = [], ""
    for start in range(0, len(rows), row_bytes):
        line = _packed(rows[start : start + row_bytes].hex().upper())
        lines.append(":" if line == last else line)
        last = line
    return f"^GFA,{len(rows)},{len(rows)},{row_bytes},{''.join(lines)}"


def _packed(digits: str) -> str:
    """Hex digits with runs counted: G-Y are 1-19, g-z are 20-400; a comma ends in zeros."""
    body = digits.rstrip("0")
    return _RUN.sub(_counted, body) + ("," if len(body) < len(digits) else "")


def _counted(run: re.Match[str]) -> str:
    count = len(run.group())
    text = f"z{run.group(1)}" * (count // 400)
    twenties, ones = divmod(count % 400, 20)
    if twenties or ones:
        text += chr(ord("f") + twenties) if twenties else ""
        text += chr(ord("F") + ones) if ones else ""
        text += run.group(1)
    return text
