"""What a person sees who counts, and what a supervisor sees who decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from wms_app.base.texts import _, ngettext
from wms_app.floor.catalog.names import split_name
from wms_app.floor.counting.doubts import Difference, Doubt


@dataclass(frozen=True)
class CountView:
    """`step`: a bin is to be scanned, or the goods in it counted: `counted` so far.

    `differences` are shown to supervisors only; `chosen` is the task they decide about.
    """

    step: Literal["bin", "count"]
    instruction: str
    context: str = ""
    bin: str = ""
    name: str = ""
    other_name: str = ""
    sku: str = ""
    sku_id: int = 0
    lot: str = ""
    counted: int = 0
    doubts: tuple[Doubt, ...] = ()
    differences: tuple[Difference, ...] = ()
    waiting: int = 0
    chosen: int = 0
    expects_repeat: bool = False


def at_bin(view: CountView, now: Doubt, counted: int) -> CountView:
    """The view while the goods of `now` are counted."""
    name, other = split_name(now.name)
    return replace(
        view,
        step="count",
        instruction=_("Count {name} in {bin}").format(name=name, bin=now.bin),
        context=_("Scan each piece, then {bin} again. Or type how many there are.").format(
            bin=now.bin
        ),
        bin=now.bin,
        name=name,
        other_name=other,
        sku=now.sku,
        sku_id=now.sku_id,
        lot=now.lot,
        counted=counted,
        expects_repeat=True,
    )


def bin_words(open_ones: int, differ: int) -> tuple[str, str]:
    """What to do while no bin is in hand."""
    if open_ones:
        return _("Scan a bin to count"), _("Start with any; the list is in walk order.")
    if differ:
        return _("Decide about the differences"), _("Approve a count, or have it counted again.")
    return (
        _("No bin is in doubt"),
        _("Bins appear here when a picker finds too few in them."),
    )


def approve_words(chosen: Difference) -> str:
    """What an approval changes, asked before it."""
    words = _("{bin} has {now} of {sku} instead of {was}. Approve?").format(
        bin=chosen.bin,
        now=chosen.on_hand + chosen.difference,
        was=chosen.on_hand,
        sku=chosen.sku,
    )
    if not chosen.beyond:
        return words
    lost = ngettext(
        "{count} promised piece is not there: an order may wait short.",
        "{count} promised pieces are not there: orders may wait short.",
        chosen.beyond,
    )
    return f"{words} {lost.format(count=chosen.beyond)}"
