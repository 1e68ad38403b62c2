"""A camera sees everything that lies about: each step says which code it wants, and no other."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.bench import Counting, Tray, address_of_the_house, list_of, picked, released
from tests.builders import Floor
from tests.parcels import add_lanes, packed_order, tracking_of
from wms_app.base.codes import Scan, own, read
from wms_app.floor.allocation.service import allocate
from wms_app.floor.handover.presenter import PickupPresenter
from wms_app.floor.labelling.at_bench import bench_papers
from wms_app.floor.labelling.presenter import LabelWalkPresenter
from wms_app.floor.orders.holds import hold
from wms_app.floor.packing.model import Parcel
from wms_app.floor.packing.presenter import PackPresenter
from wms_app.floor.picking.presenter import PickPresenter
from wms_app.floor.staging import service as staging
from wms_app.floor.staging.presenter import StagePresenter
from wms_app.floor.waves.model import PickList
from wms_app.floor.waves.service import release
from wms_app.outside.devices.printer import FolderPrinter
from wms_app.outside.devices.scale import TypedScale

MUG, TOWEL, BOARD = "6901234567892", "6901234567908", "6901234567915"
COMMAND = own("CMD", "UNDO")


def wants(room: Any, *codes: str) -> list[str]:
    """Which of these codes, all before the camera, the step wants."""
    return [code for code in codes if room.expects(read(code))]


def list_code(floor: Floor, order_id: int) -> str:
    number = list_of(floor, order_id)
    with floor.store.read() as tx:
        return str(tx.scalar(select(PickList.code).where(PickList.id == number)))


def test_a_picker_shows_the_list_then_the_bin_then_the_piece_then_a_tote(floor: Floor) -> None:
    order_id = released(floor, {"MUG": 1}, "A1")
    room = PickPresenter(floor.store, floor.who("picker", "Chen Wei"))
    room.open()
    code = own("LIST", list_code(floor, order_id))
    place, other = own("BIN", "A-01-1"), own("BIN", "A-02-1")
    everything = (code, place, other, MUG, TOWEL, own("TOTE", "T-9"), own("LIST", "L999999"))
    assert wants(room, *everything) == [code]
    room.scan(Scan(code))
    assert wants(room, *everything) == [place]
    room.scan(Scan(place))
    assert wants(room, *everything) == [MUG]
    room.scan(Scan(MUG))
    assert wants(room, *everything) == [own("TOTE", "T-9")]


def test_a_packer_shows_a_full_tote_then_what_belongs_into_the_box(floor: Floor) -> None:
    address_of_the_house(floor)
    picked(floor, {"MUG": 1}, "A1")
    store, who, carriers = floor.store, floor.who("packer"), {"house": Counting()}
    papers = bench_papers(store, who, carriers, Tray())
    room = PackPresenter(store, who, TypedScale(), papers)
    room.open()
    full, empty = own("TOTE", "T-1"), own("TOTE", "T-7")
    everything = (full, empty, MUG, TOWEL, COMMAND, own("ORDER", "1"), "S1", "270")
    assert wants(room, *everything) == [full]
    room.scan(Scan(full))
    assert wants(room, *everything) == [MUG]
    room.scan(Scan(MUG))
    assert wants(room, *everything) == []  # the weight comes from the scale, no code is wanted
    room.act("weight", "270")
    picked(floor, {"MUG": 1}, "A2", tote="T-2")
    assert wants(room, *everything, own("TOTE", "T-2")) == [own("TOTE", "T-2")]


def test_the_label_first_walk_wants_bin_goods_and_just_that_label(floor: Floor) -> None:
    address_of_the_house(floor)
    floor.add_stock("BOARD", "A-01-1", 1)
    floor.add_stock("BOARD", "A-02-1", 1)
    orders = [floor.add_order({"BOARD": 1}, f"LF-{n}") for n in (1, 2)]

    def work(tx: Any) -> None:
        allocate(tx, orders)
        release(tx, orders)

    floor.do(work)
    room = LabelWalkPresenter(floor.store, floor.who("picker"), {"house": Counting()}, Tray())
    room.open()
    code = own("LIST", list_code(floor, orders[0]))
    assert wants(room, code, MUG, COMMAND) == [code]
    room.scan(Scan(code))
    here, there = own("BIN", "A-01-1"), own("BIN", "A-02-1")
    assert wants(room, code, here, there, BOARD) == [here]
    room.scan(Scan(here))
    assert wants(room, here, MUG, BOARD) == [BOARD]
    room.scan(Scan(BOARD))
    with floor.store.read() as tx:
        rows = tx.rows(select(Parcel.order_id, Parcel.id))
    numbers = {row.order_id: tracking_of(floor, row.id) for row in rows}
    mine, other = numbers[orders[0]], numbers[orders[1]]
    assert wants(room, BOARD, other, mine) == [mine]


@pytest.fixture
def lanes(floor: Floor) -> Floor:
    add_lanes(floor)
    return floor


def test_at_the_lanes_a_parcel_is_wanted_and_then_only_its_lane(lanes: Floor) -> None:
    _order, (parcel,) = packed_order(lanes)
    held_order, (held,) = packed_order(lanes, number="HELD")
    lanes.do(lambda tx: hold(tx, held_order, "client") and None)
    room = StagePresenter(lanes.store, lanes.who("packer"))
    room.open()
    number, stopped = tracking_of(lanes, parcel), tracking_of(lanes, held)
    signs = [own("LANE", code) for code in ("EXP-15", "STD-12", "STD-17")]
    assert wants(room, number, stopped, MUG, *signs) == [number]
    room.scan(Scan(number))
    right = own("LANE", room.view.big)
    assert wants(room, number, stopped, MUG, *signs) == [right]


def test_at_the_truck_only_parcels_of_its_lane_are_wanted(lanes: Floor, tmp_path: Path) -> None:
    _order, parcels = packed_order(lanes, parcels=2)
    _other, (elsewhere,) = packed_order(lanes, number="EXPRESS", service="express")
    for parcel, lane in (*((p, "STD-17") for p in parcels), (elsewhere, "EXP-15")):
        lanes.do(partial(staging.stage, parcel_id=parcel, lane_code=lane))
    room = PickupPresenter(lanes.store, lanes.who("packer"), FolderPrinter(tmp_path))
    room.open()
    numbers = [tracking_of(lanes, parcel) for parcel in (*parcels, elsewhere)]
    sign = own("LANE", "STD-17")
    assert wants(room, *numbers, sign) == []
    room.scan(Scan(sign))
    assert wants(room, *numbers, sign, COMMAND) == numbers[:2]
    room.scan(Scan(numbers[0]))
    assert wants(room, *numbers, sign) == [numbers[1]]
