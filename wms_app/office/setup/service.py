"""The building's own facts and the clients' rules."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

import pycountry
from sqlalchemy import select, update

from wms_app.base import journal
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.model import WAREHOUSE_RULES, Client, Warehouse

PAPERS = ("A4", "Letter")
FACTS = (
    "name",
    "zone",
    "paper",
    "currency",
    "company_prefix",
    "line1",
    "city",
    "region",
    "postal_code",
    "country",
)


def set_warehouse(tx: Tx, warehouse_id: int, facts: Mapping[str, str]) -> None:
    """Change facts of the building (keys of FACTS). Refused: a zone, paper, currency, country or
    company prefix that does not exist."""
    values = {field: facts[field].strip() for field in FACTS if field in facts}
    _check("zone", values, values.get("zone") in available_timezones(), "America/Los_Angeles")
    _check("paper", values, values.get("paper") in PAPERS, "A4, Letter")
    _check("currency", values, pycountry.currencies.get(alpha_3=values.get("currency")), "USD")
    _check("country", values, pycountry.countries.get(alpha_2=values.get("country")), "US")
    prefix = values.get("company_prefix", "")
    fits = not prefix or (prefix.isascii() and prefix.isdigit() and 4 <= len(prefix) <= 12)
    _check("company_prefix", values, fits, "0614141")
    tx.execute(update(Warehouse).where(Warehouse.id == warehouse_id).values(values))
    journal.record(tx, "warehouse_changed", "warehouse", [warehouse_id], detail=values)
    tx.changed("warehouse")


def set_client(tx: Tx, client_id: int, rule: str, ships_in_parts: bool) -> None:
    """Choose from which warehouse a client's orders go, and whether they may go in parts."""
    if rule not in WAREHOUSE_RULES:
        raise Refused("bad_rule", _("There is no rule {rule}.").format(rule=rule))
    before = tx.first(
        select(Client.warehouse_rule, Client.ships_in_parts).where(Client.id == client_id)
    )
    if before is None:
        raise Refused("no_client", _("There is no such client."))
    values = {"warehouse_rule": rule, "ships_in_parts": ships_in_parts}
    tx.execute(update(Client).where(Client.id == client_id).values(values))
    journal.record(
        tx, "client_changed", "client", [client_id], before=str(tuple(before)), detail=values
    )
    tx.changed("client")


def _check(field: str, values: Mapping[str, str], fits: object, example: str) -> None:
    if field in values and not fits:
        raise Refused(
            f"bad_{field}",
            _("“{value}” can't be used here.").format(value=values[field]),
            _("For example: {example}").format(example=example),
        )
