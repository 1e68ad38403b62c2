"""A warehouse to measure in: goods in bins without end, and orders made from a seed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import zipcodes
from sqlalchemy import insert

from wms_app.app import open_store
from wms_app.base.codes import new_id
from wms_app.base.db import Store, Tx
from wms_app.base.who import Who
from wms_app.floor.catalog.model import Bin, Carton, Client, Sku, SkuBarcode, Warehouse
from wms_app.floor.orders import places
from wms_app.floor.staging.model import Lane
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Stock

WHO = Who(1, "Bench", "supervisor", "B1", 1)
SKUS = 400
BINS_EACH = 3  # two to pick from and one in reserve
PLENTY = 1_000_000
HOT = 4  # so many SKUs are all that is ordered when they are hot
STATIONS = 8


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
    place: tuple[str, str, str]  # city, state, ZIP code


COLUMNS = (
    "client channel order_number sku quantity ordered_at ship_by service paid name line1"
    " city state postal_code country unit_price currency"
).split()


def orders(count: int, first: int = 1, skus: int = SKUS) -> list[Wanted]:
    """Orders of one to three lines to places all over the country, the same for the same numbers.

    Nearly each goes to a ZIP code of its own, as in a real file.
    """
    rng = Random(f"bench {first}")
    made = []
    for number in range(first, first + count):
        of = sorted(rng.sample(range(1, skus + 1), rng.choice((1, 1, 2, 3))))
        lines = tuple(Line(sku, f"SKU-{sku:04d}", rng.choice((1, 1, 1, 2))) for sku in of)
        made.append(Wanted(f"B-{number:07d}", lines, rng.choice(_places())))
    return made


@cache
def _places() -> list[tuple[str, str, str]]:
    """Where parcels of the sample country go; codes that the address rules do not know are out."""
    return [
        (one["city"], one["state"], one["zip_code"])
        for one in zipcodes.list_all()
        if one["state"] not in ("AA", "AE", "AP")
        and places.rules("US", one["state"], "").postal_forms[-1].match(one["zip_code"])
    ]


def write_file(file: Path, wanted: Sequence[Wanted]) -> Path:
    """The orders as a file of rows in the product's own columns."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        for one in wanted:
            head = ("C1", "web", one.number)
            times = ("2026-11-24T15:30", "2026-11-26T17:00")
            rest = (*times, "standard", "yes", _buyer(one.number), "1 Example Street")
            tail = (*rest, *one.place, "US", "12.90", "USD")
            rows.writerows((*head, line.sku_code, line.pieces, *tail) for line in one.lines)
    return file


def _buyer(number: str) -> str:
    """A name of its own for the buyer of an order; names have no digits."""
    return "Buyer " + "".join("ABCDEFGHIJ"[int(sign)] for sign in number if sign.isdigit())


def lane_of(station: int) -> str:
    """The lane of a station's parcels: each loads its own truck."""
    return f"BENCH-{station}"


def make(url: str) -> Store:
    """A new store at `url` with everything but orders."""
    store = open_store(url)
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
    codes = [{"client_id": 1, "sku_id": n, "code": barcode(n), "quantity": 1} for n in skus]
    tx.execute(insert(SkuBarcode), codes)
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
    lane = {"warehouse_id": 1, "carrier": "house"}
    stations = range(1, STATIONS + 1)
    tx.execute(insert(Lane), [{"id": n, "code": lane_of(n), **lane} for n in stations])


def barcode(sku_id: int) -> str:
    """The EAN-13 of a SKU, in the range that GS1 leaves to everybody's own use."""
    digits = f"20{sku_id:010d}"
    total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(digits))
    return f"{digits}{-total % 10}"


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
