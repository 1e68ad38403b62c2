"""What lies in which bin in the morning: enough for the day, except where it is meant not to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from sample_warehouse.catalog import Product
from sample_warehouse.tables import Row, columns

COLUMNS = columns("client,sku,bin,lot,expires,quantity")


@dataclass(frozen=True)
class Scarce:
    """Pieces that orders ask for, one number an order, and where the few that there are lie."""

    wanted: tuple[int, ...]
    kind: str
    quantity: int
    expires: str = ""


# Each leaves one order short: too few, last one gone, none at all, only damaged, only stale.
SCARCE = {
    "NW-KTL-STL": Scarce((3,), "pick", 2),
    "KD-XYL-MIX": Scarce((1, 1), "pick", 1),
    "LM1280-XL": Scarce((1,), "", 0),
    "NW-CLK-WOD": Scarce((1,), "quarantine", 4),
    "LM1160-STD": Scarce((1,), "pick", 30, "2026-10-31"),
}
_EXPIRIES = ("2027-02-28", "2027-04-30", "2028-01-31")
_STALE = "2026-11-15"


def stock(
    chance: Random, goods: list[Product], bins: list[Row], wanted: Iterable[tuple[str, int]]
) -> list[Row]:
    """Every SKU in one to three bins; `wanted` is what the day's orders ask for, (SKU, pieces)."""
    demand: Counter[str] = Counter()
    for sku, quantity in wanted:
        demand[sku] += quantity
    places = {kind: [b["bin"] for b in bins if b["kind"] == kind] for kind in _kinds(bins)}
    # Every pick bin is used once before one is used twice.
    pick = chance.sample(places["pick"], len(places["pick"])) * 3
    reserve = chance.sample(places["reserve"], len(places["reserve"])) * 3
    rows: list[Row] = []
    for product in goods:
        few = SCARCE.get(product.sku)
        if few is not None:
            if few.quantity:
                where = places[few.kind][0] if few.kind == "quarantine" else pick.pop()
                rows.append(_row(product, where, few.quantity, few.expires, 0))
            continue
        face = demand[product.sku] + chance.randrange(8, 60)
        split = chance.random() < 0.35
        first = demand[product.sku] // 2 + 4 if split else face
        rows.append(_row(product, pick.pop(), first, _EXPIRIES[1], 1))
        if split:
            rows.append(_row(product, pick.pop(), face - first + 4, _EXPIRIES[0], 2))
        if chance.random() < 0.3:
            more = chance.choice((12, 24, 48, 96))
            rows.append(_row(product, reserve.pop(), more, _EXPIRIES[2], 3))
    stale = next(p for p in goods if p.has_expiry and p.sku not in SCARCE)
    rows.append(_row(stale, reserve.pop(), 6, _STALE, 4))
    return rows


def _kinds(bins: list[Row]) -> list[str]:
    return sorted({b["kind"] for b in bins})


def _row(product: Product, place: str, quantity: int, expires: str, number: int) -> Row:
    lot = f"L26{product.sku[-3:].replace('-', '')}{number}" if product.has_lot else ""
    return {
        "client": product.client,
        "sku": product.sku,
        "bin": place,
        "lot": lot,
        "expires": expires if product.has_expiry else "",
        "quantity": str(quantity),
    }
