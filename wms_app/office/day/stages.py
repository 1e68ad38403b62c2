"""How each kind of work is done: the loops of the people on the floor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from wms_app.base.codes import own
from wms_app.floor.picking.view import PickView
from wms_app.floor.staging.board import LaneRow
from wms_app.office.day.eyes import Eyes
from wms_app.office.day.person import Person
from wms_app.outside.devices.scale import SimulatedScale

PATIENCE = 3  # how often a person tries at one step before they give up


class Floor:
    """The work of the floor, stage by stage."""

    def __init__(self, eyes: Eyes, scale: SimulatedScale) -> None:
        self._eyes = eyes
        self._scale = scale
        self._bins = eyes.bins()
        self._shorted = False

    def release(self, supervisor: Person) -> None:
        """Promise stock, make lists of everything, print them."""
        supervisor.act("allocate")
        supervisor.talk.refresh()
        if supervisor.view.groups:
            supervisor.act("choose_all")
            supervisor.act("release", "auto")

    def walk(self, picker: Person, list_code: str) -> None:
        """Bin, pieces, tote at every stop of a list."""
        if picker.scan(own("LIST", list_code)) is None:
            return
        stuck, last = 0, ""
        while picker.view.step in ("bin", "item", "tote") and stuck < PATIENCE:
            view = picker.view
            now = f"{view.step} {view.pick_id} {view.taken} {view.tote} {view.stop}"
            stuck = stuck + 1 if now == last else 0
            last = now
            match view.step:
                case "bin":
                    picker.may_err(partial(self._other_bin, view.bin))
                    picker.scan(own("BIN", view.bin))
                case "item":
                    self._pieces(picker)
                case _:
                    if view.tote:
                        picker.may_err(partial(own, "TOTE", "T-9999"))
                    picker.scan(own("TOTE", view.tote or self._eyes.free_tote()))
        _given_up(picker, list_code, stuck)

    def _pieces(self, picker: Person) -> None:
        view = picker.view
        code = view.item_codes[0] if view.item_codes else view.sku
        if not self._shorted and self._found_elsewhere(view):
            self._shorted = True
            picker.act("short", str(view.take - 1 - view.taken))
            return
        picker.may_err(partial(self._eyes.other_code, [code]))
        picker.scan(code)
        after = picker.view
        if after.step == "item" and after.pick_id == view.pick_id and after.taken < after.take:
            picker.scan(str(after.take))

    def _found_elsewhere(self, view: PickView) -> bool:
        free = self._eyes.elsewhere(view.order_id, view.sku, view.bin)
        return free >= view.take > view.taken

    def walk_labels(self, picker: Person, list_code: str) -> None:
        """A label-first list: bin, goods, the label that is stuck on."""
        if picker.scan(own("LIST", list_code)) is None:
            return
        stuck, last = 0, ""
        while picker.view.step in ("bin", "item", "label") and stuck < PATIENCE:
            view = picker.view
            number = view.label.tracking.replace(" ", "") if view.label else ""
            now = f"{view.step} {view.bin} {view.done} {number}"
            stuck = stuck + 1 if now == last else 0
            last = now
            match view.step:
                case "bin":
                    if view.done:  # the first scans may be answered by news of the list instead
                        picker.may_err(partial(self._other_bin, view.bin))
                    picker.scan(own("BIN", view.bin))
                case "item":
                    code = self._eyes.goods_under(number)
                    picker.may_err(partial(self._eyes.other_code, [code]))
                    picker.scan(code)
                case _:
                    picker.may_err(partial(self._eyes.other_label, number))
                    picker.scan(number)
        _given_up(picker, list_code, stuck)

    def pack(self, packer: Person, tote: str) -> None:
        """Every piece into the box, the box onto the scale, the label on."""
        if packer.scan(own("TOTE", tote)) is None:
            return
        for _box in range(PATIENCE * 10):
            if packer.view.step == "items":
                self._fill(packer, tote)
            if packer.view.step != "weigh":
                break
            self._weigh(packer, tote)
            if packer.view.step == "weigh":
                break
        if packer.view.step in ("label", "stopped", "weigh", "items"):
            packer.act("set_aside") if packer.can("set_aside") else packer.talk.open()

    def _fill(self, packer: Person, tote: str) -> None:
        inside = self._eyes.in_tote(tote)
        wrong = partial(self._eyes.other_code, [goods.code for goods in inside])
        for goods in inside:
            if packer.view.step != "items":
                return
            packer.may_err(wrong)
            packer.scan(goods.code)
            if goods.pieces > 1 and packer.view.step == "items":
                packer.scan(str(goods.pieces))

    def _weigh(self, packer: Person, tote: str) -> None:
        self._scale.put(self._eyes.weight_of(tote))
        packer.act("weigh")
        self._scale.lift()

    def put_back(self, person: Person) -> None:
        """Goods of cancelled orders back into their bins."""
        for _turn in range(len(person.view.places) + 1):
            if not person.view.places:
                return
            person.scan(_place_code(person.view.places[0].place))
            stuck, last = 0, ""
            while person.view.step in ("item", "bin") and stuck < PATIENCE:
                view = person.view
                now = f"{view.step} {view.place} {view.sku_id} {view.pieces} {view.waiting}"
                stuck = stuck + 1 if now == last else 0
                last = now
                if view.step == "bin":
                    person.scan(own("BIN", view.bin))
                    continue
                skus = [item.sku for item in view.items]
                person.may_err(partial(self._eyes.other_code, skus))
                person.scan(skus[0])
                if person.view.step == "bin" and person.view.pieces < person.view.quantity:
                    person.scan(str(person.view.quantity))
            _given_up(person, "put-back", stuck)

    def count(self, counter: Person) -> None:
        """Bins that somebody doubted: what lies there is counted."""
        for doubt in counter.view.doubts:
            if counter.scan(own("BIN", doubt.bin)) is None:
                continue
            for _goods in range(len(counter.view.doubts) + 1):
                view = counter.view
                if view.step != "count":
                    break
                there = self._eyes.on_hand(view.bin, view.sku_id, view.lot)
                if there:
                    doubted = [self._eyes.code_of(one.sku_id) for one in view.doubts]
                    counter.may_err(partial(self._eyes.other_code, doubted))
                    counter.scan(self._eyes.code_of(view.sku_id))
                    counter.scan(str(there))
                else:
                    counter.act("none")

    def stage(self, stager: Person, parcels: list[tuple[str, str]]) -> None:
        """Every parcel into its lane."""
        lanes = {lane.code: lane for lane in stager.view.lanes}
        for tracking, lane in parcels:
            if stager.scan(tracking) is None:
                continue
            wrong = _wrong_lane(lanes, lane)
            stager.may_err(partial(str, wrong))
            stager.scan(own("LANE", lane))

    def load(self, clerk: Person, parcels: list[tuple[str, str]]) -> int:
        """Every lane's truck: its parcels on it, then it leaves. Gives how many trucks left."""
        gone = 0
        for lane in sorted({lane for _tracking, lane in parcels}):
            if clerk.scan(own("LANE", lane)) is None:
                continue
            strange = next((number for number, of in parcels if of != lane), "999999999999999999")
            for tracking, of in parcels:
                if of == lane:
                    clerk.may_err(partial(str, strange))
                    clerk.scan(tracking)
            gone += clerk.act("depart", "Sam Driver, TRUCK-1") is not None
            if clerk.can("doors"):
                clerk.act("doors")
        return gone

    def _other_bin(self, bin: str) -> str:
        return own("BIN", next((other for other in self._bins if other != bin), "NOWHERE-1"))


def _wrong_lane(lanes: Mapping[str, LaneRow], right: str) -> str:
    """A lane that takes nothing of what stands in the right one: two may leave at other times."""
    of = lanes.get(right)
    for code, lane in lanes.items():
        same = of is not None and of.carrier == lane.carrier
        if not (same and lane.service in ("", of.service if of else "")):
            return own("LANE", code)
    return ""


def _given_up(person: Person, where: str, stuck: int) -> None:
    """Nothing moved, however often it was tried, and perhaps without a refusal: say so."""
    if stuck >= PATIENCE:
        person.note(f"{where}: given up at “{person.view.instruction}”")


def _place_code(place: str) -> str:
    """What is scanned at a place: `TOTE.x`, `PARCEL.id@lane`, the shelf by its own word."""
    kind, _dot, value = place.partition(".")
    if kind == "TOTE":
        return own("TOTE", value)
    if kind == "PARCEL":
        return own("PARCEL", value.partition("@")[0])
    return place
