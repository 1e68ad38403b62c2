"""The window: it hangs rooms into the shell and carries scans, keys and answers between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from wms_app.base.codes import Scan
from wms_app.base.conversation import Action, Answer, Presenter
from wms_app.base.texts import _
from wms_app.desk import messages, style
from wms_app.desk.commands import Commands
from wms_app.desk.ear import Ear
from wms_app.desk.edge import Edge
from wms_app.desk.header import HeaderInfo, State
from wms_app.desk.house import house_actions, house_deeds
from wms_app.desk.keys import Key
from wms_app.desk.prompt import Question
from wms_app.desk.rail import Entry
from wms_app.desk.scanner import Habit, Scanner
from wms_app.desk.screen import Screen
from wms_app.desk.shell import Shell
from wms_app.desk.sound import Sounds
from wms_app.desk.strip import Strip
from wms_app.desk.style import Theme
from wms_app.desk.talk import Talk, Told
from wms_app.desk.tongue import Tongue
from wms_app.desk.work import Worker

__all__ = ["HeaderInfo", "Room", "Told", "Window"]

SIGN_IN = "sign-in"
_BUSY_AFTER_MS = 400
_SOUND_AFTER_MS = 1500


@dataclass(frozen=True)
class Room:
    """A room of the house as the window sees it.

    `make_presenter` runs in the worker, once per sign-in; `make_screen` in the GUI thread, once.
    The room named "sign-in" is shown while nobody is signed in.
    """

    name: str
    title: Callable[[], str]
    make_presenter: Callable[[], Presenter]
    make_screen: Callable[[], Screen]
    group: int = 0
    attention: bool = False


class Window(QMainWindow):
    """One person at one station. Nothing here waits: the rooms talk in the worker."""

    told = Signal(object)  # every Told, after it was drawn
    entered = Signal(str)  # room name
    signed_out = Signal()
    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    camera_wanted = Signal()  # its picture is to be shown, or put away
    first_painted = Signal()

    def __init__(
        self,
        rooms: Sequence[Room],
        worker: Worker,
        header: HeaderInfo,
        finder: str = "",
        habit: Habit | None = None,
    ) -> None:
        super().__init__()
        self.rooms = {room.name: room for room in rooms}
        self._worker = worker
        self.finder = finder
        self.allowed: list[str] = []
        self._screens: dict[str, Screen] = {}
        self._tongue = Tongue()
        self.current = ""
        self.view: Any = None
        self.sounds = Sounds()
        self.shell = Shell(header)
        self._strip = Strip(self.shell.header, self._told_by_strip)
        self.commands = Commands(self.shell.prompt)
        self.talk = Talk(worker, self)
        self._ear = Ear(self)
        self.scanner = Scanner(habit, self._ear.expects_repeat, self._ear.hot_key, self)
        self._house = house_deeds(self)
        self.edge = Edge(self)
        self._busy = QTimer(self)
        self._busy.setSingleShot(True)
        self._busy.setInterval(_BUSY_AFTER_MS)
        self.setCentralWidget(self.shell)
        self.setWindowTitle("Dock")
        self.resize(*style.SMALLEST)
        self._connect()
        self._show_nobody()

    @property
    def screen_shown(self) -> Screen | None:
        """The screen of the room that is entered."""
        return self._screens.get(self.current)

    @property
    def answer_text(self) -> str:
        """What the answer band says."""
        return self.shell.band.said()

    def sign_in(self, person: str, allowed: Sequence[str], first: str = "") -> None:
        """`person` as the header names them, the rooms they may enter, and the first of them."""
        self._leave()
        self.allowed = [name for name in self.rooms if name in allowed and name != SIGN_IN]
        self.shell.header.show_person(person)
        self.shell.show_signed_in(True)
        self._show_rail()
        if self.allowed:
            self.go(first if first in self.allowed else self.allowed[0])

    def sign_out(self) -> None:
        """End the conversations of the person and show the sign-in."""
        self._leave()
        self._show_nobody()
        self.signed_out.emit()

    def go(self, name: str) -> None:
        """Enter a room."""
        room = self.rooms[name]
        if name not in self._screens:
            screen = room.make_screen()
            screen.run_by(self._run_job)
            screen.acted.connect(self.commands.start)
            screen.keys_wanted.connect(self._give_keys)
            self._screens[name] = screen
            self.shell.rooms.addWidget(screen)
        if self.shell.prompt.question is not None:
            self.shell.prompt.leave()
        self.current, self.view, self.scanner.tap = name, None, None
        self.shell.rooms.setCurrentWidget(self._screens[name])
        self.shell.rail.show_current(name)
        self.shell.band.clear()
        self.shell.line.show_scan("")
        self.shell.show_scanning(self._screens[name].scans)
        self._screens[name].setFocus()
        self._show_actions(())
        self.ask(lambda: self.talk.enter(name, room.make_presenter))
        self.entered.emit(name)

    def refresh(self) -> None:
        """Somebody changed something: load the room again when nothing else is under way."""
        if self.current and self._worker.idle():
            self.talk.refresh()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How much work waits in each room."""
        self.shell.rail.show_counts(counts)

    def show_device(self, name: str, state: State, text: str = "") -> None:
        """How a device is; one that goes away is told in the band, but not over a refusal."""
        self._strip.show_device(name, state, text)

    def show_waiting(self, count: int) -> None:
        """How many messages wait to go out."""
        self.shell.header.show_waiting(count)

    def use_theme(self, theme: Theme) -> None:
        """Light or dark, at once."""
        style.apply(cast(QApplication, QApplication.instance()), theme)
        self.theme_chosen.emit(theme)

    def use_language(self, language: str) -> None:
        """Speak another language at once, Qt's own words too."""
        self._tongue.speak(language)
        self.retranslate()
        self.language_chosen.emit(language)

    def retranslate(self) -> None:
        """Say everything again in the language spoken now."""
        self._show_rail()
        self.shell.line.show_hint()
        self.shell.header.update()
        self.commands.house, self.commands.silent = house_actions(bool(self.allowed))
        self._show_actions(self.commands.room)
        for screen in self._screens.values():
            screen.retranslate()
        self._draw()
        self.talk.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.shell.was_painted:
            self.scanner.detach(cast(QApplication, QApplication.instance()))
        super().closeEvent(event)

    def _connect(self) -> None:
        shell = self.shell
        shell.painted.connect(self._after_first_paint)
        shell.rail.chosen.connect(self.go)
        shell.keys.pressed.connect(self.commands.start)
        shell.line.submitted.connect(lambda text: self._ear.scanned(Scan(text)))
        shell.line.left.connect(self._back_to_work)
        shell.header.tapped.connect(self._strip.tell)
        shell.progress.cancelled.connect(self.talk.cancel)
        self.commands.ran.connect(self._run)
        self.talk.told.connect(self._on_told)
        self.talk.progressed.connect(self._on_progress)
        self.scanner.scanned.connect(self._ear.scanned)
        self.scanner.typed.connect(self._ear.typed)
        self._busy.timeout.connect(self._show_busy)
        self._worker.idle_now.connect(self._on_idle)

    def _after_first_paint(self) -> None:
        """What the first picture did not need."""
        app = cast(QApplication, QApplication.instance())
        self.scanner.attach(app, self)
        self.first_painted.emit()
        QTimer.singleShot(_SOUND_AFTER_MS, self.sounds.load)

    def _run(self, action: str, value: str) -> None:
        of_room = any(known.name == action for known in self.commands.room)
        if action in self._house and not of_room:
            self._house[action]()
        else:
            title = next((a.label for a in self.commands.every() if a.name == action), "")
            self.shell.progress.start(title)
            self.ask(lambda: self.talk.act(action, value))

    def ask(self, call: Callable[[], None]) -> None:
        """Ask the room for something; when the answer takes long, the line says so."""
        call()
        self._busy.start()

    def _on_told(self, told: Told) -> None:
        if told.verb == "act":
            self.shell.progress.hide()
        if told.answer is not None:
            self.say(told.answer, told.seconds)
        if told.room == self.current and told.view is not None:
            self.view = told.view
            self._show_actions(told.actions)
            self._draw()
            if told.answer is not None:
                self._screens[told.room].draw_answer(told.answer)
        self._strip.judge(told)
        if told.report:
            self.tell_bug(told.report)
        self.told.emit(told)

    def _draw(self) -> None:
        screen = self._screens.get(self.current)
        if screen is None or self.view is None:
            return
        try:
            screen.draw(self.view)
        except Exception as error:  # a screen's bug must not take the window with it
            self.tell_bug(messages.write_report(error, {"room": self.current, "verb": "draw"}))

    def say(self, answer: Answer, seconds: float | None = None) -> None:
        """Answer by colour, icon, words and sound; `seconds` since the scan."""
        if answer.text:
            self.shell.band.show_answer(answer, seconds)
        else:  # what was done shows by itself; the words of before are not about it
            self.shell.band.clear()
        self.shell.wake()
        self.sounds.play(answer.kind)
        if answer.text:
            self.edge.flash(answer.kind)

    def _told_by_strip(self, answer: Answer) -> None:
        shown = self.shell.band.answer  # a room's warning may be of that very device, and says more
        if shown is None or shown.kind not in ("bad", "warn") or answer.kind == "bad":
            self.say(answer)

    def tell_bug(self, report: str) -> None:
        """Say in plain words that a bug was caught, and under which id it is in the log."""
        self.say(Answer("bad", messages.bug_words(report)))
        question = Question("notice", _("Something went wrong"), messages.bug_words(report))
        self.shell.prompt.ask(question, lambda _value: None)

    def _on_progress(self, done: int, total: int) -> None:
        if not self._worker.idle():
            self.shell.progress.show()
            self.shell.progress.show_progress(done, total)

    def _on_idle(self) -> None:
        self._busy.stop()
        self.shell.line.show_hint()
        self.shell.progress.hide()

    def _show_busy(self) -> None:
        if not self._worker.idle():
            self.shell.line.show_hint(_("working …"))

    def _run_job(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        def failed(error: BaseException) -> None:
            verdict = messages.judge(error, {"room": self.current, "verb": "read"})
            self.say(verdict.answer)
            if verdict.report:
                self.tell_bug(verdict.report)

        self._worker.submit(job, done, failed)

    def _leave(self) -> None:
        self.talk.forget()
        if self.shell.prompt.question is not None:
            self.shell.prompt.leave()
        self.current, self.view, self.scanner.tap = "", None, None

    def _give_keys(self, take: Callable[[Key], bool] | None) -> None:
        self.scanner.tap = take

    def _show_nobody(self) -> None:
        self.allowed = []
        self.shell.header.show_person("")
        self.shell.show_signed_in(False)
        self.commands.house, self.commands.silent = house_actions(False)
        self._show_actions(())
        if SIGN_IN in self.rooms:
            self.go(SIGN_IN)

    def _show_rail(self) -> None:
        self.commands.house, self.commands.silent = house_actions(bool(self.allowed))
        rooms = [self.rooms[name] for name in self.allowed]
        self.shell.rail.show_rooms(
            [Entry(room.name, room.title(), room.group, room.attention) for room in rooms]
        )

    def _show_actions(self, actions: Sequence[Action]) -> None:
        self.commands.room = tuple(actions)
        self.shell.keys.show_actions(actions, self.commands.house)

    def _back_to_work(self) -> None:
        screen = self._screens.get(self.current)
        if screen is not None:
            screen.setFocus()
            self.shell.line.setVisible(screen.scans)
