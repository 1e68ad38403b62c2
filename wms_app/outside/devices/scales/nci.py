"""NCI and NCI-ECR: the weight with its unit in one line, status characters in the next."""

from __future__ import annotations

import re
from fractions import Fraction

from wms_app.outside.devices.scales.said import (
    FAULT,
    GRAMS,
    MOVING,
    OVER,
    UNDER,
    Said,
    parity_holds,
    said,
    seven_bits,
    unit_of,
    weight,
)

_LONGEST = 48
# Bits 4 and 5 of a status character are always 1, bit 6 says that another one follows.
_FRAME = re.compile(
    rb"\n(?:([ -]{0,6}[0-9.]{1,8} ?[A-Za-z]{1,2}(?: ?[ 0-9.]{1,6}[A-Za-z]{2})?"
    rb"|[-_^ ]{3,10}[A-Za-z]{0,2})\r\n)?"
    rb"S?([\x30-\x3f\x70-\x7f]{2,4})\r\x03"
)
_SINGLE = re.compile(r"( *-? *[0-9.]+) ?([A-Za-z]{1,2})")
_POUNDS = re.compile(r" *([0-9]+)lb +([0-9.]+)oz", re.IGNORECASE)


class Nci:
    """`LF weight unit CR LF [S] status CR ETX`; ECR writes the S, SCP-01 does not.

    Status 1: bit 0 motion, 1 zero, 2 and 3 a broken memory. Status 2: bit 0 under, 1 over
    capacity, 2 and 3 a broken memory or calibration. `12lb  3.5oz` is understood too.
    """

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> list[Said]:
        """See `Parser`."""
        self._kept += data
        found, plain, end = [], seven_bits(self._kept), 0
        for match in _FRAME.finditer(plain):
            end = match.end()
            if not parity_holds(self._kept[match.start() : end]) or not _complete(match[2]):
                continue
            frame = _frame((match[1] or b"").decode("ascii"), match[2])
            if frame is not None:
                found.append(frame)
        self._kept = self._kept[max(end, len(plain) - _LONGEST) :]
        return found


def _complete(status: bytes) -> bool:
    """Whether exactly as many status characters are there as the second and later ones promise."""
    more = [bool(byte & 0x40) for byte in status[1:]]
    return all(more[:-1]) and not more[-1]


def _frame(text: str, status: bytes) -> Said | None:
    first, second = status[0], status[1]
    if first & 12 or second & 12:
        return FAULT
    if second & 3:
        return OVER if second & 2 else UNDER
    if first & 1 and not text:
        return MOVING
    both = _POUNDS.fullmatch(text)
    if both:
        ounces = weight(both[2], "oz")
        if ounces is None:
            return None
        exact = int(both[1]) * GRAMS["lb"] + _exact(both[2])
        return Said(round(exact), ounces[1], not first & 1)
    one = _SINGLE.fullmatch(text)
    return said(one[1], unit_of(one[2]), not first & 1) if one else None


def _exact(ounces: str) -> Fraction:
    return Fraction(ounces) * GRAMS["oz"]
