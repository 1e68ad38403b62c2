"""Printers that speak ZPL: Zebra's, and those that speak like them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.printers.driver import Sheet
from wms_app.outside.devices.printers.line_printer import ANSWER_S, LinePrinter
from wms_app.outside.devices.printers.state import State, read_state, whole
from wms_app.outside.devices.printers.wire import Wire


@dataclass(frozen=True)
class ZplPrinter(LinePrinter):
    """Asked with `~HS`, which is answered even while it prints."""

    @property
    def speaks(self) -> Kind:
        """See `Driver`."""
        return "zpl"

    def ask(self, line: Wire) -> State:
        """See `LinePrinter`."""
        line.write(b"~HS")
        answer, end = b"", time.monotonic() + ANSWER_S
        while not whole(answer) and (left_s := end - time.monotonic()) > 0:
            answer += line.read(left_s)
        state = read_state(answer)
        if state is None:
            raise TimeoutError("half an answer" if answer else "no answer")
        return state

    def program(self, sheet: Sheet) -> bytes:
        """See `LinePrinter`; a PDF is sent as the dots of its pages."""
        if sheet.kind == "zpl":
            return sheet.content
        from wms_app.outside.devices.printers.bitmap import pages, zpl_of

        return b"".join(zpl_of(page) for page in pages(sheet.content, self.dpi))
