"""A label printer that is not there: ZPL over TCP, as a network printer takes it on port 9100.

To be used by tests and by the simulated bench (wms_app/outside/devices/simulated/printer.py):

    printer = SimulatedPrinter()        # or a port of your choice
    printer.port, printer.printed       # what came out, one program a label
    printer.paper_out = True            # head_open, paused, buffer_full, hangs likewise
    printer.cut_after = 3               # pulls its own plug with the third label, before it answers
    printer.unplug(); printer.plug()    # unplugged it forgets what it had not printed
    printer.close()

It answers `~HS` and `~HI` as the ZPL II Programming Guide says, and keeps what it can't print now.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable

_PIECE = re.compile(rb"~HS|~HI|\^XA.*?\^XZ", re.DOTALL)
_TURN_S = 0.02


class SimulatedPrinter:
    """`printed` holds what came out, `waiting` what was received and could not be printed yet.

    `on_label` is called, on the printer's own thread, with each label that comes out.
    """

    def __init__(
        self, port: int = 0, on_label: Callable[[bytes], None] | None = None, dots_mm: int = 8
    ) -> None:
        self.paper_out = self.head_open = self.paused = self.buffer_full = False
        self.runs_out_with_next = False  # the roll ends in the next label: that one waits for paper
        self.hangs = False  # takes the connection and everything sent, and says nothing
        self.cut_after: int | None = None
        self.cut_loses = False  # with `cut_after`: the last of them does not come out either
        self.printed: list[bytes] = []
        self.waiting: list[bytes] = []
        self.received = b""
        self._on_label = on_label
        self._dots_mm = dots_mm
        self._lock = threading.RLock()
        self._listener: socket.socket | None = None
        self._lines: list[socket.socket] = []
        self.port = port
        self.plug()

    @property
    def plugged(self) -> bool:
        """Whether anybody can reach it."""
        return self._listener is not None

    def plug(self) -> None:
        """Listen, on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen()
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def unplug(self) -> None:
        """Cut every line; what was not printed is lost, as in a printer without power."""
        with self._lock:
            listener, self._listener = self._listener, None
            lines, self._lines = self._lines, []
            self.waiting = []
        if listener is not None:
            _shut(listener)
        for line in lines:
            _shut(line)

    def close(self) -> None:
        """No more printer."""
        self.unplug()

    def come_out(self) -> None:
        """Print what waits, as the printer does by itself when it can again."""
        with self._lock:
            while self.waiting and not (self.paper_out or self.head_open or self.paused):
                label = self.waiting.pop(0)
                self.printed.append(label)
                if self._on_label is not None:
                    self._on_label(label)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _address = listener.accept()
            except OSError:
                return
            with self._lock:
                self._lines.append(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        held = b""
        try:
            line.settimeout(_TURN_S)
            while True:
                try:
                    data = line.recv(65536)
                except TimeoutError:
                    self.come_out()
                    continue
                if not data:
                    return
                self.received += data
                held = self._take(line, held + data)
        except OSError:
            return
        finally:
            _shut(line)

    def _take(self, line: socket.socket, held: bytes) -> bytes:
        while (found := _PIECE.search(held)) is not None:
            held = held[found.end() :]
            piece = found.group()
            while self.hangs:
                time.sleep(_TURN_S)
                if not self.plugged:
                    raise OSError
            if piece == b"~HS":
                self.come_out()
                line.sendall(self.status())
            elif piece == b"~HI":
                line.sendall(b"\x02SIMULATED,V1.0,%d,8176KB,\x03\r\n" % self._dots_mm)
            elif b"^FD" in piece or b"^GF" in piece or b"^GB" in piece or b"^XG" in piece:
                self._label(piece)
        return held

    def _label(self, piece: bytes) -> None:
        with self._lock:
            self.waiting.append(piece)
            if self.runs_out_with_next:
                self.runs_out_with_next, self.paper_out = False, True
            if self.cut_after is not None:
                self.cut_after -= 1
            dies = self.cut_after == 0
            if not (dies and self.cut_loses):
                self.come_out()
            if dies:
                self.cut_after = None
                self.unplug()
                raise OSError

    def status(self) -> bytes:
        """Its three lines of `~HS`."""
        flag = {False: 0, True: 1}
        first = (
            f"030,{flag[self.paper_out]},{flag[self.paused]},1245,{len(self.waiting):03d},"
            f"{flag[self.buffer_full]},0,0,000,0,0,0"
        )
        second = f"000,0,{flag[self.head_open]},0,0,2,4,0,{0:08d},1,000"
        return "".join(f"\x02{text}\x03\r\n" for text in (first, second, "1234,0")).encode()


def _shut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
