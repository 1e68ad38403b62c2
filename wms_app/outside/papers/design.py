"""Label designs: what stands where on a label, read from `labels/<name>.toml`.

A design file says (all lengths in mm, places from the top left corner):

    title = "Bin label"
    size = [100, 50]                 width and height of the label
    fields = ["bin", "code"]         values that must be given
    optional = ["zone"]              values that may be missing or empty

    [[text]]                         a text in a box, as big as fits
    name = "bin"                     for messages; unique in the design
    at = [4, 4]
    size = [92, 20]
    value = "{bin}"                  {field} is replaced; or words = "Bin", which is translated
    max = 18.0                       type size, and the size below which it is cut with "…"
    min = 6.0
    wrap = false                     may break into several lines
    align = "left"                   left, center, right
    valign = "top"                   top, middle, bottom
    bold = false
    inverse = false                  white on a black box
    when = "zone"                    only if this field is not empty
    unless = "zone"                  only if it is empty
    least = [100, 100]               a smaller one is forbidden by a rule outside the house

    [[bars]]                         symbology = "code128", "gs1-128", "ean13" or "goods"
    value = "{code}"                 module = [0.25, 0.5] narrowest and widest bar
                                     (goods: EAN-13 where the code is one, else Code 128)

    [[matrix]]                       symbology = "qr" or "datamatrix"; size = [20, 20]

    [[rows]]                         a small table: each line of the value is a row, and tabs
    value = "{lines}"                part its cells; columns = [1, 4] their shares of the width,
    row = 6.0                        aligns = ["right", "left"], max and min as for a text

    [[sign]]                         value = "fragile" or another of those in signs.py

    [[box]]                          line = 0.4 thickness of the frame; filled = true for a
                                     black area; a line is a filled box

No two texts, barcodes or signs may overlap, except a pair of which only one is ever drawn.

A user's own design of the same name, `labels/<name>.toml` in the user's data folder, goes before
the shipped one once it has passed every check (see own_designs.py and proof.py).
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from wms_app.base.places import labels
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
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
from wms_app.outside.papers.reading import FIELD, bad_design, read_design

__all__ = [
    "FIELD",
    "Align",
    "BarsElement",
    "BoxElement",
    "Design",
    "Element",
    "MatrixElement",
    "RowsElement",
    "SignElement",
    "TextElement",
    "design_of",
    "load_design",
    "shipped_design",
    "shipped_text",
]

_NAME = re.compile(r"^[a-z0-9][a-z0-9-]*$")


def load_design(name: str) -> Design:
    """The design that labels are printed from: the user's own when it is sound, else the shipped.

    Refused: `no_design` when there is none, `bad_design` naming the element and what is wrong.
    """
    from wms_app.outside.papers.own_designs import own_design

    return own_design(name) or shipped_design(name)


def shipped_design(name: str) -> Design:
    """The design in the shipped `labels/<name>.toml`; refused as `load_design`."""
    return design_of(name, shipped_text(name))


def shipped_text(name: str) -> str:
    """What the shipped file of a design says. Refused: `no_design` when there is none."""
    path = labels() / f"{name}.toml"
    if not _NAME.match(name) or not path.is_file():
        raise Refused(
            "no_design",
            _("There is no label design “{name}”.").format(name=name),
            _("Choose one of those in the folder of label designs."),
        )
    return _text_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _text_of(path: Path, _changed_ns: int) -> str:
    """What a file says, read anew when it was changed."""
    return path.read_text("utf-8")


@lru_cache(maxsize=64)
def design_of(name: str, text: str) -> Design:
    """The design that the text of a file describes. Refused: `bad_design`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise bad_design(name, "toml", str(error)) from None
    return read_design(name, table)
