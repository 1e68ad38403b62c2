"""Prepared statements say the same as any other, on the quick way to SQLite too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders import Floor
from tests.plans import plan_of
from wms_app.base import journal
from wms_app.base.codes import new_id
from wms_app.base.db import Tx
from wms_app.base.journal import JournalLine
from wms_app.base.operations import Operation
from wms_app.base.pipe import COPY_FROM
from wms_app.base.prepared import Prepared, PreparedInsert
from wms_app.base.refusal import Refused
from wms_app.base.schema import among, among_given
from wms_app.floor.orders.model import Order
from wms_app.floor.stock.model import Stock

RECENT = Prepared(
    select(Order.id, Order.number, Order.ship_by, Order.paid).where(
        Order.state.in_(("received", "short")), Order.received_at <= bindparam("until")
    )
)
ROWS = Prepared(
    select(Stock.id, Stock.expires, Stock.frozen)
    .where(among_given(Stock.id, "ids"))
    .order_by(Stock.id)
)
FREEZE = Prepared(update(Stock).where(Stock.id == bindparam("row")).values(frozen=bindparam("on")))
PROMISE = Prepared(
    update(Stock).where(Stock.id == bindparam("row")).values(allocated=bindparam("pieces"))
)
LOTS = PreparedInsert(Stock, "warehouse_id", "sku_id", "bin_id", "lot", "expires")
SHELF = PreparedInsert(Stock, "warehouse_id", "sku_id", "bin_id", "expires", returning="id")


def test_times_truths_and_dates_come_back_as_they_are(floor: Floor) -> None:
    order = floor.add_order({"MUG": 1}, number="#1")
    row = floor.add_stock("TEA", "A-01-1", 2, "L1", date(2027, 3, 1))
    with floor.store.read() as tx:
        found = RECENT.first(tx, until=tx.now + timedelta(minutes=1))
        plain = tx.first(select(Order.id, Order.number, Order.ship_by, Order.paid))
        assert plain is not None
        assert tuple(found) == tuple(plain)
        assert (found.id, found.number, found.paid) == (order, "#1", True)
        assert RECENT.rows(tx, until=tx.now - timedelta(days=1)) == []
        assert ROWS.rows(tx, ids=[row, 4711]) == [(row, date(2027, 3, 1), False)]


def test_columns_that_are_not_named_take_their_defaults(floor: Floor) -> None:
    values = {"warehouse_id": 1, "sku_id": floor.skus["MUG"], "bin_id": floor.bins["A-01-1"]}
    row = floor.do(lambda tx: SHELF.scalar(tx, expires=None, **values))
    with floor.store.read() as tx:
        made = tx.first(select(Stock.lot, Stock.on_hand, Stock.frozen).where(Stock.id == row))
    assert made is not None
    assert tuple(made) == ("", 0, False)


def test_it_says_how_many_rows_changed(floor: Floor) -> None:
    first, second = (floor.add_stock("MUG", bin, 2) for bin in ("A-01-1", "A-01-2"))
    assert floor.do(lambda tx: FREEZE.run(tx, row=first, on=True)) == 1
    rows = [{"row": first, "on": False}, {"row": second, "on": True}, {"row": 4711, "on": True}]
    assert floor.do(lambda tx: FREEZE.many(tx, rows)) == 2
    assert floor.do(lambda tx: FREEZE.many(tx, [])) == 0


def test_a_change_that_must_be_made_is_refused_with_all_before_it(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 2)

    def work(tx: Tx) -> None:
        FREEZE.must(tx, [{"row": row, "on": True}], lambda: Refused("first", "Not the first."))
        FREEZE.must(tx, [{"row": 4711, "on": True}], lambda: Refused("second", "Not the second."))
        FREEZE.tell(tx, row=row, on=True)

    with pytest.raises(Refused) as refusal:
        floor.do(work)
    assert refusal.value.code == "second"
    with floor.store.read() as tx:
        assert ROWS.rows(tx, ids=[row]) == [(row, None, False)]


def test_what_was_missed_goes_before_an_error_that_follows_from_it(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 2)

    def work(tx: Tx) -> None:
        FREEZE.must(tx, [{"row": 4711, "on": True}], lambda: Refused("missed", "Not there."))
        PROMISE.tell(tx, row=row, pieces=3)  # more than lie there: the database refuses

    with pytest.raises(Refused) as refusal:
        floor.do(work)
    assert refusal.value.code == "missed"


def test_an_error_goes_before_what_was_not_done_because_of_it(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 2)

    def work(tx: Tx) -> None:
        PROMISE.tell(tx, row=row, pieces=3)
        FREEZE.must(tx, [{"row": row, "on": True}], lambda: Refused("missed", "Not there."))

    with pytest.raises(IntegrityError):
        floor.do(work)


def test_many_rows_are_kept_as_single_ones_are(floor: Floor) -> None:
    values = {"warehouse_id": 1, "sku_id": floor.skus["TEA"], "bin_id": floor.bins["A-01-1"]}
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(COPY_FROM)]
    rows = [{**values, "lot": f"L{n}\t\\", "expires": day} for n, day in enumerate(days)]
    floor.do(lambda tx: LOTS.tell_each(tx, rows))
    floor.do(lambda tx: LOTS.tell(tx, **values, lot="", expires=None))
    with floor.store.read() as tx:
        kept = tx.rows(select(Stock.lot, Stock.expires, Stock.on_hand, Stock.frozen))
    wanted = {(row["lot"], row["expires"], 0, False) for row in rows} | {("", None, 0, False)}
    assert {tuple(row) for row in kept} == wanted


def test_an_error_of_what_nobody_asked_for_undoes_all(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 2)

    def work(tx: Tx) -> None:
        FREEZE.tell(tx, row=row, on=True)
        PROMISE.tell(tx, row=row, pieces=3)
        FREEZE.tell(tx, row=row, on=True)

    with pytest.raises(IntegrityError):
        floor.do(work)
    assert floor.do(lambda tx: FREEZE.run(tx, row=row, on=False)) == 1
    with floor.store.read() as tx:
        assert ROWS.rows(tx, ids=[row]) == [(row, None, False)]


def test_what_a_truth_forbids_is_refused_as_by_any_statement(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 2)
    with pytest.raises(IntegrityError) as refusal:
        floor.do(lambda tx: PROMISE.run(tx, row=row, pieces=3))
    assert isinstance(refusal.value, DBAPIError)
    with floor.store.read() as tx:
        assert tx.scalar(select(Stock.allocated).where(Stock.id == row)) == 0


def test_a_journal_line_without_detail_says_nothing(floor: Floor) -> None:
    floor.do(lambda tx: journal.record(tx, "looked", "bin", [1]))
    with floor.store.read() as tx:
        quiet = select(JournalLine.id).where(
            JournalLine.verb == "looked", JournalLine.detail.is_(None)
        )
        assert len(tx.scalars(quiet)) == 1


def test_a_set_of_ids_is_looked_up_by_its_index(floor: Floor) -> None:
    statement = select(Order.number).where(among(Order.id, [1, 2, 3]), Order.holds == 0)
    plan = plan_of(floor.store, statement)
    assert not plan.reads_all_of("orders")
    assert plan.uses("INTEGER PRIMARY KEY" if floor.store.sqlite else "pk_orders")


def test_a_sum_of_pieces_is_a_whole_number(floor: Floor) -> None:
    for bin in ("A-01-1", "A-01-2"):
        floor.add_stock("MUG", bin, 2)
    plain = select(func.sum(Stock.on_hand), func.avg(Stock.on_hand + 1))
    with floor.store.read() as tx:
        found = tx.first(plain)
        assert found is not None
        assert (type(found[0]), found[0], float(found[1])) == (int, 4, 3.0)
        assert [type(value) for value in Prepared(plain).rows(tx)[0]][:1] == [int]


def test_an_answer_that_is_asked_last_is_there_when_all_is_done(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 9)
    frozen = Prepared(select(func.count()).where(Stock.frozen))
    asked = []

    def work(tx: Tx) -> None:
        asked.append(frozen.later(tx))
        FREEZE.tell(tx, row=row, on=True)
        asked.append(frozen.later(tx))

    floor.do(work)
    assert [answer.rows[0][0] for answer in asked] == [0, 1]


def test_what_can_be_done_meanwhile_is_done_once_with_the_answers_and_before_it_is_told(
    floor: Floor,
) -> None:
    count = Prepared(select(func.count()).where(Stock.frozen))
    row, seen = floor.add_stock("MUG", "A-01-1", 9), []

    def work(tx: Tx) -> str:
        FREEZE.must(tx, [{"row": row, "on": True}], lambda: Refused("none", "None."))
        frozen = count.later(tx)
        tx.meanwhile(lambda: seen.append(frozen.rows[0][0]))
        return "said"

    operation = new_id()
    assert floor.store.write(operation, floor.who(), "freeze", work) == "said"
    assert seen == [1]
    assert floor.store.write(operation, floor.who(), "freeze", work) == "said"
    assert seen == [1]  # done before: nothing is committed


def test_nothing_is_done_meanwhile_where_nothing_is_committed(floor: Floor) -> None:
    seen: list[int] = []

    def work(tx: Tx) -> None:
        tx.meanwhile(lambda: seen.append(1))
        FREEZE.must(tx, [{"row": 4711, "on": True}], lambda: Refused("none", "None."))

    with pytest.raises(Refused):
        floor.do(work)
    assert seen == []


def test_an_error_of_what_is_done_meanwhile_is_raised_and_the_change_stands(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 9)

    def fail() -> None:
        raise LookupError("a bug")

    def work(tx: Tx) -> None:
        tx.meanwhile(fail)
        FREEZE.tell(tx, row=row, on=True)

    with pytest.raises(LookupError):
        floor.do(work)
    with floor.store.read() as tx:
        assert tx.scalars(select(Stock.frozen)) == [True]
    floor.do(lambda tx: FREEZE.tell(tx, row=row, on=False))  # the connection is good, or a new one
    with floor.store.read() as tx:
        assert tx.scalars(select(Stock.frozen)) == [False]


def test_an_answer_that_is_needed_sooner_is_waited_for(floor: Floor) -> None:
    count = Prepared(select(func.count()).select_from(Stock))
    assert floor.do(lambda tx: int(count.later(tx).rows[0][0])) == 0


def test_a_line_told_before_the_claim_is_answered_stands_under_its_operation(floor: Floor) -> None:
    for count in (1, COPY_FROM):
        floor.do(lambda tx, count=count: journal.record(tx, "seen", "thing", range(count)))  # type: ignore[misc]
        with floor.store.read() as tx:
            (found,) = tx.scalars(
                select(JournalLine.operation_id)
                .where(JournalLine.noun == "thing")
                .group_by(JournalLine.operation_id)
                .having(func.count() == count)
            )
            assert found == tx.scalar(select(func.max(Operation.id)))
