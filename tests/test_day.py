"""The simulated day takes the sample from its order file to the truck, and explains the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert, select, update

from tests.builders import Floor
from tests.parcels import add_lanes
from wms_app.app import DayPlan, Station, open_store, run_the_day
from wms_app.base.codes import own
from wms_app.base.conversation import Presenter
from wms_app.base.db import Tx
from wms_app.base.places import resources
from wms_app.base.refusal import Refused
from wms_app.base.who import Who
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.catalog.model import Client, Warehouse
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.model import Order
from wms_app.floor.staging.board import LaneRow
from wms_app.floor.staging.presenter import StagePresenter
from wms_app.office.day import service, stages
from wms_app.office.day.outcome import DayOutcome
from wms_app.office.day.person import Person, Tally
from wms_app.office.day.service import Day
from wms_app.office.setup.sample import load_sample
from wms_app.office.verify.service import verify
from wms_app.outside.devices.scale import SimulatedScale
from wms_app.settings import Settings


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], Path]:
    out = tmp_path_factory.mktemp("day")
    return run_the_day(DayPlan("", (), "", out, 7)), out


def test_every_good_order_is_handed_over_and_every_other_explained(
    day: tuple[dict[str, object], Path],
) -> None:
    said, _out = day
    explained = said["explained"]
    assert isinstance(explained, dict)
    assert said["handed_over"] == 213
    assert said["handed_over"] + len(explained) == said["orders"] == 246
    assert all(reasons for reasons in explained.values())
    assert said["not_handed_over"] == {"cancelled": 6, "held": 22, "short": 5}
    assert said["findings"] == []


def test_wrong_scans_are_refused_and_right_ones_are_not(
    day: tuple[dict[str, object], Path],
) -> None:
    said, _out = day
    assert said["unexpected"] == []
    wrong = said["wrong_scans"]
    assert isinstance(wrong, int)
    assert wrong > 10
    assert said["refused_wrong"] == wrong


def test_the_papers_of_the_day_lie_in_the_folder(day: tuple[dict[str, object], Path]) -> None:
    said, out = day
    names = [file.name for file in out.iterdir()]
    assert sum(name.endswith(".pdf") for name in names) > 100
    report = json.loads((out / "outbound-2026-11-24.json").read_text("utf-8"))
    assert report["stages"]["handed_over"] == said["handed_over"]
    assert report["units_out"] == said["units_out"]


def test_a_day_on_a_store_that_stands_works_on_what_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dock.sqlite'}"
    store = open_store(url)
    store.create()
    load_sample(store, today=True)
    said = run_the_day(DayPlan(url, (), "", tmp_path / "out", 3))
    with store.read() as tx:
        assert verify(tx) == []
    assert said["handed_over"] == 218
    again = run_the_day(DayPlan(url, (), "", tmp_path / "out", 3))
    assert again["handed_over"] == 218
    assert again["lists"] == 0


@pytest.fixture
def ready(floor: Floor) -> Floor:
    """The small warehouse with rates, lanes, a second client, and stock of everything."""

    def work(tx: Tx) -> None:
        rates = (resources() / "sample" / "rates.csv").read_text("utf-8")
        tx.execute(update(Warehouse).values(rates=rates, company_prefix="0614141", currency="USD"))
        other = {"id": 2, "code": "ZZ", "name": "Other Client", "warehouse_id": 1}
        tx.execute(insert(Client), [other])

    floor.do(work)
    add_lanes(floor)
    for bin in ("A-01-1", "B-01-1"):
        floor.add_stock("MUG", bin, 60)
    floor.add_stock("TOWEL", "A-02-1", 30)
    floor.add_stock("BOARD", "A-02-2", 9)
    floor.add_stock("POT", "A-03-1", 5)
    floor.add_stock("TEA", "A-03-2", 6, "L1", date(2030, 1, 1))
    floor.add_stock("TEA", "B-01-2", 9, "L2", date(2031, 1, 1))
    return floor


def run(floor: Floor, out: Path, half_way: object = None, progress: object = None) -> DayOutcome:
    """One day on this floor, wired as the command wires it."""
    out.mkdir()
    station = Station.of(floor.store, Settings(scale="simulated"), out)

    def rooms(person: Who) -> dict[str, Callable[[], Presenter]]:
        station.sign_in(person)
        return station.presenters()

    station.scale = scale = SimulatedScale()
    day = Day(floor.store, rooms, scale, floor.who(), 5, progress)  # type: ignore[arg-type]
    return day.run(out, half_way)  # type: ignore[arg-type]


def orders_of_every_kind(floor: Floor) -> dict[str, int]:
    """Fifteen orders: single and many, several lines, own box, fragile, lots, short, held."""
    made = {f"single {n}": floor.add_order({"MUG": 1}) for n in range(3)}
    made |= {f"lines {n}": floor.add_order({"MUG": 2, "TOWEL": 1}) for n in range(3)}
    made |= {f"box {n}": floor.add_order({"BOARD": 1}) for n in range(3)}
    made["many"] = floor.add_order({"TOWEL": 12})
    made["fragile"] = floor.add_order({"POT": 1, "MUG": 1})
    made["lots"] = floor.add_order({"TEA": 8})
    made["short"] = floor.add_order({"POT": 9})
    made["held"] = floor.add_order({"MUG": 1})
    made["cancelled"] = floor.add_order({"TOWEL": 3})
    floor.do(lambda tx: hold(tx, made["held"], "payment"))
    return made


def test_an_order_of_every_kind_comes_to_the_truck_or_says_why_not(
    ready: Floor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CLUMSY", 0.3)
    made = orders_of_every_kind(ready)

    def half_way() -> None:
        ready.do(lambda tx: cancel(tx, made["cancelled"], "the buyer asked"))

    said = run(ready, tmp_path / "out", half_way)
    stays = {"short": "short", "held": "received", "cancelled": "cancelled"}
    assert {kind: ready.state(Order, number) for kind, number in made.items()} == {
        kind: stays.get(kind, "handed_over") for kind in made
    }
    assert said.stages == {"handed_over": 12, "short": 1, "received": 1, "cancelled": 1}
    assert len(said.explained) == 3
    assert said.held_by_reason == {"payment": 1}
    assert said.units_out == 3 + 9 + 3 + 12 + 2 + 8
    assert (said.unexpected, said.findings) == ([], [])
    assert said.refused_wrong == said.wrong_scans > 5


def test_equal_numbers_of_two_clients_are_both_explained(ready: Floor, tmp_path: Path) -> None:
    ready.add_order({"POT": 50}, "#7")
    ready.add_order({"POT": 50}, "#7", client_id=2)
    said = run(ready, tmp_path / "out")
    assert sorted(said.explained) == ["NW shopify #7", "ZZ shopify #7"]


def test_a_parcel_that_got_no_label_says_what_the_carrier_said(
    ready: Floor, tmp_path: Path
) -> None:
    ready.add_order({"MUG": 2}, "#8", country="AQ", region="", postal_code="")
    said = run(ready, tmp_path / "out")
    state, why, *_more = said.explained["NW shopify #8"]
    assert state == "packed"
    with ready.store.read() as tx:
        assert why == tx.scalar(select(Label.problem)) != ""


def test_a_wrong_scan_that_is_taken_is_reported(ready: Floor) -> None:
    tally = Tally()
    person = Person(StagePresenter(ready.store, ready.who()), tally, Random(1), 0)
    person.err(own("LANE", "STD-17"))
    assert (tally.wrong_scans, tally.refused_wrong) == (1, 0)
    assert "was taken" in tally.unexpected[0]


def test_the_day_ends_where_it_is_when_it_is_stopped(ready: Floor, tmp_path: Path) -> None:
    ready.add_order({"MUG": 1})
    said = run(ready, tmp_path / "out", progress=lambda _done, _total: False)
    assert (said.stopped, said.handed_over, said.findings) == (True, 0, [])


def test_a_lane_that_leaves_at_another_time_is_no_wrong_one() -> None:
    made = (("STD-12", "standard"), ("STD-17", "standard"), ("EXP-15", "express"))
    lanes = {code: LaneRow(code, "house", of, "", "", False, 0, 0) for code, of in made}
    assert stages._wrong_lane(lanes, "STD-17") == own("LANE", "EXP-15")
    assert stages._wrong_lane(lanes, "EXP-15") == own("LANE", "STD-12")
    del lanes["EXP-15"]
    assert stages._wrong_lane(lanes, "STD-12") == ""


def test_a_day_on_a_store_without_a_warehouse_is_refused_in_words(tmp_path: Path) -> None:
    plan = DayPlan(f"sqlite:///{tmp_path}/new.sqlite", (), "", tmp_path / "day", 1)
    with pytest.raises(Refused) as refusal:
        run_the_day(plan)
    assert refusal.value.code == "no_warehouse"
    assert "F5 loads the sample" in refusal.value.detail
