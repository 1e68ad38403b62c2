"""Order files: a few orders each, written by invented buyers, sometimes handed in twice."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.storm.glance import Glance
from tests.storm.verbs import Args
from wms_app.base.db import Store
from wms_app.base.who import Who
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.orders.intake import take_in
from wms_app.floor.orders.model import Order

MOST_OPEN = 45  # orders on their way at one time; more would make nobody wait for anybody
SKUS = ("MUG", "TOWEL", "POT", "BOARD")
_HEAD = (
    "client,channel,order_number,sku,quantity,ordered_at,ship_by,service,priority,paid,name,phone,"
    "line1,line2,city,state,postal_code,country,unit_price,currency"
).split(",")


def new_file(see: Glance, name: str) -> Args | None:
    """One to three orders on the hot SKUs; None when enough are on their way."""
    if see.count(Order, Order.state.not_in(("handed_over", "cancelled"))) >= MOST_OPEN:
        return None
    orders = []
    for number in range(see.chance.randint(1, 3)):
        skus = see.chance.sample(SKUS, see.chance.choice((1, 1, 2, 3)))
        pieces = 1 if skus == ["BOARD"] else see.chance.randint(1, 3)
        orders.append([f"{name}-{number}", [[sku, pieces] for sku in skus]])
    return {"name": name, "orders": orders}


def take_in_file(store: Store, who: Who, folder: Path, key: str, args: Args) -> None:
    """Write the file and take it in as the Orders room does."""
    file = folder / f"orders-{key}-{who.user_id}.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(_HEAD)
        for number, lines in args["orders"]:
            for sku, pieces in lines:
                rows.writerow(_row(number, sku, pieces))
    take_in(store, who, file, cancel=cancel)


def _row(number: str, sku: str, pieces: int) -> list[str]:
    buyer = f"Sample Buyer {number}"
    return (
        f"NW,shop,{number},{sku},{pieces},2026-11-24T08:00:00Z,2026-11-25T18:00:00Z,standard,0,yes,"
        f"{buyer},,{sum(map(ord, number))} Example Street,,Austin,TX,78701,US,9.90,USD"
    ).split(",")
