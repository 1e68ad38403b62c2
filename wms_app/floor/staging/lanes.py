"""Which lane a parcel belongs to: by carrier and service, and by the next cut-off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from wms_app.base import clock
from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.catalog.model import Warehouse
from wms_app.floor.labelling.model import Label
from wms_app.floor.packing.model import Parcel
from wms_app.floor.staging.model import Lane

_CUTOFF = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
_CODE = re.compile(r"^[A-Z0-9-]{1,20}$")

_lanes = Prepared(
    select(Lane.id, Lane.code, Lane.carrier, Lane.service, Lane.cutoff).where(
        Lane.warehouse_id == bindparam("of_warehouse")
    )
)
_live_label = Prepared(
    select(Label.id, Label.carrier, Label.service, Label.tracking).where(
        Label.parcel_id == bindparam("of_parcel"), Label.state == "bought"
    )
)


@dataclass(frozen=True)
class LaneCard:
    """One lane; `cutoff` is the warehouse's wall clock "HH:MM", "" when it has none."""

    id: int
    code: str
    carrier: str
    service: str
    cutoff: str

    def takes(self, carrier: str, service: str) -> bool:
        """Whether parcels of this carrier and service may stand here."""
        return self.carrier == carrier and self.service in ("", service)

    def leaves_at(self, now: datetime, zone: str) -> datetime | None:
        """The next cut-off after `now`, in the warehouse's zone; None when there is none."""
        if not self.cutoff:
            return None
        here = clock.local(now, zone)
        hour, minute = (int(part) for part in self.cutoff.split(":"))
        leaves = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return leaves if leaves > here else leaves + timedelta(days=1)


def import_lanes(tx: Tx, rows: Sequence[Mapping[str, str]]) -> int:
    """Make lanes, or change them, from rows with `lane,carrier,service,cutoff`; gives how many.

    Refused, before anything is written: no lane or carrier, a code that can't be a barcode, a
    cut-off that is no wall clock time.
    """
    wanted = [_checked(number, row) for number, row in enumerate(rows, 2)]
    warehouse_id = tx.who.warehouse_id
    there = {lane.code: lane.id for lane in lanes(tx, warehouse_id)}
    fresh = [{"warehouse_id": warehouse_id, **row} for row in wanted if row["code"] not in there]
    if fresh:
        tx.execute(insert(Lane), fresh)
    for row in wanted:
        if row["code"] in there:
            tx.execute(update(Lane).where(Lane.id == there[row["code"]]).values(**row))
    tx.changed("lane")
    return len(wanted)


def _checked(number: int, row: Mapping[str, str]) -> dict[str, str]:
    code = str(row.get("lane") or "").strip().upper()
    carrier = str(row.get("carrier") or "").strip()
    cutoff = str(row.get("cutoff") or "").strip()
    if not _CODE.match(code) or not carrier:
        raise Refused(
            "bad_lane",
            _("Row {row}: a lane needs a code and a carrier, not '{code}' and '{carrier}'.").format(
                row=number, code=code, carrier=carrier
            ),
            _("A lane's code has capital letters, digits and hyphens, at most 20."),
        )
    if cutoff and not _CUTOFF.match(cutoff):
        raise Refused(
            "bad_cutoff",
            _("Row {row}: '{cutoff}' is no cut-off.").format(row=number, cutoff=cutoff),
            _("Write it as 15:30, by the warehouse's clock, or leave it empty."),
        )
    service = str(row.get("service") or "").strip()
    return {"code": code, "carrier": carrier, "service": service, "cutoff": cutoff}


def lanes(tx: Tx, warehouse_id: int) -> list[LaneCard]:
    """Every lane of a warehouse, earliest cut-off first."""
    cards = [LaneCard(*row) for row in _lanes.rows(tx, of_warehouse=warehouse_id)]
    return sorted(cards, key=lambda lane: (lane.cutoff or "99", lane.code))


def lane_called(tx: Tx, warehouse_id: int, code: str) -> LaneCard:
    """The lane with this code. Refused: there is none."""
    for lane in lanes(tx, warehouse_id):
        if lane.code == code.strip().upper():
            return lane
    raise Refused(
        "no_lane",
        _("There is no lane {code}.").format(code=code),
        _("Scan the sign over the lane."),
    )


def choose(
    cards: Sequence[LaneCard], carrier: str, service: str, now: datetime, zone: str
) -> LaneCard | None:
    """The lane for a carrier and service: one of just that service before one of all services,
    then the one whose cut-off comes next; None when no lane takes it."""
    fitting = [lane for lane in cards if lane.takes(carrier, service)]
    never = datetime.max.replace(tzinfo=now.tzinfo)
    return min(
        fitting,
        key=lambda lane: (lane.service == "", lane.leaves_at(now, zone) or never, lane.code),
        default=None,
    )


def lane_for(tx: Tx, parcel_id: int) -> LaneCard | None:
    """The lane that the parcel's live label asks for; None without a label or a fitting lane."""
    label = live_label(tx, parcel_id)
    if label is None:
        return None
    where = tx.first(
        select(Parcel.warehouse_id, Warehouse.zone)
        .join(Warehouse, Warehouse.id == Parcel.warehouse_id)
        .where(Parcel.id == parcel_id)
    )
    assert where is not None
    cards = lanes(tx, where.warehouse_id)
    return choose(cards, label.carrier, label.service, tx.now, where.zone)


def live_label(tx: Tx, parcel_id: int) -> Any:
    """`id, carrier, service, tracking` of the label that lives on a parcel, or None."""
    return _live_label.first(tx, of_parcel=parcel_id)
