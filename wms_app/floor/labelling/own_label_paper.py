"""The seller's label on our paper: kept without loss, fitted, and read back as it will be printed.

The shipping label's paper is 100 x 150 mm. A label is never stretched, and never made larger than
it was; what is larger is made to fit. Whether its bars survive that is not reckoned but looked at:
the pixels that a printer of 203 dpi would print are read, and no bar may be finer than its dots.
"""

from __future__ import annotations

import io
import math
from functools import lru_cache
from importlib import import_module
from typing import Any

from wms_app.floor.labelling.own_label_numbers import Printed, says
from wms_app.outside.devices.camera.decoding import Found, read_codes
from wms_app.outside.devices.camera.passes import PASSES
from wms_app.outside.devices.camera.vision import Picture, cv, grey, picture_of

PAPER_MM = (100.0, 150.0)
COARSEST_DOTS_MM = 8.0  # 203 dpi, the coarsest label printer that is sold
_DARK = 128


def kept(picture: Picture, dots_mm: float) -> bytes:
    """The picture as PNG, exactly as it is: one bit a pixel when it is black and white."""
    import numpy as np
    from PIL import Image

    levels = np.unique(picture)
    image = Image.fromarray(picture, "L")
    if len(levels) <= 2 and (len(levels) < 2 or (levels[0] == 0 and levels[-1] == 255)):
        image = image.point(lambda value: value, "1")
    made = io.BytesIO()
    known = {"dpi": (dots_mm * 25.4, dots_mm * 25.4)} if dots_mm else {}
    image.save(made, "PNG", optimize=True, **known)
    return made.getvalue()


def fitted(content: bytes, dots_mm: float) -> Picture:
    """The label as a printer of so many dots on a millimetre prints it: its whole paper."""
    import numpy as np

    cv2 = cv()
    picture = grey(picture_of(content, "label"))
    width, height = _size_mm(content)
    shape = (max(1, round(height * dots_mm)), max(1, round(width * dots_mm)))
    finer = shape[0] < picture.shape[0]
    way = cv2.INTER_AREA if finer else cv2.INTER_CUBIC
    small = cv2.resize(picture, (shape[1], shape[0]), interpolation=way)
    paper = np.full((round(PAPER_MM[1] * dots_mm), round(PAPER_MM[0] * dots_mm)), 255, np.uint8)
    left = (paper.shape[1] - shape[1]) // 2
    high, wide = min(shape[0], paper.shape[0]), min(shape[1], paper.shape[1])
    left = max(0, left)
    paper[:high, left : left + wide] = np.where(small[:high, :wide] < _DARK, 0, 255)
    return paper


def _size_mm(content: bytes) -> tuple[float, float]:
    """How large the label is printed: within the paper, its aspect kept, never enlarged.

    A picture that does not say how large it is fills the paper.
    """
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        width, height = image.size
        dpi = image.info.get("dpi")
    shrink = min(PAPER_MM[0] / width, PAPER_MM[1] / height)
    if dpi:
        shrink = min(shrink, 25.4 / float(dpi[0]))
    return width * shrink, height * shrink


def reads_back(content: bytes, tracking: str, dots_mm: float = COARSEST_DOTS_MM) -> bool:
    """Whether the tracking number can be read from what such a printer prints."""
    printed = fitted(content, dots_mm)
    for passes in (PASSES[:1], PASSES):  # most are read at once
        found = read_codes(printed, passes=passes, least=99)
        if any(says(Printed.of(one), tracking) and _module_dots(one) >= 1 for one in found):
            return True
    return False


def _module_dots(found: Found) -> float:
    """How many dots the finest bar of a Code 128 has; what says nothing of it has enough."""
    if found.symbol != "Code 128":
        return 1.0
    import zxingcpp

    symbol = zxingcpp.create_barcode(found.content, zxingcpp.BarcodeFormat.Code128)
    plain = symbol.to_image(scale=1, add_hrt=False, add_quiet_zones=False)
    (x0, y0), (x1, y1) = found.corners[0], found.corners[1]
    return float(math.hypot(x1 - x0, y1 - y0) / plain.shape[1])


@lru_cache(maxsize=8)
def as_pdf(content: bytes) -> bytes:
    """A PDF of one page of the label's paper, with every pixel that is kept."""
    from PIL import Image

    mm = 72 / 25.4
    made = io.BytesIO()
    utils: Any = import_module("reportlab.lib.utils")
    drawing: Any = import_module("reportlab.pdfgen.canvas")
    canvas = drawing.Canvas(made, pagesize=(PAPER_MM[0] * mm, PAPER_MM[1] * mm), pageCompression=1)
    width, height = _size_mm(content)
    with Image.open(io.BytesIO(content)) as image:
        place = ((PAPER_MM[0] - width) / 2 * mm, (PAPER_MM[1] - height) * mm)
        canvas.drawImage(utils.ImageReader(image.convert("L")), *place, width * mm, height * mm)
    canvas.save()
    return made.getvalue()


@lru_cache(maxsize=8)
def as_zpl(content: bytes, dots_mm: float = COARSEST_DOTS_MM) -> bytes:
    """One ZPL format that prints the label as a graphic."""
    picture = fitted(content, dots_mm)
    height, width = picture.shape
    return (f"^XA^PW{width}^LL{height}^LH0,0^FO0,0{_graphic(picture)}^FS^XZ\n").encode("ascii")


def _graphic(picture: Picture) -> str:
    """A ^GF field: zlib over the bits, in base 64 with its CRC (ZPL II guide, ^GF, Z64)."""
    import base64
    import zlib

    import numpy as np

    bits: Any = np.packbits(picture < _DARK, axis=1)
    packed = base64.b64encode(zlib.compress(bits.tobytes(), 9)).decode("ascii")
    crc = _crc(packed.encode("ascii"))
    total, row = bits.size, bits.shape[1]
    return f"^GFA,{total},{total},{row},:Z64:{packed}:{crc:04X}"


def _crc(data: bytes) -> int:
    """CRC-16/XMODEM, polynomial 0x1021, as ZPL asks for behind base 64."""
    import binascii

    return binascii.crc_hqx(data, 0)
