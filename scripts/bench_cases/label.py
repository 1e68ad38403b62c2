"""What a packer waits for: from the last piece's scan to the label job handed to the printer.

Ours is the whole conversation of the Pack room without its window: the scan, the weight that comes
by itself, the box closed, the label asked for, bought of the house carrier, drawn as ZPL, its job
written. The clock stops when the printer is given the label. Beside it stand its SQL alone (taped
and sent to a copy of the store, SQLite only), and SQL by hand: the same rows in the same five
commits, with what must be read for them. Neither draws nor buys.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import update

from bench_cases import bulk, world
from bench_cases.hand import GATE, LABEL, PARCEL, Hand
from bench_cases.measure import Case
from bench_cases.ours import Ours, received
from bench_cases.places import Places
from bench_cases.tape import Replay, Tape
from bench_cases.world import WHO
from wms_app.app import Station, open_store
from wms_app.base.codes import Scan, new_id, own
from wms_app.base.db import Store
from wms_app.floor.catalog.model import Warehouse
from wms_app.floor.labelling.at_bench import bench_papers
from wms_app.floor.packing.presenter import PackPresenter
from wms_app.floor.picking import service as picking
from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.printers.driver import Driver, Put, Sheet
from wms_app.outside.devices.printers.state import State
from wms_app.outside.devices.scale import SimulatedScale
from wms_app.outside.printing.station import StationPrinter
from wms_app.settings import Settings

GOAL = 3.0
GRAMS = 400  # of one piece in its carton
JOB = (
    "INSERT INTO print_jobs (warehouse_id, key, station, paper, name, printer, state, went_to,"
    " problem, kept, made_by, made_at) VALUES (1, ?, 'B1', 'shipping', ?, 'zpl:bench', 'sent', '',"
    " '', ?, 'Bench', ?) RETURNING id"
)
RATES = (
    "service,zone,countries,postal_prefixes,max_g,price_minor,currency,days\n"
    "standard,2,US,,5000,842,USD,5\n"
)
SHIP_TO = "SELECT * FROM orders WHERE id = ?"
WEIGHT = (
    "SELECT sum(i.quantity * s.weight_g) FROM parcel_items i JOIN skus s ON s.id = i.sku_id"
    " WHERE i.parcel_id = ?"
)


def label(places: Places, kind: str, orders: int) -> list[Case]:
    """The median and the slowest tenth of so many orders of one piece, ours and by hand in turn."""
    with places.urls(kind) as (ours_url, hand_url), TemporaryDirectory(dir=places.folder) as place:
        packer = _Packer(_picked(ours_url, orders, Path(place)), Path(place))
        by_hand = _ByHand(hand_url)
        hand_ids = [
            order_id for order_id, _tote, _code in _picked_ids(hand_url, orders, Path(place))
        ]
        alone = _taped(orders, Path(place)) if kind == "sqlite" else None
        ours, hand, sql = [], [], []
        for (tote, code), order_id in zip(packer.waiting, hand_ids, strict=True):
            ours.append(packer.seconds(tote, code))
            hand.append(by_hand.seconds(order_id))
            if alone is not None:
                sql.append(alone.seconds())
        if alone is not None:
            alone.close()
        by_hand.db.close()
        packer.store.close()
    made = [_case(f"label.{kind}.p{part}", ours, sql or hand, part, GOAL) for part in (50, 90)]
    if sql:
        made.append(_case(f"label.{kind}.hand", ours, hand, 50, None))
    return made


def _taped(orders: int, folder: Path) -> Replay:
    """What a packer's work on so many orders sends, to be sent again to a copy of its store."""
    file = folder / "taped.sqlite"
    waiting = [
        (tote, code) for _order, tote, code in _picked_ids(f"sqlite:///{file}", orders, folder)
    ]
    copy = folder / "copy.sqlite"
    shutil.copy(file, copy)
    store = open_store(f"sqlite:///{file}")
    tape = Tape(store)
    packer = _Packer((store, waiting), folder, tape.mark)
    for tote, code in waiting:
        packer.seconds(tote, code)
    store.close()
    return Replay(copy, tape.said)


def _case(
    name: str, ours: list[float], reference: list[float], part: int, goal: float | None
) -> Case:
    """The second half of them counts: by then the logs of embedded stores were begun anew."""
    mine, theirs = (
        sorted(one[len(one) // 2 :])[len(one) // 2 * part // 100] for one in (ours, reference)
    )
    return Case(name, 1000 * mine, 1000 * theirs, "ms", mine / theirs, "less", goal)


class _Clocked:
    """A label printer that takes everything at once, and when it was given the last label."""

    dpi = 203
    backs_up = False
    speaks: Kind = "zpl"

    def __init__(self) -> None:
        self.given = 0.0
        self.mark: Callable[[], None] = lambda: None

    def look(self) -> State:
        return State()

    def put(self, sheet: Sheet) -> Put:
        self.given = time.perf_counter()
        self.mark()
        return Put("done", sheet.name)


class _Printer(StationPrinter):
    """The station's printers, with that one for labels."""

    clocked = _Clocked()

    def driver(self, use: str) -> Driver:  # noqa: ARG002
        return self.clocked


class _Packer:
    """The Pack room, and the totes that wait for it with the code of the piece in each."""

    def __init__(
        self,
        picked: tuple[Store, list[tuple[str, str]]],
        folder: Path,
        mark: Callable[[], None] = lambda: None,
    ) -> None:
        self.store, self.waiting = picked
        self._mark = _Printer.clocked.mark = mark
        self._scale = SimulatedScale()
        self._printer = _Printer(self.store, lambda: {"shipping": "zpl:bench"}, folder, lambda: WHO)
        station = Station(self.store, Settings(), self._printer, self._scale)
        station.sign_in(WHO)
        papers = bench_papers(self.store, WHO, station.carriers, self._printer)
        self.pack = PackPresenter(self.store, WHO, self._scale, papers)
        self.pack.open()

    def seconds(self, tote: str, code: str) -> float:
        """From the scan of the only piece to the label given to the printer."""
        self._scale.lift()
        self.pack.scan(Scan(own("TOTE", tote)))
        self._mark()
        begin = time.perf_counter()
        self.pack.scan(Scan(code))
        self._scale.put(GRAMS)
        self.pack.act("weigh")
        taken = _Printer.clocked.given - begin
        if taken <= 0 or self.pack.view.step != "stick":
            raise RuntimeError(f"no label came out: {self.pack.view.context}")
        return taken


class _ByHand(Hand):
    """The same rows in the same commits."""

    def seconds(self, order_id: int) -> float:
        """From the piece to the row of the print job."""
        begin = time.perf_counter()
        parcel = self._piece(order_id)
        self._close(order_id, parcel)
        number = self._intend(order_id, parcel)
        self.db.rows(SHIP_TO, (order_id,))
        self.db.commit_reading()
        self._label(order_id, parcel, number)
        self._job(number)
        return time.perf_counter() - begin

    def _piece(self, order_id: int) -> int:
        self.begin("pack")
        self._gate(order_id, "picked")
        parcel = self.db.one(PARCEL, (order_id, self.now))
        self.note("opened", "parcel", [parcel], "open")
        self._put_all(order_id, parcel)
        self.commit(parcel)
        return parcel

    def _close(self, order_id: int, parcel: int) -> None:
        self.begin("seal")
        self._gate(order_id, "picked")
        expected = 100 + self.db.one(WEIGHT, (parcel,))
        self._seal(parcel, GRAMS, expected)
        self._state("orders", order_id, "picked", "packed")
        self.note("packed", "order", [order_id], "packed")
        self.db.run("UPDATE totes SET order_id = NULL WHERE order_id = ?", (order_id,))
        self.commit()

    def _intend(self, order_id: int, parcel: int) -> int:
        self.begin("ask_label")
        if self.db.rows(GATE, (order_id,)) != [("packed", 0)]:
            raise RuntimeError("the order was stopped")
        number = self.db.one(LABEL, (parcel, f"dock-1-{parcel}", GRAMS, self.now))
        self.note("intended", "label", [number], "intended")
        self.commit(number)
        return number

    def _job(self, number: int) -> None:
        self.begin("print")
        job = self.db.one(JOB, (f"label-{number}", f"label {number}", f"{number}.zpl", self.now))
        self.note("sent", "print_job", [job], "sent")
        self.commit([job, 1])


def _picked(url: str, orders: int, folder: Path) -> tuple[Store, list[tuple[str, str]]]:
    """A store with that many picked orders of one piece: their totes and codes."""
    found = _picked_ids(url, orders, folder)
    store = open_store(url)
    return store, [(tote, code) for _order, tote, code in found]


def _picked_ids(url: str, orders: int, folder: Path) -> list[tuple[int, str, str]]:
    store = world.make(url)
    priced = update(Warehouse).values(rates=RATES)
    store.write(new_id(), WHO, "rates", lambda tx: tx.execute(priced).rowcount)
    wanted = [
        world.Wanted(one.number, (world.Line(sku, f"SKU-{sku:04d}", 1),), one.place)
        for sku, one in enumerate(world.orders(orders), 1)
    ]
    bulk.receive(store, world.write_file(folder / "orders.csv", wanted))
    ours, found = Ours(store), []
    for sku, order_id in enumerate(received(store, orders), 1):
        ours.bring_to_bench(order_id)
        tote = f"T-{order_id}"
        bind = partial(picking.bind_tote, code=tote, order_id=order_id)
        store.write(new_id(), WHO, "bind_tote", bind)
        found.append((order_id, tote, world.barcode(sku)))
    store.close()
    return found
