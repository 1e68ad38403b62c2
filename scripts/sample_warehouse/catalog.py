"""Clients, SKUs with their barcodes, and cartons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import Random

from sample_warehouse import goods
from sample_warehouse.tables import Row, check_digit, columns, money

CLIENTS = {
    "NW": "Northwind Home 北风家居",
    "LUMEN": "Lumen Outdoor 流明户外",
    "KIDORA": "Kidora Toys 奇多拉玩具",
}
# GS1 keeps the prefixes 200-299 for numbers inside one company: none of these is a real product.
_PREFIX = {"NW": "210", "LUMEN": "220", "KIDORA": "230"}
_FAMILIES = {"NW": goods.NORTHWIND, "LUMEN": goods.LUMEN, "KIDORA": goods.KIDORA}
_STEM = {"NW": "NW-", "LUMEN": "LM", "KIDORA": "KD-"}

# Two clients sell the same factory's cup: one barcode, two SKUs.
SHARED_BARCODE = ("NW-MUG-BLU", "KD-CUP-BLU")

CARTON_COLUMNS = columns(
    "carton,name,inner_length_mm,inner_width_mm,inner_height_mm,"
    "outer_length_mm,outer_width_mm,outer_height_mm,empty_g,max_g"
)
SKU_COLUMNS = columns(
    "client,sku,name,barcodes,weight_g,length_mm,width_mm,height_mm,ships_in_own_box,fragile,"
    "lot,expiry,min_stock,hs_code,origin,value,currency"
)

# code, name, inner mm, what the carton itself weighs, what it may hold
_CARTONS = (
    ("S1", "Small mailer box", (180, 130, 60), 60, 2_000),
    ("S2", "Small box", (230, 160, 110), 105, 5_000),
    ("M1", "Medium flat box", (320, 240, 90), 170, 8_000),
    ("M2", "Medium box", (300, 220, 180), 210, 12_000),
    ("L1", "Long box", (700, 160, 150), 290, 12_000),
    ("L2", "Large box", (420, 320, 260), 390, 20_000),
    ("X1", "Extra large box", (600, 400, 400), 780, 30_000),
    ("X2", "Oversize box", (820, 560, 460), 1_350, 30_000),
)
_WALL_MM = 4


@dataclass
class Product:
    """One SKU; `row` is its line in skus.csv, `weight` how often it is ordered."""

    client: str
    sku: str
    family: str
    marks: str
    row: Row
    weight: int = 1
    size_mm: tuple[int, int, int] = field(default=(0, 0, 0))
    grams: int = 0
    value_minor: int = 0

    @property
    def own_box(self) -> bool:
        """Whether it goes out in the box it came in."""
        return "B" in self.marks

    @property
    def has_expiry(self) -> bool:
        """Whether its lots have a date; such a SKU has lots too."""
        return "E" in self.marks

    @property
    def has_lot(self) -> bool:
        """Whether its lots are told apart."""
        return "L" in self.marks or self.has_expiry


def products(chance: Random) -> list[Product]:
    """Every SKU of every client, in the order of the tables of goods."""
    made: list[Product] = []
    for client, text in _FAMILIES.items():
        serial = 0
        for line in text.strip().splitlines():
            for product in _family(client, line):
                serial += 1
                _give_barcodes(product, serial, chance)
                product.weight = chance.choice((1, 1, 1, 2, 3, 6))
                product.row["min_stock"] = str(chance.choice((0, 0, 5, 10, 20)))
                made.append(product)
    _share_one_barcode({product.sku: product for product in made})
    return made


def cartons() -> list[Row]:
    """Cartons from small to large; the outside is one wall more on each side."""
    rows = []
    for code, name, inner, empty_g, max_g in _CARTONS:
        outer = [side + 2 * _WALL_MM for side in inner]
        values = [code, name, *inner, *outer, empty_g, max_g]
        rows.append(dict(zip(CARTON_COLUMNS, map(str, values), strict=True)))
    return rows


def _family(client: str, line: str) -> list[Product]:
    code, english, chinese, grams, size, value, hs_code, origin, marks, variants = line.split("|")
    found = []
    for variant in _variants(variants):
        suffix, colour, colour_zh, factor = variant
        sides = [max(10, round(int(side) * factor ** (1 / 3) / 5) * 5) for side in size.split("x")]
        weight = max(10, round(int(grams) * factor / 5) * 5)
        minor = round(int(value) * (0.5 + factor / 2) / 100) * 100 - 10
        sku = f"{_STEM[client]}{code}-{suffix}"
        row = {
            "client": client,
            "sku": sku,
            "name": f"{english}, {colour} {chinese} {colour_zh}",
            "barcodes": "",
            "weight_g": str(weight),
            "length_mm": str(sides[0]),
            "width_mm": str(sides[1]),
            "height_mm": str(sides[2]),
            "ships_in_own_box": _yes("B" in marks),
            "fragile": _yes("F" in marks),
            "lot": _yes("L" in marks or "E" in marks),
            "expiry": _yes("E" in marks),
            "min_stock": "0",
            "hs_code": hs_code,
            "origin": origin,
            "value": money(minor),
            "currency": "USD",
        }
        size_mm = (sides[0], sides[1], sides[2])
        found.append(
            Product(client, sku, code, marks, row, 1, size_mm, weight, minor),
        )
    return found


def _variants(text: str) -> list[tuple[str, str, str, float]]:
    """`A:white:白色 B:extra large:特大:1.8`: names may hold blanks, suffixes are capitals."""
    found = []
    for part in re.split(r" (?=[A-Z0-9]+:)", text):
        fields = part.split(":")
        factor = float(fields[3]) if len(fields) == 4 else 1.0
        found.append((fields[0], fields[1], fields[2], factor))
    return found


def _give_barcodes(product: Product, serial: int, chance: Random) -> None:
    """A single code for each; for some an inner, a case, or a label of a marketplace."""
    body = f"{_PREFIX[product.client]}{serial:03d}{chance.randrange(10**6):06d}"
    codes = [body + check_digit(body)]
    if chance.random() < 0.2:
        inner = f"{body[:3]}{serial + 500:03d}{body[6:]}"
        codes.append(f"{inner}{check_digit(inner)}*6")
    if chance.random() < 0.35:
        case = "1" + body
        codes.append(f"{case}{check_digit(case)}*{chance.choice((12, 12, 24))}")
    if chance.random() < 0.08:
        codes.append("X00" + "".join(chance.choices("0123456789ABCDEFGHJKLMNPQRSTUV", k=7)))
    product.row["barcodes"] = ";".join(codes)


def _share_one_barcode(by_sku: dict[str, Product]) -> None:
    first, second = (by_sku[sku] for sku in SHARED_BARCODE)
    second.row["barcodes"] = first.row["barcodes"].split(";")[0]


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"
