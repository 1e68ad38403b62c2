"""A warehouse moves from one store to another: every row, or nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from tests.builders import Floor
from tests.postgres import Server
from wms_app.app import open_store
from wms_app.base.copying import copy_store
from wms_app.base.db import Store
from wms_app.base.journal import JournalLine
from wms_app.base.operations import Operation
from wms_app.base.refusal import Refused
from wms_app.office.verify.service import verify


def worked_on(floor: Floor) -> Floor:
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_order({"MUG": 1}, city="Köln", name="Ольга 王")
    floor.add_order({"MUG": 2})
    return floor


def count(store: Store, table: type[JournalLine] | type[Operation]) -> int:
    with store.read() as tx:
        return int(tx.scalar(select(func.count()).select_from(table)))


def test_a_warehouse_moves_to_postgres_and_back(
    floor: Floor, postgres: Server, tmp_path: Path
) -> None:
    worked_on(floor)
    url = postgres.database()
    large, home = open_store(url), open_store(f"sqlite:///{tmp_path / 'home.sqlite'}")
    there = copy_store(floor.store, large)
    back = copy_store(large, home)
    assert there.rows == back.rows > 40
    for store in (large, home):
        assert count(store, JournalLine) == count(floor.store, JournalLine)
        with store.read() as tx:
            assert verify(tx) == []
    large.close()
    home.close()
    postgres.drop(url)


def test_work_goes_on_in_the_new_store(floor: Floor, postgres: Server) -> None:
    worked_on(floor)
    url = postgres.database()
    large = open_store(url)
    copy_store(floor.store, large)
    moved = replace(floor, store=large)
    order = moved.add_order({"MUG": 1})
    with large.read() as tx:
        assert order == tx.scalar(text("SELECT max(id) FROM orders"))
        assert verify(tx) == []
    large.close()
    postgres.drop(url)


def test_a_store_that_holds_anything_is_not_written_over(floor: Floor, tmp_path: Path) -> None:
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    copy_store(floor.store, other)
    with pytest.raises(Refused) as refusal:
        copy_store(floor.store, other)
    assert refusal.value.code == "store_exists"
    other.close()


def test_a_copy_that_is_stopped_leaves_nothing(floor: Floor, tmp_path: Path) -> None:
    worked_on(floor)
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    with pytest.raises(Refused):
        copy_store(floor.store, other, lambda done, total: done < total // 2)
    assert count(other, Operation) == 0
    assert copy_store(floor.store, other).rows
    other.close()


def test_a_row_that_reads_back_differently_stops_the_copy(
    floor: Floor, postgres: Server, tmp_path: Path
) -> None:
    worked_on(floor)
    url = postgres.database(postgres.template)
    large = open_store(url)
    with large.engine.begin() as conn:
        conn.execute(
            text(
                "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS "
                "$$BEGIN NEW.ordered := NEW.ordered + 1; RETURN NEW; END$$"
            )
        )
        conn.execute(
            text(
                "CREATE TRIGGER spoil BEFORE INSERT ON order_lines "
                "FOR EACH ROW EXECUTE FUNCTION spoil()"
            )
        )
    with pytest.raises(Refused) as refusal:
        copy_store(floor.store, large)
    assert refusal.value.code == "copy_differs"
    assert "ordered" in refusal.value.text
    assert count(large, Operation) == 0
    large.close()
    postgres.drop(url)
