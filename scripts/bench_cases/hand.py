"""The same cycle written by hand: plain SQL, the same rows, the same commits.

It knows what it wants to do and checks as little as the truths allow: the state in each WHERE, the
quantities by the tables' CHECKs, the operation's key by its unique index.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bench_cases.sql import Db
from bench_cases.world import lane_of
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
LINES = (
    "SELECT id, sku_id, sku_code, ordered FROM order_lines WHERE order_id = ? AND NOT not_goods"
    " ORDER BY id"
)
SHELVES = (
    "SELECT s.id, b.kind, b.walk, s.on_hand - s.allocated FROM stock s JOIN bins b"
    " ON b.id = s.bin_id WHERE s.warehouse_id = 1 AND s.sku_id = ?"
    " AND s.on_hand > s.allocated AND NOT s.frozen AND b.kind IN ('pick', 'reserve')"
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
    " asked_g, price_minor, currency, problem, asked_at, printed)"
    " VALUES (1, ?, ?, 'intended', 'house', 'standard', '', '', ?, 0, '', '', ?, 0)"
    " RETURNING id"
)


GATE = "SELECT state, holds FROM orders WHERE id = ?"


class Stop(NamedTuple):
    """Pieces of one line at one place."""

    allocation_id: int
    line_id: int
    stock_id: int
    pieces: int
    walk: int


class Hand:
    """One station that does everything, on one store."""

    def __init__(self, url: str, station: int = 1) -> None:
        self.db = Db(url)
        self.station = station
        self.now = ""
        self.operation = 0

    def open_truck(self) -> None:
        """A truck for the station's lane."""
        self.begin("open")
        number = self.db.ids("pickups", 1)[0]
        self.db.run(
            "INSERT INTO pickups (id, warehouse_id, lane_id, code, state, carrier, driver, vehicle,"
            " opened_at) VALUES (?, 1, ?, ?, 'open', 'house', '', '', ?)",
            (number, self.station, f"PU-{number:05d}", self.now),
        )
        self.pickup = number
        self.note("opened", "pickup", [number], "open", {"lane": lane_of(self.station)})
        self.commit(number)

    def begin(self, verb: str) -> None:
        """Begin a transaction and its operation."""
        self.now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.db.begin()
        self.operation = self.db.one(OPERATION, (new_id(), self.now, verb))

    def commit(self, answer: Any = None) -> None:
        """Keep the answer and commit."""
        if answer is not None:
            self.db.run(ANSWER, (json.dumps(answer), self.operation))
        self.db.commit()

    def note(
        self, verb: str, noun: str, ids: Sequence[int], after: str = "", detail: Any = None
    ) -> None:
        """Lines of the journal."""
        said = None if detail is None else json.dumps(detail)
        self.db.many(
            JOURNAL, [(self.now, self.operation, verb, noun, one, after, said) for one in ids]
        )

    def order(self, order_id: int) -> None:
        """One order from received to loaded, in seven commits."""
        stops = self._allocate(order_id)
        list_id = self._release(order_id, stops)
        self._pick(order_id, list_id, stops)
        parcel_id, label_id = self._pack(order_id)
        self._label(order_id, parcel_id, label_id)
        self._stage(order_id, parcel_id)
        self._load(order_id, parcel_id)

    def _allocate(self, order_id: int) -> list[Stop]:
        self.begin("allocate")
        self._state("orders", order_id, "received", "allocated")
        lines = self.db.rows(LINES, (order_id,))
        left, chosen = {}, []
        for line_id, sku_id, sku_code, pieces in lines:
            shelves = self.db.rows(SHELVES, (sku_id,))
            stock_id, _kind, walk, _free = min(
                shelves, key=lambda s: (s[1] != "pick", s[3] < pieces, s[3], s[2])
            )
            chosen.append((line_id, stock_id, pieces, walk))
            left[sku_code] = sum(shelf[3] for shelf in shelves) - pieces
        stops = []
        ids = self.db.ids("allocations", len(chosen))
        chosen.sort(key=lambda one: one[1])  # stations that want the same goods lock in one order
        for number, (line_id, stock_id, pieces, walk) in zip(ids, chosen):
            self.db.changed(PROMISE, (pieces, stock_id))
            self.db.run(ALLOCATION, (number, order_id, line_id, stock_id, pieces))
            self.db.changed(LINE_ALLOCATED, (pieces, line_id))
            stops.append(Stop(number, line_id, stock_id, pieces, walk))
        self.note("allocated", "order", [order_id], "allocated")
        payload = json.dumps({"client": "C1", "available": left})
        self.db.run(MESSAGE, (f"stock:C1:{self.operation}", "stock", "*", payload, self.now))
        self.commit({"allocated": 1, "short": 0, "held": 0, "lines": len(stops)})
        return stops

    def _release(self, order_id: int, stops: Sequence[Stop]) -> int:
        self.begin("release")
        self._state("orders", order_id, "allocated", "released")
        wave = self.db.one(WAVE, (self.now,))
        list_id = self.db.ids("pick_lists", 1)[0]
        units = sum(stop.pieces for stop in stops)
        self.db.run(LIST, (list_id, wave, f"L{list_id:06d}", 1, units, self.now))
        self.db.many(PICK, [(list_id, s.allocation_id, order_id, 1, s.walk) for s in stops])
        self.note("released", "list", [list_id], "open")
        self.note("released", "order", [order_id], "released")
        self.commit([list_id])
        return list_id

    def _pick(self, order_id: int, list_id: int, stops: Sequence[Stop]) -> None:
        self.begin("pick")
        self._gate(order_id, "released")
        for stop in stops:
            self.db.changed(
                "UPDATE allocations SET picked = quantity, state = 'done'"
                " WHERE id = ? AND picked = 0 AND state = 'open'",
                (stop.allocation_id,),
            )
            self.db.changed(TAKE, (stop.pieces, stop.pieces, stop.stock_id))
            self.db.run(
                MOVEMENT, (self.now, stop.stock_id, -stop.pieces, self.operation, stop.line_id)
            )
            self.db.changed(
                "UPDATE order_lines SET picked = picked + ? WHERE id = ?",
                (stop.pieces, stop.line_id),
            )
            self.db.changed(
                "UPDATE picks SET state = 'done' WHERE allocation_id = ? AND state <> 'void'",
                (stop.allocation_id,),
            )
            detail = {"pick": stop.allocation_id, "pieces": stop.pieces}
            self.note("took", "order", [order_id], "", detail)
        self._state("orders", order_id, "released", "picked")
        self.note("picked", "order", [order_id], "picked")
        self.db.changed(
            "UPDATE pick_lists SET state = 'done', done_at = ? WHERE id = ?", (self.now, list_id)
        )
        self.note("done", "list", [list_id], "done")
        self.commit()

    def _pack(self, order_id: int) -> tuple[int, int]:
        self.begin("pack")
        self._gate(order_id, "picked")
        parcel_id = self.db.one(PARCEL, (order_id, self.now))
        self.note("opened", "parcel", [parcel_id], "open")
        grams = 100 + 300 * self._put_all(order_id, parcel_id)
        self._seal(parcel_id, grams, grams)
        self._state("orders", order_id, "picked", "packed")
        self.note("packed", "order", [order_id], "packed")
        self.db.run("UPDATE totes SET order_id = NULL WHERE order_id = ?", (order_id,))
        label_id = self.db.one(LABEL, (parcel_id, f"dock-1-{parcel_id}", grams, self.now))
        self.note("intended", "label", [label_id], "intended")
        self.commit([parcel_id, label_id])
        return parcel_id, label_id

    def _put_all(self, order_id: int, parcel_id: int) -> int:
        """Every piece into the box; gives how many."""
        lines = self.db.rows(LINES, (order_id,))
        for line_id, sku_id, _sku_code, pieces in lines:
            self.db.run(ITEM, (parcel_id, line_id, sku_id, pieces))
            self.db.changed(
                "UPDATE order_lines SET packed = packed + ? WHERE id = ?", (pieces, line_id)
            )
            detail = {"line": line_id, "pieces": pieces, "parcel": parcel_id}
            self.note("packed_piece", "order", [order_id], "", detail)
        return sum(line[3] for line in lines)

    def _seal(self, parcel_id: int, grams: int, expected: int) -> None:
        self.db.changed(
            "UPDATE parcels SET state = 'sealed', grams = ?, expected_g = ?, tolerance_g = 15,"
            " weight_by = 'typed', sealed_at = ? WHERE id = ? AND state = 'open'",
            (grams, expected, self.now, parcel_id),
        )
        said = {"grams": grams, "expected": expected}
        self.note("sealed", "parcel", [parcel_id], "sealed", said)

    def _label(self, order_id: int, parcel_id: int, label_id: int) -> None:
        self.begin("buy_label")
        self._gate(order_id, "packed")
        self.db.changed(
            "UPDATE labels SET state = 'bought', tracking = ?, zone = '2', price_minor = 842,"
            " currency = 'USD', bought_at = ? WHERE id = ? AND state = 'intended'",
            (f"{label_id:018d}", self.now, label_id),
        )
        self.note("bought", "label", [label_id], "bought")
        self._state("parcels", parcel_id, "sealed", "labelled")
        self.note("labelled", "parcel", [parcel_id], "labelled")
        self.note("label_bought", "parcel", [parcel_id], "", {"tracking": f"{label_id:018d}"})
        self.commit()

    def _stage(self, order_id: int, parcel_id: int) -> None:
        self.begin("stage")
        self._gate(order_id, "packed")
        self._state("parcels", parcel_id, "labelled", "staged")
        self.note("staged", "parcel", [parcel_id], "staged", {"lane": lane_of(self.station)})
        self.db.run(
            "INSERT INTO staged_parcels (parcel_id, warehouse_id, lane_id, staged_at)"
            " VALUES (?, 1, ?, ?)",
            (parcel_id, self.station, self.now),
        )
        self._state("orders", order_id, "packed", "staged")
        self.note("staged", "order", [order_id], "staged")
        self.commit()

    def _load(self, order_id: int, parcel_id: int) -> None:
        self.begin("load")
        self._gate(order_id, "staged")
        self._state("parcels", parcel_id, "staged", "loaded")
        self.db.run(
            "INSERT INTO pickup_parcels (parcel_id, warehouse_id, pickup_id, loaded_at)"
            " VALUES (?, 1, ?, ?)",
            (parcel_id, self.pickup, self.now),
        )
        self.note("loaded", "parcel", [parcel_id], "loaded", {"pickup": f"PU-{self.pickup:05d}"})
        self.commit()

    def depart(self) -> None:
        """The truck leaves with all of them."""
        self.begin("depart")
        rows = self.db.rows(
            "SELECT p.id, o.id, o.number, l.tracking FROM pickup_parcels t"
            " JOIN parcels p ON p.id = t.parcel_id JOIN orders o ON o.id = p.order_id"
            " JOIN labels l ON l.parcel_id = p.id AND l.state = 'bought' WHERE t.pickup_id = ?",
            (self.pickup,),
        )
        on_truck = "(SELECT parcel_id FROM pickup_parcels WHERE pickup_id = ?)"
        self.db.run(
            f"UPDATE parcels SET state = 'in_transit' WHERE id IN {on_truck}", (self.pickup,)
        )
        self.note("in_transit", "parcel", [row[0] for row in rows], "in_transit")
        self.db.run(
            "UPDATE orders SET state = 'handed_over', handed_over_at = ? WHERE id IN"
            f" (SELECT order_id FROM parcels WHERE id IN {on_truck})",
            (self.now, self.pickup),
        )
        self.note("handed_over", "order", [row[1] for row in rows], "handed_over")
        self._state("pickups", self.pickup, "open", "departed")
        self.note("departed", "pickup", [self.pickup], "departed", {"parcels": len(rows)})
        self.db.many(
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
        self.db.changed(
            f"UPDATE {table} SET state = ? WHERE id = ? AND state = ?", (after, number, before)
        )

    def _gate(self, order_id: int, state: str) -> None:
        found = self.db.rows(GATE, (order_id,))
        if found != [(state, 0)]:
            raise RuntimeError(f"order {order_id} is {found}")
