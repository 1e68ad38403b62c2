"""The same cycle written by hand: plain SQL on sqlite3, the same rows, the same commits.

It knows what it wants to do and checks as little as the truths allow: the state in each WHERE, the
quantities by the tables' CHECKs, the operation's key by its unique index.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench_cases.world import Wanted
from wms_app.base.codes import new_id

OPERATION = (
    "INSERT INTO operations (key, warehouse_id, at, who_id, who, station, verb)"
    " VALUES (?, 1, ?, 1, 'Bench', 'B1', ?) ON CONFLICT (key) DO NOTHING RETURNING id"
)
ANSWER = "UPDATE operations SET answer = ? WHERE id = ?"
JOURNAL = (
    "INSERT INTO journal (warehouse_id, at, operation_id, verb, noun, noun_id, before, after,"
    " detail) VALUES (1, ?, ?, ?, ?, ?, '', ?, ?)"
)
ORDER = (
    "INSERT INTO orders (id, warehouse_id, client_id, channel, number, state, holds, priority,"
    " service, ordered_at, paid, needs_address, name, phone, line1, line2, city, region,"
    " postal_code, country, currency, content, twin, received_at)"
    " VALUES (?, 1, 1, 'web', ?, 'received', 0, 0, 'standard', ?, 1, 1, 'Sample Buyer', '',"
    " '1 Example Street', '', 'Austin', 'TX', '78701', 'US', 'USD', '', '', ?)"
)
LINE = (
    "INSERT INTO order_lines (warehouse_id, order_id, sku_id, sku_code, not_goods, ordered,"
    " allocated, picked, packed, unit_price_minor) VALUES (1, ?, ?, ?, 0, ?, 0, 0, 0, 0)"
)
SHELVES = (
    "SELECT s.id, b.kind, b.walk, s.on_hand - s.allocated FROM stock s JOIN bins b"
    " ON b.id = s.bin_id WHERE s.warehouse_id = 1 AND s.sku_id = ?"
    " AND s.on_hand > s.allocated AND s.frozen = 0 AND b.kind IN ('pick', 'reserve')"
)
PROMISE = "UPDATE stock SET allocated = allocated + ? WHERE id = ?"
ALLOCATION = (
    "INSERT INTO allocations (id, warehouse_id, order_id, line_id, stock_id, quantity, picked,"
    " state, why) VALUES (?, 1, ?, ?, ?, ?, 0, 'open', 'finish_bin')"
)
LINE_ALLOCATED = "UPDATE order_lines SET allocated = allocated + ? WHERE id = ?"
MESSAGE = (
    "INSERT INTO outbox (warehouse_id, key, kind, channel, payload, state, made_at, tries)"
    " VALUES (1, ?, ?, ?, ?, 'waiting', ?, 0) ON CONFLICT (key) DO NOTHING"
)
LIST = (
    "INSERT INTO pick_lists (id, warehouse_id, wave_id, code, kind, state, orders, units, picker,"
    " station, made_at, printed) VALUES (?, 1, ?, ?, 'pick-list', 'open', ?, ?, '', '', ?, 0)"
)
WAVE = (
    "INSERT INTO waves (warehouse_id, kind, chosen, made_at, made_by)"
    " VALUES (1, 'pick-list', '', ?, 'Bench') RETURNING id"
)
PICK = (
    "INSERT INTO picks (warehouse_id, pick_list_id, allocation_id, order_id, slot, walk, state)"
    " VALUES (1, ?, ?, ?, ?, ?, 'open')"
)
TAKE = "UPDATE stock SET on_hand = on_hand - ?, allocated = allocated - ? WHERE id = ?"
MOVEMENT = (
    "INSERT INTO movements (warehouse_id, at, stock_id, quantity, reason, operation_id, line_id)"
    " VALUES (1, ?, ?, ?, 'pick', ?, ?)"
)
PARCEL = (
    "INSERT INTO parcels (warehouse_id, order_id, number, state, carton_id, expected_g,"
    " tolerance_g, grams, weight_by, override_by, override_reason, made_at, made_by, station)"
    " VALUES (1, ?, 1, 'open', 1, 0, 0, 0, '', '', '', ?, 'Bench', 'B1') RETURNING id"
)
ITEM = (
    "INSERT INTO parcel_items (warehouse_id, parcel_id, line_id, sku_id, lot, quantity)"
    " VALUES (1, ?, ?, ?, '', ?)"
)
LABEL = (
    "INSERT INTO labels (warehouse_id, parcel_id, key, state, carrier, service, tracking, zone,"
    " price_minor, currency, problem, asked_at, printed)"
    " VALUES (1, ?, ?, 'intended', 'house', 'standard', '', '', 0, '', '', ?, 0) RETURNING id"
)


class Hand:
    """One station that does everything, on one database."""

    def __init__(self, file: Path, truck: bool = True) -> None:
        self.db = sqlite3.connect(file, isolation_level=None, cached_statements=256)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self.db.execute(f"PRAGMA {pragma}")
        self.db.execute("PRAGMA cache_size=-65536")
        self.now = ""
        self.operation = 0
        if truck:
            self._open_truck()

    def _open_truck(self) -> None:
        self.begin("open")
        self.pickup = self.one(
            "INSERT INTO pickups (warehouse_id, lane_id, code, state, carrier, driver, vehicle,"
            " opened_at) VALUES (1, 1, 'PU-00001', 'open', 'house', '', '', ?) RETURNING id",
            (self.now,),
        )
        self.note("opened", "pickup", [self.pickup], "open", {"lane": "BENCH"})
        self.commit(self.pickup)

    def begin(self, verb: str) -> None:
        """Begin a transaction and its operation."""
        self.now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.db.execute("BEGIN IMMEDIATE")
        self.operation = self.one(OPERATION, (new_id(), self.now, verb))

    def commit(self, answer: Any = None) -> None:
        """Keep the answer and commit."""
        if answer is not None:
            self.db.execute(ANSWER, (json.dumps(answer), self.operation))
        self.db.execute("COMMIT")

    def one(self, sql: str, values: Sequence[Any]) -> int:
        """The first value of the first row."""
        return int(self.db.execute(sql, values).fetchall()[0][0])

    def changed(self, sql: str, values: Sequence[Any]) -> None:
        """One row must change."""
        if self.db.execute(sql, values).rowcount != 1:
            raise RuntimeError(sql)

    def note(
        self, verb: str, noun: str, ids: Sequence[int], after: str = "", detail: Any = None
    ) -> None:
        """Lines of the journal."""
        said = None if detail is None else json.dumps(detail)
        self.db.executemany(
            JOURNAL, [(self.now, self.operation, verb, noun, one, after, said) for one in ids]
        )

    def order(self, wanted: Wanted) -> None:
        """One order from received to loaded, in seven commits."""
        order_id, lines = self._receive(wanted)
        stops = self._allocate(order_id, wanted, lines)
        list_id = self._release(order_id, stops)
        self._pick(order_id, list_id, stops)
        parcel_id, label_id = self._pack(order_id, wanted, lines)
        self._label(order_id, parcel_id, label_id)
        self._ship(order_id, parcel_id)

    def _receive(self, wanted: Wanted) -> tuple[int, list[int]]:
        self.begin("receive")
        order_id = self.one("SELECT coalesce(max(id), 0) + 1 FROM orders", ())
        self.db.execute(ORDER, (order_id, wanted.number, self.now, self.now))
        lines = [
            self.db.execute(LINE, (order_id, line.sku_id, line.sku_code, line.pieces)).lastrowid
            for line in wanted.lines
        ]
        self.note("received", "order", [order_id], "received")
        self.commit([order_id])
        return order_id, [int(line or 0) for line in lines]

    def _allocate(
        self, order_id: int, wanted: Wanted, lines: Sequence[int]
    ) -> list[tuple[int, int, int, int, int]]:
        """Gives stops: allocation, line, stock row, pieces, walk."""
        self.begin("allocate")
        self._state("orders", order_id, "received", "allocated")
        number = self.one("SELECT coalesce(max(id), 0) FROM allocations", ())
        stops, left = [], {}
        for line_id, line in zip(lines, wanted.lines, strict=True):
            shelves = self.db.execute(SHELVES, (line.sku_id,)).fetchall()
            stock_id, _kind, walk, _free = min(
                shelves, key=lambda s: (s[1] != "pick", s[3] < line.pieces, s[3], s[2])
            )
            number += 1
            self.changed(PROMISE, (line.pieces, stock_id))
            self.db.execute(ALLOCATION, (number, order_id, line_id, stock_id, line.pieces))
            self.changed(LINE_ALLOCATED, (line.pieces, line_id))
            stops.append((number, line_id, stock_id, line.pieces, walk))
            left[line.sku_code] = sum(shelf[3] for shelf in shelves) - line.pieces
        self.note("allocated", "order", [order_id], "allocated")
        payload = json.dumps({"client": "C1", "available": left})
        self.db.execute(MESSAGE, (f"stock:C1:{self.operation}", "stock", "*", payload, self.now))
        self.commit({"allocated": 1, "short": 0, "held": 0, "lines": len(stops)})
        return stops

    def _release(self, order_id: int, stops: Sequence[tuple[int, int, int, int, int]]) -> int:
        self.begin("release")
        self._state("orders", order_id, "allocated", "released")
        wave = self.one(WAVE, (self.now,))
        list_id = self.one("SELECT coalesce(max(id), 0) + 1 FROM pick_lists", ())
        units = sum(stop[3] for stop in stops)
        self.db.execute(LIST, (list_id, wave, f"L{list_id:06d}", 1, units, self.now))
        self.db.executemany(PICK, [(list_id, stop[0], order_id, 1, stop[4]) for stop in stops])
        self.note("released", "list", [list_id], "open")
        self.note("released", "order", [order_id], "released")
        self.commit([list_id])
        return list_id

    def _pick(
        self, order_id: int, list_id: int, stops: Sequence[tuple[int, int, int, int, int]]
    ) -> None:
        self.begin("pick")
        self._gate(order_id, "released")
        for allocation_id, line_id, stock_id, pieces, _walk in stops:
            self.changed(
                "UPDATE allocations SET picked = quantity, state = 'done'"
                " WHERE id = ? AND picked = 0 AND state = 'open'",
                (allocation_id,),
            )
            self.changed(TAKE, (pieces, pieces, stock_id))
            self.db.execute(MOVEMENT, (self.now, stock_id, -pieces, self.operation, line_id))
            self.changed(
                "UPDATE order_lines SET picked = picked + ? WHERE id = ?", (pieces, line_id)
            )
            self.changed(
                "UPDATE picks SET state = 'done' WHERE allocation_id = ? AND state <> 'void'",
                (allocation_id,),
            )
            self.note("took", "order", [order_id], "", {"pick": allocation_id, "pieces": pieces})
        self._state("orders", order_id, "released", "picked")
        self.note("picked", "order", [order_id], "picked")
        self.changed(
            "UPDATE pick_lists SET state = 'done', done_at = ? WHERE id = ?", (self.now, list_id)
        )
        self.note("done", "list", [list_id], "done")
        self.commit()

    def _pack(self, order_id: int, wanted: Wanted, lines: Sequence[int]) -> tuple[int, int]:
        self.begin("pack")
        self._gate(order_id, "picked")
        parcel_id = self.one(PARCEL, (order_id, self.now))
        self.note("opened", "parcel", [parcel_id], "open")
        for line_id, line in zip(lines, wanted.lines, strict=True):
            self.db.execute(ITEM, (parcel_id, line_id, line.sku_id, line.pieces))
            self.changed(
                "UPDATE order_lines SET packed = packed + ? WHERE id = ?", (line.pieces, line_id)
            )
            detail = {"line": line_id, "pieces": line.pieces, "parcel": parcel_id}
            self.note("packed_piece", "order", [order_id], "", detail)
        grams = 100 + 300 * sum(line.pieces for line in wanted.lines)
        self.changed(
            "UPDATE parcels SET state = 'sealed', grams = ?, expected_g = ?, tolerance_g = 15,"
            " weight_by = 'typed', sealed_at = ? WHERE id = ? AND state = 'open'",
            (grams, grams, self.now, parcel_id),
        )
        self.note("sealed", "parcel", [parcel_id], "sealed", {"grams": grams, "expected": grams})
        self._state("orders", order_id, "picked", "packed")
        self.note("packed", "order", [order_id], "packed")
        self.db.execute("UPDATE totes SET order_id = NULL WHERE order_id = ?", (order_id,))
        label_id = self.one(LABEL, (parcel_id, f"dock-1-{parcel_id}", self.now))
        self.note("intended", "label", [label_id], "intended")
        self.commit([parcel_id, label_id])
        return parcel_id, label_id

    def _label(self, order_id: int, parcel_id: int, label_id: int) -> None:
        self.begin("buy_label")
        self._gate(order_id, "packed")
        self.changed(
            "UPDATE labels SET state = 'bought', tracking = ?, zone = '2', price_minor = 842,"
            " currency = 'USD', bought_at = ? WHERE id = ? AND state = 'intended'",
            (f"{label_id:018d}", self.now, label_id),
        )
        self.note("bought", "label", [label_id], "bought")
        self._state("parcels", parcel_id, "sealed", "labelled")
        self.note("labelled", "parcel", [parcel_id], "labelled")
        self.note("label_bought", "parcel", [parcel_id], "", {"tracking": f"{label_id:018d}"})
        self.commit()

    def _ship(self, order_id: int, parcel_id: int) -> None:
        self.begin("ship")
        self._gate(order_id, "packed")
        self._state("parcels", parcel_id, "labelled", "staged")
        self.note("staged", "parcel", [parcel_id], "staged", {"lane": "BENCH"})
        self.db.execute("INSERT INTO staged_parcels VALUES (?, 1, 1, ?)", (parcel_id, self.now))
        self._state("orders", order_id, "packed", "staged")
        self.note("staged", "order", [order_id], "staged")
        self._state("parcels", parcel_id, "staged", "loaded")
        self.db.execute(
            "INSERT INTO pickup_parcels VALUES (?, 1, ?, ?)", (parcel_id, self.pickup, self.now)
        )
        self.note("loaded", "parcel", [parcel_id], "loaded", {"pickup": "PU-00001"})
        self.commit()

    def depart(self) -> None:
        """The truck leaves with all of them."""
        self.begin("depart")
        rows = self.db.execute(
            "SELECT p.id, o.id, o.number, l.tracking FROM pickup_parcels t"
            " JOIN parcels p ON p.id = t.parcel_id JOIN orders o ON o.id = p.order_id"
            " JOIN labels l ON l.parcel_id = p.id AND l.state = 'bought' WHERE t.pickup_id = ?",
            (self.pickup,),
        ).fetchall()
        on_truck = "(SELECT parcel_id FROM pickup_parcels WHERE pickup_id = ?)"
        self.db.execute(
            f"UPDATE parcels SET state = 'in_transit' WHERE id IN {on_truck}", (self.pickup,)
        )
        self.note("in_transit", "parcel", [row[0] for row in rows], "in_transit")
        self.db.execute(
            "UPDATE orders SET state = 'handed_over', handed_over_at = ? WHERE id IN"
            f" (SELECT order_id FROM parcels WHERE id IN {on_truck})",
            (self.now, self.pickup),
        )
        self.note("handed_over", "order", [row[1] for row in rows], "handed_over")
        self._state("pickups", self.pickup, "open", "departed")
        self.note("departed", "pickup", [self.pickup], "departed", {"parcels": len(rows)})
        self.db.executemany(
            MESSAGE,
            [
                (
                    f"shipped:{order}",
                    "shipped",
                    "web",
                    json.dumps({"client": "C1", "order": number, "tracking": [tracking]}),
                    self.now,
                )
                for _parcel, order, number, tracking in rows
            ],
        )
        self.commit({"parcels": len(rows), "orders": len(rows)})

    def _state(self, table: str, number: int, before: str, after: str) -> None:
        self.changed(
            f"UPDATE {table} SET state = ? WHERE id = ? AND state = ?", (after, number, before)
        )

    def _gate(self, order_id: int, state: str) -> None:
        row = self.db.execute(
            "SELECT state, holds FROM orders WHERE id = ?", (order_id,)
        ).fetchone()
        if row != (state, 0):
            raise RuntimeError(f"order {order_id} is {row}")
