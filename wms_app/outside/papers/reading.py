"""Reading a label design: everything in it is checked, and the first thing wrong is named."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any, TypeVar, get_args

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
    Valign,
)
from wms_app.outside.papers.signs import SIGNS
from wms_app.outside.papers.symbols import LINEAR, MATRIX

Kind = TypeVar("Kind")
Place = tuple[str, float, float, float, float, str, str, tuple[float, float]]

FIELD = re.compile(r"\{([^{}]*)\}")
KEYS = {
    "text": {"value", "words", "max", "min", "wrap", "align", "valign", "bold", "inverse"},
    "rows": {"value", "columns", "aligns", "row", "max", "min"},
    "bars": {"symbology", "value", "module"},
    "matrix": {"symbology", "value"},
    "sign": {"value"},
    "box": {"line", "filled"},
}
_COMMON = {"name", "at", "size", "when", "unless", "least"}
_LEAST_BAR_MM = 5.0
_TOP = {"title", "size", "fields", "optional", *KEYS}


def read_design(name: str, table: dict[str, Any]) -> Design:
    """The design that a parsed file describes. Refused: `bad_design`, naming element and rule."""
    return _Reader(name, table).design()


def bad_design(design: str, element: str, reason: str) -> Refused:
    """The refusal of a design: which one, which of its elements, and why."""
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
        for kind in KEYS:
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
        self._no_others(row, _COMMON | KEYS[kind])
        (x, y), (width, height) = self._pair(row, "at"), self._pair(row, "size")
        if min(x, y) < 0 or x + width > self.width + 1e-6 or y + height > self.height + 1e-6:
            raise self._wrong(_("it lies outside the label"))
        conditions = (self._get(row, "when", str, ""), self._get(row, "unless", str, ""))
        for field in conditions:
            self._known(field)
        least = self._pair(row, "least") if "least" in row else (0.0, 0.0)
        if width < least[0] - 1e-6 or height < least[1] - 1e-6:
            rule = _("it must be at least {width:g} x {height:g} mm")
            raise self._wrong(rule.format(width=least[0], height=least[1]))
        place: Place = (self.where, x, y, width, height, *conditions, least)
        read = {
            "text": self._text,
            "rows": self._rows,
            "bars": self._bars,
            "matrix": self._matrix,
            "sign": self._sign,
            "box": self._box,
        }
        return read[kind](place, row)

    def _text(self, place: Place, row: dict[str, Any]) -> Element:
        words, value = self._get(row, "words", str, ""), self._get(row, "value", str, "")
        if bool(words) == bool(value):
            raise self._wrong(_("give either words or value"))
        self._template(value)
        largest, smallest = self._type(row)
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

    def _type(self, row: dict[str, Any]) -> tuple[float, float]:
        largest, smallest = self._number(row, "max"), self._number(row, "min")
        if smallest > largest:
            raise self._wrong(_("min is greater than max"))
        return largest, smallest

    def _rows(self, place: Place, row: dict[str, Any]) -> Element:
        columns = self._get(row, "columns", list)
        if not all(isinstance(share, int | float) and share > 0 for share in columns):
            raise self._wrong(_("“{key}” must be a list of numbers").format(key="columns"))
        aligns = self._get(row, "aligns", list, []) or ["left"] * len(columns)
        if len(aligns) != len(columns) or not set(aligns) <= set(get_args(Align)):
            raise self._wrong(_("“{key}” must name a side for every column").format(key="aligns"))
        height = self._number(row, "row")
        if height > place[4]:
            raise self._wrong(_("a row is higher than its box"))
        value, (largest, smallest) = self._value(row), self._type(row)
        return RowsElement(*place, value, tuple(columns), tuple(aligns), height, largest, smallest)

    def _sign(self, place: Place, row: dict[str, Any]) -> Element:
        value = self._value(row)
        if value not in SIGNS and not FIELD.search(value):
            raise self._wrong(_("there is no sign “{sign}”").format(sign=value))
        return SignElement(*place, value)

    def _bars(self, place: Place, row: dict[str, Any]) -> Element:
        narrow, wide = self._pair(row, "module")
        if not 0.1 <= narrow <= wide <= 2:
            raise self._wrong(_("module must be two widths between 0.1 and 2 mm, narrow first"))
        if place[4] < _LEAST_BAR_MM:
            reason = _("bars lower than {height:g} mm are missed by scanners in the hand")
            raise self._wrong(reason.format(height=_LEAST_BAR_MM))
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
        if any(_is_ground(element) for element in (one, other)):
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
        return bad_design(self.name, self.where, reason)


def _is_ground(element: Element) -> bool:
    """Frames and areas, on which other things may stand."""
    return isinstance(element, BoxElement) or (
        isinstance(element, SignElement) and element.value == "hatching"
    )
