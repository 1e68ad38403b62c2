"""Scales: what one says, and to which parcel it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from wms_app.base.refusal import Down
from wms_app.base.texts import _

# A pan that shows no more than this is taken for empty: dust, a strip of tape, drift.
NEAR_ZERO_G = 5


@dataclass(frozen=True)
class Reading:
    """What the scale shows, in whole grams.

    `fresh`: the pan was empty since the last parcel was accepted, so that this weight can't be
    that of the parcel before. `trouble`: "over", "under" or "fault" in place of a weight.
    `near_zero_g`: what this scale may show with nothing on it.
    """

    grams: int
    stable: bool
    fresh: bool = True
    trouble: str = ""
    near_zero_g: int = NEAR_ZERO_G

    @property
    def counts(self) -> bool:
        """Whether this is the weight of the parcel now on the pan."""
        return self.stable and self.fresh and not self.trouble and self.grams > self.near_zero_g

    @property
    def trouble_words(self) -> str:
        """Why the scale shows no weight, and what to do; empty when it shows one."""
        if self.trouble == "over":
            return _("Too much lies on the scale. Take it off, or type the weight (F7).")
        if self.trouble == "under":
            return _("The scale shows less than nothing. Empty it and set it to zero.")
        if self.trouble:
            return _("The scale reports a fault. Switch it off and on, or type the weight (F7).")
        return ""


class Scale(Protocol):
    """A scale at a bench. `Down` when it should be there and does not answer."""

    def read(self) -> Reading | None:
        """What it shows now; None when this bench has no scale and the weight is typed."""

    def accept(self) -> None:
        """The parcel on the pan was weighed: its weight is given to no other parcel."""

    def close(self) -> None:
        """Let the device go; the station closes."""


def shown(reading: Reading) -> str:
    """A reading in words: the weight and whether it moves, or the trouble."""
    if reading.trouble:
        return reading.trouble_words
    words = f"{reading.grams / 1000:.3f} kg"
    return words if reading.stable else _("{weight}, moving").format(weight=words)


def said_now(scale: Scale) -> str:
    """What a scale that is in use shows at this moment, or why it shows nothing."""
    try:
        reading = scale.read()
    except Down as down:
        return down.text
    return shown(reading) if reading else _("no weight")


class TypedScale:
    """No scale: the person types the weight."""

    def read(self) -> Reading | None:
        """Never a weight."""
        return None

    def accept(self) -> None:
        """Nothing to remember."""

    def close(self) -> None:
        """Nothing to let go."""


class SimulatedScale:
    """A scale for practice and for `wms day`: whoever plays the person puts parcels on it."""

    def __init__(self) -> None:
        self._grams = 0
        self._stable = True
        self._fresh = True

    def put(self, grams: int, *, stable: bool = True) -> None:
        """Put a load of `grams` on the pan in place of what was there; the pan is not emptied."""
        self._grams = grams
        self._stable = stable
        if stable and abs(grams) <= NEAR_ZERO_G:
            self._fresh = True

    def lift(self) -> None:
        """Take everything off the pan."""
        self.put(0)

    def read(self) -> Reading | None:
        """What the pan carries."""
        return Reading(self._grams, self._stable, self._fresh)

    def accept(self) -> None:
        """Wait for an empty pan before the next weight counts."""
        self._fresh = False

    def close(self) -> None:
        """Nothing to let go."""
