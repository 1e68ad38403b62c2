"""What one frame of a scale says, in whole grams, and how a stream of bytes is cut into frames."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

Trouble = Literal["", "over", "under", "fault"]

# Exact by definition (international avoirdupois pound, 1959).
POUND_G = Fraction("453.59237")
GRAMS = {"g": Fraction(1), "kg": Fraction(1000), "lb": POUND_G, "oz": POUND_G / 16}
_SPELT = {"lbs": "lb", "ozs": "oz", "gm": "g", "grm": "g", "kgs": "kg"}
# A frame of any protocol is shorter; what is longer is noise.
LONGEST = 64


@dataclass(frozen=True)
class Said:
    """One frame. `grams`: None when it tells no weight (moving, overloaded).

    `division_g`: the last digit's worth. `stable`: None when this scale never says whether it
    moves. A negative weight keeps its sign. `net`: with a tare taken off.
    """

    grams: int | None
    division_g: Fraction = Fraction(0)
    stable: bool | None = False
    trouble: Trouble = ""
    net: bool = False


MOVING = Said(None)
OVER = Said(None, trouble="over")
UNDER = Said(None, trouble="under")
FAULT = Said(None, trouble="fault")


class Parser(Protocol):
    """One language of scales. It keeps what is not whole yet and never guesses the rest."""

    def feed(self, data: bytes) -> list[Said]:
        """The frames that are whole now, oldest first; a stream may be cut anywhere."""


def unit_of(text: str) -> str | None:
    """`g`, `kg`, `lb` or `oz` for what a scale writes behind its number; None for another."""
    word = text.strip().lower()
    word = _SPELT.get(word, word)
    return word if word in GRAMS else None


def weight(number: str, unit: str) -> tuple[int, Fraction] | None:
    """Whole grams and the worth of the last digit, in grams; None for what is no number.

    `number` is digits with at most one point, a sign before them; spaces may part the sign from
    the digits. The exact rational is rounded once, half to even.
    """
    found = re.fullmatch(r"([+-]?) *([0-9]+)(?:\.([0-9]*))?|([+-]?) *\.([0-9]+)", number.strip())
    if found is None:
        return None
    digits, decimals = found[2] or "", found[3] or found[5] or ""
    worth = GRAMS[unit] / 10 ** len(decimals)
    exact = int(digits + decimals) * worth
    return round(-exact if "-" in (found[1], found[4]) else exact), worth


def scaled(count: int, exponent: int, unit: str) -> tuple[int, Fraction]:
    """Whole grams of `count` times ten to the `exponent` units, and the worth of one count."""
    worth = GRAMS[unit] * Fraction(10) ** exponent
    return round(count * worth), worth


def said(number: str, unit: str | None, stable: bool | None, *, net: bool = False) -> Said | None:
    """A frame with a weight; None when its number or its unit says nothing."""
    known = weight(number, unit) if unit else None
    return Said(known[0], known[1], stable, net=net) if known else None


def seven_bits(data: bytes) -> bytes:
    """The characters of a line whose eighth bit is parity, or nothing."""
    return bytes(byte & 0x7F for byte in data)


def parity_holds(frame: bytes) -> bool:
    """Whether the eighth bits of a frame are all clear, all even parity, or all odd parity."""
    if not any(byte & 0x80 for byte in frame):
        return True
    return len({byte.bit_count() & 1 for byte in frame}) == 1


def with_even_parity(data: bytes) -> bytes:
    """Seven-bit characters as a line of 7 bits and even parity carries them."""
    return bytes(byte | (byte.bit_count() & 1) << 7 for byte in data)
