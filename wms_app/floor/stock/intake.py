"""Taking stock in from a file: what was counted to lie in each bin."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from wms_app.base import journal
from wms_app.base.conversation import Progress
from wms_app.base.db import Store, Tx
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.catalog import cells
from wms_app.floor.catalog.intake import Rows, Taken, read_rows, run
from wms_app.floor.catalog.model import Bin, Client, Sku
from wms_app.floor.stock import service
from wms_app.floor.stock.model import Stock
from wms_app.outside.channels.findings import BadCell

Key = tuple[int, int, str]  # bin, SKU, lot


def take_in(
    store: Store,
    who: Who,
    path: Path,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Taken:
    """Make each row's quantity the truth of its stock row; the same file again changes nothing.

    A row that says otherwise than the store is a count. Refused by row: unknown client, SKU or
    bin, fewer pieces than are promised, a lot without its SKU having lots.
    """
    taken, rows = read_rows("stock", path, None, "", dry_run)
    run(store, who, "stock", lambda tx: _take(tx, taken, rows), dry_run)
    if progress:
        progress(taken.rows, taken.rows)
    return taken


def _take(tx: Tx, taken: Taken, rows: Rows) -> None:
    clients = {row.code: int(row.id) for row in tx.rows(select(Client.code, Client.id))}
    skus = {
        (row.client_id, row.code): int(row.id)
        for row in tx.rows(select(Sku.client_id, Sku.code, Sku.id))
    }
    bins: dict[str, list[Any]] = {}
    for row in tx.rows(select(Bin.code, Bin.id, Bin.warehouse_id, Bin.kind).order_by(Bin.id)):
        bins.setdefault(row.code, []).append(row)
    there = {
        (row.bin_id, row.sku_id, row.lot): row
        for row in tx.rows(
            select(
                Stock.id,
                Stock.bin_id,
                Stock.sku_id,
                Stock.lot,
                Stock.on_hand,
                Stock.allocated,
                Stock.expires,
            )
        )
    }
    fresh: dict[Key, dict[str, Any]] = {}
    pieces: dict[Key, int] = {}
    for number, known in rows:
        try:
            place, sku_id = _place(tx, clients, skus, bins, known)
            quantity = cells.whole("quantity", known["quantity"])
            expires = cells.day("expires", known["expires"])
            lot = known["lot"][:40]
            key = (int(place.id), sku_id, lot)
            found = there.get(key)
            if found is not None and quantity < found.allocated:
                expected = _("at least the {count} that are promised").format(count=found.allocated)
                raise BadCell("quantity", known["quantity"], expected, "promised")
        except BadCell as bad:
            taken.refuse(number, bad)
            continue
        if found is None and key not in fresh:
            fresh[key] = _fresh(place, key, expires)
        pieces[key] = pieces.get(key, 0) + quantity
    _write(tx, taken, there, fresh, pieces)


def _place(
    tx: Tx,
    clients: dict[str, int],
    skus: dict[tuple[int, str], int],
    bins: dict[str, list[Any]],
    known: dict[str, str],
) -> tuple[Any, int]:
    if known["client"] not in clients:
        raise BadCell("client", known["client"], _("a client that is here"), "unknown_client")
    sku_id = skus.get((clients[known["client"]], known["sku"]))
    if sku_id is None:
        expected = _("a SKU of {client}").format(client=known["client"])
        raise BadCell("sku", known["sku"], expected, "unknown_sku")
    places = bins.get(known["bin"].upper(), [])
    mine = [row for row in places if row.warehouse_id == tx.who.warehouse_id] or places
    if not mine:
        raise BadCell("bin", known["bin"], _("a bin that is here"), "unknown_bin")
    return mine[0], sku_id


def _fresh(place: Any, key: Key, expires: date | None) -> dict[str, Any]:
    return {
        "warehouse_id": place.warehouse_id,
        "bin_id": key[0],
        "sku_id": key[1],
        "lot": key[2],
        "expires": expires,
        "on_hand": 0,
        "allocated": 0,
        "frozen": place.kind == "quarantine",
    }


def _write(
    tx: Tx,
    taken: Taken,
    there: dict[Key, Any],
    fresh: dict[Key, dict[str, Any]],
    pieces: dict[Key, int],
) -> None:
    ids = {key: int(row.id) for key, row in there.items()}
    if fresh:
        new_ids = tx.take_ids(Stock, len(fresh))
        rows = [{"id": i, **row} for i, row in zip(new_ids, fresh.values(), strict=True)]
        tx.execute(insert(Stock), rows)
        ids |= dict(zip(fresh, new_ids, strict=True))
    changes = []
    for key, quantity in pieces.items():
        before = int(there[key].on_hand) if key in there else 0
        if key in fresh:
            taken.added += 1
        elif before == quantity:
            taken.unchanged += 1
        else:
            taken.changed += 1
        if before != quantity:
            reason = "opening" if key in fresh else "count"
            changes.append(service.Change(ids[key], quantity - before, 0, reason))
    service.apply(tx, changes)
    journal.record(tx, "stock_taken_in", "warehouse", [tx.who.warehouse_id])
