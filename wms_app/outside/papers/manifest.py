"""The manifest that goes with the driver: what was loaded, how much it weighs, who took it."""

from __future__ import annotations

from dataclasses import dataclass

from wms_app.base.texts import _
from wms_app.outside.papers.document import Column, Document, Paper


@dataclass(frozen=True)
class ManifestRow:
    """One parcel on the truck; `place` is city and country, `pieces` are the units inside."""

    tracking: str
    order_number: str
    client: str
    place: str
    pieces: int
    grams: int


@dataclass(frozen=True)
class ManifestPaper:
    """One pickup. `barcode` is what the scanner shall read; times as the warehouse writes them."""

    code: str
    barcode: str
    carrier: str
    lane: str
    warehouse: str
    departed: str
    driver: str
    vehicle: str
    rows: tuple[ManifestRow, ...]
    missing: tuple[str, ...] = ()

    @property
    def grams(self) -> int:
        """Weight of all parcels."""
        return sum(row.grams for row in self.rows)

    @property
    def pieces(self) -> int:
        """Units in all parcels."""
        return sum(row.pieces for row in self.rows)


def manifest_pdf(manifest: ManifestPaper, paper: Paper = "A4") -> bytes:
    """The manifest with totals, departure, and lines for the driver and our own clerk to sign."""
    document = Document(
        _("Manifest"),
        paper,
        code=manifest.code,
        barcode=manifest.barcode,
        note=manifest.carrier,
    )
    document.facts(
        [
            (_("Carrier"), manifest.carrier),
            (_("Lane"), manifest.lane),
            (_("Warehouse"), manifest.warehouse),
            (_("Departure"), manifest.departed),
            (_("Driver"), manifest.driver),
            (_("Vehicle"), manifest.vehicle),
        ]
    )
    document.gap(1.0)
    document.figures(
        [
            (_("Parcels"), str(len(manifest.rows))),
            (_("Units"), str(manifest.pieces)),
            (_("Weight"), kilograms(manifest.grams)),
        ],
        in_a_row=3,
    )
    document.table(_columns(), _rows(manifest), _total(manifest))
    if manifest.missing:
        document.heading(_("Not loaded"))
        document.table([Column(_("Tracking number"), 1.0)], [[text] for text in manifest.missing])
    document.gap(6.0)
    document.signature([_("Driver, name in print"), _("Driver, signature"), _("Departure")])
    document.signature([_("Handed over by"), _("Signature"), _("Seal number")])
    return document.pdf()


def kilograms(grams: int) -> str:
    """A weight as papers show it.

    >>> kilograms(12_345)
    '12.345 kg'
    """
    return f"{grams // 1000:,}.{grams % 1000:03d} kg"


def _columns() -> list[Column]:
    return [
        Column("#", 5, "right"),
        Column(_("Tracking number"), 22, bold=True),
        Column(_("Order"), 24),
        Column(_("Client"), 16),
        Column(_("Destination"), 23),
        Column(_("Units"), 7, "right"),
        Column(_("Weight"), 13, "right"),
    ]


def _rows(manifest: ManifestPaper) -> list[list[str]]:
    return [
        [
            str(number),
            row.tracking,
            row.order_number,
            row.client,
            row.place,
            str(row.pieces),
            kilograms(row.grams),
        ]
        for number, row in enumerate(manifest.rows, 1)
    ]


def _total(manifest: ManifestPaper) -> list[str]:
    return ["", _("Total"), "", "", "", str(manifest.pieces), kilograms(manifest.grams)]
