"""The conversation of changing a label: choose an element, move it, look, try, put it in force."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wms_app.base import clock
from wms_app.base.conversation import Action, Answer
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, mark
from wms_app.office.setup.designer_draft import NEW, Draft
from wms_app.outside.papers import own_designs
from wms_app.outside.papers.design import shipped_design
from wms_app.outside.papers.examples import examples
from wms_app.outside.papers.proof import RESOLUTIONS

KIND_WORDS = {
    "text": mark("field"),
    "rows": mark("table"),
    "bars": mark("barcode"),
    "matrix": mark("square code"),
    "sign": mark("sign"),
    "box": mark("frame"),
}
_NEW_WORDS = {
    "text": mark("A field"),
    "words": mark("Fixed words"),
    "bars": mark("A barcode"),
    "matrix": mark("A square code"),
    "frame": mark("A frame"),
}
_NUMBERS = ("x", "y", "width", "height", "max", "min")
_SHIPPED = "shipped"

Send = Callable[[str, bytes], str]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class DesignerView:
    """The label as it would be printed, its elements by name, kind and place; lengths in mm."""

    name: str
    title: str
    size_mm: tuple[float, float]
    picture: bytes
    elements: tuple[tuple[str, str], ...]
    chosen: str = ""
    box: Box | None = None
    facts: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    about: str = ""


class Designer:
    """One design at a time; `send(name, pdf)` prints a try."""

    def __init__(self, send: Callable[[str, bytes], str], zone: str) -> None:
        self._send = send
        self._zone = zone
        self._draft = Draft("bin")
        self._chosen = ""
        self._example = 0
        self._dpi = RESOLUTIONS[0]
        self._picture = b""

    def actions(self) -> tuple[Action, ...]:
        """What can be done with the label that is shown."""
        titles = tuple((name, _(shipped_design(name).title)) for name in own_designs.names())
        older = [
            (one.path.stem, f"{clock.local(one.until, self._zone):%Y-%m-%d %H:%M}")
            for one in own_designs.versions(self._draft.name)
        ]
        back = ((_SHIPPED, _("as it was shipped")), *older)
        added = tuple((kind, _said(_NEW_WORDS, kind)) for kind in NEW)
        return (
            Action("design_open", "F2", _("Another label"), "choice", choices=titles),
            Action("design_example", "F3", _("Other values")),
            Action("design_dpi", "F4", _("203 or 300 dpi")),
            Action("design_try", "F5", _("Test print")),
            Action("design_save", "F6", _("Put in force")),
            Action("design_add", "F7", _("Add"), "choice", choices=added),
            Action("design_remove", "F8", _("Remove")),
            Action("design_undo", "F9", _("Undo")),
            Action("design_back", "Ctrl+B", _("Older versions"), "choice", choices=back),
        )

    def act(self, action: str, value: str) -> Answer:
        """One of `actions`, or `_choose`, `_pick`, `_move`, `_size` ("x y"), `_apply` (JSON)."""
        does: dict[str, Callable[[str], Answer]] = {
            "design_open": self._open,
            "design_choose": self._choose,
            "design_pick": self._pick,
            "design_move": self._move,
            "design_size": self._size,
            "design_apply": self._apply,
            "design_example": self._next_example,
            "design_dpi": self._other_dpi,
            "design_try": self._try,
            "design_save": self._save,
            "design_add": self._add,
            "design_remove": self._remove,
            "design_undo": self._undo,
            "design_back": self._back,
        }
        if action not in does:
            raise Refused("not_now", _("That can't be done here."))
        return does[action](value)

    def view(self) -> DesignerView:
        """What is there now; a label that can't be drawn shows the last picture and says why."""
        draft, design = self._draft, self._draft.design
        problem = draft.problem or own_designs.trouble(draft.name)
        try:
            self._picture = self._drawn()
        except Refused as refusal:
            problem = refusal
        found = draft.element(self._chosen)
        box = (*found[1]["at"], *found[1]["size"]) if found else None
        return DesignerView(
            draft.name,
            _(design.title),
            (design.width_mm, design.height_mm),
            self._picture,
            tuple((row["name"], _said(KIND_WORDS, kind)) for kind, row in draft.elements),
            self._chosen if found else "",
            box,
            _facts(*found) if found else {},
            problem.text if problem else "",
            self._about(),
        )

    def _drawn(self) -> bytes:
        from wms_app.outside.papers.picture import label_png

        tried = examples(self._draft.name)
        values = tried[self._example % len(tried)].values
        return label_png(self._draft.design, values, self._dpi)

    def _about(self) -> str:
        tried = examples(self._draft.name)
        if self._draft.changed:
            state = _("changed, not in force")
        elif own_designs.own_design(self._draft.name):
            state = _("your own design")
        else:
            state = _("as it was shipped")
        values = _(tried[self._example % len(tried)].title)
        size = f"{self._draft.design.width_mm:g} x {self._draft.design.height_mm:g} mm"
        return " · ".join(
            (size, f"{self._dpi} dpi", _("values: {title}").format(title=values), state)
        )

    def _open(self, value: str) -> Answer:
        if value not in own_designs.names():
            raise Refused("no_design", _("There is no label design “{name}”.").format(name=value))
        self._draft, self._chosen, self._example = Draft(value), "", 0
        return Answer("ok", "")

    def _choose(self, value: str) -> Answer:
        self._chosen = value
        return Answer("ok", "")

    def _pick(self, value: str) -> Answer:
        self._chosen = self._draft.at(*_pair(value)) or self._chosen
        return Answer("ok", "")

    def _move(self, value: str) -> Answer:
        self._draft.move(self._chosen, *_pair(value))
        return Answer("ok", "")

    def _size(self, value: str) -> Answer:
        self._draft.resize(self._chosen, *_pair(value))
        return Answer("ok", "")

    def _apply(self, value: str) -> Answer:
        said = json.loads(value)
        numbers = {key: _number(said[key]) for key in _NUMBERS if key in said}
        changes: dict[str, Any] = {
            "at": [numbers["x"], numbers["y"]],
            "size": [numbers["width"], numbers["height"]],
        }
        changes |= {key: numbers[key] for key in ("max", "min") if key in numbers}
        changes |= {key: said[key] for key in ("value", "words", "align") if key in said}
        if "bold" in said:
            changes["bold"] = said["bold"] == "yes"
        self._draft.change(self._chosen, **changes)
        return Answer("ok", "")

    def _next_example(self, _value: str) -> Answer:
        self._example = (self._example + 1) % len(examples(self._draft.name))
        return Answer("ok", "")

    def _other_dpi(self, _value: str) -> Answer:
        self._dpi = RESOLUTIONS[1] if self._dpi == RESOLUTIONS[0] else RESOLUTIONS[0]
        return Answer("ok", "")

    def _try(self, _value: str) -> Answer:
        """A design with a problem is not printed, not even to be looked at."""
        from wms_app.outside.papers.label import label_pdf
        from wms_app.outside.papers.proof import prove

        if self._draft.problem is not None:
            raise self._draft.problem
        prove(self._draft.design)
        tried = examples(self._draft.name)
        values = tried[self._example % len(tried)].values
        pdf = label_pdf(self._draft.design, [values], self._dpi)
        name = _("test of {label}").format(label=_(self._draft.design.title))
        return Answer("done", _("Printed: {name}").format(name=name), self._send(name, pdf))

    def _save(self, _value: str) -> Answer:
        if not self._draft.changed:
            raise Refused("nothing_changed", _("Nothing was changed yet."))
        own_designs.save(self._draft.name, self._draft.text)
        self._draft = Draft(self._draft.name)
        return Answer(
            "done", _("Labels are drawn like this now."), _("The design before is kept: Ctrl+B.")
        )

    def _add(self, value: str) -> Answer:
        if value not in NEW:
            raise Refused("not_now", _("That can't be done here."))
        self._chosen = self._draft.add(value)
        return Answer("ok", "")

    def _remove(self, _value: str) -> Answer:
        self._draft.remove(self._chosen)
        self._chosen = ""
        return Answer("ok", "")

    def _undo(self, _value: str) -> Answer:
        self._draft.undo()
        return Answer("ok", "")

    def _back(self, value: str) -> Answer:
        if value == _SHIPPED:
            own_designs.use_shipped(self._draft.name)
        else:
            own_designs.go_back(self._draft.name, value)
        self._draft, self._chosen = Draft(self._draft.name), ""
        return Answer("done", _("Labels are drawn like this now."))


def _facts(kind: str, row: dict[str, Any]) -> dict[str, str]:
    facts = {
        "x": f"{row['at'][0]:g}",
        "y": f"{row['at'][1]:g}",
        "width": f"{row['size'][0]:g}",
        "height": f"{row['size'][1]:g}",
    }
    facts |= {key: str(row[key]) for key in ("value", "words") if key in row}
    facts |= {key: f"{row[key]:g}" for key in ("max", "min") if key in row}
    if kind == "text":
        facts["align"] = str(row.get("align", "left"))
        facts["bold"] = "yes" if row.get("bold") else "no"
    return facts


def _said(words: dict[str, str], key: str) -> str:
    known = words[key]
    return _(known)


def _pair(value: str) -> tuple[float, float]:
    one, _space, other = value.partition(" ")
    return _number(one), _number(other)


def _number(text: str) -> float:
    try:
        return round(float(str(text).replace(",", ".")), 2)
    except ValueError:
        raise Refused(
            "bad_number",
            _("“{value}” is no length in mm.").format(value=text),
            _("For example: {example}").format(example="12.5"),
        ) from None
