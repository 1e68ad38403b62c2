"""`wms verify`: every truth of the house, looked up row by row, and the rows that break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import text

from wms_app.base.db import Tx
from wms_app.base.moves import Moves
from wms_app.base.texts import _, mark
from wms_app.floor.cancelling import model as cancelling
from wms_app.floor.handover import model as handover
from wms_app.floor.labelling import model as labelling
from wms_app.floor.orders import model as orders
from wms_app.floor.packing import model as packing
from wms_app.floor.stock import model as stock
from wms_app.floor.waves import model as waves
from wms_app.office.verify.truths import TRUTHS, Truth

SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """One truth that does not hold: how many rows break it, and the first of their ids."""

    code: str
    text: str
    noun: str
    count: int
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Life:
    """A noun with states: its table, its MOVES, the state it is born in, and when (a column)."""

    noun: str
    table: str
    moves: Moves
    born: str
    since: str


LIVES = (
    Life("order", "orders", orders.MOVES, "received", "received_at"),
    Life("parcel", "parcels", packing.MOVES, "open", "made_at"),
    Life("label", "labels", labelling.MOVES, "intended", "asked_at"),
    Life("list", "pick_lists", waves.MOVES, "open", "made_at"),
    Life("pickup", "pickups", handover.MOVES, "open", "opened_at"),
    Life("putback", "put_backs", cancelling.MOVES, "open", "made_at"),
    Life("count", "count_tasks", stock.COUNT_MOVES, "open", "made_at"),
)


def verify(tx: Tx, progress: Callable[[int, int], bool] | None = None) -> list[Finding]:
    """Check every truth; an empty list means that the store tells the truth."""
    total = len(TRUTHS) + len(LIVES) + 1
    found: list[Finding] = []
    for done, look in enumerate(_looks(tx)):
        found.extend(look())
        if progress and not progress(done + 1, total):
            break
    return found


def _looks(tx: Tx) -> Iterator[Callable[[], list[Finding]]]:
    yield lambda: _file(tx)
    for truth in TRUTHS:
        yield lambda truth=truth: _truth(tx, truth)  # type: ignore[misc]
    for life in LIVES:
        yield lambda life=life: _life(tx, life)  # type: ignore[misc]


def _truth(tx: Tx, truth: Truth) -> list[Finding]:
    rows = [int(row[0]) for row in tx.conn.execute(text(truth.broken_rows))]
    if not rows:
        return []
    return [Finding(truth.code, _(truth.text), truth.noun, len(rows), tuple(rows[:SHOWN]))]


_STEPS = """
SELECT was, after, count(*), min(noun_id) FROM (
    SELECT noun_id, after, lag(after, 1, '') OVER (PARTITION BY noun_id ORDER BY id) AS was
    FROM journal WHERE noun = :noun AND after <> ''{kept}
) chain GROUP BY was, after
"""
_UNSPOKEN = """
SELECT t.id FROM {table} t LEFT JOIN (
    SELECT noun_id, max(id) AS last FROM journal WHERE noun = :noun AND after <> '' GROUP BY noun_id
) j ON j.noun_id = t.id LEFT JOIN journal l ON l.id = j.last
WHERE (l.after IS NULL OR l.after <> t.state){kept}
"""
# Of what began in an archived month the journal has a part at most; it was finished by then.
_ARCHIVED = "SELECT max(until) FROM archives WHERE removed"
_KEPT_STEPS = " AND noun_id IN (SELECT t.id FROM {table} t WHERE t.{since} >= ({until}))"
_KEPT = " AND t.{since} >= ({until})"


def _life(tx: Tx, life: Life) -> list[Finding]:
    """Every step of every life is one that MOVES allows, and the last one is the state now."""
    kept = kept_steps = ""
    if tx.conn.execute(text(_ARCHIVED)).scalar() is not None:
        where = {"table": life.table, "since": life.since, "until": _ARCHIVED}
        kept, kept_steps = _KEPT.format(**where), _KEPT_STEPS.format(**where)
    steps = tx.conn.execute(text(_STEPS.format(kept=kept_steps)), {"noun": life.noun})
    found = []
    for was, after, count, first in steps:
        allowed = after == life.born if was == "" else after in life.moves.get(was, frozenset())
        if not allowed:
            words = _("A {noun} went from {was} to {after}, which its life does not allow.").format(
                noun=life.noun, was=was or _("nothing"), after=after
            )
            found.append(Finding("illegal_move", words, life.noun, int(count), (int(first),)))
    last = _UNSPOKEN.format(table=life.table, kept=kept)
    unspoken = tx.conn.execute(text(last), {"noun": life.noun})
    ids = [int(row[0]) for row in unspoken]
    if ids:
        words = _("The state of a {noun} is not the last that the journal tells.").format(
            noun=life.noun
        )
        found.append(Finding("unjournalled", words, life.noun, len(ids), tuple(ids[:SHOWN])))
    return found


_DAMAGED = mark("The store's file is damaged ({problem}): restore the last backup.")


def _file(tx: Tx) -> list[Finding]:
    """SQLite's own check of its file and of its references."""
    if tx.postgres:
        return []
    found = []
    for (problem,) in tx.conn.execute(text("PRAGMA quick_check(20)")):
        if problem != "ok":
            found.append(Finding("damaged", _(_DAMAGED).format(problem=problem), "store", 1, ()))
    dangling = tx.conn.execute(text("PRAGMA foreign_key_check")).all()
    if dangling:
        words = _("Rows of {table} point to rows that are not there.").format(table=dangling[0][0])
        ids = tuple(int(row[1] or 0) for row in dangling[:SHOWN])
        found.append(Finding("dangling", words, str(dangling[0][0]), len(dangling), ids))
    return found
