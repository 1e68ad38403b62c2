"""The walk: the right bin, the right piece, the right tote, and nothing counted twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, insert, select, update

from tests.builders import SKUS, Floor
from tests.journeys import bring_to, released
from tests.parcels import verified
from wms_app.base.codes import Scan, new_id, own
from wms_app.base.db import Tx
from wms_app.base.journal import JournalLine
from wms_app.base.operations import Operation
from wms_app.base.refusal import Refused
from wms_app.base.who import Role, Who
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.catalog.model import Client
from wms_app.floor.orders.holds import hold, lift
from wms_app.floor.orders.model import Order, OrderLine
from wms_app.floor.picking import presenter, service, taking
from wms_app.floor.picking.model import Tote
from wms_app.floor.picking.presenter import PickPresenter
from wms_app.floor.picking.walk import load
from wms_app.floor.picking.way import Plan, metres, way_words
from wms_app.floor.stock.model import CountTask, Movement, Stock
from wms_app.floor.waves.model import Pick, PickList
from wms_app.floor.waves.service import give_to, release

EAN = {code: barcode for code, _name, barcode, *_rest in SKUS}


class Picker:
    """A person with a scanner at the Pick room."""

    def __init__(self, floor: Floor, role: Role = "picker", name: str = "Chen Wei", user: int = 7):
        self.floor = floor
        self.pick = PickPresenter(floor.store, Who(user, name, role, "Cart 07", floor.warehouse_id))
        self.pick.open()

    def scan(self, *codes: str) -> str:
        """Scan one after the other; gives the text of the last answer."""
        text = ""
        for code in codes:
            text = self.pick.scan(Scan(code)).text
        return text

    def refused(self, code: str) -> Refused:
        """The refusal that a scan meets; nothing is changed by it."""
        before = self.pick.view
        with pytest.raises(Refused) as refusal:
            self.pick.scan(Scan(code))
        self.pick.refresh()
        assert self.pick.view == before
        return refusal.value

    @property
    def at(self) -> tuple[str, str, int, int]:
        """Step, bin, taken and take."""
        view = self.pick.view
        return view.step, view.bin, view.taken, view.take


def BIN(code: str) -> str:
    return own("BIN", code)


def TOTE(code: str) -> str:
    return own("TOTE", code)


def picked(floor: Floor) -> int:
    with floor.store.read() as tx:
        return sum(tx.scalars(select(OrderLine.picked)))


def one_order(floor: Floor) -> tuple[int, str]:
    """Two mugs in A-01-1 and one towel in A-02-1 for one order on one list."""
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_stock("TOWEL", "A-02-1", 5)
    order_id = floor.add_order({"MUG": 2, "TOWEL": 1}, "#1041")
    return order_id, released(floor, order_id)


def two_orders(floor: Floor) -> tuple[int, int, str]:
    """Both want a mug from A-01-1; the first also wants a towel from A-02-1.

    The second, which is complete after one stop, stands first on the list.
    """
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_stock("TOWEL", "A-02-1", 5)
    first = floor.add_order({"MUG": 1, "TOWEL": 1}, "#1")
    second = floor.add_order({"MUG": 1}, "#2")
    return first, second, released(floor, first, second)


def test_one_order_is_walked_from_list_to_pack(floor: Floor) -> None:
    order_id, code = one_order(floor)
    ana = Picker(floor)
    assert [row.code for row in ana.pick.view.waiting] == [code]
    ana.scan(own("LIST", code))
    assert ana.at == ("bin", "A-01-1", 0, 2)
    ana.scan(BIN("A-01-1"), EAN["MUG"])
    assert ana.at == ("item", "A-01-1", 1, 2)
    assert ana.pick.view.expects_repeat
    assert ana.pick.view.item_codes == (EAN["MUG"],)
    ana.scan(EAN["MUG"])
    assert ana.at == ("tote", "A-01-1", 2, 2)
    ana.scan(TOTE("T-1"))
    assert ana.at == ("bin", "A-02-1", 0, 1)
    ana.scan(BIN("A-02-1"), EAN["TOWEL"])
    assert ana.pick.view.step == "done"
    assert ana.pick.view.instruction == "Take the totes to Pack"
    assert ana.pick.view.totes == ("T-1",)
    assert [(t.code, t.goes_to) for t in ana.pick.view.carried] == [("T-1", "Pack")]
    assert floor.state(Order, order_id) == "picked"
    assert verified(floor)


def test_each_order_of_a_list_gets_its_own_tote(floor: Floor) -> None:
    first, second, code = two_orders(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    assert (ana.at[0], ana.pick.view.slot, ana.pick.view.tote) == ("tote", 1, "")
    ana.scan(TOTE("T-1"), EAN["MUG"])
    assert (ana.at[0], ana.pick.view.slot) == ("tote", 2)
    assert ana.refused(TOTE("T-1")).code == "tote_taken"
    ana.scan(TOTE("T-2"), BIN("A-02-1"), EAN["TOWEL"])
    assert (ana.at[0], ana.pick.view.tote) == ("tote", "T-2")
    wrong = ana.refused(TOTE("T-1"))
    assert wrong.code == "wrong_tote"
    assert wrong.text.replace("\u0332", "") == "That is tote T-1. #1 lies in tote T-2."
    assert ana.refused(BIN("A-02-1")).code == "tote_expected"
    extra = ana.refused(EAN["TOWEL"])
    assert extra.text == "That is Tea towel, set of 2 (TOWEL), no tote."
    ana.scan("t-2")
    assert ana.pick.view.step == "done"
    assert ana.pick.view.totes == ("T-1", "T-2")
    assert {floor.state(Order, o) for o in (first, second)} == {"picked"}
    assert verified(floor)


def test_pieces_without_a_tote_are_asked_for_after_a_restart(floor: Floor) -> None:
    first, second, code = two_orders(floor)
    Picker(floor).scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    again = Picker(floor)
    again.scan(own("LIST", code))
    assert (again.at[0], again.pick.view.order_id) == ("tote", second)
    again.scan(TOTE("T-1"), BIN("A-01-1"), EAN["MUG"], TOTE("T-2"), BIN("A-02-1"), EAN["TOWEL"])
    assert floor.state(Order, first) == "picked"
    assert verified(floor)


def test_the_last_pieces_find_their_tote_although_the_list_is_done(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 1)
    order_id = floor.add_order({"MUG": 1})
    code = released(floor, order_id)
    Picker(floor).scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    assert Picker(floor, name="Pete", user=8).refused(own("LIST", code)).code == "list_closed"
    again = Picker(floor)
    again.scan(own("LIST", code))
    assert again.at[0] == "tote"
    again.scan(TOTE("T-1"))
    assert again.pick.view.totes == ("T-1",)
    assert Picker(floor).refused(own("LIST", code)).code == "list_closed"
    assert verified(floor)


@pytest.mark.parametrize(
    ("here", "way"),
    [
        ("A-01-2", "Go one level down: A-01-1."),
        ("A-02-1", "Go one bay back: A-01-1."),
        ("A-03-1", "Go 2 bays back: A-01-1."),
        ("B-01-1", "Go to aisle A: A-01-1."),
        ("IN-1", "Go to A-01-1."),
    ],
)
def test_a_wrong_bin_says_how_to_get_to_the_right_one(floor: Floor, here: str, way: str) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code))
    for reading in (BIN(here), here.lower()):
        refusal = ana.refused(reading)
        assert refusal.code == "wrong_bin"
        assert refusal.text.replace("\u0332", "") == f"That is bin {here}. {way}"
        assert "press F4" in refusal.detail
    assert picked(floor) == 0


def test_wrong_goods_are_named_and_so_are_the_right_ones(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"))
    refusal = ana.refused(EAN["TOWEL"])
    assert refusal.code == "wrong_item"
    assert refusal.text == ("That is Tea towel, set of 2 (TOWEL). Take Silicone mug, blue (MUG).")
    assert ana.refused("4006381333931").text.startswith("That is 4006381333931.")
    assert ana.refused(TOTE("T-1")).code == "item_expected"
    assert ana.refused(BIN("A-01-2")).code == "wrong_bin"
    assert ana.scan(BIN("A-01-1")) == "You are at the right bin."
    assert picked(floor) == 0
    assert verified(floor)


def test_goods_scanned_before_the_bin_are_not_taken(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code))
    refusal = ana.refused(EAN["MUG"])
    assert refusal.code == "bin_expected"
    assert refusal.text == "That is Silicone mug, blue (MUG). First scan bin A-01-1."
    assert ana.refused(TOTE("T-1")).code == "bin_expected"
    assert ana.refused("2").code == "bin_expected"
    assert picked(floor) == 0


def test_many_pieces_need_one_scan_and_a_number(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 40)
    code = released(floor, floor.add_order({"MUG": 26}))
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"))
    assert ana.refused("24").code == "scan_first"
    ana.scan(EAN["MUG"], "24")
    assert ana.at == ("item", "A-01-1", 24, 26)
    assert ana.refused("27").code == "too_many"
    assert ana.refused("20").code == "too_few"
    assert ana.refused("1690123456789" + "0").code == "too_many"
    ana.pick.act("undo")
    assert ana.at == ("item", "A-01-1", 1, 26)
    ana.scan("1690123456789" + "0")
    assert ana.at == ("item", "A-01-1", 13, 26)
    ana.scan("26", TOTE("T-1"))
    assert ana.pick.view.step == "done"
    assert verified(floor)


def test_a_sku_code_of_digits_is_goods_and_no_number(floor: Floor) -> None:
    from wms_app.floor.catalog.model import Sku

    floor.do(
        lambda tx: tx.execute(update(Sku).where(Sku.code == "MUG").values(code="22423")) and None
    )
    floor.add_stock("MUG", "A-01-1", 3)
    code = released(floor, floor.add_order({"MUG": 3}))
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), "22423", "22423")
    assert ana.at == ("item", "A-01-1", 2, 3)


def test_another_lot_than_the_promised_one_is_refused(floor: Floor) -> None:
    floor.add_stock("TEA", "A-01-1", 3, "L7", date(2027, 1, 1))
    code = released(floor, floor.add_order({"TEA": 2}))
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"))
    assert ana.pick.view.lot == "L7"
    refusal = ana.refused(f"(01)0{EAN['TEA']}(10)L8")
    assert refusal.code == "wrong_lot"
    assert refusal.text.replace("\u0332", "") == "That is lot L8. Take lot L7."
    ana.scan(f"(01)0{EAN['TEA']}(10)L7")
    assert ana.at == ("item", "A-01-1", 1, 2)


def test_the_same_reading_counts_once_even_after_a_restart(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"))
    reading = Scan(EAN["MUG"])
    assert ana.pick.scan(reading) == ana.pick.scan(reading)
    assert picked(floor) == 1
    again = Picker(floor)
    again.scan(own("LIST", code), BIN("A-01-1"))
    again.pick.scan(reading)
    assert picked(floor) == 1
    assert verified(floor)


def test_a_restarted_station_goes_on_at_the_same_stop(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_stock("TOWEL", "A-02-1", 5)
    code = released(floor, floor.add_order({"MUG": 1, "TOWEL": 2}))
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], TOTE("T-1"))
    ana.scan(BIN("A-02-1"), EAN["TOWEL"])
    for start in (own("LIST", code), TOTE("T-1"), code.lower()):
        again = Picker(floor)
        assert again.pick.view.waiting[0].mine
        again.scan(start)
        assert again.at == ("bin", "A-02-1", 1, 2)
        assert again.pick.view.tote == "T-1"


def test_a_list_is_walked_by_one_person_unless_a_supervisor_takes_it(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code))
    pete = Picker(floor, name="Pete", user=8)
    refusal = pete.refused(own("LIST", code))
    assert refusal.code == "list_taken"
    assert "Chen Wei" in refusal.text
    boss = Picker(floor, "supervisor", "Ana Ruiz", 9)
    boss.scan(own("LIST", code))
    assert boss.at[0] == "bin"
    with pytest.raises(Refused) as lost:
        ana.scan(BIN("A-01-1"))
    assert lost.value.code == "list_taken"
    assert ana.pick.view.step == "list"
    assert verified(floor)


def test_what_is_no_pick_list_is_refused_with_where_to_go(floor: Floor) -> None:
    floor.add_stock("BOARD", "B-01-1", 2)
    order_id = floor.add_order({"BOARD": 1})

    def label_first(tx: Tx) -> str:
        from wms_app.floor.allocation.service import allocate

        allocate(tx, [order_id])
        number = release(tx, [order_id], by="label-first")[0]
        return str(tx.scalar(select(PickList.code).where(PickList.id == number)))

    code = floor.do(label_first)
    ana = Picker(floor)
    assert ana.pick.view.instruction == "No list waits to be picked"
    refusal = ana.refused(own("LIST", code))
    assert refusal.code == "label_first"
    assert "Label first" in refusal.detail
    assert ana.refused(TOTE("T-77")).code == "unknown_list"
    assert ana.refused(EAN["MUG"]).code == "unknown_list"
    assert ana.refused(own("LIST", "L999999")).code == "unknown_list"


def test_an_empty_bin_sends_the_picker_to_another_at_once(floor: Floor) -> None:
    order_id, code = one_order(floor)
    floor.add_stock("MUG", "B-01-1", 5)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    answer = ana.pick.act("short", "0")
    assert answer.kind == "warn"
    assert "The rest comes from B-01-1." in answer.detail
    assert ana.at[0] == "tote"
    ana.scan(TOTE("T-1"))
    assert ana.at == ("bin", "A-02-1", 0, 1)
    ana.scan(BIN("A-02-1"), EAN["TOWEL"])
    assert ana.at == ("bin", "B-01-1", 0, 1)
    ana.scan(BIN("B-01-1"), EAN["MUG"])
    assert floor.state(Order, order_id) == "picked"
    with floor.store.read() as tx:
        assert tx.scalar(select(CountTask.reason)) == "short pick"
        assert tx.scalar(select(Stock.frozen).where(Stock.bin_id == floor.bins["A-01-1"]))
    assert verified(floor)


def test_an_order_without_stock_waits_short_and_keeps_its_pieces_in_the_tote(floor: Floor) -> None:
    first, second, code = two_orders(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], TOTE("T-1"))
    ana.scan(EAN["MUG"], TOTE("T-2"), BIN("A-02-1"))
    answer = ana.pick.act("short", "0")
    assert "T-2 on the short shelf" in answer.detail
    assert ana.pick.view.step == "done"
    assert [(t.code, t.goes_to) for t in ana.pick.view.carried] == [
        ("T-1", "Pack"),
        ("T-2", "short shelf"),
    ]
    assert floor.state(Order, first) == "short"
    assert floor.state(Order, second) == "picked"
    assert verified(floor)


def test_a_short_order_comes_back_to_its_tote_when_stock_is_there(floor: Floor) -> None:
    first, _second, code = two_orders(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], TOTE("T-1"))
    ana.scan(EAN["MUG"], TOTE("T-2"), BIN("A-02-1"))
    ana.pick.act("short", "0")
    floor.add_stock("TOWEL", "B-01-2", 1)
    again = released(floor, first)
    ana.scan(own("LIST", again))
    assert ana.at == ("bin", "B-01-2", 0, 1)
    ana.scan(BIN("B-01-2"), EAN["TOWEL"])
    assert floor.state(Order, first) == "picked"
    assert verified(floor)


def test_a_short_order_without_a_piece_gives_its_tote_back(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 1)
    order_id = floor.add_order({"MUG": 1})
    code = released(floor, order_id)
    ana = Picker(floor)
    ana.scan(own("LIST", code))
    ana.pick.act("short", "0")
    assert floor.state(Order, order_id) == "short"
    with floor.store.read() as tx:
        assert tx.scalar(select(Tote.order_id)) is None
    assert verified(floor)


def test_a_client_that_ships_in_parts_goes_on_with_what_is_there(floor: Floor) -> None:
    whole = {"id": 2, "code": "OT", "name": "Other", "warehouse_id": floor.warehouse_id}
    floor.do(lambda tx: tx.execute(update(Client).values(ships_in_parts=True)) and None)
    floor.do(lambda tx: tx.execute(insert(Client), [whole | {"ships_in_parts": False}]) and None)
    replace(floor, client_id=2).add_order({"MUG": 1}, "X-1")
    order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    answer = ana.pick.act("short", "0")
    assert "goes on without" in answer.detail
    ana.scan(TOTE("T-1"), BIN("A-02-1"), EAN["TOWEL"])
    assert floor.state(Order, order_id) == "picked"
    assert verified(floor)


def test_damaged_pieces_go_to_quarantine_and_others_are_taken_instead(floor: Floor) -> None:
    order_id, code = one_order(floor)
    floor.add_stock("MUG", "B-01-1", 5)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"))
    answer = ana.pick.act("damaged", "1")
    assert "quarantine" in answer.text
    assert ana.at == ("item", "A-01-1", 0, 1)
    ana.scan(EAN["MUG"], TOTE("T-1"), BIN("A-02-1"), EAN["TOWEL"], BIN("B-01-1"), EAN["MUG"])
    assert floor.state(Order, order_id) == "picked"
    with floor.store.read() as tx:
        assert tx.scalar(select(Stock.on_hand).where(Stock.bin_id == floor.bins["Q-1"])) == 1
        assert tx.scalar(select(CountTask.id)) is None
    assert verified(floor)


@pytest.mark.parametrize(
    ("action", "value"), [("short", "2"), ("damaged", "3"), ("damaged", "0"), ("short", "x")]
)
def test_a_shortage_that_is_none_is_refused(floor: Floor, action: str, value: str) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"))
    with pytest.raises(Refused) as refusal:
        ana.pick.act(action, value)
    assert refusal.value.code in ("not_short", "not_damaged", "no_number")
    assert verified(floor)


def test_a_stop_left_for_now_comes_at_the_end(floor: Floor) -> None:
    order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), own("CMD", "SKIP"))
    assert ana.at == ("bin", "A-02-1", 0, 1)
    ana.pick.act("undo")
    assert ana.at == ("bin", "A-01-1", 0, 2)
    ana.pick.act("skip")
    ana.scan(BIN("A-02-1"), EAN["TOWEL"], TOTE("T-1"))
    assert ana.at == ("bin", "A-01-1", 0, 2)
    with pytest.raises(Refused) as refusal:
        ana.pick.act("skip")
    assert refusal.value.code == "last_stop"
    ana.scan(BIN("A-01-1"), EAN["MUG"], EAN["MUG"])
    assert floor.state(Order, order_id) == "picked"


def test_every_step_can_be_taken_back(floor: Floor) -> None:
    first, second, code = two_orders(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], TOTE("T-1"))
    ana.scan(EAN["MUG"], TOTE("T-2"), BIN("A-02-1"), EAN["TOWEL"], TOTE("T-2"))
    assert floor.state(Order, first) == "picked"
    seen = []
    while any(action.name == "undo" for action in ana.pick.actions):
        ana.pick.act("undo")
        seen.append(ana.at[:2])
        assert verified(floor)
    assert seen == [
        ("tote", "A-02-1"),
        ("item", "A-02-1"),
        ("bin", "A-02-1"),
        ("tote", "A-01-1"),
        ("item", "A-01-1"),
        ("tote", "A-01-1"),
        ("item", "A-01-1"),
        ("bin", "A-01-1"),
    ]
    assert picked(floor) == 0
    assert {floor.state(Order, o) for o in (first, second)} == {"released"}
    with floor.store.read() as tx:
        assert set(tx.scalars(select(Tote.order_id))) == {None}
        assert tx.scalar(select(PickList.state)) == "walking"
    with pytest.raises(Refused) as refusal:
        ana.pick.act("undo")
    assert refusal.value.code == "nothing_to_undo"


def test_an_undo_sent_twice_takes_one_piece_back(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], EAN["MUG"])
    key = new_id()
    assert ana.pick.act("undo", operation=key) == ana.pick.act("undo", operation=key)
    assert picked(floor) == 1


def test_a_tote_taken_up_by_mistake_is_free_again(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], EAN["MUG"], TOTE("T-1"))
    ana.pick.act("undo")
    assert (ana.at[0], ana.pick.view.tote) == ("tote", "")
    ana.scan(TOTE("T-2"), BIN("A-02-1"), EAN["TOWEL"])
    assert ana.pick.view.totes == ("T-2",)
    with floor.store.read() as tx:
        assert set(tx.rows(select(Tote.code, Tote.order_id.is_(None)))) == {
            ("T-1", True),
            ("T-2", False),
        }


def test_pieces_in_hand_go_into_their_tote_before_a_stop_is_left(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    ana.pick.act("skip")
    assert ana.at[0] == "tote"
    ana.pick.act("undo")
    assert ana.at == ("item", "A-01-1", 1, 2)
    ana.pick.act("skip")
    ana.scan(TOTE("T-1"))
    assert ana.at == ("bin", "A-02-1", 0, 1)
    ana.scan(BIN("A-02-1"), EAN["TOWEL"])
    assert ana.at == ("bin", "A-01-1", 1, 2)
    assert verified(floor)


def test_a_short_order_puts_what_is_in_hand_into_a_tote_for_the_short_shelf(floor: Floor) -> None:
    order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    answer = ana.pick.act("short", "0")
    assert "#1041 waits for stock." in answer.detail
    assert ana.at[0] == "tote"
    assert "T-5 on the short shelf" in ana.pick.scan(Scan(TOTE("T-5"))).detail
    assert (ana.pick.view.step, ana.pick.view.totes) == ("done", ())
    assert ana.pick.view.carried[0].goes_to == "short shelf"
    assert floor.state(Order, order_id) == "short"
    assert verified(floor)


def test_readings_that_come_again_late_answer_as_before(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    wrong = Scan(BIN("A-02-1"))
    ana.scan(own("LIST", code))
    with pytest.raises(Refused) as first:
        ana.pick.scan(wrong)
    mug = Scan(EAN["MUG"])
    ana.scan(BIN("A-01-1"))
    before = ana.pick.scan(mug)
    ana.scan(EAN["MUG"], TOTE("T-1"))
    at = ana.at
    assert ana.pick.scan(mug) == before
    with pytest.raises(Refused) as again:
        ana.pick.scan(wrong)
    assert again.value is first.value
    assert (ana.at, picked(floor)) == (at, 2)


def test_packed_pieces_are_not_taken_back_into_their_bin(floor: Floor) -> None:
    from tests.journeys import steps

    order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], EAN["MUG"], TOTE("T-1"))
    ana.scan(BIN("A-02-1"), EAN["TOWEL"])
    steps(floor, order_id)["half_packed"]()
    with pytest.raises(Refused) as refusal:
        ana.pick.act("undo")
    assert refusal.value.code == "not_undoable"
    assert verified(floor)


def test_a_cancellation_in_the_middle_of_the_walk_is_said_at_the_next_scan(floor: Floor) -> None:
    first, second, code = two_orders(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], TOTE("T-1"), EAN["MUG"], TOTE("T-2"))
    assert ana.at == ("bin", "A-02-1", 0, 1)
    floor.do(lambda tx: cancel(tx, first, "changed their mind"))
    answer = ana.pick.scan(Scan(BIN("A-02-1")))
    assert answer.kind == "warn"
    assert answer.text == "Order #1 was cancelled: its stops are off the list."
    assert "T-2 on the put-back shelf" in answer.detail
    assert ana.pick.view.step == "done"
    assert {t.code: t.goes_to for t in ana.pick.view.carried} == {
        "T-1": "Pack",
        "T-2": "put-back shelf",
    }
    assert floor.state(Order, second) == "picked"
    assert verified(floor)


def test_a_scan_counts_although_another_order_of_the_list_was_cancelled(floor: Floor) -> None:
    first, second, code = two_orders(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], TOTE("T-1"))
    floor.do(lambda tx: cancel(tx, second, "changed their mind"))
    assert ana.pick.scan(Scan(EAN["MUG"])).kind == "ok"
    assert "Put its tote T-1 on the put-back shelf." in ana.pick.view.notice
    with pytest.raises(Refused):
        ana.scan(BIN("A-02-1"))
    assert "T-1" in ana.pick.view.notice
    ana.scan(TOTE("T-2"), BIN("A-02-1"))
    assert ana.pick.view.notice == ""
    ana.scan(EAN["TOWEL"], TOTE("T-2"))
    assert ana.pick.view.totes == ("T-2",)
    assert floor.state(Order, first) == "picked"
    assert verified(floor)


def test_pieces_of_a_cancelled_order_that_lie_in_no_tote_go_to_the_put_back_shelf(
    floor: Floor,
) -> None:
    order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], EAN["MUG"])
    assert ana.at[0] == "tote"
    floor.do(lambda tx: cancel(tx, order_id, "changed their mind"))
    answer = ana.pick.scan(Scan(TOTE("T-1")))
    assert answer.kind == "warn"
    assert "Put its pieces on the put-back shelf." in answer.detail
    assert ana.pick.view.step == "done"
    assert verified(floor)


def test_a_cancellation_between_reading_and_writing_leaves_the_picker_at_the_next_stop(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second, code = two_orders(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"], TOTE("T-1"))
    take = service.take

    def cancelled_first(tx: Tx, pick_id: int, pieces: int, walker_id: int) -> None:
        cancel(tx, first, "at the last moment")
        take(tx, pick_id, pieces, walker_id)

    def seen_too_late(*_any: object) -> None:
        raise Refused("stock_changed", "what the screen shows holds no more")

    monkeypatch.setattr(Tx, "found", lambda *_any: False)
    monkeypatch.setattr(service, "take_shown", seen_too_late)
    monkeypatch.setattr(service, "take", cancelled_first)
    with pytest.raises(Refused) as refusal:
        ana.scan(EAN["MUG"])
    assert refusal.value.code == "cancelled"
    monkeypatch.undo()
    floor.do(lambda tx: cancel(tx, first, "and really"))
    ana.pick.refresh()
    assert (ana.at[0], ana.pick.view.totes) == ("done", ("T-1",))
    assert verified(floor)


@pytest.mark.parametrize("alone", [True, False])
def test_a_piece_on_the_screen_is_taken_at_once(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    _order_id, code = one_order(floor)
    chen = Picker(floor)
    chen.scan(own("LIST", code), BIN("A-01-1"))
    if not alone:  # so that it is not known by the store's mark that nothing has changed
        monkeypatch.setattr(Tx, "found", lambda *_any: False)
    monkeypatch.setattr(service, "take", lambda *_any: pytest.fail("it was looked up"))
    before = picked(floor)
    chen.scan(EAN["MUG"])
    assert picked(floor) != before
    assert verified(floor)


def test_where_nobody_else_changed_anything_a_piece_asks_nothing(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not floor.store.sqlite:
        pytest.skip("a server's store has no mark")
    _order_id, code = one_order(floor)
    chen = Picker(floor)
    chen.scan(own("LIST", code), BIN("A-01-1"))
    asked = lambda *_any: pytest.fail("it was asked for")  # noqa: E731
    monkeypatch.setattr(service, "take_shown", asked)
    monkeypatch.setattr(taking, "walk_later", asked)
    monkeypatch.setattr(presenter, "load", asked)
    chen.scan(EAN["MUG"], EAN["MUG"])
    assert chen.at[0] == "tote"
    chen.pick.refresh()
    assert chen.at[0] == "tote"
    assert verified(floor)


@pytest.mark.parametrize("alone", [True, False])
def test_a_piece_leaves_the_screen_as_if_all_was_read_anew(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    floor.add_stock("MUG", "A-01-1", 9)
    floor.add_stock("TOWEL", "A-02-1", 9)
    orders = floor.add_order({"MUG": 3, "TOWEL": 2}), floor.add_order({"MUG": 3})
    if not alone:
        monkeypatch.setattr(Tx, "found", lambda *_any: False)
    chen = Picker(floor)
    chen.scan(own("LIST", released(floor, *orders)))
    right = {"A-01-1": EAN["MUG"], "A-02-1": EAN["TOWEL"]}
    pieces = 0
    while chen.pick.view.step != "done":
        view = chen.pick.view
        if view.step == "bin":
            chen.scan(BIN(view.bin))
        elif view.step == "tote":
            chen.scan(TOTE(f"T-{view.order_id}"))
        else:
            chen.scan(right[view.bin])
            pieces += 1
            told, asked = chen.pick.view, chen.pick.actions
            with monkeypatch.context() as patched:
                patched.setattr(Tx, "found", lambda *_any: False)
                chen.pick.refresh()
            assert (chen.pick.view, chen.pick.actions) == (told, asked)
    assert pieces == 8
    assert {floor.state(Order, one) for one in orders} == {"picked"}
    assert verified(floor)


@pytest.mark.parametrize("what", ["cancelled", "held", "moved", "taken"])
def test_a_piece_is_not_taken_at_once_when_the_screen_is_behind(floor: Floor, what: str) -> None:
    order_id, code = one_order(floor)
    chen = Picker(floor)
    chen.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    with floor.store.read() as tx:
        walk = load(tx, int(tx.scalar(select(PickList.id))))
    assert walk is not None
    shown = walk.stops[0]
    meanwhile: dict[str, Callable[[Tx], object]] = {
        "cancelled": lambda tx: cancel(tx, order_id, "changed her mind"),
        "held": lambda tx: hold(tx, order_id, "fraud"),
        "moved": lambda tx: give_to(tx, walk.list_id, "Ben"),
        "taken": lambda tx: service.take(tx, shown.pick_id, 1),
    }
    floor.do(meanwhile[what])
    before = picked(floor)
    walker = walk.picker_id or 0
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: service.take_shown(tx, shown, 1, walker))
    assert refusal.value.code == "stock_changed"
    assert picked(floor) == before
    assert verified(floor)


def test_a_scan_that_was_done_before_a_restart_is_not_told_as_another_piece(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 5)
    code = released(floor, floor.add_order({"MUG": 3}, "#1041"))
    chen = Picker(floor)
    chen.scan(own("LIST", code), BIN("A-01-1"))
    piece = Scan(EAN["MUG"])
    first = chen.pick.scan(piece).text
    anew = Picker(floor)
    anew.scan(own("LIST", code), BIN("A-01-1"))
    assert anew.pick.scan(piece).text == first
    assert (picked(floor), anew.at) == (1, ("item", "A-01-1", 1, 3))
    assert verified(floor)


def test_what_was_taken_at_once_stands_under_its_operation(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    chen = Picker(floor)
    chen.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    with floor.store.read() as tx:
        last = tx.scalar(select(func.max(Operation.id)).where(Operation.verb == "take"))
        of_line = tx.scalar(select(func.max(JournalLine.operation_id)))
        of_move = tx.scalar(select(func.max(Movement.operation_id)))
    assert last == of_line == of_move


def test_who_walks_which_list_is_seen_before_one_is_taken(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 5)
    one, two = floor.add_order({"MUG": 1}), floor.add_order({"MUG": 2})
    first, second = released(floor, one), released(floor, two)
    Picker(floor, name="Pete", user=8).scan(own("LIST", first))
    view = Picker(floor).pick.view
    assert [(row.code, row.orders, row.stops, row.units) for row in view.waiting] == [
        (second, 1, 1, 2)
    ]
    assert [(row.code, row.picker) for row in view.walked] == [(first, "Pete")]


def test_a_cancellation_shows_when_the_screen_is_refreshed(floor: Floor) -> None:
    order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    floor.do(lambda tx: cancel(tx, order_id, "x"))
    ana.pick.refresh()
    assert "was cancelled" in ana.pick.view.notice
    assert "put-back shelf" in ana.pick.view.notice


def test_a_held_order_is_left_out_and_picked_after_the_lift(floor: Floor) -> None:
    order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"), EAN["MUG"])
    reason = floor.do(lambda tx: hold(tx, order_id, "address"))
    answer = ana.pick.scan(Scan(EAN["MUG"]))
    assert answer.text == "Order #1041 is on hold: its stops are left out."
    assert picked(floor) == 1
    assert ana.pick.view.instruction == "2 stops are on hold"
    assert verified(floor)
    floor.do(lambda tx: lift(tx, reason))
    ana.pick.refresh()
    assert ana.at == ("bin", "A-01-1", 1, 2)
    ana.scan(BIN("A-01-1"), EAN["MUG"], TOTE("T-1"), BIN("A-02-1"), EAN["TOWEL"])
    assert floor.state(Order, order_id) == "picked"


def test_a_refused_scan_leaves_no_operation_behind(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code), BIN("A-01-1"))
    with floor.store.read() as tx:
        before = tx.scalars(select(Operation.id))
    ana.refused(EAN["POT"])
    with floor.store.read() as tx:
        assert tx.scalars(select(Operation.id)) == before


def test_the_walk_is_drawn_and_measured(floor: Floor) -> None:
    _order_id, code = one_order(floor)
    ana = Picker(floor)
    ana.scan(own("LIST", code))
    view = ana.pick.view
    assert (view.stop, view.stops, view.stops_left) == (1, 2, 2)
    assert [row.bin for row in view.then] == ["A-02-1"]
    assert {rack.name for rack in view.picture.racks} == {"A", "B", "R"}
    assert view.picture.here is not None
    assert view.minutes_left >= 1


def test_a_longer_walk_has_more_metres_and_goes_round_the_nearer_end() -> None:
    plan = Plan(["A-01-1", "A-10-1", "B-01-1", "B-10-1"])
    near = plan.path(["A-01-1", "B-01-1"])
    far = plan.path(["A-09-1", "B-10-1"])
    assert metres(near) < metres(plan.path(["A-01-1", "B-10-1"]))
    assert min(y for _x, y in near) < 0
    assert max(y for _x, y in far) > plan.racks[0].height
    assert plan.path(["PACK-1"]) == ()


def test_the_way_up_is_said_as_in_the_aisle() -> None:
    assert way_words("A-03-1", "A-03-2") == "Go one level up: A-03-2\u0332."


def test_a_stop_that_left_its_list_is_not_undone_there(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 2)
    floor.add_stock("TOWEL", "A-02-1", 1)
    order_id = floor.add_order({"MUG": 2, "TOWEL": 1})
    released(floor, order_id)
    with floor.store.read() as tx:
        first, other = tx.scalars(select(Pick.id).order_by(Pick.id))
    floor.do(lambda tx: service.bind_tote(tx, "T-1", order_id))
    floor.do(lambda tx: service.take(tx, first, 1))
    floor.do(lambda tx: service.short(tx, other, 0) and None)
    floor.add_stock("TOWEL", "B-01-1", 1)
    released(floor, order_id)
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: service.untake(tx, first, 1))
    assert refusal.value.code == "not_undoable"
    assert verified(floor)


def test_an_order_that_was_packed_meanwhile_takes_no_tote(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 1)
    order_id = floor.add_order({"MUG": 1})
    bring_to(floor, order_id, "sealed")
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: service.bind_tote(tx, "T-9", order_id))
    assert refusal.value.code == "packed_already"
    with floor.store.read() as tx:
        assert tx.scalars(select(Tote.order_id).where(Tote.order_id == order_id)) == []
