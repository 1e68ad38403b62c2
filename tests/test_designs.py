"""Label designs: three outputs that agree, codes that read back, a user's own that is sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from tests.drawn import pages, zpl_pictures
from wms_app.base import clock
from wms_app.base.codes import own
from wms_app.base.places import user_data
from wms_app.base.refusal import Refused
from wms_app.base.texts import LANGUAGES
from wms_app.office.verify import doctor
from wms_app.outside.papers import own_designs
from wms_app.outside.papers.design import (
    BarsElement,
    Design,
    Element,
    MatrixElement,
    TextElement,
    load_design,
    shipped_design,
    shipped_text,
)
from wms_app.outside.papers.examples import LONG, Example, examples
from wms_app.outside.papers.label import label_pdf, label_zpl
from wms_app.outside.papers.layout import PlacedBars, PlacedSquares, dots_per_mm, fill, lay_out
from wms_app.outside.papers.own_designs import names
from wms_app.outside.papers.picture import label_picture
from wms_app.outside.papers.proof import prove, read_back, value_of
from wms_app.outside.papers.words import LABEL_WORDS, TITLES

RESOLUTIONS = (203, 300)
AGREE_MM = 0.5
Box = tuple[float, float, float, float]

every_design = pytest.mark.parametrize("name", names())
both_printers = pytest.mark.parametrize("dpi", RESOLUTIONS)


def test_the_designs_of_the_bench_are_there() -> None:
    assert set(names()) == {
        "badge", "bin", "commands", "fragile", "list", "lithium", "lithium-small", "packing",
        "pallet", "return", "shipping", "sku", "tote",
    }  # fmt: skip


@every_design
def test_every_design_is_tried_with_the_longest_values_and_each_element_is_seen(name: str) -> None:
    design, tried = shipped_design(name), examples(name)
    if design.optional:
        assert LONG in {example.title for example in tried}
    for element in design.elements:
        assert [one for one in tried if element.drawn_with(one.values)], element.name


def test_the_words_and_titles_of_designs_are_known_to_the_translators() -> None:
    from wms_app.outside.papers.command_sheet import COMMANDS

    known = {*LABEL_WORDS, *TITLES, *(words for pair in COMMANDS.values() for words in pair)}
    for name in names():
        design = shipped_design(name)
        used = {one.words for one in design.elements if isinstance(one, TextElement)}
        assert used - {""} <= known
        assert design.title in TITLES
    assert LANGUAGES


# Three outputs that agree


Printed = dict[tuple[str, str, int], Image.Image]


@pytest.fixture(scope="module")
def printed() -> Printed:
    """What a label printer prints: each design's first and last example at both resolutions."""
    wanted = [(name, one, dpi) for name in names() for one in _tried(name) for dpi in RESOLUTIONS]
    jobs = []
    for name, example, dpi in wanted:
        design = shipped_design(name)
        zpl = label_zpl(design, example.values, dpi)
        dots = round(dots_per_mm(dpi))  # of the renderer, which takes whole ones
        exact = dots_per_mm(dpi) / dots
        jobs.append((zpl, design.width_mm * exact, design.height_mm * exact, dots))
    pictures = zpl_pictures(jobs)
    keys = [(name, example.title, dpi) for name, example, dpi in wanted]
    return dict(zip(keys, pictures, strict=True))


def _tried(name: str) -> tuple[Example, ...]:
    return examples(name)[:1] + examples(name)[1:][-1:]


@both_printers
@every_design
def test_pdf_zpl_and_screen_agree_to_half_a_millimetre_on_every_element(
    printed: Printed, name: str, dpi: int
) -> None:
    design, apart = shipped_design(name), []
    for example in _tried(name):
        (pdf,) = pages(label_pdf(design, [example.values], dpi), dots_per_mm(dpi) * 25.4)
        screen = label_picture(design, example.values, dpi).convert("L")
        outputs = (screen, pdf, printed[name, example.title, dpi])
        for element in design.elements:
            if element.drawn_with(example.values):
                boxes = [_ink(picture, element, dpi) for picture in outputs]
                worst = max(_distance(boxes[0], box) for box in boxes)
                if worst > AGREE_MM:
                    apart.append((element.name, worst, boxes))
    assert apart == []


def _ink(picture: Image.Image, element: Element, dpi: int) -> list[Box]:
    """Where an element is black, in mm; and for a text on black where that is white."""
    dots = dots_per_mm(dpi)
    left, top = int(element.x_mm * dots), int(element.y_mm * dots)
    right = round((element.x_mm + element.width_mm) * dots)
    bottom = round((element.y_mm + element.height_mm) * dots)
    part = picture.crop((left, top, right, bottom))
    black = part.point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert black, element.name
    boxes = [black]
    if isinstance(element, TextElement) and element.inverse:
        inside = (black[0] + 4, black[1] + 4, black[2] - 4, black[3] - 4)
        white = part.crop(inside).point(lambda grey: 255 if grey >= 128 else 0).getbbox()
        assert white, element.name
        boxes.append(white)
    return [(b[0] / dots, b[1] / dots, b[2] / dots, b[3] / dots) for b in boxes]


def _distance(some: list[Box], others: list[Box]) -> float:
    return max(
        abs(here - there)
        for one, other in zip(some, others, strict=True)
        for here, there in zip(one, other, strict=True)
    )


@both_printers
@every_design
def test_modules_are_whole_dots_that_scanners_can_read(name: str, dpi: int) -> None:
    dots = dots_per_mm(dpi)
    for example in examples(name):
        for placed in lay_out(shipped_design(name), example.values):
            if isinstance(placed, PlacedBars | PlacedSquares):
                module = placed.module_dots(dots)
                assert module >= 2
                assert module / dots >= 0.24
        screen = label_picture(shipped_design(name), example.values, dpi).convert("L")
        (pdf,) = pages(label_pdf(shipped_design(name), [example.values], dpi), dots * 25.4)
        black = pdf.point(lambda grey: 255 if grey >= 128 else 0)
        for element in shipped_design(name).elements:
            if isinstance(element, BarsElement) and element.drawn_with(example.values):
                for picture in (screen, black):
                    assert _widths(picture, element, dots) <= {1, 2, 3, 4}, element.name


def _widths(picture: Image.Image, element: BarsElement, dots: float) -> set[float]:
    """How wide bars and spaces are, in modules, as they are drawn in the middle of the code."""
    row = int((element.y_mm + element.height_mm / 2) * dots)
    left, right = int(element.x_mm * dots), int((element.x_mm + element.width_mm) * dots)
    line = picture.convert("L").crop((left, row, right, row + 1))
    ink = ImageOps.invert(line).getbbox()
    assert ink
    shades = line.crop(ink).tobytes()
    runs, last = [], 0
    for place in range(1, len(shades) + 1):
        if place == len(shades) or shades[place] != shades[place - 1]:
            runs.append(place - last)
            last = place
    return {run / min(runs) for run in runs}


# Every code reads back


@both_printers
@every_design
def test_every_code_of_the_screen_and_of_the_pdf_reads_back(name: str, dpi: int) -> None:
    design = shipped_design(name)
    for example in examples(name):
        screen = label_picture(design, example.values, dpi)
        (pdf,) = pages(label_pdf(design, [example.values], dpi), dots_per_mm(dpi) * 25.4)
        for element in design.elements:
            if value_of(element) and element.drawn_with(example.values):
                wanted = fill(value_of(element), example.values)
                for picture in (screen, pdf):
                    assert wanted in read_back(picture, element, dpi), (element.name, example.title)


@both_printers
@every_design
def test_every_code_of_the_zpl_reads_back(printed: Printed, name: str, dpi: int) -> None:
    design = shipped_design(name)
    for example in _tried(name):
        picture = printed[name, example.title, dpi]
        for element in design.elements:
            if value_of(element) and element.drawn_with(example.values):
                wanted = fill(value_of(element), example.values)
                assert wanted in read_back(picture, element, dpi), (element.name, example.title)


# Rules from outside the house


def test_the_pallet_label_keeps_the_sizes_of_gs1() -> None:
    design = shipped_design("pallet")
    for example in examples("pallet"):
        for dpi in RESOLUTIONS:
            dots = dots_per_mm(dpi)
            for placed in lay_out(design, example.values):
                if isinstance(placed, PlacedBars):
                    assert 0.495 <= placed.module_dots(dots) / dots + 1e-3 <= 0.94
                    assert placed.height_mm >= 31.75
    lowest = max((one for one in design.elements if value_of(one)), key=lambda one: one.y_mm)
    assert lowest.name == "sscc"


@pytest.mark.parametrize(("name", "size"), [("lithium", (100, 100)), ("lithium-small", (100, 70))])
def test_the_lithium_mark_is_as_big_as_the_rule_asks_and_so_is_its_number(
    name: str, size: tuple[int, int]
) -> None:
    design = shipped_design(name)
    for dpi in RESOLUTIONS:
        dots = dots_per_mm(dpi)
        picture = label_picture(design, {"un": "UN3481"}, dpi).convert("L")
        ink = ImageOps.invert(picture).getbbox()
        assert ink
        assert (ink[2] - ink[0]) / dots >= size[0] - 0.2
        assert (ink[3] - ink[1]) / dots >= size[1] - 0.2
        number = replace(design, elements=tuple(filter(None, [design.element("un")])))
        drawn = ImageOps.invert(label_picture(number, {"un": "UN3481"}, dpi).convert("L")).getbbox()
        assert drawn
        assert (drawn[3] - drawn[1]) / dots >= 12


# The user's own


def test_a_saved_design_goes_before_the_shipped_one_and_older_ones_are_kept() -> None:
    shipped = load_design("tote")
    own_designs.save("tote", _tote(max_size=11))
    assert _size_of_tote(load_design("tote")) == 11
    clock.set_clock(None)
    own_designs.save("tote", _tote(max_size=9))
    assert _size_of_tote(load_design("tote")) == 9
    (older,) = own_designs.versions("tote")
    own_designs.go_back("tote", older.path.stem)
    assert _size_of_tote(load_design("tote")) == 11
    own_designs.use_shipped("tote")
    assert load_design("tote") == shipped
    assert len(own_designs.versions("tote")) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("at = [2, 26]", "at = [9, 26]"), "code: it lies outside the label"),
        (("size = [96, 17]", "size = [40, 17]"), "“code” of this label"),
        (("size = [96, 17]", "size = [96, 4]"), "code: bars lower than 5 mm"),
        (('value = "{code}"\nmodule', 'value = "x{code}"\nmodule'), ""),
        (("optional = [", 'optional = ["colour", '), "nothing fills the field “colour”"),
        (("max = 15.0", "max = 1.0"), "tote: min is greater than max"),
    ],
)
def test_a_broken_design_is_refused_with_element_and_rule_and_prints_nothing(
    change: tuple[str, str], said: str
) -> None:
    broken = shipped_text("tote").replace(*change)
    assert broken != shipped_text("tote")
    if said:
        with pytest.raises(Refused) as refusal:
            own_designs.save("tote", broken)
        assert said in str(refusal.value)
        assert not own_designs.has_own("tote")
    _by_hand("tote", broken)
    assert (own_designs.trouble("tote") is not None) == bool(said)
    assert (load_design("tote") == shipped_design("tote")) == bool(said)


def test_a_label_without_the_code_that_is_scanned_is_refused() -> None:
    text = shipped_text("tote").replace('value = "{code}"\nmodule', 'value = "{tote}"\nmodule')
    square = 'symbology = "datamatrix"\nvalue = '
    text = text.replace(f'{square}"{{code}}"', f'{square}"{{tote}}"')
    with pytest.raises(Refused) as refusal:
        own_designs.save("tote", text)
    assert "this barcode is missing" in str(refusal.value)


def test_a_mark_smaller_than_its_rule_is_refused_even_when_the_file_forgets_the_rule() -> None:
    text = shipped_text("lithium").replace("least = [100, 100]\n", "")
    text = text.replace("size = [100, 100]\nvalue", "size = [90, 90]\nvalue")
    with pytest.raises(Refused) as refusal:
        own_designs.save("lithium", text)
    assert "at least 100 x 100 mm" in str(refusal.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('value = "batteries"', 'value = "fragile"'), "it must be the sign “batteries”"),
        (("min = 16.9", "min = 9.0"), "its smallest type must be at least 16.9 mm"),
        (('name = "batteries"', 'name = "cells"'), "batteries: it is missing, and rules ask"),
    ],
)
def test_what_a_rule_asks_of_a_mark_stays_on_it(change: tuple[str, str], said: str) -> None:
    with pytest.raises(Refused) as refusal:
        own_designs.save("lithium", shipped_text("lithium").replace(*change))
    assert said in str(refusal.value)


def test_a_frame_across_a_code_is_found_by_reading_it_back() -> None:
    across = '\n[[box]]\nname = "rule"\nat = [2, 25]\nsize = [96, 19]\nfilled = true\n'
    with pytest.raises(Refused) as refusal:
        own_designs.save("tote", shipped_text("tote") + across)
    assert "can't be read" in str(refusal.value)


def test_the_doctor_tells_that_a_design_changed_by_hand_is_not_used() -> None:
    assert doctor._labels()[0]
    _by_hand("tote", shipped_text("tote").replace("size = [96, 17]", "size = [96, 4]"))
    sound, words = doctor._labels()
    assert not sound
    assert "bars lower than 5 mm" in words


def test_the_shipped_designs_pass_every_check() -> None:
    for name in names():
        prove(shipped_design(name))


def test_the_sheet_has_the_codes_that_the_house_understands() -> None:
    from wms_app.outside.papers.command_sheet import COMMANDS

    values = examples("commands")[0].values
    assert sorted(values.values()) == sorted(own("CMD", command) for command in COMMANDS)
    design = shipped_design("commands")
    bars = [one for one in design.elements if isinstance(one, BarsElement | MatrixElement)]
    assert len(bars) == len(COMMANDS)


def _tote(max_size: int) -> str:
    return shipped_text("tote").replace("max = 15.0", f"max = {max_size}.0")


def _size_of_tote(design: Design) -> float:
    element = design.element("tote")
    assert isinstance(element, TextElement)
    return element.max_mm


def _by_hand(name: str, text: str) -> Path:
    folder = user_data() / "labels"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path
