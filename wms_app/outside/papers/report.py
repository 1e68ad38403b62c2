"""A report on paper: key figures, then tables with titles."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from wms_app.base.texts import _
from wms_app.outside.papers.document import Column, Document, Paper


@dataclass(frozen=True)
class ReportTable:
    """A titled table; every row has as many texts as there are columns, `total` too or none."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportPaper:
    """`subtitle` says of what day or span; `figures` are (what, value); times as texts."""

    title: str
    subtitle: str
    warehouse: str
    made: str
    figures: tuple[tuple[str, str], ...]
    tables: tuple[ReportTable, ...]


def report_pdf(report: ReportPaper, paper: Paper = "A4") -> bytes:
    """The report; a table without rows says that there is nothing."""
    document = Document(report.title, paper, code=report.subtitle, note=report.warehouse)
    document.facts([(_("Warehouse"), report.warehouse), (_("Made"), report.made)])
    document.gap(1.0)
    count = max(1, len(report.figures))
    lines = ceil(count / 5)  # 6 tiles stand as 3 and 3, not as 5 and 1
    document.figures(report.figures, in_a_row=ceil(count / lines))
    for table in report.tables:
        document.heading(table.title)
        if table.rows:
            document.table(table.columns, table.rows, table.total)
        else:
            document.table([Column(_("Nothing to show"), 1.0)], [])
    return document.pdf()
