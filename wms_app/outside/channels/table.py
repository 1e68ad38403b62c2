"""A file of rows, whatever it came as: CSV, TSV, their .gz, XLSX; every cell a text."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from wms_app.base.refusal import Refused
from wms_app.base.texts import _

DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 1_000_000
_GZIP = b"\x1f\x8b"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class Table:
    """A file with a header. `digest` is of the file's bytes; `lines` is about how many rows.

    Rows are numbered as a spreadsheet numbers them: the first line of the file is 1.
    """

    path: Path
    digest: str
    lines: int
    header: tuple[str, ...]
    header_row: int
    delimiter: str

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    def rows(self) -> Iterator[Row]:
        """Every row after the header that is not empty, with its number; read as a stream.

        Refused: text that is not UTF-8, a quote that is not closed, a broken archive.
        """
        for number, cells in _numbered(self.path, self.delimiter):
            if number > self.header_row and any(cells):
                yield number, cells


def open_table(path: Path) -> Table:
    """Look at a file: digest, size, header. Refused: no such file, no header, unreadable."""
    if not path.is_file():
        raise Refused(
            "no_file", _("There is no file {file}.").format(file=path), _("Check the name.")
        )
    digest, lines = _measure(path)
    delimiter = "" if _is_workbook(path) else _delimiter(path)
    for number, cells in _numbered(path, delimiter):
        if any(cell.strip() for cell in cells) and not _says_delimiter(cells):
            header = tuple(cell.strip() for cell in cells)
            return Table(path, digest, lines, header, number, delimiter)
    raise Refused(
        "empty_file",
        _("{file} is empty.").format(file=path.name),
        _("The first row must name the columns."),
    )


def _measure(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(1 << 20):
            digest.update(block)
    if _is_workbook(path):
        return digest.hexdigest(), 0
    lines = 0
    with _bytes(path) as source:
        while block := source.read(1 << 20):
            lines += block.count(b"\n")
    return digest.hexdigest(), lines


def _head(path: Path) -> bytes:
    with path.open("rb") as source:
        return source.read(4)


def _is_workbook(path: Path) -> bool:
    return _head(path).startswith(_WORKBOOKS)


@contextmanager
def _bytes(path: Path) -> Iterator[IO[bytes]]:
    try:
        if _head(path).startswith(_GZIP):
            with gzip.open(path, "rb") as unpacked:
                yield unpacked  # type: ignore[misc]
        else:
            with path.open("rb") as plain:
                yield plain
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused(
            "broken_archive",
            _("{file} is not a whole .gz file: {error}").format(file=path.name, error=error),
            _("Fetch the file again."),
        ) from error
    except OSError as error:
        raise Refused(
            "unreadable",
            _("{file} can't be read: {error}").format(file=path.name, error=error.strerror),
            _("Check its rights, or close the program that holds it."),
        ) from error


def _text(path: Path, source: IO[bytes]) -> io.TextIOWrapper:
    with _bytes(path) as start:
        encoding = "utf-16" if start.read(2) in _UTF16 else "utf-8-sig"
    return io.TextIOWrapper(source, encoding=encoding, newline="")


def _delimiter(path: Path) -> str:
    """The delimiter that stands most often in the header, outside quotes; `sep=` is obeyed."""
    with _bytes(path) as source:
        try:
            for line in _text(path, source):
                words = line.strip()
                if words.lower().startswith("sep=") and len(words) == 5:
                    return words[4]
                if words.strip(",;\t "):
                    bare = "".join(words.split('"')[::2])
                    return max(DELIMITERS, key=bare.count)
        except UnicodeDecodeError as error:
            raise _not_utf8(path, 1) from error
    return ","


def _says_delimiter(cells: Sequence[str]) -> bool:
    return cells[0].strip().lower().startswith("sep=") and len("".join(cells).strip()) <= 5


def _numbered(path: Path, delimiter: str) -> Iterator[Row]:
    if not delimiter:
        yield from enumerate(_workbook_rows(path), 1)
        return
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    with _bytes(path) as source:
        reader = csv.reader(_text(path, source), delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                yield number, cells
        except UnicodeDecodeError as error:
            raise _not_utf8(path, number + 1) from error
        except csv.Error as error:
            raise Refused(
                "broken_row",
                _("{file}, row {row}: the row can't be read ({error}).").format(
                    file=path.name, row=number + 1, error=error
                ),
                _("Look for a quote mark that is not closed. Nothing was taken in."),
            ) from error


def _not_utf8(path: Path, row: int) -> Refused:
    return Refused(
        "not_utf8",
        _("{file}, about row {row}: the text is not UTF-8.").format(file=path.name, row=row),
        _("Save it as “CSV UTF-8” or as XLSX. Nothing was taken in."),
    )


def _workbook_rows(path: Path) -> Iterator[list[str]]:
    """The rows of the first sheet that has any."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with path.open("rb") as source:
            book = CalamineWorkbook.from_filelike(source)
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                if rows:
                    for cells in rows:
                        yield [_cell(cell) for cell in cells]
                    return
    except (CalamineError, OSError, ValueError) as error:
        raise Refused(
            "broken_workbook",
            _("{file} is not a spreadsheet that can be read: {error}").format(
                file=path.name, error=error
            ),
            _("Save it anew as XLSX or as CSV UTF-8."),
        ) from error


def _cell(value: Any) -> str:
    """A spreadsheet's cell as text: whole numbers without a point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
