"""Time: UTC inside, the warehouse's zone for people. Tests and `wms day` may set the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def _system() -> datetime:
    return datetime.now(UTC)


_now: Callable[[], datetime] = _system


def now() -> datetime:
    """The present moment, in UTC with zone, to the millisecond (what every store keeps)."""
    moment = _now()
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def set_clock(source: Callable[[], datetime] | None) -> None:
    """Take the time from `source` (UTC with zone); None gives the system's clock back."""
    global _now
    _now = source or _system


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """The first moment of `day` in the warehouse's zone and of the day after it, both in UTC."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(zone))
    return start.astimezone(UTC), end.astimezone(UTC)


def local(moment: datetime, zone: str) -> datetime:
    """`moment` as the warehouse's wall clock shows it."""
    return moment.astimezone(ZoneInfo(zone))
