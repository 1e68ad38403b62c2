"""The short way to Postgres: prepared statements sent together, answers read when they are asked.

Over a network each answer costs a round trip. A statement whose answer nobody asks for waits here
and goes out with the next that is asked, or before the commit; an error that it meets is raised
there: within the transaction, in which nothing counts until then. Built on libpq's pipeline mode
through psycopg's own wrapper of it (`psycopg.pq`): its cursors talk to the server at every step.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, cast

from sqlalchemy import Connection

if TYPE_CHECKING:
    import psycopg
    from psycopg.pq.abc import PGresult

COPY_FROM = 50  # so many rows are sooner copied than inserted one by one


class Command(Protocol):
    """A statement as the server is given it: question marks are $1, $2, ..., all values text."""

    sql: str
    text: bytes
    formats: list[Any]


class Pipe:
    """One transaction's statements in their order; `settle` before anything goes another way."""

    def __init__(self, conn: Connection) -> None:
        self._conn: Any = conn
        self._raw: psycopg.Connection[Any] = cast(Any, conn.connection.driver_connection)
        # What each statement is called on this connection, once the server has prepared it.
        self._known: dict[bytes, bytes] = conn.info.setdefault("dock_prepared", {})
        self._new: dict[bytes, bytes] = {}
        self._sent: deque[tuple[str, bytes]] = deque()  # text, and what it prepares if it does
        self._open = False
        self._told = bool(self._conn._has_events or self._conn.engine._has_events)

    def ask(self, command: Command, values: Sequence[Any], row: Any) -> list[Any]:
        """The rows of a statement, each made by `row` from its values."""
        with self._errors(command.sql):
            self._send(command, values)
            result = self._answers()[-1]
            values_of = self._adapter
            values_of.set_pgresult(result)
            return cast("list[Any]", values_of.load_rows(0, result.ntuples, row))

    def count(self, command: Command, rows: Sequence[Sequence[Any]]) -> int:
        """How many rows a change changed, made for each of `rows`."""
        with self._errors(command.sql):
            for values in rows:
                self._send(command, values)
            return sum(one.command_tuples or 0 for one in self._answers()[-len(rows) :])

    def tell(self, command: Command, rows: Sequence[Sequence[Any]]) -> None:
        """Change something for each of `rows`, whatever comes of it."""
        with self._errors(command.sql):
            for values in rows:
                self._send(command, values)

    def copy(self, table: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
        """Many new rows of a table at once."""
        self.settle()
        sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with self._errors(sql), self._raw.cursor() as cursor:
            self._tell_events(sql)
            with cursor.copy(sql) as into:
                for row in rows:
                    into.write_row(row)

    def settle(self) -> None:
        """Everything sent is done, or its error is raised."""
        if self._open:
            with self._errors("the end of a pipeline"):
                self._end()

    def drop(self) -> None:
        """The work failed: what was sent will be rolled back, and its own errors are no news."""
        import psycopg

        if not self._open:
            return
        try:
            self._end()
        except psycopg.Error:
            if self._open:
                self._open = False
                self._raw.close()  # it is lost, or in a state that nobody knows

    @property
    def _adapter(self) -> Any:
        """What turns values into the server's text and back; one for a connection's life."""
        made = self._conn.info.get("dock_adapter")
        if made is None:
            from psycopg.adapt import Transformer

            made = self._conn.info["dock_adapter"] = Transformer(self._raw)
        return made

    def _send(self, command: Command, values: Sequence[Any]) -> None:
        if self._told:
            self._tell_events(command.sql)
        server = self._raw.pgconn
        if not self._open:
            self._enter()
        name = self._known.get(command.text) or self._new.get(command.text)
        if name is None:
            name = b"dock_%d" % (len(self._known) + len(self._new))
            server.send_prepare(name, command.text)
            self._new[command.text] = name
            self._sent.append((command.sql, command.text))
        server.send_query_prepared(
            name, self._adapter.dump_sequence(values, command.formats) if values else None
        )
        self._sent.append((command.sql, b""))

    def _enter(self) -> None:
        server = self._raw.pgconn
        begin = self._raw._get_tx_start_command() if not server.transaction_status else b""
        server.enter_pipeline_mode()
        self._open = True
        if begin:
            server.send_query_params(begin, None)
            self._sent.append(("BEGIN", b""))

    def _end(self) -> None:
        self._raw.pgconn.pipeline_sync()
        self._sent.append(("", b""))
        try:
            self._answers()
        finally:
            if not self._sent:  # all was read, whatever it said
                self._raw.pgconn.exit_pipeline_mode()
                self._open = False

    def _answers(self) -> list[PGresult]:
        """The answers to all that was sent; the first error among them is raised."""
        return self._raw.wait(self._read())

    def _read(self) -> Generator[Any, Any, list[PGresult]]:
        from psycopg import errors, generators
        from psycopg.pq import ExecStatus

        server = self._raw.pgconn
        server.send_flush_request()
        yield from generators.send(server)
        found: list[PGresult] = []
        failed: PGresult | None = None
        while self._sent:
            _sql, prepared = self._sent.popleft()
            results = yield from generators.fetch_many(server)
            result = results[-1]
            if result.status == ExecStatus.FATAL_ERROR and failed is None:
                failed = result
            elif prepared and result.status == ExecStatus.COMMAND_OK:
                self._known[prepared] = self._new.pop(prepared)
            elif not prepared:
                found.append(result)
        if failed is not None:
            self._new.clear()
            raise errors.error_from_result(failed, encoding="utf-8")
        return found

    def _tell_events(self, sql: str) -> None:
        """Who listens to the engine's statements hears of these too."""
        for listener in self._conn.dispatch.before_cursor_execute:
            listener(self._conn, None, sql, None, None, False)

    @contextmanager
    def _errors(self, sql: str) -> Iterator[None]:
        """Errors of the driver come out as SQLAlchemy raises them; a lost connection is let go.

        Parameters stay out of them: they may be personal.
        """
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            self.drop()
            self._conn._handle_dbapi_exception(error, sql, None, None, None)
