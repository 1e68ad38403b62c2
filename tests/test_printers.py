"""Each kind of printer gets what it understands: what it prints is read back from its dots."""

from __future__ import annotations

import os
import pty
import re
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.print_languages import (
    ESCPOS_READY,
    TSPL_READY,
    codes,
    escpos_dots,
    peer,
    print_service,
    tspl_dots,
)
from wms_app.base.refusal import Down, Refused
from wms_app.outside.devices.printers import escpos, tspl
from wms_app.outside.devices.printers.bitmap import pages, zpl_of
from wms_app.outside.devices.printers.choosing import USES, printer_of, use_words
from wms_app.outside.devices.printers.cups import CupsPrinter, queues
from wms_app.outside.devices.printers.driver import Driver, Sheet, Unsure
from wms_app.outside.devices.printers.state import read_state
from wms_app.outside.devices.printers.wire import place_of
from wms_app.outside.papers.design import load_design
from wms_app.outside.papers.examples import examples
from wms_app.outside.papers.label import label_pdf

FOLDER = Path("unused")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (escpos, tspl):
        monkeypatch.setattr(module, "ANSWER_S", 0.2)


@pytest.fixture(scope="module")
def label() -> bytes:
    return label_pdf(load_design("shipping"), [examples("shipping")[0].values])


def tracking() -> str:
    return str(examples("shipping")[0].values["tracking"])


def says(found: set[str]) -> bool:
    return any(tracking().replace(" ", "") in re.sub(r"[() ]", "", code) for code in found)


@pytest.mark.parametrize("answers", [TSPL_READY, {}], ids=["answers", "never answers"])
@pytest.mark.parametrize("dpi", [203, 300])
def test_tspl_prints_a_label_that_can_be_read(
    label: bytes, answers: dict[bytes, bytes], dpi: int
) -> None:
    with peer(answers) as there:
        printer = printer_of(f"tspl:{there.place}@{dpi}x{round(104 / 25.4 * dpi)}", FOLDER)
        put = printer.put(Sheet("label", "label 1", label, "pdf"))
        assert put.outcome == "done"
        program = there.got.replace(b"\x1b!?", b"")
    assert program.startswith(b"SIZE 1")
    assert says(codes(tspl_dots(program)))


def test_escpos_prints_a_label_that_can_be_read(label: bytes) -> None:
    with peer(ESCPOS_READY) as there:
        printer = printer_of(f"escpos:{there.place}", FOLDER)
        assert printer.put(Sheet("label", "label 1", label, "pdf")).outcome == "done"
        assert says(codes(escpos_dots(there.got)))


def test_a_pdf_on_a_zpl_printer_is_sent_as_its_dots(label: bytes) -> None:
    zebrafy: Any = import_module("zebrafy")

    (page,) = pages(label, 203)
    (image,) = zebrafy.ZebrafyZPL(zpl_of(page).decode()).to_images()
    dots = np.asarray(image.convert("L")) < 128
    assert says(codes(dots))


@pytest.mark.parametrize(
    ("kind", "answers", "words"),
    [
        ("tspl", {b"\x1b!?": b"\x04"}, "new roll"),
        ("tspl", {b"\x1b!?": b"\x01"}, "close its head"),
        ("tspl", {b"\x1b!?": b"\x10"}, "Pause"),
        ("escpos", {b"\x10\x04\x02": b"\x16", b"\x10\x04\x04": b"\x12"}, "close its head"),
        ("escpos", {b"\x10\x04\x02": b"\x12", b"\x10\x04\x04": b"\x72"}, "new roll"),
    ],
)
def test_a_printer_that_can_not_print_gets_nothing_and_says_why(
    label: bytes, kind: str, answers: dict[bytes, bytes], words: str
) -> None:
    with peer(answers) as there:
        printer = printer_of(f"{kind}:{there.place}", FOLDER)
        with pytest.raises(Down) as down:
            printer.put(Sheet("label", "label 1", label, "pdf"))
        assert words in down.value.text
        assert b"BITMAP" not in there.got
        assert b"\x1dv0" not in there.got


def test_a_line_that_breaks_in_the_middle_of_a_label_leaves_it_to_the_person(label: bytes) -> None:
    with peer(TSPL_READY, dies_after=2000) as there:
        printer = printer_of(f"tspl:{there.place}", FOLDER)
        with pytest.raises(Unsure):
            printer.put(Sheet("label", "label 1", label * 1, "pdf"))


@pytest.mark.parametrize("kind", ["tspl", "escpos"])
def test_zpl_and_what_is_too_wide_are_refused_by_printers_of_dots(label: bytes, kind: str) -> None:
    with peer({}) as there:
        printer = printer_of(f"{kind}:{there.place}@203x320", FOLDER)
        for sheet, code in (
            (Sheet("label", "label 1", b"^XA^XZ", "zpl"), "needs_zpl"),
            (Sheet("label", "label 1", label, "pdf"), "too_wide"),
        ):
            with pytest.raises(Refused) as refusal:
                printer.put(sheet)
            assert refusal.value.code == code
        assert there.got == b""


def test_a_printer_on_a_device_file_takes_the_same(label: bytes) -> None:
    master, slave = pty.openpty()
    tty.setraw(slave)
    got = bytearray()

    def listen() -> None:
        with suppress(OSError):
            while data := os.read(master, 65536):
                got.extend(data)

    threading.Thread(target=listen, daemon=True).start()
    printer = printer_of(f"tspl:{os.ttyname(slave)}", FOLDER)
    assert printer.put(Sheet("label", "label 1", label, "pdf")).outcome == "done"
    program = bytes(got).replace(b"\x1b!?", b"")
    os.close(slave)
    os.close(master)
    assert says(codes(tspl_dots(program)))


@pytest.mark.parametrize("kind", ["zpl", "tspl", "escpos"])
def test_a_printer_that_is_not_there_is_said_with_its_place(label: bytes, kind: str) -> None:
    for place in ("127.0.0.1:9", "/dev/no-such-printer", "serial:/dev/no-such-port"):
        printer = printer_of(f"{kind}:{place}", FOLDER)
        for work in (printer.look, lambda p=printer: p.put(Sheet("label", "x", label, "pdf"))):
            with pytest.raises(Down) as down:
                work()
            assert "away" in down.value.text


def test_half_an_answer_and_nonsense_are_no_state() -> None:
    whole = (
        b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n"
    )
    whole += b"\x021234,0\x03\r\n"
    state = read_state(whole)
    assert state is not None
    assert state.prints
    for cut in range(0, len(whole) - 4, 7):
        assert read_state(whole[:cut]) is None
    assert read_state(whole.replace(b"000,0,0,0,000", b"abc,0,0,0,000")) is None
    paused = read_state(whole.replace(b"030,0,0,", b"030,1,1,"))
    assert paused is not None
    assert paused.troubles == ("paper_out", "paused")


@pytest.fixture
def spooler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A print service that takes everything."""
    took = print_service(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return took


def test_a_queue_takes_pdf_and_a_raw_one_zpl(spooler: Path, label: bytes) -> None:
    assert queues() == ["LABELS"]
    put = printer_of("cups:LABELS", FOLDER).put(Sheet("A4", "list 1", label, "pdf"))
    assert (put.outcome, put.where) == ("done", "LABELS-7")
    assert (spooler / "paper").read_bytes() == label
    assert "media=A4" in (spooler / "asked").read_text()
    raw = printer_of("cups-raw:LABELS", FOLDER)
    assert raw.speaks == "zpl"
    raw.put(Sheet("label", "label 1", b"^XA^FDx^FS^XZ", "zpl"))
    assert (spooler / "paper").read_bytes() == b"^XA^FDx^FS^XZ"
    assert "-o raw" in (spooler / "asked").read_text()
    with pytest.raises(Refused):
        printer_of("cups:LABELS", FOLDER).put(Sheet("label", "label 1", b"^XA^XZ", "zpl"))


def test_a_queue_that_is_unknown_stopped_or_hangs_is_said(
    spooler: Path, label: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = Sheet("label", "label 1", label, "pdf")
    with pytest.raises(Down) as down:
        CupsPrinter("OTHER").put(sheet)
    assert "Invalid destination" in down.value.text
    (spooler / "stopped").touch()
    with pytest.raises(Down) as down:
        CupsPrinter("LABELS").put(sheet)
    assert "switched off or was stopped" in down.value.text
    (spooler / "stopped").unlink()
    (spooler / "hang").touch()
    monkeypatch.setattr("wms_app.outside.devices.printers.cups.SEND_S", 0.3)
    with pytest.raises(Unsure):
        CupsPrinter("LABELS").put(sheet)


def test_a_machine_without_a_print_service_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Down) as down:
        CupsPrinter("LABELS").look()
    assert "cups-client" in down.value.text


def test_the_systems_printer_draws_pages_in_their_size(
    qapp: object, label: bytes, tmp_path: Path
) -> None:
    target = tmp_path / "printed.pdf"
    assert printer_of(f"system:{target}", FOLDER).put(Sheet("label", "x", label, "pdf")).where
    (page,) = pages(target.read_bytes(), 203)
    assert abs(page.width / 203 * 25.4 - 100) < 1
    assert abs(page.height / 203 * 25.4 - 150) < 1
    dots = np.unpackbits(np.frombuffer(page.rows, np.uint8)).reshape(page.height, -1)
    assert says(codes(dots))
    with pytest.raises(Down) as down:
        printer_of("system:No Such Printer", FOLDER).look()
    assert "the system knows" in down.value.text


def test_settings_name_printers_and_what_names_none_is_refused() -> None:
    made: list[Callable[[], Driver]] = [
        lambda setting=setting: printer_of(setting, FOLDER)  # type: ignore[misc]
        for setting in ("", "folder", "zpl:192.168.1.50", "zpl:printer:9101@300", "cups:Q")
    ]
    assert [one().dpi for one in made] == [203, 203, 203, 300, 203]
    for bad in ("zpl", "zpl:", "laser:X", "lp0", "system:"):
        with pytest.raises(Refused) as refusal:
            printer_of(bad, FOLDER)
        assert refusal.value.code == "bad_printer"
    assert place_of("serial:COM3:19200").number == 19200
    assert place_of("printer.local:9101").number == 9101
    assert all(use_words(use) for use in USES)
