"""A real scale at the window: seen in the strip, weighing by itself, pulled out and put back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.at_the_window import Hand, at_the_window
from tests.bench import picked
from tests.day_at_the_window import MUG, F, furnish, parcel_state
from tests.scale_peer import Peer
from tests.test_scales import QUICK
from wms_app.base.codes import own
from wms_app.base.db import Store
from wms_app.office.people import service as people
from wms_app.outside.devices.scales.live import LiveScale, Wanted
from wms_app.outside.devices.scales.protocols import BY_NAME
from wms_app.outside.devices.scales.wire import SerialWire
from wms_app.settings import load


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    """A scale on its port."""
    peer = Peer(tmp_path, "toledo-continuous")
    yield peer
    peer.unplug()


@pytest.fixture
def hand(store: Store, tmp_path: Path, qtbot: QtBot, peer: Peer) -> Iterator[Hand]:
    """A supervisor at a bench with that scale, two picked orders of a mug each before her."""
    floor = furnish(store)
    picked(floor, {"MUG": 1}, "S-1")
    picked(floor, {"MUG": 1}, "S-2", tote="T-2")
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        wanted = Wanted(str(peer.port), BY_NAME[peer.language])
        scale = LiveScale(wanted, partial(SerialWire, str(peer.port)), QUICK)
        hand.workstation.station.scale.close()
        hand.workstation.station.scale = scale
        hand.sign_in("Ana Ruiz")
        yield hand


def strip(hand: Hand) -> tuple[str, str]:
    """The scale's state in the strip, and what it says there."""
    header = hand.window.shell.header
    return header.state("scale"), header.story("scale")[0] + header.story("scale")[1]


def test_two_parcels_are_weighed_by_themselves_and_a_pulled_scale_stops_nobody(
    hand: Hand, peer: Peer
) -> None:
    hand.until(lambda: strip(hand)[0] == "ok" and "0.000 kg" in strip(hand)[1])
    hand.go("pack")
    hand.scan(own("TOTE", "T-1"))
    hand.scan(MUG)
    assert hand.view.step == "weigh"
    peer.put(300, stable=False)
    hand.until(lambda: strip(hand)[0] == "moving")
    hand.keep("scale-moving")
    assert hand.view.step == "weigh"
    peer.put(270)
    hand.until(lambda: hand.view.step == "stick")
    hand.until(lambda: strip(hand)[0] == "ok")
    hand.keep("scale-weighed")
    assert hand.one("SELECT grams FROM parcels WHERE weight_by = 'scale'") == 270

    hand.scan(own("TOTE", "T-2"))
    hand.scan(MUG)
    assert hand.view.step == "weigh"  # the first parcel still lies there
    peer.unplug()
    hand.until(lambda: strip(hand)[0] == "down")
    hand.keep("scale-pulled")
    assert "type the weight" in strip(hand)[1]
    hand.press(F.Key_F7, "268")
    assert hand.view.step == "stick"
    assert parcel_state(hand, "S-2") == "labelled"
    peer.put(0)
    peer.plug()
    hand.until(lambda: strip(hand)[0] == "ok")
    assert hand.all("SELECT grams FROM parcels ORDER BY grams") == [268, 270]
    assert hand.verified()


def test_an_admin_chooses_the_scale_and_it_weighs_at_once(
    store: Store, tmp_path: Path, qtbot: QtBot, peer: Peer
) -> None:
    furnish(store).do(lambda tx: people.add_user(tx, "Sol Vega", "admin", "9999"))
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Sol Vega")
        hand.go("setup")
        hand.until(lambda: strip(hand)[0] == "off")
        hand.window.talk.act("section", "devices")
        hand.until(lambda: hand.view.section == "devices")
        hand.keep("scale-setup")
        hand.tab_to("typed")
        hand.clear_field()
        hand.fill("seriel:1")
        hand.press(F.Key_Return)
        hand.hears("bad", "seriel:1", "names no scale")
        hand.tab_to("seriel:1")
        hand.clear_field()
        hand.fill(f"serial:{peer.port}:toledo-continuous")
        hand.press(F.Key_Return)
        hand.hears("done", "Saved.")
        peer.put(1234)
        hand.until(lambda: "1.234 kg" in strip(hand)[1])
        assert load().scale == f"serial:{peer.port}:toledo-continuous"
        hand.window.talk.act("section", "devices")
        hand.until(lambda: any("1.234 kg" in row.cells[2] for row in hand.view.rows))
        hand.keep("scale-setup-chosen")
