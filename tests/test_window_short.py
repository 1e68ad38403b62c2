"""A piece that is not in the tote, said at the real window, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.bench import picked
from tests.day_at_the_window import F, furnish
from wms_app.base.codes import own
from wms_app.base.db import Store
from wms_app.office.people import service as people

MUG, TOWEL = "6901234567892", "6901234567908"


@pytest.fixture
def hand(store: Store, tmp_path: Path, qtbot: QtBot) -> Iterator[Hand]:
    floor = furnish(store)
    picked(floor, {"MUG": 2, "TOWEL": 1}, "S-1", tote="T-1")
    floor.do(lambda tx: people.add_user(tx, "Sol Vega", "admin", "9999"))
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Sol Vega")
        yield hand


def test_what_is_not_in_the_tote_is_said_with_one_key_and_brought_on_a_list(hand: Hand) -> None:
    hand.go("pack")
    hand.scan(own("TOTE", "T-1"))
    hand.hears("ok", "3 pieces to pack.")
    hand.scan(MUG)
    hand.scan(TOWEL)
    hand.until(lambda: hand.view.step == "items")
    hand.key(F.Key_F4)
    hand.until(lambda: bool(hand.asked))
    assert "Not in the box: 1 × Silicone mug, blue." in hand.asked
    hand.keep("short-asked")
    hand.key(F.Key_Escape)
    hand.press(F.Key_F4, "0")
    hand.hears("warn", "1 piece is short.")
    hand.keep("short-said")
    assert hand.one("SELECT count(*) FROM count_tasks WHERE state = 'open'") == 1
    assert hand.verified()
