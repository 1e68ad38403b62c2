"""From a key, a button or a scanned command to an action: asked for, confirmed, then done."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from wms_app.base.codes import Own, Scan
from wms_app.base.conversation import Action, commanded
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.desk.prompt import Prompt, Question, question_of


class Commands(QObject):
    """Knows what may be done now; `ran(action, value)` says that it is to be done."""

    ran = Signal(str, str)

    def __init__(self, prompt: Prompt) -> None:
        super().__init__()
        self._prompt = prompt
        self.room: tuple[Action, ...] = ()
        self.house: tuple[Action, ...] = ()
        self.silent: tuple[Action, ...] = ()  # of the house too, but not on the key bar

    def every(self) -> tuple[Action, ...]:
        """Everything that may be done now; the room's own come first."""
        return (*self.room, *self.house, *self.silent)

    def press(self, event: QKeyEvent) -> bool:
        """Whether the press was the key of an action, which is then begun."""
        pressed = name_of(event)
        action = next((action for action in self.every() if action.key == pressed), None)
        if action is None or not pressed:
            return False
        if self._prompt.question is None:
            self.start(action.name)
        return True

    def scan(self, scan: Scan) -> bool:
        """Take a scanned command. Refused: one that can't be done now, or a damaged code."""
        if not scan.raw.strip().upper().startswith("CMD."):
            return False
        code = scan.code
        if not isinstance(code, Own):
            return False
        name = commanded(self.every(), code.value)
        if name in ("confirm", "cancel") and self._prompt.question is not None:
            (self._prompt.accept if name == "confirm" else self._prompt.leave)()
            return True
        if all(action.name != name for action in self.every()):
            raise Refused(
                "not_now",
                _("{command} can't be done at this step.").format(command=code.value),
                _("Possible now: {actions}.").format(
                    actions=", ".join(action.label for action in self.room) or _("nothing")
                ),
            )
        if self._prompt.question is not None:
            self._prompt.leave()
        self.start(name)
        return True

    def start(self, name: str, value: str = "") -> None:
        """Begin an action: what is to be confirmed or asked is asked first."""
        action = next((action for action in self.every() if action.name == name), None)
        if action is None or value:
            self.ran.emit(name, value)
        elif action.confirm:
            self._confirm(action)
        else:
            self._ask(action)

    def _confirm(self, action: Action) -> None:
        question = Question("confirm", action.label, action.confirm)
        self._prompt.ask(question, lambda _yes: self._ask(action))

    def _ask(self, action: Action) -> None:
        if action.asks:
            self._prompt.ask(question_of(action), lambda value: self.ran.emit(action.name, value))
        else:
            self.ran.emit(action.name, "")


def name_of(event: QKeyEvent) -> str:
    """The key as an `Action` names it: "F9", "Ctrl+E", "Alt+3"; "" for a letter on its own."""
    keypad = Qt.KeyboardModifier.KeypadModifier
    held = event.modifiers() & ~keypad
    strong = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    function = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
    if not (held & strong or function):
        return ""
    text = QKeySequence(event.key()).toString(QKeySequence.SequenceFormat.PortableText)
    names = (
        (Qt.KeyboardModifier.ControlModifier, "Ctrl+"),
        (Qt.KeyboardModifier.AltModifier, "Alt+"),
        (Qt.KeyboardModifier.ShiftModifier, "Shift+"),
    )
    return "".join(name for modifier, name in names if held & modifier) + text
