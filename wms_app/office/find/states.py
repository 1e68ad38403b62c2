"""The states of every noun, in a person's words."""

from __future__ import annotations

from wms_app.base.texts import _
from wms_app.floor.packing.words import parcel_words


def state_words(noun: str, state: str) -> str:
    """A state as a person says it."""
    if noun == "parcel":
        return parcel_words(state)
    words = {
        "received": _("received"),
        "held": _("held"),
        "short": _("short"),
        "allocated": _("allocated"),
        "released": _("released"),
        "picked": _("picked"),
        "packed": _("packed"),
        "staged": _("staged"),
        "handed_over": _("handed over"),
        "delivered": _("delivered"),
        "returned": _("returned"),
        "cancelled": _("cancelled"),
        "open": _("open"),
        "walking": _("being walked"),
        "done": _("done"),
        "void": _("called off"),
        "departed": _("departed"),
        "intended": _("asked for"),
        "bought": _("bought"),
        "failed": _("not sold"),
        "to_void": _("to be voided"),
        "voided": _("voided"),
    }
    return words.get(state, state)


def state_tone(state: str) -> str:
    """How a state is shown: "ok" left, "bad" cancelled, "warn" stopped or waiting, "" under way."""
    if state in ("handed_over", "delivered", "departed", "in_transit", "done"):
        return "ok"
    if state in ("cancelled", "void", "failed", "exception"):
        return "bad"
    return "warn" if state in ("held", "short", "to_void") else ""
