"""What single cells of a catalog file mean: numbers, flags, money, barcodes, dates."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

from wms_app.base.codes import gtin14
from wms_app.base.texts import _
from wms_app.outside.channels.findings import BadCell

YES = frozenset({"yes", "y", "true", "1", "x", "是", "да"})
NO = frozenset({"", "no", "n", "false", "0", "否", "нет"})


def whole(field: str, text: str, most: int = 100_000_000) -> int:
    """A whole number that is not negative; empty is 0. BadCell: anything else."""
    plain = text.strip()
    match = re.fullmatch(r"(\d{1,9})(?:\.0+)?", plain) if plain else None
    if not plain:
        return 0
    if match is None or int(match.group(1)) > most:
        raise BadCell(field, text, _("a whole number, 0 or more"), "bad_number")
    return int(match.group(1))


def flag(field: str, text: str) -> bool:
    """Yes or no; empty is no. BadCell: neither."""
    plain = text.strip().lower()
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise BadCell(field, text, _("yes or no"), "bad_flag")


def money(field: str, text: str, currency: str) -> int:
    """An amount in minor units of `currency`, exact. BadCell: finer than the currency allows."""
    plain = text.strip().replace(" ", "")
    if not plain:
        return 0
    places = get_currency_precision(currency) if currency else 2
    try:
        minor = Decimal(plain).scaleb(places)
        if not minor.is_finite() or minor != minor.to_integral_value() or minor < 0:
            raise InvalidOperation
    except InvalidOperation as error:
        raise BadCell(field, text, _("an amount like 12.90"), "bad_amount") from error
    return int(minor)


def day(field: str, text: str) -> date | None:
    """A date as YYYY-MM-DD; empty is none. BadCell: another form."""
    plain = text.strip()
    if not plain:
        return None
    try:
        return date.fromisoformat(plain[:10])
    except ValueError as error:
        raise BadCell(field, text, _("a date like 2027-01-31"), "bad_date") from error


def barcodes(text: str) -> list[tuple[str, int]]:
    """Codes with how many pieces each stands for: `CODE;CODE*12`. BadCell: no code, no number."""
    found: dict[str, int] = {}
    for part in text.split(";"):
        code, star, count = part.strip().rpartition("*")
        if not star:
            code, count = part.strip(), "1"
        if not code and not count.strip("1"):
            continue
        if not code or not count.isascii() or not count.isdigit() or not 0 < int(count) < 100_000:
            raise BadCell("barcodes", part, _("CODE or CODE*12"), "bad_barcode")
        found[code.strip()] = int(count)
    return list(found.items())


def looks_misread(code: str) -> bool:
    """Whether a code looks like a GTIN and has a wrong check digit."""
    return code.isascii() and code.isdigit() and len(code) in (12, 13, 14) and not gtin14(code)
