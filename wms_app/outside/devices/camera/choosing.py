"""Which camera a station has, from its setting."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from wms_app.base import gs1
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _

if TYPE_CHECKING:
    from wms_app.outside.devices.camera.live import Heard
    from wms_app.outside.devices.camera.vision import Picture

_LOOK_S = 0.05
WAIT_S = 6.0


class Camera(Protocol):
    """A camera at a bench. `Down` when it should be there and gives no picture."""

    def start(self, hear: Heard | None = None) -> None:
        """Begin to take pictures; codes are told to `hear`, on the camera's thread."""

    def picture(self) -> Picture | None:
        """What lies before it now; None when this bench has none, or in the first seconds."""

    def ignore(self, raw: str) -> None:
        """The code that was told is none that is wanted now."""

    def offer_again(self) -> None:
        """Tell ignored codes that still lie there once more."""

    def in_sight(self) -> list[str]:
        """The codes that lie before it now, each behind its symbology identifier."""

    def close(self) -> None:
        """Let the device go."""


class NoCamera:
    """A bench without a camera."""

    def start(self, hear: Heard | None = None) -> None:
        """Nothing to begin."""

    def picture(self) -> Picture | None:
        """Never a picture."""
        return None

    def ignore(self, raw: str) -> None:
        """Nothing to remember."""

    def offer_again(self) -> None:
        """Nothing to tell."""

    def in_sight(self) -> list[str]:
        """No codes."""
        return []

    def close(self) -> None:
        """Nothing to let go."""


class UnknownCamera(NoCamera):
    """What a setting that nobody understands stands for: it is always away, and says why."""

    def __init__(self, setting: str) -> None:
        self.words = _(
            "“{setting}” names no camera. Write none, the number of the camera (0 is the first), "
            "its path such as /dev/video0, rtsp://…, film:FILE or folder:FOLDER."
        ).format(setting=setting)

    def picture(self) -> Picture | None:
        """Always `Down`."""
        raise Down("camera", self.words)


class ChosenCamera:
    """The station's camera, whichever is chosen; who holds it looks through the new one at once."""

    def __init__(self, setting: str) -> None:
        self.setting = setting
        self._camera = camera_of(setting)
        self._hear: Heard | None = None
        self._started = False

    @property
    def here(self) -> bool:
        """Whether this bench has a camera."""
        return self.setting not in ("", "none")

    def choose(self, setting: str) -> None:
        """Another camera from now on. Refused: a setting that names none."""
        known(setting)
        self._camera.close()
        self.setting, self._camera = setting, camera_of(setting)
        if self._started:
            self._camera.start(self._hear)

    def start(self, hear: Heard | None = None) -> None:
        """See `Camera`."""
        self._started, self._hear = True, hear
        self._camera.start(hear)

    def picture(self) -> Picture | None:
        """See `Camera`."""
        return self._camera.picture()

    def ignore(self, raw: str) -> None:
        """See `Camera`."""
        self._camera.ignore(raw)

    def offer_again(self) -> None:
        """See `Camera`."""
        self._camera.offer_again()

    def in_sight(self) -> list[str]:
        """See `Camera`."""
        return self._camera.in_sight()

    def close(self) -> None:
        """See `Camera`."""
        self._camera.close()


def camera_of(setting: str) -> Camera:
    """The camera that a setting names; it is not opened before it is started.

    "" or `none`; the number or path of a camera (`0`, `/dev/video0`); the address of one
    (`rtsp://…`, `http://…`); `film:FILE`; `folder:FOLDER`, a folder of pictures for practice.
    """
    if setting in ("", "none"):
        return NoCamera()
    kind, _colon, rest = setting.partition(":")
    address = kind in ("rtsp", "http", "https") and rest.startswith("//")
    practice = kind in ("film", "folder") and bool(rest)
    if not (setting.isdigit() or setting.startswith("/dev/") or address or practice):
        return UnknownCamera(setting)
    from wms_app.outside.devices.camera.frames import FolderSource, VideoSource
    from wms_app.outside.devices.camera.live import LiveCamera

    if kind == "folder":
        return LiveCamera(setting, partial(FolderSource, Path(rest)))
    if kind == "film":
        return LiveCamera(setting, partial(VideoSource, rest, film=True))
    return LiveCamera(setting, partial(VideoSource, setting))


def known(setting: str) -> str:
    """The setting itself. Refused: one that names no camera."""
    camera = camera_of(setting)
    if isinstance(camera, UnknownCamera):
        raise Refused("bad_camera", camera.words)
    return setting


def seen_now(camera: Camera) -> str:
    """How the camera that is looking is, in words, and what it reads."""
    try:
        picture = camera.picture()
    except Down as down:
        return down.text
    if picture is None:
        return _("no picture yet")
    size = _("{width} × {height} pixels").format(width=picture.shape[1], height=picture.shape[0])
    codes = [gs1.without_identifier(raw) for raw in camera.in_sight()]
    return " · ".join([size, *codes])


def see(setting: str, wait_s: float = WAIT_S) -> str:
    """What the camera of this setting gives, in words. `Down`: no picture, or no such camera."""
    camera = camera_of(setting)
    if isinstance(camera, NoCamera) and not isinstance(camera, UnknownCamera):
        return _("No camera.")
    end, picture = time.monotonic() + wait_s, None
    try:
        camera.start()
        while picture is None and time.monotonic() < end:
            picture = camera.picture()
            time.sleep(_LOOK_S)
    finally:
        camera.close()
    if picture is None:
        raise Down("camera", _("The camera gives no picture. Go on with the scanner."))
    return _("{width} × {height} pixels · {camera}").format(
        width=picture.shape[1], height=picture.shape[0], camera=setting
    )
