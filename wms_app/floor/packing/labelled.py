"""What the bench is told about a label, and whom it asks for one.

Labelling comes after packing, so the bench gets the asking handed in and knows only these shapes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wms_app.base.db import Tx


@dataclass(frozen=True)
class LabelResult:
    """A label that was bought. `printed_to` says where the paper went; when it could not be
    printed it is "" and `problem` says why; `unsure`: it may have come out all the same."""

    tracking: str
    carrier: str
    service: str
    price_minor: int
    currency: str
    printed_to: str
    problem: str = ""
    unsure: bool = False


Unprinted = Callable[[Tx, int], list[tuple[int, str]]]
"""Given a warehouse: the parcels whose label was bought and never printed, with order numbers."""

LabelParcel = Callable[[int, str], LabelResult]
"""Called with a sealed parcel's id and the operation's id; `Refused` or `Down` leave it sealed."""

CameOut = Callable[[int, str], LabelResult]
"""Called with a parcel's id and the operation's id when a person holds its label in the hand."""

PrintSlip = Callable[[int, str, str], str]
"""Called with an order's id, its number and what names this wish: prints the packing slip once
for each wish, gives where it went."""


@dataclass(frozen=True)
class BenchPapers:
    """Whom the bench asks for its papers."""

    label: LabelParcel
    unprinted: Unprinted
    came_out: CameOut
    slip: PrintSlip
