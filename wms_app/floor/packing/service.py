"""Parcels at the bench: opened, filled piece by piece, weighed against what is in them, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from wms_app.base import journal, lock
from wms_app.base.db import Tx
from wms_app.base.moves import move
from wms_app.base.prepared import Prepared, PreparedInsert
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.orders.gate import pass_gate
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing.inside import advised, contents
from wms_app.floor.packing.model import MOVES, Parcel, ParcelItem
from wms_app.floor.packing.weight import judge
from wms_app.floor.packing.words import parcel_words
from wms_app.floor.picking.service import free_tote

line_packed = Prepared(
    update(OrderLine)
    .where(OrderLine.id == bindparam("of_line"))
    .values(packed=OrderLine.packed + bindparam("more"))
)


_line_facts = Prepared(
    select(OrderLine.order_id, OrderLine.sku_id, OrderLine.picked, OrderLine.packed).where(
        OrderLine.id == bindparam("of_line")
    )
)
_parcel_facts = Prepared(
    select(Parcel.id, Parcel.order_id, Parcel.state).where(Parcel.id == bindparam("of_parcel"))
)
_open_parcel = Prepared(
    select(Parcel.id, Parcel.order_id, Parcel.number, Parcel.made_by, Parcel.station).where(
        Parcel.order_id == bindparam("of_order"), Parcel.state == "open"
    )
)
_pieces_in = Prepared(
    select(func.coalesce(func.sum(ParcelItem.quantity), 0)).where(
        ParcelItem.parcel_id == bindparam("of_parcel")
    )
)
_loose = Prepared(
    select(func.coalesce(func.sum(OrderLine.picked - OrderLine.packed), 0)).where(
        OrderLine.order_id == bindparam("of_order")
    )
)
_parcels_before = Prepared(
    select(Order.warehouse_id, func.count(Parcel.id).label("parcels"))
    .outerjoin(Parcel, Parcel.order_id == Order.id)
    .where(Order.id == bindparam("of_order"))
    .group_by(Order.id, Order.warehouse_id)
)
_make_parcel = PreparedInsert(
    Parcel,
    "warehouse_id",
    "order_id",
    "number",
    "made_at",
    "made_by",
    "station",
    returning="id",
)
_set_carton = Prepared(
    update(Parcel)
    .where(Parcel.id == bindparam("of_parcel"))
    .values(carton_id=bindparam("its_carton"))
)
_make_item = PreparedInsert(
    ParcelItem, "warehouse_id", "parcel_id", "line_id", "sku_id", "lot", "quantity"
)
_add_item = Prepared(
    update(ParcelItem)
    .where(
        ParcelItem.parcel_id == bindparam("of_parcel"),
        ParcelItem.line_id == bindparam("of_line"),
        ParcelItem.lot == bindparam("of_lot"),
    )
    .values(quantity=ParcelItem.quantity + bindparam("more"))
)


@dataclass(frozen=True)
class Open:
    """An open parcel and who packs it."""

    id: int
    order_id: int
    number: int
    made_by: str
    station: str


def start(tx: Tx, order_id: int) -> int:
    """The open parcel of an order, made if there is none; gives its id.

    Refused: the order is cancelled, held, has nothing to pack, or another packer has it open.
    """
    state = pass_gate(tx, order_id)
    there = open_parcel(tx, order_id)
    if there is not None:
        if there.made_by != tx.who.name and not tx.who.supervises:
            raise Refused(
                "packed_by_other",
                _("{name} packs that order at {station}.").format(
                    name=there.made_by, station=there.station
                ),
                _("Take another tote, or ask a supervisor to move it."),
            )
        if there.made_by != tx.who.name:
            mine = {"made_by": tx.who.name, "station": tx.who.station}
            tx.execute(update(Parcel).where(Parcel.id == there.id).values(mine))
            journal.record(tx, "taken_over", "parcel", [there.id], before=there.made_by)
        return there.id
    if state not in ("picked", "packed"):
        raise _not_ready(state)
    if not loose(tx, order_id):
        raise Refused(
            "nothing_to_pack",
            _("Everything of that order is in its parcels already."),
            _("Scan the next tote."),
        )
    parcel_id = _make(tx, order_id)
    box = advised(tx, order_id, tx.who.warehouse_id)
    if box is not None:
        _set_carton.tell(tx, of_parcel=parcel_id, its_carton=box.id)
    return parcel_id


def _not_ready(state: str) -> Refused:
    words = {
        "short": _("That order waits for stock."),
        "released": _("That order is still being picked."),
        "staged": _("That order is packed and stands in its lane."),
        "handed_over": _("That order has left the house."),
    }
    return Refused(
        "not_picked",
        words.get(state, _("That order was not picked yet.")),
        _("Scan another tote."),
    )


def open_parcel(tx: Tx, order_id: int) -> Open | None:
    """The parcel of an order that is being filled, if there is one."""
    row = _open_parcel.first(tx, of_order=order_id)
    return Open(*row) if row else None


def loose(tx: Tx, order_id: int) -> int:
    """How many picked pieces of an order are in no parcel yet."""
    return int(_loose.scalar(tx, of_order=order_id))


def put(tx: Tx, parcel_id: int, line_id: int, pieces: int, lot: str = "") -> None:
    """Put pieces of one line into an open parcel. Refused: more than were picked for it."""
    parcel = _pass_with(tx, parcel_id, "open")
    _fill(tx, parcel.order_id, parcel_id, line_id, pieces, lot)


def put_lots(tx: Tx, order_id: int, line_id: int, lots: Sequence[tuple[str, int]]) -> None:
    """Put pieces of one line, by lot, into the open parcel of its order, made if there is none.

    Refused: as `start` and `put`.
    """
    parcel_id = start(tx, order_id)
    for lot, pieces in lots:
        _fill(tx, order_id, parcel_id, line_id, pieces, lot)


def _fill(tx: Tx, order_id: int, parcel_id: int, line_id: int, pieces: int, lot: str) -> None:
    """Into an open parcel; the gate of its order was passed."""
    line = _line_facts.first(tx, of_line=line_id)
    if line is None or line.order_id != order_id:
        raise Refused("other_order", _("That piece is not of this order."))
    if pieces < 1 or line.packed + pieces > line.picked:
        raise Refused(
            "too_many",
            _("That is more than was picked: {left} left to pack.").format(
                left=line.picked - line.packed
            ),
            _("Put the rest aside and tell a supervisor."),
        )
    add_item(tx, parcel_id, line_id, line.sku_id, lot, pieces)
    line_packed.tell(tx, of_line=line_id, more=pieces)
    detail = {"line": line_id, "pieces": pieces, "parcel": parcel_id}
    journal.record(tx, "packed_piece", "order", [order_id], detail=detail)
    tx.changed("parcel")


def close_empty(tx: Tx, parcel_id: int) -> None:
    """Call off an open parcel in which nothing lies; one with goods stays as it is."""
    parcel = _parcel_facts.first(tx, of_parcel=parcel_id)
    if parcel is None:
        return
    lock.rows(tx, Order, [parcel.order_id])  # nobody puts a piece into it meanwhile
    if not _pieces_in.scalar(tx, of_parcel=parcel_id):
        void_parcel(tx, parcel_id)


def take_out(tx: Tx, parcel_id: int, line_id: int, pieces: int, lot: str = "") -> None:
    """Take pieces out of an open parcel again. Refused: they are not in it."""
    lock.rows(tx, Order, [parcel_in(tx, parcel_id, "open").order_id])
    parcel = parcel_in(tx, parcel_id, "open")  # as it is now that nobody else fills it
    changed = tx.execute(
        update(ParcelItem)
        .where(
            ParcelItem.parcel_id == parcel_id,
            ParcelItem.line_id == line_id,
            ParcelItem.lot == lot,
            ParcelItem.quantity >= pieces,
        )
        .values(quantity=ParcelItem.quantity - pieces)
    ).rowcount
    if not changed:
        raise Refused("not_in_it", _("That is not in the box."))
    tx.execute(
        delete(ParcelItem).where(ParcelItem.parcel_id == parcel_id, ParcelItem.quantity == 0)
    )
    line_packed.tell(tx, of_line=line_id, more=-pieces)
    detail = {"line": line_id, "pieces": pieces, "parcel": parcel_id}
    journal.record(tx, "took_out", "order", [parcel.order_id], detail=detail)
    tx.changed("parcel")


def choose_carton(tx: Tx, parcel_id: int, carton_id: int | None) -> None:
    """Pack into this carton; None: the goods' own box."""
    parcel = parcel_in(tx, parcel_id, "open")
    tx.execute(update(Parcel).where(Parcel.id == parcel.id).values(carton_id=carton_id))
    tx.changed("parcel")


def seal(
    tx: Tx, parcel_id: int, grams: int, weight_by: str = "typed", override_reason: str = ""
) -> bool:
    """Close the box with its weight; gives whether the order is packed with it.

    Refused: no weight, an empty box, or a weight that does not fit what is in the box; the last
    unless a supervisor gives a reason.
    """
    parcel = _pass_with(tx, parcel_id, "open")
    inside = contents(tx, parcel_id)
    if not inside.goods:
        raise Refused("empty_box", _("There is nothing in the box."), _("Scan the goods into it."))
    verdict = judge(inside, grams)
    if verdict is not None and not override_reason:
        raise verdict
    if verdict is not None and not tx.who.supervises:
        raise Refused(
            "not_yours",
            _("Only a supervisor can accept another weight."),
            _("Let a supervisor sign in, or look into the box."),
        )
    values: dict[str, Any] = {
        "grams": grams,
        "weight_by": weight_by,
        "expected_g": inside.expected_g,
        "tolerance_g": inside.tolerance_g,
        "sealed_at": tx.now,
        "override_by": tx.who.name if verdict is not None else "",
        "override_reason": override_reason[:200] if verdict is not None else "",
    }
    said = {"grams": grams, "expected": inside.expected_g, "by": weight_by}
    if values["override_reason"]:
        said["why"] = values["override_reason"]
    move(tx, Parcel, "parcel", parcel_id, "sealed", MOVES, detail=said, **values)
    if loose(tx, parcel.order_id):
        return False
    order_packed(tx, parcel.order_id)
    return True


def reopen(tx: Tx, parcel_id: int) -> None:
    """Open a sealed parcel again. Refused: it has its label, or the order's next box has goods.

    A next box in which nothing lies yet is called off: an order has one open parcel.
    """
    parcel = _pass_with(tx, parcel_id, "sealed")
    there = open_parcel(tx, parcel.order_id)
    if there is not None:
        close_empty(tx, there.id)
        if open_parcel(tx, parcel.order_id) is not None:
            raise Refused(
                "other_box_open",
                _("The next box of that order is being filled already."),
                _("Empty or close that one first."),
            )
    if tx.scalar(select(Order.state).where(Order.id == parcel.order_id)) == "packed":
        move(tx, Order, "order", parcel.order_id, "picked", ORDER_MOVES)
    mine: dict[str, Any] = {"grams": 0, "made_by": tx.who.name, "station": tx.who.station}
    move(tx, Parcel, "parcel", parcel_id, "open", MOVES, **mine)


def void_parcel(tx: Tx, parcel_id: int) -> None:
    """Call a parcel off: its pieces are loose again. Its label is given up by the caller."""
    items = tx.rows(
        select(ParcelItem.line_id, func.sum(ParcelItem.quantity).label("pieces"))
        .where(ParcelItem.parcel_id == parcel_id)
        .group_by(ParcelItem.line_id)
    )
    move(tx, Parcel, "parcel", parcel_id, "void", MOVES)
    changes = [{"of_line": item.line_id, "more": -int(item.pieces)} for item in items]
    if changes:
        line_packed.tell_each(tx, changes)
        step_back(tx, parcel_id)


def _make(tx: Tx, order_id: int) -> int:
    before = _parcels_before.first(tx, of_order=order_id)
    parcel_id = int(
        _make_parcel.scalar(
            tx,
            warehouse_id=before.warehouse_id,
            order_id=order_id,
            number=before.parcels + 1,
            made_at=tx.now,
            made_by=tx.who.name,
            station=tx.who.station,
        )
    )
    journal.record(tx, "opened", "parcel", [parcel_id], after="open")
    tx.changed("parcel")
    return parcel_id


def parcel_in(tx: Tx, parcel_id: int, state: str) -> Any:
    """`id, order_id, state` of a parcel that must be in `state`; refused otherwise."""
    row = _parcel_facts.first(tx, of_parcel=parcel_id)
    if row is None or row.state != state:
        raise Refused(
            "wrong_state",
            _("That parcel is {state}, not {wanted}.").format(
                state=parcel_words(row.state if row else ""), wanted=parcel_words(state)
            ),
            _("Look it up with Ctrl+K."),
        )
    return row


def _pass_with(tx: Tx, parcel_id: int, state: str) -> Any:
    """The order past its gate, then its parcel as it is now; refused when it is not in `state`."""
    pass_gate(tx, parcel_in(tx, parcel_id, state).order_id)
    return parcel_in(tx, parcel_id, state)


def add_item(tx: Tx, parcel_id: int, line_id: int, sku_id: int, lot: str, pieces: int) -> None:
    """Note pieces of one line and lot as lying in a parcel."""
    if not _add_item.run(tx, of_parcel=parcel_id, of_line=line_id, of_lot=lot, more=pieces):
        _make_item.tell(
            tx,
            warehouse_id=tx.who.warehouse_id,
            parcel_id=parcel_id,
            line_id=line_id,
            sku_id=sku_id,
            lot=lot,
            quantity=pieces,
        )


def step_back(tx: Tx, parcel_id: int) -> None:
    """An order of which a piece is loose again is not packed any more."""
    mine = select(Parcel.order_id).where(Parcel.id == parcel_id).scalar_subquery()
    order = tx.first(select(Order.id, Order.state).where(Order.id == mine))
    steps = {"staged": ("packed", "picked"), "packed": ("picked",)}
    for state in steps.get(order.state, ()) if order else ():
        move(tx, Order, "order", order.id, state, ORDER_MOVES)  # type: ignore[union-attr]


def order_packed(tx: Tx, order_id: int) -> None:
    """Everything picked of the order is in closed parcels: its totes are free."""
    move(tx, Order, "order", order_id, "packed", ORDER_MOVES)
    free_tote(tx, order_id)
