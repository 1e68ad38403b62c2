"""Setup's page that learns a scanner: three codes are shown, what they teach is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from wms_app.base.codes import Scan
from wms_app.base.conversation import Action, Answer
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.devices.scanners.learning import (
    DIGITS_DRAWN,
    LESSONS,
    LETTERS,
    SEPARATORS_DRAWN,
    Burst,
    Kind,
    Learner,
)

if TYPE_CHECKING:
    from wms_app.outside.papers.pen import Pen
    from wms_app.outside.papers.symbols import Bars

_MODULE_MM = 0.339  # four dots of 300 dpi


@dataclass(frozen=True)
class LearningView:
    """`step` of `steps` (from 1; beyond them all is heard); `bars`: the modules of the code to be
    scanned, 1 for a bar, and `human` below it; `remarks`: (well, words)."""

    step: int
    steps: int
    bars: str
    human: str
    remarks: tuple[tuple[bool, str], ...] = ()


class LearningPage:
    """The conversation; `save` keeps what was learned, `printed` prints the sheet of codes."""

    def __init__(
        self,
        save: Callable[[dict[str, Any]], None],
        printed: Callable[[bytes], str],
    ) -> None:
        self._save = save
        self._printed = printed
        self._learner = Learner()

    def view(self) -> LearningView:
        """What is to be scanned, and what is known."""
        lesson = self._learner.lesson
        remarks = tuple((one.well, one.words) for one in self._learner.remarks)
        step = self._learner.step + 1
        if not lesson:
            return LearningView(step, len(LESSONS), "", "", remarks)
        symbol = symbol_of(lesson)
        return LearningView(step, len(LESSONS), symbol.modules, symbol.human, remarks)

    def actions(self) -> tuple[Action, ...]:
        """Keys that a scanner does not send."""
        again = Action("learn_again", "F3", _("Begin anew"))
        back = Action("devices", "F4", _("Devices"))
        sheet = Action("learn_sheet", "F2", _("Print the codes"))
        if not self._learner.lesson:
            return (sheet, again, back, Action("learn_save", "F6", _("Keep this")))
        out = Action("learn_out", "F5", _("It can't read this one"))
        return (sheet, again, back, *((out,) if self._learner.step else ()))

    def begin(self) -> None:
        """Forget what was learned."""
        self._learner = Learner()

    def act(self, action: str, value: str) -> Answer:
        """`heard` with the JSON of a burst, or one of `actions`. Refused: see `Learner`."""
        match action:
            case "heard":
                return self._heard(Burst(**json.loads(value)))
            case "learn_out":
                self._learner.leave_out()
                return Answer("ok", "")
            case "learn_again":
                self.begin()
                return Answer("ok", "")
            case "learn_sheet":
                return Answer("done", _("The codes are printed."), self._printed(sheet_pdf()))
            case "learn_save" if not self._learner.lesson:
                learned = asdict(self._learner.learned)
                self._save({f"scanner_{name}": value for name, value in learned.items()})
                return Answer("done", _("Kept: this station reads the scanner so."))
            case _:
                raise Refused("not_now", _("That can't be done here."))

    def scan(self, scan: Scan) -> Answer:
        """A scanner that is no keyboard: nothing stands around its codes."""
        return self._heard(Burst(scan.raw, scan.raw))

    def _heard(self, burst: Burst) -> Answer:
        self._learner.hear(burst)
        last = self._learner.remarks[-1]
        if self._learner.lesson:
            return Answer("done" if last.well else "warn", _("Heard. Scan the next code."))
        well = all(one.well for one in self._learner.remarks)
        words = _("That is all. F6 keeps it.")
        return Answer("done" if well else "warn", words, "" if well else _("See the remarks."))


def symbol_of(lesson: Kind) -> Bars:
    """The code of a lesson, as it is drawn."""
    from wms_app.outside.papers.symbols import bars

    match lesson:
        case "letters":
            return bars("code128", LETTERS)
        case "separators":
            return bars("gs1-128", SEPARATORS_DRAWN)
        case _:
            return bars("ean13", DIGITS_DRAWN)


def sheet_pdf() -> bytes:
    """The three codes on a sheet of A4, to be scanned where a screen can't be."""
    from wms_app.outside.papers.document import Document

    note = _("Scan these three codes, one after the other.")
    page = Document(_("Learn a scanner"), "A4", code=_("Learn a scanner"), note=note)
    for place, lesson in enumerate(LESSONS, start=1):
        page.gap(10)
        page.part(42, partial(_draw, place, symbol_of(lesson)))
    return page.pdf()


def _draw(place: int, symbol: Bars, pen: Pen, y_mm: float) -> None:
    pen.text(str(place), 20, y_mm + 18, 12, bold=True)
    pen.bars(symbol, 40, y_mm, _MODULE_MM, 26)
    pen.text(symbol.human, 40, y_mm + 32, 4.2)
