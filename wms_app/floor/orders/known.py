"""What the store knows that an order file is held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from wms_app.base.conversation import Answer, Progress
from wms_app.base.db import AnyRow, Tx
from wms_app.floor.orders.model import Order
from wms_app.floor.orders.reading import Key, Reading
from wms_app.floor.orders.view import FileCard

CHUNK = 500
CancelOrder = Callable[[Tx, int, str], Any]
ReadLabels = Callable[[Path, bool, Progress | None], tuple[FileCard, Answer]]
"""Called with a file of sellers' labels and whether nothing is to be written yet."""
LABEL_ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".zpl", ".zpl2")


@dataclass
class Known:
    """What the store knows that the file is held against."""

    clients: dict[str, tuple[int, int]]
    skus: dict[tuple[int, str], int]
    made: Reading
    accepted: int = 0
    held: int = 0
    unchanged: int = 0
    called_off: int = 0  # cancelling rows that called an order off now, or asked a person
    changed: bool = False  # whether anything was written
    twins: dict[tuple[int, str], str] = field(default_factory=dict)


def there(tx: Tx, known: Known, keys: Sequence[Key]) -> dict[Key, AnyRow]:
    """The orders of these keys that are in the store."""
    codes = {known.clients[key[0]][0]: key[0] for key in keys}
    rows = tx.rows(
        select(Order.id, Order.client_id, Order.channel, Order.number, Order.state, Order.content)
        # Found by their numbers: SQLite would read all orders of a client by the index of twins.
        .where(
            func.coalesce(Order.client_id, 0).in_(list(codes)),
            Order.number.in_([key[2] for key in keys]),
        )
        .order_by(Order.id)
    )
    return {(codes[row.client_id], row.channel, row.number): row for row in rows}
