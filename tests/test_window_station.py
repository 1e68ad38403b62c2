"""The station's own devices at the window: a scanner on a serial port, sounds, the edge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.bench import picked
from tests.day_at_the_window import MUG, F, furnish, parcel_state
from tests.scanner_peer import ScannerPeer
from wms_app.base.codes import own
from wms_app.base.db import Store
from wms_app.office.people import service as people
from wms_app.settings import change, load


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[ScannerPeer]:
    """A scanner on its port."""
    peer = ScannerPeer(tmp_path)
    yield peer
    peer.unplug()


@pytest.fixture
def hand(store: Store, tmp_path: Path, qtbot: QtBot) -> Iterator[Hand]:
    """An admin at the window, one picked order of a mug and a towel before her."""
    floor = furnish(store)
    picked(floor, {"MUG": 1}, "S-1")
    picked(floor, {"MUG": 1}, "S-2", tote="T-2")
    floor.do(lambda tx: people.add_user(tx, "Sol Vega", "admin", "9999"))
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Sol Vega")
        yield hand


def strip(hand: Hand) -> tuple[str, str]:
    """The scanner's state in the strip, and what it says there."""
    header = hand.window.shell.header
    if "scanner" not in header.names():
        return "", ""
    return header.state("scanner"), " ".join(header.story("scanner"))


def said_by(hand: Hand, setting: str) -> str:
    """What the page of devices shows for one of them."""
    return next((row.cells[2] for row in hand.view.rows if row.cells[1] == setting), "")


def choose(hand: Hand, before: str, setting: str) -> None:
    """In Setup, by keys: another scanner."""
    hand.go("setup")
    hand.window.talk.act("section", "devices")
    hand.until(lambda: hand.view.section == "devices")
    hand.tab_to(before)
    hand.clear_field()
    hand.fill(setting)
    hand.press(F.Key_Return)


def test_a_scanner_on_a_port_packs_an_order_and_may_be_pulled_out(
    hand: Hand, peer: ScannerPeer
) -> None:
    assert strip(hand) == ("", ""), "nobody sees a device that the station does not have"
    choose(hand, "keyboard", "usb scanner")
    hand.hears("bad", "usb scanner", "names no scanner")
    choose(hand, "usb scanner", f"serial:{peer.port}")
    hand.hears("done", "Saved.")
    hand.until(lambda: strip(hand)[0] == "ok")
    hand.keep("station-setup")
    assert load().scanners == f"serial:{peer.port}"
    hand.go("pack")
    peer.send(own("TOTE", "T-1").encode() + b"\r\n" + MUG.encode() + b"\r\n")
    hand.until(lambda: hand.view.step == "weigh")
    peer.send(b"HALF")
    peer.unplug()
    hand.until(lambda: strip(hand)[0] == "down")
    assert "type the codes" in strip(hand)[1]
    hand.keep("station-scanner-pulled")
    hand.press(F.Key_F7, "268")
    assert parcel_state(hand, "S-1") == "labelled"
    hand.scan(own("TOTE", "T-2"))  # the keyboard scanner goes on
    peer.plug()
    hand.until(lambda: strip(hand)[0] == "ok")
    peer.send(MUG.encode() + b"\r")
    hand.until(lambda: hand.view.step == "weigh")
    hand.go("setup")
    hand.window.talk.act("section", "devices")
    hand.until(lambda: said_by(hand, f"serial:{peer.port}") == MUG)
    assert hand.verified()


def test_the_edge_flashes_with_every_answer_until_that_is_not_wanted(hand: Hand) -> None:
    hand.go("pack")
    edge = hand.window.edge
    seen: list[str] = []
    for bar in edge._bars:
        bar.installEventFilter(Shown(bar, seen))
    hand.scan("NOTHING")
    hand.hears("bad")
    assert seen == ["bad"] * 4
    hand.until(lambda: not edge.lit)
    choose(hand, "70", "101")
    hand.hears("bad", "no volume")
    choose(hand, "101", "35")
    hand.hears("done", "Saved.")
    assert (load().volume, hand.window.sounds.volume) == (35, 0.35)
    hand.workstation.station.change(flash=False)
    hand.until(lambda: not edge.on)
    hand.until(lambda: not edge.lit)
    hand.go("pack")
    seen.clear()
    hand.scan("NOTHING")
    assert seen == []


class Shown(QObject):
    """Notes the colour in which a bar of the edge is shown."""

    def __init__(self, bar: QWidget, seen: list[str]) -> None:
        super().__init__(bar)
        self._seen = seen

    def eventFilter(self, bar: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._seen.append(bar.color)  # type: ignore[attr-defined]
        return False


def test_what_another_program_set_meanwhile_is_not_written_back(hand: Hand) -> None:
    change(scale="hid")
    hand.workstation._theme_chosen("dark")
    assert (load().theme, load().scale) == ("dark", "hid")
    hand.workstation._theme_chosen("light")
