"""What the cancelling rows of an order file mean for the orders that are here."""

from __future__ import annotations

from sqlalchemy import select

from wms_app.base.codes import new_id
from wms_app.base.db import AnyRow, Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.orders import holds, reading
from wms_app.floor.orders.known import CHUNK, CancelOrder, Known, there
from wms_app.floor.orders.model import Hold, OrderLine
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
                if not (
                    dry_run and any(k in known.made.orders for k in reading.stripped(key, profile))
                ):
                    _unmatched(known, key, rows)
            elif not dry_run:
                _call_off(store, who, known, here[meant], key, rows, cancel)


def _call_off(
    store: Store,
    who: Who,
    known: Known,
    order: AnyRow,
    key: Key,
    rows: Cancel,
    cancel: CancelOrder,
) -> None:
    if order.state == "cancelled":
        return

    def work(tx: Tx) -> None:
        ordered = {
            row.sku_code: int(row.ordered)
            for row in tx.rows(
                select(OrderLine.sku_code, OrderLine.ordered).where(
                    OrderLine.order_id == order.id, OrderLine.not_goods.is_(False)
                )
            )
        }
        whole = all(
            sku in rows.pieces and rows.pieces[sku] in (0, pieces)
            for sku, pieces in ordered.items()
        )
        if whole or "" in rows.pieces:
            cancel(tx, int(order.id), _("cancelled by the channel"))
            known.changed = True
            return
        seen = tx.rows(
            select(Hold.detail).where(Hold.order_id == order.id, Hold.reason == "changed")
        )
        if not any((row.detail or {}).get("cancelling") == key[2] for row in seen):
            words = [
                _("{pieces} × {sku} cancelled").format(pieces=pieces or "", sku=sku)
                for sku, pieces in sorted(rows.pieces.items())
            ]
            holds.hold(tx, int(order.id), "changed", {"cancelling": key[2], "words": words})
            known.changed = True

    try:
        store.write(new_id(), who, "cancel_by_file", work)
    except Refused as refused:
        known.made.findings.append(
            Finding(
                rows.row,
                "order_number",
                key[2],
                _("an order that is still here"),
                refused.code,
                refused.text,
                order.number,
            )
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
