"""What is wrong with real orders, put into some of these on purpose; each order has one fault."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sample_warehouse.buyers import chinese_name
from sample_warehouse.catalog import Product
from sample_warehouse.orders import Order
from sample_warehouse.stock import SCARCE
from sample_warehouse.tables import Row, columns

CANCELLATION_COLUMNS = columns("client,channel,order_number,reason")
_REASONS = (
    "Buyer changed their mind",
    "Ordered by mistake",
    "Buyer asks for another address",
    "Payment was taken back",
    "Found it cheaper elsewhere",
    "Buyer does not answer",
)

Spoil = Callable[[Order, int], None]
Fits = Callable[[Order], bool]


def spoil(chance: Random, orders: list[Order], goods: dict[str, Product]) -> None:
    """Give each fault to a handful of orders that were clean before."""
    queue = list(orders)
    chance.shuffle(queue)

    def take(fits: Fits) -> Order:
        order = next(o for o in queue if fits(o))
        queue.remove(order)
        return order

    for name, count, fits, change in _FAULTS:
        for turn in range(count):
            order = take(fits)
            change(order, turn)
            order.dirt = name
    for sku, pieces in SCARCE.items():
        for quantity in pieces.wanted:
            order = take(_single_of(goods[sku].client))
            line = order.lines[0]
            line.product, line.sku, line.quantity = goods[sku], sku, str(quantity)
            order.dirt = "too few in stock"
    _name_some_in_chinese(chance, queue)


def cancellations(chance: Random, orders: list[Order]) -> list[Row]:
    """Orders that their buyers call off in the course of the day: good ones and an unpaid one."""
    good = [order for order in orders if not order.dirt]
    unpaid = [order for order in orders if order.dirt == "not paid"]
    chosen = [*chance.sample(good, len(_REASONS) - 1), unpaid[0]]
    return [
        {"client": o.client, "channel": o.channel, "order_number": o.number, "reason": reason}
        for o, reason in zip(chosen, _REASONS, strict=True)
    ]


def rows(chance: Random, orders: list[Order]) -> list[Row]:
    """The rows of the file: by time, some orders torn apart, some rows there twice."""
    blocks: list[list[Row]] = []
    late: list[tuple[int, list[Row]]] = []
    for place, order in enumerate(orders):
        block = order.rows()
        if order.dirt == "a row twice":
            block.append(block[-1])
        if order.dirt == "all rows twice, backwards":
            late.append((place + 12, block[::-1]))
        if order.dirt == "rows torn apart":
            late.append((place + chance.randrange(10, 40), block[1:]))
            block = block[:1]
        blocks.append(block)
    for place, block in sorted(late, key=lambda item: item[0], reverse=True):
        blocks.insert(place, block)
    return [row for block in blocks for row in block]


def _american(order: Order) -> bool:
    return order.buyer.country == "US" and order.buyer.state not in ("AE", "PR")


def _abroad(*countries: str) -> Fits:
    return lambda order: order.buyer.country in countries


def _several(order: Order) -> bool:
    return len(order.lines) >= 2


def _single(order: Order) -> bool:
    return len(order.lines) == 1


def _single_of(client: str) -> Fits:
    return lambda order: order.client == client and len(order.lines) == 1


def _any(_order: Order) -> bool:
    return True


def _wrong_state(order: Order, turn: int) -> None:
    city, state, postal_code = (
        ("Jacksonville", "CA", "12901"),
        ("Austin", "CA", "78701"),
        ("Miami", "GA", "33130"),
    )[turn]
    order.move_to(city=city, state=state, postal_code=postal_code)


def _bad_american_code(order: Order, turn: int) -> None:
    order.move_to(postal_code=("9021O", "ABCDE")[turn])


def _bad_foreign_code(order: Order, _turn: int) -> None:
    order.move_to(postal_code="12")


def _lose_zero(order: Order, turn: int) -> None:
    city, state, postal_code = (
        ("Hoboken", "NJ", "7030"),
        ("Cambridge", "MA", "2139"),
        ("New Haven", "CT", "6510"),
    )[turn]
    order.move_to(city=city, state=state, postal_code=postal_code)


def _not_paid(order: Order, _turn: int) -> None:
    order.paid = False


def _unknown_sku(order: Order, turn: int) -> None:
    order.lines[0].sku = ("OLD-1997", "GIFT-CARD-25", "SAMPLE-NOT-LISTED")[turn]


def _no_street(order: Order, _turn: int) -> None:
    order.move_to(line1="", line2="")


def _no_such_country(order: Order, _turn: int) -> None:
    order.country_text = "Neverland"


def _bad_quantity(order: Order, turn: int) -> None:
    order.lines[-1].quantity = ("0", "two", "0", "-1")[turn]


def _bad_quantity_among_good(order: Order, turn: int) -> None:
    _bad_quantity(order, turn + 2)


def _bad_date(order: Order, turn: int) -> None:
    for line in order.lines:
        line.ordered_at = ("2026-11-31T09:15:00-08:00", "yesterday evening")[turn]


def _post_box(order: Order, turn: int) -> None:
    order.move_to(line1=("PO Box 1204", "P.O. Box 77", "PO BOX 9", "Post Office Box 310")[turn])
    order.move_to(line2="")


def _leave(_order: Order, _turn: int) -> None:
    """Nothing is wrong in the order itself; `rows` writes it otherwise."""


# name, how many, which orders can have it, what is done to them
_FAULTS: tuple[tuple[str, int, Fits, Spoil], ...] = (
    ("ZIP of another state", 3, _american, _wrong_state),
    ("bad postal code", 2, _american, _bad_american_code),
    ("bad postal code", 1, _abroad("RU"), _bad_foreign_code),
    ("leading zero lost", 3, _american, _lose_zero),
    ("not paid", 4, _any, _not_paid),
    ("unknown SKU", 3, _single, _unknown_sku),
    ("no street", 2, _american, _no_street),
    ("unknown country", 1, _american, _no_such_country),
    ("a row twice", 3, _any, _leave),
    ("all rows twice, backwards", 2, _several, _leave),
    ("bad quantity", 2, _single, _bad_quantity),
    ("bad quantity in one row of several", 2, _several, _bad_quantity_among_good),
    ("bad date", 2, _single, _bad_date),
    ("rows torn apart", 3, _several, _leave),
    ("post office box", 4, _american, _post_box),
)
# Faults that a warehouse can live with: these orders ship.
MENDED = ("leading zero lost",)
NO_ORDER = ("bad quantity", "bad date")
HARMLESS = ("", "rows torn apart", "post office box", "too few in stock")


def _name_some_in_chinese(chance: Random, orders: list[Order]) -> None:
    for order in [o for o in orders if o.buyer.country in ("US", "CA")][:8]:
        order.move_to(name=chinese_name(chance))
