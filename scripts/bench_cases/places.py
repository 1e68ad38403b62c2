"""Where the stores of a run are made: files in one folder, databases on one Postgres.

The Postgres is the one that tests use: the machine's by DOCK_TEST_POSTGRES, else an own one from
a package, here with every commit on the disk. Without either its cases are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.postgres import Missing, Server, server


class Places:
    """Makes stores of a kind ("sqlite", "postgres"), in pairs, and takes them away again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held = ExitStack()
        self._server: Server | None = None
        self._asked = False

    def has(self, kind: str) -> bool:
        """Whether stores of that kind can be made; says so, once, when there is no Postgres."""
        if kind == "sqlite":
            return True
        if not self._asked:
            self._asked = True
            try:
                self._server = self._held.enter_context(server(durable=True))
            except Missing as missing:
                print(f"cases on Postgres are left out: {missing}", file=sys.stderr)
        return self._server is not None

    @contextmanager
    def urls(self, kind: str, count: int = 2) -> Iterator[list[str]]:
        """The URLs of so many new, empty stores."""
        if kind == "sqlite":
            with TemporaryDirectory(dir=self.folder) as place:
                yield [f"sqlite:///{Path(place) / f'{n}.sqlite'}" for n in range(count)]
            return
        assert self._server is not None
        made = [self._server.database() for _n in range(count)]
        try:
            yield made
        finally:
            for url in made:
                self._server.drop(url)

    def close(self) -> None:
        """Stop what was started."""
        self._held.close()
