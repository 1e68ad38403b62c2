"""A scale's word is a weight only when it is whole, still, and of the parcel now on the pan."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from typer.testing import CliRunner

from tests.bench import Bench, address_of_the_house, picked
from tests.builders import Floor
from tests.parcels import verified
from tests.scale_peer import SPEAKS, Encode, Peer, continuous, grams_by_hand, hid
from tests.test_packing import MUG, tote
from wms_app.base.db import Store
from wms_app.base.refusal import Down, Refused
from wms_app.cli import app as cli
from wms_app.floor.packing.model import Parcel
from wms_app.floor.packing.steps import not_yet
from wms_app.office.verify.doctor import Devices, look
from wms_app.outside.devices.scale import Reading, Scale, SimulatedScale, TypedScale
from wms_app.outside.devices.scales.choosing import UnknownScale, known, scale_of
from wms_app.outside.devices.scales.hid import HidPos
from wms_app.outside.devices.scales.hid_wire import HidWire, first_scale
from wms_app.outside.devices.scales.lines import Plain
from wms_app.outside.devices.scales.live import LiveScale, Pace, Wanted
from wms_app.outside.devices.scales.nci import Nci
from wms_app.outside.devices.scales.pan import Pan, near_zero_g
from wms_app.outside.devices.scales.protocols import BY_NAME, HID
from wms_app.outside.devices.scales.said import Said, weight, with_even_parity
from wms_app.outside.devices.scales.toledo import ToledoContinuous
from wms_app.outside.devices.scales.wire import SerialWire
from wms_app.settings import load

QUICK = Pace(0.25, 0.1, 0.04, 0.4, 0.8, 0.05, 5.0)
LOADS = st.tuples(st.integers(1, 29_999), st.booleans())
TONGUES = sorted(SPEAKS)


def unchecked(grams: int, stable: bool) -> bytes:
    return continuous(grams, stable, check=False)


WAYS: list[tuple[str, Encode]] = [*SPEAKS.items(), ("toledo-continuous", unchecked)]
every_way = pytest.mark.parametrize(
    ("name", "encode"), WAYS, ids=lambda value: getattr(value, "__name__", str(value))[:24]
)


def heard(name: str, data: bytes) -> list[Said]:
    return BY_NAME[name].make("kg").feed(data)


# One frame


@every_way
def test_a_frame_cut_anywhere_says_the_same(name: str, encode: Encode) -> None:
    stream = b"\r\n" + encode(1234, True) + encode(1240, False) + encode(0, True) + b"\x02"
    whole = heard(name, stream)
    assert [(one.grams, one.stable is False) for one in whole if one.grams != 1240] == [
        (1234, False),
        *([(None, True)] if "821" in name else []),
        (0, False),
    ]
    assert not any(one.stable for one in whole if one.grams == 1240)
    for cut in range(len(stream)):
        parser = BY_NAME[name].make("kg")
        assert parser.feed(stream[:cut]) + parser.feed(stream[cut:]) == whole
    parser = BY_NAME[name].make("kg")
    assert [one for byte in stream for one in parser.feed(bytes([byte]))] == whole


@every_way
def test_a_stream_entered_in_the_middle_of_a_frame_tells_only_whole_frames(
    name: str, encode: Encode
) -> None:
    frame = encode(12_345, True)
    for start in range(1, len(frame)):
        found = heard(name, frame[start:] + encode(12_345, True) + b"\x02")
        assert {one.grams for one in found} <= {12_345}


@every_way
@given(loads=st.lists(LOADS, min_size=1, max_size=6), data=st.data())
@settings(max_examples=25, deadline=None)
def test_noise_and_broken_frames_between_frames_make_no_weight(
    name: str, encode: Encode, loads: list[tuple[int, bool]], data: st.DataObject
) -> None:
    stream, sent = b"", set()
    for grams, stable in loads:
        frame = encode(grams, stable)
        broken = frame[: data.draw(st.integers(0, len(frame) - 1))]
        noise = data.draw(st.binary(max_size=12))
        if name == "lines":  # a line that is cut and ended is a line: nothing else marks its end
            noise = noise.translate(None, b"\r\n")
        stream += data.draw(st.sampled_from((broken, b""))) + noise
        stream += frame
        sent.add((grams, stable))
    parser = BY_NAME[name].make("kg")
    while stream:
        cut = data.draw(st.integers(1, 30))
        for one in parser.feed(stream[:cut]):
            if one.grams is not None and one.grams > 0 and not one.trouble:
                assert (one.grams, one.stable is not False) in sent
        stream = stream[cut:]


@every_way
@given(grams=st.integers(30, 29_999), data=st.data())
@settings(max_examples=40, deadline=None)
def test_one_byte_lost_or_changed_never_gives_a_parcel_a_wrong_weight(
    name: str, encode: Encode, grams: int, data: st.DataObject
) -> None:
    pan, parser, now = Pan(), BY_NAME[name].make("kg"), 0.0
    loads = [0] * 6 + [grams] * 12
    hurt = data.draw(st.integers(0, len(loads) - 1))
    counted = []
    for number, lies in enumerate(loads):
        frame = encode(lies, True)
        if number == hurt:
            at = data.draw(st.integers(0, len(frame) - 1))
            frame = frame[:at] + data.draw(st.binary(max_size=1)) + frame[at + 1 :]
        now += 0.2
        for said in parser.feed(frame):
            pan.hear(said, now)
        reading = pan.reading()
        if reading is not None and reading.counts:
            counted.append(reading.grams)
            pan.accept()
    assert counted in ([grams], [])
    assert counted == [grams] or hurt > 0


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_noise_alone_is_never_a_weight_that_counts(noise: bytes) -> None:
    for language in [*BY_NAME.values(), HID]:
        pan = Pan()
        for said in language.make("kg").feed(noise):
            pan.hear(said, 0.0)
        reading = pan.reading()
        assert reading is None or not reading.counts


@pytest.mark.parametrize(
    ("name", "encode"),
    [way for way in WAYS if way[0] != "cas"],
    ids=lambda value: getattr(value, "__name__", str(value))[:24],
)
def test_seven_bits_with_parity_are_read_and_a_flipped_bit_is_not(
    name: str, encode: Encode
) -> None:
    frame = with_even_parity(encode(1234, True))
    ends = with_even_parity(b"\r\n"), with_even_parity(b"\x02")
    assert [one.grams for one in heard(name, ends[0] + frame + ends[1])] == [1234]
    for at in range(len(frame) - 2):
        flipped = frame[:at] + bytes([frame[at] ^ 1]) + frame[at + 1 :]
        assert {one.grams for one in heard(name, ends[0] + flipped + ends[1])} <= {None}


# What frames mean


@pytest.mark.parametrize(
    ("frame", "trouble", "stable"),
    [
        (b"S +\r\n", "over", False),
        (b"S -\r\n", "under", False),
        (b"S I\r\n", "", False),
    ],
)
def test_mt_sics_tells_over_under_and_busy(frame: bytes, trouble: str, stable: bool) -> None:
    assert heard("mt-sics", frame) == [Said(None, Fraction(0), stable, trouble)]  # type: ignore[arg-type]


def test_too_much_on_the_scale_is_told_by_every_language() -> None:
    over = {
        "mt-sics": b"S +\r\n",
        "toledo-continuous": b"\x02\x2d\x34\x20000000000000\r\x02",
        "cas": b"OL,GS,\x01\x80,         kg\r\n",
        "a-and-d": b"OL,+9999999E+19\r\n",
        "nci": b"\n^^^^^^KG\r\n02\r\x03",
        "toledo-8217": b"\x02?B\r",
        "lines": b"\r\nOL,GS,   999.9 g\r\n",
    }
    for name, frame in over.items():
        assert [one.trouble for one in heard(name, frame)] == ["over"], name
    assert [one.trouble for one in HidPos().feed(bytes((3, 6, 2, 0, 0, 0)))] == ["over"]


def test_a_weight_of_mt_sics_stands_in_ten_places_or_is_none() -> None:
    assert heard("mt-sics", b"S S     100.00 g\r\n")[0].grams == 100
    assert heard("mt-sics", b"S S    100.00 g\r\n") == []


@pytest.mark.parametrize("text", ["Tare 1.2 kg", "13 PCS", "1.2 t", "+7.1/3 g", "n 1 g", "1 2 g"])
def test_a_line_that_is_no_weight_of_goods_is_passed_over(text: str) -> None:
    assert Plain().feed(b"\r\n" + text.encode() + b"\r\n") == []


def test_pounds_with_ounces_are_one_weight() -> None:
    assert Nci().feed(b"\n 2lb  3.5oz\r\n00\r\x03")[0].grams == grams_by_hand("35.5", "oz")


def test_status_characters_of_nci_are_all_read() -> None:
    assert Nci().feed(b"\n 1.000KG\r\n0p\r\x03") == []  # one more was promised
    assert [one.grams for one in Nci().feed(b"\n 1.000KG\r\n0p0\r\x03")] == [1000]
    assert [one.trouble for one in Nci().feed(b"\n 1.000KG\r\n40\r\x03")] == ["fault"]


def test_toledo_places_the_point_and_the_unit_by_its_status() -> None:
    def told(a: int, b: int, c: int, digits: bytes) -> int | None:
        frame = b"\x02" + bytes((a, b, c)) + digits + b"000000\r"
        said = ToledoContinuous().feed(frame + bytes((-sum(frame) & 0x7F,)))
        return said[0].grams if said else None

    assert told(0x2C, 0x30, 0x20, b"001234") == 12_340
    assert told(0x28, 0x30, 0x20, b"000012") == 1_200_000
    assert told(0x2C, 0x20, 0x20, b"  1000") == grams_by_hand("10.00", "lb")
    assert told(0x2A, 0x30, 0x21, b"   250") == 250
    assert told(0x2C, 0x32, 0x20, b"000100") == -1000
    assert told(0x2C, 0x30, 0x22, b"000100") is None  # tons
    assert told(0x0C, 0x30, 0x20, b"000100") is None  # no status of this format


def test_a_stream_with_checks_is_held_to_them() -> None:
    good, bare = continuous(500, True), continuous(700, True, check=False)
    parser = ToledoContinuous()
    assert [one.grams for one in parser.feed(good + good + bare + b"\x02")] == [500, 500]
    assert [one.grams for one in parser.feed(bare[1:] + bare * 6 + b"\x02")][-1:] == [700]


@pytest.mark.parametrize(
    ("report", "grams"),
    [
        ((3, 4, 2, 0, 0xD2, 4), 1234),
        ((3, 4, 3, 0xFD, 0xD2, 4), 1234),
        ((3, 4, 11, 0xFF, 0x69, 0), 298),  # 10.5 oz are 297.67 g
        ((3, 4, 12, 0xFE, 0x64, 0), 454),
    ],
)
def test_usb_scales_weigh_in_any_unit(report: tuple[int, ...], grams: int) -> None:
    assert [(one.grams, one.stable) for one in HidPos().feed(bytes(report))] == [(grams, True)]
    assert HidPos().feed(bytes(report)[:5]) == []
    assert HidPos().feed(bytes((4, *report[1:]))) == []


@given(
    st.integers(0, 999_999),
    st.integers(0, 4),
    st.sampled_from(("g", "kg", "lb", "oz")),
)
def test_grams_are_exact_and_rounded_half_to_even(count: int, places: int, unit: str) -> None:
    digits = f"{count:0{places + 1}d}"
    number = f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}"
    found = weight(number, unit)
    assert found is not None
    assert found[0] == grams_by_hand(number, unit)
    back = weight(f"- {number}", unit)
    assert back is not None
    assert back[0] == -found[0]


def test_half_a_gram_goes_to_the_even_side() -> None:
    assert [weight(text, "g") for text in ("0.5", "1.5", "2.5")] == [
        (0, Fraction(1, 10)),
        (2, Fraction(1, 10)),
        (2, Fraction(1, 10)),
    ]
    assert weight("1.2.3", "g") is None
    assert weight("", "kg") is None


def test_the_real_frames_mean_what_is_known_of_them(shared_data: Path) -> None:
    names = {"MT-SICS": "mt-sics", "Toledo 8217": "toledo-8217"}
    checked = 0
    for frame in json.loads((shared_data / "scales" / "frames.json").read_text("utf-8")):
        expect, reply = frame.get("expect"), frame.get("reply", "")
        if not reply:
            continue
        found = heard(names.get(frame["protocol"], "lines"), b"\r\n" + reply.encode("latin-1"))
        checked += 1
        if not expect or "weight" not in expect:
            assert [one.grams for one in found if one.grams is not None] == [], reply
            continue
        assert len(found) == 1, reply
        unit = expect.get("unit") or ("g" if reply.rstrip().endswith("g") else "kg")
        unit = "kg" if " kg" in reply else unit
        assert found[0].grams == grams_by_hand(str(expect["weight"]), unit), reply
        if "stable" in expect:
            assert found[0].stable is expect["stable"], reply
    assert checked > 20


# The pan


def fed(pan: Pan, *saids: Said, now: float = 0.0) -> Reading:
    for said in saids:
        pan.hear(said, now)
    reading = pan.reading()
    assert reading is not None
    return reading


def still(grams: int, division_g: int = 1) -> Said:
    return Said(grams, Fraction(division_g), True)


def thrice(grams: int, division_g: int = 1) -> tuple[Said, ...]:
    """What the scale says of a load that stands still, often enough to be believed."""
    return (still(grams, division_g),) * 3


def test_near_zero_is_two_divisions_within_five_and_twenty_grams() -> None:
    assert [near_zero_g(Fraction(one)) for one in (1, 5, 10, 50)] == [5, 10, 20, 20]
    pan = Pan()
    fed(pan, *thrice(0, 5))
    assert not fed(pan, *thrice(10, 5)).counts
    assert fed(pan, *thrice(15, 5)).counts


def test_a_weight_counts_once_until_the_pan_was_empty() -> None:
    pan = Pan()
    assert not fed(pan, *thrice(800)).counts  # who knows what lay there before
    fed(pan, *thrice(0))
    assert fed(pan, *thrice(800)).counts
    pan.accept()
    assert not fed(pan, still(800), *thrice(1200)).counts
    fed(pan, *[Said(0, Fraction(1), False)] * 3)  # it swings through zero
    assert not fed(pan, *thrice(1200)).counts
    fed(pan, *thrice(2))
    assert fed(pan, *thrice(1200)).counts


def test_a_weight_is_believed_when_it_is_said_three_times() -> None:
    pan = Pan()
    fed(pan, *thrice(0))
    assert not fed(pan, still(800)).counts
    assert not fed(pan, still(800)).counts
    assert fed(pan, still(800)).counts
    pan.interrupted()
    assert not fed(pan, still(800)).counts


def test_a_scale_that_never_says_it_moves_must_stand_still_for_half_a_second() -> None:
    pan, quiet = Pan(), Said(800, Fraction(1), None)
    fed(pan, *thrice(0))
    assert not fed(pan, quiet, quiet, quiet, quiet, now=1.0).counts
    assert not fed(pan, quiet, now=1.4).counts
    assert fed(pan, quiet, now=1.5).counts


@pytest.mark.parametrize("trouble", ["over", "under", "fault"])
def test_trouble_is_no_weight_and_is_told_in_words(trouble: Any) -> None:
    pan = Pan()
    fed(pan, *thrice(0), *thrice(800))
    reading = fed(pan, *[Said(None, trouble=trouble)] * 3)
    assert not reading.counts
    assert reading.trouble_words
    assert not fed(pan, *thrice(-300)).counts


# The live scale


Make = Callable[..., LiveScale]


@pytest.fixture
def live() -> Iterator[Make]:
    made: list[LiveScale] = []

    def make(peer: Peer, name: str = "", unit: str = "kg") -> LiveScale:
        language = BY_NAME[name] if name else None
        wanted = Wanted(str(peer.port), language, unit)
        made.append(LiveScale(wanted, partial(SerialWire, str(peer.port)), QUICK))
        return made[-1]

    yield make
    for scale in made:
        scale.close()


@pytest.fixture
def plugged(tmp_path: Path) -> Iterator[Callable[..., Peer]]:
    made: list[Peer] = []

    def plug(language: str, **how: bool) -> Peer:
        made.append(Peer(tmp_path, language, **how))
        return made[-1]

    yield plug
    for peer in made:
        peer.unplug()


def until(scale: Scale, right: Callable[[Reading], bool], seconds: float = 4.0) -> Reading:
    """Wait for a reading; a scale that is away meanwhile may come back."""
    end = time.monotonic() + seconds
    seen: object = None
    while time.monotonic() < end:
        try:
            seen = scale.read()
        except Down as down:
            seen = down
        if isinstance(seen, Reading) and right(seen):
            return seen
        time.sleep(0.01)
    raise AssertionError(f"last seen: {seen}")


def until_down(scale: Scale, words: str) -> None:
    end = time.monotonic() + 3.0
    while time.monotonic() < end:
        try:
            scale.read()
        except Down as down:
            if words in down.text and down.what == "scale":
                return
        time.sleep(0.01)
    raise AssertionError(f"never said: {words}")


def weigh(scale: Scale, peer: Peer, grams: int) -> None:
    peer.put(0)
    until(scale, lambda one: one.stable and one.grams == 0 and one.fresh)
    peer.put(grams, stable=False)
    until(scale, lambda one: not one.stable)
    peer.put(grams)
    assert until(scale, lambda one: one.counts).grams == grams
    scale.accept()
    after = scale.read()
    assert after is not None
    assert not after.counts


@pytest.mark.parametrize("name", TONGUES)
def test_every_scale_weighs_at_its_port(name: str, plugged: Any, live: Make) -> None:
    peer = plugged(name)
    weigh(live(peer, name), peer, 1234)


@pytest.mark.parametrize("name", ["nci", "toledo-8217", "a-and-d"])
def test_a_scale_of_seven_bits_is_asked_with_its_parity(
    name: str, plugged: Any, live: Make
) -> None:
    peer = plugged(name, even=True)
    weigh(live(peer, name), peer, 1234)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("mt-sics", "MT-SICS"),
        ("cas", "CAS"),
        ("toledo-continuous", "Toledo continuous"),
        ("nci-ecr", "NCI"),
        ("toledo-8217", "Toledo 8213"),
        ("lines", "number and unit"),
    ],
)
def test_the_language_is_found_by_listening_and_asking(
    name: str, title: str, plugged: Any, live: Make
) -> None:
    peer = plugged(name)
    scale = live(peer)
    until(scale, lambda one: one.fresh)
    assert scale.language == title
    weigh(scale, peer, 750)


def test_a_scale_that_does_not_say_its_unit_is_never_guessed(plugged: Any, live: Make) -> None:
    scale = live(plugged("toledo-8217"), "toledo-8217", "")
    until_down(scale, "whether it weighs in kg or lb")


def test_a_silent_scale_is_told_within_a_second_and_comes_back(plugged: Any, live: Make) -> None:
    peer = plugged("mt-sics")
    scale = live(peer, "mt-sics")
    until(scale, lambda one: one.fresh)
    peer.dumb = True
    went = time.monotonic()
    until_down(scale, "says nothing")
    assert time.monotonic() - went < 1.0
    peer.dumb = False
    until(scale, lambda one: one.stable)


@pytest.mark.parametrize("moment", ["before", "empty", "moving", "still", "weighed"])
def test_a_scale_pulled_out_at_any_moment_comes_back_by_itself(
    moment: str, plugged: Any, live: Make
) -> None:
    peer = plugged("cas")
    if moment == "before":
        peer.unplug()
    scale = live(peer, "cas")
    if moment != "before":
        until(scale, lambda one: one.fresh)
        peer.put(0 if moment == "empty" else 700, stable=moment != "moving")
        shows = moment in ("still", "weighed")
        until(scale, lambda one: one.counts if shows else one.grams in (0, 700))
        if moment == "weighed":
            scale.accept()
        peer.unplug()
    until_down(scale, "can't be reached")
    peer.plug()
    back = until(scale, lambda one: one.stable or moment == "moving")
    assert back.counts is (moment == "still")
    weigh(scale, peer, 900)


def test_a_usb_scale_weighs_and_comes_back(tmp_path: Path) -> None:
    pipe = tmp_path / "hidraw0"
    scale = LiveScale(Wanted(str(pipe), HID), lambda _baud: HidWire(str(pipe)), QUICK)
    try:
        until_down(scale, "can't be reached")
        os.mkfifo(pipe)
        for _turn in range(2):
            with open(pipe, "wb", buffering=0) as device:
                for lies in (0, 0, 0, 640, 640, 640):
                    device.write(hid(lies, True))
                    time.sleep(0.06)
                assert until(scale, lambda one: one.stable).grams == 640
            until_down(scale, "can't be reached")
    finally:
        scale.close()


def test_hidapi_finds_the_scale_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Device:
        def open_path(self, path: bytes) -> None:
            assert path == b"scale"

        def read(self, _most: int, _wait_ms: int) -> list[int]:
            return list(hid(640, True))

    listed = [{"usage_page": 1, "path": b"mouse"}, {"usage_page": 0x8D, "path": b"scale"}]
    api = SimpleNamespace(enumerate=lambda: listed, device=Device)
    monkeypatch.setitem(sys.modules, "hid", api)
    assert first_scale().read(0.1) == hid(640, True)
    listed.pop()
    with pytest.raises(OSError, match="no USB scale"):
        first_scale()


# At the bench


def test_the_setting_names_the_scale() -> None:
    assert isinstance(scale_of("typed"), TypedScale)
    assert isinstance(scale_of("simulated"), SimulatedScale)
    for setting in ("serial:COM3", "serial:/dev/pci-0:1.2:cas:lb:2400", "hid:/dev/hidraw3", "hid"):
        assert isinstance(scale_of(setting), LiveScale)
    unknown = scale_of("seriel:COM3")
    assert isinstance(unknown, UnknownScale)
    with pytest.raises(Down) as down:
        unknown.read()
    assert "seriel:COM3" in down.value.text
    with pytest.raises(Refused):
        known("seriel:COM3")


def test_the_command_chooses_the_scale_and_the_doctor_hears_it(
    store: Store, tmp_path: Path, plugged: Any
) -> None:
    peer = plugged("mt-sics")
    peer.put(1234)
    setting = f"serial:{peer.port}:mt-sics"
    said = CliRunner().invoke(cli, ["scale", setting, "--json"])
    assert said.exit_code == 0, said.output
    assert json.loads(said.stdout)["said"].startswith("1.234 kg")
    assert load().scale == setting
    refused = CliRunner().invoke(cli, ["scale", "nonsense"])
    assert isinstance(refused.exception, Refused)
    assert load().scale == setting
    (last,) = [one for one in look(store, tmp_path, Devices(load().scale)) if one.name == "scale"]
    assert (last.name, last.well, last.text[:8]) == ("scale", True, "1.234 kg")
    peer.unplug()
    (last,) = [one for one in look(store, tmp_path, Devices(load().scale)) if one.name == "scale"]
    assert not last.well
    assert "can't be reached" in last.text


def test_the_second_parcel_does_not_get_the_weight_of_the_first(
    floor: Floor, plugged: Any, live: Make
) -> None:
    bench, peer = at_the_bench(floor), plugged("mt-sics")
    bench.scale = scale = live(peer, "mt-sics")
    bench.sit()
    until(scale, lambda one: one.fresh)
    peer.put(270)
    until(scale, lambda one: one.counts)
    assert bench.scan(tote("T-1"), MUG).text == "Stick the label on."
    bench.scan(tote("T-2"), MUG)
    assert bench.step() == "weigh"
    assert bench.refused(lambda: bench.pack.act("weigh")).code == "old_weight"
    peer.put(271)  # the second one laid on while the first is taken off
    until(scale, lambda one: one.stable and one.grams == 271)
    assert bench.refused(lambda: bench.pack.act("weigh")).code == "old_weight"
    peer.put(0)
    until(scale, lambda one: one.fresh)
    assert bench.refused(lambda: bench.pack.act("weigh")).code == "empty_scale"
    peer.put(268, stable=False)
    until(scale, lambda one: one.grams == 268)
    assert bench.refused(lambda: bench.pack.act("weigh")).code == "moving"
    peer.put(268)
    until(scale, lambda one: one.counts)
    assert bench.pack.act("weigh").kind == "done"
    with floor.store.read() as tx:
        assert sorted(tx.scalars(select(Parcel.grams))) == [268, 270]
    assert verified(floor)


def test_a_packer_goes_on_without_the_scale(floor: Floor, plugged: Any, live: Make) -> None:
    bench, peer = at_the_bench(floor), plugged("cas")
    bench.scale = scale = live(peer, "cas")
    bench.sit()
    until(scale, lambda one: one.fresh)
    bench.scan(tote("T-1"))
    peer.put(270)
    until(scale, lambda one: one.counts)
    peer.unplug()
    until_down(scale, "type the weight")
    assert bench.scan(MUG).text == "Everything is in."
    with pytest.raises(Down):
        bench.pack.act("weigh")
    assert bench.pack.act("weight", "268").kind == "done"
    peer.plug()
    until(scale, lambda one: one.stable)
    assert verified(floor)


def at_the_bench(floor: Floor) -> Any:
    """A bench with two parcels of a mug each to be packed, in T-1 and T-2."""
    address_of_the_house(floor)
    picked(floor, {"MUG": 1}, "900-1")
    picked(floor, {"MUG": 1}, "900-2", tote="T-2")
    return Bench(floor)


def test_trouble_of_the_scale_is_no_weight_at_the_bench() -> None:
    refusal = not_yet(Reading(0, False, True, "over"))
    assert (refusal.code, "Too much" in refusal.text) == ("scale_trouble", True)
