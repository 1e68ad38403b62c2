"""A queue of the system's print service (CUPS), through its own commands `lp` and `lpstat`."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import NoReturn

from wms_app.base.refusal import Down
from wms_app.base.texts import _
from wms_app.outside.devices.printer import Kind
from wms_app.outside.devices.printers.driver import Put, Sheet, away, unsure
from wms_app.outside.devices.printers.state import State

ASK_S = 3.0
SEND_S = 8.0
_JOB = re.compile(r"request id is (\S+)")
_MEDIA = {"A4": "A4", "Letter": "Letter"}


@dataclass(frozen=True)
class CupsPrinter:
    """`raw`: labels go to it as ZPL, past the filters of the queue; else everything is PDF."""

    queue: str
    raw: bool = False
    dpi: int = 203

    @property
    def speaks(self) -> Kind:
        """See `Driver`."""
        return "zpl" if self.raw else "pdf"

    @property
    def backs_up(self) -> bool:
        """See `Driver`: the queue keeps what it took, the print service sends it when it can."""
        return False

    def look(self) -> State:
        """See `Driver`; a queue that was stopped or takes nothing tells so."""
        said = _run(["lpstat", "-p", self.queue], ASK_S)
        takes = _run(["lpstat", "-a", self.queue], ASK_S)
        if said.returncode != 0 or takes.returncode != 0:
            why = (said.stderr or takes.stderr).strip().splitlines()
            raise away(self.queue, why[0] if why else _("no such queue"))
        stopped = "disabled" in said.stdout or "not accepting" in takes.stdout
        return State(("offline",) if stopped else ())

    def put(self, sheet: Sheet) -> Put:
        """See `Driver`. A paper is done when the queue has it."""
        state = self.look()
        if not state.prints:
            raise Down("printer", state.words)
        content, kind = sheet.content, sheet.kind
        if self.raw and kind == "pdf":
            from wms_app.outside.devices.printers.bitmap import pages, zpl_of

            content = b"".join(zpl_of(page) for page in pages(content, self.dpi))
        elif not self.raw and kind == "zpl":
            from wms_app.outside.devices.printers.tspl import needs_zpl

            raise needs_zpl(sheet.name)
        options = ["-o", "raw"] if self.raw else _options(sheet.size)
        command = ["lp", "-d", self.queue, "-t", sheet.name, *options, "-"]
        try:
            sent = _run(command, SEND_S, content)
        except subprocess.TimeoutExpired as error:
            raise unsure(sheet.name) from error
        if sent.returncode != 0:
            raise away(self.queue, sent.stderr.strip() or _("it took nothing"))
        job = _JOB.search(sent.stdout)
        return Put("done", job.group(1) if job else self.queue)


def queues() -> list[str]:
    """The queues of this machine. `Down`: the commands are not there."""
    said = _run(["lpstat", "-e"], ASK_S)
    return said.stdout.split() if said.returncode == 0 else []


def _options(size: str) -> list[str]:
    return ["-o", f"media={_MEDIA[size]}"] if size in _MEDIA else []


def _run(command: list[str], wait_s: float, data: bytes = b"") -> _Said:
    """What a command said; its words in English, whatever this machine speaks."""
    found = shutil.which(command[0])
    if found is None:
        _not_installed(command[0])
    try:
        done = subprocess.run(
            [found, *command[1:]],
            input=data,
            capture_output=True,
            timeout=wait_s,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        if command[0] == "lp":
            raise
        raise away(command[-1], _("no answer")) from None
    except OSError as error:
        raise away(command[-1], error) from error
    return _Said(done.returncode, done.stdout.decode("utf-8", "replace"), _plain(done.stderr))


@dataclass(frozen=True)
class _Said:
    returncode: int
    stdout: str
    stderr: str


def _plain(words: bytes) -> str:
    return words.decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "LC_ALL": "C"}


def _not_installed(command: str) -> NoReturn:
    raise Down(
        "printer",
        _(
            "The command “{command}” is not on this machine. Install the client of CUPS "
            "(on Debian and Ubuntu: cups-client), or choose another way in Setup."
        ).format(command=command),
    )
