"""What GS1 writes into barcodes: element strings, symbology identifiers, UPC-E; no guesses.

Sources: GS1 General Specifications, 7.8 (element strings and FNC1) and 5.2.2 (UPC-E);
ISO/IEC 15424 (symbology identifiers). biip knows the application identifiers (AI); it is loaded
by the first GS1 code, not by the start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

GS = "\x1d"
# Symbols that hold element strings: GS1-128, Data Matrix (with ECI, long), QR (with ECI), DataBar,
# DotCode.
IDENTIFIERS = ("]C1", "]d2", "]d5", "]d8", "]Q3", "]Q4", "]e0", "]J1")

_IDENTIFIER = re.compile(r"\][A-Za-z][0-9A-M]")
_BRACKETS = re.compile(r"(?:\([0-9]{2,4}\)[^()]+)+")
_LINK = re.compile(r"https?://[^/]+/(?:.*/)?0[01]/[0-9]", re.IGNORECASE)


@dataclass(frozen=True)
class Element:
    """One element string. `day` where the AI is a date; `open` where only FNC1 ends it."""

    ai: str
    value: str
    day: date | None = None
    open: bool = False


def identifier(text: str) -> str:
    """The symbology identifier that a scanner put before the code (`]C1`), "" without one."""
    return text[:3] if len(text) > 3 and _IDENTIFIER.match(text) else ""


def without_identifier(text: str) -> str:
    """The code alone, unless its identifier says that it holds element strings.

    Of an EAN with an add-on (`]E3`) the add-on is left out.
    """
    mark = identifier(text)
    if not mark or mark in IDENTIFIERS:
        return text
    return text[3:16] if mark == "]E3" else text[3:]


def unbroken(text: str) -> str:
    """A code from a device that loses no character: a separator before it says so."""
    return text[:3] + GS + text[3:] if identifier(text) in IDENTIFIERS else text


def is_marked(text: str) -> bool:
    """Whether `text` shows by itself that it is written with AIs: GS, brackets, a GS1 link."""
    return GS in text or bool(_BRACKETS.fullmatch(text) or _LINK.match(text))


def elements(text: str) -> tuple[Element, ...]:
    """The element strings of `text` (without its identifier), () when it holds anything else.

    A scanner that loses the separators makes one long value of several elements. So without any
    separator the last open element is left out when its value could be read as more than one.
    """
    if _LINK.match(text):
        return _of_link(text)
    if _BRACKETS.fullmatch(text):
        text = GS + re.sub(r"\(([0-9]{2,4})\)", lambda match: GS + match.group(1), text)
    if not text.isascii():
        return ()
    found = _parsed(text.strip(GS))
    if found and GS not in text and found[-1].open and _reads_otherwise(found):
        found = found[:-1]
    return tuple(found)


def _parsed(text: str) -> list[Element]:
    """Element strings one behind another, each to its end; [] when anything does not fit."""
    from biip import ParseError
    from biip.gs1_element_strings import GS1ElementString

    found: list[Element] = []
    rest = text
    while rest:
        try:
            one = GS1ElementString.extract(rest)
        except ParseError:
            return []
        known = one.gtin_error is None and one.sscc_error is None
        rest = rest[len(one.ai.ai) + len(one.value) :]
        cut_off = one.ai.separator_required and rest and not rest.startswith(GS)
        if cut_off or not known or one.ai.ai in [element.ai for element in found]:
            return []
        found.append(Element(one.ai.ai, one.value, one.date, one.ai.separator_required))
        rest = rest.lstrip(GS)
    return found


def _reads_otherwise(found: list[Element]) -> bool:
    """Whether the last value could as well be a shorter one with more elements behind it."""
    value = found[-1].value
    before = {element.ai for element in found}
    for cut in range(1, len(value) - 2):
        tail = _parsed(value[cut:])
        if tail and before.isdisjoint(element.ai for element in tail):
            return True
    return False


def _of_link(text: str) -> tuple[Element, ...]:
    """The elements of a GS1 Digital Link (a web address in a QR code)."""
    from biip import ParseError
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI

    try:
        said = GS1DigitalLinkURI.parse(text).element_strings
    except ParseError:
        return ()
    return tuple(Element(one.ai.ai, one.value, one.date) for one in said)


def expanded(upc_e: str) -> str:
    """The 12 digits of UPC-A that the 8 digits of UPC-E stand for; its check is not looked at.

    >>> expanded("04252614")
    '042100005264'
    """
    system, body, how, check = upc_e[0], upc_e[1:6], upc_e[6], upc_e[7]
    if how in "012":
        middle = f"{body[:2]}{how}0000{body[2:]}"
    elif how == "3":
        middle = f"{body[:3]}00000{body[3:]}"
    elif how == "4":
        middle = f"{body[:4]}00000{body[4]}"
    else:
        middle = f"{body}0000{how}"
    return system + middle + check


def shortened(upc_a: str) -> str:
    """The 8 digits of UPC-E for 12 digits of UPC-A, "" when it has too few zeros.

    >>> shortened("042100005264")
    '04252614'
    """
    system, maker, goods, check = upc_a[0], upc_a[1:6], upc_a[6:11], upc_a[11]
    if system not in "01":
        return ""
    if maker[2] in "012" and maker[3:] == "00" and goods[:2] == "00":
        body = maker[:2] + goods[2:] + maker[2]
    elif maker[3:] == "00" and goods[:3] == "000":
        body = f"{maker[:3]}{goods[3:]}3"
    elif maker[4] == "0" and goods[:4] == "0000":
        body = f"{maker[:4]}{goods[4]}4"
    elif goods[:4] == "0000" and goods[4] in "56789":
        body = maker + goods[4]
    else:
        return ""
    return system + body + check
