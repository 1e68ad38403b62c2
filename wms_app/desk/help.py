"""What F1 shows: what this room is for, its keys, and the codes of the command sheet."""

from __future__ import annotations

from collections.abc import Sequence

from wms_app.base.codes import own
from wms_app.base.conversation import Action
from wms_app.base.places import resources
from wms_app.base.texts import _, language


def page(room: str, actions: Sequence[Action], common: Sequence[Action]) -> str:
    """The help of a room as Markdown: its own page where there is one, then keys and codes."""
    parts = [_own_page(room)]
    parts.append("### " + _("Keys and commands in this room"))
    parts.extend(_line(action) for action in (*actions, *common))
    parts.append("### " + _("Everywhere"))
    parts.extend(
        f"- **{key}** · {words}"
        for key, words in (
            ("Ctrl K", _("find anything: an order, goods, a bin, a parcel")),
            ("Alt 1 … 9", _("go to a room")),
            ("Ctrl T", _("light or dark")),
            ("Ctrl L", _("language")),
            ("F11", _("full screen")),
        )
    )
    return "\n\n".join(part for part in parts if part)


def command(action: str) -> str:
    """The code on the command sheet for an action: `CMD.SIGN-OUT.<check>`."""
    return own("CMD", action.upper().replace("_", "-"))


def _line(action: Action) -> str:
    key = f"**{action.key.replace('+', ' ')}** · " if action.key else ""
    return f"- {key}{action.label} · `{command(action.sheet or action.name)}`"


def _own_page(room: str) -> str:
    for spoken in (language(), "en"):
        file = resources() / "help" / spoken / f"{room}.md"
        if file.exists():
            lines = file.read_text(encoding="utf-8").strip().splitlines()
            body = lines[1:] if lines and lines[0].startswith("# ") else lines
            return "\n".join(body)  # the panel has the title
    return ""
