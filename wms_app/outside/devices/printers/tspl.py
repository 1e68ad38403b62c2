"""Printers that speak TSPL (TSC and many cheap ones): a label is sent as its dots.

`BITMAP x,y,bytes,rows,mode,data` prints where a bit is 0; `<ESC>!?` asks for one byte of state
(TSPL/TSPL2 Programming Manual, "Immediate Commands"). The gap between labels is left as the printer
has measured it. Many never answer: such a one is trusted to print what it took.
"""

from __future__ import annotations

from dataclasses import dataclass

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.printers.bitmap import Bitmap, pages
from wms_app.outside.devices.printers.driver import Sheet
from wms_app.outside.devices.printers.line_printer import LinePrinter
from wms_app.outside.devices.printers.state import State
from wms_app.outside.devices.printers.wire import Wire

ANSWER_S = 0.5
_BITS = (
    (0x01, "head_open"),
    (0x02, "paper_out"),  # a jam: the paper is taken out and put in again
    (0x04, "paper_out"),
    (0x08, "ribbon_out"),
    (0x10, "paused"),
)
_PRINTING = 0x20


@dataclass(frozen=True)
class TsplPrinter(LinePrinter):
    """Wants every label as dots."""

    @property
    def speaks(self) -> Kind:
        """See `Driver`."""
        return "pdf"

    def ask(self, line: Wire) -> State:
        """See `LinePrinter`; silence is taken for a printer that can't answer."""
        line.write(b"\x1b!?")
        answer = line.read(ANSWER_S)
        return _state(answer[-1]) if answer else State()

    def program(self, sheet: Sheet) -> bytes:
        """See `LinePrinter`. Refused: ZPL, and what is wider than the head."""
        return b"".join(_label(page, self.dpi) for page in dots_of(sheet, self))


def dots_of(sheet: Sheet, printer: LinePrinter) -> list[Bitmap]:
    """The pages of a paper as a printer's dots.

    Refused: a label that only ZPL printers understand, ink beyond the printer's head.
    """
    if sheet.kind == "zpl":
        raise needs_zpl(sheet.name)
    found = [page.narrowed(printer.wide_dots) for page in pages(sheet.content, printer.dpi)]
    if any(page.width > printer.wide_dots for page in found):
        raise Refused(
            "too_wide",
            _("“{name}” is wider than this printer prints.").format(name=sheet.name),
            _("Choose another printer for it in Setup."),
        )
    return found


def needs_zpl(name: str) -> Refused:
    """A label in ZPL for a printer that does not know it."""
    return Refused(
        "needs_zpl",
        _("“{name}” is ZPL, which this printer does not speak.").format(name=name),
        _("Choose a ZPL printer for shipping labels in Setup."),
    )


def _label(page: Bitmap, dpi: int) -> bytes:
    width_mm, height_mm = (round(dots * 25.4 / dpi, 1) for dots in (page.width, page.height))
    head = f"SIZE {width_mm} mm,{height_mm} mm\r\nDIRECTION 0\r\nCLS\r\n"
    bitmap = f"BITMAP 0,0,{page.row_bytes},{page.height},0,"
    white_set = bytes(byte ^ 0xFF for byte in page.rows)
    return head.encode() + bitmap.encode() + white_set + b"\r\nPRINT 1,1\r\n"


def _state(byte: int) -> State:
    troubles = dict.fromkeys(name for bit, name in _BITS if byte & bit)
    return State(tuple(troubles), held=1 if byte & _PRINTING else 0)
