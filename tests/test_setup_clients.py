"""Clients in Setup: the rules that they chose, by the form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import Floor
from wms_app.base.journal import JournalLine
from wms_app.base.refusal import Refused
from wms_app.floor.catalog.model import Client
from wms_app.office.setup.presenter import SetupPresenter
from wms_app.outside.devices.printer import FolderPrinter


@pytest.fixture
def setup(floor: Floor, tmp_path: Path) -> SetupPresenter:
    made = SetupPresenter(floor.store, floor.who("admin"), FolderPrinter(tmp_path))
    made.act("section", "clients")
    made.act("choose", str(floor.client_id))
    return made


def test_a_clients_rules_are_chosen_in_the_form_and_stand_in_the_journal(
    floor: Floor, setup: SetupPresenter
) -> None:
    plain = dict(setup.view.facts)
    plain.pop("name")
    assert plain == {
        "warehouse_rule": "fixed",
        "ships_in_parts": "no",
        "own_labels": "no",
        "packing_slip": "no",
        "photograph": "no",
        "photograph_over": "0.00",
    }
    chosen = {
        "warehouse_rule": "nearest",
        "ships_in_parts": "yes",
        "own_labels": "yes",
        "packing_slip": "yes",
        "photograph": "fragile",
        "photograph_over": "250",
    }
    setup.act("save_client", json.dumps(chosen))
    shown = dict(setup.view.facts)
    assert {name: shown[name] for name in chosen} == chosen | {"photograph_over": "250.00"}
    with floor.store.read() as tx:
        client = tx.first(
            select(Client.own_labels, Client.photograph_fragile, Client.photograph_over_minor)
        )
        detail = tx.scalar(select(JournalLine.detail).where(JournalLine.verb == "client_changed"))
    assert tuple(client or ()) == (True, True, 25_000)
    assert detail["before"]["own_labels"] is False
    assert detail["after"]["own_labels"] is True


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("photograph_over", "much", "bad_amount"),
        ("photograph_over", "-1", "bad_amount"),
        ("photograph", "sometimes", "bad_rule"),
        ("warehouse_rule", "luck", "bad_rule"),
    ],
)
def test_a_rule_that_can_not_be_meant_is_refused_and_nothing_changes(
    setup: SetupPresenter, field: str, value: str, code: str
) -> None:
    before = setup.view.facts
    form = {name: kept for name, kept in before.items() if name != "name"} | {field: value}
    with pytest.raises(Refused) as refusal:
        setup.act("save_client", json.dumps(form))
    assert refusal.value.code == code
    setup.refresh()
    assert setup.view.facts == before
