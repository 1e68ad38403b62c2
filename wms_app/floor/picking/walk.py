"""What the store says of a list: its stops in walk order, its totes, who walks it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, select

from wms_app.base.conversation import changed
from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Bin, Sku
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.picking.model import Tote
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.model import Pick, PickList


class Stop(NamedTuple):
    """One pick with what it is about; `state` is the pick's, `order_state` the order's.

    `packed`: pieces of the order line that a packer has put into a box.
    """

    pick_id: int
    # These change while the list is walked (see `live`).
    state: str
    quantity: int
    picked: int
    order_state: str
    holds: int
    # These don't, or what comes of it is heard otherwise.
    packed: int
    order_id: int
    walk: int
    slot: int
    bin: str
    lot: str
    expires: date | None
    sku_id: int
    sku: str
    name: str
    fragile: bool
    order_number: str
    allocation_id: int
    line_id: int
    stock_id: int
    pick_list_id: int

    @property
    def left(self) -> int:
        """How many pieces are still to be taken here."""
        return self.quantity - self.picked

    @property
    def live(self) -> tuple[str, int, int, str, int]:
        """What changes while the list is walked."""
        return self[1:6]

    def as_taken(self, taken: int) -> Stop:
        """The same stop when so many pieces were taken in all; with the last one it is done."""
        state = self.state if taken < self.quantity else "done"
        return Stop._make((self.pick_id, state, self.quantity, taken, *self[4:]))

    def as_now(self, live: tuple[str, int, int, str, int]) -> Stop:
        """The same stop with what has changed; itself where nothing has."""
        return self if live == self.live else Stop._make((self.pick_id, *live, *self[6:]))


@dataclass(frozen=True)
class Walk:
    """A list with all its stops, and the tote of each order that has one.

    `mark`: of the store when it said so (see `Tx.mark`).
    """

    list_id: int
    code: str
    kind: str
    state: str
    picker_id: int | None
    picker: str
    stops: tuple[Stop, ...]
    totes: dict[int, str]
    mark: object = None

    def sure(self, tx: Tx, stop: Stop, pieces: int, walker_id: int) -> bool:
        """Whether this person may take pieces of a stop, and the store need not be asked: nothing
        at all was changed in it since. On Postgres nobody knows that."""
        return (
            tx.found(self.mark)
            and (self.state, self.picker_id) == ("walking", walker_id)
            and (stop.state, stop.holds) == ("open", 0)
            and stop.order_state != "cancelled"
            and 1 <= pieces <= stop.left
        )

    @property
    def several(self) -> bool:
        """Whether pieces of several orders are picked at once, so that totes must be told apart."""
        return len({stop.order_id for stop in self.stops}) > 1

    def stop(self, pick_id: int) -> Stop | None:
        """The stop of one pick."""
        return next((stop for stop in self.stops if stop.pick_id == pick_id), None)

    def ahead(self, skipped: Collection[int] = ()) -> list[Stop]:
        """The open stops in the order in which they are walked; held orders are left out.

        Stops that lie behind the picker (added later, or left for now) come at the end.
        """
        behind = max((s.walk for s in self.stops if s.state in ("done", "short")), default=-1)
        put_off = {pick_id: place for place, pick_id in enumerate(skipped, 1)}
        going = [stop for stop in self.stops if stop.state == "open" and not stop.holds]
        return sorted(
            going,
            key=lambda s: (put_off.get(s.pick_id, 0), s.walk < behind, s.walk, s.pick_id),
        )

    def held(self) -> list[Stop]:
        """The open stops whose order is on hold."""
        return [stop for stop in self.stops if stop.state == "open" and stop.holds]

    def over(self) -> int:
        """How many stops are behind the picker for good."""
        return sum(stop.state in ("done", "short") for stop in self.stops)

    def total(self) -> int:
        """How many stops the walk has, without those that were called off."""
        return sum(stop.state != "void" for stop in self.stops)


@dataclass(frozen=True)
class Waiting:
    """A list that is not done. `mine`: this person walks it; `walked`: somebody else does.

    `picker` is who walks it, or for whom it was put down. Stops and units are those left.
    """

    code: str
    mine: bool
    walked: bool
    picker: str
    orders: int
    units: int
    stops: int


_HEAD = 6  # columns of the list itself, then the order's tote, then the stop's
_MARKS = 3  # the same of what changes

_tote = (
    select(Tote.code)
    .where(Tote.order_id == Pick.order_id)
    .order_by(Tote.id)
    .limit(1)
    .scalar_subquery()
)
_live = (
    Pick.id,
    Pick.state,
    Allocation.quantity,
    Allocation.picked,
    Order.state.label("order_state"),
    Order.holds,
)
# A list without a stop is one row, with nothing behind its head.
_walk = Prepared(
    select(
        PickList.id,
        PickList.code,
        PickList.kind,
        PickList.state,
        PickList.picker_id,
        PickList.picker,
        _tote,
        *_live,
        OrderLine.packed,
        Pick.order_id,
        Pick.walk,
        Pick.slot,
        Bin.code,
        Stock.lot,
        Stock.expires,
        Stock.sku_id,
        Sku.code,
        Sku.name,
        Sku.fragile,
        Order.number,
        Allocation.id,
        Allocation.line_id,
        Allocation.stock_id,
        Pick.pick_list_id,
    )
    .select_from(PickList)
    .outerjoin(Pick, Pick.pick_list_id == PickList.id)
    .outerjoin(Allocation, Allocation.id == Pick.allocation_id)
    .outerjoin(Stock, Stock.id == Allocation.stock_id)
    .outerjoin(Bin, Bin.id == Stock.bin_id)
    .outerjoin(Sku, Sku.id == Stock.sku_id)
    .outerjoin(Order, Order.id == Pick.order_id)
    .outerjoin(OrderLine, OrderLine.id == Allocation.line_id)
    .where(PickList.id == bindparam("of_list"))
    .order_by(Pick.walk, Pick.id)
)
_changes = Prepared(
    select(PickList.state, PickList.picker_id, PickList.picker, _tote, *_live)
    .select_from(PickList)
    .join(Pick, Pick.pick_list_id == PickList.id)
    .join(Allocation, Allocation.id == Pick.allocation_id)
    .join(Order, Order.id == Pick.order_id)
    .where(PickList.id == bindparam("of_list"))
    .order_by(Pick.walk, Pick.id)
)


WalkLater = Callable[[], Walk | None]
"""Gives a walk as it is by then; None: its stops are not the same any more, or nobody knows."""


def load(tx: Tx, list_id: int) -> Walk | None:
    """The walk as it stands now; None when there is no such list."""
    rows = _walk.rows(tx, of_list=list_id)
    if not rows:
        return None
    going = [(row[_HEAD], Stop(*row[_HEAD + 1 :])) for row in rows if row[_HEAD + 1] is not None]
    stops = tuple(stop for _tote, stop in going)
    totes = {stop.order_id: tote for tote, stop in going if tote is not None}
    number, code, kind, state, picker_id, picker = rows[0][:_HEAD]
    return Walk(number, code, kind, state, picker_id, picker, stops, totes, tx.mark)


def walk_later(tx: Tx, walk: Walk) -> WalkLater:
    """The walk after what is changed last: what changes while it is walked is asked with that.

    What is on the way to a bin is not read again.
    """
    answer = _changes.later(tx, of_list=walk.list_id)
    mark = tx.mark
    return lambda: _walk_after(walk, answer.rows, mark) if answer.known else None


def walk_known(
    tx: Tx, walk: Walk, stop: Stop, taken: int, *, order_picked: bool, list_done: bool
) -> Walk:
    """The same where nothing else has changed than that `taken` pieces of a stop are taken now, and
    what comes of it."""
    stops = [stop.as_taken(taken) if one is stop else one for one in walk.stops]
    if order_picked:
        stops = [
            one._replace(order_state="picked") if one.order_id == stop.order_id else one
            for one in stops
        ]
    state = "done" if list_done else walk.state
    return changed(walk, stops=tuple(stops), state=state, mark=tx.mark)


def _walk_after(walk: Walk, rows: list[Any], mark: object) -> Walk | None:
    """A stop that did not change is the same object."""
    if [row[_MARKS + 1] for row in rows] != [stop.pick_id for stop in walk.stops]:
        return None
    stops, totes = [], {}
    for row, stop in zip(rows, walk.stops):
        stops.append(stop.as_now(row[_MARKS + 2 :]))
        if row[_MARKS] is not None:
            totes[stop.order_id] = row[_MARKS]
    state, picker_id, picker = rows[0][:_MARKS]
    head = (walk.list_id, walk.code, walk.kind)
    return Walk(*head, state, picker_id, picker, tuple(stops), totes, mark)


def list_called(tx: Tx, warehouse_id: int, code: str) -> int | None:
    """The id of the list with this code."""
    found = tx.scalar(
        select(PickList.id).where(PickList.warehouse_id == warehouse_id, PickList.code == code)
    )
    return int(found) if found is not None else None


def list_of_tote(tx: Tx, warehouse_id: int, code: str) -> int | None:
    """The list on which a tote travels: the newest with an open stop of the tote's order."""
    found = tx.scalar(
        select(func.max(Pick.pick_list_id))
        .join(Tote, Tote.order_id == Pick.order_id)
        .where(Tote.warehouse_id == warehouse_id, Tote.code == code, Pick.state == "open")
    )
    return int(found) if found is not None else None


def waiting_lists(tx: Tx, warehouse_id: int, user_id: int, limit: int = 50) -> list[Waiting]:
    """Pick lists that are not done: those this person has begun, those to be taken, the others'."""
    turn = case(
        (PickList.state == "open", 1),
        (PickList.picker_id == user_id, 0),
        else_=2,
    )
    rows = tx.rows(
        select(
            PickList.code,
            turn.label("turn"),
            PickList.picker,
            func.count(Pick.order_id.distinct()).label("orders"),
            func.count(Pick.id).label("stops"),
            func.coalesce(func.sum(Allocation.quantity - Allocation.picked), 0).label("units"),
        )
        .join(Pick, (Pick.pick_list_id == PickList.id) & (Pick.state == "open"))
        .join(Allocation, Allocation.id == Pick.allocation_id)
        .where(
            PickList.warehouse_id == warehouse_id,
            PickList.kind == "pick-list",
            PickList.state.in_(("open", "walking")),
        )
        .group_by(PickList.id)
        .order_by(turn, PickList.id)
        .limit(limit)
    )
    return [
        Waiting(
            row.code,
            row.turn == 0,
            row.turn == 2,
            row.picker,
            row.orders,
            int(row.units),
            row.stops,
        )
        for row in rows
    ]


def bin_codes(tx: Tx, warehouse_id: int) -> list[str]:
    """The codes of all bins that goods are picked from, in walk order."""
    return list(
        tx.scalars(
            select(Bin.code)
            .where(Bin.warehouse_id == warehouse_id, Bin.kind.in_(("pick", "reserve")))
            .order_by(Bin.walk, Bin.id)
        )
    )
