"""Runs the presenters in the worker and brings back what to draw and what to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event
from time import monotonic, perf_counter
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from wms_app.base.codes import Own, Scan, new_id
from wms_app.base.conversation import Action, Answer, Presenter
from wms_app.base.refusal import Down, Refused, Unknown
from wms_app.base.texts import _
from wms_app.desk.messages import Verdict, judge
from wms_app.desk.work import Worker

Verb = Literal["open", "scan", "act", "refresh"]
LEFT = "left"  # the code of what came back after its room was left
_REPORT_EVERY = 0.15  # seconds between two pictures of the progress


@dataclass(frozen=True)
class Told:
    """What came of one call of a presenter.

    `seconds` runs from the key press to the answer. `code` is the refusal's, "down", "bug", or
    "left" for an opening or refreshing that came back when its room was left (view None).
    """

    room: str
    verb: Verb
    view: Any
    actions: tuple[Action, ...]
    answer: Answer | None
    seconds: float
    code: str = ""
    down: str = ""
    report: str = ""


@dataclass(frozen=True)
class _Call:
    """One call of a presenter, to be made again just so when its outcome was not known."""

    room: str
    verb: Verb
    call: Callable[[Presenter], Answer | None]
    about: str
    operation: str


class _Session:
    """The presenters of one person; one that could not be opened is opened at the next call."""

    def __init__(self) -> None:
        self.unknown: _Call | None = None
        self.makers: dict[str, Callable[[], Presenter]] = {}
        self.presenters: dict[str, Presenter] = {}
        self.opened: set[str] = set()

    def presenter(self, room: str, opening: bool) -> Presenter:
        """The presenter of `room`, opened if it is not yet; `opening`: opened anew."""
        if room not in self.presenters:
            self.presenters[room] = self.makers[room]()
        presenter = self.presenters[room]
        if opening or room not in self.opened:
            self.opened.discard(room)
            presenter.open()
            self.opened.add(room)
        return presenter

    def shows(self, room: str) -> tuple[Any, tuple[Action, ...]]:
        """The view and the actions of `room`; none before it was opened."""
        if room not in self.opened:
            return None, ()
        presenter = self.presenters[room]
        return presenter.view, tuple(presenter.actions)


class Talk(QObject):
    """The conversations of the person who is signed in, one per room.

    Everything asked belongs to the visit in which it was asked: a scan that waited while the
    person went to another room is refused, never applied there.
    """

    told = Signal(object)
    progressed = Signal(int, int)

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._session = _Session()
        self._room = ""
        self._visit = 0
        self._cancelled = Event()
        self._reported = 0.0
        self._refreshing = False
        self.was_applied: Callable[[str], bool] = lambda _operation: False

    def enter(self, room: str, make: Callable[[], Presenter]) -> None:
        """Begin a visit; the presenter is made on the first one and opened on every one."""
        self._room = room
        self._visit += 1
        self._session.makers[room] = make
        self._ask("open", lambda _presenter: None)

    def forget(self) -> None:
        """The person has gone: their conversations end, what still waits is refused."""
        self._session = _Session()
        self._visit += 1
        self._room = ""

    def scan(self, scan: Scan) -> None:
        """One scan for the room in which it was made."""
        self._ask("scan", lambda presenter: presenter.scan(scan), _kind_of(scan), scan.id)

    def see(self, scan: Scan, taken: Callable[[], None], ignored: Callable[[], None]) -> None:
        """A code that a camera read: applied when the step expects just this, else passed over.

        `taken` or `ignored` is called on the GUI thread, before the answer is told.
        """
        room, visit, session = self._room, self._visit, self._session
        started = perf_counter()

        def job() -> Told | None:
            gone = visit != self._visit or session.unknown is not None
            if gone or not _expects(session, room, scan):
                return None
            call = _Call(room, "scan", lambda presenter: presenter.scan(scan), "", scan.id)
            return self._make(session, call, started)

        def done(told: Told | None) -> None:
            (ignored if told is None else taken)()
            self._tell_if_any(told)

        self._worker.submit(job, done, self._fail)

    def act(self, action: str, value: str = "") -> None:
        """One action, with its operation id made now, so that it is applied once."""
        operation = new_id()
        self._ask("act", lambda room: room.act(action, value, operation), action, operation)

    def refresh(self) -> None:
        """Load again what others may have changed; one waiting is enough."""
        if not self._refreshing and self._room:
            self._refreshing = True
            self._ask("refresh", lambda presenter: presenter.refresh())

    def waits_for_the_store(self) -> bool:
        """Whether the outcome of the last call is not known yet."""
        return self._session.unknown is not None

    def look_up(self) -> None:
        """Learn what came of the call whose answer was lost: it is made again with its id."""
        session = self._session

        def job() -> Told | None:
            return self._look_up(session)

        self._worker.submit(job, self._tell_if_any, self._fail)

    def cancel(self) -> None:
        """Ask the long work that runs to stop at the next safe place."""
        self._cancelled.set()

    def _ask(
        self,
        verb: Verb,
        call: Callable[[Presenter], Answer | None],
        about: str = "",
        operation: str = "",
    ) -> None:
        room, visit, session = self._room, self._visit, self._session
        started = perf_counter()
        this = _Call(room, verb, call, about, operation)

        def job() -> Told:
            if visit != self._visit and verb in ("open", "refresh"):
                return Told(room, verb, None, (), None, 0, LEFT)  # nobody looks any more
            self._cancelled.clear()
            found = self._look_up(session)
            if found is not None:
                if found.code in ("down", "unknown"):
                    return replace(found, verb=verb, answer=_still_away())
                self.told.emit(found)
            try:
                if visit != self._visit:
                    raise _too_late()
            except Refused as refused:
                verdict = judge(refused, {})
                return _told(room, verb, session, verdict.answer, started, verdict)
            return self._make(session, this, started)

        def tell(told: Told) -> None:
            if verb == "refresh":
                self._refreshing = False
            self.told.emit(told)

        self._worker.submit(job, tell, self._fail)

    def _make(self, session: _Session, this: _Call, started: float) -> Told:
        """Make the call; in the worker's thread."""
        try:
            presenter = session.presenter(this.room, opening=this.verb == "open")
            if hasattr(presenter, "progress"):
                setattr(presenter, "progress", self._report)  # noqa: B010 (not every room has it)
            answer = this.call(presenter)
        except Exception as error:
            if isinstance(error, Unknown):
                session.unknown = this
            verdict = judge(error, {"room": this.room, "verb": this.verb, "about": this.about})
            return _told(this.room, this.verb, session, verdict.answer, started, verdict)
        return _told(this.room, this.verb, session, answer, started, None)

    def _look_up(self, session: _Session) -> Told | None:
        """The outcome of the call that was not known; None when there is none such.

        The call is made again: done before, it gives its first answer; not done, it is done now.
        A room that has moved on with what was done may refuse to hear it twice: then the store
        says whether it was.
        """
        this = session.unknown
        if this is None:
            return None
        session.unknown = None
        started = perf_counter()
        told = self._make(session, this, started)
        if told.code == "down":
            session.unknown = this  # still away; whether it was done is still not known
        elif told.code and told.code not in ("unknown", "bug"):
            told = self._ask_the_store(session, this, started, told)
        return told

    def _ask_the_store(self, session: _Session, this: _Call, started: float, told: Told) -> Told:
        try:
            if not self.was_applied(this.operation):
                return told
            session.presenter(this.room, opening=False).refresh()
        except Exception as error:
            session.unknown = this
            verdict = judge(error, {"room": this.room, "verb": this.verb, "about": this.about})
            return _told(this.room, this.verb, session, verdict.answer, started, verdict)
        answer = Answer("ok", _("The last scan was saved."), _("Go on with the next."))
        return _told(this.room, this.verb, session, answer, started, None)

    def _tell_if_any(self, told: Told | None) -> None:
        if told is not None:
            self.told.emit(told)

    def _report(self, done: int, total: int) -> bool:
        moment = monotonic()
        if moment - self._reported >= _REPORT_EVERY or done >= total:
            self._reported = moment
            self.progressed.emit(done, total)
        return not self._cancelled.is_set()

    def _fail(self, error: BaseException) -> None:
        """Reading the view itself failed: a bug of the room, told like any other."""
        verdict = judge(error, {"room": self._room, "verb": "view"})
        self._refreshing = False
        self.told.emit(
            Told(self._room, "refresh", None, (), verdict.answer, 0, "bug", "", verdict.report)
        )


def _told(
    room: str,
    verb: Verb,
    session: _Session,
    answer: Answer | None,
    started: float,
    verdict: Verdict | None,
) -> Told:
    view, actions = session.shows(room)
    seconds = perf_counter() - started
    if verdict is None:
        return Told(room, verb, view, actions, answer, seconds)
    return Told(
        room, verb, view, actions, answer, seconds, verdict.code, verdict.down, verdict.report
    )


def _expects(session: _Session, room: str, scan: Scan) -> bool:
    """Whether the room that is open wants this code now; who can't say so wants none."""
    presenter = session.presenters.get(room) if room in session.opened else None
    expects = getattr(presenter, "expects", None)
    if expects is None:
        return False
    try:
        code = scan.code
        return not (isinstance(code, Own) and code.kind == "CMD") and bool(expects(code))
    except (Refused, Down):
        return False


def _too_late() -> Refused:
    return Refused(
        "room_changed",
        _("That was done in another room; it was not applied here."),
        _("Do it again in the room where it belongs."),
    )


def _still_away() -> Answer:
    return Answer(
        "warn",
        _("The store is still away; this one was not taken."),
        _("The one before is looked up by itself; then scan this one again."),
    )


def _kind_of(scan: Scan) -> str:
    """What the log may say of a scan: its kind, never a buyer's number."""
    try:
        code = scan.code
    except Refused as refused:
        return refused.code
    return code.kind if isinstance(code, Own) else type(code).__name__
