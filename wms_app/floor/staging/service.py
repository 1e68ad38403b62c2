"""Putting parcels into their lanes, and taking them out again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, select

from wms_app.base import lock
from wms_app.base.db import Tx
from wms_app.base.moves import move, move_all
from wms_app.base.prepared import Prepared, PreparedInsert
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.orders.gate import pass_gate
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import MOVES, Parcel
from wms_app.floor.packing.words import parcel_words
from wms_app.floor.staging.lanes import LaneCard, lane_called, lane_for, live_label
from wms_app.floor.staging.model import Lane, StagedParcel
from wms_app.outside.carriers.carrier import carrier_words

# A parcel in one of these has still to reach its lane.
BEFORE_STAGED = ("open", "sealed", "labelled")

_put_into_lane = PreparedInsert(StagedParcel, "parcel_id", "warehouse_id", "lane_id", "staged_at")
_order_of = Prepared(select(Parcel.order_id).where(Parcel.id == bindparam("of_parcel")))
_standing = Prepared(
    select(Lane.code)
    .join(StagedParcel, StagedParcel.lane_id == Lane.id)
    .where(StagedParcel.parcel_id == bindparam("of_parcel"))
)
_waiting = Prepared(
    select(Parcel.id)
    .where(Parcel.order_id == bindparam("of_order"), Parcel.state.in_(BEFORE_STAGED))
    .limit(1)
)


def stage(tx: Tx, parcel_id: int, lane_code: str) -> None:
    """Put a labelled parcel into a lane that takes its carrier and service.

    The order becomes staged with its last parcel. Refused: cancelled or held, not labelled or
    not verified yet, already staged or gone, and a wrong lane (naming the right one).
    """
    order_id, order_state = pass_to_lane(tx, parcel_id)
    lane = lane_called(tx, tx.who.warehouse_id, lane_code)
    _fits(tx, parcel_id, lane)
    move(tx, Parcel, "parcel", parcel_id, "staged", MOVES, detail={"lane": lane.code})
    _put_into_lane.tell(
        tx,
        parcel_id=parcel_id,
        warehouse_id=tx.who.warehouse_id,
        lane_id=lane.id,
        staged_at=tx.now,
    )
    if order_state == "packed" and not _waits_for_a_lane(tx, order_id):
        move(tx, Order, "order", order_id, "staged", ORDER_MOVES)


def pass_to_lane(tx: Tx, parcel_id: int) -> tuple[int, str]:
    """The order of a parcel that may go to its lane now, and the order's state.

    Refused: cancelled or held, not labelled, not verified yet, already staged or gone.
    """
    order_id = order_of(tx, parcel_id)
    order_state = pass_gate(tx, order_id)
    parcel = lock.rows(tx, Parcel, [parcel_id], Parcel.state, Parcel.sealed_at)[0]
    if parcel.state != "labelled":
        raise not_to_stage(tx, parcel_id, parcel.state)
    if parcel.sealed_at is None and order_state not in ("packed", "staged"):
        raise Refused(
            "not_verified",
            _("The goods of that parcel were not verified against its label yet."),
            _("Scan goods and label on the walk first."),
        )
    return order_id, order_state


def unstage(tx: Tx, parcel_id: int) -> None:
    """Take a parcel out of its lane again; its order is packed again when it was staged.

    There is no gate: what is cancelled or held may always be taken back. Refused: not staged.
    """
    order_id = order_of(tx, parcel_id)
    lock.rows(tx, Order, [order_id])
    state = lock.rows(tx, Parcel, [parcel_id], Parcel.state)[0].state
    if state != "staged":
        raise Refused(
            "not_staged",
            _("That parcel does not stand in a lane: it is {state}.").format(
                state=parcel_words(state)
            ),
            _("Look it up with Ctrl+K."),
        )
    tx.execute(delete(StagedParcel).where(StagedParcel.parcel_id == parcel_id))
    move(tx, Parcel, "parcel", parcel_id, "labelled", MOVES)
    # Only a staged order goes back; one that is cancelled or not all packed stays what it is.
    if tx.scalar(select(Order.state).where(Order.id == order_id)) == "staged":
        move_all(tx, Order, "order", [order_id], "packed", ORDER_MOVES)


def order_of(tx: Tx, parcel_id: int) -> int:
    """The order of a parcel. Refused: there is no such parcel."""
    order_id = _order_of.scalar(tx, of_parcel=parcel_id)
    if order_id is None:
        raise Refused(
            "unknown_parcel",
            _("There is no such parcel."),
            _("Scan the shipping label's tracking number."),
        )
    return int(order_id)


def standing(tx: Tx, parcel_id: int) -> str:
    """The code of the lane that a parcel stands in (or stood in before the truck), or ""."""
    return str(_standing.scalar(tx, of_parcel=parcel_id) or "")


def not_to_stage(tx: Tx, parcel_id: int, state: str) -> Refused:
    """Why a parcel in this state can't be put into a lane."""
    if state == "staged":
        return Refused(
            "already_staged",
            _("That parcel stands in lane {lane} already.").format(lane=standing(tx, parcel_id)),
            _("Nothing was changed. Scan the next parcel."),
        )
    if state in ("open", "sealed"):
        return Refused(
            "not_labelled",
            _("That parcel has no shipping label yet: it is {state}.").format(
                state=parcel_words(state)
            ),
            _("Bring it back to the pack bench."),
        )
    if state == "void":
        return given_up()
    return Refused(
        "gone",
        _("That parcel can't be staged: it is {state}.").format(state=parcel_words(state)),
        _("Look it up with Ctrl+K."),
    )


def given_up() -> Refused:
    """The label of a parcel that is void was scanned."""
    return Refused(
        "given_up",
        _("That label is void: its parcel was given up."),
        _("Tear it off. What its order needs now is found with Ctrl+K."),
    )


def right_lane(tx: Tx, parcel_id: int) -> LaneCard:
    """The lane to carry a parcel to. Refused: no live label, or no lane takes it."""
    label: Any = live_label(tx, parcel_id)
    if label is None:
        raise Refused(
            "no_label",
            _("That parcel bears no live shipping label."),
            _("Bring it back to the pack bench for a label."),
        )
    lane = lane_for(tx, parcel_id)
    if lane is None:
        raise Refused(
            "no_lane",
            _("No lane takes {carrier} {service}.").format(
                carrier=carrier_words(label.carrier), service=label.service
            ),
            _("Ask a supervisor to add a lane in Setup."),
        )
    return lane


def _fits(tx: Tx, parcel_id: int, lane: LaneCard) -> None:
    label: Any = live_label(tx, parcel_id)
    if label is not None and lane.takes(label.carrier, label.service):
        return
    right = right_lane(tx, parcel_id)
    raise Refused(
        "wrong_lane",
        _("That is lane {got}. {carrier} {service} goes to **{right}**.").format(
            got=lane.code,
            carrier=carrier_words(label.carrier),
            service=label.service,
            right=right.code,
        ),
        _("Nothing was changed. Carry the parcel to lane {right}.").format(right=right.code),
    )


def _waits_for_a_lane(tx: Tx, order_id: int) -> bool:
    return _waiting.scalar(tx, of_order=order_id) is not None
