"""A small warehouse for every test: a real store in a file, a few SKUs, bins and people."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import Floor, build_floor
from tests.display import own_display
from tests.postgres import Missing, Server, server
from wms_app.app import open_store
from wms_app.base import clock, texts
from wms_app.base.db import Store

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
# Files that start many processes of their own, and leave others no processor.
CROWDS = {"test_failover", "test_storm", "test_turns"}
# Tests of these run on the embedded store and on Postgres.
BOTH = {
    "test_allocation",
    "test_archive",
    "test_bench_papers",
    "test_cancelling",
    "test_catalog",
    "test_counting",
    "test_evidence",
    "test_find",
    "test_handover",
    "test_label_first",
    "test_labelling",
    "test_moves",
    "test_orders",
    "test_own_label",
    "test_packing",
    "test_short_at_bench",
    "test_people",
    "test_picking",
    "test_prepared",
    "test_put_back",
    "test_staging",
    "test_stock",
    "test_store",
    "test_today",
    "test_verify",
    "test_waves",
}


def pytest_configure(config: pytest.Config) -> None:
    """Each worker has a display of its own: two windows on one would take each other's keys."""
    if hasattr(config, "workerinput") and (display := own_display()):
        os.environ["DISPLAY"] = display


@pytest.fixture(autouse=True)
def _quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads the user's own settings, changes the clock, or the language, for another."""
    monkeypatch.setenv("DOCK_DATA", str(tmp_path / "dock-data"))
    monkeypatch.delenv("DOCK_STORE", raising=False)
    texts.use("en")
    yield
    clock.set_clock(None)
    texts.use("en")


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded store with every table, to be copied: a copy is sooner made than the tables."""
    file = tmp_path_factory.mktemp("made") / "dock.sqlite"
    store = open_store(f"sqlite:///{file}")
    store.create()
    store.close()
    with closing(sqlite3.connect(file)) as made:
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The Postgres of this run with an upgraded database, `template`; started when first asked."""
    try:
        with server() as running:
            running.template = running.database()
            test_clock = clock._now
            clock.set_clock(None)  # it serves tests of every date
            store = open_store(running.template)
            store.create()
            store.close()
            clock.set_clock(test_clock)
            yield running
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path, made_once: Path) -> Iterator[Store]:
    """An empty store with every table; tests of the flow run on each kind (see BOTH)."""
    if getattr(request, "param", "sqlite") == "postgres":
        running: Server = request.getfixturevalue("postgres")
        url = running.copy()
        store = open_store(url)
        yield store
        store.close()
        running.give_back(url)
        return
    shutil.copy(made_once, tmp_path / "dock.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'dock.sqlite'}")
    yield store
    store.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What the warehouse does is true on both stores."""
    if "store" in metafunc.fixturenames and metafunc.module.__name__.split(".")[-1] in BOTH:
        metafunc.parametrize("store", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def floor(store: Store) -> Floor:
    """A store with a small warehouse in it; see tests/builders.py."""
    return build_floor(store)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data beside the project; tests that need it skip where it is missing."""
    if not DATA.is_dir():
        pytest.skip("the folder of real data is not beside the project")
    return DATA


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers, a file's tests stay together; what needs the machine is `apart`."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.path.stem))
        if item.path.stem in CROWDS:
            item.add_marker(pytest.mark.apart)


@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish(nodeid: str) -> None:
    """What a window leaves dies here, on the thread of the windows (see desk/tidy.py)."""
    if "test_window" in nodeid or "test_desk" in nodeid:
        gc.collect()
