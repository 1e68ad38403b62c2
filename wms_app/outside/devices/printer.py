"""Printers: where papers go. Here a folder that keeps each of them as a file."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal, Protocol

from wms_app.base.codes import new_id
from wms_app.base.refusal import Down
from wms_app.base.texts import _

Kind = Literal["pdf", "zpl"]


class Printer(Protocol):
    """Anything that papers can be sent to."""

    def send(self, paper: str, name: str, content: bytes, kind: Kind) -> str:
        """Print `content` on `paper` ("label", "A4", "Letter") under `name`; gives where it went.

        `Down` when the printer is away: nothing was printed.
        """


class LabelPrinter(Printer, Protocol):
    """A printer that labels go to; `speaks` says in which language it wants them."""

    @property
    def speaks(self) -> Kind:
        """`zpl` for label printers that understand it, `pdf` for all others."""


class FolderPrinter:
    """Keeps each paper as a file in `folder`: whole or not at all, and never over another."""

    def __init__(self, folder: Path, speaks: Kind = "pdf") -> None:
        self.folder = folder
        self._speaks: Kind = speaks

    @property
    def speaks(self) -> Kind:
        """How labels are kept."""
        return self._speaks

    def send(self, paper: str, name: str, content: bytes, kind: Kind) -> str:  # noqa: ARG002
        """Write the paper; gives the path of its file."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            fresh = self.folder / f".{new_id()}.part"
            try:
                fresh.write_bytes(content)
                return str(self._settle(fresh, _file_name(name), kind))
            finally:
                fresh.unlink(missing_ok=True)
        except OSError as error:
            raise Down(
                "printer",
                _("{name} could not be written to {folder}: {error}").format(
                    name=name, folder=self.folder, error=error.strerror or error
                ),
            ) from error

    def _settle(self, fresh: Path, name: str, kind: Kind) -> Path:
        """Give the finished file its name; a name that is taken gets a number behind it."""
        copy = 1
        while True:
            target = self.folder / (f"{name}.{kind}" if copy == 1 else f"{name}-{copy}.{kind}")
            try:
                return _name(fresh, target)
            except FileExistsError:
                copy += 1


def _name(fresh: Path, target: Path) -> Path:
    """Give a file a name that no other has (FileExistsError when one has it)."""
    try:
        os.link(fresh, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: claim the name, then fill it whole
        os.close(os.open(target, os.O_CREAT | os.O_EXCL))
        fresh.replace(target)
    return target


def _file_name(name: str) -> str:
    """`name` without what some file system takes ill; letters of every script stay."""
    clean = re.sub(r'[\x00-\x1f<>:"/\\|?*#%]+', "-", name).strip(" .-")
    return clean[:120] or "paper"
