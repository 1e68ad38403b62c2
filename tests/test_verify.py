"""`wms verify` finds nothing in a true store, and every kind of lie in a false one."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.builders import Floor
from wms_app.base.db import Tx
from wms_app.office.verify.service import verify


def findings(floor: Floor) -> list[str]:
    with floor.store.read() as tx:
        return [finding.code for finding in verify(tx)]


def test_a_true_store_has_no_findings(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_order({"MUG": 2})
    assert findings(floor) == []


LIES = {
    "stock_ledger": "UPDATE stock SET on_hand = on_hand + 1",
    "stock_promises": "UPDATE stock SET allocated = 1",
    "holds": "UPDATE orders SET holds = 1",
    "unjournalled": "UPDATE orders SET state = 'packed'",
    "line_packed": "UPDATE order_lines SET allocated = 1, picked = 1, packed = 1",
    "told": "UPDATE orders SET state = 'handed_over'",
    "illegal_move": "INSERT INTO journal (warehouse_id, at, operation_id, verb, noun, noun_id, "
    "before, after) SELECT 1, at, id, 'packed', 'order', 1, '', 'packed' FROM operations",
}


@pytest.mark.parametrize("code", LIES)
def test_a_lie_is_found_and_named(floor: Floor, code: str) -> None:
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_order({"MUG": 2})

    def lie(tx: Tx) -> None:
        tx.execute(text(LIES[code]))

    floor.do(lie)
    assert code in findings(floor)
