"""The cycle through the real services: seven commits an order, one order at a time."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from bench_cases.world import WHO, lane_of
from wms_app.base.codes import new_id
from wms_app.base.db import Store, Tx
from wms_app.base.prepared import Prepared
from wms_app.floor.allocation import service as allocation
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.handover import service as handover
from wms_app.floor.labelling import service as labelling
from wms_app.floor.labelling.buying import Sold, record
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing import service as packing
from wms_app.floor.picking import service as picking
from wms_app.floor.staging import service as staging
from wms_app.floor.waves import service as waves
from wms_app.floor.waves.model import Pick
from wms_app.outside.carriers.carrier import Bought

_picks = Prepared(
    select(Pick.id, Allocation.quantity)
    .join(Allocation, Allocation.id == Pick.allocation_id)
    .where(Pick.order_id == bindparam("of_order"))
    .order_by(Pick.walk, Pick.id)
)
_lines = Prepared(
    select(OrderLine.id, OrderLine.ordered)
    .where(OrderLine.order_id == bindparam("of_order"))
    .order_by(OrderLine.id)
)


class Ours:
    """One station that does everything, on one store."""

    def __init__(self, store: Store, station: int = 1) -> None:
        self.store = store
        self.station = station

    def open_truck(self) -> None:
        """A truck for the station's lane."""
        lane = lane_of(self.station)
        self.pickup = self.store.write(
            new_id(), WHO, "open", lambda tx: handover.open_pickup(tx, lane)
        )

    def order(self, order_id: int) -> None:
        """One order from received to loaded, in seven commits."""
        write = self.store.write
        self.bring_to_bench(order_id)
        parcel, label = write(new_id(), WHO, "pack", lambda tx: self._pack(tx, order_id))
        write(new_id(), WHO, "buy_label", lambda tx: self._label(tx, order_id, parcel, label))
        write(new_id(), WHO, "stage", lambda tx: self._stage(tx, parcel))
        write(new_id(), WHO, "load", lambda tx: handover.load(tx, self.pickup, parcel))

    def bring_to_bench(self, order_id: int) -> None:
        """One order from received to picked, in three commits."""
        write = self.store.write
        write(new_id(), WHO, "allocate", lambda tx: allocation.allocate(tx, [order_id]))
        write(new_id(), WHO, "release", lambda tx: waves.release(tx, [order_id], by="pick-list"))
        write(new_id(), WHO, "pick", lambda tx: self._pick(tx, order_id))

    def depart(self) -> None:
        """The truck leaves with all of them."""
        self.store.write(
            new_id(), WHO, "depart", lambda tx: handover.depart(tx, self.pickup, "Li", "7ABC")
        )

    def _pick(self, tx: Tx, order_id: int) -> None:
        for pick_id, pieces in _picks.rows(tx, of_order=order_id):
            picking.take(tx, pick_id, pieces)

    def _pack(self, tx: Tx, order_id: int) -> list[int]:
        """Every piece into the box, weighed, sealed, and the label's intent: parcel and label."""
        parcel_id = packing.start(tx, order_id)
        lines = _lines.rows(tx, of_order=order_id)
        for line_id, pieces in lines:
            packing.put(tx, parcel_id, line_id, pieces)
        packing.seal(tx, parcel_id, 100 + 300 * sum(pieces for _line, pieces in lines))
        return [parcel_id, labelling.intend(tx, [parcel_id], [])[parcel_id]]

    def _label(self, tx: Tx, order_id: int, parcel_id: int, label_id: int) -> None:
        sold = Bought(f"{label_id:018d}", "standard", "2", 842, "USD")
        record(tx, [Sold(label_id, parcel_id, order_id, sold)])

    def _stage(self, tx: Tx, parcel_id: int) -> None:
        staging.stage(tx, parcel_id, lane_of(self.station))


def received(store: Store, count: int) -> list[int]:
    """The ids of the orders that wait to be allocated, oldest first; there must be `count`."""
    with store.read() as tx:
        here = (Order.warehouse_id == WHO.warehouse_id, Order.state == "received")
        found = select(Order.id).where(*here).order_by(Order.id)
        ids = [int(number) for number in tx.scalars(found)]
    if len(ids) != count:
        raise RuntimeError(f"{len(ids)} orders wait, not {count}")
    return ids
