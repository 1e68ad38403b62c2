"""The papers of the pack bench: a label of unknown outcome, and the slip that goes into the box."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.bench import Counting, Tray, address_of_the_house, picked, words_on
from tests.builders import Floor
from tests.parcels import verified
from tests.printer_peer import impatient, jobs, printer, setting, station
from wms_app.base.codes import Scan, own
from wms_app.base.conversation import Answer
from wms_app.floor.catalog.model import Client
from wms_app.floor.labelling.at_bench import bench_papers
from wms_app.floor.labelling.model import Label
from wms_app.floor.packing.presenter import PackPresenter
from wms_app.outside.devices.printer import LabelPrinter
from wms_app.outside.devices.scale import TypedScale
from wms_app.outside.devices.simulated.printer import SimulatedPrinter

MUG = "6901234567892"


@pytest.fixture
def peer() -> Iterator[SimulatedPrinter]:
    with printer() as made, impatient():
        yield made


def room(floor: Floor, to: LabelPrinter) -> PackPresenter:
    store, who = floor.store, floor.who("packer")
    papers = bench_papers(store, who, {"house": Counting()}, to)
    made = PackPresenter(store, who, TypedScale(), papers)
    made.open()
    return made


def scan(pack: PackPresenter, *codes: str) -> Answer:
    return [pack.scan(Scan(code)) for code in codes][-1]


def keys(pack: PackPresenter) -> dict[str, str]:
    return {one.name: one.key for one in pack.actions}


def printed(floor: Floor) -> list[int]:
    with floor.store.read() as tx:
        return list(tx.scalars(select(Label.printed).order_by(Label.id)))


def cut_off(floor: Floor, peer: SimulatedPrinter, folder: Path, loses: bool) -> PackPresenter:
    """A bench whose label was on its way when the printer's line was cut."""
    address_of_the_house(floor)
    picked(floor, {"MUG": 1})
    pack = room(floor, station(floor, {"shipping": setting(peer)}, folder))
    peer.cut_after, peer.cut_loses = 1, loses
    answer = scan(pack, own("TOTE", "T-1"), MUG, "270")
    assert (answer.kind, answer.text) == ("warn", "The printer went away: did the label come out?")
    assert keys(pack)["came_out"] == "F4"
    peer.plug()
    return pack


def test_a_label_that_came_out_all_the_same_is_not_printed_again(
    floor: Floor, peer: SimulatedPrinter, tmp_path: Path
) -> None:
    pack = cut_off(floor, peer, tmp_path, loses=False)
    answer = pack.act("came_out")
    assert (answer.kind, answer.text) == ("done", "Stick the label on.")
    assert "came_out" not in keys(pack)
    assert (len(peer.printed), printed(floor)) == (1, [1])
    assert [state for _name, state in jobs(floor.store)] == ["done"]
    pack.open()
    assert not pack.view.waiting
    assert verified(floor)


def test_a_label_that_did_not_come_out_is_printed_by_the_key_that_was_named(
    floor: Floor, peer: SimulatedPrinter, tmp_path: Path
) -> None:
    pack = cut_off(floor, peer, tmp_path, loses=True)
    assert pack.act("reprint").kind == "done"
    assert "came_out" not in keys(pack)
    assert (len(peer.printed), printed(floor)) == (1, [1])
    assert sorted(state for _name, state in jobs(floor.store)) == ["done", "reprinted"]


def test_a_label_of_unknown_outcome_that_waits_is_asked_about_before_it_is_printed_again(
    floor: Floor, peer: SimulatedPrinter, tmp_path: Path
) -> None:
    cut_off(floor, peer, tmp_path, loses=False)
    pack = room(floor, station(floor, {"shipping": setting(peer)}, tmp_path))  # started again
    ((_parcel, number),) = pack.view.waiting
    answer = pack.act("retry_labels")
    assert answer.kind == "warn"
    assert f"{number}: the printer went away, did the label come out?" in answer.detail
    assert keys(pack) == {"retry_labels": "F3", "came_out": "F4"}
    assert pack.act("came_out").kind == "done"
    assert (pack.view.waiting, keys(pack)) == ((), {})
    assert (len(peer.printed), printed(floor)) == (1, [1])
    assert verified(floor)


def test_a_waiting_label_that_was_printed_again_is_not_asked_about_any_more(
    floor: Floor, peer: SimulatedPrinter, tmp_path: Path
) -> None:
    cut_off(floor, peer, tmp_path, loses=True)
    picked(floor, {"MUG": 1}, "W-2", tote="T-2")
    pack = room(floor, station(floor, {"shipping": setting(peer)}, tmp_path))
    peer.paper_out = True
    scan(pack, own("TOTE", "T-2"), MUG, "270")  # it waits too, behind the other
    peer.paper_out = False
    pack.open()
    pack.act("retry_labels")
    assert "came_out" in keys(pack)
    peer.runs_out_with_next = True  # the first is in it, the second has to wait
    assert pack.act("retry_labels").text == "1 label printed."
    assert keys(pack) == {"retry_labels": "F3"}
    assert printed(floor) == [1, 0]


def test_labels_that_wait_for_a_printer_are_not_told_to_be_printed(
    floor: Floor, peer: SimulatedPrinter, tmp_path: Path
) -> None:
    address_of_the_house(floor)
    pack = room(floor, station(floor, {"shipping": setting(peer)}, tmp_path))
    peer.unplug()
    for place in "123":
        picked(floor, {"MUG": 1}, f"W-{place}", tote=f"T-{place}")
        scan(pack, own("TOTE", f"T-{place}"), MUG, "270")
    pack.open()
    answer = pack.act("retry_labels")
    assert (answer.kind, answer.text) == ("warn", "0 labels printed.")
    assert len(pack.view.waiting) == 3
    peer.plug()
    assert pack.act("retry_labels").text == "3 labels printed."
    assert (len(peer.printed), printed(floor)) == (3, [1, 1, 1])


# The packing slip


@pytest.fixture
def wished(floor: Floor) -> Floor:
    """The client wishes a packing slip in each of its orders."""
    address_of_the_house(floor)
    floor.do(lambda tx: tx.execute(update(Client).values(packing_slip=True)) and None)
    return floor


def test_a_client_that_wishes_a_slip_gets_it_once_when_the_order_comes_to_the_bench(
    wished: Floor, tmp_path: Path
) -> None:
    picked(wished, {"MUG": 2}, "S-1")
    pack = room(wished, station(wished, {}, tmp_path))
    answer = scan(pack, own("TOTE", "T-1"))
    assert answer.kind == "ok"
    assert answer.detail.endswith(" · Put the packing slip into the box.")
    (slip,) = tmp_path.glob("*.pdf")
    assert "S-1" in words_on(slip.read_bytes())
    pack.act("set_aside")
    assert scan(pack, own("TOTE", "T-1")).text == "2 pieces to pack."
    assert len(list(tmp_path.glob("packing*.pdf"))) == 1
    scan(pack, MUG)
    assert pack.act("slip").text == "Put the packing slip into the box."
    assert len(list(tmp_path.glob("packing*.pdf"))) == 2


def test_a_slip_that_can_not_be_printed_holds_nobody_up(wished: Floor) -> None:
    picked(wished, {"MUG": 1}, "S-1")
    tray = Tray()
    tray.broken = True
    pack = room(wished, tray)
    answer = scan(pack, own("TOTE", "T-1"))
    assert answer.kind == "warn"
    assert "No packing slip: The printer is out of labels. F2 prints it." in answer.detail
    tray.broken = False
    assert keys(pack)["slip"] == "F2"
    pack.act("slip")
    assert scan(pack, MUG).kind == "done"
    assert [name for name, _paper in tray.papers] == ["packing slip S-1"]


def test_other_clients_get_no_slip(floor: Floor) -> None:
    address_of_the_house(floor)
    picked(floor, {"MUG": 1})
    tray = Tray()
    assert "slip" not in scan(room(floor, tray), own("TOTE", "T-1")).detail
    assert not tray.papers
