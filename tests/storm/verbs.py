"""Everything a station can do by one operation: what it chooses to do, and how it is done.

A choice is plain data, so that the same operation can be sent again, by the same station after a
crash or by another one at the same moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from tests.storm.glance import Glance
from wms_app.base.db import Tx
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.allocation.service import allocate
from wms_app.floor.cancelling import service as cancelling
from wms_app.floor.cancelling.model import PutBack
from wms_app.floor.catalog.model import Bin
from wms_app.floor.counting import service as counting
from wms_app.floor.handover import service as handover
from wms_app.floor.handover.model import Pickup
from wms_app.floor.orders.holds import hold, lift
from wms_app.floor.orders.model import OPEN, Hold, Order, OrderLine
from wms_app.floor.packing import service as packing
from wms_app.floor.packing.bench import read_bench
from wms_app.floor.packing.inside import contents
from wms_app.floor.packing.model import Parcel, ParcelItem
from wms_app.floor.packing.short import short
from wms_app.floor.picking import service as picking
from wms_app.floor.picking.model import Tote
from wms_app.floor.staging import service as staging
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import CountTask, Stock
from wms_app.floor.waves.model import Pick, PickList
from wms_app.floor.waves.service import release, void_list

Args = dict[str, Any]
LANES = ("STD-12", "STD-17")
TOTES = 10
MOST_FREE = 60  # pieces of a SKU that may be promised: beyond it nothing more is received


@dataclass(frozen=True)
class Verb:
    """`choose` gives the arguments or None when there is nothing to do; `do` runs in a write."""

    weight: int
    choose: Callable[[Glance], Args | None]
    do: Callable[[Tx, Args], Any]


def _receive(see: Glance) -> Args | None:
    here = Bin.kind.in_(("pick", "reserve"))  # what is in quarantine serves nobody
    place = see.one(Bin, here, hot=3)
    row = see.row(
        select(Stock.sku_id)
        .join(Bin, Bin.id == Stock.bin_id)
        .group_by(Stock.sku_id)
        .having(func.sum(case((here, Stock.on_hand - Stock.allocated), else_=0)) < MOST_FREE)
        .order_by(Stock.sku_id)
    )
    if row is None or place is None:
        return None
    return {"bin": place, "sku": int(row.sku_id), "pieces": see.chance.randint(1, 12)}


def _do_receive(tx: Tx, args: Args) -> int:
    row = stock.row_of(tx, tx.who.warehouse_id, args["bin"], args["sku"], "")
    stock.apply(tx, [stock.Change(row, args["pieces"], 0, "received")])
    return row


def _waiting(see: Glance) -> Args | None:
    found = see.some(Order, 5, Order.state.in_(("received", "short")), Order.holds == 0)
    return {"orders": found} if found else None


def _allocated(see: Glance) -> Args | None:
    found = see.some(Order, 4, Order.state == "allocated")
    return {"orders": found, "by": see.chance.choice(("pick-list", "auto"))} if found else None


def _do_release(tx: Tx, args: Args) -> list[int]:
    return release(tx, args["orders"], by=args["by"], orders_per_list=3)


def _open_list(see: Glance) -> Args | None:
    found = see.one(PickList, PickList.state == "open", PickList.kind == "pick-list")
    return None if found is None else {"list": found}


def _stop(see: Glance, *where: Any) -> Any:
    return see.row(
        select(Pick.id, Pick.order_id, Pick.pick_list_id, Allocation.quantity, Allocation.picked)
        .join(Allocation, Allocation.id == Pick.allocation_id)
        .join(PickList, PickList.id == Pick.pick_list_id)
        .where(PickList.kind == "pick-list", *where)
        .order_by(Pick.id)
    )


def _take(see: Glance) -> Args | None:
    stop = _stop(see, Pick.state == "open")
    if stop is None:
        return None
    bound = see.tx.scalar(select(Tote.code).where(Tote.order_id == stop.order_id).limit(1))
    left = stop.quantity - stop.picked
    pieces = see.chance.choice((left, left, see.chance.randint(1, max(1, left)), left + 1))
    return {
        "pick": int(stop.id),
        "order": int(stop.order_id),
        "list": int(stop.pick_list_id),
        "tote": bound or f"T-{see.chance.randint(1, TOTES):04d}",
        "pieces": pieces,
    }


def _do_take(tx: Tx, args: Args) -> None:
    picking.bind_tote(tx, args["tote"], args["order"])  # its order is locked first, as always
    picking.start(tx, args["list"])
    picking.take(tx, args["pick"], args["pieces"])


def _untake(see: Glance) -> Args | None:
    alive = select(Order.id).where(Order.state.in_(("released", "picked")))
    stop = _stop(see, Allocation.picked > 0, Pick.order_id.in_(alive))
    return None if stop is None else {"pick": int(stop.id), "pieces": 1}


def _short(see: Glance) -> Args | None:
    stop = _stop(see, Pick.state == "open")
    if stop is None:
        return None
    found = see.chance.randint(0, max(0, stop.quantity - stop.picked - 1))
    broken = see.chance.randint(0, max(0, stop.quantity - stop.picked - found))
    return {"pick": int(stop.id), "found": found, "damaged": broken}


def _do_short(tx: Tx, args: Args) -> list[Any]:
    made = picking.short(tx, args["pick"], args["found"], args["damaged"])
    return [made.missing, list(made.new_picks), made.order_short]


def _line_of(see: Glance, state: str, *where: Any) -> Args | None:
    row = see.row(
        select(Parcel.id, ParcelItem.line_id)
        .join(ParcelItem, ParcelItem.parcel_id == Parcel.id)
        .where(Parcel.state == state, Parcel.weight_by != "catalog", *where)
        .order_by(Parcel.id)
    )
    return None if row is None else {"parcel": int(row.id), "line": int(row.line_id)}


def _pack(see: Glance) -> Args | None:
    row = see.row(
        select(OrderLine.id, OrderLine.order_id, OrderLine.picked, OrderLine.packed)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Tote, Tote.order_id == Order.id)
        .where(Order.state == "picked", OrderLine.picked > OrderLine.packed)
        .order_by(OrderLine.id)
    )
    if row is None:
        return None
    pieces = see.chance.choice((row.picked - row.packed, 1))
    return {"order": int(row.order_id), "line": int(row.id), "pieces": int(pieces)}


def _loose(see: Glance) -> Args | None:
    """What was taken out of a box again, and lies in no tote: an empty one takes it."""
    row = see.row(
        select(OrderLine.order_id)
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(Tote, Tote.order_id == Order.id)
        .where(Order.state == "picked", OrderLine.picked > OrderLine.packed, Tote.id.is_(None))
        .order_by(OrderLine.id)
    )
    if row is None:
        return None
    return {"order": int(row.order_id), "tote": f"T-{see.chance.randint(1, TOTES):04d}"}


def _do_pack(tx: Tx, args: Args) -> int:
    parcel_id = packing.start(tx, args["order"])
    packing.put(tx, parcel_id, args["line"], args["pieces"])
    return parcel_id


def _at_bench(see: Glance) -> Args | None:
    """An order of which something is not in a box yet: none of that is there."""
    row = see.row(
        select(OrderLine.order_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.state == "picked", OrderLine.picked > OrderLine.packed)
        .order_by(OrderLine.id)
    )
    return None if row is None else {"order": int(row.order_id), "all": see.chance.random() < 0.3}


def _do_short_at_bench(tx: Tx, args: Args) -> str:
    bench = read_bench(tx, args["order"])
    assert bench is not None
    return short(tx, args["order"], bench.lacks, bench.left if args["all"] else 0).then


def _do_seal(tx: Tx, args: Args) -> bool:
    grams = contents(tx, args["parcel"]).expected_g
    return packing.seal(tx, args["parcel"], grams, "scale")


def _parcel_in(*states: str) -> Callable[[Glance], Args | None]:
    def choose(see: Glance) -> Args | None:
        found = see.one(Parcel, Parcel.state.in_(states), Parcel.weight_by != "catalog")
        return None if found is None else {"parcel": found, "lane": see.chance.choice(LANES)}

    return choose


def _do_load(tx: Tx, args: Args) -> int:
    truck = handover.open_pickup(tx, staging.standing(tx, args["parcel"]) or args["lane"])
    handover.load(tx, truck, args["parcel"])
    return truck


def _truck(see: Glance) -> Args | None:
    found = see.one(Pickup, Pickup.state == "open")
    return None if found is None else {"pickup": found}


def _do_depart(tx: Tx, args: Args) -> dict[str, int]:
    return handover.depart(tx, args["pickup"], "Sam Driver", "TRUCK-1")


def _any_order(see: Glance) -> Args | None:
    found = see.one(Order, Order.state.in_(OPEN), hot=40)
    return None if found is None else {"order": found}


def _open_hold(see: Glance) -> Args | None:
    found = see.one(Hold, Hold.lifted_at.is_(None))
    return None if found is None else {"hold": found}


def _to_put_back(see: Glance) -> Args | None:
    row = see.row(
        select(PutBack.id, PutBack.bin_id, PutBack.quantity)
        .where(PutBack.state == "open")
        .order_by(PutBack.id)
    )
    if row is None:
        return None
    pieces = see.chance.choice((int(row.quantity), 1))
    return {"task": int(row.id), "bin": int(row.bin_id), "pieces": pieces}


def _was_put_back(see: Glance) -> Args | None:
    row = see.row(
        select(PutBack.id, PutBack.bin_id)
        .where(PutBack.state == "done")
        .order_by(PutBack.id.desc())
    )
    return None if row is None else {"task": int(row.id), "bin": int(row.bin_id), "pieces": 1}


def _doubted(state: str) -> Callable[[Glance], Args | None]:
    def choose(see: Glance) -> Args | None:
        row = see.row(
            select(CountTask.id, Stock.on_hand)
            .join(Stock, Stock.id == CountTask.stock_id)
            .where(CountTask.state == state)
            .order_by(CountTask.id)
        )
        if row is None:
            return None
        off = see.chance.choice((0, 0, -2, -1, 1))
        return {"task": int(row.id), "pieces": max(0, int(row.on_hand) + off)}

    return choose


def _shelf(see: Glance) -> Args | None:
    here = select(Bin.id).where(Bin.kind.in_(("pick", "reserve")))
    found = see.one(Stock, Stock.bin_id.in_(here), Stock.frozen.is_(False))
    return None if found is None else {"stock": found}


VERBS: dict[str, Verb] = {
    "receive": Verb(8, _receive, _do_receive),
    "allocate": Verb(10, _waiting, lambda tx, a: allocate(tx, a["orders"])),
    "release": Verb(8, _allocated, _do_release),
    "void_list": Verb(2, _open_list, lambda tx, a: void_list(tx, a["list"])),
    "take": Verb(30, _take, _do_take),
    "untake": Verb(3, _untake, lambda tx, a: picking.untake(tx, a["pick"], a["pieces"])),
    "short": Verb(4, _short, _do_short),
    "pack": Verb(24, _pack, _do_pack),
    "gather": Verb(6, _loose, lambda tx, a: picking.bind_tote(tx, a["tote"], a["order"]) and None),
    "short_at_bench": Verb(2, _at_bench, _do_short_at_bench),
    "take_out": Verb(
        3,
        lambda see: _line_of(see, "open"),
        lambda tx, a: packing.take_out(tx, a["parcel"], a["line"], 1),
    ),
    "seal": Verb(14, _parcel_in("open"), _do_seal),
    "reopen": Verb(2, _parcel_in("sealed"), lambda tx, a: packing.reopen(tx, a["parcel"])),
    "stage": Verb(
        14, _parcel_in("labelled"), lambda tx, a: staging.stage(tx, a["parcel"], a["lane"])
    ),
    "unstage": Verb(2, _parcel_in("staged"), lambda tx, a: staging.unstage(tx, a["parcel"])),
    "load": Verb(12, _parcel_in("staged"), _do_load),
    "unload": Verb(2, _parcel_in("loaded"), lambda tx, a: handover.unload(tx, a["parcel"])),
    "depart": Verb(2, _truck, _do_depart),
    "call_off": Verb(1, _truck, lambda tx, a: handover.call_off(tx, a["pickup"])),
    "cancel": Verb(3, _any_order, lambda tx, a: cancelling.cancel(tx, a["order"], "changed mind")),
    "hold": Verb(3, _any_order, lambda tx, a: hold(tx, a["order"], "address")),
    "lift": Verb(8, _open_hold, lambda tx, a: lift(tx, a["hold"])),
    "put_back": Verb(
        8,
        _to_put_back,
        lambda tx, a: cancelling.put_back(tx, a["task"], a["bin"], a["pieces"]),
    ),
    "take_up": Verb(
        1,
        _was_put_back,
        lambda tx, a: cancelling.take_up(tx, a["task"], a["bin"], a["pieces"]),
    ),
    "doubt": Verb(1, _shelf, lambda tx, a: stock.ask_count(tx, a["stock"], "looks wrong")),
    "count": Verb(8, _doubted("open"), lambda tx, a: counting.count(tx, a["task"], a["pieces"])),
    "approve": Verb(5, _doubted("counted"), lambda tx, a: counting.approve(tx, a["task"])),
    "recount": Verb(1, _doubted("counted"), lambda tx, a: counting.recount(tx, a["task"])),
}


def moved(verb: str, args: Args) -> int | None:
    """How many pieces more lie in bins when this was applied once; None: it depends."""
    match verb:
        case "receive" | "put_back" | "untake":
            return int(args["pieces"])
        case "take" | "take_up":
            return -int(args["pieces"])
        case "short" | "allocate" | "release" | "pack" | "seal" | "cancel" | "load" | "depart":
            return 0
        case _:
            return None
