"""Label first: labels before the walk; at the bin goods and label become one, or nothing does."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from tests.bench import Counting, Tray, address_of_the_house, read_back, words_on
from tests.builders import Floor
from tests.parcels import verified
from wms_app.base.codes import Scan, own
from wms_app.base.conversation import Answer
from wms_app.base.operations import Operation
from wms_app.base.refusal import Refused
from wms_app.base.who import Role
from wms_app.floor.allocation.service import allocate
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.catalog.model import Sku
from wms_app.floor.labelling.model import Label
from wms_app.floor.labelling.presenter import LabelWalkPresenter
from wms_app.floor.orders.holds import hold, lift
from wms_app.floor.orders.model import Hold, Order
from wms_app.floor.orders.view import open_order
from wms_app.floor.packing.model import Parcel
from wms_app.floor.waves.service import release

BOARD, MUG = "6901234567915", "6901234567892"
LIST = own("LIST", "L000001")
BINS = ("A-01-1", "A-02-2", "B-01-1")


class Round:
    """Three orders of one board each, in three bins, on one label-first list."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.carrier, self.printer = Counting(), Tray()
        for place in BINS:
            floor.add_stock("BOARD", place, 1)
        self.orders = [floor.add_order({"BOARD": 1}, f"LF-{n}") for n in (1, 2, 3)]
        self.begin()

    def release(self) -> None:
        def work(tx):  # type: ignore[no-untyped-def]
            allocate(tx, self.orders)
            release(tx, self.orders)

        self.floor.do(work)

    def begin(self, role: Role = "picker", name: str = "Chen Wei") -> None:
        who = self.floor.who(role, name)
        carriers = {"house": self.carrier}
        self.walk = LabelWalkPresenter(self.floor.store, who, carriers, self.printer)
        self.walk.open()

    def scan(self, *codes: str) -> Answer:
        return [self.walk.scan(Scan(code)) for code in codes][-1]

    def refuses(self, code: str) -> Refused:
        with self.floor.store.read() as tx:
            before = tx.scalar(select(func.count()).select_from(Operation))
        with pytest.raises(Refused) as refusal:
            self.scan(code)
        with self.floor.store.read() as tx:
            assert tx.scalar(select(func.count()).select_from(Operation)) == before
        return refusal.value

    def here(self) -> str:
        """The code of the bin that is asked for."""
        return own("BIN", self.walk.view.bin)

    def label(self, order_number: str = "") -> str:
        """The tracking number for an order, by default of the present stop."""
        card = self.walk.view.label
        wanted = order_number or (card.order_number if card else "")
        with self.floor.store.read() as tx:
            return str(
                tx.scalar(
                    select(Label.tracking)
                    .join(Parcel, Parcel.id == Label.parcel_id)
                    .join(Order, Order.id == Parcel.order_id)
                    .where(Order.number == wanted)
                )
            )

    def stop(self) -> Answer:
        """Walk one stop as it should be."""
        return self.scan(self.here(), BOARD, self.label())

    def step(self) -> str:
        return self.walk.view.step


@pytest.fixture
def round_(floor: Floor) -> Round:
    address_of_the_house(floor)
    made = Round(floor)
    made.release()
    return made


def test_the_list_prints_its_labels_in_walk_order_and_the_walk_packs_them(round_: Round) -> None:
    round_.walk.refresh()
    assert [one.code for one in round_.walk.view.lists] == ["L000001"]
    answer = round_.scan(LIST)
    assert answer.text == "3 labels printed."
    (paper,) = round_.printer.papers
    for page, place in enumerate(BINS):
        assert place in words_on(paper[1], page)
    assert round_.walk.view.bin == BINS[0]
    assert round_.label() in read_back(paper[1])
    assert round_.stop().text == "Packed."
    assert round_.walk.view.bin == BINS[1]
    round_.stop()
    answer = round_.stop()
    assert (answer.kind, answer.text) == ("done", "The list is done.")
    for order in round_.orders:
        assert round_.floor.state(Order, order) == "packed"
    assert len(round_.carrier.asked) == 3
    assert verified(round_.floor)


def test_wrong_scans_have_words_of_their_own_and_change_nothing(round_: Round) -> None:
    assert round_.refuses("L000099").code == "unknown_list"
    round_.scan("l000001")
    assert round_.refuses(own("BIN", "A-02-1")).code == "wrong_bin"
    assert round_.refuses(BOARD).code == "bin_expected"
    round_.scan("A-01-1")
    assert round_.refuses(MUG).code == "wrong_item"
    assert round_.refuses(round_.here()).code == "item_expected"
    assert round_.refuses(f"1{BOARD[:-1]}0").code == "too_many"
    round_.scan(BOARD)
    other = round_.refuses(round_.label("LF-2"))
    assert other.code == "wrong_label"
    assert other.text == "That is the label for A-02-2, order LF-2."
    assert round_.refuses("376104250021234569").code == "strange_label"
    assert round_.refuses("3").code == "label_expected"
    assert round_.scan(round_.label()).text == "Packed."


def test_the_same_reading_twice_packs_once(round_: Round) -> None:
    round_.scan(LIST, own("BIN", BINS[0]), BOARD)
    scan = Scan(round_.label())
    assert round_.walk.scan(scan) == round_.walk.scan(scan)
    assert [round_.floor.state(Order, order) for order in round_.orders].count("packed") == 1


def test_a_walk_that_was_broken_off_goes_on_and_buys_nothing_twice(round_: Round) -> None:
    round_.scan(LIST)
    round_.stop()
    round_.scan(round_.here())
    round_.begin()
    answer = round_.scan(LIST)
    assert answer.kind == "ok"
    assert round_.walk.view.bin == BINS[1]
    assert len(round_.printer.papers) == 1
    assert len(round_.carrier.asked) == 3


def test_an_empty_bin_gives_the_label_up(round_: Round) -> None:
    round_.scan(LIST)
    end = round_.label()[-5:]
    answer = round_.walk.act("short")
    assert answer.text == f"Order LF-1 waits for stock. Tear its label …{end} off."
    assert round_.floor.state(Order, round_.orders[0]) == "short"
    assert (round_.floor.state(Parcel, 1), round_.floor.state(Label, 1)) == ("void", "to_void")
    assert round_.walk.view.bin == BINS[1]
    assert verified(round_.floor)


def test_where_another_bin_has_the_goods_the_label_stays(round_: Round) -> None:
    round_.floor.add_stock("BOARD", "B-01-2", 1)
    round_.scan(LIST)
    label = round_.label()
    answer = round_.walk.act("damaged")
    assert answer.text == f"There is another one: keep the label …{label[-5:]}."
    round_.stop()
    round_.stop()
    assert round_.walk.view.bin == "B-01-2"
    assert round_.label() == label
    assert round_.stop().text == "The list is done."
    assert verified(round_.floor)


def test_undo_takes_the_last_piece_back_and_keeps_its_label(round_: Round) -> None:
    round_.scan(LIST, own("BIN", BINS[0]), BOARD)
    round_.walk.act("undo")
    assert round_.step() == "bin"
    label = round_.label()
    round_.stop()
    assert round_.floor.state(Order, round_.orders[0]) == "packed"
    round_.walk.act("undo")
    assert round_.floor.state(Order, round_.orders[0]) == "released"
    assert round_.walk.view.bin == BINS[0]
    assert verified(round_.floor)
    assert round_.label() == label
    round_.stop()
    assert len(round_.carrier.asked) == 3
    assert verified(round_.floor)


def test_a_cancellation_under_way_is_told_and_its_label_never_used(round_: Round) -> None:
    round_.scan(LIST)
    label = round_.label("LF-1")
    round_.floor.do(lambda tx: cancel(tx, round_.orders[0], "buyer"), "clerk")
    answer = round_.scan(own("BIN", BINS[0]))
    assert answer.kind == "warn"
    assert answer.text == f"Order LF-1 was cancelled: tear its label …{label[-5:]} off."
    assert round_.walk.view.bin == BINS[1]
    round_.scan(round_.here(), BOARD)
    refusal = round_.refuses(label)
    assert refusal.code == "cancelled"
    assert "Tear it off" in refusal.detail
    assert verified(round_.floor)


def test_a_held_order_is_passed_by(round_: Round) -> None:
    round_.scan(LIST)
    held = round_.floor.do(lambda tx: hold(tx, round_.orders[1], "fraud"))
    round_.stop()
    assert round_.walk.view.bin == BINS[2]
    answer = round_.stop()
    assert answer.text == "Packed. Nothing more can be taken now."
    assert round_.walk.view.context == "1 order is on hold"
    round_.floor.do(lambda tx: lift(tx, held))
    round_.scan(LIST)
    assert round_.stop().text == "The list is done."


def _why(floor: Floor, order_id: int) -> tuple[tuple[str, str], ...]:
    """Why an order waits, as the clerk sees it."""
    with floor.store.read() as tx:
        order = open_order(tx, floor.who("clerk"), order_id)
    assert order is not None
    return order.holds


def test_what_the_carrier_won_t_take_is_held_with_its_words(round_: Round) -> None:
    second = round_.orders[1]
    far = update(Order).where(Order.id == second).values(country="BR", postal_code="20040")
    round_.floor.do(lambda tx: tx.execute(far) and None)
    answer = round_.scan(LIST)
    assert (answer.kind, answer.text) == ("warn", "2 labels printed.")
    assert "1 order is on hold: There is no standard price for BR 20040." in answer.detail
    with round_.floor.store.read() as tx:
        reason = tx.first(select(Hold.reason, Hold.order_id))
    assert reason is not None
    assert tuple(reason) == ("address", second)
    ((_reason, words),) = _why(round_.floor, second)
    assert words.startswith("There is no standard price for BR 20040.")
    assert words.endswith("Postal code: a postal code as BR writes it")
    assert verified(round_.floor)


def test_goods_without_a_weight_are_held_before_any_label(floor: Floor) -> None:
    floor.do(lambda tx: tx.execute(update(Sku).values(weight_g=0)) and None)
    made = Round(floor)
    made.release()
    made.scan(LIST)
    assert made.carrier.asked == []
    assert made.step() == "blocked"
    assert made.walk.view.held == 3
    assert _why(floor, made.orders[0]) == (
        (
            "other",
            "Goods of it have no weight. Take in a file of SKUs with it, then let it go.",
        ),
    )


def test_a_carrier_that_hangs_stops_the_batch_and_the_rest_is_asked_again(round_: Round) -> None:
    round_.carrier.hangs = True
    answer = round_.scan(LIST)
    assert answer.kind == "warn"
    assert "F3 goes on" in answer.detail
    assert round_.walk.view.unlabelled == 3
    assert round_.walk.act("labels").text == "3 labels printed."
    assert len(round_.carrier.asked) == 3
    assert verified(round_.floor)


def test_a_broken_printer_prints_the_bought_labels_later(round_: Round) -> None:
    round_.printer.broken = True
    assert round_.scan(LIST).kind == "warn"
    round_.printer.broken = False
    assert round_.scan(LIST).text == "3 labels printed."
    assert len(round_.carrier.asked) == 3


def test_the_person_may_stop_the_batch_and_go_on_later(round_: Round) -> None:
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 2

    round_.walk.progress = progress
    answer = round_.scan(LIST)
    assert (answer.kind, answer.text) == ("warn", "2 labels printed.")
    assert seen == [(1, 3), (2, 3)]
    assert round_.walk.view.unlabelled == 1
    round_.walk.progress = None
    assert round_.walk.act("labels").text == "1 label printed."


def test_a_reprint_at_the_stop_buys_nothing(round_: Round) -> None:
    round_.scan(LIST)
    round_.walk.act("reprint")
    assert len(round_.printer.papers) == 2
    assert len(round_.carrier.asked) == 3


def test_a_pick_list_is_sent_to_its_own_room(round_: Round) -> None:
    round_.floor.add_stock("MUG", "A-03-1", 2)
    order = round_.floor.add_order({"MUG": 2})
    round_.floor.do(lambda tx: allocate(tx, [order]) and release(tx, [order]))
    assert round_.refuses(own("LIST", "L000002")).code == "pick_list"
