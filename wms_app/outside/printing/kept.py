"""What was sent to printers, kept at the station for a while, so that it can be printed again.

Nothing of it is in the store: labels carry addresses, and are many.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

from wms_app.base.codes import new_id
from wms_app.base.places import user_data
from wms_app.outside.devices.printer import Kind

MOST_FILES = 300
LEAST_S = 2 * 24 * 3600  # so long everything is kept: some of it may still wait to be printed
EVERY = 20  # so many are kept between two looks for old ones
_kept = count()


def place_for(kind: Kind) -> str:
    """The file in which a paper is going to be kept."""
    return str(user_data() / "printed" / f"{time.time_ns():020d}-{new_id()[-8:]}.{kind}")


def keep(place: str, content: bytes) -> None:
    """Keep a paper in its place, if it has one; where nothing can be written printing goes on."""
    if not place:
        return
    file = Path(place)
    with suppress(OSError):
        try:
            file.write_bytes(content)
        except FileNotFoundError:  # the first
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        if next(_kept) % EVERY == 0:
            _thin_out(file.parent)


def _thin_out(folder: Path) -> None:
    """The oldest go; their names begin with when they were kept."""
    young = f"{time.time_ns() - LEAST_S * 1_000_000_000:020d}"
    for old in sorted(os.listdir(folder))[:-MOST_FILES]:
        if old < young:
            (folder / old).unlink(missing_ok=True)


def kept_content(file: str) -> bytes | None:
    """What a file holds; None when it is not here any more."""
    try:
        return Path(file).read_bytes() if file else None
    except OSError:
        return None


def kind_of(content: bytes) -> Kind:
    """PDF says so; all else that is kept is ZPL."""
    return "pdf" if content.startswith(b"%PDF") else "zpl"
