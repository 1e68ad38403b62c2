"""What is scanned from the printed command sheet does what it says, in the room where it is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.bench import Tray, address_of_the_house, picked
from tests.builders import Floor
from tests.parcels import verified
from tests.test_bench_papers import room
from wms_app.base.codes import Scan, own
from wms_app.base.conversation import Action, commanded
from wms_app.base.refusal import Refused
from wms_app.floor.packing.presenter import PackPresenter
from wms_app.outside.papers.command_sheet import COMMANDS

HOUSE = Path(__file__).resolve().parent.parent / "wms_app"
MUG, TOWEL = "6901234567892", "6901234567908"
BY_THE_WINDOW = {"SIGN-OUT"}  # an action of the house: tests/test_window*.py


def test_a_command_is_an_actions_name_or_what_the_sheet_calls_it() -> None:
    actions = (Action("set_aside", "F3", "", sheet="next"), Action("skip", "F5", ""))
    assert commanded(actions, "NEXT") == "set_aside"
    assert commanded(actions, "SET-ASIDE") == "set_aside"
    assert commanded(actions, "SKIP") == "skip"
    assert commanded(actions, "CLOSE") == "close"
    named = (*actions, Action("next", "F6", ""))
    assert commanded(named, "NEXT") == "next", "a name goes before"


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - BY_THE_WINDOW))
def test_every_command_of_the_sheet_is_an_action_somewhere(command: str) -> None:
    """A code that hangs at every station and does nothing anywhere is a lie on the wall."""
    assert command.lower().replace("-", "_") in _said_by_actions()


def _said_by_actions() -> set[str]:
    """The names of all actions in the rooms' sources, and what the sheet calls them."""
    said: set[str] = set()
    for file in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Action":
                texts = [*node.args, *(word.value for word in node.keywords)]
                said |= {str(one.value) for one in texts if isinstance(one, ast.Constant)}
    return said


def scan(pack: PackPresenter, *codes: str) -> str:
    return [pack.scan(Scan(code)).text for code in codes][-1]


def step(pack: PackPresenter) -> str:
    return pack.view.step


def test_a_packer_closes_a_box_and_goes_on_by_the_sheet_alone(floor: Floor) -> None:
    address_of_the_house(floor)
    picked(floor, {"MUG": 1, "TOWEL": 1})
    pack = room(floor, Tray())
    scan(pack, own("TOTE", "T-1"), MUG)
    assert scan(pack, own("CMD", "CLOSE")) == "This box is closed with what is in it."
    assert step(pack) == "weigh"
    scan(pack, own("CMD", "UNDO"), own("CMD", "NEXT"))
    assert step(pack) == "tote"
    scan(pack, own("TOTE", "T-1"), TOWEL)
    with pytest.raises(Refused) as refusal:
        scan(pack, own("CMD", "CONFIRM"))
    assert refusal.value.code == "no_scale", "confirming weighs"
    assert verified(floor)
