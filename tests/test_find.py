"""Anything that can be scanned or typed is found, with all that was done to it and by whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from tests.builders import Floor
from tests.parcels import add_lanes, packed_order, tracking_of
from wms_app.base import clock
from wms_app.base.codes import Scan, own
from wms_app.base.refusal import Refused
from wms_app.floor.allocation.service import allocate_all
from wms_app.floor.handover import service as handover
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.model import Order
from wms_app.floor.picking.model import Tote
from wms_app.floor.staging import service as staging
from wms_app.office.find import lookup
from wms_app.office.find.presenter import FindPresenter
from wms_app.office.find.story import story


@pytest.fixture
def lanes(floor: Floor) -> Floor:
    add_lanes(floor)
    return floor


def finder(floor: Floor) -> FindPresenter:
    presenter = FindPresenter(floor.store, floor.who())
    presenter.open()
    return presenter


def found(presenter: FindPresenter, text: str) -> str:
    """What a text leads to: "order:1", or the keys of all that answers to it."""
    presenter.act("find", text)
    card = presenter.view.card
    return f"{card.noun}:{card.number}" if card else " ".join(h.key for h in presenter.view.hits)


def test_an_order_is_found_by_its_number_its_beginning_its_code_and_its_buyer(lanes: Floor) -> None:
    order_id, _p = packed_order(lanes, number="114-3941689", name="Jordan Sample")
    find = finder(lanes)
    for text in ("114-3941689", "114-39", own("ORDER", str(order_id)), "jordan"):
        assert found(find, text) == f"order:{order_id}"


def test_a_buyers_name_is_looked_for_among_late_orders_and_no_code_is_taken_for_one(
    lanes: Floor,
) -> None:
    order_id, _p = packed_order(lanes, number="S-1", name="Jordan Sample 2nd")
    find = finder(lanes)
    assert found(find, "sample") == f"order:{order_id}"
    for text in ("2nd", "Sample 2nd"):
        with pytest.raises(Refused) as refusal:
            find.act("find", text)
        assert "120 days" in refusal.value.detail
    old = timedelta(days=lookup.NAME_DAYS + 1)
    aged = update(Order).values(received_at=clock.now() - old)
    lanes.do(lambda tx: tx.execute(aged) and None)
    with pytest.raises(Refused):
        find.act("find", "sample")
    assert found(find, "S-1") == f"order:{order_id}"


def test_a_parcel_is_found_by_its_tracking_and_goods_by_any_of_their_codes(lanes: Floor) -> None:
    _o, (parcel,) = packed_order(lanes)
    find = finder(lanes)
    assert found(find, tracking_of(lanes, parcel)) == f"parcel:{parcel}"
    assert found(find, "00" + tracking_of(lanes, parcel)) == f"parcel:{parcel}"
    assert found(find, own("PARCEL", str(parcel))) == f"parcel:{parcel}"
    assert found(find, "6901234567892") == f"sku:{lanes.skus['MUG']}"
    assert found(find, "mug") == f"sku:{lanes.skus['MUG']}"
    assert found(find, "a-01-1") == f"bin:{lanes.bins['A-01-1']}"
    assert found(find, own("LANE", "STD-17")).startswith("lane:")


def test_totes_and_trucks_are_found_and_lead_to_their_orders(lanes: Floor) -> None:
    order_id, (parcel,) = packed_order(lanes)
    tote = {"warehouse_id": lanes.warehouse_id, "code": "T-7", "order_id": order_id}
    lanes.do(lambda tx: tx.execute(insert(Tote), [tote]) and None)

    def loaded(tx: object) -> None:
        staging.stage(tx, parcel, "STD-17")  # type: ignore[arg-type]
        handover.load(tx, handover.open_pickup(tx, "STD-17"), parcel)  # type: ignore[arg-type]

    lanes.do(loaded)
    find = finder(lanes)
    assert found(find, own("TOTE", "T-7")) == "tote:1"
    assert find.view.card is not None
    assert [hit.key for hit in find.view.card.with_it] == [f"order:{order_id}"]
    assert found(find, "PU-00001") == "pickup:1"
    find.act("open", f"parcel:{parcel}")
    find.act("open", f"order:{order_id}")
    find.act("back")
    find.act("back")
    assert find.view.card is not None
    assert find.view.card.noun == "pickup"


def test_more_than_one_answer_is_a_list_to_choose_from(lanes: Floor) -> None:
    first, _p = packed_order(lanes, number="#100")
    second, _q = packed_order(lanes, number="#1001")
    find = finder(lanes)
    assert found(find, "#100") == f"order:{first}"
    assert set(found(find, "#10").split()) == {f"order:{first}", f"order:{second}"}
    assert set(found(find, "Sample").split()) == {f"order:{first}", f"order:{second}"}
    find.act("open", f"order:{second}")
    assert find.view.card is not None
    find.act("back")
    assert len(find.view.hits) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("zzz-nothing", "not_found"),
        (own("USER", "SECRET"), "not_a_thing"),
        (own("TOTE", "T-99"), "not_found"),
        (own("BIN", "A-01-1")[:-1] + "#", "not_found"),
    ],
)
def test_what_nothing_answers_to_says_so(lanes: Floor, text: str, code: str) -> None:
    find = finder(lanes)
    with pytest.raises(Refused) as refusal:
        find.scan(Scan(text))
    assert refusal.value.code == code


def test_an_orders_story_names_everyone_who_touched_it(lanes: Floor) -> None:
    order_id, (parcel,) = packed_order(lanes, number="#1001")
    lanes.do(lambda tx: staging.stage(tx, parcel, "STD-17"), "packer")
    lanes.do(lambda tx: hold(tx, order_id, "fraud"))
    with lanes.store.read() as tx:
        lines = story(tx, "order", order_id)
    told = [(line.what, line.detail) for line in lines]
    assert told[0] == ("taken in", "")
    assert ("label bought", "") in told
    assert ("put into its lane", "lane STD-17") in told
    assert told[-1] == ("held", "fraud check")
    assert {line.who for line in lines} == {"Ana"}
    assert {line.station for line in lines} == {"P1"}
    moments = [line.at for line in lines]
    assert moments == sorted(moments)


def test_an_order_says_why_its_goods_come_from_where_they_do(lanes: Floor) -> None:
    lanes.add_stock("MUG", "A-01-1", 5)
    order_id = lanes.add_order({"MUG": 2}, number="#7")
    allocate_all(lanes.store, lanes.who())
    find = finder(lanes)
    found(find, "#7")
    assert find.view.card is not None
    facts = {fact.label: fact.lines for fact in find.view.card.facts}
    assert any("A-01-1" in line and "only bin" in line for line in facts["Why so"])
    assert find.view.card.number == order_id


def test_a_bins_and_a_skus_story_are_the_pieces_that_came_and_went(lanes: Floor) -> None:
    packed_order(lanes)
    with lanes.store.read() as tx:
        of_bin = story(tx, "bin", lanes.bins["A-01-1"])
        of_sku = story(tx, "sku", lanes.skus["MUG"])
    assert [(line.what, line.detail) for line in of_bin] == [
        ("first stock", "+1 · MUG"),
        ("picked", "-1 · MUG"),
    ]
    assert [line.detail for line in of_sku] == ["+1 · A-01-1", "-1 · A-01-1"]
