"""Labels of a design as PDF, for any printer; as ZPL (see zpl.py) for label printers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wms_app.outside.papers.elements import Design
from wms_app.outside.papers.layout import (
    Placed,
    PlacedBars,
    PlacedBox,
    PlacedSign,
    PlacedSquares,
    PlacedText,
    dots_per_mm,
    lay_out,
)
from wms_app.outside.papers.pen import Pen
from wms_app.outside.papers.zpl import label_zpl

__all__ = ["label_pdf", "label_zpl"]


def label_pdf(design: Design, values: Sequence[Mapping[str, str]], dpi: int = 203) -> bytes:
    """One page per label, in the order given, for a printer of `dpi` dots per inch.

    No module is whole dots of 203 and of 300 dpi printers at once, so the file is drawn for one.

    `values` holds every field of the design as text; optional fields may be missing or empty.
    Refused: `label_value_missing`, `bad_barcode`, `barcode_too_long`.
    """
    pages = [lay_out(design, one) for one in values]
    dots = dots_per_mm(dpi)
    # A page of whole dots: a renderer that rounds its size up would stretch every bar.
    width, height = (int(mm * dots + 1e-6) / dots for mm in (design.width_mm, design.height_mm))
    pen = Pen(width, height, design.title)
    for page in pages:
        for placed in page:
            _draw(pen, placed, dots)
        pen.next_page()
    return pen.pdf()


def _draw(pen: Pen, placed: Placed, dots: float) -> None:
    if isinstance(placed, PlacedText):
        color = "#FFFFFF" if placed.white else "#000000"
        place = (placed.left_mm, placed.baseline_mm, placed.size_mm)
        pen.text(placed.text, *place, bold=placed.bold, color=color)
    elif isinstance(placed, PlacedBars):
        module = placed.module_dots(dots) / dots
        left, top, bottom = (
            round(mm * dots) / dots
            for mm in (placed.left_mm(module), placed.y_mm, placed.y_mm + placed.height_mm)
        )
        pen.bars(placed.symbol, left, top, module, bottom - top)
    elif isinstance(placed, PlacedSquares):
        module = placed.module_dots(dots) / dots
        x, y = (round(mm * dots) / dots for mm in placed.corner_mm(module))
        pen.squares(placed.symbol, x, y, module)
    elif isinstance(placed, PlacedSign):
        pen.shapes(placed.shapes)
    elif isinstance(placed, PlacedBox):
        place4 = (placed.x_mm, placed.y_mm, placed.width_mm, placed.height_mm)
        if placed.line_mm:
            pen.frame(*place4, placed.line_mm)
        else:
            pen.area(*place4)
