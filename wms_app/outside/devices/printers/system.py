"""Any printer that the system knows: pages are drawn by Qt, in the size that they have.

The pages are pictures, which Qt lets any thread paint on a printer: the window is not held.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wms_app.base.refusal import Down
from wms_app.base.texts import _
from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.printers.driver import Put, Sheet, away, unsure
from wms_app.outside.devices.printers.state import State

MM_PER_INCH = 25.4


@dataclass(frozen=True)
class SystemPrinter:
    """The printer called `name` by the system; a name that ends in .pdf is a file."""

    name: str
    dpi: int = 300

    @property
    def speaks(self) -> Kind:
        """See `Driver`."""
        return "pdf"

    @property
    def backs_up(self) -> bool:
        """See `Driver`: the system's spooler keeps what it took."""
        return False

    def look(self) -> State:
        """See `Driver`; whether the system knows it, no more is told."""
        from PySide6.QtPrintSupport import QPrinterInfo

        if self._file is None and self.name not in QPrinterInfo.availablePrinterNames():
            known = ", ".join(QPrinterInfo.availablePrinterNames()) or _("none at all")
            raise away(self.name, _("the system knows: {names}").format(names=known))
        return State()

    @property
    def _file(self) -> Path | None:
        return Path(self.name) if self.name.lower().endswith(".pdf") else None

    def put(self, sheet: Sheet) -> Put:
        """See `Driver`."""
        if sheet.kind == "zpl":
            from wms_app.outside.devices.printers.tspl import needs_zpl

            raise needs_zpl(sheet.name)
        self.look()
        self._draw(sheet)
        return Put("done", self.name)

    def _draw(self, sheet: Sheet) -> None:
        from PySide6.QtCore import QMarginsF, QRectF, QSizeF
        from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
        from PySide6.QtPrintSupport import QPrinter

        from wms_app.outside.devices.printers.bitmap import pages

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if self._file is not None:
            printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
            printer.setOutputFileName(str(self._file))
        else:
            printer.setPrinterName(self.name)
        printer.setDocName(sheet.name)
        printer.setResolution(self.dpi)
        printer.setFullPage(True)
        painter = QPainter()
        for number, page in enumerate(pages(sheet.content, self.dpi)):
            millimetres = QSizeF(
                *(dots * MM_PER_INCH / self.dpi for dots in (page.width, page.height))
            )
            size = QPageSize(millimetres, QPageSize.Unit.Millimeter)
            layout = QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF())
            printer.setPageLayout(layout)
            if number == 0 and not painter.begin(printer):
                raise Down("printer", _("The printer {name} takes nothing.").format(name=self.name))
            if number and not printer.newPage():
                raise unsure(sheet.name)
            picture = QImage(
                page.rows, page.width, page.height, page.row_bytes, QImage.Format.Format_Mono
            )
            picture.setColorTable([0xFFFFFFFF, 0xFF000000])
            painter.drawImage(QRectF(0, 0, page.width, page.height), picture)
        if not painter.end() or printer.printerState() == QPrinter.PrinterState.Error:
            raise unsure(sheet.name)
