"""Promises: urgent orders first, whole orders, the right bin, and every choice explained."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from tests.builders import Floor
from wms_app.base import clock
from wms_app.base.db import Tx
from wms_app.base.outbox import Message
from wms_app.floor.allocation import buildings, service
from wms_app.floor.allocation.choose import Free, Shelf, Want, Wish, plan
from wms_app.floor.allocation.explain import explain
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Bin, Client, Warehouse
from wms_app.floor.orders import holds
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Stock
from wms_app.office.verify.service import verify


def true(floor: Floor) -> None:
    with floor.store.read() as tx:
        assert verify(tx) == []


def test_the_promised_come_first_and_the_rest_wait_short(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 3)
    early = floor.add_order({"MUG": 2})
    prime = floor.add_order({"MUG": 2}, priority=5)
    outcome = service.allocate_all(floor.store, floor.who())
    assert (outcome.allocated, outcome.short, outcome.units) == (1, 1, 2)
    assert floor.state(Order, prime) == "allocated"
    assert floor.state(Order, early) == "short"
    with floor.store.read() as tx:
        assert explain(tx, early) == ["short: 2 of MUG missing, 1 free"]
    true(floor)


def test_a_short_order_goes_on_when_stock_comes_and_is_not_journalled_until_then(
    floor: Floor,
) -> None:
    order = floor.add_order({"MUG": 2})
    for _turn in range(3):
        service.allocate_all(floor.store, floor.who())
    assert floor.state(Order, order) == "short"
    floor.add_stock("MUG", "A-01-1", 2)
    service.allocate_all(floor.store, floor.who())
    assert floor.state(Order, order) == "allocated"
    true(floor)


def test_held_orders_get_nothing_and_say_why(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 2)
    order = floor.add_order({"MUG": 1})
    floor.do(lambda tx: holds.hold(tx, order, "address"))
    assert service.allocate_all(floor.store, floor.who()).held == 1
    with floor.store.read() as tx:
        assert explain(tx, order) == ["held: address"]
    true(floor)


def test_what_expires_first_goes_first_and_what_has_expired_never(floor: Floor) -> None:
    clock.set_clock(lambda: datetime(2026, 11, 24, 18, tzinfo=UTC))
    floor.add_stock("TEA", "A-01-1", 5, "OLD", date(2026, 11, 1))
    floor.add_stock("TEA", "A-01-2", 5, "LATER", date(2027, 6, 1))
    soon = floor.add_stock("TEA", "R-01-1", 5, "SOON", date(2027, 1, 1))
    order = floor.add_order({"TEA": 2})
    service.allocate_all(floor.store, floor.who())
    with floor.store.read() as tx:
        row = tx.first(select(Allocation.stock_id, Allocation.why))
        assert row is not None
        assert tuple(row) == (soon, "expires_first")
        assert explain(tx, order) == ["2 × TEA from R-01-1: expires first"]


@pytest.mark.parametrize(
    ("stocks", "pieces", "chosen", "why"),
    [
        ({"R-01-1": 9, "A-03-2": 9}, 2, ["A-03-2"], "pick_zone"),
        ({"A-01-1": 1, "A-03-2": 4}, 3, ["A-03-2"], "one_stop"),
        ({"A-01-1": 9, "A-03-2": 4}, 3, ["A-03-2"], "finish_bin"),
        ({"A-01-1": 4, "A-03-2": 4}, 3, ["A-01-1"], "short_walk"),
    ],
)
def test_the_bin_is_chosen_step_by_step(
    floor: Floor, stocks: dict[str, int], pieces: int, chosen: list[str], why: str
) -> None:
    rows = {bin: floor.add_stock("MUG", bin, count) for bin, count in stocks.items()}
    floor.add_order({"MUG": pieces})
    service.allocate_all(floor.store, floor.who())
    with floor.store.read() as tx:
        found = tx.rows(select(Allocation.stock_id, Allocation.why))
    assert [(row.stock_id, row.why) for row in found] == [(rows[bin], why) for bin in chosen]


def test_a_client_that_ships_in_parts_gets_what_is_there(floor: Floor) -> None:
    floor.do(lambda tx: tx.execute(update(Client).values(ships_in_parts=True)) and None)
    floor.add_stock("MUG", "A-01-1", 1)
    order = floor.add_order({"MUG": 3})
    service.allocate_all(floor.store, floor.who())
    assert floor.state(Order, order) == "allocated"
    true(floor)


def test_promises_are_given_back_whole(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 3)
    order = floor.add_order({"MUG": 2})
    service.allocate_all(floor.store, floor.who())
    floor.do(lambda tx: service.free(tx, [order]))
    with floor.store.read() as tx:
        assert tx.scalar(select(Stock.allocated).where(Stock.id == row)) == 0


@pytest.fixture
def two_warehouses(floor: Floor) -> dict[str, int]:
    """LAX1 near Los Angeles and EWR1 near New York; gives their ids."""

    def work(tx: Tx) -> None:
        tx.execute(update(Warehouse).values(postal_code="90058"))
        second = {"id": 2, "code": "EWR1", "country": "US", "postal_code": "07114"}
        tx.execute(insert(Warehouse), [{**second, "zone": "America/New_York"}])
        tx.execute(insert(Bin), [{"id": 900, "warehouse_id": 2, "code": "E-1", "kind": "pick"}])

    floor.do(work)
    return {"LAX1": 1, "EWR1": 2}


def stock_in_the_east(floor: Floor, sku: str, pieces: int) -> int:
    def work(tx: Tx) -> int:
        row = stock.row_of(tx, 2, 900, floor.skus[sku], "")
        stock.apply(tx, [stock.Change(row, pieces, 0, "opening")])
        return row

    return floor.do(work)


def choose_rule(floor: Floor, rule: str) -> None:
    floor.do(lambda tx: tx.execute(update(Client).values(warehouse_rule=rule)) and None)


def home_of(floor: Floor, order: int) -> tuple[int, list[str]]:
    with floor.store.read() as tx:
        home = tx.scalar(select(Order.warehouse_id).where(Order.id == order))
        return int(home), explain(tx, order)


def test_an_order_goes_out_from_the_nearest_warehouse_that_has_all_of_it(
    floor: Floor, two_warehouses: dict[str, int]
) -> None:
    choose_rule(floor, "nearest")
    floor.add_stock("MUG", "A-01-1", 9)
    stock_in_the_east(floor, "MUG", 1)
    boston = {"postal_code": "02108", "region": "MA", "city": "Boston"}
    small = floor.add_order({"MUG": 1}, **boston)
    large = floor.add_order({"MUG": 5}, **boston)
    service.allocate_all(floor.store, floor.who())
    home, said = home_of(floor, small)
    assert home == two_warehouses["EWR1"]
    assert said[0] == "from EWR1: nearest to the address that has it"
    assert home_of(floor, large)[0] == two_warehouses["LAX1"]
    with floor.store.read() as tx:
        lines = tx.scalars(select(OrderLine.warehouse_id).where(OrderLine.order_id == small))
    assert lines == [two_warehouses["EWR1"]]
    true(floor)


def test_the_slowest_stock_goes_first_when_the_client_says_so(
    floor: Floor, two_warehouses: dict[str, int]
) -> None:
    choose_rule(floor, "slowest")
    fast = floor.add_stock("MUG", "A-01-1", 30)
    stock_in_the_east(floor, "MUG", 20)
    floor.do(lambda tx: stock.apply(tx, [stock.Change(fast, -9, 0, "pick")]))
    order = floor.add_order({"MUG": 1})
    service.allocate_all(floor.store, floor.who())
    assert home_of(floor, order)[0] == two_warehouses["EWR1"]


def test_by_a_fixed_rule_the_other_warehouse_is_never_asked(
    floor: Floor, two_warehouses: dict[str, int]
) -> None:
    stock_in_the_east(floor, "MUG", 20)
    order = floor.add_order({"MUG": 1})
    service.allocate_all(floor.store, floor.who())
    assert floor.state(Order, order) == "short"


def test_zip_codes_are_as_far_apart_as_the_map_says() -> None:
    assert 3900 < buildings.kilometres("90058", "02108") < 4300
    assert buildings.kilometres("90058", "no such") == float("inf")


def test_a_short_bin_is_made_up_from_another_one_or_not_at_all(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 2)
    other = floor.add_stock("MUG", "A-03-2", 3)
    floor.add_order({"MUG": 2})
    service.allocate_all(floor.store, floor.who())
    with floor.store.read() as tx:
        first = tx.first(
            select(Allocation.id, Allocation.stock_id, Allocation.line_id, Allocation.quantity)
        )
    assert first is not None

    def find_another(tx: Tx) -> list[int]:
        service.give_back(tx, [(first.id, first.stock_id, first.line_id, first.quantity, 0, 0)])
        assert service.allocate_elsewhere(tx, first.id, 4) == []
        return service.allocate_elsewhere(tx, first.id, 2)

    made = floor.do(find_another)
    with floor.store.read() as tx:
        rows = tx.rows(
            select(Allocation.id, Allocation.stock_id, Allocation.quantity).where(
                Allocation.state == "open"
            )
        )
    assert [tuple(row) for row in rows] == [(made[0], other, 2)]
    true(floor)


def test_channels_hear_what_can_still_be_sold(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_order({"MUG": 2})
    service.allocate_all(floor.store, floor.who())
    with floor.store.read() as tx:
        told = tx.scalars(select(Message.payload).where(Message.kind == "stock"))
    assert told == [{"client": "NW", "available": {"MUG": 3}}]


def test_allocation_stops_between_chunks_when_it_is_called_off(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 5)
    order = floor.add_order({"MUG": 2})
    service.allocate_all(floor.store, floor.who(), progress=lambda done, total: False)
    assert floor.state(Order, order) == "received"


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9)), max_size=8),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 5)), max_size=12),
)
def test_no_plan_promises_what_is_not_there(
    stocks: list[tuple[int, int]], orders: list[tuple[int, int]]
) -> None:
    shelves = [Shelf(i, 1, sku, "pick", i, free) for i, (sku, free) in enumerate(stocks)]
    had = {shelf.stock_id: shelf.free for shelf in shelves}
    wishes = [
        Wish(
            number, (Want(number, sku, pieces),), (1,), received_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
        for number, (sku, pieces) in enumerate(orders)
    ]
    made = plan(wishes, Free(shelves, {1: date(2026, 1, 1)}))
    for stock_id, free in had.items():
        assert sum(take.pieces for take in made.takes if take.stock_id == stock_id) <= free
    wanted = {wish.order_id: wish.wants[0].pieces for wish in wishes}
    for order_id in made.homes:
        assert sum(t.pieces for t in made.takes if t.order_id == order_id) == wanted[order_id]
    assert set(made.homes) | set(made.short) == set(wanted)
    assert not set(made.homes) & set(made.short)
