"""What a scan at the shelf means: how many pieces of the stop's goods, or a tote."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select

from wms_app.base.codes import Code, Item, Number, Own, Scan
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.floor.catalog.lookup import Match, find_bin, skus_for
from wms_app.floor.catalog.model import Sku
from wms_app.floor.catalog.names import split_name
from wms_app.floor.picking import refusals
from wms_app.floor.picking.model import Tote
from wms_app.floor.picking.walk import Stop


def pieces_in(tx: Tx, scan: Scan, code: Code, stop: Stop) -> int:
    """How many more pieces of the stop's goods a scan says; a case code says its quantity.

    A typed number is the total taken at this stop. A number that fits no total may be a SKU code.
    Refused: other goods, another lot, more than are left, a number before the first piece.
    """
    if isinstance(code, Number) and stop.picked and code.value <= stop.quantity:
        if code.value <= stop.picked:
            raise refusals.too_few(code.value, stop)
        return code.value - stop.picked
    item = code if isinstance(code, Item) else Item(scan.raw.strip())
    matches = skus_for(tx, item)
    right = [match for match in matches if match.sku_id == stop.sku_id]
    if not right:
        raise _not_it(tx, code, matches, stop)
    if item.lot and stop.lot and item.lot != stop.lot:
        raise refusals.wrong_lot(item.lot, stop)
    if right[0].quantity > stop.left:
        raise refusals.too_many(right[0].quantity, stop)
    return right[0].quantity


def _not_it(tx: Tx, code: Code, matches: Sequence[Match], stop: Stop) -> Refused:
    if isinstance(code, Number) and not matches:
        if not stop.picked:
            return refusals.no_piece_yet(code.value)
        return refusals.too_many(code.value - stop.picked, stop)
    return refusals.wrong_item(names_of(tx, matches) or refusals.said(code), stop)


def names_of(tx: Tx, matches: Sequence[Match]) -> str:
    """The name of the goods that a code means, of the first two if it may mean several."""
    ids = list(dict.fromkeys(match.sku_id for match in matches))[:2]
    rows = tx.rows(select(Sku.name, Sku.code).where(among(Sku.id, ids)).order_by(Sku.id))
    return " / ".join(f"{split_name(row.name)[0]} ({row.code})" for row in rows)


def tote_in(tx: Tx, warehouse_id: int, scan: Scan, code: Code) -> str:
    """The tote code that a scan means, "" when it means none.

    A code typed by hand is taken for a tote when one of that name was seen before, or when it has
    letters and is neither goods nor a bin: a barcode of goods never becomes a tote.
    """
    if isinstance(code, Own):
        return code.value if code.kind == "TOTE" else ""
    if not isinstance(code, Item | Number):
        return ""
    text = scan.raw.strip().upper()
    known = exists().where(Tote.warehouse_id == warehouse_id, Tote.code == text)
    if tx.scalar(select(known)):
        return text
    if isinstance(code, Number) or code.gtin or text.isdigit() or len(text) > 20:
        return ""
    return "" if skus_for(tx, code) or find_bin(tx, warehouse_id, text) else text
