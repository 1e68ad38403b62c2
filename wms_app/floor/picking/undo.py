"""What a picker's steps were, and how each is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wms_app.base.db import Store, Tx
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.picking import service


@dataclass(frozen=True)
class Step:
    """One accepted step at a stop.

    `took` some pieces; they were `put` into the order's tote, or into one that was `bound` to the
    order by it; `stood`: whether the picker stood at the bin before the step.
    """

    kind: Literal["bin", "took", "put", "bound", "skip"]
    pick_id: int
    pieces: int = 0
    tote: str = ""
    order_id: int = 0
    stood: bool = True


def take_back(store: Store, who: Who, operation: str, step: Step) -> None:
    """Undo a step; scans of bins, of known totes and skips changed nothing in the store."""

    def work(tx: Tx) -> None:
        if step.kind == "took":
            service.untake(tx, step.pick_id, step.pieces)
        else:
            service.unbind_tote(tx, step.tote, step.order_id)

    if step.kind in ("took", "bound"):
        store.write(operation, who, "undo", work)


def undone_words(step: Step) -> str:
    """What was taken back, and what to do with it."""
    match step.kind:
        case "took":
            words = ngettext(
                "{count} piece taken back: put it into the bin.",
                "{count} pieces taken back: put them into the bin.",
                step.pieces,
            )
            return words.format(count=step.pieces)
        case "bound":
            return _("Tote {tote} is free again.").format(tote=step.tote)
        case "put":
            return _("Scan the tote again.")
        case "skip":
            return _("The stop is next again.")
        case "bin":
            return _("Scan the bin again.")
