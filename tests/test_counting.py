"""A bin in doubt is counted blind; a difference becomes the truth only by a supervisor."""

from __future__ import annotations

from dataclasses import fields

import pytest
from sqlalchemy import select, update

from tests.builders import SKUS, Floor
from tests.journeys import released, steps
from tests.parcels import verified
from wms_app.base.codes import Scan, own
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.who import Role, Who
from wms_app.floor.allocation.service import allocate
from wms_app.floor.catalog.model import Client
from wms_app.floor.counting import service
from wms_app.floor.counting.presenter import CountPresenter
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.picking.service import bind_tote, start, take
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import CountTask, Stock
from wms_app.floor.waves.model import Pick, PickList

EAN = {code: barcode for code, _name, barcode, *_rest in SKUS}
CASE = "16901234567890"


def in_doubt(floor: Floor, bin_code: str = "A-01-1", sku: str = "MUG", pieces: int = 5) -> int:
    row = floor.add_stock(sku, bin_code, pieces)
    floor.do(lambda tx: stock.ask_count(tx, row, "short pick"))
    return row


def counter(floor: Floor, role: Role = "picker", name: str = "Chen Wei") -> CountPresenter:
    presenter = CountPresenter(floor.store, Who(7, name, role, "Cart 07", floor.warehouse_id))
    presenter.open()
    return presenter


def scan(presenter: CountPresenter, *codes: str) -> str:
    text = ""
    for code in codes:
        text = presenter.scan(Scan(code)).text
    return text


def refused(presenter: CountPresenter, code: str) -> str:
    before = presenter.view
    with pytest.raises(Refused) as refusal:
        presenter.scan(Scan(code))
    presenter.refresh()
    assert presenter.view == before
    return refusal.value.code


def on_hand(floor: Floor, row: int) -> tuple[int, int, bool]:
    with floor.store.read() as tx:
        found = tx.first(
            select(Stock.on_hand, Stock.allocated, Stock.frozen).where(Stock.id == row)
        )
        assert found is not None
        return found.on_hand, found.allocated, found.frozen


def test_a_count_that_agrees_is_done_at_once(floor: Floor) -> None:
    row = in_doubt(floor)
    chen = counter(floor)
    scan(chen, own("BIN", "A-01-1"), *[EAN["MUG"]] * 4)
    chen.act("undo")
    scan(chen, EAN["MUG"], EAN["MUG"])
    answer = chen.scan(Scan(own("BIN", "A-01-1")))
    assert answer.kind == "done"
    assert "agrees" in answer.detail
    assert on_hand(floor, row) == (5, 0, False)
    assert chen.view.instruction == "No bin is in doubt"
    assert verified(floor)


def test_who_counts_never_sees_what_is_expected(floor: Floor) -> None:
    in_doubt(floor, pieces=4711)
    chen = counter(floor)
    scan(chen, own("BIN", "A-01-1"), EAN["MUG"])
    shown = [str(getattr(chen.view, f.name)) for f in fields(chen.view)]
    assert not any("4711" in text for text in shown)
    scan(chen, "24")
    assert chen.view.differences == ()
    assert chen.view.waiting == 1


def test_a_difference_waits_for_a_supervisor(floor: Floor) -> None:
    row = in_doubt(floor)
    chen = counter(floor)
    answer = [chen.scan(Scan(code)) for code in ("a-01-1", "3")][-1]
    assert answer.kind == "warn"
    assert on_hand(floor, row) == (5, 0, True)
    assert refused(chen, own("BIN", "A-01-1")) == "counted_already"
    with pytest.raises(Refused) as refusal:
        chen.act("approve")
    assert refusal.value.code == "no_action"
    boss = counter(floor, "supervisor", "Ana")
    assert [(d.counted, d.expected, d.difference) for d in boss.view.differences] == [(3, 5, -2)]
    assert boss.act("approve").kind == "done"
    assert on_hand(floor, row) == (3, 0, False)
    assert verified(floor)


def test_only_a_supervisor_approves_even_by_service(floor: Floor) -> None:
    in_doubt(floor)
    chen = counter(floor)
    scan(chen, own("BIN", "A-01-1"), "3")
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: service.approve(tx, 1), "picker")
    assert refusal.value.code == "not_yours"


def test_a_supervisor_has_it_counted_again_and_a_counter_may_undo(floor: Floor) -> None:
    row = in_doubt(floor)
    chen = counter(floor)
    scan(chen, own("BIN", "A-01-1"), "3")
    boss = counter(floor, "supervisor", "Ana")
    boss.act("recount")
    chen.refresh()
    assert [d.bin for d in chen.view.doubts] == ["A-01-1"]
    scan(chen, own("BIN", "A-01-1"), "4")
    chen.act("undo")
    scan(chen, own("BIN", "A-01-1"), "5")
    assert on_hand(floor, row) == (5, 0, False)
    assert verified(floor)


def test_what_is_no_count_is_refused(floor: Floor) -> None:
    in_doubt(floor)
    chen = counter(floor)
    assert refused(chen, EAN["MUG"]) == "bin_expected"
    assert refused(chen, own("BIN", "A-02-1")) == "no_doubt"
    assert refused(chen, own("BIN", "Z-1")) == "no_bin"
    scan(chen, own("BIN", "A-01-1"))
    assert refused(chen, own("BIN", "A-01-1")) == "nothing_counted"
    assert refused(chen, EAN["TOWEL"]) == "wrong_item"
    assert refused(chen, own("TOTE", "T-1")) == "item_expected"
    scan(chen, CASE)
    assert chen.view.counted == 12
    assert refused(chen, own("BIN", "A-02-1")) == "unfinished"
    assert verified(floor)


def test_an_empty_bin_is_said_to_be_empty(floor: Floor) -> None:
    row = in_doubt(floor)
    chen = counter(floor)
    scan(chen, own("BIN", "A-01-1"), own("CMD", "NONE"))
    counter(floor, "supervisor", "Ana").act("approve")
    assert on_hand(floor, row) == (0, 0, False)


def test_several_goods_of_one_bin_are_counted_one_after_the_other(floor: Floor) -> None:
    in_doubt(floor, sku="MUG", pieces=2)
    in_doubt(floor, sku="TOWEL", pieces=1)
    chen = counter(floor)
    scan(chen, own("BIN", "A-01-1"), EAN["TOWEL"])
    assert chen.view.sku == "TOWEL"
    scan(chen, own("BIN", "A-01-1"), own("BIN", "A-01-1"))
    assert (chen.view.sku, chen.view.counted) == ("MUG", 0)
    scan(chen, "2")
    assert not chen.view.doubts


def test_the_same_reading_counts_once_and_a_restart_finds_the_bin_open(floor: Floor) -> None:
    in_doubt(floor)
    chen = counter(floor)
    scan(chen, own("BIN", "A-01-1"))
    reading = Scan(EAN["MUG"])
    assert chen.scan(reading) == chen.scan(reading)
    assert chen.view.counted == 1
    again = counter(floor)
    scan(again, own("BIN", "A-01-1"))
    assert again.view.counted == 0
    number = Scan("3")
    assert again.scan(number) == again.scan(number)
    with floor.store.read() as tx:
        assert tx.scalars(select(CountTask.counted)) == [3]


def pick_of(tx: Tx, order_id: int) -> int:
    return int(tx.scalar(select(Pick.id).where(Pick.order_id == order_id)))


def test_what_is_picked_between_count_and_approval_is_no_difference(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 6)
    order_id = floor.add_order({"MUG": 2})
    released(floor, order_id)
    floor.do(lambda tx: stock.ask_count(tx, row, "short pick"))
    chen = counter(floor)
    scan(chen, own("BIN", "A-01-1"), "5")

    def walk(tx: Tx) -> None:
        start(tx, int(tx.scalar(select(PickList.id))))
        bind_tote(tx, "T-1", order_id)
        take(tx, pick_of(tx, order_id), 2)

    floor.do(walk)
    counter(floor, "supervisor", "Ana").act("approve")
    assert on_hand(floor, row) == (3, 0, False)
    assert verified(floor)


def three_orders(floor: Floor) -> tuple[int, list[int]]:
    """Three orders of two mugs each promised from one bin of six; the first is most urgent."""
    row = floor.add_stock("MUG", "A-01-1", 6)
    orders = [floor.add_order({"MUG": 2}, f"#{n}", priority=9 - n) for n in (1, 2, 3)]
    return row, orders


@pytest.mark.parametrize("walked", [False, True])
def test_pieces_that_are_not_there_are_lost_by_the_least_urgent_orders(
    floor: Floor, walked: bool
) -> None:
    row, orders = three_orders(floor)
    if walked:
        released(floor, *orders)
    else:
        floor.do(lambda tx: allocate(tx, orders))
    floor.do(lambda tx: stock.ask_count(tx, row, "short pick"))
    scan(counter(floor), own("BIN", "A-01-1"), "3")
    boss = counter(floor, "supervisor", "Ana")
    assert "3 promised pieces" in boss.actions[0].confirm
    answer = boss.act("approve")
    assert answer.detail == "2 orders wait short: #3, #2"
    assert [floor.state(Order, o) for o in orders] == [
        "released" if walked else "allocated",
        "short",
        "short",
    ]
    assert on_hand(floor, row) == (3, 2, False)
    assert verified(floor)


def test_lost_pieces_come_from_another_bin_where_there_is_stock(floor: Floor) -> None:
    row, orders = three_orders(floor)
    released(floor, *orders)
    floor.add_stock("MUG", "B-01-1", 9)
    floor.do(lambda tx: stock.ask_count(tx, row, "short pick"))
    scan(counter(floor), own("BIN", "A-01-1"), "1")
    answer = counter(floor, "supervisor", "Ana").act("approve")
    assert answer.kind == "done"
    assert {floor.state(Order, o) for o in orders} == {"released"}
    assert verified(floor)
    for order_id in orders:
        bring_picked(floor, order_id)
    assert {floor.state(Order, o) for o in orders} == {"picked"}
    assert verified(floor)


def bring_picked(floor: Floor, order_id: int) -> None:
    steps(floor, order_id)["picked"]()


def test_a_held_order_loses_its_pieces_too(floor: Floor) -> None:
    row, orders = three_orders(floor)
    released(floor, *orders)
    floor.do(lambda tx: hold(tx, orders[2], "address"))
    floor.do(lambda tx: stock.ask_count(tx, row, "short pick"))
    scan(counter(floor), own("BIN", "A-01-1"), "4")
    counter(floor, "supervisor", "Ana").act("approve")
    assert floor.state(Order, orders[2]) == "short"
    assert verified(floor)


def test_an_order_in_parts_goes_on_with_what_is_left(floor: Floor) -> None:
    floor.do(lambda tx: tx.execute(update(Client).values(ships_in_parts=True)) and None)
    row, orders = three_orders(floor)
    floor.do(lambda tx: allocate(tx, orders))
    floor.do(lambda tx: stock.ask_count(tx, row, "short pick"))
    scan(counter(floor), own("BIN", "A-01-1"), "5")
    counter(floor, "supervisor", "Ana").act("approve")
    assert {floor.state(Order, o) for o in orders} == {"allocated"}
    with floor.store.read() as tx:
        assert sorted(tx.scalars(select(OrderLine.allocated))) == [1, 2, 2]
    assert verified(floor)


def test_a_count_older_than_what_was_taken_since_is_counted_again(floor: Floor) -> None:
    row, orders = three_orders(floor)
    released(floor, *orders)
    floor.do(lambda tx: stock.ask_count(tx, row, "short pick"))
    scan(counter(floor), own("BIN", "A-01-1"), "1")
    bring_to_pick = orders[0]
    bring_picked(floor, bring_to_pick)
    with pytest.raises(Refused) as refusal:
        counter(floor, "supervisor", "Ana").act("approve")
    assert refusal.value.code == "taken_since"
    assert verified(floor)


def test_bins_in_doubt_stand_in_the_order_of_the_walk(floor: Floor) -> None:
    in_doubt(floor, "B-01-1")
    in_doubt(floor, "A-01-1", "TOWEL")
    chen = counter(floor)
    assert [d.bin for d in chen.view.doubts] == ["A-01-1", "B-01-1"]
