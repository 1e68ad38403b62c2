"""How the sample's tables are written: CSV in UTF-8, one line ending, the same bytes each time."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = dict[str, str]


def columns(text: str) -> list[str]:
    """The names in a line of a CSV file."""
    return text.split(",")


def write(path: Path, names: Sequence[str], rows: Iterable[Row]) -> None:
    """Write `rows`, each with exactly `names`; a missing or unknown column is a ValueError."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, fieldnames=list(names), lineterminator="\n")
        out.writeheader()
        for row in rows:
            if set(row) != set(names):
                raise ValueError(f"{path.name}: {set(row) ^ set(names)}")
            out.writerow(row)


def check_digit(body: str) -> str:
    """The mod-10 check digit of a GTIN body of any length (GS1 General Specifications, 7.9)."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return str(-total % 10)


def money(minor: int) -> str:
    """Minor units as decimal text: 1290 is "12.90"."""
    return f"{minor // 100}.{minor % 100:02d}"
