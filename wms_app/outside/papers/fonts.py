"""The type that papers are set in: Noto Sans, and Noto Sans SC for what it lacks.

Measures are in em: a width of 0.5 is half the type size. Nothing is read from disk before the
first text is measured, and the Chinese files (10 MB each) only when a text has Chinese.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wms_app.base.places import resources

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

ASCENT = 1.0  # em above the base line that a line of text may use, accents included
DESCENT = 0.26  # em below it
LINE = 1.22  # em from base line to base line
CAPITAL = 0.714  # em, the height of a capital letter of Noto Sans
UNKNOWN = "?"  # drawn for a character that neither font has

_FILES = {
    "Dock": "NotoSans_400Regular.ttf",
    "DockBold": "NotoSans_700Bold.ttf",
    "DockCJK": "NotoSansSC_400Regular.ttf",
    "DockCJKBold": "NotoSansSC_700Bold.ttf",
}


@dataclass(frozen=True)
class Run:
    """A stretch of text that one font file can draw; `font` is its name in reportlab."""

    font: str
    text: str
    width_em: float


def clean(text: str) -> str:
    """`text` composed (NFC), without control characters; line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(
        letter for letter in composed if letter == "\n" or unicodedata.category(letter)[0] != "C"
    )


def width_em(text: str, bold: bool = False) -> float:
    """The width of one line of text, in em."""
    return sum([_glyph(letter, bold)[2] for letter in text])


def runs(text: str, bold: bool = False) -> list[Run]:
    """One line of text, parted where the font file changes."""
    parts: list[Run] = []
    font, letters, width = "", "", 0.0
    for letter in text:
        wanted, drawn, advance = _glyph(letter, bold)
        if wanted != font and letters:
            parts.append(Run(font, letters, width))
            letters, width = "", 0.0
        font = wanted
        letters += drawn
        width += advance
    if letters:
        parts.append(Run(font, letters, width))
    return parts


@lru_cache(maxsize=64)
def pixels(font: str, size: int) -> FreeTypeFont:
    """The font for drawing into an image, `size` pixels an em."""
    from PIL import ImageFont

    path = resources() / "fonts" / _FILES[font]
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16384)
def _glyph(letter: str, bold: bool) -> tuple[str, str, float]:
    """Which font draws `letter`, what it draws, and how wide that is in em."""
    for family in ("Dock", "DockCJK"):
        font = family + ("Bold" if bold else "")
        face = _face(font)
        if ord(letter) in face.charToGlyph:
            return font, letter, face.charWidths.get(ord(letter), face.defaultWidth) / 1000
    font, drawn, advance = _glyph(UNKNOWN, bold)
    return font, drawn, advance


@lru_cache(maxsize=8)
def _face(font: str) -> Any:
    """The metrics of a font file; registers it in reportlab under `font`."""
    from reportlab.pdfbase import pdfmetrics, ttfonts

    open_font: Any = ttfonts.TTFont
    register: Any = pdfmetrics.registerFont
    loaded = open_font(font, str(resources() / "fonts" / _FILES[font]))
    register(loaded)
    return loaded.face
