"""States move by one guarded statement, and every move is in the journal.

Each noun with a life has its `MOVES` table beside it: state -> the states it may go to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import select, update

from wms_app.base import journal
from wms_app.base.db import Tx
from wms_app.base.refusal import Refused
from wms_app.base.schema import among
from wms_app.base.texts import _

Moves = Mapping[str, frozenset[str]]


class Living(Protocol):
    """A mapped class with `id`, `state` and a table name."""

    __tablename__: str
    id: Any
    state: Any


def sources(moves: Moves, to: str) -> tuple[str, ...]:
    """The states from which a thing may go to `to`."""
    return tuple(sorted(state for state, targets in moves.items() if to in targets))


def move(
    tx: Tx,
    model: type[Any],
    noun: str,
    number: int,
    to: str,
    moves: Moves,
    *,
    detail: Mapping[str, Any] | None = None,
    **values: Any,
) -> None:
    """Bring one thing to state `to` and set `values`; refused when its state does not allow it."""
    if not move_all(tx, model, noun, [number], to, moves, detail=detail, **values):
        state = tx.scalar(select(model.state).where(model.id == number))
        raise Refused(
            "wrong_state",
            _("That {noun} is {state}; it can't become {to} now.").format(
                noun=noun, state=state or _("unknown"), to=to
            ),
            _("Look it up with Ctrl+K."),
        )


def move_all(
    tx: Tx,
    model: type[Any],
    noun: str,
    ids: Sequence[int],
    to: str,
    moves: Moves,
    *,
    detail: Mapping[str, Any] | None = None,
    **values: Any,
) -> list[int]:
    """Bring every thing that may go there to state `to`; gives the ids of those that went."""
    statement = (
        update(model)
        .where(among(model.id, ids), model.state.in_(sources(moves, to)))
        .values(state=to, **values)
        .returning(model.id)
    )
    gone = [int(number) for number in tx.scalars(statement)]
    journal.record(tx, to, noun, gone, after=to, detail=detail)
    tx.changed(noun)
    return gone
