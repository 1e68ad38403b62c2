"""The bench without hardware: a parcel goes through with every device pulled at every step."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.bench import picked
from tests.bench_peers import HELP, BenchPeers
from tests.day_at_the_window import MUG, F, furnish, parcel_state
from wms_app import window
from wms_app.base.codes import own
from wms_app.base.db import Store
from wms_app.office.verify.doctor import Devices, look
from wms_app.outside.devices.printers import line_printer
from wms_app.outside.devices.printers import zpl as zpl_printer

ROOT = Path(__file__).resolve().parents[1]
DEVICES = ("scanner", "scale", "printer", "camera")
STEPS = ("tote", "item", "weight", "label")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[BenchPeers]:
    made = BenchPeers(tmp_path / "bench")
    yield made
    made.close()


@pytest.fixture
def hand(
    store: Store,
    tmp_path: Path,
    qtbot: QtBot,
    bench: BenchPeers,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Hand]:
    """A packer at a bench with all these devices, picked orders of a mug each before her."""
    monkeypatch.setattr(window, "PRINTER_EVERY_MS", 50)
    monkeypatch.setattr(zpl_printer, "ANSWER_S", 0.3)
    monkeypatch.setattr(line_printer, "FULL_S", 0.3)
    floor = furnish(store)
    for number in range(1, 1 + len(STEPS)):
        picked(floor, {"MUG": 1}, f"S-{number}", tote=f"T-{number}")
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        station = hand.workstation.station
        hand.sign_in("Ana Ruiz")
        said = bench.settings()
        station.choose_scale(str(said["scale"]))
        station.choose_printers(said["printers"])  # type: ignore[arg-type]
        station.change(scanners=said["scanners"], camera=said["camera"])
        hand.until(lambda: strip(hand, "camera") == "ok")
        hand.until(lambda: strip(hand, "scanner") == "ok")
        hand.until(lambda: strip(hand, "scale") == "ok")
        hand.go("pack")
        yield hand


def strip(hand: Hand, device: str) -> str:
    header = hand.window.shell.header
    return header.state(device) if device in header.names() else ""


def shown(device: str) -> str:
    return {"printer": "labels"}.get(device, device)


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_pulled_at_any_step_leaves_the_packer_able_to_go_on(
    hand: Hand, bench: BenchPeers, device: str
) -> None:
    for number, step in enumerate(STEPS, 1):
        pack_without(hand, bench, device, step, number)
    assert hand.verified()


def pack_without(hand: Hand, bench: BenchPeers, device: str, step: str, number: int) -> None:
    """The order S-number, with the device pulled just before this step and put back after."""

    def at(now: str) -> None:
        if now == step:
            bench.do(f"unplug {device}")
            hand.until(lambda: strip(hand, shown(device)) == "down")

    def scans(now: str, code: str) -> None:
        if device == "scanner" and STEPS.index(step) <= STEPS.index(now):
            hand.type(code)
        else:
            bench.do(f"scan {code}")

    printed = len(bench.printer.printed)
    at("tote")
    scans("tote", own("TOTE", f"T-{number}"))
    hand.until(lambda: hand.view.step == "items")
    at("item")
    scans("item", MUG)
    hand.until(lambda: hand.view.step == "weigh")
    at("weight")
    at("label")
    if device == "scale":
        hand.press(F.Key_F7, "268")
    else:
        bench.do("weigh 268")
    hand.until(lambda: hand.view.step == "stick")
    hand.settle()
    assert parcel_state(hand, f"S-{number}") == "labelled"
    if device == "printer":
        assert len(bench.printer.printed) == printed
        bench.do("plug printer")
        hand.until(lambda: strip(hand, "labels") == "ok")
        hand.press(F.Key_F2)
    hand.until(lambda: len(bench.printer.printed) == printed + 1)
    if device != "printer":
        bench.do(f"plug {device}")
    bench.do("empty")
    hand.until(lambda: strip(hand, shown(device)) == "ok")
    hand.until(lambda: hand.pan_was_empty)


@pytest.mark.parametrize(
    ("trouble", "mended", "words"),
    [("head open", "head closed", "close its head"), ("pause on", "pause off", "Pause")],
)
def test_a_printer_that_stands_still_says_why_and_prints_when_it_can(
    hand: Hand, bench: BenchPeers, trouble: str, mended: str, words: str
) -> None:
    bench.do(trouble)
    hand.until(lambda: strip(hand, "labels") == "warn")
    assert words in " ".join(hand.window.shell.header.story("labels"))
    hand.scan(own("TOTE", "T-1"))
    hand.scan(MUG)
    hand.press(F.Key_F7, "268")
    hand.hears("warn", words)
    hand.keep(f"printer-{trouble.split()[0]}")
    assert parcel_state(hand, "S-1") == "labelled"
    bench.do(mended)
    hand.until(lambda: strip(hand, "labels") == "ok")
    hand.press(F.Key_F2)
    hand.until(lambda: len(bench.printer.printed) == 1)
    assert hand.verified()


def test_a_packer_scans_twice_and_the_label_comes_out(hand: Hand, bench: BenchPeers) -> None:
    hand.until(lambda: hand.pan_was_empty)
    bench.do(f"scan {own('TOTE', 'T-1')} {MUG}")
    hand.until(lambda: hand.view.step == "weigh")
    bench.do("weigh 268")
    hand.until(lambda: len(bench.printer.printed) == 1)
    hand.until(lambda: hand.view.step == "stick")
    assert parcel_state(hand, "S-1") == "labelled"
    assert len(list((bench.printed).glob("*.zpl"))) == 1
    assert hand.verified()


def test_the_doctor_tells_of_every_device_of_the_bench(
    bench: BenchPeers, store: Store, tmp_path: Path
) -> None:
    said = bench.settings()
    printers = {"shipping": str(dict(said["printers"])["shipping"])}  # type: ignore[call-overload]
    devices = Devices(str(said["scale"]), str(said["camera"]), str(said["scanners"]), printers)
    bench.do("weigh 1234")

    def told() -> dict[str, tuple[bool, str]]:
        return {one.name: (one.well, one.text) for one in look(store, tmp_path, devices)}

    well = told()
    assert well["scale"][1].startswith("1.234 kg")
    assert well["scanners"] == (True, str(bench.scanner.port))
    assert well["printers"] == (True, f"{printers['shipping']}: ready")
    bench.do("paper out")
    bench.do("unplug scanner")
    bad = told()
    assert not bad["printers"][0]
    assert "new roll" in bad["printers"][1]
    assert not bad["scanners"][0]
    assert str(bench.scanner.port) in bad["scanners"][1]


def test_the_command_says_the_settings_and_hears_what_happens(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "devices"), "--folder", str(tmp_path / "b")],
        input="weigh 270\nscan ABC\npaper out\nnonsense\nquit\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ,
    )
    settings = tomllib.loads(done.stdout[: done.stdout.index("scan CODE")])
    assert str(settings["scale"]).endswith(":mt-sics")
    assert settings["printers"]["shipping"].startswith("zpl:127.0.0.1:")
    after = done.stdout.split(HELP, 1)[1]
    assert after.count("done") == 3
    assert HELP in after
