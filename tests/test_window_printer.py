"""A label printer at the window: chosen, tested, out of paper, cut off, and gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.bench import picked
from tests.day_at_the_window import MUG, F, furnish, parcel_state
from tests.printer_peer import impatient, jobs, printer, setting
from wms_app import window
from wms_app.base.codes import own
from wms_app.base.db import Store
from wms_app.office.people import service as people
from wms_app.outside.devices.simulated.printer import SimulatedPrinter
from wms_app.settings import load


@pytest.fixture
def peer() -> Iterator[SimulatedPrinter]:
    with printer() as made, impatient():
        yield made


@pytest.fixture
def hand(
    store: Store, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hand]:
    """An admin at the window, three picked orders of a mug each before her."""
    monkeypatch.setattr(window, "PRINTER_EVERY_MS", 50)
    floor = furnish(store)
    for number in "1234":
        picked(floor, {"MUG": 1}, f"S-{number}", tote=f"T-{number}")
    floor.do(lambda tx: people.add_user(tx, "Sol Vega", "admin", "9999"))
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Sol Vega")
        yield hand


def strip(hand: Hand) -> tuple[str, str]:
    header = hand.window.shell.header
    return header.state("labels"), " ".join(header.story("labels"))


def choose(hand: Hand, peer: SimulatedPrinter) -> None:
    hand.go("setup")
    hand.window.talk.act("section", "printers")
    hand.until(lambda: hand.view.section == "printers")
    hand.keep("printers-setup")
    hand.window.talk.act("choose", "shipping")
    hand.until(lambda: bool(hand.view.chosen))
    hand.tab_to("folder")
    hand.clear_field()
    hand.fill("zpl")
    hand.press(F.Key_Return)
    hand.hears("bad", "names no printer")
    hand.tab_to("zpl")
    hand.clear_field()
    hand.fill(setting(peer))
    hand.press(F.Key_Return)
    hand.hears("done", "Saved.")
    assert load().printers == {"shipping": setting(peer)}


def pack(hand: Hand, number: str) -> None:
    hand.scan(own("TOTE", f"T-{number}"))
    hand.scan(MUG)
    hand.press(F.Key_F7, "268")


def test_a_printer_is_chosen_tested_runs_out_of_paper_and_is_cut_off(
    hand: Hand, peer: SimulatedPrinter
) -> None:
    choose(hand, peer)
    hand.press(F.Key_F2)
    hand.hears("done", "Printed: test page")
    assert len(peer.printed) == 1
    hand.press(F.Key_F3)
    hand.hears("done", "ready")
    hand.keep("printers-tested")

    hand.go("pack")
    pack(hand, "1")
    assert hand.view.step == "stick"
    assert len(peer.printed) == 2

    peer.paper_out = True
    hand.until(lambda: strip(hand)[0] == "warn")
    assert "new roll" in strip(hand)[1]
    pack(hand, "2")
    hand.hears("warn", "new roll")
    hand.keep("printer-without-paper")
    assert parcel_state(hand, "S-2") == "labelled", "it is bought; only its paper is missing"
    peer.paper_out = False
    hand.until(lambda: strip(hand)[0] == "ok")
    hand.press(F.Key_F2)
    assert len(peer.printed) == 3

    peer.cut_after, peer.cut_loses = 1, True
    pack(hand, "3")
    hand.hears("warn", "did the label come out?")
    hand.until(lambda: strip(hand)[0] == "down")
    hand.keep("printer-cut-off")
    peer.plug()
    hand.until(lambda: strip(hand)[0] == "ok")
    hand.go("setup")
    hand.window.talk.act("jobs")
    hand.until(lambda: hand.view.section == "jobs")
    newest = hand.view.rows[0]
    assert "did it come out?" in newest.cells[3]
    hand.window.talk.act("choose", newest.key)
    hand.until(lambda: hand.view.chosen == newest.key)
    hand.keep("printer-jobs")
    hand.press(F.Key_F2, "")
    hand.hears("done", "Printed:")
    assert len(peer.printed) == 4

    hand.go("pack")
    peer.cut_after, peer.cut_loses = 1, False
    pack(hand, "4")
    hand.hears("warn", "did the label come out?")
    peer.plug()
    hand.keep("printer-did-it-come-out")
    hand.press(F.Key_F4)
    hand.hears("done", "Stick the label on.")
    assert len(peer.printed) == 5
    states = [state for _name, state in jobs(hand.store)]
    assert states == ["done", "done", "done", "reprinted", "done", "done"]
    assert hand.verified()
