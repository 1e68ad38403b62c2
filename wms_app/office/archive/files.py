"""Ledger lines in Parquet: written in the order in which they are looked for, read back, compared.

A file holds one ledger's lines of one month, sorted by what they are about, so that the story of
one thing reads a small part of it. pyarrow is an extra of the package (`dock-wms[archive]`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from wms_app.base.refusal import Refused
from wms_app.base.texts import _

CHUNK = 50_000  # lines of one group of a file
Line = dict[str, Any]

_KINDS = {
    "journal": (
        ("id", "warehouse_id", "operation_id", "noun_id"),
        ("verb", "noun", "before", "after", "detail"),
    ),
    "movements": (
        ("id", "warehouse_id", "stock_id", "quantity", "operation_id", "line_id"),
        ("reason",),
    ),
}
SORTED_BY = {"journal": ("noun", "noun_id", "id"), "movements": ("stock_id", "id")}


def write_file(file: Path, ledger: str, chunks: Iterable[Sequence[Line]]) -> int:
    """Write lines to `file`, which takes its name when it lies whole on the disk; gives how many.

    `at` is a moment in UTC to the microsecond, `detail` JSON text.
    """
    pa, parquet = _arrow()
    fresh = file.with_name(file.name + ".part")
    file.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with parquet.ParquetWriter(fresh, _schema(pa, ledger), compression="zstd") as writer:
        for lines in chunks:
            writer.write_table(_table(pa, ledger, lines))
            count += len(lines)
    with fresh.open("rb+") as written:
        os.fsync(written.fileno())
    fresh.replace(file)
    return count


def differs(file: Path, ledger: str, chunks: Iterable[Sequence[Line]]) -> str:
    """Compare a file with the same lines read again; gives what differs, or ""."""
    pa, parquet = _arrow()
    with parquet.ParquetFile(file) as read:
        groups = 0
        for number, lines in enumerate(chunks):
            groups = number + 1
            if number >= read.num_row_groups:
                return f"{file.name}: {groups} > {read.num_row_groups}"
            if not read.read_row_group(number).equals(_table(pa, ledger, lines)):
                return f"{file.name}: {number * CHUNK + 1}-{number * CHUNK + len(lines)}"
        return "" if groups == read.num_row_groups else f"{file.name}: {groups}"


def lines_of(file: Path, noun: str, numbers: Sequence[int]) -> Iterator[Line]:
    """The journal lines of some things out of one file. OSError: it is not there.

    Refused: the package that reads it is not installed.
    """
    _pa, parquet = _arrow()
    wanted = [("noun", "=", noun), ("noun_id", "in", list(numbers))]
    for line in parquet.read_table(file, filters=wanted).to_pylist():
        yield line | {"detail": json.loads(line["detail"]) if line["detail"] else None}


def digest(file: Path) -> str:
    """The file's SHA-256."""
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as missing:
        raise Refused(
            "no_pyarrow",
            _("Archives need the package pyarrow, which is not installed."),
            _("Install Dock with its extra “archive”."),
        ) from missing
    return pyarrow, pyarrow.parquet


def _schema(pa: Any, ledger: str) -> Any:
    numbers, texts = _KINDS[ledger]
    return pa.schema(
        [
            ("at", pa.timestamp("us", tz="UTC")),
            *((name, pa.int64()) for name in numbers),
            *((name, pa.string()) for name in texts),
        ]
    )


def _table(pa: Any, ledger: str, lines: Sequence[Line]) -> Any:
    plain = [
        line | {"detail": json.dumps(line["detail"]) if line["detail"] else None}
        if ledger == "journal"
        else line
        for line in lines
    ]
    return pa.Table.from_pylist(plain, schema=_schema(pa, ledger))
