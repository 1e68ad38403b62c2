"""A label is bought once, printed as often as wanted, and never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.bench import Counting, Tray, address_of_the_house, read_back, sealed, words_on
from tests.builders import Floor
from tests.parcels import verified
from wms_app.base import clock
from wms_app.base.codes import is_sscc, new_id
from wms_app.base.db import Tx
from wms_app.base.journal import JournalLine
from wms_app.base.moves import move
from wms_app.base.refusal import Down, Refused
from wms_app.floor.labelling import service as labelling
from wms_app.floor.labelling.choose import choose
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.model import MOVES as ORDER_MOVES
from wms_app.floor.orders.model import Order
from wms_app.floor.packing import service as packing
from wms_app.floor.packing.inside import contents
from wms_app.floor.packing.labelled import LabelResult
from wms_app.floor.packing.model import Parcel, ParcelItem


class Desk:
    """A floor with a carrier that can misbehave and a printer whose papers can be read."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.carrier = Counting()
        self.printer = Tray()

    def label(self, parcel_id: int, operation: str = "") -> LabelResult:
        who = self.floor.who("packer")
        carriers = {"house": self.carrier}
        return labelling.label_parcel(
            self.floor.store, who, carriers, self.printer, parcel_id, operation or new_id()
        )

    def labels(self) -> list[tuple[str, str]]:
        with self.floor.store.read() as tx:
            rows = tx.rows(select(Label.state, Label.tracking).order_by(Label.id))
            return [(row.state, row.tracking) for row in rows]

    def later(self) -> None:
        moment = clock.now() + timedelta(minutes=10)
        clock.set_clock(lambda: moment)


@pytest.fixture
def desk(floor: Floor) -> Desk:
    address_of_the_house(floor)
    return Desk(floor)


def order_of(floor: Floor, parcel_id: int) -> int:
    with floor.store.read() as tx:
        return int(tx.scalar(select(Parcel.order_id).where(Parcel.id == parcel_id)))


def call_off(floor: Floor, parcel_id: int) -> None:
    """What a cancellation does to an order with one parcel, as far as labels are concerned."""
    order_id = order_of(floor, parcel_id)

    def work(tx: Tx) -> None:
        labelling.give_up(tx, parcel_id)
        packing.void_parcel(tx, parcel_id)
        move(tx, Order, "order", order_id, "cancelled", ORDER_MOVES)

    floor.do(work, "clerk")


def hold_it(floor: Floor, order_id: int) -> None:
    floor.do(lambda tx: hold(tx, order_id, "fraud"))


def test_a_sealed_parcel_gets_its_label_and_the_paper_says_so(desk: Desk) -> None:
    parcel = sealed(desk.floor, number="114-3941689-8772232")
    label = desk.label(parcel)
    assert is_sscc(label.tracking)
    assert (label.price_minor, label.currency, label.service) == (841, "USD", "standard")
    assert label.printed_to == "tray 1"
    assert desk.floor.state(Parcel, parcel) == "labelled"
    name, paper = desk.printer.papers[0]
    assert label.tracking in name
    codes = read_back(paper)
    assert label.tracking in codes
    assert f"00{label.tracking}" in codes
    words = words_on(paper)
    for said in ("114-3941689-8772232", "Sample Buyer", "Austin TX 78701", "0.270 kg", "STD US-7"):
        assert said in words
    assert verified(desk.floor)


def test_chinese_and_cyrillic_stand_on_the_label_as_they_were_written(desk: Desk) -> None:
    address: dict[str, Any] = {
        "name": "Тестов Пётр 测试",
        "line1": "ул. Примерная, 62",
        "city": "Алматы",
    }
    parcel = sealed(desk.floor, region="", postal_code="050000", country="KZ", **address)
    desk.label(parcel)
    words = words_on(desk.printer.papers[0][1])
    for said in ("Тестов Пётр 测试", "ул. Примерная, 62", "050000 Алматы", "KAZAKHSTAN"):
        assert said in words


def test_a_label_is_bought_once_although_the_carrier_hung(desk: Desk) -> None:
    parcel = sealed(desk.floor)
    desk.carrier.hangs = True
    with pytest.raises(Down):
        desk.label(parcel)
    assert desk.floor.state(Parcel, parcel) == "sealed"
    assert [state for state, _number in desk.labels()] == ["intended"]
    label = desk.label(parcel)
    assert len(desk.carrier.asked) == 1
    assert [sold.tracking for sold in desk.carrier.sold.values()] == [label.tracking]
    assert desk.labels() == [("bought", label.tracking)]


def test_a_station_that_dies_between_selling_and_writing_buys_nothing_twice(desk: Desk) -> None:
    parcel = sealed(desk.floor)
    operation = new_id()

    def dies() -> None:
        raise KeyboardInterrupt

    desk.carrier.then = dies
    with pytest.raises(KeyboardInterrupt):
        desk.label(parcel, operation)
    desk.carrier.then = lambda: None
    label = desk.label(parcel, operation)
    assert len(desk.carrier.asked) == 1
    assert desk.labels() == [("bought", label.tracking)]
    assert len(desk.printer.papers) == 1


def test_after_a_crash_intents_are_looked_up_when_the_house_wakes(desk: Desk) -> None:
    sold, unsold = sealed(desk.floor), sealed(desk.floor)
    desk.carrier.hangs = True
    with pytest.raises(Down):
        desk.label(sold)
    desk.carrier.away = True
    with pytest.raises(Down):
        desk.label(unsold)
    desk.carrier.away = False
    who, carriers = desk.floor.who("admin"), {"house": desk.carrier}
    assert labelling.resume(desk.floor.store, who, carriers) == 0, "may still be under way"
    desk.later()
    assert labelling.resume(desk.floor.store, who, carriers) == 2
    assert [state for state, _number in desk.labels()] == ["bought", "failed"]
    assert desk.floor.state(Parcel, sold) == "labelled"
    desk.label(unsold)
    assert [state for state, _number in desk.labels()] == ["bought", "failed", "bought"]
    assert verified(desk.floor)


def test_the_same_request_twice_prints_one_paper(desk: Desk) -> None:
    parcel, operation = sealed(desk.floor), new_id()
    first = desk.label(parcel, operation)
    again = desk.label(parcel, operation)
    assert len(desk.printer.papers) == 1
    third = desk.label(parcel)
    assert first.tracking == again.tracking == third.tracking
    assert len(desk.printer.papers) == 2, "asked anew: printed anew, not bought anew"
    assert len(desk.carrier.asked) == 1


def test_a_parcel_called_off_while_its_label_was_bought_leaves_an_orphan(desk: Desk) -> None:
    parcel = sealed(desk.floor)
    desk.carrier.then = lambda: call_off(desk.floor, parcel)
    with pytest.raises(Refused) as refusal:
        desk.label(parcel)
    assert refusal.value.code == "cancelled"
    (number,) = [sold.tracking for sold in desk.carrier.sold.values()]
    assert desk.labels() == [("to_void", number)]
    assert not desk.printer.papers
    who, carriers = desk.floor.who("admin"), {"house": desk.carrier}
    assert labelling.void_pending(desk.floor.store, who, carriers) == 1
    assert desk.carrier.voided == [number]
    assert desk.labels() == [("voided", number)]


def reopened_and_filled(floor: Floor, parcel_id: int) -> None:
    """Somebody takes a piece out of a sealed box of two, and seals it anew."""

    def work(tx: Tx) -> None:
        packing.reopen(tx, parcel_id)
        line_id = tx.scalar(select(ParcelItem.line_id).where(ParcelItem.parcel_id == parcel_id))
        packing.take_out(tx, parcel_id, line_id, 1)
        packing.seal(tx, parcel_id, contents(tx, parcel_id).expected_g)

    floor.do(work, "packer")


def test_a_box_that_is_opened_while_its_label_is_bought_is_not_labelled_by_it(desk: Desk) -> None:
    parcel = sealed(desk.floor, {"MUG": 2})
    desk.carrier.then = lambda: desk.floor.do(lambda tx: packing.reopen(tx, parcel), "packer")
    with pytest.raises(Refused) as refusal:
        desk.label(parcel)
    assert refusal.value.code == "called_off"
    assert desk.floor.state(Parcel, parcel) == "open"
    (sold,) = desk.carrier.sold.values()
    assert desk.labels() == [("to_void", sold.tracking)]
    assert not desk.printer.papers
    assert verified(desk.floor)


def test_a_label_asked_for_before_a_box_was_packed_anew_is_given_back(desk: Desk) -> None:
    parcel = sealed(desk.floor, {"MUG": 2})
    desk.carrier.hangs = True
    with pytest.raises(Down):
        desk.label(parcel)
    reopened_and_filled(desk.floor, parcel)
    label = desk.label(parcel)
    first, second = desk.carrier.sold.values()
    assert label.tracking == second.tracking != first.tracking
    assert [state for state, _number in desk.labels()] == ["to_void", "bought"]
    desk.later()
    who, carriers = desk.floor.who("admin"), {"house": desk.carrier}
    assert labelling.void_pending(desk.floor.store, who, carriers) == 1
    assert desk.carrier.voided == [first.tracking]
    assert verified(desk.floor)


def test_a_box_packed_anew_while_its_label_is_bought_does_not_take_it(desk: Desk) -> None:
    parcel = sealed(desk.floor, {"MUG": 2})
    desk.carrier.then = lambda: reopened_and_filled(desk.floor, parcel)
    with pytest.raises(Refused) as refusal:
        desk.label(parcel)
    assert refusal.value.code == "called_off"
    desk.carrier.then = lambda: None
    label = desk.label(parcel)
    assert [state for state, _number in desk.labels()] == ["to_void", "bought"]
    assert desk.labels()[1] == ("bought", label.tracking)
    assert verified(desk.floor)


def test_a_label_that_was_given_back_too_early_is_not_lost_either(desk: Desk) -> None:
    parcel = sealed(desk.floor)
    who, carriers = desk.floor.who("admin"), {"house": desk.carrier}

    def called_off_and_settled() -> None:
        call_off(desk.floor, parcel)
        key, sold = desk.carrier.sold.popitem()
        desk.later()
        labelling.void_pending(desk.floor.store, who, carriers)
        desk.carrier.sold[key] = sold

    desk.carrier.then = called_off_and_settled
    with pytest.raises(Refused):
        desk.label(parcel)
    (number,) = [sold.tracking for sold in desk.carrier.sold.values()]
    assert desk.labels() == [("voided", ""), ("to_void", number)]
    assert labelling.void_pending(desk.floor.store, who, carriers) == 1
    assert desk.carrier.voided == [number]


def test_a_cancelled_or_held_order_gets_no_label(desk: Desk) -> None:
    parcel = sealed(desk.floor)
    hold_id = desk.floor.do(lambda tx: hold(tx, order_of(desk.floor, parcel), "address"))
    with pytest.raises(Refused) as refusal:
        desk.label(parcel)
    assert (refusal.value.code, desk.carrier.asked) == ("held", [])
    assert hold_id
    other = sealed(desk.floor)
    call_off(desk.floor, other)
    with pytest.raises(Refused) as refusal:
        desk.label(other)
    assert refusal.value.code == "cancelled"
    assert "put-back" in refusal.value.detail
    assert desk.labels() == []


def test_an_order_held_while_its_label_was_bought_keeps_the_label_unprinted(desk: Desk) -> None:
    parcel = sealed(desk.floor)
    order_id = order_of(desk.floor, parcel)
    desk.carrier.then = lambda: hold_it(desk.floor, order_id)
    with pytest.raises(Refused) as refusal:
        desk.label(parcel)
    assert refusal.value.code == "held"
    assert [state for state, _number in desk.labels()] == ["bought"]
    assert not desk.printer.papers


def test_what_the_carrier_won_t_take_is_said_and_can_be_tried_again(desk: Desk) -> None:
    parcel = sealed(desk.floor, country="BR", postal_code="20040")
    with pytest.raises(Refused) as refusal:
        desk.label(parcel)
    assert refusal.value.code == "no_rate"
    assert "BR 20040" in refusal.value.text
    assert desk.floor.state(Parcel, parcel) == "sealed"
    with pytest.raises(Refused):
        desk.label(parcel)
    assert [state for state, _number in desk.labels()] == ["failed", "failed"]
    assert verified(desk.floor)


def test_a_reprint_is_journalled_and_buys_nothing(desk: Desk) -> None:
    parcel = sealed(desk.floor)
    first = desk.label(parcel)
    who = desk.floor.who("packer", "Li Na")
    again = labelling.reprint(desk.floor.store, who, desk.printer, parcel, new_id())
    assert (again.tracking, again.printed_to) == (first.tracking, "tray 2")
    assert len(desk.carrier.asked) == 1
    assert read_back(desk.printer.papers[1][1]) == read_back(desk.printer.papers[0][1])
    with desk.floor.store.read() as tx:
        assert tx.scalar(select(Label.printed)) == 2
        reprints = select(func.count()).where(JournalLine.verb == "reprinted")
        assert tx.scalar(reprints) == 1


def test_a_printer_that_is_away_leaves_the_label_bought(desk: Desk) -> None:
    parcel = sealed(desk.floor)
    desk.printer.broken = True
    label = desk.label(parcel)
    assert (label.printed_to, label.problem) == ("", "The printer is out of labels.")
    desk.printer.broken = False
    assert desk.label(parcel).printed_to == "tray 1"
    assert len(desk.carrier.asked) == 1


def test_only_a_closed_parcel_is_labelled(desk: Desk) -> None:
    parcel = sealed(desk.floor)
    desk.floor.do(lambda tx: packing.reopen(tx, parcel))
    with pytest.raises(Refused) as refusal:
        desk.label(parcel)
    assert refusal.value.code == "not_sealed"


def test_an_order_without_address_is_collected_and_costs_nothing(desk: Desk) -> None:
    nowhere: dict[str, Any] = {"name": "", "line1": "", "city": "", "region": "", "postal_code": ""}
    parcel = sealed(desk.floor, needs_address=False, country="", **nowhere)
    label = desk.label(parcel)
    assert label.price_minor == 0
    assert "Customer of Northwind Home" in words_on(desk.printer.papers[0][1])


def test_label_printers_get_zpl(desk: Desk) -> None:
    desk.printer = Tray("zpl")
    label = desk.label(sealed(desk.floor))
    text = desk.printer.papers[0][1].decode()
    assert text.startswith("^XA")
    assert label.tracking in text


def test_the_service_is_what_the_order_asks_for_and_the_reason_can_be_read() -> None:
    assert choose("NextDay").service == "express"
    assert choose("").why == "the order asks for standard"
    assert choose("NextDay").why == "the order asks for “NextDay”, which is express here"
    assert choose("freight").service == "freight"


def test_two_stations_that_ask_at_once_get_the_same_label(desk: Desk) -> None:
    parcel = sealed(desk.floor)
    other: list[LabelResult] = []
    desk.carrier.then = lambda: ask_beside(desk, parcel, other)
    mine = desk.label(parcel)
    assert [label.tracking for label in other] == [mine.tracking]
    assert len(desk.carrier.sold) == 1
    assert [state for state, _number in desk.labels()] == ["bought"]
    assert verified(desk.floor)


def ask_beside(desk: Desk, parcel: int, answers: list[LabelResult]) -> None:
    """Another station asks for the label while the first waits for the carrier."""
    desk.carrier.then = lambda: None
    answers.append(desk.label(parcel))
