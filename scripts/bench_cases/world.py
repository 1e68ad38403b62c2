"""A warehouse to measure in: goods in bins without end, and orders made from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert

from wms_app.app import open_store
from wms_app.base import journal
from wms_app.base.codes import new_id
from wms_app.base.db import Store, Tx
from wms_app.base.prepared import PreparedInsert
from wms_app.base.who import Who
from wms_app.floor.catalog.model import Bin, Carton, Client, Sku, Warehouse
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.staging.model import Lane
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Stock

WHO = Who(1, "Bench", "supervisor", "B1", 1)
SKUS = 400
BINS_EACH = 3  # two to pick from and one in reserve
PLENTY = 1_000_000
LANE = "BENCH"


@dataclass(frozen=True)
class Line:
    """So many pieces of one SKU."""

    sku_id: int
    sku_code: str
    pieces: int


@dataclass(frozen=True)
class Wanted:
    """One order as it comes in."""

    number: str
    lines: tuple[Line, ...]


def orders(count: int, first: int = 1) -> list[Wanted]:
    """Orders of one to three lines, the same for the same numbers."""
    rng = Random(f"bench {first}")
    made = []
    for number in range(first, first + count):
        skus = rng.sample(range(1, SKUS + 1), rng.choice((1, 1, 2, 3)))
        lines = tuple(Line(sku, f"SKU-{sku:04d}", rng.choice((1, 1, 1, 2))) for sku in skus)
        made.append(Wanted(f"B-{number:07d}", lines))
    return made


def make(folder: Path, name: str) -> Store:
    """A new store in `folder` with everything but orders."""
    store = open_store(f"sqlite:///{folder / name}.sqlite")
    store.create()
    store.write(new_id(), WHO, "setup", _fill)
    return store


def _fill(tx: Tx) -> None:
    tx.execute(insert(Warehouse), [{"id": 1, "code": "BENCH", "company_prefix": "0614141"}])
    tx.execute(insert(Client), [{"id": 1, "code": "C1", "name": "Client", "warehouse_id": 1}])
    size = {"weight_g": 300, "length_mm": 100, "width_mm": 80, "height_mm": 60}
    skus = range(1, SKUS + 1)
    tx.execute(
        insert(Sku),
        [
            {"id": n, "client_id": 1, "code": f"SKU-{n:04d}", "name": f"Goods {n}", **size}
            for n in skus
        ],
    )
    tx.execute(insert(Bin), [_bin(n) for n in range(1, SKUS * BINS_EACH + 1)])
    rows = [
        {"id": n, "warehouse_id": 1, "sku_id": (n - 1) // BINS_EACH + 1, "bin_id": n, "lot": ""}
        for n in range(1, SKUS * BINS_EACH + 1)
    ]
    tx.execute(insert(Stock), rows)
    stock.apply(tx, [stock.Change(row["id"], PLENTY + row["id"], 0, "opening") for row in rows])
    outer = {"outer_length_mm": 320, "outer_width_mm": 250, "outer_height_mm": 200}
    inner = {"inner_length_mm": 310, "inner_width_mm": 240, "inner_height_mm": 190}
    tx.execute(
        insert(Carton),
        [{"id": 1, "warehouse_id": 1, "code": "M", "empty_g": 100, **inner, **outer}],
    )
    tx.execute(insert(Lane), [{"id": 1, "warehouse_id": 1, "code": LANE, "carrier": "house"}])


def _bin(number: int) -> dict[str, Any]:
    kind = "reserve" if number % BINS_EACH == 0 else "pick"
    return {
        "id": number,
        "warehouse_id": 1,
        "code": f"A-{number:04d}",
        "zone": "A",
        "kind": kind,
        "walk": number,
    }


_ORDERS = PreparedInsert(
    Order,
    "id",
    "warehouse_id",
    "client_id",
    "channel",
    "number",
    "state",
    "ordered_at",
    "received_at",
    "name",
    "line1",
    "city",
    "region",
    "postal_code",
    "country",
    "currency",
)
_LINES = PreparedInsert(OrderLine, "warehouse_id", "order_id", "sku_id", "sku_code", "ordered")


def receive(tx: Tx, wanted: Sequence[Wanted]) -> list[int]:
    """Take in clean orders, as an intake does once its file is checked; gives their ids."""
    ids = tx.take_ids(Order, len(wanted))
    _ORDERS.many(tx, [_order(number, one, tx) for number, one in zip(ids, wanted, strict=True)])
    _LINES.many(
        tx,
        [
            {
                "warehouse_id": 1,
                "order_id": number,
                "sku_id": line.sku_id,
                "sku_code": line.sku_code,
                "ordered": line.pieces,
            }
            for number, one in zip(ids, wanted, strict=True)
            for line in one.lines
        ],
    )
    journal.record(tx, "received", "order", ids, after="received")
    tx.changed("order")
    return ids


def _order(number: int, wanted: Wanted, tx: Tx) -> dict[str, Any]:
    return {
        "id": number,
        "warehouse_id": 1,
        "client_id": 1,
        "channel": "web",
        "number": wanted.number,
        "state": "received",
        "ordered_at": tx.now,
        "received_at": tx.now,
        "name": "Sample Buyer",
        "line1": "1 Example Street",
        "city": "Austin",
        "region": "TX",
        "postal_code": "78701",
        "country": "US",
        "currency": "USD",
    }
