"""The designer: labels are changed, tried, put in force, taken back; a broken one never prints."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import Floor
from wms_app.base.places import user_data
from wms_app.base.refusal import Refused
from wms_app.office.setup.designer import DesignerView
from wms_app.office.setup.presenter import SetupPresenter
from wms_app.outside.devices.printer import FolderPrinter
from wms_app.outside.papers import own_designs
from wms_app.outside.papers.design import load_design, shipped_design


class Bench:
    """The designer, opened on the tote label."""

    def __init__(self, floor: Floor, folder: Path) -> None:
        self.folder = folder
        self.presenter = SetupPresenter(floor.store, floor.who("admin"), FolderPrinter(folder))
        self.presenter.act("section", "designs")
        self.do("open", "tote")

    def do(self, action: str, value: str = "") -> None:
        self.presenter.act(f"design_{action}", value)

    @property
    def view(self) -> DesignerView:
        design = self.presenter.view.design
        assert design is not None
        return design

    def apply(self, **facts: str) -> None:
        self.do("apply", json.dumps(self.view.facts | facts))

    @property
    def printed(self) -> int:
        return len(list(self.folder.glob("*.pdf")))


@pytest.fixture
def bench(floor: Floor, tmp_path: Path) -> Bench:
    return Bench(floor, tmp_path / "papers")


def test_an_element_is_moved_sized_and_put_in_force(bench: Bench) -> None:
    bench.do("choose", "caption")
    before: bytes = bytes(bench.view.picture)
    bench.do("move", "1.5 0")
    bench.do("size", "-2 0")
    box: object = bench.view.box
    assert box == (5.5, 3, 38, 5)
    after: bytes = bytes(bench.view.picture)
    assert after != before
    assert load_design("tote") == shipped_design("tote")
    bench.do("save")
    moved = load_design("tote").element("caption")
    assert moved is not None
    assert (moved.x_mm, moved.width_mm) == (5.5, 38)
    assert "your own design" in bench.view.about


def test_a_tap_on_the_picture_chooses_what_is_there(bench: Bench) -> None:
    bench.do("pick", "20 12")
    assert bench.view.chosen == "tote"
    bench.do("pick", "80 10")
    assert bench.view.chosen == "square_code"
    bench.do("pick", "99 49")
    assert bench.view.chosen == "square_code"


def test_steps_are_taken_back_one_by_one_to_the_beginning(bench: Bench) -> None:
    bench.do("choose", "tote")
    first = bench.view.box
    for _step in range(3):
        bench.do("move", "0 0.5")
    for _step in range(3):
        bench.do("undo")
    assert bench.view.box == first
    with pytest.raises(Refused) as refusal:
        bench.do("undo")
    assert refusal.value.code == "nothing_to_undo"


def test_a_broken_design_says_element_and_rule_and_is_neither_printed_nor_saved(
    bench: Bench,
) -> None:
    bench.do("choose", "caption")
    bench.do("move", "0 4")
    assert "caption" in bench.view.problem
    assert "overlaps" in bench.view.problem
    for action in ("try", "save"):
        with pytest.raises(Refused) as refusal:
            bench.do(action)
        assert refusal.value.code == "bad_design"
    assert bench.printed == 0
    assert load_design("tote") == shipped_design("tote")
    bench.do("undo")
    assert bench.view.problem == ""
    bench.do("try")
    assert bench.printed == 1


def test_a_code_that_is_scanned_cannot_be_taken_off(bench: Bench) -> None:
    for name in ("code", "square_code"):
        bench.do("choose", name)
        bench.do("remove")
    with pytest.raises(Refused) as refusal:
        bench.do("save")
    assert "this barcode is missing" in str(refusal.value)


def test_a_text_is_added_and_says_what_was_typed(bench: Bench) -> None:
    bench.do("choose", "warehouse")
    bench.do("remove")
    bench.do("add", "words")
    assert bench.view.chosen == "words_1"
    bench.apply(words="Keep dry", x="46", y="3", width="24", height="5", bold="yes")
    assert bench.view.problem == ""
    bench.do("save")
    assert load_design("tote").element("words_1") is not None


def test_lengths_that_are_no_numbers_are_refused_and_change_nothing(bench: Bench) -> None:
    bench.do("choose", "caption")
    with pytest.raises(Refused) as refusal:
        bench.apply(x="far")
    assert refusal.value.code == "bad_number"
    assert bench.view.facts["x"] == "4"


def test_values_and_resolution_are_changed_to_look(bench: Bench) -> None:
    sizes, pictures = set(), set()
    for _values in range(4):
        for _resolution in range(2):
            picture = bench.view.picture
            sizes.add(Image.open(io.BytesIO(picture)).size)
            pictures.add(picture)
            bench.do("dpi")
        bench.do("example")
    assert sizes == {(800, 400), (1181, 591)}
    assert len(pictures) == 8


def test_a_file_broken_by_hand_is_told_and_the_shipped_label_is_shown(bench: Bench) -> None:
    folder = user_data() / "labels"
    folder.mkdir(exist_ok=True)
    folder.joinpath("tote.toml").write_text("title = 3", "utf-8")
    bench.do("open", "tote")
    assert "“size” is missing" in bench.view.problem
    assert len(bench.view.elements) == len(shipped_design("tote").elements)
    bench.do("choose", "caption")
    bench.do("size", "-1 0")
    bench.do("save")
    assert bench.view.problem == ""
    assert len(own_designs.versions("tote")) == 1


def test_older_versions_and_the_shipped_one_come_back(bench: Bench) -> None:
    for name in ("caption", "tote"):
        bench.do("choose", name)
        bench.do("size", "-1 0")
        bench.do("save")
    choices = next(one for one in bench.presenter.actions if one.name == "design_back").choices
    assert choices[0][0] == "shipped"
    bench.do("back", choices[1][0])
    tote = load_design("tote").element("tote")
    assert tote is not None
    assert tote.width_mm == 66
    bench.do("back", "shipped")
    assert load_design("tote") == shipped_design("tote")
    assert len(own_designs.versions("tote")) == 3
