"""What lies on the pan, from the frames of a scale: when it stands still, when it was empty."""

from __future__ import annotations

from fractions import Fraction

from wms_app.outside.devices.scale import NEAR_ZERO_G, Reading
from wms_app.outside.devices.scales.said import Said

NEAR_ZERO_MOST_G = 20
# Most protocols have no checksum: the same byte is not lost on the wire three times in a row.
BELIEVED_FRAMES = 3
STILL_S = 0.5


def near_zero_g(division_g: Fraction) -> int:
    """What an empty pan may show: two divisions, but at least 5 g and at most 20 g."""
    return max(NEAR_ZERO_G, min(NEAR_ZERO_MOST_G, int(2 * division_g)))


class Pan:
    """Remembers whether the pan was empty since the last weight that was taken.

    A weight stands still when the scale says so in three equal frames in a row; where the scale
    never says whether it moves, when it shows the same for half a second. The pan is empty when a
    weight near zero stands still. At the start nobody knows what lies there: a first weight counts
    only after an empty pan.
    """

    def __init__(self) -> None:
        self._last: Said | None = None
        self._same = 0
        self._since = 0.0
        self._stands = False
        self._fresh = False
        self._grams = 0
        self._near_g = NEAR_ZERO_G

    def hear(self, said: Said, now: float) -> None:
        """One frame, at `now` seconds of a steady clock."""
        if said != self._last:
            self._last, self._same, self._since = said, 0, now
        self._same += 1
        self._stands = self._is_still(said, now)
        if said.grams is None:
            return
        self._grams, self._near_g = said.grams, near_zero_g(said.division_g)
        if self._stands and abs(said.grams) <= self._near_g:
            self._fresh = True

    def interrupted(self) -> None:
        """Frames were lost: what comes next is not the same as what was before."""
        self._last, self._same, self._stands = None, 0, False

    def accept(self) -> None:
        """The weight was taken: the pan must be emptied before another one counts."""
        self._fresh = False

    def reading(self) -> Reading | None:
        """What the pan carries; None before anything was heard."""
        if self._last is None:
            return None
        trouble = self._last.trouble
        grams = 0 if trouble else self._grams
        return Reading(grams, self._stands, self._fresh, trouble, self._near_g)

    def _is_still(self, said: Said, now: float) -> bool:
        if said.grams is None or said.stable is False:
            return False
        long_enough = said.stable or now - self._since >= STILL_S
        return self._same >= BELIEVED_FRAMES and long_enough
