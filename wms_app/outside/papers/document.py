"""Papers of A4 or Letter: a head, parts that flow down the pages, a foot with the page of pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wms_app.base.texts import _
from wms_app.outside.papers import fonts
from wms_app.outside.papers.design import Align
from wms_app.outside.papers.fit import Fitted, fit
from wms_app.outside.papers.pen import BRAND, GREY, INK, LINE, SHADE, Pen
from wms_app.outside.papers.symbols import Bars, bars

Paper = Literal["A4", "Letter"]
SIZES: dict[Paper, tuple[float, float]] = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
MARGIN = 13.0

_HEAD = 27.0  # from the top of the paper to the first part
_FOOT = 15.0  # from the last part to the bottom
_CELL = 1.4  # space beside the text of a table's cell
_TYPE = 3.3  # type size of a table

Draw = Callable[[Pen, float], None]  # draws a part whose top is at the given mm


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its share of the width, and on which side it stands."""

    title: str
    share: float
    align: Align = "left"
    bold: bool = False


@dataclass(frozen=True)
class Sheet:
    """Where a document draws: everything on one page, top first."""

    parts: list[tuple[float, Draw]]


class Document:
    """Fills pages from the top; every part stays whole, and tables break between their rows."""

    def __init__(
        self, title: str, paper: Paper = "A4", *, code: str = "", barcode: str = "", note: str = ""
    ) -> None:
        """`code` stands big beside the title, `barcode` as Code 128 at the right, `note` below."""
        self.title, self.code, self.note = title, code, note
        self.width_mm, self.height_mm = SIZES[paper]
        self.inner_mm = self.width_mm - 2 * MARGIN
        self._barcode = bars("code128", barcode) if barcode else None
        self._pages: list[Sheet] = [Sheet([])]
        self._y = _HEAD

    @property
    def left_on_page_mm(self) -> float:
        """How much of this page is still free."""
        return self.height_mm - _FOOT - self._y

    def part(self, height_mm: float, draw: Draw) -> None:
        """A part of this height, on the next page when this one has no room."""
        if height_mm > self.left_on_page_mm and self._pages[-1].parts:
            self._new_page()
        self._pages[-1].parts.append((self._y, draw))
        self._y += height_mm

    def gap(self, height_mm: float) -> None:
        """Free space; none at the top of a page."""
        if self._pages[-1].parts:
            self._y = min(self._y + height_mm, self.height_mm - _FOOT)

    def heading(self, text: str, *, with_next_mm: float = 20.0) -> None:
        """A heading that stays with what follows it."""
        self.gap(5.0)
        if 8.0 + with_next_mm > self.left_on_page_mm and self._pages[-1].parts:
            self._new_page()

        def draw(pen: Pen, y: float) -> None:
            size: dict[str, Any] = {"max_mm": 4.8, "min_mm": 3.0}
            pen.box_text(text, MARGIN, y, self.inner_mm, 7.0, bold=True, middle=True, **size)

        self.part(8.0, draw)

    def facts(self, pairs: Sequence[tuple[str, str]], in_a_row: int = 4) -> None:
        """Short facts, each a small caption over its value; pairs without a value are left out.

        One row gives each fact the width it needs; several rows stand in equal columns.
        """
        told = [pair for pair in pairs if pair[1]]
        widths = self._fact_widths(told, in_a_row)
        for start in range(0, len(told), in_a_row):
            row = told[start : start + in_a_row]

            def draw(pen: Pen, y: float, row: Sequence[tuple[str, str]] = row) -> None:
                x = MARGIN
                for (caption, value), width in zip(row, widths, strict=False):
                    pen.box_text(caption, x, y, width - 3, 4.2, max_mm=2.9, min_mm=2.0, color=GREY)
                    pen.box_text(
                        value, x, y + 4.0, width - 3, 6.0, max_mm=4.2, min_mm=2.4, bold=True
                    )
                    x += width

            self.part(11.5, draw)

    def _fact_widths(self, told: Sequence[tuple[str, str]], in_a_row: int) -> list[float]:
        equal = [self.inner_mm / in_a_row] * in_a_row
        if len(told) > in_a_row:
            return equal
        needed = [
            max(fonts.width_em(caption) * 2.9, fonts.width_em(value, bold=True) * 4.2) + 3.1
            for caption, value in told
        ]
        spare = self.inner_mm - sum(needed)
        return [width + min(12.0, spare / len(told)) for width in needed] if spare >= 0 else equal

    def figures(self, pairs: Sequence[tuple[str, str]], in_a_row: int = 5) -> None:
        """Key figures in tiles: a big value and what it counts."""
        space = 3.0
        width = (self.inner_mm - space * (in_a_row - 1)) / in_a_row
        for start in range(0, len(pairs), in_a_row):
            row = pairs[start : start + in_a_row]

            def draw(pen: Pen, y: float, row: Sequence[tuple[str, str]] = row) -> None:
                for place, (caption, value) in enumerate(row):
                    x = MARGIN + place * (width + space)
                    pen.area(x, y, width, 20.0, SHADE)
                    inside = (x + 3, width - 6)
                    pen.box_text(
                        value, inside[0], y + 1.5, inside[1], 11.0,
                        max_mm=8.4, min_mm=3.0, bold=True, middle=True,
                    )  # fmt: skip
                    pen.box_text(
                        caption, inside[0], y + 12.8, inside[1], 5.6,
                        max_mm=3.1, min_mm=1.8, wrap=True, middle=True, color=GREY,
                    )  # fmt: skip

            self.part(20.0 + space, draw)

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        total: Sequence[str] = (),
    ) -> None:
        """Rows of text under headings that return on every page; `total` ends it in bold."""
        lay = _TableLayout(columns, self.inner_mm)
        heading = lay.row([column.title for column in columns], bold=True)
        opened = None
        for number, cells in enumerate(rows):
            row = lay.row(cells)
            if opened is not self._pages[-1] or row.height_mm > self.left_on_page_mm:
                if heading.height_mm + row.height_mm > self.left_on_page_mm:
                    self._new_page()
                self.part(heading.height_mm, heading.draw_heading)
                opened = self._pages[-1]
            shaded = number % 2 == 1
            self.part(row.height_mm, row.draw_shaded if shaded else row.draw)
        if not rows:
            self.part(heading.height_mm, heading.draw_heading)
        if total:
            row = lay.row(total, bold=True)
            self.part(row.height_mm + 0.6, row.draw_total)

    def signature(self, fields: Sequence[str]) -> None:
        """Lines to write on by hand, side by side, each with what to write under it."""
        space = 6.0
        width = (self.inner_mm - space * (len(fields) - 1)) / len(fields)

        def draw(pen: Pen, y: float) -> None:
            for place, field in enumerate(fields):
                x = MARGIN + place * (width + space)
                pen.area(x, y + 16.0, width, 0.3, INK)
                pen.box_text(field, x, y + 16.6, width, 5.0, max_mm=3.0, min_mm=2.0, color=GREY)

        self.part(22.0, draw)

    def pdf(self) -> bytes:
        """The finished paper."""
        return join([self])

    def draw_on(self, pen: Pen) -> None:
        """Draw every page, each ended."""
        for number, page in enumerate(self._pages, 1):
            self._draw_head(pen, first=number == 1)
            for y, draw in page.parts:
                draw(pen, y)
            self._draw_foot(pen, number)
            pen.next_page()

    def _new_page(self) -> None:
        self._pages.append(Sheet([]))
        self._y = _HEAD

    def _draw_head(self, pen: Pen, *, first: bool) -> None:
        room = self.inner_mm
        if self._barcode:
            height = 13.0 if first else 9.0
            room -= 4.0 + self._draw_barcode(pen, self._barcode, height)
        pen.area(0, 0, self.width_mm, 2.2, BRAND)
        pen.box_text(self.title, MARGIN, 6.0, room, 5.4, max_mm=4.0, min_mm=2.6, color=GREY)
        pen.box_text(
            self.code or self.note, MARGIN, 11.0, room, 11.0, max_mm=8.6, min_mm=3.0, bold=True
        )
        pen.area(MARGIN, _HEAD - 4.2, self.inner_mm, 0.4, INK)

    def _draw_barcode(self, pen: Pen, symbol: Bars, height_mm: float) -> float:
        """At the right of the head, as wide as it is returned."""
        module = min(0.34, 80.0 / symbol.width)
        left = self.width_mm - MARGIN - len(symbol.modules) * module
        pen.bars(symbol, left, 5.2, module, height_mm)
        return symbol.width * module

    def _draw_foot(self, pen: Pen, number: int) -> None:
        y = self.height_mm - 11.0
        pen.area(MARGIN, y, self.inner_mm, 0.25, LINE)
        half = self.inner_mm / 2
        size: dict[str, Any] = {"max_mm": 2.9, "min_mm": 2.0}
        left = " · ".join(text for text in (self.title, self.code, self.note) if text)
        pages = _("Page {number} of {count}").format(number=number, count=len(self._pages))
        pen.box_text(left, MARGIN, y + 1, half + 30, 4.5, color=GREY, **size)
        pen.box_text(
            pages, MARGIN + half + 30, y + 1, half - 30, 4.5, align="right", color=GREY, **size
        )


def join(documents: Sequence[Document]) -> bytes:
    """Several papers in one file, each counting its own pages; all of one paper size."""
    first = documents[0]
    pen = Pen(first.width_mm, first.height_mm, f"{first.title} {first.code}".strip())
    for document in documents:
        document.draw_on(pen)
    return pen.pdf()


class _TableLayout:
    """The widths of a table's columns."""

    def __init__(self, columns: Sequence[Column], width_mm: float) -> None:
        self.columns = columns
        self.width_mm = width_mm
        whole = sum(column.share for column in columns)
        self.widths = [column.share / whole * width_mm for column in columns]

    def row(self, cells: Sequence[str], *, bold: bool = False) -> _Row:
        """The cells set into their columns, up to three lines each."""
        fitted = [
            fit(
                text,
                width - 2 * _CELL,
                3.9 * _TYPE,
                max_mm=_TYPE,
                min_mm=_TYPE * 0.8,
                wrap=True,
                bold=bold or column.bold,
            )
            for text, width, column in zip(cells, self.widths, self.columns, strict=True)
        ]
        return _Row(self, fitted, bold)


class _Row:
    """One row of a table, ready to be drawn."""

    def __init__(self, table: _TableLayout, cells: Sequence[Fitted], bold: bool) -> None:
        self._table, self._cells, self._bold = table, cells, bold
        self.height_mm = max([5.8, *[cell.height_mm + 1.8 for cell in cells]])

    def draw(self, pen: Pen, y: float) -> None:
        """The cells and a thin line below them."""
        self._draw_cells(pen, y, INK)
        pen.area(MARGIN, y + self.height_mm - 0.15, self._table.width_mm, 0.15, LINE)

    def draw_shaded(self, pen: Pen, y: float) -> None:
        """Every second row is shaded, so that the eye keeps the line."""
        pen.area(MARGIN, y, self._table.width_mm, self.height_mm, SHADE)
        self.draw(pen, y)

    def draw_heading(self, pen: Pen, y: float) -> None:
        """Headings in grey over a strong line."""
        self._draw_cells(pen, y, GREY)
        pen.area(MARGIN, y + self.height_mm - 0.4, self._table.width_mm, 0.4, INK)

    def draw_total(self, pen: Pen, y: float) -> None:
        """Totals under a strong line."""
        pen.area(MARGIN, y, self._table.width_mm, 0.4, INK)
        self._draw_cells(pen, y + 0.6, INK)

    def _draw_cells(self, pen: Pen, y: float, color: str) -> None:
        x = MARGIN
        for cell, width, column in zip(
            self._cells, self._table.widths, self._table.columns, strict=True
        ):
            bold = self._bold or column.bold
            top = y + (self.height_mm - cell.height_mm) / 2
            for number, line in enumerate(cell.lines):
                spare = width - 2 * _CELL - fonts.width_em(line, bold) * cell.size_mm
                side = {"left": 0.0, "center": spare / 2, "right": spare}[column.align]
                baseline = top + (fonts.ASCENT + number * fonts.LINE) * cell.size_mm
                pen.text(line, x + _CELL + side, baseline, cell.size_mm, bold=bold, color=color)
            x += width
