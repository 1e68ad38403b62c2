"""Which stock is promised to which order, and why: pure planning, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

KINDS = ("pick", "reserve")  # the kinds of bins that goods are promised from, in this order
_NEVER = datetime.max.replace(tzinfo=UTC)
_KEEPS = date.max

# The steps by which one bin is preferred to another, in their order; each is a reason's code.
STEPS = ("expires_first", "pick_zone", "one_stop", "finish_bin", "short_walk")


@dataclass(slots=True)
class Shelf:
    """The free pieces of one stock row; `free` falls while they are promised."""

    stock_id: int
    warehouse_id: int
    sku_id: int
    kind: str
    walk: int
    free: int
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Want:
    """So many pieces of one SKU that an order line still misses; no SKU: nobody knows it."""

    line_id: int
    sku_id: int | None
    pieces: int


@dataclass(frozen=True, slots=True)
class Wish:
    """One order: what it misses, the warehouses it may go out from (preferred first)."""

    order_id: int
    wants: tuple[Want, ...]
    warehouses: tuple[int, ...]
    in_parts: bool = False
    priority: int = 0
    ship_by: datetime | None = None
    received_at: datetime = _NEVER


@dataclass(frozen=True, slots=True)
class Take:
    """Pieces of one stock row promised to one line; `why` is one of STEPS or "only_bin"."""

    order_id: int
    line_id: int
    stock_id: int
    pieces: int
    why: str


@dataclass(frozen=True, slots=True)
class Lack:
    """What kept an order short: a line, the pieces it misses and those that are free for it."""

    line_id: int
    missing: int
    free: int


@dataclass
class Plan:
    """`homes`: order -> the warehouse it goes out from; `short`: order -> what it lacks."""

    takes: list[Take] = field(default_factory=list)
    homes: dict[int, int] = field(default_factory=dict)
    short: dict[int, list[Lack]] = field(default_factory=dict)


class Free:
    """The free stock that a plan promises from, by warehouse and SKU."""

    def __init__(self, shelves: Iterable[Shelf], today: Mapping[int, date]) -> None:
        """`today`: each warehouse's date; goods are promised only before the day they expire."""
        self._shelves: dict[tuple[int, int], list[Shelf]] = defaultdict(list)
        self.total: dict[tuple[int, int], int] = defaultdict(int)
        for shelf in shelves:
            expired = shelf.expires is not None and shelf.expires <= today[shelf.warehouse_id]
            if shelf.free > 0 and shelf.kind in KINDS and not expired:
                key = shelf.warehouse_id, shelf.sku_id
                self._shelves[key].append(shelf)
                self.total[key] += shelf.free

    def of(self, warehouse_id: int, sku_id: int | None) -> int:
        """How many pieces of a SKU are free in a warehouse."""
        return 0 if sku_id is None else self.total.get((warehouse_id, sku_id), 0)

    def everywhere(self) -> dict[int, int]:
        """How many pieces of each SKU are free in all warehouses that were looked at."""
        pieces: dict[int, int] = defaultdict(int)
        for (_warehouse, sku), free in self.total.items():
            pieces[sku] += free
        return pieces

    def take(self, order_id: int, warehouse_id: int, want: Want, pieces: int) -> list[Take]:
        """Promise up to `pieces` for `want`, the best bin first."""
        if want.sku_id is None:
            return []
        key = warehouse_id, want.sku_id
        shelves = self._shelves.get(key, [])
        takes: list[Take] = []
        while pieces and shelves:
            shelf, why = best(shelves, pieces)
            taken = min(pieces, shelf.free)
            takes.append(Take(order_id, want.line_id, shelf.stock_id, taken, why))
            shelf.free -= taken
            self.total[key] -= taken
            pieces -= taken
            if not shelf.free:
                shelves.remove(shelf)
        return takes


def best(shelves: Sequence[Shelf], pieces: int) -> tuple[Shelf, str]:
    """The bin to take `pieces` from, and the code of the step that preferred it to the others."""
    if len(shelves) == 1:
        return shelves[0], "only_bin"
    ranked = sorted([(_rank(shelf, pieces), at) for at, shelf in enumerate(shelves)])
    (first, at), (second, _other) = ranked[:2]
    for step, mine, other in zip(STEPS, first, second):
        if mine != other:
            return shelves[at], step
    return shelves[at], STEPS[-1]


def _rank(shelf: Shelf, pieces: int) -> tuple[date, int, bool, int, int, int]:
    return (
        shelf.expires or _KEEPS,
        KINDS.index(shelf.kind),
        shelf.free < pieces,
        shelf.free,
        shelf.walk,
        shelf.stock_id,
    )


def in_turn(wishes: Iterable[Wish]) -> list[Wish]:
    """The orders in the order in which they are served: promise, ship-by, age."""
    return sorted(
        wishes, key=lambda w: (-w.priority, w.ship_by or _NEVER, w.received_at, w.order_id)
    )


def plan(wishes: Iterable[Wish], free: Free) -> Plan:
    """Promise free stock to orders in turn: whole orders, or what is there to those in parts."""
    made = Plan()
    for wish in in_turn(wishes):
        home = _home(wish, free)
        if home is None:
            made.short[wish.order_id] = _lacks(wish, free)
            continue
        made.homes[wish.order_id] = home
        for want in wish.wants:
            pieces = min(want.pieces, free.of(home, want.sku_id))
            made.takes += free.take(wish.order_id, home, want, pieces)
    return made


def _home(wish: Wish, free: Free) -> int | None:
    """The first warehouse that has all of it; in parts, else the first that has any of it."""
    needed = _needed(wish)
    for warehouse in wish.warehouses:
        if all(free.of(warehouse, sku) >= pieces for sku, pieces in needed.items()):
            return warehouse
    if wish.in_parts:
        for warehouse in wish.warehouses:
            if any(free.of(warehouse, sku) for sku in needed):
                return warehouse
    return None


def _needed(wish: Wish) -> dict[int | None, int]:
    needed: dict[int | None, int] = defaultdict(int)
    for want in wish.wants:
        needed[want.sku_id] += want.pieces
    return needed


def _lacks(wish: Wish, free: Free) -> list[Lack]:
    """What is missing in the warehouse that comes nearest to having all of it."""

    def missing(warehouse: int) -> int:
        return sum(
            max(0, pieces - free.of(warehouse, sku)) for sku, pieces in _needed(wish).items()
        )

    home = min(wish.warehouses, key=missing)
    needed = _needed(wish)
    lacks = []
    for want in wish.wants:
        there = free.of(home, want.sku_id)
        if there < needed[want.sku_id]:
            lacks.append(Lack(want.line_id, max(1, needed[want.sku_id] - there), there))
    return lacks
