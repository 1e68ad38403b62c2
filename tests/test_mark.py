"""The mark of an embedded store: equal ones say that nobody changed anything in between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from tests.builders import Floor
from wms_app.base.codes import new_id
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.floor.picking.model import Tote


def mark(floor: Floor) -> object:
    with floor.store.read() as tx:
        return tx.mark


def found(floor: Floor, before: object) -> bool:
    """Whether a change would find the store as it was."""
    return floor.do(lambda tx: tx.found(before))


def add_tote(tx: Tx) -> None:
    tx.execute(insert(Tote).values(warehouse_id=tx.who.warehouse_id, code="T-1"))


def rename_totes(tx: Tx) -> None:
    tx.execute(update(Tote).values(code="T-2"))


def refused_after_a_change(floor: Floor) -> None:
    def work(tx: Tx) -> None:
        add_tote(tx)
        raise Refused("no", "not so")

    with pytest.raises(Refused):
        floor.do(work)


def by_another_connection(floor: Floor) -> None:
    other = Store(str(floor.store.url))
    other.write(new_id(), floor.who(), "tote", add_tote)
    other.close()


CHANGES: dict[str, Callable[[Floor], object]] = {
    "by itself": lambda floor: floor.do(add_tote),
    "by another connection": by_another_connection,
    "taken back": refused_after_a_change,
    "without a row": lambda floor: floor.do(rename_totes),  # but its operation is kept
}


def test_nothing_has_changed_while_people_only_look(floor: Floor) -> None:
    before = mark(floor)
    assert mark(floor) == before
    other = Store(str(floor.store.url))
    with other.read() as tx:
        assert not tx.found(before)  # a mark is worth something on its own connection only
    other.close()
    assert found(floor, before)


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_is_changed_is_noticed(floor: Floor, what: str) -> None:
    before = mark(floor)
    CHANGES[what](floor)
    assert not found(floor, before)
    assert not found(floor, None)


def test_a_change_knows_what_it_found_and_what_it_leaves(floor: Floor) -> None:
    before = mark(floor)
    marks: list[object] = []

    def work(tx: Tx) -> None:
        assert tx.found(before)
        add_tote(tx)
        marks.append(tx.mark)
        assert tx.found(before)  # what it began with
        assert not tx.found(tx.mark)

    floor.do(work)
    assert found(floor, marks[0])
    assert not found(floor, marks[0])  # the question was asked in a change of its own


def test_what_was_taken_back_leaves_no_mark_that_holds(floor: Floor) -> None:
    marks: list[object] = []

    def work(tx: Tx) -> None:
        add_tote(tx)
        marks.append(tx.mark)
        raise Refused("no", "not so")

    with pytest.raises(Refused):
        floor.do(work)
    assert not found(floor, marks[0])


def test_a_store_that_was_opened_again_knows_no_mark_of_before(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/dock.sqlite"
    first = Store(url)
    first.create()
    with first.read() as tx:
        before = tx.mark
    first.close()
    again = Store(url)
    with again.read() as tx:
        assert not tx.found(before)
    again.close()
