"""Learning a scanner: three known codes say how it types, and what it is set to badly."""

from __future__ import annotations

import pytest
import zxingcpp

from tests.drawn import pages
from wms_app.base.gs1 import GS
from wms_app.base.refusal import Refused
from wms_app.office.setup.learning import sheet_pdf
from wms_app.outside.devices.scanners.learning import (
    DIGITS,
    LETTERS,
    SEPARATORS,
    Burst,
    Learned,
    Learner,
)


def taught(*bursts: Burst) -> Learner:
    learner = Learner()
    for burst in bursts:
        learner.hear(burst)
    return learner


def said(code: str, **others: object) -> Burst:
    return Burst(code, code, **others)  # type: ignore[arg-type]


def test_a_scanner_that_sends_codes_and_enter_needs_nothing() -> None:
    learner = taught(said(LETTERS, gap_ms=4.0), said(SEPARATORS), said(DIGITS))
    assert learner.learned == Learned()
    assert learner.lesson == ""
    assert all(one.well for one in learner.remarks)


def test_what_stands_around_a_code_is_learned() -> None:
    learner = taught(said(f"~{LETTERS}$$", end=""), said(f"~{SEPARATORS}$$", end=""))
    assert (learner.learned.prefix, learner.learned.suffix) == ("~", "$$")


def test_symbology_identifiers_are_no_prefix() -> None:
    learner = taught(said(f"]C0{LETTERS}"), said(f"]C1{SEPARATORS}"), said(f"]E0{DIGITS}"))
    assert learner.learned == Learned()
    learner = taught(said(f"#]C0{LETTERS}"), said(f"#]C1{SEPARATORS}"), said(f"#]E0{DIGITS}"))
    assert learner.learned.prefix == "#"


def test_a_foreign_keyboard_layout_is_read_by_its_keys() -> None:
    french = "Dock:qWzAz-19/°?"  # a French keyboard's letters for the keys of a US one
    assert taught(Burst(french, LETTERS)).learned.layout == "us"
    assert taught(Burst(LETTERS, french)).learned.layout == "as_typed"


def test_a_slow_scanner_is_waited_for() -> None:
    assert taught(said(LETTERS, gap_ms=50.0)).learned.gap_ms == 75


def test_a_sign_in_the_place_of_separators_is_learned_for_gs1_codes_only() -> None:
    learner = taught(said(LETTERS), said(SEPARATORS.replace(GS, "|")))
    assert learner.learned.separator == "|"
    assert learner.remarks[-1].well


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (SEPARATORS.replace(GS, ""), "Separators of GS1 codes are left out"),
        (DIGITS[1:], "12345678905"),
        (DIGITS[:-1], "check digit"),
    ],
)
def test_what_the_scanner_leaves_out_is_told_with_what_to_set(heard: str, words: str) -> None:
    learner = taught(said(LETTERS))
    if heard[:2] != "01" or len(heard) < 20:
        learner.leave_out()
    learner.hear(said(heard))
    assert not learner.remarks[-1].well
    assert words in learner.remarks[-1].words


@pytest.mark.parametrize(
    ("burst", "code"),
    [
        (said("HELLO"), "other_code"),
        (said(LETTERS.swapcase()), "caps_lock"),
        (said(LETTERS.upper()), "one_case"),
        (said(LETTERS, end=""), "no_end"),
        (said(LETTERS, gap_ms=120.0), "slow_scanner"),
    ],
)
def test_a_scanner_that_could_not_be_told_from_typing_is_refused(burst: Burst, code: str) -> None:
    learner = Learner()
    with pytest.raises(Refused) as refused:
        learner.hear(burst)
    assert refused.value.code == code
    assert learner.lesson == "letters"


def test_another_letter_before_each_kind_of_code_is_refused() -> None:
    learner = taught(said(f"j{LETTERS}"))
    with pytest.raises(Refused) as refused:
        learner.hear(said(f"I{SEPARATORS}"))
    assert refused.value.code == "other_around"


def test_the_first_code_can_not_be_left_out_but_the_others_can() -> None:
    learner = Learner()
    with pytest.raises(Refused):
        learner.leave_out()
    learner.hear(said(LETTERS))
    learner.leave_out()
    learner.leave_out()
    assert learner.lesson == ""


def test_the_printed_sheet_reads_back_as_the_three_codes() -> None:
    (page,) = pages(sheet_pdf(), 300)
    read = zxingcpp.read_barcodes(page)
    texts = {code.text.replace("<GS>", GS) for code in read}
    assert len(read) == 3
    assert LETTERS in texts
    assert any(DIGITS in text for text in texts)
    assert any(
        text.replace(GS, "").replace("(", "").replace(")", "").endswith("Q4") for text in texts
    )
