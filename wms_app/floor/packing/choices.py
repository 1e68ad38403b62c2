"""What the packer may do at each step, and the choices that go with it."""

from __future__ import annotations

from wms_app.base.conversation import Action
from wms_app.base.texts import _, mark, ngettext
from wms_app.floor.catalog.names import split_name
from wms_app.floor.orders.gate import hold_words
from wms_app.floor.orders.model import HOLD_REASONS
from wms_app.floor.packing.bench import Bench
from wms_app.floor.packing.view import PackView

_NAMED = 3  # goods that a question names
_WHY_RIGHT = (  # told to everybody in his language
    mark("counted again, all pieces are there"),
    mark("the catalog's weight is wrong"),
    mark("more padding than usual"),
)
_AT_THE_BENCH = ("quantity", "address", "customs", "client", "fraud", "other")


def actions_for(
    bench: Bench | None, view: PackView, weight_is_off: bool, unsure: bool
) -> tuple[Action, ...]:
    """The actions of this step, in the order of the key bar; `unsure`: a label may be out."""
    out = (Action("came_out", "F4", _("It came out"), sheet="confirm"),) if unsure else ()
    if bench is None:
        again = Action("retry_labels", "F3", _("Labels again"), sheet="reprint")
        return (again, *out) if view.waiting else ()
    if view.step == "stopped":
        return (_set_aside(),)
    if view.step == "stick":
        return (Action("reprint", "F2", _("Reprint")), *out, _hold())
    if view.step == "label":
        retry = Action("retry_label", "F3", _("Label again"), sheet="reprint")
        return (retry, Action("set_aside", "F5", _("Next"), sheet="next"), _hold(), _undo())
    return _while_packing(bench, view, weight_is_off)


def _while_packing(bench: Bench, view: PackView, weight_is_off: bool) -> tuple[Action, ...]:
    found = [Action("slip", "F2", _("Packing slip")), _set_aside()]
    if view.step == "weigh":
        found.append(Action("weigh", "F4", _("Weigh"), sheet="confirm"))
    else:
        if bench.left:
            found.append(_short(bench))
        if bench.inside:
            found.append(Action("close_box", "F5", _("Close box"), sheet="close"))
    found.append(_carton(bench))
    if view.step == "weigh":
        ask = _("Weight of the closed box in grams")
        found.append(Action("weight", "F7", _("Weight"), asks="number", prompt=ask))
    if weight_is_off:
        found.append(_accept())
    return (*found, _hold(), _undo())


def _set_aside() -> Action:
    return Action("set_aside", "F3", _("Set aside"), sheet="next")


def _short(bench: Bench) -> Action:
    """All that was not scanned into the box is not there: nobody has to count it."""
    lines = [line for line in bench.goods if line.left]
    goods = ", ".join(f"{line.left} × {split_name(line.name)[0]}" for line in lines[:_NAMED])
    ask = ngettext(
        "Not in the box: {goods}. Type 0 if it is missing, 1 if it is damaged.",
        "Not in the box: {goods}. How many of the {count} are damaged? 0: all are missing.",
        bench.left,
    )
    words = goods + (", …" if len(lines) > _NAMED else "")
    prompt = ask.format(goods=words, count=bench.left)
    return Action("short", "F4", _("Short"), asks="number", prompt=prompt)


def _undo() -> Action:
    return Action("undo", "F9", _("Undo"))


def _hold() -> Action:
    return Action(
        "hold",
        "F8",
        _("Hold"),
        asks="reason",
        prompt=_("Why must this order wait?"),
        choices=tuple((reason, hold_words(reason)) for reason in _AT_THE_BENCH),
    )


def _accept() -> Action:
    return Action(
        "accept_weight",
        "F10",
        _("Accept weight"),
        asks="reason",
        prompt=_("Why is this weight right?"),
        choices=tuple((words, _(words)) for words in _WHY_RIGHT),
    )


def _carton(bench: Bench) -> Action:
    choices = []
    for box in bench.boxes:
        words = _("{code} · {length} × {width} × {height} mm").format(
            code=box.code, length=box.sides[0], width=box.sides[1], height=box.sides[2]
        )
        if bench.advised is not None and box.id == bench.advised.id:
            words += " · " + _("advised")
        choices.append((str(box.id), words))
    choices.append(("own", _("No carton: own box")))
    return Action(
        "carton",
        "F6",
        _("Carton"),
        asks="choice",
        prompt=_("Which carton?"),
        choices=tuple(choices),
    )


def reason_and_words(value: str) -> tuple[str, str]:
    """A chosen hold reason, or "other" with the person's own words."""
    if value in HOLD_REASONS:
        return value, ""
    return "other", value.strip()[:200]
