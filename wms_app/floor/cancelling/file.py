"""A file of cancellations: `client,channel,order_number,reason`, one order a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from wms_app.base.codes import new_id
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.catalog.model import Client
from wms_app.floor.orders.model import OPEN, Order
from wms_app.floor.packing.model import IN_HOUSE, Parcel
from wms_app.outside.channels.findings import Finding
from wms_app.outside.channels.table import open_table

COLUMNS = ("client", "channel", "order_number", "reason")
CHUNK = 400


@dataclass
class Summary:
    """What a file of cancellations came to: `rows` read, and what became of them."""

    rows: int = 0
    cancelled: int = 0
    already: int = 0
    departed: int = 0
    unknown: int = 0
    refused_rows: int = 0
    duplicates: int = 0
    dry_run: bool = False
    findings: list[Finding] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


@dataclass(frozen=True)
class _Row:
    number: int
    client: str
    channel: str
    order_number: str
    reason: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.client.upper(), self.channel, self.order_number


def cancel_file(store: Store, who: Who, path: Path, dry_run: bool = False) -> Summary:
    """Call off every order that the file names; what can't be is found, one line each.

    The same file again changes nothing. `dry_run` gives the same summary and writes nothing.
    Refused: a file that can't be read, or that lacks a column.
    """
    summary = Summary(dry_run=dry_run)
    rows = list(_read(path, summary))
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        with store.read() as tx:
            good = _sort_out(tx, chunk, summary)
        if good and not dry_run:
            store.write(new_id(), who, "cancel_file", partial(_cancel_all, good=good))
        summary.cancelled += len(good)
    return summary


def _cancel_all(tx: Tx, good: Sequence[tuple[int, str]]) -> None:
    for order_id, reason in good:
        cancel(tx, order_id, reason)


def _read(path: Path, summary: Summary) -> Iterator[_Row]:
    table = open_table(path)
    names = [name.strip().lower() for name in table.header]
    missing = [name for name in COLUMNS[:3] if name not in names]
    if missing:
        raise Refused(
            "missing_columns",
            _("{file} has no column {columns}.").format(
                file=table.name, columns=", ".join(missing)
            ),
            _("A file of cancellations has: {columns}").format(columns=", ".join(COLUMNS)),
        )
    seen: set[tuple[str, str, str]] = set()
    for number, cells in table.rows():
        facts = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
        row = _Row(number, *(facts.get(name, "") for name in COLUMNS))
        summary.rows += 1
        if not (row.client and row.channel and row.order_number):
            summary.refused_rows += 1
            summary.findings.append(_incomplete(row))
        elif row.key in seen:
            summary.duplicates += 1
        else:
            seen.add(row.key)
            yield row


def _incomplete(row: _Row) -> Finding:
    name = next(name for name in COLUMNS[:3] if not getattr(row, name))
    words = _("Row {row}: {field} is empty; nothing was cancelled by it.")
    return Finding(
        row.number,
        name,
        "",
        _("a value"),
        "empty_field",
        words.format(row=row.number, field=name),
        row.order_number,
    )


def _sort_out(tx: Tx, rows: Sequence[_Row], summary: Summary) -> list[tuple[int, str]]:
    """The orders to cancel with their reasons; the others are counted and named."""
    orders = _orders(tx, [row.order_number for row in rows])
    left = _left_in_part(tx, [order_id for order_id, _state in orders.values()])
    good: list[tuple[int, str]] = []
    for row in rows:
        order_id, state = orders.get(row.key, (0, ""))
        if not order_id:
            summary.unknown += 1
            words = _("There is no order {number} of {client} on {channel}.")
            summary.findings.append(_finding(row, "unknown_order", words))
        elif state == "cancelled":
            summary.already += 1
            words = _("Order {number} was cancelled before.")
            summary.findings.append(_finding(row, "already_cancelled", words))
        elif state not in OPEN or order_id in left:
            summary.departed += 1
            words = _("Order {number} has left the house: start a return for it.")
            summary.findings.append(_finding(row, "has_left", words))
        else:
            good.append((order_id, row.reason))
    return good


def _orders(tx: Tx, numbers: Sequence[str]) -> dict[tuple[str, str, str], tuple[int, str]]:
    rows = tx.rows(
        select(Order.id, Order.state, Client.code, Order.channel, Order.number)
        .join(Client, Client.id == Order.client_id)
        .where(Order.number.in_(sorted(set(numbers))))
    )
    return {(row.code.upper(), row.channel, row.number): (int(row.id), row.state) for row in rows}


def _left_in_part(tx: Tx, order_ids: Sequence[int]) -> set[int]:
    """The orders of which a parcel has left already."""
    found = tx.scalars(
        select(Parcel.order_id).where(
            Parcel.order_id.in_(sorted(set(order_ids))),
            Parcel.state.not_in((*IN_HOUSE, "void")),
        )
    )
    return set(found)


def _finding(row: _Row, code: str, words: str) -> Finding:
    text = words.format(number=row.order_number, client=row.client, channel=row.channel)
    expected = _("an order that is in the house")
    return Finding(
        row.number, "order_number", row.order_number, expected, code, text, row.order_number
    )
