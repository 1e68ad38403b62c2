"""Which printer a setting names, and which papers a station prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.devices.printer import FolderPrinter, Kind
from wms_app.outside.devices.printers.driver import Driver, Put, Sheet
from wms_app.outside.devices.printers.state import State
from wms_app.outside.devices.printers.wire import place_of

LABELS = ("shipping", "bin", "tote", "sku", "badge")
SHEETS = ("pick_list", "manifest", "command_sheet", "other")
USES = (*LABELS, *SHEETS)
_FINE = re.compile(r"@(\d+)(?:x(\d+))?$")


class KeptFolder:
    """No printer: each paper is a file in a folder."""

    dpi = 203
    backs_up = False

    def __init__(self, folder: Path) -> None:
        self._folder = FolderPrinter(folder)

    @property
    def speaks(self) -> Kind:
        """See `Driver`."""
        return self._folder.speaks

    def look(self) -> State:
        """See `Driver`."""
        return State()

    def put(self, sheet: Sheet) -> Put:
        """See `Driver`; where it went is the path of its file."""
        return Put("done", self._folder.send(sheet.size, sheet.name, sheet.content, sheet.kind))


def use_words(use: str) -> str:
    """A kind of paper as people call it."""
    return {
        "shipping": _("Shipping label"),
        "bin": _("Bin label"),
        "tote": _("Tote label"),
        "sku": _("SKU label"),
        "badge": _("Badge"),
        "pick_list": _("Pick list"),
        "manifest": _("Manifest"),
        "command_sheet": _("Command sheet"),
        "other": _("Other papers"),
    }[use]


def uses_words(printers: Mapping[str, str], setting: str) -> str:
    """What the printer of this setting prints, as people call it."""
    return ", ".join(use_words(use) for use in USES if printers.get(use) == setting)


def printer_of(setting: str, folder: Path) -> Driver:
    """The printer that a setting names; nothing is opened before something is printed.

    `folder` (PDF files in `folder`; an empty setting is the same), `zpl:PLACE`, `tspl:PLACE`,
    `escpos:PLACE`, `cups:QUEUE` (PDF), `cups-raw:QUEUE` (ZPL), `system:NAME`. PLACE is a network
    name with or without a port, a device file, or `serial:PORT:BAUD`. `@300` behind it says its
    dots per inch, `@203x576` also how many dots its head is wide. Refused: names none.
    """
    kind, _colon, rest = setting.strip().partition(":")
    if kind in ("", "folder"):
        return KeptFolder(Path(rest) if rest else folder)
    place, dpi, wide = _fine(rest)
    if place and kind in ("zpl", "tspl", "escpos"):
        return _on_a_line(kind, place, dpi or 203, wide)
    if place and kind in ("cups", "cups-raw"):
        from wms_app.outside.devices.printers.cups import CupsPrinter

        return CupsPrinter(place, kind == "cups-raw", dpi or 203)
    if place and kind == "system":
        from wms_app.outside.devices.printers.system import SystemPrinter

        return SystemPrinter(place, dpi or 300)
    raise Refused(
        "bad_printer",
        _("“{setting}” names no printer.").format(setting=setting),
        _(
            "Write folder, zpl:192.168.1.50, tspl:/dev/usb/lp0, escpos:serial:COM3, "
            "cups:QUEUE, cups-raw:QUEUE or system:NAME."
        ),
    )


def _fine(rest: str) -> tuple[str, int, int]:
    found = _FINE.search(rest)
    if found is None:
        return rest, 0, 0
    return rest[: found.start()], int(found.group(1)), int(found.group(2) or 0)


def _on_a_line(kind: str, place: str, dpi: int, wide_dots: int) -> Driver:
    from wms_app.outside.devices.printers.escpos import EscPosPrinter
    from wms_app.outside.devices.printers.tspl import TsplPrinter
    from wms_app.outside.devices.printers.zpl import ZplPrinter

    kinds: dict[str, Callable[..., Driver]] = {
        "zpl": ZplPrinter,
        "tspl": TsplPrinter,
        "escpos": EscPosPrinter,
    }
    made = kinds[kind]
    return made(place_of(place), dpi, wide_dots or round(104 / 25.4 * dpi))
