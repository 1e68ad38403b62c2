"""What a picker must hear: orders that were stopped meanwhile, and what a short pick leads to."""

from __future__ import annotations

from dataclasses import dataclass

from wms_app.base.texts import _, ngettext
from wms_app.floor.picking.walk import Stop, Walk


@dataclass(frozen=True)
class News:
    """What happened, and what to do with what was picked already."""

    text: str
    detail: str


def news_of(walk: Walk, told: set[int], in_hand: int | None) -> News | None:
    """The first order of the walk that was stopped and that the picker has not been told of.

    Orders are told once (`told` is added to); one that nobody has touched, and whose stop is not
    the one `in_hand`, is left out silently: there is nothing to do about it.
    """
    if not told and not any(_stopped(stop) for stop in walk.stops):
        return None
    for order_id, stops in _by_order(walk).items():
        stop = stops[0]
        if not _stopped(stop):
            told.discard(order_id)
            continue
        if order_id in told:
            continue
        told.add(order_id)
        touched = any(s.picked or s.pick_id == in_hand for s in stops)
        if touched or walk.totes.get(order_id):
            return _words(walk, stop)
    return None


def _stopped(stop: Stop) -> bool:
    return stop.order_state == "cancelled" or stop.holds > 0


def _by_order(walk: Walk) -> dict[int, list[Stop]]:
    found: dict[int, list[Stop]] = {}
    for stop in walk.stops:
        found.setdefault(stop.order_id, []).append(stop)
    return found


def _words(walk: Walk, stop: Stop) -> News:
    tote = walk.totes.get(stop.order_id, "")
    loose = any(s.picked for s in walk.stops if s.order_id == stop.order_id)
    if stop.order_state == "cancelled":
        text = _("Order {number} was cancelled: its stops are off the list.")
        shelf = _("Put its tote {tote} on the put-back shelf.")
        pieces = _("Put its pieces on the put-back shelf.")
    else:
        text = _("Order {number} is on hold: its stops are left out.")
        shelf = _("Set its tote {tote} aside.")
        pieces = _("Set its pieces aside.")
    detail = shelf if tote else pieces if loose else ""
    return News(text.format(number=stop.order_number), detail.format(tote=tote))


@dataclass(frozen=True)
class Lack:
    """What was said of a stop, and what it led to: picks in other bins, or the order `waits`."""

    found: int
    damaged: int
    new_picks: tuple[int, ...]
    waits: bool


def lack_words(stop: Stop, walk: Walk | None, lack: Lack) -> News:
    """What a short pick led to: other bins at once, waiting for stock, or going on in parts."""
    text = _("{bin} is put up for counting.").format(bin=stop.bin)
    if lack.damaged:
        words = ngettext(
            "{count} damaged piece: carry it to quarantine.",
            "{count} damaged pieces: carry them to quarantine.",
            lack.damaged,
        )
        text = words.format(count=lack.damaged)
    if lack.new_picks:
        stops = walk.stops if walk is not None else ()
        bins = sorted({s.bin for s in stops if s.pick_id in lack.new_picks})
        return News(text, _("The rest comes from {bins}.").format(bins=", ".join(bins)))
    if not lack.waits:
        return News(text, _("{order} goes on without them.").format(order=stop.order_number))
    detail = _("{order} waits for stock.").format(order=stop.order_number)
    if lack.found:
        detail += " " + _("Leave what is there in the bin.")
    tote = walk.totes.get(stop.order_id, "") if walk is not None else ""
    return News(text, f"{detail} {to_short_shelf(tote)}".strip())


def to_short_shelf(tote: str) -> str:
    """Where the tote of an order that waits for stock is put; "" for none."""
    return _("Put tote {tote} on the short shelf.").format(tote=tote) if tote else ""
