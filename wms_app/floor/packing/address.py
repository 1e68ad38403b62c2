"""An address as it is written on a label and shown at the bench."""

from __future__ import annotations

from functools import lru_cache

# Where the postal code stands behind the city; elsewhere it stands before it.
# Source: the address formats of the UPU's member countries, those that we ship to most.
_CODE_LAST = {"US", "CA", "AU", "GB", "IE", "NZ", "IN", "SG", "TW", "KR", "HK", "JP", "TH"}


def city_line(city: str, region: str, postal_code: str, country: str) -> str:
    """City, region and postal code in one line, as the country writes them.

    >>> city_line("Austin", "TX", "78701", "US"), city_line("Köln", "", "50667", "DE")
    ('Austin TX 78701', '50667 Köln')
    """
    parts = (city, region, postal_code) if country in _CODE_LAST else (postal_code, city, region)
    return " ".join(part for part in parts if part)


@lru_cache(maxsize=256)
def country_name(code: str) -> str:
    """The English name of a country, which carriers everywhere read; the code if it has none.

    >>> country_name("KZ")
    'Kazakhstan'
    """
    from babel import Locale

    return str(Locale("en").territories.get(code, code))
