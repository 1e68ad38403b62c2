"""What a station does at each stage, as its rooms do it: prepared, sent, and sent again.

`prepare` brings a small warehouse to the moment before and gives plain facts; `send` is a person
who comes to a station that was started anew, goes to where the operation is sent, and sends it.
After a power cut the same person does the same again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests import faults
from tests.bench import Tray, address_of_the_house, picked, rate_card
from tests.builders import SKUS, Floor
from tests.journeys import bring_to, released
from tests.parcels import add_lanes, packed_order, tracking_of
from wms_app.base.codes import Scan, own
from wms_app.base.conversation import Answer
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Down, Refused
from wms_app.base.who import Role, Who
from wms_app.floor.allocation.service import allocate
from wms_app.floor.cancelling.presenter import PutBackPresenter
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.counting import service as counting
from wms_app.floor.counting.presenter import CountPresenter
from wms_app.floor.handover import service as handover
from wms_app.floor.handover.model import Pickup
from wms_app.floor.handover.presenter import PickupPresenter
from wms_app.floor.labelling.at_bench import bench_papers
from wms_app.floor.labelling.presenter import LabelWalkPresenter
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.presenter import OrdersPresenter
from wms_app.floor.packing.presenter import PackPresenter
from wms_app.floor.picking.presenter import PickPresenter
from wms_app.floor.staging import service as staging
from wms_app.floor.staging.presenter import StagePresenter
from wms_app.floor.stock import service as stock
from wms_app.floor.waves.presenter import ReleasePresenter
from wms_app.floor.waves.service import release
from wms_app.outside.carriers.carrier import Bought, Shipment
from wms_app.outside.carriers.house import House
from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.scale import SimulatedScale

EAN = {code: barcode for code, _name, barcode, *_rest in SKUS}
KEY = "the-operation"
LIST = own("LIST", "L000001")
Facts = dict[str, Any]
Room = Callable[[Store, Facts], Any]
Send = Callable[[Store, Facts], list[str]]


def key_of(facts: Facts) -> str:
    """The id of the operation: the same, unless the person does it anew."""
    return str(facts.get("key", KEY))


@dataclass(frozen=True)
class Stage:
    """`told`: words that the person hears on the way to sending it again, after it had happened
    or a part of it. `anew`: words when the person, who can't know that a scan of before was taken,
    scans once more; `counts`: that one more is then taken, since there are more.
    """

    prepare: Callable[[Floor], Facts]
    send: Send
    told: str
    anew: str
    counts: bool = False


class Shop(House):
    """A carrier whose books outlive the power cut; what it sold is told by `find`."""

    def __init__(self, books: Path) -> None:
        super().__init__(rate_card())
        self._books = books

    def buy(self, key: str, shipment: Shipment) -> Bought:
        faults.fault.reach("the carrier is asked")
        bought = super().buy(key, shipment)
        line = json.dumps({"key": key, "sold": list(bought.__dict__.values())}) + "\n"
        books = os.open(self._books, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(books, line.encode())
        os.close(books)
        faults.fault.reach("the carrier has sold")
        return bought

    def find(self, key: str) -> Bought | None:
        return next((Bought(*one["sold"]) for one in self.sold() if one["key"] == key), None)

    def sold(self) -> list[dict[str, Any]]:
        """Every sale."""
        if not self._books.exists():
            return []
        return [json.loads(line) for line in self._books.read_text().splitlines()]


class Paper(Tray):
    """A tray that takes lists and manifests too; printing is a point."""

    def send(self, paper: str, name: str, content: bytes, kind: Kind) -> str:
        faults.fault.reach("it is printed")
        return "the tray"


def _who(role: Role) -> Who:
    return Who(1, "Ana", role, "P1", 1)


def _words(work: Callable[[], Answer]) -> list[str]:
    """What the person reads."""
    try:
        answer = work()
    except Refused as refusal:
        return ["refused", refusal.code, refusal.text, refusal.detail]
    except Down as down:
        return ["down", down.what, down.text]
    return [answer.kind, answer.text, answer.detail]


def _walk(made: Room, path: tuple[str, ...], last: Callable[[Any, Facts], Answer]) -> Send:
    """Scan the path at a station started anew, then do the last step, which is the operation.

    `{name}` in the path stands for a fact.
    """

    def send(store: Store, facts: Facts) -> list[str]:
        room = made(store, facts)
        said: list[str] = []

        def walk() -> Answer:
            room.open()
            for place, step in enumerate(path):
                heard = room.scan(Scan(step.format(**facts), f"{key_of(facts)}-way-{place}"))
                said.extend((heard.text, heard.detail))
            faults.begin()
            return last(room, facts)

        return [*_words(walk), *said]

    return send


def _scans(made: Room, *path: str) -> Send:
    """The last scan of the path is the operation."""
    return _walk(
        made,
        path[:-1],
        lambda room, facts: room.scan(Scan(path[-1].format(**facts), key_of(facts))),
    )


def _acts(made: Room, action: str, value: str, *path: str) -> Send:
    """An action at the end of the path is the operation."""
    return _walk(
        made, path, lambda room, facts: room.act(action, value.format(**facts), key_of(facts))
    )


# The rooms


def _pick(store: Store, facts: Facts) -> PickPresenter:
    return PickPresenter(store, _who("picker"))


def _release(store: Store, facts: Facts) -> ReleasePresenter:
    return ReleasePresenter(store, _who("supervisor"), Paper())


def _orders(store: Store, facts: Facts) -> OrdersPresenter:
    room = OrdersPresenter(store, _who("supervisor"), cancel)
    if "file" in facts:
        room.act("open_file", facts["file"])
    else:
        room.act("order", str(facts["order"]))
    room.open = lambda: None  # type: ignore[method-assign]
    return room


def _lanes(store: Store, facts: Facts) -> StagePresenter:
    return StagePresenter(store, _who("picker"))


def _door(store: Store, facts: Facts) -> PickupPresenter:
    return PickupPresenter(store, _who("supervisor"), Paper())


def _shelf(store: Store, facts: Facts) -> PutBackPresenter:
    return PutBackPresenter(store, _who("picker"))


def _count(store: Store, facts: Facts) -> CountPresenter:
    return CountPresenter(store, _who("supervisor"))


def _bench(store: Store, facts: Facts) -> PackPresenter:
    who = _who("packer")
    carriers = {"house": Shop(Path(facts["books"]))}
    papers = bench_papers(store, who, carriers, Paper())
    return PackPresenter(store, who, SimulatedScale(), papers)


def _label_walk(store: Store, facts: Facts) -> LabelWalkPresenter:
    carriers = {"house": Shop(Path(facts["books"]))}
    return LabelWalkPresenter(store, _who("picker"), carriers, Paper())


# What was before


def _stocked(floor: Floor, mugs: int = 5, towels: int = 5) -> None:
    floor.add_stock("MUG", "A-01-1", mugs)
    floor.add_stock("TOWEL", "A-02-1", towels)


def _a_file(floor: Floor) -> Facts:
    columns = "client,channel,order_number,sku,quantity,ordered_at,paid,name,line1,city,state"
    rows = [
        f"NW,shopify,#{n},{sku},2,2026-03-03T08:00:00-08:00,{paid},Sample Buyer,1 Example Street,"
        "Austin,TX,78701,US,12.90,USD"
        for n, sku, paid in ((1, "MUG", "yes"), (1, "TOWEL", "yes"), (2, "MUG", "no"))
    ]
    head = f"{columns},postal_code,country,unit_price,currency"
    return {"text": "\n".join([head, *rows, ""])}


def _waiting(floor: Floor) -> Facts:
    _stocked(floor, mugs=3)
    floor.add_order({"MUG": 2, "TOWEL": 1}, "#1")
    floor.add_order({"MUG": 2}, "#2")
    return {}


def _allocated(floor: Floor) -> Facts:
    _stocked(floor)
    orders = [floor.add_order({"MUG": 2, "TOWEL": 1}, "#1"), floor.add_order({"MUG": 1}, "#2")]
    floor.do(lambda tx: allocate(tx, orders))
    return {"order": orders[0]}


def _on_a_list(floor: Floor) -> Facts:
    _stocked(floor)
    floor.add_stock("MUG", "A-03-1", 1)
    order = floor.add_order({"MUG": 3, "TOWEL": 1}, "#1")
    return {"order": order, "list": released(floor, order)}


def _at(stage: str) -> Callable[[Floor], Facts]:
    def prepare(floor: Floor) -> Facts:
        address_of_the_house(floor)
        _stocked(floor)
        order = floor.add_order({"MUG": 2, "TOWEL": 1}, "#1", service="standard")
        bring_to(floor, order, stage)
        return {"order": order, "tote": own("TOTE", f"T-{order}")}

    return prepare


def _one_mug(floor: Floor) -> Facts:
    address_of_the_house(floor)
    return {"order": picked(floor, {"MUG": 1}, "#1"), "tote": own("TOTE", "T-1")}


def _boards(floor: Floor) -> Facts:
    address_of_the_house(floor)
    for place in ("A-01-1", "A-02-2"):
        floor.add_stock("BOARD", place, 1)
    orders = [floor.add_order({"BOARD": 1}, f"LF-{n}") for n in (1, 2)]

    def work(tx: Tx) -> None:
        allocate(tx, orders)
        release(tx, orders)

    floor.do(work)
    return {}


def _labelled(floor: Floor) -> Facts:
    add_lanes(floor)
    order, (parcel, *_rest) = packed_order(floor, number="#1")
    lane = own("LANE", "STD-17")
    return {"order": order, "parcel": parcel, "label": tracking_of(floor, parcel), "lane": lane}


def _standing(floor: Floor) -> Facts:
    facts = _labelled(floor)
    floor.do(lambda tx: staging.stage(tx, facts["parcel"], "STD-17"))
    return facts


def _on_the_truck(floor: Floor) -> Facts:
    facts = _standing(floor)

    def work(tx: Tx) -> str:
        truck = handover.open_pickup(tx, "STD-17")
        handover.load(tx, truck, facts["parcel"])
        return str(tx.scalar(select(Pickup.code).where(Pickup.id == truck)))

    return {**facts, "truck": own("PICKUP", floor.do(work))}


def _held(floor: Floor) -> Facts:
    facts = _allocated(floor)
    floor.do(lambda tx: hold(tx, facts["order"], "address"))
    return facts


def _called_off(floor: Floor) -> Facts:
    facts = _at("picked")(floor)
    floor.do(lambda tx: cancel(tx, facts["order"], "x"))
    return facts


def _doubted(floor: Floor) -> Facts:
    _stocked(floor)
    floor.do(lambda tx: stock.ask_count(tx, 1, "looks wrong"))
    return {"bin": own("BIN", "A-01-1")}


def _counted(floor: Floor) -> Facts:
    facts = _doubted(floor)
    floor.do(lambda tx: counting.count(tx, 1, 3), "picker")
    return facts


def _weigh(store: Store, facts: Facts) -> list[str]:
    """Scan the tote, its mug unless that is in the box, and weigh; else print what waits."""
    room = _bench(store, facts)

    def work() -> Answer:
        room.open()
        try:
            room.scan(Scan(facts["tote"], f"{key_of(facts)}-tote"))
        except Refused as refusal:
            if not room.view.waiting:
                raise
            made = room.act("retry_labels", operation=f"{key_of(facts)}-again")
            return Answer(made.kind, made.text, refusal.detail)
        if room.view.step == "items":
            room.scan(Scan(EAN["MUG"], f"{key_of(facts)}-mug"))
        faults.begin()
        return room.act("weight", "270", key_of(facts))

    return _words(work)


BIN = own("BIN", "A-01-1")
HERE_ALREADY = "Everything was here already"
STAGES: dict[str, Stage] = {
    "take orders in": Stage(_a_file, _acts(_orders, "take_in", ""), HERE_ALREADY, HERE_ALREADY),
    "allocate": Stage(
        _waiting, _acts(_release, "allocate", ""), "0 orders allocated", "0 orders allocated"
    ),
    "release": Stage(
        _allocated,
        _acts(_release, "release", "auto"),
        "1 list · 2 orders · 4 pieces Printed before: look at the printer.",
        "No order is ready to be released.",
    ),
    "pick a piece": Stage(
        _on_a_list,
        _scans(_pick, LIST, BIN, EAN["MUG"]),
        "Silicone mug, blue: 1 of 3",
        "Silicone mug, blue: 2 of 3",
        counts=True,
    ),
    "short pick": Stage(_on_a_list, _acts(_pick, "short", "1", LIST, BIN), "is done", "is done"),
    "undo a piece": Stage(
        _on_a_list,
        _acts(_pick, "undo", "", LIST, BIN, EAN["MUG"]),
        "taken back",
        "taken back",
        counts=True,
    ),
    "pack a piece": Stage(
        _at("picked"),
        _scans(_bench, "{tote}", EAN["MUG"]),
        "Silicone mug, blue — one more",
        "Silicone mug, blue — all in",
        counts=True,
    ),
    "short at the bench": Stage(
        _one_mug, _acts(_bench, "short", "0", "{tote}"), "carries no order", "carries no order"
    ),
    "weigh and label": Stage(_one_mug, _weigh, "Tote T-1 carries no order", "T-1 carries no order"),
    "labels first": Stage(_boards, _scans(_label_walk, LIST), "printed already", "printed already"),
    "stage": Stage(_labelled, _scans(_lanes, "{label}", "{lane}"), "STD-17 already", "already"),
    "load": Stage(_standing, _scans(_door, "{lane}", "{label}"), "is on the truck", "already"),
    "depart": Stage(
        _on_the_truck,
        _acts(_door, "depart", "Li Wei, 7ABC123", "{truck}"),
        "Truck PU-00001 left at",
        "Truck PU-00001 left at",
    ),
    "cancel": Stage(
        _at("labelled"), _acts(_orders, "cancel_order", "changed mind"), "Cancelled.", "Cancelled."
    ),
    "put back": Stage(
        _called_off,
        _scans(_shelf, "{tote}", EAN["MUG"], BIN),
        "1 of Silicone mug, blue back in A-01-1",
        "1 of Silicone mug, blue back in A-01-1",
        counts=True,
    ),
    "count": Stage(_doubted, _scans(_count, "{bin}", "3"), "counted already", "counted already"),
    "approve a count": Stage(
        _counted, _acts(_count, "approve", ""), "No bin is in doubt", "No bin is in doubt"
    ),
    "hold": Stage(_allocated, _acts(_orders, "hold", "address"), "on hold", "on hold", counts=True),
    "let go": Stage(_held, _acts(_orders, "let_go", ""), "goes on", "goes on"),
}
