"""The files that Setup takes in, each through the service of its room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import update

from wms_app.base import journal
from wms_app.base.codes import new_id
from wms_app.base.conversation import Progress
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.catalog import intake as catalog
from wms_app.floor.catalog.model import Bin, Carton, Client, Sku, Warehouse
from wms_app.floor.staging.lanes import import_lanes
from wms_app.floor.staging.model import Lane
from wms_app.floor.stock import intake as stock
from wms_app.floor.stock.model import Stock
from wms_app.outside.carriers.rates import COLUMNS as RATE_COLUMNS
from wms_app.outside.carriers.rates import read_rates
from wms_app.outside.channels.table import open_table

LANE_COLUMNS = ("lane", "carrier", "service", "cutoff")


@dataclass(frozen=True)
class FileKind:
    """One kind of file: its columns, and the table that counts what is here."""

    name: str
    columns: tuple[str, ...]
    table: type[Any] | None


@dataclass(frozen=True)
class TakenIn:
    """What came of a file: words, and (row, what is wrong) for each finding."""

    text: str
    findings: tuple[tuple[int, str], ...] = ()


KINDS = (
    FileKind("clients", catalog.COLUMNS["clients"], Client),
    FileKind("skus", catalog.COLUMNS["skus"], Sku),
    FileKind("bins", catalog.COLUMNS["bins"], Bin),
    FileKind("stock", catalog.COLUMNS["stock"], Stock),
    FileKind("cartons", catalog.COLUMNS["cartons"], Carton),
    FileKind("lanes", LANE_COLUMNS, Lane),
    FileKind("rates", RATE_COLUMNS, None),
)


def words_of(kind: str) -> str:
    """A kind of file in the person's language."""
    return {
        "clients": _("Clients"),
        "skus": _("SKUs"),
        "bins": _("Bins"),
        "stock": _("Stock"),
        "cartons": _("Cartons"),
        "lanes": _("Lanes"),
        "rates": _("Rate card"),
    }[kind]


def take_in(
    store: Store, who: Who, kind: str, path: Path, progress: Progress | None = None
) -> TakenIn:
    """Take a file of this kind in. Refused before anything is written: what can't be read."""
    others: dict[str, Callable[[Store, Who, Path], TakenIn]] = {
        "lanes": _lanes,
        "rates": _rates,
    }
    if kind in others:
        return others[kind](store, who, path)
    if kind == "stock":
        return said(stock.take_in(store, who, path, progress=progress))
    return said(catalog.take_in(store, who, kind, path, progress=progress))


def said(taken: catalog.Taken) -> TakenIn:
    """What came of a catalog file, in words."""
    if not (taken.added or taken.changed or taken.refused_rows):
        text = _("{file}: everything was here already, nothing changed.").format(file=taken.file)
    else:
        text = _(
            "{file}: {added} added, {changed} changed, {unchanged} as they were, {refused} refused."
        ).format(
            file=taken.file,
            added=taken.added,
            changed=taken.changed,
            unchanged=taken.unchanged,
            refused=taken.refused_rows,
        )
    findings = tuple(
        (
            finding.row,
            _("{field} “{value}”: expected {expected} ({text})").format(
                field=finding.field,
                value=finding.value,
                expected=finding.expected,
                text=finding.text,
            ),
        )
        for finding in taken.findings
    )
    return TakenIn(text, findings)


def _lanes(store: Store, who: Who, path: Path) -> TakenIn:
    table = open_table(path)
    missing = [name for name in LANE_COLUMNS[:2] if name not in table.header]
    if missing:
        raise Refused(
            "missing_columns",
            _("{file} has no column {columns}.").format(
                file=table.name, columns=", ".join(missing)
            ),
            _("Expected: {columns}").format(columns=", ".join(LANE_COLUMNS)),
        )
    rows = [dict(zip(table.header, cells, strict=False)) for _number, cells in table.rows()]
    count = store.write(new_id(), who, "import_lanes", lambda tx: import_lanes(tx, rows))
    return TakenIn(_("{file}: {count} lanes.").format(file=table.name, count=count))


def _rates(store: Store, who: Who, path: Path) -> TakenIn:
    card = read_rates(path)
    text = path.read_text("utf-8-sig")

    def work(tx: Tx) -> None:
        tx.execute(update(Warehouse).where(Warehouse.id == who.warehouse_id).values(rates=text))
        journal.record(tx, "rates_changed", "warehouse", [who.warehouse_id])
        tx.changed("warehouse")

    store.write(new_id(), who, "import_rates", work)
    services = ", ".join(card.services)
    return TakenIn(_("{file}: prices of {services}.").format(file=path.name, services=services))
