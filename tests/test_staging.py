"""A parcel stands in the lane of its carrier, service and cut-off, or nowhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from tests.builders import Floor
from tests.parcels import add_lanes, packed_order, relabel, tracking_of, verified
from wms_app.base import clock
from wms_app.base.codes import Scan, new_id, own
from wms_app.base.moves import move
from wms_app.base.refusal import Refused
from wms_app.floor.labelling.model import MOVES as LABEL_MOVES
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel
from wms_app.floor.staging import service as staging
from wms_app.floor.staging.lanes import import_lanes, lane_for
from wms_app.floor.staging.presenter import StagePresenter


@pytest.fixture
def lanes(floor: Floor) -> Floor:
    add_lanes(floor)
    return floor


def refused(floor: Floor, parcel_id: int, lane: str = "STD-17") -> Refused:
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: staging.stage(tx, parcel_id, lane))
    return refusal.value


def at(hour_utc: int) -> None:
    clock.set_clock(lambda: datetime(2025, 11, 24, hour_utc, 0, tzinfo=UTC))


def chosen(floor: Floor, parcel_id: int) -> str:
    with floor.store.read() as tx:
        lane = lane_for(tx, parcel_id)
        return lane.code if lane else ""


def test_the_lane_is_that_of_the_next_cut_off_by_the_warehouse_clock(lanes: Floor) -> None:
    _o, (parcel,) = packed_order(lanes)
    at(19)  # 11:00 in Los Angeles
    assert chosen(lanes, parcel) == "STD-12"
    at(21)  # 13:00
    assert chosen(lanes, parcel) == "STD-17"
    at(5)  # 21:00, all gone: the first of tomorrow
    assert chosen(lanes, parcel) == "STD-12"


def test_a_lane_of_all_services_takes_what_has_no_lane_of_its_own(lanes: Floor) -> None:
    _o, (parcel,) = packed_order(lanes, service="freight")
    assert chosen(lanes, parcel) == ""
    assert refused(lanes, parcel).code == "no_lane"
    every = {"lane": "ALL", "carrier": "house", "service": "", "cutoff": "09:00"}
    lanes.do(lambda tx: import_lanes(tx, [every]))
    assert chosen(lanes, parcel) == "ALL"
    _o, (standard,) = packed_order(lanes)
    assert chosen(lanes, standard) != "ALL"


def test_an_order_is_staged_with_its_last_parcel(lanes: Floor) -> None:
    order_id, (first, second) = packed_order(lanes, parcels=2)
    lanes.do(lambda tx: staging.stage(tx, first, "STD-17"))
    assert lanes.state(Order, order_id) == "packed"
    lanes.do(lambda tx: staging.stage(tx, second, "STD-12"))
    assert lanes.state(Order, order_id) == "staged"
    lanes.do(lambda tx: staging.unstage(tx, first))
    assert (lanes.state(Order, order_id), lanes.state(Parcel, first)) == ("packed", "labelled")


def test_a_wrong_lane_is_refused_and_names_the_right_one(lanes: Floor) -> None:
    _o, (parcel,) = packed_order(lanes, service="express")
    refusal = refused(lanes, parcel, "STD-17")
    assert refusal.code == "wrong_lane"
    assert "EXP-15" in refusal.text
    assert refused(lanes, parcel, "NOWHERE").code == "no_lane"
    assert lanes.state(Parcel, parcel) == "labelled"


def test_what_must_not_leave_is_stopped_at_the_lane(lanes: Floor) -> None:
    held, (parcel,) = packed_order(lanes)
    lanes.do(lambda tx: hold(tx, held, "address"))
    assert refused(lanes, parcel).code == "held"
    cancelled, (other,) = packed_order(lanes)
    lanes.do(lambda tx: move(tx, Order, "order", cancelled, "cancelled", ORDER_MOVES))
    refusal = refused(lanes, other)
    assert refusal.code == "cancelled"
    assert "put-back" in refusal.detail


def test_a_parcel_without_a_live_label_or_a_verified_content_waits(lanes: Floor) -> None:
    _o, (parcel,) = packed_order(lanes)
    lanes.do(lambda tx: staging.stage(tx, parcel, "STD-17"))
    refusal = refused(lanes, parcel)
    assert (refusal.code, "STD-17" in refusal.text) == ("already_staged", True)
    lanes.do(lambda tx: staging.unstage(tx, parcel))
    with pytest.raises(Refused, match="does not stand"):
        lanes.do(lambda tx: staging.unstage(tx, parcel))
    early, (own_box,) = packed_order(lanes)
    unsealed = update(Parcel).where(Parcel.id == own_box).values(sealed_at=None)
    lanes.do(lambda tx: tx.execute(unsealed) and None)
    lanes.do(lambda tx: move(tx, Order, "order", early, "picked", ORDER_MOVES))
    assert refused(lanes, own_box).code == "not_verified"
    lanes.do(lambda tx: move(tx, Label, "label", 1, "to_void", LABEL_MOVES))
    assert refused(lanes, parcel).code == "no_label"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"lane": "L 2", "carrier": "house", "cutoff": "15:30"}, "bad_lane"),
        ({"lane": "L-2", "carrier": "", "cutoff": "15:30"}, "bad_lane"),
        ({"lane": "L-2", "carrier": "house", "cutoff": "3 pm"}, "bad_cutoff"),
    ],
)
def test_a_lane_that_makes_no_sense_is_refused(
    floor: Floor, row: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: import_lanes(tx, [row]))
    assert refusal.value.code == code


def at_the_lanes(floor: Floor) -> StagePresenter:
    presenter = StagePresenter(floor.store, floor.who("packer"))
    presenter.open()
    return presenter


def says(presenter: StagePresenter, raw: str) -> str:
    with pytest.raises(Refused) as refusal:
        presenter.scan(Scan(raw))
    return refusal.value.code


def test_a_parcel_shows_its_lane_and_the_lane_takes_it(lanes: Floor) -> None:
    order_id, (parcel,) = packed_order(lanes, number="#1001", service="express")
    presenter = at_the_lanes(lanes)
    assert presenter.view.coming == 1
    presenter.scan(Scan("00" + tracking_of(lanes, parcel)))
    assert (presenter.view.big, presenter.view.sticky) == ("EXP-15", False)
    assert presenter.view.parcel is not None
    assert presenter.view.parcel.order_number == "#1001"
    assert says(presenter, own("LANE", "STD-17")) == "wrong_lane"
    assert presenter.view.big == "EXP-15"
    assert presenter.scan(Scan(own("LANE", "EXP-15"))).kind == "done"
    assert presenter.view.big == ""
    assert lanes.state(Order, order_id) == "staged"
    assert presenter.view.done[0].lane == "EXP-15"
    assert verified(lanes)


def test_a_lane_scanned_first_takes_parcel_after_parcel(lanes: Floor) -> None:
    made = [packed_order(lanes)[1][0] for _n in range(3)]
    _o, (express,) = packed_order(lanes, service="express")
    presenter = at_the_lanes(lanes)
    presenter.scan(Scan("std-17"))
    assert presenter.view.sticky
    for parcel in made:
        assert presenter.scan(Scan(tracking_of(lanes, parcel))).kind == "done"
    assert says(presenter, own("PARCEL", str(express))) == "wrong_lane"
    assert {lanes.state(Parcel, parcel) for parcel in made} == {"staged"}
    presenter.act("any_lane")
    presenter.scan(Scan(own("PARCEL", str(express))))
    assert presenter.view.big == "EXP-15"


def test_the_same_reading_twice_stages_once_and_gives_the_same_answer(lanes: Floor) -> None:
    _o, (parcel,) = packed_order(lanes)
    presenter = at_the_lanes(lanes)
    presenter.scan(Scan(tracking_of(lanes, parcel)))
    scan = Scan(own("LANE", "STD-17"))
    first = presenter.scan(scan)
    before = lanes.store.version()
    assert presenter.scan(scan) == first
    assert lanes.store.version() == before
    assert not presenter.view.sticky
    assert says(presenter, tracking_of(lanes, parcel)) == "already_staged"


def test_the_last_parcel_comes_out_again_even_after_the_station_was_restarted(
    lanes: Floor,
) -> None:
    order_id, (parcel,) = packed_order(lanes)
    presenter = at_the_lanes(lanes)
    presenter.scan(Scan(tracking_of(lanes, parcel)))
    presenter.act("undo")
    assert (presenter.view.parcel, lanes.state(Parcel, parcel)) == (None, "labelled")
    presenter.scan(Scan(own("LANE", "STD-17")))
    presenter.scan(Scan(tracking_of(lanes, parcel)))
    restarted = at_the_lanes(lanes)
    operation = new_id()
    first = restarted.act("undo", operation=operation)
    assert restarted.act("undo", operation=operation) == first
    assert (lanes.state(Order, order_id), lanes.state(Parcel, parcel)) == ("packed", "labelled")
    with pytest.raises(Refused, match="nothing to undo"):
        restarted.act("undo")
    assert verified(lanes)


def test_each_wrong_scan_has_its_own_words(lanes: Floor) -> None:
    _o, (first,) = packed_order(lanes)
    _o, (second,) = packed_order(lanes)
    held, (stopped,) = packed_order(lanes)
    lanes.do(lambda tx: hold(tx, held, "address"))
    presenter = at_the_lanes(lanes)
    assert says(presenter, "1Z999") == "unknown_parcel"
    assert says(presenter, own("BIN", "A-01-1")) == "wrong_scan"
    assert says(presenter, own("LANE", "L-9")) == "no_lane"
    assert says(presenter, tracking_of(lanes, stopped)) == "held"
    presenter.scan(Scan(tracking_of(lanes, first)))
    assert says(presenter, tracking_of(lanes, second)) == "lane_expected"
    presenter.scan(Scan(tracking_of(lanes, first)))
    lanes.do(lambda tx: hold(tx, 1, "fraud"))
    assert says(presenter, own("LANE", "STD-17")) == "held"
    assert lanes.state(Parcel, first) == "labelled"


def test_a_label_that_was_given_up_is_not_mistaken_for_the_new_one(lanes: Floor) -> None:
    _o, (parcel,) = packed_order(lanes)
    old = tracking_of(lanes, parcel)
    lanes.do(lambda tx: move(tx, Label, "label", 1, "to_void", LABEL_MOVES))
    lanes.do(lambda tx: relabel(tx, lanes, parcel))
    presenter = at_the_lanes(lanes)
    assert says(presenter, old) == "old_label"
    presenter.scan(Scan(own("LANE", "STD-17")))
    assert says(presenter, old) == "old_label"
    assert lanes.state(Parcel, parcel) == "labelled"
    assert presenter.scan(Scan(tracking_of(lanes, parcel))).kind == "done"
