"""A store that tells the diary of every operation it acknowledged, and of every retry."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from tests.storm.diary import Diary, essence
from wms_app.app import know_tables
from wms_app.base import db, engine
from wms_app.base.db import Store, Tx
from wms_app.base.who import Who

T = TypeVar("T")
_may_retry = engine.may_retry


class WatchedStore(Store):
    """As `Store`; what `write` returns was first written to the diary."""

    def __init__(self, url: str, diary: Diary) -> None:
        know_tables()
        super().__init__(url)
        self._diary = diary

    def write(self, operation: str, who: Who, verb: str, work: Callable[[Tx], T]) -> T:
        """Run one operation and write its acknowledgement down."""
        answer = super().write(operation, who, verb, work)
        self._diary.say("ack", key=operation, verb=verb, answer=essence(answer))
        return answer


def tell_retries(diary: Diary) -> None:
    """Write every error after which the store tries again into the diary."""

    def told(error: DBAPIError) -> bool:
        again = _may_retry(error)
        if again:
            state = str(getattr(error.orig, "sqlstate", None) or "busy")
            diary.say(
                "retry", why={"40P01": "deadlock", "40001": "serialization"}.get(state, state)
            )
        return again

    db.may_retry = told  # type: ignore[attr-defined]  # the name under which the store asks
