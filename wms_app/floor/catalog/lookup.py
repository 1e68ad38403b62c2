"""Which SKU a scanned code means, and which bin a code or a typed text names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select

from wms_app.base import gs1
from wms_app.base.codes import Item
from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared
from wms_app.floor.catalog.model import Bin, Sku, SkuBarcode

_GTIN_LENGTHS = (8, 12, 13, 14)
_FORMS = tuple(f"form_{number}" for number in range(2 + len(_GTIN_LENGTHS)))

_with_barcode = Prepared(
    select(SkuBarcode.sku_id, SkuBarcode.client_id, SkuBarcode.quantity)
    .where(or_(*[SkuBarcode.code == bindparam(name) for name in _FORMS]))
    .order_by(SkuBarcode.client_id, SkuBarcode.sku_id, SkuBarcode.id)
)
_sku_named = Prepared(
    select(Sku.id, Sku.client_id)
    .where(Sku.code == bindparam("code"))
    .order_by(Sku.client_id, Sku.id)
)
_bin_named = Prepared(
    select(Bin.id, Bin.code, Bin.zone, Bin.kind, Bin.walk).where(
        Bin.warehouse_id == bindparam("warehouse"), Bin.code == bindparam("code")
    )
)


@dataclass(frozen=True)
class Match:
    """A SKU that a code may mean; the code stands for `quantity` pieces of it."""

    sku_id: int
    client_id: int
    quantity: int


def code_forms(item: Item) -> tuple[str, ...]:
    """The ways in which a catalog may have written this code: as read, every GTIN length, UPC-E.

    >>> code_forms(Item("0012345678905", "00012345678905"))
    ('0012345678905', '012345678905', '00012345678905')
    """
    forms = [item.text]
    for length in _GTIN_LENGTHS if item.gtin else ():
        if not item.gtin[: 14 - length].strip("0"):
            forms.append(item.gtin[14 - length :])
    if item.gtin.startswith("00"):
        forms.append(gs1.shortened(item.gtin[2:]) or item.text)
    return tuple(dict.fromkeys(forms))


def skus_for(tx: Tx, item: Item) -> list[Match]:
    """Every SKU of any client that the code may mean; none is found: an empty list.

    Barcodes come first, in the form read and in every GTIN length; only a code that is no barcode
    is looked up as a SKU code, standing for one piece. A code that says how many stands for so
    many times what its barcode does.
    """
    forms = code_forms(item)
    found = _with_barcode.rows(
        tx, **{name: forms[n] if n < len(forms) else forms[0] for n, name in enumerate(_FORMS)}
    )
    if found:
        once = {(row.sku_id, row.quantity): row for row in found}
        return [
            Match(row.sku_id, row.client_id, row.quantity * item.count) for row in once.values()
        ]
    for text in dict.fromkeys((item.text, item.text.upper())):
        named = _sku_named.rows(tx, code=text)
        if named:
            return [Match(row.id, row.client_id, item.count) for row in named]
    return []


def find_bin(tx: Tx, warehouse_id: int, text: str) -> Any:
    """The bin (id, code, zone, kind, walk) of that code in the warehouse, or None."""
    for code in dict.fromkeys((text.strip(), text.strip().upper())):
        found = _bin_named.first(tx, warehouse=warehouse_id, code=code)
        if found is not None:
            return found
    return None
