"""The nouns of label designs: a label's elements with their places in mm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from wms_app.outside.papers.symbols import Linear, Matrix

Align = Literal["left", "center", "right"]
Valign = Literal["top", "middle", "bottom"]


@dataclass(frozen=True)
class Element:
    """A box of the label in mm, and the field on which it depends ("" for none).

    `least` is the width and height in mm below which a rule outside the house forbids it.
    """

    name: str
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    when: str
    unless: str
    least: tuple[float, float]

    def drawn_with(self, values: Mapping[str, str]) -> bool:
        """Whether the element is on the label at these values."""
        return bool(not self.when or values.get(self.when)) and not (
            self.unless and values.get(self.unless)
        )


@dataclass(frozen=True)
class TextElement(Element):
    """A text; `words` are translated, `value` is a template. Sizes are type sizes."""

    value: str
    words: str
    max_mm: float
    min_mm: float
    wrap: bool
    align: Align
    valign: Valign
    bold: bool
    inverse: bool


@dataclass(frozen=True)
class RowsElement(Element):
    """A small table: one row a line of the value, its cells parted by tabs.

    `columns` are the shares of the width, `aligns` the sides on which the cells stand.
    """

    value: str
    columns: tuple[float, ...]
    aligns: tuple[Align, ...]
    row_mm: float
    max_mm: float
    min_mm: float

    @property
    def most(self) -> int:
        """How many rows its box holds."""
        return int(self.height_mm / self.row_mm + 1e-6)


@dataclass(frozen=True)
class BarsElement(Element):
    """A 1D barcode, as wide as its box and its widest module allow."""

    symbology: Linear
    value: str
    min_module_mm: float
    max_module_mm: float


@dataclass(frozen=True)
class MatrixElement(Element):
    """A 2D barcode, as big as its box allows."""

    symbology: Matrix
    value: str


@dataclass(frozen=True)
class SignElement(Element):
    """A drawn sign (see signs.py); `value` is its name or a template that gives it."""

    value: str


@dataclass(frozen=True)
class BoxElement(Element):
    """A frame, or a black area."""

    line_mm: float
    filled: bool


@dataclass(frozen=True)
class Design:
    """One label: its size, the values it takes, what stands on it."""

    name: str
    title: str
    width_mm: float
    height_mm: float
    fields: tuple[str, ...]
    optional: tuple[str, ...]
    elements: tuple[Element, ...]

    def element(self, name: str) -> Element | None:
        """The element of that name."""
        return next((one for one in self.elements if one.name == name), None)
