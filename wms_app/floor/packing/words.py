"""What a parcel is called on the floor."""

from __future__ import annotations

from wms_app.base.texts import _


def parcel_words(state: str) -> str:
    """A parcel's state in the person's language; "" is that of none."""
    words = {
        "open": _("open on the bench"),
        "sealed": _("sealed"),
        "labelled": _("labelled"),
        "staged": _("staged"),
        "loaded": _("loaded on a truck"),
        "in_transit": _("on its way"),
        "delivered": _("delivered"),
        "exception": _("stopped on its way"),
        "returned": _("returned"),
        "void": _("given up"),
        "": _("unknown"),
    }
    return words.get(state, state)
