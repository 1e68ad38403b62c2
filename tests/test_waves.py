"""Lists: what goes out together, in short walks, on paper, and given to someone else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.builders import Floor
from wms_app.base.codes import Scan, own
from wms_app.base.journal import JournalLine
from wms_app.base.refusal import Down, Refused
from wms_app.floor.allocation import service as allocation
from wms_app.floor.orders import holds
from wms_app.floor.orders.model import Order
from wms_app.floor.waves import service
from wms_app.floor.waves.batching import Basket, batch, walk_length
from wms_app.floor.waves.model import Pick, PickList
from wms_app.floor.waves.presenter import ReleasePresenter
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
    assert (answer.kind, answer.text) == ("done", "1 list made")
    assert presenter.act("release", "auto", "op-1") == answer
    assert presenter.view.made == ("L000001",)
    assert presenter.view.lists[0].printed == 1
    assert [file.suffix for file in tmp_path.glob("*L000001*")] == [".pdf"]
    assert presenter.view.ready_orders == 1
    true(floor)


def test_nothing_is_released_when_nothing_is_chosen(floor: Floor, tmp_path: Path) -> None:
    ready(floor, {"MUG": 1})
    presenter = presenter_of(floor, tmp_path)
    for scan, code in (("7", "no_such_row"), ("6901234567892", "wrong_scan")):
        with pytest.raises(Refused) as refusal:
            presenter.scan(Scan(scan))
        assert refusal.value.code == code
    with pytest.raises(Refused) as refusal:
        presenter.act("release", "auto")
    assert refusal.value.code == "none_chosen"
    assert lists(floor) == []


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
    ready(floor, {"MUG": 1})
    dead = ReleasePresenter(floor.store, floor.who(), DeadPrinter())
    dead.open()
    dead.act("choose_all")
    answer = dead.act("release", "auto")
    assert (answer.kind, answer.text) == ("warn", "1 list made, not printed")
    again = presenter_of(floor, tmp_path)
    again.scan(Scan(own("LIST", "L000001")))
    assert again.act("reprint").kind == "done"
    assert again.view.lists[0].printed == 1


def test_a_list_is_put_down_for_someone_and_the_journal_says_for_whom(
    floor: Floor, tmp_path: Path
) -> None:
    orders = ready(floor, {"MUG": 1})
    (list_id,) = release(floor, orders)
    presenter = presenter_of(floor, tmp_path)
    presenter.act("lists")
    with pytest.raises(Refused) as refusal:
        presenter.act("give", "Chen Wei")
    assert refusal.value.code == "no_list_chosen"
    presenter.act("choose_list", str(list_id))
    assert presenter.act("give", "Chen Wei").text == "L000001 is for Chen Wei"
    assert presenter.view.lists[0].picker == "Chen Wei"
    with floor.store.read() as tx:
        told = tx.scalar(select(JournalLine.detail).where(JournalLine.verb == "given"))
    assert told == {"to": "Chen Wei"}
    assert presenter.act("call_off").text == "1 order of L000001 is ready again"
    true(floor)


def test_allocate_now_says_what_is_short_and_why(floor: Floor, tmp_path: Path) -> None:
    floor.add_stock("MUG", "A-01-1", 1)
    floor.add_order({"MUG": 1})
    floor.add_order({"MUG": 4}, number="#77", ship_by=None)
    presenter = presenter_of(floor, tmp_path)
    assert presenter.view.waiting.received == 2
    answer = presenter.act("allocate")
    assert (answer.text, answer.detail) == ("1 order allocated", "1 is short")
    presenter.act("short")
    row = presenter.view.short[0]
    assert (row.number, row.words) == ("#77", "short: 4 of MUG missing, 0 free")


def test_groups_are_the_hours_in_which_orders_must_leave(floor: Floor, tmp_path: Path) -> None:
    floor.add_stock("MUG", "A-01-1", 9)
    with floor.store.read() as tx:
        hour = tx.now.replace(minute=0) + timedelta(hours=3)
    for minute in (5, 25, 70):
        floor.add_order({"MUG": 1}, ship_by=hour + timedelta(minutes=minute))
    allocation.allocate_all(floor.store, floor.who())
    assert [group.orders for group in presenter_of(floor, tmp_path).view.groups] == [2, 1]


def test_what_was_chosen_stays_chosen_while_others_work(floor: Floor, tmp_path: Path) -> None:
    ready(floor, {"MUG": 1}, {"MUG": 2, "TOWEL": 1})
    presenter = presenter_of(floor, tmp_path)
    presenter.scan(Scan("2"))
    chosen = presenter.view.groups[1].key
    early = ready(floor, {"TOWEL": 1}, {"MUG": 1})
    assert early
    presenter.refresh()
    assert [presenter.view.groups[n - 1].key for n in presenter.view.chosen] == [chosen]
