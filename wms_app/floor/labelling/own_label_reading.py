"""From a file to its labels, one by one: cut apart, their codes and words read, made ready."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.labelling.own_label import OneLabel
from wms_app.floor.labelling.own_label_cut import Piece, pieces
from wms_app.floor.labelling.own_label_match import Seen
from wms_app.floor.labelling.own_label_numbers import Printed, zpl_codes
from wms_app.floor.labelling.own_label_pages import Format, Page, sheets
from wms_app.floor.labelling.own_label_paper import kept
from wms_app.outside.devices.camera.decoding import read_codes
from wms_app.outside.devices.camera.vision import Picture

_MOST_ZPL_BYTES = 2_000_000
_CHECK = re.compile(r":[0-9a-fA-F]{4}(?=\s*\^)")  # a CRC in small letters is one too


def labels_of(path: Path) -> Iterator[tuple[OneLabel, int, int]]:
    """Every label of a file, with the number of its page and how many pages there are.

    Refused: a file that can't be read.
    """
    for sheet in sheets(path):
        if isinstance(sheet, Format):
            made = [_of_zpl(sheet, path.stem if sheet.count == 1 else "")]
        else:
            made = [_of_piece(sheet, one, path.stem) for one in pieces(sheet)]
        for one in made:
            yield one, sheet.number, sheet.count


def _of_piece(page: Page, piece: Piece, stem: str) -> OneLabel:
    codes = tuple(Printed.of(one) for one in piece.codes)
    only = page.count == 1 and piece.alone
    place = _page_words(page.number)
    if not piece.alone:
        place = f"{place}, {_place(page.picture, piece)}"
    seen = Seen(codes, piece.words, stem if only else "")
    return OneLabel(seen, "png", kept(piece.picture, piece.dots_mm), page.number, place)


def _of_zpl(sheet: Format, stem: str) -> OneLabel:
    if len(sheet.zpl) > _MOST_ZPL_BYTES:
        raise Refused("too_large", _("Label {number} is too large.").format(number=sheet.number))
    codes = codes_of_zpl(sheet.zpl)
    place = _page_words(sheet.number)
    return OneLabel(Seen(codes, _zpl_words(sheet.zpl), stem), "zpl", sheet.zpl, sheet.number, place)


def codes_of_zpl(zpl: bytes) -> tuple[Printed, ...]:
    """The codes of one label: what its barcode commands say, else what its drawing shows."""
    return tuple(zpl_codes(zpl) or _drawn_codes(zpl))


def _page_words(number: int) -> str:
    return _("page {number}").format(number=number)


def _place(picture: Picture, piece: Piece) -> str:
    """Where on its page a label stood, in words."""
    height, width = picture.shape
    x, y = (piece.box[0] + piece.box[2]) / 2 / width, (piece.box[1] + piece.box[3]) / 2 / height
    rows = {"upper": _("upper"), "middle": _("middle"), "lower": _("lower")}
    row = rows["upper" if y < 0.4 else "lower" if y > 0.6 else "middle"]
    column = _("left") if x < 0.4 else _("right") if x > 0.6 else _("centre")
    return f"{row} {column}"


def _zpl_words(zpl: bytes) -> str:
    """The texts of all fields, for the order's number among them."""
    parts = zpl.decode("utf-8", "replace").split("^FD")[1:]
    return " ".join(part.split("^FS", 1)[0] for part in parts)


def _drawn_codes(zpl: bytes) -> list[Printed]:
    """The codes of a label that is one drawing, read from its pixels."""
    import numpy as np

    zebrafy: Any = import_module("zebrafy")
    try:
        text = _CHECK.sub(lambda found: found.group().upper(), zpl.decode("ascii", "ignore"))
        images = zebrafy.ZebrafyZPL(text).to_images()
    except ValueError:
        return []
    found = []
    for image in images:
        picture = np.asarray(image.convert("L"), np.uint8)
        found += [Printed.of(one) for one in read_codes(picture, least=99, seconds=2.0)]
    return found
