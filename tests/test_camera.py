"""The camera: codes read out of pictures, believed or not, and a camera that comes and goes."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

import numpy as np
import pytest
import zxingcpp

from tests.pictures import EAN13, MATRIX, QR, bench, clear, put, symbol, turned
from wms_app.base import codes
from wms_app.base.refusal import Down, Refused
from wms_app.outside.devices.camera import decoding
from wms_app.outside.devices.camera.choosing import ChosenCamera, known, see
from wms_app.outside.devices.camera.decoding import Ballot, Found, read_codes
from wms_app.outside.devices.camera.frames import FolderSource
from wms_app.outside.devices.camera.live import LiveCamera, Pace
from wms_app.outside.devices.camera.passes import PASSES
from wms_app.outside.devices.camera.vision import Picture, cv, jpeg, picture_of, png

QUICK = Pace(between=0.01, gone=0.2, reopen=0.03, stale=2.0)
MUG, TOWEL = "6901234567892", "6901234567908"


def texts(picture: Picture) -> list[str]:
    return [one.text for one in read_codes(picture)]


def alone(picture: Picture) -> list[str]:
    """What zxing-cpp reads with its defaults."""
    return [one.text for one in zxingcpp.read_barcodes(picture)]


# What is read


def test_photographs_are_read_at_least_as_well_as_by_the_decoder_alone_and_none_wrong(
    shared_data: Path,
) -> None:
    read, read_alone, wrong = 0, 0, []
    for file in sorted((shared_data / "barcodes").glob("*/*")):
        text, content = file.with_suffix(".txt"), file.with_suffix(".bin")
        if file.suffix not in (".png", ".jpg", ".webp"):
            continue
        words = text.read_bytes().decode("utf-8").rstrip("\n") if text.exists() else None
        said = content.read_bytes() if content.exists() else b"\0"
        picture = picture_of(file.read_bytes(), file.name)
        found = read_codes(picture)
        right = [one for one in found if one.text.rstrip("\n") == words or one.content == said]
        read += bool(right)
        plain = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
        read_alone += any(p.text.rstrip("\n") == words or bytes(p.bytes) == said for p in plain)
        if len(right) < len(found):
            wrong.append(file.name)
    assert wrong == ["16.webp"]  # a QR code within another: both are really there
    assert read >= read_alone
    assert read == 143


def spoilt(name: str, picture: Picture) -> Picture:
    random = np.random.default_rng(7)
    if name == "faint":
        return (125 + picture.astype(float) * 8 / 255).astype(np.uint8)
    if name == "specked":
        made, dice = picture.copy(), random.random(picture.shape)
        made[dice < 0.04], made[dice > 0.96] = 0, 255
        return made
    if name == "askew":
        return turned(picture, 33)
    return np.asarray(cv().GaussianBlur(picture, (0, 0), 2.5), np.uint8)


@pytest.mark.parametrize("trouble", ["faint", "specked", "askew", "blurred"])
def test_a_spoilt_picture_is_read_where_the_decoder_alone_reads_nothing(trouble: str) -> None:
    picture = spoilt(trouble, bench(symbol("1Z999AA10123456784", dots=3)))
    assert alone(picture) == []
    assert texts(picture) == ["1Z999AA10123456784"]


def test_a_place_found_in_a_turned_picture_is_told_in_the_first_one() -> None:
    picture = turned(bench(symbol("1Z999AA10123456784")), 33)
    (found,) = read_codes(picture)
    dark = np.argwhere(picture < 60)  # only the bars are
    middle_y, middle_x = dark.mean(axis=0)
    assert abs(found.middle[0] - middle_x) < 25
    assert abs(found.middle[1] - middle_y) < 25


def test_a_gs1_symbol_says_lot_and_expiry_like_a_scanner_that_sends_identifiers() -> None:
    element = "(01)06901234567892(17)270331(10)L-7"
    (found,) = read_codes(bench(symbol(element, MATRIX, 6, gs1=True)))
    assert found.identifier == "]d2"
    code = codes.read(found.raw)
    assert isinstance(code, codes.Item)
    assert (code.gtin, code.lot) == ("06901234567892", "L-7")
    assert code.expires is not None
    assert code.expires.isoformat() == "2027-03-31"


def test_an_ean_is_read_as_its_digits() -> None:
    (found,) = read_codes(bench(symbol(MUG, EAN13)))
    assert codes.read(found.raw) == codes.Item(MUG, "0" + MUG)


def test_the_second_decoder_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    decoding._zbar_reader.cache_clear()
    monkeypatch.setitem(sys.modules, "pyzbar.pyzbar", None)
    assert decoding._zbar_reader() is None
    assert texts(bench(symbol("A-1"))) == ["A-1"]
    assert texts(bench()) == []
    decoding._zbar_reader.cache_clear()


# What is believed


def ean(text: str, left: int = 100) -> Found:
    corners = ((left, 100), (left + 200, 100), (left + 200, 200), (left, 200))
    return Found(text, "EAN-13", "]E0", corners)


def test_a_number_with_one_check_digit_is_believed_when_two_looks_agree() -> None:
    ballot = Ballot()
    ballot.hear([ean(MUG)], PASSES[0])
    assert ballot.believed() == []
    assert ballot.undecided()
    ballot.hear([ean(MUG)], PASSES[1])
    assert [one.text for one in ballot.believed()] == [MUG]


def test_two_numbers_at_the_same_place_are_believed_neither_until_two_more_looks_say_so() -> None:
    ballot = Ballot()
    ballot.hear([ean(MUG), ean("7034759003930", 120)], PASSES[0])
    ballot.hear([ean(MUG)], PASSES[1])
    assert ballot.believed() == []
    ballot.hear([ean(MUG)], PASSES[2])
    assert [one.text for one in ballot.believed()] == [MUG]


def test_two_goods_side_by_side_do_not_disturb_each_other() -> None:
    ballot = Ballot()
    for by in PASSES[:2]:
        ballot.hear([ean(MUG), ean(TOWEL, 600)], by)
    assert [one.text for one in ballot.believed()] == [MUG, TOWEL]


# Pictures as bytes


def test_a_photograph_is_kept_small_whatever_it_shows() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3)).astype(np.uint8)
    kept = jpeg(noise, 150_000)
    assert len(kept) <= 150_000
    again = picture_of(kept, "kept")
    assert abs(again.shape[1] / again.shape[0] - 1920 / 1080) < 0.02


def test_glass_is_white_paper() -> None:
    glass = np.zeros((20, 20, 4), np.uint8)
    assert picture_of(png(glass), "glass").min() == 255


def test_what_is_no_picture_is_refused_by_its_name() -> None:
    with pytest.raises(Refused) as caught:
        picture_of(b"%PDF-1.7", "slip.png")
    assert caught.value.code == "no_picture"
    assert "slip.png" in caught.value.text


def test_opencv_leaves_qt_its_own_fonts_and_plugins() -> None:
    cv()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert "QT_QPA_FONTDIR" not in os.environ


# A camera at the bench


class Eye:
    """A live camera before a folder of pictures, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.heard: SimpleQueue[str] = SimpleQueue()
        source = partial(FolderSource, folder, 0.05)
        self.camera = LiveCamera("folder", source, QUICK)
        self.camera.start(self.heard.put)

    def hears(self) -> str:
        try:
            return codes_text(self.heard.get(timeout=20))
        except Empty:
            raise AssertionError("the camera told nothing") from None

    def until(self, what: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not what():
            assert time.monotonic() < end
            time.sleep(0.005)

    def away(self) -> bool:
        try:
            self.camera.picture()
        except Down:
            return True
        return False


def codes_text(raw: str) -> str:
    return raw[3:]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pictures"
    made.mkdir()
    return made


@pytest.fixture
def eye(folder: Path) -> Iterator[Eye]:
    eye = Eye(folder)
    yield eye
    eye.camera.close()


def test_a_code_held_before_the_camera_counts_once(eye: Eye, folder: Path) -> None:
    put(folder, "a", bench(symbol("TOTE-1")))
    assert eye.hears() == "TOTE-1"
    put(folder, "a", bench(symbol("TOTE-1"), symbol("TOTE-2")))
    assert eye.hears() == "TOTE-2"
    assert eye.heard.empty()


def test_a_code_that_left_the_picture_counts_anew(eye: Eye, folder: Path) -> None:
    put(folder, "a", bench(symbol(MUG, EAN13)))
    assert eye.hears() == MUG
    clear(folder, ["a"])
    eye.until(lambda: not eye.camera.in_sight())
    put(folder, "a", bench(symbol(MUG, EAN13)))
    assert eye.hears() == MUG


def test_an_ignored_code_is_told_again_when_something_changed(eye: Eye, folder: Path) -> None:
    put(folder, "a", bench(symbol("TOTE-1"), symbol("X-9", QR, 6)))
    assert {eye.hears(), eye.hears()} == {"TOTE-1", "X-9"}
    eye.camera.ignore("]C0TOTE-1")
    eye.camera.offer_again()
    assert eye.hears() == "TOTE-1"
    eye.camera.offer_again()  # it was of use this time: it stays told
    put(folder, "a", bench(symbol("TOTE-1"), symbol("END")))
    assert eye.hears() == "END"
    assert eye.heard.empty()


def test_a_camera_that_is_pulled_says_so_and_comes_back_by_itself(eye: Eye, folder: Path) -> None:
    put(folder, "a", bench(symbol("TOTE-1")))
    assert eye.hears() == "TOTE-1"
    shutil.rmtree(folder)
    eye.until(eye.away)
    with pytest.raises(Down) as caught:
        eye.camera.picture()
    assert caught.value.what == "camera"
    assert "Go on with the scanner" in caught.value.text
    put(folder, "a", bench(symbol("TOTE-2")))
    assert eye.hears() == "TOTE-2"
    assert not eye.away()


def test_half_a_picture_is_passed_over(eye: Eye, folder: Path) -> None:
    (folder / "a.png").write_bytes(png(bench(symbol("TOTE-1")))[:900])
    put(folder, "b", bench(symbol("TOTE-2")))
    assert eye.hears() == "TOTE-2"
    assert not eye.away()


def test_a_bench_without_a_camera_has_none(tmp_path: Path) -> None:
    camera = ChosenCamera("")
    camera.start()
    assert camera.picture() is None
    assert not camera.here
    assert see("none") == "No camera."


def test_a_setting_that_names_no_camera_is_refused_and_tells_what_would() -> None:
    with pytest.raises(Refused) as caught:
        known("webcam")
    assert caught.value.code == "bad_camera"
    assert "/dev/video0" in caught.value.text
    with pytest.raises(Down):
        ChosenCamera("webcam").picture()


def test_what_a_camera_sees_is_said_in_words(folder: Path, tmp_path: Path) -> None:
    put(folder, "a", bench(symbol("TOTE-1")))
    assert see(f"folder:{folder}") == f"1280 × 720 pixels · folder:{folder}"
    with pytest.raises(Down):
        see(f"folder:{tmp_path / 'nowhere'}")


def test_another_camera_is_looked_through_at_once(folder: Path, tmp_path: Path) -> None:
    put(folder, "a", bench(symbol("TOTE-1")))
    heard: SimpleQueue[str] = SimpleQueue()
    camera = ChosenCamera("")
    camera.start(heard.put)
    camera.choose(f"folder:{folder}")
    assert heard.get(timeout=20) == "]C0TOTE-1"
    camera.close()


def test_a_camera_that_nobody_has_begun_is_not_called_away(tmp_path: Path) -> None:
    camera = LiveCamera("folder", partial(FolderSource, tmp_path), Pace(patience=0.0))
    assert camera.picture() is None
    camera.close()
