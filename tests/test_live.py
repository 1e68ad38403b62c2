"""What one station changes shows at the others within a second, and nobody asks in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import event, make_url

from tests.builders import build_floor
from tests.postgres import Server
from tests.wire import Wire
from wms_app.app import open_store
from wms_app.base.db import Store
from wms_app.floor.orders.holds import hold
from wms_app.settings import Settings
from wms_app.window import Workstation


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    url = postgres.database(postgres.template)
    yield url
    postgres.drop(url)


def test_a_change_is_heard_at_the_other_stations_within_a_second(url: str) -> None:
    here, there = open_store(url), open_store(url)
    heard, away = Event(), Event()
    listener = there.listen(heard.set, away.set)
    assert listener is not None
    assert heard.wait(5)  # it listens
    heard.clear()
    floor = build_floor(here)
    assert heard.wait(1)
    heard.clear()
    floor.add_stock("MUG", "A-01-1", 5)
    here.tell()
    here.close()  # what was just done is told at the latest now
    assert heard.wait(1)
    assert not away.is_set()
    listener.stop()
    there.close()


def test_a_listener_that_loses_the_store_says_so_and_hears_again(url: str) -> None:
    wire = Wire(make_url(url).port or 5432)
    through = make_url(url).set(port=wire.port).render_as_string(hide_password=False)
    here, there = open_store(url), open_store(through)
    heard, away = Event(), Event()
    listener = there.listen(heard.set, away.set)
    assert listener is not None
    assert heard.wait(5)
    wire.pull()
    assert away.wait(5)
    heard.clear()
    wire.plug()
    assert heard.wait(5)  # much may have changed meanwhile
    heard.clear()
    build_floor(here)
    assert heard.wait(2)
    listener.stop()
    for store in (here, there):
        store.close()
    wire.close()


def watched(store: Store) -> list[str]:
    """The statements that the store is asked from now on."""
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    return asked


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_change_elsewhere_shows_in_the_window(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, qtbot: QtBot, monkeypatch: Any
) -> None:
    there = f"sqlite:///{tmp_path / 'dock.sqlite'}"
    if kind == "postgres":
        there = request.getfixturevalue("url")
    elsewhere = open_store(there)
    elsewhere.create()
    floor = build_floor(elsewhere)
    order = floor.add_order({"MUG": 1})
    station = Workstation(open_store(there), Settings(language="en"))
    qtbot.addWidget(station.window)
    station.window.show()
    shown: list[Mapping[str, int]] = []
    monkeypatch.setattr(station.window, "show_counts", shown.append)
    station.station.sign_in(floor.who("supervisor"))
    station._enter(floor.who("supervisor"))
    qtbot.waitUntil(lambda: bool(shown), timeout=5000)
    assert shown[-1]["orders"] == 0
    qtbot.wait(1200)  # what was written before has been heard
    asked = watched(station.station.store)
    if kind == "postgres":
        qtbot.wait(1500)
        assert asked == []  # nobody asks the tables while nothing changes
    floor.do(lambda tx: hold(tx, order, "address"))
    elsewhere.tell()
    qtbot.waitUntil(lambda: shown[-1]["orders"] == 1, timeout=1500)
    station.close()
    elsewhere.close()
