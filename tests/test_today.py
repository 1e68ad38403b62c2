"""The supervisor's numbers are the warehouse's own: each order counted once, by its day."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.bench import words_on
from tests.builders import Floor
from tests.parcels import add_lanes, packed_order, tracking_of
from tests.plans import plan_of
from wms_app.base import clock
from wms_app.base.codes import Scan
from wms_app.base.refusal import Refused
from wms_app.floor.allocation.service import allocate_all
from wms_app.floor.cancelling.service import cancel
from wms_app.floor.handover import service as handover
from wms_app.floor.orders.holds import hold
from wms_app.floor.orders.model import Order
from wms_app.floor.staging import service as staging
from wms_app.office.find.story import story
from wms_app.office.today.days import STAGES, Day, open_before, orders_of
from wms_app.office.today.late import risk
from wms_app.office.today.presenter import TodayPresenter
from wms_app.office.today.report import write_report
from wms_app.office.today.service import Outbound, outbound, waiting

ZONE = "America/Los_Angeles"
DAY = date(2025, 11, 24)


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """Set the clock to this time in Los Angeles, and give it."""
    moment = datetime(2025, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=8)
    clock.set_clock(lambda: moment)
    return moment


@pytest.fixture
def lanes(floor: Floor) -> Floor:
    at(8)
    add_lanes(floor)
    return floor


def today(floor: Floor, day: date = DAY) -> Outbound:
    with floor.store.read() as tx:
        return outbound(tx, floor.warehouse_id, day, ZONE)


def shipped(floor: Floor, parcels: int = 1, **values: object) -> int:
    order_id, made = packed_order(floor, parcels=parcels, **values)  # type: ignore[arg-type]

    def leave(tx: object) -> None:
        for parcel in made:
            staging.stage(tx, parcel, "STD-17")  # type: ignore[arg-type]
        truck = handover.open_pickup(tx, "STD-17")  # type: ignore[arg-type]
        for parcel in made:
            handover.load(tx, truck, parcel)  # type: ignore[arg-type]
        handover.depart(tx, truck, "Li Wei", "7ABC123")  # type: ignore[arg-type]

    floor.do(leave)
    return order_id


def test_every_order_of_the_day_is_in_exactly_one_stage(lanes: Floor) -> None:
    at(9)
    lanes.add_order({"MUG": 1})
    held = lanes.add_order({"MUG": 1})
    lanes.do(lambda tx: hold(tx, held, "address"))
    held_and_packed, _p = packed_order(lanes)
    lanes.do(lambda tx: hold(tx, held_and_packed, "fraud"))
    packed_order(lanes)
    gone = lanes.add_order({"MUG": 1})
    lanes.do(lambda tx: cancel(tx, gone, "buyer"))
    shipped(lanes, 2)
    counted = today(lanes)
    assert tuple(counted.stages) == STAGES
    assert counted.stages["received"] == 1
    assert counted.stages["held"] == 2
    assert counted.stages["packed"] == 1
    assert counted.stages["handed_over"] == 1
    assert counted.stages["cancelled"] == 1
    assert sum(counted.stages.values()) == 6
    assert counted.orders_in == 6
    assert (counted.units_out, counted.parcels_out) == (2, 2)


def test_yesterdays_open_orders_are_todays_work_and_yesterdays_gone_ones_are_not(
    lanes: Floor,
) -> None:
    at(16, day=23)
    shipped(lanes)
    off = lanes.add_order({"MUG": 1})
    lanes.do(lambda tx: cancel(tx, off, "buyer"))
    packed_order(lanes)
    at(9)
    counted = today(lanes)
    assert counted.stages["packed"] == 1
    assert (counted.stages["handed_over"], counted.stages["cancelled"]) == (0, 0)
    assert (counted.orders_in, counted.units_out) == (0, 0)
    yesterday = today(lanes, date(2025, 11, 23))
    assert (yesterday.stages["handed_over"], yesterday.stages["cancelled"]) == (1, 1)
    assert yesterday.units_out == 1


def test_the_day_is_that_of_the_warehouse(lanes: Floor) -> None:
    at(23, 30, day=23)
    lanes.add_order({"MUG": 1}, number="late in the evening")
    at(0, 30)
    lanes.add_order({"MUG": 1}, number="early in the morning")
    at(12)
    assert today(lanes).orders_in == 1
    assert today(lanes).by_hour == {"00": {"received": 1, "packed": 0, "handed_over": 0}}


def test_clients_channels_carriers_and_hours_add_up(lanes: Floor) -> None:
    at(9)
    shipped(lanes, 2, channel="amazon")
    at(11)
    packed_order(lanes, channel="shopify")
    counted = today(lanes)
    assert counted.by_client["NW"] | {"late": 0} == {
        "in": 2,
        "open": 1,
        "held": 0,
        "short": 0,
        "out": 1,
        "units_out": 2,
        "late": 0,
    }
    assert counted.by_channel["amazon"]["out"] == 1
    assert counted.by_channel["shopify"]["open"] == 1
    assert counted.by_carrier == {"house": {"labelled": 3, "waiting": 1, "out": 2, "units_out": 2}}
    assert counted.by_hour["09"] == {"received": 1, "packed": 2, "handed_over": 2}
    assert counted.by_hour["11"] == {"received": 1, "packed": 1, "handed_over": 0}


def test_late_is_what_no_truck_will_make_unless_somebody_acts(lanes: Floor) -> None:
    noon = at(12)
    past = lanes.add_order({"MUG": 1}, number="past", ship_by=noon - timedelta(hours=1))
    lanes.add_order({"MUG": 1}, number="by the 17:00 truck", ship_by=noon + timedelta(hours=9))
    lanes.add_order(
        {"MUG": 1}, number="no truck before", ship_by=noon + timedelta(hours=4, minutes=59)
    )
    express = {"service": "express", "ship_by": noon + timedelta(hours=4)}
    lanes.add_order({"MUG": 1}, number="express", **express)
    assert [late.number for late in today(lanes).late] == ["past", "no truck before"]
    at(14, 40)
    found = {late.number: late for late in today(lanes).late}
    assert set(found) == {"past", "no truck before", "express"}
    assert not found["express"].past
    assert clock.local(found["express"].deadline, ZONE).hour == 15
    assert today(lanes).by_client["NW"]["late"] == 3
    lanes.do(lambda tx: cancel(tx, past, "buyer"))
    assert today(lanes).late_total == 2


def test_the_document_is_the_one_that_was_promised(lanes: Floor) -> None:
    at(12)
    packed_order(lanes, ship_by=at(12) - timedelta(hours=1))
    document = json.loads(json.dumps(today(lanes).as_json()))
    assert list(document) == [
        "date",
        "stages",
        "units_out",
        "by_client",
        "by_carrier",
        "by_channel",
        "by_hour",
        "late",
    ]
    assert document["date"] == "2025-11-24"
    assert [late["past"] for late in document["late"]] == [True]


def test_the_rail_counts_the_work_that_waits(lanes: Floor) -> None:
    at(9)
    held = lanes.add_order({"MUG": 1})
    lanes.do(lambda tx: hold(tx, held, "address"))
    packed_order(lanes)
    _o, (parcel,) = packed_order(lanes)
    lanes.do(lambda tx: staging.stage(tx, parcel, "STD-17"))
    off, _p = packed_order(lanes)
    lanes.do(lambda tx: cancel(tx, off, "buyer"))
    with lanes.store.read() as tx:
        counts = waiting(tx, lanes.warehouse_id)
    expected = {"orders": 1, "stage": 1, "pickup": 1, "putback": 1, "pack": 0, "pick": 0}
    assert {name: counts[name] for name in expected} == expected


def test_the_day_is_found_by_indexes_not_by_reading_every_order_ever(lanes: Floor) -> None:
    plan = plan_of(lanes.store, orders_of(Day.of(lanes.warehouse_id, DAY, ZONE)).element)
    assert not plan.reads_all_of("orders")
    if not lanes.store.sqlite:
        return  # with so few rows Postgres may well take another index
    for index, condition in (
        ("ix_orders_backlog", "warehouse_id=? AND state=?"),
        ("ix_orders_received_at", "received_at>? AND received_at<?"),
        ("ix_orders_handed_over_at", "handed_over_at>? AND handed_over_at<?"),
        ("ix_cancellations_at", "at>? AND at<?"),
    ):
        assert [step for step in plan.steps if index in step and condition in step]


def test_what_is_late_is_looked_for_among_the_open_orders_alone(lanes: Floor) -> None:
    with lanes.store.read() as tx:
        rule = risk(tx, lanes.warehouse_id, ZONE)
    late = select(Order.id).where(rule.condition(lanes.warehouse_id), open_before(at(23)))
    plan = plan_of(lanes.store, late)
    assert not plan.reads_all_of("orders")
    if lanes.store.sqlite:
        (step,) = [step for step in plan.steps if "orders" in step]
        assert "ix_orders_backlog" in step
        assert "warehouse_id=? AND state=?" in step


def a_full_day(floor: Floor) -> Outbound:
    at(9)
    shipped(floor, 2, channel="amazon")
    floor.add_order({"MUG": 1}, number="=1+1", ship_by=at(9) - timedelta(hours=1))
    packed_order(floor, channel="抖音")
    at(12)
    return today(floor)


def test_a_report_in_each_format_says_the_same(lanes: Floor, tmp_path: Path) -> None:
    day = a_full_day(lanes)
    for ending in ("json", "csv", "xlsx", "pdf"):
        write_report(day, tmp_path / "out" / f"day.{ending}")
    folder = tmp_path / "out"
    assert sorted(p.name for p in folder.iterdir()) == [
        "day.csv",
        "day.json",
        "day.pdf",
        "day.xlsx",
    ]
    assert json.loads((folder / "day.json").read_text())["stages"] == day.stages
    lines = list(csv.DictReader((folder / "day.csv").open(encoding="utf-8-sig")))
    assert {"table": "stages", "key": "packed", "what": "orders", "value": "1"} in lines
    assert {"table": "by_channel", "key": "amazon", "what": "units_out", "value": "2"} in lines
    assert next(line["key"] for line in lines if line["table"] == "late") == "'=1+1"
    words = words_on((folder / "day.pdf").read_bytes())
    assert "2025-11-24" in words
    assert "抖音" in words


def test_the_workbook_has_typed_cells_and_runs_no_formula(lanes: Floor, tmp_path: Path) -> None:
    book = load_workbook(write_report(a_full_day(lanes), tmp_path / "day.xlsx"))
    assert book.sheetnames == [
        "Day",
        "Stages",
        "Clients",
        "Carriers",
        "Channels",
        "Hours",
        "Late or about to be",
    ]
    late = book["Late or about to be"]
    assert (late["A2"].value, late["A2"].data_type) == ("=1+1", "s")
    assert late["F2"].value == datetime(2025, 11, 24, 8, 0)  # noqa: DTZ001 (a workbook has no zones)
    client = dict(zip(*book["Clients"].iter_rows(values_only=True)))
    assert (client["Client"], client["Name"], client["Units out"]) == ("NW", "Northwind Home", 2)
    assert book["Day"]["B1"].is_date


def test_a_report_of_another_kind_or_to_nowhere_is_refused(lanes: Floor, tmp_path: Path) -> None:
    day = today(lanes)
    with pytest.raises(Refused) as refusal:
        write_report(day, tmp_path / "day.docx")
    assert refusal.value.code == "unknown_format"
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused) as refusal:
        write_report(day, tmp_path / "file" / "day.json")
    assert refusal.value.code == "not_writable"


def board(floor: Floor, tmp_path: Path) -> TodayPresenter:
    presenter = TodayPresenter(floor.store, floor.who(), tmp_path)
    presenter.open()
    return presenter


def listed(presenter: TodayPresenter, key: str) -> list[str]:
    """The numbers of the orders behind a number, read in pages of two."""
    presenter.act("open", key)
    assert presenter.view.level == "orders"
    fetch = presenter.view.fetch
    assert fetch is not None
    found: list[str] = []
    after = 0
    while page := fetch(after, 2):
        found += [row.number for row in page]
        after = page[-1].order_id
    presenter.act("back")
    return found


def test_every_number_opens_to_its_orders_and_an_order_to_its_story(
    lanes: Floor, tmp_path: Path
) -> None:
    at(9)
    for number in range(5):
        packed_order(lanes, number=f"#{number}")
    held = lanes.add_order({"MUG": 1}, number="#held")
    lanes.do(lambda tx: hold(tx, held, "address"))
    shipped(lanes, number="#gone")
    off = lanes.add_order({"MUG": 1}, number="#off")
    lanes.do(lambda tx: cancel(tx, off, "buyer"))
    at(10)
    presenter = board(lanes, tmp_path)
    counts = {figure.name: figure.count for figure in presenter.view.stages}
    for stage, count in counts.items():
        assert len(listed(presenter, f"stage:{stage}")) == count
    assert listed(presenter, "stage:packed") == ["#0", "#1", "#2", "#3", "#4"]
    assert listed(presenter, "hold:address") == ["#held"]
    assert len(listed(presenter, "client:NW")) == 8
    assert listed(presenter, "hour:09") == ["#0", "#1", "#2", "#3", "#4", "#gone"]
    presenter.act("open", "stage:packed")
    presenter.act("open", "order:1")
    card = presenter.view.card
    assert card is not None
    assert card.story[0].what == "taken in"
    presenter.act("back")
    assert presenter.view.list_title == "Packed"
    presenter.act("back")
    assert [figure.name for figure in presenter.view.stages] == [*counts]


def test_what_needs_somebody_is_listed_and_opens(lanes: Floor, tmp_path: Path) -> None:
    at(9)
    packed_order(lanes, number="#left standing")
    held = lanes.add_order({"MUG": 1}, number="#held")
    lanes.do(lambda tx: hold(tx, held, "address"))
    off, _p = packed_order(lanes, number="#off")
    lanes.do(lambda tx: cancel(tx, off, "buyer"))
    lanes.add_order({"POT": 4}, number="#short")
    allocate_all(lanes.store, lanes.who())
    lanes.add_order({"MUG": 1}, number="#late", ship_by=at(9) - timedelta(hours=2))
    presenter = board(lanes, tmp_path)
    assert "unstaged" not in {need.key for need in presenter.view.needs}
    at(10)
    presenter.refresh()
    found = {need.key: need for need in presenter.view.needs}
    assert found["late"].text == "1 order is late"
    assert listed(presenter, "late") == ["#late"]
    assert listed(presenter, "unstaged") == ["#left standing"]
    assert listed(presenter, "putback") == ["#off"]
    assert listed(presenter, "to_void") == ["#off"]
    assert listed(presenter, "hold:address") == ["#held"]
    assert listed(presenter, f"short:{lanes.skus['POT']}") == ["#short"]
    assert "4 pieces" in found[f"short:{lanes.skus['POT']}"].sub
    with pytest.raises(Refused) as refusal:
        presenter.act("open", "nonsense")
    assert refusal.value.code == "no_list"


def test_the_end_of_the_day_is_told_by_pace_or_honestly_not_at_all(
    lanes: Floor, tmp_path: Path
) -> None:
    at(9)
    presenter = board(lanes, tmp_path)
    assert presenter.view.headline == "Nothing waits to be packed"
    lanes.add_stock("MUG", "A-01-1", 10)
    for _n in range(6):
        lanes.add_order({"MUG": 1})
    allocate_all(lanes.store, lanes.who())
    presenter.refresh()
    assert presenter.view.headline == "6 orders to pack, no pace yet"
    packed_order(lanes, parcels=4)
    at(10)
    presenter.refresh()
    assert presenter.view.headline == "Today will be made by 11:30"
    assert [(bar.hour, bar.parcels, bar.forecast) for bar in presenter.view.hours] == [
        ("09", 4, False),
        ("11", 2, True),
    ]


def test_a_day_that_adds_up_is_closed_once_and_the_journal_knows_who(
    lanes: Floor, tmp_path: Path
) -> None:
    at(9)
    shipped(lanes, 2)
    presenter = board(lanes, tmp_path)
    answer = presenter.act("close_day")
    assert (answer.kind, presenter.view.level) == ("done", "closing")
    assert presenter.view.balance is not None
    assert (presenter.view.balance.bought, presenter.view.balance.left) == (2, 2)
    presenter.act("close_now")
    assert presenter.view.closed_by == "Ana"
    with lanes.store.read() as tx:
        (line,) = story(tx, "day", 20251124)
    assert (line.who, line.what) == ("Ana", "day closed")
    presenter.act("close_day")
    assert presenter.act("close_day").text == "Closed by Ana."
    with pytest.raises(Refused) as refusal:
        presenter.act("close_now")
    assert refusal.value.code == "closed_before"


def test_a_day_that_does_not_add_up_is_not_closed_silently(lanes: Floor, tmp_path: Path) -> None:
    at(9)
    packed_order(lanes, number="#labelled")
    _o, (parcel,) = packed_order(lanes, number="#staged")
    lanes.do(lambda tx: staging.stage(tx, parcel, "STD-17"))
    off, _p = packed_order(lanes, number="#off")
    lanes.do(lambda tx: cancel(tx, off, "buyer"))
    presenter = board(lanes, tmp_path)
    assert presenter.act("close_day").kind == "warn"
    balance = presenter.view.balance
    assert balance is not None
    assert {gap.key: gap.count for gap in balance.gaps} == {
        "labelled": 1,
        "unloaded": 1,
        "to_void": 1,
    }
    for key, number in (("labelled", "#labelled"), ("unloaded", "#staged"), ("to_void", "#off")):
        assert listed(presenter, key) == [number]
    with pytest.raises(Refused) as refusal:
        presenter.act("close_now")
    assert refusal.value.code == "does_not_add_up"
    presenter.act("close_now", "the truck did not come")
    with lanes.store.read() as tx:
        (line,) = story(tx, "day", 20251124)
    assert "the truck did not come" in line.detail


def test_other_days_can_be_looked_at_and_exported(lanes: Floor, tmp_path: Path) -> None:
    at(9, day=23)
    shipped(lanes, 3)
    at(9)
    presenter = board(lanes, tmp_path)
    presenter.act("day_before")
    assert presenter.view.headline == "1 order left"
    answer = presenter.act("export", "json")
    written = tmp_path / "outbound-2025-11-23.json"
    assert answer.detail == str(written)
    assert json.loads(written.read_text())["units_out"] == 3
    presenter.act("day_after")
    assert presenter.view.headline == "Nothing waits to be packed"
    presenter.act("export", str(tmp_path / "mine.pdf"))
    assert (tmp_path / "mine.pdf").read_bytes().startswith(b"%PDF")


def test_the_table_turns_from_clients_to_channels_to_carriers(lanes: Floor, tmp_path: Path) -> None:
    at(9)
    shipped(lanes, 2, channel="amazon")
    presenter = board(lanes, tmp_path)
    (row,) = presenter.view.rows
    assert (row.name, row.figures, row.on_time) == ("Northwind Home", (1, 0, 1), 1.0)
    presenter.act("table")
    assert [(row.name, row.figures) for row in presenter.view.rows] == [("amazon", (1, 0, 1))]
    presenter.act("table")
    assert [(row.name, row.figures) for row in presenter.view.rows] == [("House", (2, 0, 2, 2))]


def test_a_scan_at_the_office_opens_the_thing(lanes: Floor, tmp_path: Path) -> None:
    at(9)
    _o, (parcel,) = packed_order(lanes, number="#1")
    presenter = board(lanes, tmp_path)
    presenter.scan(Scan(tracking_of(lanes, parcel)))
    assert presenter.view.card is not None
    assert presenter.view.card.noun == "parcel"
