"""Drawing on a page of a PDF in mm from the top left corner."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from wms_app.outside.papers import fonts
from wms_app.outside.papers.elements import Align
from wms_app.outside.papers.fit import Fitted, fit
from wms_app.outside.papers.signs import Shape
from wms_app.outside.papers.symbols import Bars, Squares

MM = 72 / 25.4  # points

INK = "#14201B"
GREY = "#4C5A54"
LINE = "#C3CBC6"
SHADE = "#EEF1EE"
BRAND = "#0B5D4E"


class Pen:
    """Draws on the pages of one PDF, one page after another."""

    def __init__(self, width_mm: float, height_mm: float, title: str) -> None:
        from reportlab import rl_config
        from reportlab.pdfgen import canvas

        settings: Any = rl_config
        settings.useA85 = 0  # binary streams: a fifth smaller and quicker

        new_canvas: Any = canvas.Canvas

        self.width_mm, self.height_mm = width_mm, height_mm
        self._file = io.BytesIO()
        # A hair less than whole dots: renderers round a page up, in single precision.
        size = (width_mm * MM - 0.005, height_mm * MM - 0.005)
        self._canvas: Any = new_canvas(self._file, pagesize=size, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setCreator("Dock")
        self._colors: dict[str, Any] = {}

    def next_page(self) -> None:
        """End this page and begin another."""
        self._canvas.showPage()

    def pdf(self) -> bytes:
        """The finished file; the page begun last is part of it if anything is on it."""
        self._canvas.save()
        return self._file.getvalue()

    def text(
        self,
        text: str,
        x_mm: float,
        baseline_mm: float,
        size_mm: float,
        *,
        bold: bool = False,
        color: str = "#000000",
    ) -> None:
        """One line of text that begins at `x_mm`."""
        drawing = self._canvas.beginText(x_mm * MM, self._up(baseline_mm))
        drawing.setFillColor(self._color(color))
        for run in fonts.runs(text, bold):
            drawing.setFont(run.font, size_mm * MM)
            drawing.textOut(run.text)
        self._canvas.drawText(drawing)

    def box_text(
        self,
        text: str,
        x_mm: float,
        y_mm: float,
        width_mm: float,
        height_mm: float,
        *,
        max_mm: float,
        min_mm: float,
        wrap: bool = False,
        align: Align = "left",
        middle: bool = False,
        bold: bool = False,
        color: str = INK,
    ) -> Fitted:
        """A text as big as fits its box; it never leaves the box."""
        fitted = fit(text, width_mm, height_mm, max_mm=max_mm, min_mm=min_mm, wrap=wrap, bold=bold)
        top = y_mm + ((height_mm - fitted.height_mm) / 2 if middle else 0.0)
        for place, line in enumerate(fitted.lines):
            spare = width_mm - fonts.width_em(line, bold) * fitted.size_mm
            left = x_mm + {"left": 0.0, "center": spare / 2, "right": spare}[align]
            baseline = top + (fonts.ASCENT + place * fonts.LINE) * fitted.size_mm
            self.text(line, left, baseline, fitted.size_mm, bold=bold, color=color)
        return fitted

    def area(
        self, x_mm: float, y_mm: float, width_mm: float, height_mm: float, color: str = "#000000"
    ) -> None:
        """A filled rectangle."""
        self._canvas.setFillColor(self._color(color))
        left, bottom = x_mm * MM, self._up(y_mm + height_mm)
        self._canvas.rect(left, bottom, width_mm * MM, height_mm * MM, stroke=0, fill=1)

    def frame(
        self,
        x_mm: float,
        y_mm: float,
        width_mm: float,
        height_mm: float,
        line_mm: float = 0.3,
        color: str = "#000000",
    ) -> None:
        """The outline of a rectangle; the line lies inside it."""
        half = line_mm / 2
        self._canvas.setStrokeColor(self._color(color))
        self._canvas.setLineWidth(line_mm * MM)
        self._canvas.rect(
            (x_mm + half) * MM,
            self._up(y_mm + height_mm - half),
            (width_mm - line_mm) * MM,
            (height_mm - line_mm) * MM,
            stroke=1,
            fill=0,
        )

    def bars(
        self, symbol: Bars, x_mm: float, y_mm: float, module_mm: float, height_mm: float
    ) -> None:
        """A 1D barcode whose first bar begins at `x_mm`."""
        self._rectangles(
            (x_mm + start * module_mm, y_mm, length * module_mm, height_mm)
            for start, length in _stretches(symbol.modules)
        )

    def squares(self, symbol: Squares, x_mm: float, y_mm: float, module_mm: float) -> None:
        """A 2D barcode whose first module has its corner at `x_mm`, `y_mm`."""
        self._rectangles(
            (x_mm + start * module_mm, y_mm + row * module_mm, length * module_mm, module_mm)
            for row, modules in enumerate(symbol.rows)
            for start, length in _stretches(modules)
        )

    def shapes(self, shapes: Iterable[Shape]) -> None:
        """The filled polygons of a sign, one over the other."""
        for shape in shapes:
            self._canvas.setFillColor(self._color("#000000" if shape.black else "#FFFFFF"))
            corners = [f"{x * MM:.3f} {self._up(y):.3f}" for x, y in shape.points]
            lines = [f"{corner} l" for corner in corners[1:]]
            self._canvas._code.append("\n".join([f"{corners[0]} m", *lines, "h f"]))

    def _rectangles(self, places: Iterable[tuple[float, float, float, float]]) -> None:
        """A whole symbol as one path, so that viewers leave no seams between its modules.

        Written as PDF operators: reportlab's own path costs ten times as long.
        """
        self._canvas.setFillColor(self._color("#000000"))
        operators = [
            f"{x * MM:.3f} {self._up(y + height):.3f} {width * MM:.3f} {height * MM:.3f} re"
            for x, y, width, height in places
        ]
        self._canvas._code.append("\n".join([*operators, "f"]))

    def _up(self, y_mm: float) -> float:
        """Points from the bottom of the page, as PDF counts."""
        return (self.height_mm - y_mm) * MM

    def _color(self, color: str) -> Any:
        if color not in self._colors:
            from reportlab.lib import colors

            parse: Any = colors.HexColor
            self._colors[color] = parse(color)
        return self._colors[color]


def _stretches(modules: str) -> Iterator[tuple[int, int]]:
    """Where dark stretches begin and how long they are, in modules."""
    start = modules.find("1")
    while start >= 0:
        end = modules.find("0", start)
        end = len(modules) if end < 0 else end
        yield start, end - start
        start = modules.find("1", end)
