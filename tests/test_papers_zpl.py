"""A label in ZPL, drawn to pixels, is the label in PDF: same codes, same places, real letters."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont, ImageOps, ImageStat

from tests.drawn import (
    BADGE,
    BIN,
    CHINESE,
    CYRILLIC,
    LATIN,
    NUMBER,
    TOTE,
    pages,
    scanned,
    zpl_pictures,
)
from wms_app.base.places import resources
from wms_app.outside.papers.design import load_design
from wms_app.outside.papers.label import label_pdf, label_zpl
from wms_app.outside.papers.layout import PlacedText, lay_out
from wms_app.outside.papers.symbols import squares
from wms_app.outside.papers.zpl import graphic

DOTS = 8  # per mm, a printer of 203 dpi
DPI = {DOTS: 203, 12: 300}
LABELS = [
    ("shipping", LATIN, [LATIN["tracking"]] * 2),
    ("shipping", CYRILLIC, [LATIN["tracking"]] * 2),
    ("shipping", CHINESE, [f"(00){NUMBER}", NUMBER]),
    ("bin", BIN, [BIN["code"]]),
    ("tote", TOTE, [TOTE["code"]] * 2),
    ("badge", BADGE, [BADGE["code"]]),
]

KEPT = {"tracking", "lane", "fragile"}
LONGEST = [
    {field: text if field in KEPT else long * 40 for field, text in LATIN.items()}
    for long in ("Wм李 ", "WM@%")
]

Draw = Callable[[str, dict[str, str], int], Image.Image]


@pytest.fixture(scope="module")
def draw_zpl() -> Draw:
    """Draws a label's ZPL with the renderer in tests/zpl_preview, installed on first use."""
    wanted = [(name, values, dots) for name, values, _codes in LABELS for dots in DPI]
    wanted += [("shipping", values, DOTS) for values in LONGEST]
    pictures = zpl_pictures([_job(*label) for label in wanted])
    return lambda *label: pictures[wanted.index(label)]


def _job(name: str, values: dict[str, str], dots: int) -> tuple[str, float, float, int]:
    design = load_design(name)
    zpl = label_zpl(design, values, DPI[dots])
    return zpl, design.width_mm, design.height_mm, dots


@pytest.mark.parametrize("dots", list(DPI))
@pytest.mark.parametrize(("name", "values", "codes"), LABELS)
def test_every_barcode_of_a_zpl_label_reads_back(
    draw_zpl: Draw, name: str, values: dict[str, str], codes: list[str], dots: int
) -> None:
    assert scanned(draw_zpl(name, values, dots)) == codes


@pytest.mark.parametrize(("name", "values"), [label[:2] for label in LABELS])
def test_pdf_and_zpl_put_every_field_at_the_same_place(
    draw_zpl: Draw, name: str, values: dict[str, str]
) -> None:
    zpl, pdf = draw_zpl(name, values, DOTS), _pdf(name, values)
    for line in _lines(name, values):
        one, other = _ink(zpl, line), _ink(pdf, line)
        assert one, f"{line.name} is not drawn in ZPL"
        assert other, f"{line.name} is not drawn in PDF"
        apart = max(abs(here - there) for here, there in zip(one, other, strict=True))
        assert apart <= 0.5 * DOTS, f"{line.name}: {one} {other}"


@pytest.mark.parametrize("values", [CHINESE, CYRILLIC])
@pytest.mark.parametrize("kind", ["pdf", "zpl"])
def test_names_are_drawn_with_their_own_letters(
    draw_zpl: Draw, values: dict[str, str], kind: str
) -> None:
    picture = _pdf("shipping", values) if kind == "pdf" else draw_zpl("shipping", values, DOTS)
    (line,) = [line for line in _lines("shipping", values) if line.name == "to_name"]
    box = _ink(picture, line)
    assert box
    drawn = picture.crop(box)
    assert _likeness(drawn, _typeset(line.text)) > 0.85
    assert _likeness(drawn, _typeset("□" * len(line.text))) < 0.6
    assert _likeness(drawn, _typeset(line.text[::-1])) < 0.6


def test_the_longest_texts_of_a_zpl_label_stay_in_their_fields(draw_zpl: Draw) -> None:
    design = load_design("shipping")
    for values in LONGEST:
        picture = draw_zpl("shipping", values, DOTS)
        outside = picture.copy()
        for element in design.elements:
            corner = (element.x_mm * DOTS - 1, element.y_mm * DOTS - 1)
            far = (element.x_mm + element.width_mm, element.y_mm + element.height_mm)
            ImageDraw.Draw(outside).rectangle((*corner, far[0] * DOTS, far[1] * DOTS), fill=255)
        assert ImageOps.invert(outside).getbbox() is None


RUNS = st.lists(st.tuples(st.sampled_from("00FF3A"), st.integers(1, 140)), min_size=1)


@given(RUNS, st.integers(1, 70), st.integers(0, 3))
def test_dots_are_coded_as_a_decoder_of_others_reads_them(
    runs: list[tuple[str, int]], row_bytes: int, repeated: int
) -> None:
    zebrafy: Any = import_module("zebrafy")

    digits = "".join(digit * length for digit, length in runs)
    whole = digits.ljust(-(-len(digits) // (2 * row_bytes)) * 2 * row_bytes, "0")
    rows = bytes.fromhex(whole)
    rows += rows[-row_bytes:] * repeated
    zpl = f"^XA^FO0,0{graphic(rows, row_bytes * 8)}^FS^XZ"
    (picture,) = zebrafy.ZebrafyZPL(zpl).to_images()
    assert picture.size == (row_bytes * 8, len(rows) // row_bytes)
    assert ImageOps.invert(picture.convert("L")).convert("1").tobytes() == rows


def _pdf(name: str, values: dict[str, str]) -> Image.Image:
    (page,) = pages(label_pdf(load_design(name), [values]), DOTS * 25.4)
    return page


def _lines(name: str, values: dict[str, str]) -> list[PlacedText]:
    return [one for one in lay_out(load_design(name), values) if isinstance(one, PlacedText)]


def _ink(picture: Image.Image, line: PlacedText) -> tuple[int, int, int, int] | None:
    """Where a line is drawn, in dots; white letters are turned to black ones."""
    top, bottom = line.baseline_mm - 0.95 * line.size_mm, line.baseline_mm + 0.25 * line.size_mm
    left, right = line.x_mm, line.x_mm + line.width_mm
    box = [round(place * DOTS) for place in (left, top, right, bottom)]
    part = picture.crop((box[0], box[1], box[2], box[3]))
    black = part if line.white else ImageOps.invert(part)
    found = black.point(lambda grey: 255 if grey > 127 else 0).getbbox()
    if found is None:
        return None
    return found[0] + box[0], found[1] + box[1], found[2] + box[0], found[3] + box[1]


def _typeset(text: str) -> Image.Image:
    """A name in the shipped type, cut to its ink."""
    file = "NotoSans_700Bold.ttf" if "\u0400" <= text[0] <= "\u04ff" else "NotoSansSC_700Bold.ttf"
    font = ImageFont.truetype(str(resources() / "fonts" / file), 100)
    canvas = Image.new("L", (4000, 300), 255)
    ImageDraw.Draw(canvas).text((50, 50), text, fill=0, font=font)
    box = ImageOps.invert(canvas).getbbox()
    assert box
    return canvas.crop(box)


def _likeness(one: Image.Image, other: Image.Image) -> float:
    """Correlation of two pictures of the same size, from -1 to 1."""
    size = (one.width, one.height)
    a, b = one.convert("L"), other.resize(size, Image.Resampling.BOX).convert("L")
    mean_a, mean_b = ImageStat.Stat(a).mean[0], ImageStat.Stat(b).mean[0]
    pairs = list(zip(a.tobytes(), b.tobytes(), strict=True))
    both = sum((x - mean_a) * (y - mean_b) for x, y in pairs)
    spread = sum((x - mean_a) ** 2 for x, _y in pairs) * sum((y - mean_b) ** 2 for _x, y in pairs)
    return float(both / spread**0.5) if spread else 0.0


@pytest.mark.parametrize("count", [1, 18, 34, 35, 63, 64, 101, 102, 255, 256, 513, 514])
def test_the_side_of_a_qr_code_of_digits_is_known_without_drawing_it(count: int) -> None:
    symbol = squares("qr", "0" * count)
    assert symbol.side == len(symbol.rows)
