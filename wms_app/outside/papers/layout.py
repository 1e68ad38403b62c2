"""A design filled with values: the texts, barcodes and areas at their places in mm.

PDF and ZPL are drawn from this one layout, so that they agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.papers import fonts
from wms_app.outside.papers.elements import (
    Align,
    BarsElement,
    BoxElement,
    Design,
    Element,
    MatrixElement,
    RowsElement,
    SignElement,
    TextElement,
)
from wms_app.outside.papers.fit import fit
from wms_app.outside.papers.reading import FIELD
from wms_app.outside.papers.signs import SIGNS, Shape, sign
from wms_app.outside.papers.symbols import Bars, Squares, bars, squares

_CELL_GAP = 1.5  # mm between the columns of rows
MAX_DOTS = 10  # the widest module that ^BY and ^BQ of every ZPL printer take


# 203 dpi printers have 8 dots a mm exactly, and 600 dpi ones 24; 300 dpi ones go by the inch.
_DOTS_PER_MM = {203: 8.0, 600: 24.0}


def dots_per_mm(dpi: int) -> float:
    """How many dots a printer of `dpi` dots per inch puts on a mm."""
    return _DOTS_PER_MM.get(dpi, dpi / 25.4)


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
        spare = (self.size_mm - self.symbol.side * module_mm) / 2
        return self.x_mm + spare, self.y_mm + spare


@dataclass(frozen=True)
class PlacedSign:
    """A drawn sign; its shapes lie in mm of the label."""

    name: str
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class PlacedBox:
    """A frame of `line_mm`, or a black area where that is 0."""

    name: str
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    line_mm: float


Placed = PlacedText | PlacedBars | PlacedSquares | PlacedSign | PlacedBox


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
        for placed in _placed(element, values):
            (areas if isinstance(placed, PlacedBox) else rest).append(placed)
    return areas + rest


def _placed(element: Element, values: Mapping[str, str]) -> list[Placed]:
    place = (element.name, element.x_mm, element.y_mm, element.width_mm, element.height_mm)
    if isinstance(element, BoxElement):
        return [PlacedBox(*place, element.line_mm)]
    if isinstance(element, TextElement):
        ground: list[Placed] = [PlacedBox(*place, 0.0)] if element.inverse else []
        return ground + _text(element, values)
    if isinstance(element, RowsElement):
        return _rows(element, values)
    if isinstance(element, BarsElement):
        symbol = bars(element.symbology, fill(element.value, values))
        return [
            PlacedBars(place[0], symbol, *place[1:], element.min_module_mm, element.max_module_mm)
        ]
    if isinstance(element, SignElement):
        return [PlacedSign(*place, _shapes(element, values))]
    assert isinstance(element, MatrixElement)
    return [_squares(element, values)]


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with each `{field}` replaced by its value, or by nothing."""
    return FIELD.sub(lambda match: values.get(match.group(1), ""), template)


def _text(element: TextElement, values: Mapping[str, str]) -> list[Placed]:
    """A text in its place; captions, senders and dates come again with every label.

    An element is known by itself, not by what it says: to compare all of it costs as much as to
    place the text.
    """
    text = _(element.words) if element.words else fill(element.value, values)
    known = _known.get((id(element), text))
    if known is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        known = _known[id(element), text] = element, _fitted(element, text)
    return known[1]


# With each text its element: while it is here, no other has its identity.
_known: dict[tuple[int, str], tuple[TextElement, list[Placed]]] = {}
_MOST_KNOWN = 2048


def _fitted(element: TextElement, text: str) -> list[Placed]:
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


def _rows(element: RowsElement, values: Mapping[str, str]) -> list[Placed]:
    """Each cell as big as fits its part of the row; rows below the box are the caller's mistake."""
    whole = sum(element.columns)
    placed: list[Placed] = []
    for number, line in enumerate(fill(element.value, values).split("\n")[: element.most]):
        x, top = element.x_mm, element.y_mm + number * element.row_mm
        for cell, share, align in zip(line.split("\t"), element.columns, element.aligns):
            width = share / whole * element.width_mm
            placed += _cell(element, cell, x, top, width - _CELL_GAP, align)
            x += width
    return placed


def _cell(
    element: RowsElement, text: str, x: float, top: float, width: float, align: Align
) -> list[Placed]:
    height = element.row_mm
    fitted = fit(text, width, height, max_mm=element.max_mm, min_mm=element.min_mm, wrap=True)
    top += (height - fitted.height_mm) / 2
    return [
        PlacedText(
            element.name,
            line,
            x,
            width,
            top + (fonts.ASCENT + place * fonts.LINE) * fitted.size_mm,
            fitted.size_mm,
            align,
            bold=False,
            white=False,
        )
        for place, line in enumerate(fitted.lines)
    ]


def _shapes(element: SignElement, values: Mapping[str, str]) -> tuple[Shape, ...]:
    name = fill(element.value, values)
    if name not in SIGNS:
        raise Refused(
            "no_sign",
            _("There is no sign “{sign}”.").format(sign=name),
            _("Possible are: {signs}.").format(signs=", ".join(SIGNS)),
        )
    return tuple(
        Shape(tuple((element.x_mm + x, element.y_mm + y) for x, y in shape.points), shape.black)
        for shape in sign(name, element.width_mm, element.height_mm)
    )


def _squares(element: MatrixElement, values: Mapping[str, str]) -> PlacedSquares:
    size = min(element.width_mm, element.height_mm)
    return PlacedSquares(
        element.name,
        squares(element.symbology, fill(element.value, values)),
        element.x_mm + (element.width_mm - size) / 2,
        element.y_mm + (element.height_mm - size) / 2,
        size,
    )
