"""The last check of a design before it is in force: its examples are drawn, its codes read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wms_app.base.texts import _
from wms_app.outside.papers.design import shipped_design
from wms_app.outside.papers.elements import (
    BarsElement,
    Design,
    Element,
    MatrixElement,
    SignElement,
    TextElement,
)
from wms_app.outside.papers.examples import examples
from wms_app.outside.papers.layout import dots_per_mm, fill
from wms_app.outside.papers.picture import label_picture
from wms_app.outside.papers.reading import bad_design

if TYPE_CHECKING:
    from PIL.Image import Image

RESOLUTIONS = (203, 300)  # dpi, those of nearly all label printers
_WHITE_MM = 2.0  # around a code that is read back, as the white of the label around it


def prove(design: Design) -> None:
    """Every example can be drawn at both resolutions, and every code on it is read back.

    Refused: `bad_design` naming the element and the rule.
    """
    _keeps_what_it_must(design, shipped_design(design.name))
    for example in examples(design.name):
        for dpi in RESOLUTIONS:
            _reads(design, example.values, dpi)


def _keeps_what_it_must(design: Design, shipped: Design) -> None:
    """What the house needs of this label, and what rules outside of it ask, stays on it."""
    given = shipped.fields + shipped.optional
    for field in design.fields + design.optional:
        if field not in given:
            reason = _("nothing fills the field “{field}”").format(field=field)
            raise bad_design(design.name, _("the head"), reason)
    for field in design.fields:
        if field not in shipped.fields:
            reason = _("the field “{field}” may be empty: name it as optional").format(field=field)
            raise bad_design(design.name, _("the head"), reason)
    told = {value_of(element) for element in design.elements}
    for element in shipped.elements:
        if any(element.least):
            _is_big_enough(design, element)
        if isinstance(element, BarsElement | MatrixElement) and element.value not in told:
            reason = _("this barcode is missing, and work is done by scanning it")
            raise bad_design(design.name, element.name, reason)


def _is_big_enough(design: Design, wanted: Element) -> None:
    mine = design.element(wanted.name)
    width, height = wanted.least
    if mine is None:
        raise bad_design(design.name, wanted.name, _("it is missing, and rules ask for it"))
    if mine.width_mm < width - 1e-6 or mine.height_mm < height - 1e-6:
        rule = _("it must be at least {width:g} x {height:g} mm").format(width=width, height=height)
        raise bad_design(design.name, wanted.name, rule)
    if isinstance(wanted, SignElement) and getattr(mine, "value", "") != wanted.value:
        rule = _("it must be the sign “{sign}”").format(sign=wanted.value)
        raise bad_design(design.name, wanted.name, rule)
    if isinstance(wanted, TextElement) and getattr(mine, "min_mm", 0.0) < wanted.min_mm - 1e-6:
        rule = _("its smallest type must be at least {size:g} mm").format(size=wanted.min_mm)
        raise bad_design(design.name, wanted.name, rule)
    if isinstance(wanted, BarsElement) and isinstance(mine, BarsElement):
        least = wanted.min_module_mm
        if mine.min_module_mm < least - 1e-6:
            rule = _("its narrowest bar must be at least {width:g} mm").format(width=least)
            raise bad_design(design.name, wanted.name, rule)


def value_of(element: Element) -> str:
    """The template of a barcode, "" for everything else."""
    return element.value if isinstance(element, BarsElement | MatrixElement) else ""


def _reads(design: Design, values: Mapping[str, str], dpi: int) -> None:
    picture = label_picture(design, values, dpi)
    for element in design.elements:
        value = value_of(element)
        if value and element.drawn_with(values):
            wanted = fill(value, values)
            if wanted not in read_back(picture, element, dpi):
                reason = _("“{code}” can't be read when it is printed at {dpi} dpi")
                told = reason.format(code=wanted, dpi=dpi)
                raise bad_design(design.name, element.name, told)


def read_back(picture: Image, element: Element, dpi: int) -> set[str]:
    """The texts that a scanner reads in the box of an element."""
    import zxingcpp
    from PIL import ImageOps

    dots = dots_per_mm(dpi)
    left, top = int(element.x_mm * dots), int(element.y_mm * dots)
    right = round((element.x_mm + element.width_mm) * dots)
    bottom = round((element.y_mm + element.height_mm) * dots)
    part = picture.crop((left, top, right, bottom)).convert("L")
    found: list[Any] = zxingcpp.read_barcodes(
        ImageOps.expand(part, round(_WHITE_MM * dots), fill=255), try_downscale=False
    )
    texts = {str(code.text) for code in found}
    return texts | {text.removeprefix("0") for text in texts if len(text) == 13}
