"""The clerk's room at the real window: thousands of orders, none at all, refusals, both looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.builders import Floor
from tests.test_orders import write
from wms_app.base.db import Tx
from wms_app.office.people import service as people

F = Qt.Key
MANY = 3_000
BAD_PLACE = {"state": "CA", "postal_code": "12901", "city": "Jacksonville"}


@pytest.fixture
def hand(floor: Floor, tmp_path: Path, qtbot: QtBot) -> Iterator[Hand]:
    """A clerk in the room Orders."""

    def work(tx: Tx) -> None:
        people.add_user(tx, "Chen Wei", "clerk", "2222")

    floor.do(work)
    with at_the_window(floor.store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Chen Wei")
        hand.go("orders")
        yield hand


def rail(hand: Hand) -> int:
    """How many orders on hold the rail shows."""
    buttons = hand.window.shell.rail.findChildren(QAbstractButton)
    said = [name for name in (b.accessibleName() for b in buttons) if name.startswith("Orders")]
    return int(said[0].removeprefix("Orders") or 0)


def keep_all(hand: Hand, name: str) -> None:
    """The picture in both looks and both languages; back in English by day."""
    for language, theme in (("en", "light"), ("zh_CN", "light"), ("zh_CN", "dark"), ("en", "dark")):
        hand.window.use_language(language)
        hand.window.use_theme(theme)  # type: ignore[arg-type]
        hand.keep(f"orders-{name}-{theme}-{language}")
    hand.window.use_theme("light")


def test_three_thousand_orders_are_taken_in_listed_and_searched(hand: Hand, tmp_path: Path) -> None:
    rows = [
        {
            "order_number": f"{n:03}-{n * 7:07}-{n:07}",
            "channel": ("amazon", "shopify", "walmart")[n % 3],
            "name": f"Sample Buyer {n}",
            **(BAD_PLACE if n % 300 == 0 else {}),
        }
        for n in range(MANY)
    ]
    hand.press(F.Key_F3, str(write(tmp_path / "many.csv", *rows)))
    assert hand.one("SELECT count(*) FROM orders") == 0
    hand.press(F.Key_F2)
    assert hand.told.text == "3,000 orders taken in."
    hand.until(lambda: rail(hand) == 10)
    keep_all(hand, "many-file")
    hand.press(F.Key_F9)
    assert (hand.view.held, hand.view.all) == (10, MANY)
    hand.press(F.Key_F5)
    assert hand.told.text == "3,000 orders"
    keep_all(hand, "many")
    hand.press(F.Key_F6, "3")
    assert hand.view.channel == "shopify"
    hand.key(F.Key_Down)
    hand.key(F.Key_Return)
    hand.until(lambda: hand.view.step == "order")
    assert hand.view.order.channel == "shopify"
    hand.settle()
    assert hand.verified()


def test_an_empty_room_says_what_brings_orders_and_a_wrong_number_is_refused(hand: Hand) -> None:
    keep_all(hand, "empty")
    assert rail(hand) == 0
    hand.type("NO-SUCH-ORDER")
    assert hand.told.kind == "bad"
    assert "NO-SUCH-ORDER" in hand.told.text
    keep_all(hand, "refused")


def test_every_word_of_a_hold_is_read_and_what_is_refused_stays_held(
    hand: Hand, tmp_path: Path
) -> None:
    held = {**BAD_PLACE, "paid": "no", "sku": "MUG-THAT-NOBODY-KNOWS", "unit_price": "cheap"}
    hand.press(F.Key_F3, str(write(tmp_path / "o.csv", held)))
    keep_all(hand, "file")
    hand.press(F.Key_F2)
    hand.until(lambda: rail(hand) == 1)
    hand.press(F.Key_F9)
    hand.type("#1000")
    assert hand.view.step == "order"
    keep_all(hand, "held")
    hand.press(F.Key_F2)
    assert hand.told.kind == "bad"
    keep_all(hand, "held-refused")
    hand.press(F.Key_F6, "6901234567892")
    assert all(line.known for line in hand.view.order.lines)
    hand.press(F.Key_F2, *([""] if hand.asked else []))
    hand.until(lambda: rail(hand) == 0)
    assert hand.view.order.holds == ()
    keep_all(hand, "let-go")
    assert hand.verified()
