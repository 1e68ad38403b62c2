"""Is this an address that a carrier can find? By each country's own rules.

Rules: see `places`. In the United States the state must be that of the ZIP code. A street or a
name is only asked to be there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from wms_app.base.texts import _, language
from wms_app.floor.orders import places

_FIELDS = {
    "country_code": "country",
    "country_area": "state",
    "city": "city",
    "city_area": "city",
    "postal_code": "postal_code",
    "street_address": "line1",
    "name": "name",
    "sorting_code": "postal_code",
}
# What people call countries besides their codes and official names.
_ALSO_CALLED = {
    "EIRE": "IE",
    "IRELAND": "IE",
    "USA": "US",
    "U.S.A.": "US",
    "U.S.": "US",
    "AMERICA": "US",
    "UNITED STATES OF AMERICA": "US",
    "UK": "GB",
    "U.K.": "GB",
    "GREAT BRITAIN": "GB",
    "ENGLAND": "GB",
    "SCOTLAND": "GB",
    "WALES": "GB",
    "NORTHERN IRELAND": "GB",
    "RSA": "ZA",
    "UAE": "AE",
    "HOLLAND": "NL",
    "THE NETHERLANDS": "NL",
    "DEUTSCHLAND": "DE",
    "ESPAÑA": "ES",
    "ITALIA": "IT",
    "MÉXICO": "MX",
    "BRASIL": "BR",
    "POLSKA": "PL",
    "RUSSIA": "RU",
    "РОССИЯ": "RU",
    "РФ": "RU",
    "БЕЛАРУСЬ": "BY",
    "BELARUS": "BY",
    "КАЗАХСТАН": "KZ",
    "中国": "CN",
    "CHINA": "CN",
    "香港": "HK",
    "HONG KONG": "HK",
    "台湾": "TW",
    "TAIWAN": "TW",
    "日本": "JP",
    "韩国": "KR",
    "KOREA": "KR",
    "SOUTH KOREA": "KR",
    "VIETNAM": "VN",
    "TURKEY": "TR",
    "CZECH REPUBLIC": "CZ",
    "CZECHIA": "CZ",
    "MACEDONIA": "MK",
    "IVORY COAST": "CI",
    "IRAN": "IR",
    "SYRIA": "SY",
    "VENEZUELA": "VE",
    "BOLIVIA": "BO",
    "TANZANIA": "TZ",
    "MOLDOVA": "MD",
    "LAOS": "LA",
    "BRUNEI": "BN",
}


# Old abbreviations of US states; codes and full names are in lists.
_OLD_STATES = dict(
    pair.split(":")
    for pair in (
        "ALA:AL ARIZ:AZ ARK:AR CALIF:CA CAL:CA COLO:CO CONN:CT DEL:DE FLA:FL ILL:IL IND:IN KAN:KS "
        "KANS:KS MASS:MA MICH:MI MINN:MN MISS:MS MONT:MT NEB:NE NEBR:NE NEV:NV OKLA:OK ORE:OR "
        "OREG:OR PENN:PA PENNA:PA TENN:TN TEX:TX WASH:WA WIS:WI WISC:WI WYO:WY"
    ).split()
)


@dataclass(frozen=True)
class Address:
    """Where an order goes, as the file says it; `country` is an ISO code or ""."""

    name: str
    line1: str
    line2: str
    city: str
    region: str
    postal_code: str
    country: str


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an address: our field, what stands there, what was expected."""

    field: str
    value: str
    expected: str
    code: str


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """The ISO code of a country by code or name in any usual spelling; "" when not known."""
    import pycountry

    word = " ".join(text.split()).upper()
    if not word:
        return ""
    if word in _ALSO_CALLED:
        return _ALSO_CALLED[word]
    by_code = None
    if len(word) == 2:
        by_code = pycountry.countries.get(alpha_2=word)
    elif len(word) == 3:
        by_code = pycountry.countries.get(alpha_3=word)
    if by_code is not None:
        return str(by_code.alpha_2)
    for country in pycountry.countries:
        names = (country.name, getattr(country, "official_name", ""))
        if word in {name.upper() for name in (*names, getattr(country, "common_name", ""))}:
            return str(country.alpha_2)
    return _names().get(_bare(text), "")


def _bare(text: str) -> str:
    """Lower case without accents, points, brackets and a leading "the"."""
    wide = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    kept = "".join(c for c in wide if not unicodedata.combining(c) and c not in ".'’")
    return " ".join(re.sub(r"[\W_]+", " ", kept).split()).removeprefix("the ")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Countries in the languages that buyers write, loaded when English was not enough."""
    import pycountry
    from babel import Locale

    known = {country.alpha_2 for country in pycountry.countries}
    names = {"republic of korea": "KR", "republic of ireland": "IE", "uk": "GB"}
    for spoken in ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "ru", "zh", "ja"):
        for code, name in Locale.parse(spoken).territories.items():
            if code in known:
                names.setdefault(_bare(name), code)
    return names


def mended(address: Address) -> tuple[Address, str]:
    """The address with what is surely meant: a postal code that lost its leading zeros.

    Gives the address and the field that was mended, "" for none. In the United States only where
    the mended code lies in the state that is named, elsewhere only where no other form fits.
    """
    code = address.postal_code.strip()
    if address.country == "US" and re.fullmatch(r"\d{3,4}", code):
        whole = code.zfill(5)
        if whole in places.zip_codes(_us_state(address.region)):
            return replace(address, postal_code=whole), "postal_code"
    if code.isascii() and code.isdigit() and address.country not in ("", "US"):
        for whole in (code.zfill(len(code) + 1), code.zfill(len(code) + 2)):
            if _only_with_zero(address.country, code, whole):
                return replace(address, postal_code=whole), "postal_code"
    return address, ""


@lru_cache(maxsize=4096)
def _only_with_zero(country: str, code: str, whole: str) -> bool:
    """Whether a postal code has the form of its country only with the zero in front."""
    try:
        forms = places.rules(country, "", "").postal_forms[:1]
    except ValueError:
        return False
    return bool(forms and not forms[0].fullmatch(code) and forms[0].fullmatch(whole))


def problems(address: Address) -> list[Problem]:
    """What is wrong with an address; [] when a carrier can find it."""
    found = [
        Problem(field, value, _("a street") if field == "line1" else _("a name"), "missing")
        for field, value in (("name", address.name), ("line1", address.line1))
        if not value.strip()
    ]
    place = (address.country, address.region, address.city, address.postal_code)
    return found + list(_place_problems(*place, language()))


@lru_cache(maxsize=200_000)
def _place_problems(
    country: str, region: str, city: str, postal_code: str, _spoken: str
) -> tuple[Problem, ...]:
    """The same place is asked about thousands of times in one file, in one language."""
    values = {"state": region, "city": city, "postal_code": postal_code, "country": country}
    asked = {
        "country_area": _us_state(region) if country == "US" else region,
        "city": city,
        "postal_code": postal_code,
    }
    errors = {} if country else {"country_code": "required"}
    try:
        errors |= places.rules(country, asked["country_area"], city).errors(asked)
    except ValueError:
        errors["country_code"] = "invalid"
    found = []
    for field, code in errors.items():
        ours = _FIELDS.get(field, field)
        if ours == "city" and city.strip():
            continue  # lists of cities are not complete
        if ours == "state" and country != "US" and code == "invalid":
            continue  # regions are written in many ways; carriers go by the postal code
        found.append(Problem(ours, values.get(ours, ""), _expected(ours, code, country), code))
    said = _us_problems(region, postal_code) if country == "US" and region and postal_code else []
    if said:
        found = [problem for problem in found if problem.field != "postal_code"]
    return tuple(found + said)


def _us_problems(region: str, postal_code: str) -> list[Problem]:
    if postal_code[:5] in places.zip_codes(_us_state(region)):
        return []
    state = places.state_of_zip(postal_code[:5])
    if not state:
        return [Problem("postal_code", postal_code, _("a ZIP code that exists"), "unknown_zip")]
    if state != _us_state(region):
        expected = _("a ZIP code of {state}; {zip} lies in {other}").format(
            state=region, zip=postal_code, other=state
        )
        return [Problem("postal_code", postal_code, expected, "zip_not_in_state")]
    return []


@lru_cache(maxsize=4096)
def _us_state(text: str) -> str:
    """The two letters of a US state, by code or name; as written when it is neither."""
    import pycountry

    word = " ".join(text.replace(".", "").split()).upper()
    if len(word) == 2:
        return word
    if word in _OLD_STATES:
        return _OLD_STATES[word]
    for division in pycountry.subdivisions.get(country_code="US"):  # type: ignore[no-untyped-call]
        if division.name.upper() == word:
            return str(division.code[3:])
    return word


def _expected(field: str, code: str, country: str) -> str:
    if code == "required":
        return _("a {field}, required in {country}").format(
            field=field.replace("_", " "), country=country
        )
    return _("a {field} as {country} writes it").format(
        field=field.replace("_", " "), country=country
    )
