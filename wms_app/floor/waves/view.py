"""What the screen of Release draws: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from wms_app.floor.waves.choosing import Group, ListRow, ShortRow, Waiting

Section = Literal["ready", "lists", "short"]
SECTIONS: tuple[Section, ...] = ("ready", "lists", "short")
NOBODY = Waiting(0, 0, 0)


@dataclass(frozen=True)
class ReleaseView:
    """What can go out, the lists and the short orders; `chosen` are numbers of `groups` from 1.

    `list_id`: the list that the actions are about, 0 for none. `unprinted`: lists to be walked
    that are on no paper yet. `made`: codes of the lists made last. `now` and `zone`: to say how
    long is left.
    """

    section: Section = "ready"
    groups: tuple[Group, ...] = ()
    chosen: frozenset[int] = frozenset()
    lists: tuple[ListRow, ...] = ()
    short: tuple[ShortRow, ...] = ()
    waiting: Waiting = NOBODY
    list_id: int = 0
    unprinted: int = 0
    made: tuple[str, ...] = ()
    now: datetime | None = None
    zone: str = "UTC"

    @property
    def chosen_orders(self) -> int:
        """How many orders are chosen."""
        return sum(group.orders for n, group in enumerate(self.groups, 1) if n in self.chosen)

    @property
    def chosen_units(self) -> int:
        """How many pieces are chosen."""
        return sum(group.units for n, group in enumerate(self.groups, 1) if n in self.chosen)

    @property
    def ready(self) -> int:
        """How many orders could be released."""
        return sum(group.orders for group in self.groups)

    @property
    def waiting_allocation(self) -> int:
        """How many orders have no stock promised yet: never looked at, or short."""
        return self.waiting.received + self.waiting.short

    @property
    def pointed(self) -> ListRow | None:
        """The list that the actions are about."""
        return next((row for row in self.lists if row.list_id == self.list_id), None)
