"""The rows of print jobs: begun before a printer is spoken to, ended after; never in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Integer, bindparam, select, update

from wms_app.base import journal
from wms_app.base.codes import new_id
from wms_app.base.db import Store, Tx
from wms_app.base.moves import move
from wms_app.base.prepared import Prepared, PreparedInsert
from wms_app.base.who import Who
from wms_app.outside.printing.model import MOVES, PrintJob

NOUN = "print_job"
MOST_WORDS = 300
MOST_NAME = 200


@dataclass(frozen=True)
class Job:
    """One print job as it is in the store; see `PrintJob`."""

    id: int
    key: str
    station: str
    paper: str
    name: str
    printer: str
    state: str
    went_to: str
    problem: str
    kept: str
    made_by: str
    made_at: Any


@dataclass(frozen=True)
class Order:
    """What is to be printed: `key` names it, so that it is printed once."""

    key: str
    paper: str
    name: str
    printer: str
    kept: str = ""


_columns: tuple[Any, ...] = (
    PrintJob.id,
    PrintJob.key,
    PrintJob.station,
    PrintJob.paper,
    PrintJob.name,
    PrintJob.printer,
    PrintJob.state,
    PrintJob.went_to,
    PrintJob.problem,
    PrintJob.kept,
    PrintJob.made_by,
    PrintJob.made_at,
)
_one = Prepared(select(*_columns).where(PrintJob.id == bindparam("of_job")))
_of_station = Prepared(
    select(*_columns)
    .where(PrintJob.warehouse_id == bindparam("here"), PrintJob.station == bindparam("of_station"))
    .order_by(PrintJob.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_waiting = Prepared(
    select(*_columns)
    .where(
        PrintJob.warehouse_id == bindparam("here"),
        PrintJob.station == bindparam("of_station"),
        PrintJob.state == "queued",
        PrintJob.paper != "shipping",
        PrintJob.kept != "",
    )
    .order_by(PrintJob.id)
)
_known = Prepared(
    select(PrintJob.id).where(
        PrintJob.warehouse_id == bindparam("here"), PrintJob.key == bindparam("of_key")
    )
)
_state_of = Prepared(select(PrintJob.state).where(PrintJob.id == bindparam("of_job")))
_make = PreparedInsert(
    PrintJob,
    "warehouse_id",
    "key",
    "station",
    "paper",
    "name",
    "printer",
    "state",
    "kept",
    "made_by",
    "made_at",
    "again_of",
    returning="id",
)


def begin(store: Store, who: Who, order: Order, before: Job | None = None) -> tuple[Job, bool]:
    """The job of a paper, and whether it is new and to be sent now.

    `before` is a job that this one prints again: it gives its key up.
    """
    moment: list[datetime] = []

    def work(tx: Tx) -> list[int]:
        moment[:] = [tx.now]
        return _begin(tx, order, before)

    number, new = store.write(new_id(), who, "print", work)
    return (_fresh(who, order, number, moment[0]), True) if new else (find(store, number), False)


def begin_all(store: Store, who: Who, orders: Sequence[Order]) -> list[Job]:
    """The jobs of many papers that are to be sent one behind another; each waits for its turn."""
    numbers = store.write(
        new_id(), who, "print", lambda tx: [_make_one(tx, one, "queued") for one in orders]
    )
    return [find(store, number) for number in numbers]


def _begin(tx: Tx, order: Order, before: Job | None) -> list[int]:
    if before is not None:
        _give_key_up(tx, before)
    known = _known.scalar(tx, here=tx.who.warehouse_id, of_key=order.key)
    if known is not None:
        return [int(known), 0]
    return [_make_one(tx, order, "sent", before), 1]


def _fresh(who: Who, order: Order, number: int, made_at: datetime) -> Job:
    """A job as it was just written, without reading it again."""
    return Job(
        number,
        order.key,
        who.station,
        order.paper,
        order.name[:MOST_NAME],
        order.printer[:MOST_NAME],
        "sent",
        "",
        "",
        order.kept,
        who.name,
        made_at,
    )


def _make_one(tx: Tx, order: Order, state: str, before: Job | None = None) -> int:
    values = {
        "warehouse_id": tx.who.warehouse_id,
        "key": order.key,
        "station": tx.who.station,
        "paper": order.paper,
        "name": order.name[:MOST_NAME],
        "printer": order.printer[:MOST_NAME],
        "state": state,
        "kept": order.kept,
        "made_by": tx.who.name,
        "made_at": tx.now,
        "again_of": before.id if before else None,
    }
    number = _make.scalar(tx, **values)
    journal.record(tx, state, NOUN, [number], after=state)
    tx.changed(NOUN)
    return int(number)


def _give_key_up(tx: Tx, before: Job) -> None:
    move(tx, PrintJob, NOUN, before.id, "reprinted", MOVES, key=f"{before.key[:58]}~{before.id}")


def settle(
    store: Store, who: Who, job: Job, state: str, went_to: str = "", problem: str = ""
) -> None:
    """The printer, or a person, says what came of a job. A job that was settled stays so."""
    work = partial(_settle, number=job.id, state=state, went_to=went_to, problem=problem)
    store.write(new_id(), who, "print_job", work)


def _settle(tx: Tx, number: int, state: str, went_to: str, problem: str) -> None:
    now = _state_of.scalar(tx, of_job=number)
    values: dict[str, Any] = {"problem": problem[:MOST_WORDS]}
    if went_to:
        values["went_to"] = went_to[:MOST_WORDS]
    if state == now:
        tx.execute(update(PrintJob).where(PrintJob.id == number).values(**values))
        tx.changed(NOUN)
    elif state in MOVES[now]:
        if state in ("done", "failed"):
            values["ended_at"] = tx.now
        move(tx, PrintJob, NOUN, number, state, MOVES, **values)


def find(store: Store, number: int) -> Job:
    """One job by its id."""
    with store.read() as tx:
        return Job(*_one.rows(tx, of_job=number)[0])


def waiting(store: Store, who: Who) -> list[Job]:
    """The papers of the station that nobody prints but itself, and that were not sent yet, in
    their order. Shipping labels are not among them: the room that wants one asks for it again."""
    with store.read() as tx:
        rows = _waiting.rows(tx, here=who.warehouse_id, of_station=who.station)
        return [Job(*row) for row in rows]


def of_station(store: Store, who: Who, most: int = 100) -> list[Job]:
    """The last jobs of the station, the newest first."""
    with store.read() as tx:
        rows = _of_station.rows(tx, here=who.warehouse_id, of_station=who.station, most=most)
        return [Job(*row) for row in rows]
