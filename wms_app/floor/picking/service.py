"""Taking pieces from bins into totes, and what happens when they are not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, insert, or_, select, update

from wms_app.base import journal, lock
from wms_app.base.db import Tx
from wms_app.base.moves import MovesWhere, MoveWhere, move, move_all
from wms_app.base.prepared import Prepared
from wms_app.base.refusal import Refused
from wms_app.base.schema import locking
from wms_app.base.texts import _
from wms_app.floor.allocation import service as allocation
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Client
from wms_app.floor.orders.gate import pass_gate, ships_in_parts
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.picking.model import Tote
from wms_app.floor.picking.walk import Stop
from wms_app.floor.stock import service as stock
from wms_app.floor.waves.model import MOVES, Pick, PickList
from wms_app.floor.waves.service import (
    add_pick,
    close_finished,
    done_without,
    void_picks,
)


@dataclass(frozen=True)
class Shortage:
    """What a short pick led to: new picks from other bins, or the order waits short."""

    missing: int
    new_picks: tuple[int, ...]
    order_short: bool


_PACKED = ("packed", "staged", "handed_over", "delivered", "returned")  # states without a tote
_pick_facts = Prepared(
    select(
        Pick.id,
        Pick.order_id,
        Order.state.label("order_state"),
        Order.holds,
        Pick.pick_list_id,
        Pick.slot,
        Pick.state,
        Pick.allocation_id,
        Allocation.line_id,
        Allocation.stock_id,
        Allocation.quantity,
        Allocation.picked,
        OrderLine.sku_id,
        PickList.state.label("list_state"),
        PickList.picker_id,
    )
    .join(Allocation, Allocation.id == Pick.allocation_id)
    .join(OrderLine, OrderLine.id == Allocation.line_id)
    .join(Order, Order.id == Pick.order_id)
    .join(PickList, PickList.id == Pick.pick_list_id)
    .where(Pick.id == bindparam("of_pick")),
    Order,
    Pick,
    Allocation,
)
_as_it_was = (
    Allocation.id == bindparam("of"),
    Allocation.picked == bindparam("was"),
    Allocation.quantity == bindparam("of_quantity"),  # a short of it may have come first
    Allocation.state == bindparam("was_state"),
)
_as_it_is_now: dict[str, Any] = {"picked": bindparam("now"), "state": bindparam("next")}
_take_allocation = Prepared(update(Allocation).where(*_as_it_was).values(_as_it_is_now))
# A state that is set, though to what it was, costs SQLite its index.
_take_more = Prepared(update(Allocation).where(*_as_it_was).values(picked=bindparam("now")))
# The same while the stop is still this walker's, and its order goes on; both are locked first.
_still_so = (
    select(Pick.id)
    .join(Order, Order.id == Pick.order_id)
    .join(PickList, PickList.id == Pick.pick_list_id)
    .where(
        Pick.id == bindparam("of_pick"),
        Pick.state == "open",
        Order.state != "cancelled",
        Order.holds == 0,
        PickList.state == "walking",
        PickList.picker_id == bindparam("walker"),
    )
)
_if_still_so = *_as_it_was, exists(locking(_still_so, Order, Pick))
_take_shown = Prepared(update(Allocation).where(*_if_still_so).values(picked=bindparam("now")))
# With a stop's last piece the list may be done. It is locked too: of two that close the last picks
# of a list, one sees the other's.
_if_so_and_locked = *_as_it_was, exists(locking(_still_so, Order, Pick, PickList))
_take_last_shown = Prepared(update(Allocation).where(*_if_so_and_locked).values(_as_it_is_now))
_take_line = (
    update(OrderLine)
    .where(OrderLine.id == bindparam("of"))
    .values(picked=OrderLine.picked + bindparam("more"))
)
_took = journal.Recorded(_take_line, OrderLine.order_id, "took", "order")
_put_back = journal.Recorded(_take_line, OrderLine.order_id, "put_back_in_bin", "order")
_of_it = (OrderLine.order_id == Order.id, OrderLine.not_goods.is_(False))
_in_parts_too = select(Client.ships_in_parts).where(Client.id == Order.client_id)
# Nothing more of it is promised, and what was picked is all, or may go without the rest.
_is_all = (
    select(
        and_(
            func.sum(OrderLine.allocated - OrderLine.picked) == 0,
            func.sum(OrderLine.picked) > 0,
            or_(
                func.sum(OrderLine.ordered - OrderLine.picked) == 0,
                _in_parts_too.correlate(Order).scalar_subquery().is_(True),
            ),
        )
    )
    .where(*_of_it)
    .correlate(Order)
    .scalar_subquery()
    .is_(True)
)
_all_picked = MoveWhere(Order, "order", "picked", ORDER_MOVES, _is_all)
_pick_done = update(Pick).where(Pick.id == bindparam("of_pick")).values(state="done")
_close_pick = MovesWhere(_all_picked, done_without, beside=_pick_done)
_pick_state = Prepared(
    update(Pick).where(Pick.id == bindparam("of")).values(state=bindparam("next"))
)
_free_tote = Prepared(
    update(Tote).where(Tote.order_id == bindparam("of_order")).values(order_id=None)
)


def start(tx: Tx, list_id: int) -> None:
    """Begin or go on walking a list. Refused: another person walks it, it is void or done."""
    found = lock.rows(
        tx, PickList, [list_id], PickList.state, PickList.picker_id, PickList.picker, PickList.code
    )
    if not found or found[0].state in ("done", "void"):
        words = _("List {code} is done.") if found else _("There is no such list.")
        code = found[0].code if found else ""
        raise Refused("list_closed", words.format(code=code), _("Scan another list."))
    row = found[0]
    if row.state == "walking":
        if row.picker_id == tx.who.user_id:
            return
        if not tx.who.supervises:
            raise Refused(
                "list_taken",
                _("List {code} is walked by {name}.").format(code=row.code, name=row.picker),
                _("Scan another list, or ask a supervisor to move it."),
            )
        move(tx, PickList, "list", list_id, "open", MOVES)
    who: dict[str, Any] = {"picker_id": tx.who.user_id, "picker": tx.who.name}
    who["station"] = tx.who.station
    move(tx, PickList, "list", list_id, "walking", MOVES, started_at=tx.now, **who)


def take(tx: Tx, pick_id: int, pieces: int, walker_id: int | None = None) -> None:
    """Take pieces of one stop from its bin. Refused: more than are left to take there.

    With `walker_id` also: a list that this person does not walk, or not any more.
    """
    pick = _facts(tx, pick_id)
    if walker_id is not None and (pick.list_state, pick.picker_id) != ("walking", walker_id):
        raise Refused("list_taken", _("That list is not yours now."), _("Scan another list."))
    left = pick.quantity - pick.picked
    if pick.state != "open" or pieces < 1 or pieces > left:
        raise Refused(
            "too_many",
            _("{pieces} are too many here; {left} are to be taken.").format(
                pieces=pieces, left=left if pick.state == "open" else 0
            ),
            _("Put the rest back into the bin."),
        )
    _taken(tx, pick_id, pick, pieces)


def take_shown(tx: Tx, shown: Stop, pieces: int, walker_id: int) -> None:
    """The same by what a screen shows, which costs no question: the store itself sees that it still
    holds. Refused: it does not; what has changed is told by `take`."""
    _taken(tx, shown.pick_id, shown, pieces, walker_id)


def take_known(tx: Tx, known: Stop, pieces: int) -> list[bool]:
    """The same by what the caller has made sure of in this transaction (see `Walk.sure`).

    Of an embedded store it gives, with a stop's last piece, whether the order is picked by it, and
    whether the list is done.
    """
    return _taken(tx, known.pick_id, known, pieces)


def _taken(tx: Tx, pick_id: int, pick: Any, pieces: int, seen_by: int | None = None) -> list[bool]:
    """Write that pieces of an open stop were taken; all about it is as `pick` says.

    `seen_by`: so far only this walker's screen says so.
    """
    done = pieces == pick.quantity - pick.picked
    if done and seen_by is None:  # else it is locked with the rest
        lock.later(tx, PickList, [pick.pick_list_id])
    _allocation(tx, pick, pick.picked + pieces, "done" if done else "open", seen_by)
    stock.apply(tx, [stock.Change(pick.stock_id, -pieces, -pieces, "pick", pick.line_id)])
    detail = {"pick": pick_id, "pieces": pieces}
    _took.tell(tx, pick.order_id, detail, of=pick.line_id, more=pieces)
    tx.changed("pick")
    if not done:
        return []
    of_which = [pick.order_id, pick.pick_list_id]
    return _close_pick.tell(tx, of_which, {"of_pick": pick_id}, done_at=tx.now)


def untake(tx: Tx, pick_id: int, pieces: int) -> None:
    """Put pieces just taken back into their bin. Refused: they were packed, or not taken."""
    pick = _facts(tx, pick_id)
    state = pick.order_state
    packed = select(func.sum(OrderLine.packed)).where(OrderLine.order_id == pick.order_id)
    left_list = pick.state not in ("open", "done")  # its order was short and came on another list
    late = left_list or state not in ("released", "picked")
    if not 1 <= pieces <= pick.picked or late or tx.scalar(packed):
        raise Refused(
            "not_undoable",
            _("That can't be put back here any more."),
            _("The pieces are packed already."),
        )
    reopened = pick.state == "done"
    if reopened:
        lock.rows(tx, PickList, [pick.pick_list_id])
    if state == "picked":
        move(tx, Order, "order", pick.order_id, "released", ORDER_MOVES)
    _allocation(tx, pick, pick.picked - pieces, "open")
    stock.apply(tx, [stock.Change(pick.stock_id, pieces, pieces, "unpick", pick.line_id)])
    detail = {"pick": pick_id, "pieces": pieces}
    _put_back.tell(tx, pick.order_id, detail, of=pick.line_id, more=-pieces)
    if reopened:
        _pick_state.tell(tx, of=pick_id, next="open")
        who: dict[str, Any] = {"picker_id": tx.who.user_id, "picker": tx.who.name}
        who["done_at"] = None
        move_all(tx, PickList, "list", [pick.pick_list_id], "walking", MOVES, **who)
    tx.changed("pick")


def short(tx: Tx, pick_id: int, found: int, damaged: int = 0) -> Shortage:
    """The bin has only `found` more sound pieces for this stop, and `damaged` broken ones.

    What was found is still to be taken by scanning. What is missing is promised from another bin at
    once if there is stock; otherwise the order waits short. The bin is put up for counting, broken
    pieces go to quarantine. Refused: as many found as are wanted, more damaged than missing.
    """
    pick = _facts(tx, pick_id)
    left = pick.quantity - pick.picked
    missing = left - found
    if pick.state != "open" or found < 0 or missing < 1 or not 0 <= damaged <= missing:
        raise Refused(
            "not_short",
            _("{left} are to be taken here; that is not short.").format(left=left),
            _("Say how many sound pieces are there: less than {left}.").format(left=left),
        )
    lock.later(tx, PickList, [pick.pick_list_id])  # documents before stock
    stock.lock_goods(tx, [pick.sku_id])
    _shrink(tx, pick, found, missing, damaged)
    detail = {"pick": pick_id, "found": found, "damaged": damaged, "missing": missing}
    journal.record(tx, "short_pick", "order", [pick.order_id], detail=detail)
    return _without(tx, pick, found, missing)


def lose(tx: Tx, pick_id: int, missing: int) -> Shortage:
    """A count found that `missing` pieces of this open stop are not there: as `short`, by itself.

    There is no gate: a held order loses them too. The caller corrects the stock row.
    """
    pick = _pick_facts.first(tx, of_pick=pick_id)
    assert pick is not None
    found = pick.quantity - pick.picked - missing
    _give_back(tx, pick, found)
    detail = {"pick": pick_id, "missing": missing}
    journal.record(tx, "lost_by_count", "order", [pick.order_id], detail=detail)
    return _without(tx, pick, found, missing)


def _without(tx: Tx, pick: Any, found: int, missing: int) -> Shortage:
    """Go on without the missing pieces: from other bins at once, or the order waits short."""
    fresh = allocation.allocate_elsewhere(tx, pick.allocation_id, missing)
    new = [add_pick(tx, pick.pick_list_id, a, pick.order_id, pick.slot) for a in fresh]
    if not found:
        _pick_state.tell(tx, of=pick.id, next="short" if not pick.picked else "done")
    if new:
        return Shortage(missing, tuple(new), False)
    return Shortage(missing, (), _wait_short(tx, pick))


def bind_tote(tx: Tx, code: str, order_id: int) -> int:
    """Say that this tote carries this order. Refused: it carries another, or the order is packed.

    Gives the tote's id; a tote seen for the first time is remembered.
    """
    if pass_gate(tx, order_id) in _PACKED:
        raise Refused(
            "packed_already",
            _("That order is packed already."),
            _("No tote is needed for it. Scan the next list."),
        )
    known = lock.locked(
        tx,
        select(Tote.id, Tote.order_id).where(
            Tote.warehouse_id == tx.who.warehouse_id, Tote.code == code
        ),
        Tote,
    )
    tote = known[0] if known else None
    if tote is not None and tote.order_id not in (None, order_id):
        number = tx.scalar(select(Order.number).where(Order.id == tote.order_id))
        raise Refused(
            "tote_taken",
            _("Tote {code} carries order {number}.").format(code=code, number=number),
            _("Take an empty tote."),
        )
    if tote is None:
        values = {"warehouse_id": tx.who.warehouse_id, "code": code, "order_id": order_id}
        number = int(tx.execute(insert(Tote).values(values).returning(Tote.id)).scalar_one())
    else:
        number = int(tote.id)
        tx.execute(update(Tote).where(Tote.id == number).values(order_id=order_id))
    journal.record(tx, "tote_bound", "order", [order_id], detail={"tote": code})
    tx.changed("tote")
    return number


def unbind_tote(tx: Tx, code: str, order_id: int) -> None:
    """Undo `bind_tote`: the pieces are in hand again, the tote is free. Refused: packing began."""
    state = pass_gate(tx, order_id)
    packed = select(func.sum(OrderLine.packed)).where(OrderLine.order_id == order_id)
    if state not in ("released", "picked", "short") or tx.scalar(packed):
        raise Refused(
            "not_undoable",
            _("Tote {code} can't be taken back any more.").format(code=code),
            _("The pieces are packed already."),
        )
    tx.execute(
        update(Tote).where(Tote.code == code, Tote.order_id == order_id).values(order_id=None)
    )
    journal.record(tx, "tote_unbound", "order", [order_id], detail={"tote": code})
    tx.changed("tote")


def free_tote(tx: Tx, order_id: int) -> None:
    """The order's totes are empty: others may use them."""
    _free_tote.tell(tx, of_order=order_id)
    tx.changed("tote")


def finish_order(tx: Tx, order_id: int) -> bool:
    """Make the order picked when nothing of it is left to pick; gives whether it is."""
    return _all_picked.made(tx, order_id)


def _facts(tx: Tx, pick_id: int) -> Any:
    """The stop with its allocation, its order locked and past the gate.

    The locks, the gate and the facts are one statement: this is asked for every piece. The stop and
    its promise are locked too, so that what is read of them is what holds after waiting for another
    station.
    """
    found = _pick_facts.first(tx, of_pick=pick_id)
    if found is None:
        raise Refused(
            "no_pick",
            _("That stop is not on the list any more."),
            _("Scan the list again to go on."),
        )
    if found.order_state == "cancelled" or found.holds:
        pass_gate(tx, found.order_id)
    return found


def _allocation(tx: Tx, pick: Any, picked: int, state: str, seen_by: int | None = None) -> None:
    was = "done" if pick.picked == pick.quantity else "open"
    values = {"of": pick.allocation_id, "now": picked, "next": state}
    values |= {"was": pick.picked, "of_quantity": pick.quantity, "was_state": was}
    statement = _take_more if state == was else _take_allocation
    if seen_by is not None:
        values |= {"walker": seen_by, "of_pick": pick.pick_id}
        statement = _take_shown if state == was else _take_last_shown
    statement.must(tx, [values], _changed_meanwhile)


def _changed_meanwhile() -> Refused:
    return Refused(
        "stock_changed",
        _("That stop was changed by someone else meanwhile."),
        _("Nothing was changed. Scan again."),
    )


def _shrink(tx: Tx, pick: Any, found: int, missing: int, damaged: int) -> None:
    """Take the promise of the missing pieces back, and put the bin in doubt."""
    _give_back(tx, pick, found)
    if damaged:
        stock.to_quarantine(tx, pick.stock_id, damaged, promised=False)
    if missing > damaged:
        stock.ask_count(tx, pick.stock_id, "short pick")


def _give_back(tx: Tx, pick: Any, found: int) -> None:
    facts = (pick.allocation_id, pick.stock_id, pick.line_id, pick.quantity, pick.picked, found)
    allocation.give_back(tx, [facts])


def _wait_short(tx: Tx, pick: Any) -> bool:
    """Nothing more of the order can be picked now: what is promised is freed, it waits short.

    A client that ships in parts goes on with what is there.
    """
    if ships_in_parts(tx, pick.order_id):
        if not finish_order(tx, pick.order_id):
            _nothing_left(tx, pick.order_id)
        close_finished(tx, [pick.pick_list_id])
        return False
    void_picks(tx, [pick.order_id])
    allocation.free(tx, [pick.order_id])
    move(tx, Order, "order", pick.order_id, "short", ORDER_MOVES)
    close_finished(tx, [pick.pick_list_id])
    if not tx.scalar(_picked_of(pick.order_id)):
        free_tote(tx, pick.order_id)
    return True


def _nothing_left(tx: Tx, order_id: int) -> None:
    """An order in parts of which nothing was picked and nothing is promised waits short too."""
    promised = select(func.sum(OrderLine.allocated)).where(OrderLine.order_id == order_id)
    if not tx.scalar(promised):
        move(tx, Order, "order", order_id, "short", ORDER_MOVES)
        free_tote(tx, order_id)


def _picked_of(order_id: int) -> Select[int]:
    return select(func.sum(OrderLine.picked)).where(OrderLine.order_id == order_id)
