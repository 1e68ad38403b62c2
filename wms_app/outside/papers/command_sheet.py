"""The command sheet: what a scanner can say besides goods, to hang up at every station."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from wms_app.base.codes import own
from wms_app.base.texts import _, mark
from wms_app.outside.papers.document import MARGIN, Document, Paper
from wms_app.outside.papers.pen import GREY, LINE, Pen
from wms_app.outside.papers.symbols import bars

Command = Literal[
    "CONFIRM", "SHORT", "DAMAGED", "SKIP", "UNDO", "HOLD", "REPRINT", "NEXT", "CLOSE", "SIGN-OUT"
]

# What each command is called and what it does, in the order of the sheet.
COMMANDS: dict[Command, tuple[str, str]] = {
    "CONFIRM": (mark("Confirm"), mark("Yes, go on")),
    "SHORT": (mark("Short"), mark("Fewer are here than asked")),
    "DAMAGED": (mark("Damaged"), mark("What is here is broken")),
    "SKIP": (mark("Skip"), mark("Come back to this later")),
    "UNDO": (mark("Undo"), mark("Take the last step back")),
    "HOLD": (mark("Hold"), mark("Stop this order, a supervisor looks at it")),
    "REPRINT": (mark("Reprint"), mark("Print the last label once more")),
    "NEXT": (mark("Next"), mark("Go to the next one")),
    "CLOSE": (mark("Close"), mark("This is complete")),
    "SIGN-OUT": (mark("Sign out"), mark("End my work at this station")),
}
_HEIGHT = 46.0


def command_sheet_pdf(paper: Paper = "A4") -> bytes:
    """One page: two columns of commands, each with its name, what it does, and its barcode."""
    document = Document(_("Command sheet"), paper, code=_("Scan instead of typing"))
    commands = list(COMMANDS)
    for start in range(0, len(commands), 2):
        document.part(_HEIGHT, _row(commands[start : start + 2], document.inner_mm))
    return document.pdf()


def _row(commands: list[Command], width_mm: float) -> Callable[[Pen, float], None]:
    half = width_mm / 2

    def draw(pen: Pen, y: float) -> None:
        for place, command in enumerate(commands):
            _draw_command(pen, command, MARGIN + place * half, y, half)
        pen.area(MARGIN, y + _HEIGHT - 2, width_mm, 0.2, LINE)

    return draw


def _draw_command(pen: Pen, command: Command, x: float, y: float, width_mm: float) -> None:
    name, meaning = COMMANDS[command]
    room = width_mm - 8
    pen.box_text(_(name), x, y, room, 9.5, max_mm=7.0, min_mm=3.6, bold=True)
    pen.box_text(_(meaning), x, y + 9.4, room, 5.4, max_mm=3.6, min_mm=2.2, color=GREY)
    code = own("CMD", command)
    symbol = bars("code128", code)
    module = min(0.38, (width_mm - 4) / symbol.width)
    pen.bars(symbol, x, y + 17, module, 18)
    pen.box_text(code, x, y + 35.6, room, 5.0, max_mm=3.0, min_mm=2.0, color=GREY)
