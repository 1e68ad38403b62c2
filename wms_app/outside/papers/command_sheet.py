"""The command sheet: what a scanner can say besides goods, to hang up at every station."""

from __future__ import annotations

from typing import Literal

from wms_app.base.codes import own
from wms_app.base.texts import mark

Command = Literal[
    "CONFIRM", "SHORT", "DAMAGED", "SKIP", "UNDO", "HOLD", "REPRINT", "NEXT", "CLOSE", "SIGN-OUT"
]

# What each command is called and what it does, in the order of the sheet; the words stand in
# labels/commands.toml and are here for the translators.
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


def command_sheet_values() -> dict[str, str]:
    """What the design “commands” takes: the code of each command by its field."""
    return {name.lower().replace("-", "_"): own("CMD", name) for name in COMMANDS}


def command_sheet_pdf(dpi: int = 300, copies: int = 1) -> bytes:
    """One page that fits on A4 and on Letter: each command with its name, meaning and barcode."""
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.label import label_pdf

    return label_pdf(load_design("commands"), [command_sheet_values()] * copies, dpi)
