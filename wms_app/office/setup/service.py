"""The building's own facts and the clients' rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

import pycountry
from sqlalchemy import select, update

from wms_app.base import journal
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.cells import money
from wms_app.floor.catalog.model import WAREHOUSE_RULES, Client, Warehouse
from wms_app.outside.channels.findings import BadCell

PAPERS = ("A4", "Letter")
PHOTOGRAPHS = ("no", "fragile", "all")
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


@dataclass(frozen=True)
class ClientRules:
    """See `Client`. `photograph`: one of PHOTOGRAPHS."""

    warehouse_rule: str
    ships_in_parts: bool
    own_labels: bool
    packing_slip: bool
    photograph: str
    photograph_over_minor: int


def rules_of(form: Mapping[str, str]) -> ClientRules:
    """The rules that Setup's form says. Refused: an amount that is none."""
    try:
        over = money("photograph_over", form["photograph_over"], "")
    except BadCell as bad:
        words = _("“{value}” can't be used here.").format(value=form["photograph_over"])
        example = _("For example: {example}").format(example="250.00")
        raise Refused("bad_amount", words, example) from bad
    return ClientRules(
        form["warehouse_rule"],
        form["ships_in_parts"] == "yes",
        form["own_labels"] == "yes",
        form["packing_slip"] == "yes",
        form["photograph"],
        over,
    )


def set_client(tx: Tx, client_id: int, rules: ClientRules) -> None:
    """Choose a client's rules. Refused: a rule that there is not."""
    if rules.warehouse_rule not in WAREHOUSE_RULES or rules.photograph not in PHOTOGRAPHS:
        words = _("There is no rule {rule}.")
        raise Refused("bad_rule", words.format(rule=f"{rules.warehouse_rule}, {rules.photograph}"))
    values = {
        "warehouse_rule": rules.warehouse_rule,
        "ships_in_parts": rules.ships_in_parts,
        "own_labels": rules.own_labels,
        "packing_slip": rules.packing_slip,
        "photograph_all": rules.photograph == "all",
        "photograph_fragile": rules.photograph == "fragile",
        "photograph_over_minor": rules.photograph_over_minor,
    }
    columns = [getattr(Client, name) for name in values]
    before = tx.first(select(*columns).where(Client.id == client_id))
    if before is None:
        raise Refused("no_client", _("There is no such client."))
    tx.execute(update(Client).where(Client.id == client_id).values(values))
    detail = {"before": dict(before._mapping), "after": values}
    journal.record(tx, "client_changed", "client", [client_id], detail=detail)
    tx.changed("client")


def _check(field: str, values: Mapping[str, str], fits: object, example: str) -> None:
    if field in values and not fits:
        raise Refused(
            f"bad_{field}",
            _("“{value}” can't be used here.").format(value=values[field]),
            _("For example: {example}").format(example=example),
        )
