"""A label that a carrier or a seller drew: seen to be the parcel's own before it goes out."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.floor.labelling.own_label_numbers import Printed, says
from wms_app.floor.labelling.own_label_reading import codes_of_zpl
from wms_app.outside.devices.printer import Kind
from wms_app.outside.printing.foreign import cleaned

_LOOK_DPI = 300
_SHOWN = 3


def ready(content: bytes, tracking: str, speaks: Kind, dpi: int) -> tuple[bytes, Kind]:
    """Somebody else's label (ZPL, PDF, PNG) as it goes to a printer, and what that is.

    A picture is put on our paper; it was read when it was taken in. Of ZPL only what draws is sent.
    Refused: no code on it says the parcel's tracking number, or it is not for this printer.
    """
    if content.startswith(b"\x89PNG"):
        from wms_app.floor.labelling.own_label_paper import as_pdf, as_zpl

        return (as_zpl(content), "zpl") if speaks == "zpl" else (as_pdf(content), "pdf")
    if content.startswith(b"%PDF"):
        _refuse_other(_codes_of_pdf(content), tracking)
        return content, "pdf"
    clean = cleaned(content, dpi).program
    _refuse_other(codes_of_zpl(clean), tracking)
    return clean, "zpl"


def _refuse_other(codes: tuple[Printed, ...], tracking: str) -> None:
    if any(says(code, tracking) for code in codes):
        return
    found = ", ".join(code.text for code in codes[:_SHOWN])
    words = (
        _("The label says {codes}, and the parcel's number is {tracking}: it was not printed.")
        if found
        else _("No code on the label can be read, {tracking} should be: it was not printed.")
    )
    raise Refused(
        "other_label",
        words.format(codes=found, tracking=tracking),
        _("Set the parcel aside and ask the carrier for its label anew."),
    )


@lru_cache(maxsize=8)
def _codes_of_pdf(content: bytes) -> tuple[Printed, ...]:
    from wms_app.outside.devices.camera.decoding import read_codes

    pdfium: Any = import_module("pypdfium2")
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        return ()
    try:
        page = document[0].render(scale=_LOOK_DPI / 72, grayscale=True).to_numpy()
        found = read_codes(page.reshape(page.shape[:2]).copy(), least=99, seconds=2.0)
    finally:
        document.close()
    return tuple(Printed.of(one) for one in found)
