"""Releasing allocated orders as lists: pick lists for carts, label-first batches for own boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal

from sqlalchemy import bindparam, exists, func, insert, select, update

from wms_app.base import journal, lock, operations
from wms_app.base.bulk import bulk_work
from wms_app.base.codes import new_id
from wms_app.base.conversation import Progress
from wms_app.base.db import Store, Tx
from wms_app.base.moves import MoveWhere, move, move_all, sources
from wms_app.base.prepared import Prepared, PreparedInsert
from wms_app.base.refusal import Refused
from wms_app.base.schema import among, among_given
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Bin, Sku
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.batching import Basket, batch
from wms_app.floor.waves.model import MOVES, Pick, PickList, Wave

By = Literal["auto", "pick-list", "label-first"]
ORDERS_PER_LIST = 12
LABELS_PER_LIST = 60
CHUNK = 1000

_unfinished = Prepared(
    select(Pick.pick_list_id)
    .where(among_given(Pick.pick_list_id, "of_lists"), Pick.state == "open")
    .group_by(Pick.pick_list_id)
)
# A list of which a pick, `of_pick`, is closed now is done when no other one is open.
done_without = MoveWhere(
    PickList,
    "list",
    "done",
    MOVES,
    ~exists().where(
        Pick.pick_list_id == PickList.id, Pick.state == "open", Pick.id != bindparam("of_pick")
    ),
    "done_at",
)
_more_goods = Prepared(
    select(OrderLine.order_id)
    .where(among_given(OrderLine.order_id, "of_orders"), OrderLine.not_goods.is_(False))
    .group_by(OrderLine.order_id)
    .having(func.sum(OrderLine.ordered) > 1)
)
_stops = Prepared(
    select(
        Allocation.id,
        Allocation.order_id,
        Allocation.quantity,
        Allocation.picked,
        Bin.walk,
        Sku.ships_in_own_box,
        OrderLine.picked.label("line_picked"),
        OrderLine.ordered,
    )
    .join(Stock, Stock.id == Allocation.stock_id)
    .join(Bin, Bin.id == Stock.bin_id)
    .join(Sku, Sku.id == Stock.sku_id)
    .join(OrderLine, OrderLine.id == Allocation.line_id)
    .where(among_given(Allocation.order_id, "of_orders"), Allocation.state == "open")
    .order_by(Allocation.id)
)
_write_wave = PreparedInsert(
    Wave, "warehouse_id", "kind", "chosen", "made_at", "made_by", returning="id"
)
_write_lists = PreparedInsert(
    PickList,
    "id",
    "warehouse_id",
    "wave_id",
    "code",
    "kind",
    "state",
    "orders",
    "units",
    "made_at",
)
_write_picks = PreparedInsert(
    Pick,
    "warehouse_id",
    "pick_list_id",
    "allocation_id",
    "order_id",
    "slot",
    "walk",
    "state",
)


def release(
    tx: Tx,
    order_ids: Sequence[int],
    *,
    by: By = "auto",
    orders_per_list: int = ORDERS_PER_LIST,
    chosen: str = "",
) -> list[int]:
    """Put allocated orders, in this order of urgency, on new lists; gives the lists' ids.

    `auto` makes label-first lists of the orders that can go so, pick lists of the others;
    `label-first` takes only the former. Orders that are held, not allocated, or of another
    warehouse are passed by.
    """
    ready = _ready(tx, order_ids)
    own_box = _own_boxes(tx, ready) if by != "pick-list" else set()
    plain = [o for o in ready if o not in own_box] if by != "label-first" else []
    lists = _make_lists(
        tx, "label-first", [o for o in ready if o in own_box], ready, LABELS_PER_LIST, chosen
    )
    lists += _make_lists(tx, "pick-list", plain, ready, orders_per_list, chosen)
    gone = [o for o in ready if o in own_box] + plain
    move_all(tx, Order, "order", gone, "released", ORDER_MOVES)
    return lists


def release_all(
    store: Store,
    who: Who,
    *,
    by: By = "auto",
    limit: int | None = None,
    orders_per_list: int = ORDERS_PER_LIST,
    progress: Progress | None = None,
) -> list[int]:
    """Release everything that is allocated, the most urgent first, a chunk in each transaction."""
    with store.read() as tx:
        waiting = ready_orders(tx, who.warehouse_id, limit)
    return release_these(
        store, who, waiting, by=by, orders_per_list=orders_per_list, progress=progress
    )


def release_these(
    store: Store,
    who: Who,
    order_ids: Sequence[int],
    *,
    by: By = "auto",
    orders_per_list: int = ORDERS_PER_LIST,
    chosen: str = "",
    operation: str = "",
    progress: Progress | None = None,
) -> list[int]:
    """Release these orders, in this order of urgency, a chunk in each transaction.

    The same `operation` again gives the lists that it made the first time. Called off by
    `progress`, the chunks that are done stay done.
    """
    operation = operation or new_id()
    lists: list[int] = []
    with bulk_work():
        for start in range(0, len(order_ids), CHUNK):
            if progress and not progress(start, len(order_ids)):
                return lists
            work = partial(
                release,
                order_ids=order_ids[start : start + CHUNK],
                by=by,
                orders_per_list=orders_per_list,
                chosen=chosen,
            )
            lists += store.write(f"{operation}:{start // CHUNK}", who, "release", work)
    if progress:
        progress(len(order_ids), len(order_ids))
    return lists


def released_by(store: Store, operation: str) -> list[int]:
    """The lists that an operation of `release_these` has made; none when it was not applied."""
    chunks: list[list[int]] = []
    with store.read() as tx:
        while made := operations.answer(tx, f"{operation}:{len(chunks)}"):
            chunks.append(made)
    return [list_id for made in chunks for list_id in made]


def ready_orders(tx: Tx, warehouse_id: int, limit: int | None = None) -> list[int]:
    """The ids of the allocated orders of a warehouse that nothing holds, in order of urgency."""
    statement = (
        select(Order.id)
        .where(Order.warehouse_id == warehouse_id, Order.state == "allocated", Order.holds == 0)
        .order_by(Order.priority.desc(), Order.ship_by.is_(None), Order.ship_by, Order.id)
    )
    return list(tx.scalars(statement if limit is None else statement.limit(limit)))


def void_picks(tx: Tx, order_ids: Sequence[int]) -> list[int]:
    """Take the open picks of these orders off their lists; gives the lists that are done by it."""
    lists = tx.scalars(
        update(Pick)
        .where(among(Pick.order_id, order_ids), Pick.state == "open")
        .values(state="void")
        .returning(Pick.pick_list_id)
    )
    return close_finished(tx, sorted(set(lists)))


def close_finished(tx: Tx, list_ids: Sequence[int]) -> list[int]:
    """Make the lists done on which no pick is open any more; gives their ids."""
    if not list_ids:
        return []
    # Locked first: of two that finish the last picks one sees the other's.
    lists = lock.later(tx, PickList, list_ids, PickList.id, PickList.state)
    unfinished = _unfinished.later(tx, of_lists=list_ids)
    still = {row.pick_list_id for row in unfinished.rows}
    may = sources(MOVES, "done")
    done = [row.id for row in lists.rows if row.id not in still and row.state in may]
    if len(done) != 1:
        return move_all(tx, PickList, "list", done, "done", MOVES, done_at=tx.now)
    move(tx, PickList, "list", done[0], "done", MOVES, done_at=tx.now)  # nobody waits for it
    return done


def add_pick(tx: Tx, pick_list_id: int, allocation_id: int, order_id: int, slot: int) -> int:
    """Put one more allocation on a list that is being walked; gives the pick's id."""
    walk = tx.scalar(
        select(Bin.walk)
        .join(Stock, Stock.bin_id == Bin.id)
        .join(Allocation, Allocation.stock_id == Stock.id)
        .where(Allocation.id == allocation_id)
    )
    values = {
        "warehouse_id": tx.who.warehouse_id,
        "pick_list_id": pick_list_id,
        "allocation_id": allocation_id,
        "order_id": order_id,
        "slot": slot,
        "walk": walk,
        "state": "open",
    }
    return int(tx.execute(insert(Pick).values(values).returning(Pick.id)).scalar_one())


def give_to(tx: Tx, list_id: int, name: str) -> None:
    """Put a list down for someone; taken from who walks it. Refused: not by a supervisor, done."""
    _only_supervisors(tx)
    found = lock.rows(tx, PickList, [list_id], PickList.state, PickList.code)
    if not found or found[0].state not in ("open", "walking"):
        code = found[0].code if found else ""
        raise Refused(
            "list_closed",
            _("List {code} is done.").format(code=code),
            _("Choose a list that is open or being walked."),
        )
    if found[0].state == "walking":
        move(tx, PickList, "list", list_id, "open", MOVES, picker_id=None, picker=name)
    else:
        tx.execute(update(PickList).where(PickList.id == list_id).values(picker=name))
    journal.record(tx, "given", "list", [list_id], detail={"to": name})
    tx.changed("list")


def _only_supervisors(tx: Tx) -> None:
    if not tx.who.supervises:
        raise Refused(
            "not_yours",
            _("Only a supervisor can move or call off a list."),
            _("Ask one, or take another list."),
        )


def void_list(tx: Tx, list_id: int) -> list[int]:
    """Call off a list that nobody has begun: its orders are allocated again. Gives their ids.

    Refused: not by a supervisor, pieces of it were picked already, or it is a label-first list
    that someone has scanned: its labels were bought then, and stick on no other list's goods.
    """
    _only_supervisors(tx)
    on_it = tx.scalars(select(Pick.order_id).where(Pick.pick_list_id == list_id).distinct())
    lock.rows(tx, Order, on_it)  # who takes a piece of it meanwhile was first, or waits
    found = lock.rows(tx, PickList, [list_id], PickList.kind, PickList.started_at)
    if found and found[0].kind == "label-first" and found[0].started_at is not None:
        raise Refused(
            "labels_bought",
            _("The labels of that list were bought already."),
            _("Let it be walked to its end, or cancel single orders."),
        )
    begun = tx.scalar(
        select(func.count())
        .select_from(Pick)
        .join(Allocation, Allocation.id == Pick.allocation_id)
        .where(Pick.pick_list_id == list_id, Allocation.picked > 0)
    )
    if begun:
        raise Refused(
            "list_begun",
            _("Pieces of that list were picked already."),
            _("Let it be walked to its end, or cancel single orders."),
        )
    orders = sorted(
        set(
            tx.scalars(
                update(Pick)
                .where(Pick.pick_list_id == list_id, Pick.state == "open")
                .values(state="void")
                .returning(Pick.order_id)
            )
        )
    )
    move(tx, PickList, "list", list_id, "void", MOVES)
    void_picks(tx, orders)  # a stop taken back on an earlier list would keep its promise busy
    return move_all(tx, Order, "order", orders, "allocated", ORDER_MOVES)


def _ready(tx: Tx, order_ids: Sequence[int]) -> dict[int, list[Any]]:
    """The open allocations of the orders that may be released, in the order of `order_ids`."""
    allowed = {
        row.id
        for row in lock.rows(
            tx, Order, order_ids, Order.id, Order.state, Order.holds, Order.warehouse_id
        )
        if row.state == "allocated" and not row.holds and row.warehouse_id == tx.who.warehouse_id
    }
    rows = _stops.rows(tx, of_orders=order_ids)
    by_order: dict[int, list[Any]] = {}
    for row in rows:
        by_order.setdefault(row.order_id, []).append(row)
    return {o: by_order[o] for o in dict.fromkeys(order_ids) if o in allowed and o in by_order}


def _own_boxes(tx: Tx, ready: Mapping[int, Sequence[Any]]) -> set[int]:
    """The orders of one piece that ships in its own box and is all of it: their labels come first.

    Of an order that waited short the rest may be such a piece, while others of it lie in a tote.
    """
    single = [order_id for order_id, stops in ready.items() if _own_box(stops)]
    more = set(_more_goods.scalars(tx, of_orders=single)) if single else set()
    return {order_id for order_id in single if order_id not in more}


def _own_box(stops: Sequence[Any]) -> bool:
    """One piece that ships in its own box, and is all that was ordered of its line."""
    only = stops[0]
    return (
        len(stops) == 1
        and only.quantity == 1
        and only.ordered == 1
        and not only.line_picked
        and bool(only.ships_in_own_box)
    )


def _make_lists(
    tx: Tx,
    kind: str,
    order_ids: Sequence[int],
    ready: dict[int, list[Any]],
    size: int,
    chosen: str,
) -> list[int]:
    if not order_ids:
        return []
    baskets = [Basket(o, tuple(stop.walk for stop in ready[o])) for o in order_ids]
    batches = batch(baskets, size)
    wave = _make_wave(tx, kind, chosen)
    ids = tx.take_ids(PickList, len(batches))
    picks: list[dict[str, Any]] = []
    rows = []
    for list_id, baskets_of_list in zip(ids, batches, strict=True):
        units = 0
        for slot, basket in enumerate(baskets_of_list, 1):
            for stop in ready[basket.order_id]:
                units += stop.quantity - stop.picked
                picks.append(_pick(tx, list_id, stop, slot))
        rows.append(_list_row(tx, list_id, wave, kind, len(baskets_of_list), units))
    _write_lists.tell_each(tx, rows)
    _write_picks.tell_each(tx, picks)
    journal.record(tx, "released", "list", ids, after="open")
    tx.changed("list")
    return ids


def _pick(tx: Tx, list_id: int, stop: Any, slot: int) -> dict[str, Any]:
    return {
        "warehouse_id": tx.who.warehouse_id,
        "pick_list_id": list_id,
        "allocation_id": stop.id,
        "order_id": stop.order_id,
        "slot": slot,
        "walk": stop.walk,
        "state": "open",
    }


def _list_row(
    tx: Tx, list_id: int, wave: int, kind: str, orders: int, units: int
) -> dict[str, Any]:
    return {
        "id": list_id,
        "warehouse_id": tx.who.warehouse_id,
        "wave_id": wave,
        "code": f"L{list_id:06d}",
        "kind": kind,
        "state": "open",
        "orders": orders,
        "units": units,
        "made_at": tx.now,
    }


def _make_wave(tx: Tx, kind: str, chosen: str) -> int:
    number = _write_wave.scalar(
        tx,
        warehouse_id=tx.who.warehouse_id,
        kind=kind,
        chosen=chosen[:200],
        made_at=tx.now,
        made_by=tx.who.name,
    )
    return int(number)
