"""The whole story of a thing: what was done to it, by whom, when and where, from the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from wms_app.base import clock
from wms_app.base.db import Tx
from wms_app.base.journal import JournalLine
from wms_app.base.operations import Operation
from wms_app.base.schema import among
from wms_app.base.texts import _
from wms_app.floor.allocation.explain import explain
from wms_app.floor.catalog.model import Bin, Sku, Warehouse
from wms_app.floor.handover.model import PickupParcel
from wms_app.floor.labelling.model import Label
from wms_app.floor.packing.model import Parcel
from wms_app.floor.stock.model import Movement, Stock
from wms_app.office.archive.reading import archived_lines
from wms_app.office.find.words import deed_words, detail_words, moved_words

LIMIT = 500  # lines of one story, the newest


@dataclass(frozen=True)
class StoryLine:
    """`when` by the warehouse's clock; `what` in words; `state`: the state reached, or "".

    `number` orders the lines: a clock may be set back, and stations' clocks differ.
    """

    at: datetime
    when: str
    who: str
    station: str
    what: str
    detail: str = ""
    state: str = ""
    number: int = 0


def story(tx: Tx, noun: str, number: int) -> list[StoryLine]:
    """All that is known of a thing, oldest first.

    An order's story includes its parcels', labels' and trucks', and why its goods come from where
    they do; a SKU's and a bin's are the pieces that came and went.
    """
    if noun in ("sku", "bin"):
        return _pieces(tx, noun, number)
    lines: list[StoryLine] = []
    missing: dict[str, None] = {}
    for kind, numbers in _with_it(tx, noun, number):
        found, away = _journal(tx, kind, numbers, kind != noun)
        lines += found
        missing |= dict.fromkeys(away)
    told = sorted(lines, key=lambda line: line.number)[-LIMIT:]
    first = told[0].at if told else tx.now
    return [StoryLine(first, "", "", "", words) for words in missing] + told


def reasons(tx: Tx, order_id: int) -> list[str]:
    """Where an order's goods come from and why, what holds it, what it lacks; in words."""
    return explain(tx, order_id)


def _with_it(tx: Tx, noun: str, number: int) -> list[tuple[str, list[int]]]:
    """The nouns whose lines tell this thing's story."""
    if noun == "order":
        parcels = _ids(tx, select(Parcel.id).where(Parcel.order_id == number))
        return [("order", [number]), *_of_parcels(tx, parcels)]
    if noun == "parcel":
        return _of_parcels(tx, [number])
    return [(noun, [number])]


def _of_parcels(tx: Tx, parcels: list[int]) -> list[tuple[str, list[int]]]:
    labels = _ids(tx, select(Label.id).where(among(Label.parcel_id, parcels)))
    trucks = _ids(
        tx,
        select(PickupParcel.pickup_id).where(among(PickupParcel.parcel_id, parcels)).distinct(),
    )
    return [("parcel", parcels), ("label", labels), ("pickup", trucks)]


def _ids(tx: Tx, statement: Any) -> list[int]:
    return [int(number) for number in tx.scalars(statement)]


def _journal(
    tx: Tx, noun: str, numbers: Sequence[int], named: bool
) -> tuple[list[StoryLine], list[str]]:
    """The lines in the store and in archives, and in words what can't be read of the latter."""
    if not numbers:
        return [], []
    # The warehouses' ids lead the index of nouns; a thing may have been moved between buildings.
    rows = tx.rows(
        select(
            JournalLine.id,
            JournalLine.at,
            JournalLine.verb,
            JournalLine.before,
            JournalLine.after,
            JournalLine.detail,
            JournalLine.noun_id,
            Operation.who,
            Operation.station,
            Warehouse.zone,
        )
        .join(Operation, Operation.id == JournalLine.operation_id)
        .join(Warehouse, Warehouse.id == JournalLine.warehouse_id)
        .where(
            JournalLine.warehouse_id.in_(select(Warehouse.id)),
            JournalLine.noun == noun,
            among(JournalLine.noun_id, numbers),
        )
        .order_by(JournalLine.id.desc())
        .limit(LIMIT)
    )
    born = {row.noun_id for row in rows if row.after and not row.before}
    elsewhere = [number for number in numbers if number not in born]
    archived, missing = archived_lines(tx, noun, elsewhere) if elsewhere else ([], [])
    names = _names(tx, noun, numbers) if named and len(numbers) > 1 else {}
    told: list[Any] = [*archived, *reversed(rows)]
    return [
        StoryLine(
            at=row.at,
            when=_when(row.at, row.zone),
            who=row.who,
            station=row.station,
            what=deed_words(noun, row.verb),
            detail=" · ".join(
                part for part in (names.get(row.noun_id, ""), detail_words(row.detail)) if part
            ),
            state=row.after,
            number=row.id,
        )
        for row in told
    ], missing


def _names(tx: Tx, noun: str, numbers: Sequence[int]) -> dict[int, str]:
    """How several parcels or labels of one order are told apart."""
    if noun == "parcel":
        rows = tx.rows(select(Parcel.id, Parcel.number).where(among(Parcel.id, numbers)))
        return {row.id: _("parcel {number}").format(number=row.number) for row in rows}
    if noun == "label":
        found = tx.rows(select(Label.id, Label.tracking).where(among(Label.id, numbers)))
        return {row.id: row.tracking for row in found}
    return {}


def _pieces(tx: Tx, noun: str, number: int) -> list[StoryLine]:
    """The movements of a SKU or in a bin; the newest are read from the end of the ledger."""
    of = Stock.sku_id == number if noun == "sku" else Stock.bin_id == number
    shelves = _ids(tx, select(Stock.id).where(of))
    rows = tx.rows(
        select(
            Movement.at,
            Movement.quantity,
            Movement.reason,
            Bin.code.label("bin"),
            Sku.code.label("sku"),
            Operation.who,
            Operation.station,
            Warehouse.zone,
        )
        .join(Stock, Stock.id == Movement.stock_id)
        .join(Bin, Bin.id == Stock.bin_id)
        .join(Sku, Sku.id == Stock.sku_id)
        .join(Operation, Operation.id == Movement.operation_id)
        .join(Warehouse, Warehouse.id == Movement.warehouse_id)
        .where(Movement.warehouse_id.in_(select(Warehouse.id)), among(Movement.stock_id, shelves))
        .order_by(Movement.id.desc())
        .limit(LIMIT)
    )
    return [
        StoryLine(
            at=row.at,
            when=_when(row.at, row.zone),
            who=row.who,
            station=row.station,
            what=moved_words(row.reason),
            detail=f"{row.quantity:+,} · {row.bin if noun == 'sku' else row.sku}",
        )
        for row in reversed(rows)
    ]


def _when(at: datetime, zone: str) -> str:
    return f"{clock.local(at, zone):%m-%d %H:%M}"
