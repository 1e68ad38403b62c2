"""What simulated people see on the floor: goods in totes, codes on things, weights, parcels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from wms_app.base.codes import Item, Number, read
from wms_app.base.db import Store
from wms_app.floor.catalog.lookup import skus_for
from wms_app.floor.catalog.model import Bin, Carton, Sku, SkuBarcode
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.packing.model import Parcel, ParcelItem
from wms_app.floor.picking.model import Tote
from wms_app.floor.staging.lanes import lane_for
from wms_app.floor.stock.model import Stock
from wms_app.floor.waves.model import PickList

UNKNOWN_G = 500  # what a parcel of goods of unknown weight is said to weigh
TRIED = 300  # SKUs that are looked through for a code that is surely wrong


@dataclass(frozen=True)
class Goods:
    """Pieces that lie somewhere, and the code on one of them."""

    code: str
    pieces: int


class Eyes:
    """Looks at the floor of one warehouse."""

    def __init__(self, store: Store, warehouse_id: int) -> None:
        self._store = store
        self._house = warehouse_id

    def lists(self, kind: str) -> list[str]:
        """The lists of a kind that wait to be walked."""
        with self._store.read() as tx:
            return list(
                tx.scalars(
                    select(PickList.code)
                    .where(
                        PickList.warehouse_id == self._house,
                        PickList.kind == kind,
                        PickList.state.in_(("open", "walking")),
                    )
                    .order_by(PickList.id)
                )
            )

    def bins(self) -> list[str]:
        """The codes of all bins."""
        with self._store.read() as tx:
            return list(tx.scalars(select(Bin.code).where(Bin.warehouse_id == self._house)))

    def code_of(self, sku_id: int) -> str:
        """The barcode on one piece of a SKU, else its own code."""
        with self._store.read() as tx:
            found = tx.scalar(
                select(SkuBarcode.code)
                .where(SkuBarcode.sku_id == sku_id, SkuBarcode.quantity == 1)
                .order_by(SkuBarcode.id)
                .limit(1)
            )
            return str(found or tx.scalar(select(Sku.code).where(Sku.id == sku_id)))

    def other_code(self, right: Sequence[str]) -> str:
        """The code on goods that none of the codes `right` stands for, "" when there are none.

        Several clients may use one code, and a SKU called by a short number may read as how many:
        neither would be a wrong scan.
        """
        with self._store.read() as tx:
            meant = {match.sku_id for code in right for match in skus_for(tx, _item(code))}
            others = select(Sku.id).where(Sku.id.not_in(meant)).order_by(Sku.id).limit(TRIED)
            for sku_id in tx.scalars(others):
                code = self.code_of(int(sku_id))
                if isinstance(read(code), Number):
                    continue
                if not meant & {match.sku_id for match in skus_for(tx, _item(code))}:
                    return code
        return ""

    def other_label(self, tracking: str) -> str:
        """The number on some other parcel's label."""
        with self._store.read() as tx:
            other = select(Label.tracking).where(
                Label.warehouse_id == self._house,
                Label.tracking.not_in((tracking, "")),
                Label.state == "bought",
            )
            return str(tx.scalar(other.order_by(Label.id.desc()).limit(1)) or "")

    def elsewhere(self, order_id: int, sku_code: str, bin: str) -> int:
        """Free pieces of an order's SKU in one other bin that goods are picked from."""
        mine = select(OrderLine.sku_id).where(
            OrderLine.order_id == order_id, OrderLine.sku_code == sku_code
        )
        with self._store.read() as tx:
            found = tx.scalar(
                select(func.max(Stock.on_hand - Stock.allocated))
                .join(Bin, Bin.id == Stock.bin_id)
                .join(Sku, Sku.id == Stock.sku_id)
                .where(
                    Stock.warehouse_id == self._house,
                    Stock.sku_id.in_(mine),
                    Sku.has_expiry.is_(False),
                    Bin.code != bin,
                    Bin.kind.in_(("pick", "reserve")),
                    Stock.frozen.is_(False),
                )
            )
            return int(found or 0)

    def free_tote(self) -> str:
        """A tote that nobody uses: one that was emptied, else a new one."""
        with self._store.read() as tx:
            mine = Tote.warehouse_id == self._house
            found = tx.scalar(
                select(Tote.code).where(mine, Tote.order_id.is_(None)).order_by(Tote.id).limit(1)
            )
            count = tx.scalar(select(func.count()).where(mine))
        return str(found) if found else f"T-{int(count) + 1:04d}"

    def totes(self) -> list[str]:
        """Totes whose orders are picked and wait to be packed."""
        with self._store.read() as tx:
            return list(
                tx.scalars(
                    select(Tote.code)
                    .join(Order, Order.id == Tote.order_id)
                    .where(Tote.warehouse_id == self._house, Order.state == "picked")
                    .order_by(Order.priority.desc(), Order.ship_by, Order.id, Tote.id)
                )
            )

    def in_tote(self, tote: str) -> list[Goods]:
        """What of a tote's order is not in a box yet."""
        with self._store.read() as tx:
            rows = tx.rows(
                select(OrderLine.sku_id, (OrderLine.picked - OrderLine.packed).label("left"))
                .join(Tote, Tote.order_id == OrderLine.order_id)
                .where(
                    Tote.warehouse_id == self._house,
                    Tote.code == tote,
                    OrderLine.picked > OrderLine.packed,
                )
                .order_by(OrderLine.id)
            )
        return [Goods(self.code_of(int(row.sku_id)), int(row.left)) for row in rows]

    def weight_of(self, tote: str) -> int:
        """What the open box of a tote's order really weighs, in grams."""
        with self._store.read() as tx:
            row = tx.first(
                select(
                    func.sum(Sku.weight_g * ParcelItem.quantity).label("goods"),
                    func.min(Sku.weight_g).label("least"),
                    func.max(func.coalesce(Carton.empty_g, 0)).label("carton"),
                )
                .select_from(Parcel)
                .join(ParcelItem, ParcelItem.parcel_id == Parcel.id)
                .join(Sku, Sku.id == ParcelItem.sku_id)
                .join(Tote, Tote.order_id == Parcel.order_id)
                .outerjoin(Carton, Carton.id == Parcel.carton_id)
                .where(Tote.warehouse_id == self._house, Tote.code == tote, Parcel.state == "open")
            )
        if row is None or not row.goods or not row.least:
            return UNKNOWN_G
        return int(row.goods) + int(row.carton)

    def parcels(self, state: str) -> list[tuple[str, str]]:
        """Parcels in a state of orders that nothing stops: tracking number and right lane."""
        with self._store.read() as tx:
            rows = tx.rows(
                select(Parcel.id, Label.tracking)
                .join(Label, Label.parcel_id == Parcel.id)
                .join(Order, Order.id == Parcel.order_id)
                .where(
                    Parcel.warehouse_id == self._house,
                    Parcel.state == state,
                    Label.state == "bought",
                    Order.holds == 0,
                    Order.state.in_(("packed", "staged")),
                )
                .order_by(Parcel.id)
            )
            found = []
            for row in rows:
                lane = lane_for(tx, int(row.id))
                found.append((str(row.tracking), lane.code if lane else ""))
        return found

    def goods_under(self, tracking: str) -> str:
        """The code on the goods that a label belongs to."""
        with self._store.read() as tx:
            found = tx.scalar(
                select(OrderLine.sku_id)
                .join(Parcel, Parcel.order_id == OrderLine.order_id)
                .join(Label, Label.parcel_id == Parcel.id)
                .where(Label.tracking == tracking, OrderLine.sku_id.is_not(None))
                .limit(1)
            )
        return self.code_of(int(found)) if found is not None else ""

    def on_hand(self, bin: str, sku_id: int, lot: str) -> int:
        """How many pieces lie in a bin (the simulated floor agrees with the books)."""
        with self._store.read() as tx:
            found = tx.scalar(
                select(Stock.on_hand)
                .join(Bin, Bin.id == Stock.bin_id)
                .where(
                    Stock.warehouse_id == self._house,
                    Bin.code == bin,
                    Stock.sku_id == sku_id,
                    Stock.lot == lot,
                )
            )
        return int(found or 0)


def _item(text: str) -> Item:
    """A code on goods as a scanner reads it."""
    code = read(text)
    return code if isinstance(code, Item) else Item(text)
