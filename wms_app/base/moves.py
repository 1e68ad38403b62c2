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
        self, model: type[Any], noun: str, to: str, moves: Moves, condition: Any, *names: str
    ) -> None:
        """`condition`: on columns of `model`; `names`: the columns that are set with the state."""
        change = (
            update(model)
            .where(
                model.id == bindparam(f"of_{noun}"),
                model.state.in_(sources(moves, to)),
                condition,
            )
            .values(state=to, **{name: bindparam(f"{noun}_{name}") for name in names})
        )
        self.noun, self.to = noun, to
        self._names = names
        self._alone = Prepared(change)
        self.lines = journal.Lines(change.returning(model.id), to, noun, to)
        self._with_line = journal.with_lines(self.lines)

    def given(self, number: int, values: Mapping[str, Any]) -> dict[str, Any]:
        """What its statement takes: which thing, and those of `values` that it sets."""
        set_to = {f"{self.noun}_{name}": values[name] for name in self._names}
        return {f"of_{self.noun}": number, **set_to}

    def tell(self, tx: Tx, number: int, **values: Any) -> None:
        """Move that thing, if it may and the condition holds, and set `values`."""
        if tx.postgres:
            self._with_line.tell(tx, **self.given(number, values), **journal.heads(tx))
            tx.changed(self.noun)
        else:
            self.made(tx, number, **values)

    def made(self, tx: Tx, number: int, **values: Any) -> bool:
        """The same, where somebody waits to hear whether it was."""
        given = self.given(number, values)
        tx.changed(self.noun)
        if tx.postgres:
            return self._with_line.run(tx, **given, **journal.heads(tx)) > 0
        return self.alone(tx, number, given)

    def alone(self, tx: Tx, number: int, given: Mapping[str, Any]) -> bool:
        """The move, and then its line; `given` may hold more than the move takes."""
        moved = self._alone.run(tx, **given) > 0
        journal.record(tx, self.to, self.noun, [number] if moved else [], after=self.to)
        return moved


class MovesWhere:
    """Several such moves, of things of different nouns, after another change beside them.

    On Postgres all are one statement: no condition sees the other moves, nor the change beside.
    """

    def __init__(self, *moves: MoveWhere, beside: Update) -> None:
        self._moves = moves
        self._beside = Prepared(beside)
        self._all = journal.with_lines(*(one.lines for one in moves), beside=beside)

    def tell(
        self, tx: Tx, numbers: Sequence[int], beside: Mapping[str, Any], **values: Any
    ) -> list[bool]:
        """Move the things with these `numbers`, in the order of the moves, each where it may.

        `beside`: what the change beside takes, and whatever else the conditions ask. Gives which
        of them went, on Postgres nothing: there it is not known yet.
        """
        given = dict(beside)
        for one, number in zip(self._moves, numbers, strict=True):
            given |= one.given(number, values)
            tx.changed(one.noun)
        if tx.postgres:
            self._all.tell(tx, **given, **journal.heads(tx))
            return []
        self._beside.tell(tx, **beside)
        return [one.alone(tx, number, given) for one, number in zip(self._moves, numbers)]


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
