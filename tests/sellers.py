"""Sellers who upload the platform's labels: drawn here as PDF, as a scan of it, and as ZPL."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import zxingcpp
from reportlab.pdfgen.canvas import Canvas

from wms_app.outside.devices.camera.vision import Picture

MM = 72 / 25.4
A4, LABEL, A6 = (210.0, 297.0), (100.0, 150.0), (105.0, 148.5)
NUMBERS = tuple(f"1Z999AA1012345678{n}" for n in "4")


def ups(serial: int) -> str:
    """A made-up number in the form of UPS, with its check digit."""
    from wms_app.floor.labelling.own_label_numbers import _ups_check

    body = f"999AA101{serial:07d}"
    return f"1Z{body}{_ups_check(body)}"


@dataclass(frozen=True)
class Sold:
    """One label of a platform: the number in bars, the order's number in words, a QR code."""

    tracking: str
    order: str = ""
    buyer: str = "Sample Buyer"
    qr: str = ""
    module_mm: float = 0.33


def pdf(
    pages: Sequence[Sequence[tuple[Sold, float, float]]],
    size: tuple[float, float] = A4,
    scissors: bool = False,
) -> bytes:
    """Pages of labels, each with the place of its lower left corner in mm."""
    made = io.BytesIO()
    canvas: Any = cast(Any, Canvas)(made, pagesize=(size[0] * MM, size[1] * MM))
    for page in pages:
        if scissors:
            canvas.setDash(3, 3)
            canvas.line(size[0] / 2 * MM, 0, size[0] / 2 * MM, size[1] * MM)
            canvas.line(0, size[1] / 2 * MM, size[0] * MM, size[1] / 2 * MM)
            canvas.setDash()
        for sold, x, y in page:
            _draw(canvas, sold, x, y)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _draw(canvas: Any, sold: Sold, x: float, y: float) -> None:
    """About 90 x 130 mm: address, bars, order number, a line below."""
    canvas.setFont("Helvetica", 11)
    for row, words in enumerate(("DOCK SAMPLE", sold.buyer, "1 Example Street", "Austin TX 78701")):
        canvas.drawString((x + 6) * MM, (y + 128 - 6 * row) * MM, words)
    if sold.qr:
        _blocks(canvas, sold.qr, zxingcpp.BarcodeFormat.QRCode, x + 62, y + 104, 1.0, None)
    if sold.tracking:
        kind = zxingcpp.BarcodeFormat.Code128
        _blocks(canvas, sold.tracking, kind, x + 6, y + 55, sold.module_mm, 28.0)
        canvas.drawString((x + 20) * MM, (y + 48) * MM, sold.tracking)
    if sold.order:
        canvas.drawString((x + 6) * MM, (y + 30) * MM, f"Order: {sold.order}")
    canvas.line((x + 4) * MM, (y + 8) * MM, (x + 92) * MM, (y + 8) * MM)


def _blocks(
    canvas: Any, text: str, kind: Any, x: float, y: float, module: float, height: float | None
) -> None:
    symbol = zxingcpp.create_barcode(text, kind)
    drawn = np.array(symbol.to_image(scale=1, add_hrt=False, add_quiet_zones=False))
    rows = drawn[:1] if height else drawn
    tall = height or module
    for row, line in enumerate(rows):
        for place, value in enumerate(line):
            if value < 128:
                top = y + (len(rows) - 1 - row) * tall
                canvas.rect((x + place * module) * MM, top * MM, module * MM, tall * MM, 0, 1)


def four_up(sold: Sequence[Sold], scissors: bool = True) -> bytes:
    """Four labels on one A4 page: upper left, upper right, lower left, lower right."""
    places = [(5.0, 152.0), (110.0, 152.0), (5.0, 4.0), (110.0, 4.0)]
    page = [(one, x, y) for one, (x, y) in zip(sold, places, strict=False)]
    return pdf([page], A4, scissors)


def alone(*sold: Sold) -> bytes:
    """A page of the label's own paper for each."""
    return pdf([[(one, 3.0, 6.0)] for one in sold], LABEL)


def scan_of(content: bytes, dpi: int = 300, page: int = 0) -> Picture:
    """The page as a scanner sees it."""
    image = pypdfium2.PdfDocument(content)[page].render(scale=dpi / 72, grayscale=True)
    return np.array(image.to_pil(), np.uint8)


def zpl(*sold: Sold) -> bytes:
    """The same labels in the printer's language, with what sets a printer up before them."""
    made = "^XA^MMT^PW812^JUS^XZ\n"
    for one in sold:
        made += (
            f"^XA^FO40,40^A0N,30,30^FD{one.buyer}^FS^BY3^FO40,300^BCN,200,N,N,N^FD>:{one.tracking}"
            f"^FS^FO40,600^A0N,30,30^FDOrder: {one.order}^FS^XZ\n"
        )
    return made.encode()


def save(folder: Path, name: str, content: bytes) -> Path:
    """Put a file where the seller's upload lands."""
    file = folder / name
    file.write_bytes(content)
    return file
