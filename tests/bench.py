"""Orders brought to the pack bench by the real services, and carriers that misbehave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.builders import Floor
from wms_app.base.codes import Scan, new_id
from wms_app.base.conversation import Answer
from wms_app.base.db import Tx
from wms_app.base.operations import Operation
from wms_app.base.refusal import Down, Refused
from wms_app.base.who import Role
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.allocation.service import allocate
from wms_app.floor.catalog.model import Warehouse
from wms_app.floor.labelling.at_bench import bench_papers
from wms_app.floor.orders.model import OrderLine
from wms_app.floor.packing import service as packing
from wms_app.floor.packing.inside import contents
from wms_app.floor.packing.presenter import PackPresenter
from wms_app.floor.picking import service as picking
from wms_app.floor.waves.model import Pick
from wms_app.floor.waves.service import release
from wms_app.outside.carriers.carrier import Bought, Rate, Shipment
from wms_app.outside.carriers.house import House
from wms_app.outside.carriers.rates import RateCard, rates_of
from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.scale import SimulatedScale

RATES = """service,zone,countries,postal_prefixes,max_g,price_minor,currency,days
standard,US-7,US,700-799,1000,841,USD,2
standard,US-7,US,700-799,5000,1190,USD,2
standard,US,US,,5000,1500,USD,5
express,US,US,,5000,2900,USD,1
standard,CIS,KZ,,5000,3790,USD,18
"""


def rate_card() -> RateCard:
    """A small rate card: Texas, the rest of the United States, Kazakhstan."""
    return rates_of(RATES)


@dataclass
class Counting(House):
    """A carrier that remembers what it sold, and can lose the answer after selling."""

    sold: dict[str, Bought] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    voided: list[str] = field(default_factory=list)
    hangs: bool = False
    away: bool = False
    then: Callable[[], None] = lambda: None

    def __init__(self) -> None:
        super().__init__(rate_card())
        self.sold, self.asked, self.voided = {}, [], []
        self.hangs = self.away = False
        self.then = lambda: None

    def rate(self, shipment: Shipment) -> tuple[Rate, ...]:
        return super().rate(shipment)

    def buy(self, key: str, shipment: Shipment) -> Bought:
        self._answer()
        self.asked.append(key)
        self.sold.setdefault(key, super().buy(key, shipment))
        self.then()
        if self.hangs:
            self.hangs = False
            raise Down("carrier:house", "The carrier does not answer.")
        return self.sold[key]

    def find(self, key: str) -> Bought | None:
        self._answer()
        return self.sold.get(key)

    def void(self, tracking: str) -> None:
        self._answer()
        self.voided.append(tracking)

    def _answer(self) -> None:
        if self.away:
            raise Down("carrier:house", "The carrier is away.")


class Tray:
    """A printer whose papers stay in a tray, and that can be out of order."""

    def __init__(self, speaks: Kind = "pdf") -> None:
        self.speaks: Kind = speaks
        self.papers: list[tuple[str, bytes]] = []
        self.broken = False

    def send(self, paper: str, name: str, content: bytes, kind: Kind) -> str:
        if self.broken:
            raise Down("printer", "The printer is out of labels.")
        assert paper == "label"
        self.papers.append((name, content))
        return f"tray {len(self.papers)}"


class Bench:
    """A pack bench with a scale, a label printer and a carrier, and one packer at a time."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.scale = SimulatedScale()
        self.carrier = Counting()
        self.printer = Tray()
        self.sit()

    def sit(self, role: Role = "packer", name: str = "Li Na") -> None:
        """Someone sits down; what the bench knew before is forgotten."""
        who = self.floor.who(role, name)
        papers = bench_papers(self.floor.store, who, {"house": self.carrier}, self.printer)
        self.pack = PackPresenter(self.floor.store, who, self.scale, papers)
        self.pack.open()

    def scan(self, *codes: str) -> Answer:
        answers = [self.pack.scan(Scan(code)) for code in codes]
        return answers[-1]

    def refused(self, work: Callable[[], object]) -> Refused:
        with self.floor.store.read() as tx:
            before = tx.scalar(select(func.count()).select_from(Operation))
        with pytest.raises(Refused) as refusal:
            work()
        with self.floor.store.read() as tx:
            assert tx.scalar(select(func.count()).select_from(Operation)) == before
        return refusal.value

    def refuses(self, code: str) -> Refused:
        return self.refused(lambda: self.scan(code))

    def step(self) -> str:
        return self.pack.view.step

    def packed(self) -> list[int]:
        with self.floor.store.read() as tx:
            return list(tx.scalars(select(OrderLine.packed).order_by(OrderLine.id)))


def address_of_the_house(floor: Floor) -> None:
    """Give the warehouse the address that stands on its labels."""
    values = {"name": "LAX1", "line1": "9 Sample Way", "city": "Carson", "region": "CA"}
    floor.do(
        lambda tx: tx.execute(update(Warehouse).values(postal_code="90745", **values)) and None
    )


def released(floor: Floor, lines: dict[str, int], number: str = "", **values: Any) -> int:
    """An order whose goods are in stock, allocated, and released on a list; gives its id."""
    for bay, (code, pieces) in enumerate(lines.items(), 1):
        floor.add_stock(code, f"A-0{bay}-1", pieces, "L1" if code == "TEA" else "")
    order_id = floor.add_order(lines, number, **values)

    def work(tx: Tx) -> None:
        allocate(tx, [order_id])
        release(tx, [order_id])

    floor.do(work)
    return order_id


def list_of(floor: Floor, order_id: int) -> int:
    """The id of the list on which the order is."""
    with floor.store.read() as tx:
        return int(tx.scalar(select(Pick.pick_list_id).where(Pick.order_id == order_id)))


def picked(
    floor: Floor, lines: dict[str, int], number: str = "", tote: str = "T-1", **values: Any
) -> int:
    """An order that was picked into a tote; gives its id."""
    order_id = released(floor, lines, number, **values)
    take_all(floor, order_id, tote)
    return order_id


def take_all(floor: Floor, order_id: int, tote: str = "T-1") -> None:
    """Pick a released order into a tote."""

    def work(tx: Tx) -> None:
        picking.start(tx, list_of_tx(tx, order_id))
        picking.bind_tote(tx, tote, order_id)
        for pick in tx.rows(
            select(Pick.id, Allocation.quantity)
            .join(Allocation, Allocation.id == Pick.allocation_id)
            .where(Pick.order_id == order_id)
        ):
            picking.take(tx, pick.id, pick.quantity)

    floor.do(work, "picker")


def list_of_tx(tx: Tx, order_id: int) -> int:
    """The list of an order, inside a transaction."""
    return int(tx.scalar(select(Pick.pick_list_id).where(Pick.order_id == order_id)))


def sealed(floor: Floor, lines: dict[str, int] | None = None, **v: Any) -> int:
    """A parcel with the one mug of a fresh order in it, weighed and closed; gives its id."""
    order_id = picked(floor, lines or {"MUG": 1}, tote=f"T-{new_id()[-6:]}", **v)

    def work(tx: Tx) -> int:
        parcel_id = packing.start(tx, order_id)
        for line in tx.rows(
            select(OrderLine.id, OrderLine.picked).where(OrderLine.order_id == order_id)
        ):
            packing.put(tx, parcel_id, line.id, line.picked)
        grams = contents(tx, parcel_id).expected_g if lines else 270
        packing.seal(tx, parcel_id, grams, "typed")
        return parcel_id

    return floor.do(work, "packer")


def read_back(content: bytes) -> set[str]:
    """Every barcode on the first page of a PDF label, as a decoder reads it from the pixels."""
    import pypdfium2  # type: ignore[import-untyped]
    import zxingcpp

    page = pypdfium2.PdfDocument(content)[0]
    image = page.render(scale=203 / 72, grayscale=True).to_pil()
    return {
        found.text for found in zxingcpp.read_barcodes(image, text_mode=zxingcpp.TextMode.Plain)
    }


def words_on(content: bytes, page: int = 0) -> str:
    """The text of a PDF page."""
    import pypdfium2

    return str(pypdfium2.PdfDocument(content)[page].get_textpage().get_text_range())


def in_folder(folder: Path) -> list[str]:
    """The names of the files that lie in a folder."""
    return sorted(file.name for file in folder.iterdir())
