"""250 orders of one day over five channels, clean as yet; `dirt` spoils some of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from random import Random

from sample_warehouse.buyers import SPELLINGS, Buyer, buyer
from sample_warehouse.catalog import Product
from sample_warehouse.tables import Row, columns, money

COLUMNS = columns(
    "client,channel,order_number,sku,quantity,ordered_at,ship_by,service,priority,paid,name,phone,"
    "line1,line2,city,state,postal_code,country,unit_price,currency"
)

# The warehouse's day; Los Angeles is eight hours behind UTC on it.
PACIFIC = timezone(timedelta(hours=-8))
MIDNIGHT = datetime(2026, 11, 24, tzinfo=PACIFIC)
_TRUCK_HOUR = 17
_MOSCOW = timezone(timedelta(hours=3))

# channel: how many orders, which clients sell there, countries by how often
_CHANNELS: dict[str, tuple[int, tuple[str, ...], dict[str, int]]] = {
    "amazon": (80, ("NW", "LUMEN", "KIDORA"), {"US": 92, "CA": 5, "MX": 3}),
    "walmart": (40, ("NW", "KIDORA"), {"US": 100}),
    "tiktok": (45, ("NW", "LUMEN", "KIDORA"), {"US": 85, "GB": 15}),
    "shopify": (55, ("NW", "LUMEN", "KIDORA"), {"US": 72, "CA": 8, "DE": 10, "GB": 6, "MX": 4}),
    "ozon": (30, ("NW", "LUMEN", "KIDORA"), {"RU": 94, "KZ": 6}),
}
# Money of a country and what a dollar was worth in it when the prices were set, in hundredths.
_MONEY = {
    "US": ("USD", 100),
    "CA": ("CAD", 136),
    "MX": ("MXN", 1_800),
    "GB": ("GBP", 78),
    "DE": ("EUR", 92),
    "RU": ("RUB", 9_500),
    "KZ": ("KZT", 52_000),
}
# A multi-piece order must go into the biggest carton with air to spare.
_ROOM_MM3 = 120_000_000
_ROOM_G = 24_000


@dataclass
class Line:
    """One row of an order as the file has it; quantity and date are text, for they may be bad."""

    product: Product
    sku: str
    quantity: str
    ordered_at: str


@dataclass
class Order:
    """One order; `dirt` names what was spoiled in it ("" when it is as it should be)."""

    client: str
    channel: str
    number: str
    ordered_at: datetime
    ship_by: datetime
    service: str
    priority: int
    buyer: Buyer
    country_text: str
    lines: list[Line] = field(default_factory=list)
    paid: bool = True
    dirt: str = ""

    def rows(self) -> list[Row]:
        """The rows of the file, one for each line."""
        currency, rate = _MONEY.get(self.buyer.country, ("USD", 100))
        return [
            {
                "client": self.client,
                "channel": self.channel,
                "order_number": self.number,
                "sku": line.sku,
                "quantity": line.quantity,
                "ordered_at": line.ordered_at,
                "ship_by": self.ship_by.isoformat(),
                "service": self.service,
                "priority": str(self.priority),
                "paid": "yes" if self.paid else "no",
                "name": self.buyer.name,
                "phone": self.buyer.phone,
                "line1": self.buyer.line1,
                "line2": self.buyer.line2,
                "city": self.buyer.city,
                "state": self.buyer.state,
                "postal_code": self.buyer.postal_code,
                "country": self.country_text,
                "unit_price": money(line.product.value_minor * rate // 100),
                "currency": currency,
            }
            for line in self.lines
        ]

    def move_to(self, **changes: str) -> None:
        """Change parts of the buyer's name and address."""
        self.buyer = replace(self.buyer, **changes)


def orders(chance: Random, goods: list[Product]) -> list[Order]:
    """Every order of the day, by the time it was placed."""
    numbers = _Numbers(chance)
    made = []
    for channel, (count, clients, countries) in _CHANNELS.items():
        for _ in range(count):
            client = chance.choice(clients)
            country = chance.choices(list(countries), list(countries.values()))[0]
            made.append(_order(chance, client, channel, country, numbers, goods))
    made.sort(key=lambda order: (order.ordered_at, order.number))
    numbers.give_shops_their_own(made)
    return made


def _order(
    chance: Random,
    client: str,
    channel: str,
    country: str,
    numbers: _Numbers,
    goods: list[Product],
) -> Order:
    minutes = chance.choice((chance.randrange(5, 480), chance.randrange(360, 950)))
    at = MIDNIGHT + timedelta(minutes=minutes, seconds=chance.randrange(60))
    service, priority = _promise(chance, channel)
    same_day = (priority > 0 and at.hour < 12) or at.hour < 9
    truck = MIDNIGHT + timedelta(days=0 if same_day else 1, hours=_TRUCK_HOUR)
    order = Order(
        client=client,
        channel=channel,
        number=numbers.next(channel),
        ordered_at=at,
        ship_by=truck,
        service=service,
        priority=priority,
        buyer=buyer(chance, country),
        country_text=chance.choice(SPELLINGS[country]),
    )
    written = at.astimezone(_MOSCOW) if channel == "ozon" else at
    for product, quantity in _basket(chance, [g for g in goods if g.client == client]):
        order.lines.append(Line(product, product.sku, str(quantity), written.isoformat()))
    return order


def _promise(chance: Random, channel: str) -> tuple[str, int]:
    """Service and priority: 9 for a marketplace's own promise of speed, 5 for paid express."""
    if channel == "amazon" and chance.random() < 0.35:
        return chance.choice(("standard", "express")), 9
    if channel != "ozon" and chance.random() < 0.15:
        return "express", 5
    return "standard", 0


def _basket(chance: Random, goods: list[Product]) -> list[tuple[Product, int]]:
    """One or a few SKUs, mostly one piece of each, that go into one carton together."""
    while True:
        count = chance.choices((1, 2, 3, 4, 6), (62, 22, 10, 5, 1))[0]
        picked = chance.choices(goods, [product.weight for product in goods], k=count)
        chosen = list({product.sku: product for product in picked}.values())
        basket = [(p, chance.choices((1, 2, 3, 6), (80, 14, 4, 2))[0]) for p in chosen]
        if _fits(basket):
            return basket


def _fits(basket: list[tuple[Product, int]]) -> bool:
    volume = sum(p.size_mm[0] * p.size_mm[1] * p.size_mm[2] * n for p, n in basket)
    return volume <= _ROOM_MM3 and sum(p.grams * n for p, n in basket) <= _ROOM_G


class _Numbers:
    """Order numbers in each channel's own form, none twice in its channel."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.used: set[str] = set()

    def next(self, channel: str) -> str:
        """A fresh number; Shopify's are counted per shop afterwards."""
        while True:
            number = self._form(channel)
            if number not in self.used:
                self.used.add(number)
                return number

    def give_shops_their_own(self, made: list[Order]) -> None:
        """Each shop counts #1001, #1002 ...: two shops may have the same number on one day."""
        counted = {"NW": 1041, "LUMEN": 1046, "KIDORA": 2210}
        for order in made:
            if order.channel == "shopify":
                order.number = f"#{counted[order.client]}"
                counted[order.client] += 1

    def _form(self, channel: str) -> str:
        if channel == "amazon":
            return f"11{self._digits(1)}-{self._digits(7)}-{self._digits(7)}"
        if channel == "walmart":
            return f"17{self._digits(11)}"
        if channel == "tiktok":
            return f"5764{self._digits(14)}"
        if channel == "ozon":
            return f"57{self._digits(6)}-00{self._digits(2)}-1"
        return f"shop {self._digits(9)}"

    def _digits(self, count: int) -> str:
        return f"{self.chance.randrange(10**count):0{count}d}"
