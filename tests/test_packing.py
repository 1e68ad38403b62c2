"""At the pack bench every piece is verified, weighed, and leaves with the right label."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from tests.bench import Bench, address_of_the_house, picked, words_on
from tests.builders import Floor
from tests.journeys import bring_to
from tests.parcels import verified
from wms_app.base.codes import Scan, own
from wms_app.base.db import Tx
from wms_app.base.journal import JournalLine
from wms_app.base.moves import move
from wms_app.base.refusal import Refused
from wms_app.floor.catalog.model import Client, Sku, SkuBarcode
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import Hold, Order, OrderLine
from wms_app.floor.packing import service as packing
from wms_app.floor.packing.cartons import Box, Piece, advise, boxes_needed, holds, volume
from wms_app.floor.packing.inside import contents
from wms_app.floor.packing.model import Parcel, ParcelItem
from wms_app.floor.packing.weight import Contents, judge
from wms_app.floor.picking.model import Tote
from wms_app.office.find.words import detail_words

MUG, TOWEL, TEA = "6901234567892", "6901234567908", "6901234567939"


@pytest.fixture
def bench(floor: Floor) -> Bench:
    address_of_the_house(floor)
    return Bench(floor)


def tote(code: str = "T-1") -> str:
    return own("TOTE", code)


def test_a_single_item_order_takes_two_scans(bench: Bench) -> None:
    order = picked(bench.floor, {"MUG": 1}, "114-1")
    bench.scale.put(180 + 90)
    answer = bench.scan(tote(), MUG)
    assert answer.kind == "done"
    assert answer.text == "Stick the label on."
    assert "$8.41" in answer.detail
    assert bench.floor.state(Order, order) == "packed"
    assert "114-1" in words_on(bench.printer.papers[0][1])
    with bench.floor.store.read() as tx:
        assert tx.scalar(select(Tote.order_id)) is None
        assert tx.scalar(select(Parcel.weight_by)) == "scale"
    assert verified(bench.floor)


def test_every_piece_is_scanned_then_weighed_then_labelled(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 1, "TOWEL": 2}, "114-2")
    answer = bench.scan(tote())
    assert answer.text == "3 pieces to pack."
    assert bench.pack.view.box is not None
    assert bench.pack.view.box.code == "M2"
    assert "advised" in bench.pack.view.box.words
    bench.scan(MUG)
    assert bench.scan(TOWEL).text == "Tea towel, set of 2 — one more"
    assert bench.pack.view.context == "2 of 3 in the box · one more **Tea towel, set of 2**"
    assert [item.count for item in bench.pack.view.items] == ["1 / 1", "1 / 2"]
    assert bench.scan(TOWEL).text == "Everything is in."
    assert bench.step() == "weigh"
    assert bench.pack.view.weight is not None
    assert bench.pack.view.weight.expected == "expected 820 ± 33"
    answer = bench.pack.act("weight", "828")
    assert (answer.kind, bench.step()) == ("done", "stick")
    assert bench.floor.state(Parcel, 1) == "labelled"
    assert verified(bench.floor)


def test_a_number_says_how_many_of_the_item_are_in_the_box(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 24})
    bench.scan(tote(), MUG, "20")
    assert bench.packed() == [20]
    bench.scan("18")
    assert bench.packed() == [18]
    refusal = bench.refuses("25")
    assert refusal.code == "too_many"
    assert "25 are more than were picked: 24" in refusal.text
    assert bench.scan("24").text == "Everything is in."
    assert verified(bench.floor)


def test_a_case_counts_its_pieces(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 14})
    case = f"1{MUG[:-1]}0"
    bench.scan(tote(), case)
    assert bench.packed() == [12]
    refusal = bench.refuses(case)
    assert "12 pieces; 2 are left" in refusal.text


def test_wrong_scans_have_words_of_their_own_and_change_nothing(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 1, "TOWEL": 1})
    picked(bench.floor, {"MUG": 1}, "OTHER", tote="T-2")
    assert bench.refuses(MUG).code == "tote_first"
    assert bench.refuses(tote("T-99")).text == "Tote T-99 carries no order."
    assert bench.refuses("NONSENSE").code == "no_tote"
    assert bench.refuses(own("BIN", "A-01-1")).code == "wrong_kind"
    bench.scan(tote(), MUG)
    wrong = bench.refuses(TEA)
    assert wrong.text == "That is Green tea, 100 g; it is not in this order."
    assert wrong.detail == "Nothing was changed. Still to come: Tea towel, set of 2."
    assert bench.refuses("4006381333931").code == "unknown_code"
    again = bench.refuses(MUG)
    assert again.text == "All 1 Silicone mug, blue are in the box already."
    busy = bench.refuses(tote("T-2"))
    assert busy.code == "busy"
    assert "1 of 2 in the box" in busy.text
    assert bench.refuses("T-2").code == "busy"
    assert bench.packed() == [1, 0, 0]
    assert verified(bench.floor)


def test_a_barcode_of_two_clients_means_the_goods_of_this_order(bench: Bench) -> None:
    def other_client(tx):  # type: ignore[no-untyped-def]
        tx.execute(insert(Client), [{"id": 2, "code": "KD", "name": "Kids", "warehouse_id": 1}])
        row = insert(Sku).values(client_id=2, code="CUP", name="Cup").returning(Sku.id)
        sku = tx.execute(row).scalar_one()
        tx.execute(insert(SkuBarcode), [{"client_id": 2, "sku_id": sku, "code": MUG}])
        tx.execute(insert(SkuBarcode), [{"client_id": 2, "sku_id": sku, "code": "4006381333931"}])

    bench.floor.do(other_client)
    picked(bench.floor, {"MUG": 2})
    bench.scan(tote(), MUG)
    assert bench.packed() == [1]
    assert bench.refuses("4006381333931").text == "That is Cup of Kids; it is not in this order."


def test_only_the_lots_that_were_picked_go_into_the_box(bench: Bench) -> None:
    picked(bench.floor, {"TEA": 2})
    bench.scan(tote())
    wrong = bench.refuses(f"01{TEA.zfill(14)}10L9")
    assert (wrong.code, wrong.text) == ("wrong_lot", "That is lot L9; lot L1 was picked.")
    bench.scan(f"01{TEA.zfill(14)}10L1", TEA)
    with bench.floor.store.read() as tx:
        rows = tx.rows(select(ParcelItem.lot, ParcelItem.quantity))
    assert [tuple(row) for row in rows] == [("L1", 2)]


def test_a_wrong_weight_stops_the_label_and_says_what_it_looks_like(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 3, "TOWEL": 1})
    bench.scan(tote(), MUG, "3", TOWEL)
    bench.scale.put(780)
    refusal = bench.refused(lambda: bench.pack.act("weigh"))
    assert refusal.text == "780 g, expected 940 ± 39 g."
    assert refusal.detail.startswith("It looks like one Silicone mug, blue")
    assert refusal.detail.endswith("too few.")
    assert bench.refused(lambda: bench.pack.act("accept_weight", "sure")).code == "no_action"
    bench.sit("supervisor", "Ana")
    bench.scan(own("ORDER", "1"))
    bench.refused(lambda: bench.pack.act("weigh"))
    bench.pack.act("accept_weight", "the catalog's weight is wrong")
    with bench.floor.store.read() as tx:
        sealed = tx.scalar(select(JournalLine.detail).where(JournalLine.verb == "sealed"))
    assert "why: the catalog's weight is wrong" in detail_words(sealed)
    with bench.floor.store.read() as tx:
        row = tx.first(select(Parcel.override_by, Parcel.override_reason, Parcel.grams))
    assert row is not None
    assert tuple(row) == ("Ana", "the catalog's weight is wrong", 780)
    assert bench.floor.state(Parcel, 1) == "labelled"


def test_a_weight_is_never_given_to_the_next_parcel(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 1})
    picked(bench.floor, {"MUG": 1}, tote="T-2")
    bench.scale.put(270)
    bench.scan(tote(), MUG)
    bench.scan(tote("T-2"), MUG)
    assert bench.step() == "weigh"
    assert bench.refused(lambda: bench.pack.act("weigh")).code == "old_weight"
    bench.scale.lift()
    assert bench.refused(lambda: bench.pack.act("weigh")).code == "empty_scale"
    bench.scale.put(268, stable=False)
    assert bench.refused(lambda: bench.pack.act("weigh")).code == "moving"
    bench.scale.put(268)
    assert bench.pack.act("weigh").kind == "done"


def test_where_a_weight_is_not_known_nothing_is_compared(bench: Bench) -> None:
    bench.floor.do(lambda tx: tx.execute(update(Sku).values(weight_g=0)) and None)
    picked(bench.floor, {"MUG": 1})
    bench.scan(tote(), MUG)
    assert bench.pack.view.weight is not None
    assert bench.pack.view.weight.expected == "not known: nothing is compared"
    assert bench.refused(lambda: bench.pack.act("weight", "0")).code == "no_weight"
    assert bench.refused(lambda: bench.pack.act("weight", "1,2")).code == "bad_weight"
    assert bench.scan("999").kind == "done"


def test_the_packer_may_take_another_carton_and_is_warned_when_it_is_too_small(
    bench: Bench,
) -> None:
    picked(bench.floor, {"MUG": 1, "TOWEL": 1})
    bench.scan(tote())
    answer = bench.scan("S1")
    assert (answer.kind, "too small" in answer.text) == ("warn", True)
    assert bench.scan("l3").text == "Carton L3."
    assert bench.refused(lambda: bench.pack.act("carton", "Z9")).code == "no_carton"
    carton = next(action for action in bench.pack.actions if action.name == "carton")
    assert "M2 · 305 × 229 × 152 mm · advised" in [words for _value, words in carton.choices]


def test_one_piece_that_ships_in_its_own_box_needs_no_carton(bench: Bench) -> None:
    picked_order = partial(picked, bench.floor, {"BOARD": 2})
    picked_order()
    bench.scan(tote())
    assert bench.pack.view.box is not None
    assert bench.pack.view.box.code == "L3"
    bench.scan("6901234567915")
    bench.pack.act("close_box")
    bench.pack.act("weight", "1280")
    bench.scan("6901234567915")
    assert bench.pack.view.box.code == "Own box"
    assert bench.pack.act("weight", "900").kind == "done"
    assert verified(bench.floor)


def test_an_order_may_go_in_several_boxes(bench: Bench) -> None:
    order = picked(bench.floor, {"MUG": 2})
    bench.scan(tote(), MUG)
    bench.pack.act("close_box")
    assert bench.step() == "weigh"
    bench.pack.act("undo")
    assert bench.step() == "items"
    bench.pack.act("close_box")
    bench.scan("270")
    assert bench.pack.view.context == "then scan into the next box: 1 piece is left"
    assert bench.floor.state(Order, order) == "picked"
    bench.scan(MUG)
    assert bench.pack.view.eyebrow == "Pack · tote T-1 · box 2"
    bench.scan("270")
    assert bench.floor.state(Order, order) == "packed"
    assert len(bench.carrier.sold) == 2
    assert verified(bench.floor)


def test_undo_takes_the_last_pieces_out_and_opens_a_box_that_has_no_label(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 1, "TOWEL": 1})
    bench.scan(tote(), MUG, TOWEL)
    assert bench.pack.act("undo").text == "Tea towel, set of 2 taken out again"
    assert bench.packed() == [1, 0]
    bench.scan(TOWEL)
    bench.carrier.away = True
    answer = bench.scan("580")
    assert answer.kind == "warn"
    assert bench.step() == "label"
    bench.pack.act("undo")
    assert (bench.step(), bench.floor.state(Order, 1)) == ("weigh", "picked")
    assert bench.pack.act("undo").kind == "ok"
    assert bench.packed() == [1, 0]
    assert verified(bench.floor)


def test_a_carrier_that_is_away_leaves_closed_parcels_that_get_their_labels_later(
    bench: Bench,
) -> None:
    bench.carrier.away = True
    for place in "12":
        picked(bench.floor, {"MUG": 1}, f"W-{place}", tote=f"T-{place}")
        bench.scan(tote(f"T-{place}"), MUG)
        answer = bench.scan("270")
        assert answer.text == "Closed, but there is no label: The carrier is away."
        bench.pack.act("set_aside")
    assert [number for _id, number in bench.pack.view.waiting] == ["W-1", "W-2"]
    assert bench.pack.act("retry_labels").kind == "warn"
    bench.carrier.away = False
    assert bench.pack.act("retry_labels").text == "2 labels printed."
    assert not bench.pack.view.waiting
    assert len(bench.printer.papers) == 2
    assert verified(bench.floor)


def test_a_broken_printer_does_not_cost_the_label(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 1})
    bench.printer.broken = True
    answer = bench.scan(tote(), MUG, "270")
    assert (answer.kind, answer.text) == ("warn", "The label is bought, but not printed.")
    bench.printer.broken = False
    assert bench.pack.act("reprint").kind == "done"
    assert (len(bench.carrier.asked), len(bench.printer.papers)) == (1, 1)


def test_a_cancellation_stops_the_box_at_the_next_scan(bench: Bench) -> None:
    order = picked(bench.floor, {"MUG": 2})
    bench.scan(tote(), MUG)
    call_off = partial(
        move, model=Order, noun="order", number=order, to="cancelled", moves=ORDER_MOVES
    )
    bench.floor.do(lambda tx: call_off(tx))
    bench.pack.refresh()
    assert bench.pack.view.instruction == "Stop: cancelled"
    bench.sit()
    refusal = bench.refuses(tote())
    assert refusal.code == "cancelled"
    assert "put-back shelf" in refusal.detail
    assert bench.step() == "tote"


def test_a_hold_stops_the_box_at_the_weight(bench: Bench) -> None:
    order = picked(bench.floor, {"MUG": 1})
    bench.scan(tote(), MUG)
    bench.floor.do(lambda tx: hold(tx, order, "address"))
    refusal = bench.refused(lambda: bench.scan("270"))
    assert refusal.code == "held"
    assert "address" in refusal.text
    assert bench.carrier.asked == []
    assert bench.floor.state(Parcel, 1) == "open"


def test_the_packer_can_hold_an_order_with_a_reason(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 1})
    bench.scan(tote(), MUG)
    answer = bench.pack.act("hold", "one mug is chipped")
    assert answer.kind == "done"
    assert bench.step() == "tote"
    with bench.floor.store.read() as tx:
        row = tx.first(select(Hold.reason, Hold.detail, Hold.placed_by))
    assert row is not None
    assert tuple(row) == ("other", {"words": "one mug is chipped"}, "Li Na")


def test_two_packers_never_pack_one_order(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 2})
    bench.scan(tote(), MUG)
    bench.sit("packer", "Sam")
    refusal = bench.refuses(tote())
    assert refusal.text == "Li Na packs that order at P1."
    bench.sit("supervisor", "Ana")
    bench.scan(tote(), MUG)
    assert bench.packed() == [2]


def test_a_bench_that_starts_again_goes_on_where_it_was(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 2})
    bench.scan(tote(), MUG)
    bench.sit()
    assert bench.scan(tote()).text.endswith("again: 1 of 2 in the box.")
    assert bench.pack.act("undo").kind == "ok"
    assert bench.packed() == [0]
    bench.scan(MUG, "2")
    bench.sit()
    bench.scan("T-1")
    assert bench.step() == "weigh"
    bench.carrier.away = True
    bench.scan("450")
    bench.sit()
    bench.carrier.away = False
    assert bench.scan(own("PARCEL", "1")).kind == "warn"
    assert bench.pack.act("retry_label").kind == "done"
    assert verified(bench.floor)


def test_the_same_scan_delivered_twice_counts_once(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 2})
    bench.scan(tote())
    scan = Scan(MUG)
    first, again = bench.pack.scan(scan), bench.pack.scan(scan)
    assert first == again
    assert bench.packed() == [1]


def test_the_command_sheet_does_what_the_keys_do(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 2})
    bench.scan(tote(), MUG, own("CMD", "UNDO"))
    assert bench.packed() == [0]
    assert bench.refuses(own("CMD", "CLOSE-BOX")).code == "no_action"


def test_an_empty_box_that_is_set_aside_leaves_no_parcel(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 1})
    picked(bench.floor, {"MUG": 1}, tote="T-2")
    bench.scan(tote())
    bench.scan(tote("T-2"))
    assert bench.floor.state(Parcel, 1) == "void"
    bench.pack.act("set_aside")
    assert bench.floor.state(Parcel, 2) == "void"
    bench.sit("packer", "Sam")
    assert bench.scan(tote()).kind == "ok"


def test_goods_taken_out_of_a_box_again_are_left_in_a_tote_only(bench: Bench) -> None:
    for place in "12":
        picked(bench.floor, {"MUG": 1}, f"W-{place}", tote=f"T-{place}")
    bench.carrier.away = True
    bench.scan(tote(), MUG, "270")
    for _step in ("open the box", "take the mug out"):
        bench.pack.act("undo")
    assert bench.packed() == [0, 0]
    leaves: list[Callable[[], object]] = [
        lambda: bench.scan(tote("T-2")),
        lambda: bench.pack.act("set_aside"),
    ]
    for leave in leaves:
        with pytest.raises(Refused) as refusal:
            leave()
        assert refusal.value.code == "goods_without_tote"
        assert verified(bench.floor)
    assert bench.scan(tote("T-3")).text == "Tote T-3 carries W-1."
    bench.scan(tote("T-2"))
    assert bench.floor.state(Parcel, 1) == "void"
    assert verified(bench.floor)
    bench.carrier.away = False
    bench.scan(MUG, "270", tote("T-3"))
    assert bench.pack.view.eyebrow.startswith("Pack · tote T-3")


def test_a_list_brings_its_next_order(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 1}, "ON-LIST")
    bench.scan(own("LIST", "L000001"))
    assert bench.pack.view.order is not None
    assert bench.pack.view.order.number == "ON-LIST"
    bench.scan(MUG, "270")
    assert bench.refuses(own("LIST", "L000001")).code == "list_not_ready"
    assert bench.refuses(own("LIST", "L000009")).text == "There is no list L000009."


def test_an_order_that_is_not_picked_is_refused(bench: Bench) -> None:
    order = bench.floor.add_order({"MUG": 1}, "EARLY")
    assert bench.refuses(own("ORDER", str(order))).code == "not_picked"
    assert bench.refuses(own("ORDER", "99")).code == "no_order"


def test_what_the_carrier_won_t_take_is_said_and_the_parcel_waits(bench: Bench) -> None:
    picked(bench.floor, {"MUG": 1}, country="BR", postal_code="20040")
    answer = bench.scan(tote(), MUG, "270")
    assert answer.kind == "bad"
    assert "no standard price for BR 20040" in answer.text
    assert bench.step() == "label"
    assert bench.pack.act("hold", "address").kind == "done"
    assert bench.floor.state(Label, 1) == "failed"


# Pure rules

sides = st.integers(1, 600)
pieces = st.lists(
    st.builds(Piece, sides, sides, sides, st.integers(0, 5000), st.integers(1, 4), st.booleans()),
    min_size=1,
    max_size=5,
)
cartons = st.lists(
    st.builds(
        Box,
        st.integers(1, 99),
        st.text("ABC", min_size=1, max_size=2),
        sides,
        sides,
        sides,
        st.integers(0, 500),
        st.integers(1000, 30000),
    ),
    max_size=6,
)


@given(cartons, pieces)
def test_the_advised_carton_always_holds_the_goods_and_none_smaller_does(
    boxes: list[Box], goods: list[Piece]
) -> None:
    box = advise(boxes, goods)
    fitting = [one for one in boxes if holds(one, goods)]
    if box is None:
        assert fitting == []
        return
    assert max(max(piece.sides) for piece in goods) <= max(box.sides)
    assert volume(goods) <= box.volume
    assert box.volume == min(one.volume for one in fitting)


@given(cartons, pieces)
def test_goods_go_into_at_most_as_many_boxes_as_there_are_pieces(
    boxes: list[Box], goods: list[Piece]
) -> None:
    count = sum(piece.quantity for piece in goods)
    assert 1 <= boxes_needed(boxes, goods) <= count
    if advise(boxes, goods) is not None:
        assert boxes_needed(boxes, goods) == 1


def test_fragile_goods_get_padding() -> None:
    box = Box(1, "S", 230, 160, 150, 90, 9000)
    assert holds(box, [Piece(220, 150, 140, 650)])
    assert not holds(box, [Piece(220, 150, 140, 650, fragile=True)])


def test_the_own_tolerance_of_a_sku_counts() -> None:
    inside = Contents((("Candle", 400, 60, 2),), 100)
    assert judge(inside, 900 + 120) is None
    refusal = judge(inside, 900 + 380)
    assert refusal is not None
    assert refusal.detail == "It looks like one Candle too many."
    small = Contents((("Candle", 400, 5, 2),), 100)
    odd = judge(small, 700)
    assert odd is not None
    assert odd.detail == "Something seems to be missing. Look into the box."


def test_an_order_has_one_open_box(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 1)
    floor.add_stock("TOWEL", "A-02-1", 1)
    order_id = floor.add_order({"MUG": 1, "TOWEL": 1})
    bring_to(floor, order_id, "picked")
    with floor.store.read() as tx:
        lines = [int(n) for n in tx.scalars(select(OrderLine.id).order_by(OrderLine.id))]

    def box(tx: Tx, line: int) -> int:
        parcel_id = packing.start(tx, order_id)
        packing.put(tx, parcel_id, line, 1)
        return parcel_id

    first = floor.do(lambda tx: box(tx, lines[0]))
    floor.do(lambda tx: packing.seal(tx, first, contents(tx, first).expected_g))
    second = floor.do(lambda tx: box(tx, lines[1]))
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: packing.reopen(tx, first))
    assert refusal.value.code == "other_box_open"
    floor.do(lambda tx: packing.take_out(tx, second, lines[1], 1))
    floor.do(lambda tx: packing.reopen(tx, first))
    assert floor.state(Parcel, second) == "void"
    assert verified(floor)


def test_a_piece_beside_a_box_that_was_opened_again_is_at_the_bench(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 2)
    order_id = floor.add_order({"MUG": 2})
    bring_to(floor, order_id, "sealed")
    with floor.store.read() as tx:
        parcel_id = int(tx.scalar(select(Parcel.id)))
        line_id = int(tx.scalar(select(OrderLine.id)))
    floor.do(lambda tx: packing.reopen(tx, parcel_id))
    floor.do(lambda tx: packing.take_out(tx, parcel_id, line_id, 1))
    floor.do(lambda tx: packing.seal(tx, parcel_id, contents(tx, parcel_id).expected_g))
    assert floor.state(Order, order_id) == "picked"
    assert verified(floor)
