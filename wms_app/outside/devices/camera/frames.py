"""Where pictures come from: a camera, a film, or a folder of pictures that stands for a camera.

A source gives the next picture, None when there is no new one yet, and OSError when it is gone.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Protocol

from wms_app.base.refusal import Refused
from wms_app.outside.devices.camera.vision import Picture, cv, picture_of

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
FOLDER_SECONDS = 1.5  # how long each picture of a folder lies before the camera
_EMPTY_SIZE = (480, 640)


class Source(Protocol):
    """Pictures one after another."""

    def read(self) -> Picture | None:
        """The next picture; None when there is no new one yet. OSError: the source is gone."""

    def close(self) -> None:
        """Let the device go."""


class FolderSource:
    """The pictures of a folder by name, each for `seconds`, round and round.

    What is put in or taken away is seen at once; an empty folder shows an empty bench.
    """

    def __init__(self, folder: Path, seconds: float = FOLDER_SECONDS) -> None:
        self._folder = folder
        self._seconds = seconds
        self._shown = ""
        self._since = 0.0
        self._list()  # OSError when it is not there

    def read(self) -> Picture | None:
        """The picture that lies before the camera now."""
        names = self._list()
        if not names:
            return _empty()
        now = time.monotonic()
        if self._shown not in names or now - self._since >= self._seconds:
            later = [name for name in names if name > self._shown]
            self._shown, self._since = (later or names)[0], now
        try:
            content = (self._folder / self._shown).read_bytes()
            made = picture_of(content, self._shown)
        except (Refused, FileNotFoundError):  # is being written, or was taken away just now
            return None
        return cv().cvtColor(made, cv().COLOR_GRAY2BGR) if made.ndim == 2 else made

    def close(self) -> None:
        """Nothing to let go."""

    def _list(self) -> list[str]:
        files = (file for file in self._folder.iterdir() if file.suffix.lower() in PICTURES)
        return sorted(file.name for file in files)


class VideoSource:
    """A camera by its number, path or address, or a film, which begins again at its end."""

    def __init__(self, name: str, *, film: bool = False) -> None:
        cv2 = cv()
        target: int | str = int(name) if name.isdigit() else name
        self._name, self._film = name, film
        self._capture = cv2.VideoCapture(target)
        if not self._capture.isOpened():
            self._capture.release()
            raise OSError(0, "no such camera" if not film else "no such film", name)
        if not film:
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, 1280)
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, 720)
            self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # what lies there now, not a second ago

    def read(self) -> Picture | None:
        """The next picture of the camera or the film."""
        cv2 = cv()
        came, picture = self._capture.read()
        if not came and self._film:
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            came, picture = self._capture.read()
        if not came:
            raise OSError(0, "the camera gives no picture", self._name)
        return picture  # type: ignore[no-any-return]

    def close(self) -> None:
        """Let the camera go."""
        self._capture.release()


def _empty() -> Picture:
    import numpy as np

    return np.full((*_EMPTY_SIZE, 3), 200, np.uint8)
