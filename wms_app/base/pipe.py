"""The short way to Postgres: prepared statements sent together, answers read when they are asked.

Over a network each answer costs a round trip. A statement whose answer nobody asks for waits here
and goes out with the next that is asked, or with the commit; after an error the server does nothing
more of what was sent, the commit neither, and the error is raised with the next answer. Built on
libpq's pipeline mode through psycopg's own wrapper of it (`psycopg.pq`): its cursors talk to the
server at every step.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from sqlalchemy import Connection

if TYPE_CHECKING:
    import psycopg
    from psycopg.pq.abc import PGresult

_COMMAND_OK, _FATAL_ERROR = 1, 7  # of libpq's ExecStatusType
NOT_ONE = "22012"  # what a change that must change one row meets when it changes none
TAKEN = "23505"  # a key that is there already
COPY_FROM = 50  # so many rows are sooner copied than inserted one by one


class Command(Protocol):
    """A statement as the server is given it: question marks are $1, $2, ..., all values text."""

    sql: str
    text: bytes
    formats: list[Any]


class Pipe:
    """One transaction's statements in their order; `settle` before anything goes another way."""

    def __init__(self, conn: Connection, *, reading: bool) -> None:
        """`reading`: each statement looks at what is committed; no transaction is needed for it."""
        self._conn: Any = conn
        self._reading = reading
        self._raw: psycopg.Connection[Any] = cast(Any, conn.connection.driver_connection)
        # What each statement is called on this connection, once the server has prepared it.
        info = conn.info
        self._known: dict[bytes, bytes] = info.setdefault("dock_prepared", {})
        self._adapter = info.get("dock_adapter") or self._make_adapter(info)
        self._new: dict[bytes, bytes] = {}
        self._sent: deque[bytes] = deque()  # what each one prepares, b"" when it is run
        # By place in `_sent`: the error that is foreseen there, and what it means.
        self._foreseen: dict[int, tuple[str, Callable[[], Exception]]] = {}
        # By place in `_sent`: who waits for the rows, and what makes each of its values.
        self._to_hear: dict[int, tuple[Callable[[list[Any]], None], Any]] = {}
        self._open = False
        self._told = bool(self._conn._has_events or self._conn.engine._has_events)

    def ask(self, command: Command, values: Sequence[Any], row: Any) -> list[Any]:
        """The rows of a statement, each made by `row` from its values."""
        with self._errors(command.sql):
            self._send(command, values)
            return self._rows(self._answers()[-1], row)

    def count(self, command: Command, rows: Sequence[Sequence[Any]]) -> int:
        """How many rows a change changed, made for each of `rows`."""
        with self._errors(command.sql):
            for values in rows:
                self._send(command, values)
            return sum(one.command_tuples or 0 for one in self._answers()[-len(rows) :])

    def tell(
        self,
        command: Command,
        rows: Sequence[Sequence[Any]],
        otherwise: Callable[[], Exception] | None = None,
        error: str = NOT_ONE,
    ) -> None:
        """Change something for each of `rows`, whatever comes of it.

        Where the server meets the `error` (an SQLSTATE), `otherwise` is raised with the next
        answer.
        """
        with self._errors(command.sql):
            for values in rows:
                self._send(command, values)
                if otherwise is not None:
                    self._foreseen[len(self._sent) - 1] = error, otherwise

    def go(self) -> None:
        """Let the server begin with what was sent until now; nobody waits for it."""
        if self._open:
            with self._errors("a pipeline"):
                self._raw.pgconn.flush()

    def hear_later(self, heard: Callable[[list[Any]], None], row: Any) -> None:
        """Give the rows of what was sent last to `heard`, with the next answer or the commit."""
        self._to_hear[len(self._sent) - 1] = heard, row

    def hear(self) -> None:
        """Wait for the answers to all that was sent."""
        if self._sent:
            with self._errors("the answers of a pipeline"):
                self._answers()

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
                self._leave()

    def commit(self, meanwhile: Callable[[], None] | None) -> None:
        """Commit, together with what is still to be sent; where nothing is, `end` does it.

        `meanwhile` is done when all answers are here but this one, which waits for the disk.
        """
        if not self._open:
            return
        import psycopg

        with self._errors("COMMIT"):
            if self._told:
                self._tell_events("COMMIT")
            if meanwhile is not None:
                self._raw.pgconn.send_flush_request()
            self._raw.pgconn.send_query_params(b"COMMIT", None)
            self._sent.append(b"")
            ended = self._answers(meanwhile)[-1].command_status
            if ended != b"COMMIT":  # it had failed before, and nobody had heard of it
                raise psycopg.errors.InFailedSqlTransaction("the transaction had failed")
            self._leave()

    def end(self, *, kept: bool) -> None:
        """End what the server has still open of it; nothing after `commit`."""
        if self._raw.closed or not self._raw.pgconn.transaction_status:
            return
        with self._errors("COMMIT" if kept else "ROLLBACK"):
            if kept:
                self._raw.commit()
            else:
                self._raw.rollback()

    def drop(self) -> None:
        """The work failed: what was sent will be rolled back, and its own errors are no news."""
        import psycopg

        self._foreseen = {}
        self._to_hear = {}
        while self._open:
            try:
                self._leave()
            except psycopg.Error:
                if self._sent or self._raw.pgconn.status != psycopg.pq.ConnStatus.OK:
                    self._open = False
                    self._raw.close()  # it is lost, or in a state that nobody knows

    def _rows(self, result: PGresult, row: Any) -> list[Any]:
        values_of = self._adapter
        values_of.set_pgresult(result)
        return cast("list[Any]", values_of.load_rows(0, result.ntuples, row))

    def _make_adapter(self, info: dict[Any, Any]) -> Any:
        """What turns values into the server's text and back; one for a connection's life."""
        from psycopg.adapt import Transformer

        made = info["dock_adapter"] = Transformer(self._raw)
        return made

    def _send(self, command: Command, values: Sequence[Any]) -> None:
        if not self._open:
            self._enter()
        given = self._adapter.dump_sequence(values, command.formats) if values else None
        self._run(command.sql, command.text, given)

    def _run(self, sql: str, text: bytes, given: Any = None) -> None:
        """Run a statement that this connection has prepared, or now prepares."""
        if self._told:
            self._tell_events(sql)
        server = self._raw.pgconn
        name = self._known.get(text) or self._new.get(text)
        if name is None:
            name = b"dock_%d" % (len(self._known) + len(self._new))
            server.send_prepare(name, text)
            self._new[text] = name
            self._sent.append(text)
        server.send_query_prepared(name, given)
        self._sent.append(b"")

    def _enter(self) -> None:
        server = self._raw.pgconn
        begins = not self._reading and not server.transaction_status
        server.enter_pipeline_mode()
        self._open = True
        if begins:
            self._run("BEGIN", self._raw._get_tx_start_command())

    def _leave(self) -> None:
        if self._sent:
            self._answers()
        self._raw.pgconn.exit_pipeline_mode()
        self._open = False

    def _answers(self, meanwhile: Callable[[], None] | None = None) -> list[PGresult]:
        """The answers to all that was sent; the first error among them is raised.

        `meanwhile` is done before the last one is read, unless one of the others is an error.
        """
        foreseen, self._foreseen = self._foreseen, {}
        to_hear, self._to_hear = self._to_hear, {}
        self._raw.pgconn.pipeline_sync()
        count = len(self._sent)
        first = count if meanwhile is None else count - 1
        found = self._raw.wait(self._read(0, first))
        failed = self._heard(found, to_hear)
        if meanwhile is not None:
            try:
                if failed is None:
                    meanwhile()
            finally:
                last = self._raw.wait(self._read(first, count))
            failed = self._heard(last, to_hear) if failed is None else failed
            found |= last
        if failed is not None:  # the server did nothing after it
            raise self._meaning(found[failed], *foreseen.get(failed, ("", None)))
        return list(found.values())

    def _heard(self, found: dict[int, PGresult], to_hear: dict[int, Any]) -> int | None:
        """Give the rows to who waits for them; gives the place of the first error, if any."""
        for place, result in found.items():
            if result.status == _FATAL_ERROR:
                return place
            if place in to_hear:
                heard, row = to_hear[place]
                heard(self._rows(result, row))
        return None

    def _meaning(
        self, failed: PGresult, foreseen: str, otherwise: Callable[[], Exception] | None
    ) -> Exception:
        from psycopg import errors

        error = errors.error_from_result(failed, encoding="utf-8")
        return otherwise() if otherwise and error.sqlstate == foreseen else error

    def _read(self, begin: int, end: int) -> Generator[Any, Any, dict[int, PGresult]]:
        """Answers by their places in what was sent; of preparing a statement only an error."""
        from psycopg import generators

        server = self._raw.pgconn
        if not begin:
            yield from generators.send(server)
        found: dict[int, PGresult] = {}
        for place in range(begin, end):
            result = (yield from generators.fetch_many(server))[-1]
            prepared = self._sent.popleft()
            if prepared and result.status == _COMMAND_OK:
                self._known[prepared] = self._new[prepared]
            elif not prepared or result.status == _FATAL_ERROR:
                found[place] = result
        if not self._sent:
            self._new.clear()
            yield from generators.fetch_many(server)  # the end of the pipeline itself
        return found

    def _tell_events(self, sql: str) -> None:
        """Who listens to the engine's statements hears of these too."""
        for listener in self._conn.dispatch.before_cursor_execute:
            listener(self._conn, None, sql, None, None, False)

    def _errors(self, sql: str) -> _Errors:
        return _Errors(self, sql)

    def failed(self, error: psycopg.Error, sql: str) -> None:
        """Raise an error of the driver as SQLAlchemy does; a lost connection is let go.

        Parameters stay out of it: they may be personal.
        """
        self.drop()
        self._conn._handle_dbapi_exception(error, sql, None, None, None)


class _Errors:
    """Around every statement, so that it is no generator: hands errors of the driver on."""

    __slots__ = ("_pipe", "_sql")

    def __init__(self, pipe: Pipe, sql: str) -> None:
        self._pipe, self._sql = pipe, sql

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None:
            return
        import psycopg

        if isinstance(error, psycopg.Error):
            self._pipe.failed(error, self._sql)
