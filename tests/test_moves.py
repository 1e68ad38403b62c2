"""States move only as their table allows, each move with its journal line, on both stores alike."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, select, update

from tests.builders import Floor
from wms_app.base.db import Tx
from wms_app.base.journal import JournalLine
from wms_app.base.moves import MovesWhere, MoveWhere
from wms_app.base.operations import Operation
from wms_app.floor.orders.model import Order
from wms_app.floor.stock.model import COUNT_MOVES, CountTask
from wms_app.floor.stock.service import ask_count

MOVES = {"received": frozenset({"allocated"}), "allocated": frozenset({"released"})}
COUNTED = MoveWhere(
    CountTask, "count", "counted", COUNT_MOVES, CountTask.reason == "doubt", "counted"
)
PAID = MoveWhere(Order, "order", "allocated", MOVES, Order.paid.is_(True), "service")


def lines(floor: Floor) -> list[tuple[str, int, str, str]]:
    """What the journal tells of moves to `allocated`: verb, order, state after, whose operation."""
    with floor.store.read() as tx:
        rows = tx.rows(
            select(JournalLine.verb, JournalLine.noun_id, JournalLine.after, Operation.verb)
            .join(Operation, Operation.id == JournalLine.operation_id)
            .where(JournalLine.noun == "order", JournalLine.verb == "allocated")
            .order_by(JournalLine.id)
        )
    return [tuple(row) for row in rows]


def service(floor: Floor, order_id: int) -> str:
    with floor.store.read() as tx:
        return str(tx.scalar(select(Order.service).where(Order.id == order_id)))


@pytest.mark.parametrize("waited_for", [False, True])
def test_a_move_is_made_where_its_condition_holds_and_else_is_not(
    floor: Floor, waited_for: bool
) -> None:
    paid, unpaid = floor.add_order({"MUG": 1}), floor.add_order({"MUG": 1}, paid=False)
    heard: list[bool] = []

    def work(tx: Tx) -> None:
        for number in (paid, unpaid, paid):  # the third time it is there already
            if waited_for:
                heard.append(PAID.made(tx, number, service="express"))
            else:
                PAID.tell(tx, number, service="express")

    floor.do(work)
    assert heard == ([True, False, False] if waited_for else [])
    assert [floor.state(Order, one) for one in (paid, unpaid)] == ["allocated", "received"]
    assert [service(floor, one) for one in (paid, unpaid)] == ["express", "standard"]
    ((verb, number, after, _operation),) = lines(floor)
    assert (verb, number, after) == ("allocated", paid, "allocated")


def test_several_moves_are_made_each_where_it_may_after_the_change_beside_them(
    floor: Floor,
) -> None:
    paid, unpaid = floor.add_order({"MUG": 1}), floor.add_order({"MUG": 1}, paid=False)
    row, other = floor.add_stock("MUG", "A-01-1", 2), floor.add_order({"MUG": 1})
    task = floor.do(lambda tx: ask_count(tx, row, "doubt"))
    beside = update(Order).where(Order.id == bindparam("other")).values(priority=Order.priority + 1)
    all_of_it = MovesWhere(PAID, COUNTED, beside=beside)

    def work(tx: Tx) -> None:
        for number in (unpaid, paid):
            all_of_it.tell(tx, [number, task], {"other": other}, service="express", counted=2)

    floor.do(work)
    assert [floor.state(Order, one) for one in (paid, unpaid)] == ["allocated", "received"]
    assert floor.state(CountTask, task) == "counted"
    with floor.store.read() as tx:
        assert tx.scalar(select(Order.priority).where(Order.id == other)) == 2
        assert tx.scalar(select(CountTask.counted)) == 2
        moved = select(JournalLine.noun, JournalLine.noun_id, JournalLine.after)
        told = tx.rows(moved.where(JournalLine.after.in_(("counted", "allocated"))))
    assert sorted(map(tuple, told)) == [
        ("count", task, "counted"),
        ("order", paid, "allocated"),
    ]


def test_its_condition_sees_what_was_changed_before_in_the_same_operation(floor: Floor) -> None:
    order_id = floor.add_order({"MUG": 1}, paid=False)

    def work(tx: Tx) -> None:
        tx.execute(Order.__table__.update().values(paid=True))  # type: ignore[attr-defined]
        PAID.tell(tx, order_id, service="standard")

    floor.do(work)
    assert floor.state(Order, order_id) == "allocated"
