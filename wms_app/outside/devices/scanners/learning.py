"""Learns how a scanner types from three codes whose contents are known.

The first says what it puts around a code, how fast it types, and through which keyboard layout;
the second (GS1-128, General Specifications 7.8) whether separators come through; the third (UPC-A)
whether it keeps the leading zero and the check digit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from wms_app.base import gs1
from wms_app.base.refusal import Refused
from wms_app.base.texts import _

Kind = Literal["letters", "separators", "digits"]
LESSONS: tuple[Kind, ...] = ("letters", "separators", "digits")

# Letters that the layouts of Germany, France and Russia move, both cases, digits, and signs.
LETTERS = "Dock.aZyQw-19/_M"
# An example GTIN of GS1, a lot and a serial number; as it is drawn, and as a scanner says it.
SEPARATORS_DRAWN = "(01)09506000134352(10)AZ7(21)Q4"
SEPARATORS = f"010950600013435210AZ7{gs1.GS}21Q4"
DIGITS = "012345678905"
DIGITS_DRAWN = f"0{DIGITS}"  # EAN-13 draws UPC-A with a zero more

QUICK_MS = 35  # between two keys, on average; what is slower is taken for a person typing
_SLOWEST_MS = 80  # with no prefix that says so, nobody could tell it from a person
_SPARE = 1.5


@dataclass(frozen=True)
class Burst:
    """What one press of the trigger typed: as the computer's layout has it, and as the keys say it
    on a US keyboard; `gap_ms` between two keys on average; `end`: the key that ended it."""

    typed: str
    us: str
    gap_ms: float = 0
    end: Literal["", "enter", "tab"] = "enter"


@dataclass(frozen=True)
class Learned:
    """How the scanner types; see `Habit`. `separator`: what it types instead of GS, or ""."""

    prefix: str = ""
    suffix: str = ""
    gap_ms: int = QUICK_MS
    layout: Literal["auto", "us", "as_typed"] = "auto"
    separator: str = ""


@dataclass(frozen=True)
class Remark:
    """One thing that was learned; `well` or how to set the scanner better."""

    words: str
    well: bool = True


class Learner:
    """Hears the three codes in order; `lesson` is "" when all have been heard or left out."""

    def __init__(self) -> None:
        self.learned = Learned()
        self.remarks: tuple[Remark, ...] = ()
        self._next = 0

    @property
    def lesson(self) -> Kind | Literal[""]:
        """The code that is to be scanned now."""
        return LESSONS[self._next] if self._next < len(LESSONS) else ""

    @property
    def step(self) -> int:
        """How many were heard or left out."""
        return self._next

    def leave_out(self) -> None:
        """The scanner can't read this one. Refused: the first, all else rests on it."""
        if self.lesson == "letters":
            raise Refused(
                "first_code",
                _("Nothing can be learned without the first code."),
                _("Scan it from the printed sheet: many scanners read no screens."),
            )
        self._next += 1

    def hear(self, burst: Burst) -> None:
        """A code was scanned. Refused: it is not the one that is shown, or the scanner is set so
        that its codes could not be told from typing."""
        match self.lesson:
            case "letters":
                self._letters(burst)
            case "separators":
                self._separators(self._inside(burst))
            case "digits":
                self._digits(self._inside(burst))
            case _:
                return
        self._next += 1

    def _letters(self, burst: Burst) -> None:
        typed, us = LETTERS in burst.typed, LETTERS in burst.us
        if not (typed or us):
            raise _not_the_letters(burst)
        before, after = (burst.typed if typed else burst.us).split(LETTERS, 1)
        if gs1.identifier(before[-3:] + "?"):
            before = before[:-3]
        if not burst.end and not after:
            raise Refused(
                "no_end",
                _("The scanner ends its codes with nothing, so nobody knows where one ends."),
                _("Set it to send Enter (CR) behind each code, then scan again."),
            )
        if burst.gap_ms > _SLOWEST_MS and not before:
            raise Refused(
                "slow_scanner",
                _("The scanner types as slowly as a person: {ms} ms a key.").format(
                    ms=round(burst.gap_ms)
                ),
                _("Set it to type without delay between characters, then scan again."),
            )
        layout: Literal["auto", "us", "as_typed"] = "auto"
        if typed != us:
            layout = "as_typed" if typed else "us"
        gap = max(QUICK_MS, math.ceil(burst.gap_ms * _SPARE))
        self.learned = Learned(before, after, gap, layout)
        self._remark(*_about(self.learned, burst.end))

    def _inside(self, burst: Burst) -> str:
        """The code without what the scanner puts around it."""
        learned = self.learned
        reading = burst.us if learned.layout == "us" else burst.typed
        if not reading.startswith(learned.prefix) or not reading.endswith(learned.suffix):
            raise Refused(
                "other_around",
                _("The scanner puts other characters around this code than around the first."),
                _("Switch off the letters that name the kind of code (code ID), begin anew."),
            )
        inside = reading[len(learned.prefix) : len(reading) - len(learned.suffix)]
        return inside.removeprefix(gs1.identifier(inside))

    def _separators(self, code: str) -> None:
        code = code.removeprefix(gs1.GS)
        if code in (SEPARATORS, SEPARATORS_DRAWN):
            self._remark(Remark(_("Separators of GS1 codes come through.")))
            return
        head, tail = SEPARATORS.split(gs1.GS)
        if code == head + tail:
            advice = _(
                "Separators of GS1 codes are left out: lot and serial number may run into each "
                "other. Set the scanner to send GS (ASCII 29)."
            )
            self._remark(Remark(advice, well=False))
            return
        middle = code[len(head) : len(code) - len(tail)]
        if len(middle) != 1 or code != head + middle + tail or middle.isalnum():
            raise _other(code)
        self.learned = replace(self.learned, separator=middle)
        words = _("It types “{sign}” for the separator of GS1 codes; Dock reads it as such.")
        self._remark(Remark(words.format(sign=middle)))

    def _digits(self, code: str) -> None:
        if code in (DIGITS, DIGITS_DRAWN):
            self._remark(Remark(_("Numbers of goods come whole.")))
        elif code in (DIGITS[1:], DIGITS[1:-1], DIGITS[:-1], DIGITS_DRAWN[:-1]):
            advice = _(
                "Digits are missing at an end of UPC codes: it said {code}. Set the scanner to "
                "send the first digit and the check digit."
            )
            self._remark(Remark(advice.format(code=code), well=False))
        else:
            raise _other(code)

    def _remark(self, *remarks: Remark) -> None:
        self.remarks += remarks


def _about(learned: Learned, end: str) -> Iterator[Remark]:
    keys = {"enter": _("Enter"), "tab": _("Tab"), "": _("no key")}
    words = _("Around a code: “{prefix}” before, “{suffix}” behind, then {key}.")
    if learned.prefix or learned.suffix:
        around = words.format(prefix=learned.prefix, suffix=learned.suffix, key=keys[end])
        yield Remark(around)
    else:
        yield Remark(_("A code, then {key}; nothing else around it.").format(key=keys[end]))
    layouts = {
        "auto": _("Letters and signs come as they are printed."),
        "as_typed": _("It types through this computer's keyboard layout."),
        "us": _("It types as on a US keyboard; Dock reads its keys, not this computer's layout."),
    }
    yield Remark(layouts[learned.layout])
    if learned.gap_ms > QUICK_MS:
        yield Remark(_("It types slowly; Dock waits {ms} ms a key.").format(ms=learned.gap_ms))


def _not_the_letters(burst: Burst) -> Refused:
    for said in (burst.typed, burst.us):
        if LETTERS.swapcase() in said:
            return Refused(
                "caps_lock",
                _("Capital and small letters are exchanged."),
                _("Switch off Caps Lock, on the keyboard or in the scanner, then scan again."),
            )
        if LETTERS.casefold() in said.casefold():
            return Refused(
                "one_case",
                _("The scanner makes all letters capital, or all small."),
                _("Switch off its case conversion, then scan again."),
            )
    return _other(burst.typed)


def _other(code: str) -> Refused:
    return Refused(
        "other_code",
        _("{code} is not the code that is shown.").format(code=code.replace(gs1.GS, "·")),
        _("Scan the code on the screen, or the same number on the printed sheet."),
    )
