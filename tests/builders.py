"""Builders that tests share: a small warehouse, and orders in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import insert, select

from wms_app.base import journal
from wms_app.base.codes import new_id
from wms_app.base.db import Store, Tx
from wms_app.base.who import Role, Who
from wms_app.floor.catalog.model import Bin, Carton, Client, Sku, SkuBarcode, Warehouse
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.stock import service as stock

T = TypeVar("T")


@dataclass
class Floor:
    """The store with ids by code, and people to act as."""

    store: Store
    warehouse_id: int
    client_id: int
    skus: dict[str, int] = field(default_factory=dict)
    bins: dict[str, int] = field(default_factory=dict)

    def who(self, role: Role = "supervisor", name: str = "Ana", station: str = "P1") -> Who:
        """A person with this role."""
        return Who(1, name, role, station, self.warehouse_id)

    def do(self, work: Callable[[Tx], T], role: Role = "supervisor", verb: str = "test") -> T:
        """Run `work` in one write, as a person of this role."""
        return self.store.write(new_id(), self.who(role), verb, work)

    def add_stock(
        self, sku: str, bin: str, pieces: int, lot: str = "", expires: date | None = None
    ) -> int:
        """Put pieces into a bin; gives the id of the stock row."""

        def work(tx: Tx) -> int:
            row = stock.row_of(tx, self.warehouse_id, self.bins[bin], self.skus[sku], lot, expires)
            stock.apply(tx, [stock.Change(row, pieces, 0, "opening")])
            return row

        return self.do(work)

    def add_order(self, lines: dict[str, int], number: str = "", **values: Any) -> int:
        """Take in one clean order of SKU code -> pieces; gives its id."""

        def work(tx: Tx) -> int:
            defaults: dict[str, Any] = {
                "warehouse_id": self.warehouse_id,
                "client_id": self.client_id,
                "channel": "shopify",
                "number": number or f"#{new_id()[-8:]}",
                "state": "received",
                "received_at": tx.now,
                "ship_by": tx.now + timedelta(hours=8),
                "name": "Sample Buyer",
                "line1": "1 Example Street",
                "city": "Austin",
                "region": "TX",
                "postal_code": "78701",
                "country": "US",
                "currency": "USD",
            }
            row = insert(Order).values(defaults | values).returning(Order.id)
            order_id = int(tx.execute(row).scalar_one())
            tx.execute(
                insert(OrderLine),
                [
                    {
                        "warehouse_id": self.warehouse_id,
                        "order_id": order_id,
                        "sku_id": self.skus[code],
                        "sku_code": code,
                        "ordered": pieces,
                    }
                    for code, pieces in lines.items()
                ],
            )
            journal.record(tx, "received", "order", [order_id], after="received")
            return order_id

        return self.do(work, "clerk")

    def state(self, model: Any, number: int) -> str:
        """The state of one thing, as the store says it now."""
        with self.store.read() as tx:
            return str(tx.scalar(select(model.state).where(model.id == number)))


# code, name, barcode, grams, (l, w, h) mm, own box, fragile, expiry
SKUS = (
    ("MUG", "Silicone mug, blue 硅胶杯 蓝色", "6901234567892", 180, (100, 90, 90), 0, 0, 0),
    ("TOWEL", "Tea towel, set of 2 茶巾 两条装", "6901234567908", 240, (250, 180, 30), 0, 0, 0),
    ("BOARD", "Bamboo cutting board 竹砧板", "6901234567915", 900, (400, 300, 20), 1, 0, 0),
    ("POT", "Ceramic teapot 600 ml 陶瓷茶壶", "6901234567922", 650, (220, 150, 140), 0, 1, 0),
    ("TEA", "Green tea, 100 g 绿茶", "6901234567939", 120, (90, 60, 160), 0, 0, 1),
)


def build_floor(store: Store) -> Floor:
    """Make a warehouse LAX1 with one client, five SKUs, twelve bins and two cartons; no stock."""
    nobody = Who(0, "setup", "admin", "console", 1)

    def work(tx: Tx) -> None:
        warehouse = {"id": 1, "code": "LAX1", "zone": "America/Los_Angeles", "country": "US"}
        tx.execute(insert(Warehouse), [warehouse])
        tx.execute(
            insert(Client), [{"id": 1, "code": "NW", "name": "Northwind Home", "warehouse_id": 1}]
        )
        floor = Floor(store, 1, 1)
        for code, name, barcode, grams, (length, width, height), box, fragile, expiry in SKUS:
            row = insert(Sku).values(
                client_id=1,
                code=code,
                name=name,
                weight_g=grams,
                length_mm=length,
                width_mm=width,
                height_mm=height,
                ships_in_own_box=bool(box),
                fragile=bool(fragile),
                has_lot=bool(expiry),
                has_expiry=bool(expiry),
            )
            floor.skus[code] = int(tx.execute(row.returning(Sku.id)).scalar_one())
            tx.execute(
                insert(SkuBarcode),
                [
                    {"client_id": 1, "sku_id": floor.skus[code], "code": barcode, "quantity": 1},
                    {
                        "client_id": 1,
                        "sku_id": floor.skus[code],
                        "code": f"1{barcode[:-1]}0",
                        "quantity": 12,
                    },
                ],
            )
        places = [(f"A-0{bay}-{level}", "A", "pick") for bay in (1, 2, 3) for level in (1, 2)]
        places += [("B-01-1", "B", "pick"), ("B-01-2", "B", "pick"), ("R-01-1", "R", "reserve")]
        places += [
            ("IN-1", "IN", "receiving"),
            ("PACK-1", "PACK", "pack"),
            ("Q-1", "Q", "quarantine"),
        ]
        for walk, (code, zone, kind) in enumerate(places, 1):
            row = insert(Bin).values(warehouse_id=1, code=code, zone=zone, kind=kind, walk=walk)
            floor.bins[code] = int(tx.execute(row.returning(Bin.id)).scalar_one())
        for code, (length, width, height), empty in (
            ("S1", (230, 160, 100), 90),
            ("M2", (305, 229, 152), 160),
            ("L3", (450, 350, 300), 380),
        ):
            row = insert(Carton).values(
                warehouse_id=1,
                code=code,
                inner_length_mm=length,
                inner_width_mm=width,
                inner_height_mm=height,
                outer_length_mm=length + 8,
                outer_width_mm=width + 8,
                outer_height_mm=height + 8,
                empty_g=empty,
            )
            tx.execute(row)
        made.append(floor)

    made: list[Floor] = []
    store.write(new_id(), nobody, "setup", work)
    return made[0]
