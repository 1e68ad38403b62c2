"""The window that knows no room: scans, answers, questions, languages, themes."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from wms_app.base import texts
from wms_app.base.codes import Scan, own
from wms_app.base.conversation import Action, Answer, Progress
from wms_app.base.refusal import Down, Refused
from wms_app.desk import messages, style
from wms_app.desk.frame import HeaderInfo, Room, Window
from wms_app.desk.help import command
from wms_app.desk.screen import Screen
from wms_app.desk.tables import Column, RowsTable
from wms_app.desk.words import Button, Words, label
from wms_app.desk.work import Worker

NO = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Pantry:
    """The view of a room that no warehouse has."""

    seen: tuple[str, ...] = ()
    expects_repeat: bool = False


class PantryPresenter:
    """Takes anything but vinegar; what its test says may block it, break it or take it away."""

    def __init__(self) -> None:
        self.view = Pantry()
        self.progress: Progress | None = None
        self.done: list[tuple[str, str]] = []
        self.gate: threading.Event | None = None
        self.trouble: Exception | None = None
        self.actions = (
            Action("undo", "F9", "Undo"),
            Action("grams", "F7", "Weight", asks="number", prompt="How many grams?"),
            Action("shelf", "F6", "Shelf", asks="choice", choices=(("top", "Top"), ("low", "Low"))),
            Action("empty", "F8", "Empty the pantry", confirm="Throw everything away?"),
            Action("note", "F4", "Note", asks="text"),
            Action("pin", "F5", "PIN", asks="secret"),
            Action("tidy", "Ctrl+E", "Tidy up"),
        )

    def open(self) -> None:
        pass

    def refresh(self) -> None:
        pass

    def scan(self, scan: Scan) -> Answer:
        if self.gate is not None:
            assert self.gate.wait(5)
        if self.trouble is not None:
            raise self.trouble
        if scan.raw == "VINEGAR":
            raise Refused("sour", "That is VINEGAR, honey is expected.", "Scan honey.")
        self.view = replace(self.view, seen=(*self.view.seen, scan.raw))
        return Answer("ok", f"{scan.raw} taken")

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        assert operation
        self.done.append((action, value))
        if action == "tidy":
            return self._tidy()
        return Answer("done", f"{action} {value}".strip())

    def _tidy(self) -> Answer:
        assert self.progress is not None
        for jar in range(1000):
            if not self.progress(jar, 1000):
                return Answer("warn", f"Stopped at {jar}")
            threading.Event().wait(0.005)
        return Answer("done", "Tidy")


class PantryScreen(Screen):
    """A table, a button and a field: places where the focus may be."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = label(role="title")
        self.field = QLineEdit()
        self.button = Button("Press")
        self.table = RowsTable([Column("Jar")])
        column = QVBoxLayout(self)
        for part in (self.heading, self.field, self.button, self.table):
            column.addWidget(part)
        self.retranslate()

    def retranslate(self) -> None:
        self.heading.say({"en": "Pantry", "zh_CN": "储藏室"}[texts.language()])

    def draw(self, view: Pantry) -> None:
        self.table.show_rows([(n, text) for n, text in enumerate(view.seen)])


@dataclass
class House:
    """The window on its test's two pantries."""

    window: Window
    pantry: PantryPresenter
    cellar: PantryPresenter
    qtbot: QtBot

    @property
    def screen(self) -> PantryScreen:
        screen = self.window.screen_shown
        assert isinstance(screen, PantryScreen)
        return screen

    def hear(self, act: Callable[[], Any]) -> Any:
        """Do `act` and wait for what the room tells."""
        with self.qtbot.waitSignal(self.window.told) as heard:
            act()
        return heard.args[0]

    def settle(self) -> None:
        self.qtbot.waitUntil(self.window._worker.idle)


@pytest.fixture
def house(qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: Any) -> Iterator[House]:
    monkeypatch.setenv("DOCK_DATA", str(tmp_path))
    messages._log.cache_clear()
    texts.use("en")
    style.apply(qapp, "light")
    worker = Worker()
    worker.start()
    pantry, cellar = PantryPresenter(), PantryPresenter()
    rooms = [
        Room("pantry", lambda: "Pantry", lambda: pantry, PantryScreen),
        Room("cellar", lambda: "Cellar", lambda: cellar, PantryScreen, group=1, attention=True),
    ]
    window = Window(rooms, worker, HeaderInfo("LAX1", "P1", (("store", "store"),)))
    qtbot.addWidget(window)
    window.show_device("store", "ok")
    with qtbot.waitSignal(window.first_painted):
        window.show()
        window.sign_in("Li Na · packer", ["pantry", "cellar"])
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    house = House(window, pantry, cellar, qtbot)
    house.settle()
    yield house
    house.settle()
    worker.stop()
    texts.use("en")


def press(target: QWidget, key: int, text: str = "", held: Any = NO, code: int = 0) -> None:
    """One key, as the window system sends it; `code` is the place of the key on the keyboard."""
    event = QKeyEvent(QEvent.Type.KeyPress, key, held, code, 0, 0, text)
    QCoreApplication.sendEvent(target, event)


def scan(target: QWidget, text: str, end: int = Qt.Key.Key_Return) -> None:
    """A scanner types `text` in one burst into whatever has the focus."""
    for character in text:
        held = CTRL if character == "\x1d" else SHIFT if character.isupper() else NO
        key = Qt.Key.Key_BracketRight if character == "\x1d" else ord(character.upper())
        press(target, key, character, held)
    press(target, end, "\r")


def type_slowly(target: QWidget, text: str) -> None:
    """A person types."""
    for character in text:
        press(target, ord(character.upper()), character)
        QTest.qWait(85)


def kind_shown(house: House) -> str:
    answer = house.window.shell.band.answer
    assert answer is not None
    return answer.kind


def focus_of(house: House, name: str) -> QWidget:
    if name == "scan line":
        widget: QWidget = house.window.shell.line._field
    elif name == "key bar":
        widget = house.window.shell.keys._buttons()[0]
    else:
        widget = getattr(house.screen, name)
    widget.setFocus()
    return widget


@pytest.mark.parametrize("place", ["field", "button", "table", "scan line", "key bar"])
def test_a_scan_reaches_the_room_wherever_the_focus_is(house: House, place: str) -> None:
    target = focus_of(house, place)
    told = house.hear(lambda: scan(target, "6901234567892"))
    assert told.answer == Answer("ok", "6901234567892 taken")
    assert house.window.answer_text == "6901234567892 taken"
    assert house.screen.field.text() == ""
    assert house.window.shell.line.text() == "6901234567892"


def test_a_scan_through_the_window_system_reaches_the_room_once(house: House) -> None:
    focus_of(house, "field")
    handle = house.window.windowHandle()
    assert handle is not None

    def scan_through_the_system() -> None:
        for character in "HONEY-7":
            QTest.keyClick(handle, Qt.Key(ord(character)))
        QTest.keyClick(handle, Qt.Key.Key_Return)

    house.hear(scan_through_the_system)
    house.settle()
    assert [text.upper() for text in house.pantry.view.seen] == ["HONEY-7"]
    assert house.screen.field.text() == ""


def test_a_scanner_that_ends_with_tab_is_heard_and_the_focus_stays(house: House) -> None:
    target = focus_of(house, "field")
    assert house.hear(lambda: scan(target, "HONEY", Qt.Key.Key_Tab)).answer.kind == "ok"
    assert house.screen.field.hasFocus()


def test_scans_that_come_while_the_room_is_busy_are_applied_in_order(house: House) -> None:
    house.pantry.gate = threading.Event()
    for jar in ("JAM-1", "JAM-2", "JAM-3", "JAM-4"):
        scan(house.window, jar)
    house.pantry.gate.set()
    house.settle()
    assert house.pantry.view.seen == ("JAM-1", "JAM-2", "JAM-3", "JAM-4")
    assert house.window.answer_text == "JAM-4 taken"


def test_a_scan_that_waited_while_the_person_left_the_room_is_refused(house: House) -> None:
    house.pantry.gate = threading.Event()
    told: list[Any] = []
    house.window.told.connect(told.append)
    scan(house.window, "JAM-1")
    scan(house.window, "JAM-2")
    house.window.go("cellar")
    house.pantry.gate.set()
    house.settle()
    assert house.pantry.view.seen in ((), ("JAM-1",))  # the first may have been under way
    assert house.cellar.view.seen == ()
    late = [one for one in told if one.code == "room_changed"]
    assert late[-1].room == "pantry"
    assert "another room" in late[-1].answer.text


def test_typing_into_a_field_stays_in_the_field(house: House) -> None:
    target = focus_of(house, "field")
    type_slowly(target, "jam")
    press(target, Qt.Key.Key_Return, "\r")
    assert house.screen.field.text() == "jam"
    assert house.pantry.view.seen == ()


def test_typing_with_no_field_goes_to_the_scan_line_and_enter_makes_it_a_scan(house: House) -> None:
    type_slowly(focus_of(house, "table"), "j")
    assert house.window.shell.line._field.hasFocus()
    type_slowly(house.window.shell.line._field, "ar")
    assert house.window.shell.line.text() == "jar"
    told = house.hear(lambda: press(house.window.shell.line._field, Qt.Key.Key_Return, "\r"))
    assert told.answer.text == "jar taken"
    house.settle()
    assert house.pantry.view.seen == ("jar",)  # one Enter is one scan


def test_a_burst_without_an_end_is_given_to_the_field_in_order(house: House) -> None:
    target = focus_of(house, "field")
    for character in "abcd":
        press(target, ord(character.upper()), character)
    assert house.screen.field.text() == ""
    house.qtbot.waitUntil(lambda: house.screen.field.text() == "abcd")


def test_a_scanner_that_sends_two_ends_is_heard_once_and_presses_nothing(house: House) -> None:
    pressed: list[bool] = []
    house.screen.button.clicked.connect(pressed.append)
    target = focus_of(house, "button")

    def scan_with_two_ends() -> None:
        scan(target, "HONEY")
        press(target, Qt.Key.Key_Enter, "\r")

    house.hear(scan_with_two_ends)
    assert house.pantry.view.seen == ("HONEY",)
    assert pressed == []


def test_the_group_separator_of_gs1_survives(house: House) -> None:
    text = "0106901234567892" + "10LOT7\x1d" + "17261231"
    house.hear(lambda: scan(focus_of(house, "field"), text))
    assert house.pantry.view.seen == (text,)
    assert house.window.shell.line.text() == text.replace("\x1d", "|")


def test_a_scan_is_right_when_the_computer_types_russian(house: House) -> None:
    # B I N . A - 1: as a Russian layout prints the keys that a US scanner presses (X11 key codes)
    keys = (("И", 56), ("Ш", 31), ("Т", 57), ("ю", 60), ("Ф", 38), ("-", 20), ("1", 10))
    target = focus_of(house, "field")
    for character, code in keys:
        held = SHIFT if character.isupper() else NO
        press(target, ord(character.upper()), character, held, code)
    house.hear(lambda: press(target, Qt.Key.Key_Return, "\r"))
    assert house.pantry.view.seen == ("BIN.A-1",)


def test_a_bouncing_trigger_counts_once(house: House) -> None:
    scan(house.window, "JAM-1")
    scan(house.window, "JAM-1")
    house.settle()
    assert house.pantry.view.seen == ("JAM-1",)


def test_a_second_piece_counts_where_the_step_expects_one(house: House) -> None:
    house.pantry.view = Pantry(expects_repeat=True)
    house.hear(lambda: scan(house.window, "JAM-1"))
    scan(house.window, "JAM-1")
    house.settle()
    assert house.pantry.view.seen == ("JAM-1", "JAM-1")


def test_a_refusal_is_told_by_icon_words_and_what_to_do(house: House) -> None:
    told = house.hear(lambda: scan(house.window, "VINEGAR"))
    band = house.window.shell.band
    assert (told.code, kind_shown(house)) == ("sour", "bad")
    assert band._icon._name == "cross"
    assert [part.said() for part in (band._text, band._detail)] == [
        "That is VINEGAR, honey is expected.",
        "Scan honey.",
    ]


def test_a_store_that_is_away_is_a_warning_and_comes_back(house: House) -> None:
    house.pantry.trouble = Down("store", "The store does not answer.")
    house.hear(lambda: scan(house.window, "HONEY"))
    assert kind_shown(house) == "warn"
    assert house.window.shell.header.state("store") == "down"
    story = house.window.shell.header.story("store")
    assert story == ("store: away", "The store does not answer.")
    house.pantry.trouble = None
    house.hear(lambda: scan(house.window, "BREAD"))
    assert house.window.shell.header.state("store") == "ok"


def test_a_bug_is_told_once_and_its_report_holds_no_buyer(house: House, tmp_path: Path) -> None:
    house.pantry.trouble = ValueError("no street in 'Ivan Petrov, Lenina 5' 79261234567")
    told = house.hear(lambda: scan(house.window, "HONEY"))
    question = house.window.shell.prompt.question
    assert question is not None
    assert told.report in question.prompt
    log = (tmp_path / "logs" / "dock.log").read_text(encoding="utf-8")
    assert f"report {told.report} ValueError" in log
    assert "test_desk.py" in log
    assert "Petrov" not in log
    assert "7926" not in log
    QTest.qWait(20)
    press(focus_widget(), Qt.Key.Key_Return)
    assert not house.window.shell.prompt.isVisible()


def test_a_function_key_works_wherever_the_focus_is(house: House) -> None:
    house.hear(lambda: press(focus_of(house, "field"), Qt.Key.Key_F9))
    assert house.pantry.done == [("undo", "")]


def test_a_function_key_of_no_use_is_answered_in_words(house: House) -> None:
    press(house.window, Qt.Key.Key_F10)
    assert kind_shown(house) == "warn"
    assert house.window.answer_text == "F10 does nothing at this step."


def test_a_command_from_the_sheet_does_what_its_key_does(house: House) -> None:
    house.hear(lambda: scan(house.window, command("undo")))
    assert house.pantry.done == [("undo", "")]
    scan(house.window, command("reprint"))
    assert "REPRINT can't be done" in house.window.answer_text
    assert "Undo" in house.window.shell.band._detail.said()


def test_a_damaged_command_is_refused(house: House) -> None:
    scan(house.window, "CMD.UNDO." + ("A" if own("CMD", "UNDO")[-1] != "A" else "B"))
    assert house.pantry.done == []
    assert kind_shown(house) == "bad"


def focus_widget() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_a_number_is_asked_and_answered_by_keyboard(house: House) -> None:
    press(house.window, Qt.Key.Key_F7)
    type_slowly(focus_widget(), "1245")
    house.hear(lambda: press(focus_widget(), Qt.Key.Key_Return, "\r"))
    assert house.pantry.done == [("grams", "1245")]


def test_a_number_is_answered_by_the_pad_of_a_touch_screen(house: House) -> None:
    press(house.window, Qt.Key.Key_F7)
    keys = {b.accessibleName(): b for b in house.window.shell.prompt.findChildren(Button)}
    for name in ("7", "5", "back", "0"):
        QTest.mouseClick(keys[name], Qt.MouseButton.LeftButton)
    house.hear(lambda: QTest.mouseClick(keys["enter"], Qt.MouseButton.LeftButton))
    assert house.pantry.done == [("grams", "70")]


def test_a_scan_that_does_not_answer_the_question_is_refused(house: House) -> None:
    press(house.window, Qt.Key.Key_F7)
    scan(focus_widget(), "6901234567892")
    assert "does not answer the question" in house.window.answer_text
    assert house.window.shell.prompt.isVisible()
    press(focus_widget(), Qt.Key.Key_Escape)
    assert not house.window.shell.prompt.isVisible()
    assert house.pantry.done == []


def test_a_choice_is_made_by_its_digit_and_words_by_a_scan(house: House) -> None:
    press(house.window, Qt.Key.Key_F6)
    house.hear(lambda: type_slowly(focus_widget(), "2"))
    press(house.window, Qt.Key.Key_F4)
    house.hear(lambda: scan(focus_widget(), "TOTE-7"))
    assert house.pantry.done == [("shelf", "low"), ("note", "TOTE-7")]


def test_a_badge_is_for_the_room_when_a_pin_is_asked(house: House) -> None:
    press(house.window, Qt.Key.Key_F5)
    told = house.hear(lambda: scan(focus_widget(), own("USER", "LI-NA")))
    assert told.verb == "scan"
    assert house.window.shell.prompt.question is None


def test_what_cannot_be_undone_asks_once(house: House) -> None:
    press(house.window, Qt.Key.Key_F8)
    press(focus_widget(), Qt.Key.Key_Escape)
    assert house.pantry.done == []
    press(house.window, Qt.Key.Key_F8)
    house.hear(lambda: scan(focus_widget(), command("confirm")))
    assert house.pantry.done == [("empty", "")]


def test_long_work_shows_how_far_it_is_and_can_be_stopped(house: House) -> None:
    panel = house.window.shell.progress
    press(house.window, Qt.Key.Key_E, "\x05", CTRL)
    house.qtbot.waitUntil(lambda: "1,000" in panel.said() and "left" in panel.said())
    with house.qtbot.waitSignal(house.window.told):
        QTest.mouseClick(panel._cancel, Qt.MouseButton.LeftButton)
    assert house.window.answer_text.startswith("Stopped at")
    assert not panel.isVisible()


def test_signing_out_ends_the_conversations(house: House) -> None:
    with house.qtbot.waitSignal(house.window.signed_out):
        press(house.window, Qt.Key.Key_F12)
    assert not house.window.shell.rail.isVisible()
    assert house.window.talk._session.presenters == {}


def test_alt_and_a_digit_go_to_a_room(house: House) -> None:
    press(house.window, Qt.Key.Key_2, "2", Qt.KeyboardModifier.AltModifier)
    assert house.window.current == "cellar"
    house.hear(lambda: scan(house.window, "WINE"))
    assert house.cellar.view.seen == ("WINE",)


def test_the_language_changes_at_once_with_qts_own_words(house: House) -> None:
    house.window.use_language("zh_CN")
    assert house.screen.heading.said() == "储藏室"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    house.window.use_language("en")
    assert house.screen.heading.said() == "Pantry"


def test_the_theme_changes_at_once(house: House) -> None:
    def ground() -> str:
        return house.window.grab().toImage().pixelColor(200, 60).name().upper()

    assert ground() == style.hexadecimal("bg") == "#F4F5F2"
    press(house.window, Qt.Key.Key_T, "\x14", CTRL)
    assert style.theme() == "dark"
    assert ground() == style.hexadecimal("bg") == "#0E1412"


def test_the_keys_of_the_bar_are_large_enough_for_gloves(house: House) -> None:
    bar = house.window.shell.keys
    assert "F9 Undo" in bar.labels()
    assert "F12 Sign out" in bar.labels()
    assert all(button.height() >= 48 for button in bar._buttons())


def test_a_narrow_bar_keeps_every_action_within_reach(house: House) -> None:
    bar = house.window.shell.keys
    bar.resize(420, 49)
    hidden = [action.name for action in bar.hidden_actions()]
    assert "tidy" in hidden
    house.window.commands.start("more")
    question = house.window.shell.prompt.question
    assert question is not None
    assert [value for value, _label in question.choices] == hidden
    house.window.shell.prompt.leave()


def test_where_there_is_no_loudspeaker_there_is_silence(house: House) -> None:
    house.window.sounds.load()
    house.window.sounds.play("bad")
    assert set(house.window.sounds._effects) in (set(), {"ok", "done", "warn", "bad"})


def test_words_of_a_seller_are_never_markup(house: House) -> None:
    words = Words("**Mug** <b>&amp; co</b> A-1\u0332", "context")
    house.qtbot.addWidget(words)
    assert "&lt;b&gt;&amp;amp; co&lt;/b&gt;" in words.text()
    assert "<u>1</u>" in words.text()
    assert words.said() == "Mug <b>&amp; co</b> A-1"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_can_be_read(qapp: QApplication, theme: style.Theme) -> None:
    style.apply(qapp, theme)
    pairs = [("ink", "bg"), ("ink", "panel"), ("ink2", "panel"), ("ink3", "panel"), ("ink3", "bg")]
    pairs += [("navink", "nav"), ("navink2", "nav"), ("navbad", "nav"), ("onbadge", "badge")]
    pairs += [("brand", "panel"), ("onbrand", "brand"), ("ink", "brandbg"), ("ink2", "brandbg")]
    pairs += [(tone, tone + "bg") for tone in ("ok", "warn", "bad", "info", "done", "prime")]
    pairs += [(tone, "panel") for tone in ("ok", "warn", "bad", "info")]
    poor = [(a, b, round(contrast(a, b), 2)) for a, b in pairs if contrast(a, b) < 4.5]
    assert poor == []


def contrast(ink: str, ground: str) -> float:
    """The contrast ratio of WCAG 2.2, 1.4.3."""

    def luminance(token: str) -> float:
        color = style.color(token)
        parts = (color.redF(), color.greenF(), color.blueF())
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_no_colour_is_named_outside_the_style() -> None:
    package = Path(style.__file__).parent.parent
    files = [*(package / "desk").glob("*.py"), *package.rglob("screen.py")]
    named = re.compile(r"#[0-9A-Fa-f]{6}\b|QColor\(|setPixelSize\(\d|setPointSize")
    guilty = [
        f"{file.name}: {found.group()}"
        for file in files
        if file.name != "style.py"
        for found in named.finditer(file.read_text(encoding="utf-8"))
    ]
    assert guilty == []
