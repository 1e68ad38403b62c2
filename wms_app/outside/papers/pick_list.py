"""The pick list: bins in walk order, readable at arm's length, every code to be scanned on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wms_app.base.texts import _
from wms_app.outside.papers.document import MARGIN, Document, Paper, join
from wms_app.outside.papers.pen import GREY, INK, LINE, Pen
from wms_app.outside.papers.symbols import Bars, bars, goods, squares

_STOP = 26.0  # mm, one stop
_BIN, _PIECES, _CODE = 50.0, 20.0, 46.0  # mm, columns; the goods take what is left
_NARROWEST = 0.19  # mm, a module that office printers and hand scanners still manage


@dataclass(frozen=True)
class PickStop:
    """One stop of the walk: this many of this SKU from this bin.

    `bin_barcode` and `sku_barcode` are what the scanner shall read; the rest is text for people
    and may be empty, except `bin`, `quantity` and `sku`.
    """

    bin: str
    bin_barcode: str
    quantity: int
    sku: str
    name: str = ""
    sku_barcode: str = ""
    lot: str = ""
    tote_slot: str = ""
    order_number: str = ""
    fragile: bool = False


@dataclass(frozen=True)
class PickListPaper:
    """One list. `created` is a time as the warehouse writes it; `stops` are in walk order."""

    code: str
    barcode: str
    warehouse: str
    created: str
    kind: str
    station: str
    orders: int
    units: int
    stops: tuple[PickStop, ...]


def pick_list_pdf(lists: Sequence[PickListPaper], paper: Paper = "A4") -> bytes:
    """One file; each list begins on a new page and counts its own pages."""
    return join([_document(one, paper) for one in lists])


def _document(one: PickListPaper, paper: Paper) -> Document:
    document = Document(
        _("Pick list"), paper, code=one.code, barcode=one.barcode, note=one.warehouse
    )
    document.facts(
        [
            (_("Warehouse"), one.warehouse),
            (_("Printed"), one.created),
            (_("Kind"), one.kind),
            (_("Zone"), one.station),
            (_("Orders"), str(one.orders)),
            (_("Stops"), str(len(one.stops))),
            (_("Units"), str(one.units)),
        ],
        in_a_row=7,
    )
    for number, stop in enumerate(one.stops, 1):
        document.part(_STOP, _Drawing(number, stop, document.inner_mm).draw)
    document.gap(4.0)
    document.signature([_("Picked by"), _("Signature"), _("Finished at")])
    return document


class _Drawing:
    """One stop on the paper."""

    def __init__(self, number: int, stop: PickStop, width_mm: float) -> None:
        self.number, self.stop, self.width_mm = number, stop, width_mm

    def draw(self, pen: Pen, y: float) -> None:
        """Bin with its code, quantity, goods with their code, a box to tick."""
        pen.area(MARGIN, y + _STOP - 0.3, self.width_mm, 0.25, LINE)
        x = MARGIN
        self._bin(pen, x, y)
        x += _BIN
        self._quantity(pen, x, y)
        x += _PIECES
        room = self.width_mm - _BIN - _PIECES - _CODE
        self._goods(pen, x + 3, y, room - 5)
        x += room
        self._goods_code(pen, x, y)

    def _bin(self, pen: Pen, x: float, y: float) -> None:
        number = str(self.number)
        pen.box_text(number, x, y + 1.2, 6.0, 5.0, max_mm=3.2, min_mm=2.0, color=GREY)
        pen.box_text(
            self.stop.bin, x + 6.5, y + 0.8, _BIN - 9, 12.6,
            max_mm=9.6, min_mm=3.4, bold=True, middle=True, color="#000000",
        )  # fmt: skip
        symbol = bars("code128", self.stop.bin_barcode)
        _draw_code(pen, symbol, self.stop.bin_barcode, x, y + 14.2, _BIN - 3, 9.6)

    def _quantity(self, pen: Pen, x: float, y: float) -> None:
        pen.frame(x, y + 2.6, _PIECES, 20.4, 0.7, INK)
        pen.box_text(
            str(self.stop.quantity), x + 1.5, y + 4, _PIECES - 3, 17.6,
            max_mm=13.0, min_mm=4.0, bold=True, align="center", middle=True, color="#000000",
        )  # fmt: skip

    def _goods(self, pen: Pen, x: float, y: float, width_mm: float) -> None:
        stop = self.stop
        narrow = width_mm - 18 if stop.fragile else width_mm
        pen.box_text(stop.sku, x, y + 1.4, narrow, 6.2, max_mm=4.8, min_mm=2.6, bold=True)
        if stop.fragile:
            pen.area(x + width_mm - 17, y + 2.2, 17, 5.0)
            pen.box_text(
                _("FRAGILE"), x + width_mm - 16, y + 2.4, 15, 4.6,
                max_mm=3.0, min_mm=1.8, bold=True, align="center", middle=True, color="#FFFFFF",
            )  # fmt: skip
        pen.box_text(stop.name, x, y + 7.6, width_mm, 10.6, max_mm=4.0, min_mm=2.4, wrap=True)
        told = [
            _("Lot {lot}").format(lot=stop.lot) if stop.lot else "",
            _("Tote {tote}").format(tote=stop.tote_slot) if stop.tote_slot else "",
            stop.order_number,
        ]
        line = "  ·  ".join(text for text in told if text)
        pen.box_text(line, x, y + 18.8, width_mm, 5.2, max_mm=3.3, min_mm=2.0, color=GREY)

    def _goods_code(self, pen: Pen, x: float, y: float) -> None:
        side = 6.0
        pen.frame(x + _CODE - side, y + 9.8, side, side, 0.5, INK)
        if self.stop.sku_barcode:
            symbol = goods(self.stop.sku_barcode)
            _draw_code(pen, symbol, self.stop.sku_barcode, x, y + 3.0, _CODE - side - 1, 14.0)
            pen.box_text(
                self.stop.sku_barcode, x, y + 18.4, _CODE - side - 1, 5.2,
                max_mm=3.2, min_mm=1.8, align="center",
            )  # fmt: skip


def _draw_code(
    pen: Pen, symbol: Bars, text: str, x: float, y: float, width_mm: float, height_mm: float
) -> None:
    """Bars as wide as there is room; a code too long for bars is drawn as a Data Matrix."""
    module = min(0.33, width_mm / symbol.width)
    if module >= _NARROWEST:
        left = x + (width_mm - symbol.width * module) / 2 + symbol.quiet[0] * module
        pen.bars(symbol, left, y, module, height_mm)
        return
    square = squares("datamatrix", text)
    module = height_mm / square.width
    left = x + (width_mm - height_mm) / 2 + square.quiet * module
    pen.squares(square, left, y + square.quiet * module, module)
