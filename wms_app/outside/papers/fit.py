"""Setting a text into a box: the biggest size at which it fits, wrapped where it may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from wms_app.outside.papers import fonts

ELLIPSIS = "…"

_STEP = 0.94  # from one size tried to the next
_WIDE = "\u2e80-\u30ff\u3100-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_CLOSING = "、。，．！？：；）」』】〉》”’"
# A piece that stays together: one wide character with the marks that may not begin a line,
# or a word with the spaces behind it.
_PIECE = re.compile(rf"[{_WIDE}][{_CLOSING}]*\s*|[^{_WIDE}\s]+\s*|\s+")


@dataclass(frozen=True)
class Fitted:
    """The size chosen, the lines, and whether all of the text is there."""

    size_mm: float
    lines: tuple[str, ...]
    whole: bool

    @property
    def height_mm(self) -> float:
        """From the top of the first line to the bottom of the last."""
        return lines_height_em(len(self.lines)) * self.size_mm


def lines_height_em(count: int) -> float:
    """How high `count` lines are, in em."""
    return fonts.ASCENT + fonts.DESCENT + (count - 1) * fonts.LINE if count else 0.0


@lru_cache(maxsize=4096)
def fit(
    text: str,
    width_mm: float,
    height_mm: float,
    *,
    max_mm: float,
    min_mm: float,
    wrap: bool = False,
    bold: bool = False,
) -> Fitted:
    """`text` at the biggest size from `max_mm` to `min_mm` (type size) that fits the box.

    Line breaks in the text stay. With `wrap`, lines break between words and beside Chinese
    characters; a word is torn only at the smallest size. What does not fit even then ends in
    an ellipsis: nothing is ever drawn outside the box.
    """
    paragraphs = [line.strip() for line in fonts.clean(text).split("\n")]
    paragraphs = [line for line in paragraphs if line]
    if not paragraphs:
        return Fitted(max_mm, (), True)
    size = max_mm
    while size > min_mm:
        lines = _set(paragraphs, width_mm / size, wrap, bold)
        if lines is not None and lines_height_em(len(lines)) * size <= height_mm:
            return Fitted(size, tuple(lines), True)
        size *= _STEP
    return _smallest(paragraphs, width_mm, height_mm, min_mm, wrap, bold)


def shorten(text: str, width: float, bold: bool) -> str:
    """`text` cut to `width` em, ending in an ellipsis when something was cut."""
    if fonts.width_em(text, bold) <= width:
        return text
    room = width - fonts.width_em(ELLIPSIS, bold)
    kept = ""
    for letter in text:
        room -= fonts.width_em(letter, bold)
        if room < 0:
            break
        kept += letter
    return kept.rstrip() + ELLIPSIS


def _set(paragraphs: list[str], width: float, wrap: bool, bold: bool) -> list[str] | None:
    """The lines at `width` em, or None when a word or an unwrapped line is too wide."""
    if not wrap:
        fits = all(fonts.width_em(line, bold) <= width for line in paragraphs)
        return paragraphs if fits else None
    lines: list[str] = []
    for paragraph in paragraphs:
        line, used = "", 0.0
        for piece in _PIECE.findall(paragraph):
            bare = fonts.width_em(piece.rstrip(), bold)
            if bare > width:
                return None
            if line and used + bare > width:
                lines.append(line.rstrip())
                line, used = "", 0.0
            line += piece
            used += fonts.width_em(piece, bold)
        lines.append(line.rstrip())
    return lines


def _smallest(
    paragraphs: list[str], width_mm: float, height_mm: float, size: float, wrap: bool, bold: bool
) -> Fitted:
    width = width_mm / size
    most = max(1, int((height_mm / size - lines_height_em(1)) / fonts.LINE + 1e-9) + 1)
    lines = (
        [line for text in paragraphs for line in _torn(text, width, bold)] if wrap else (paragraphs)
    )
    kept = lines[:most]
    whole = len(kept) == len(lines)
    if not whole:
        kept[-1] += ELLIPSIS
    cut = tuple(shorten(line, width, bold) for line in kept)
    return Fitted(size, cut, whole and list(cut) == lines)


def _torn(paragraph: str, width: float, bold: bool) -> list[str]:
    """Wrapped lines in which a word that is too wide is broken between letters."""
    pieces: list[str] = []
    for piece in _PIECE.findall(paragraph):
        if fonts.width_em(piece.rstrip(), bold) <= width:
            pieces.append(piece)
        else:
            pieces.extend(piece)
    lines, line, used = [], "", 0.0
    for piece in pieces:
        bare = fonts.width_em(piece.rstrip(), bold)
        if line and used + bare > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line += piece
        used += fonts.width_em(piece, bold)
    lines.append(line.rstrip())
    return lines
