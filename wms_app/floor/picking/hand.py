"""What a picker has in hand: the list, the stop begun, the bin stood at, steps to take back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from wms_app.floor.picking.undo import Step as Done
from wms_app.floor.picking.view import Step
from wms_app.floor.picking.walk import Stop, Walk


@dataclass
class Hand:
    """Only the conversation; what was picked is the store's to say.

    `putting` is the pick whose pieces are on their way into their tote.
    """

    list_id: int | None = None
    pick_id: int | None = None
    bin: str = ""
    putting: int | None = None
    skipped: list[int] = field(default_factory=list)
    steps: list[Done] = field(default_factory=list)
    told: set[int] = field(default_factory=set)

    def copy(self) -> Hand:
        """The same, which does not change with this one."""
        lists = [*self.skipped], [*self.steps], {*self.told}
        return Hand(self.list_id, self.pick_id, self.bin, self.putting, *lists)

    @property
    def holds(self) -> int | None:
        """The pick whose pieces are in hand."""
        return self.putting or self.pick_id

    def leave(self, walk: Walk) -> None:
        """Leave a stop that is not to be walked any more, and forget the steps of such stops."""
        gone = {
            stop.pick_id
            for stop in walk.stops
            if stop.order_state == "cancelled" or stop.state == "void" or stop.holds
        }
        if self.holds in gone:
            self.pick_id, self.putting, self.bin = None, None, ""
        self.steps = [step for step in self.steps if step.pick_id not in gone]

    def took(self, walk: Walk, stop: Stop, pieces: int) -> None:
        """Pieces of the stop were accepted; after the last of them comes the tote."""
        self.steps.append(Done("took", stop.pick_id, pieces))
        complete = pieces == stop.left
        self.pick_id = None if complete else stop.pick_id
        self.putting = stop.pick_id if complete and _asks(walk, stop) else None

    def put(self, stop: Stop, tote: str, *, bound: bool) -> None:
        """The pieces in hand lie in their tote; `bound`: it took up its order by this."""
        step = Done("put", stop.pick_id, tote=tote, order_id=stop.order_id)
        self.steps.append(replace(step, kind="bound") if bound else step)
        self.putting = None

    def skip(self, walk: Walk, stop: Stop) -> None:
        """Put a stop off to the end of the walk; pieces of it in hand go into their tote first."""
        self.putting = stop.pick_id if self._carries(walk, stop) else None
        self.skipped = [n for n in self.skipped if n != stop.pick_id] + [stop.pick_id]
        self.steps.append(Done("skip", stop.pick_id, stood=self.bin == stop.bin))
        self.pick_id, self.bin = None, ""

    def after_short(self, walk: Walk, stop: Stop, *, more_here: bool) -> None:
        """Go on after a shortage, which is not taken back; pieces in hand still want their tote."""
        carries = self._carries(walk, stop)
        self.steps.clear()
        self.pick_id = stop.pick_id if more_here else None
        self.putting = stop.pick_id if carries and not more_here else None

    def back_to(self, walk: Walk | None, step: Done) -> None:
        """Stand again where a step was taken."""
        stop = walk.stop(step.pick_id) if walk is not None else None
        put = step.kind in ("put", "bound")
        self.putting, self.pick_id = (step.pick_id, None) if put else (None, step.pick_id)
        self.skipped = [n for n in self.skipped if n != step.pick_id]
        self.bin = stop.bin if stop is not None and step.kind != "bin" and step.stood else ""

    def stop(self, walk: Walk) -> Stop | None:
        """The stop to work at: whose pieces want a tote, else the one begun, else the next."""
        loose = self._loose(walk)
        if loose is not None:
            return loose
        ahead = walk.ahead(self.skipped)
        begun = (stop for stop in ahead if stop.pick_id == self.pick_id)
        return next(begun, ahead[0] if ahead else None)

    def step(self, walk: Walk, stop: Stop | None) -> Step:
        """What is to be scanned next."""
        if stop is None:
            return "done"
        if stop is self._loose(walk):
            return "tote"
        return "item" if self.bin == stop.bin else "bin"

    def _loose(self, walk: Walk) -> Stop | None:
        """The stop whose pieces are to be put into a tote now.

        When one order is picked, its tote is asked for once. After a restart the store tells:
        pieces of an order that has no tote are still in somebody's hands.
        """
        putting = walk.stop(self.putting) if self.putting is not None else None
        if putting is not None:
            return putting
        return next((stop for stop in walk.stops if _toteless(walk, stop)), None)

    def _carries(self, walk: Walk, stop: Stop) -> bool:
        """Whether pieces of the stop were taken that did not go into a tote yet."""
        for step in reversed(self.steps):
            if step.pick_id == stop.pick_id and step.kind in ("took", "put", "bound"):
                return step.kind == "took" and _asks(walk, stop)
        return False


def _asks(walk: Walk, stop: Stop) -> bool:
    """Whether the tote is scanned after the pieces of this stop."""
    return walk.several or stop.order_id not in walk.totes


def _toteless(walk: Walk, stop: Stop) -> bool:
    """Whether pieces taken at a stop that is over lie in no tote and in no box."""
    return (
        stop.state != "open"
        and stop.picked > 0
        and stop.order_id not in walk.totes
        and stop.order_state in ("released", "picked", "short")
        and not stop.holds
        and not stop.packed
    )
