"""A camera at the bench: pictures and codes on a thread of its own, its last picture kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from wms_app.base.refusal import Down
from wms_app.base.texts import _
from wms_app.outside.devices.camera.decoding import Ballot, Found, look
from wms_app.outside.devices.camera.frames import Source
from wms_app.outside.devices.camera.passes import PASSES
from wms_app.outside.devices.camera.vision import Picture, cv, grey

EVERY_FRAME = PASSES[:2]
IN_TURN = PASSES[2:]  # of the slower looks one a picture
BUDGET_SECONDS = 0.15  # a picture on which the quick looks took so long gets no slow one
Heard = Callable[[str], None]
OpenSource = Callable[[], Source]


@dataclass(frozen=True)
class Pace:
    """Seconds. `gone`: a code that was away for so long counts anew when it comes back."""

    between: float = 0.1
    gone: float = 1.0
    reopen: float = 1.0
    stale: float = 2.0
    patience: float = 10.0


@dataclass
class _Code:
    """A code before the camera: seen in how many pictures, when last, and what came of it."""

    pictures: int = 0
    last: float = 0.0
    offered: bool = False
    ignored: bool = False


class LiveCamera:
    """Takes pictures from the first `start` on; looks for its source again whenever it is gone.

    `hear` is told each code once: again only when it was out of the picture for a second. A code
    that was of no use (`ignore`) is told again after `offer_again`. All methods may be called
    from any thread and never wait for the camera.
    """

    def __init__(self, name: str, open_source: OpenSource, pace: Pace | None = None) -> None:
        self.name = name
        self._open = open_source
        self._pace = pace or Pace()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._hear: Heard | None = None
        self._picture: Picture | None = None
        self._taken = self._began = 0.0
        self._why = ""
        self._codes: dict[str, _Code] = {}
        self._turn = 0

    def start(self, hear: Heard | None = None) -> None:
        """Begin, if it has not begun; `hear` is told the codes, on the camera's thread."""
        with self._lock:
            self._hear = hear
            if self._thread is None and not self._stopped.is_set():
                self._began = time.monotonic()
                self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Take no more pictures and let the device go."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(2.0)

    def picture(self) -> Picture | None:
        """What lies before the camera; None before it begins and in the first seconds. `Down`: it
        is away."""
        with self._lock:
            if self._thread is None:
                return None
            now = time.monotonic()
            if self._why:
                raise Down("camera", self._words())
            if self._picture is not None and now - self._taken <= self._pace.stale:
                return self._picture
            if self._picture is None and now - self._began < self._pace.patience:
                return None
            raise Down("camera", _("The camera gives no picture. Go on with the scanner."))

    def ignore(self, raw: str) -> None:
        """The code that was told is none that is wanted now."""
        with self._lock:
            if raw in self._codes:
                self._codes[raw].ignored = True

    def offer_again(self) -> None:
        """Something changed: codes that were ignored and still lie there are told once more."""
        with self._lock:
            for code in self._codes.values():
                if code.ignored:
                    code.offered = code.ignored = False

    def in_sight(self) -> list[str]:
        """The codes that lie before the camera, or left it less than a second ago."""
        now = time.monotonic()
        with self._lock:
            return [raw for raw, code in self._codes.items() if not self._left(code, now)]

    def _words(self) -> str:
        return _(
            "The camera {name} can't be reached: {error}. Go on with the scanner; it comes back "
            "by itself when it is plugged in."
        ).format(name=self.name, error=self._why)

    # On the thread of the camera

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                source = self._open()
                try:
                    self._serve(source)
                finally:
                    source.close()
            except OSError as error:
                self._lose(error.strerror or str(error))
            except Exception as error:  # a driver's own kind of trouble must not end the thread
                self._lose(f"{type(error).__name__}: {error}")
            self._stopped.wait(self._pace.reopen)

    def _serve(self, source: Source) -> None:
        while not self._stopped.is_set():
            started = time.monotonic()
            picture = source.read()
            if picture is not None:
                with self._lock:
                    self._picture, self._taken, self._why = picture, time.monotonic(), ""
                    hear = self._hear
                if hear is not None:
                    self._listen(picture, hear)
            rest = self._pace.between - (time.monotonic() - started)
            self._stopped.wait(max(0.005, rest))

    def _lose(self, why: str) -> None:
        with self._lock:
            self._why, self._picture = why or "?", None
            self._codes.clear()

    def _listen(self, picture: Picture, hear: Heard) -> None:
        """Look for codes: the quick looks at every picture, of the slow ones the next in turn."""
        started = time.monotonic()
        plain, ballot = grey(picture), Ballot()
        self._turn = (self._turn + 1) % len(IN_TURN)
        for by in EVERY_FRAME:
            ballot.hear(look(plain, by), by)
        quick = time.monotonic() - started < BUDGET_SECONDS
        if quick and (not ballot.believed() or ballot.undecided()):
            by = IN_TURN[self._turn]
            ballot.hear(look(plain, by), by)
        for raw in self._fresh(ballot.believed()):
            hear(raw)

    def _fresh(self, found: list[Found]) -> list[str]:
        """The codes to be told now: seen surely, and not told since they came into the picture.

        A symbol that does not check itself must be read in two pictures.
        """
        now, fresh = time.monotonic(), []
        with self._lock:
            for raw in [raw for raw, code in self._codes.items() if self._left(code, now)]:
                del self._codes[raw]
            for one in found:
                code = self._codes.setdefault(one.raw, _Code())
                code.pictures, code.last = code.pictures + 1, now
                if not code.offered and (one.checked or code.pictures >= 2):
                    code.offered = True
                    fresh.append(one.raw)
        return fresh

    def _left(self, code: _Code, now: float) -> bool:
        return now - code.last > self._pace.gone


def small(picture: Picture, width: int, height: int) -> tuple[bytes, int, int]:
    """The picture for a preview within `width` x `height`: its RGB bytes, its size."""
    cv2 = cv()
    shrink = min(width / picture.shape[1], height / picture.shape[0])
    size = (max(1, round(picture.shape[1] * shrink)), max(1, round(picture.shape[0] * shrink)))
    made = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    code = cv2.COLOR_GRAY2RGB if made.ndim == 2 else cv2.COLOR_BGR2RGB
    return bytes(cv2.cvtColor(made, code).tobytes()), size[0], size[1]
