"""A short storm on each store; `scripts/storm` runs long ones. And a broken build is caught."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storm.breaking import KINDS
from tests.storm.weather import Outcome, Plan, Weather, open_air, worst


@pytest.fixture
def air() -> Iterator[Path]:
    """A folder for diaries, with a path short enough for sockets."""
    with open_air() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, air: Path) -> Iterator[str]:
    """An empty store's URL."""
    if request.param == "sqlite":
        yield f"sqlite:///{air / 'storm.sqlite'}"
        return
    running = request.getfixturevalue("postgres")
    made = running.database()
    yield made
    running.drop(made)


def storm(url: str, air: Path, seconds: float, at_least: int, broken: str = "") -> Outcome:
    """Three stations, one of them killed every second."""
    times = {"kill_seconds": 1.0, "look_seconds": 2.0}
    plan = Plan(url, seconds / 60, 3, seed=11, broken=broken, at_least=at_least, **times)
    return Weather(plan, air, say=lambda _line: None).run()


def test_nothing_is_lost_or_doubled_in_a_storm(url: str, air: Path) -> None:
    made = storm(url, air, 5, 60)
    assert not made.found, worst(made.found)
    assert made.kills
    assert sum(made.verbs.values()) >= 60


@pytest.mark.parametrize("kind", KINDS)
def test_the_storm_notices_a_broken_build(air: Path, kind: str) -> None:
    made = storm(f"sqlite:///{air / 'storm.sqlite'}", air, 60, 500, kind)  # ends when it is seen
    assert made.found
