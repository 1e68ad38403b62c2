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
    printed it is "" and `problem` says why."""

    tracking: str
    carrier: str
    service: str
    price_minor: int
    currency: str
    printed_to: str
    problem: str = ""


Unprinted = Callable[[Tx, int], list[tuple[int, str]]]
"""Given a warehouse: the parcels whose label was bought and never printed, with order numbers."""

LabelParcel = Callable[[int, str], LabelResult]
"""Called with a sealed parcel's id and the operation's id; `Refused` or `Down` leave it sealed."""
