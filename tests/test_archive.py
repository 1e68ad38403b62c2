"""Old months of the ledgers go into files; what they told is told as before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.builders import Floor
from tests.journeys import bring_to
from tests.parcels import add_lanes
from wms_app.base import clock
from wms_app.base.months import make_months
from wms_app.base.refusal import Refused
from wms_app.floor.stock.model import Movement
from wms_app.office.archive import files
from wms_app.office.archive.model import Archive
from wms_app.office.archive.service import Archived, archive
from wms_app.office.find.story import StoryLine, story
from wms_app.office.verify.service import verify

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MARCH = date(2026, 4, 1)


def at(month: int, day: int) -> None:
    clock.set_clock(lambda: datetime(2026, month, day, 12, tzinfo=UTC))


@pytest.fixture
def old(floor: Floor) -> Iterator[tuple[Floor, int]]:
    """A floor with an order that left in February, and one that left in October."""
    if not floor.store.sqlite:
        with floor.store.engine.begin() as conn:
            make_months(conn, first=datetime(2026, 1, 1, tzinfo=UTC))
    at(1, 20)
    add_lanes(floor)
    floor.add_stock("MUG", "A-01-1", 50)
    at(2, 10)
    first = floor.add_order({"MUG": 2}, number="OLD-1")
    bring_to(floor, first, "handed_over")
    at(10, 5)
    bring_to(floor, floor.add_order({"MUG": 3}, number="NEW-1"), "handed_over")
    clock.set_clock(lambda: NOW)
    yield floor, first
    clock.set_clock(None)


def told(floor: Floor, order_id: int) -> list[StoryLine]:
    with floor.store.read() as tx:
        return story(tx, "order", order_id)


def broken(floor: Floor) -> list[str]:
    with floor.store.read() as tx:
        return [finding.code for finding in verify(tx)]


def put_away(floor: Floor, out: Path, before: date = MARCH) -> Archived:
    return archive(floor.store, floor.who(), before, out)


def months_of(floor: Floor, ledger: str) -> set[str]:
    with floor.store.read() as tx:
        moments = tx.scalars(text(f"SELECT at FROM {ledger}"))
        return {str(moment)[:7] for moment in moments}


def test_whole_past_months_leave_a_store_of_many_stations_and_every_truth_holds(
    old: tuple[Floor, int], tmp_path: Path
) -> None:
    floor, _order = old
    before = months_of(floor, "journal")
    said = put_away(floor, tmp_path)
    assert broken(floor) == []
    if floor.store.sqlite:
        assert said.months == ["2026-01", "2026-02", "2026-03"]
        assert not said.removed
        assert months_of(floor, "journal") == before | {"2026-11"}
        return
    assert said.removed
    assert "2026-02" in before
    assert months_of(floor, "journal") == {"2026-10", "2026-11"}
    with floor.store.read() as tx:
        carried = tx.scalars(select(Movement.quantity).where(Movement.reason == "archive"))
        assert sum(carried) == 48


def test_the_story_of_an_order_is_the_same_from_the_files(
    old: tuple[Floor, int], tmp_path: Path
) -> None:
    floor, order_id = old
    before = told(floor, order_id)
    assert len(before) > 10
    put_away(floor, tmp_path)
    assert told(floor, order_id) == before


def test_a_file_that_is_away_is_named_in_the_story(old: tuple[Floor, int], tmp_path: Path) -> None:
    floor, order_id = old
    put_away(floor, tmp_path)
    for file in tmp_path.iterdir():
        file.unlink()
    said = told(floor, order_id)
    if floor.store.sqlite:
        assert len(said) > 10
    else:
        assert any("2026-02" in line.what and str(tmp_path) in line.what for line in said)


def test_a_month_in_which_something_is_unfinished_stays_with_all_later_ones(
    old: tuple[Floor, int], tmp_path: Path
) -> None:
    floor, _order = old
    at(2, 20)
    waiting = floor.add_order({"MUG": 1}, number="OLD-2")
    clock.set_clock(lambda: NOW)
    said = put_away(floor, tmp_path)
    assert said.months == ["2026-01"]
    assert (said.stopped_at, said.unfinished) == ("2026-02", f"orders {waiting}")
    assert "2026-02" in months_of(floor, "journal")
    assert broken(floor) == []


def test_a_month_partly_before_the_day_stays(old: tuple[Floor, int], tmp_path: Path) -> None:
    floor, _order = old
    assert put_away(floor, tmp_path, date(2026, 2, 28)).months == ["2026-01"]


def test_a_day_to_come_is_refused(old: tuple[Floor, int], tmp_path: Path) -> None:
    with pytest.raises(Refused, match="still to come"):
        put_away(old[0], tmp_path, date(2026, 12, 1))


def test_a_file_that_reads_back_differently_removes_nothing(
    old: tuple[Floor, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor, _order = old
    before = months_of(floor, "journal")
    write = files.write_file

    def lose_the_last(file: Path, ledger: str, chunks: object) -> int:
        return write(file, ledger, [part[:-1] for part in chunks if len(part) > 1])  # type: ignore[attr-defined]

    monkeypatch.setattr(files, "write_file", lose_the_last)
    with pytest.raises(Refused, match="differs"):
        put_away(floor, tmp_path)
    assert months_of(floor, "journal") == before
    with floor.store.read() as tx:
        assert tx.scalars(select(Archive.id)) == []


def test_what_was_archived_is_not_archived_again(old: tuple[Floor, int], tmp_path: Path) -> None:
    floor, order_id = old
    before = told(floor, order_id)
    put_away(floor, tmp_path)
    assert put_away(floor, tmp_path).months == []
    said = put_away(floor, tmp_path, date(2026, 11, 1))
    assert said.months[-1] == "2026-10"
    assert broken(floor) == []
    assert told(floor, order_id) == before


def test_a_lie_about_what_began_after_the_archive_is_still_found(
    old: tuple[Floor, int], tmp_path: Path
) -> None:
    floor, _order = old
    put_away(floor, tmp_path)
    lie = text("UPDATE orders SET state = 'delivered' WHERE number = 'NEW-1'")
    floor.do(lambda tx: tx.execute(lie).close())
    assert "unjournalled" in broken(floor)
    more = text("UPDATE stock SET on_hand = on_hand + 1")
    floor.do(lambda tx: tx.execute(more).close())
    assert "stock_ledger" in broken(floor)
