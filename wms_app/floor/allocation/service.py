"""Promising stock at bins to orders, and giving promises back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import bindparam, func, select, update

from wms_app.base import journal, lock, outbox
from wms_app.base.bulk import bulk_work
from wms_app.base.codes import new_id
from wms_app.base.conversation import Progress
from wms_app.base.db import Store, Tx
from wms_app.base.moves import move_all
from wms_app.base.prepared import Prepared, PreparedInsert
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.allocation import backlog
from wms_app.floor.allocation.backlog import Backlog
from wms_app.floor.allocation.choose import Free, Plan, Take, Want, plan
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Warehouse
from wms_app.floor.orders.model import MOVES, Order, OrderLine
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Stock

CHUNK = 1000


@dataclass
class Outcome:
    """What one run of allocation came to, in orders, their lines and pieces promised."""

    allocated: int = 0
    short: int = 0
    held: int = 0
    skipped: int = 0
    lines: int = 0
    units: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, other: dict[str, Any]) -> None:
        """Count another chunk's outcome in."""
        for name in ("allocated", "short", "held", "skipped", "lines", "units"):
            setattr(self, name, getattr(self, name) + other[name])
        for why, count in other["reasons"].items():
            self.reasons[why] = self.reasons.get(why, 0) + count

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


_line_more = Prepared(
    update(OrderLine)
    .where(OrderLine.id == bindparam("of_line"))
    .values(allocated=OrderLine.allocated + bindparam("more"))
)
_promise_rows = PreparedInsert(
    Allocation,
    "id",
    "warehouse_id",
    "order_id",
    "line_id",
    "stock_id",
    "quantity",
    "picked",
    "state",
    "why",
)
_give_back = Prepared(
    update(Allocation)
    .where(
        Allocation.id == bindparam("of"),
        Allocation.quantity == bindparam("was"),
        Allocation.picked == bindparam("taken"),
        Allocation.state == "open",
    )
    .values(quantity=bindparam("left"), state=bindparam("next"))
)
_move_order = (
    update(Order).where(Order.id == bindparam("of_order")).values(warehouse_id=bindparam("home"))
)
_move_lines = (
    update(OrderLine)
    .where(OrderLine.order_id == bindparam("of_order"))
    .values(warehouse_id=bindparam("home"))
)


def allocate(tx: Tx, order_ids: Sequence[int]) -> dict[str, Any]:
    """Promise stock to these orders, whole ones, or mark them short; gives an Outcome as data.

    Held and cancelled orders are passed by. A short order that gets nothing new is left as it is.
    """
    waiting, free = backlog.load(tx, order_ids)
    made = plan(waiting.wishes, free)
    _write(tx, waiting, made)
    newly_short = [order_id for order_id in made.short if order_id not in waiting.was_short]
    _mark_allocated(tx, waiting, made)
    move_all(tx, Order, "order", newly_short, "short", MOVES)
    _say_short(tx, waiting, made, newly_short)
    _tell_channels(tx, waiting, made, free)
    reasons: dict[str, int] = {}
    for take in made.takes:
        reasons[take.why] = reasons.get(take.why, 0) + 1
    return Outcome(
        len(made.homes),
        len(made.short),
        waiting.held,
        waiting.skipped,
        len({take.line_id for take in made.takes}),
        sum(take.pieces for take in made.takes),
        reasons,
    ).to_json()


def allocate_all(
    store: Store, who: Who, limit: int | None = None, progress: Progress | None = None
) -> Outcome:
    """Allocate the whole backlog, the most urgent orders first, a chunk in each transaction."""
    with store.read() as tx:
        waiting = backlog.waiting(tx, limit)
        held = select(func.count()).where(
            Order.warehouse_id.in_(select(Warehouse.id)),
            Order.state.in_(backlog.STATES),
            Order.holds > 0,
        )
        outcome = Outcome(held=int(tx.scalar(held)))
    with bulk_work():
        for start in range(0, len(waiting), CHUNK):
            if progress and not progress(start, len(waiting)):
                return outcome
            chunk = waiting[start : start + CHUNK]
            work = partial(allocate, order_ids=chunk)
            outcome.add(store.write(new_id(), who, "allocate", work))
    if progress:
        progress(len(waiting), len(waiting))
    return outcome


def free(tx: Tx, order_ids: Sequence[int]) -> None:
    """Give back every open promise of these orders; what was picked stays picked."""
    statement = (
        select(
            Allocation.id,
            Allocation.stock_id,
            Allocation.line_id,
            Allocation.quantity,
            Allocation.picked,
            Allocation.order_id,
        )
        .where(among(Allocation.order_id, order_ids), Allocation.state == "open")
        .order_by(Allocation.stock_id, Allocation.id)
    )
    lock.rows(tx, Order, order_ids)
    open_ones = tx.rows(statement)
    freed: Counter[int] = Counter()
    for one in open_ones:
        freed[one.order_id] += one.quantity - one.picked
    journal.record_each(tx, "promise_freed", "order", {o: {"pieces": n} for o, n in freed.items()})
    give_back(tx, [(a.id, a.stock_id, a.line_id, a.quantity, a.picked, 0) for a in open_ones])


def give_back(tx: Tx, parts: Sequence[tuple[int, int, int, int, int, int]]) -> None:
    """Shrink open allocations: (id, stock, line, quantity, picked, pieces that stay promised).

    Refused: one of them has changed since it was read.
    """
    rows = []
    for number, _stock_id, _line_id, quantity, picked, stays in parts:
        left = picked + stays
        state = "open" if stays else ("done" if picked else "freed")
        was = {"was": quantity, "taken": picked}
        rows.append({"of": number, "left": left, "next": state, **was})
    if not rows:
        return
    if _give_back.many(tx, rows) != len(rows):
        raise Refused(
            "stock_changed",
            _("That stop was changed by someone else meanwhile."),
            _("Nothing was changed. Scan again."),
        )
    changes, lines = [], []
    for _number, stock_id, line_id, quantity, picked, stays in parts:
        less = quantity - picked - stays
        if less:
            changes.append(stock.Change(stock_id, 0, -less))
            lines.append({"of_line": line_id, "more": -less})
    stock.apply(tx, changes)
    _line_more.tell_each(tx, lines)
    tx.changed("allocation")


def allocate_elsewhere(tx: Tx, allocation_id: int, missing: int) -> list[int]:
    """Promise `missing` pieces of a shortened allocation's line from other bins, all or nothing.

    Gives the new allocations' ids in the order in which they were chosen; [] when there are too
    few free pieces.
    """
    row = tx.first(
        select(
            Allocation.order_id,
            Allocation.line_id,
            Allocation.stock_id,
            Stock.warehouse_id,
            Stock.sku_id,
        )
        .join(Stock, Stock.id == Allocation.stock_id)
        .where(Allocation.id == allocation_id)
    )
    assert row is not None
    shelves = [
        shelf
        for shelf in backlog.free_shelves(tx, [row.warehouse_id], [row.sku_id])
        if shelf.stock_id != row.stock_id
    ]
    found = Free(shelves, {row.warehouse_id: backlog.today(tx, row.warehouse_id)})
    if found.of(row.warehouse_id, row.sku_id) < missing:
        return []
    takes = found.take(
        row.order_id, row.warehouse_id, Want(row.line_id, row.sku_id, missing), missing
    )
    return _promise(tx, takes, {row.order_id: row.warehouse_id})


def _write(tx: Tx, waiting: Backlog, made: Plan) -> None:
    moved = [
        {"of_order": order_id, "home": home}
        for order_id, home in made.homes.items()
        if waiting.stood.get(order_id) != home
    ]
    if moved:
        tx.execute(_move_order, moved)
        tx.execute(_move_lines, moved)
    _promise(tx, made.takes, made.homes)


def _mark_allocated(tx: Tx, waiting: Backlog, made: Plan) -> None:
    """Bring served orders to `allocated`; where there was a choice, say which warehouse and why."""
    chosen: dict[tuple[int, str], list[int]] = defaultdict(list)
    for order_id, home in made.homes.items():
        rule = waiting.rules[order_id]
        chosen[(0, rule) if rule == "fixed" else (home, rule)].append(order_id)
    for (home, rule), order_ids in chosen.items():
        detail = {"warehouse": home, "why": rule} if home else None
        move_all(tx, Order, "order", order_ids, "allocated", MOVES, detail=detail)


def _promise(tx: Tx, takes: Sequence[Take], homes: dict[int, int]) -> list[int]:
    """Write promises: the allocations, their stock rows and their lines."""
    if not takes:
        return []
    by_stock: dict[int, int] = {}
    by_line: dict[int, int] = {}
    for take in takes:
        by_stock[take.stock_id] = by_stock.get(take.stock_id, 0) + take.pieces
        by_line[take.line_id] = by_line.get(take.line_id, 0) + take.pieces
    stock.apply(tx, [stock.Change(row, 0, by_stock[row]) for row in sorted(by_stock)])
    ids = tx.take_ids(Allocation, len(takes))
    _promise_rows.tell_each(
        tx,
        [
            {
                "id": number,
                "warehouse_id": homes[take.order_id],
                "order_id": take.order_id,
                "line_id": take.line_id,
                "stock_id": take.stock_id,
                "quantity": take.pieces,
                "picked": 0,
                "state": "open",
                "why": take.why,
            }
            for number, take in zip(ids, takes, strict=True)
        ],
    )
    _line_more.tell_each(tx, [{"of_line": line, "more": by_line[line]} for line in sorted(by_line)])
    tx.changed("allocation")
    return ids


def _say_short(tx: Tx, waiting: Backlog, made: Plan, order_ids: Sequence[int]) -> None:
    journal.record_each(
        tx,
        "found_short",
        "order",
        {
            order_id: {
                "lacks": [
                    {"sku": waiting.codes[lack.line_id], "missing": lack.missing, "free": lack.free}
                    for lack in made.short[order_id]
                ]
            }
            for order_id in order_ids
        },
    )


def _tell_channels(tx: Tx, waiting: Backlog, made: Plan, free: Free) -> None:
    """One message a client: SKU code -> pieces that can still be sold, of what was promised."""
    left: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    promised = {take.line_id for take in made.takes}
    sellable = free.everywhere()
    for wish in waiting.wishes:
        for want in wish.wants:
            if want.line_id in promised and want.sku_id is not None:
                skus = left[waiting.clients[wish.order_id]]
                skus[waiting.codes[want.line_id]] = sellable[want.sku_id]
    messages = [
        {
            "key": f"stock:{code}:{tx.operation}",
            "kind": "stock",
            "channel": "*",
            "payload": {"client": code, "available": skus},
        }
        for (_client_id, code), skus in sorted(left.items())
    ]
    outbox.queue(tx, messages)
