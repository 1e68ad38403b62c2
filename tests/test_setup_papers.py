"""Papers printed from Setup: each form prints what it says, pallets never share a number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import zxingcpp

from tests.builders import Floor
from tests.drawn import pages
from wms_app.base.codes import is_sscc, own
from wms_app.base.refusal import Refused
from wms_app.office.find.presenter import FindPresenter
from wms_app.office.setup import paper_forms
from wms_app.office.setup.presenter import SetupPresenter
from wms_app.outside.devices.printer import FolderPrinter
from wms_app.outside.papers import own_designs
from wms_app.outside.papers.design import shipped_text


class Desk:
    """The papers of Setup, and what lies in the folder that stands for a printer."""

    def __init__(self, floor: Floor, folder: Path) -> None:
        self.folder = folder
        who = floor.who("admin")
        self.presenter = SetupPresenter(floor.store, who, FolderPrinter(folder))
        self.presenter.act("section", "papers")

    def print(self, key: str, operation: str = "", **said: str) -> list[list[str]]:
        """The codes on each page of what came out."""
        before = set(self.folder.glob("*.pdf"))
        self.presenter.act("choose", key)
        answers = self.presenter.view.facts | said
        self.presenter.act("save_papers", json.dumps(answers), operation)
        (fresh,) = set(self.folder.glob("*.pdf")) - before
        return [
            sorted(code.text for code in zxingcpp.read_barcodes(page))
            for page in pages(fresh.read_bytes(), 203.2)
        ]


@pytest.fixture
def desk(floor: Floor, tmp_path: Path) -> Desk:
    return Desk(floor, tmp_path / "papers")


def test_every_paper_of_the_list_is_printed(desk: Desk, floor: Floor) -> None:
    floor.add_order({"MUG": 1}, "S-1")
    said = {"sku": "MUG", "order": "S-1", "pieces": "48"}
    for form in paper_forms.forms():
        fields = {ask.name for ask in form.asks}
        desk.print(form.key, **{name: value for name, value in said.items() if name in fields})
    assert len(list(desk.folder.glob("*.pdf"))) == len(paper_forms.forms())


def test_bin_labels_of_a_zone_carry_their_codes(desk: Desk, floor: Floor) -> None:
    read = desk.print("bin_labels", arrow="up")
    assert read
    assert all(code.startswith("BIN.") for page in read for code in page)


def test_sku_labels_carry_the_code_of_the_goods(desk: Desk) -> None:
    read = desk.print("sku_labels", sku="MUG", copies="3")
    assert len(read) == 3
    assert all(page for page in read)


def test_pallets_never_share_a_number_and_a_repeated_key_uses_none_up(desk: Desk) -> None:
    one = desk.print("pallet_labels", "op-1", copies="2")
    same = desk.print("pallet_labels", "op-1", copies="2")
    next_ones = desk.print("pallet_labels", copies="1", sku="MUG", pieces="48")
    numbers = [code.removeprefix("(00)") for page in one + next_ones for code in page]
    sscc = [number for number in numbers if is_sscc(number)]
    assert one == same
    assert len(set(sscc)) == 3


def test_a_long_order_takes_several_packing_slips(desk: Desk, floor: Floor) -> None:
    number = floor.add_order({"MUG": 2, "TOWEL": 1, "POT": 1}, "S-7")
    own_designs.save(
        "packing", shipped_text("packing").replace("size = [92, 72]", "size = [92, 18]")
    )
    assert desk.print("packing_slip", order="S-7") == [[_order_code(number)]] * 2


def test_slip_and_return_label_carry_the_code_of_their_order(desk: Desk, floor: Floor) -> None:
    number = floor.add_order({"MUG": 2, "TOWEL": 1}, "S-7")
    assert desk.print("packing_slip", order="S-7") == [[_order_code(number)]]
    assert desk.print("return_label", order="S-7") == [[_order_code(number)]]


def test_an_order_s_papers_are_printed_from_its_card(desk: Desk, floor: Floor) -> None:
    number = floor.add_order({"MUG": 2}, "S-8")
    finder = FindPresenter(floor.store, floor.who(), FolderPrinter(desk.folder))
    finder.open()
    with pytest.raises(Refused):
        finder.act("packing_slip")
    finder.act("find", "S-8")
    for action in ("packing_slip", "return_label"):
        assert finder.act(action).kind == "done"
    read = [
        [code.text for code in zxingcpp.read_barcodes(page)]
        for file in desk.folder.glob("*.pdf")
        for page in pages(file.read_bytes(), 203.2)
    ]
    assert read == [[_order_code(number)]] * 2


@pytest.mark.parametrize(
    ("key", "said", "code"),
    [
        ("sku_labels", {"sku": "NOTHING"}, "no_sku"),
        ("sku_labels", {"sku": "MUG", "copies": "0"}, "bad_copies"),
        ("sku_labels", {"sku": "MUG", "expires": "31.3."}, "bad_date"),
        ("pallet_labels", {"sku": "MUG", "pieces": "many"}, "bad_pieces"),
        ("packing_slip", {"order": "S-404"}, "no_order"),
        ("tote_labels", {"range": "x"}, "bad_totes"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_words(
    desk: Desk, key: str, said: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        desk.print(key, **said)
    assert refusal.value.code == code
    assert not list(desk.folder.glob("*.pdf"))


def _order_code(number: int) -> str:
    return own("ORDER", str(number))
