"""A scanner played at the other end of a pseudo-terminal: it sends codes, and is pulled out."""

from __future__ import annotations

import os
import pty
import time
import tty
from pathlib import Path
from random import Random


class ScannerPeer:
    """One scanner on one port, a link in `folder` that stays where it is plugged in again."""

    def __init__(self, folder: Path, name: str = "ttyScanner") -> None:
        self.port = folder / name
        self._chance = Random(name)
        self._plugged = False
        self.plug()

    def plug(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port.unlink(missing_ok=True)
        self.port.symlink_to(os.ttyname(self._slave))
        self._plugged = True

    def unplug(self) -> None:
        if not self._plugged:
            return
        self._plugged = False
        os.close(self._master)
        os.close(self._slave)
        self.port.unlink()

    def send(self, data: bytes) -> None:
        """The bytes, cut wherever a line may cut them."""
        while data:
            cut = self._chance.randint(1, len(data))
            os.write(self._master, data[:cut])
            data = data[cut:]
            time.sleep(0.001)
