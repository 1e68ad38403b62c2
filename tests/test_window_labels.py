"""Sellers' labels at the real window: dropped on Orders, used at the bench, printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.bench import picked, read_back
from tests.day_at_the_window import MUG, F, furnish
from tests.sellers import Sold, four_up, save, ups
from wms_app.base.codes import own
from wms_app.base.db import Store

LABELS = [Sold(ups(n), f"S-{n}", qr=f"https://platform.example/{n}") for n in range(1, 5)]


@pytest.fixture
def hand(store: Store, tmp_path: Path, qtbot: QtBot) -> Iterator[Hand]:
    """Three orders that bring their labels, the first of them picked."""
    floor = furnish(store)
    picked(floor, {"MUG": 1}, "S-1", own_label=True, own_tracking=LABELS[0].tracking)
    for n in (2, 3):
        floor.add_order({"MUG": 1}, f"S-{n}", own_label=True)
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Ana Ruiz")
        yield hand


def test_a_page_of_labels_is_dropped_on_orders_and_one_of_them_comes_out_at_the_bench(
    hand: Hand, tmp_path: Path
) -> None:
    hand.go("pack")
    hand.scan(own("TOTE", "T-1"))
    hand.scan(MUG)
    hand.press(F.Key_F7, "270")
    hand.hears("bad", "there is no label", "it is not here yet")
    hand.keep("labels-not-here")
    page = save(tmp_path, "platform.pdf", four_up(LABELS))
    hand.go("orders")
    hand.screen._drop.chosen.emit(str(page))  # type: ignore[attr-defined]
    hand.until(lambda: hand.view.step == "file")
    hand.settle()
    assert "**3** go to their orders" in hand.view.file.words
    assert hand.one("SELECT count(*) FROM own_labels") == 0
    hand.keep("labels-looked-at")
    hand.press(F.Key_F2)
    hand.hears("warn", "3 labels taken in.", "1 label refused")
    hand.keep("labels-taken-in")
    hand.go("pack")
    hand.press(F.Key_F3)
    hand.settle()
    assert hand.one("SELECT tracking FROM labels WHERE state = 'bought'") == LABELS[0].tracking
    assert hand.one("SELECT carrier FROM labels WHERE state = 'bought'") == "ups"
    (paper,) = list((tmp_path / "papers").glob("label*.pdf"))
    assert LABELS[0].tracking in read_back(paper.read_bytes())
    assert hand.verified()
