"""Scanners on a serial port: every code once, whole and in order, whatever the line does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scanner_peer import ScannerPeer
from wms_app.base.refusal import Refused
from wms_app.outside.devices.scanners.choosing import Port, Scanners, ports_of
from wms_app.outside.devices.scanners.splitting import BROKEN_S, LONGEST, QUIET_S, Splitter

CODES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FFF), min_size=1, max_size=40)
ENDS = st.sampled_from((b"\r", b"\n", b"\r\n", b"\t", b"\x03", b"\r\n\r\n"))


def chunks_of(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(places)]


@given(st.lists(st.tuples(CODES, ENDS), max_size=8), st.lists(st.integers(0, 500), max_size=12))
def test_codes_come_whole_wherever_the_stream_is_cut(
    sent: list[tuple[str, bytes]], cuts: list[int]
) -> None:
    data = b"".join(code.encode() + end for code, end in sent)
    splitter = Splitter()
    heard = [code for chunk in chunks_of(data, cuts) for code in splitter.feed(chunk)]
    assert heard == [code for code, _end in sent]
    assert not splitter.waits


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_noise_is_survived_and_the_next_code_is_read(noise: list[bytes]) -> None:
    splitter = Splitter()
    for chunk in noise:
        splitter.feed(chunk)
    splitter.feed(b"\r")
    assert splitter.feed(b"6901234567892\r") == ["6901234567892"]


def test_separators_stay_framing_goes_and_a_code_without_an_end_ends_by_itself() -> None:
    splitter = Splitter()
    assert splitter.feed(b"\x02]C10100614141000012\x1d10AB\x03") == ["]C10100614141000012\x1d10AB"]
    endless = Splitter()
    assert endless.feed(b"NO-END") == []
    assert endless.quiet(QUIET_S / 2) == []
    assert endless.quiet(QUIET_S) == ["NO-END"]
    assert splitter.feed(b"HALF-A-CO") == []
    assert splitter.quiet(QUIET_S) == splitter.quiet(BROKEN_S) == [], "it ends its codes"
    assert splitter.feed(b"M\xfcller\r") == ["Müller"], "what is no UTF-8 is Latin-1"


def test_what_is_too_long_is_thrown_away_whole() -> None:
    splitter = Splitter()
    assert splitter.feed(b"9" * (LONGEST + 1)) == []
    assert splitter.feed(b"99\rBIN.A-1.X\r") == ["BIN.A-1.X"]


def test_a_setting_names_ports_and_their_speed() -> None:
    assert ports_of("keyboard") == ports_of("") == ()
    assert ports_of("serial:/dev/ttyACM0, serial:COM3:115200") == (
        Port("/dev/ttyACM0"),
        Port("COM3", 115200),
    )
    assert ports_of("serial:/dev/serial/by-id/usb:1") == (Port("/dev/serial/by-id/usb:1"),)
    for bad in ("serial:", "bluetooth:X", "/dev/ttyACM0"):
        with pytest.raises(Refused) as refusal:
            ports_of(bad)
        assert refusal.value.code == "bad_scanner"


class Ear:
    """What the scanners said, in order."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not true():
            assert time.monotonic() < end, self.codes
            time.sleep(0.01)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[ScannerPeer, ScannerPeer]]:
    peers = ScannerPeer(tmp_path, "ttyOne"), ScannerPeer(tmp_path, "ttyTwo")
    yield peers
    for peer in peers:
        peer.unplug()


def test_two_scanners_are_heard_and_one_that_is_pulled_out_comes_back_by_itself(
    two: tuple[ScannerPeer, ScannerPeer], ear: Ear
) -> None:
    one, other = two
    scanners = Scanners(f"serial:{one.port},serial:{other.port}:115200", ear.codes.append)
    try:
        ear.until(lambda: all(live.state.reached for live in scanners.live))
        one.send(b"BIN.A-01-1.9\r\n")
        ear.until(lambda: ear.codes == ["BIN.A-01-1.9"])
        other.send(b"6901234567892\r6901234567892\r")
        ear.until(lambda: len(ear.codes) == 3)
        other.send(b"HALF-A-CO")
        other.unplug()
        ear.until(lambda: not scanners.live[1].state.reached)
        (words,) = scanners.troubles()
        assert str(other.port) in words
        one.send(b"STILL-HERE\t")
        ear.until(lambda: "STILL-HERE" in ear.codes)
        other.plug()
        ear.until(lambda: scanners.live[1].state.reached)
        other.send(b"BACK\r")
        ear.until(lambda: "BACK" in ear.codes)
        assert "HALF-A-CO" not in ear.codes
        assert scanners.troubles() == []
        assert scanners.live[1].state.last == "BACK"
    finally:
        scanners.close()


def test_a_setting_by_hand_that_names_nothing_is_said_and_stops_nobody(ear: Ear) -> None:
    scanners = Scanners("usb scanner", ear.codes.append)
    assert "names no scanner" in scanners.troubles()[0]
    assert scanners.live == []
