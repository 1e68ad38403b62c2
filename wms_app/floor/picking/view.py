"""What a picker sees: the stop in letters of the aisle, what comes then, the walk, the totes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from wms_app.base.codes import Code, Item, Own, gtin14
from wms_app.base.conversation import Action, changed
from wms_app.base.texts import _, ngettext
from wms_app.floor.catalog.names import split_name
from wms_app.floor.picking.walk import Stop, Waiting, Walk
from wms_app.floor.picking.way import Plan, Point, Rack, metres, minutes

Step = Literal["list", "bin", "item", "tote", "done"]
NEXT_SHOWN = 8


@dataclass(frozen=True)
class ThenRow:
    """A stop that comes later."""

    bin: str
    name: str
    take: int
    tote: str
    fragile: bool


@dataclass(frozen=True)
class ToteRow:
    """A tote of this walk: whose goods lie in it, and where it goes now."""

    code: str
    order_number: str
    goes_to: str
    tone: Literal["ok", "warn", "bad"]


@dataclass(frozen=True)
class WalkPicture:
    """The plan in metres: racks, the way walked and the way left, where the picker stands."""

    racks: tuple[Rack, ...] = ()
    walked: tuple[Point, ...] = ()
    left: tuple[Point, ...] = ()
    here: Point | None = None


@dataclass(frozen=True)
class PickView:
    """`step`: what is to be scanned next; of the stop: `take` pieces in all, `taken` so far.

    `item_codes` are the barcodes that stand for one piece. `tote` is the tote of the stop's order,
    "" while any free one may take it up; `slot` its place on the cart. `several`: several orders
    are picked at once; `held` stops are left out. `more` stops come after those of `then`.
    `waiting` are the lists that this person may take, `walked` those of others. `totes` are those
    bound for Pack, `carried` all of this walk with where each goes.
    """

    step: Step
    instruction: str
    context: str = ""
    notice: str = ""
    list_code: str = ""
    stop: int = 0
    stops: int = 0
    bin: str = ""
    take: int = 0
    taken: int = 0
    item_name: str = ""
    other_name: str = ""
    sku: str = ""
    item_codes: tuple[str, ...] = ()
    lot: str = ""
    expires: str = ""
    fragile: bool = False
    tote: str = ""
    slot: int = 0
    order_id: int = 0
    order_number: str = ""
    pick_id: int = 0
    several: bool = False
    then: tuple[ThenRow, ...] = ()
    more: int = 0
    waiting: tuple[Waiting, ...] = ()
    walked: tuple[Waiting, ...] = ()
    totes: tuple[str, ...] = ()
    carried: tuple[ToteRow, ...] = ()
    picture: WalkPicture = WalkPicture()
    stops_left: int = 0
    held: int = 0
    pieces_left: int = 0
    metres_left: int = 0
    minutes_left: int = 0
    expects_repeat: bool = False


def list_view(lists: Sequence[Waiting], notice: str = "") -> PickView:
    """No list in hand: which ones wait, and which others walk."""
    waiting = tuple(row for row in lists if not row.walked)
    view = PickView(
        "list",
        _("Scan a pick list"),
        _("Or scan a tote of a list that was begun."),
        notice,
        waiting=waiting,
        walked=tuple(row for row in lists if row.walked),
    )
    if waiting:
        return view
    return replace(
        view,
        instruction=_("No list waits to be picked"),
        context=_("Lists appear here when a supervisor releases orders."),
    )


def walk_view(
    walk: Walk,
    step: Step,
    stop: Stop | None,
    ahead: Sequence[Stop],
    plan: Plan,
    item_codes: tuple[str, ...] = (),
    notice: str = "",
) -> PickView:
    """A list in hand, at `stop`; `ahead` are the open stops in walk order."""
    over = stop is None or stop.state != "open"
    carried = _tote_rows(walk)
    totes = tuple(row.code for row in carried if row.tone == "ok")
    later = [s for s in ahead if stop is None or s.pick_id != stop.pick_id]
    held = len(walk.held())
    instruction, context = (
        _words(walk, step, stop) if stop is not None else _ending_words(walk, held, totes)
    )
    return PickView(
        step,
        instruction,
        context,
        notice,
        list_code=walk.code,
        stop=min(walk.over() + (0 if over else 1), walk.total()),
        stops=walk.total(),
        item_codes=item_codes,
        several=walk.several,
        then=tuple(_then(walk, s) for s in later[:NEXT_SHOWN]),
        more=max(0, len(later) - NEXT_SHOWN),
        totes=totes,
        carried=tuple(carried),
        stops_left=len(ahead),
        held=held,
        expects_repeat=step == "item",
        **_measured(walk, stop, ahead, plan),
        **(_of_stop(walk, stop) if stop is not None else {}),
    )


def counted_view(view: PickView, walk: Walk, stop: Stop) -> PickView:
    """The view after pieces of its stop were taken, of which more are to be taken."""
    instruction, context = _words(walk, "item", stop)
    pieces = view.pieces_left - (stop.picked - view.taken)
    return changed(
        view,
        instruction=instruction,
        context=context,
        notice="",
        taken=stop.picked,
        pieces_left=pieces,
        minutes_left=minutes(view.metres_left, view.stops_left, pieces),
    )


def actions_at(view: PickView, *, undo: bool) -> tuple[Action, ...]:
    """Short, skip and damaged at a stop; `undo`: while there is something to undo."""
    back = (Action("undo", "F9", _("Undo")),) if undo else ()
    if view.step not in ("bin", "item"):
        return back
    found = _("How many sound pieces of {name} are still in {bin}?")
    broken = _("How many of the {left} still in {bin} are damaged?")
    facts = {"name": view.item_name, "bin": view.bin, "left": view.take - view.taken}
    return (
        Action("short", "F4", _("Short"), "number", found.format(**facts)),
        Action("skip", "F5", _("Skip for now"), sheet="next"),
        Action("damaged", "F8", _("Damaged"), "number", broken.format(**facts)),
        *back,
    )


def expected(view: PickView, code: Code) -> bool:
    """Whether a code is what the step shows: the list, bin, piece or tote that it asks for."""
    if isinstance(code, Item):
        known = {gtin14(shown) for shown in view.item_codes} | {*view.item_codes}
        return view.step == "item" and bool(known & {code.text, code.gtin} - {""})
    if not isinstance(code, Own):
        return False
    match code.kind:
        case "LIST":
            waiting = {row.code for row in view.waiting}
            return view.step in ("list", "done") and code.value in waiting
        case "BIN":
            return view.step == "bin" and code.value == view.bin
        case "TOTE":
            return view.step == "tote" and view.tote in ("", code.value)
    return False


def shows(view: PickView, code: Code, stop: Stop) -> bool:
    """Whether it is the very barcode that stands on the screen: that needs no looking up."""
    if not isinstance(code, Item) or not code.gtin or code.lot or code.count > 1:
        return False
    shown = view.item_codes if stop.pick_id == view.pick_id else ()
    return bool(stop.left) and code.text in shown


def _of_stop(walk: Walk, stop: Stop) -> dict[str, Any]:
    name, other = split_name(stop.name)
    return {
        "bin": stop.bin,
        "take": stop.quantity,
        "taken": stop.picked,
        "item_name": name,
        "other_name": other,
        "sku": stop.sku,
        "lot": stop.lot,
        "expires": stop.expires.isoformat() if stop.expires else "",
        "fragile": stop.fragile,
        "tote": walk.totes.get(stop.order_id, ""),
        "slot": stop.slot,
        "order_id": stop.order_id,
        "order_number": stop.order_number,
        "pick_id": stop.pick_id,
    }


def _measured(walk: Walk, stop: Stop | None, ahead: Sequence[Stop], plan: Plan) -> dict[str, Any]:
    here = stop.bin if stop is not None else ""
    been = [s.bin for s in walk.stops if s.state in ("done", "short")]
    walked = plan.path([*been, here] if here else been)
    left = plan.path(([here] if here else []) + [s.bin for s in ahead])
    length = metres(left)
    pieces = sum(s.left for s in ahead)
    return {
        "picture": WalkPicture(plan.racks, walked, left, plan.point(here)),
        "pieces_left": pieces,
        "metres_left": length,
        "minutes_left": minutes(length, len(ahead), pieces),
    }


def _then(walk: Walk, stop: Stop) -> ThenRow:
    name, _other = split_name(stop.name)
    return ThenRow(
        stop.bin, name, stop.left, walk.totes.get(stop.order_id) or slot_words(stop.slot),
        stop.fragile,
    )  # fmt: skip


def slot_words(slot: int) -> str:
    """A place on the cart whose tote is not known yet."""
    return _("place {slot}").format(slot=slot)


def _tote_rows(walk: Walk) -> list[ToteRow]:
    orders = {stop.order_id: stop for stop in walk.stops}
    rows = []
    for order_id, code in walk.totes.items():
        stop = orders[order_id]
        if stop.order_state == "cancelled":
            goes, tone = _("put-back shelf"), "bad"
        elif stop.holds:
            goes, tone = _("aside, on hold"), "warn"
        elif stop.order_state == "short":
            goes, tone = _("short shelf"), "warn"
        elif stop.order_state == "released":
            goes, tone = _("still being picked"), "ok"
        else:
            goes, tone = _("Pack"), "ok"
        rows.append(ToteRow(code, stop.order_number, goes, tone))  # type: ignore[arg-type]
    return sorted(rows, key=lambda row: row.code)


def _words(walk: Walk, step: Step, stop: Stop) -> tuple[str, str]:
    """The one instruction of the step, and what helps with it."""
    tote = walk.totes.get(stop.order_id, "")
    match step:
        case "bin":
            return _("Go to {bin} and scan it").format(bin=stop.bin), ""
        case "item":
            left = stop.left
            words = ngettext("Scan the piece", "Scan {count} pieces", left)
            many = _("Or scan one and type how many.") if left > 1 else ""
            return words.format(count=left), many
        case "tote" if tote:
            return (
                _("Put them into tote {tote} and scan it").format(tote=tote),
                _("place {slot} of the cart").format(slot=stop.slot),
            )
        case "tote" if walk.several:
            return (
                _("Put them into an empty tote and scan it"),
                _("for order **{order}**").format(order=stop.order_number),
            )
        case _:
            return _("Put them into an empty tote and scan it"), _("the whole list goes into it")


def _ending_words(walk: Walk, held: int, totes: tuple[str, ...]) -> tuple[str, str]:
    """What is to be done when no stop is left to go to."""
    if held:
        words = ngettext("{count} stop is on hold", "{count} stops are on hold", held)
        later = _("Carry each tote to where it goes. Scan the list again later.")
        return words.format(count=held), later
    if totes:
        return _("Take the totes to Pack"), _("Then scan the next list.")
    return _("List {code} is done").format(code=walk.code), _("Scan the next list.")
