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

    [[bars]]                         symbology = "code128", "gs1-128" or "ean13"
    value = "{code}"                 module = [0.25, 0.5] narrowest and widest bar

    [[matrix]]                       symbology = "qr" or "datamatrix"; size = [20, 20]

    [[box]]                          line = 0.4 thickness of the frame; filled = true for a
                                     black area; a line is a filled box

No two texts or barcodes may overlap, except a pair of which only one is ever drawn.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, Literal, TypeVar, get_args

from wms_app.base.places import labels
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.papers.symbols import LINEAR, MATRIX, Linear, Matrix

Align = Literal["left", "center", "right"]
Valign = Literal["top", "middle", "bottom"]
Kind = TypeVar("Kind")
Place = tuple[str, float, float, float, float, str, str]

FIELD = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]*$")
_COMMON = {"name", "at", "size", "when", "unless"}
_KEYS = {
    "text": {"value", "words", "max", "min", "wrap", "align", "valign", "bold", "inverse"},
    "bars": {"symbology", "value", "module"},
    "matrix": {"symbology", "value"},
    "box": {"line", "filled"},
}
_TOP = {"title", "size", "fields", "optional", *_KEYS}


@dataclass(frozen=True)
class Element:
    """A box of the label in mm, and the field on which it depends ("" for none)."""

    name: str
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    when: str
    unless: str

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


def load_design(name: str) -> Design:
    """The design in `labels/<name>.toml`.

    Refused: `no_design` when there is none, `bad_design` naming the element and what is wrong.
    """
    path = labels() / f"{name}.toml"
    if not _NAME.match(name) or not path.is_file():
        raise Refused(
            "no_design",
            _("There is no label design “{name}”.").format(name=name),
            _("Choose one of those in the folder of label designs."),
        )
    return _loaded(name, path.read_text("utf-8"))


@lru_cache(maxsize=32)
def _loaded(name: str, text: str) -> Design:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad(name, "toml", str(error)) from None
    return _Reader(name, table).design()


def _bad(design: str, element: str, reason: str) -> Refused:
    return Refused(
        "bad_design",
        _("Label design “{design}”, {element}: {reason}.").format(
            design=design, element=element, reason=reason
        ),
        _("Correct the file {file} and try again.").format(file=f"labels/{design}.toml"),
    )


class _Reader:
    """Reads one design and refuses at the first thing that is wrong."""

    def __init__(self, name: str, table: dict[str, Any]) -> None:
        self.name = name
        self.table = table
        self.where = _("the head")
        self._no_others(table, _TOP)
        self.width, self.height = self._pair(table, "size")
        self.fields = self._names("fields")
        self.optional = self._names("optional")

    def design(self) -> Design:
        title = self._get(self.table, "title", str)
        elements: list[Element] = []
        for kind in _KEYS:
            for row in self._get(self.table, kind, list, []):
                element = self._element(kind, row)
                if element.name in {known.name for known in elements}:
                    raise self._wrong(_("the name is used twice"))
                elements.append(element)
        for one, other in combinations(elements, 2):
            self._apart(one, other)
        return Design(
            self.name, title, self.width, self.height, self.fields, self.optional, tuple(elements)
        )

    def _element(self, kind: str, row: dict[str, Any]) -> Element:
        self.where = f"[[{kind}]]"
        self.where = self._get(row, "name", str)
        self._no_others(row, _COMMON | _KEYS[kind])
        (x, y), (width, height) = self._pair(row, "at"), self._pair(row, "size")
        if min(x, y) < 0 or x + width > self.width + 1e-6 or y + height > self.height + 1e-6:
            raise self._wrong(_("it lies outside the label"))
        conditions = (self._get(row, "when", str, ""), self._get(row, "unless", str, ""))
        for field in conditions:
            self._known(field)
        place: Place = (self.where, x, y, width, height, *conditions)
        read = {"text": self._text, "bars": self._bars, "matrix": self._matrix, "box": self._box}
        return read[kind](place, row)

    def _text(self, place: Place, row: dict[str, Any]) -> Element:
        words, value = self._get(row, "words", str, ""), self._get(row, "value", str, "")
        if bool(words) == bool(value):
            raise self._wrong(_("give either words or value"))
        self._template(value)
        largest, smallest = self._number(row, "max"), self._number(row, "min")
        if smallest > largest:
            raise self._wrong(_("min is greater than max"))
        return TextElement(
            *place,
            value=value,
            words=words,
            max_mm=largest,
            min_mm=smallest,
            wrap=self._get(row, "wrap", bool, False),
            align=self._choice(row, "align", get_args(Align), "left"),
            valign=self._choice(row, "valign", get_args(Valign), "top"),
            bold=self._get(row, "bold", bool, False),
            inverse=self._get(row, "inverse", bool, False),
        )

    def _bars(self, place: Place, row: dict[str, Any]) -> Element:
        narrow, wide = self._pair(row, "module")
        if not 0.1 <= narrow <= wide <= 2:
            raise self._wrong(_("module must be two widths between 0.1 and 2 mm, narrow first"))
        symbology = self._choice(row, "symbology", LINEAR, None)
        return BarsElement(*place, symbology, self._value(row), narrow, wide)

    def _matrix(self, place: Place, row: dict[str, Any]) -> Element:
        return MatrixElement(*place, self._choice(row, "symbology", MATRIX, None), self._value(row))

    def _box(self, place: Place, row: dict[str, Any]) -> Element:
        filled = self._get(row, "filled", bool, False)
        return BoxElement(*place, 0.0 if filled else self._number(row, "line"), filled)

    def _value(self, row: dict[str, Any]) -> str:
        value: str = self._get(row, "value", str)
        self._template(value)
        return value

    def _template(self, value: str) -> None:
        for field in FIELD.findall(value):
            if not field:
                raise self._wrong(_("a field has no name"))
            self._known(field)
        if set("{}") & set(FIELD.sub("", value)):
            raise self._wrong(_("a bracket has no partner"))

    def _known(self, field: str) -> None:
        if field and field not in self.fields + self.optional:
            raise self._wrong(_("the field “{field}” is not among its fields").format(field=field))

    def _apart(self, one: Element, other: Element) -> None:
        if BoxElement in (type(one), type(other)):
            return
        if (one.when and one.when == other.unless) or (one.unless and one.unless == other.when):
            return
        beside = one.x_mm + one.width_mm <= other.x_mm or other.x_mm + other.width_mm <= one.x_mm
        below = one.y_mm + one.height_mm <= other.y_mm or other.y_mm + other.height_mm <= one.y_mm
        if not beside and not below:
            self.where = one.name
            raise self._wrong(_("it overlaps {other}").format(other=other.name))

    def _no_others(self, row: dict[str, Any], allowed: set[str]) -> None:
        for key in row:
            if key not in allowed:
                raise self._wrong(_("the key “{key}” is not known").format(key=key))

    def _names(self, key: str) -> tuple[str, ...]:
        names = self._get(self.table, key, list, [])
        if not all(isinstance(name, str) for name in names):
            raise self._wrong(_("“{key}” must be a list of names").format(key=key))
        return tuple(names)

    def _pair(self, row: dict[str, Any], key: str) -> tuple[float, float]:
        pair = self._get(row, key, list)
        numbers = [float(n) for n in pair if isinstance(n, int | float)]
        if len(pair) != 2 or len(numbers) != 2:
            raise self._wrong(_("“{key}” must be two numbers").format(key=key))
        if key != "at" and min(numbers) <= 0:
            raise self._wrong(_("“{key}” must be greater than 0").format(key=key))
        return numbers[0], numbers[1]

    def _number(self, row: dict[str, Any], key: str) -> float:
        number = row.get(key)
        if not isinstance(number, int | float) or number <= 0:
            raise self._wrong(_("“{key}” must be a number greater than 0").format(key=key))
        return float(number)

    def _choice(self, row: dict[str, Any], key: str, choices: tuple[Any, ...], usual: Any) -> Any:
        chosen = row.get(key, usual)
        if chosen not in choices:
            raise self._wrong(
                _("“{key}” must be one of {choices}").format(key=key, choices=", ".join(choices))
            )
        return chosen

    def _get(self, row: dict[str, Any], key: str, kind: type[Kind], usual: Any = None) -> Kind:
        found = row.get(key, usual)
        if not isinstance(found, kind) or (usual is None and not found):
            raise self._wrong(_("“{key}” is missing or of the wrong kind").format(key=key))
        return found

    def _wrong(self, reason: str) -> Refused:
        return _bad(self.name, self.where, reason)
