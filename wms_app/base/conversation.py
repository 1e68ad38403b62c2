"""How a room talks with the person: scans and actions in, an answer and a view out. No Qt.

A presenter holds one conversation. The window, `wms day` and the tests drive the same presenters:

    presenter.open()                    # load what is there; fills presenter.view
    answer = presenter.scan(scan)       # one scan, one transaction, one answer
    answer = presenter.act("undo")      # a function key or a scanned command

After each call `presenter.view` is a frozen dataclass that a screen can draw. `scan` and `act`
raise `Refused` or `Down`; whoever drives the presenter catches them in one place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from wms_app.base.codes import Code, Own, Scan, new_id
from wms_app.base.refusal import Refused
from wms_app.base.texts import _

AnswerKind = Literal["ok", "done", "warn", "bad"]


@dataclass(frozen=True)
class Answer:
    """What the person is told: accepted, accepted and done, look at this, refused."""

    kind: AnswerKind
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Action:
    """One thing the person may do now, by key or by scanning the command sheet.

    `name` is what `act` takes and what the sheet's code `CMD.<NAME>` carries (upper case, with
    hyphens); `key` is the function key ("F9", "Ctrl+E", "" for none); `label` is translated.
    `asks` says what the value is when the action needs one: "" none, "number", "text", "secret",
    "reason" (one of `choices` or one's own words), "file", "choice". `confirm` is asked first.
    `sheet`: what the printed sheet calls it, where that is not its name ("next", "close").
    """

    name: str
    key: str
    label: str
    asks: Literal["", "number", "text", "secret", "reason", "choice", "file"] = ""
    prompt: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    confirm: str = ""
    sheet: str = ""


def commanded(actions: Iterable[Action], command: str) -> str:
    """The action that a scanned command names ("NEXT", "SET-ASIDE"), or means here; else the name
    as it would be one."""
    name = command.lower().replace("-", "_")
    known = list(actions)
    if all(action.name != name for action in known):
        name = next((action.name for action in known if action.sheet == name), name)
    return name


V = TypeVar("V")


def changed(view: V, **fields: Any) -> V:
    """A view like this one but for some fields: `dataclasses.replace` at a tenth of its time, for
    what is drawn after every piece. The fields are taken as they are."""
    fresh = object.__new__(type(view))
    fresh.__dict__.update(view.__dict__, **fields)
    return fresh


Progress = Callable[[int, int], bool]
"""Called with (done, total); False means the person cancelled: stop at the next safe place."""


class Presenter(Protocol):
    """The conversation of one room."""

    @property
    def view(self) -> Any:
        """What the screen draws: a frozen dataclass."""

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the person may do now, in the order of the key bar."""

    def open(self) -> None:
        """Load what is there and fill `view`; called when the room is entered."""

    def refresh(self) -> None:
        """Load again after others changed something; keeps the step the person is in."""

    def scan(self, scan: Scan) -> Answer:
        """One scan: at most one transaction, always an answer or `Refused`/`Down`."""

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        """One action of `actions`; `operation` is its id, made by whoever caught the key."""


class ScanningRoom(ABC):
    """A conversation by scans: each reading is heard once, and the same again has the same answer.

    A room says what a scan does (`_scan`) and what an action does (`_act`). A code of the command
    sheet is the action that it names; the scan's id is then the operation's.
    """

    view: Any
    _last: tuple[str, Answer] | None = None

    @property
    @abstractmethod
    def actions(self) -> tuple[Action, ...]:
        """See `Presenter`."""

    def scan(self, scan: Scan) -> Answer:
        """One scan at the step shown. The same reading again gives the same answer."""
        code = scan.code
        if isinstance(code, Own) and code.kind == "CMD":
            return self.act(commanded(self.actions, code.value), operation=scan.id)
        return self._once(scan.id, lambda: self._scan(scan, code))

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        """One action of `actions`; the same operation again gives the same answer."""
        operation = operation or new_id()
        return self._once(operation, lambda: self._act(action, value, operation))

    def expects(self, code: Code) -> bool:  # noqa: ARG002
        """Whether the step wants just this code. A camera sees everything that lies about: what it
        reads is applied only then, and else it is as if nothing had been there."""
        return False

    @abstractmethod
    def _scan(self, scan: Scan, code: Code) -> Answer:
        """What one scan does."""

    @abstractmethod
    def _act(self, action: str, value: str, operation: str) -> Answer:
        """What one action does; refused when it is none of this step."""

    def _once(self, operation: str, work: Callable[[], Answer]) -> Answer:
        if self._last and self._last[0] == operation:
            return self._last[1]
        answer = work()
        self._last = (operation, answer)
        return answer

    def _no_such(self, instead: str = "") -> Refused:
        """The refusal of an action that this step does not have."""
        return Refused(
            "no_action", _("That can't be done here."), instead or str(self.view.instruction)
        )
