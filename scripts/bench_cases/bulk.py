"""A morning's backlog at once: a file of orders taken in, allocated and released.

By hand the same rows are written in as many commits, from the same file, read by the csv module:
orders already there are looked up by their numbers, both digests of each order are made, since they
stand in its row. What Dock's intake does besides and the hand-written one leaves out: looking for
the file's encoding and delimiter, the forms of numbers, dates, prices and quantities, rows that
stand twice or contradict each other, unknown clients and SKUs, the address rules of the country
(regions, postal codes), the ZIP code's state, the same buyer's order under another number (read
from the store), and words for each finding. Nearly every order goes to a ZIP code of its own.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from bench_cases.hand import MESSAGE, WAVE, Hand
from bench_cases.world import WHO
from wms_app.base.db import Store
from wms_app.floor.allocation.service import allocate_all
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.orders.intake import take_in
from wms_app.floor.waves.service import release_all

INTAKE_CHUNK = 500
CHUNK = 1000
PER_LIST = 12

Stop = tuple[int, int, int, int, int]  # order, line, stock row, pieces, walk
Rows = list[dict[str, str]]

_ORDER = (
    "id warehouse_id client_id channel number state holds priority service ordered_at ship_by paid"
    " needs_address name phone line1 line2 city region postal_code country currency own_label"
    " own_carrier own_tracking content twin received_at"
).split()
_LINE = (
    "warehouse_id order_id sku_id sku_code not_goods ordered allocated picked packed"
    " unit_price_minor"
).split()
_JOURNAL = "warehouse_id at operation_id verb noun noun_id before after".split()
_ALLOCATION = "id warehouse_id order_id line_id stock_id quantity picked state why".split()
_LIST = (
    "id warehouse_id wave_id code kind state orders units picker station made_at printed".split()
)
_PICK = "warehouse_id pick_list_id allocation_id order_id slot walk state".split()


def ours(store: Store, file: Path) -> None:
    """Through the services, as the commands do it."""
    receive(store, file)
    allocate_all(store, WHO)
    release_all(store, WHO, by="pick-list")


def receive(store: Store, file: Path) -> None:
    """The project's own intake. RuntimeError: an order was held or refused."""
    said = take_in(store, WHO, file, cancel=cancel)
    if said.accepted != said.orders:
        raise RuntimeError(f"{said.accepted} of {said.orders} orders were accepted")


def by_hand(hand: Hand, file: Path) -> None:
    """The same by hand."""
    receive_by_hand(hand, file)
    waiting = "SELECT id FROM orders WHERE state = ? AND holds = 0 ORDER BY ship_by, id"
    orders = [row[0] for row in hand.db.rows(waiting, ("received",))]
    hand.db.commit_reading()
    for start in range(0, len(orders), CHUNK):
        _allocate(hand, orders[start : start + CHUNK])
    for start in range(0, len(orders), CHUNK):
        _release(hand, orders[start : start + CHUNK])


def receive_by_hand(hand: Hand, file: Path) -> None:
    """Orders from a file, a chunk a commit, and a line about the file."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    skus = dict(hand.db.rows("SELECT code, id FROM skus WHERE client_id = 1"))
    with file.open(encoding="utf-8", newline="") as source:
        rows = csv.DictReader(source)
        found = [(number, list(of)) for number, of in groupby(rows, itemgetter("order_number"))]
    hand.db.commit_reading()
    for start in range(0, len(found), INTAKE_CHUNK):
        _receive(hand, skus, found[start : start + INTAKE_CHUNK])
    hand.begin("intake")
    number = hand.db.ids("intakes", 1)[0]
    summary = json.dumps({"rows": sum(len(of) for _n, of in found), "orders": len(found)})
    hand.db.run(
        "INSERT INTO intakes (id, warehouse_id, at, file, digest, summary)"
        " VALUES (?, 1, ?, ?, ?, ?)",
        (number, hand.now, file.name, digest, summary),
    )
    hand.note("taken_in", "intake", [number])
    hand.commit()


def _receive(hand: Hand, skus: dict[str, int], found: Sequence[tuple[str, Rows]]) -> None:
    hand.begin("take_in_orders")
    marks = ", ".join("?" * len(found))
    there = f"SELECT number FROM orders WHERE client_id = 1 AND number IN ({marks})"
    if hand.db.rows(there, [number for number, _of in found]):
        raise RuntimeError("orders are there already")
    ids = hand.db.ids("orders", len(found))
    new = list(zip(ids, found))
    hand.db.insert("orders", _ORDER, (_order(hand, one, n, of) for one, (n, of) in new))
    hand.db.insert(
        "order_lines", _LINE, (line for one, (_n, of) in new for line in _lines(skus, one, of))
    )
    _note(hand, "received", "order", ids, "received")
    hand.commit()


def _order(hand: Hand, order_id: int, number: str, rows: Rows) -> tuple[object, ...]:
    first = rows[0]
    address = [first[name] for name in ("name", "line1", "city", "state", "postal_code", "country")]
    goods = [f"{row['sku']}:{row['quantity']}:{row['unit_price']}" for row in rows]
    times = [
        datetime.fromisoformat(first[name]).replace(tzinfo=UTC).isoformat(timespec="milliseconds")
        for name in ("ordered_at", "ship_by")
    ]
    said = _digest("C1", "web", number, *address, first["service"], *times, *goods)
    twin = _digest("C1", "web", address[0], address[1], address[4], *goods, times[0][:10])
    head = (order_id, 1, 1, "web", number, "received", 0, 0, first["service"], *times, True, True)
    name, line1, *rest = address
    return (
        *head,
        name,
        "",
        line1,
        "",
        *rest,
        first["currency"],
        False,
        "",
        "",
        said,
        twin,
        hand.now,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha1("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()


def _lines(skus: dict[str, int], order_id: int, rows: Rows) -> Iterator[tuple[object, ...]]:
    for row in rows:
        cents = round(float(row["unit_price"]) * 100)
        pieces = int(row["quantity"])
        yield 1, order_id, skus[row["sku"]], row["sku"], False, pieces, 0, 0, 0, cents


def _note(hand: Hand, verb: str, noun: str, ids: Sequence[int], after: str) -> None:
    head = (1, hand.now, hand.operation, verb, noun)
    hand.db.insert("journal", _JOURNAL, ((*head, one, "", after) for one in ids))


def _allocate(hand: Hand, order_ids: Sequence[int]) -> None:
    hand.begin("allocate")
    db = hand.db
    which = db.among(order_ids)
    lines = db.rows(
        "SELECT l.id, l.order_id, l.sku_id, l.sku_code, l.ordered FROM order_lines l"
        " JOIN orders o ON o.id = l.order_id WHERE l.order_id {among}"
        " AND o.state = 'received' AND o.holds = 0 ORDER BY l.order_id, l.id",
        (which,),
    )
    shelves: dict[int, list[list[int]]] = {}
    rows = db.rows(
        "SELECT s.sku_id, s.id, b.kind = 'reserve', s.on_hand - s.allocated, b.walk FROM stock s"
        " JOIN bins b ON b.id = s.bin_id WHERE s.warehouse_id = 1 AND NOT s.frozen"
        " AND s.on_hand > s.allocated AND b.kind IN ('pick', 'reserve') AND s.sku_id IN"
        " (SELECT DISTINCT sku_id FROM order_lines WHERE order_id {among})",
        (which,),
    )
    for sku, stock_id, reserve, free, walk in rows:
        shelves.setdefault(sku, []).append([reserve, free, walk, stock_id])
    stops: list[Stop] = []
    promised: dict[int, int] = {}
    for line_id, order_id, sku, _code, pieces in lines:
        shelf = min((s for s in shelves[sku] if s[1] >= pieces), key=lambda s: s[:3])
        shelf[1] -= pieces
        promised[shelf[3]] = promised.get(shelf[3], 0) + pieces
        stops.append((order_id, line_id, shelf[3], pieces, shelf[2]))
    db.add("stock", "allocated", [(n, row) for row, n in sorted(promised.items())])
    ids = db.ids("allocations", len(stops))
    rows_of = (
        (n, 1, order, line, stock_id, pieces, 0, "open", "finish_bin")
        for n, (order, line, stock_id, pieces, _walk) in zip(ids, stops)
    )
    db.insert("allocations", _ALLOCATION, rows_of)
    db.add("order_lines", "allocated", [(stop[3], stop[1]) for stop in stops])
    _states(hand, order_ids, "received", "allocated")
    _note(hand, "allocated", "order", order_ids, "allocated")
    left = {code: sum(s[1] for s in shelves[sku]) for _l, _o, sku, code, _n in lines}
    payload = json.dumps({"client": "C1", "available": left})
    db.run(MESSAGE, (f"stock:C1:{hand.operation}", "stock", "*", payload, hand.now))
    hand.commit({"allocated": len(order_ids), "lines": len(stops)})


def _release(hand: Hand, order_ids: Sequence[int]) -> None:
    hand.begin("release")
    db = hand.db
    rows = db.rows(
        "SELECT a.order_id, a.id, a.quantity, b.walk FROM allocations a"
        " JOIN stock s ON s.id = a.stock_id JOIN bins b ON b.id = s.bin_id"
        " JOIN orders o ON o.id = a.order_id WHERE a.order_id {among}"
        " AND a.state = 'open' AND o.state = 'allocated'",
        (db.among(order_ids),),
    )
    by_order: dict[int, list[tuple[int, int, int]]] = {}
    for order_id, *stop in rows:
        by_order.setdefault(order_id, []).append((stop[0], stop[1], stop[2]))
    near = sorted(by_order, key=lambda o: sum(s[2] for s in by_order[o]) / len(by_order[o]))
    wave = db.one(WAVE, (hand.now,))
    starts = range(0, len(near), PER_LIST)
    ids = db.ids("pick_lists", len(starts))
    lists, picks = [], []
    for list_id, start in zip(ids, starts):
        units = 0
        for slot, order_id in enumerate(near[start : start + PER_LIST], 1):
            for allocation, pieces, walk in by_order[order_id]:
                picks.append((1, list_id, allocation, order_id, slot, walk, "open"))
                units += pieces
        orders = min(PER_LIST, len(near) - start)
        head = (list_id, 1, wave, f"L{list_id:06d}", "pick-list", "open", orders, units)
        lists.append((*head, "", "", hand.now, 0))
    db.insert("pick_lists", _LIST, lists)
    db.insert("picks", _PICK, picks)
    _note(hand, "released", "list", ids, "open")
    _states(hand, order_ids, "allocated", "released")
    _note(hand, "released", "order", order_ids, "released")
    hand.commit(ids)


def _states(hand: Hand, order_ids: Sequence[int], before: str, after: str) -> None:
    hand.db.run(
        "UPDATE orders SET state = ? WHERE id {among} AND state = ?",
        (after, hand.db.among(order_ids), before),
    )
