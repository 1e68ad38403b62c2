"""A rate card: prices by service, zone and weight, read from a CSV file.

Columns: `service,zone,countries,postal_prefixes,max_g,price_minor,currency,days`. Countries are ISO
codes separated by `;`. Postal prefixes are separated by `;` too, each a prefix (`96`) or a range of
prefixes of one length (`900-935`); empty takes every postal code of the countries. A row is the
price up to and with `max_g` grams.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.carriers.carrier import Rate

COLUMNS = (
    "service",
    "zone",
    "countries",
    "postal_prefixes",
    "max_g",
    "price_minor",
    "currency",
    "days",
)


@dataclass
class Zone:
    """Where one service of one zone goes, and its prices by ascending weight."""

    countries: frozenset[str]
    prefixes: tuple[tuple[str, str], ...]
    steps: list[tuple[int, Rate]] = field(default_factory=list)

    def fits(self, country: str, postal_code: str) -> int:
        """How well the zone fits a place: the length of the prefix that matched, -1 for not."""
        if country not in self.countries:
            return -1
        if not self.prefixes:
            return 0
        hits = (len(a) for a, b in self.prefixes if a <= postal_code[: len(a)] <= b)
        return max(hits, default=-1)


class RateCard:
    """The zones of each service; made by `read_rates`."""

    def __init__(self, zones: Mapping[tuple[str, str], Zone]) -> None:
        self._services: dict[str, list[Zone]] = {}
        for (service, _name), zone in zones.items():
            zone.steps.sort(key=lambda step: step[0])
            self._services.setdefault(service, []).append(zone)

    @property
    def services(self) -> tuple[str, ...]:
        """The services that have prices."""
        return tuple(self._services)

    def rate(self, service: str, country: str, postal_code: str, grams: int) -> Rate:
        """The price of one parcel. Refused: unknown service, no zone for the place, too heavy."""
        zones = self._services.get(service)
        if not self._services:
            raise Refused(
                "no_rates",
                _("This warehouse has no rate card."),
                _("Give it one in Setup; until then nothing can be priced."),
            )
        if zones is None:
            raise Refused(
                "no_service",
                _("The rate card has no service “{service}”.").format(service=service),
                _("It has: {services}.").format(services=", ".join(self._services)),
            )
        compact = postal_code.replace(" ", "").upper()
        zone = max(zones, key=lambda one: one.fits(country, compact))
        if zone.fits(country, compact) < 0:
            raise Refused(
                "no_rate",
                _("There is no {service} price for {country} {postal_code}.")
                .format(service=service, country=country, postal_code=postal_code)
                .replace(" .", "."),
                _("Correct the address, or add the place to the rate card."),
            )
        place = bisect_left(zone.steps, grams, key=lambda step: step[0])
        if place == len(zone.steps):
            raise Refused(
                "too_heavy",
                _("{grams} g is too heavy for {service}: at most {most} g.").format(
                    grams=grams, service=service, most=zone.steps[-1][0]
                ),
                _("Pack it into several parcels."),
            )
        return zone.steps[place][1]


def rates_of(text: str, name: str = "") -> RateCard:
    """The rate card that `text` (CSV) holds; an empty text has no prices. Refused: a bad card."""
    if not text.strip():
        return RateCard({})
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise _bad(name, 1, missing[0], "", _("this column"))
    return RateCard(_zones(name, reader))


def read_rates(file: Path) -> RateCard:
    """Read a rate card file. Refused `bad_rate_card`: names file, row, field, value and what was
    expected; nothing of a bad card is used."""
    try:
        return rates_of(file.read_text("utf-8-sig"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            "bad_rate_card",
            _("The rate card {file} can't be read: {error}").format(file=file.name, error=error),
            _("Give a CSV file in UTF-8."),
        ) from error


def _zones(file: str, rows: Iterable[Mapping[str, str | None]]) -> dict[tuple[str, str], Zone]:
    zones: dict[tuple[str, str], Zone] = {}
    for number, raw in enumerate(rows, 2):
        row = _Row(file, number, {name: (raw[name] or "").strip() for name in COLUMNS})
        service, name = row.word("service"), row.word("zone")
        countries, prefixes = row.countries(), row.prefixes()
        zone = zones.setdefault((service, name), Zone(countries, prefixes))
        if zone.countries != countries or zone.prefixes != prefixes:
            raise row.bad("countries", _("the same places in every row of one zone"))
        step = row.whole("max_g", 1)
        if step in {grams for grams, _rate in zone.steps}:
            raise row.bad("max_g", _("each weight once in a zone"))
        rate = Rate(
            service, name, row.whole("price_minor", 0), row.currency(), row.whole("days", 0)
        )
        zone.steps.append((step, rate))
    if not zones:
        raise _bad(file, 2, "service", "", _("at least one price"))
    return zones


@dataclass(frozen=True)
class _Row:
    file: str
    number: int
    values: Mapping[str, str]

    def bad(self, name: str, expected: str) -> Refused:
        return _bad(self.file, self.number, name, self.values[name], expected)

    def word(self, name: str) -> str:
        if not self.values[name]:
            raise self.bad(name, _("a name"))
        return self.values[name]

    def whole(self, name: str, least: int) -> int:
        text = self.values[name]
        if not (text.isascii() and text.isdigit() and int(text) >= least):
            raise self.bad(name, _("a whole number from {least} on").format(least=least))
        return int(text)

    def currency(self) -> str:
        text = self.values["currency"]
        if not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
            raise self.bad("currency", _("three capital letters, for example USD"))
        return text

    def countries(self) -> frozenset[str]:
        codes = [code.strip() for code in self.values["countries"].split(";")]
        if not all(len(c) == 2 and c.isascii() and c.isalpha() and c.isupper() for c in codes):
            raise self.bad("countries", _("country codes of two letters, separated by ;"))
        return frozenset(codes)

    def prefixes(self) -> tuple[tuple[str, str], ...]:
        found = []
        for part in filter(None, self.values["postal_prefixes"].upper().split(";")):
            first, dash, last = part.strip().partition("-")
            last = last if dash else first
            if not first.isalnum() or len(first) != len(last) or first > last:
                raise self.bad("postal_prefixes", _("prefixes or ranges, for example 96;900-935"))
            found.append((first, last))
        return tuple(found)


def _bad(file: str, row: int, name: str, value: str, expected: str) -> Refused:
    return Refused(
        "bad_rate_card",
        _("Rate card {file}, row {row}, {field}: “{value}”.").format(
            file=file, row=row, field=name, value=value
        ),
        _("Expected: {expected}. Nothing of this rate card is used.").format(expected=expected),
    )
