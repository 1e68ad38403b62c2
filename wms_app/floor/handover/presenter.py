"""The conversation at the door: the lane's truck, its parcels, and its departure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from wms_app.base.codes import Code, Item, Own, Scan
from wms_app.base.conversation import Action, Answer, ScanningRoom
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.handover import board, service
from wms_app.floor.handover.board import DoorRow, MissingParcel, TruckCard
from wms_app.floor.handover.manifest import manifest
from wms_app.floor.staging.board import ParcelCard, parcel_card, parcel_cards
from wms_app.floor.staging.lanes import lanes
from wms_app.floor.staging.lookup import parcel_scanned, refuse_old_label
from wms_app.outside.devices.printer import Printer
from wms_app.outside.papers.document import Paper
from wms_app.outside.papers.manifest import manifest_pdf
from wms_app.outside.printing.station import aimed

SHOWN = 300  # missing parcels that are listed; the rest is counted
_SEPARATORS = str.maketrans({",": ",", "，": ",", ";": ",", "；": ",", "/": ","})


@dataclass(frozen=True)
class PickupView:
    """`truck` is None until a lane was scanned; `missing` are listed by name, `left` counts those
    that stand in the lane and may leave. `taking_off`: the next parcel scanned comes off."""

    instruction: str
    context: str = ""
    truck: TruckCard | None = None
    taking_off: bool = False
    doors: tuple[DoorRow, ...] = ()
    missing: tuple[MissingParcel, ...] = ()
    left: int = 0
    loaded: tuple[ParcelCard, ...] = ()
    printed_to: str = ""
    expects_repeat: bool = False


class PickupPresenter(ScanningRoom):
    """Walk: scan the lane's sign, every parcel that goes onto the truck, then depart."""

    def __init__(self, store: Store, who: Who, printer: Printer) -> None:
        self.store = store
        self.who = who
        self.printer = printer
        self._pickup = 0
        self._taking_off = False
        self._mine: list[int] = []
        self._known_left: frozenset[int] = frozenset()
        self._printed_to = ""
        self.view = PickupView("")

    @property
    def actions(self) -> tuple[Action, ...]:
        """What a truck allows: taking off, undo, departure; the manifest again after it."""
        truck = self.view.truck
        if truck is None:
            return ()
        doors = Action("doors", "F5", _("Other trucks"), sheet="next")
        if truck.state != "open":
            return (Action("reprint", "F2", _("Manifest again")), doors)
        found = [doors]
        if truck.loaded:
            off = _("Go on loading") if self._taking_off else _("Take off")
            found += [Action("take_off", "F8", off), self._departure(truck)]
        else:
            found += [Action("call_off", "F4", _("Close empty truck"), sheet="close")]
        if self._mine:
            found += [Action("undo", "F9", _("Undo"))]
        return tuple(found)

    def _departure(self, truck: TruckCard) -> Action:
        leaves = ngettext(
            "Truck {truck} leaves with {count} parcel. That can't be undone.",
            "Truck {truck} leaves with {count} parcels. That can't be undone.",
            truck.loaded,
        ).format(truck=truck.code, count=truck.loaded)
        if self.view.left:
            names = ", ".join(
                parcel.order_number for parcel in self.view.missing if parcel.why == "lane"
            )
            if len(names) > 160:
                names = names[:160].rsplit(", ", 1)[0] + ", …"
            leaves += "\n" + ngettext(
                "{count} parcel stays in the lane: {names}",
                "{count} parcels stay in the lane: {names}",
                self.view.left,
            ).format(count=self.view.left, names=names)
        prompt = _("Driver, vehicle (for example: Li Wei, 7ABC123)")
        return Action("depart", "F10", _("Depart"), "text", prompt, confirm=leaves, sheet="close")

    def open(self) -> None:
        """Begin at the doors; a truck that was being loaded is continued by scanning its lane."""
        self._pickup, self._taking_off, self._mine, self._printed_to = 0, False, [], ""
        self.refresh()

    def refresh(self) -> None:
        """Count again; the truck stays."""
        with self.store.read() as tx:
            self._show(tx)

    def _scan(self, scan: Scan, code: Code) -> Answer:
        """A lane, a truck, or a parcel."""
        if isinstance(code, Own) and code.kind == "PICKUP":
            return self._at_pickup(code.value)
        lane = self._lane_in(code)
        return self._at_lane(lane, scan.id) if lane else self._at_parcel(code, scan.id)

    def _act(self, action: str, value: str, operation: str) -> Answer:
        """`depart` takes "driver, vehicle"; `take_off` turns the next scans round; `open_lane` is
        the tap on a lane that stands for scanning its sign."""
        does: dict[str, Callable[[], Answer]] = {
            "depart": lambda: self._depart(value, operation),
            "reprint": self._reprint,
            "undo": lambda: self._undo(operation),
            "take_off": self._turn,
            "call_off": lambda: self._call_off(operation),
            "doors": self._to_doors,
            "open_lane": lambda: self._at_lane(value, operation),
        }
        if action not in does or not (self._pickup or action in ("doors", "open_lane")):
            raise self._no_such(_("Scan a lane's sign."))
        return does[action]()

    def expects(self, code: Code) -> bool:
        """See `ScanningRoom`: a parcel that stands in the truck's lane and may leave. A lane's sign
        hangs there all day: which truck comes is said with the scanner."""
        if not self._pickup or self._taking_off:
            return False
        waiting = {parcel.parcel_id for parcel in self.view.missing if parcel.why == "lane"}
        try:
            with self.store.read() as tx:
                return parcel_scanned(tx, self.who.warehouse_id, code).parcel_id in waiting
        except Refused:
            return False

    def _lane_in(self, code: Code) -> str:
        if isinstance(code, Own) and code.kind == "LANE":
            return code.value
        if not isinstance(code, Item):
            return ""
        with self.store.read() as tx:
            known = {lane.code for lane in lanes(tx, self.who.warehouse_id)}
        return code.text.upper() if code.text.upper() in known else ""

    def _at_pickup(self, code: str) -> Answer:
        with self.store.read() as tx:
            self._enter(board.pickup_called(tx, self.who.warehouse_id, code))
            self._show(tx)
        return self._greeting()

    def _at_lane(self, lane: str, operation: str) -> Answer:
        number = self.store.write(
            operation, self.who, "open_pickup", lambda tx: service.open_pickup(tx, lane)
        )
        self._enter(number)
        self.refresh()
        return self._greeting()

    def _enter(self, pickup_id: int) -> None:
        if pickup_id != self._pickup:
            self._mine = []
        self._pickup, self._taking_off, self._printed_to = pickup_id, False, ""

    def _greeting(self) -> Answer:
        truck = cast(TruckCard, self.view.truck)
        if truck.state == "departed":
            return Answer(
                "warn",
                _("Truck {truck} left at {time}.").format(truck=truck.code, time=truck.departed),
                _("F2 prints its manifest again."),
            )
        return Answer(
            "ok",
            _("Truck {truck} for lane {lane}.").format(truck=truck.code, lane=truck.lane),
            _("Scan the parcels onto it."),
        )

    def _at_parcel(self, code: Code, operation: str) -> Answer:
        if not self._pickup:
            raise Refused(
                "lane_expected",
                _("No truck is open here."),
                _("Scan the sign of the lane that the truck takes."),
            )
        if isinstance(code, Own) and code.kind != "PARCEL":
            raise Refused(
                "wrong_scan",
                _("That is no parcel and no lane: {kind} {code}.").format(
                    kind=code.kind, code=code.value
                ),
                _("Scan the shipping label's tracking number."),
            )
        if self._taking_off:
            return self._take_off(code, operation)
        return self._load(code, operation)

    def _load(self, code: Code, operation: str) -> Answer:
        def work(tx: Tx) -> int:
            scanned = parcel_scanned(tx, self.who.warehouse_id, code)
            service.load(tx, self._pickup, scanned.parcel_id)
            refuse_old_label(tx, scanned)
            return scanned.parcel_id

        parcel_id = self.store.write(operation, self.who, "load", work)
        self._mine = [number for number in self._mine if number != parcel_id] + [parcel_id]
        with self.store.read() as tx:  # the truck may have left meanwhile: the parcel itself tells
            order = parcel_card(tx, parcel_id).order_number
        self.refresh()
        left = self.view.left
        if not left:
            return Answer(
                "done",
                _("{order} is on the truck. That was the last of the lane.").format(order=order),
                _("F10: depart."),
            )
        return Answer(
            "ok",
            _("{order} is on the truck.").format(order=order),
            ngettext("{count} more in the lane.", "{count} more in the lane.", left).format(
                count=left
            ),
        )

    def _take_off(self, code: Code, operation: str) -> Answer:
        def work(tx: Tx) -> int:
            scanned = parcel_scanned(tx, self.who.warehouse_id, code)
            service.unload(tx, scanned.parcel_id)
            return scanned.parcel_id

        parcel_id = self.store.write(operation, self.who, "unload", work)
        return self._came_off(parcel_id)

    def _came_off(self, parcel_id: int) -> Answer:
        self._mine = [number for number in self._mine if number != parcel_id]
        self._taking_off = False
        with self.store.read() as tx:
            card = parcel_card(tx, parcel_id)
            self._show(tx)
        return Answer(
            "ok",
            _("{order} is off the truck.").format(order=card.order_number),
            _("Put it back into lane {lane}.").format(lane=card.lane),
        )

    def _undo(self, operation: str) -> Answer:
        if not self._mine:
            raise Refused("nothing_to_undo", _("There is nothing to undo."), _("Scan a parcel."))
        parcel_id = self._mine[-1]

        def work(tx: Tx) -> int:
            service.unload(tx, parcel_id)
            return parcel_id

        return self._came_off(self.store.write(operation, self.who, "unload", work))

    def _turn(self) -> Answer:
        self._taking_off = not self._taking_off
        self.refresh()
        if self._taking_off:
            return Answer("warn", _("Taking off."), _("Scan the parcel that comes off the truck."))
        return Answer("ok", _("Loading again."), _("Scan the parcels onto the truck."))

    def _to_doors(self) -> Answer:
        self._enter(0)
        self.refresh()
        return Answer("ok", _("All trucks."), _("Scan the sign of a lane."))

    def _call_off(self, operation: str) -> Answer:
        truck = cast(TruckCard, self.view.truck)
        self.store.write(
            operation, self.who, "call_off", lambda tx: service.call_off(tx, self._pickup)
        )
        self._to_doors()
        return Answer("ok", _("Truck {truck} was closed empty.").format(truck=truck.code))

    def _depart(self, value: str, operation: str) -> Answer:
        driver, _comma, vehicle = value.translate(_SEPARATORS).partition(",")
        lane_id = cast(TruckCard, self.view.truck).lane_id

        def work(tx: Tx) -> dict[str, int]:
            told = service.depart(tx, self._pickup, driver, vehicle)
            unnamed = board.left_in_lane(tx, lane_id) - self._known_left
            if unnamed:
                raise _lane_changed(len(unnamed))
            return told

        try:
            told: dict[str, int] = self.store.write(operation, self.who, "depart", work)
        except Refused:
            self.refresh()
            raise
        self._mine, self._taking_off = [], False
        problem = self._print()
        self.refresh()
        text = ngettext(
            "The truck has left with {count} parcel.",
            "The truck has left with {count} parcels.",
            told["parcels"],
        ).format(count=told["parcels"])
        orders = ngettext(
            "{count} order handed over.", "{count} orders handed over.", told["orders"]
        ).format(count=told["orders"])
        if problem:
            again = _("The manifest was not printed: {problem} F2 tries again.")
            return Answer("warn", text, again.format(problem=problem))
        return Answer("done", text, orders)

    def _reprint(self) -> Answer:
        problem = self._print()
        if problem:
            raise Down("printer", problem)
        self.refresh()
        return Answer("ok", _("Manifest printed."), self._printed_to)

    def _print(self) -> str:
        """Print the manifest, outside any transaction; gives what went wrong, or ""."""
        with self.store.read() as tx:
            paper, size = manifest(tx, self._pickup)
        size = "Letter" if size == "Letter" else "A4"
        content = manifest_pdf(paper, cast(Paper, size))
        try:
            name = f"manifest-{paper.code}"
            printer = aimed(self.printer, "manifest")
            self._printed_to = printer.send(size, name, content, "pdf")
        except (Down, Refused) as problem:
            return problem.text
        return ""

    def _show(self, tx: Tx) -> None:
        if not self._pickup:
            self._known_left = frozenset()
            self.view = PickupView(
                _("Scan the lane's sign"), doors=board.doors(tx, self.who.warehouse_id)
            )
            return
        truck = board.truck_card(tx, self._pickup)
        is_open = truck.state == "open"
        left = board.left_in_lane(tx, truck.lane_id) if is_open else set()
        self._known_left = frozenset(left)
        missing = board.missing(tx, truck, self.who.warehouse_id, SHOWN) if is_open else []
        self.view = PickupView(
            truck=truck,
            taking_off=self._taking_off,
            missing=tuple(missing),
            left=len(left),
            loaded=tuple(parcel_cards(tx, board.loaded_by(tx, self._pickup))),
            printed_to=self._printed_to,
            **self._words(truck, len(left)),
        )

    def _words(self, truck: TruckCard, left: int) -> dict[str, Any]:
        if truck.state == "departed":
            words = _("**{driver}**, {vehicle} · {count} parcels")
            return {
                "instruction": _("Left at {time}").format(time=truck.departed),
                "context": words.format(
                    driver=truck.driver, vehicle=truck.vehicle, count=truck.loaded
                ),
            }
        if truck.state != "open":
            return {"instruction": _("This truck was closed empty")}
        context = _("**{loaded}** on the truck · {left} still in the lane").format(
            loaded=truck.loaded, left=left
        )
        if self._taking_off:
            return {"instruction": _("Scan the parcel that comes off"), "context": context}
        if truck.loaded and not left:
            done = _("The lane is empty. **{loaded}** on the truck.").format(loaded=truck.loaded)
            return {"instruction": _("Depart with F10"), "context": done}
        return {"instruction": _("Scan parcels onto the truck"), "context": context}


def _lane_changed(count: int) -> Refused:
    return Refused(
        "missing_changed",
        ngettext(
            "{count} more parcel came into the lane meanwhile.",
            "{count} more parcels came into the lane meanwhile.",
            count,
        ).format(count=count),
        _("Nothing was changed. Look at the list, load them or depart again."),
    )
