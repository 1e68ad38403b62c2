"""The side of Dock: its services in this process, with commits as its stations make them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench_cases import bulk, world
from bench_cases.ours import Ours
from bench_cases.world import BINS_EACH, PLENTY, SKUS, WHO, Wanted
from sqlalchemy import func, select

from against.talk import Failed
from wms_app.app import open_store
from wms_app.base.codes import new_id
from wms_app.base.db import Tx
from wms_app.floor.allocation import service as allocation
from wms_app.floor.handover import service as handover
from wms_app.floor.orders.model import Order
from wms_app.floor.picking import service as picking
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves import service as waves
from wms_app.office.verify.service import verify


class Dock(Ours):
    """Allocates and releases a list in one transaction; what is scanned commits order by order."""

    def __init__(self, folder: Path, url: str) -> None:
        world.make(url).close()
        super().__init__(open_store(url))
        self.database = url.rpartition("/")[2]
        self.name = "Dock"
        self._folder = folder
        self._ids: dict[str, int] = {}
        self._packed: dict[int, list[int]] = {}
        self._totes: dict[int, str] = {}
        self._free: list[str] = []
        self._ordered: Counter[int] = Counter()

    def record(self, orders: Sequence[Wanted]) -> float:
        """A file of these orders taken in; the seconds."""
        file = world.write_file(self._folder / "orders.csv", orders)
        took = _seconds(lambda: bulk.receive(self.store, file))
        with self.store.read() as tx:
            numbers = [one.number for one in orders]
            found = tx.rows(select(Order.number, Order.id).where(Order.number.in_(numbers)))
        self._ids.update({row.number: row.id for row in found})
        for one in orders:
            for line in one.lines:
                self._ordered[line.sku_id] += line.pieces
        return took

    def step(self, step: str, orders: Sequence[Wanted]) -> float:
        """One step of all of them; the seconds."""
        ids = [self._ids[one.number] for one in orders]
        work: Callable[[list[int]], None] = getattr(self, f"_do_{step}")
        return _seconds(lambda: work(ids))

    def settle(self) -> None:
        """Have Postgres count what was written."""
        with self.store.read() as tx:
            tx.scalar(select(Order.id).limit(1))

    def check(self) -> int:
        """Orders that are handed over. Failed: stock, an order or a truth is not as it must be."""
        with self.store.read() as tx:
            states = Counter(tx.scalars(select(Order.state)))
            on_hand = func.sum(Stock.on_hand).label("pieces")
            held = tx.rows(select(Stock.sku_id, on_hand).group_by(Stock.sku_id))
            broken = [one.code for one in verify(tx)]
        if broken or set(states) != {"handed_over"} or len(held) != SKUS:
            raise Failed(f"Dock: {dict(states)}, {broken}")
        for row in held:
            first = (row.sku_id - 1) * BINS_EACH + 1
            had = sum(PLENTY + number for number in range(first, first + BINS_EACH))
            if row.pieces != had - self._ordered[row.sku_id]:
                raise Failed(f"Dock: SKU {row.sku_id} has {row.pieces} pieces")
        return states["handed_over"]

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def _do_allocate(self, ids: list[int]) -> None:
        self.store.write(new_id(), WHO, "allocate", lambda tx: allocation.allocate(tx, ids))

    def _do_pick(self, ids: list[int]) -> None:
        self.store.write(
            new_id(), WHO, "release", lambda tx: waves.release(tx, ids, by="pick-list")
        )
        for order_id in ids:
            tote = self._free.pop() if self._free else f"T-{order_id:06d}"
            self._totes[order_id] = tote
            self.store.write(new_id(), WHO, "pick", partial(self._pick_into, tote, order_id))

    def _pick_into(self, tote: str, order_id: int, tx: Tx) -> None:
        self._pick(tx, order_id)
        picking.bind_tote(tx, tote, order_id)

    def _do_pack(self, ids: list[int]) -> None:
        for order_id in ids:
            work = partial(self._pack, order_id=order_id)
            self._packed[order_id] = self.store.write(new_id(), WHO, "pack", work)

    def _do_ship(self, ids: list[int]) -> None:
        self.open_truck()
        for order_id in ids:
            self._ship(order_id, *self._packed.pop(order_id))
            self._free.append(self._totes.pop(order_id))
        self.depart()

    def _ship(self, order_id: int, parcel: int, label: int) -> None:
        write = self.store.write
        write(new_id(), WHO, "buy_label", lambda tx: self._label(tx, order_id, parcel, label))
        write(new_id(), WHO, "stage", lambda tx: self._stage(tx, parcel))
        write(new_id(), WHO, "load", lambda tx: handover.load(tx, self.pickup, parcel))


def _seconds(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
