"""What archives tell of a thing, for its story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from wms_app.base.db import Tx
from wms_app.base.operations import Operation
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Warehouse
from wms_app.office.archive import files
from wms_app.office.archive.model import Archive


@dataclass(frozen=True)
class ArchivedLine:
    """A journal line as the store had it, with who and where."""

    id: int
    at: datetime
    verb: str
    after: str
    detail: Any
    noun_id: int
    who: str
    station: str
    zone: str


def archived_lines(
    tx: Tx, noun: str, numbers: Sequence[int]
) -> tuple[list[ArchivedLine], list[str]]:
    """Lines of some things that were taken out of the store, oldest first; and which files, if
    any, can't be read here, in words."""
    gone = tx.rows(
        select(Archive.month, Archive.file)
        .where(Archive.ledger == "journal", Archive.removed)
        .order_by(Archive.month)
    )
    lines: list[files.Line] = []
    missing = []
    for month, file in gone:
        try:
            lines += files.lines_of(Path(file), noun, numbers)
        except (OSError, Refused):
            words = _("What happened in {month} lies in {file}, which can't be read here.")
            missing.append(words.format(month=month, file=file))
    return _told(tx, lines), missing


def _told(tx: Tx, lines: Sequence[files.Line]) -> list[ArchivedLine]:
    """Operations and warehouses stay in the store."""
    if not lines:
        return []
    ids = sorted({line["operation_id"] for line in lines})
    found = tx.rows(
        select(Operation.id, Operation.who, Operation.station).where(among(Operation.id, ids))
    )
    by_whom = {row.id: row for row in found}
    zones = {row.id: row.zone for row in tx.rows(select(Warehouse.id, Warehouse.zone))}
    names = ("id", "at", "verb", "after", "detail", "noun_id")
    return [
        ArchivedLine(
            **{name: line[name] for name in names},
            who=by_whom[line["operation_id"]].who,
            station=by_whom[line["operation_id"]].station,
            zone=zones[line["warehouse_id"]],
        )
        for line in sorted(lines, key=lambda one: int(one["id"]))
    ]
