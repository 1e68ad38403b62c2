"""Buying shipping labels: the intent first, the carrier outside any transaction, then the outcome.

intend   one record and key for the parcel, committed; a label that the seller sent is had with it
buy      the carrier is asked with that key; an older intent is looked up before
record   what it sold, and the parcel is labelled; a parcel that was called off meanwhile
         leaves an orphan that is given back, never lost
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select

from wms_app.base import journal
from wms_app.base.db import Store, Tx
from wms_app.base.moves import move_all
from wms_app.base.operations import Operation
from wms_app.base.prepared import Prepared, PreparedInsert
from wms_app.base.refusal import Down, Refused
from wms_app.base.schema import among_given
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.labelling.asks import Ask, asks
from wms_app.floor.labelling.buying import Carriers, Sold, buy, is_closed, record
from wms_app.floor.labelling.choose import choose
from wms_app.floor.labelling.model import LIVE, MOVES, Label
from wms_app.floor.labelling.own_label import OWN, free_label
from wms_app.floor.labelling.paper import count_prints, print_labels
from wms_app.floor.labelling.pending import resume, void_pending
from wms_app.floor.orders.gate import pass_gate
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.labelled import LabelResult
from wms_app.floor.packing.model import Parcel
from wms_app.floor.packing.words import parcel_words
from wms_app.outside.carriers.carrier import Bought
from wms_app.outside.devices.printer import LabelPrinter
from wms_app.outside.devices.printers.driver import Unsure

__all__ = ["give_up", "label_parcel", "reprint", "resume", "unprinted", "void_pending"]

_parcels = Prepared(
    select(
        Parcel.id,
        Parcel.order_id,
        Parcel.warehouse_id,
        Parcel.state,
        Parcel.grams,
        Parcel.weight_by,
        Order.service,
        Order.currency,
        Order.own_label,
    )
    .join(Order, Order.id == Parcel.order_id)
    .where(among_given(Parcel.id, "of_parcels"))
)
_live = Prepared(
    select(
        Label.id,
        Label.parcel_id,
        Label.state.label("label_state"),
        Label.asked_g,
        Parcel.state,
        Parcel.grams,
        Parcel.weight_by,
    )
    .join(Parcel, Parcel.id == Label.parcel_id)
    .where(among_given(Label.parcel_id, "of_parcels"), Label.state.in_(LIVE))
)
_order_of = Prepared(select(Parcel.order_id).where(Parcel.id == bindparam("of_parcel")))
_applied = Prepared(select(Operation.id).where(Operation.key == bindparam("of_key")))
_unprinted = Prepared(
    select(Parcel.id, Order.number)
    .join(Order, Order.id == Parcel.order_id)
    .join(Label, (Label.parcel_id == Parcel.id) & (Label.state == "bought"))
    .where(
        Parcel.warehouse_id == bindparam("here"),
        Parcel.state == "labelled",
        Parcel.weight_by != "catalog",
        Label.printed == 0,
        Order.holds == 0,
    )
    .order_by(Parcel.id)
    .limit(200)
)
_intend = PreparedInsert(
    Label,
    "id",
    "warehouse_id",
    "parcel_id",
    "key",
    "state",
    "carrier",
    "service",
    "asked_g",
    "asked_at",
    "own_label_id",
)


def label_parcel(
    store: Store,
    who: Who,
    carriers: Carriers,
    printer: LabelPrinter,
    parcel_id: int,
    operation: str,
) -> LabelResult:
    """Buy the label of a sealed parcel and print it; a parcel that has one gets no second.

    Asked again under another operation it prints the label again; under the same one it does not.

    Refused: the order is cancelled or held, the parcel is not sealed, the carrier won't take it.
    `Down`: the carrier is away, or whether it sold is not known; the parcel stays sealed, and the
    next try looks the purchase up before buying. A printer that is away only shows in the result.
    """
    fresh: list[int] = []

    def work(tx: Tx) -> int:
        pass_gate(tx, _order_of.scalar(tx, of_parcel=parcel_id) or 0)
        return intend(tx, [parcel_id], fresh)[parcel_id]

    label_id = store.write(f"{operation}-ask", who, "ask_label", work)
    with store.read() as tx:
        ask = asks(tx, [label_id])[label_id]
    if ask.state == "intended":
        bought = buy(store, who, carriers, ask, f"{operation}-no", fresh=label_id in fresh)
        sold = Sold(label_id, parcel_id, ask.order_id, bought)
        stopped = store.write(f"{operation}-sold", who, "buy_label", lambda tx: record(tx, [sold]))
        if stopped:
            raise_stopped(store, ask.order_id)
        ask = with_bought(ask, bought)
    elif ask.state != "bought":
        raise_stopped(store, ask.order_id)
    paper = f"{operation}-paper"
    if ask.printed and _was_done(store, paper):
        return result_of(ask)
    verb = "reprinted" if ask.printed else "printed"
    return _print(store, who, printer, ask, paper, verb)


def intend(tx: Tx, parcel_ids: Sequence[int], fresh: list[int]) -> dict[int, int]:
    """The live label of each parcel, written as an intent where there is none.

    Gives label ids by parcel id; the ids of new intents are added to `fresh`. An intent for another
    weight, of before the parcel was opened again, is given up for a new one. The caller has passed
    the gate. A label that the seller sent is on its parcel at once: nobody else has to be asked.
    Refused: a parcel that is not closed yet or has no weight, a seller's label that is not here.
    """
    found = _live.rows(tx, of_parcels=parcel_ids)
    asked = [row for row in found if row.label_state == "intended"]
    for row in asked:
        _refuse_open(row)
    other = [row.id for row in asked if row.asked_g != row.grams]
    move_all(tx, Label, "label", other, "to_void", MOVES)
    live = {row.parcel_id: int(row.id) for row in found if row.id not in other}
    wanted = [parcel_id for parcel_id in parcel_ids if parcel_id not in live]
    if not wanted:
        return live
    parcels = {row.id: row for row in _parcels.rows(tx, of_parcels=wanted)}
    ids = tx.take_ids(Label, len(wanted))
    sent: list[Sold] = []
    rows = [_intent(tx, parcels.get(parcel), label, sent) for parcel, label in zip(wanted, ids)]
    _intend.tell_each(tx, rows)
    journal.record(tx, "intended", "label", ids, after="intended")
    if sent:
        record(tx, sent)
    tx.changed("label")
    fresh.extend(ids)
    return live | dict(zip(wanted, ids))


def _refuse_open(parcel: Any) -> None:
    if parcel is None or not is_closed(parcel):
        raise Refused(
            "not_sealed",
            _("That parcel can't be labelled: it is {state}.").format(
                state=parcel_words(parcel.state if parcel else "")
            ),
            _("Weigh and close it first."),
        )


def _intent(tx: Tx, parcel: Any, label_id: int, sent: list[Sold]) -> dict[str, Any]:
    """A fresh intent; one for a label that the seller sent is added to `sent` too."""
    _refuse_open(parcel)
    if parcel.grams <= 0:
        raise Refused(
            "no_weight",
            _("The weight of that parcel is not known."),
            _("Weigh it, or enter the weight of the SKU in the catalog."),
        )
    choice, own_label_id = choose(parcel.service), None
    if parcel.own_label:
        own = free_label(tx, parcel.order_id)
        choice, own_label_id = replace(choice, carrier=own.carrier), own.id
        bought = Bought(own.tracking, choice.service, OWN, 0, parcel.currency)
        sent.append(Sold(label_id, parcel.id, parcel.order_id, bought))
    return {
        "id": label_id,
        "warehouse_id": parcel.warehouse_id,
        "parcel_id": parcel.id,
        "key": f"dock-{parcel.warehouse_id}-{label_id}",
        "state": "intended",
        "carrier": choice.carrier,
        "service": choice.service,
        "asked_g": parcel.grams,
        "asked_at": tx.now,
        "own_label_id": own_label_id,
    }


def with_bought(ask: Ask, bought: Bought) -> Ask:
    """The ask with what was sold."""
    return replace(
        ask,
        state="bought",
        tracking=bought.tracking,
        service=bought.service,
        zone=bought.zone,
        price_minor=bought.price_minor,
        currency=bought.currency,
        carrier_label=bought.label,
    )


def raise_stopped(store: Store, order_id: int) -> None:
    """Say why a label that was bought is not printed: the gate's words, or that it was called off.

    The label is kept (a held order) or will be given back.
    """
    with store.read() as tx:
        pass_gate(tx, order_id)
    raise Refused(
        "called_off",
        _("That parcel was called off while its label was bought."),
        _("Do not ship it. The label is given back by itself."),
    )


def reprint(
    store: Store, who: Who, printer: LabelPrinter, parcel_id: int, operation: str
) -> LabelResult:
    """Print a parcel's label again; nothing is bought, the number stays.

    Refused: the order is cancelled or held, or the parcel has no label. `Down`: the printer.
    """
    with store.read() as tx:
        order_id = tx.scalar(select(Parcel.order_id).where(Parcel.id == parcel_id))
        pass_gate(tx, order_id or 0)
        label_id = tx.scalar(
            select(Label.id).where(Label.parcel_id == parcel_id, Label.state == "bought")
        )
        if label_id is None:
            raise Refused(
                "no_label",
                _("That parcel has no label yet."),
                _("It is printed when the parcel is closed and weighed."),
            )
        ask = asks(tx, [label_id])[label_id]
    where = print_labels(printer, [ask], again=operation)
    store.write(operation, who, "reprint", lambda tx: count_prints(tx, [ask], "reprinted"))
    return result_of(ask, where)


def unprinted(tx: Tx, warehouse_id: int) -> list[tuple[int, str]]:
    """Packed parcels whose label was bought and never printed: (parcel id, order number).

    A station that stops between the two leaves one. Labels of a label-first list are not among
    them: their list prints them.
    """
    rows = _unprinted.rows(tx, here=warehouse_id)
    return [(row.id, row.number) for row in rows]


def give_up(tx: Tx, parcel_id: int) -> list[int]:
    """The parcel wants its label no more: it is to be given back, whether it is known to be sold
    or not. Gives the labels' ids; none is no error."""
    ids = tx.scalars(select(Label.id).where(Label.parcel_id == parcel_id, Label.state.in_(LIVE)))
    return move_all(tx, Label, "label", list(ids), "to_void", MOVES) if ids else []


def _was_done(store: Store, operation: str) -> bool:
    with store.read() as tx:
        return _applied.scalar(tx, of_key=operation) is not None


def _print(
    store: Store, who: Who, printer: LabelPrinter, ask: Ask, operation: str, verb: str
) -> LabelResult:
    try:
        again = operation if verb == "reprinted" else ""
        where = print_labels(printer, [ask], again)
    except (Down, Refused) as problem:
        return result_of(ask, "", problem.text, isinstance(problem, Unsure))
    store.write(operation, who, "print_label", lambda tx: count_prints(tx, [ask], verb))
    return result_of(ask, where)


def result_of(ask: Ask, where: str = "", problem: str = "", unsure: bool = False) -> LabelResult:
    """What the bench is told of a label: `where` it was printed, or why it was not."""
    return LabelResult(
        ask.tracking,
        ask.carrier,
        ask.service,
        ask.price_minor,
        ask.currency,
        where,
        problem,
        unsure,
    )
