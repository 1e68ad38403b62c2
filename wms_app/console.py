"""What every command shares: its options, the store it opens, who acts, how it answers."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wms_app.base.texts import _

if TYPE_CHECKING:
    from wms_app.app import Station
    from wms_app.base.conversation import Progress
    from wms_app.base.db import Store
    from wms_app.base.who import Who

StoreOption = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="DOCK_STORE",
        help="sqlite:///path or postgresql+psycopg://...; the embedded store if not given.",
    ),
]
ProfileOption = Annotated[str, typer.Option(help="A column profile: a saved name or a TOML file.")]
ClientOption = Annotated[str, typer.Option(help="The client, where the file does not say it.")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Say what would come; write nothing.")]
MOST_LINES = 40
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def store_url(store: str) -> str:
    from wms_app.settings import load

    return store or load().store_url()


def open_store_of(store: str, make: bool = False) -> Store:
    """The store; an embedded one is made when it is not there yet."""
    from functools import partial

    from wms_app.app import keep_copy, make_tables, open_store

    opened = open_store(store_url(store))
    if make:
        opened.create(before=partial(keep_copy, opened))
    else:
        make_tables(opened)
    return opened


def acting(store: Store) -> Who:
    from wms_app.app import console

    return console(store)


def station_of(store: Store, papers: Path | None) -> Station:
    from wms_app.app import Station
    from wms_app.settings import load

    return Station.of(store, load(), papers)


def show_findings(findings: list[dict[str, Any]], as_json: bool) -> None:
    """What was found, a line each, on stderr; the JSON document holds them anyway."""
    if as_json:
        return
    for one in findings[:MOST_LINES]:
        place = _("row {row}, {field} “{value}”").format(
            row=one.get("row", ""), field=one.get("field", ""), value=one.get("value", "")
        )
        expected = _("expected {expected}").format(expected=one.get("expected", ""))
        sys.stderr.write(f"{place}: {expected} ({one.get('text', '')})\n")
    if len(findings) > MOST_LINES:
        more = _("... and {count} more; --json lists all").format(count=len(findings) - MOST_LINES)
        sys.stderr.write(more + "\n")


def show(document: dict[str, Any], words: str, as_json: bool) -> None:
    text = json.dumps(document, ensure_ascii=False, default=str) if as_json else words
    sys.stdout.write(text + "\n")


@contextmanager
def progress_bar(title: str, quiet: bool) -> Iterator[Progress]:
    """A bar on stderr with a count and the time left; Ctrl+C stops at the next safe place.

    A second Ctrl+C stops at once, as it does anywhere else.
    """
    with _stopped_by_hand() as stopped:
        if quiet or not sys.stderr.isatty():
            yield lambda _done, _total: not stopped.is_set()
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True)
        columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bar(*columns, console=console) as bar:
            task = bar.add_task(title, total=None)

            def step(done: int, total: int) -> bool:
                bar.update(task, completed=done, total=total)
                return not stopped.is_set()

            yield step


@contextmanager
def _stopped_by_hand() -> Iterator[Event]:
    """Set by the first Ctrl+C; the second finds the usual way of things again."""
    stopped = Event()
    before = signal.getsignal(signal.SIGINT)

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
