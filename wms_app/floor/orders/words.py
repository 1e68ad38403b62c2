"""What a clerk calls the fields of an address and the states of an order."""

from __future__ import annotations

from wms_app.base.texts import _, mark


def field_words(name: str) -> str:
    """A field of an address, by our name or by that of the file's column."""
    words = {
        "name": _("Name"),
        "phone": _("Phone"),
        "line1": _("Street"),
        "line2": _("Second line"),
        "city": _("City"),
        "region": _("State or region"),
        "state": _("State or region"),
        "postal_code": _("Postal code"),
        "country": _("Country"),
    }
    return words.get(name, name)


def state_words(state: str) -> str:
    """An order's state in the person's language."""
    words = {
        "received": _("received"),
        "short": _("short"),
        "allocated": _("allocated"),
        "released": _("released"),
        "picked": _("picked"),
        "packed": _("packed"),
        "staged": _("staged"),
        "handed_over": _("handed over"),
        "delivered": _("delivered"),
        "cancelled": _("cancelled"),
        "returned": _("returned"),
    }
    return words.get(state, state)


def cancel_reasons() -> tuple[tuple[str, str], ...]:
    """Why a clerk calls an order off, as (value, words); the value is kept, see `told`."""
    reasons = (
        mark("The buyer asked for it"),
        mark("The client asked for it"),
        mark("The address can't be found"),
        mark("Not in stock"),
        mark("Fraud"),
        mark("It is here twice"),
    )
    return tuple((words, _(words)) for words in reasons)
