"""The only place where quantities change: the movement and the stock row, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, insert, literal_column, select, update

from wms_app.base import journal
from wms_app.base.db import Tx
from wms_app.base.moves import move
from wms_app.base.prepared import OWN_OPERATION, Prepared, PreparedInsert, one_each
from wms_app.base.refusal import Refused
from wms_app.base.schema import BigId, among_given
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Bin
from wms_app.floor.stock.model import COUNT_MOVES, CountTask, Movement, Stock


@dataclass(frozen=True)
class Change:
    """By how many pieces one stock row changes; `reason` is one of model.REASONS."""

    stock_id: int
    on_hand: int = 0
    allocated: int = 0
    reason: str = ""
    line_id: int | None = None


_changing = (
    update(Stock)
    .where(
        Stock.id == bindparam("of_stock"),
        Stock.on_hand + bindparam("more") >= Stock.allocated + bindparam("promised"),
        Stock.allocated + bindparam("promised") >= 0,
    )
    .values(
        on_hand=Stock.on_hand + bindparam("more"),
        allocated=Stock.allocated + bindparam("promised"),
    )
)

_change = Prepared(_changing)
_move = PreparedInsert(
    Movement,
    "warehouse_id",
    "at",
    "stock_id",
    "quantity",
    "reason",
    "operation_id",
    "line_id",
)


def _moving() -> Prepared:
    """Both as one statement of Postgres, which fails where nothing was changed."""
    changed = _changing.returning(Stock.id).cte("changed")
    number = bindparam("operation_id", type_=BigId)
    values: dict[str, Any] = {
        name: bindparam(name, type_=Movement.__table__.c[name].type)
        for name in ("warehouse_id", "at", "reason", "line_id")
    }
    values |= {
        "stock_id": changed.c.id,
        "quantity": bindparam("more", type_=Movement.quantity.type),
        "operation_id": func.coalesce(number, literal_column(OWN_OPERATION)),
    }
    moved = insert(Movement).from_select([*values], select(*values.values()))
    return Prepared(one_each(moved.returning(Movement.id)))


_change_and_move = _moving()


def apply(tx: Tx, changes: Sequence[Change]) -> None:
    """Change stock rows and write their movements; all of it or, when one can't be, nothing.

    Refused: a change that would leave fewer pieces than are promised, or promise less than none.
    """
    if not changes:
        return
    rows = [{"of_stock": c.stock_id, "more": c.on_hand, "promised": c.allocated} for c in changes]
    movements = [
        {
            "warehouse_id": tx.who.warehouse_id,
            "at": tx.now,
            "stock_id": c.stock_id,
            "quantity": c.on_hand,
            "reason": c.reason,
            "operation_id": tx.operation_known,
            "line_id": c.line_id,
        }
        for c in changes
        if c.on_hand
    ]
    if tx.postgres and len(movements) == len(changes) == 1:  # a scan
        _change_and_move.must(tx, [rows[0] | movements[0]], _changed_meanwhile)
    else:
        _change.must(tx, rows, _changed_meanwhile)
        _move.tell_each(tx, movements)
    tx.changed("stock")


_goods = Prepared(
    select(Stock.id)
    .where(Stock.warehouse_id == bindparam("here"), among_given(Stock.sku_id, "of_skus"))
    .order_by(Stock.id),
    Stock,
)


def lock_goods(tx: Tx, sku_ids: Sequence[int]) -> None:
    """Lock every stock row of these SKUs in the warehouse, in the order of their ids.

    For whoever gives a bin's pieces back and then promises others: an allocation that locks the
    same rows meets him only at the first of them.
    """
    if tx.postgres:  # elsewhere the whole store is locked
        _goods.later(tx, here=tx.who.warehouse_id, of_skus=list(sku_ids))


def _changed_meanwhile() -> Refused:
    return Refused(
        "stock_changed",
        _("The stock of that bin has changed meanwhile."),
        _("Nothing was changed. Scan again."),
    )


def row_of(
    tx: Tx, warehouse_id: int, bin_id: int, sku_id: int, lot: str, expires: date | None = None
) -> int:
    """The id of the stock row of one SKU and lot in one bin; made empty if there is none."""
    found = tx.scalar(
        select(Stock.id).where(
            Stock.warehouse_id == warehouse_id,
            Stock.sku_id == sku_id,
            Stock.bin_id == bin_id,
            Stock.lot == lot,
        )
    )
    if found is not None:
        return int(found)
    values = {
        "warehouse_id": warehouse_id,
        "bin_id": bin_id,
        "sku_id": sku_id,
        "lot": lot,
        "expires": expires,
    }
    return int(tx.execute(insert(Stock).values(values).returning(Stock.id)).scalar_one())


def to_quarantine(tx: Tx, stock_id: int, pieces: int, *, promised: bool) -> None:
    """Move damaged pieces from their bin to the warehouse's quarantine bin.

    `promised`: the pieces were allocated, so their promise is taken back with them.
    Refused: no quarantine bin.
    """
    source = tx.first(
        select(Stock.warehouse_id, Stock.sku_id, Stock.lot, Stock.expires).where(
            Stock.id == stock_id
        )
    )
    assert source is not None
    target_bin = tx.scalar(
        select(Bin.id)
        .where(Bin.warehouse_id == source.warehouse_id, Bin.kind == "quarantine")
        .order_by(Bin.walk, Bin.id)
        .limit(1)
    )
    if target_bin is None:
        raise Refused(
            "no_quarantine",
            _("There is no quarantine bin for damaged goods."),
            _("Ask a supervisor to add one in Setup."),
        )
    target = row_of(tx, source.warehouse_id, target_bin, source.sku_id, source.lot, source.expires)
    apply(
        tx,
        [
            Change(stock_id, -pieces, -pieces if promised else 0, "damaged"),
            Change(target, pieces, 0, "damaged"),
        ],
    )
    tx.execute(update(Stock).where(Stock.id == target).values(frozen=True))


def ask_count(tx: Tx, stock_id: int, reason: str) -> int:
    """Doubt a stock row: nothing more is promised from it until it was counted.

    Gives the id of the count task; one that is already open serves.
    """
    waiting = tx.scalar(
        select(CountTask.id).where(
            CountTask.stock_id == stock_id, CountTask.state.in_(("open", "counted"))
        )
    )
    if waiting is not None:
        return int(waiting)
    tx.execute(update(Stock).where(Stock.id == stock_id).values(frozen=True))
    values = {
        "warehouse_id": tx.who.warehouse_id,
        "stock_id": stock_id,
        "reason": reason,
        "made_at": tx.now,
        "state": "open",
    }
    task = int(tx.execute(insert(CountTask).values(values).returning(CountTask.id)).scalar_one())
    journal.record(tx, "count_asked", "count", [task], after="open", detail={"reason": reason})
    tx.changed("count")
    return task


def approve_count(tx: Tx, task_id: int) -> None:
    """Correct a stock row by what the count differed from it, and promise from it again.

    The caller has freed what was promised beyond the counted number; refused otherwise.
    """
    task = tx.first(
        select(CountTask.stock_id, CountTask.counted, CountTask.expected, Stock.on_hand)
        .join(Stock, Stock.id == CountTask.stock_id)
        .where(CountTask.id == task_id)
    )
    if task is None or task.counted is None:
        raise Refused(
            "not_counted", _("That bin was not counted yet."), _("Count it, then approve.")
        )
    move(tx, CountTask, "count", task_id, "approved", COUNT_MOVES)
    difference = task.counted - (task.on_hand if task.expected is None else task.expected)
    if difference:
        apply(tx, [Change(task.stock_id, difference, 0, "count")])
    tx.execute(update(Stock).where(Stock.id == task.stock_id).values(frozen=False))
