"""A scanner on a serial port: read on a thread of its own, looked for again when it is gone."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QThread

from wms_app.base.texts import _
from wms_app.outside.devices.scales.wire import SerialWire, Wire
from wms_app.outside.devices.scanners.splitting import Splitter

LOOK_AGAIN_S = 0.5
_READ_S = 0.05


@dataclass(frozen=True)
class ScannerState:
    """Whether it can be reached, what it said last, when (seconds of the monotonic clock)."""

    reached: bool
    last: str = ""
    last_at: float = 0.0
    trouble: str = ""


class LiveScanner:
    """Gives each code to `heard`, in order, on the scanner's own thread."""

    def __init__(
        self,
        port: str,
        baud: int,
        heard: Callable[[str], None],
        open_wire: Callable[[str, int], Wire] = SerialWire,
    ) -> None:
        self.port = port
        self._baud = baud
        self._heard = heard
        self._open = open_wire
        self._lock = threading.Lock()
        self._state = ScannerState(False)
        self._began = time.monotonic()
        self._stopped = threading.Event()
        self._thread = _Thread(self._run)

    def start(self) -> None:
        """Begin to listen; the port may come later."""
        self._thread.start()
        atexit.register(self.close)  # Qt ends a process that lets a running thread go

    def close(self) -> None:
        """Stop listening and let the port go."""
        self._stopped.set()
        self._thread.wait(2000)
        atexit.unregister(self.close)

    @property
    def state(self) -> ScannerState:
        """How it is now."""
        with self._lock:
            return self._state

    @property
    def words(self) -> str:
        """What is wrong and how to go on without it; empty when nothing is."""
        state = self.state
        if state.reached or not state.trouble:
            return ""
        return _(
            "The scanner at {port} can't be reached: {error}. Plug it in; until then type the "
            "codes, or use another scanner."
        ).format(port=self.port, error=state.trouble)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                wire = self._open(self.port, self._baud)
                try:
                    self._note(reached=True)
                    self._listen(wire)
                finally:
                    wire.close()
            except OSError as error:
                self._note(reached=False, trouble=error.strerror or str(error))
                self._stopped.wait(LOOK_AGAIN_S)

    def _listen(self, wire: Wire) -> None:
        splitter, last = Splitter(), 0.0
        while not self._stopped.is_set():
            data = wire.read(_READ_S)
            now = time.monotonic()
            if data:
                last = now
                codes = splitter.feed(data)
            else:
                codes = splitter.quiet(now - last)
            for code in codes:
                self._note(reached=True, last=code)
                self._heard(code)

    def _note(self, *, reached: bool, last: str = "", trouble: str = "") -> None:
        with self._lock:
            before = self._state
            said = (last, time.monotonic()) if last else (before.last, before.last_at)
            self._state = ScannerState(reached, *said, trouble)


class _Thread(QThread):
    """Qt's, since the serial port lives on it."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """Until the scanner is closed."""
        self._work()
