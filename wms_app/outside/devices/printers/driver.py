"""What every kind of printer can be asked, and the answers it may give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from wms_app.base.refusal import Down
from wms_app.base.texts import _
from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.printers.state import State

Outcome = Literal["done", "sent"]


class Unsure(Down):
    """The printer went away while it was sent a paper: it may come out or not."""


@dataclass(frozen=True)
class Sheet:
    """One paper: `size` is "label", "A4" or "Letter"; `name` is what a person calls it."""

    size: str
    name: str
    content: bytes
    kind: Kind


@dataclass(frozen=True)
class Put:
    """What came of a paper: "done", or "sent" while the printer still holds it; and where it is."""

    outcome: Outcome
    where: str


class Driver(Protocol):
    """One printer. It holds no line open while nothing is printed."""

    @property
    def speaks(self) -> Kind:
        """In which language it wants our labels."""

    @property
    def dpi(self) -> int:
        """Its dots per inch."""

    @property
    def backs_up(self) -> bool:
        """Whether it may hold a paper that it was sent: `look` then tells how many."""

    def look(self) -> State:
        """How it is now. `Down`: it does not answer."""

    def put(self, sheet: Sheet) -> Put:
        """Print. `Down`: nothing was sent; `Unsure`: it may come out; Refused: not on this one."""


def away(where: str, error: OSError | str) -> Down:
    """The words for a printer that is not there."""
    why = (error.strerror or str(error)) if isinstance(error, OSError) else error
    return Down(
        "printer",
        _("The printer {where} is away ({why}). Switch it on and look at its cable.").format(
            where=where, why=why or _("no answer")
        ),
    )


def unsure(name: str) -> Unsure:
    """The words for a paper of which nobody knows whether it came out."""
    return Unsure(
        "printer",
        _(
            "The printer went away while it printed “{name}”: look whether it came out. "
            "If it did not, print it again."
        ).format(name=name),
    )
