"""What single cells of an order file mean: quantities, dates, money, yes and no."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from wms_app.base.texts import keep, mark
from wms_app.outside.channels.findings import BadCell
from wms_app.outside.channels.profile import Profile

MOST = 10_000_000
YES = frozenset({"yes", "y", "true", "t", "1", "paid", "是", "да", "x"})
NO = frozenset({"no", "n", "false", "f", "0", "unpaid", "pending", "否", "нет"})
_CUT = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d).*|[A-Za-z]{3}-\d{1,2}-\d{2,4}")
_TIMES = (" %H:%M", " %H:%M:%S", "", "T%H:%M", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_DATES = {
    "day-first": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y"),
    "month-first": ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m-%d-%y"),
}


@lru_cache(maxsize=4096)
def quantity(text: str) -> int:
    """A positive whole number of pieces ("3", "3.0"). BadCell: anything else."""
    plain = text.strip()
    match = re.fullmatch(r"\+?(\d{1,8})(?:\.0+)?", plain)
    if match and 0 < int(match.group(1)) <= MOST:
        return int(match.group(1))
    raise BadCell("quantity", text, keep(mark("a positive whole number")), "bad_quantity")


def cancelled_quantity(text: str) -> int:
    """How many pieces a cancelling row takes away; 0 when it does not say."""
    match = re.fullmatch(r"[+-]?(\d{1,8})(?:\.0+)?", text.strip())
    return int(match.group(1)) if match else 0


@lru_cache(maxsize=65536)
def moment(text: str, field: str, formats: tuple[str, ...], zone: str) -> datetime:
    """A date with or without time, by the stated formats only; without offset it is `zone`'s.

    `iso` as a format takes ISO 8601, `epoch-s` and `epoch-ms` take seconds and milliseconds.
    BadCell: no format fits.
    """
    plain = text.strip()
    for form in formats:
        found = _by(form, plain)
        if found is not None:
            aware = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
            return aware.astimezone(UTC)
    raise BadCell(
        field, text, keep(mark("a date like {example}"), example=example(formats)), "bad_date"
    )


def formats_of(profile: Profile) -> tuple[str, ...]:
    """The formats that a profile states: its own list, else those of its date order."""
    if profile.date_formats:
        return profile.date_formats
    if profile.date_order == "iso":
        return ("iso",)
    return tuple(day + time for time in _TIMES for day in _DATES[profile.date_order])


def example(formats: tuple[str, ...]) -> str:
    """How a date in the first of these formats looks."""
    known = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    first = formats[0]
    if first == "iso":
        return known.strftime("%Y-%m-%dT%H:%M")
    return "1795534200000" if first.startswith("epoch") else known.strftime(first)


def _by(form: str, text: str) -> datetime | None:
    try:
        if form == "iso":
            return datetime.fromisoformat(text)
        if form in ("epoch-s", "epoch-ms"):
            return datetime.fromtimestamp(int(text) / (1000 if form == "epoch-ms" else 1), UTC)
        return datetime.strptime(text, form)  # noqa: DTZ007 (the zone is given by the caller)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=65536)
def minor_units(text: str, currency: str) -> Decimal:
    """An amount in minor units, exact: 1.005 USD is 100.5. BadCell: no number."""
    plain = re.sub(r"^[^\d.+-]*?(?=[+-]?\.?\d)|(?<=\d)[^\d.,]+$|[\s\u00a0\u202f]", "", text.strip())
    if not plain:
        return Decimal(0)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    try:
        amount = Decimal(plain)
        if not amount.is_finite() or abs(amount) > 10**9:
            raise InvalidOperation
    except InvalidOperation as error:
        raise BadCell(
            "unit_price", text, keep(mark("an amount like 12.90")), "bad_price"
        ) from error
    return amount.scaleb(minor_places(currency))


def minor_places(currency: str) -> int:
    """How many decimals a currency has; two where it is not known."""
    return get_currency_precision(currency) if currency else 2


def whole_minor_units(exact: Decimal) -> int:
    """The nearest whole minor units, a half to the even one (ISO 80000-1, B.3 rule A)."""
    return int(exact.to_integral_value(ROUND_HALF_EVEN))


def order_number(text: str) -> str:
    """A number as it stands. BadCell: longer than is kept, or cut by a spreadsheet (5.8387E+17)."""
    if _CUT.fullmatch(text) or len(text) > 80:
        raise BadCell(
            "order_number", text[:80], keep(mark("all digits of the number, as text")), "cut_number"
        )
    return text


@lru_cache(maxsize=4096)
def paid(text: str) -> bool | None:
    """Whether a cell says that it is paid; a date says when that was. None: it can't be known."""
    return True if _DAY.fullmatch(text.strip()) else yes_no(text)


def yes_no(text: str) -> bool | None:
    """Whether a cell says yes or no; None when it says neither."""
    plain = text.strip().lower()
    return True if plain in YES else False if plain in NO else None


@lru_cache(maxsize=4096)
def priority(text: str) -> int:
    """How urgent a channel calls an order: a number as it is, "prime" or yes is 9, else 0."""
    plain = text.strip().lower()
    if re.fullmatch(r"\d{1,2}", plain):
        return int(plain)
    return 9 if plain in YES or plain in {"prime", "urgent", "high"} else 0
