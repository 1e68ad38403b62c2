"""A design filled with values: the texts, barcodes and areas at their places in mm.

PDF and ZPL are drawn from this one layout, so that they agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.papers import fonts
from wms_app.outside.papers.design import (
    FIELD,
    Align,
    BarsElement,
    BoxElement,
    Design,
    MatrixElement,
    TextElement,
)
from wms_app.outside.papers.fit import fit
from wms_app.outside.papers.symbols import Bars, Squares, bars, squares

MAX_DOTS = 10  # the widest module that ^BY and ^BQ of every ZPL printer take


@dataclass(frozen=True)
class PlacedText:
    """One line of text in its box: `x_mm` and `width_mm` are the box's, the base line is set."""

    name: str
    text: str
    x_mm: float
    width_mm: float
    baseline_mm: float
    size_mm: float
    align: Align
    bold: bool
    white: bool

    @property
    def text_width_mm(self) -> float:
        """How wide the text itself is."""
        return fonts.width_em(self.text, self.bold) * self.size_mm

    @property
    def left_mm(self) -> float:
        """Where the text itself begins."""
        spare = self.width_mm - self.text_width_mm
        return self.x_mm + {"left": 0.0, "center": spare / 2, "right": spare}[self.align]


@dataclass(frozen=True)
class PlacedBars:
    """A 1D barcode; it is centred in its box, quiet zones included."""

    name: str
    symbol: Bars
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    min_module_mm: float
    max_module_mm: float

    def module_dots(self, dots_per_mm: float) -> int:
        """The module in whole dots of a printer. Refused: the code is too long for its box."""
        room = self.width_mm * dots_per_mm / self.symbol.width
        dots = int(min(room, self.max_module_mm * dots_per_mm, MAX_DOTS) + 1e-6)
        if dots < 1 or dots / dots_per_mm < self.min_module_mm * 0.97:
            raise Refused(
                "barcode_too_long",
                _("{code} is too long for the barcode “{name}” of this label.").format(
                    code=self.symbol.human, name=self.name
                ),
                _("Shorten the code, or choose a wider label."),
            )
        return dots

    def left_mm(self, module_mm: float) -> float:
        """Where the first bar begins."""
        spare = self.width_mm - self.symbol.width * module_mm
        return self.x_mm + spare / 2 + self.symbol.quiet[0] * module_mm


@dataclass(frozen=True)
class PlacedSquares:
    """A 2D barcode; it is centred in its box, quiet zones included."""

    name: str
    symbol: Squares
    x_mm: float
    y_mm: float
    size_mm: float

    def module_dots(self, dots_per_mm: float) -> int:
        """The module in whole dots of a printer. Refused: the code is too long for its box."""
        dots = int(min(self.size_mm * dots_per_mm / self.symbol.width, MAX_DOTS) + 1e-6)
        if dots < 2:
            raise Refused(
                "barcode_too_long",
                _("{code} is too long for the barcode “{name}” of this label.").format(
                    code=self.symbol.text, name=self.name
                ),
                _("Shorten the code, or choose a wider label."),
            )
        return dots

    def corner_mm(self, module_mm: float) -> tuple[float, float]:
        """Where the first module begins."""
        spare = (self.size_mm - len(self.symbol.rows) * module_mm) / 2
        return self.x_mm + spare, self.y_mm + spare


@dataclass(frozen=True)
class PlacedBox:
    """A frame of `line_mm`, or a black area where that is 0."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    line_mm: float


Placed = PlacedText | PlacedBars | PlacedSquares | PlacedBox


def lay_out(design: Design, values: Mapping[str, str]) -> list[Placed]:
    """Everything that stands on the label, areas first.

    Refused: a value that the design needs is not given, a barcode cannot be written.
    """
    missing = [field for field in design.fields if not values.get(field)]
    if missing:
        raise Refused(
            "label_value_missing",
            _("The label “{label}” needs {fields}.").format(
                label=design.title, fields=", ".join(missing)
            ),
            _("Complete the record and print again."),
        )
    areas: list[Placed] = []
    rest: list[Placed] = []
    for element in design.elements:
        if not element.drawn_with(values):
            continue
        place = (element.x_mm, element.y_mm, element.width_mm, element.height_mm)
        if isinstance(element, BoxElement):
            areas.append(PlacedBox(*place, element.line_mm))
        elif isinstance(element, TextElement):
            if element.inverse:
                areas.append(PlacedBox(*place, 0.0))
            rest.extend(_text(element, values))
        elif isinstance(element, BarsElement):
            symbol = bars(element.symbology, fill(element.value, values))
            limits = (element.min_module_mm, element.max_module_mm)
            rest.append(PlacedBars(element.name, symbol, *place, *limits))
        elif isinstance(element, MatrixElement):
            rest.append(_squares(element, values))
    return areas + rest


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with each `{field}` replaced by its value, or by nothing."""
    return FIELD.sub(lambda match: values.get(match.group(1), ""), template)


def _text(element: TextElement, values: Mapping[str, str]) -> list[Placed]:
    text = _(element.words) if element.words else fill(element.value, values)
    inset = min(1.0, element.height_mm * 0.1) if element.inverse else 0.0
    width, height = element.width_mm - 2 * inset, element.height_mm - 2 * inset
    fitted = fit(
        text,
        width,
        height,
        max_mm=element.max_mm,
        min_mm=element.min_mm,
        wrap=element.wrap,
        bold=element.bold,
    )
    spare = height - fitted.height_mm
    top = element.y_mm + inset + {"top": 0.0, "middle": spare / 2, "bottom": spare}[element.valign]
    return [
        PlacedText(
            element.name,
            line,
            element.x_mm + inset,
            width,
            top + (fonts.ASCENT + place * fonts.LINE) * fitted.size_mm,
            fitted.size_mm,
            element.align,
            element.bold,
            element.inverse,
        )
        for place, line in enumerate(fitted.lines)
    ]


def _squares(element: MatrixElement, values: Mapping[str, str]) -> PlacedSquares:
    size = min(element.width_mm, element.height_mm)
    return PlacedSquares(
        element.name,
        squares(element.symbology, fill(element.value, values)),
        element.x_mm + (element.width_mm - size) / 2,
        element.y_mm + (element.height_mm - size) / 2,
        size,
    )
