"""Where the files of the house lie: shipped resources, label designs, the user's own data."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def resources() -> Path:
    """The folder of icons, fonts, translations, help and the sample warehouse."""
    shipped = _PACKAGE / "_resources"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "resources"


@cache
def labels() -> Path:
    """The folder of label and document designs."""
    shipped = _PACKAGE / "_labels"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "labels"


def user_data() -> Path:
    """The folder of this user's store, papers and logs (`DOCK_DATA` moves it); made if missing."""
    chosen = os.environ.get("DOCK_DATA")
    folder = Path(chosen) if chosen else _of_the_system()
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def _of_the_system() -> Path:
    from platformdirs import user_data_path

    return user_data_path("dock-wms", appauthor=False)
