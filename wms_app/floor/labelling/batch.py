"""The labels of a label-first list: made, bought and printed together, in walk order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select

from wms_app.base.conversation import Progress
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Down, Refused
from wms_app.base.schema import among
from wms_app.base.texts import mark
from wms_app.base.who import Who
from wms_app.floor.labelling import own_label
from wms_app.floor.labelling.asks import Ask, asks
from wms_app.floor.labelling.buying import Carriers, Sold, buy, record
from wms_app.floor.labelling.model import LIVE, Label
from wms_app.floor.labelling.paper import count_prints, print_labels
from wms_app.floor.labelling.service import intend, with_bought
from wms_app.floor.orders.holds import hold
from wms_app.floor.packing.own_box import own_boxes, weightless
from wms_app.outside.devices.printer import LabelPrinter

CHUNK = 20
_NO_WEIGHT = mark("Goods of it have no weight. Take in a file of SKUs with it, then let it go.")


@dataclass
class Batch:
    """What came of it: labels printed and where to, refusals by order, and what was away."""

    printed: int = 0
    printed_to: str = ""
    refused: dict[int, str] = field(default_factory=dict)
    down: str = ""
    cancelled: bool = False


def label_orders(
    store: Store,
    who: Who,
    carriers: Carriers,
    printer: LabelPrinter,
    order_ids: Sequence[int],
    operation: str,
    progress: Progress | None = None,
) -> Batch:
    """Make the parcels of these orders, buy the labels that are missing, print what was not
    printed, in this order.

    Orders that are cancelled or held are passed by. One that a carrier won't take is put on hold
    with its words, so that a clerk can mend it. When a carrier or the printer is away the rest
    waits; asking again goes on where it stopped.
    """
    batch = Batch()
    boxes = partial(_boxes, order_ids=list(order_ids))
    parcels = store.write(f"{operation}-boxes", who, "own_boxes", boxes)
    wanted = [int(parcels[str(o)]) for o in order_ids if str(o) in parcels]
    ready: list[Ask] = []
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        step = partial(_told, progress, start, len(wanted))
        ready += _bought(store, who, carriers, chunk, f"{operation}-{start}", batch, step)
        if batch.down or batch.cancelled:
            break
    _print(store, who, printer, [ask for ask in ready if not ask.printed], operation, batch)
    return batch


def _boxes(tx: Tx, order_ids: list[int]) -> dict[str, int]:
    """Parcels by order id as JSON keeps them; what has no weight is held for the clerk, and what
    waits for the seller's label until it comes."""
    for order_id in weightless(tx, order_ids):
        hold(tx, order_id, "other", {"words": [_NO_WEIGHT]})
    for order_id in own_label.without_label(tx, order_ids):
        hold(tx, order_id, "client", {"words": [own_label.MISSING], own_label.WAITS: True})
    return {str(order): parcel for order, parcel in own_boxes(tx, order_ids).items()}


def _told(progress: Progress | None, start: int, total: int, done: int) -> bool:
    return progress is None or progress(start + done, total)


def _bought(
    store: Store,
    who: Who,
    carriers: Carriers,
    parcel_ids: Sequence[int],
    operation: str,
    batch: Batch,
    step: partial[bool],
) -> list[Ask]:
    """Buy the labels of one chunk; gives those that live, in the order of the parcels."""
    fresh: list[int] = []
    work = partial(intend, parcel_ids=parcel_ids, fresh=fresh)
    store.write(f"{operation}-ask", who, "ask_labels", lambda tx: work(tx) and None)
    with store.read() as tx:
        labels = live_labels(tx, parcel_ids)
        known = asks(tx, labels)
    done: list[Ask] = []
    sold: list[Sold] = []
    for place, label_id in enumerate(labels, 1):
        ask = known[label_id]
        if ask.state == "intended":
            one = _try(store, who, carriers, ask, f"{operation}-{place}", fresh, batch)
            if one is not None:
                sold.append(one)
                done.append(with_bought(ask, one.bought))
        else:
            done.append(ask)
        batch.cancelled = not step(place)
        if batch.down or batch.cancelled:
            break
    stopped = _record(store, who, sold, operation)
    return [ask for ask in done if ask.order_id not in stopped]


def live_labels(tx: Tx, parcel_ids: Sequence[int]) -> list[int]:
    """The live labels of these parcels, in the order of the parcels."""
    rows = tx.rows(
        select(Label.parcel_id, Label.id).where(
            among(Label.parcel_id, parcel_ids), Label.state.in_(LIVE)
        )
    )
    found = {row.parcel_id: int(row.id) for row in rows}
    return [found[parcel_id] for parcel_id in parcel_ids if parcel_id in found]


def _try(
    store: Store,
    who: Who,
    carriers: Carriers,
    ask: Ask,
    operation: str,
    fresh: Sequence[int],
    batch: Batch,
) -> Sold | None:
    try:
        bought = buy(store, who, carriers, ask, operation, fresh=ask.label_id in fresh)
        return Sold(ask.label_id, ask.parcel_id, ask.order_id, bought)
    except Down as down:
        batch.down = down.text
    except Refused as refusal:
        words = f"{refusal.text} {refusal.detail}".strip()
        batch.refused[ask.order_id] = words
        reason = "address" if refusal.code == "no_rate" else "other"
        held = partial(_hold, order_id=ask.order_id, reason=reason, words=words)
        store.write(f"{operation}-hold", who, "hold", held)
    return None


def _hold(tx: Tx, order_id: int, reason: str, words: str) -> None:
    hold(tx, order_id, reason, {"words": [words], "carrier": True})


def _record(store: Store, who: Who, sold: Sequence[Sold], operation: str) -> set[int]:
    if not sold:
        return set()
    work = partial(record, sold=sold)
    return set(store.write(f"{operation}-sold", who, "buy_labels", work) or ())


def _print(
    store: Store,
    who: Who,
    printer: LabelPrinter,
    ready: Sequence[Ask],
    operation: str,
    batch: Batch,
) -> None:
    if not ready:
        return
    try:
        batch.printed_to = print_labels(printer, ready)
    except (Down, Refused) as problem:
        batch.down = batch.down or problem.text
        return
    counted = partial(count_prints, asks=ready, verb="printed")
    store.write(f"{operation}-paper", who, "print_labels", counted)
    batch.printed = len(ready)
