"""The sample warehouse, taken in through the same doors as anybody's files."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from wms_app.base import clock
from wms_app.base.codes import new_id
from wms_app.base.conversation import Progress
from wms_app.base.db import Store, Tx
from wms_app.base.places import resources
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.catalog.model import Warehouse
from wms_app.floor.orders import intake as orders
from wms_app.office.people import service as people
from wms_app.office.setup.files import take_in
from wms_app.office.setup.service import set_warehouse

DAY = date(2026, 11, 24)  # the day of the sample's orders
BUILDING = {
    "name": "Sample warehouse",
    "zone": "America/Los_Angeles",
    "paper": "Letter",
    "currency": "USD",
    "line1": "100 Example Way",
    "city": "Los Angeles",
    "region": "CA",
    "postal_code": "90058",
    "country": "US",
}
KINDS = ("clients", "bins", "skus", "stock", "cartons", "lanes", "rates")


def morning() -> Callable[[], datetime]:
    """A clock that begins at eight in the morning of the sample's day and goes on from there."""
    begin = datetime(DAY.year, DAY.month, DAY.day, 8, tzinfo=ZoneInfo(BUILDING["zone"]))
    started = monotonic()
    return lambda: (begin + timedelta(seconds=monotonic() - started)).astimezone(UTC)


def folder() -> Path:
    """Where the sample's files lie."""
    return resources() / "sample"


def load_sample(store: Store, progress: Progress | None = None, today: bool = False) -> str:
    """Fill an empty store with the sample warehouse, its people and a day of orders.

    `today` moves the orders to this day, so that the screens show a day that is going on.
    Refused: a store that has a warehouse already.
    """
    with store.read() as tx:
        if tx.scalar(select(Warehouse.id).limit(1)) is not None:
            raise Refused(
                "not_empty",
                _("This store has a warehouse already."),
                _("Load the sample into a new store."),
            )
    who = Who(0, "sample", "admin", "setup", 1, "en", BUILDING["zone"])
    total = len(KINDS) + 2
    for done, kind in enumerate(KINDS):
        take_in(store, who, kind, folder() / f"{kind}.csv")
        _tell(progress, done + 1, total)
    store.write(new_id(), who, "sample_people", _people)
    _tell(progress, total - 1, total)
    summary = _orders(store, who, today)
    _tell(progress, total, total)
    return _(
        "{orders} orders taken in: {accepted} accepted, {held} held. "
        "PINs of the sample: Ana Ruiz 1111, Chen Wei 2222, Li Na 4444."
    ).format(orders=summary.orders, accepted=summary.accepted, held=summary.held)


def _people(tx: Tx) -> None:
    set_warehouse(tx, tx.who.warehouse_id, BUILDING)
    with (folder() / "people.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            people.add_user(tx, row["name"], row["role"], row["pin"], row["language"])  # type: ignore[arg-type]
    tx.execute(update(Warehouse).values(name=BUILDING["name"]))


def _orders(store: Store, who: Who, today: bool) -> orders.Summary:
    file = folder() / "orders.csv"
    if not today:
        return orders.take_in(store, who, file, cancel=cancel)
    move = clock.local(clock.now(), BUILDING["zone"]).date() - DAY
    with tempfile.TemporaryDirectory() as place:
        moved = Path(place) / "orders.csv"
        moved.write_text(_moved(file.read_text("utf-8"), lambda day: day + move), "utf-8")
        return orders.take_in(store, who, moved, cancel=cancel)


def _moved(text: str, shift: Callable[[date], date]) -> str:
    """The file with every date of the sample's year moved."""

    def other(found: re.Match[str]) -> str:
        try:
            return shift(date.fromisoformat(found.group())).isoformat()
        except ValueError:
            return found.group()

    return re.sub(r"\b2026-\d\d-\d\d(?=T)", other, text)


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress:
        progress(done, total)
