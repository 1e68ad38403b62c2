"""What a clerk is told of a file of sellers' labels: its card and its answer."""

from __future__ import annotations

from pathlib import Path

from wms_app.base.conversation import Answer, Progress
from wms_app.base.db import Store
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.labelling.own_label import Taken, take_in
from wms_app.floor.orders.view import FileCard

MOST_FINDINGS = 2000


def read_labels(
    store: Store, who: Who, path: Path, dry_run: bool, progress: Progress | None
) -> tuple[FileCard, Answer]:
    """Look at a file of labels, or take them in: its card, and what the clerk is told."""
    taken = take_in(store, who, path, dry_run=dry_run, progress=progress)
    return _card(taken), _answer(taken)


def _card(taken: Taken) -> FileCard:
    words = _(
        "{labels} labels: **{taken}** go to their orders, {unchanged} were here, "
        "**{refused}** can't be used."
    ).format(
        labels=taken.labels, taken=taken.taken, unchanged=taken.unchanged, refused=taken.refused
    )
    findings = tuple(
        (str(one.row), one.order_number, one.field, one.value, one.expected, one.text)
        for one in taken.findings[:MOST_FINDINGS]
    )
    written = not taken.dry_run and not taken.stopped
    return FileCard(taken.file, written, words, _("sellers' labels"), findings, labels=True)


def _answer(taken: Taken) -> Answer:
    if taken.stopped:
        return Answer("warn", _("Stopped. Do it again to go on."))
    refused = ngettext("{count} label refused", "{count} labels refused", taken.refused)
    detail = refused.format(count=taken.refused) if taken.refused else ""
    if taken.dry_run:
        return Answer("ok", _("Nothing is written yet."), _("F2 takes these labels in."))
    words = ngettext("{count} label taken in.", "{count} labels taken in.", taken.taken)
    kind = "warn" if taken.refused else "done"
    return Answer(kind, words.format(count=taken.taken), detail)  # type: ignore[arg-type]
