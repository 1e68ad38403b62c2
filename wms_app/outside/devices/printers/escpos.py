"""Printers that speak ESC/POS (receipt printers, and cheap label printers): raster graphics.

`GS v 0` prints rows of dots, a bit of 1 is ink; `DLE EOT n` asks at once for one byte of state, in
which bits 1 and 4 are always set (ESC/POS Application Programming Guide). One that never answers
is trusted to print what it took.
"""

from __future__ import annotations

from dataclasses import dataclass

from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.printers.bitmap import Bitmap
from wms_app.outside.devices.printers.driver import Sheet
from wms_app.outside.devices.printers.line_printer import LinePrinter
from wms_app.outside.devices.printers.state import State
from wms_app.outside.devices.printers.tspl import dots_of
from wms_app.outside.devices.printers.wire import Wire

ANSWER_S = 0.5
BAND = 256  # rows in one command: more than many printers can hold at once
_SURE = 0x12
_OFFLINE, _PAPER = 2, 4
_COVER_OPEN, _NO_PAPER_STOP, _PAPER_END = 0x04, 0x20, 0x60


@dataclass(frozen=True)
class EscPosPrinter(LinePrinter):
    """Wants every label as dots; each is cut or torn off behind its last row."""

    @property
    def speaks(self) -> Kind:
        """See `Driver`."""
        return "pdf"

    def ask(self, line: Wire) -> State:
        """See `LinePrinter`; silence is taken for a printer that can't answer."""
        offline = _byte(line, _OFFLINE)
        if offline is None:
            return State()
        paper = _byte(line, _PAPER) or 0
        troubles = {
            "head_open": bool(offline & _COVER_OPEN),
            "paper_out": bool(offline & _NO_PAPER_STOP or paper & _PAPER_END),
        }
        return State(tuple(name for name, holds in troubles.items() if holds))

    def program(self, sheet: Sheet) -> bytes:
        """See `LinePrinter`. Refused: ZPL, and what is wider than the head."""
        return b"".join(_label(page) for page in dots_of(sheet, self))


def _byte(line: Wire, which: int) -> int | None:
    line.write(bytes((0x10, 0x04, which)))
    answer = line.read(ANSWER_S)
    return answer[-1] if answer and answer[-1] & _SURE == _SURE else None


def _label(page: Bitmap) -> bytes:
    parts = [b"\x1b@"]
    for top in range(0, page.height, BAND):
        rows = page.rows[top * page.row_bytes : (top + BAND) * page.row_bytes]
        count = len(rows) // page.row_bytes
        size = page.row_bytes.to_bytes(2, "little") + count.to_bytes(2, "little")
        parts.append(b"\x1dv0\x00" + size + rows)
    return b"".join([*parts, b"\x1dV\x42\x00"])
