"""An order file becomes orders: accepted, held with reasons, or refused by row; and only once."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.builders import Floor
from wms_app.base.db import Store
from wms_app.base.refusal import Refused
from wms_app.base.who import Who
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.catalog import intake as catalog
from wms_app.floor.orders.intake import Summary, take_in
from wms_app.floor.orders.model import Hold, Order, OrderLine
from wms_app.office.verify.service import verify
from wms_app.outside.channels import profile as profiles

COLUMNS = (
    "client,channel,order_number,sku,quantity,ordered_at,ship_by,service,priority,paid,name,phone,"
    "line1,line2,city,state,postal_code,country,unit_price,currency"
).split(",")
GOOD = {
    "client": "NW",
    "channel": "shopify",
    "sku": "MUG",
    "quantity": "1",
    "ordered_at": "2026-11-24T08:00:00-08:00",
    "paid": "yes",
    "name": "Sample Buyer",
    "line1": "1 Example Street",
    "city": "Austin",
    "state": "TX",
    "postal_code": "78701",
    "country": "US",
    "unit_price": "12.90",
    "currency": "USD",
}
SHOP = """
kind = "orders"
date_order = "day-first"
address = "absent"
repeated_rows = "merge"
[columns]
order_number = "InvoiceNo"
sku = "StockCode"
quantity = "Quantity"
ordered_at = "InvoiceDate"
unit_price = "UnitPrice"
country = "Country"
[fixed]
client = "SHOP"
channel = "web"
currency = "GBP"
[cancelled]
column = "InvoiceNo"
starts_with = "C"
[not_goods]
column = "StockCode"
matches = "^(POST|DOT|M|BANK CHARGES)$"
"""


def write(path: Path, *rows: dict[str, str], columns: list[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, columns)
        out.writeheader()
        out.writerows({**GOOD, "order_number": f"#{1000 + n}", **row} for n, row in enumerate(rows))
    return path


def intake(floor: Floor, path: Path, **more: Any) -> Summary:
    return take_in(floor.store, floor.who("clerk"), path, cancel=cancel, **more)


def reasons(store: Store) -> Counter[str]:
    with store.read() as tx:
        return Counter(tx.scalars(select(Hold.reason)))


def count(store: Store, model: Any) -> int:
    with store.read() as tx:
        return int(tx.scalar(select(func.count()).select_from(model)))


def test_rows_of_one_number_are_one_order_and_lines_of_one_sku_merge(
    floor: Floor, tmp_path: Path
) -> None:
    number = {"order_number": "#7"}
    file = write(
        tmp_path / "o.csv",
        {**number},
        {**number, "sku": "TOWEL", "quantity": "2"},
        {**number, "quantity": "3"},
    )
    said = intake(floor, file)
    assert (said.rows, said.orders, said.accepted, said.lines, said.units) == (3, 1, 1, 3, 6)
    with floor.store.read() as tx:
        lines = tx.rows(
            select(OrderLine.sku_code, OrderLine.ordered, OrderLine.unit_price_minor).order_by(
                OrderLine.sku_code
            )
        )
        assert [tuple(line) for line in lines] == [("MUG", 4, 1290), ("TOWEL", 2, 1290)]
        assert verify(tx) == []


def test_the_same_file_again_changes_nothing_and_says_so(floor: Floor, tmp_path: Path) -> None:
    file = write(tmp_path / "o.csv", {}, {"postal_code": "12901", "state": "CA"})
    first, again = intake(floor, file), intake(floor, file)
    assert (first.accepted, first.held, first.unchanged) == (1, 1, 0)
    assert (again.accepted, again.held, again.unchanged) == (0, 0, 2)
    assert again.changed_nothing
    assert count(floor.store, Order) == 2


def test_a_dry_run_says_the_same_and_writes_nothing(floor: Floor, tmp_path: Path) -> None:
    file = write(tmp_path / "o.csv", {}, {"sku": "NOPE"}, {"quantity": "two"})
    dry, wet = intake(floor, file, dry_run=True), None
    assert count(floor.store, Order) == 0
    wet = intake(floor, file)
    same = {**wet.to_json(), "dry_run": True}
    assert dry.to_json() == same


MENDABLE = {
    "address": {"state": "CA", "postal_code": "12901", "city": "Jacksonville"},
    "country": {"country": "Atlantis"},
    "payment": {"paid": "no"},
    "unknown_sku": {"sku": "NOPE"},
    "price": {"unit_price": "cheap"},
}


@pytest.mark.parametrize("reason", MENDABLE)
def test_what_a_person_can_mend_is_held_with_its_reason(
    floor: Floor, tmp_path: Path, reason: str
) -> None:
    said = intake(floor, write(tmp_path / "o.csv", MENDABLE[reason]))
    assert (said.held, said.accepted) == (1, 0)
    assert reasons(floor.store) == {reason: 1}
    assert said.findings[0].row == 2


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("quantity", "0", "bad_quantity"),
        ("quantity", "-1", "bad_quantity"),
        ("quantity", "1.5", "bad_quantity"),
        ("ordered_at", "24/11/2026", "bad_date"),
        ("sku", "", "missing"),
        ("client", "NOBODY", "unknown_client"),
    ],
)
def test_what_can_be_no_order_is_refused_by_row_and_field(
    floor: Floor, tmp_path: Path, cell: str, value: str, code: str
) -> None:
    said = intake(floor, write(tmp_path / "o.csv", {cell: value}, {}))
    assert (said.refused_rows, said.orders, said.accepted) == (1, 1, 1)
    finding = said.findings[0]
    assert (finding.row, finding.field, finding.value, finding.code) == (2, cell, value, code)


def test_an_order_of_which_a_row_was_refused_does_not_ship_without_it(
    floor: Floor, tmp_path: Path
) -> None:
    number = {"order_number": "#7"}
    bad = {**number, "sku": "TOWEL", "quantity": "x"}
    intake(floor, write(tmp_path / "o.csv", number, bad))
    assert reasons(floor.store) == {"quantity": 1}


def test_dates_are_read_by_the_stated_order_and_never_guessed(floor: Floor, tmp_path: Path) -> None:
    profile = tmp_path / "p.toml"
    columns = "\n".join(f'{name} = "{name}"' for name in COLUMNS)
    profile.write_text(f'kind = "orders"\ndate_order = "day-first"\n[columns]\n{columns}')
    file = write(tmp_path / "o.csv", {"ordered_at": "03/04/2026"}, {"ordered_at": "04/13/2026"})
    said = intake(floor, file, profile=profiles.read(profile))
    assert [finding.code for finding in said.findings] == ["bad_date"]
    with floor.store.read() as tx:
        day = tx.scalar(select(Order.ordered_at))
    assert (day.day, day.month) == (3, 4)


@pytest.mark.parametrize(
    ("rule", "units", "held"), [("hold", 2, 1), ("merge", 2, 0), ("drop", 1, 0)]
)
def test_a_row_that_stands_twice(
    floor: Floor, tmp_path: Path, rule: str, units: int, held: int
) -> None:
    profile = tmp_path / "p.toml"
    columns = "\n".join(f'{name} = "{name}"' for name in COLUMNS)
    profile.write_text(f'kind = "orders"\nrepeated_rows = "{rule}"\n[columns]\n{columns}')
    row = {"order_number": "#7"}
    said = intake(floor, write(tmp_path / "o.csv", row, row), profile=profiles.read(profile))
    assert (said.duplicates, said.units, said.held) == (1, units, held)


def test_the_same_buyer_goods_and_day_under_another_number_is_held(
    floor: Floor, tmp_path: Path
) -> None:
    said = intake(floor, write(tmp_path / "o.csv", {}, {}))
    assert (said.accepted, said.held) == (1, 1)
    assert reasons(floor.store) == {"duplicate": 1}


def test_a_zip_that_lost_its_zero_is_mended_and_said(floor: Floor, tmp_path: Path) -> None:
    row = {"city": "Hoboken", "state": "NJ", "postal_code": "7030"}
    said = intake(floor, write(tmp_path / "o.csv", row))
    assert said.accepted == 1
    assert [finding.code for finding in said.findings] == ["leading_zero"]


def test_an_order_that_changed_at_the_channel_is_never_overwritten(
    floor: Floor, tmp_path: Path
) -> None:
    intake(floor, write(tmp_path / "a.csv", {"quantity": "1"}))
    changed = write(tmp_path / "b.csv", {"quantity": "5"})
    said = intake(floor, changed)
    assert (said.held, reasons(floor.store)) == (1, Counter(changed=1))
    with floor.store.read() as tx:
        assert tx.scalar(select(OrderLine.ordered)) == 1
    assert intake(floor, changed).unchanged == 1


def test_missing_columns_are_refused_by_name_before_anything_is_written(
    floor: Floor, tmp_path: Path
) -> None:
    file = tmp_path / "o.csv"
    file.write_text("client,channel,order_number,sku\nNW,web,1,MUG\n")
    with pytest.raises(Refused) as refusal:
        intake(floor, file)
    assert refusal.value.code == "missing_columns"
    assert "quantity" in refusal.value.text


def test_a_cancelling_row_calls_its_order_off_whole_or_asks_a_person(
    floor: Floor, tmp_path: Path
) -> None:
    profile = tmp_path / "p.toml"
    columns = "\n".join(f'{name} = "{name}"' for name in COLUMNS)
    rule = '[cancelled]\ncolumn = "order_number"\nstarts_with = "C"'
    profile.write_text(f'kind = "orders"\n[columns]\n{columns}\n{rule}')
    file = write(
        tmp_path / "o.csv",
        {"order_number": "1", "quantity": "2"},
        {"order_number": "2", "quantity": "2", "name": "Other Buyer"},
        {"order_number": "C1", "quantity": "-2"},
        {"order_number": "C2", "quantity": "-1"},
        {"order_number": "C9", "quantity": "-1"},
    )
    for _turn in range(2):
        said = intake(floor, file, profile=profiles.read(profile))
        assert (said.orders, said.cancellations) == (2, 3)
        assert [f.code for f in said.findings if f.order_number == "C9"] == [
            "cancellation_unmatched"
        ]
    with floor.store.read() as tx:
        states = dict(tuple(row) for row in tx.rows(select(Order.number, Order.state)))
        assert states == {"1": "cancelled", "2": "received"}
        assert verify(tx) == []
    assert reasons(floor.store) == {"changed": 1}


CANCELLED = '[cancelled]\ncolumn = "order_number"\nstarts_with = "C"'


def cancelling(folder: Path) -> profiles.Profile:
    """Our own columns; a number that starts with C calls an order off."""
    path = folder / "cancelling.toml"
    columns = "\n".join(f'{name} = "{name}"' for name in COLUMNS)
    path.write_text(f'kind = "orders"\n[columns]\n{columns}\n{CANCELLED}')
    return profiles.read(path)


@pytest.mark.parametrize("pieces", ["-2", "-1"])
def test_a_cancellation_is_news_once_and_then_nothing_changes(
    floor: Floor, tmp_path: Path, pieces: str
) -> None:
    profile = cancelling(tmp_path)
    order = {"order_number": "1", "quantity": "2"}
    off = write(tmp_path / "off.csv", {"order_number": "C1", "quantity": pieces})
    intake(floor, write(tmp_path / "o.csv", order), profile=profile)
    dry = intake(floor, off, profile=profile, dry_run=True)
    said = [intake(floor, off, profile=profile) for _turn in range(2)]
    assert [one.called_off for one in (dry, *said)] == [1, 1, 0]
    assert [one.changed_nothing for one in (dry, *said)] == [False, False, True]
    assert intake(floor, off, profile=profile, dry_run=True).changed_nothing


def test_a_cancellation_of_what_has_left_changes_nothing_and_says_why(
    floor: Floor, tmp_path: Path
) -> None:
    profile = cancelling(tmp_path)
    floor.add_order({"MUG": 2}, number="1", state="handed_over")
    off = write(tmp_path / "off.csv", {"order_number": "C1", "quantity": "-2"})
    for dry_run in (True, False):
        said = intake(floor, off, profile=profile, dry_run=dry_run)
        assert said.changed_nothing
        assert [finding.code for finding in said.findings] == ["has_left"]


@pytest.mark.parametrize(
    ("price", "currency", "kept", "told"),
    [
        ("1.005", "USD", 100, "1.00 USD"),
        ("1.015", "USD", 102, "1.02 USD"),
        ("0.001", "GBP", 0, "0.00 GBP"),
        ("12.5", "JPY", 12, "12 JPY"),
        ("1.005", "KWD", 1005, ""),
        ("12.900", "USD", 1290, ""),
    ],
)
def test_a_price_finer_than_its_currency_is_rounded_only_in_words(
    floor: Floor, tmp_path: Path, price: str, currency: str, kept: int, told: str
) -> None:
    said = intake(floor, write(tmp_path / "o.csv", {"unit_price": price, "currency": currency}))
    assert (said.accepted, said.held) == (1, 0)
    found = [(f.row, f.field, f.value, f.code) for f in said.findings]
    assert found == ([(2, "unit_price", price, "price_rounded")] if told else [])
    assert all(told in finding.text for finding in said.findings)
    with floor.store.read() as tx:
        assert tx.scalar(select(OrderLine.unit_price_minor)) == kept


@pytest.mark.parametrize(
    ("second", "told"),
    [("9.50", True), ("12.90", False), ("12.9", False), ("", False)],
)
def test_another_price_of_the_same_goods_is_told_and_the_first_one_kept(
    floor: Floor, tmp_path: Path, second: str, told: bool
) -> None:
    first = {"order_number": "#7", "unit_price": "12.90", "quantity": "1"}
    other = first | {"unit_price": second, "quantity": "2"}
    said = intake(floor, write(tmp_path / "o.csv", first, other))
    assert (said.accepted, said.held) == (1, 0)
    found = [(f.row, f.value, f.code) for f in said.findings if f.field == "unit_price"]
    assert found == ([(3, second, "other_price")] if told else [])
    assert all("12.90 USD" in finding.expected for finding in said.findings)
    with floor.store.read() as tx:
        assert tx.rows(select(OrderLine.unit_price_minor, OrderLine.ordered)) == [(1290, 3)]


def test_a_real_day_of_a_web_shop_comes_in_as_an_independent_count_says(
    store: Store, shared_data: Path, tmp_path: Path
) -> None:
    file = shared_data / "orders" / "online_retail_2011-11-17.csv"
    (tmp_path / "shop.toml").write_text(SHOP)
    who = Who(0, "clerk", "clerk", "P1", 1)
    skus = tmp_path / "skus.toml"
    columns = '[columns]\nsku = "StockCode"\nname = "Description"'
    skus.write_text(f'kind = "skus"\n{columns}\n[fixed]\nclient = "SHOP"')
    store.write("client", who, "test", lambda tx: catalog.client_named(tx, "SHOP"))
    catalog.take_in(store, who, "skus", file, profile=profiles.read(skus))
    said = take_in(store, who, file, profiles.read(tmp_path / "shop.toml"), cancel=cancel)
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    good = [r for r in rows if not r["InvoiceNo"].startswith("C") and int(r["Quantity"]) > 0]
    seen = Counter(tuple(row.values()) for row in rows)
    assert said.rows == len(rows)
    assert said.orders == len({row["InvoiceNo"] for row in good})
    assert said.accepted + said.held == said.orders
    assert said.lines == len(good)
    assert said.units == sum(int(row["Quantity"]) for row in good)
    assert said.duplicates == sum(times - 1 for times in seen.values())
    assert said.cancellations == len({r["InvoiceNo"] for r in rows if r["InvoiceNo"][0] == "C"})
    services = ("POST", "DOT", "M", "BANK CHARGES")
    assert said.not_goods == sum(row["StockCode"] in services for row in good)
    assert said.refused_rows == sum(
        int(row["Quantity"]) <= 0 for row in rows if not row["InvoiceNo"].startswith("C")
    )
    again = take_in(store, who, file, profiles.read(tmp_path / "shop.toml"), cancel=cancel)
    assert again.changed_nothing
