"""What barcodes say: our own, those of goods, GS1 content with and without its separators."""

from __future__ import annotations

import string
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from tests.builders import Floor
from tests.journeys import bring_to, released
from wms_app.base import gs1
from wms_app.base.codes import KINDS, Item, Number, Own, Sscc, gtin14, own, read, sscc
from wms_app.base.codes import Scan as Reading
from wms_app.base.gs1 import GS
from wms_app.base.refusal import Refused
from wms_app.base.who import Who
from wms_app.floor.cancelling.presenter import PutBackPresenter
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.catalog.lookup import skus_for
from wms_app.floor.catalog.model import SkuBarcode
from wms_app.floor.counting.presenter import CountPresenter
from wms_app.floor.packing.bench import Goods
from wms_app.floor.packing.scanned import lots_for
from wms_app.floor.picking.presenter import PickPresenter
from wms_app.floor.stock import service as stock

MUG, TEA = "06901234567892", "06901234567939"
CASE = "16901234567899"
OPEN = ("10", "21", "37", "240", "91")  # elements that only a separator ends

lots = st.text(string.ascii_uppercase + string.digits + "-/.", min_size=1, max_size=20)
days = st.dates(date(2001, 1, 1), date(2049, 12, 31))


def checked(body: str) -> str:
    """`body` with the check digit that makes it a GTIN of its length."""
    return next(body + digit for digit in string.digits if gtin14(body + digit))


gtins = st.from_regex(r"[0-8][0-9]{12}", fullmatch=True).map(checked)
contents = st.fixed_dictionaries(
    {"01": gtins},
    optional={
        "17": days.map(lambda day: f"{day:%y%m%d}"),
        "10": lots,
        "21": lots,
        "37": st.integers(1, 9999).map(str),
        "240": lots,
        "91": lots,
    },
).flatmap(lambda content: st.permutations(list(content.items())))


@given(st.sampled_from(KINDS), st.from_regex(r"[A-Z0-9-]{1,40}", fullmatch=True))
def test_our_own_codes_are_read_as_they_were_printed(kind: str, value: str) -> None:
    printed = own(kind, value)  # type: ignore[arg-type]
    for mark in ("", "]C0", "]Q1", "]d1", "]A0"):
        assert read(mark + printed) == read(printed.lower()) == Own(kind, value)


@given(st.from_regex(r"[A-Z0-9-]{1,12}", fullmatch=True), st.data())
def test_one_wrong_character_in_our_own_code_is_refused(value: str, data: st.DataObject) -> None:
    printed = own("BIN", value)
    place = data.draw(st.integers(4, 3 + len(value)))
    other = data.draw(st.sampled_from(string.digits + string.ascii_uppercase))
    if printed[place] not in (other, "-"):
        with pytest.raises(Refused, match="was not read right"):
            read(printed[:place] + other + printed[place + 1 :])


@settings(deadline=None)  # biip is loaded by the first
@given(contents, st.sampled_from(("", GS, "]C1", "]d2", "]Q3", "]e0", "]J1", "]d2" + GS)))
@example([("01", MUG), ("10", "A2104"), ("17", "261231")], "")
def test_any_gs1_content_is_read_whatever_its_order(
    content: list[tuple[str, str]], mark: str
) -> None:
    text = "".join(ai + value + (GS if ai in OPEN else "") for ai, value in content)
    if content[-1][0] not in OPEN or content[0][0] != "01":
        text += GS  # so that it shows by itself what it is
    said, code = dict(content), read(mark + text)
    assert isinstance(code, Item)
    assert (code.gtin, code.lot, code.serial) == (
        said["01"],
        said.get("10", ""),
        said.get("21", ""),
    )
    assert code.count == int(said.get("37", 1))
    assert (f"{code.expires:%y%m%d}" if code.expires else None) == said.get("17")
    assert read("".join(f"({ai}){value}" for ai, value in content)) == read("]C1" + GS + text)


@settings(deadline=None)  # biip is loaded by the first
@given(contents, st.sampled_from(("", "]C1", "]d2")))
def test_content_that_lost_its_separators_never_says_a_wrong_thing(
    content: list[tuple[str, str]], mark: str
) -> None:
    said = dict(content)
    code = read(mark + "".join(ai + value for ai, value in content))
    if isinstance(code, Item) and code.gtin == said["01"]:
        assert code.lot in ("", said.get("10"))
        assert code.serial in ("", said.get("21"))
        assert code.count in (1, int(said.get("37", 1)))


def test_a_lot_is_only_said_when_no_separator_can_be_missing() -> None:
    lost = read(f"01{MUG}" + "10LOT7" + "17261231")
    assert lost == Item(f"01{MUG}10LOT717261231", MUG), "lot LOT7 and a date, or a longer lot?"
    clear = read(f"]C101{MUG}" + "17261231" + "10LOT7")
    assert clear == Item(MUG[1:], MUG, "LOT7", date(2026, 12, 31))
    assert read(f"]C101{MUG}37" + "12" + "10A") == Item(f"01{MUG}371210A"), "12 pieces, or 1210?"
    assert read(f"]C1{GS}01{MUG}10LOT717261231") == Item(MUG[1:], MUG, "LOT717261231")


def test_a_gs1_code_with_a_wrong_check_digit_is_no_goods() -> None:
    wrong = MUG[:-1] + "3"
    for text in (f"01{wrong}", f"]C101{wrong}", f"(01){wrong}(10)A", f"01{wrong}10A{GS}21B"):
        code = read(text)
        assert isinstance(code, Item)
        assert (code.gtin, code.lot) == ("", "")
    assert read("(00)" + sscc("3401234", 12)[:-1] + "x") == Item("(00)34012340000000012x")


def test_an_expiry_without_a_day_is_the_last_of_its_month() -> None:
    code = read(f"]d201{MUG}17270200")
    assert isinstance(code, Item)
    assert code.expires == date(2027, 2, 28)
    assert isinstance(read(f"]d201{MUG}17271300"), Item), "no month 13: a text like any other"


@given(st.integers(0, 10**10 - 1))
def test_an_sscc_is_read_in_every_dress(serial: int) -> None:
    number = sscc("3401234", serial)
    for text in (number, f"00{number}", f"]C100{number}", f"(00){number}", f"{GS}00{number}"):
        assert read(text) == Sscc(number)
    assert read(f"]C100{number}02{MUG}3712") == Sscc(number)


@given(st.from_regex(r"[01][0-9]{6}", fullmatch=True))
def test_upc_e_is_the_upc_a_that_it_is_short_for(seven: str) -> None:
    full = checked(gs1.expanded(seven + "0")[:-1])
    short = seven + full[-1]
    assert gtin14(gs1.expanded(short)) == full.zfill(14)
    assert gs1.expanded(gs1.shortened(full)) == full
    if seven[0] == "0":
        assert read(short) == Item(short, full.zfill(14))


@pytest.mark.parametrize(
    ("raw", "gtin"),
    [
        ("042100005264", "00042100005264"),
        ("0042100005264", "00042100005264"),
        ("04252614", "00042100005264"),
        ("96385074", "00000096385074"),
        ("]E06901234567892", MUG),
        ("]E4" + "96385074", "00000096385074"),
        ("]I116901234567899", CASE),
        ("]E3" + "6901234567892" + "52495", MUG),
        ("042100005265", ""),
        ("6901234567893", ""),
        ("16901234567890"[:-1] + "1", ""),
    ],
)
def test_codes_of_goods_are_one_number_with_a_right_check_digit(raw: str, gtin: str) -> None:
    code = read(raw)
    assert isinstance(code, Item)
    assert code.gtin == gtin


def test_plain_texts_stay_what_they_are() -> None:
    for text in ("MUG-1", "22423-A", "0112", "A(10)B", "(10", "]hello", "http://example.com/01"):
        assert read(text) in (Item(text), Number(int(text) if text.isdigit() else -1))
    tracking = "01" + MUG + "123456"  # a number of a carrier that happens to look like goods
    code = read(tracking)
    assert isinstance(code, Item)
    assert code.text == tracking


@pytest.mark.parametrize("symbology", ["Code128", "DataMatrix", "QRCode"])
@pytest.mark.parametrize(
    "content", [f"(01){MUG}(10)LOT7(17)261231(21)S-1", "(00)" + sscc("3401234", 12)]
)
def test_what_is_drawn_is_read_back(symbology: str, content: str) -> None:
    written = getattr(zxingcpp.BarcodeFormat, symbology)
    drawn = zxingcpp.create_barcode(content, written, gs1=True).to_image(scale=3)
    (seen,) = zxingcpp.read_barcodes(drawn, text_mode=zxingcpp.TextMode.Plain)
    assert seen.symbology_identifier in gs1.IDENTIFIERS
    assert read(seen.symbology_identifier + seen.text) == read(content)
    assert not isinstance(read(content), Number)


@given(st.text(max_size=60))
@example("]C1")
@example("(01)")
@example("]d2" + GS)
@example("https://id.gs1.org/01/1")
def test_nothing_that_is_scanned_is_a_bug(raw: str) -> None:
    with suppress(Refused):
        assert isinstance(read(raw), Own | Item | Sscc | Number)


# In the rooms


def barcode(floor: Floor, sku: str, code: str, quantity: int) -> None:
    row = {"client_id": 1, "sku_id": floor.skus[sku], "code": code, "quantity": quantity}
    floor.do(lambda tx: tx.execute(insert(SkuBarcode), [row]) and None)


def test_a_code_says_how_many_pieces_it_stands_for(floor: Floor) -> None:
    barcode(floor, "MUG", CASE, 12)
    barcode(floor, "TOWEL", "04252614", 1)
    with floor.store.read() as tx:

        def pieces(raw: str) -> list[tuple[int, int]]:
            code = read(raw)
            assert isinstance(code, Item)
            return [(match.sku_id, match.quantity) for match in skus_for(tx, code)]

        assert pieces(CASE) == pieces(f"]C101{CASE}10A{GS}") == [(floor.skus["MUG"], 12)]
        assert pieces(f"]C102{MUG}375") == [(floor.skus["MUG"], 5)]
        assert pieces(f"]C102{CASE}375") == [(floor.skus["MUG"], 60)]
        for towel in ("04252614", "042100005264", f"]C101{'042100005264'.zfill(14)}10A{GS}"):
            assert pieces(towel) == [(floor.skus["TOWEL"], 1)]


def test_a_picker_takes_what_the_code_says_and_never_another_lot(floor: Floor) -> None:
    floor.add_stock("TEA", "A-01-1", 9, "L7", date(2040, 1, 1))
    code = released(floor, floor.add_order({"TEA": 8}))
    pick = PickPresenter(floor.store, Who(7, "Chen Wei", "picker", "Cart", floor.warehouse_id))
    pick.open()
    for raw in (own("LIST", code), own("BIN", "A-01-1"), f"]d201{TEA}10L7", f"]C102{TEA}375"):
        pick.scan(Reading(raw))
    assert pick.view.taken == 6
    for raw, why in ((f"]d201{TEA}10L8", "wrong_lot"), (f"]C102{TEA}373", "too_many")):
        with pytest.raises(Refused) as refused:
            pick.scan(Reading(raw))
        assert refused.value.code == why
    assert pick.view.taken == 6


def test_the_lot_on_goods_that_are_kept_without_lots_is_no_trouble(floor: Floor) -> None:
    row = floor.add_stock("MUG", "A-01-1", 5)
    floor.do(lambda tx: stock.ask_count(tx, row, "short pick"))
    count = CountPresenter(floor.store, Who(7, "Chen Wei", "picker", "Cart", floor.warehouse_id))
    count.open()
    count.scan(Reading(own("BIN", "A-01-1")))
    assert "1 counted" in count.scan(Reading(f"]d201{MUG}10ABC")).text
    mugs = Goods(1, 1, "MUG", "Mug", MUG, 180, False, (100, 90, 90), 2, 0, 0, (("", 2),))
    assert lots_for(mugs, 2, "ABC") == [("", 2)]
    with pytest.raises(Refused, match="lot L7 was picked"):
        lots_for(replace(mugs, lots=(("L7", 2),)), 2, "ABC")


def test_another_lot_that_does_not_go_back_is_named_beside_the_one_that_does(floor: Floor) -> None:
    floor.add_stock("TEA", "A-01-1", 3, "L7", date(2040, 1, 1))
    order_id = floor.add_order({"TEA": 2})
    bring_to(floor, order_id, "picked")
    floor.do(lambda tx: cancel(tx, order_id, "x"))
    back = PutBackPresenter(floor.store, floor.who("picker"))
    back.open()
    back.scan(Reading(own("TOTE", f"T-{order_id}")))
    with pytest.raises(Refused) as refused:
        back.scan(Reading(f"]d201{TEA}10L8"))
    assert "Green tea, 100 g (TEA) · L8" in refused.value.text
    assert "Green tea, 100 g · L7" in refused.value.text
