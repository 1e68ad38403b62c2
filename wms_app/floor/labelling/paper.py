"""The label as it is drawn: one description, PDF or ZPL, sent to the printer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from wms_app.base import clock
from wms_app.base.codes import is_sscc
from wms_app.base.db import Tx
from wms_app.base.journal import record
from wms_app.base.prepared import Prepared
from wms_app.base.schema import among_given
from wms_app.base.texts import _
from wms_app.floor.labelling.asks import Ask
from wms_app.floor.labelling.foreign import ready
from wms_app.floor.labelling.model import Label
from wms_app.floor.packing.address import city_line, country_name
from wms_app.outside.carriers.carrier import Address, carrier_words
from wms_app.outside.devices.printer import Kind, LabelPrinter
from wms_app.outside.printing.station import StationPrinter, aimed

_printed = Prepared(
    update(Label).where(among_given(Label.id, "of_labels")).values(printed=Label.printed + 1)
)
_SHORT = {"standard": "STD", "express": "EXP"}


def print_labels(printer: LabelPrinter, asks: Sequence[Ask], again: str = "") -> str:
    """Send labels to the printer in this order; gives where they went.

    Each goes by itself to a printer of labels, which may stop behind any of them; ours go as one
    document to all others. A label that came out is not printed again, unless a person wants it:
    `again` names that wish. `Down` when the printer is away, Refused when it can't print one.
    """
    by_one = isinstance(printer, StationPrinter) and printer.one_by_one
    ours = [ask for ask in asks if not ask.carrier_label]
    runs = [[ask] for ask in asks if by_one or ask.carrier_label]
    if ours and not by_one:
        runs.append(ours)
    return ", ".join(dict.fromkeys(_print_run(printer, run, again) for run in runs))


def _print_run(printer: LabelPrinter, run: Sequence[Ask], again: str) -> str:
    dpi = printer.dpi if isinstance(printer, StationPrinter) else 203
    foreign = run[0].carrier_label
    content, kind = (
        ready(foreign, run[0].tracking, printer.speaks, dpi)
        if foreign
        else (draw(run, printer.speaks, dpi), printer.speaks)
    )
    key = "-".join([key_of(run), *([again] if again else [])])
    return aimed(printer, "shipping", key).send("label", _name(run), content, kind)


def key_of(run: Sequence[Ask]) -> str:
    """What names the paper of these labels among the station's print jobs."""
    ends = dict.fromkeys(str(ask.label_id) for ask in (run[0], run[-1]))
    return "-".join(["label", *ends])


def draw(asks: Sequence[Ask], kind: Kind, dpi: int = 203) -> bytes:
    """Labels from `labels/shipping.toml` for a printer of `dpi` dots per inch, one page or one ZPL
    format each."""
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.label import label_pdf, label_zpl

    design = load_design("shipping")
    values = [fields(ask) for ask in asks]
    if kind == "pdf":
        return label_pdf(design, values, dpi)
    return "".join(label_zpl(design, one, dpi) for one in values).encode()


def fields(ask: Ask) -> dict[str, str]:
    """What stands on the label, by the field names of the design."""
    shipment, to = ask.shipment, ask.shipment.ship_to
    bin_code, item = ask.stop
    return {
        "carrier": carrier_words(ask.carrier),
        "service": ask.service,
        "lane": route(ask),
        "from_name": shipment.ship_from.name,
        "from_lines": _lines(shipment.ship_from) or country_name(shipment.ship_from.country),
        "to_name": to.name or _("Customer of {client}").format(client=ask.client),
        "to_lines": _lines(to) or _("No address: collected, or the seller's own label"),
        "to_country": country_name(to.country).upper() if to.country else "-",
        "to_phone": to.phone,
        "tracking": ask.tracking,
        "sscc": ask.tracking if is_sscc(ask.tracking) else "",
        "order_number": shipment.order_number,
        "client": ask.client,
        "weight": f"{shipment.grams / 1000:.3f} kg",
        "piece": str(ask.piece),
        "date": clock.local(clock.now(), ask.clock_zone).strftime("%Y-%m-%d"),
        "fragile": "fragile" if ask.fragile else "",
        "pick_bin": bin_code,
        "pick_item": item,
    }


def route(ask: Ask) -> str:
    """The big code that sorts parcels at a glance: the service and the carrier's zone."""
    service = _SHORT.get(ask.service, ask.service[:3].upper())
    return f"{service} {ask.zone}".strip()


def count_prints(tx: Tx, asks: Sequence[Ask], verb: str) -> None:
    """Journal that these labels were printed once more."""
    ids = [ask.label_id for ask in asks]
    _printed.tell(tx, of_labels=ids)
    record(tx, verb, "label", ids)
    tx.changed("label")


def _lines(address: Address) -> str:
    place = city_line(address.city, address.region, address.postal_code, address.country)
    return "\n".join([*address.lines, *([place] if place else [])])


def _name(asks: Sequence[Ask]) -> str:
    first = asks[0]
    if len(asks) == 1:
        return f"label {first.shipment.order_number} {first.tracking}"
    return f"labels {first.tracking} - {asks[-1].tracking}"
