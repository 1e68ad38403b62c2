"""Labels of a design as PDF, for any printer; as ZPL (see zpl.py) for label printers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wms_app.outside.papers.design import Design
from wms_app.outside.papers.layout import (
    Placed,
    PlacedBars,
    PlacedBox,
    PlacedSquares,
    PlacedText,
    lay_out,
)
from wms_app.outside.papers.pen import Pen
from wms_app.outside.papers.zpl import label_zpl

__all__ = ["label_pdf", "label_zpl"]

# Modules of a PDF are whole dots of a 203 dpi printer (8 dots/mm), the commonest.
DOTS_PER_MM = 8


def label_pdf(design: Design, values: Sequence[Mapping[str, str]]) -> bytes:
    """One page per label, in the order given.

    `values` holds every field of the design as text; optional fields may be missing or empty.
    Refused: `label_value_missing`, `bad_barcode`, `barcode_too_long`.
    """
    pages = [lay_out(design, one) for one in values]
    pen = Pen(design.width_mm, design.height_mm, design.title)
    for page in pages:
        for placed in page:
            _draw(pen, placed)
        pen.next_page()
    return pen.pdf()


def _draw(pen: Pen, placed: Placed) -> None:
    if isinstance(placed, PlacedText):
        color = "#FFFFFF" if placed.white else "#000000"
        place = (placed.left_mm, placed.baseline_mm, placed.size_mm)
        pen.text(placed.text, *place, bold=placed.bold, color=color)
    elif isinstance(placed, PlacedBars):
        module = placed.module_dots(DOTS_PER_MM) / DOTS_PER_MM
        left = placed.left_mm(module)
        pen.bars(placed.symbol, left, placed.y_mm, module, placed.height_mm)
    elif isinstance(placed, PlacedSquares):
        module = placed.module_dots(DOTS_PER_MM) / DOTS_PER_MM
        pen.squares(placed.symbol, *placed.corner_mm(module), module)
    elif isinstance(placed, PlacedBox):
        place4 = (placed.x_mm, placed.y_mm, placed.width_mm, placed.height_mm)
        if placed.line_mm:
            pen.frame(*place4, placed.line_mm)
        else:
            pen.area(*place4)
