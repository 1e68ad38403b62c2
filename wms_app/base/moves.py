"""States move by one guarded statement, and every move is in the journal.

Each noun with a life has its `MOVES` table beside it: state -> the states it may go to.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, Protocol, cast

from sqlalchemy import Update, bindparam, update

from wms_app.base import journal
from wms_app.base.db import Tx
from wms_app.base.prepared import Prepared
from wms_app.base.refusal import Refused
from wms_app.base.schema import among_given
from wms_app.base.texts import _

Moves = Mapping[str, frozenset[str]]
_Which = Literal["must", "one", "many"]


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
    """Bring one thing to state `to` and set `values`; refused when its state does not allow it.

    On Postgres the refusal comes with the next answer (see `Prepared.must`).
    """

    def refused() -> Refused:
        return Refused(
            "wrong_state",
            _("Something else was done with that meanwhile; nothing was changed."),
            _("Look it up with Ctrl+K."),
        )

    mover = _mover(cast(Hashable, model), to, sources(moves, to), tuple(values), "must")
    mover.must(tx, [{"of": number, **_named(values)}], refused)
    journal.record(tx, to, noun, [number], after=to, detail=detail)
    tx.changed(noun)


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
    if not ids:
        return []
    one = len(ids) == 1
    which: _Which = "one" if one else "many"
    mover = _mover(cast(Hashable, model), to, sources(moves, to), tuple(values), which)
    gone = mover.scalars(tx, of=ids[0] if one else ids, **_named(values))
    journal.record(tx, to, noun, gone, after=to, detail=detail)
    tx.changed(noun)
    return gone


class MoveWhere:
    """A move of one thing that is made where a condition holds too, and else is not.

    Nobody waits to hear which: on Postgres the move and its journal line are one statement, that
    goes out with the next question. The condition sees what the transaction did before.
    """

    def __init__(
        self,
        model: type[Any],
        noun: str,
        to: str,
        moves: Moves,
        condition: Any,
        *names: str,
        beside: Update | None = None,
    ) -> None:
        """`condition`: on columns of `model`; `names`: the columns that are set with the state.

        `beside`: a change of something else, which is made before it whether the thing moves or
        not. The condition does not see it.
        """
        change = (
            update(model)
            .where(model.id == bindparam("of"), model.state.in_(sources(moves, to)), condition)
            .values(state=to, **{name: bindparam(f"new_{name}") for name in names})
        )
        self._noun, self._to = noun, to
        self._alone = Prepared(change)
        self._beside = Prepared(beside) if beside is not None else None
        self._with_line = journal.with_lines(change.returning(model.id), to, noun, to, beside)

    def tell(
        self, tx: Tx, number: int, beside: Mapping[str, Any] | None = None, **values: Any
    ) -> None:
        """Move that thing, if it may and the condition holds, and set `values`.

        `beside`: what the change beside it takes.
        """
        if tx.postgres:
            given = {"of": number, **_named(values), **journal.heads(tx), **(beside or {})}
            self._with_line.tell(tx, **given)
            tx.changed(self._noun)
            return
        if self._beside is not None:
            self._beside.tell(tx, **(beside or {}))
        self.made(tx, number, **values)

    def made(self, tx: Tx, number: int, **values: Any) -> bool:
        """The same without a change beside, where somebody waits to hear whether it was moved."""
        given = {"of": number, **_named(values)}
        tx.changed(self._noun)
        if tx.postgres:
            return self._with_line.run(tx, **given, **journal.heads(tx)) > 0
        moved = self._alone.run(tx, **given) > 0
        journal.record(tx, self._to, self._noun, [number] if moved else [], after=self._to)
        return moved


@lru_cache(maxsize=512)
def _mover(
    model: Hashable, to: str, before: tuple[str, ...], names: tuple[str, ...], which: _Which
) -> Prepared:
    """The guarded statement that moves one thing or many and sets the columns `names`; what is told
    of it, unless it must move, are the ids of those that went."""
    living: Any = model
    these = among_given(living.id, "of") if which == "many" else living.id == bindparam("of")
    statement = (
        update(living)
        .where(these, living.state.in_(before))
        .values(state=to, **{name: bindparam(f"new_{name}") for name in names})
    )
    return Prepared(statement if which == "must" else statement.returning(living.id))


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in values.items()}
