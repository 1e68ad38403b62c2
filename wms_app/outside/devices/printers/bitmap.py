"""Pages as the black and white dots of a printer."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

_DARK = 128


@dataclass(frozen=True)
class Bitmap:
    """`rows`: the rows one after another, each of whole bytes, a set bit is ink."""

    width: int
    height: int
    rows: bytes

    @property
    def row_bytes(self) -> int:
        """The bytes of one row."""
        return (self.width + 7) // 8

    def narrowed(self, dots: int) -> Bitmap:
        """Only its first `dots` columns, if nothing is printed beyond them; else itself."""
        keep = (dots + 7) // 8
        if self.width <= dots:
            return self
        rows = [
            self.rows[start : start + self.row_bytes]
            for start in range(0, len(self.rows), self.row_bytes)
        ]
        if any(any(row[keep:]) for row in rows):
            return self
        return Bitmap(keep * 8, self.height, b"".join(row[:keep] for row in rows))


def pages(pdf: bytes, dpi: int) -> list[Bitmap]:
    """Every page of a PDF, drawn without smoothing so that bars keep their widths."""
    import numpy as np

    pdfium: Any = import_module("pypdfium2")
    plain = {f"no_smooth{what}": True for what in ("text", "path", "image")}
    document = pdfium.PdfDocument(pdf)
    try:
        found = []
        for number in range(len(document)):
            drawn = document[number].render(scale=dpi / 72, grayscale=True, **plain).to_numpy()
            grey = drawn.reshape(drawn.shape[:2])
            bits: Any = np.packbits(grey < _DARK, axis=1)
            found.append(Bitmap(grey.shape[1], grey.shape[0], bits.tobytes()))
        return found
    finally:
        document.close()


def zpl_of(page: Bitmap) -> bytes:
    """One ZPL format that prints the page as a graphic; equal rows are sent once."""
    total = len(page.rows)
    lines, last = [], ""
    for start in range(0, total, page.row_bytes):
        digits = page.rows[start : start + page.row_bytes].hex().upper()
        body = digits.rstrip("0")
        lines.append(":" if digits == last else body + ("," if len(body) < len(digits) else ""))
        last = digits
    graphic = f"^GFA,{total},{total},{page.row_bytes},{''.join(lines)}"
    return f"^XA^LH0,0^PW{page.width}^LL{page.height}^FO0,0{graphic}^FS^XZ\n".encode("ascii")
