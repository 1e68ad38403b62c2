"""What the codes on somebody's label may be: a tracking number, whose, and in which forms.

Sources: UPS 1Z numbers (check digit over the 15 characters behind 1Z, letters as 2-9, 0, 1, ...);
USPS Publication 199 (IMpb: 420, ZIP code, then 20 or 22 digits with a GS1 check digit); UPU S10
(two letters, eight digits, check digit modulo 11, two letters).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wms_app.base.codes import is_sscc
from wms_app.outside.devices.camera.decoding import Found

_UPS = re.compile(r"1Z[0-9A-Z]{15}[0-9]")
_IMPB = re.compile(r"(?:420(?:\d{5}|\d{9}))?(9[1-5]\d{18}(?:\d{2})?)")
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_PLAIN = re.compile(r"[0-9A-Z]{8,40}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_LINEAR = ("Code 128", "Code 39", "Code 93", "ITF", "Codabar", "EAN", "UPC", "DataBar")
ENDS_WITH = 12  # a longer code that ends with a number of so many characters says that number


@dataclass(frozen=True)
class Printed:
    """One code on a label. `text` without separators; `linear`: bars, no matrix; `sure`: a symbol
    that checks itself, so that what it says is not misread."""

    text: str
    linear: bool
    sure: bool = True

    @classmethod
    def of(cls, found: Found) -> Printed:
        """What a decoder found."""
        linear = any(name in found.symbol for name in _LINEAR)
        return cls(_plain(found.text), linear, found.checked)


def _plain(text: str) -> str:
    return text.replace("\x1d", "").strip()


def says(code: Printed, tracking: str) -> bool:
    """Whether a code says a number that is known from elsewhere.

    It is the number, or a longer code of digits that ends with it, as USPS and FedEx print it.
    """
    text = "".join(code.text.upper().split())
    longer = len(tracking) >= ENDS_WITH and text.isdigit() and text.endswith(tracking)
    return bool(tracking) and (text == tracking or longer)


def forms(codes: Iterable[Printed]) -> list[str]:
    """Every number that the codes may say, to be looked for among those known before.

    Of a long code of digits all endings of 12 to 34 digits.
    """
    found: dict[str, None] = {}
    for code in codes:
        text = "".join(code.text.upper().split())
        if 1 <= len(text) <= 60:
            found[text] = None
        if text.isdigit() and ENDS_WITH < len(text) <= 60:
            for length in range(ENDS_WITH, min(len(text), 35)):
                found[text[-length:]] = None
    return list(found)


def tracking_of(codes: Sequence[Printed], other_than: str = "") -> str:
    """The one tracking number among a label's codes, "" when that is not certain.

    A number in a form with a check digit that is known wins; else the only code of bars that checks
    itself and is no other number (the order's).
    """
    texts = list(dict.fromkeys(c.text.upper() for c in codes if c.text != other_than))
    known = list(dict.fromkeys(number for text in texts if (number := known_number(text))))
    if known:
        return known[0] if len(known) == 1 else ""
    bars = {c.text.upper() for c in codes if c.linear and c.sure and c.text != other_than}
    plain = [text for text in bars if _PLAIN.fullmatch(text)]
    return plain[0] if len(plain) == 1 else ""


def known_number(text: str) -> str:
    """The tracking number in a code of a form whose check digit we know; "" for all others."""
    if _UPS.fullmatch(text) and _ups_check(text[2:17]) == text[-1]:
        return text
    impb = _IMPB.fullmatch(text)
    if impb and _mod10(impb.group(1)[:-1]) == text[-1]:
        return impb.group(1)
    if _S10.fullmatch(text) and _s10_check(text[2:10]) == text[10]:
        return text
    return text if is_sscc(text) else ""


def carrier_of_number(tracking: str) -> str:
    """The carrier that gives out numbers of this form, "" when several may."""
    if _UPS.fullmatch(tracking) and _ups_check(tracking[2:17]) == tracking[-1]:
        return "ups"
    if _IMPB.fullmatch(tracking) and _mod10(tracking[:-1]) == tracking[-1]:
        return "usps"
    return ""


def _ups_check(text: str) -> str:
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in text]
    total = sum(values[0::2]) + 2 * sum(values[1::2])
    return str(-total % 10)


def _mod10(digits: str) -> str:
    total = sum(int(c) * (3 if place % 2 == 0 else 1) for place, c in enumerate(reversed(digits)))
    return str(-total % 10)


def _s10_check(digits: str) -> str:
    rest = 11 - sum(int(c) * weight for c, weight in zip(digits, _S10_WEIGHTS)) % 11
    return str({10: 0, 11: 5}.get(rest, rest))


def zpl_codes(zpl: bytes) -> list[Printed]:
    """What the barcode commands of a ZPL label encode."""
    found = []
    pattern = re.compile(
        r"\^B([0-9A-Z])([^\^]*)((?:\^F(?!D|S)[^\^]*|\^[^BF][^\^]*)*)\^FD([^\^]*)", re.DOTALL
    )
    for kind, _options, between, data in pattern.findall(zpl.decode("utf-8", "replace")):
        if kind in ("Y",):
            continue
        text = _unescaped(data, between)
        if kind == "C":
            text = re.sub(r">[0-9:;<=]", "", text)
        elif kind == "Q":
            text = re.sub(r"^[HQML]?[AM]?,[NAB]?", "", text)
        found.append(Printed(_plain(text), kind not in "QX70OF"))
    return found


def _unescaped(data: str, between: str) -> str:
    """A field's text; with ^FH its hexadecimal escapes are read."""
    mark = re.search(r"\^FH(.?)", between)
    if mark is None:
        return data
    sign = re.escape(mark.group(1) or "_")
    return re.sub(sign + r"([0-9A-Fa-f]{2})", lambda m: chr(int(m.group(1), 16)), data)
