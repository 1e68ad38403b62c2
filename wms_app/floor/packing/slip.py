"""The packing slip at the bench: for clients who wish one in each of their orders."""

from __future__ import annotations

from wms_app.base.conversation import Answer
from wms_app.base.db import Store
from wms_app.base.refusal import Down, Refused
from wms_app.floor.packing import answers
from wms_app.floor.packing.bench import Bench
from wms_app.floor.packing.labelled import PrintSlip
from wms_app.floor.packing.order_papers import packing_slip_of
from wms_app.outside.devices.printer import Printer
from wms_app.outside.printing.station import aimed, dpi_of


def print_slip(store: Store, printer: Printer, order_id: int, number: str, wish: str) -> str:
    """Print an order's packing slip once for each `wish`; gives where it went. `Down`: the printer.

    Refused: the order holds no goods, or the printer can't print it.
    """
    with store.read() as tx:
        paper = packing_slip_of(tx, order_id, dpi_of(printer, "other"))
    name = answers.slip_of(number)
    return aimed(printer, "other", f"slip-{order_id}-{wish}").send("label", name, paper, "pdf")


def wished_slip(slip: PrintSlip, bench: Bench, answer: Answer) -> Answer:
    """What was answered when an order came to the bench, with its slip printed if its client
    wishes one and nothing is packed yet. A printer that is away holds nobody up."""
    if not bench.wants_slip or any(one.packed for one in bench.goods):
        return answer
    try:
        slip(bench.order_id, bench.number, "first")
    except (Down, Refused) as problem:
        return answers.without_slip(answer, problem.text)
    return answers.with_slip(answer)
