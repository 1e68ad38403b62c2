"""The evening: bought = packed = staged = loaded = told. What does not add up is listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from wms_app.base import journal
from wms_app.base.db import Tx
from wms_app.base.journal import JournalLine
from wms_app.base.operations import Operation
from wms_app.base.outbox import Message
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, ngettext
from wms_app.floor.labelling.model import Label
from wms_app.floor.packing.model import Parcel
from wms_app.office.today.behind import UNKNOWN_AFTER, left_that_day, untold
from wms_app.office.today.days import Day


@dataclass(frozen=True)
class Gap:
    """One thing that does not add up: how many, in words, and the key that opens its orders."""

    key: str
    count: int
    text: str


@dataclass(frozen=True)
class Balance:
    """The evening's figures, each of which should be the one before: labels `bought` of parcels
    that live, parcels `packed`, `staged`, `loaded` onto a truck, and `left`; and the gaps."""

    bought: int
    packed: int
    staged: int
    loaded: int
    left: int
    gaps: tuple[Gap, ...]


def balance(tx: Tx, day: Day) -> Balance:
    """Compare what was bought, packed, staged, loaded and told: everything that is still in the
    house, and what left that day."""
    here = dict[str, int](
        tuple(row)
        for row in tx.rows(
            select(Parcel.state, func.count())
            .where(
                Parcel.warehouse_id == day.warehouse_id,
                Parcel.state.in_(("sealed", "labelled", "staged", "loaded")),
            )
            .group_by(Parcel.state)
        )
    )
    gone = left_that_day(day).subquery()
    left = int(tx.scalar(select(func.count()).select_from(gone)))
    loaded = left + here.get("loaded", 0)
    staged = loaded + here.get("staged", 0)
    bought = staged + here.get("labelled", 0)
    gaps = _gaps(tx, day, here)
    return Balance(bought, bought + here.get("sealed", 0), staged, loaded, left, gaps)


def _gaps(tx: Tx, day: Day, here: dict[str, int]) -> tuple[Gap, ...]:
    def labels(state: str, *more: Any) -> int:
        mine = (Label.warehouse_id == day.warehouse_id, Label.state == state)
        return int(tx.scalar(select(func.count()).where(*mine, *more)))

    not_told = int(tx.scalar(select(func.count()).select_from(untold(day).subquery())))
    waiting = int(
        tx.scalar(
            select(func.count()).where(
                Message.warehouse_id == day.warehouse_id,
                Message.state == "waiting",
                Message.made_at < day.start,
            )
        )
    )
    unknown = labels("intended", Label.asked_at <= tx.now - UNKNOWN_AFTER)
    counted = (
        ("unlabelled", here.get("sealed", 0), _packed),
        ("labelled", here.get("labelled", 0), _bought),
        ("unloaded", here.get("staged", 0), _staged),
        ("loaded", here.get("loaded", 0), _loaded),
        ("unknown", unknown, _unknown),
        ("to_void", labels("to_void"), _to_void),
        ("untold", not_told, _untold),
        ("", waiting, _unsent),
    )
    return tuple(
        Gap(key, count, words(count).format(count=f"{count:,}"))
        for key, count, words in counted
        if count
    )


def _packed(n: int) -> str:
    return ngettext(
        "{count} parcel packed, no label bought", "{count} parcels packed, no label bought", n
    )


def _bought(n: int) -> str:
    return ngettext(
        "{count} label bought, parcel not staged", "{count} labels bought, parcels not staged", n
    )


def _staged(n: int) -> str:
    return ngettext("{count} parcel staged, on no truck", "{count} parcels staged, on no truck", n)


def _loaded(n: int) -> str:
    return ngettext(
        "{count} parcel on a truck that has not left",
        "{count} parcels on a truck that has not left",
        n,
    )


def _unknown(n: int) -> str:
    return ngettext(
        "{count} label asked for, without an answer",
        "{count} labels asked for, without an answer",
        n,
    )


def _to_void(n: int) -> str:
    return ngettext(
        "{count} label given up, carrier not told", "{count} labels given up, carrier not told", n
    )


def _untold(n: int) -> str:
    return ngettext(
        "{count} order handed over, channel not told",
        "{count} orders handed over, channels not told",
        n,
    )


def _unsent(n: int) -> str:
    return ngettext(
        "{count} message has waited since before today",
        "{count} messages have waited since before today",
        n,
    )


def close_day(tx: Tx, day: Day, which: date, reason: str) -> dict[str, int]:
    """Close a day: the journal keeps who closed it, its figures, every gap, and the reason why it
    is closed with gaps.

    Refused: closed before; gaps and no reason.
    """
    before = closed_by(tx, day.warehouse_id, which)
    if before:
        raise Refused(
            "closed_before",
            _("{day} was closed by {who}.").format(day=which.isoformat(), who=before),
            _("A day is closed once."),
        )
    found = balance(tx, day)
    if found.gaps and not reason.strip():
        raise Refused(
            "does_not_add_up",
            _("The day does not add up: {gap}").format(gap=found.gaps[0].text),
            _("Say why it is closed all the same."),
        )
    figures = {
        "bought": found.bought,
        "packed": found.packed,
        "staged": found.staged,
        "loaded": found.loaded,
        "left": found.left,
    }
    gaps = {gap.key or "unsent": gap.count for gap in found.gaps}
    detail = {**figures, **gaps, "why": reason.strip()[:200]}
    journal.record(tx, "day_closed", "day", [day_number(which)], detail=detail)
    return figures


def closed_by(tx: Tx, warehouse_id: int, which: date) -> str:
    """Who closed a day, "" while it is open."""
    return str(
        tx.scalar(
            select(Operation.who)
            .join(JournalLine, JournalLine.operation_id == Operation.id)
            .where(
                JournalLine.warehouse_id == warehouse_id,
                JournalLine.noun == "day",
                JournalLine.noun_id == day_number(which),
                JournalLine.verb == "day_closed",
            )
        )
        or ""
    )


def day_number(which: date) -> int:
    """The id of a day in the journal: 20251124."""
    return int(f"{which:%Y%m%d}")
