"""The designer at the window, worked with keys alone; papers printed by their forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.day_at_the_window import F, furnish
from wms_app.base.db import Store
from wms_app.desk import style
from wms_app.desk.tables import RowsTable
from wms_app.office.people import service as people
from wms_app.office.setup.screen import SetupScreen
from wms_app.outside.papers.design import load_design


@pytest.fixture
def hand(store: Store, tmp_path: Path, qtbot: QtBot) -> Iterator[Hand]:
    """An admin in Setup."""
    furnish(store).do(lambda tx: people.add_user(tx, "Sol Vega", "admin", "9999"))
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Sol Vega")
        hand.go("setup")
        yield hand
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        style.apply(app, "light")


def pane_of(hand: Hand) -> SetupScreen:
    screen = hand.screen
    assert isinstance(screen, SetupScreen)
    return screen


def test_a_label_is_changed_with_keys_alone_and_put_in_force(hand: Hand, tmp_path: Path) -> None:
    hand.window.talk.act("section", "designs")
    hand.until(lambda: hand.view.design is not None)
    hand.keep("designer-bin")
    hand.press(F.Key_F2, "1")
    hand.until(lambda: hand.view.design.name == "badge")
    pane = pane_of(hand).designer
    pane.elements.setFocus()
    hand.key(F.Key_Home)
    hand.until(lambda: hand.view.design.chosen == "warehouse")
    hand.key(F.Key_Return)
    hand.until(pane.picture.hasFocus)
    for _step in range(3):
        hand.key(F.Key_Right)
        hand.settle()
    assert hand.view.design.box == (4.5, 0.5, 80, 8)
    hand.keep("designer-moved")
    for _step in range(5):
        hand.key(F.Key_Down)
        hand.settle()
    assert "overlaps" in hand.view.design.problem
    hand.keep("designer-broken")
    hand.press(F.Key_F6)
    hand.hears("bad", "warehouse", "overlaps")
    for _step in range(5):
        hand.press(F.Key_F9)
    hand.press(F.Key_F5)
    hand.hears("done", "Printed")
    hand.press(F.Key_F6)
    hand.hears("done", "Labels are drawn like this now.")
    moved = load_design("badge").element("warehouse")
    assert moved is not None
    assert moved.x_mm == 4.5
    assert hand.verified()


def test_the_designer_in_the_dark_and_in_chinese(hand: Hand, qtbot: QtBot) -> None:
    hand.window.talk.act("section", "designs")
    hand.until(lambda: hand.view.design is not None)
    hand.window.use_language("zh_CN")
    hand.window.use_theme("dark")
    hand.window.talk.act("design_open", "shipping")
    hand.until(lambda: hand.view.design.name == "shipping")
    hand.window.talk.act("design_choose", "to_name")
    hand.until(lambda: hand.view.design.chosen == "to_name")
    hand.keep("designer-dark-zh")
    picture = pane_of(hand).designer.picture
    cast(Any, qtbot).mouseClick(picture, Qt.MouseButton.LeftButton, pos=picture.rect().center())
    hand.until(lambda: hand.view.design.chosen not in ("", "to_name"))
    assert len(hand.view.design.elements) > 20


def test_a_sku_label_is_printed_from_its_form(hand: Hand, tmp_path: Path) -> None:
    hand.window.talk.act("section", "papers")
    hand.until(lambda: hand.view.section == "papers")
    hand.screen.findChildren(RowsTable)[0].setFocus()
    hand.key(F.Key_Home)
    for _row in range(2):
        hand.key(F.Key_Down)
        hand.settle()
    hand.until(lambda: hand.view.chosen == "sku_labels")
    hand.key(F.Key_Return)
    hand.settle()
    hand.keep("papers-form")
    hand.tab_to("")
    hand.fill("NOTHING")
    hand.press(F.Key_Return)
    hand.hears("bad", "NOTHING")
    hand.clear_field()
    hand.fill("MUG")
    hand.press(F.Key_Return)
    hand.hears("done", "SKU labels")
    assert list((tmp_path / "papers").glob("*.pdf"))
