"""A scale at the bench: its wire read on a thread of its own, its last word kept."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QThread

from wms_app.base.refusal import Down
from wms_app.base.texts import _
from wms_app.outside.devices.scale import Reading
from wms_app.outside.devices.scales.pan import Pan
from wms_app.outside.devices.scales.protocols import (
    FOUND_BY_ASKING,
    FOUND_BY_LISTENING,
    Language,
)
from wms_app.outside.devices.scales.said import Parser, with_even_parity
from wms_app.outside.devices.scales.wire import Wire

BAUDS = (9600, 2400, 4800, 19200)
OpenWire = Callable[[int], Wire]


@dataclass(frozen=True)
class Pace:
    """Seconds. `stale`: without a frame for so long nothing is known of the pan any more."""

    listen: float = 1.5
    answer: float = 0.35
    ask_again: float = 0.1
    stale: float = 1.0
    reopen: float = 3.0
    look_again: float = 0.5
    patience: float = 8.0


@dataclass(frozen=True)
class Wanted:
    """What the setting says: where, and as much of the rest as it tells (None, "", 0: find out)."""

    port: str
    language: Language | None = None
    unit: str = ""
    baud: int = 0


class LiveScale:
    """Reads the scale from the first `read()` on; looks for it again whenever it is gone.

    Without a language it listens, then asks in each language in turn; nothing found, the next
    speed is tried. `read` and `accept` may be called from any thread and never wait for the wire.
    """

    def __init__(self, wanted: Wanted, open_wire: OpenWire, pace: Pace | None = None) -> None:
        self._wanted = wanted
        self._open = open_wire
        self._pace = pace or Pace()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: _Thread | None = None
        self._pan = Pan()
        self._language = wanted.language
        self._heard: float | None = None
        self._began = 0.0
        self._trouble = ""  # "gone", "no_unit"
        self._why = ""  # what the system says of a port that can't be reached
        self._tries = 0
        self._even = False  # whether questions are sent with even parity

    @property
    def language(self) -> str:
        """What the scale speaks, for the devices page; empty while that isn't known."""
        return self._language.title if self._language else ""

    def read(self) -> Reading | None:
        """What it shows now; None in the first seconds. `Down`: gone, silent, no unit."""
        with self._lock:
            now = time.monotonic()
            if self._thread is None:
                self._start(now)
            if self._trouble:
                raise Down("scale", self._words())
            if self._heard is not None and now - self._heard <= self._pace.stale:
                return self._pan.reading()
            if self._heard is None and now - self._began < self._pace.patience:
                return None
            raise Down("scale", _("The scale says nothing. Switch it on, or type the weight (F7)."))

    def accept(self) -> None:
        """The parcel on the pan was weighed; the pan must be emptied before the next."""
        with self._lock:
            self._pan.accept()

    def close(self) -> None:
        """Stop listening and let the port go."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.wait(2000)
            atexit.unregister(self.close)

    def _start(self, now: float) -> None:
        self._began = now
        self._thread = _Thread(self._run)
        self._thread.start()
        atexit.register(self.close)  # Qt ends a process that lets a running thread go

    def _words(self) -> str:
        if self._trouble == "no_unit":
            return _(
                "The scale ({language}) does not say whether it weighs in kg or lb: "
                "write the unit behind its port in the settings. Until then type the weight (F7)."
            ).format(language=self.language)
        return _(
            "The scale at {port} can't be reached: {error}. Plug it in, or type the weight (F7)."
        ).format(port=self._wanted.port, error=self._why)

    # On the thread of the scale

    def _run(self) -> None:
        while not self._stopped.is_set():
            baud = self._wanted.baud or BAUDS[self._tries % len(BAUDS)]
            try:
                wire = self._open(baud)
                try:
                    self._serve(wire)
                finally:
                    wire.close()
            except OSError as error:
                self._lose("gone", error.strerror or str(error))
                self._stopped.wait(self._pace.look_again)

    def _serve(self, wire: Wire) -> None:
        """Listen until nothing has come for a while; then the port is opened anew."""
        if self._trouble == "gone":
            self._lose("")
        language = self._language or self._find(wire)
        if language is None:
            self._tries += 1
            return
        self._language = language
        self._lose("no_unit" if language.needs_unit and not self._wanted.unit else "")
        parser = language.make(self._wanted.unit or "kg")
        asked, last = 0.0, time.monotonic()
        while not self._stopped.is_set() and time.monotonic() - last < self._pace.reopen:
            now = time.monotonic()
            if language.ask and now - asked >= self._pace.ask_again:
                self._ask(wire, language, answered=last >= asked)
                asked = now
            if self._hear(parser, wire.read(0.05)):
                last = time.monotonic()
        if self._wanted.language is None:
            self._language = None
        self._tries += not self._stopped.is_set()

    def _ask(self, wire: Wire, language: Language, *, answered: bool) -> None:
        """Ask; a question that got no answer is sent with the other parity the next time."""
        if language.seven and not answered:
            self._even = not self._even
        wire.write(with_even_parity(language.ask) if self._even else language.ask)

    def _hear(self, parser: Parser, data: bytes) -> bool:
        frames = parser.feed(data) if data else []
        if not frames or self._trouble == "no_unit":
            return bool(frames)
        with self._lock:
            now = time.monotonic()
            if self._heard is not None and now - self._heard > self._pace.stale:
                self._pan.interrupted()
            for frame in frames:
                self._pan.hear(frame, now)
            self._heard = now
        return True

    def _lose(self, trouble: str, why: str = "") -> None:
        with self._lock:
            self._trouble, self._why = trouble, why
            if trouble:
                self._heard, self._began = None, float("-inf")
            self._pan.interrupted()

    def _find(self, wire: Wire) -> Language | None:
        """Listen, then ask in each language; the first that is understood, the strictest first."""
        unit = self._wanted.unit or "kg"
        parsers = [(language, language.make(unit)) for language in FOUND_BY_LISTENING]
        frames = dict.fromkeys(FOUND_BY_LISTENING, 0)
        end = time.monotonic() + self._pace.listen
        while time.monotonic() < end and not self._stopped.is_set():
            data = wire.read(0.05)
            for language, parser in parsers:
                frames[language] += len(parser.feed(data)) if data else 0
        heard = next((language for language, count in frames.items() if count), None)
        return heard or self._ask_around(wire, unit)

    def _ask_around(self, wire: Wire, unit: str) -> Language | None:
        for language in FOUND_BY_ASKING:
            for even in (False, True) if language.seven else (False,):
                parser = language.make(unit)
                wire.write(with_even_parity(language.ask) if even else language.ask)
                end = time.monotonic() + self._pace.answer
                while time.monotonic() < end and not self._stopped.is_set():
                    if parser.feed(wire.read(0.05)):
                        self._even = even
                        return language
        return None


class _Thread(QThread):
    """Qt's, since the serial port lives on it."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """Until the scale is closed."""
        self._work()
