"""OpenCV, loaded when a picture is first looked at, and pictures as bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeAlias

from wms_app.base.refusal import Refused
from wms_app.base.texts import _

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture: TypeAlias = NDArray[np.uint8]
    """Rows of pixels: (height, width) grey, or (height, width, 3) blue, green, red."""
else:
    Picture = Any

_SMALLEST_SIDE = 480


def cv() -> Any:
    """The library. Its import points Qt to plugins and fonts of its own: that is undone."""
    changed = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
    kept = {name: os.environ.get(name) for name in changed}
    import cv2

    for name, value in kept.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    return cv2


def grey(picture: Picture) -> Picture:
    """The picture without its colours; one without any is given back as it is."""
    cv2 = cv()
    if picture.ndim == 2:
        return picture
    code = cv2.COLOR_BGRA2GRAY if picture.shape[2] == 4 else cv2.COLOR_BGR2GRAY
    return cv2.cvtColor(picture, code)  # type: ignore[no-any-return]


def picture_of(content: bytes, name: str) -> Picture:
    """The pixels of a PNG, JPEG, WebP, TIFF or BMP file; glass-clear pixels become white paper.

    Refused: no picture, or a broken one.
    """
    import numpy as np

    cv2 = cv()
    made = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED) if content else None
    if made is None:
        raise Refused(
            "no_picture",
            _("{name} is no picture that can be read.").format(name=name),
            _("Take the file again from where it came."),
        )
    if made.dtype == np.uint16:
        made = (made // 257).astype(np.uint8)
    if made.ndim == 3 and made.shape[2] == 4:
        solid = made[:, :, 3:].astype(np.uint16)
        flat = (made[:, :, :3] * solid + 255 * (255 - solid)) // 255
        return np.asarray(flat, np.uint8)
    return made  # type: ignore[no-any-return]


def jpeg(picture: Picture, most_bytes: int, longest_px: int = 1600) -> bytes:
    """The picture as a JPEG of at most so many bytes: coarser first, then smaller."""
    cv2 = cv()
    shrink = min(1.0, longest_px / max(picture.shape[:2]))
    while True:
        size = (round(picture.shape[1] * shrink), round(picture.shape[0] * shrink))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if shrink < 1 else picture
        for quality in (85, 70, 55, 40):
            made = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
            if len(made) <= most_bytes or (quality == 40 and max(size) <= _SMALLEST_SIDE):
                return bytes(made)
        shrink *= 0.75


def png(picture: Picture) -> bytes:
    """The picture without loss, as small as PNG makes it."""
    cv2 = cv()
    return bytes(cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])[1].tobytes())
