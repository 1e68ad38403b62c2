"""A morning's backlog at once: orders taken in, allocated and released, a thousand a commit."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bench_cases import hand, world
from bench_cases.hand import Hand
from bench_cases.world import WHO, Wanted
from wms_app.base.bulk import bulk_work
from wms_app.base.codes import new_id
from wms_app.base.db import Store
from wms_app.floor.allocation.service import allocate_all
from wms_app.floor.waves.service import release_all

CHUNK = 1000
PER_LIST = 12

Stop = tuple[int, int, int, int, int]  # order, line, stock row, pieces, walk


def ours(store: Store, wanted: Sequence[Wanted]) -> None:
    """Through the services, set by set."""
    with bulk_work():
        for start in range(0, len(wanted), CHUNK):
            receive(store, wanted[start : start + CHUNK])
    plan_and_release(store)


def receive(store: Store, wanted: Sequence[Wanted]) -> None:
    """One chunk of orders."""
    store.write(new_id(), WHO, "receive", lambda tx: world.receive(tx, wanted))


def plan_and_release(store: Store) -> None:
    """Allocate and release all that waits."""
    allocate_all(store, WHO)
    release_all(store, WHO, by="pick-list")


def by_hand(db: Hand, wanted: Sequence[Wanted]) -> None:
    """The same rows in as many commits, by executemany."""
    lines = []
    for start in range(0, len(wanted), CHUNK):
        lines += _receive(db, wanted[start : start + CHUNK])
    orders = list(dict.fromkeys(line[0] for line in lines))
    stops = []
    for start in range(0, len(orders), CHUNK):
        stops += _allocate(db, orders[start : start + CHUNK])
    for start in range(0, len(orders), CHUNK):
        _release(db, orders[start : start + CHUNK])


def _receive(db: Hand, wanted: Sequence[Wanted]) -> list[tuple[int, int]]:
    db.begin("receive")
    first = db.one("SELECT coalesce(max(id), 0) + 1 FROM orders", ())
    numbered = list(enumerate(wanted, first))
    db.db.executemany(hand.ORDER, [(n, one.number, db.now, db.now) for n, one in numbered])
    lines = [(n, x.sku_id, x.sku_code, x.pieces) for n, one in numbered for x in one.lines]
    db.db.executemany(hand.LINE, lines)
    ids = [number for number, _one in numbered]
    db.note("received", "order", ids, "received")
    db.commit(ids)
    return [(line[0], line[1]) for line in lines]


def _allocate(db: Hand, order_ids: Sequence[int]) -> list[Stop]:
    db.begin("allocate")
    which = json.dumps(order_ids)
    lines = db.db.execute(
        "SELECT l.id, l.order_id, l.sku_id, l.sku_code, l.ordered FROM order_lines l"
        " JOIN orders o ON o.id = l.order_id WHERE l.order_id IN (SELECT value FROM json_each(?))"
        " AND o.state = 'received' AND o.holds = 0 ORDER BY l.order_id, l.id",
        (which,),
    ).fetchall()
    shelves: dict[int, list[list[int]]] = {}
    rows = db.db.execute(
        "SELECT s.sku_id, s.id, b.kind = 'reserve', s.on_hand - s.allocated, b.walk FROM stock s"
        " JOIN bins b ON b.id = s.bin_id WHERE s.warehouse_id = 1 AND s.frozen = 0"
        " AND s.on_hand > s.allocated AND b.kind IN ('pick', 'reserve') AND s.sku_id IN"
        " (SELECT DISTINCT sku_id FROM order_lines WHERE order_id IN"
        " (SELECT value FROM json_each(?)))",
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
    db.db.executemany(hand.PROMISE, [(n, row) for row, n in sorted(promised.items())])
    number = db.one("SELECT coalesce(max(id), 0) FROM allocations", ())
    db.db.executemany(
        hand.ALLOCATION,
        [(n, s[0], s[1], s[2], s[3]) for n, s in enumerate(stops, number + 1)],
    )
    db.db.executemany(hand.LINE_ALLOCATED, [(stop[3], stop[1]) for stop in stops])
    _states(db, which, "received", "allocated")
    db.note("allocated", "order", order_ids, "allocated")
    left = {code: sum(s[1] for s in shelves[sku]) for _l, _o, sku, code, _n in lines}
    payload = json.dumps({"client": "C1", "available": left})
    db.db.execute(hand.MESSAGE, (f"stock:C1:{db.operation}", "stock", "*", payload, db.now))
    db.commit({"allocated": len(order_ids), "lines": len(stops)})
    return stops


def _release(db: Hand, order_ids: Sequence[int]) -> None:
    db.begin("release")
    which = json.dumps(order_ids)
    rows = db.db.execute(
        "SELECT a.order_id, a.id, a.quantity, b.walk FROM allocations a"
        " JOIN stock s ON s.id = a.stock_id JOIN bins b ON b.id = s.bin_id"
        " JOIN orders o ON o.id = a.order_id WHERE a.order_id IN"
        " (SELECT value FROM json_each(?)) AND a.state = 'open' AND o.state = 'allocated'",
        (which,),
    ).fetchall()
    by_order: dict[int, list[tuple[int, int, int]]] = {}
    for order_id, *stop in rows:
        by_order.setdefault(order_id, []).append((stop[0], stop[1], stop[2]))
    near = sorted(by_order, key=lambda o: sum(s[2] for s in by_order[o]) / len(by_order[o]))
    wave = db.one(hand.WAVE, (db.now,))
    list_id = db.one("SELECT coalesce(max(id), 0) FROM pick_lists", ())
    lists, picks = [], []
    for start in range(0, len(near), PER_LIST):
        list_id += 1
        units = 0
        for slot, order_id in enumerate(near[start : start + PER_LIST], 1):
            for allocation, pieces, walk in by_order[order_id]:
                picks.append((list_id, allocation, order_id, slot, walk))
                units += pieces
        orders = min(PER_LIST, len(near) - start)
        lists.append((list_id, wave, f"L{list_id:06d}", orders, units, db.now))
    db.db.executemany(hand.LIST, lists)
    db.db.executemany(hand.PICK, picks)
    db.note("released", "list", [row[0] for row in lists], "open")
    _states(db, which, "allocated", "released")
    db.note("released", "order", order_ids, "released")
    db.commit([row[0] for row in lists])


def _states(db: Hand, which: str, before: str, after: str) -> None:
    db.db.execute(
        "UPDATE orders SET state = ? WHERE id IN (SELECT value FROM json_each(?)) AND state = ?",
        (after, which, before),
    )
