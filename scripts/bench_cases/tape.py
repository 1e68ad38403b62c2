"""What is sent to an embedded store, taped once and sent again to a copy: its SQL alone."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import event

from wms_app.base.db import Store
from wms_app.base.embedded import PRAGMAS, EmbeddedConnection

MARK = ""  # no statement: where a span begins, and where it ends
Said = tuple[str, Any]


class Tape:
    """Everything that a store is sent, in order, with marks in it."""

    def __init__(self, store: Store) -> None:
        """`store` was opened, and not yet used."""
        self.said: list[Said] = []
        tape = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, values: Any = ()) -> Any:
                tape.said.append((sql, values))
                return super().execute(sql, values)

            def executemany(self, sql: str, rows: Any) -> Any:
                kept = [tuple(row) for row in rows]
                tape.said.extend((sql, row) for row in kept)
                return super().executemany(sql, kept)

        class Connection(EmbeddedConnection):
            def cursor(self, *_other: Any) -> Any:
                return super().cursor(Cursor)

            def execute(self, sql: str, values: Any = ()) -> Any:
                return self.cursor().execute(sql, values)

            def executemany(self, sql: str, rows: Any) -> Any:
                return self.cursor().executemany(sql, rows)

            def commit(self) -> None:
                if self.in_transaction:
                    tape.said.append(("COMMIT", ()))
                super().commit()

        @event.listens_for(store.engine, "do_connect")
        def _connect(_dialect: Any, _record: Any, args: Any, named: Any) -> sqlite3.Connection:
            made: sqlite3.Connection = sqlite3.connect(*args, **(named | {"factory": Connection}))
            return made

    def mark(self) -> None:
        """Here a span begins or ends."""
        self.said.append((MARK, ()))


class Replay:
    """Sends a tape to another store; each span between two marks is timed."""

    def __init__(self, file: Path, said: Sequence[Said]) -> None:
        self._conn = sqlite3.connect(file, isolation_level=None, cached_statements=512)
        for pragma in PRAGMAS:
            self._conn.execute(f"PRAGMA {pragma}")
        self._said = iter([one for one in said if not one[0].startswith("PRAGMA")])

    def seconds(self) -> float:
        """Go on behind the end of the next span; gives how long that span took."""
        begun = 0.0
        for sql, values in self._said:
            if sql:
                self._conn.execute(sql, values).fetchall()
            elif begun:
                return time.perf_counter() - begun
            else:
                begun = time.perf_counter()
        raise ValueError("the tape is at its end")

    def close(self) -> None:
        """Let go of the store."""
        self._conn.close()
