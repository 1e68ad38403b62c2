"""The window: it hangs rooms into the shell and carries scans, keys and answers between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from wms_app.base.codes import Scan
from wms_app.base.conversation import Action, Answer, Presenter
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.desk import messages, style
from wms_app.desk.commands import Commands, name_of
from wms_app.desk.header import HeaderInfo, State, device_of
from wms_app.desk.house import house_actions, house_deeds
from wms_app.desk.prompt import Question
from wms_app.desk.rail import Entry
from wms_app.desk.scanner import Habit, Scanner
from wms_app.desk.screen import Screen
from wms_app.desk.shell import Shell
from wms_app.desk.sound import Sounds
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
        self._device_names = [name for name, _label in header.devices]
        self.current = ""
        self.view: Any = None
        self.sounds = Sounds()
        self.shell = Shell(header)
        self.commands = Commands(self.shell.prompt)
        self.talk = Talk(worker, self)
        self.scanner = Scanner(habit, self._expects_repeat, self._hot_key, self)
        self._house = house_deeds(self)
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
            self._screens[name] = screen
            self.shell.rooms.addWidget(screen)
        if self.shell.prompt.question is not None:
            self.shell.prompt.leave()
        self.current, self.view = name, None
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
        before = self.shell.header.state(name)
        self.shell.header.show_device(name, state, text)
        answer = self.shell.band.answer
        gone = state == "down" and before not in ("down", "off")
        if gone and (answer is None or answer.kind != "bad"):
            self._answer(Answer("warn", self.shell.header.story(name)), None)

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
        shell.line.submitted.connect(lambda text: self._scanned(Scan(text)))
        shell.line.left.connect(self._back_to_work)
        shell.header.tapped.connect(self._tell_device)
        shell.progress.cancelled.connect(self.talk.cancel)
        self.commands.ran.connect(self._run)
        self.talk.told.connect(self._on_told)
        self.talk.progressed.connect(self._on_progress)
        self.scanner.scanned.connect(self._scanned)
        self.scanner.typed.connect(self._typed)
        self._busy.timeout.connect(self._show_busy)
        self._worker.idle_now.connect(self._on_idle)

    def _after_first_paint(self) -> None:
        """What the first picture did not need."""
        app = cast(QApplication, QApplication.instance())
        self.scanner.attach(app, self)
        self.first_painted.emit()
        QTimer.singleShot(_SOUND_AFTER_MS, self.sounds.load)

    # --- from the person

    def _hot_key(self, event: QKeyEvent) -> bool:
        key = name_of(event)
        if key.startswith("Alt+") and key[4:] in "123456789" and self.allowed:
            place = int(key[4:]) - 1
            if place < len(self.allowed):
                self.go(self.allowed[place])
            return True
        return self.commands.press(event)

    def _typed(self, text: str) -> None:
        if self.shell.prompt.question is not None:
            self.shell.prompt.type(text)
        else:
            self.shell.line.show()
            self.shell.line.take(text)

    def _scanned(self, scan: Scan) -> None:
        self.shell.line.show_scan(scan.raw)
        self.shell.wake(line=True)
        try:
            if self.commands.scan(scan) or self.shell.prompt.scanned(scan.raw):
                return
            if self.shell.prompt.question is not None:
                raise Refused(
                    "question_open",
                    _("{code} does not answer the question on the screen.").format(code=scan.raw),
                    _("Answer it, or leave it with Esc."),
                )
        except Refused as refused:
            self._answer(messages.judge(refused, {}).answer, None)
            return
        self.ask(lambda: self.talk.scan(scan))

    def _run(self, action: str, value: str) -> None:
        of_room = any(known.name == action for known in self.commands.room)
        if action in self._house and not of_room:
            self._house[action]()
        else:
            title = next((a.label for a in self.commands.every() if a.name == action), "")
            self.shell.progress.start(title)
            self.ask(lambda: self.talk.act(action, value))

    def _expects_repeat(self) -> bool:
        return bool(getattr(self.view, "expects_repeat", False))

    def ask(self, call: Callable[[], None]) -> None:
        """Ask the room for something; when the answer takes long, the line says so."""
        call()
        self._busy.start()

    # --- from the rooms

    def _on_told(self, told: Told) -> None:
        if told.verb == "act":
            self.shell.progress.hide()
        if told.answer is not None:
            self._answer(told.answer, told.seconds)
        if told.room == self.current and told.view is not None:
            self.view = told.view
            self._show_actions(told.actions)
            self._draw()
            if told.answer is not None:
                self._screens[told.room].draw_answer(told.answer)
        self._judge_store(told)
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

    def _answer(self, answer: Answer, seconds: float | None) -> None:
        self.shell.band.show_answer(answer, seconds)
        self.shell.wake()
        self.sounds.play(answer.kind)

    def _judge_store(self, told: Told) -> None:
        if told.down:
            device = device_of(told.down, self._device_names)
            if device:
                self.shell.header.show_device(
                    device, "down", told.answer.text if told.answer else ""
                )
        elif (
            told.code not in ("bug", "left", "room_changed")
            and self.shell.header.state("store") == "down"
        ):
            self.shell.header.show_device("store", "ok")

    def tell_bug(self, report: str) -> None:
        """Say in plain words that a bug was caught, and under which id it is in the log."""
        self._answer(Answer("bad", messages.bug_words(report)), None)
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
            self._answer(verdict.answer, None)
            if verdict.report:
                self.tell_bug(verdict.report)

        self._worker.submit(job, done, failed)

    # --- the house's own actions

    def _leave(self) -> None:
        self.talk.forget()
        if self.shell.prompt.question is not None:
            self.shell.prompt.leave()
        self.current, self.view = "", None

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

    def _tell_device(self, name: str) -> None:
        kind = "ok" if self.shell.header.state(name) == "ok" else "warn"
        self._answer(Answer(cast(Any, kind), self.shell.header.story(name)), None)
