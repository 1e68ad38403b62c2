"""What a day came to: how far every order got, and why it did not leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import func, select

from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.floor.allocation.explain import explain
from wms_app.floor.catalog.model import Client
from wms_app.floor.labelling.model import Label
from wms_app.floor.orders.gate import hold_words
from wms_app.floor.orders.model import Hold, Order, OrderLine
from wms_app.floor.packing.model import Parcel
from wms_app.floor.staging.service import right_lane
from wms_app.office.verify.service import verify

GONE = ("handed_over", "delivered")


@dataclass
class DayOutcome:
    """What the day came to.

    `stages`: orders by state at the end. `explained`: "client channel number" of every order that
    did not leave -> its state or "held", then why. `stopped`: somebody ended the day early.
    """

    orders: int = 0
    handed_over: int = 0
    stages: dict[str, int] = field(default_factory=dict)
    not_handed_over: dict[str, int] = field(default_factory=dict)
    held_by_reason: dict[str, int] = field(default_factory=dict)
    explained: dict[str, list[str]] = field(default_factory=dict)
    units_out: int = 0
    lists: int = 0
    parcels: int = 0
    labels: int = 0
    trucks: int = 0
    scans: int = 0
    wrong_scans: int = 0
    refused_wrong: int = 0
    repeated_scans: int = 0
    unexpected: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    stopped: bool = False
    seconds: float = 0
    out: str = ""

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)

    def read(self, tx: Tx) -> None:
        """Fill in what the store says at the end."""
        states = tx.rows(select(Order.state, func.count().label("orders")).group_by(Order.state))
        self.stages = {row.state: int(row.orders) for row in states}
        self.orders = sum(self.stages.values())
        self.handed_over = sum(self.stages.get(state, 0) for state in GONE)
        self.parcels = int(tx.scalar(select(func.count()).where(Parcel.state == "in_transit")))
        self.labels = int(tx.scalar(select(func.count()).where(Label.printed > 0)))
        self.units_out = _units_out(tx)
        self.held_by_reason = _held_by_reason(tx)
        self.explained = _explained(tx)
        self.not_handed_over = dict(Counter(why[0] for why in self.explained.values()))
        self.findings = [f"{one.code}: {one.text}" for one in verify(tx)]


def _units_out(tx: Tx) -> int:
    packed = select(func.coalesce(func.sum(OrderLine.packed), 0)).join(
        Order, Order.id == OrderLine.order_id
    )
    return int(tx.scalar(packed.where(Order.state.in_(GONE))))


def _held_by_reason(tx: Tx) -> dict[str, int]:
    """How many open orders each reason holds; one order may have several."""
    rows = tx.rows(
        select(Hold.reason, func.count(Hold.order_id.distinct()).label("orders"))
        .join(Order, Order.id == Hold.order_id)
        .where(Hold.lifted_at.is_(None), Order.state.not_in((*GONE, "cancelled")))
        .group_by(Hold.reason)
        .order_by(Hold.reason)
    )
    return {row.reason: int(row.orders) for row in rows}


def _explained(tx: Tx) -> dict[str, list[str]]:
    """A number is unique within one client's channel only, so the client stands in the key."""
    rows = tx.rows(
        select(Order.id, Order.number, Order.state, Order.holds, Order.channel, Client.code)
        .join(Client, Client.id == Order.client_id)
        .where(Order.state.not_in(GONE))
        .order_by(Order.id)
    )
    return {
        f"{row.code} {row.channel} {row.number}": _reasons(tx, int(row.id), row.state, row.holds)
        for row in rows
    }


def _reasons(tx: Tx, order_id: int, state: str, holds: int) -> list[str]:
    if state == "cancelled":
        return ["cancelled"]
    if holds:
        held = select(Hold.reason).where(Hold.order_id == order_id, Hold.lifted_at.is_(None))
        return ["held", *sorted({hold_words(reason) for reason in tx.scalars(held)})]
    return [state, *_in_the_way(tx, order_id), *explain(tx, order_id)]


def _in_the_way(tx: Tx, order_id: int) -> list[str]:
    """What keeps packed goods here: a label that was not sold, a lane that does not exist."""
    rows = tx.rows(
        select(Parcel.id, Parcel.state)
        .where(Parcel.order_id == order_id, Parcel.state.in_(("sealed", "labelled")))
        .order_by(Parcel.id)
    )
    words: list[str] = []
    for row in rows:
        if row.state == "sealed":
            newest = select(Label.problem).where(Label.parcel_id == row.id, Label.problem != "")
            words += tx.scalars(newest.order_by(Label.id.desc()).limit(1))
            continue
        try:
            right_lane(tx, int(row.id))
        except Refused as refusal:
            words.append(refusal.text)
    return list(dict.fromkeys(words))
