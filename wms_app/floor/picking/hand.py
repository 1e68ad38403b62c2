"""What a picker has in hand: the list, the stop begun, the bin stood at, steps to take back."""

from __future__ import annotations

from dataclasses import dataclass, field

from wms_app.floor.picking.undo import Step as Done
from wms_app.floor.picking.view import Step
from wms_app.floor.picking.walk import Stop, Walk


@dataclass
class Hand:
    """Only the conversation; what was picked is the store's to say.

    `confirm` is the pick whose pieces are on their way into their tote.
    """

    list_id: int | None = None
    pick_id: int | None = None
    bin: str = ""
    confirm: int | None = None
    skipped: list[int] = field(default_factory=list)
    steps: list[Done] = field(default_factory=list)
    told: set[int] = field(default_factory=set)

    @property
    def holds(self) -> int | None:
        """The pick whose pieces are in hand."""
        return self.confirm or self.pick_id

    def leave(self, walk: Walk) -> None:
        """Leave a stop that is not to be walked any more, and forget the steps of such stops."""
        gone = {
            stop.pick_id
            for stop in walk.stops
            if stop.order_state == "cancelled" or stop.state == "void" or stop.holds
        }
        if self.holds in gone:
            self.pick_id, self.confirm, self.bin = None, None, ""
        self.steps = [step for step in self.steps if step.pick_id not in gone]

    def skip(self, pick_id: int) -> None:
        """Put a stop off to the end of the walk."""
        self.skipped = [n for n in self.skipped if n != pick_id] + [pick_id]
        self.steps.append(Done("skip", pick_id))
        self.pick_id, self.bin = None, ""

    def back_to(self, walk: Walk | None, step: Done) -> None:
        """Stand again where a step was taken."""
        self.confirm, self.pick_id = None, step.pick_id
        self.skipped = [n for n in self.skipped if n != step.pick_id]
        stop = walk.stop(step.pick_id) if walk is not None else None
        stood = step.kind == "took" or (step.kind == "tote" and walk is not None and walk.several)
        self.bin = stop.bin if stop is not None and stood else ""

    def fresh_tote(self, stop: Stop) -> bool:
        """Whether the stop's tote was scanned at this very stop, before its pieces."""
        return any(step.kind == "tote" and step.pick_id == stop.pick_id for step in self.steps)

    def stop(self, walk: Walk) -> Stop | None:
        """The stop to work at: the one begun, else another at this bin, else the next."""
        ahead = walk.ahead(self.skipped)
        for stop in ahead:
            if stop.pick_id == self.pick_id:
                return stop
        for stop in ahead:
            if self.bin and stop.bin == self.bin and stop.pick_id not in self.skipped:
                return stop
        return ahead[0] if ahead else None

    def step(self, walk: Walk, stop: Stop | None) -> Step:
        """What is to be scanned next."""
        if self.confirm is not None:
            return "confirm"
        if stop is None:
            return "held" if walk.held() else "done"
        if not walk.several and stop.order_id not in walk.totes:
            return "tote"
        if self.bin != stop.bin:
            return "bin"
        return "item" if stop.order_id in walk.totes else "tote"
