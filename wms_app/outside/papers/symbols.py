"""Barcodes as patterns of modules, drawn by every paper and printer in the same way.

Sources: ISO/IEC 15417 (Code 128), GS1 General Specifications 5.4 (GS1-128) and 5.2 (EAN-13),
ISO/IEC 18004 (QR), ISO/IEC 16022 (Data Matrix); Zebra's ZPL II guide for the field data of ^BC.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

from wms_app.base.codes import gtin14
from wms_app.base.refusal import Refused
from wms_app.base.texts import _

Linear = Literal["code128", "gs1-128", "ean13", "goods"]
Matrix = Literal["qr", "datamatrix"]
LINEAR: tuple[Linear, ...] = ("code128", "gs1-128", "ean13", "goods")
MATRIX: tuple[Matrix, ...] = ("qr", "datamatrix")

_FNC1 = "\xf1"
# GS1 General Specifications, figure 7.8.5-2: the element strings that need no FNC1 behind them.
_FIXED = re.compile(r"^(0[0-4]|1[1-9]|20|3[1-6]|41)")
_ELEMENT = re.compile(r"\((\d{2,4})\)([^()]+)")
_START_B, _START_C, _TO_C, _TO_B, _FNC1_VALUE = 104, 105, 99, 100, 102
_PRINTABLE = re.compile(r"^[ -~]*$")
_DARK = b"1" + b"0" * 255  # 0 is a dark module
_DIGITS = re.compile(r"[0-9]*")
# ISO/IEC 18004:2015, table 7: how many digits a QR code of version 1, 2, ... holds with error
# correction M.
_QR_DIGITS = (34, 63, 101, 149, 202, 255, 293, 365, 432, 513)


@dataclass(frozen=True)
class Bars:
    """A 1D symbol: `modules` of 1 (bar) and 0, quiet zones in modules, the text for people.

    `zpl` is the ZPL command, its mode, and the field data that make a printer draw the same; where
    printers would not, it is empty and the bars are sent as a picture.
    """

    modules: str
    quiet: tuple[int, int]
    human: str
    zpl: tuple[str, str, str]

    @property
    def width(self) -> int:
        """Modules with both quiet zones."""
        return len(self.modules) + sum(self.quiet)


@dataclass(frozen=True)
class Squares:
    """A 2D symbol, and the quiet zone in modules on each side."""

    symbology: Matrix
    text: str
    quiet: int

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The modules of each row: 1 (dark) and 0."""
        import zxingcpp

        if self.symbology == "qr":
            kind = zxingcpp.BarcodeFormat.QRCode
            made = zxingcpp.create_barcode(self.text, kind, ec_level="M")
        else:
            kind = zxingcpp.BarcodeFormat.DataMatrix
            made = zxingcpp.create_barcode(self.text, kind, forceSquare=True)
        image: Any = made.to_image(1, False, False)
        high, wide = image.shape
        flat = memoryview(image).tobytes().translate(_DARK).decode()
        return tuple(flat[row * wide : (row + 1) * wide] for row in range(high))

    @cached_property
    def side(self) -> int:
        """Modules of a side; of a tracking number known without drawing what a printer draws."""
        if self.symbology == "qr" and self.text.isdigit() and len(self.text) <= _QR_DIGITS[-1]:
            return 21 + 4 * bisect_left(_QR_DIGITS, len(self.text))
        return len(self.rows)

    @property
    def width(self) -> int:
        """Modules with both quiet zones; symbols here are square."""
        return self.side + 2 * self.quiet


@lru_cache(maxsize=2048)
def bars(symbology: Linear, text: str) -> Bars:
    """The 1D symbol of `text`; gs1-128 takes element strings in brackets, `(00)3400...`.

    Refused: a character that the symbology lacks, a wrong check digit, brackets that don't pair.
    """
    if symbology == "goods":
        return goods(text)
    if symbology == "ean13":
        return _ean13(text)
    if not text or not _PRINTABLE.match(text):
        raise _refused(text)
    if symbology == "gs1-128":
        values = _code128(_FNC1 + _gs1(text))
        human = re.sub(r"(?<!^)\(", " (", text).replace(")", ") ")
        return Bars(_modules(values), (10, 10), human, _zpl_explicit(values))
    values = _code128(text)
    return Bars(_modules(values), (10, 10), text, _zpl_code128(values, text))


@lru_cache(maxsize=2048)
def squares(symbology: Matrix, text: str) -> Squares:
    """The 2D symbol of `text` (printable ASCII); QR with error correction M."""
    if not text or not _PRINTABLE.match(text):
        raise _refused(text)
    return Squares(symbology, text, 4 if symbology == "qr" else 2)


def goods(text: str) -> Bars:
    """The 1D symbol for a barcode of goods: EAN-13 (UPC-A too) where it is one, else Code 128."""
    if len(text) in (12, 13) and gtin14(text):
        return bars("ean13", text.zfill(13))
    return bars("code128", text)


def _refused(text: str) -> Refused:
    return Refused(
        "bad_barcode",
        _("{text} cannot be written as a barcode.").format(text=text or "—"),
        _("Use letters, digits and signs of the keyboard only."),
    )


def _ean13(text: str) -> Bars:
    if len(text) != 13 or not gtin14(text):
        raise Refused(
            "bad_barcode",
            _("{text} is no EAN-13: 13 digits with a right check digit.").format(text=text),
            _("Correct the number, or print it as Code 128."),
        )
    from barcode.ean import EAN13

    # Drawn dot by dot: some printers let the guard bars of ^BE hang into the text below.
    return Bars(EAN13(text).build()[0], (11, 7), text, ("", "", ""))


def _gs1(text: str) -> str:
    """The data of a GS1-128 symbol: without brackets, FNC1 behind elements of open length."""
    elements = _ELEMENT.findall(text)
    if not elements or "".join(f"({name}){value}" for name, value in elements) != text:
        raise _refused(text)
    last = len(elements) - 1
    return "".join(
        name + value + ("" if place == last or _FIXED.match(name) else _FNC1)
        for place, (name, value) in enumerate(elements)
    )


def _code128(text: str) -> list[int]:
    """Symbol characters without check and stop, by the rules of ISO/IEC 15417, annex E.

    Code set C where digits are many, else B. What must be told to a printer symbol character
    by symbol character (FNC1, ">") stays in B once it is there: printers and previews do not
    agree on the way back to C.
    """
    stays = bool({_FNC1, ">"} & set(text))
    digits = _digits_at(text, 1 if text.startswith(_FNC1) else 0)
    pairs = digits >= 4 or (digits == len(text) == 2)
    values = [_START_C if pairs else _START_B]
    place = 0
    while place < len(text):
        if text[place] == _FNC1:
            values.append(_FNC1_VALUE)
            place += 1
            continue
        digits = _digits_at(text, place)
        if pairs and digits < 2:
            values.append(_TO_B)
            pairs = False
        elif not pairs and not stays and _worth_c(digits, place + digits == len(text)):
            if digits % 2:
                values.append(ord(text[place]) - 32)
                place += 1
            values.append(_TO_C)
            pairs = True
        values.append(int(text[place : place + 2]) if pairs else ord(text[place]) - 32)
        place += 2 if pairs else 1
    return values


def _digits_at(text: str, place: int) -> int:
    found = _DIGITS.match(text, place)
    return len(found.group()) if found else 0


def _worth_c(digits: int, at_the_end: bool) -> bool:
    return digits >= (4 if at_the_end else 6)


def _modules(values: list[int]) -> str:
    from barcode.charsets import code128

    check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    return "".join(code128.CODES[value] for value in [*values, check]) + code128.STOP + "11"


def _zpl_code128(values: list[int], text: str) -> tuple[str, str, str]:
    """Exact symbol characters, or the printer's automatic mode where sets change back."""
    if _TO_C in values[1:]:
        return "BC", "A", text
    return _zpl_explicit(values)


def _zpl_explicit(values: list[int]) -> tuple[str, str, str]:
    """Field data of ^BC in mode N that gives exactly these symbol characters."""
    pairs = values[0] == _START_C
    text = ">;" if pairs else ">:"
    for value in values[1:]:
        if value == _FNC1_VALUE:
            text += ">8"
        elif pairs and value == _TO_B:
            text += ">6"
            pairs = False
        elif pairs:
            text += f"{value:02d}"
        else:
            text += ">0" if value == 30 else chr(32 + value)
    return "BC", "N", text
