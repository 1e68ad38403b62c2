"""What was archived, in words."""

from __future__ import annotations

from wms_app.base.texts import _, ngettext
from wms_app.office.archive.service import Archived


def archived_words(said: Archived) -> str:
    """Which months, how many lines, whether they left the store, and why no more of them."""
    if not said.months:
        words = [_("There is no whole month to archive.")]
    else:
        lines = ngettext("{count} line", "{count} lines", said.lines)
        told = _("{first} to {last} archived and compared: {lines} in {files} files.")
        words = [
            told.format(
                first=said.months[0],
                last=said.months[-1],
                lines=lines.format(count=f"{said.lines:,}"),
                files=len(said.files),
            ),
            _("They were taken out of the store.")
            if said.removed
            else _("They stay in the store too: the ledgers of an embedded store are never cut."),
        ]
    if said.stopped_at:
        why = _("{month} and later months stay: {unfinished} is not finished.")
        words.append(why.format(month=said.stopped_at, unfinished=said.unfinished))
    return "\n".join(words)
