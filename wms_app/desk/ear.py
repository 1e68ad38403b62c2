"""What the person does: scans, typing and keys, each sent to where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent

from wms_app.base.codes import Scan
from wms_app.base.conversation import Answer
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.desk.commands import name_of
from wms_app.desk.messages import judge

if TYPE_CHECKING:
    from wms_app.desk.frame import Window


class Ear:
    """Listens for the window: to its scanner and to the keys that are no characters."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def hot_key(self, event: QKeyEvent) -> bool:
        """A function key, Ctrl or Alt with a key: an action, or a room by its place."""
        window, key = self._window, name_of(event)
        if key.startswith("Alt+") and key[4:] in "123456789" and window.allowed:
            place = int(key[4:]) - 1
            if place < len(window.allowed):
                window.go(window.allowed[place])
            return True
        return window.commands.press(event) or self._no_use(key)

    def _no_use(self, key: str) -> bool:
        """A function key that is of no use here is answered too: a silent one is pressed again."""
        window = self._window
        if not (key.startswith("F") and window.allowed) or window.shell.prompt.question is not None:
            return False
        now = ", ".join(f"{action.key} {action.label}" for action in window.commands.room)
        window.say(
            Answer(
                "warn",
                _("{key} does nothing at this step.").format(key=key),
                _("Possible now: {actions}.").format(actions=now or _("nothing")),
            )
        )
        return True

    def typed(self, text: str) -> None:
        """A character that was meant for no field: to the question, or to the scan line."""
        shell = self._window.shell
        if shell.prompt.question is not None:
            shell.prompt.type(text)
        else:
            shell.line.show()
            shell.line.take(text)

    def scanned(self, scan: Scan) -> None:
        """A scan: a command, the answer to the question, or for the room."""
        window = self._window
        shell = window.shell
        shell.line.show_scan(scan.raw)
        shell.wake(line=True)
        try:
            if window.commands.scan(scan) or shell.prompt.scanned(scan.raw):
                return
            if shell.prompt.question is not None:
                raise Refused(
                    "question_open",
                    _("{code} does not answer the question on the screen.").format(code=scan.raw),
                    _("Answer it, or leave it with Esc."),
                )
        except Refused as refused:
            window.say(judge(refused, {}).answer)
            return
        window.ask(lambda: window.talk.scan(scan))

    def expects_repeat(self) -> bool:
        """Whether the step may want the same code again at once."""
        return bool(getattr(self._window.view, "expects_repeat", False))
