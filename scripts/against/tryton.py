"""The side of Tryton: runs in an environment of its own and does what it is told, line by line.

It gets the configuration's file and the database's name. Each line in is a JSON object with "do"
and what that needs; each line out is its answer. Times are taken here, inside the process, so that
neither side pays for a wire. Every step is one transaction over a list of shipments, as one click
on a list is; the access rules, which a remote client would meet, are left out.
"""

from __future__ import annotations

import datetime
import json
import sys
import time
from collections import Counter
from decimal import Decimal
from typing import Any

import trytond.config as config  # type: ignore[import-not-found]

config.update_etc(sys.argv[1])

from trytond.pool import Pool  # type: ignore[import-not-found]  # noqa: E402
from trytond.transaction import Transaction  # type: ignore[import-not-found]  # noqa: E402

DATABASE = sys.argv[2]
ROOT = 0
CLICKS = {
    "allocate": ("assign_try",),
    "pick": ("pick",),
    "pack": ("pack",),
    "ship": ("ship", "do"),
}


class Side:
    """Tryton's stock module on one database."""

    def __init__(self) -> None:
        Pool.start()
        self.pool = Pool(DATABASE)
        self.pool.init()
        self.user = ROOT
        self.context: dict[str, Any] = {}
        self.known: dict[str, int] = {}
        self.products: list[int] = []
        self.shipments: dict[str, int] = {}
        self.ordered: Counter[int] = Counter()

    def setup(self, skus: int, bins_each: int, plenty: int) -> dict[str, Any]:
        """A company, a customer, goods, and the bins with the pieces that Dock has too."""
        get = self.pool.get
        with Transaction().start(DATABASE, ROOT) as transaction:
            dollar, *_ = get("currency.currency").create(
                [{"name": "US Dollar", "symbol": "$", "code": "USD"}]
            )
            owner, buyer = get("party.party").create([{"name": "Company"}, {"name": "Buyer"}])
            address, *_ = get("party.address").create(
                [{"party": buyer.id, "street": "1 Example Street"}]
            )
            company, *_ = get("company.company").create(
                [{"party": owner.id, "currency": dollar.id}]
            )
            user, *_ = get("res.user").search([("login", "=", "admin")])
            seat = {"companies": [("add", [company.id])], "company": company.id}
            get("res.user").write([user], seat)
            self.user = user.id
            transaction.commit()
        self.context = {"company": company.id}
        self.known = {"buyer": buyer.id, "address": address.id, "dollar": dollar.id}
        with Transaction().start(DATABASE, self.user, context=self.context) as transaction:
            self._goods(skus)
            self._stock(skus * bins_each, bins_each, plenty)
            transaction.commit()
        return {}

    def _goods(self, skus: int) -> None:
        get = self.pool.get
        unit, *_ = get("product.uom").search([("name", "=", "Unit")])
        self.known["unit"] = unit.id
        made = get("product.template").create(
            [
                {
                    "name": f"Goods {number}",
                    "type": "goods",
                    "default_uom": unit.id,
                    "list_price": Decimal(20),
                    "products": [("create", [{}])],
                }
                for number in range(1, skus + 1)
            ]
        )
        self.products = [one.products[0].id for one in made]

    def _stock(self, count: int, bins_each: int, plenty: int) -> None:
        places, moves = self.pool.get("stock.location"), self.pool.get("stock.move")
        for code in ("WH", "STO", "OUT", "CUS", "SUP"):
            self.known[code] = places.search([("code", "=", code)])[0].id
        made = places.create(
            [
                {"name": f"A-{number:04d}", "type": "storage", "parent": self.known["STO"]}
                for number in range(1, count + 1)
            ]
        )
        opening = [
            self._move(self.products[at // bins_each], plenty + at + 1, self.known["SUP"], one.id)
            for at, one in enumerate(made)
        ]
        moves.do(moves.create(opening))

    def _move(self, product: int, pieces: int, start: int, end: int) -> dict[str, Any]:
        today = datetime.date.today()  # noqa: DTZ011 - Tryton's own day
        return {
            "product": product,
            "unit": self.known["unit"],
            "quantity": pieces,
            "from_location": start,
            "to_location": end,
            "unit_price": Decimal(10),
            "currency": self.known["dollar"],
            "company": self.context["company"],
            "planned_date": today,
        }

    def record(self, orders: list[dict[str, Any]]) -> dict[str, Any]:
        """Customer shipments with their moves, from draft to waiting."""
        shipments = self.pool.get("stock.shipment.out")
        known = self.known
        begin = time.perf_counter()
        with Transaction().start(DATABASE, self.user, context=self.context) as transaction:
            today = datetime.date.today()  # noqa: DTZ011 - Tryton's own day
            head = {
                "customer": known["buyer"],
                "delivery_address": known["address"],
                "warehouse": known["WH"],
                "warehouse_storage": known["STO"],
                "warehouse_output": known["OUT"],
                "planned_date": today,
            }
            made = shipments.create(
                [
                    {**head, "reference": one["number"], "moves": [("create", self._lines(one))]}
                    for one in orders
                ]
            )
            shipments.wait(made)
            transaction.commit()
        took = time.perf_counter() - begin
        for one, shipment in zip(orders, made):
            self.shipments[one["number"]] = shipment.id
            for sku, pieces in one["lines"]:
                self.ordered[self.products[sku - 1]] += pieces
        return {"seconds": took}

    def _lines(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        start, end = self.known["OUT"], self.known["CUS"]
        return [
            self._move(self.products[sku - 1], pieces, start, end) for sku, pieces in order["lines"]
        ]

    def click(self, step: str, numbers: list[str]) -> dict[str, Any]:
        """One step of these shipments, all in one transaction."""
        ids = [self.shipments[number] for number in numbers]
        shipments = self.pool.get("stock.shipment.out")
        begin = time.perf_counter()
        with Transaction().start(DATABASE, self.user, context=self.context) as transaction:
            for name in CLICKS[step]:
                getattr(shipments, name)(shipments.browse(ids))
            transaction.commit()
        return {"seconds": time.perf_counter() - begin}

    def settle(self) -> dict[str, Any]:
        """Let Postgres hear what this connection has written: it is told with a later command."""
        with Transaction().start(DATABASE, self.user, context=self.context, readonly=True):
            self.pool.get("stock.shipment.out").search([], limit=1)
        return {}

    def check(self, bins_each: int, plenty: int) -> dict[str, Any]:
        """What is wrong: shipments that are not done, goods that fell by other than was ordered."""
        with Transaction().start(DATABASE, self.user, context=self.context, readonly=True):
            states = Counter(
                one.state
                for one in self.pool.get("stock.shipment.out").browse(list(self.shipments.values()))
            )
            store = self.known["STO"]
            held = self.pool.get("product.product").products_by_location([store], with_childs=True)
            wrong = []
            for at, product in enumerate(self.products):
                bins = range(at * bins_each + 1, at * bins_each + bins_each + 1)
                left = sum(plenty + number for number in bins) - self.ordered[product]
                if held.get((store, product)) != left:
                    wrong.append(f"product {at + 1}: {held.get((store, product))}, not {left}")
        if set(states) != {"done"}:
            wrong.append(f"shipments: {dict(states)}")
        return {"wrong": wrong[:5], "done": states["done"], "pieces": sum(self.ordered.values())}


def main() -> None:
    """Do what is told until nothing more is."""
    side = Side()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        answer = getattr(side, told.pop("do"))(**told)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
