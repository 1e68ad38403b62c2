"""Goods of cancelled orders: found at their place, carried to a bin, and counted once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import SKUS, Floor
from tests.journeys import bring_to
from tests.parcels import tracking_of, verified
from wms_app.base.codes import Scan, own
from wms_app.base.refusal import Refused
from wms_app.floor.cancelling.file import cancel_file
from wms_app.floor.cancelling.model import Cancellation, PutBack
from wms_app.floor.cancelling.presenter import PutBackPresenter
from wms_app.floor.cancelling.service import cancel, put_back, take_up
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel
from wms_app.floor.stock.model import Stock

EAN = {code: barcode for code, _name, barcode, *_rest in SKUS}


def cancelled(floor: Floor, stage: str, number: str = "#1041") -> int:
    """An order of 2 mugs and a towel, cancelled at `stage`."""
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_stock("TOWEL", "A-02-1", 5)
    order_id = floor.add_order({"MUG": 2, "TOWEL": 1}, number)
    bring_to(floor, order_id, stage)
    floor.do(lambda tx: cancel(tx, order_id, "x"))
    return order_id


def at_shelf(floor: Floor) -> PutBackPresenter:
    presenter = PutBackPresenter(floor.store, floor.who("picker"))
    presenter.open()
    return presenter


def scan(shelf: PutBackPresenter, *codes: str) -> str:
    text = ""
    for code in codes:
        text = shelf.scan(Scan(code)).text
    return text


def refused(shelf: PutBackPresenter, code: str) -> str:
    before = shelf.view
    with pytest.raises(Refused) as refusal:
        shelf.scan(Scan(code))
    shelf.refresh()
    assert shelf.view == before
    return refusal.value.code


def open_pieces(floor: Floor) -> int:
    with floor.store.read() as tx:
        return sum(tx.scalars(select(PutBack.quantity).where(PutBack.state == "open")))


def test_a_tote_is_emptied_piece_by_piece(floor: Floor) -> None:
    order_id = cancelled(floor, "picked")
    shelf = at_shelf(floor)
    assert [(p.words, p.pieces) for p in shelf.view.places] == [(f"tote T-{order_id}", 3)]
    scan(shelf, own("TOTE", f"T-{order_id}"), EAN["MUG"], EAN["MUG"])
    assert (shelf.view.step, shelf.view.bin, shelf.view.pieces) == ("bin", "A-01-1", 2)
    scan(shelf, own("BIN", "A-01-1"), EAN["TOWEL"])
    answer = shelf.scan(Scan("a-03-2"))
    assert answer.kind == "done"
    assert shelf.view.step == "place"
    assert not shelf.view.places
    with floor.store.read() as tx:
        towels = select(Stock.on_hand).where(Stock.bin_id == floor.bins["A-03-2"])
        assert tx.scalar(towels) == 1
    assert verified(floor)


def test_a_parcel_is_found_by_the_label_that_it_still_bears(floor: Floor) -> None:
    cancelled(floor, "loaded")
    with floor.store.read() as tx:
        parcel_id = tx.scalar(select(Parcel.id))
    for code in (tracking_of(floor, parcel_id), own("PARCEL", str(parcel_id))):
        shelf = at_shelf(floor)
        scan(shelf, code)
        assert shelf.view.place == "parcel, lane STD-17"
    scan(shelf, EAN["MUG"], "2", own("BIN", "A-01-1"))
    assert open_pieces(floor) == 1
    assert verified(floor)


def test_what_does_not_belong_there_is_refused(floor: Floor) -> None:
    order_id = cancelled(floor, "picked")
    shelf = at_shelf(floor)
    assert refused(shelf, EAN["MUG"]) == "place_expected"
    assert refused(shelf, own("TOTE", "T-99")) == "nothing_there"
    assert refused(shelf, own("BIN", "A-01-1")) == "place_expected"
    scan(shelf, own("TOTE", f"T-{order_id}"))
    assert refused(shelf, EAN["POT"]) == "not_from_here"
    assert refused(shelf, own("BIN", "A-01-1")) == "item_expected"
    scan(shelf, EAN["MUG"])
    assert refused(shelf, own("BIN", "Q-1")) == "wrong_bin"
    assert refused(shelf, own("BIN", "Z-99-9")) == "no_bin"
    scan(shelf, EAN["MUG"])
    assert refused(shelf, EAN["MUG"]) == "too_many"
    assert open_pieces(floor) == 3
    assert verified(floor)


def test_goods_of_another_lot_are_not_from_here(floor: Floor) -> None:
    floor.add_stock("TEA", "A-01-1", 3, "L7", date(2027, 1, 1))
    order_id = floor.add_order({"TEA": 2})
    bring_to(floor, order_id, "picked")
    floor.do(lambda tx: cancel(tx, order_id, "x"))
    shelf = at_shelf(floor)
    scan(shelf, own("TOTE", f"T-{order_id}"))
    assert refused(shelf, f"(01)0{EAN['TEA']}(10)L8") == "not_from_here"
    scan(shelf, f"(01)0{EAN['TEA']}(10)L7", own("BIN", "A-02-2"))
    with floor.store.read() as tx:
        row = tx.first(select(Stock.lot, Stock.expires).where(Stock.bin_id == floor.bins["A-02-2"]))
        assert row is not None
        assert (row.lot, row.expires) == ("L7", date(2027, 1, 1))


def test_a_put_back_is_undone_and_a_reading_counts_once(floor: Floor) -> None:
    order_id = cancelled(floor, "picked")
    shelf = at_shelf(floor)
    scan(shelf, own("TOTE", f"T-{order_id}"), EAN["MUG"])
    shelf.act("undo")
    assert shelf.view.step == "item"
    scan(shelf, EAN["MUG"], "2")
    reading = Scan(own("BIN", "A-01-1"))
    assert shelf.scan(reading) == shelf.scan(reading)
    assert open_pieces(floor) == 1
    shelf.act("undo")
    assert open_pieces(floor) == 3
    assert verified(floor)
    with pytest.raises(Refused) as refusal:
        shelf.act("undo")
    assert refusal.value.code == "nothing_to_undo"


def test_a_restarted_station_finds_what_is_left(floor: Floor) -> None:
    order_id = cancelled(floor, "picked")
    shelf = at_shelf(floor)
    scan(shelf, own("TOTE", f"T-{order_id}"), EAN["MUG"], own("BIN", "A-01-1"))
    again = at_shelf(floor)
    scan(again, f"t-{order_id}")
    assert [(item.sku, item.quantity) for item in again.view.items] == [("MUG", 1), ("TOWEL", 1)]


def test_another_place_can_be_chosen_from_the_list(floor: Floor) -> None:
    cancelled(floor, "picked")
    second = cancelled(floor, "picked", "#1042")
    shelf = at_shelf(floor)
    shelf.act("choose", shelf.view.places[0].place)
    assert shelf.view.order_number == "#1041"
    scan(shelf, own("TOTE", f"T-{second}"))
    assert shelf.view.order_number == "#1042"
    shelf.act("other_place")
    assert shelf.view.step == "place"
    with pytest.raises(Refused):
        shelf.act("choose", "TOTE.X")


def a_file(folder: Path, *rows: str) -> Path:
    path = folder / "cancellations.csv"
    path.write_text("\n".join(("client,channel,order_number,reason", *rows)), encoding="utf-8")
    return path


def test_a_file_of_cancellations_names_what_could_not_be(floor: Floor, tmp_path: Path) -> None:
    floor.add_stock("MUG", "A-01-1", 9)
    good, gone = floor.add_order({"MUG": 1}, "#1"), floor.add_order({"MUG": 1}, "#2")
    bring_to(floor, gone, "handed_over")
    path = a_file(
        tmp_path,
        "NW,shopify,#1,Buyer changed their mind",
        "nw,shopify,#2,too late",
        "NW,shopify,#404,?",
        "NW,amazon,#1,other channel",
        "NW,shopify,,nothing",
        "NW,shopify,#1,again",
    )
    trial = cancel_file(floor.store, floor.who(), path, dry_run=True)
    assert floor.state(Order, good) == "received"
    done = cancel_file(floor.store, floor.who(), path)
    assert (trial.rows, trial.cancelled, trial.departed, trial.unknown) == (6, 1, 1, 2)
    assert (done.rows, done.cancelled, done.departed, done.unknown) == (6, 1, 1, 2)
    assert (done.refused_rows, done.duplicates) == (1, 1)
    assert [(f.row, f.code) for f in done.findings] == [
        (6, "empty_field"),
        (3, "has_left"),
        (4, "unknown_order"),
        (5, "unknown_order"),
    ]
    assert floor.state(Order, good) == "cancelled"
    with floor.store.read() as tx:
        assert tx.scalars(select(Cancellation.reason)) == ["Buyer changed their mind"]
    again = cancel_file(floor.store, floor.who(), path)
    assert (again.cancelled, again.already) == (0, 1)
    assert verified(floor)


def test_a_file_without_its_columns_is_refused(floor: Floor, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("client,number\nNW,#1\n", encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        cancel_file(floor.store, floor.who(), path)
    assert refusal.value.code == "missing_columns"
    assert "channel, order_number" in refusal.value.text


def test_a_put_back_is_undone_once(floor: Floor) -> None:
    cancelled(floor, "picked")
    with floor.store.read() as tx:
        row = tx.first(select(PutBack.id, PutBack.bin_id).where(PutBack.quantity == 1))
    assert row is not None
    floor.do(lambda tx: put_back(tx, row.id, row.bin_id, 1))
    floor.do(lambda tx: take_up(tx, row.id, row.bin_id, 1))
    with pytest.raises(Refused) as refusal:
        floor.do(lambda tx: take_up(tx, row.id, row.bin_id, 1))
    assert refusal.value.code == "not_undoable"
    assert verified(floor)
