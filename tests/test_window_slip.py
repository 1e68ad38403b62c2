"""A packing slip at the real window: wished in a client's form, printed at the bench."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.bench import picked, words_on
from tests.day_at_the_window import F, furnish
from wms_app.base.codes import own
from wms_app.base.db import Store
from wms_app.office.people import service as people


@pytest.fixture
def hand(store: Store, tmp_path: Path, qtbot: QtBot) -> Iterator[Hand]:
    floor = furnish(store)
    picked(floor, {"MUG": 1, "TOWEL": 2}, "S-1", tote="T-1")
    floor.do(lambda tx: people.add_user(tx, "Sol Vega", "admin", "9999"))
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Sol Vega")
        yield hand


def test_a_slip_is_wished_in_the_clients_form_and_comes_out_with_the_order(
    hand: Hand, tmp_path: Path
) -> None:
    hand.go("setup")
    hand.window.talk.act("section", "clients")
    hand.until(lambda: hand.view.section == "clients")
    hand.window.talk.act("choose", hand.view.rows[0].key)
    hand.until(lambda: bool(hand.view.chosen))
    assert hand.view.facts["packing_slip"] == "no"
    hand.keep("client-rules")
    hand.tab_to_field("packing_slip")
    hand.key(F.Key_Down)
    hand.tab_to("0.00")
    hand.press(F.Key_Return)
    hand.hears("done", "Saved.")
    assert hand.one("SELECT packing_slip FROM clients")

    hand.go("pack")
    hand.scan(own("TOTE", "T-1"))
    hand.hears("ok", "3 pieces to pack.", "Put the packing slip into the box.")
    hand.keep("slip-printed")
    hand.press(F.Key_F2)
    hand.hears("done", "Put the packing slip into the box.")
    slips = sorted((tmp_path / "papers").glob("packing*.pdf"))
    assert len(slips) == 2
    words = words_on(slips[0].read_bytes())
    assert "S-1" in words
    assert "Silicone mug" in words
    hand.command("NEXT")
    hand.hears("ok", "Order S-1 is set aside.")
    assert hand.verified()
