"""What a scan means: a list, a bin, how many pieces of the stop's goods, a tote."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, exists, select

from wms_app.base.codes import Code, Item, Number, Own, Scan
from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.floor.catalog.lookup import Match, find_bin, skus_for
from wms_app.floor.catalog.model import Sku, SkuBarcode
from wms_app.floor.catalog.names import split_name
from wms_app.floor.picking import refusals
from wms_app.floor.picking.model import Tote
from wms_app.floor.picking.walk import Stop, list_called, list_of_tote

_codes = Prepared(
    select(SkuBarcode.code)
    .where(SkuBarcode.sku_id == bindparam("of_sku"), SkuBarcode.quantity == 1)
    .order_by(SkuBarcode.id)
)


def list_in(tx: Tx, warehouse_id: int, scan: Scan, code: Code) -> int | None:
    """The list that a scan means: its code, or a tote that travels on it."""
    if isinstance(code, Own):
        if code.kind == "LIST":
            return list_called(tx, warehouse_id, code.value)
        return list_of_tote(tx, warehouse_id, code.value) if code.kind == "TOTE" else None
    text = scan.raw.strip().upper()
    return list_called(tx, warehouse_id, text) or list_of_tote(tx, warehouse_id, text)


def bin_in(tx: Tx, warehouse_id: int, scan: Scan, code: Code) -> str | None:
    """The code of the bin that a scan names, by its own barcode or typed by hand."""
    if isinstance(code, Own) and code.kind != "BIN":
        return None
    found = find_bin(tx, warehouse_id, code.value if isinstance(code, Own) else scan.raw)
    return str(found.code) if found is not None else None


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


def item_codes(tx: Tx, stop: Stop) -> tuple[str, ...]:
    """The barcodes that stand for one piece of the stop's goods; without any, the SKU code."""
    codes = _codes.scalars(tx, of_sku=stop.sku_id)
    return tuple(codes) or (stop.sku,)


def what_is(tx: Tx, scan: Scan, code: Code) -> str:
    """What a scan was, as a person names it: goods by their name, anything else by its kind."""
    if isinstance(code, Item | Number):
        item = code if isinstance(code, Item) else Item(scan.raw.strip())
        named = names_of(tx, skus_for(tx, item))
        if named:
            return named
    return refusals.said(code)


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


def typed_number(value: str) -> int:
    """How many, as the person typed it. Refused: anything but digits."""
    if not value.strip().isdigit():
        raise Refused("no_number", _("How many?"), _("Type a number, then Enter."))
    return int(value)
