"""What a step sends to Postgres and what it writes there, counted by the server itself."""

from __future__ import annotations

import re
import time

from sqlalchemy import create_engine, text

from tests.postgres import Server

# A connection that rests tells what it wrote with its first command after a second.
RESTS_S = 1.1
_WRITTEN = (
    "SELECT coalesce(sum(n_tup_ins), 0), coalesce(sum(n_tup_upd + n_tup_del), 0)"
    " FROM pg_stat_user_tables"
)


class Counts:
    """Statements out of the server's log, rows out of its statistics; our own server only."""

    def __init__(self, server: Server) -> None:
        assert server.folder is not None
        self._server = server
        self._log = server.folder.parent / "log"

    def settings(self) -> tuple[str, str]:
        """fsync and synchronous_commit as they are now."""
        engine = create_engine(self._server.url)
        with engine.connect() as conn:
            names = ("fsync", "synchronous_commit")
            first, second = (str(conn.scalar(text(f"SHOW {name}"))) for name in names)
        engine.dispose()
        return first, second

    def begin(self) -> None:
        """From now on every statement is written into the log."""
        self._server.change(
            "log_min_messages=log", "log_statement=all", "log_line_prefix='%d|'", "autovacuum=off"
        )
        time.sleep(RESTS_S)

    def statements(self, database: str) -> int:
        """Statements of this database so far, BEGIN and COMMIT among them."""
        mark = re.compile(rf"^{database}\|LOG:  (statement|execute [^:]*): ", re.M)
        return len(mark.findall(self._log.read_text(errors="replace")))

    def written(self, database: str) -> tuple[int, int]:
        """Rows inserted, and rows changed or deleted, in its tables so far."""
        engine = create_engine(self._server.named(database))
        with engine.connect() as conn:
            inserted, changed = conn.execute(text(_WRITTEN)).one()
        engine.dispose()
        return int(inserted), int(changed)
