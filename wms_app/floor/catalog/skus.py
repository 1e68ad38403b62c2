"""Taking SKUs in: their facts and their barcodes, compared with what is here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from wms_app.base.db import Tx
from wms_app.base.texts import _
from wms_app.floor.catalog import cells
from wms_app.floor.catalog.model import Client, Sku, SkuBarcode
from wms_app.outside.channels.findings import BadCell

if TYPE_CHECKING:
    from wms_app.floor.catalog.intake import Rows, Taken

FACTS = (
    "name",
    "weight_g",
    "length_mm",
    "width_mm",
    "height_mm",
    "ships_in_own_box",
    "fragile",
    "has_lot",
    "has_expiry",
    "min_stock",
    "hs_code",
    "origin",
    "value_minor",
    "currency",
)
_change = (
    update(Sku)
    .where(Sku.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in FACTS})
)


def take_skus(tx: Tx, taken: Taken, rows: Rows) -> None:
    """Add SKUs, change those that differ; of rows of one SKU the first counts."""
    clients = {row.code: int(row.id) for row in tx.rows(select(Client.code, Client.id))}
    there = {
        (row.client_id, row.code): row
        for row in tx.rows(select(Sku.id, Sku.client_id, Sku.code, *_columns()))
    }
    codes = {
        (row.client_id, row.code): (row.sku_id, row.quantity)
        for row in tx.rows(
            select(SkuBarcode.client_id, SkuBarcode.code, SkuBarcode.sku_id, SkuBarcode.quantity)
        )
    }
    seen: set[tuple[int, str]] = set()
    fresh: list[dict[str, Any]] = []
    wanted: list[tuple[int, tuple[int, str], list[tuple[str, int]]]] = []
    changed: list[dict[str, Any]] = []
    for number, known in rows:
        try:
            key, facts, barcodes = _row(clients, known)
        except BadCell as bad:
            taken.refuse(number, bad)
            continue
        if key in seen:
            continue
        seen.add(key)
        wanted.append((number, key, barcodes))
        found = there.get(key)
        if found is None:
            taken.added += 1
            fresh.append({"client_id": key[0], "code": key[1], **facts})
        elif all(getattr(found, name) == facts[name] for name in FACTS):
            taken.unchanged += 1
        else:
            taken.changed += 1
            changed.append({"of": found.id, **{f"new_{n}": v for n, v in facts.items()}})
    ids = {key: int(row.id) for key, row in there.items()}
    if fresh:
        new_ids = tx.take_ids(Sku, len(fresh))
        tx.execute(insert(Sku), [{"id": i, **row} for i, row in zip(new_ids, fresh, strict=True)])
        ids |= {(r["client_id"], r["code"]): i for i, r in zip(new_ids, fresh, strict=True)}
    if changed:
        tx.execute(_change, changed)
    _barcodes(tx, taken, ids, codes, wanted)
    tx.changed("skus")


def _columns() -> list[Any]:
    return [getattr(Sku, name) for name in FACTS]


def _row(
    clients: dict[str, int], known: dict[str, str]
) -> tuple[tuple[int, str], dict[str, Any], list[tuple[str, int]]]:
    for name in ("client", "sku"):
        if not known[name]:
            raise BadCell(name, "", _("a value"), "missing")
    if known["client"] not in clients:
        expected = _("a client that is here: {clients}").format(
            clients=", ".join(sorted(clients)[:10])
        )
        raise BadCell("client", known["client"], expected, "unknown_client")
    currency = known["currency"].upper()[:3]
    facts: dict[str, Any] = {
        "name": (known["name"] or known["sku"])[:300],
        **{n: cells.whole(n, known[n]) for n in ("weight_g", "length_mm", "width_mm", "height_mm")},
        "ships_in_own_box": cells.flag("ships_in_own_box", known["ships_in_own_box"]),
        "fragile": cells.flag("fragile", known["fragile"]),
        "has_lot": cells.flag("lot", known["lot"]),
        "has_expiry": cells.flag("expiry", known["expiry"]),
        "min_stock": cells.whole("min_stock", known["min_stock"]),
        "hs_code": known["hs_code"][:14],
        "origin": known["origin"].upper()[:2],
        "value_minor": cells.money("value", known["value"], currency),
        "currency": currency,
    }
    key = (clients[known["client"]], known["sku"][:80])
    return key, facts, cells.barcodes(known["barcodes"])


def _barcodes(
    tx: Tx,
    taken: Taken,
    ids: dict[tuple[int, str], int],
    codes: dict[tuple[int, str], tuple[int, int]],
    wanted: Sequence[tuple[int, tuple[int, str], list[tuple[str, int]]]],
) -> None:
    """Add barcodes; one that is another SKU's of the same client is named and left there."""
    fresh: list[dict[str, Any]] = []
    for number, key, barcodes in wanted:
        sku_id = ids[key]
        for code, quantity in barcodes:
            if cells.looks_misread(code):
                expected = _("a right check digit")
                taken.say(number, "barcodes", code, expected, "check_digit", _("taken in as it is"))
            held = codes.get((key[0], code))
            if held is None:
                codes[(key[0], code)] = (sku_id, quantity)
                row = {"client_id": key[0], "code": code[:80], "sku_id": sku_id}
                fresh.append({**row, "quantity": quantity})
            elif held[0] != sku_id:
                expected = _("a code of one SKU only")
                taken.say(number, "barcodes", code, expected, "barcode_taken", _("left out"))
            elif held[1] != quantity:
                tx.execute(
                    update(SkuBarcode)
                    .where(SkuBarcode.client_id == key[0], SkuBarcode.code == code)
                    .values(quantity=quantity)
                )
    if fresh:
        tx.execute(insert(SkuBarcode), fresh)
