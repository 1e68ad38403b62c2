"""What groups, lists and outcomes are called in the person's language."""

from __future__ import annotations

from datetime import datetime

from wms_app.base import clock
from wms_app.base.texts import _, ngettext
from wms_app.floor.allocation.service import Outcome
from wms_app.floor.waves.choosing import GroupKey, ListRow, Made

WAYS = ("auto", "pick-list", "label-first")


def by_words(by: str) -> str:
    """A way to release."""
    return {
        "auto": _("what fits each: label first or pick list"),
        "pick-list": _("pick lists"),
        "label-first": _("label first"),
    }.get(by, by)


def section_words(section: str) -> str:
    """A part of the room."""
    return {
        "ready": _("Ready orders"),
        "lists": _("Lists"),
        "short": _("Short orders"),
    }.get(section, section)


def parts_words(parts: str) -> str:
    """What the orders of a group are made of."""
    return {
        "own_box": _("in own box"),
        "single": _("single line"),
        "multi": _("several lines"),
    }.get(parts, parts)


def kind_words(kind: str) -> str:
    """A kind of list."""
    return {"pick-list": _("Pick list"), "label-first": _("Label first")}.get(kind, kind)


def state_words(state: str) -> str:
    """A state of a list."""
    return {
        "open": _("waits"),
        "walking": _("being walked"),
        "done": _("done"),
        "void": _("called off"),
    }.get(state, state)


def ship_by_words(moment: datetime | None, now: datetime | None, zone: str) -> str:
    """When orders must leave: the hour, with the day when it is not today."""
    if moment is None:
        return _("no date")
    local = clock.local(moment, zone)
    if now is not None and clock.local(now, zone).date() == local.date():
        return local.strftime("%H:%M")
    return local.strftime("%m-%d %H:%M")


def group_words(key: GroupKey, zone: str) -> str:
    """A group in one line, for the record of a wave."""
    when = ship_by_words(key.ship_by, None, zone)
    return f"{when} {key.client} {key.channel} {key.service} {parts_words(key.parts)}"


def progress_words(row: ListRow) -> str:
    """How far the walk of a list has come."""
    return _("{done} of {stops} stops, {state}").format(
        done=row.stops_done, stops=row.stops, state=state_words(row.state)
    )


def list_words(row: ListRow) -> str:
    """A list in one line."""
    return _("{code}: {done} of {stops} stops, {state}").format(
        code=row.code, done=row.stops_done, stops=row.stops, state=state_words(row.state)
    )


def made_words(made: Made) -> str:
    """Lists that were made, with what is on them."""
    lists = ngettext("{count} list", "{count} lists", len(made.codes))
    orders = ngettext("{count} order", "{count} orders", made.orders)
    pieces = ngettext("{count} piece", "{count} pieces", made.units)
    return " · ".join(
        (
            lists.format(count=f"{len(made.codes):,}"),
            orders.format(count=f"{made.orders:,}"),
            pieces.format(count=f"{made.units:,}"),
        )
    )


def rest_words(orders: int, detail: str) -> str:
    """`detail`, and before it how many of the orders stay where they were."""
    if not orders:
        return detail
    rest = ngettext("{count} order stays ready.", "{count} orders stay ready.", orders)
    return f"{rest.format(count=f'{orders:,}')} {detail}"


def print_later() -> str:
    """Where lists are printed that came on no paper."""
    return _("The lists are made: press F4 here when the printer is back.")


def printed_before() -> str:
    """Where lists are that came on paper before the person was told so."""
    return _("Printed before: look at the printer. F2 prints a list again.")


def released_already(unprinted: int) -> str:
    """What became of the orders when lists were made and the station stopped; "" if nothing did."""
    if not unprinted:
        return ""
    made = ngettext(
        "{count} list is made and on no paper: it is printed in “Lists” with F4.",
        "{count} lists are made and on no paper: they are printed in “Lists” with F4.",
        unprinted,
    )
    return made.format(count=f"{unprinted:,}")


def allocated_words(outcome: Outcome) -> tuple[str, str]:
    """What a run of allocation came to, and what it left."""
    allocated = ngettext("{count} order allocated", "{count} orders allocated", outcome.allocated)
    left = []
    if outcome.short:
        short = ngettext("{count} is short", "{count} are short", outcome.short)
        left.append(short.format(count=f"{outcome.short:,}"))
    if outcome.held:
        held = ngettext("{count} is on hold", "{count} are on hold", outcome.held)
        left.append(held.format(count=f"{outcome.held:,}"))
    return allocated.format(count=f"{outcome.allocated:,}"), ", ".join(left)
