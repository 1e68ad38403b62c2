"""The outbound report as a file: JSON, CSV, a workbook or paper; whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from wms_app.base import clock
from wms_app.base.codes import new_id
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.office.today.days import stage_words
from wms_app.office.today.service import Outbound
from wms_app.outside.papers.document import Column
from wms_app.outside.papers.report import ReportPaper, ReportTable, report_pdf

Value = str | int | datetime | None


@dataclass(frozen=True)
class Sheet:
    """One table of the report: what it is (`key`, for programs), its title, columns and rows."""

    key: str
    title: str
    columns: tuple[tuple[str, str], ...]  # (key, words)
    rows: tuple[tuple[Value, ...], ...]


def write_report(outbound: Outbound, path: Path) -> Path:
    """Write the report as the ending of `path` says; gives the path.

    Refused: another ending than .json, .csv, .xlsx or .pdf, or a place that can't be written to.
    """
    make = _MAKERS.get(path.suffix.lower())
    if make is None:
        raise Refused(
            "unknown_format",
            _("A report can't be written as '{ending}'.").format(ending=path.suffix or path.name),
            _("Use .xlsx, .pdf, .csv or .json."),
        )
    content = make(outbound)
    fresh = path.with_name(f".{new_id()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            fresh.write_bytes(content)
            os.replace(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(
            "not_writable",
            _("{path} could not be written: {error}").format(
                path=path, error=error.strerror or error
            ),
            _("Choose another place."),
        ) from error
    return path


def sheets(outbound: Outbound) -> tuple[Sheet, ...]:
    """Every table of the report, with words in the language spoken now; times as moments."""
    stages = tuple((stage, stage_words(stage), n) for stage, n in outbound.stages.items())
    orders = ("in", "open", "held", "short", "out", "units_out", "late")
    parcels = ("labelled", "waiting", "out", "units_out")
    hours = ("received", "packed", "handed_over")
    clients = {code: {"name": outbound.names.get(code, "")} for code in outbound.by_client}
    late = tuple(
        (
            order.number,
            order.client,
            order.channel,
            order.service,
            order.stage,
            clock.local(order.ship_by, outbound.zone),
            clock.local(order.deadline, outbound.zone),
            int(order.past),
        )
        for order in outbound.late
    )
    return (
        Sheet("stages", _("Stages"), _named("stage", "name", "orders"), stages),
        _counts("by_client", _("Clients"), "client", orders, outbound.by_client, clients),
        _counts("by_carrier", _("Carriers"), "carrier", parcels, outbound.by_carrier),
        _counts("by_channel", _("Channels"), "channel", orders, outbound.by_channel),
        _counts("by_hour", _("Hours"), "hour", hours, outbound.by_hour),
        Sheet(
            "late",
            _("Late or about to be"),
            _named("order", "client", "channel", "service", "stage", "ship_by", "deadline", "past"),
            late,
        ),
    )


def _counts(
    key: str,
    title: str,
    of: str,
    names: Sequence[str],
    table: Mapping[str, Mapping[str, int]],
    more: Mapping[str, Mapping[str, str]] | None = None,
) -> Sheet:
    extra = ("name",) if more else ()
    rows: list[tuple[Value, ...]] = []
    for what, counts in table.items():
        said = (more or {}).get(what, {})
        rows.append((what, *(said.get(name, "") for name in extra), *(counts[n] for n in names)))
    return Sheet(key, title, _named(of, *extra, *names), tuple(rows))


def _named(*keys: str) -> tuple[tuple[str, str], ...]:
    words = {
        "stage": _("Stage"),
        "name": _("Name"),
        "orders": _("Orders"),
        "client": _("Client"),
        "carrier": _("Carrier"),
        "channel": _("Channel"),
        "hour": _("Hour"),
        "in": _("In"),
        "open": _("Open"),
        "held": _("Held"),
        "short": _("Short"),
        "out": _("Out"),
        "units_out": _("Units out"),
        "late": _("Late"),
        "labelled": _("Labelled"),
        "waiting": _("Waiting"),
        "received": _("Orders in"),
        "packed": _("Parcels packed"),
        "handed_over": _("Parcels handed over"),
        "order": _("Order"),
        "service": _("Service"),
        "ship_by": _("Ship by"),
        "deadline": _("In its lane by"),
        "past": _("Past"),
    }
    return tuple((key, words[key]) for key in keys)


def _json(outbound: Outbound) -> bytes:
    document = json.dumps(outbound.as_json(), ensure_ascii=False, indent=2)
    return (document + "\n").encode()


def _csv(outbound: Outbound) -> bytes:
    """One long table, `table,key,what,value`: every figure of the report on a line of its own.
    With a byte order mark, without which spreadsheets misread Chinese."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("table", "key", "what", "value"))
    writer.writerow(("day", outbound.date.isoformat(), "units_out", outbound.units_out))
    for sheet in sheets(outbound):
        for row in sheet.rows:
            for (what, _words), value in list(zip(sheet.columns, row))[1:]:
                if what != "name":
                    writer.writerow((sheet.key, _safe(row[0]), what, _safe(value)))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _safe(value: Value) -> str | int | None:
    """A text that a spreadsheet would run as a formula is written as the text that it is."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, str) and value[:1] in "=+-@\t\r" and value:
        return "'" + value
    return value


def _xlsx(outbound: Outbound) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    first: Any = book.active
    first.title = _("Day")
    zone = f"{clock.local(outbound.now, outbound.zone):%Y-%m-%d %H:%M}"
    for row in (
        (_("Date"), outbound.date),
        (_("Made"), f"{zone} {outbound.zone}"),
        (_("Orders in"), outbound.orders_in),
        (_("Parcels out"), outbound.parcels_out),
        (_("Units out"), outbound.units_out),
    ):
        first.append(row)
    for sheet in sheets(outbound):
        page: Any = book.create_sheet(sheet.title)
        page.append([words for _key, words in sheet.columns])
        for cell in page[1]:
            cell.font = Font(bold=True)
        page.freeze_panes = "A2"
        for number, values in enumerate(sheet.rows, 2):
            for column, value in enumerate(values, 1):
                _put(page.cell(number, column), value)
        for column, (_key, words) in enumerate(sheet.columns):
            widest = max((len(str(row[column])) for row in sheet.rows[:500]), default=0)
            letter = page.cell(1, column + 1).column_letter
            page.column_dimensions[letter].width = min(40, max(len(words) * 1.6, widest) + 3)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _put(cell: Any, value: Value) -> None:
    """A typed cell: numbers are numbers, moments are moments, and text is never a formula."""
    if isinstance(value, datetime):
        cell.value = value.replace(tzinfo=None)
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, str):
        cell.value = value
        cell.data_type = "s"
    else:
        cell.value = value


def _pdf(outbound: Outbound) -> bytes:
    made = f"{clock.local(outbound.now, outbound.zone):%Y-%m-%d %H:%M}"
    figures = [(stage_words(stage), f"{count:,}") for stage, count in outbound.stages.items()]
    figures.append((_("Units out"), f"{outbound.units_out:,}"))
    tables = tuple(_table(sheet) for sheet in sheets(outbound) if sheet.key != "stages")
    return report_pdf(
        ReportPaper(
            title=_("Outbound"),
            subtitle=outbound.date.isoformat(),
            warehouse=outbound.warehouse_code,
            made=made,
            figures=tuple(figures),
            tables=tables,
        ),
        "Letter" if outbound.paper == "Letter" else "A4",
    )


def _table(sheet: Sheet) -> ReportTable:
    columns = tuple(
        Column(
            words,
            2.0 if n == 0 or key in ("name", "ship_by", "deadline") else 1.0,
            "left" if n == 0 or sheet.key == "late" or key == "name" else "right",
            bold=n == 0,
        )
        for n, (key, words) in enumerate(sheet.columns)
    )
    rows = tuple(tuple(_words(value) for value in row) for row in sheet.rows)
    return ReportTable(sheet.title, columns, rows)


def _words(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%m-%d %H:%M}"
    return f"{value:,}" if isinstance(value, int) else str(value or "")


_MAKERS: dict[str, Callable[[Outbound], bytes]] = {
    ".json": _json,
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".pdf": _pdf,
}
