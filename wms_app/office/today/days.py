"""Which orders belong to a day, and in which one stage each of them is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, select, union

from wms_app.base import clock
from wms_app.base.texts import _
from wms_app.floor.cancelling.model import Cancellation
from wms_app.floor.orders.model import OPEN, Order

STAGES = (
    "received",
    "held",
    "short",
    "allocated",
    "released",
    "picked",
    "packed",
    "staged",
    "handed_over",
    "cancelled",
)
GONE = ("handed_over", "delivered", "returned")


@dataclass(frozen=True)
class Day:
    """A day of a warehouse: from its first moment to that of the day after, in UTC."""

    warehouse_id: int
    zone: str
    start: datetime
    end: datetime

    @classmethod
    def of(cls, warehouse_id: int, day: date, zone: str) -> Day:
        """The day by the warehouse's wall clock."""
        start, end = clock.day_bounds(day, zone)
        return cls(warehouse_id, zone, start, end)

    def within(self, column: Any) -> ColumnElement[bool]:
        """That a moment lies in this day."""
        return and_(column >= self.start, column < self.end)

    def hours(self) -> list[tuple[str, datetime, datetime]]:
        """Every hour of the day as "08" with its bounds; 23 or 25 when the clocks are changed."""
        found = []
        moment = self.start
        while moment < self.end:
            found.append((f"{clock.local(moment, self.zone):%H}", moment, moment + _HOUR))
            moment += _HOUR
        return found

    def hour_of(self, column: Any) -> ColumnElement[int]:
        """The number (0..) of the hour in which a moment of this day lies."""
        bounds = self.hours()
        return case(*((column < end, n) for n, (_name, _start, end) in enumerate(bounds)), else_=0)


_HOUR = timedelta(hours=1)


def orders_of(day: Day) -> Subquery:
    """The ids of the orders of a day: received in it, handed over in it, cancelled in it, or
    still open. Four ranges of indexes, so it costs what the day holds, not what the years do."""
    mine = Order.warehouse_id == day.warehouse_id
    open_now = select(Order.id).where(mine, open_before(day.end))
    received = select(Order.id).where(
        mine, day.within(Order.received_at), Order.state != "cancelled"
    )
    left = select(Order.id).where(mine, day.within(Order.handed_over_at))
    cancelled = select(Cancellation.order_id).where(
        Cancellation.warehouse_id == day.warehouse_id, day.within(Cancellation.at)
    )
    return union(open_now, received, left, cancelled).subquery("of_day")


def open_before(end: datetime) -> ColumnElement[bool]:
    """The open orders that were received before `end`. Found by their state: an index of the
    years in which orders were received must not be chosen, so it is hidden behind coalesce."""
    return and_(Order.state.in_(OPEN), func.coalesce(Order.received_at, end) < end)


def stage_of() -> ColumnElement[str]:
    """The one stage of an order: cancelled, gone, held, or else its state."""
    return case(
        (Order.state == "cancelled", "cancelled"),
        (Order.state.in_(GONE), "handed_over"),
        (Order.holds > 0, "held"),
        else_=Order.state,
    )


def stage_words(stage: str) -> str:
    """A stage in the person's language."""
    words = {
        "received": _("Received"),
        "held": _("Held"),
        "short": _("Short"),
        "allocated": _("Allocated"),
        "released": _("Released"),
        "picked": _("Picked"),
        "packed": _("Packed"),
        "staged": _("Staged"),
        "handed_over": _("Handed over"),
        "cancelled": _("Cancelled"),
    }
    return words.get(stage, stage)


def day_words(day: date) -> str:
    """A day as a person says it: "Wednesday 25 November"."""
    from babel.dates import format_date

    from wms_app.base.texts import language

    pattern = "M月d日 EEEE" if language() == "zh_CN" else "EEEE d MMMM"
    return format_date(day, pattern, locale=language())


def hours_shown(by_hour: Sequence[str]) -> list[str]:
    """The hours from the first to the last of `by_hour`, those between without anything too."""
    if not by_hour:
        return []
    return [f"{hour:02d}" for hour in range(int(min(by_hour)), int(max(by_hour)) + 1)]
