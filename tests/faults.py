"""A power cut between any two statements: an operation is run in a process that kills itself.

Every statement that goes to the database is a point: before it the process can be killed, each row
of a statement for many rows too, before COMMIT, after COMMIT, and before and after a carrier sells.
The embedded store's are counted at the driver's own cursor, under everything that is built upon
it; Postgres' by SQLAlchemy, which runs them all there. The program knows nothing of it.

`python -m tests.faults` is a light process of one thread that has everything loaded and forks one
child for each line on stdin: that is what makes a power cut cost a few milliseconds.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, make_url, text

from wms_app.app import know_tables
from wms_app.base import clock, news
from wms_app.base.db import Store
from wms_app.base.embedded import EmbeddedConnection
from wms_app.base.schema import Base
from wms_app.base.turns import Turns

# Every station of these tests stands at this moment, so that what it writes can be compared.
NOW = datetime(2026, 3, 3, 18, 30, tzinfo=UTC)
State = dict[str, str]
COMMITTED = "COMMITTED"
WARM = -1


@dataclass
class Fault:
    """Where this process dies: at the point number `at` (from 1); 0 is nowhere."""

    at: int = 0
    begun: bool = False
    points: list[str] = field(default_factory=list)
    after_commit: Callable[[], None] = lambda: None

    def reach(self, point: str) -> None:
        """One more point, once the operation has begun."""
        if not self.begun:
            return
        self.points.append(point)
        if len(self.points) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        if point == COMMITTED:
            self.after_commit()


fault = Fault()


def begin() -> None:
    """The person is where the operation is sent; from now on points count."""
    fault.begun = True
    fault.after_commit()


class _Cursor(sqlite3.Cursor):
    """Each of its statements is a point."""

    def execute(self, sql: str, parameters: Any = (), /) -> _Cursor:
        fault.reach(sql)
        return super().execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Any], /) -> _Cursor:
        return super().executemany(sql, _each(sql, rows))


class _Connection(EmbeddedConnection):
    """The driver's own `execute` makes its cursor here, too."""

    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)

    def commit(self) -> None:
        fault.reach("COMMIT")
        super().commit()
        fault.reach(COMMITTED)


def _each(sql: str, rows: Iterable[Any]) -> Iterator[Any]:
    for row in rows:
        fault.reach(sql)
        yield row


_stores: dict[str, Store] = {}
_where: dict[str, Any] = {}


def station(url: str) -> Store:
    """A station that is started anew at this store; its statements are points.

    In one process it is one object that is led from store to store: what it knows of statements it
    keeps, which is most of the cost of a start, and nothing else.
    """
    target = make_url(url)
    kind = target.get_backend_name()
    if kind not in _stores:
        know_tables()
        _stores[kind] = _with_points(Store(url))
    store = _stores[kind]
    store.close()
    store.url = target
    file = Path(str(target.database)) if store.sqlite else None
    _where[kind] = file or target.database
    store._turns = Turns(file)
    fault.begun = False
    fault.points.clear()
    return store


def _with_points(store: Store) -> Store:
    engine = store.engine

    def connect(_dialect: Any, _record: Any, given: list[Any], named: dict[str, Any]) -> None:
        if store.sqlite:
            given[0] = str(_where["sqlite"])
            named["factory"] = _Connection
        else:
            named["dbname"] = _where["postgresql"]

    event.listen(engine, "do_connect", connect)
    if store.sqlite:  # its connections tell of everything by themselves
        return store
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, sql, *_: fault.reach(sql))
    commit = engine.dialect.do_commit

    def do_commit(connection: Any) -> None:
        piped = not connection.driver_connection.pgconn.transaction_status
        if not piped:  # what went through the pipe is committed already
            fault.reach("COMMIT")
        commit(connection)
        fault.reach(COMMITTED)

    engine.dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]
    return store


def state_of(url: str) -> State:
    """A digest of every table's rows, by its name."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_state(Path(str(make_url(url).database)))
    names = [table.name for table in Base.metadata.sorted_tables]
    each = " UNION ALL ".join(_postgres_digest(name) for name in names)
    engine = create_engine(url)
    with engine.connect() as conn:
        found = {str(name): str(digest) for name, digest in conn.execute(text(each))}
    engine.dispose()
    return found


def _sqlite_state(file: Path) -> State:
    found = {}
    with closing(sqlite3.connect(file)) as conn:
        for table in Base.metadata.sorted_tables:
            columns = ", ".join(f'"{one.name}"' for one in table.columns if _compared(one))
            rows = conn.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY 1').fetchall()
            found[table.name] = sha256(repr(rows).encode()).hexdigest()[:12]
    return found


def _postgres_digest(name: str) -> str:
    table = Base.metadata.tables[name]
    row = ", ".join(f'"{one.name}"' for one in table.columns if _compared(one))
    return (
        f"SELECT '{name}', md5(coalesce(string_agg(row::text, '|' ORDER BY row::text), ''))"
        f" FROM (SELECT {row} FROM {name}) row"
    )


def _compared(column: Any) -> bool:
    """Ids of operations are left out: Postgres uses one up for each that was applied before."""
    operation = column.table.name == "operations" and column.name in ("id", "key")
    return not operation and column.name != "operation_id"


def settle(url: str) -> None:
    """Let Postgres count ids on from the last that is there: an undone one leaves a gap."""
    engine = create_engine(url)
    with engine.begin() as conn:
        for table in Base.metadata.sorted_tables:
            name = table.name
            if "id" in table.columns and table.columns["id"].autoincrement is True:
                conn.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{name}', 'id'),"
                        f" coalesce(max(id), 1), max(id) IS NOT NULL) FROM {name}"
                    )
                )
    engine.dispose()


@dataclass(frozen=True)
class Cut:
    """How a child ended: `killed`, or what it was answered, its points, and the state of the store
    when the operation began and after each COMMIT on the way."""

    killed: bool
    answer: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    states: list[State] = field(default_factory=list)


class Forker:
    """The light process, from the side of the tests."""

    def __init__(self) -> None:
        self._asked = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parent.parent,
        )

    def ask(self, stage: str, url: str, facts: dict[str, Any], at: int) -> None:
        """Run a stage's operation in a child that dies at point `at`; WARM runs it in the parent.

        Children run one after another while the asker does something else.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([stage, url, facts, at]) + "\n")
        self._process.stdin.flush()
        self._asked += 1

    def hear(self) -> Cut:
        """How the next of the children that were asked for ended."""
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said, "the forking process is gone"
        self._asked -= 1
        return Cut(**json.loads(said))

    def hear_out(self) -> None:
        """Take what a test that failed has left unheard, so that the next hears its own."""
        while self._asked:
            self.hear()

    def close(self) -> None:
        """Send it home."""
        self._process.communicate()


def _child(stage: str, url: str, facts: dict[str, Any], at: int, tell: int) -> None:
    from tests.crash_stages import STAGES

    fault.at = at
    states: list[State] = []
    if not at:
        fault.after_commit = lambda: states.append(state_of(url))
    store = station(url)
    answer = STAGES[stage].send(store, facts)
    store.close()
    said = {"killed": False, "answer": answer, "points": fault.points, "states": states}
    os.write(tell, json.dumps(said).encode())


def _fork(stage: str, url: str, facts: dict[str, Any], at: int) -> str:
    """Run one child; gives the JSON of its `Cut`."""
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(hear)
            _child(stage, url, facts, at, tell)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(tell)
    with open(hear, "rb") as said:
        words = said.read().decode()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return json.dumps({"killed": True})
    if status:
        return json.dumps({"killed": False, "answer": ["broke", f"{stage} at {at}: {status}"]})
    return words


def _warm(stage: str, url: str, facts: dict[str, Any]) -> str:
    """Run it here, so that the children have every statement made."""
    from tests.crash_stages import STAGES

    store = station(url)
    answer = STAGES[stage].send(store, facts)
    store.close()
    return json.dumps({"killed": False, "answer": answer})


def main() -> None:
    """Fork a child for each line of stdin."""
    clock.set_clock(lambda: NOW)
    news.BETWEEN_SECONDS = 0.0  # else how many points there are would hang on the machine's speed
    for line in sys.stdin:
        stage, url, facts, at = json.loads(line)
        said = _warm(stage, url, facts) if at == WARM else _fork(stage, url, facts, at)
        sys.stdout.write(said + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    # The module that the stages import is this very one.
    sys.modules["tests.faults"] = sys.modules["__main__"]
    main()
