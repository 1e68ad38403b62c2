"""What every station says it did, in an append-only file of its own that outlives a kill -9.

Lines are JSON objects. `do`: an operation about to be sent; `ack`: one that the store answered;
`end`: an operation with all its parts is over; `refused`, `down`, `retry`, `again`: counted;
`broke`: a traceback, which is always a finding.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Line = dict[str, Any]


def essence(answer: Any) -> str:
    """A short digest of an answer as the store keeps it."""
    plain = json.dumps(answer, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


class Diary:
    """One station's file. What `say` was told is with the system before it returns."""

    def __init__(self, folder: Path, station: int) -> None:
        self.file = folder / f"station-{station:02d}.jsonl"
        self._mended = threading.Lock()
        self._number = os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        size = os.fstat(self._number).st_size
        if size and os.pread(self._number, 1, size - 1) != b"\n":
            os.write(self._number, b"\n")  # a kill in the middle of a line: it ends here

    def say(self, kind: str, **facts: Any) -> None:
        """Write one line."""
        line = json.dumps({"kind": kind, **facts}, ensure_ascii=True) + "\n"
        with self._mended:
            os.write(self._number, line.encode())

    def unended(self) -> list[Line]:
        """The operations that were sent before a kill and whose end was not heard."""
        sent: dict[str, Line] = {}
        for line in lines_of(self.file):
            if line["kind"] == "do":
                sent[line["id"]] = line
            elif line["kind"] == "end":
                sent.pop(line["id"], None)
        return list(sent.values())


def lines_of(file: Path) -> Iterator[Line]:
    """The whole lines of one station's file, oldest first."""
    with file.open("rb") as rows:
        for row in rows:
            if row.endswith(b"}\n"):
                try:
                    yield json.loads(row)
                except ValueError:
                    continue  # cut by a kill


class Diaries:
    """All stations' files, read on from where they were read before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}
        self.lines: list[Line] = []

    def read_on(self) -> list[Line]:
        """Read what was written since; gives the new lines only."""
        fresh: list[Line] = []
        for file in sorted(self._folder.glob("station-*.jsonl")):
            with file.open("rb") as rows:
                rows.seek(self._read.get(file, 0))
                whole, _newline, _rest = rows.read().rpartition(b"\n")
                self._read[file] = self._read.get(file, 0) + len(whole) + bool(_newline)
            for row in whole.split(b"\n"):
                if row.endswith(b"}"):
                    try:
                        fresh.append({"of": file.stem, **json.loads(row)})
                    except ValueError:
                        continue
        self.lines += fresh
        return fresh
