"""What a station's people see of the store before they do something: a few rows to choose from."""

from __future__ import annotations

from random import Random
from typing import Any

from sqlalchemy import func, select

from wms_app.base.db import AnyRow, Tx

HOT = 8  # how many of the oldest are chosen from: everybody wants the same few


class Glance:
    """Chooses at random among the oldest rows that are as asked."""

    def __init__(self, tx: Tx, chance: Random) -> None:
        self.tx = tx
        self.chance = chance

    def row(self, statement: Any, hot: int = HOT) -> AnyRow | None:
        """One of the first `hot` rows of a select."""
        rows = self.tx.rows(statement.limit(hot))
        return self.chance.choice(rows) if rows else None

    def one(self, model: Any, *where: Any, hot: int = HOT) -> int | None:
        """The id of one of the oldest rows of `model`."""
        row = self.row(select(model.id).where(*where).order_by(model.id), hot)
        return None if row is None else int(row[0])

    def some(self, model: Any, most: int, *where: Any) -> list[int]:
        """The ids of at most `most` of the oldest rows of `model`, in any order."""
        rows = self.tx.scalars(select(model.id).where(*where).order_by(model.id).limit(HOT))
        ids = [int(number) for number in rows]
        return self.chance.sample(ids, min(len(ids), self.chance.randint(1, most)))

    def count(self, model: Any, *where: Any) -> int:
        """How many rows of `model` are as asked."""
        return int(self.tx.scalar(select(func.count()).select_from(model).where(*where)))
