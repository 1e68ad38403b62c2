"""What the roles are called, and which rooms each may enter."""

from __future__ import annotations

from wms_app.base.texts import _
from wms_app.base.who import Role

_FLOOR = ("pick", "labels", "pack", "stage", "pickup", "putback", "count")
_OFFICE = ("today", "orders", "release")

ROOMS: dict[Role, tuple[str, ...]] = {
    "picker": ("pick", "labels", "putback", "count", "find"),
    "packer": ("pack", "stage", "pickup", "putback", "find"),
    "clerk": ("orders", "release", "stage", "pickup", "find"),
    "supervisor": (*_OFFICE, *_FLOOR, "find"),
    "admin": (*_OFFICE, *_FLOOR, "setup", "find"),
}

FIRST: dict[Role, str] = {
    "picker": "pick",
    "packer": "pack",
    "clerk": "orders",
    "supervisor": "today",
    "admin": "today",
}


def role_words(role: str) -> str:
    """A role in the person's language."""
    words = {
        "picker": _("picker"),
        "packer": _("packer"),
        "clerk": _("clerk"),
        "supervisor": _("supervisor"),
        "admin": _("admin"),
    }
    return words.get(role, role)
