"""What the pack bench asks labelling for; a label that came out though its printer went away."""

from __future__ import annotations

from functools import partial

from sqlalchemy import bindparam, select

from wms_app.base.db import Store
from wms_app.base.prepared import Prepared
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.labelling.asks import asks
from wms_app.floor.labelling.buying import Carriers
from wms_app.floor.labelling.model import Label
from wms_app.floor.labelling.paper import count_prints, key_of
from wms_app.floor.labelling.service import label_parcel, result_of, unprinted
from wms_app.floor.packing.labelled import BenchPapers, LabelResult
from wms_app.floor.packing.slip import print_slip
from wms_app.outside.devices.printer import LabelPrinter
from wms_app.outside.printing.station import StationPrinter

_bought = Prepared(
    select(Label.id).where(Label.parcel_id == bindparam("of_parcel"), Label.state == "bought")
)


def bench_papers(store: Store, who: Who, carriers: Carriers, printer: LabelPrinter) -> BenchPapers:
    """How one packer's bench gets its labels and slips."""
    return BenchPapers(
        partial(label_parcel, store, who, carriers, printer),
        unprinted,
        partial(came_out, store, who, printer),
        partial(print_slip, store, printer),
    )


def came_out(
    store: Store, who: Who, printer: LabelPrinter, parcel_id: int, operation: str
) -> LabelResult:
    """A person holds the label of a parcel: its print job is done, and it waits no more.

    Refused: the parcel has no label. Whether the order may still go on is asked where it is staged.
    """
    with store.read() as tx:
        label_id = _bought.scalar(tx, of_parcel=parcel_id)
        if label_id is None:
            raise Refused("no_label", _("That parcel has no label yet."))
        ask = asks(tx, [label_id])[label_id]
    where = ""
    if isinstance(printer, StationPrinter):
        key = key_of([ask])
        for job in printer.unsure():
            if job.key == key or job.key.startswith(f"{key}-"):
                printer.came_out(job)
                where = job.printer
    verb = "reprinted" if ask.printed else "printed"
    store.write(operation, who, "print_label", lambda tx: count_prints(tx, [ask], verb))
    return result_of(ask, where)
