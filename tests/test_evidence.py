"""Evidence: a photograph when the parcel is closed, for who asks for it; it stops nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update

from tests.bench import Counting, Tray, address_of_the_house, picked
from tests.builders import Floor
from tests.parcels import verified
from wms_app.app import open_store
from wms_app.base.backup import back_up, restore
from wms_app.base.codes import Scan, own
from wms_app.base.conversation import Answer
from wms_app.base.refusal import Down
from wms_app.floor.catalog import intake
from wms_app.floor.catalog.model import Client
from wms_app.floor.labelling.at_bench import bench_papers
from wms_app.floor.orders.model import OrderLine
from wms_app.floor.packing.model import Parcel, Photograph
from wms_app.floor.packing.presenter import PackPresenter
from wms_app.office.find.cards import FoundCard, card_of
from wms_app.outside.devices.camera.vision import Picture, picture_of
from wms_app.outside.devices.scale import TypedScale

MUG, POT = "6901234567892", "6901234567922"


class Lens:
    """A camera that sees a noisy bench, or is away."""

    def __init__(self) -> None:
        noise = np.random.default_rng(5).integers(0, 255, (720, 1280, 3))
        self.sees: Picture | None = noise.astype(np.uint8)
        self.away = False

    def picture(self) -> Picture | None:
        if self.away:
            raise Down("camera", "The camera can't be reached.")
        return self.sees


class Bench:
    """A packer with a camera over the bench."""

    def __init__(self, floor: Floor) -> None:
        self.floor, self.lens, self.printer = floor, Lens(), Tray()
        address_of_the_house(floor)
        store, who, carriers = floor.store, floor.who("packer"), {"house": Counting()}
        papers = bench_papers(store, who, carriers, self.printer)
        self.room = PackPresenter(store, who, TypedScale(), papers, self.lens)
        self.room.open()

    def ask(self, **rules: Any) -> None:
        """The client asks for photographs."""
        self.floor.do(lambda tx: tx.execute(update(Client).values(**rules)) and None)

    def pack(self, sku: str = "MUG", barcode: str = MUG, grams: int = 270) -> Answer:
        picked(self.floor, {sku: 1}, "A1")
        self.room.scan(Scan(own("TOTE", "T-1")))
        self.room.scan(Scan(barcode))
        return self.room.act("weight", str(grams))

    def photographs(self) -> list[Any]:
        with self.floor.store.read() as tx:
            columns = (Photograph.reason, Photograph.problem, Photograph.content)
            return list(tx.rows(select(*columns)))

    def card(self) -> FoundCard:
        with self.floor.store.read() as tx:
            return card_of(tx, "parcel", int(tx.scalar(select(Parcel.id))))


@pytest.fixture
def bench(floor: Floor) -> Bench:
    return Bench(floor)


def fact(card: FoundCard) -> Any:
    return next((one for one in card.facts if one.label == "Photograph"), None)


def test_nobody_is_photographed_who_does_not_ask(bench: Bench) -> None:
    assert bench.pack().kind == "done"
    assert bench.photographs() == []
    assert fact(bench.card()) is None


def test_a_client_may_want_every_parcel_photographed(bench: Bench) -> None:
    bench.ask(photograph_all=True)
    answer = bench.pack()
    assert (answer.kind, answer.text) == ("done", "Stick the label on.")
    ((reason, problem, content),) = bench.photographs()
    assert (reason, problem) == ("client", "")
    assert len(content) <= 150_000
    assert picture_of(bytes(content), "kept").ndim == 3
    shown = fact(bench.card())
    assert shown.picture == bytes(content)
    assert "Ana" in shown.lines[0]
    assert "photographed" in [line.what for line in bench.card().story]
    assert verified(bench.floor)


@pytest.mark.parametrize(
    ("price", "over", "taken"), [(20_000, 15_000, 1), (15_000, 15_000, 0), (20_000, 0, 0)]
)
def test_an_order_that_is_worth_much_is_photographed(
    bench: Bench, price: int, over: int, taken: int
) -> None:
    bench.ask(photograph_over_minor=over)
    picked(bench.floor, {"MUG": 1}, "A1")
    values = update(OrderLine).values(unit_price_minor=price)
    bench.floor.do(lambda tx: tx.execute(values) and None)
    for code in (own("TOTE", "T-1"), MUG):
        bench.room.scan(Scan(code))
    bench.room.act("weight", "270")
    assert [row.reason for row in bench.photographs()] == ["value"] * taken


def test_what_is_fragile_is_photographed_and_a_mug_of_silicone_is_not(bench: Bench) -> None:
    bench.ask(photograph_fragile=True)
    bench.pack("POT", POT, 1030)
    assert [row.reason for row in bench.photographs()] == ["fragile"]


def test_a_camera_that_is_away_does_not_stop_the_parcel_and_its_card_says_why(
    bench: Bench,
) -> None:
    bench.ask(photograph_all=True)
    bench.lens.away = True
    answer = bench.pack()
    assert (answer.kind, answer.text) == ("warn", "Stick the label on.")
    assert "No photograph: The camera can't be reached." in answer.detail
    assert len(bench.printer.papers) == 1
    ((_reason, problem, content),) = bench.photographs()
    assert (problem, content) == ("The camera can't be reached.", None)
    shown = fact(bench.card())
    assert (shown.tone, shown.picture) == ("warn", b"")
    assert shown.lines == ("missing", "The camera can't be reached.")
    assert verified(bench.floor)


def test_a_bench_without_a_camera_says_so(bench: Bench) -> None:
    bench.ask(photograph_all=True)
    bench.lens.sees = None
    assert "no camera" in bench.pack().detail
    assert bench.photographs()[0].content is None


def test_a_file_of_clients_says_whose_parcels_are_photographed(
    floor: Floor, tmp_path: Path
) -> None:
    file = tmp_path / "clients.csv"
    rows = "NW,Northwind Home,fragile,150.00\nLUMEN,Lumen,all,\nX,X,sometimes,\n"
    file.write_text(f"client,name,photograph,photograph_over\n{rows}", "utf-8")
    taken = intake.take_in(floor.store, floor.who("admin"), "clients", file)
    assert {(one.row, one.code) for one in taken.findings} == {(4, "bad_photograph")}
    with floor.store.read() as tx:
        columns = (Client.photograph_all, Client.photograph_fragile, Client.photograph_over_minor)
        found = tx.rows(select(*columns).order_by(Client.id))
    assert [tuple(row) for row in found] == [(False, True, 15_000), (True, False, 0)]


def test_photographs_are_in_the_backup(bench: Bench, tmp_path: Path) -> None:
    if not bench.floor.store.sqlite:
        pytest.skip("a Postgres store is copied whole by pg_dump, see test_backup.py")
    bench.ask(photograph_all=True)
    bench.pack()
    back_up(bench.floor.store, tmp_path / "copy")
    again = open_store(f"sqlite:///{tmp_path / 'again.sqlite'}")
    restore(tmp_path / "copy", again)
    with again.read() as tx:
        kept = tx.scalar(select(Photograph.content))
    again.close()
    assert bytes(kept) == bytes(bench.photographs()[0].content)
