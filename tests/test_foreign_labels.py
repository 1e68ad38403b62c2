"""A carrier's own label: only its drawing goes to our printer, and only the parcel's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import address_of_the_house, sealed
from tests.builders import Floor
from tests.printer_peer import impatient, printer, setting, station
from tests.test_labelling import Desk
from wms_app.base.refusal import Refused
from wms_app.floor.labelling.foreign import ready
from wms_app.outside.printing.foreign import cleaned

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "zpl"
TRACKING = "1Z12345E0205271688"
CODE = b"^FO60,700^BY3^BCN,200,Y,N,N^FD>:%s^FS" % TRACKING.encode()
LABEL = b"^XA^LH10,10^FO40,40^A0N,40,40^FDUPS GROUND^FS" + CODE + b"^XZ"


def spoilt(before: bytes, inside: bytes = b"", after: bytes = b"") -> bytes:
    return before + LABEL.replace(b"^XZ", inside + b"^XZ") + after


@pytest.mark.parametrize(
    "hostile",
    [
        spoilt(b"~JSO^XA^JUS^XZ"),
        spoilt(b"", b"^MMC^MNM^MTT^PW812^LL1218^PQ50"),
        spoilt(b"~SD30~TA-120^XA^KNevil^NSa,1.2.3.4^XZ", b"^MD30^LT120^LS-50"),
        spoilt(b"~DYE:LOGO,B,G,4,1,FFFFFFFF", b"^IDR:*.*^DFE:X^FS"),
        spoilt(b"", b"^JZN^SX^XB^HH^KP1234", b"~JR~JA~HS^XA^JUF^XZ"),
        spoilt(b"\x1b!R garbage", b"", b"trailing garbage"),
    ],
)
def test_what_sets_up_a_printer_is_left_out(hostile: bytes) -> None:
    clean = cleaned(hostile, 203)
    assert CODE in clean.program
    for command in (b"~J", b"^JU", b"^MM", b"^MN", b"^MT", b"^PW", b"^LL", b"^PQ", b"~SD", b"~TA"):
        assert command not in clean.program, command
    for command in (b"^KN", b"^NS", b"^MD", b"^LT", b"^LS", b"~DY", b"^ID", b"^DF", b"^JZ", b"^XB"):
        assert command not in clean.program, command
    for command in (b"^HH", b"^KP", b"~HS", b"garbage"):
        assert command not in clean.program, command
    label, after = clean.program.rsplit(b"^XA", 1)
    assert label.startswith(b"^XA")
    assert b"^LH0,0" in after, "what outlasts a label is put back"
    assert b"^FD" not in after


def test_a_picture_that_the_label_brings_along_stays_until_the_power_goes() -> None:
    program = b"~DGR:LOGO.GRF,4,1,F00FF00F" + LABEL.replace(b"^XZ", b"^FO0,0^XGR:LOGO.GRF^FS^XZ")
    assert cleaned(program, 203).program.startswith(b"~DGR:LOGO.GRF")
    forever = program.replace(b"R:LOGO", b"E:LOGO", 1)
    assert b"~DG" not in cleaned(forever, 203).program


@pytest.mark.parametrize(
    ("program", "dpi", "why"),
    [
        (b"not a label", 203, "no whole label"),
        (LABEL + LABEL, 203, "2 labels"),
        (b"^XA^CC#" + LABEL, 203, "signs of its own commands"),
        (LABEL.replace(b"^LH", b"^MUM^LH"), 203, "another unit"),
        (LABEL.replace(b"^LH", b"^PW1200^LL1800^LH"), 203, "printer of 300"),
        (LABEL.replace(b"^LH", b"^PW812^LL1218^LH"), 300, "printer of 203"),
        (LABEL.replace(b"^FO60,700", b"^FO60,9000"), 203, "larger than a label"),
    ],
)
def test_what_can_not_be_printed_here_is_refused_with_the_reason(
    program: bytes, dpi: int, why: str
) -> None:
    with pytest.raises(Refused) as refusal:
        cleaned(program, dpi)
    assert refusal.value.code == "foreign_zpl"
    assert why in refusal.value.text


def test_labels_made_for_the_printer_pass_at_both_resolutions() -> None:
    for dpi, size in ((203, b"^PW812^LL1218"), (300, b"^PW1200^LL1800")):
        assert CODE in cleaned(LABEL.replace(b"^LH", size + b"^LH"), dpi).program


@pytest.mark.skipif(not DATA.is_dir(), reason="the collection of ZPL programs is not here")
def test_a_collection_of_programs_is_cleaned_or_refused_in_words() -> None:
    passed = 0
    for file in sorted(DATA.glob("*.zpl2")):
        try:
            clean = cleaned(file.read_bytes(), 203)
        except Refused:
            continue
        passed += 1
        assert clean.program.count(b"^XZ") >= 2
        for command in (b"^PQ", b"^MN", b"^JM", b"^PW", b"^LL", b"^CW"):
            assert command not in clean.program, file.name
    assert passed >= 40


def test_only_the_parcels_own_number_goes_out() -> None:
    program, kind = ready(LABEL, TRACKING, "zpl", 203)
    assert (CODE in program, kind) == (True, "zpl")
    with pytest.raises(Refused) as refusal:
        ready(LABEL, "1Z12345E6605272234", "zpl", 203)
    assert TRACKING in refusal.value.text
    with pytest.raises(Refused) as refusal:
        ready(LABEL.replace(CODE, b""), TRACKING, "zpl", 203)
    assert "No code" in refusal.value.text


def test_a_carriers_pdf_is_read_before_it_goes_out(floor: Floor) -> None:
    address_of_the_house(floor)
    desk = Desk(floor)
    label = desk.label(sealed(floor))
    (_name, pdf) = desk.printer.papers[0]
    assert ready(pdf, label.tracking, "pdf", 203) == (pdf, "pdf")
    with pytest.raises(Refused):
        ready(pdf, "1Z12345E6605272234", "pdf", 203)
    with pytest.raises(Refused):
        ready(b"%PDF-1.4 broken", label.tracking, "pdf", 203)


def test_a_wrong_label_of_a_carrier_never_reaches_the_printer(floor: Floor, tmp_path: Path) -> None:
    with printer() as peer, impatient():
        desk = station(floor, {"shipping": setting(peer)}, tmp_path)
        for tracking, prints in ((TRACKING, 1), ("1Z12345E6605272234", 0)):
            before = len(peer.printed)
            try:
                program, kind = ready(LABEL, tracking, desk.speaks, desk.dpi)
                desk.aimed("shipping", tracking).send("label", tracking, program, kind)
            except Refused:
                pass
            assert len(peer.printed) - before == prints
