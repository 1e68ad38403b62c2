"""When today's work will be done, from the pace of the last hours; or that nobody can say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from wms_app.base import clock
from wms_app.base.db import Tx
from wms_app.base.texts import _, ngettext
from wms_app.floor.orders.model import Order
from wms_app.floor.packing.model import Parcel

WINDOW = timedelta(hours=2)
SHORTEST = timedelta(minutes=20)  # less than this is no pace yet
ENOUGH = 3  # parcels
TO_PACK = ("allocated", "released", "picked")


@dataclass(frozen=True)
class Pace:
    """Orders still `to_pack`; parcels `packed` in the last `minutes` of work."""

    to_pack: int
    packed: int
    minutes: float

    @property
    def an_hour(self) -> float:
        """Parcels an hour; 0 when too few were packed to tell."""
        long_enough = self.minutes >= SHORTEST.total_seconds() / 60
        known = self.packed >= ENOUGH and long_enough
        return self.packed * 60 / self.minutes if known else 0.0

    def done_at(self, now: datetime) -> datetime | None:
        """When the last of them is packed at this pace; None when nobody can say."""
        if not self.to_pack or not self.an_hour:
            return None
        return now + timedelta(hours=self.to_pack / self.an_hour)

    def forecast(self, now: datetime, zone: str) -> list[tuple[str, int]]:
        """How many will be packed in each hour from this one, by the warehouse's clock; a day's
        worth at most."""
        found: list[tuple[str, int]] = []
        left, moment = float(self.to_pack), now
        while left > 0.5 and self.an_hour and len(found) < 24:
            here = clock.local(moment, zone)
            rest = timedelta(hours=1) - timedelta(
                minutes=here.minute, seconds=here.second, microseconds=here.microsecond
            )
            count = min(left, self.an_hour * rest.total_seconds() / 3600)
            found.append((f"{here:%H}", round(count)))
            left -= count
            moment += rest
        return found


def pace(tx: Tx, warehouse_id: int) -> Pace:
    """The pace of this moment: parcels sealed in the last two hours, from the first of them on."""
    to_pack = tx.scalar(
        select(func.count()).where(
            Order.warehouse_id == warehouse_id, Order.state.in_(TO_PACK), Order.holds == 0
        )
    )
    packed, first = tx.rows(
        select(func.count(), func.min(Parcel.sealed_at)).where(
            Parcel.warehouse_id == warehouse_id,
            Parcel.sealed_at >= tx.now - WINDOW,
            Parcel.state != "void",
        )
    )[0]
    minutes = (tx.now - first).total_seconds() / 60 if first else 0.0
    return Pace(int(to_pack), int(packed), minutes)


def headline(speed: Pace, waiting_to_leave: int, now: datetime, zone: str) -> str:
    """The truth about today in one sentence."""
    if not speed.to_pack:
        if waiting_to_leave:
            return ngettext(
                "All packed; {count} waits for its truck",
                "All packed; {count} wait for trucks",
                waiting_to_leave,
            ).format(count=f"{waiting_to_leave:,}")
        return _("Nothing waits to be packed")
    done = speed.done_at(now)
    if done is None:
        return ngettext(
            "{count} order to pack, no pace yet",
            "{count} orders to pack, no pace yet",
            speed.to_pack,
        ).format(count=f"{speed.to_pack:,}")
    here, ends = clock.local(now, zone), clock.local(done, zone)
    if ends.date() == here.date():
        return _("Today will be made by {time}").format(time=f"{ends:%H:%M}")
    days = (ends.date() - here.date()).days
    return ngettext(
        "Not today: until {time}, {days} day on",
        "Not today: until {time}, {days} days on",
        days,
    ).format(time=f"{ends:%H:%M}", days=days)
