"""The `wms` command: the whole house without its window.

Exit 0 done, 1 refused or something was found, 2 wrong usage. `--json` gives one document on stdout.
"""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _

if TYPE_CHECKING:
    from wms_app.base.db import Store
    from wms_app.base.who import Who

app = typer.Typer(
    name="wms",
    help="Dock: from an order file to the truck. Without a command it opens the workstation.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
import_app = typer.Typer(help="Take files in: clients, SKUs, bins, stock, orders.")
report_app = typer.Typer(help="Write reports.")
app.add_typer(import_app, name="import")
app.add_typer(report_app, name="report")

StoreOption = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="DOCK_STORE",
        help="sqlite:///path or postgresql+psycopg://...; the embedded store if not given.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def main() -> None:
    """Run `wms`; bad news is said in one line on stderr (and in the JSON document)."""
    try:
        app(prog_name="wms")
    except Refused as refused:
        _say_refused(refused.code, refused.text, refused.detail)
    except Down as down:
        _say_refused(f"down:{down.what}", down.text, "")
    except BrokenPipeError:
        sys.exit(1)


def _say_refused(code: str, text: str, detail: str) -> None:
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps({"refused": code, "text": text, "detail": detail}) + "\n")
    sys.stderr.write(" ".join(part for part in (text, detail) if part) + "\n")
    sys.exit(1)


@app.callback(invoke_without_command=True)
def start(context: typer.Context, store: StoreOption = "") -> None:
    """Open the workstation when no command is given."""
    from wms_app.base import texts
    from wms_app.settings import load

    texts.use(load().language)
    if context.invoked_subcommand is None:
        from wms_app.opening import run_window

        raise typer.Exit(run_window(store or load().store_url()))
    context.obj = store


@app.command()
def init(
    store: StoreOption = "",
    sample: Annotated[bool, typer.Option(help="Fill it with the sample warehouse.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a store, or bring an older one up to date."""
    from wms_app.office.setup.sample import load_sample

    opened = _open(store, make=True)
    words = _("The store is ready.")
    if sample:
        with _progress(_("Loading the sample"), as_json) as step:
            words = load_sample(opened, step)
    _out({"store": opened.url.render_as_string(), "text": words}, words, as_json)


@import_app.command("clients")
def import_clients(
    file: Path, store: StoreOption = "", dry_run: bool = False, as_json: JsonOption = False
) -> None:
    """Take in clients: client,name."""
    _import_catalog("clients", file, store, "", "", dry_run, as_json)


@import_app.command("skus")
def import_skus(
    file: Path,
    store: StoreOption = "",
    profile: str = "",
    client: str = "",
    dry_run: bool = False,
    as_json: JsonOption = False,
) -> None:
    """Take in SKUs; with a profile of kind "skus", out of anybody's file."""
    _import_catalog("skus", file, store, profile, client, dry_run, as_json)


@import_app.command("bins")
def import_bins(
    file: Path, store: StoreOption = "", dry_run: bool = False, as_json: JsonOption = False
) -> None:
    """Take in bins: warehouse,bin,zone,kind,walk."""
    _import_catalog("bins", file, store, "", "", dry_run, as_json)


@import_app.command("stock")
def import_stock(
    file: Path, store: StoreOption = "", dry_run: bool = False, as_json: JsonOption = False
) -> None:
    """Take in stock: client,sku,bin,lot,expires,quantity."""
    _import_catalog("stock", file, store, "", "", dry_run, as_json)
