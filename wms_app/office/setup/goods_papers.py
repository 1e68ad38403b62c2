"""Labels and marks for goods: SKU labels, pallets with their SSCC, fragile and lithium marks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from wms_app.base import clock
from wms_app.base.codes import gtin14, sscc
from wms_app.base.db import Tx
from wms_app.base.journal import record
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Client, Sku, SkuBarcode, Warehouse
from wms_app.outside.carriers.house import INTERNAL_PREFIX

_BARS = 15  # signs of a SKU's code that its label has room for as bars
_PALLET = "9"  # extension digit of pallets; parcels count up from 0
_LOT_IN_BARS = 10


@dataclass(frozen=True)
class Load:
    """What stands on a pallet, as it was typed; a SKU of "" means mixed goods."""

    sku: str
    pieces: str = ""
    lot: str = ""
    expires: str = ""


def sku_labels(tx: Tx, wanted: str, copies: int, lot: str, expires: str, dpi: int) -> bytes:
    """Labels for one SKU, as PDF. Refused: no such SKU, several of that name, a wrong date."""
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.label import label_pdf

    found = _sku(tx, wanted)
    code = _barcode(tx, found)
    values = {
        "sku": found.code,
        "name": found.name,
        "code": code,
        "square": code if len(code) > _BARS else "",
        "client": found.client,
        "lot": lot.strip(),
        "expires": _day(expires),
    }
    return label_pdf(load_design("sku"), [values] * copies, dpi)


def take_numbers(tx: Tx, warehouse_id: int, copies: int) -> int:
    """Use up serial numbers of pallets of this warehouse; gives the first of them."""
    after = tx.scalar(
        update(Warehouse)
        .where(Warehouse.id == warehouse_id)
        .values(next_pallet=Warehouse.next_pallet + copies)
        .returning(Warehouse.next_pallet)
    )
    first = int(after) - copies
    record(tx, "pallets_numbered", "warehouse", [warehouse_id], detail={"from": first})
    return first


def pallet_labels(
    tx: Tx, warehouse_id: int, load: Load, first: int, copies: int, dpi: int
) -> bytes:
    """GS1 logistic labels with the SSCCs from number `first` on, as PDF.

    Refused: as `sku_labels`, and pieces that are no number.
    """
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.label import label_pdf

    house = tx.first(
        select(Warehouse.company_prefix, Warehouse.name, Warehouse.code).where(
            Warehouse.id == warehouse_id
        )
    )
    assert house is not None
    common = _load_values(tx, load)
    common["from_name"] = house.name or house.code
    common["date"] = clock.now().strftime("%Y-%m-%d")
    prefix = f"{_PALLET}{house.company_prefix or INTERNAL_PREFIX}"
    labels = [common | {"sscc": sscc(prefix, first + place)} for place in range(copies)]
    return label_pdf(load_design("pallet"), labels, dpi)


def fragile_marks(note: str, copies: int, dpi: int) -> bytes:
    """Marks for parcels that break easily, as PDF."""
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.label import label_pdf

    return label_pdf(load_design("fragile"), [{"note": note.strip()}] * copies, dpi)


def lithium_marks(design: str, un: str, phone: str, copies: int, dpi: int) -> bytes:
    """Lithium battery marks (designs "lithium", "lithium-small"), as PDF."""
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.label import label_pdf

    return label_pdf(load_design(design), [{"un": un, "phone": phone.strip()}] * copies, dpi)


def _load_values(tx: Tx, load: Load) -> dict[str, str]:
    pieces, lot = load.pieces.strip(), load.lot.strip()
    if pieces and not (pieces.isascii() and pieces.isdigit() and 0 < int(pieces) < 10**6):
        raise Refused(
            "bad_pieces",
            _("“{value}” is no number of pieces.").format(value=pieces),
            _("Write a number from 1 to 999,999, or nothing."),
        )
    values = {"pieces": pieces, "lot": lot, "expires": _day(load.expires)}
    if not load.sku.strip():
        return values | {"goods": _("Mixed goods")}
    found = _sku(tx, load.sku)
    gtin = gtin14(_barcode(tx, found))
    # An even number of digits: the symbol then needs no other code set for the last one.
    counted = pieces.zfill(len(pieces) + len(pieces) % 2)
    content = f"(02){gtin}(37){counted}" if gtin and pieces else ""
    plain = lot.isascii() and lot.isalnum() and len(lot) <= _LOT_IN_BARS
    batch = f"(10){lot}" if content and lot and plain else ""
    return values | {
        "goods": found.name or found.code,
        "client": found.client,
        "content": content,
        "batch": batch,
    }


def _sku(tx: Tx, wanted: str) -> Any:
    """The SKU of a code or barcode, `CLIENT:CODE` where clients share one."""
    client, colon, code = wanted.strip().rpartition(":")
    by_code = select(SkuBarcode.sku_id).where(SkuBarcode.code == code)
    rows = tx.rows(
        select(Sku.id, Sku.code, Sku.name, Client.name.label("client"), Client.code.label("of"))
        .join(Client, Client.id == Sku.client_id)
        .where(
            (Sku.code == code) | Sku.id.in_(by_code), *([Client.code == client] if colon else [])
        )
        .limit(2)
    )
    if not rows:
        raise Refused(
            "no_sku",
            _("There is no SKU or barcode “{code}”.").format(code=wanted.strip()),
            _("Scan the goods, or type the SKU as the client writes it."),
        )
    if len(rows) > 1:
        raise Refused(
            "several_skus",
            _("“{code}” is a SKU of {one} and of {other}.").format(
                code=code, one=rows[0].of, other=rows[1].of
            ),
            _("Write the client before it: {example}").format(example=f"{rows[0].of}:{code}"),
        )
    return rows[0]


def _barcode(tx: Tx, found: Any) -> str:
    """The code of one piece; the SKU itself where it has none."""
    code = tx.scalar(
        select(SkuBarcode.code)
        .where(SkuBarcode.sku_id == found.id, SkuBarcode.quantity == 1)
        .order_by(SkuBarcode.id)
        .limit(1)
    )
    return str(code or found.code)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""
    except ValueError:
        raise Refused(
            "bad_date",
            _("“{value}” is no date.").format(value=text),
            _("Write it like 2027-03-31."),
        ) from None
