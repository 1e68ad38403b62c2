"""The rules of the house that no compiler holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wms_app.base.texts import LANGUAGES
from wms_app.office.people.words import ROOMS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wms_app"
SOURCES = sorted(PACKAGE.rglob("*.py"))
LIVING = {"Order", "Parcel", "Label", "PickList", "Pickup", "PutBack", "CountTask"}


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def updates(file: Path) -> Iterator[tuple[str, set[str]]]:
    """Every `update(Noun)....values(field=...)`: the noun and the fields it sets."""
    for node in ast.walk(parsed(file)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr != "values":
            continue
        inner: ast.expr = node.func.value
        while isinstance(inner, ast.Call):
            if isinstance(inner.func, ast.Name) and inner.func.id == "update" and inner.args:
                yield ast.unparse(inner.args[0]), {k.arg for k in node.keywords if k.arg}
                break
            if not isinstance(inner.func, ast.Attribute):
                break
            inner = inner.func.value


def test_only_moves_write_the_state_of_what_has_a_life() -> None:
    wrong = [
        f"{name_of(file)}: {noun}"
        for file in SOURCES
        for noun, fields in updates(file)
        if noun in LIVING and "state" in fields
    ]
    assert wrong == []


def test_only_the_stock_room_changes_quantities() -> None:
    wrong = [
        name_of(file)
        for file in SOURCES
        if file.parent.name != "stock"
        for noun, fields in updates(file)
        if noun == "Stock" and fields & {"on_hand", "allocated"}
    ]
    assert wrong == []


def test_every_file_says_what_it_is_for() -> None:
    assert [name_of(file) for file in SOURCES if not ast.get_docstring(parsed(file))] == []


def test_no_file_has_outgrown_its_room() -> None:
    lengths = {name_of(file): len(file.read_text("utf-8").splitlines()) for file in SOURCES}
    frozen = "/migrations/versions/"  # a record of what was, not a room
    long = {name: count for name, count in lengths.items() if count > 460 and frozen not in name}
    assert long == {}


def test_texts_are_formatted_after_they_are_translated() -> None:
    wrong = [
        f"{name_of(file)}:{node.lineno}"
        for file in SOURCES
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "ngettext", "mark"}
        and not all(
            isinstance(arg, ast.Constant) for arg in node.args[: 1 + (node.func.id == "ngettext")]
        )
        and file.name not in {"texts.py"}
        and not isinstance(node.args[0], ast.Attribute | ast.Name)
    ]
    assert wrong == []


def test_colours_stand_in_one_place() -> None:
    wrong = [
        name_of(file)
        for file in SOURCES
        if name_of(file) != "wms_app/desk/style.py"
        and "papers" not in file.parts
        and re.search(r"[\"']#[0-9A-Fa-f]{6}[\"']", file.read_text("utf-8"))
    ]
    assert wrong == []


def test_qt_is_used_where_it_may_be() -> None:
    allowed = re.compile(r"wms_app/(desk/.*|window|outside/devices/.*|.*/screen(_\w+)?)\.py")
    wrong = [
        name_of(file)
        for file in SOURCES
        if not allowed.fullmatch(name_of(file))
        and any(
            "PySide6" in ast.unparse(node)
            for node in ast.walk(parsed(file))
            if isinstance(node, ast.Import | ast.ImportFrom)
        )
    ]
    assert wrong == []


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert [name_of(file) for file in SOURCES if words.search(file.read_text("utf-8"))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_room_has_its_help(language: str) -> None:
    rooms = {"sign-in", *(room for rooms in ROOMS.values() for room in rooms)}
    folder = ROOT / "resources" / "help" / language
    assert {file.stem for file in folder.glob("*.md")} >= rooms
