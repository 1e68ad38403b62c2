"""Two stations at the same moment on Postgres: the one that comes second sees what the first did.

On the embedded store a writer has the whole store to itself, so there is no such moment.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.builders import SKUS, Floor
from tests.journeys import bring_to, parcel_of, released
from tests.parcels import add_lanes, verified
from wms_app.base import db
from wms_app.base.codes import Scan, own
from wms_app.base.db import Tx
from wms_app.base.refusal import Down, Refused
from wms_app.floor.allocation import service as allocation
from wms_app.floor.allocation.model import Allocation
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.handover.service import open_pickup
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.model import OrderLine
from wms_app.floor.packing import service as packing
from wms_app.floor.packing.inside import contents
from wms_app.floor.packing.model import Parcel
from wms_app.floor.picking import service as picking
from wms_app.floor.picking.presenter import PickPresenter
from wms_app.floor.picking.walk import Stop, load
from wms_app.floor.staging.service import stage
from wms_app.floor.stock import service as stock
from wms_app.floor.waves.model import Pick, PickList
from wms_app.floor.waves.service import release, void_list

pytestmark = pytest.mark.parametrize("store", ["postgres"], indirect=True)
Work = Callable[[Tx], Any]
MUG = SKUS[0][2]
PATIENCE = 500  # looks, a hundredth of a second apart


def at_once(floor: Floor, first: Work, second: Work) -> Any:
    """Commit `first` only when `second` waits for it; gives the answer of `second`."""
    begun = Event()

    def slow(tx: Tx) -> None:
        first(tx)
        tx.scalar(select(1))  # whatever was only told has reached the server
        begun.set()
        until_somebody_waits(floor)

    with ThreadPoolExecutor(1) as other:
        going = other.submit(floor.do, slow)
        assert begun.wait(10)
        try:
            return floor.do(second)
        finally:
            going.result()


def until_somebody_waits(floor: Floor) -> None:
    for _look in range(PATIENCE):
        with floor.store.read() as tx:
            if tx.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
        Event().wait(0.01)
    raise AssertionError("nobody waits")


def picks_of(floor: Floor, order_id: int) -> list[int]:
    with floor.store.read() as tx:
        ids = tx.scalars(select(Pick.id).where(Pick.order_id == order_id).order_by(Pick.id))
        return [int(number) for number in ids]


def two_on_a_list(floor: Floor, pieces: int = 1) -> tuple[int, int, str]:
    floor.add_stock("MUG", "A-01-1", 4 * pieces)
    orders = floor.add_order({"MUG": pieces}), floor.add_order({"MUG": pieces})
    return *orders, released(floor, *orders)


def start(floor: Floor, order_id: int) -> int:
    """Somebody walks the order's list with its tote; gives its first stop."""
    pick_id = picks_of(floor, order_id)[0]

    def work(tx: Tx) -> None:
        list_id = tx.scalar(select(Pick.pick_list_id).where(Pick.id == pick_id))
        picking.bind_tote(tx, f"T-{order_id}", order_id)
        picking.start(tx, list_id)

    floor.do(work)
    return pick_id


def test_a_tote_goes_to_the_order_that_was_first(floor: Floor) -> None:
    one, two, _code = two_on_a_list(floor)
    floor.do(lambda tx: picking.bind_tote(tx, "T-1", one))
    floor.do(lambda tx: picking.unbind_tote(tx, "T-1", one))
    with pytest.raises(Refused) as refusal:
        at_once(
            floor,
            lambda tx: picking.bind_tote(tx, "T-1", one),
            lambda tx: picking.bind_tote(tx, "T-1", two),
        )
    assert refusal.value.code == "tote_taken"
    assert verified(floor)


def test_a_tote_that_two_see_for_the_first_time_goes_to_the_first(floor: Floor) -> None:
    one, two, _code = two_on_a_list(floor)
    with pytest.raises(Refused) as refusal:
        at_once(
            floor,
            lambda tx: picking.bind_tote(tx, "T-1", one),
            lambda tx: picking.bind_tote(tx, "T-1", two),
        )
    assert refusal.value.code == "tote_taken"


def test_no_piece_goes_into_a_box_that_was_just_sealed(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 4)
    order_id = floor.add_order({"MUG": 2})
    bring_to(floor, order_id, "half_packed")
    with floor.store.read() as tx:
        parcel_id = parcel_of(tx, order_id)
        line_id = int(tx.scalar(select(OrderLine.id).where(OrderLine.order_id == order_id)))
        grams = contents(tx, parcel_id).expected_g
    with pytest.raises(Refused) as refusal:
        at_once(
            floor,
            lambda tx: packing.seal(tx, parcel_id, grams),
            lambda tx: packing.put(tx, parcel_id, line_id, 1),
        )
    assert refusal.value.code == "wrong_state"
    assert verified(floor)


def test_nothing_comes_out_of_a_box_that_was_just_sealed(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 4)
    order_id = floor.add_order({"MUG": 2})
    bring_to(floor, order_id, "half_packed")
    with floor.store.read() as tx:
        parcel_id = parcel_of(tx, order_id)
        line_id = int(tx.scalar(select(OrderLine.id).where(OrderLine.order_id == order_id)))
        grams = contents(tx, parcel_id).expected_g
    with pytest.raises(Refused) as refusal:
        at_once(
            floor,
            lambda tx: packing.seal(tx, parcel_id, grams),
            lambda tx: packing.take_out(tx, parcel_id, line_id, 1),
        )
    assert refusal.value.code == "wrong_state"
    assert verified(floor)


def test_a_box_into_which_a_piece_just_went_is_not_called_off_as_empty(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 4)
    order_id = floor.add_order({"MUG": 2})
    bring_to(floor, order_id, "picked")
    parcel_id = floor.do(lambda tx: packing.start(tx, order_id))
    with floor.store.read() as tx:
        line_id = int(tx.scalar(select(OrderLine.id).where(OrderLine.order_id == order_id)))
    at_once(
        floor,
        lambda tx: packing.put(tx, parcel_id, line_id, 1),
        lambda tx: packing.close_empty(tx, parcel_id),
    )
    with floor.store.read() as tx:
        assert tx.scalar(select(Parcel.state).where(Parcel.id == parcel_id)) == "open"
    assert verified(floor)


def test_a_list_is_done_when_two_take_its_last_pieces_at_once(floor: Floor) -> None:
    floor.add_stock("MUG", "A-01-1", 1)
    floor.add_stock("TOWEL", "A-02-1", 1)
    one, two = floor.add_order({"MUG": 1}), floor.add_order({"TOWEL": 1})
    code = released(floor, one, two)
    stops = start(floor, one), start(floor, two)
    at_once(
        floor,
        lambda tx: picking.take(tx, stops[0], 1),
        lambda tx: picking.take(tx, stops[1], 1),
    )
    with floor.store.read() as tx:
        assert tx.scalar(select(PickList.state).where(PickList.code == code)) == "done"


def test_a_stop_of_which_a_piece_was_just_taken_is_short_by_the_others(floor: Floor) -> None:
    one, _two, _code = two_on_a_list(floor, 3)
    stop = start(floor, one)
    missing = at_once(
        floor,
        lambda tx: picking.take(tx, stop, 1),
        lambda tx: picking.short(tx, stop, 0).missing,
    )
    assert missing == 2
    assert verified(floor)


def test_a_list_of_which_a_piece_was_just_taken_is_not_called_off(floor: Floor) -> None:
    one, _two, code = two_on_a_list(floor, 3)
    stop = start(floor, one)
    with floor.store.read() as tx:
        list_id = int(tx.scalar(select(PickList.id).where(PickList.code == code)))
    with pytest.raises(Refused) as refusal:
        at_once(
            floor,
            lambda tx: picking.take(tx, stop, 1),
            lambda tx: void_list(tx, list_id),
        )
    assert refusal.value.code == "list_begun"
    assert verified(floor)


def test_a_piece_is_taken_by_what_is_left_of_a_promise_that_was_just_cut_short(
    floor: Floor,
) -> None:
    for bin in ("A-01-1", "A-01-2"):
        floor.add_stock("MUG", bin, 4)
    order_id = floor.add_order({"MUG": 3})
    released(floor, order_id)
    pick_id = start(floor, order_id)
    with pytest.raises(Refused) as refusal:
        at_once(
            floor,
            lambda tx: picking.short(tx, pick_id, 1) and None,
            lambda tx: picking.take(tx, pick_id, 2),
        )
    assert refusal.value.code == "too_many"
    assert verified(floor)
    floor.do(lambda tx: picking.take(tx, pick_id, 1))
    assert verified(floor)


@pytest.mark.parametrize("verb", ["take", "short"])
def test_a_stop_of_a_list_that_was_just_called_off_is_not_worked(floor: Floor, verb: str) -> None:
    for bin in ("A-01-1", "A-01-2"):
        floor.add_stock("MUG", bin, 4)
    order_id = floor.add_order({"MUG": 2})
    released(floor, order_id)
    (pick_id,) = picks_of(floor, order_id)
    with floor.store.read() as tx:
        list_id = tx.scalar(select(Pick.pick_list_id).where(Pick.id == pick_id))
    work: Work = {
        "take": lambda tx: picking.take(tx, pick_id, 1),
        "short": lambda tx: picking.short(tx, pick_id, 0) and None,
    }[verb]
    with pytest.raises(Refused) as refusal:
        at_once(floor, lambda tx: void_list(tx, list_id), work)
    assert refusal.value.code == {"take": "too_many", "short": "not_short"}[verb]
    assert verified(floor)
    assert floor.do(lambda tx: release(tx, [order_id]))
    assert verified(floor)


def shown(floor: Floor, pick_id: int) -> Stop:
    """The stop as a picker's screen shows it."""
    with floor.store.read() as tx:
        list_id = int(tx.scalar(select(Pick.pick_list_id).where(Pick.id == pick_id)))
        walk = load(tx, list_id)
    stop = walk.stop(pick_id) if walk is not None else None
    assert stop is not None
    return stop


@pytest.mark.parametrize("stopped", ["held", "cancelled"])
def test_a_piece_on_the_screen_is_not_taken_from_what_was_just_stopped(
    floor: Floor, stopped: str
) -> None:
    order_id, _other, _code = two_on_a_list(floor, 2)
    stop = shown(floor, start(floor, order_id))
    does: dict[str, Work] = {
        "held": lambda tx: hold(tx, order_id, "address"),
        "cancelled": lambda tx: cancel(tx, order_id, "changed mind"),
    }
    with pytest.raises(Refused) as refusal:
        at_once(floor, does[stopped], lambda tx: picking.take_shown(tx, stop, 1, 1))
    assert refusal.value.code == "stock_changed"
    assert shown_pieces(floor, stop) == 0
    assert verified(floor)


def test_of_two_who_take_the_last_piece_of_a_stop_one_takes_it(floor: Floor) -> None:
    order_id, _other, _code = two_on_a_list(floor)
    stop = shown(floor, start(floor, order_id))
    take: Work = lambda tx: picking.take_shown(tx, stop, 1, 1)  # noqa: E731
    with pytest.raises(Refused) as refusal:
        at_once(floor, take, take)
    assert refusal.value.code == "stock_changed"
    assert shown_pieces(floor, stop) == 1
    assert verified(floor)


def shown_pieces(floor: Floor, stop: Stop) -> int:
    with floor.store.read() as tx:
        found = select(Allocation.picked).where(Allocation.id == stop.allocation_id)
        return int(tx.scalar(found))


def test_who_gives_pieces_back_and_promises_others_meets_an_allocation_at_the_first_bin(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    low = floor.add_stock("MUG", "A-01-1", 1)
    first, second, third = (floor.add_order({"MUG": 1}) for _order in range(3))
    floor.do(lambda tx: allocation.allocate(tx, [first]))
    floor.add_stock("MUG", "B-01-1", 2)  # a bin with a higher id
    released(floor, second)
    pick_id = start(floor, second)
    floor.do(lambda tx: stock.apply(tx, [stock.Change(low, 5, 0, "received")]))
    begun, elsewhere = Event(), allocation.allocate_elsewhere

    def slowly(tx: Tx, allocation_id: int, missing: int) -> list[int]:
        tx.scalar(select(1))
        begun.set()
        until_somebody_waits(floor)
        return elsewhere(tx, allocation_id, missing)

    monkeypatch.setattr(allocation, "allocate_elsewhere", slowly)
    again: list[str] = []
    monkeypatch.setattr(db, "may_retry", lambda error: again.append(str(error)))
    with ThreadPoolExecutor(1) as other:
        going = other.submit(floor.do, lambda tx: picking.short(tx, pick_id, 0) and None)
        assert begun.wait(10)
        made = floor.do(lambda tx: allocation.allocate(tx, [third]))
        going.result()
    assert made["allocated"] == 1
    assert again == []
    assert verified(floor)


COMMITS_ONCE_IN_VAIN = (
    "CREATE SEQUENCE commits",
    """CREATE FUNCTION in_vain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('commits') = 1 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF;
        RETURN NULL; END $$""",
    """CREATE CONSTRAINT TRIGGER in_vain AFTER INSERT ON operations DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.verb = 'take') EXECUTE FUNCTION in_vain()""",
)


def test_a_piece_whose_first_commit_was_refused_is_one_piece_and_one_step_back(
    floor: Floor,
) -> None:
    floor.add_stock("MUG", "A-01-1", 3)
    code = released(floor, floor.add_order({"MUG": 3}))
    for statement in COMMITS_ONCE_IN_VAIN:
        floor.do(lambda tx, said=statement: tx.execute(text(said)) and None)  # type: ignore[misc]
    pick = PickPresenter(floor.store, floor.who("picker"))
    pick.open()
    for raw in (own("LIST", code), own("BIN", "A-01-1"), MUG):
        pick.scan(Scan(raw))
    with floor.store.read() as tx:
        assert tx.scalar(text("SELECT last_value FROM commits")) == 2
    assert pick.view.taken == 1
    pick.act("undo")
    assert (pick.view.taken, pick.view.step) == (0, "item")
    pick.act("undo")
    assert pick.view.step == "bin"
    assert verified(floor)


def test_a_parcel_is_put_into_a_lane_while_its_truck_is_being_opened(floor: Floor) -> None:
    """Who only refers to what is locked need not wait; here he could wait for one who waits."""
    order_id = floor.add_order({"MUG": 1})
    floor.add_stock("MUG", "A-01-1", 1)
    bring_to(floor, order_id, "labelled")
    add_lanes(floor)
    with floor.store.read() as tx:
        parcel_id = parcel_of(tx, order_id)

    def opened(tx: Tx) -> None:
        open_pickup(tx, "STD-17")
        with ThreadPoolExecutor(1) as other:
            staged = other.submit(floor.do, lambda tx: stage(tx, parcel_id, "STD-17"))
            try:
                staged.result(5)
            except TimeoutError:  # it goes on when this one has ended
                tx.execute(text("ROLLBACK"))
                raise

    floor.do(opened)
    assert floor.state(Parcel, parcel_id) == "staged"
    assert verified(floor)


def test_who_meets_others_halfway_again_and_again_is_told_in_words(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wms_app.base.db.time.sleep", lambda _seconds: None)
    tries: list[Tx] = []

    def unlucky(tx: Tx) -> None:
        tries.append(tx)
        tx.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"))

    with pytest.raises(Down) as down:
        floor.do(unlucky)
    assert len(tries) == db.TRIES
    assert "nothing was saved. Scan again" in down.value.text
