"""The `wms` command: the whole house without its window.

Exit 0 done, 1 refused or something was found, 2 wrong usage. `--json` gives one document on stdout.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _
from wms_app.cli_import import import_app
from wms_app.console import (
    JsonOption,
    ProfileOption,
    StoreOption,
    acting,
    open_store_of,
    progress_bar,
    show,
    station_of,
    store_url,
)

if TYPE_CHECKING:
    pass

app = typer.Typer(
    name="wms",
    help="Dock: from an order file to the truck. Without a command it opens the workstation.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
report_app = typer.Typer(help="Write reports.")
app.add_typer(import_app, name="import")
app.add_typer(report_app, name="report")


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
    except OSError as error:  # a paper's folder that is away, a report on a full disk
        told = ": ".join(str(part) for part in (error.filename, error.strerror) if part)
        words = _("This can't be read or written: {error}").format(error=told or error)
        _say_refused("file", words, "")


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

    opened = open_store_of(store, make=True)
    words = _("The store is ready.")
    if sample:
        with progress_bar(_("Loading the sample"), as_json) as step:
            words = load_sample(opened, step)
    show({"store": opened.url.render_as_string(), "text": words}, words, as_json)


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
    show({"profiles": found}, "\n".join(f"{one['name']}  {one['kind']}" for one in found), as_json)


@app.command()
def allocate(
    limit: Annotated[int, typer.Option(help="At most so many orders; 0 for all.")] = 0,
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """Promise stock to the orders that wait, the most urgent first."""
    from wms_app.floor.allocation.service import allocate_all

    opened = open_store_of(store)
    with progress_bar(_("Allocating"), as_json) as step:
        said = allocate_all(opened, acting(opened), limit or None, step).to_json()
    words = _("{allocated} orders allocated, {short} short, {held} held.").format(**said)
    show(said, words, as_json)


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
    opened = open_store_of(store)
    who = acting(opened)
    with progress_bar(_("Releasing"), as_json) as step:
        lists = release_all(opened, who, by=by, limit=limit or None, progress=step)  # type: ignore[arg-type]
    paper = print_lists(opened, who, station_of(opened, out).printer, lists) if lists else ""
    words = _("{count} lists: {paper}").format(count=len(lists), paper=paper)
    show({"lists": len(lists), "list_ids": lists, "paper": paper}, words, as_json)


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
    show(said, _day_words(said), as_json)
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

    opened = open_store_of(store)
    who = acting(opened)
    try:
        chosen = calendar.fromisoformat(date) if date else clock.local(clock.now(), who.zone).date()
    except ValueError as error:
        raise typer.BadParameter("YYYY-MM-DD", param_hint="--date") from error
    with opened.read() as tx:
        said = outbound(tx, who.warehouse_id, chosen, who.zone)
    write_report(said, out)
    show(said.as_json(), str(out), as_json)


@app.command()
def verify(store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Check every truth of the store and name the rows that break one."""
    from wms_app.office.verify.service import verify as check

    opened = open_store_of(store)
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
    show({"findings": findings}, words, as_json)
    if findings:
        raise typer.Exit(1)


@app.command()
def backup(file: Path, store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Copy the store into FILE while stations work."""
    from wms_app.base.backup import back_up

    said = back_up(open_store_of(store), file).to_json()
    show(said, _("{operations} operations, the last at {last}").format(**said), as_json)


@app.command()
def restore(file: Path, store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Make an empty store from a backup."""
    from wms_app.app import open_store
    from wms_app.base.backup import restore as put_back
    from wms_app.office.verify.service import verify as check

    opened = open_store(store_url(store))
    said = put_back(file, opened).to_json()
    with opened.read() as tx:
        found = check(tx)
    words = _("{operations} operations, the last at {last}").format(**said)
    show({**said, "findings": len(found)}, words, as_json)
    if found:
        raise typer.Exit(1)


@app.command()
def archive(
    before: Annotated[str, typer.Option(help="Whole months before YYYY-MM-DD.")],
    out: Annotated[Path, typer.Option(help="The folder of the files; Find reads them there.")],
    store: StoreOption = "",
    as_json: JsonOption = False,
) -> None:
    """Put old months of the ledgers into Parquet files and take them out of the store."""
    from datetime import date

    from wms_app.office.archive.service import archive as put_away
    from wms_app.office.archive.words import archived_words

    try:
        day = date.fromisoformat(before)
    except ValueError as error:
        raise typer.BadParameter("YYYY-MM-DD", param_hint="--before") from error
    opened = open_store_of(store)
    with progress_bar(_("Archiving"), as_json) as step:
        said = put_away(opened, acting(opened), day, out, step)
    show(said.to_json(), archived_words(said), as_json)


@app.command("copy-store")
def copy_store(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The store to copy, as a URL.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty store, as a URL.")],
    as_json: JsonOption = False,
) -> None:
    """Move a warehouse into another store, SQLite or Postgres; every row is read back."""
    from wms_app.app import open_store
    from wms_app.base.copying import copy_store as copy
    from wms_app.office.verify.service import verify as check

    moved = open_store(target)
    with progress_bar(_("Copying"), as_json) as step:
        copied = copy(open_store(source), moved, step)
    with moved.read() as tx:
        found = check(tx)
    words = _("{rows} rows in {tables} tables, each compared").format(**copied.to_json())
    show({**copied.to_json(), "findings": len(found)}, words, as_json)
    if found:
        raise typer.Exit(1)


@app.command()
def scale(
    setting: Annotated[
        str,
        typer.Argument(
            metavar="[SCALE]",
            help="Choose it first: typed, simulated, hid, serial:/dev/ttyUSB0, or serial:COM3 with "
            "language, unit, speed behind it (serial:COM3:toledo-8217:kg:9600).",
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """What this station's scale shows; with a setting, this one is kept from now on."""
    from wms_app.outside.devices.scales.choosing import known
    from wms_app.outside.devices.scales.hearing import hear
    from wms_app.settings import change, load

    settings = change(scale=known(setting)) if setting else load()
    words = hear(settings.scale)
    show({"scale": settings.scale, "said": words}, words, as_json)


@app.command()
def camera(
    setting: Annotated[
        str,
        typer.Argument(
            metavar="[CAMERA]",
            help="Choose it first: none, 0 (the first one), /dev/video0, rtsp://..., film:FILE, "
            "folder:FOLDER (pictures that stand for a camera).",
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """What this station's camera gives; with a setting, this one is kept from now on."""
    from dataclasses import replace

    from wms_app.outside.devices.camera.choosing import known, see
    from wms_app.settings import load, save

    settings = load()
    if setting:
        settings = replace(settings, camera=known(setting))
        save(settings)
    words = see(settings.camera)
    show({"camera": settings.camera, "said": words}, words, as_json)


@app.command()
def doctor(store: StoreOption = "", as_json: JsonOption = False) -> None:
    """Can this machine run the workstation; if not, what to do."""
    from wms_app.app import open_store
    from wms_app.office.verify.doctor import Devices, look
    from wms_app.settings import load

    kept = load()
    devices = Devices(kept.scale, kept.camera, kept.scanners, kept.printers)
    checks = list(look(open_store(store_url(store)), kept.papers_folder(), devices))
    words = "\n".join(f"{'ok ' if one.well else 'BAD'} {one.name}: {one.text}" for one in checks)
    show({"checks": [one.to_json() for one in checks]}, words, as_json)
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
            _("Run scripts/run bench in a checkout."),
        )
    raise typer.Exit(subprocess.call([sys.executable, str(script), *context.args]))


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
