"""What a barcode says: our own codes, goods, GS1 content, SSCCs, typed numbers.

Our own codes read `KIND.VALUE.C`: a kind, an upper-case value (letters, digits, hyphens) and an
ISO/IEC 7064 MOD 37,36 check character over kind and value. No SKU, GTIN or tracking number has
that form, and a misread or mistyped one is refused. Only letters, digits, hyphen and full stop
are used: they survive every keyboard layout a scanner may type through.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from wms_app.base.refusal import Refused
from wms_app.base.texts import _

Kind = Literal["BIN", "TOTE", "LIST", "USER", "CMD", "PARCEL", "LANE", "PICKUP", "ORDER"]
KINDS = ("BIN", "TOTE", "LIST", "USER", "CMD", "PARCEL", "LANE", "PICKUP", "ORDER")
GS = "\x1d"

_OWN = re.compile(rf"^({'|'.join(KINDS)})\.([A-Z0-9-]{{1,40}})\.([A-Z0-9])$")
_GS1_BRACKETS = re.compile(r"^\(\d{2,4}\)")
_GS1_IDENTIFIERS = ("]C1", "]d2", "]Q3", "]e0", "]J1")


def new_id() -> str:
    """A fresh operation or scan id."""
    return uuid.uuid4().hex


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
    """

    text: str
    gtin: str = ""
    lot: str = ""
    expires: date | None = None
    serial: str = ""


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


def read(raw: str) -> Code:
    """Say what `raw` is. Refused: nothing at all, or a code of ours with a wrong check."""
    text = raw.strip(" \t\r\n")
    if not text:
        raise Refused("empty_scan", _("Nothing was scanned."), _("Scan again."))
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
    if text.isascii() and text.isdigit():
        return _digits(text)
    if GS in text or text.startswith(_GS1_IDENTIFIERS) or _GS1_BRACKETS.match(text):
        return _gs1(text)
    if len(text) >= 16 and text.startswith("01") and gtin14(text[2:16]):
        return _gs1(text)
    return Item(text)


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
    if len(text) == 20 and text.startswith("00") and is_sscc(text[2:]):
        return Sscc(text[2:])
    if is_sscc(text):
        return Sscc(text)
    if len(text) >= 16 and text.startswith("01") and gtin14(text[2:16]):
        return _gs1(text)
    return Item(text, gtin14(text))


def _gs1(text: str) -> Code:
    import biip
    from biip import ParseError

    plain = text[3:] if text.startswith("]") else text
    if plain.startswith("("):
        plain = re.sub(r"\((\d{2,4})\)", lambda m: GS + m.group(1), plain).lstrip(GS)
    try:
        message = biip.parse("]C1" + plain.lstrip(GS)).gs1_message
    except ParseError:
        return Item(text)
    if message is None:
        return Item(text)
    found = {element.ai.ai: element for element in message.element_strings}
    if "00" in found and is_sscc(found["00"].value):
        return Sscc(found["00"].value)
    if "01" not in found:
        return Item(text)
    gtin = found["01"].value.zfill(14)
    expires = found["17"].date if "17" in found else None
    lot = found["10"].value if "10" in found else ""
    serial = found["21"].value if "21" in found else ""
    return Item(gtin.lstrip("0"), gtin, lot, expires, serial)
