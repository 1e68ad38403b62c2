"""Stock is the sum of its movements, and never promises what is not there."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.builders import Floor
from wms_app.base.codes import new_id
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import CountTask, Movement, Stock


def on_hand(floor: Floor, row: int) -> tuple[int, int]:
    with floor.store.read() as tx:
        found = tx.first(select(Stock.on_hand, Stock.allocated).where(Stock.id == row))
        assert found is not None
        return found.on_hand, found.allocated


def test_stock_is_the_sum_of_its_movements(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 10)
    floor.do(lambda tx: stock.apply(tx, [stock.Change(row, -3, 0, "count")]))
    with floor.store.read() as tx:
        total = tx.scalar(select(func.sum(Movement.quantity)).where(Movement.stock_id == row))
    assert on_hand(floor, row) == (7, 0)
    assert total == 7


def test_more_than_is_there_is_never_promised(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 2)
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: stock.apply(tx, [stock.Change(row, 0, 3)]))
    assert refusal.value.code == "stock_changed"
    assert on_hand(floor, row) == (2, 0)


def test_one_bad_change_undoes_the_whole_operation(floor: Floor) -> None:
    mugs, towels = floor.add_stock("MUG", "A-01-1", 2), floor.add_stock("TOWEL", "A-01-2", 2)
    changes = [stock.Change(mugs, 0, 1), stock.Change(towels, 0, 9)]
    with pytest.raises(Refused):
        floor.do(lambda tx: stock.apply(tx, changes))
    assert on_hand(floor, mugs) == (2, 0)


def test_the_same_operation_is_applied_once_and_gives_the_first_answer(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 5)
    scan = new_id()

    def take(tx: Tx) -> int:
        stock.apply(tx, [stock.Change(row, -1, 0, "count")])
        return 4

    first = floor.store.write(scan, floor.who(), "count", take)
    again = floor.store.write(scan, floor.who(), "count", lambda tx: 99)
    assert (first, again) == (4, 4)
    assert on_hand(floor, row) == (4, 0)


def test_damaged_pieces_go_to_quarantine_with_their_promise(floor: Floor) -> None:
    row = floor.add_stock("POT", "A-02-1", 4)
    floor.do(lambda tx: stock.apply(tx, [stock.Change(row, 0, 3)]))
    floor.do(lambda tx: stock.to_quarantine(tx, row, 2, promised=True))
    assert on_hand(floor, row) == (2, 1)
    with floor.store.read() as tx:
        there = tx.first(
            select(Stock.on_hand, Stock.frozen).where(Stock.bin_id == floor.bins["Q-1"])
        )
    assert there is not None
    assert (there.on_hand, there.frozen) == (2, True)


def test_a_doubted_bin_is_counted_once_and_its_count_becomes_the_truth(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 5)
    task = floor.do(lambda tx: stock.ask_count(tx, row, "short pick"))
    assert floor.do(lambda tx: stock.ask_count(tx, row, "short pick")) == task
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: stock.approve_count(tx, task))
    assert refusal.value.code == "not_counted"
    floor.do(lambda tx: tx.execute(update(CountTask).values(counted=3)) and None)
    floor.do(lambda tx: stock.approve_count(tx, task))
    assert on_hand(floor, row) == (3, 0)


@pytest.mark.parametrize("table", ["journal", "movements"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_record_can_not_be_rewritten_even_by_sql(floor: Floor, table: str, change: str) -> None:
    row = floor.add_stock("MUG", "A-01-1", 5)
    floor.do(lambda tx: stock.ask_count(tx, row, "test"))
    with pytest.raises(DBAPIError, match="append-only"):
        floor.do(lambda tx: tx.execute(text(change.format(table))) and None)


def test_a_set_of_ids_is_one_parameter_whatever_its_size(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 5)
    with floor.store.read() as tx:
        assert tx.scalars(select(Stock.id).where(among(Stock.id, [row, *range(9000, 99000)])))
        assert not tx.scalars(select(Stock.id).where(among(Stock.id, [])))
