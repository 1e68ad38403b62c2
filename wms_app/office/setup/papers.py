"""Labels that a warehouse prints for itself: bins, totes, badges, the command sheet."""

from __future__ import annotations

from sqlalchemy import select

from wms_app.base.codes import own
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Bin, Warehouse

MOST_TOTES = 500


def bin_labels(tx: Tx, warehouse_id: int, zone: str = "", arrow: str = "", dpi: int = 203) -> bytes:
    """A label for every bin of the warehouse or of one zone, in walk order, as PDF.

    `arrow` ("up", "down", "left", "right") says which shelf a label on a beam means.
    Refused: no such bins.
    """
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.label import label_pdf

    rows = tx.rows(
        select(Bin.code, Bin.zone, Bin.kind)
        .where(
            Bin.warehouse_id == warehouse_id, *([Bin.zone == zone.strip()] if zone.strip() else [])
        )
        .order_by(Bin.walk, Bin.code)
    )
    if not rows:
        raise Refused("no_bins", _("There are no bins to print."), _("Take in bins first."))
    warehouse = tx.scalar(select(Warehouse.code).where(Warehouse.id == warehouse_id))
    values = [
        {
            "bin": row.code,
            "code": own("BIN", row.code),
            "warehouse": warehouse,
            "zone": row.zone,
            "kind": row.kind,
            "arrow": arrow,
            "check": own("BIN", row.code)[-1],
        }
        for row in rows
    ]
    return label_pdf(load_design("bin"), values, dpi)


def tote_range(text: str, dpi: int = 203) -> bytes:
    """Labels for the totes of a range like `1-20`, as PDF. Refused: it is none."""
    first, _dash, last = text.replace(" ", "").partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        raise Refused("bad_totes", _("“{value}” is no range.").format(value=text), "1-20")
    return tote_labels(int(first), int(last or first), dpi)


def tote_labels(first: int, last: int, dpi: int = 203) -> bytes:
    """Labels for the totes T-first to T-last, as PDF. Refused: none, or more than MOST_TOTES."""
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.label import label_pdf

    if not (0 < first <= last and last - first < MOST_TOTES):
        raise Refused(
            "bad_totes",
            _("Totes {first} to {last} can't be printed.").format(first=first, last=last),
            _("Give a first and a last number, at most {most} at once.").format(most=MOST_TOTES),
        )
    names = [f"T-{number:04d}" for number in range(first, last + 1)]
    return label_pdf(
        load_design("tote"), [{"tote": name, "code": own("TOTE", name)} for name in names], dpi
    )


def badge(name: str, role: str, code: str, warehouse: str, dpi: int = 203) -> bytes:
    """One person's badge, as PDF."""
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.label import label_pdf

    values = {"name": name, "role": role, "code": code, "warehouse": warehouse}
    return label_pdf(load_design("badge"), [values], dpi)
