"""Clients, SKUs, bins and stock come in from files; bad rows are named, and twice is once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.builders import Floor
from wms_app.base import texts
from wms_app.base.codes import Item, read
from wms_app.base.db import Store
from wms_app.base.refusal import Refused
from wms_app.base.who import Who
from wms_app.floor.catalog import intake, lookup
from wms_app.floor.catalog.model import Bin, Client, Sku, SkuBarcode, Warehouse
from wms_app.floor.catalog.names import split_name
from wms_app.floor.stock import intake as stock
from wms_app.floor.stock.model import Movement, Stock
from wms_app.office.verify.service import verify

WHO = Who(0, "admin", "admin", "P1", 1)


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.csv"
    path.write_text(text, "utf-8")
    return path


def take(store: Store, tmp_path: Path, kind: str, text: str) -> intake.Taken:
    return intake.take_in(store, WHO, kind, file(tmp_path, text))


def test_a_warehouse_is_built_from_files_in_any_order(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, "clients", "client,name\nNW,Northwind\n")
    take(store, tmp_path, "bins", "warehouse,bin,zone,kind,walk\nLAX1,A-01-1,A,pick,1\n")
    take(store, tmp_path, "skus", "client,sku,name,barcodes\nNW,MUG,Mug,6901234567892;X1*12\n")
    said = stock.take_in(
        store, WHO, file(tmp_path, "client,sku,bin,lot,expires,quantity\nNW,MUG,A-01-1,,,7\n")
    )
    assert said.added == 1
    with store.read() as tx:
        assert tx.scalars(select(Warehouse.code)) == ["LAX1"]
        assert tx.scalar(select(Client.warehouse_id)) == tx.scalar(select(Bin.warehouse_id))
        assert tx.scalar(select(Stock.on_hand)) == 7
        codes = tx.rows(select(SkuBarcode.code, SkuBarcode.quantity).order_by(SkuBarcode.code))
        assert [tuple(row) for row in codes] == [("6901234567892", 1), ("X1", 12)]
        assert verify(tx) == []


@pytest.mark.parametrize("kind", ["clients", "bins", "skus", "cartons"])
def test_the_same_file_twice_is_once(store: Store, tmp_path: Path, kind: str) -> None:
    take(store, tmp_path, "clients", "client,name\nNW,Northwind\n")
    take(store, tmp_path, "bins", "warehouse,bin,kind\nLAX1,Z-1,pick\n")
    texts = {
        "clients": "client,name\nNW,Northwind\nLUMEN,Lumen\n",
        "bins": "warehouse,bin,zone,kind,walk\nLAX1,A-01-1,A,pick,1\nLAX1,Q-1,Q,quarantine,9\n",
        "skus": "client,sku,name,weight_g,value,currency,fragile\nNW,MUG,Mug,180,4.20,USD,yes\n",
        "cartons": "carton,inner_length_mm,inner_width_mm,inner_height_mm\nS1,200,150,100\n",
    }
    first = take(store, tmp_path, kind, texts[kind])
    again = take(store, tmp_path, kind, texts[kind])
    assert first.added >= 1
    assert (again.added, again.changed, again.refused_rows) == (0, 0, 0)
    assert again.unchanged == again.rows


def test_unknown_columns_are_named_and_missing_ones_refused(store: Store, tmp_path: Path) -> None:
    said = take(store, tmp_path, "clients", "client,name,colour\nNW,Northwind,blue\n")
    assert [(finding.field, finding.code) for finding in said.findings] == [
        ("colour", "unknown_column")
    ]
    with pytest.raises(Refused) as refusal:
        take(store, tmp_path, "bins", "warehouse,bin\nLAX1,A-1\n")
    assert refusal.value.code == "missing_columns"


@pytest.mark.parametrize(
    ("kind", "row", "field"),
    [
        ("skus", "NW,MUG,Mug,heavy,,", "weight_g"),
        ("skus", "NOBODY,MUG,Mug,1,,", "client"),
        ("skus", "NW,MUG,Mug,1,4.205,USD", "value"),
        ("skus", "NW,,Mug,1,,", "sku"),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_come_in(
    store: Store, tmp_path: Path, kind: str, row: str, field: str
) -> None:
    take(store, tmp_path, "clients", "client,name\nNW,Northwind\n")
    head = "client,sku,name,weight_g,value,currency\n"
    said = take(store, tmp_path, kind, f"{head}{row}\nNW,POT,Pot,650,9.90,USD\n")
    assert [(finding.row, finding.field) for finding in said.findings] == [(2, field)]
    with store.read() as tx:
        assert tx.scalars(select(Sku.code)) == ["POT"]


def test_a_dry_run_writes_nothing(store: Store, tmp_path: Path) -> None:
    path = file(tmp_path, "client,name\nNW,Northwind\n")
    said = intake.take_in(store, WHO, "clients", path, dry_run=True)
    assert said.added == 1
    with store.read() as tx:
        assert tx.scalar(select(func.count()).select_from(Client)) == 0


def test_stock_counted_otherwise_is_a_movement_and_never_below_what_is_promised(
    floor: Floor, tmp_path: Path
) -> None:
    head = "client,sku,bin,lot,expires,quantity\n"
    for text in (f"{head}NW,MUG,A-01-1,,,7\n", f"{head}NW,MUG,A-01-1,,,5\n"):
        stock.take_in(floor.store, floor.who("admin"), file(tmp_path, text))
    with floor.store.read() as tx:
        moved = tx.rows(select(Movement.quantity, Movement.reason).order_by(Movement.id))
        assert [tuple(row) for row in moved] == [(7, "opening"), (-2, "count")]
    from wms_app.floor.allocation import service as allocation

    floor.add_order({"MUG": 4})
    allocation.allocate_all(floor.store, floor.who())
    said = stock.take_in(
        floor.store, floor.who("admin"), file(tmp_path, f"{head}NW,MUG,A-01-1,,,3\n")
    )
    assert [finding.code for finding in said.findings] == ["promised"]
    with floor.store.read() as tx:
        assert verify(tx) == []


def test_a_code_of_another_sku_is_left_where_it_is(floor: Floor, tmp_path: Path) -> None:
    said = intake.take_in(
        floor.store,
        floor.who("admin"),
        "skus",
        file(tmp_path, "client,sku,name,barcodes\nNW,NEW,New,6901234567892\n"),
    )
    assert [finding.code for finding in said.findings] == ["barcode_taken"]


def test_codes_are_found_in_every_form(floor: Floor) -> None:
    with floor.store.read() as tx:
        for raw in ("6901234567892", "06901234567892", "0106901234567892", "mug", "MUG"):
            code = read(raw)
            assert isinstance(code, Item)
            assert [match.sku_id for match in lookup.skus_for(tx, code)] == [floor.skus["MUG"]]
        assert lookup.skus_for(tx, Item("NOPE")) == []


def test_goods_are_called_in_the_readers_language_first() -> None:
    name = "Silicone mug, blue 硅胶杯 蓝色"
    assert split_name(name) == ("Silicone mug, blue", "硅胶杯 蓝色")
    texts.use("zh_CN")
    assert split_name(name) == ("硅胶杯 蓝色", "Silicone mug, blue")
    assert split_name("Tea towel") == ("Tea towel", "")
