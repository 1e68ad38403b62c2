"""The clerk looks at a file, takes it in, and lets held orders go when they are mended."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import Floor
from tests.test_orders import COLUMNS, cancelling, write
from wms_app.base import texts
from wms_app.base.codes import Scan, own
from wms_app.base.db import Store
from wms_app.base.journal import JournalLine
from wms_app.base.places import resources
from wms_app.base.refusal import Refused
from wms_app.base.who import Who
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.orders.model import Order
from wms_app.floor.orders.presenter import OrdersPresenter
from wms_app.office.find.words import detail_words
from wms_app.office.setup.sample import load_sample
from wms_app.office.verify.service import verify
from wms_app.outside.channels.profile import own_folder


def clerk(floor: Floor) -> OrdersPresenter:
    presenter = OrdersPresenter(floor.store, floor.who("clerk"), cancel)
    presenter.open()
    return presenter


def test_a_file_is_seen_before_it_is_taken_in_and_twice_is_once(
    floor: Floor, tmp_path: Path
) -> None:
    desk = clerk(floor)
    desk.act("open_file", str(write(tmp_path / "o.csv", {}, {"paid": "no"})))
    assert desk.view.file is not None
    assert not desk.view.file.taken_in
    assert (desk.view.held, desk.view.all) == (0, 0)
    assert desk.act("take_in").kind == "warn"
    assert "nothing changed" in desk.act("take_in").text
    desk.act("back")
    assert (desk.view.held, desk.view.all) == (1, 2)


def test_an_address_is_mended_and_the_order_goes_on(floor: Floor, tmp_path: Path) -> None:
    desk = clerk(floor)
    row = {"state": "CA", "postal_code": "12901", "city": "Jacksonville"}
    desk.act("open_file", str(write(tmp_path / "o.csv", row)))
    desk.act("take_in")
    desk.scan(Scan("#1000"))
    assert desk.view.order is not None
    assert [reason for reason, _words in desk.view.order.holds] == ["address"]
    still = desk.act("mend_address", json.dumps({"region": "TX"}))
    assert still.kind == "warn"
    right = {"region": "NY", "city": "Plattsburgh", "postal_code": "12901"}
    assert desk.act("mend_address", json.dumps(right)).kind == "done"
    assert desk.view.order.holds == ()
    with floor.store.read() as tx:
        assert "Plattsburgh" not in str(tx.rows(select(JournalLine.detail)))
        assert verify(tx) == []


def test_unpaid_and_unknown_goods_are_settled_one_by_one(floor: Floor, tmp_path: Path) -> None:
    desk = clerk(floor)
    desk.act("open_file", str(write(tmp_path / "o.csv", {"paid": "no", "sku": "MUGG"})))
    desk.act("take_in")
    desk.scan(Scan("#1000"))
    with pytest.raises(Refused) as refusal:
        desk.act("let_go")
    assert refusal.value.code == "unknown_sku"
    desk.act("choose_sku", "MUG")
    desk.act("paid")
    assert desk.view.order is not None
    assert desk.view.order.holds == ()
    assert desk.view.order.lines[0].known


def test_an_order_is_held_by_hand_let_go_and_cancelled(floor: Floor) -> None:
    order = floor.add_order({"MUG": 1})
    desk = clerk(floor)
    desk.scan(Scan(own("ORDER", str(order))))
    desk.act("hold", "fraud")
    desk.act("let_go")
    desk.act("cancel_order", "buyer asked")
    assert floor.state(Order, order) == "cancelled"
    assert [action.name for action in desk.actions] == ["back"]
    with floor.store.read() as tx:
        assert verify(tx) == []


def test_a_repeated_key_press_changes_nothing(floor: Floor) -> None:
    order = floor.add_order({"MUG": 1})
    desk = clerk(floor)
    desk.act("order", str(order))
    for _turn in range(2):
        desk.act("hold", "fraud", "operation-1")
    assert desk.view.order is not None
    assert len(desk.view.order.holds) == 1


def test_what_is_no_order_is_refused_in_words(floor: Floor) -> None:
    with pytest.raises(Refused) as refusal:
        clerk(floor).scan(Scan("NO-SUCH"))
    assert refusal.value.code == "no_order"


def test_the_list_is_read_in_pages(floor: Floor) -> None:
    orders = [floor.add_order({"MUG": 1}) for _n in range(5)]
    desk = clerk(floor)
    desk.act("filter")
    first = desk.fetch(None, 3)
    rest = desk.fetch(first[-1].id, 3)
    assert [row.id for row in (*first, *rest)] == sorted(orders, reverse=True)


def test_the_list_can_be_narrowed_to_a_channel_that_came_while_the_clerk_was_there(
    floor: Floor, tmp_path: Path
) -> None:
    desk = clerk(floor)
    assert desk.view.channels == ()
    file = write(tmp_path / "o.csv", {}, {"channel": "amazon", "name": "Other Buyer"})
    desk.act("open_file", str(file))
    desk.act("take_in")
    desk.act("back")
    desk.act("filter")
    channel = next(action for action in desk.actions if action.name == "channel")
    assert [value for value, _words in channel.choices] == ["-", "amazon", "shopify"]
    assert channel.key == "F6"
    desk.act("channel", "amazon")
    assert [row.channel for row in desk.fetch(None, 9)] == ["amazon"]
    desk.act("channel", "-")
    assert len(desk.fetch(None, 9)) == 2


def test_a_row_of_a_file_opens_its_order_and_back_leads_to_the_file(
    floor: Floor, tmp_path: Path
) -> None:
    desk = clerk(floor)
    desk.act("open_file", str(write(tmp_path / "o.csv", {"paid": "no"})))
    with pytest.raises(Refused) as refusal:
        desk.act("find", "#1000")
    assert refusal.value.code == "no_order"
    desk.act("take_in")
    steps = []
    for action in ("find", "back", "back"):
        desk.act(action, "#1000")
        steps.append(desk.view.step)
    assert steps == ["order", "file", "list"]


def test_a_number_of_several_orders_lists_them_and_back_shows_all_again(floor: Floor) -> None:
    orders = [floor.add_order({"MUG": 1}, "#7", channel=name) for name in ("amazon", "shopify")]
    floor.add_order({"MUG": 1}, "#8")
    desk = clerk(floor)
    assert desk.scan(Scan("#7")).kind == "warn"
    assert [row.id for row in desk.fetch(None, 9)] == orders[::-1]
    desk.act("back")
    desk.act("filter")
    assert len(desk.fetch(None, 9)) == 3


def test_an_unknown_sku_is_chosen_by_the_barcode_of_the_goods(floor: Floor, tmp_path: Path) -> None:
    desk = clerk(floor)
    desk.act("open_file", str(write(tmp_path / "o.csv", {"sku": "MUGG"})))
    desk.act("take_in")
    desk.scan(Scan("#1000"))
    choose = next(action for action in desk.actions if action.name == "choose_sku")
    assert (choose.key, "MUGG" in choose.prompt) == ("F6", True)
    with pytest.raises(Refused) as refusal:
        desk.act("choose_sku", "2000000000008")
    assert refusal.value.code == "unknown_sku"
    desk.act("choose_sku", "6901234567892")
    assert desk.view.order is not None
    assert [(line.known, line.name) for line in desk.view.order.lines] == [
        (True, "Silicone mug, blue 硅胶杯 蓝色")
    ]
    assert desk.view.order.holds == ()
    with pytest.raises(Refused) as refusal:
        desk.act("choose_sku", "MUG")
    assert refusal.value.code == "sku_known"


def test_a_file_of_cancellations_is_told_once(floor: Floor, tmp_path: Path) -> None:
    desk = clerk(floor)
    floor.add_order({"MUG": 2}, "1")
    own_folder().mkdir(parents=True)
    cancelling(own_folder())
    desk.open()
    desk.act("profile", "cancelling")
    desk.act("open_file", str(write(tmp_path / "o.csv", {"order_number": "C1", "quantity": "-2"})))
    assert desk.act("take_in").text == "1 cancellation applied."
    assert "nothing changed" in desk.act("take_in").text


def test_what_the_sample_says_of_its_orders_is_what_the_clerk_sees(store: Store) -> None:
    load_sample(store)
    said = (resources() / "sample" / "README.md").read_text("utf-8")
    taken, accepted, held = re.findall(r"(\d+) of 250 .*?(\d+) accepted .*?(\d+) held", said, re.S)[
        0
    ]
    desk = OrdersPresenter(store, Who(1, "Chen Wei", "clerk", "P1", 1), cancel)
    desk.open()
    assert (desk.view.all, desk.view.held) == (int(taken), int(held))
    assert desk.view.all - desk.view.held == int(accepted)


def test_what_is_wrong_with_an_address_is_said_in_the_language_spoken_now(floor: Floor) -> None:
    place = {"city": "Jacksonville", "region": "CA", "postal_code": "12901"}
    order = floor.add_order({"MUG": 1}, **place)
    desk = clerk(floor)
    desk.act("order", str(order))
    desk.act("hold", "address")
    said = []
    for language in ("en", "zh_CN"):
        texts.use(language)
        desk.refresh()
        assert desk.view.order is not None
        said.append(desk.view.order.holds[0][1])
    assert "lies in" in said[0]
    assert "lies in" not in said[1]


def test_why_an_order_waits_is_read_by_everybody_in_his_language(
    floor: Floor, tmp_path: Path
) -> None:
    rows = (
        {"paid": "no"},
        {"quantity": "two", "sku": "TOWEL", "order_number": "#1000"},
        {"unit_price": "much", "order_number": "#1001", "quantity": "2"},
        {"own_label": "perhaps", "order_number": "#1002", "quantity": "3"},
    )
    texts.use("zh_CN")
    desk = clerk(floor)
    file = write(tmp_path / "o.csv", *rows, columns=[*COLUMNS, "own_label"])
    desk.act("open_file", str(file))
    desk.act("take_in")
    said = {}
    for language in ("en", "zh_CN"):
        texts.use(language)
        for number in ("#1000", "#1001", "#1002"):
            desk.scan(Scan(number))
            assert desk.view.order is not None
            said[language, number] = dict(desk.view.order.holds)
    assert said["en", "#1000"] == {
        "payment": "paid: “no”",
        "quantity": "row 3: quantity “two”, expected a positive whole number",
    }
    assert said["zh_CN", "#1000"]["数量"] == "第 3 行：quantity “two”，应为 正整数"
    assert said["en", "#1001"] == {"price": "price: “much”"}
    assert said["en", "#1002"] == {"other": "own_label: yes or no"}


def test_a_reason_that_was_chosen_is_kept_for_every_language(floor: Floor) -> None:
    order = floor.add_order({"MUG": 1})
    texts.use("zh_CN")
    desk = clerk(floor)
    desk.scan(Scan(own("ORDER", str(order))))
    (chosen,) = [action for action in desk.actions if action.name == "cancel_order"]
    reason, words = chosen.choices[0]
    assert words == texts.told(reason) != reason
    desk.act("cancel_order", reason)
    with floor.store.read() as tx:
        kept = tx.first(
            select(JournalLine.detail).where(
                JournalLine.noun_id == order, JournalLine.verb == "cancelled"
            )
        )
    assert kept is not None
    assert detail_words(kept.detail) == words
    texts.use("en")
    assert detail_words(kept.detail) == "The buyer asked for it"
