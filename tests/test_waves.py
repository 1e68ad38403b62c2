"""Lists: what goes out together, in short walks, on paper, and given to someone else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from tests.builders import Floor
from wms_app.base.codes import Scan, own
from wms_app.base.db import Tx
from wms_app.base.journal import JournalLine
from wms_app.base.refusal import Down, Refused
from wms_app.floor.allocation import service as allocation
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.catalog.model import Bin, SkuBarcode, Warehouse
from wms_app.floor.counting import service as counting
from wms_app.floor.orders import holds
from wms_app.floor.orders.model import Order
from wms_app.floor.picking import service as picking
from wms_app.floor.stock.model import CountTask, Stock
from wms_app.floor.waves import choosing, service
from wms_app.floor.waves.batching import Basket, batch, walk_length
from wms_app.floor.waves.model import Pick, PickList
from wms_app.floor.waves.presenter import ReleasePresenter
from wms_app.floor.waves.words import ship_by_words
from wms_app.office.verify.service import verify
from wms_app.outside.devices.printer import FolderPrinter, Kind


def true(floor: Floor) -> None:
    with floor.store.read() as tx:
        assert verify(tx) == []


def ready(floor: Floor, *orders: dict[str, int]) -> list[int]:
    """Stock for these orders, and the orders, allocated."""
    for sku, bin in (("MUG", "A-01-1"), ("TOWEL", "A-03-2"), ("BOARD", "B-01-1")):
        floor.add_stock(sku, bin, 50)
    made = [floor.add_order(lines) for lines in orders]
    allocation.allocate_all(floor.store, floor.who())
    return made


def lists(floor: Floor) -> list[tuple[str, str, int]]:
    with floor.store.read() as tx:
        rows = tx.rows(select(PickList.kind, PickList.state, PickList.orders).order_by(PickList.id))
    return [(row.kind, row.state, row.orders) for row in rows]


def release(
    floor: Floor, orders: list[int], by: service.By = "auto", per_list: int = 12
) -> list[int]:
    return floor.do(lambda tx: service.release(tx, orders, by=by, orders_per_list=per_list))


def presenter_of(floor: Floor, tmp_path: Path) -> ReleasePresenter:
    presenter = ReleasePresenter(floor.store, floor.who(), FolderPrinter(tmp_path))
    presenter.open()
    return presenter


def test_own_boxes_get_their_labels_first_and_the_rest_is_picked_by_cart(floor: Floor) -> None:
    orders = ready(floor, {"BOARD": 1}, {"BOARD": 2}, {"MUG": 1, "TOWEL": 1})
    release(floor, orders)
    assert lists(floor) == [("label-first", "open", 1), ("pick-list", "open", 2)]
    assert {floor.state(Order, order) for order in orders} == {"released"}
    true(floor)


def test_label_first_alone_leaves_the_others_allocated(floor: Floor) -> None:
    board, mug = ready(floor, {"BOARD": 1}, {"MUG": 1})
    release(floor, [board, mug], "label-first")
    assert lists(floor) == [("label-first", "open", 1)]
    assert floor.state(Order, mug) == "allocated"


def test_the_rest_of_an_order_goes_into_no_box_of_its_own_while_more_of_it_lies_in_a_tote(
    floor: Floor, tmp_path: Path
) -> None:
    (order_id,) = ready(floor, {"BOARD": 1, "MUG": 1})
    release(floor, [order_id])
    of = select(Pick.id, Stock.id).join(Allocation, Allocation.id == Pick.allocation_id)
    with floor.store.read() as tx:
        mug, board = tx.rows(of.join(Stock, Stock.id == Allocation.stock_id).order_by(Pick.walk))
    floor.do(lambda tx: picking.bind_tote(tx, "T-1", order_id))
    floor.do(lambda tx: picking.take(tx, mug[0], 1))
    floor.do(lambda tx: picking.short(tx, board[0], 0) and None)
    floor.do(lambda tx: approve_as_counted(tx, board[1]))
    allocation.allocate_all(floor.store, floor.who())
    view = presenter_of(floor, tmp_path).view
    assert [group.key.parts for group in view.groups] == ["single"]
    assert release(floor, [order_id], "label-first") == []
    release(floor, [order_id])
    assert lists(floor) == [("pick-list", "done", 1), ("pick-list", "open", 1)]
    true(floor)


def test_a_list_is_walked_along_the_bins_and_each_order_has_its_slot(floor: Floor) -> None:
    first, second = ready(floor, {"TOWEL": 1, "MUG": 1}, {"TOWEL": 2})
    release(floor, [first, second])
    with floor.store.read() as tx:
        picks = tx.rows(select(Pick.walk, Pick.slot).order_by(Pick.walk, Pick.id))
    assert [row.walk for row in picks] == sorted(row.walk for row in picks)
    assert {row.slot for row in picks} == {1, 2}


def test_held_orders_stay_where_they_are(floor: Floor) -> None:
    (order,) = ready(floor, {"MUG": 1})
    floor.do(lambda tx: holds.hold(tx, order, "payment"))
    assert release(floor, [order]) == []
    assert floor.state(Order, order) == "allocated"


def test_an_order_is_on_one_list_however_often_it_is_released(floor: Floor) -> None:
    orders = ready(floor, {"MUG": 1})
    release(floor, orders)
    assert release(floor, orders) == []
    assert len(lists(floor)) == 1


@given(
    st.lists(st.lists(st.integers(1, 400), min_size=1, max_size=4), min_size=1, max_size=60),
    st.integers(1, 12),
)
def test_near_orders_walk_together_never_farther_than_first_come(
    walks: list[list[int]], size: int
) -> None:
    baskets = [Basket(number, tuple(stops)) for number, stops in enumerate(walks)]
    made = batch(baskets, size)
    assert sorted(b.order_id for one in made for b in one) == list(range(len(baskets)))
    assert all(1 <= len(one) <= size for one in made)
    first_come = [baskets[at : at + size] for at in range(0, len(baskets), size)]
    assert walk_length(made) <= walk_length(first_come)


def test_orders_of_two_ends_of_the_walk_come_on_two_lists() -> None:
    near_far = [Basket(n, (10 + n,) if n % 2 else (390 + n,)) for n in range(8)]
    made = batch(near_far, 4)
    assert [sorted(b.order_id % 2 for b in one) for one in made] == [[1] * 4, [0] * 4]


def test_a_list_that_was_not_begun_is_called_off_and_its_orders_are_ready_again(
    floor: Floor,
) -> None:
    orders = ready(floor, {"MUG": 1})
    (list_id,) = release(floor, orders)
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: service.void_list(tx, list_id), role="picker")
    assert refusal.value.code == "not_yours"
    assert floor.do(lambda tx: service.void_list(tx, list_id)) == orders
    assert floor.state(Order, orders[0]) == "allocated"
    release(floor, orders)
    assert [state for _kind, state, _orders in lists(floor)] == ["void", "open"]
    true(floor)


def test_a_stop_taken_back_on_an_earlier_list_is_released_anew_with_the_rest(floor: Floor) -> None:
    (order_id,) = ready(floor, {"MUG": 1, "TOWEL": 1})
    release(floor, [order_id])
    with floor.store.read() as tx:
        took, missed = tx.scalars(select(Pick.id).order_by(Pick.id))
        towels = tx.scalar(
            select(Allocation.stock_id)
            .join(Pick, Pick.allocation_id == Allocation.id)
            .where(Pick.id == missed)
        )
    floor.do(lambda tx: picking.bind_tote(tx, "T-1", order_id))
    floor.do(lambda tx: picking.take(tx, took, 1))
    floor.do(lambda tx: picking.short(tx, missed, 0) and None)  # every towel is in that bin
    assert floor.state(Order, order_id) == "short"
    floor.do(lambda tx: approve_as_counted(tx, towels))
    allocation.allocate_all(floor.store, floor.who())
    (second,) = release(floor, [order_id])
    floor.do(lambda tx: picking.untake(tx, took, 1))
    assert floor.do(lambda tx: service.void_list(tx, second)) == [order_id]
    true(floor)
    (third,) = release(floor, [order_id])
    with floor.store.read() as tx:
        on_it = select(Pick.id).where(Pick.pick_list_id == third, Pick.state == "open")
        assert len(tx.scalars(on_it)) == 2
    true(floor)


def approve_as_counted(tx: Tx, stock_id: int) -> None:
    """Somebody finds everything where the store says it is."""
    task = tx.scalar(select(CountTask.id).where(CountTask.stock_id == stock_id))
    there = tx.scalar(select(Stock.on_hand).where(Stock.id == stock_id))
    assert counting.count(tx, task, there)


def test_picks_of_a_cancelled_order_leave_the_list_and_an_empty_list_is_done(floor: Floor) -> None:
    first, second = ready(floor, {"MUG": 1}, {"MUG": 2})
    (list_id,) = release(floor, [first, second])
    assert floor.do(lambda tx: service.void_picks(tx, [first])) == []
    assert floor.do(lambda tx: service.void_picks(tx, [second])) == [list_id]


def test_the_supervisor_chooses_by_number_and_gets_lists_and_papers(
    floor: Floor, tmp_path: Path
) -> None:
    ready(floor, {"MUG": 1}, {"MUG": 2, "TOWEL": 1}, {"BOARD": 1})
    presenter = presenter_of(floor, tmp_path)
    assert [(g.key.parts, g.orders, g.units) for g in presenter.view.groups] == [
        ("multi", 1, 3),
        ("own_box", 1, 1),
        ("single", 1, 1),
    ]
    assert presenter.scan(Scan("1")).text == "1 order chosen"
    assert presenter.scan(Scan("3")).text == "2 orders chosen"
    answer = presenter.act("release", "auto", "op-1")
    assert (answer.kind, answer.text) == ("done", "1 list · 2 orders · 4 pieces")
    assert presenter.act("release", "auto", "op-1") == answer
    assert presenter.view.made == ("L000001",)
    assert presenter.view.lists[0].printed == 1
    assert [file.suffix for file in tmp_path.glob("*L000001*")] == [".pdf"]
    assert presenter.view.ready == 1
    true(floor)


def refused(presenter: ReleasePresenter, action: str, value: str = "") -> str:
    with pytest.raises(Refused) as refusal:
        presenter.act(action, value)
    return refusal.value.code


def test_everything_goes_out_when_nothing_is_chosen(floor: Floor, tmp_path: Path) -> None:
    orders = ready(floor, {"MUG": 1}, {"MUG": 2, "TOWEL": 1}, {"BOARD": 1})
    presenter = presenter_of(floor, tmp_path)
    assert presenter.actions[0].prompt == "Release 3 orders as"
    assert presenter.act("release").text == "2 lists · 3 orders · 5 pieces"
    assert presenter.view.made == ("L000001", "L000002")
    assert [(row.kind, row.printed) for row in presenter.view.lists] == [
        ("pick-list", 1),
        ("label-first", 1),
    ]
    assert {floor.state(Order, order) for order in orders} == {"released"}
    true(floor)


def test_wrong_scans_and_an_empty_house_are_refused_in_their_own_words(
    floor: Floor, tmp_path: Path
) -> None:
    presenter = presenter_of(floor, tmp_path)
    for scan, code in (
        ("7", "no_such_row"),
        ("6901234567892", "wrong_scan"),
        (own("BIN", "A-01-1"), "wrong_scan"),
        (own("LIST", "L000009"), "no_list"),
    ):
        with pytest.raises(Refused) as refusal:
            presenter.scan(Scan(scan))
        assert refusal.value.code == code
    assert refused(presenter, "release") == "nothing_ready"
    assert refused(presenter, "release", "by-hand") == "no_action"
    assert refused(presenter, "print_rest") == "all_printed"
    assert refused(presenter, "choose", "x") == "no_such_row"
    assert refused(presenter, "fly") == "no_action"
    assert lists(floor) == []


def test_the_same_reading_twice_chooses_a_group_once(floor: Floor, tmp_path: Path) -> None:
    ready(floor, {"MUG": 1}, {"BOARD": 1})
    presenter = presenter_of(floor, tmp_path)
    reading = Scan("2")
    answer = presenter.scan(reading)
    assert presenter.scan(reading) == answer
    assert presenter.view.chosen == {2}
    presenter.scan(Scan("2"))
    assert presenter.view.chosen == frozenset()


def test_what_cannot_go_label_first_stays_ready_and_is_counted(
    floor: Floor, tmp_path: Path
) -> None:
    ready(floor, {"MUG": 1}, {"BOARD": 1}, {"TOWEL": 2})
    presenter = presenter_of(floor, tmp_path)
    answer = presenter.act("release", "label-first")
    assert answer.text == "1 list · 1 order · 1 piece"
    assert answer.detail.startswith("2 orders stay ready. Printed: ")
    assert presenter.view.ready == 2
    true(floor)


def test_a_release_that_is_stopped_keeps_what_was_made(
    floor: Floor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHUNK", 2)
    ready(floor, *[{"MUG": 1}] * 5)
    presenter = presenter_of(floor, tmp_path)
    presenter.progress = lambda _done, _total: False
    assert refused(presenter, "release") == "stopped"
    presenter.progress = lambda done, _total: done < 2
    answer = presenter.act("release")
    assert answer.text == "1 list · 2 orders · 2 pieces"
    assert answer.detail.startswith("3 orders stay ready.")
    assert presenter.view.ready == 3
    true(floor)


def test_no_own_box_among_the_chosen_is_said_and_changes_nothing(
    floor: Floor, tmp_path: Path
) -> None:
    ready(floor, {"MUG": 1})
    presenter = presenter_of(floor, tmp_path)
    presenter.act("choose_all")
    with pytest.raises(Refused) as refusal:
        presenter.act("release", "label-first")
    assert refusal.value.code == "nothing_released"
    assert lists(floor) == []


class DeadPrinter:
    def send(self, paper: str, name: str, content: bytes, kind: Kind) -> str:
        raise Down("printer", "The printer is away. Press F2 when it is back.")


def test_lists_are_made_although_the_printer_is_away_and_printed_later(
    floor: Floor, tmp_path: Path
) -> None:
    orders = ready(floor, {"MUG": 1}, {"BOARD": 1})
    dead = ReleasePresenter(floor.store, floor.who(), DeadPrinter())
    dead.open()
    answer = dead.act("release")
    assert (answer.kind, answer.text) == ("warn", "2 lists · 2 orders · 2 pieces, not printed")
    assert answer.detail.endswith("press F4 here when the printer is back.")
    assert {floor.state(Order, order) for order in orders} == {"released"}
    again = presenter_of(floor, tmp_path)
    assert again.view.unprinted == 2
    again.scan(Scan(own("LIST", "L000001")))
    assert again.act("reprint").text == "List L000001 again"
    assert [action.key for action in again.actions if action.name == "print_rest"] == ["F4"]
    assert again.act("print_rest").text == "1 list · 1 order · 1 piece"
    assert (again.view.unprinted, [row.printed for row in again.view.lists]) == (0, [1, 1])
    assert "print_rest" not in {action.name for action in again.actions}


def test_a_list_is_printed_again_by_its_number_until_it_is_done(
    floor: Floor, tmp_path: Path
) -> None:
    orders = ready(floor, {"MUG": 1})
    (list_id,) = release(floor, orders)
    presenter = presenter_of(floor, tmp_path)
    assert refused(presenter, "reprint") == "no_list_chosen"
    assert presenter.act("reprint", str(list_id)).kind == "done"
    assert refused(presenter, "reprint", "99") == "no_list_chosen"
    assert presenter.view.list_id == list_id
    floor.do(lambda tx: service.void_picks(tx, orders))
    presenter.refresh()
    assert refused(presenter, "reprint") == "list_done"
    assert len(list(tmp_path.glob("*L000001*.pdf"))) == 1


def test_a_list_is_put_down_for_someone_and_the_journal_says_for_whom(
    floor: Floor, tmp_path: Path
) -> None:
    orders = ready(floor, {"MUG": 1})
    (list_id,) = release(floor, orders)
    presenter = presenter_of(floor, tmp_path)
    presenter.act("lists")
    assert refused(presenter, "give_to", "Chen Wei") == "no_list_chosen"
    presenter.act("choose_list", str(list_id))
    assert refused(presenter, "give_to", " ") == "no_name"
    assert refused(presenter, "give_to", "n" * 81) == "long_name"
    assert presenter.act("give_to", "Chen Wei").text == "L000001 is for Chen Wei"
    assert presenter.view.lists[0].picker == "Chen Wei"
    with floor.store.read() as tx:
        told = tx.scalar(select(JournalLine.detail).where(JournalLine.verb == "given"))
    assert told == {"to": "Chen Wei"}


def test_a_list_is_called_off_once_it_was_confirmed_and_its_paper_is_known_as_old(
    floor: Floor, tmp_path: Path
) -> None:
    release(floor, ready(floor, {"MUG": 1}))
    presenter = presenter_of(floor, tmp_path)
    presenter.scan(Scan(own("LIST", "L000001")))
    (call_off,) = [action for action in presenter.actions if action.name == "void_list"]
    assert call_off.confirm == "Call off L000001? Its orders are ready again then."
    answer = presenter.act("void_list", operation="op-2")
    assert answer.text == "1 order of L000001 is ready again"
    assert presenter.act("void_list", operation="op-2") == answer
    assert (presenter.view.ready, presenter.view.lists) == (1, ())
    with pytest.raises(Refused) as refusal:
        presenter.scan(Scan(own("LIST", "L000001")))
    assert refusal.value.code == "list_void"
    true(floor)


def test_only_supervisors_are_offered_to_move_or_call_off_lists(
    floor: Floor, tmp_path: Path
) -> None:
    (list_id,) = release(floor, ready(floor, {"MUG": 1}))
    clerk = ReleasePresenter(floor.store, floor.who("clerk"), FolderPrinter(tmp_path))
    clerk.open()
    clerk.act("choose_list", str(list_id))
    assert {action.name for action in clerk.actions} & {"give_to", "void_list"} == set()
    assert refused(clerk, "give_to", "Chen Wei") == "not_yours"
    assert refused(clerk, "void_list", str(list_id)) == "not_yours"
    assert lists(floor) == [("pick-list", "open", 1)]


def test_a_list_whose_labels_were_bought_or_whose_pieces_were_picked_is_not_called_off(
    floor: Floor, tmp_path: Path
) -> None:
    release(floor, ready(floor, {"BOARD": 1}, {"MUG": 2}))
    presenter = presenter_of(floor, tmp_path)
    floor.do(lambda tx: picking.start(tx, 1), "picker")
    assert refused(presenter, "void_list", "1") == "labels_bought"
    floor.do(lambda tx: picking.start(tx, 2), "picker")
    with floor.store.read() as tx:
        pick = tx.scalar(select(Pick.id).where(Pick.pick_list_id == 2))
    floor.do(lambda tx: picking.take(tx, pick, 1), "picker")
    assert refused(presenter, "void_list", "2") == "list_begun"
    assert [state for _kind, state, _orders in lists(floor)] == ["walking", "walking"]
    true(floor)


def test_a_list_that_the_screen_has_no_room_for_is_found_by_its_paper(
    floor: Floor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(floor, ready(floor, {"MUG": 1}, {"MUG": 1}, {"MUG": 1}), per_list=1)
    monkeypatch.setattr(choosing, "SHOWN", 1)
    presenter = presenter_of(floor, tmp_path)
    presenter.act("lists")
    assert [row.code for row in presenter.view.lists] == ["L000003"]
    presenter.scan(Scan(own("LIST", "L000001")))
    assert presenter.view.pointed is not None
    assert presenter.view.pointed.code == "L000001"


def test_allocate_now_says_what_is_short_and_why(floor: Floor, tmp_path: Path) -> None:
    floor.add_stock("MUG", "A-01-1", 1)
    floor.add_order({"MUG": 1})
    floor.add_order({"MUG": 4}, number="#77", ship_by=None)
    presenter = presenter_of(floor, tmp_path)
    assert presenter.view.waiting_allocation == 2
    answer = presenter.act("allocate")
    assert (answer.text, answer.detail) == ("1 order allocated", "1 is short")
    assert (presenter.view.waiting_allocation, presenter.view.ready) == (1, 1)
    presenter.act("short")
    row = presenter.view.short[0]
    assert (row.number, row.words) == ("#77", "short: 4 of MUG missing, 0 free")
    floor.add_stock("MUG", "A-01-1", 4)
    presenter.refresh()
    assert presenter.view.short[0].words == "enough is free now: F3 promises it"


def test_groups_are_the_hours_in_which_orders_must_leave(floor: Floor, tmp_path: Path) -> None:
    floor.add_stock("MUG", "A-01-1", 9)
    with floor.store.read() as tx:
        hour = tx.now.replace(minute=0) + timedelta(hours=3)
    for minute in (5, 25, 70):
        floor.add_order({"MUG": 1}, ship_by=hour + timedelta(minutes=minute))
    allocation.allocate_all(floor.store, floor.who())
    assert [group.orders for group in presenter_of(floor, tmp_path).view.groups] == [2, 1]


def test_hours_are_those_of_the_warehouse_where_its_clock_is_half_an_hour_off(
    floor: Floor,
) -> None:
    floor.add_stock("MUG", "A-01-1", 9)
    for minute in (30, 55, 85):  # 09:00, 09:25 and 09:55 in Adelaide
        when = datetime(2026, 6, 1, 23, 0, tzinfo=UTC) + timedelta(minutes=minute)
        floor.add_order({"MUG": 1}, ship_by=when)
    allocation.allocate_all(floor.store, floor.who())
    with floor.store.read() as tx:
        (group,) = choosing.groups(tx, 1, "Australia/Adelaide")
        assert len(choosing.orders_of(tx, 1, [group.key], "Australia/Adelaide")) == 3
    assert ship_by_words(group.key.ship_by, group.key.ship_by, "Australia/Adelaide") == "09:00"


PAPERS: tuple[tuple[str, float], ...] = (("A4", 297.0), ("Letter", 279.4))


@pytest.mark.parametrize(("paper", "height_mm"), PAPERS)
def test_the_codes_on_the_papers_are_read_back_as_what_the_database_says(
    floor: Floor, tmp_path: Path, paper: str, height_mm: float
) -> None:
    floor.do(lambda tx: tx.execute(update(Warehouse).values(paper=paper)) and None)
    ready(floor, {"BOARD": 1}, {"MUG": 1, "TOWEL": 3}, {"TOWEL": 1})
    presenter = presenter_of(floor, tmp_path)
    presenter.act("release")
    (file,) = tmp_path.glob("*.pdf")
    pages = pypdfium2.PdfDocument(file)
    assert [round(page.get_height() / 72 * 25.4, 1) for page in pages] == [height_mm] * 2
    read = [
        {found.text for found in zxingcpp.read_barcodes(page.render(scale=3).to_pil())}
        for page in pages
    ]
    assert read == [codes_of(floor, 1), codes_of(floor, 2)]
    assert len(read[1]) == 5  # the list, two bins, two SKUs
    words = pages[1].get_textpage().get_text_range()
    assert {said for said in ("L000002", "A-03-2", "Signature") if said not in words} == set()


def codes_of(floor: Floor, list_id: int) -> set[str]:
    """The list, the bins and the goods of a list as codes, by the database."""
    statement = (
        select(PickList.code, Bin.code, SkuBarcode.code)
        .join(Pick, Pick.pick_list_id == PickList.id)
        .join(Allocation, Allocation.id == Pick.allocation_id)
        .join(Stock, Stock.id == Allocation.stock_id)
        .join(Bin, Bin.id == Stock.bin_id)
        .join(SkuBarcode, SkuBarcode.sku_id == Stock.sku_id)
        .where(PickList.id == list_id, SkuBarcode.quantity == 1)
    )
    with floor.store.read() as tx:
        rows = tx.rows(statement)
    return {c for list_, bin, sku in rows for c in (own("LIST", list_), own("BIN", bin), sku)}


def test_what_was_chosen_stays_chosen_while_others_work(floor: Floor, tmp_path: Path) -> None:
    ready(floor, {"MUG": 1}, {"MUG": 2, "TOWEL": 1})
    presenter = presenter_of(floor, tmp_path)
    presenter.scan(Scan("2"))
    chosen = presenter.view.groups[1].key
    early = ready(floor, {"TOWEL": 1}, {"MUG": 1})
    assert early
    presenter.refresh()
    assert [presenter.view.groups[n - 1].key for n in presenter.view.chosen] == [chosen]
