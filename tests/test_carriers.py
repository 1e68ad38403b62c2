"""Prices, tracking numbers and papers of the house carrier; scales that can't be fooled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench import RATES, in_folder, rate_card
from wms_app.base.codes import Sscc, is_sscc, read
from wms_app.base.places import resources
from wms_app.base.refusal import Down, Refused
from wms_app.outside.carriers.carrier import Address, Shipment
from wms_app.outside.carriers.house import INTERNAL_PREFIX, House, tracking_number
from wms_app.outside.carriers.rates import rates_of, read_rates
from wms_app.outside.devices.printer import FolderPrinter
from wms_app.outside.devices.scale import SimulatedScale, TypedScale

HERE = Address("LAX1", ("9 Sample Way",), "Carson", "CA", "90745", "US")
AUSTIN = Address("Sample Buyer", ("1 Example Street",), "Austin", "TX", "78701", "US")
PARCEL = Shipment(7, "#1", "standard", HERE, AUSTIN, 900)


@pytest.mark.parametrize(
    ("country", "postal_code", "grams", "price"),
    [
        ("US", "78701", 1, 841),
        ("US", "78701", 1000, 841),
        ("US", "78701", 1001, 1190),
        ("US", "10001", 900, 1500),
        ("KZ", "050000", 900, 3790),
    ],
)
def test_the_price_follows_the_place_and_the_weight(
    country: str, postal_code: str, grams: int, price: int
) -> None:
    rate = rate_card().rate("standard", country, postal_code, grams)
    assert (rate.price_minor, rate.currency) == (price, "USD")


@pytest.mark.parametrize(
    ("service", "country", "grams", "code"),
    [
        ("standard", "BR", 900, "no_rate"),
        ("standard", "US", 5001, "too_heavy"),
        ("drone", "US", 900, "no_service"),
        ("express", "KZ", 900, "no_rate"),
    ],
)
def test_what_has_no_price_is_refused_in_words(
    service: str, country: str, grams: int, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        rate_card().rate(service, country, "78701", grams)
    assert refusal.value.code == code
    assert refusal.value.detail


def test_a_warehouse_without_a_rate_card_prices_nothing() -> None:
    with pytest.raises(Refused) as refusal:
        rates_of("").rate("standard", "US", "78701", 900)
    assert refusal.value.code == "no_rates"


@pytest.mark.parametrize(
    ("wrong", "row", "field"),
    [
        ("standard,US-7,US,700-799,1000,8.41,USD,2", 2, "price_minor"),
        ("standard,US-7,US,700-79,1000,841,USD,2", 2, "postal_prefixes"),
        ("standard,US-7,USA,700-799,1000,841,USD,2", 2, "countries"),
        ("standard,US-7,US,700-799,0,841,USD,2", 2, "max_g"),
        ("standard,US-7,US,700-799,1000,841,$,2", 2, "currency"),
        (",US-7,US,700-799,1000,841,USD,2", 2, "service"),
        ("standard,US-7,US,700-799,5000,841,USD,2", 3, "max_g"),
        ("standard,US-7,US,,1000,841,USD,2", 3, "countries"),
    ],
)
def test_a_bad_rate_card_is_refused_with_row_and_field(wrong: str, row: int, field: str) -> None:
    lines = RATES.splitlines()
    with pytest.raises(Refused) as refusal:
        rates_of("\n".join([lines[0], wrong, *lines[2:]]), "rates.csv")
    assert refusal.value.code == "bad_rate_card"
    assert f"rates.csv, row {row}, {field}" in refusal.value.text


def test_a_rate_card_without_a_column_names_it() -> None:
    with pytest.raises(Refused, match="postal_prefixes"):
        rates_of(RATES.replace("postal_prefixes,", ""), "rates.csv")


def test_the_sample_rate_card_knows_every_place_in_the_united_states(tmp_path: Path) -> None:
    card = read_rates(resources() / "sample" / "rates.csv")
    for prefix in range(1000):
        for service in card.services:
            assert card.rate(service, "US", f"{prefix:03d}01", 900).price_minor > 0
    with pytest.raises(Refused, match="can't be read"):
        read_rates(tmp_path / "nowhere.csv")


@given(st.integers(0, 10**10 - 1), st.sampled_from(["", "4012345", "0614141", "123456789012"]))
def test_every_tracking_number_is_an_sscc_of_our_own(serial: int, prefix: str) -> None:
    room = 16 - len(prefix or INTERNAL_PREFIX)
    if serial >= 10 ** (room + 1):
        with pytest.raises(Refused) as refusal:
            tracking_number(prefix, serial)
        assert refusal.value.code == "sscc_full"
        return
    number = tracking_number(prefix, serial)
    assert is_sscc(number)
    assert number[1:].startswith(prefix or INTERNAL_PREFIX)
    assert read(number) == Sscc(number)
    assert tracking_number(prefix, serial) == number
    if serial:
        assert tracking_number(prefix, serial - 1) != number


def test_the_check_digit_is_that_of_the_gs1_calculator() -> None:
    # The example that GS1 prints for an SSCC: 3 times the 1st, 3rd, ... 17th digit and once the
    # others make 75 + 26 = 101, and 9 are missing to 110.
    assert tracking_number("7610425", 3 * 10**9 + 2123456) == "376104250021234569"


def test_a_bad_company_prefix_is_refused() -> None:
    with pytest.raises(Refused, match="no GS1 company prefix"):
        tracking_number("12A", 1)


def test_the_house_sells_the_same_label_for_the_same_key() -> None:
    house = House(rate_card())
    first, again = house.buy("dock-1-7", PARCEL), house.buy("dock-1-7", PARCEL)
    other = house.buy("dock-1-8", replace(PARCEL, reference=8))
    assert first == again
    assert first.tracking != other.tracking
    assert [rate.service for rate in house.rate(PARCEL)] == ["standard", "express"]


def test_papers_are_whole_and_never_written_over_each_other(tmp_path: Path) -> None:
    printer = FolderPrinter(tmp_path / "papers")
    first = printer.send("label", "label 114/39", b"one", "pdf")
    second = printer.send("label", "label 114/39", b"two", "pdf")
    assert Path(first).read_bytes() == b"one"
    assert Path(second).read_bytes() == b"two"
    assert in_folder(tmp_path / "papers") == ["label 114-39-2.pdf", "label 114-39.pdf"]


def test_a_folder_that_can_not_be_written_is_a_printer_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "papers").write_text("a file where the folder should be")
    with pytest.raises(Down) as down:
        FolderPrinter(tmp_path / "papers").send("label", "label 1", b"one", "pdf")
    assert down.value.what == "printer"


def test_a_weight_belongs_to_one_parcel_only() -> None:
    scale = SimulatedScale()
    scale.put(900)
    reading = scale.read()
    assert reading is not None
    assert reading.counts
    scale.accept()
    assert not scale.read().counts  # type: ignore[union-attr]
    scale.put(1200)
    assert not scale.read().counts, "put beside the last parcel"  # type: ignore[union-attr]
    scale.lift()
    scale.put(1200, stable=False)
    assert not scale.read().counts, "still moving"  # type: ignore[union-attr]
    scale.put(1200)
    assert scale.read().counts  # type: ignore[union-attr]


def test_without_a_scale_the_weight_is_typed() -> None:
    assert TypedScale().read() is None
