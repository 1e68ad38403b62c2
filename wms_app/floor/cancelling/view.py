"""What a person sees who carries goods of cancelled orders back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wms_app.base.texts import _, ngettext
from wms_app.floor.cancelling.places import place_words
from wms_app.floor.cancelling.shelf import PlaceRow, Task, places_of
from wms_app.floor.catalog.names import split_name

Step = Literal["place", "item", "bin"]


@dataclass(frozen=True)
class BackItem:
    """Goods at the place in hand, and where they came from."""

    task_id: int
    name: str
    other_name: str
    sku: str
    lot: str
    quantity: int
    bin: str
    now: bool


@dataclass(frozen=True)
class PutBackView:
    """`step`: what is scanned next; `bin` is proposed for the `pieces` in hand of `quantity`."""

    step: Step
    instruction: str
    context: str = ""
    place: str = ""
    order_number: str = ""
    bin: str = ""
    pieces: int = 0
    quantity: int = 0
    name: str = ""
    other_name: str = ""
    sku: str = ""
    sku_id: int = 0
    lot: str = ""
    items: tuple[BackItem, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    waiting: int = 0
    expects_repeat: bool = False


def put_back_view(tasks: Sequence[Task], place: str, task: Task | None, pieces: int) -> PutBackView:
    """The view at a place ("" while none was scanned), with `pieces` of `task` in hand."""
    here = [t for t in tasks if t.place == place]
    waiting = sum(t.quantity for t in tasks)
    if not here:
        return PutBackView("place", *_place_words(tasks), places=places_of(tasks), waiting=waiting)
    items = tuple(_item(t, t == task) for t in here)
    order = here[0].order_number
    words = place_words(place, order)
    if task is None:
        left = sum(t.quantity for t in here)
        many = ngettext("{count} piece goes back", "{count} pieces go back", left)
        return PutBackView(
            "item",
            _("Scan a piece from the {place}").format(place=words),
            many.format(count=left),
            place_words(place),
            order,
            items=items,
            waiting=waiting,
            expects_repeat=True,
        )
    name, other = split_name(task.name)
    more = ""
    if pieces < task.quantity:
        more = _("Or scan more of the {count}, or type how many.").format(count=task.quantity)
    return PutBackView(
        "bin",
        _("Put {count} into {bin} and scan it").format(count=pieces, bin=task.bin),
        more,
        place_words(place),
        order,
        task.bin,
        pieces,
        task.quantity,
        name,
        other,
        task.sku,
        task.sku_id,
        task.lot,
        items,
        waiting=waiting,
        expects_repeat=pieces < task.quantity,
    )


def _place_words(tasks: Sequence[Task]) -> tuple[str, str]:
    if not tasks:
        return (
            _("Nothing is to be put back"),
            _("Goods of cancelled orders appear here, with the place where they lie."),
        )
    return (
        _("Scan a tote or parcel"),
        _("From the put-back shelf, or wherever it stands now."),
    )


def _item(task: Task, now: bool) -> BackItem:
    name, other = split_name(task.name)
    return BackItem(task.id, name, other, task.sku, task.lot, task.quantity, task.bin, now)
