"""`wms import ...`: every kind of file that is taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from wms_app.base.codes import new_id
from wms_app.base.texts import _
from wms_app.console import (
    ClientOption,
    DryOption,
    JsonOption,
    ProfileOption,
    StoreOption,
    acting,
    open_store_of,
    progress_bar,
    show,
    show_findings,
)

import_app = typer.Typer(help="Take files in: clients, SKUs, bins, stock, orders, labels.")


@import_app.command("clients")
def import_clients(
    file: Path, store: StoreOption = "", dry_run: DryOption = False, as_json: JsonOption = False
) -> None:
    """Take in clients: client,name; if wanted own_labels,packing_slip (yes, no), photograph (no,
    fragile, all), photograph_over (an amount)."""
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

    opened = open_store_of(store)
    chosen = profiles.find(profile, "orders") if profile else None
    with progress_bar(_("Orders"), as_json) as step:
        said = take_in(
            opened,
            acting(opened),
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
    if (said.orders or said.cancellations) and said.changed_nothing:
        words += " " + _("Everything was here already: nothing changed.")
    show_findings(said.to_json()["findings"], as_json)
    show(said.to_json(), words, as_json)


@import_app.command("labels")
def import_labels(
    files: list[Path],
    store: StoreOption = "",
    client: ClientOption = "",
    carrier: Annotated[str, typer.Option(help="Whose labels, where nothing else says it.")] = "",
    dry_run: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take in labels that sellers sent: PDF, PNG, JPEG or ZPL; each goes to its order."""
    from wms_app.floor.labelling.own_label import take_in

    opened = open_store_of(store)
    who = acting(opened)
    said = []
    with progress_bar(_("Labels"), as_json) as step:
        for file in files:
            options: dict[str, Any] = {"carrier": carrier, "client": client, "dry_run": dry_run}
            said.append(take_in(opened, who, file, progress=step, **options).to_json())
    for one in said:
        for found in () if as_json else one["findings"]:
            typer.echo(
                f"{one['file']}, {found['field']}: {found['text']} {found['expected']}", err=True
            )
    lines = [
        _(
            "{file}: {labels} labels, {taken} taken in, {unchanged} unchanged, {refused} refused."
        ).format(**one)
        for one in said
    ]
    show({"files": said}, "\n".join(lines), as_json)
    if any(one["refused"] for one in said):
        raise typer.Exit(1)


@import_app.command("cancellations")
def import_cancellations(
    file: Path, store: StoreOption = "", dry_run: DryOption = False, as_json: JsonOption = False
) -> None:
    """Call orders off: client,channel,order_number,reason."""
    from wms_app.floor.cancelling.file import cancel_file

    opened = open_store_of(store)
    said = cancel_file(opened, acting(opened), file, dry_run=dry_run).to_json()
    show_findings(said.get("findings", []), as_json)
    counts = ", ".join(f"{name} {count}" for name, count in said.items() if isinstance(count, int))
    show(said, counts, as_json)


def _import_catalog(
    kind: str, file: Path, store: str, profile: str, client: str, dry_run: bool, as_json: bool
) -> None:
    from wms_app.floor.catalog import intake
    from wms_app.floor.stock import intake as stock
    from wms_app.office.setup.files import said

    opened = open_store_of(store)
    who = acting(opened)
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
    show_findings(taken.to_json()["findings"], as_json)
    show(taken.to_json(), said(taken).text, as_json)


def _import_setup(kind: str, file: Path, store: str, as_json: bool) -> None:
    from wms_app.office.setup.files import take_in

    opened = open_store_of(store)
    said = take_in(opened, acting(opened), kind, file)
    show({"kind": kind, "text": said.text}, said.text, as_json)
