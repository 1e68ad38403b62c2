"""Plain SQL on either store, straight through sqlite3 or psycopg: what the hand-written side uses.

Statements are written once, with question marks, TRUE and FALSE; `{among}` stands for "is one of
these ids". psycopg prepares a statement on the server when it has been run a few times.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from wms_app.base.embedded import PRAGMAS

PATIENCE_S = 120  # SQLite's own: hand-written writers have no other queue


class Db:
    """One connection, with transactions begun and ended by hand."""

    def __init__(self, url: str) -> None:
        parts = make_url(url)
        self.postgres = parts.get_backend_name() == "postgresql"
        self.conn: Any
        if self.postgres:
            plain = parts.set(drivername="postgresql").render_as_string(hide_password=False)
            self.conn = psycopg.connect(plain)
            return
        self.conn = sqlite3.connect(
            str(parts.database), isolation_level=None, cached_statements=256, timeout=PATIENCE_S
        )
        for pragma in PRAGMAS:
            self.conn.execute(f"PRAGMA {pragma}")

    def begin(self) -> None:
        """Begin to write; psycopg does so with the first statement."""
        if not self.postgres:
            self.conn.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keep what was written."""
        if self.postgres:
            self.conn.commit()
        else:
            self.conn.execute("COMMIT")

    def commit_reading(self) -> None:
        """End a look at the store; on SQLite each select ends by itself."""
        if self.postgres:
            self.conn.commit()

    def close(self) -> None:
        """Let go of the store."""
        self.conn.close()

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run one statement; gives its cursor."""
        return self.conn.execute(self._said(sql), values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a select."""
        return list(self.run(sql, values).fetchall())

    def one(self, sql: str, values: Sequence[Any] = ()) -> int:
        """The first value of the first row."""
        return int(self.rows(sql, values)[0][0])

    def changed(self, sql: str, values: Sequence[Any]) -> None:
        """One row must change."""
        if self.run(sql, values).rowcount != 1:
            raise RuntimeError(sql)

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each of `rows`."""
        if len(rows) < 2:
            for row in rows:
                self.run(sql, row)
        elif self.postgres:
            with self.conn.cursor() as cursor:
                cursor.executemany(self._said(sql), rows)
        else:
            self.conn.executemany(self._said(sql), rows)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Many rows of one table in the quickest way there is: COPY on Postgres."""
        named = ", ".join(columns)
        if self.postgres:
            with (
                self.conn.cursor() as cursor,
                cursor.copy(f"COPY {table} ({named}) FROM STDIN") as to,
            ):
                for row in rows:
                    to.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            self.conn.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", rows)

    def add(self, table: str, column: str, more: Sequence[tuple[int, int]]) -> None:
        """Add to a column of many rows: (how much, id)."""
        if self.postgres:
            self.run(
                f"UPDATE {table} t SET {column} = t.{column} + v.more"
                " FROM unnest(?::bigint[], ?::bigint[]) AS v (more, id) WHERE t.id = v.id",
                ([one[0] for one in more], [one[1] for one in more]),
            )
        else:
            self.many(f"UPDATE {table} SET {column} = {column} + ? WHERE id = ?", more)

    def ids(self, table: str, count: int) -> list[int]:
        """Ids for rows that are about to be inserted."""
        if self.postgres:
            sequence = f"nextval(pg_get_serial_sequence('{table}', 'id'))"
            return [
                row[0] for row in self.rows(f"SELECT {sequence} FROM generate_series(1, {count})")
            ]
        last = self.one(f"SELECT coalesce(max(id), 0) FROM {table}")
        return list(range(last + 1, last + 1 + count))

    def among(self, ids: Sequence[int]) -> Any:
        """The value of `{among}`."""
        return list(ids) if self.postgres else json.dumps(list(ids))

    def _said(self, sql: str) -> str:
        return _for_postgres(sql) if self.postgres else _for_sqlite(sql)


@cache
def _for_sqlite(sql: str) -> str:
    return sql.replace("{among}", "IN (SELECT value FROM json_each(?))")


@cache
def _for_postgres(sql: str) -> str:
    return sql.replace("{among}", "= ANY (?)").replace("?", "%s")
