"""A paper is printed once: whatever dies on the way, none is lost, none doubled in silence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.bench import Counting, address_of_the_house, sealed
from tests.builders import Floor
from tests.parcels import verified
from tests.printer_peer import impatient, jobs, printer, setting, station
from wms_app.base.codes import new_id
from wms_app.base.refusal import Down, Refused
from wms_app.floor.labelling import service as labelling
from wms_app.office.setup.presenter import SetupPresenter
from wms_app.outside.devices.printers.driver import Unsure
from wms_app.outside.devices.simulated.printer import SimulatedPrinter
from wms_app.outside.printing import jobs as rows
from wms_app.outside.printing import kept
from wms_app.outside.printing.station import StationPrinter

LABEL = b"^XA^FO10,10^FDone^FS^XZ"


@pytest.fixture
def peer() -> Iterator[SimulatedPrinter]:
    with printer() as made, impatient():
        yield made


@pytest.fixture
def desk(floor: Floor, peer: SimulatedPrinter, tmp_path: Path) -> StationPrinter:
    return station(floor, {"shipping": setting(peer)}, tmp_path)


def send(desk: StationPrinter, number: int) -> str:
    content = b"^XA^FO10,10^FD%d^FS^XZ" % number
    name = f"label {number}"
    return desk.aimed("shipping", f"label-{number}").send("label", name, content, "zpl")


def came_out(peer: SimulatedPrinter) -> list[int]:
    return [int(label.split(b"^FD")[1].split(b"^FS")[0]) for label in peer.printed]


def test_a_label_that_came_out_is_done_and_not_printed_again(
    desk: StationPrinter, peer: SimulatedPrinter, floor: Floor
) -> None:
    send(desk, 1)
    send(desk, 1)
    assert came_out(peer) == [1]
    assert jobs(floor.store) == [("label 1", "done")]
    assert verified(floor)


def test_a_printer_that_is_away_gets_the_label_when_it_is_back(
    desk: StationPrinter, peer: SimulatedPrinter, floor: Floor
) -> None:
    peer.unplug()
    with pytest.raises(Down) as down:
        send(desk, 1)
    assert "127.0.0.1" in down.value.text
    assert jobs(floor.store) == [("label 1", "queued")]
    peer.plug()
    send(desk, 1)
    assert came_out(peer) == [1]
    assert jobs(floor.store) == [("label 1", "done")]


def test_a_printer_without_paper_gets_nothing_and_says_why(
    desk: StationPrinter, peer: SimulatedPrinter, floor: Floor
) -> None:
    peer.paper_out = True
    with pytest.raises(Down) as down:
        send(desk, 1)
    assert "new roll" in down.value.text
    peer.paper_out = False
    send(desk, 1)
    assert came_out(peer) == [1]


def test_a_label_that_waits_in_the_printer_comes_out_with_the_new_roll(
    desk: StationPrinter, peer: SimulatedPrinter, floor: Floor
) -> None:
    peer.runs_out_with_next = True
    send(desk, 1)
    assert jobs(floor.store) == [("label 1", "sent")]
    assert desk.look().words.startswith("The label printer is out of paper")
    peer.paper_out = False
    send(desk, 1)
    assert came_out(peer) == [1]
    assert jobs(floor.store) == [("label 1", "done")]


def test_a_printer_that_lost_its_power_with_a_label_in_it_leaves_it_to_the_person(
    desk: StationPrinter, peer: SimulatedPrinter, floor: Floor
) -> None:
    peer.runs_out_with_next = True
    send(desk, 1)
    peer.unplug()
    with pytest.raises(Down):
        desk.look()
    peer.paper_out = False
    peer.plug()
    desk.look()
    assert jobs(floor.store) == [("label 1", "unsure")]
    with pytest.raises(Unsure):
        send(desk, 1)
    assert came_out(peer) == []
    send(desk, 1)
    assert came_out(peer) == [1]


@pytest.mark.parametrize("loses", [False, True])
def test_a_line_cut_with_the_label_is_asked_of_the_person(
    desk: StationPrinter, peer: SimulatedPrinter, floor: Floor, loses: bool
) -> None:
    peer.cut_after, peer.cut_loses = 2, loses
    send(desk, 1)
    with pytest.raises(Unsure) as told:
        send(desk, 2)
    assert "label 2" in told.value.text
    peer.plug()
    (unknown,) = desk.unsure()
    if not loses:
        desk.came_out(unknown)
    send(desk, 2)
    send(desk, 3)
    assert came_out(peer) == [1, 2, 3]
    ending = [("label 2", "reprinted"), ("label 2", "done")] if loses else [("label 2", "done")]
    assert sorted(jobs(floor.store)) == sorted([("label 1", "done"), *ending, ("label 3", "done")])
    assert verified(floor)


def test_a_station_that_died_while_it_printed_asks_before_it_prints_again(
    desk: StationPrinter, peer: SimulatedPrinter, floor: Floor, tmp_path: Path
) -> None:
    order = rows.Order("label-7", "shipping", "label 7", setting(peer))
    rows.begin(floor.store, floor.who("packer"), order)  # and here the power went off
    after = station(floor, {"shipping": setting(peer)}, tmp_path)
    with pytest.raises(Unsure):
        send(after, 7)
    assert came_out(peer) == []
    send(after, 7)
    assert came_out(peer) == [7]


def test_a_printer_that_hangs_is_left_after_a_moment(
    desk: StationPrinter, peer: SimulatedPrinter, floor: Floor
) -> None:
    peer.hangs = True
    with pytest.raises(Down) as down:
        send(desk, 1)
    assert "no answer" in down.value.text
    assert jobs(floor.store) == [("label 1", "queued")]
    peer.hangs = False
    send(desk, 1)
    assert came_out(peer) == [1]


def test_a_job_is_printed_again_from_the_list_and_says_by_whom(
    desk: StationPrinter, peer: SimulatedPrinter, floor: Floor
) -> None:
    send(desk, 1)
    (job,) = rows.of_station(floor.store, floor.who("packer"))
    desk.print_again(job)
    assert came_out(peer) == [1, 1]
    newest, oldest = rows.of_station(floor.store, floor.who("packer"))
    assert (newest.state, newest.made_by, oldest.state) == ("done", "Ana", "reprinted")
    Path(newest.kept).unlink()
    with pytest.raises(Refused):
        desk.print_again(newest)


def test_labels_of_a_list_go_on_where_the_printer_stopped(
    floor: Floor, desk: StationPrinter, peer: SimulatedPrinter
) -> None:
    address_of_the_house(floor)
    who, carriers = floor.who("packer"), {"house": Counting()}
    parcels = [sealed(floor, number=f"114-{number}") for number in range(1, 5)]
    label = partial(labelling.label_parcel, floor.store, who, carriers, desk)
    peer.cut_after, peer.cut_loses = 3, True
    made = [label(parcel, new_id()) for parcel in parcels]
    assert [bool(one.problem) for one in made] == [False, False, True, True]
    peer.plug()
    again = [label(parcel, new_id()) for parcel in parcels[2:]]
    assert [one.problem for one in again] == ["", ""]
    numbers = [one.tracking.encode() for one in made]
    assert [[number in label for number in numbers].index(True) for label in peer.printed] == [
        0,
        1,
        2,
        3,
    ]
    assert len(carriers["house"].asked) == 4
    assert verified(floor)


def test_what_was_printed_is_kept_for_a_while_the_oldest_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCK_DATA", str(tmp_path))
    monkeypatch.setattr(kept, "MOST_FILES", 3)
    monkeypatch.setattr(kept, "EVERY", 1)

    def keep(number: int) -> str:
        place = kept.place_for("zpl")
        kept.keep(place, b"^XA^XZ %d" % number)
        return place

    young = [keep(number) for number in range(5)]
    assert kept.kept_content(young[0]) == b"^XA^XZ 0", "it may still wait to be printed"
    monkeypatch.setattr(kept, "LEAST_S", 0)
    files = [keep(number) for number in range(5)]
    assert [kept.kept_content(file) for file in files[:2]] == [None, None]
    assert kept.kept_content(files[4]) == b"^XA^XZ 4"
    assert kept.kept_content(files[2]) == b"^XA^XZ 2"


def test_bin_labels_that_a_printer_left_out_are_printed_when_it_is_back(
    floor: Floor, peer: SimulatedPrinter, tmp_path: Path
) -> None:
    printers = station(floor, {"bin": setting(peer)}, tmp_path)
    setup = SetupPresenter(floor.store, floor.who("admin"), printers)
    setup.act("section", "papers")
    peer.cut_after, peer.cut_loses = 3, True
    with pytest.raises(Unsure):
        setup.act("bin_labels", "")
    made = rows.of_station(floor.store, floor.who("packer"))
    left = len(made) - 3
    assert left > 2
    assert [job.state for job in reversed(made)] == ["done", "done", "unsure", *["queued"] * left]
    peer.plug()
    setup.act("jobs")
    (rest,) = [one for one in setup.actions if one.name == "go_on"]
    assert str(left) in rest.label
    setup.act("go_on")
    assert len(peer.printed) == 2 + left
    after = rows.of_station(floor.store, floor.who("packer"))
    assert [job.state for job in reversed(after)] == ["done", "done", "unsure", *["done"] * left]
    assert not [one for one in setup.actions if one.name == "go_on"]
    assert verified(floor)


def test_a_label_that_another_station_prints_now_is_not_called_lost(
    floor: Floor, desk: StationPrinter, peer: SimulatedPrinter
) -> None:
    there = floor.who("packer", station="P2")
    order = rows.Order("label-7", "shipping", "label 7", "zpl:elsewhere")
    job, _new = rows.begin(floor.store, there, order)
    with pytest.raises(Down) as down:
        send(desk, 7)
    assert "P2" in down.value.text
    rows.settle(floor.store, there, job, "done", "elsewhere")
    assert send(desk, 7) == "elsewhere"
    assert came_out(peer) == []
