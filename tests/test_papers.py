"""Papers: every barcode reads back, no text leaves its field, a broken design is refused."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawn import BADGE, BIN, CHINESE, CYRILLIC, LATIN, NUMBER, TOTE, pages, scanned
from wms_app.base.codes import own
from wms_app.base.refusal import Refused
from wms_app.outside.papers import design as designs
from wms_app.outside.papers import fonts
from wms_app.outside.papers.command_sheet import COMMANDS, command_sheet_pdf
from wms_app.outside.papers.design import (
    FIELD,
    BarsElement,
    Design,
    MatrixElement,
    SignElement,
    load_design,
)
from wms_app.outside.papers.document import Column
from wms_app.outside.papers.examples import examples
from wms_app.outside.papers.label import label_pdf
from wms_app.outside.papers.layout import PlacedText, lay_out
from wms_app.outside.papers.manifest import ManifestPaper, ManifestRow, manifest_pdf
from wms_app.outside.papers.own_designs import names
from wms_app.outside.papers.pick_list import PickListPaper, PickStop, pick_list_pdf
from wms_app.outside.papers.report import ReportPaper, ReportTable, report_pdf

both_printers = pytest.mark.parametrize("dpi", [203, 300])
GOODS = ("4006381333931", "SKU-1001", "X00ABCDEFG", "012345678905")
LONG = st.text(st.sampled_from("iWм Щ李,-\n.éÅ(😀"), min_size=1, max_size=160)


@both_printers
@pytest.mark.parametrize(
    ("name", "values", "codes"),
    [
        ("shipping", LATIN, [LATIN["tracking"]] * 2),
        ("shipping", CYRILLIC, [LATIN["tracking"]] * 2),
        ("shipping", CHINESE, [f"(00){NUMBER}", NUMBER]),
        ("bin", BIN, [BIN["code"]]),
        ("tote", TOTE, [TOTE["code"]] * 2),
        ("badge", BADGE, [BADGE["code"]]),
    ],
)
def test_every_barcode_of_a_label_reads_back(
    name: str, values: dict[str, str], codes: list[str], dpi: int
) -> None:
    (page,) = pages(label_pdf(load_design(name), [values], dpi), dpi)
    assert scanned(page) == codes


@both_printers
def test_every_code_of_a_long_pick_list_reads_back(dpi: int) -> None:
    stops = tuple(_stop(number) for number in range(30))
    head = own("LIST", "L-0007")
    paper = PickListPaper("L-0007", head, "NJ1", "08:00", "Pick list", "", 12, 90, stops)
    drawn = pages(pick_list_pdf([paper]), dpi)
    assert len(drawn) > 2
    read = [code for page in drawn for code in scanned(page)]
    wanted = [code for stop in stops for code in (stop.bin_barcode, stop.sku_barcode)]
    wanted = [code.zfill(13) if code.isdigit() else code for code in wanted]
    assert sorted(read) == sorted([head] * len(drawn) + wanted)


@both_printers
def test_the_code_of_a_manifest_stands_on_each_of_its_pages(dpi: int) -> None:
    row = ManifestRow("ACME1", "WEB-1", "NORTH", "上海, CN", 2, 450)
    code = own("PICKUP", "P-3")
    paper = ManifestPaper("P-3", code, "acme", "L2", "NJ1", "17:05", "Jo", "NJ 1", (row,) * 60)
    drawn = pages(manifest_pdf(paper), dpi)
    assert len(drawn) > 1
    assert [scanned(page) for page in drawn] == [[code]] * len(drawn)


@both_printers
def test_the_command_sheet_is_one_page_of_all_commands(dpi: int) -> None:
    (page,) = pages(command_sheet_pdf(dpi), dpi)
    assert scanned(page) == sorted(own("CMD", command) for command in COMMANDS)


def test_a_report_flows_over_pages_and_says_that_a_table_is_empty() -> None:
    full = ReportTable("Clients", (Column("Client", 1), Column("In", 1)), (("C1", "4"),) * 90)
    empty = ReportTable("Late", (Column("Order", 1),), ())
    drawn = _words(
        ReportPaper("Outbound", "2026-11-25", "NJ1", "18:00", (("Out", "7"),), (full, empty))
    )
    assert len(drawn) > 1
    assert sum(page.count("C1") for page in drawn) == 90
    assert "Nothing to show" in drawn[-1]
    assert f"Page 1 of {len(drawn)}" in drawn[0]


@settings(max_examples=60, deadline=None)
@given(data=st.data(), name=st.sampled_from(names()))
def test_the_longest_texts_stay_in_their_fields(data: st.DataObject, name: str) -> None:
    design = load_design(name)
    values = dict(data.draw(st.sampled_from(examples(name)), "example").values)
    scanned_fields = {
        field
        for element in design.elements
        if isinstance(element, BarsElement | MatrixElement | SignElement)
        for field in FIELD.findall(element.value)
    }
    for field in {*design.fields, *design.optional} - scanned_fields:
        values[field] = data.draw(LONG, field)
    boxes: dict[str, tuple[float, float, float, float]] = {}
    for line in lay_out(design, values):
        if isinstance(line, PlacedText):
            _inside(design, line)
            boxes[line.name] = _around(boxes.get(line.name), _ink(line))
    for one, other in combinations(boxes.values(), 2):
        assert _apart(one, other)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("at = [60, 5]", "it lies outside the label"),
        ('at = [1, 1]\nwhen = "zone"', "“zone” is not among its fields"),
        ("at = [1, 1]\ncolour = 1", "“colour” is not known"),
        ("at = [1, 1]\nmin = 9", "min is greater than max"),
        ('at = [1, 1]\n[[text]]\nname = "other"\nat = [2, 2]\nsize = [9, 5]\nvalue = "{bin}"\n'
         "max = 3\nmin = 2", "it overlaps other"),
    ],
)  # fmt: skip
def test_a_broken_design_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, said: str
) -> None:
    smallest = "" if "min = 9" in broken else "min = 2\n"
    text = 'title = "Bin"\nsize = [50, 30]\nfields = ["bin"]\n[[text]]\nname = "place"\n'
    text += f'size = [20, 10]\nvalue = "{{bin}}"\nmax = 8\n{smallest}{broken}\n'
    (tmp_path / "own.toml").write_text(text, "utf-8")
    monkeypatch.setattr(designs, "labels", lambda: tmp_path)
    with pytest.raises(Refused) as refusal:
        load_design("own")
    assert refusal.value.code == "bad_design"
    assert "“own”, place" in str(refusal.value)
    assert said in str(refusal.value)


def test_a_label_without_what_it_needs_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        label_pdf(load_design("bin"), [{"bin": "A-1"}])
    assert refusal.value.code == "label_value_missing"


def _stop(number: int) -> PickStop:
    place = f"A-{number // 8 + 1:02}-{number % 8 + 1:02}"
    goods = GOODS[number % 4]
    return PickStop(place, own("BIN", place), number + 1, f"SKU-{number}", "Кружка 陶瓷", goods)


def _words(paper: ReportPaper) -> list[str]:
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(report_pdf(paper))
    return [page.get_textpage().get_text_range() for page in document]


def _inside(design: Design, line: PlacedText) -> None:
    element = next(one for one in design.elements if one.name == line.name)
    left, top, right, bottom = _ink(line)
    slack = 1e-6
    assert element.x_mm - slack <= left
    assert right <= element.x_mm + element.width_mm + slack
    assert element.y_mm - slack <= top
    assert bottom <= element.y_mm + element.height_mm + slack


def _ink(line: PlacedText) -> tuple[float, float, float, float]:
    top = line.baseline_mm - fonts.ASCENT * line.size_mm
    bottom = line.baseline_mm + fonts.DESCENT * line.size_mm
    return line.left_mm, top, line.left_mm + line.text_width_mm, bottom


def _around(
    one: tuple[float, float, float, float] | None, other: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    if one is None:
        return other
    return (*map(min, one[:2], other[:2]), *map(max, one[2:], other[2:]))  # type: ignore[return-value]


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    slack = 1e-6
    beside = one[2] <= other[0] + slack or other[2] <= one[0] + slack
    return beside or one[3] <= other[1] + slack or other[3] <= one[1] + slack
