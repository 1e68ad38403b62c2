"""What the label-first screen shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from wms_app.base.texts import _, ngettext
from wms_app.floor.catalog.names import split_name
from wms_app.floor.labelling.walk import Stuck, WaitingList
from wms_app.floor.packing.view import money
from wms_app.floor.picking.walk import Stop, Walk
from wms_app.outside.carriers.carrier import carrier_words

Step = Literal["list", "bin", "item", "label", "blocked"]


@dataclass(frozen=True)
class StopRow:
    """A stop to come: where, what, whose, and the end of its label's number."""

    bin: str
    name: str
    order_number: str
    label: str
    fragile: bool


@dataclass(frozen=True)
class LabelCard:
    """The label that belongs to the stop: its number in groups, who carries it, what it cost."""

    tracking: str
    carrier: str
    price: str
    order_number: str


@dataclass(frozen=True)
class LabelWalkView:
    """`bin` is where to go, "" while no list is walked; `unlabelled` are stops without label."""

    step: Step
    eyebrow: str
    instruction: str
    context: str = ""
    bin: str = ""
    name: str = ""
    other_name: str = ""
    then: tuple[StopRow, ...] = ()
    label: LabelCard | None = None
    done: int = 0
    total: int = 0
    held: int = 0
    unlabelled: int = 0
    lists: tuple[WaitingList, ...] = ()
    expects_repeat: bool = False


def list_view(lists: Sequence[WaitingList], notice: str = "") -> LabelWalkView:
    """No list in hand."""
    hint = (
        _("Its labels are bought and printed in walk order.")
        if lists
        else _("Nothing to walk: single goods in their own box appear here when released.")
    )
    return LabelWalkView(
        "list", _("Label first").upper(), _("Scan a list"), notice or hint, lists=tuple(lists)
    )


def walk_view(
    walk: Walk, labels: dict[int, Stuck], ahead: Sequence[Stop], step: Step
) -> LabelWalkView:
    """The list at its next stop. `ahead` are the open stops, labelled ones first."""
    ready = [stop for stop in ahead if is_ready(labels.get(stop.order_id))]
    place = _("LABEL FIRST · LIST {code} · {stop} of {total} stops").format(
        code=walk.code, stop=walk.over() + (1 if ready else 0), total=walk.total()
    )
    empty = LabelWalkView(
        "blocked",
        place,
        _("Nothing more here"),
        done=walk.over(),
        total=walk.total(),
        held=len(walk.held()),
        unlabelled=len(ahead) - len(ready),
    )
    if not ready:
        return replace(empty, context=_blocked(empty.held, empty.unlabelled))
    stop = ready[0]
    name, other = split_name(stop.name)
    return replace(
        empty,
        step=step,
        instruction=_instruction(step, stop, labels[stop.order_id]),
        bin=stop.bin,
        name=name,
        other_name=other,
        then=tuple(_row(one, labels) for one in ready[1:40]),
        label=_card(stop, labels[stop.order_id]),
        expects_repeat=step == "item",
    )


def is_ready(label: Stuck | None) -> bool:
    """Whether the stop has a label to stick on."""
    return label is not None and label.live and label.parcel_state == "labelled"


def _instruction(step: Step, stop: Stop, label: Stuck) -> str:
    if step == "bin":
        return _("Scan bin {bin}").format(bin=stop.bin)
    if step == "item":
        return _("Scan the goods")
    return _("Stick on and scan the label …{end}").format(end=label.tracking[-5:])


def _blocked(held: int, bare: int) -> str:
    words = []
    if bare:
        words.append(
            ngettext(
                "{count} stop has no label: F3 asks again",
                "{count} stops have no label: F3 asks again",
                bare,
            ).format(count=bare)
        )
    if held:
        words.append(ngettext("{count} order is on hold", "{count} orders are on hold", held))
        words[-1] = words[-1].format(count=held)
    return " · ".join(words) or _("Scan another list.")


def _row(stop: Stop, labels: dict[int, Stuck]) -> StopRow:
    name = split_name(stop.name)[0]
    end = labels[stop.order_id].tracking[-5:]
    return StopRow(stop.bin, name, stop.order_number, f"…{end}", stop.fragile)


def _card(stop: Stop, label: Stuck) -> LabelCard:
    return LabelCard(
        grouped(label.tracking),
        f"{carrier_words(label.carrier)} {label.service}",
        money(label.price_minor, label.currency),
        stop.order_number,
    )


def grouped(tracking: str) -> str:
    """A long number in groups that can be compared at a glance, the end whole.

    >>> grouped("376104250021234569")
    '376104 250021 234569'
    """
    head = len(tracking) % 6
    groups = [tracking[:head]] if head else []
    groups += [tracking[at : at + 6] for at in range(head, len(tracking), 6)]
    return " ".join(groups)
