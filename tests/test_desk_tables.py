"""Tables, lists and drawings of the window: a hundred thousand rows, keys, empty states."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from wms_app.desk import style
from wms_app.desk.cards import Fact, FactsCard, InstructionCard, words_of
from wms_app.desk.charts import Bar, BarChart, Stage, StageBar
from wms_app.desk.drawings import Aisle, Block, BoxDrawing, WalkMap, stretches
from wms_app.desk.lists import Attention, AttentionList, ItemList, ListItem
from wms_app.desk.rows import CELL, Row
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.desk.words import Button

COLUMNS = (Column("Order", 120, strong=True), Column("Name"), Column("Pieces", 90, "right"))
LAST = 100_000


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> None:
    style.apply(qapp, "light")


class Orders:
    """A hundred thousand orders, read by key; it remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, int]] = []

    def __call__(self, after: Any, limit: int) -> list[Row]:
        self.asked.append((after, limit))
        first = (after or 0) + 1
        return [(n, f"O-{n}", "Mug 杯", n % 7) for n in range(first, min(first + limit, LAST + 1))]


def shown(qtbot: QtBot, widget: Any) -> Any:
    qtbot.addWidget(widget)
    widget.resize(700, 480)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_fifty_thousand_cells_are_read_and_the_process_lives(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 loses a reference at every None and ends the process."""
    table = RowsTable(COLUMNS)
    qtbot.addWidget(table)
    table.show_rows([(n, f"O-{n}", "Mug", n) for n in range(100)])
    index = table.rows.index(0, 0)
    for _time in range(50_000):
        assert table.rows.data(index, Qt.ItemDataRole.DecorationRole) is None


def test_a_hundred_thousand_orders_open_with_one_small_page(qtbot: QtBot) -> None:
    orders = Orders()
    table = RowsTable(COLUMNS)
    table.show_pages(orders)
    shown(qtbot, table)
    assert orders.asked == [(None, 500)]
    table.scrollToBottom()
    qtbot.waitUntil(lambda: table.rows.rowCount() >= 1000)
    assert orders.asked[1] == (500, 500)


def test_the_end_key_reaches_the_last_of_a_hundred_thousand(qtbot: QtBot) -> None:
    orders = Orders()
    table = RowsTable(COLUMNS)
    table.show_pages(orders)
    shown(qtbot, table)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: table.current_key() == LAST)
    with qtbot.waitSignal(table.opened) as opened:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [LAST]
    assert len(orders.asked) < 40
    QTest.keyClick(table, Qt.Key.Key_Home)
    assert table.current_key() == 1


def test_pages_of_a_showing_that_is_gone_are_dropped(qtbot: QtBot) -> None:
    waiting: list[Any] = []
    table = RowsTable(COLUMNS, run=lambda job, done: waiting.append((job, done)))
    qtbot.addWidget(table)
    table.show_pages(Orders())
    table.show_rows([(7, "O-7", "Mug", 1)])
    for job, done in waiting:
        done(job())
    assert table.rows.rowCount() == 1
    assert table.rows.key(0) == 7


def test_the_row_that_was_current_stays_current_when_the_list_changes(qtbot: QtBot) -> None:
    table = shown(qtbot, RowsTable(COLUMNS))
    table.show_rows([(1, "O-1", "Mug", 1), (2, "O-2", "Cup", 2)])
    table.setCurrentIndex(table.rows.index(1, 0))
    table.show_rows([(3, "O-3", "Jar", 3), (1, "O-1", "Mug", 1), (2, "O-2", "Cup", 2)])
    assert table.current_key() == 2
    assert table.rows.index(2, 1).data(CELL) == "Cup"


def test_pages_without_a_row_say_so_too(qtbot: QtBot) -> None:
    table = shown(qtbot, RowsTable(COLUMNS))
    table.set_empty("No orders", "Drop a file here.")
    table.show_pages(lambda _after, _limit: [])
    assert table._empty.isVisible()


def test_the_place_is_kept_and_when_its_row_is_gone_the_next_one_is_it(qtbot: QtBot) -> None:
    table = shown(qtbot, RowsTable(COLUMNS))
    keys = [9, 7, 5, 3]
    fetch = lambda _after, _limit: [(n, f"O-{n}", "Mug", 1) for n in keys]  # noqa: E731
    table.show_pages(fetch)
    table.setCurrentIndex(table.rows.index(1, 0))
    for gone, current in ((9, 7), (7, 5)):
        keys.remove(gone)
        table.show_pages(fetch, keep_place=True)
        assert table.current_key() == current
    table.show_pages(fetch)
    assert table.current_key() is None


def test_an_empty_table_says_what_would_fill_it(qtbot: QtBot) -> None:
    table = shown(qtbot, RowsTable(COLUMNS))
    table.set_empty("No orders", "Drop a file here.")
    assert words_of(table) == ["No orders", "Drop a file here."]
    assert table._empty.isVisible()
    table.show_rows([(1, Cell("O-1", "bad", pill=("late", "bad")), "Mug", 1)])
    assert not table._empty.isVisible()
    assert table.rows.index(0, 0).data() == "O-1"


def test_the_piece_that_is_next_is_brought_into_sight(qtbot: QtBot) -> None:
    pieces = ItemList()
    shown(qtbot, pieces)
    states = ["done"] * 15 + ["now"] + ["todo"] * 10
    pieces.show_items([ListItem(state, f"Mug {n}") for n, state in enumerate(states)])  # type: ignore[arg-type]
    box = pieces._view.visualRect(pieces._view.rows.index(15, 0))
    assert pieces._view.viewport().rect().contains(box)


def test_what_needs_the_supervisor_opens_by_key(qtbot: QtBot) -> None:
    needs = shown(qtbot, AttentionList())
    needs.show_attention(
        "Needs you", [Attention("late", "bad", "11 late"), Attention("x", "", "y")]
    )
    needs._view.setFocus()
    QTest.keyClick(needs._view, Qt.Key.Key_Down)
    with qtbot.waitSignal(needs.opened) as opened:
        QTest.keyClick(needs._view, Qt.Key.Key_Return)
    assert opened.args[0] in ("late", "x")


def test_every_stage_of_the_day_opens_by_key_and_by_touch(qtbot: QtBot) -> None:
    bar = shown(qtbot, StageBar())
    bar.show_stages([Stage("held", "Held", 9, "5 address", "held"), Stage("gone", "Gone", 652)])
    held, gone = bar._row._buttons
    with qtbot.waitSignal(bar.opened) as opened:
        QTest.mouseClick(held, Qt.MouseButton.LeftButton)
    assert opened.args == ["held"]
    gone.setFocus()
    with qtbot.waitSignal(bar.opened) as opened:
        QTest.keyClick(gone, Qt.Key.Key_Return)
    assert opened.args == ["gone"]
    assert gone.width() > held.width()


def test_an_hour_of_the_chart_opens_to_its_parcels(qtbot: QtBot) -> None:
    chart = shown(qtbot, BarChart("By hour"))
    chart.show_bars([Bar("8", 12, key="8"), Bar("9", 31, key="9"), Bar("10", 40, forecast=True)])
    chart._plot.setFocus()
    QTest.keyClick(chart._plot, Qt.Key.Key_Right)
    QTest.keyClick(chart._plot, Qt.Key.Key_Right)
    with qtbot.waitSignal(chart.opened) as opened:
        QTest.keyClick(chart._plot, Qt.Key.Key_Return)
    assert opened.args == ["9"]


def test_a_long_instruction_shrinks_and_breaks_but_is_all_there(qtbot: QtBot) -> None:
    card = shown(qtbot, InstructionCard())
    long = "Отсканируйте следующий товар или подтвердите, что коробка заполнена"
    card.show_step("УПАКОВКА", long, "осталось **два**")
    assert words_of(card) == ["УПАКОВКА", "осталось два", long] or long in words_of(card)
    font, lines = card._instruction._fit(card._instruction.width())
    assert lines == 2
    assert font.pixelSize() < style.font("instruction").pixelSize()


def test_the_facts_keep_the_drawing_that_the_screen_owns(qtbot: QtBot) -> None:
    box = BoxDrawing()
    box.show_box(305, 229, 152, [Block("1", 130, 85)])
    card = shown(qtbot, FactsCard())
    for weight in ("1,245 g", "1,300 g"):
        facts = (Fact("Carton", ("**M2**",), widget=box), Fact("Weight", (weight,), big=True))
        card.show_facts("114-39", "Northwind", (("PRIME", "prime"),), facts)
    assert box.isVisible()
    assert "1,300 g" in words_of(card)
    assert "1,245 g" not in words_of(card)
    card.show_facts("114-40", "Northwind")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    box.show_box(230, 160, 100, [])  # the next order's box is drawn in it
    card.show_facts("114-41", "Northwind", (), (Fact("Carton", ("**S1**",), widget=box),))
    assert box.isVisible()


def test_a_button_that_can_do_nothing_looks_so(qtbot: QtBot) -> None:
    button = shown(qtbot, Button("Save", primary=True))
    middle = button.rect().center().y()
    assert button.grab().toImage().pixelColor(6, middle) == style.color("brand")
    button.setEnabled(False)
    assert button.grab().toImage().pixelColor(6, middle) == style.color("bg")


def test_a_way_that_is_walked_twice_is_drawn_once() -> None:
    there_and_back = [(2, 5), (2, 9), (2, 0), (7, 0), (7, 4)]
    assert stretches(there_and_back) == [
        ((2, 5), (2, 9)),
        ((2, 0), (2, 5)),
        ((2, 0), (7, 0)),
        ((7, 0), (7, 4)),
    ]
    assert stretches([(2, 9), (2, 0)], before=[(2, 9), (2, 3)]) == [((2, 0), (2, 3))]


def test_the_walk_shows_where_the_picker_is(qtbot: QtBot) -> None:
    plan = shown(qtbot, WalkMap())
    plan.show_walk(
        [Aisle("A", 0, 0, 20, 100)], [(30, 100), (30, 50)], [(30, 50), (30, 0)], (30, 50)
    )
    picture = plan.grab().toImage()
    colors = {picture.pixelColor(x, y).name() for x in range(0, 700, 3) for y in range(0, 480, 3)}
    assert {style.color("here").name(), style.color("brand").name()} <= colors
