"""The truth about a warehouse in a few dictionaries, to compare the store with."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from wms_app.base.db import Tx

Said = dict[str, Any]


@dataclass
class Plain:
    """Pieces by where they are. Keys: shelf (sku, bin); hands, back, gone (order, sku).

    `boxes`: parcel -> sku -> pieces, of order `of`; `truck`: the parcels on it.
    """

    shelf: Counter[tuple[int, int]] = field(default_factory=Counter)
    ordered: dict[int, Counter[int]] = field(default_factory=dict)
    hands: Counter[tuple[int, int]] = field(default_factory=Counter)
    back: Counter[tuple[int, int]] = field(default_factory=Counter)
    gone: Counter[tuple[int, int]] = field(default_factory=Counter)
    boxes: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    of: dict[int, int] = field(default_factory=dict)
    truck: set[int] = field(default_factory=set)
    cancelled: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)

    def into_box(self, parcel: int, order: int, sku: int, pieces: int) -> None:
        """From hands into a box; negative: out of it again."""
        self.of[parcel] = order
        self.hands[order, sku] -= pieces
        self.boxes[parcel][sku] += pieces

    def cancel(self, order: int) -> None:
        """Everything of it waits to go back; called off twice is called off once."""
        self.cancelled.add(order)
        for key in [key for key in self.hands if key[0] == order]:
            self.back[key] += self.hands.pop(key)
        for parcel in [parcel for parcel in self.boxes if self.of[parcel] == order]:
            self.truck.discard(parcel)
            for sku, pieces in self.boxes.pop(parcel).items():
                self.back[order, sku] += pieces

    def depart(self) -> None:
        """What is on the truck has left; an order of which everything has is handed over."""
        for parcel in self.truck:
            order = self.of[parcel]
            for sku, pieces in self.boxes.pop(parcel).items():
                self.gone[order, sku] += pieces
            if all(self.gone[order, sku] == n for sku, n in self.ordered[order].items()):
                self.left.add(order)
        self.truck.clear()

    def said(self) -> Said:
        """What the store should say."""
        boxes = {(p, sku): n for p, inside in self.boxes.items() for sku, n in inside.items()}
        piles = {"shelf": self.shelf, "hands": self.hands, "back": self.back, "gone": self.gone}
        made: Said = {name: {k: n for k, n in of.items() if n} for name, of in piles.items()}
        made |= {"boxes": {key: n for key, n in boxes.items() if n}}
        return made | {"cancelled": self.cancelled, "left": self.left, "truck": self.truck}

    @staticmethod
    def read(tx: Tx) -> Said:
        """What the store says."""
        made: Said = {}
        for name, statement in _PILES.items():
            rows = tx.conn.execute(text(statement))
            made[name] = {(int(a), int(b)): int(n) for a, b, n in rows if n}
        for name, statement in _SETS.items():
            made[name] = {int(row[0]) for row in tx.conn.execute(text(statement))}
        return made


_BOXES = "FROM parcel_items i JOIN parcels p ON p.id = i.parcel_id"
_PILES = {
    "shelf": "SELECT sku_id, bin_id, on_hand FROM stock",
    "hands": "SELECT l.order_id, l.sku_id, l.picked - l.packed FROM order_lines l "
    "JOIN orders o ON o.id = l.order_id WHERE o.state <> 'cancelled'",
    "back": "SELECT order_id, sku_id, sum(quantity) FROM put_backs WHERE state = 'open' "
    "GROUP BY order_id, sku_id",
    "gone": f"SELECT p.order_id, i.sku_id, sum(i.quantity) {_BOXES} "
    "WHERE p.state = 'in_transit' GROUP BY p.order_id, i.sku_id",
    "boxes": f"SELECT p.id, i.sku_id, i.quantity {_BOXES} WHERE p.state NOT IN "
    "('void', 'in_transit')",
}
_SETS = {
    "cancelled": "SELECT id FROM orders WHERE state = 'cancelled'",
    "left": "SELECT id FROM orders WHERE state = 'handed_over'",
    "truck": "SELECT parcel_id FROM pickup_parcels t JOIN parcels p ON p.id = t.parcel_id "
    "WHERE p.state = 'loaded'",
}
