"""What a clerk is told of an order file: its card, its answer, the profiles to read it by."""

from __future__ import annotations

from contextlib import suppress

from wms_app.base.conversation import Answer
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, ngettext
from wms_app.floor.orders.intake import Summary
from wms_app.floor.orders.view import FileCard
from wms_app.outside.channels import profile as profiles

MOST_FINDINGS = 2000


def taken_in_words(said: Summary) -> Answer:
    """What came of taking a file in."""
    if said.stopped:
        return Answer("warn", _("Stopped. Whole orders were taken in; do it again to go on."))
    if said.changed_nothing and said.refused_rows:
        told = ngettext("{count} row refused", "{count} rows refused", said.refused_rows)
        return Answer("warn", _("Nothing changed."), told.format(count=said.refused_rows))
    if said.changed_nothing:
        return Answer("ok", _("Everything was here already: nothing changed."))
    done = []
    if fresh := said.orders - said.unchanged:
        words = ngettext("{count} order taken in.", "{count} orders taken in.", fresh)
        done.append(words.format(count=f"{fresh:,}"))
    if off := said.called_off:
        words = ngettext("{count} cancellation applied.", "{count} cancellations applied.", off)
        done.append(words.format(count=f"{off:,}"))
    return Answer(
        "warn" if said.held or said.refused_rows else "done",
        " ".join(done),
        _("{held} held, {refused} rows refused").format(held=said.held, refused=said.refused_rows),
    )


def profile_names() -> tuple[str, ...]:
    """The saved profiles of order files; one that can't be read must not stop the room."""
    names = []
    for name, file in sorted(profiles.saved().items()):
        with suppress(Refused):
            if profiles.read(file).kind == "orders":
                names.append(name)
    return tuple(names)


def file_card(said: Summary, profile: str) -> FileCard:
    """The card of a file that was looked at or taken in, read by the named profile."""
    words = _(
        "{rows} rows: **{accepted}** orders accepted, **{held}** held, {unchanged} as they were, "
        "{refused} rows refused, {cancellations} cancellations."
    ).format(
        rows=f"{said.rows:,}",
        accepted=f"{said.accepted:,}",
        held=f"{said.held:,}",
        unchanged=f"{said.unchanged:,}",
        refused=said.refused_rows,
        cancellations=said.cancellations,
    )
    more = len(said.findings) - MOST_FINDINGS
    if more > 0:
        words += " " + ngettext(
            "{count} finding more than fits here.", "{count} findings more than fit here.", more
        ).format(count=more)
    findings = tuple(
        (str(f.row), f.order_number, f.field, f.value, f.expected, f.text)
        for f in said.findings[:MOST_FINDINGS]
    )
    return FileCard(said.file, not said.dry_run and not said.stopped, words, profile, findings)
