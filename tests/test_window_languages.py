"""Every language of scales and printers at the window: chosen in Setup, a parcel goes through."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.at_the_window import PICTURES, Hand, at_the_window
from tests.bench import picked
from tests.day_at_the_window import MUG, F, furnish, parcel_state
from tests.print_languages import (
    ESCPOS_READY,
    TSPL_READY,
    codes,
    escpos_dots,
    peer,
    print_service,
    tspl_dots,
)
from tests.scale_peer import SPEAKS, Peer
from wms_app import window
from wms_app.base.codes import own
from wms_app.base.db import Store
from wms_app.desk.form import FormCard
from wms_app.office.people import service as people
from wms_app.office.setup import paper_forms
from wms_app.outside.devices.printers import escpos, tspl
from wms_app.outside.devices.printers.bitmap import pages
from wms_app.outside.devices.printers.choosing import LABELS
from wms_app.outside.devices.simulated.printer import SimulatedPrinter
from wms_app.settings import load

Read = Callable[[], set[str]]


@pytest.fixture
def hand(
    store: Store, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hand]:
    """An admin at the window, a picked order of a mug for every language before her."""
    monkeypatch.setattr(window, "PRINTER_EVERY_MS", 50)
    monkeypatch.setattr(escpos, "ANSWER_S", 0.2)
    monkeypatch.setattr(tspl, "ANSWER_S", 0.2)
    floor = furnish(store)
    for number in range(1, 1 + max(len(SPEAKS), 5)):
        picked(floor, {"MUG": 1}, f"S-{number}", tote=f"T-{number}")
    floor.do(lambda tx: people.add_user(tx, "Sol Vega", "admin", "9999"))
    with at_the_window(store, tmp_path / "papers", qtbot) as hand:
        hand.sign_in("Sol Vega")
        yield hand


def choose(hand: Hand, section: str, field: str, before: str, setting: str) -> None:
    """In Setup, by keys: another device."""
    hand.go("setup")
    hand.window.talk.act("section", section)
    hand.until(lambda: hand.view.section == section)
    if section == "printers":
        hand.window.talk.act("choose", field)
        hand.until(lambda: hand.view.chosen == field)
    hand.settle()
    hand.tab_to(before)
    hand.clear_field()
    hand.fill(setting)
    hand.press(F.Key_Return)
    hand.hears("done", "Saved.")


def strip(hand: Hand, device: str) -> tuple[str, str]:
    header = hand.window.shell.header
    return header.state(device), " ".join(header.story(device))


def test_a_parcel_is_weighed_by_a_scale_of_each_language(hand: Hand, tmp_path: Path) -> None:
    before = "typed"
    for number, language in enumerate(sorted(SPEAKS), 1):
        folder = tmp_path / language
        folder.mkdir()
        scale = Peer(folder, language)
        try:
            setting = f"serial:{scale.port}:{language}:kg"
            choose(hand, "devices", "scale", before, setting)
            hand.until(lambda: hand.pan_was_empty)
            hand.go("pack")
            hand.scan(own("TOTE", f"T-{number}"))
            hand.scan(MUG)
            assert hand.view.step == "weigh", language
            scale.put(266 + number)
            hand.until(lambda: hand.view.step == "stick")
            hand.settle()
            assert parcel_state(hand, f"S-{number}") == "labelled"
            scale.put(0)
            before = setting
            if number == 1:
                hand.keep(f"scale-{language}")
        finally:
            scale.unplug()
    grams = hand.all("SELECT grams FROM parcels WHERE weight_by = 'scale' ORDER BY grams")
    assert grams == [266 + number for number in range(1, 1 + len(SPEAKS))]
    assert hand.verified()


def test_a_label_comes_out_of_a_printer_of_each_language(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    took = print_service(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    pdf = tmp_path / "system.pdf"
    with ExitStack() as held:
        by_tspl = held.enter_context(peer(TSPL_READY))
        by_escpos = held.enter_context(peer(ESCPOS_READY))
        printers: list[tuple[str, Read]] = [
            (
                f"tspl:{by_tspl.place}",
                lambda: codes(tspl_dots(by_tspl.got.replace(b"\x1b!?", b""))),
            ),
            (f"escpos:{by_escpos.place}", lambda: codes(escpos_dots(by_escpos.got))),
            ("cups:LABELS", lambda: of_pdf(took / "paper")),
            ("cups-raw:LABELS", lambda: of_zpl((took / "paper").read_text())),
            (f"system:{pdf}", lambda: of_pdf(pdf)),
        ]
        before = "folder"
        for number, (setting, read) in enumerate(printers, 1):
            choose(hand, "printers", "shipping", before, setting)
            assert load().printers == {"shipping": setting}
            hand.go("pack")
            hand.scan(own("TOTE", f"T-{number}"))
            hand.scan(MUG)
            hand.press(F.Key_F7, "268")
            assert hand.view.step == "stick", setting
            tracking = hand.one("SELECT tracking FROM labels ORDER BY id DESC LIMIT 1")
            hand.settle()
            assert any(tracking in code for code in read()), setting
            hand.keep(f"printed-by-{setting.split(':')[0]}")
            before = setting
    assert hand.verified()


def test_every_label_of_setup_comes_out_of_a_printer(hand: Hand) -> None:
    printed: list[bytes] = []
    with ExitStack() as held:
        printer = SimulatedPrinter(on_label=printed.append)
        held.callback(printer.close)
        station = hand.workstation.station
        place = f"zpl:127.0.0.1:{printer.port}"
        station.choose_printers(dict.fromkeys((*LABELS, "other"), place))
        hand.go("setup")
        hand.window.talk.act("section", "papers")
        hand.until(lambda: hand.view.section == "papers")
        fills = {"sku": "MUG", "order": "S-1", "pieces": "48", "range": "1-2", "zone": "A"}
        read: dict[str, set[str]] = {}
        for form in paper_forms.forms():
            if form.size != "label":
                continue
            printed.clear()
            hand.window.talk.act("choose", form.key)
            hand.until(lambda key=form.key: hand.view.chosen == key)  # type: ignore[misc]
            hand.settle()
            names = [ask.name for ask in form.asks]
            for name in [name for name in names if name in fills] or ["copies"]:
                hand.screen.findChild(FormCard).focus(name)  # type: ignore[union-attr]
                hand.clear_field()
                hand.fill(fills.get(name, "1"))
            hand.press(F.Key_Return)
            hand.hears("done", "Printed")
            read[form.key] = {code for label in printed for code in of_dots(label, form.key)}
            assert printed, form.key
    assert {own("BIN", "A-01-1"), own("BIN", "A-02-1")} <= read["bin_labels"]
    assert {own("TOTE", "T-0001"), own("TOTE", "T-0002")} == read["tote_labels"]
    assert MUG in read["sku_labels"]
    assert any(code.startswith("ORDER") or "S-1" in code for code in read["packing_slip"])
    assert read["return_label"]
    assert any(
        code.replace("(", "").replace(")", "").startswith("00") for code in read["pallet_labels"]
    )
    assert hand.verified()


def of_dots(program: bytes, name: str) -> set[str]:
    """What a scanner reads on a label that was sent as its dots."""
    zebrafy: Any = import_module("zebrafy")
    (image,) = zebrafy.ZebrafyZPL(program.decode()).to_images()
    grey = image.convert("L")
    if PICTURES:
        grey.save(Path(PICTURES) / f"label-{name}.png")
    return codes(np.asarray(grey) < 128)


def of_pdf(file: Path) -> set[str]:
    (page,) = pages(file.read_bytes(), 203)
    rows = np.frombuffer(page.rows, np.uint8)
    return codes(np.unpackbits(rows).reshape(page.height, -1))


def of_zpl(program: str) -> set[str]:
    """The barcodes that a program asks for."""
    return {part.split("^FS")[0] for part in program.split("^FD")[1:]}
