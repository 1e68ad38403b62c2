"""What the device strip tells: a device that went away, the store that came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wms_app.base.conversation import Answer
from wms_app.desk.header import Header, State
from wms_app.desk.talk import LEFT, Told

_ALIASES = {"printer": "labels", "database": "store", "db": "store"}


class Strip:
    """Keeps the header's devices and says aloud when one goes away."""

    def __init__(self, header: Header, tell: Callable[[Answer], None]) -> None:
        self._header = header
        self._tell = tell

    def show_device(self, name: str, state: State, text: str = "") -> None:
        """How a device is. `text`: the weight, or what is wrong and how to go on without it."""
        before = self._header.state(name)
        self._header.show_device(name, state, text)
        if state == "down" and before not in ("down", "off"):
            self._tell(Answer("warn", *self._header.story(name)))

    def judge(self, told: Told) -> None:
        """A room's answer says how the store is, and which device let it down."""
        if told.down:
            device = device_of(told.down, self._header.names())
            words = told.answer.text if told.answer else ""
            self._header.show_device(device, "down", words)
            return
        heard = told.code not in ("bug", "room_changed", LEFT)
        if heard and self._header.state("store") == "down":
            self._header.show_device("store", "ok")

    def tell(self, name: str) -> None:
        """Say how a device is (it was tapped)."""
        text, detail = self._header.story(name)
        fine = self._header.state(name) == "ok"
        self._tell(Answer("ok" if fine else "warn", text, detail))


def device_of(what: str, names: Sequence[str]) -> str:
    """The device on the strip that `Down.what` means ("printer" is "labels"); "" for none."""
    head = what.split(":", 1)[0]
    return next((name for name in (what, head, _ALIASES.get(head, "")) if name in names), "")
