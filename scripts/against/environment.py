"""An environment of Python with Tryton in it, made once and kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from platformdirs import user_cache_path

# The current series; the versions of one series fit each other.
PACKAGES = (
    "trytond==8.2.1",
    "trytond-company==8.2.0",
    "trytond-country==8.2.0",
    "trytond-currency==8.2.0",
    "trytond-party==8.2.0",
    "trytond-product==8.2.0",
    "trytond-stock==8.2.1",
    "psycopg[binary,pool]==3.3.9",
)
PATIENCE_S = 600


class Missing(Exception):
    """Something that the comparison needs cannot be had here."""


def environment() -> Path:
    """The folder of the environment's programs. Missing: no uv, or the packages are out of reach.

    Its folder is named after the packages, so that other versions get another one.
    """
    marks = " ".join((*PACKAGES, sys.version.split()[0]))
    name = hashlib.sha256(marks.encode()).hexdigest()[:12]
    folder = user_cache_path("dock-wms") / "against" / f"tryton-{name}"
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    whole = folder / "whole"
    if whole.exists():
        return programs
    uv = shutil.which("uv")
    if uv is None:
        raise Missing("uv is not installed, and makes the environment for Tryton")
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    print(f"making {folder} (once) ...", file=sys.stderr)
    _run([uv, "venv", "--python", sys.executable, str(folder)], "an environment of Python")
    python = str(programs / "python")
    _run([uv, "pip", "install", "--python", python, *PACKAGES], "the packages of Tryton")
    whole.touch()
    return programs


def _run(words: list[str], what: str) -> None:
    try:
        subprocess.run(
            words, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL,
            timeout=PATIENCE_S,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise Missing(f"{what} cannot be had: {str(error.stderr).strip()[-400:]}") from error
    except subprocess.TimeoutExpired as error:
        raise Missing(f"{what} cannot be had: no answer in {PATIENCE_S} s") from error
