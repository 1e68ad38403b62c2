"""What the cancelling rows of an order file mean for the orders that are here."""

from __future__ import annotations

from sqlalchemy import select

from wms_app.base.codes import new_id
from wms_app.base.db import AnyRow, Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, keep, mark
from wms_app.base.who import Who
from wms_app.floor.orders import holds, reading
from wms_app.floor.orders.known import CHUNK, CancelOrder, Known, there
from wms_app.floor.orders.model import OPEN, Hold, OrderLine
from wms_app.floor.orders.reading import Cancel, Key
from wms_app.outside.channels.findings import Finding
from wms_app.outside.channels.profile import Profile


def write_cancels(
    store: Store,
    who: Who,
    known: Known,
    profile: Profile,
    dry_run: bool,
    cancel: CancelOrder,
) -> None:
    """What the cancelling rows mean for the orders that are here."""
    items = [(k, c) for k, c in known.made.cancels.items() if k[0] in known.clients]
    for start in range(0, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        with store.read() as tx:
            wanted = [one for key, _c in chunk for one in reading.stripped(key, profile)]
            here = there(tx, known, wanted)
        for key, rows in chunk:
            meant = next((k for k in reading.stripped(key, profile) if k in here), None)
            if meant is None:
                if not dry_run or not _in_file(known, key, profile):
                    _unmatched(known, key, rows)
                else:
                    known.called_off += 1
            elif here[meant].state != "cancelled":
                _call_off(store, who, known, here[meant], key, rows, cancel, dry_run=dry_run)


def _in_file(known: Known, key: Key, profile: Profile) -> bool:
    return any(k in known.made.orders for k in reading.stripped(key, profile))


def _call_off(
    store: Store,
    who: Who,
    known: Known,
    order: AnyRow,
    key: Key,
    rows: Cancel,
    cancel: CancelOrder,
    *,
    dry_run: bool,
) -> None:
    """Cancel it, or ask a person about a part; what was asked before is not asked again."""

    def work(tx: Tx) -> bool:
        if _is_whole(tx, order, rows):
            cancel(tx, int(order.id), mark("cancelled by the channel"))
            return True
        if _was_asked(tx, order, key):
            return False
        words = [
            keep(mark("{pieces} × {sku} cancelled"), pieces=pieces or "", sku=sku)
            for sku, pieces in sorted(rows.pieces.items())
        ]
        holds.hold(tx, int(order.id), "changed", {"cancelling": key[2], "words": words})
        return True

    if order.state not in OPEN:
        _has_left(known, order, key, rows)
    elif dry_run:
        with store.read() as tx:
            known.called_off += _is_whole(tx, order, rows) or not _was_asked(tx, order, key)
    else:
        try:
            fresh = store.write(new_id(), who, "cancel_by_file", work)
        except Refused as refused:
            _refused(known, order, key, rows, refused.code, refused.text)
        else:
            known.called_off += fresh
            known.changed = known.changed or fresh


def _is_whole(tx: Tx, order: AnyRow, rows: Cancel) -> bool:
    """Whether the rows call off every piece of it; a row that names no SKU means all."""
    lines = tx.rows(
        select(OrderLine.sku_code, OrderLine.ordered).where(
            OrderLine.order_id == order.id, OrderLine.not_goods.is_(False)
        )
    )
    return "" in rows.pieces or all(
        rows.pieces.get(line.sku_code) in (0, int(line.ordered)) for line in lines
    )


def _was_asked(tx: Tx, order: AnyRow, key: Key) -> bool:
    seen = tx.rows(select(Hold.detail).where(Hold.order_id == order.id, Hold.reason == "changed"))
    return any((row.detail or {}).get("cancelling") == key[2] for row in seen)


def _has_left(known: Known, order: AnyRow, key: Key, rows: Cancel) -> None:
    words = _("Order {number} has left the house: it can't be cancelled.")
    _refused(known, order, key, rows, "has_left", words.format(number=order.number))


def _refused(known: Known, order: AnyRow, key: Key, rows: Cancel, code: str, text: str) -> None:
    expected = _("an order that is still here")
    known.made.findings.append(
        Finding(rows.row, "order_number", key[2], expected, code, text, order.number)
    )


def _unmatched(known: Known, key: Key, rows: Cancel) -> None:
    known.made.findings.append(
        Finding(
            rows.row,
            "order_number",
            key[2],
            _("an order that was taken in"),
            "cancellation_unmatched",
            _("noted; there is no such order to cancel"),
            key[2],
        )
    )
