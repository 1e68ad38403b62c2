"""The weight as a second check of the contents: what it should be, and what a wrong one looks like.

Expected = the sum of the SKUs' weights and the empty carton. The tolerance is each SKU's own, else
5 % of its weight; never less than 10 g for the box as a whole, for paper, tape and drift.
"""

from __future__ import annotations

from dataclasses import dataclass

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.names import split_name

SHARE = 0.05
LEAST_G = 10


@dataclass(frozen=True)
class Contents:
    """Goods as (name, grams of one, its tolerance in grams or 0, pieces), and the empty carton."""

    goods: tuple[tuple[str, int, int, int], ...]
    carton_g: int

    @property
    def known(self) -> bool:
        """Whether every weight is known; where one is not, nothing can be compared."""
        return all(grams > 0 for _name, grams, _tolerance, _pieces in self.goods)

    @property
    def expected_g(self) -> int:
        """What the parcel should weigh, 0 when that is not known."""
        if not self.known:
            return 0
        return self.carton_g + sum(grams * n for _name, grams, _tolerance, n in self.goods)

    @property
    def tolerance_g(self) -> int:
        """How far off the scale may be."""
        total = sum(
            (tolerance or round(grams * SHARE)) * n for _name, grams, tolerance, n in self.goods
        )
        return max(LEAST_G, total)


def judge(contents: Contents, grams: int) -> Refused | None:
    """Why this weight can't be that of these contents; None when it can."""
    if grams <= 0:
        return Refused("no_weight", _("Put the parcel on the scale first."))
    if not contents.known:
        return None
    off = grams - contents.expected_g
    if abs(off) <= contents.tolerance_g:
        return None
    return Refused(
        "wrong_weight",
        _("{grams} g, expected {expected} ± {tolerance} g.").format(
            grams=f"{grams:,}",
            expected=f"{contents.expected_g:,}",
            tolerance=f"{contents.tolerance_g:,}",
        ),
        _looks_like(contents, off),
    )


def _looks_like(contents: Contents, off: int) -> str:
    """What may be wrong: one piece too many or too few, if its weight explains the difference."""
    near = []
    for name, grams, _tolerance, _pieces in contents.goods:
        rest = abs(abs(off) - grams)
        if rest <= max(LEAST_G, min(contents.tolerance_g, grams // 2)):
            near.append((rest, name))
    if near:
        name = split_name(min(near)[1])[0]
        if off < 0:
            return _("It looks like one {name} too few.").format(name=name)
        return _("It looks like one {name} too many.").format(name=name)
    if off < 0:
        return _("Something seems to be missing. Look into the box.")
    return _("Something seems to be in the box that does not belong there.")
