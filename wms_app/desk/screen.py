"""What every room's screen is: a widget that draws a view and asks for actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wms_app.base.conversation import Answer

T = TypeVar("T")
Run = Callable[[Callable[[], Any], Callable[[Any], None]], None]


class Screen(QWidget):
    """Only draws. `acted(name, value)` asks the window for an action of the presenter.

    `scans`: whether the room is worked with the scanner; where it is not, the scan line and the
    answer band stay hidden until they have something to say.
    """

    acted = Signal(str, str)
    keys_wanted = Signal(object)  # who takes the scanner's keys raw while it is shown; None: nobody
    scans = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner: Run | None = None

    def draw(self, view: Any) -> None:
        """Show `view`, the presenter's frozen dataclass."""

    def draw_answer(self, answer: Answer) -> None:
        """Show what the answer changes beyond the band; most screens need nothing."""

    def retranslate(self) -> None:
        """Say the static words again in the language spoken now; `draw` follows."""

    def run(self, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """Read something off the GUI thread; `done` gets it on the GUI thread."""
        if self._runner is None:
            done(job())
        else:
            self._runner(job, done)

    def run_by(self, runner: Run) -> None:
        """Where `run` works; the window says it when it takes the screen in."""
        self._runner = runner


def show_only(*parts: tuple[QWidget, bool]) -> None:
    """Show the parts that are wanted, after hiding the others: shown together, even for a moment,
    they could need more height than the window has, and it would grow."""
    for part, wanted in parts:
        if not wanted:
            part.hide()
    for part, wanted in parts:
        if wanted:
            part.show()
