"""Where goods of a cancelled order lie: written in the record as a code, said as words."""

from __future__ import annotations

from wms_app.base.texts import _


def in_tote(code: str) -> str:
    """Loose in a tote."""
    return f"TOTE.{code}"


def in_parcel(parcel_id: int, lane: str = "") -> str:
    """In a parcel; `lane` is where it stood, "" at the bench."""
    return f"PARCEL.{parcel_id}@{lane}" if lane else f"PARCEL.{parcel_id}"


def on_shelf() -> str:
    """Loose, and in no tote that is known: on the put-back shelf."""
    return "SHELF"


def place_words(place: str, order_number: str = "") -> str:
    """A place in the person's language; `order_number` where the order is not said beside it."""
    kind, _dot, rest = place.partition(".")
    if kind == "TOTE":
        return _("tote {code}").format(code=rest)
    if kind == "PARCEL":
        lane = rest.partition("@")[2]
        if not order_number:
            return _("parcel, lane {lane}").format(lane=lane) if lane else _("parcel")
        if lane:
            return _("parcel of {order}, lane {lane}").format(order=order_number, lane=lane)
        return _("parcel of {order}").format(order=order_number)
    return _("put-back shelf")


def parcel_of(place: str) -> int:
    """The id of the parcel that a place means, 0 when it means none."""
    kind, _dot, rest = place.partition(".")
    number = rest.partition("@")[0]
    return int(number) if kind == "PARCEL" and number.isdigit() else 0
