"""A small warehouse for every test: a real store in a file, a few SKUs, bins and people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Floor, build_floor
from wms_app.app import open_store
from wms_app.base import clock, texts
from wms_app.base.db import Store

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads the user's own settings, changes the clock, or the language, for another."""
    monkeypatch.setenv("DOCK_DATA", str(tmp_path / "dock-data"))
    monkeypatch.delenv("DOCK_STORE", raising=False)
    texts.use("en")
    yield
    clock.set_clock(None)
    texts.use("en")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store with every table."""
    store = open_store(f"sqlite:///{tmp_path / 'dock.sqlite'}")
    store.create()
    yield store
    store.close()


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
