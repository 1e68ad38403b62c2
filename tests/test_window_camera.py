"""The camera at the real window: what lies before it counts when the step wants it, and is passed
over when not; pulled, it stops nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from tests.at_the_window import Hand, at_the_window
from tests.bench import picked
from tests.day_at_the_window import MUG, F, furnish, parcel_state
from tests.pictures import EAN13, QR, bench, put, symbol
from wms_app.base.codes import own
from wms_app.base.db import Store
from wms_app.office.people import service as people
from wms_app.outside.devices.camera.choosing import ChosenCamera
from wms_app.outside.devices.camera.frames import FolderSource
from wms_app.outside.devices.camera.live import LiveCamera, Pace
from wms_app.settings import load

QUICK = Pace(between=0.03, gone=0.3, reopen=0.05)
TOWEL = "6901234567908"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bench"
    made.mkdir()
    return made


@pytest.fixture
def hand(store: Store, tmp_path: Path, folder: Path, qtbot: QtBot) -> Iterator[Hand]:
    """A supervisor at a bench with a camera over it, an order of two mugs before her."""
    floor = furnish(store)
    picked(floor, {"MUG": 2}, "S-1")
    rule = text("UPDATE clients SET photograph_all = true")
    floor.do(lambda tx: tx.execute(rule) and None)
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        camera = ChosenCamera("")
        camera.setting = f"folder:{folder}"
        camera._camera = LiveCamera("over the bench", partial(FolderSource, folder, 0.1), QUICK)
        hand.workstation.station.camera = camera
        hand.sign_in("Ana Ruiz")
        yield hand


def strip(hand: Hand) -> tuple[str, str]:
    header = hand.window.shell.header
    return header.state("camera"), " ".join(header.story("camera"))


def in_sight(hand: Hand) -> list[str]:
    return [raw[3:] for raw in hand.workstation.station.camera.in_sight()]


def test_a_parcel_is_packed_by_showing_it_to_the_camera(hand: Hand, folder: Path) -> None:
    hand.until(lambda: strip(hand)[0] == "ok")
    hand.go("pack")
    undo, tote = symbol(own("CMD", "UNDO"), QR, 6), symbol(own("TOTE", "T-1"), QR, 6)
    put(folder, "a", bench(symbol(TOWEL, EAN13), undo, tote))
    hand.until(lambda: hand.view.step == "items")
    hand.key(F.Key_P, held=Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: TOWEL in hand.workstation.preview._codes)
    hand.keep("camera-preview")
    # The towel, the tote and the command sheet lie there on; nobody is told anything of them.
    put(folder, "a", bench(symbol(TOWEL, EAN13), undo, symbol(MUG, EAN13)))
    hand.until(lambda: hand.view.items[0].count.startswith("1"))
    assert "one more" in hand.window.answer_text
    put(folder, "a", bench(undo))
    hand.until(lambda: MUG not in in_sight(hand))
    put(folder, "a", bench(undo, symbol(MUG, EAN13)))
    hand.until(lambda: hand.view.step == "weigh")
    hand.keep("camera-weigh")
    hand.press(F.Key_F7, "450")
    assert hand.view.step == "stick"
    assert parcel_state(hand, "S-1") == "labelled"
    assert hand.one("SELECT length(content) FROM photographs") > 1000
    assert hand.verified()


def test_a_camera_that_is_pulled_stops_nobody_and_comes_back(hand: Hand, folder: Path) -> None:
    put(folder, "a", bench())
    hand.until(lambda: strip(hand)[0] == "ok")
    hand.go("pack")
    shutil.rmtree(folder)
    hand.until(lambda: strip(hand)[0] == "down")
    hand.keep("camera-pulled")
    assert "Go on with the scanner" in strip(hand)[1]
    for code in (own("TOTE", "T-1"), MUG):
        hand.scan(code)
    hand.scan(MUG)
    assert hand.view.step == "weigh"
    hand.press(F.Key_F7, "450")
    hand.hears("warn", "Stick the label on.", "No photograph")
    assert parcel_state(hand, "S-1") == "labelled"
    parcel = hand.one("SELECT id FROM parcels")
    hand.go("find")
    hand.window.talk.act("open", f"parcel:{parcel}")
    hand.settle()
    hand.keep("camera-card-missing")
    put(folder, "a", bench())
    hand.until(lambda: strip(hand)[0] == "ok")
    assert hand.verified()


def test_find_shows_the_photograph_on_the_parcels_card(hand: Hand, folder: Path) -> None:
    put(folder, "a", bench(symbol("SEALED", QR, 8)))
    hand.until(lambda: strip(hand)[0] == "ok")
    hand.go("pack")
    for code in (own("TOTE", "T-1"), MUG, MUG):
        hand.scan(code)
    hand.press(F.Key_F7, "450")
    hand.hears("done", "Stick the label on.")
    parcel = hand.one("SELECT id FROM parcels")
    hand.go("find")
    hand.scan(own("PARCEL", str(parcel)))
    hand.until(lambda: getattr(hand.view, "card", None) is not None)
    hand.settle()
    hand.keep("camera-card")
    assert not hand.screen._panel._picture.pixmap().isNull()  # type: ignore[attr-defined]


def test_an_admin_chooses_the_camera_in_setup_and_it_is_looked_through_at_once(
    store: Store, tmp_path: Path, folder: Path, qtbot: QtBot
) -> None:
    put(folder, "a", bench())
    furnish(store).do(lambda tx: people.add_user(tx, "Sol Vega", "admin", "9999"))
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Sol Vega")
        hand.go("setup")
        assert strip(hand)[0] == "off"  # no camera: the strip does not speak of one
        hand.window.talk.act("section", "devices")
        hand.until(lambda: hand.view.section == "devices")
        hand.tab_to("none")
        hand.clear_field()
        hand.fill("webcam")
        hand.press(F.Key_Return)
        hand.hears("bad", "webcam", "names no camera")
        hand.tab_to("webcam")
        hand.clear_field()
        hand.fill(f"folder:{folder}")
        hand.press(F.Key_Return)
        hand.until(lambda: strip(hand)[0] == "ok")
        hand.keep("camera-setup")
        assert load().camera == f"folder:{folder}"
