"""A label design while it is being changed: each step can be taken back, none is in force yet."""

from __future__ import annotations

import tomllib
from typing import Any

import tomli_w

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.papers.design import design_of
from wms_app.outside.papers.elements import Design
from wms_app.outside.papers.own_designs import text_in_force
from wms_app.outside.papers.reading import KEYS

NEW = ("text", "words", "bars", "matrix", "frame")
_MOST_STEPS = 200
_TEXT = {"size": [30.0, 6.0], "max": 4.0, "min": 2.0, "valign": "middle"}

Row = dict[str, Any]


class Draft:
    """The table of a design's file. A change may leave it broken; `problem` then says why."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.saved = text_in_force(name)
        self._table: Row = tomllib.loads(self.saved)
        self._steps: list[str] = []
        self.design: Design = design_of(name, self.saved)  # the last that could be drawn
        self.problem: Refused | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was done that is not in force."""
        return bool(self._steps)

    @property
    def text(self) -> str:
        """The file as it would be saved."""
        return self.saved if not self.changed else tomli_w.dumps(self._table)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the design may show."""
        return (*self._table.get("fields", ()), *self._table.get("optional", ()))

    @property
    def elements(self) -> list[tuple[str, Row]]:
        """Every element with its kind, as the file says it."""
        return [(kind, row) for kind in KEYS for row in self._table.get(kind, ())]

    def element(self, name: str) -> tuple[str, Row] | None:
        """The element of that name."""
        return next((pair for pair in self.elements if pair[1]["name"] == name), None)

    def at(self, x_mm: float, y_mm: float) -> str:
        """The name of the smallest element at a place, "" where there is none."""
        there = [
            (row["size"][0] * row["size"][1], row["name"])
            for _kind, row in self.elements
            if 0 <= x_mm - row["at"][0] <= row["size"][0]
            and 0 <= y_mm - row["at"][1] <= row["size"][1]
        ]
        return str(min(there)[1]) if there else ""

    def move(self, name: str, x_mm: float, y_mm: float) -> None:
        """Move an element by so much; it stays on the label."""
        row = self._row(name)
        width, height = self._table["size"]
        place = [row["at"][0] + x_mm, row["at"][1] + y_mm]
        most = [width - row["size"][0], height - row["size"][1]]
        self._change(row, at=[_mm(min(max(0.0, p), m)) for p, m in zip(place, most, strict=True)])

    def resize(self, name: str, width_mm: float, height_mm: float) -> None:
        """Make an element wider and higher by so much; it stays on the label."""
        row = self._row(name)
        most = [self._table["size"][n] - row["at"][n] for n in (0, 1)]
        size = [row["size"][0] + width_mm, row["size"][1] + height_mm]
        self._change(row, size=[_mm(min(max(0.5, s), m)) for s, m in zip(size, most, strict=True)])

    def change(self, name: str, **values: Any) -> None:
        """Set keys of an element."""
        self._change(self._row(name), **values)

    def add(self, kind: str) -> str:
        """A new element in the corner; gives its name. `kind` is one of NEW."""
        value = f"{{{next(iter(self.fields), '')}}}"
        made: dict[str, tuple[str, Row]] = {
            "text": ("text", {"value": value, **_TEXT}),
            "words": ("text", {"words": _("Words"), **_TEXT}),
            "bars": ("bars", {"size": [60.0, 15.0], "symbology": "code128", "value": value,
                              "module": [0.25, 0.51]}),
            "matrix": ("matrix", {"size": [18.0, 18.0], "symbology": "qr", "value": value}),
            "frame": ("box", {"size": [30.0, 10.0], "line": 0.5}),
        }  # fmt: skip
        table, row = made[kind]
        taken = {known["name"] for _kind, known in self.elements}
        name = next(n for n in (f"{kind}_{k}" for k in range(1, 1000)) if n not in taken)
        self._remember()
        self._table.setdefault(table, []).append({"name": name, "at": [1.0, 1.0], **row})
        self._look()
        return name

    def remove(self, name: str) -> None:
        """Take an element off the label."""
        row = self._row(name)
        self._remember()
        for kind in KEYS:
            if row in self._table.get(kind, ()):
                self._table[kind].remove(row)
        self._look()

    def undo(self) -> None:
        """Take the last step back. Refused: there is none."""
        if not self._steps:
            raise Refused("nothing_to_undo", _("Nothing was changed yet."))
        self._table = tomllib.loads(self._steps.pop())
        self._look()

    def _row(self, name: str) -> Row:
        found = self.element(name)
        if found is None:
            raise Refused("no_element", _("Choose an element first."))
        return found[1]

    def _change(self, row: Row, **values: Any) -> None:
        self._remember()
        row.update(values)
        self._look()

    def _remember(self) -> None:
        self._steps = [*self._steps[1 - _MOST_STEPS :], tomli_w.dumps(self._table)]

    def _look(self) -> None:
        try:
            self.design = design_of(self.name, tomli_w.dumps(self._table))
            self.problem = None
        except Refused as refusal:
            self.problem = refusal


def _mm(value: float) -> float:
    return round(value, 2)
