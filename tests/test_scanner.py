"""Scanners that type: each way they are set up, each keyboard layout, beside a person typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodQueryEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from tests.builders import Floor
from wms_app.base.codes import Item, Scan, own, read
from wms_app.desk import keys
from wms_app.desk.scanline import ScanLine
from wms_app.desk.scanner import Habit, Scanner
from wms_app.settings import Settings
from wms_app.window import Workstation

NO, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab
SCANNER_MS, PERSON_MS = 4, 160
MUG = "6901234567892"

# What the keys of a US keyboard type under another layout; the rest is the same.
RUSSIAN = dict(
    zip(
        "qwertyuiop[]asdfghjkl;'zxcvbnm,./QWERTYUIOPASDFGHJKLZXCVBNM",
        "йцукенгшщзхъфывапролджэячсмитьбю.ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ",
        strict=True,
    )
)
GERMAN = dict(zip("yzYZ-_]/;'[", "zyZYß?+-öäü", strict=True))
FRENCH = dict(zip("1234567890-aqzwAQZWmM.,;", "&é\"'(-è_çà)qawzQAWZ,?:;m", strict=True))
LAYOUTS = {"US": {}, "Russian": RUSSIAN, "German": GERMAN, "French": FRENCH}
PLACES = {character: code for code, character in [*keys._PLAIN.items(), *keys._SHIFTED.items()]}


@dataclass
class Desk:
    """A window with a field, a button and a table, and what its scanner heard."""

    window: QWidget
    numbers: QLineEdit
    words: QLineEdit
    scanner: Scanner
    heard: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    clock: int = 10_000

    def press(
        self, key: int, text: str = "", held: Qt.KeyboardModifier = NO, place: int = 0
    ) -> None:
        """A key goes down and up where the cursor is, at this moment of the device's clock."""
        handle = self.window.windowHandle()
        assert handle is not None
        code = place + keys._X11_OFFSET if place else 0
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, held, code, 0, 0, text)
            event.setTimestamp(self.clock)
            QCoreApplication.sendEvent(handle, event)

    def burst(
        self, text: str, end: int = ENTER, layout: str = "US", gap_ms: int = SCANNER_MS
    ) -> None:
        """A scanner that is set to a US keyboard types through a layout."""
        table = LAYOUTS[layout]
        for character in text:
            if character == "\x1d":
                typed = "\x1d" if layout == "US" else table.get("]", "")
                self.press(Qt.Key.Key_BracketRight, typed, CTRL, keys._RIGHT_BRACKET)
            else:
                typed = table.get(character, character)
                held = SHIFT if PLACES[character] in keys._PLAIN and character in SHIFTED else NO
                self.press(ord(typed.upper()[0]), typed, held, PLACES[character])
            self.clock += gap_ms
        if end:
            self.press(end, "\r" if end == ENTER else "\t")

    def type(self, text: str) -> None:
        """A person's fingers."""
        for character in text:
            self.clock += PERSON_MS
            self.press(ord(character.upper()), character)

    def in_field(self) -> str:
        """What stands in the field once nothing is held back any more."""
        self.scanner._let_go()
        return self.numbers.text()


SHIFTED = frozenset(keys._SHIFTED.values()) - {" "}


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def desk(habit: Habit | None = None) -> Desk:
        window = QWidget()
        qtbot.addWidget(window)
        column = QVBoxLayout(window)
        numbers, words, count = QLineEdit(), QLineEdit(), QSpinBox()
        numbers.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        table, choice = QTableWidget(2, 2), QComboBox()
        for part in (numbers, words, count, table, choice, QPushButton("Press")):
            column.addWidget(part)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        scanner = Scanner(habit)
        here = Desk(window, numbers, words, scanner)
        scanner.scanned.connect(lambda scan: here.heard.append(_raw(scan)))
        scanner.typed.connect(here.typed.append)
        scanner.attach(qapp, window)
        numbers.setFocus()
        made.append(here)
        return here

    yield desk
    for one in made:
        one.scanner.detach(qapp)


def _raw(scan: Scan) -> str:
    return scan.raw


@pytest.mark.parametrize("end", [ENTER, Qt.Key.Key_Enter, TAB])
@pytest.mark.parametrize("gap_ms", [0, 1, 10, 30])
def test_fast_and_slow_scanners_are_heard_whole(
    make: Callable[..., Desk], end: int, gap_ms: int
) -> None:
    desk = make()
    desk.burst(MUG, end, gap_ms=gap_ms)
    assert desk.heard == [MUG]
    assert desk.in_field() == ""
    assert desk.numbers.hasFocus()


def test_two_bursts_one_right_after_the_other_are_two_scans_in_order(
    make: Callable[..., Desk],
) -> None:
    desk = make()
    desk.burst(MUG)
    desk.clock += 1
    desk.burst("JAM-7", TAB)
    desk.burst(MUG, gap_ms=0)
    assert desk.heard == [MUG, "JAM-7", MUG]
    assert desk.in_field() == ""


@pytest.mark.parametrize(
    "habit",
    [
        Habit(prefix="~"),
        Habit(prefix="{{"),
        Habit(suffix="#"),
        Habit(prefix="~", suffix="#!"),
        Habit(prefix="\x02", suffix="\x03"),
    ],
)
def test_a_prefix_and_a_suffix_are_no_part_of_the_code(
    make: Callable[..., Desk], habit: Habit
) -> None:
    desk = make(habit)
    for text in (MUG, "JAM-7"):
        for part in habit.prefix + text + habit.suffix:
            place = PLACES.get(part, 0)
            desk.press(ord(part.upper()), part, SHIFT if part in SHIFTED else NO, place)
            desk.clock += SCANNER_MS
        desk.press(ENTER, "\r")
        desk.clock += 1_000
    assert desk.heard == [MUG, "JAM-7"]
    assert desk.in_field() == ""


def test_a_code_with_a_prefix_may_come_slowly_and_be_short(make: Callable[..., Desk]) -> None:
    desk = make(Habit(prefix="~"))
    desk.burst("~A", gap_ms=90)
    assert desk.heard == ["A"]


def test_a_second_scanner_without_the_prefix_of_the_first_types_into_no_field(
    make: Callable[..., Desk],
) -> None:
    desk = make(Habit(prefix="~", suffix="#"))
    desk.burst("~" + MUG + "#", end=0)
    desk.clock += 2
    desk.burst("JAM-7")
    assert desk.heard == [MUG, "JAM-7"]
    assert desk.in_field() == ""


@pytest.mark.parametrize("habit", [Habit(), Habit(prefix="~"), Habit(suffix="#")])
def test_what_a_person_types_goes_into_the_field_whole(
    make: Callable[..., Desk], habit: Habit
) -> None:
    desk = make(habit)
    desk.type("12#34~5")
    desk.press(ENTER, "\r")
    assert desk.heard == []
    assert desk.in_field() == "12#34~5"


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["scan", "type"]),
            st.text("ABC123-.", min_size=3, max_size=12),
            st.integers(0, 20),
            st.sampled_from([ENTER, TAB]),
        ),
        max_size=6,
    )
)
def test_scans_and_typing_in_any_turn_lose_and_mix_nothing(
    make: Callable[..., Desk], turns: list[tuple[str, str, int, Qt.Key]]
) -> None:
    desk = make()
    for deed, text, gap_ms, end in turns:
        desk.clock += 400
        if deed == "scan":
            desk.burst(text, end, gap_ms=gap_ms)
        else:
            desk.type(text)
    assert desk.heard == [text for deed, text, *_rest in turns if deed == "scan"]
    assert desk.in_field() == "".join(text for deed, text, *_rest in turns if deed == "type")


def test_two_scanners_at_the_same_moment_are_never_taken_for_goods_or_a_bin(
    make: Callable[..., Desk],
) -> None:
    desk = make()
    two = zip(own("BIN", "A-03-2"), MUG, strict=False)
    desk.burst("".join(one + other for one, other in two))
    (mixed,) = desk.heard
    code = read(mixed)
    assert isinstance(code, Item)
    assert code.gtin == ""
    assert desk.in_field() == ""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_codes_are_right_whatever_layout_the_computer_has(
    make: Callable[..., Desk], layout: str
) -> None:
    codes = (MUG, own("BIN", "A-03-2"), own("TOTE", "ZY-14"), f"]C1010{MUG}10YZ-7\x1d17261231")
    desk = make()
    for code in codes:
        desk.burst(code, layout=layout)
        desk.clock += 1_000
    assert desk.heard == list(codes)
    assert desk.in_field() == ""


def test_a_layout_that_a_checked_code_told_is_kept_for_codes_without_a_check(
    make: Callable[..., Desk],
) -> None:
    desk = make()
    desk.burst(own("TOTE", "ZY-14"), layout="German")
    desk.clock += 1_000
    desk.burst("YARN.Z", layout="German")
    assert desk.heard[-1] == "YARN.Z", "typed as ZARN.Y"


def test_a_scanner_that_is_set_to_the_computers_layout_is_right_too(
    make: Callable[..., Desk],
) -> None:
    desk = make()
    for digit in MUG:  # on a French keyboard digits are typed with Shift
        desk.press(ord(digit), digit, SHIFT, PLACES[digit])
        desk.clock += SCANNER_MS
    desk.press(ENTER, "\r")
    assert desk.heard == [MUG]


def test_what_a_scanner_says_of_the_symbol_is_no_part_of_the_code(
    make: Callable[..., Desk],
) -> None:
    desk = make()
    for raw in ("]E0" + MUG, "]C0JAM-7", "]d1" + own("BIN", "A-1"), f"]C1010{MUG}10A"):
        desk.burst(raw)
        desk.clock += 1_000
    assert desk.heard == [MUG, "JAM-7", own("BIN", "A-1"), f"]C1010{MUG}10A"]


def test_a_camera_loses_no_separator(make: Callable[..., Desk]) -> None:
    desk = make()
    codes: list[object] = []
    desk.scanner.scanned.connect(lambda scan: codes.append(scan.code.lot))
    desk.scanner.feed(f"]d2010{MUG}10L2104")
    assert codes == ["L2104"]


def test_an_input_method_is_on_only_where_words_are_wanted(make: Callable[..., Desk]) -> None:
    desk = make()
    on = {}
    for widget in desk.window.findChildren(QWidget):
        widget.setFocus()
        focus = QGuiApplication.focusObject()
        if isinstance(focus, QWidget):
            on[focus] = takes_input_method(focus)
    kinds = {type(focus) for focus in on}
    assert kinds >= {QLineEdit, QSpinBox, QTableWidget, QComboBox, QPushButton}
    assert [focus for focus, enabled in on.items() if enabled] == [desk.words]


def takes_input_method(focus: QWidget) -> bool:
    """What Qt asks a widget before an input method may see its keys."""
    query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QCoreApplication.sendEvent(focus, query)
    return bool(query.value(Qt.InputMethodQuery.ImEnabled))


def test_a_table_does_not_swallow_a_scan(make: Callable[..., Desk]) -> None:
    desk = make()
    table = desk.window.findChild(QTableWidget)
    assert table is not None
    table.setFocus()
    table.setCurrentCell(1, 1)
    desk.burst(MUG)
    assert desk.heard == [MUG]
    assert table.item(1, 1) is None
    assert not takes_input_method(table)


def test_the_scan_line_takes_no_input_method(make: Callable[..., Desk]) -> None:
    desk = make()
    line = ScanLine()
    layout = desk.window.layout()
    assert layout is not None
    layout.addWidget(line)
    line.setFocus()
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    assert focus.parent() is line
    assert not takes_input_method(focus)


def test_a_field_that_is_gone_takes_nothing_along(make: Callable[..., Desk]) -> None:
    desk = make()
    desk.press(Qt.Key.Key_A, "a")
    desk.numbers.setParent(None)
    delete(desk.numbers)
    desk.scanner._let_go()
    desk.window.setFocus()
    desk.burst(MUG)
    assert desk.heard == [MUG]


def test_the_station_knows_the_prefix_and_suffix_of_its_scanner(
    floor: Floor, qtbot: QtBot, tmp_path: Path
) -> None:
    ours = Settings(papers=str(tmp_path), sound=False, scanner_prefix="~", scanner_suffix="#")
    workstation = Workstation(floor.store, ours)
    window = workstation.window
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.view is not None)
    heard: list[str] = []
    window.scanner.scanned.connect(lambda scan: heard.append(_raw(scan)))
    Desk(window, QLineEdit(), QLineEdit(), window.scanner).burst("~JAM#", end=0, gap_ms=90)
    qtbot.waitUntil(workstation.worker.idle)
    workstation.close()
    assert heard == ["JAM"]
