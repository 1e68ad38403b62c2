"""The simulated day takes the sample from its order file to the truck, and explains the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wms_app.app import DayPlan, open_store, run_the_day
from wms_app.office.setup.sample import load_sample
from wms_app.office.verify.service import verify


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], Path]:
    out = tmp_path_factory.mktemp("day")
    return run_the_day(DayPlan("", (), "", out, 7)), out


def test_every_good_order_is_handed_over_and_every_other_explained(
    day: tuple[dict[str, object], Path],
) -> None:
    said, _out = day
    explained = said["explained"]
    assert isinstance(explained, dict)
    assert said["handed_over"] == 213
    assert said["handed_over"] + len(explained) == said["orders"] == 246
    assert all(reasons for reasons in explained.values())
    assert said["not_handed_over"] == {"cancelled": 6, "held": 22, "short": 5}
    assert said["findings"] == []


def test_wrong_scans_are_refused_and_right_ones_are_not(
    day: tuple[dict[str, object], Path],
) -> None:
    said, _out = day
    assert said["unexpected"] == []
    wrong = said["wrong_scans"]
    assert isinstance(wrong, int)
    assert wrong > 10
    assert said["refused_wrong"] == wrong


def test_the_papers_of_the_day_lie_in_the_folder(day: tuple[dict[str, object], Path]) -> None:
    said, out = day
    names = [file.name for file in out.iterdir()]
    assert sum(name.endswith(".pdf") for name in names) > 100
    report = json.loads((out / "outbound-2026-11-24.json").read_text("utf-8"))
    assert report["stages"]["handed_over"] == said["handed_over"]
    assert report["units_out"] == said["units_out"]


def test_a_day_on_a_store_that_stands_works_on_what_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dock.sqlite'}"
    store = open_store(url)
    store.create()
    load_sample(store, today=True)
    said = run_the_day(DayPlan(url, (), "", tmp_path / "out", 3))
    with store.read() as tx:
        assert verify(tx) == []
    assert said["handed_over"] == 218
    again = run_the_day(DayPlan(url, (), "", tmp_path / "out", 3))
    assert again["handed_over"] == 218
    assert again["lists"] == 0
