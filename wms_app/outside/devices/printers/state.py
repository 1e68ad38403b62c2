"""How a printer is: what it says of itself, in words that a person at the bench can act on.

`~HS` (ZPL II Programming Guide, "Host Status Return") answers three lines between STX and ETX:
the first says paper out (field 2), pause (3), formats in the receive buffer (5), buffer full (6),
part of a format received (8), too cold (11), too hot (12); the second says head open (3), ribbon
out (4, with 5 = thermal transfer), label waiting to be taken (8), labels left of a batch (9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from wms_app.base.texts import _

_LINE = re.compile(rb"\x02([^\x02\x03]*)\x03")
_FIELDS = (12, 11)  # of the first and of the second line; the third holds a password
STOPS = ("paper_out", "head_open", "ribbon_out", "paused", "buffer_full", "too_hot", "too_cold")


@dataclass(frozen=True)
class State:
    """`troubles`: which of STOPS hold; `held`: labels that it was sent and has not printed yet."""

    troubles: tuple[str, ...] = ()
    held: int = 0
    to_take: bool = False

    @property
    def prints(self) -> bool:
        """Whether a label that is sent now comes out."""
        return not self.troubles

    @property
    def words(self) -> str:
        """What is the matter and what to do, "" when nothing is."""
        return " ".join(trouble_words(trouble) for trouble in self.troubles)


def trouble_words(trouble: str) -> str:
    """One trouble, and what mends it."""
    return {
        "paper_out": _("The label printer is out of paper: put in a new roll."),
        "head_open": _("The label printer is open: close its head."),
        "ribbon_out": _("The label printer is out of ribbon: put in a new one."),
        "paused": _("The label printer is paused: press its Pause key."),
        "buffer_full": _("The label printer has more than it can hold: wait a moment."),
        "too_hot": _("The label printer is too hot: let it cool down."),
        "too_cold": _("The label printer is too cold: let it warm up."),
        "offline": _("The printer is switched off or was stopped: switch it on."),
    }[trouble]


def whole(answer: bytes) -> bool:
    """Whether all three lines of `~HS` have come."""
    return len(_LINE.findall(answer)) >= 3


def read_state(answer: bytes) -> State | None:
    """The state that an answer to `~HS` tells; None for what is no such answer, or half of one."""
    lines = [line.decode("ascii", "replace").split(",") for line in _LINE.findall(answer)]
    if len(lines) < 3 or any(len(line) < count for line, count in zip(lines, _FIELDS)):
        return None
    first, second = lines[0], lines[1]
    try:
        held = int(first[4]) + int(second[8])
    except ValueError:
        return None
    said = {
        "paper_out": first[1],
        "head_open": second[2],
        "ribbon_out": second[3] if second[4].strip() == "1" else "0",
        "paused": first[2],
        "buffer_full": first[5],
        "too_hot": first[11],
        "too_cold": first[10],
    }
    troubles = tuple(name for name in STOPS if said[name].strip() == "1")
    return State(troubles, held, second[7].strip() == "1")
