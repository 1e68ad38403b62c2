"""Devices in Setup at the window: found, taken into use, tested, put away; a scanner is learned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.bench_peers import BenchPeers
from tests.day_at_the_window import MUG, F, furnish
from wms_app.base.db import Store
from wms_app.base.gs1 import GS
from wms_app.office.people import service as people
from wms_app.outside.devices import finding
from wms_app.outside.devices.scanners.learning import DIGITS, LETTERS, SEPARATORS
from wms_app.settings import load

KNOWN = "Honeywell_Voyager_1470"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BenchPeers]:
    """Devices, and what Linux would tell of them."""
    made = BenchPeers(tmp_path / "bench")
    by_id, video, printers = (tmp_path / name for name in ("by-id", "video", "usbmisc"))
    by_id.mkdir()
    (by_id / f"usb-{KNOWN}_0123-if00").symlink_to(made.scanner.port)
    (by_id / "usb-METTLER_TOLEDO_BC60-if00-port0").symlink_to(made.scale.port)
    for node, index in (("video0", "0"), ("video1", "1")):
        (video / node).mkdir(parents=True)
        (video / node / "name").write_text("Document camera\n", "ascii")
        (video / node / "index").write_text(f"{index}\n", "ascii")
    said = printers / "lp0" / "device"
    said.mkdir(parents=True)
    (said / "ieee1284_id").write_text("MFG:TSC;CMD:TSPL2;MDL:TE200;CLS:PRINTER;\n", "ascii")
    monkeypatch.setattr(finding, "BY_ID", by_id)
    monkeypatch.setattr(finding, "VIDEO", video)
    monkeypatch.setattr(finding, "USB_PRINTERS", printers)
    yield made
    made.close()


@pytest.fixture
def hand(store: Store, tmp_path: Path, qtbot: QtBot, bench: BenchPeers) -> Iterator[Hand]:
    """An admin before the page of devices."""
    assert bench.scanner.port.exists()
    floor = furnish(store)
    floor.do(lambda tx: people.add_user(tx, "Sol Vega", "admin", "9999"))
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Sol Vega")
        hand.go("setup")
        hand.window.talk.act("section", "devices")
        hand.until(lambda: hand.view.section == "devices")
        yield hand


def choose(hand: Hand, words: str) -> None:
    """The row that shows these words."""
    (row,) = [row for row in hand.view.rows if any(words in cell for cell in row.cells)]
    hand.window.talk.act("choose", row.key)
    hand.until(lambda: hand.view.chosen == row.key)
    hand.settle()


def says(hand: Hand, words: str) -> str:
    return " ".join(
        row.cells[2] for row in hand.view.rows if any(words in cell for cell in row.cells)
    )


def strip(hand: Hand, device: str) -> str:
    header = hand.window.shell.header
    return header.state(device) if device in header.names() else ""


def test_what_is_plugged_in_is_found_and_taken_into_use(hand: Hand, bench: BenchPeers) -> None:
    hand.keep("devices-found")
    names = [row.cells[0] for row in hand.view.rows if row.off]
    assert names == [
        "Honeywell Voyager 1470 0123",
        "METTLER TOLEDO BC60",
        "Document camera",
        "TSC TE200",
    ]
    choose(hand, "Honeywell")
    hand.press(F.Key_F5)
    hand.hears("done", "Honeywell", "is used")
    hand.until(lambda: strip(hand, "scanner") == "ok")
    bench.do(f"scan {MUG}")
    hand.until(lambda: says(hand, KNOWN) == MUG)
    assert hand.window.answer_text == f"Heard: {MUG}"

    choose(hand, "METTLER")
    bench.do("weigh 1234")
    hand.press(F.Key_F6)
    hand.until(lambda: strip(hand, "scale") == "ok")
    hand.window.talk.act("choose", next(r.key for r in hand.view.rows if r.cells[0] == "Scale"))
    hand.settle()
    hand.press(F.Key_F2)
    hand.hears("ok", "1.234 kg")

    choose(hand, "TSC")
    hand.press(F.Key_F5)
    printers = load().printers
    assert printers["shipping"] == printers["bin"] == "tspl:/dev/usb/lp0"
    assert "pick_list" not in printers
    hand.until(lambda: "Bin label" in says(hand, "tspl:/dev/usb/lp0"))
    hand.keep("devices-used")
    assert [row.cells[0] for row in hand.view.rows if row.off] == ["Document camera"]

    choose(hand, KNOWN)
    hand.press(F.Key_F8)
    hand.hears("done", "used no more")
    assert load().scanners == ""
    assert "Honeywell Voyager 1470 0123" in [row.cells[0] for row in hand.view.rows if row.off]
    assert strip(hand, "scanner") == ""


def test_what_is_plugged_in_later_is_found_when_looked_for(hand: Hand, tmp_path: Path) -> None:
    later = tmp_path / "later"
    later.write_bytes(b"")
    (finding.BY_ID / "usb-Zebra_DS2208-if00").symlink_to(later)
    hand.press(F.Key_F3)
    hand.hears("done", "Looked")
    assert "Zebra DS2208" in [row.cells[0] for row in hand.view.rows]


def heard(hand: Hand, code: str, step: int) -> None:
    hand.settle()
    hand._burst(code)
    hand.until(lambda: hand.view.learning is not None and hand.view.learning.step == step)
    hand.settle()


def test_three_codes_teach_how_a_scanner_types_and_its_scans_count_from_then(hand: Hand) -> None:
    hand.press(F.Key_F4)
    hand.until(lambda: hand.view.learning is not None)
    hand.keep("learn-1")
    hand._burst("SOMETHING-ELSE")
    hand.until(lambda: "is not the code" in hand.window.answer_text)
    heard(hand, f"~{LETTERS}$", 2)
    hand.keep("learn-2")
    heard(hand, f"~{SEPARATORS.replace(GS, '|')}$", 3)
    heard(hand, f"~{DIGITS}$", 4)
    hand.keep("learn-done")
    assert all(well for well, _words in hand.view.learning.remarks)
    hand.press(F.Key_F6)
    hand.hears("done", "Kept")
    assert hand.view.section == "devices"
    assert "“~” before" in says(hand, "keyboard")
    kept = load()
    assert (kept.scanner_prefix, kept.scanner_suffix, kept.scanner_separator) == ("~", "$", "|")
    hand.go("find")
    hand.scan(f"~{SEPARATORS.replace(GS, '|')}$")
    assert "09506000134352" in hand.window.answer_text + hand.told.detail
