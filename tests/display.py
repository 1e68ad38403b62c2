"""A screen that nobody sees, for one process of the tests."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess

SIZE = "1280x800x24"


def own_display() -> str:
    """The name of a display of this process' own; "" where there is nothing that makes one."""
    if shutil.which("Xvfb") is None:
        return ""
    hears, tells = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(tells), "-screen", "0", SIZE, "-nolisten", "tcp"],
        pass_fds=(tells,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(tells)
    atexit.register(_end, screen)
    with os.fdopen(hears) as said:  # its number, when it is ready; nothing when it could not start
        number = said.readline().strip()
    return f":{number}" if number else ""


def _end(screen: subprocess.Popen[bytes]) -> None:
    screen.terminate()
    screen.wait()
