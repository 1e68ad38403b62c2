"""A station with a simulated label printer, and the paths that lead to its print jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.builders import Floor
from wms_app.base.db import Store
from wms_app.outside.devices.printers import line_printer
from wms_app.outside.devices.printers import zpl as zpl_module
from wms_app.outside.devices.simulated.printer import SimulatedPrinter
from wms_app.outside.printing.model import PrintJob
from wms_app.outside.printing.station import StationPrinter

SHORT_S = 0.3
zpl: Any = zpl_module


@contextmanager
def printer() -> Iterator[SimulatedPrinter]:
    """A printer that is switched on, as long as it is needed."""
    made = SimulatedPrinter()
    try:
        yield made
    finally:
        made.hangs = False
        made.close()


@contextmanager
def impatient() -> Iterator[None]:
    """Nobody waits long for an answer that will not come."""
    before = zpl.ANSWER_S, line_printer.FULL_S
    zpl.ANSWER_S, line_printer.FULL_S = SHORT_S, SHORT_S
    try:
        yield
    finally:
        zpl.ANSWER_S, line_printer.FULL_S = before


def setting(peer: SimulatedPrinter) -> str:
    """What a station's settings say of it."""
    return f"zpl:127.0.0.1:{peer.port}"


def station(floor: Floor, printers: Mapping[str, str], folder: Path) -> StationPrinter:
    """The printers of the packer's station."""
    who = floor.who("packer")
    return StationPrinter(floor.store, lambda: printers, folder, lambda: who)


def jobs(store: Store) -> list[tuple[str, str]]:
    """Every print job's paper and state, in the order in which they began."""
    with store.read() as tx:
        rows = tx.rows(select(PrintJob.name, PrintJob.state).order_by(PrintJob.id))
        return [(row.name, row.state) for row in rows]
