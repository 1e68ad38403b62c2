"""Other people's order files: what must not slip through, and the profiles that are shipped."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.builders import Floor
from tests.test_orders import COLUMNS, GOOD, intake, reasons, write
from wms_app.base.operations import Operation
from wms_app.base.places import resources
from wms_app.floor.orders import cells, checks
from wms_app.floor.orders.model import Order
from wms_app.outside.channels import profile as profiles

ONE = {"order_number": "#7"}


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        ({"paid": "no"}, "payment"),
        ({"line1": "9 Other Road"}, "address"),
        ({"name": "B"}, "address"),
    ],
)
def test_a_later_row_that_says_otherwise_holds_the_order(
    floor: Floor, tmp_path: Path, later: dict[str, str], reason: str
) -> None:
    said = intake(floor, write(tmp_path / "o.csv", ONE, {**ONE, "sku": "TOWEL", **later}))
    assert (said.orders, said.accepted, said.held) == (1, 0, 1)
    assert reasons(floor.store) == {reason: 1}


def test_empty_cells_of_later_rows_say_nothing(floor: Floor, tmp_path: Path) -> None:
    blank = dict.fromkeys(("paid", "name", "line1", "city", "state", "postal_code", "country"), "")
    said = intake(floor, write(tmp_path / "o.csv", ONE, {**ONE, "sku": "TOWEL", **blank}))
    assert (said.orders, said.accepted, said.lines) == (1, 1, 2)


@pytest.mark.parametrize("number", ["5.8387E+17", "9" * 81])
def test_a_number_that_is_not_whole_is_refused(floor: Floor, tmp_path: Path, number: str) -> None:
    said = intake(floor, write(tmp_path / "o.csv", {"order_number": number}))
    assert (said.orders, said.refused_rows) == (0, 1)
    assert [finding.code for finding in said.findings] == ["cut_number"]


def test_a_row_with_more_cells_than_columns_is_refused(floor: Floor, tmp_path: Path) -> None:
    file = write(tmp_path / "o.csv", {}, {})
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines[:2], lines[2] + ",more", ""]), "utf-8")
    said = intake(floor, file)
    assert (said.rows, said.orders, said.refused_rows) == (2, 1, 1)
    assert [(finding.row, finding.code) for finding in said.findings] == [(3, "too_many_cells")]


def test_the_same_file_again_leaves_no_trace(floor: Floor, tmp_path: Path) -> None:
    def operations() -> int:
        with floor.store.read() as tx:
            return int(tx.scalar(select(func.count()).select_from(Operation)))

    file = write(tmp_path / "o.csv", {}, {})
    intake(floor, file)
    before = operations()
    assert intake(floor, file).changed_nothing
    # Looking again is one operation per chunk of orders; nothing is kept about the file.
    assert operations() == before + 1


def test_a_column_nobody_reads_may_stand_twice(floor: Floor, tmp_path: Path) -> None:
    file = tmp_path / "o.csv"
    text = io.StringIO()
    out = csv.writer(text)
    row = {**GOOD, "order_number": "#1"}
    out.writerows(
        [[*COLUMNS, "note", "note"], [*(row.get(name, "") for name in COLUMNS), "a", "b"]]
    )
    file.write_text(text.getvalue(), "utf-8")
    assert intake(floor, file).accepted == 1


def test_countries_are_known_in_the_languages_of_buyers() -> None:
    names = ("Österreich", "Франция", "德国", "Cote d'Ivoire", "Republic of Korea", "Schweiz")
    assert [checks.country_code(name) for name in names] == ["AT", "FR", "DE", "CI", "KR", "CH"]
    assert [checks.country_code(name) for name in ("Channel Islands", "Unspecified")] == ["", ""]


def test_a_lost_zero_is_mended_abroad_only_where_no_other_code_fits() -> None:
    def code(country: str, text: str) -> str:
        address = checks.Address("n", "1", "", "x", "", text, country)
        return checks.mended(address)[0].postal_code

    assert [code("DE", "1067"), code("CH", "8001"), code("DE", "12")] == ["01067", "8001", "12"]


def test_money_is_read_with_its_sign_and_never_below_nothing(floor: Floor, tmp_path: Path) -> None:
    texts = ("AU $3,000.00", "EUR 90,00", "1 234,50 EUR", ".50")
    assert [cells.minor_units(text, "USD") for text in texts] == [300000, 9000, 123450, 50]
    intake(floor, write(tmp_path / "o.csv", {"unit_price": "-3"}))
    assert reasons(floor.store) == {"price": 1}


# Invented rows, by the columns of each shipped profile.
BUYER = {
    "name": "Sample Buyer",
    "line1": "1 Example Street",
    "city": "Austin",
    "state": "TX",
    "postal_code": "78701",
    "country": "US",
}
ROWS: dict[str, dict[str, str]] = {
    "amazon": {"ordered_at": "2026-11-24T08:00:00-08:00", "paid": "2026-11-24T08:05:00-08:00"},
    "amazon_new": {"ordered_at": "2026-11-24T08:00:00-08:00", "paid": "2026-11-24T08:05:00-08:00"},
    "shopify": {"ordered_at": "2026-11-24 08:00:00 -0800", "paid": "paid", "unit_price": "12.90"},
    "ebay": {"ordered_at": "Nov-24-26", "paid": "Nov-24-26"},
    "tiktok": {"ordered_at": "11/24/2026 09:00:00 AM", "paid": "11/24/2026 09:01:00 AM"},
    "walmart": {"ordered_at": "2026-11-24", "unit_price": "12.90"},
}


def _channel_row(profile: profiles.Profile, values: dict[str, str]) -> dict[str, str]:
    ours = {"order_number": "100-1", "sku": "MUG", "quantity": "2", **BUYER, **values}
    row = {column: ours.get(name, "") for name, column in profile.columns.items()}
    for rule in (profile.skipped, profile.cancelled, profile.not_goods):
        if rule is not None:
            row.setdefault(rule.column, "true")
    return row


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_shipped_profile_reads_its_channel(floor: Floor, tmp_path: Path, name: str) -> None:
    profile = profiles.find(name, "orders")
    row = _channel_row(profile, ROWS[name])
    file = tmp_path / "theirs.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(row), delimiter="\t" if "amazon" in name else ",")
        writer.writeheader()
        writer.writerow(row)
    said = intake(floor, file, profile=profile, client="NW")
    assert [finding.to_json() for finding in said.findings] == []
    assert (said.orders, said.accepted, said.units) == (1, 1, 2)
    with floor.store.read() as tx:
        assert tx.scalar(select(Order.channel)) == name.removesuffix("_new")


def test_every_shipped_profile_is_tried() -> None:
    assert {file.stem for file in (resources() / "profiles").glob("*.toml")} == set(ROWS)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("amazon", "amazon_unshipped_orders_tsv_2025"),
        ("amazon_new", "amazon_new_orders_tsv"),
        ("shopify", "shopify_orders_csv"),
        ("ebay", "ebay_orders_csv"),
        ("tiktok", "tiktok_orders_csv"),
    ],
)
def test_a_shipped_profile_names_real_columns(shared_data: Path, name: str, key: str) -> None:
    facts: dict[str, Any] = json.loads((shared_data / "channels/flatfile_formats.json").read_text())
    heads = [set(head) for part, head in facts[key].items() if part.startswith("header")]
    profile = profiles.find(name, "orders")
    rules = [
        rule.column for rule in (profile.skipped, profile.cancelled, profile.not_goods) if rule
    ]
    assert heads
    for head in heads:
        assert {*profile.columns.values(), *rules} <= head
