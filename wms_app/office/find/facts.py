"""What the cards of things are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wms_app.base import clock
from wms_app.office.find.lookup import Hit

SHOWN = 200  # things that belong to a card


@dataclass(frozen=True)
class FoundFact:
    """A labelled fact; every line is words already. `picture`: a JPEG that belongs to it."""

    label: str
    lines: tuple[str, ...]
    tone: str = ""
    picture: bytes = b""


# Title, what it is, state, facts, and what belongs to it.
Made = tuple[str, str, str, list[FoundFact], list[Hit]]


def when(moment: datetime | None, zone: str) -> str:
    """A moment by the warehouse's clock, "" for none."""
    return f"{clock.local(moment, zone):%Y-%m-%d %H:%M}" if moment else ""
