"""A backup is whole, is taken while people work, and only fills an empty store."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.builders import Floor, build_floor
from tests.postgres import Server
from wms_app.app import open_store
from wms_app.base import backup
from wms_app.base.db import Tx
from wms_app.base.refusal import Down, Refused
from wms_app.floor.orders.model import Order
from wms_app.office.verify.service import verify


def test_a_backup_taken_in_the_middle_of_work_restores_to_a_true_store(
    floor: Floor, tmp_path: Path
) -> None:
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_order({"MUG": 1})
    copies = []

    def while_writing(tx: Tx) -> None:
        del tx
        copies.append(backup.back_up(floor.store, tmp_path / "copy.dock"))

    floor.do(while_writing)
    floor.add_order({"MUG": 1})
    fresh = open_store(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    restored = backup.restore(tmp_path / "copy.dock", fresh)
    with fresh.read() as tx:
        assert tx.scalar(select(func.count()).select_from(Order)) == 1
        assert verify(tx) == []
    assert restored.last == copies[0].last != ""


def test_a_restore_never_writes_over_a_store(floor: Floor, tmp_path: Path) -> None:
    backup.back_up(floor.store, tmp_path / "copy.dock")
    with pytest.raises(Refused) as refusal:
        backup.restore(tmp_path / "copy.dock", floor.store)
    assert refusal.value.code == "store_exists"


@pytest.mark.parametrize("damage", ["other", "torn", "missing"])
def test_what_is_no_whole_backup_is_refused(floor: Floor, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "copy.dock"
    backup.back_up(floor.store, file)
    if damage == "other":
        file.write_text("orders, not a store")
    elif damage == "torn":
        file.write_bytes(file.read_bytes()[:9000])
    else:
        file.unlink()
    with pytest.raises(Refused):
        backup.restore(file, open_store(f"sqlite:///{tmp_path / 'fresh.sqlite'}"))
    assert not (tmp_path / "fresh.sqlite").exists()


def test_a_postgres_store_is_backed_up_in_the_middle_of_work_and_restored(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCK_POSTGRES_BIN", str(postgres.tools()))
    url, empty = postgres.database(postgres.template), postgres.database()
    store, fresh = open_store(url), open_store(empty)
    floor = build_floor(store)
    floor.add_stock("MUG", "A-01-1", 5)
    floor.add_order({"MUG": 1})
    copies = []

    def while_writing(tx: Tx) -> None:
        del tx
        copies.append(backup.back_up(store, tmp_path / "copy.dump"))

    floor.do(while_writing)
    floor.add_order({"MUG": 1})
    with pytest.raises(Refused) as full:
        backup.restore(tmp_path / "copy.dump", store)
    assert full.value.code == "store_exists"
    restored = backup.restore(tmp_path / "copy.dump", fresh)
    with fresh.read() as tx:
        assert tx.scalar(select(func.count()).select_from(Order)) == 1
        assert verify(tx) == []
    assert restored.last == copies[0].last != ""
    assert restored.operations == copies[0].operations
    with pytest.raises(Refused) as other:
        backup.restore(tmp_path / "copy.dump", open_store(f"sqlite:///{tmp_path / 'x.sqlite'}"))
    assert other.value.code == "other_kind"
    for opened, name in ((store, url), (fresh, empty)):
        opened.close()
        postgres.drop(name)


def test_a_torn_dump_restores_nothing(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCK_POSTGRES_BIN", str(postgres.tools()))
    url, empty = postgres.database(postgres.template), postgres.database()
    store, fresh = open_store(url), open_store(empty)
    file = tmp_path / "copy.dump"
    backup.back_up(store, file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(Down):
        backup.restore(file, fresh)
    assert fresh.empty()
    for opened, name in ((store, url), (fresh, empty)):
        opened.close()
        postgres.drop(name)
