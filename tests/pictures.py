"""What lies before a camera, drawn: codes on a bench, sharp or spoilt, in a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zxingcpp
from zxingcpp import BarcodeFormat

from wms_app.outside.devices.camera.vision import Picture, cv, png

QR, CODE128, EAN13, MATRIX = (
    BarcodeFormat.QRCode,
    BarcodeFormat.Code128,
    BarcodeFormat.EAN13,
    BarcodeFormat.DataMatrix,
)


def symbol(text: str, kind: Any = CODE128, dots: int = 3, gs1: bool = False) -> Picture:
    """One symbol with its quiet zone, `dots` pixels a module."""
    made = zxingcpp.create_barcode(text, kind, gs1=True) if gs1 else None
    made = made or zxingcpp.create_barcode(text, kind)
    drawn = np.array(made.to_image(scale=dots, add_hrt=False, add_quiet_zones=True))
    return np.asarray(drawn, np.uint8)


def bench(*symbols: Picture, size: tuple[int, int] = (720, 1280)) -> Picture:
    """Symbols lying in a row on a grey bench, white paper under each."""
    made = np.full(size, 180, np.uint8)
    x = 40
    for one in symbols:
        height, width = one.shape
        made[200 : 200 + height, x : x + width] = one
        x += width + 40
    return made


def turned(picture: Picture, degrees: float) -> Picture:
    """The whole picture turned on white."""
    cv2 = cv()
    height, width = picture.shape[:2]
    side = int((height**2 + width**2) ** 0.5) + 2
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    matrix[0, 2] += side / 2 - width / 2
    matrix[1, 2] += side / 2 - height / 2
    made = cv2.warpAffine(picture, matrix, (side, side), borderValue=255)
    return np.asarray(made, np.uint8)


def put(folder: Path, name: str, picture: Picture) -> None:
    """Lay a picture into the folder before which a camera stands, whole at once."""
    folder.mkdir(exist_ok=True)
    part = folder / f"{name}.part"
    part.write_bytes(png(picture))
    os.replace(part, folder / f"{name}.png")


def clear(folder: Path, names: Sequence[str]) -> None:
    """Take pictures away again."""
    for name in names:
        (folder / f"{name}.png").unlink()
