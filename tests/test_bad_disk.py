"""A full, read-only, held or damaged store: said in words, nothing half done, all well after."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection, bindparam, event, insert, select

from tests.bad_disk import (
    BROKEN,
    DAMAGED,
    FULL,
    HELD,
    NOBODY,
    PATIENCE_S,
    READ_ONLY,
    SHUT,
    Said,
    Shelf,
    bound_by_rights,
    commands,
    damage_end,
    damage_header,
    damage_table,
    held,
    overwrite,
    page_size,
    refused,
    room_for,
    shelf_in,
    url_of,
)
from tests.builders import SKUS, Floor
from tests.journeys import STAGES, released, steps
from tests.parcels import add_lanes
from wms_app import cli
from wms_app.app import open_store
from wms_app.base import backup, clock, embedded
from wms_app.base.codes import Scan, new_id, own
from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared, wrapped
from wms_app.base.refusal import Down, Refused
from wms_app.base.turns import Turns
from wms_app.desk import messages
from wms_app.desk.talk import Talk, Told
from wms_app.desk.work import Worker
from wms_app.floor.catalog.model import Bin
from wms_app.floor.orders.model import OrderLine
from wms_app.floor.picking.presenter import PickPresenter
from wms_app.floor.stock import service as stock
from wms_app.floor.stock.model import Stock
from wms_app.office.find.story import story
from wms_app.office.verify.doctor import look
from wms_app.office.verify.service import verify

MUG = SKUS[0][2]


@pytest.fixture
def shelf(tmp_path: Path, made_once: Path) -> Iterator[Shelf]:
    with shelf_in(tmp_path, made_once) as made:
        yield made


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user of this machine can reach, unlike those of the test run."""
    folder = Path(tempfile.mkdtemp(prefix="dock-"))
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


@pytest.mark.parametrize("pages", [0, 1, 3])
def test_a_disk_that_fills_up_in_the_middle_of_a_scan_saves_nothing_of_it(
    shelf: Shelf, pages: int
) -> None:
    operation = new_id()
    log = Path(f"{shelf.file}-wal").stat().st_size
    with room_for(log + pages * (page_size(shelf.file) + 24)):  # each has a head in the log
        refused(lambda: shelf.add(operation), FULL, BROKEN)
        refused(lambda: shelf.add(operation), FULL, BROKEN)
        assert shelf.times(operation) == 0
    shelf.goes_on(operation)


def test_a_disk_without_room_for_a_byte_does_not_end_the_queue_of_writers(shelf: Shelf) -> None:
    operation = new_id()
    with room_for(0):
        refused(lambda: shelf.add(operation), FULL, BROKEN)
    shelf.goes_on(operation)
    drawn = Path(f"{shelf.file}-turns").read_bytes()
    shelf.add(new_id())
    assert Path(f"{shelf.file}-turns").read_bytes() != drawn


def test_a_store_that_may_not_grow_says_that_the_disk_is_full(shelf: Shelf) -> None:
    operation = new_id()

    def limit(pages: str) -> None:
        with shelf.floor.store.read() as tx:  # on the connection that is kept
            tx.conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def many(tx: Tx) -> None:
        stock.apply(tx, [stock.Change(shelf.row, 1, 0, "opening")])
        tx.execute(insert(Bin), bins(2000))

    limit("1")  # SQLite makes of it as many as there are
    refused(lambda: shelf.floor.store.write(operation, shelf.floor.who(), "many", many), FULL)
    assert shelf.times(operation) == 0
    limit("1073741823")
    shelf.goes_on(operation)


def bins(count: int) -> list[dict[str, Any]]:
    made = range(1000, 1000 + count)
    return [
        {"warehouse_id": 1, "code": f"C-{n}", "zone": "C", "kind": "pick", "walk": n} for n in made
    ]


def test_a_small_disk_that_is_really_full_is_told_and_worked_on_after_making_room(
    tmp_path: Path, made_once: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(mount).returncode:
        pytest.skip("only root may put a small disk under a folder")
    try:
        with shelf_in(disk, made_once) as shelf:
            operation, filler = new_id(), disk / "film"
            with filler.open("wb", buffering=0) as film, suppress(OSError):
                while film.write(bytes(4096)):
                    pass
            refused(lambda: shelf.add(operation), FULL)
            with pytest.raises(Down) as failed:
                backup.back_up(shelf.floor.store, disk / "copy.dock")
            assert failed.value.what == "disk"
            assert sorted(disk.glob("copy*")) == []
            filler.unlink()
            shelf.goes_on(operation)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("by_sqlalchemy", [False, True], ids=["prepared", "not prepared"])
def test_a_commit_that_failed_when_it_was_on_the_disk_already_counts_once(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, by_sqlalchemy: bool
) -> None:
    operation = new_id()
    failed: list[sqlite3.Error] = []
    end = embedded.end

    def lose_the_answer(raw: sqlite3.Connection) -> None:
        if not failed:
            raw.execute("COMMIT")
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
            failed.append(error)
            raise wrapped("COMMIT", error)

    def no_answer(raw: sqlite3.Connection, *, kept: bool) -> None:
        lose_the_answer(raw)
        end(raw, kept=kept)

    def no_answer_to_it(conn: Connection) -> None:
        lose_the_answer(conn.connection.driver_connection)  # type: ignore[arg-type]

    def add(tx: Tx) -> int:
        stock.apply(tx, [stock.Change(shelf.row, 1, 0, "opening")])
        return int(tx.scalar(select(Stock.on_hand).where(Stock.id == shelf.row)))

    if by_sqlalchemy:
        event.listen(shelf.floor.store.engine, "commit", no_answer_to_it)
        assert shelf.floor.store.write(operation, shelf.floor.who(), "opening", add) == 6
    else:
        monkeypatch.setattr(embedded, "end", no_answer)
        assert shelf.add(operation) == 6
    assert len(failed) == 1
    shelf.goes_on(operation)


@pytest.mark.parametrize("wholly", [False, True], ids=["for writing", "wholly"])
def test_a_store_held_by_another_program_is_waited_for_once(shelf: Shelf, wholly: bool) -> None:
    operation = new_id()
    shelf.floor.store.close()
    with held(shelf.file, wholly=wholly):
        began = time.monotonic()
        refused(lambda: shelf.add(operation), HELD)
        assert PATIENCE_S * 0.9 < time.monotonic() - began < PATIENCE_S * 3
    shelf.goes_on(operation)


def test_who_waited_in_the_queue_has_the_less_patience_with_the_store(shelf: Shelf) -> None:
    operation = new_id()
    with held(shelf.file), Turns(shelf.file).turn(1):
        began = time.monotonic()
        refused(lambda: shelf.add(operation), HELD)
        assert PATIENCE_S * 0.9 < time.monotonic() - began < PATIENCE_S * 1.8
    with held(shelf.file):  # and the next time as much as ever
        began = time.monotonic()
        refused(lambda: shelf.add(operation), HELD)
        assert time.monotonic() - began > PATIENCE_S * 0.9
    shelf.goes_on(operation)


@pytest.mark.parametrize(
    ("file", "folder", "words"),
    [
        (0o444, 0o777, READ_ONLY),
        (0o666, 0o555, READ_ONLY),
        (0o444, 0o555, READ_ONLY),
        (0o000, 0o777, SHUT),
    ],
    ids=["file", "folder", "both", "not even read"],
)
def test_a_store_that_can_only_be_read_says_so(
    open_folder: Path, made_once: Path, file: int, folder: int, words: str
) -> None:
    operation = new_id()
    with shelf_in(open_folder, made_once) as shelf:
        shelf.floor.store.close()
        for place in open_folder, *open_folder.iterdir():
            if os.geteuid() == 0:
                os.chown(place, NOBODY, NOBODY)
        shelf.file.chmod(file)
        open_folder.chmod(folder)
        with bound_by_rights():
            poor = open_store(shelf.url)
            refused(lambda: shelf.add(operation, poor), words)
            poor.close()
            open_folder.chmod(0o777)
            shelf.file.chmod(0o666)
            shelf.goes_on(operation, poor)
            poor.close()


@pytest.mark.parametrize(
    "damage",
    [damage_header, damage_end, damage_table("operations"), damage_table("stock")],
    ids=["header", "truncated", "first page of a scan", "a page in the middle of a scan"],
)
def test_a_damaged_store_asks_for_the_last_backup_which_goes_on(
    shelf: Shelf, damage: Callable[[Path], None]
) -> None:
    operation, copy = new_id(), shelf.file.with_name("copy.dock")
    backup.back_up(shelf.floor.store, copy)
    shelf.floor.store.close()
    damage(shelf.file)
    refused(lambda: shelf.add(operation), DAMAGED)
    refused(shelf.floor.store.examine, DAMAGED)
    refused(lambda: backup.back_up(shelf.floor.store, shelf.file.with_name("bad")), DAMAGED)
    assert not shelf.file.with_name("bad").exists()
    shelf.floor.store.close()
    shelf.file.rename(shelf.file.with_name("damaged"))
    backup.restore(copy, shelf.floor.store)
    shelf.goes_on(operation)


def test_damage_behind_the_first_rows_of_a_list_is_told_as_damage(shelf: Shelf) -> None:
    shelf.floor.do(lambda tx: tx.execute(insert(Bin), bins(2000)) and None)
    shelf.floor.store.close()
    with closing(sqlite3.connect(shelf.file)) as look:
        page = look.execute("SELECT rootpage FROM sqlite_master WHERE name = 'bins'").fetchone()[0]
    content = shelf.file.read_bytes()
    size = page_size(shelf.file)
    last = int.from_bytes(content[(page - 1) * size + 8 :][:4], "big")  # an inner page's last child
    overwrite(shelf.file, (last - 1) * size, size)
    listed = Prepared(select(Bin.zone).where(Bin.warehouse_id >= bindparam("of")))

    def look_at_all() -> None:
        with shelf.floor.store.read() as tx:
            listed.rows(tx, of=0)

    refused(look_at_all, DAMAGED)


def test_what_an_older_store_left_beside_is_not_read_into_a_restored_one(shelf: Shelf) -> None:
    copy = shelf.file.with_name("copy.dock")
    backup.back_up(shelf.floor.store, copy)
    other = shelf.file.with_name("other.sqlite")
    shutil.copy(f"{shelf.file}-wal", f"{other}-wal")
    with pytest.raises(Refused) as refusal:
        backup.restore(copy, open_store(url_of(other)))
    assert refusal.value.code == "store_exists"
    assert f"{other}-wal" in refusal.value.text
    assert not other.exists()


def test_a_lost_log_loses_the_last_scans_whole_and_they_can_be_sent_again(shelf: Shelf) -> None:
    operation = new_id()
    with closing(sqlite3.connect(shelf.file)) as other:
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    shelf.add(operation)
    alone = shelf.file.with_name("alone.sqlite")
    shutil.copy(shelf.file, alone)  # the file as it lies there, without the log beside it
    store = open_store(url_of(alone))
    shelf.goes_on(operation, store)
    store.close()


@pytest.mark.parametrize("at", STAGES[1:])
def test_a_clock_set_back_an_hour_between_two_scans_changes_nothing(floor: Floor, at: str) -> None:
    add_lanes(floor)
    floor.add_stock("MUG", "A-01-1", 5)
    order_id = floor.add_order({"MUG": 2})
    began = datetime.now(UTC)
    way = steps(floor, order_id)
    for stage in STAGES[1:]:
        if stage == at:
            clock.set_clock(lambda: datetime.now(UTC) - timedelta(hours=1))
        way[stage]()
    with floor.store.read() as tx:
        assert verify(tx) == []
        told = story(tx, "order", order_id)
    assert [line.number for line in told] == sorted(line.number for line in told)
    assert any(line.at < began for line in told)


class Station:
    """The Pick room of a station, worked by scans; what it told is kept."""

    def __init__(self, floor: Floor, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.worker = Worker()
        self.worker.start()
        self.talk = Talk(self.worker)
        self.talk.was_applied = floor.store.was_applied
        self.heard: list[Told] = []
        self.talk.told.connect(self.heard.append)
        self.talk.enter("pick", lambda: PickPresenter(floor.store, floor.who("picker")))
        self.wait()

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: self.worker.idle(), timeout=10_000)

    def scan(self, *codes: str) -> Told:
        """Scan one after the other; gives the last answer."""
        for code in codes:
            self.talk.scan(Scan(code))
            self.wait()
        return self.heard[-1]


@pytest.mark.parametrize("trouble", ["full", "held"])
def test_a_station_tells_the_trouble_and_picks_on_when_it_is_over(
    shelf: Shelf, qtbot: QtBot, trouble: str
) -> None:
    code = released(shelf.floor, shelf.floor.add_order({"MUG": 2}))
    station = Station(shelf.floor, qtbot)
    station.scan(own("LIST", code), own("BIN", "A-01-1"))
    before = station.heard[-1].view
    with room_for(0) if trouble == "full" else held(shelf.file):
        for told in (station.scan(MUG), station.scan(MUG)):
            assert (told.code, told.down, told.report) == ("down", "store", "")
            assert told.answer is not None
            assert told.answer.kind == "warn"
            assert any(said in told.answer.text for said in (FULL, BROKEN, HELD))
            assert told.view == before
    assert station.scan(MUG).code == ""
    done = station.scan(MUG, own("TOTE", "T-1")).answer
    assert done is not None
    assert done.kind == "done"
    station.worker.stop()
    with shelf.floor.store.read() as tx:
        assert tx.scalars(select(OrderLine.picked)) == [2]
        assert verify(tx) == []


def test_a_bug_is_told_with_its_report_when_there_is_no_place_to_write_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "no folder").write_text("")
    monkeypatch.setenv("DOCK_DATA", str(tmp_path / "no folder"))
    messages._log.cache_clear()
    verdict = messages.judge(ValueError("a bug"), {})
    assert verdict.code == "bug"
    assert verdict.report in caplog.text


def says(said: Said, words: str, code: str = "down:store") -> None:
    """The command ended with these words: in one line for a person, in a document for a program."""
    assert said.code == 1
    assert said.words.startswith(words)
    assert said.words.count("\n") == 1
    assert said.document["refused"] == code
    assert said.document["text"].startswith(words)


def doctor_says(said: Said, words: str, check: str = "store") -> None:
    """The doctor found this not well, and says why."""
    assert (said.code, said.words) == (1, "")
    (found,) = [one for one in said.document["checks"] if one["name"] == check]
    assert not found["well"]
    assert found["text"].startswith(words)


def looked(shelf: Shelf) -> tuple[bool, str]:
    """What the doctor's look at the store gives: whether it is well, and the words."""
    (found,) = [one for one in look(shelf.floor.store, shelf.file.parent) if one.name == "store"]
    return found.well, found.text


def test_a_folder_of_papers_that_cannot_be_made_is_told_in_words(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = shelf.file / "papers"  # a file is no folder
    line = ["wms", "day", "--out", str(place), "--store", shelf.url, "--json"]
    monkeypatch.setattr(sys, "argv", line)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    says(Said(int(str(ended.value.code)), err, json.loads(out)), "This can't be read", "file")
    assert str(place) in err


def test_the_command_and_the_doctor_say_that_the_disk_is_full(shelf: Shelf) -> None:
    shelf.floor.add_order({"MUG": 2})
    allocate, doctor = commands(shelf, "allocate", "doctor", size=0)
    says(allocate, BROKEN)
    doctor_says(doctor, "This can't be read or written: ", "disk")
    shelf.goes_on(new_id())


def test_the_command_and_the_doctor_say_that_the_store_can_only_be_read(shelf: Shelf) -> None:
    shelf.floor.add_order({"MUG": 2})
    shelf.floor.store.close()
    shelf.file.chmod(0o444)
    allocate, doctor = commands(shelf, "allocate", "doctor", bound=True)
    says(allocate, READ_ONLY)
    doctor_says(doctor, READ_ONLY)
    shelf.file.chmod(0o644)
    shelf.goes_on(new_id())


def test_the_command_and_the_doctor_say_that_the_store_is_held(shelf: Shelf) -> None:
    shelf.floor.add_order({"MUG": 2})
    with held(shelf.file):
        (allocate,) = commands(shelf, "allocate")
        well, words = looked(shelf)
    says(allocate, HELD)
    assert not well
    assert words.startswith(HELD)
    assert looked(shelf)[0]
    shelf.goes_on(new_id())


def test_the_command_and_the_doctor_say_that_the_store_is_damaged(shelf: Shelf) -> None:
    shelf.floor.add_order({"MUG": 2})
    copy = shelf.file.with_name("copy.dock")
    backup.back_up(shelf.floor.store, copy)
    shelf.floor.store.close()
    damage_table("stock")(shelf.file)
    (allocate,) = commands(shelf, "allocate")
    says(allocate, DAMAGED)
    assert looked(shelf) == (False, DAMAGED)
    shelf.floor.store.close()
    shelf.file.rename(shelf.file.with_name("damaged"))
    backup.restore(copy, shelf.floor.store)
    shelf.goes_on(new_id())
