"""What a barcode says: our own codes, goods, GS1 content, SSCCs, typed numbers.

Our own codes read `KIND.VALUE.C`: a kind, an upper-case value (letters, digits, hyphens) and an
ISO/IEC 7064 MOD 37,36 check character over kind and value. No SKU, GTIN or tracking number has
that form, and a misread or mistyped one is refused. Only letters, digits, hyphen and full stop
are used: they survive every keyboard layout a scanner may type through.
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from wms_app.base import gs1
from wms_app.base.refusal import Refused
from wms_app.base.texts import _

Kind = Literal["BIN", "TOTE", "LIST", "USER", "CMD", "PARCEL", "LANE", "PICKUP", "ORDER"]
KINDS = ("BIN", "TOTE", "LIST", "USER", "CMD", "PARCEL", "LANE", "PICKUP", "ORDER")

_OWN = re.compile(rf"^({'|'.join(KINDS)})\.([A-Z0-9-]{{1,40}})\.([A-Z0-9])$")


def new_id() -> str:
    """A fresh operation or scan id: a UUID of version 7 (RFC 9562, 5.7) as 32 hex digits.

    It begins with the time, so that new ones stand together in the index that keeps them unique,
    however many there are; 72 of its bits are random.
    """
    random = os.urandom(9).hex()
    return f"{time.time_ns() // 1_000_000:012x}7{random[:3]}8{random[3:]}"


@dataclass(frozen=True)
class Scan:
    """One reading: `raw` as the device gave it, without its ending; `id` names this reading.

    The same reading delivered twice keeps its id, so it is applied once.
    """

    raw: str
    id: str = field(default_factory=new_id)

    @property
    def code(self) -> Code:
        """What the reading says; our own code with a wrong check character is refused."""
        return read(self.raw)


@dataclass(frozen=True)
class Own:
    """One of our own codes, for example `BIN.A-03-2.K`."""

    kind: str
    value: str


@dataclass(frozen=True)
class Item:
    """A code on goods, or any text that is none of ours.

    `text` is the code as a SKU's barcode list may hold it; `gtin` is GTIN-14 or "" if it is none.
    `count`: how many of what the GTIN names (AI 30, 37). What is not certain is not said.
    """

    text: str
    gtin: str = ""
    lot: str = ""
    expires: date | None = None
    serial: str = ""
    count: int = 1


@dataclass(frozen=True)
class Sscc:
    """The 18 digits of a logistic unit, also our tracking numbers."""

    digits: str


@dataclass(frozen=True)
class Number:
    """A short number typed by a person: how many, or grams, as the step asks."""

    value: int


Code = Own | Item | Sscc | Number


def own(kind: Kind, value: str) -> str:
    """The text to print in a barcode for one of our own things.

    >>> own("BIN", "A-03-2")
    'BIN.A-03-2.G'
    """
    return f"{kind}.{value}.{_check_character(kind, value)}"


@lru_cache(maxsize=4096)  # each piece of a stop, and each scan at its next step
def read(raw: str) -> Code:
    """Say what `raw` is. Refused: nothing at all, or a code of ours with a wrong check."""
    text = raw.strip(" \t\r\n")
    mark = gs1.identifier(text)
    text = gs1.without_identifier(text).removeprefix(mark) if mark else text
    if not text:
        raise Refused("empty_scan", _("Nothing was scanned."), _("Scan again."))
    if mark in gs1.IDENTIFIERS:
        return _with_elements(text, "") or Item(text)
    match = _OWN.match(text.upper())
    if match:
        kind, value, check = match.groups()
        if check != _check_character(kind, value):
            raise Refused(
                "bad_check",
                _("{code} was not read right.").format(code=text),
                _("Scan it again; print the label anew if it is damaged."),
            )
        return Own(kind, value)
    number = text[2:] if len(text) == 20 and text.startswith("00") else text
    if is_sscc(number):
        return Sscc(number)
    if gs1.is_marked(text):
        return _with_elements(text, "") or Item(text)
    if not mark and len(text) >= 16 and text.startswith("01") and gtin14(text[2:16]):
        # It may as well be a number of somebody else's: the whole text stays its name.
        return _with_elements(text, text) or Item(text)
    return _digits(text) if text.isascii() and text.isdigit() else Item(text)


def gtin14(text: str) -> str:
    """`text` as GTIN-14 when it is a GTIN with a right check digit, else ""."""
    if text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14):
        padded = text.zfill(14)
        if _check_digit(padded[:-1]) == padded[-1]:
            return padded
    return ""


def sscc(extension_and_company: str, serial: int) -> str:
    """An SSCC-18 from its extension digit with company prefix and a serial number.

    Source: GS1 General Specifications, 3.2 (AI 00): 17 digits and a mod-10 check digit.
    Refused (ValueError): a serial that does not fit into what the prefix leaves.
    """
    room = 17 - len(extension_and_company)
    if room < 1 or serial < 0 or serial >= 10**room:
        raise ValueError(f"serial {serial} does not fit behind {extension_and_company}")
    body = f"{extension_and_company}{serial:0{room}d}"
    return body + _check_digit(body)


def is_sscc(text: str) -> bool:
    """Whether `text` is 18 digits with a right check digit."""
    return (
        len(text) == 18
        and text.isascii()
        and text.isdigit()
        and _check_digit(text[:-1]) == text[-1]
    )


# stdnum is loaded by the first code, not by the start: it brings pydoc with it.


def _check_digit(digits: str) -> str:
    from stdnum import ean

    return str(ean.calc_check_digit(digits))


def _check_character(kind: str, value: str) -> str:
    from stdnum.iso7064 import mod_37_36

    letters = "".join(c for c in kind + value if c.isalnum())
    return str(mod_37_36.calc_check_digit(letters))


def _digits(text: str) -> Code:
    if len(text) <= 5:
        return Number(int(text))
    return Item(text, _gtin_of(text))


def _gtin_of(text: str) -> str:
    """GTIN-14 of digits from a symbol: of 8 digits that begin with 0, UPC-E comes before EAN-8.

    GS1 gives no EAN-8 that begins with 0 to goods: those are numbers of a shop for itself.
    """
    short = gtin14(gs1.expanded(text)) if len(text) == 8 and text[0] in "01" else ""
    return short if short and text[0] == "0" else gtin14(text) or short


def _with_elements(text: str, name: str) -> Item | Sscc | None:
    """What element strings say, None when they say nothing of use; `name` is the item's text."""
    found = {element.ai: element for element in gs1.elements(text)}
    said = {ai: element.value for ai, element in found.items()}
    if is_sscc(said.get("00", "")):
        return Sscc(said["00"])
    gtin = gtin14(said.get("01") or said.get("02", ""))
    count = int(said.get("37") or said.get("30") or 1)
    if not gtin or not count:
        return None
    shown = gtin[1:] if gtin.startswith("0") else gtin
    expires = found["17"].day if "17" in found else None
    return Item(name or shown, gtin, said.get("10", ""), expires, said.get("21", ""), count)
