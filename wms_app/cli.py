"""The `wms` command: the whole house without its window.

Exit 0 done, 1 refused or something was found, 2 wrong usage. `--json` gives one document on stdout.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wms_app.base.codes import new_id
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _

if TYPE_CHECKING:
    from wms_app.app import Station
    from wms_app.base.conversation import Progress
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
ProfileOption = Annotated[str, typer.Option(help="A column profile: a saved name or a TOML file.")]
ClientOption = Annotated[str, typer.Option(help="The client, where the file does not say it.")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Say what would come; write nothing.")]
MOST_LINES = 40
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
        with progress_bar(_("Loading the sample"), as_json) as step:
            words = load_sample(opened, step)
    _out({"store": opened.url.render_as_string(), "text": words}, words, as_json)


@import_app.command("clients")
def import_clients(
    file: Path, store: StoreOption = "", dry_run: DryOption = False, as_json: JsonOption = False
) -> None:
    """Take in clients: client,name."""
    _import_catalog("clients", file, store, "", "", dry_run, as_json)


@import_app.command("skus")
def import_skus(
    file: Path,
    store: StoreOption = "",
    profile: ProfileOption = "",
    client: ClientOption = "",
    dry_run: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take in SKUs; with a profile of kind "skus", out of anybody's file."""
    _import_catalog("skus", file, store, profile, client, dry_run, as_json)


@import_app.command("bins")
def import_bins(
    file: Path, store: StoreOption = "", dry_run: DryOption = False, as_json: JsonOption = False
) -> None:
    """Take in bins: warehouse,bin,zone,kind,walk."""
    _import_catalog("bins", file, store, "", "", dry_run, as_json)


@import_app.command("stock")
def import_stock(
    file: Path, store: StoreOption = "", dry_run: DryOption = False, as_json: JsonOption = False
) -> None:
    """Take in stock: client,sku,bin,lot,expires,quantity."""
    _import_catalog("stock", file, store, "", "", dry_run, as_json)


@import_app.command("cartons")
def import_cartons(
    file: Path, store: StoreOption = "", dry_run: DryOption = False, as_json: JsonOption = False
) -> None:
    """Take in cartons: carton,name,inner and outer sizes in mm,empty_g,max_g."""
    _import_catalog("cartons", file, store, "", "", dry_run, as_json)


@import_app.command("lanes")
def import_lanes(file: Path, store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Take in lanes: lane,carrier,service,cutoff."""
    _import_setup("lanes", file, store, as_json)


@import_app.command("rates")
def import_rates(file: Path, store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Take in the house carrier's rate card."""
    _import_setup("rates", file, store, as_json)


@import_app.command("orders")
def import_orders(
    file: Path,
    store: StoreOption = "",
    profile: ProfileOption = "",
    client: ClientOption = "",
    dry_run: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take in orders; what can be mended is held, what can't be an order is refused by row."""
    from wms_app.floor.cancelling.service import cancel
    from wms_app.floor.orders.intake import take_in
    from wms_app.outside.channels import profile as profiles

    opened = _open(store)
    chosen = profiles.find(profile, "orders") if profile else None
    with progress_bar(_("Orders"), as_json) as step:
        said = take_in(
            opened,
            _console(opened),
            file,
            chosen,
            client=client,
            dry_run=dry_run,
            progress=step,
            cancel=cancel,
        )
    words = _(
        "{rows} rows: {orders} orders, {accepted} accepted, {held} held, {unchanged} unchanged, "
        "{refused} rows refused, {cancellations} cancellations."
    ).format(
        rows=said.rows,
        orders=said.orders,
        accepted=said.accepted,
        held=said.held,
        unchanged=said.unchanged,
        refused=said.refused_rows,
        cancellations=said.cancellations,
    )
    if said.orders and said.changed_nothing:
        words += " " + _("Everything was here already: nothing changed.")
    _findings(said.to_json()["findings"], as_json)
    _out(said.to_json(), words, as_json)


@import_app.command("cancellations")
def import_cancellations(
    file: Path, store: StoreOption = "", dry_run: DryOption = False, as_json: JsonOption = False
) -> None:
    """Call orders off: client,channel,order_number,reason."""
    from wms_app.floor.cancelling.file import cancel_file

    opened = _open(store)
    said = cancel_file(opened, _console(opened), file, dry_run=dry_run).to_json()
    _findings(said.get("findings", []), as_json)
    counts = ", ".join(f"{name} {count}" for name, count in said.items() if isinstance(count, int))
    _out(said, counts, as_json)


@app.command("profiles")
def list_profiles(
    save: Annotated[str, typer.Option(help="Check this profile and keep it.")] = "",
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """The column profiles that can be named."""
    from wms_app.outside.channels import profile as profiles

    del store
    if save:
        profiles.keep(Path(save))
    found = [
        {"name": name, "kind": profiles.read(file).kind, "file": str(file)}
        for name, file in sorted(profiles.saved().items())
    ]
    _out({"profiles": found}, "\n".join(f"{one['name']}  {one['kind']}" for one in found), as_json)


@app.command()
def allocate(
    limit: Annotated[int, typer.Option(help="At most so many orders; 0 for all.")] = 0,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """Promise stock to the orders that wait, the most urgent first."""
    from wms_app.floor.allocation.service import allocate_all

    opened = _open(store)
    with progress_bar(_("Allocating"), as_json) as step:
        said = allocate_all(opened, _console(opened), limit or None, step).to_json()
    words = _("{allocated} orders allocated, {short} short, {held} held.").format(**said)
    _out(said, words, as_json)


@app.command()
def release(
    by: Annotated[str, typer.Option(help="auto, pick-list or label-first.")] = "auto",
    limit: Annotated[int, typer.Option(help="At most so many orders; 0 for all.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Where the papers go.")] = None,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """Put allocated orders on lists and print them."""
    from wms_app.floor.waves.papers import print_lists
    from wms_app.floor.waves.service import release_all

    if by not in ("auto", "pick-list", "label-first"):
        raise typer.BadParameter("auto, pick-list, label-first", param_hint="--by")
    opened = _open(store)
    who = _console(opened)
    with progress_bar(_("Releasing"), as_json) as step:
        lists = release_all(opened, who, by=by, limit=limit or None, progress=step)  # type: ignore[arg-type]
    paper = print_lists(opened, who, _station(opened, out).printer, lists) if lists else ""
    words = _("{count} lists: {paper}").format(count=len(lists), paper=paper)
    _out({"lists": len(lists), "list_ids": lists, "paper": paper}, words, as_json)


@app.command()
def day(
    orders: Annotated[list[Path] | None, typer.Option(help="Order files to take in first.")] = None,
    profile: ProfileOption = "",
    out: Annotated[Path, typer.Option(help="Where the papers go.")] = Path("day"),
    seed: Annotated[int, typer.Option(help="What the simulated people do by chance.")] = 1,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """The whole cycle without a window, by simulated people; on a fresh sample without --store."""
    from wms_app.app import DayPlan, run_the_day

    plan = DayPlan(store, tuple(orders or ()), profile, out, seed)
    with progress_bar(_("The day"), as_json) as step:
        said = run_the_day(plan, step)
    _out(said, _day_words(said), as_json)
    if said["findings"] or said["unexpected"]:
        raise typer.Exit(1)


@report_app.command("outbound")
def report_outbound(
    out: Annotated[Path, typer.Option(help="A file ending in xlsx, pdf, csv or json.")],
    date: Annotated[str, typer.Option(help="YYYY-MM-DD; today if not given.")] = "",
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """The outbound report of one day."""
    from datetime import date as calendar

    from wms_app.base import clock
    from wms_app.office.today.report import write_report
    from wms_app.office.today.service import outbound

    opened = _open(store)
    who = _console(opened)
    try:
        chosen = calendar.fromisoformat(date) if date else clock.local(clock.now(), who.zone).date()
    except ValueError as error:
        raise typer.BadParameter("YYYY-MM-DD", param_hint="--date") from error
    with opened.read() as tx:
        said = outbound(tx, who.warehouse_id, chosen, who.zone)
    write_report(said, out)
    _out(said.as_json(), str(out), as_json)


@app.command()
def verify(store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Check every truth of the store and name the rows that break one."""
    from wms_app.office.verify.service import verify as check

    opened = _open(store)
    with progress_bar(_("Verifying"), as_json) as step, opened.read() as tx:
        found = check(tx, step)
    findings = [
        {
            "code": one.code,
            "text": one.text,
            "noun": one.noun,
            "count": one.count,
            "ids": list(one.ids),
        }
        for one in found
    ]
    lines = [f"{one.code}: {one.text} ({one.noun} {', '.join(map(str, one.ids))})" for one in found]
    words = "\n".join(lines) or _("Every truth holds.")
    _out({"findings": findings}, words, as_json)
    if findings:
        raise typer.Exit(1)


@app.command()
def backup(file: Path, store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Copy the store into FILE while stations work."""
    from wms_app.base.backup import back_up

    said = back_up(_open(store), file).to_json()
    _out(said, _("{operations} operations, the last at {last}").format(**said), as_json)


@app.command()
def restore(file: Path, store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Make an empty store from a backup."""
    from wms_app.app import open_store
    from wms_app.base.backup import restore as put_back
    from wms_app.office.verify.service import verify as check

    opened = open_store(_url(store))
    said = put_back(file, opened).to_json()
    with opened.read() as tx:
        found = check(tx)
    words = _("{operations} operations, the last at {last}").format(**said)
    _out({**said, "findings": len(found)}, words, as_json)
    if found:
        raise typer.Exit(1)


@app.command()
def doctor(store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Can this machine run the workstation; if not, what to do."""
    from wms_app.app import open_store
    from wms_app.office.verify.doctor import look
    from wms_app.settings import load

    checks = list(look(open_store(_url(store)), load().papers_folder()))
    words = "\n".join(f"{'ok ' if one.well else 'BAD'} {one.name}: {one.text}" for one in checks)
    _out({"checks": [one.to_json() for one in checks]}, words, as_json)
    if not all(one.well for one in checks):
        raise typer.Exit(1)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def bench(context: typer.Context) -> None:
    """Measure against hand-written SQL (`--quick`, `--json`, names of cases)."""
    import subprocess

    script = Path(__file__).resolve().parent.parent / "scripts" / "bench"
    if not script.exists():
        raise Refused(
            "no_bench",
            _("The benchmark lies beside the source, not in an installed Dock."),
            _("Run scripts/bench in a checkout."),
        )
    raise typer.Exit(subprocess.call([sys.executable, str(script), *context.args]))


def _import_catalog(
    kind: str, file: Path, store: str, profile: str, client: str, dry_run: bool, as_json: bool
) -> None:
    from wms_app.floor.catalog import intake
    from wms_app.floor.stock import intake as stock
    from wms_app.office.setup.files import said

    opened = _open(store)
    who = _console(opened)
    chosen = intake.profile_named(profile)
    if kind == "skus" and chosen is not None and chosen.fixed.get("client"):
        code = chosen.fixed["client"]
        if not dry_run:
            opened.write(new_id(), who, "client_made", lambda tx: intake.client_named(tx, code))
    with progress_bar(kind, as_json) as step:
        if kind == "stock":
            taken = stock.take_in(opened, who, file, dry_run=dry_run, progress=step)
        else:
            taken = intake.take_in(
                opened,
                who,
                kind,
                file,
                profile=chosen,
                client=client,
                dry_run=dry_run,
                progress=step,
            )
    _findings(taken.to_json()["findings"], as_json)
    _out(taken.to_json(), said(taken).text, as_json)


def _import_setup(kind: str, file: Path, store: str, as_json: bool) -> None:
    from wms_app.office.setup.files import take_in

    opened = _open(store)
    said = take_in(opened, _console(opened), kind, file)
    _out({"kind": kind, "text": said.text}, said.text, as_json)


def _url(store: str) -> str:
    from wms_app.settings import load

    return store or load().store_url()


def _open(store: str, make: bool = False) -> Store:
    """The store; an embedded one is made when it is not there yet."""
    from wms_app.app import open_store

    opened = open_store(_url(store))
    if make or opened.sqlite:
        opened.create()
    return opened


def _console(store: Store) -> Who:
    from wms_app.app import console

    return console(store)


def _station(store: Store, papers: Path | None) -> Station:
    from wms_app.app import Station
    from wms_app.settings import load

    return Station.of(store, load(), papers)


def _findings(findings: list[dict[str, Any]], as_json: bool) -> None:
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


def _day_words(said: dict[str, Any]) -> str:
    lines = [
        _("{orders} orders: {handed_over} handed over, {units} pieces, {parcels} parcels.").format(
            orders=said["orders"],
            handed_over=said["handed_over"],
            units=said["units_out"],
            parcels=said["parcels"],
        )
    ]
    lines += [f"  {reason}: {count}" for reason, count in sorted(said["not_handed_over"].items())]
    lines.append(
        _("{scans} scans, {wrong} wrong ones, all refused; {findings} findings of verify.").format(
            scans=said["scans"], wrong=said["wrong_scans"], findings=len(said["findings"])
        )
    )
    lines.append(_("Papers: {folder}").format(folder=said["out"]))
    return "\n".join(lines)


def _out(document: dict[str, Any], words: str, as_json: bool) -> None:
    text = json.dumps(document, ensure_ascii=False, default=str) if as_json else words
    sys.stdout.write(text + "\n")


@contextmanager
def progress_bar(title: str, quiet: bool) -> Iterator[Progress]:
    """A bar on stderr with a count and the time left; Ctrl+C stops at the next safe place."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _total: True
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
            return True

        yield step
