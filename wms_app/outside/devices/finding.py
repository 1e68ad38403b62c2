"""What is plugged into this machine, or known to it, and what each may be used for.

Nothing is opened: a scale that is asked or a printer that is written to would be disturbed.
Sources: Linux' sysfs (Documentation/ABI: video4linux, usbmisc), udev's names in /dev/serial/by-id,
IEEE 1284 device ids (MFG, MDL, CMD) of USB printers.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from wms_app.base.refusal import Down
from wms_app.base.texts import _
from wms_app.outside.devices.found import Found

# udev's names of serial ports stay the same whichever is plugged in first.
BY_ID = Path("/dev/serial/by-id")
VIDEO = Path("/sys/class/video4linux")
USB_PRINTERS = Path("/sys/class/usbmisc")
_LEGACY = re.compile(r"/dev/ttyS\d+")  # Linux lists 32 of them on every machine
_LANGUAGES = (("zpl", "ZPL"), ("tspl", "TSPL"), ("escpos", "ESC/POS"))


def find() -> list[Found]:
    """Every device of this machine; a part of the system that can't be asked has none."""
    found: list[Found] = []
    for kind in (serial_ports, usb_scales, cameras, usb_printers, print_queues):
        found += _asked(kind)
    return found


def _asked(kind: Callable[[], Iterator[Found]]) -> list[Found]:
    try:
        return list(kind())
    except (OSError, Down):
        return []


def serial_ports() -> Iterator[Found]:
    """Serial ports, on USB too: a scanner or a scale may speak there."""
    from PySide6.QtSerialPort import QSerialPortInfo

    named = {}
    for link in sorted(BY_ID.glob("*")):
        named[str(link.resolve())] = str(link)
        yield _serial(str(link), _told(link.name))
    for port in QSerialPortInfo.availablePorts():
        at = port.portName() if sys.platform == "win32" else port.systemLocation()
        words = " ".join(word for word in (port.manufacturer(), port.description()) if word)
        if at not in named and not (_LEGACY.fullmatch(at) and not words):
            yield _serial(at, words or _("serial port"))


def _serial(at: str, name: str) -> Found:
    return Found(at, name, {"scanner": f"serial:{at}", "scale": f"serial:{at}"})


def _told(link: str) -> str:
    """The words in udev's name: usb-Honeywell_Voyager_1470_0123-if00 is a Honeywell Voyager…"""
    return re.sub(r"(-if\d+)?(-port\d+)?$", "", link.removeprefix("usb-")).replace("_", " ")


def usb_scales() -> Iterator[Found]:
    """Scales of the HID class."""
    from wms_app.outside.devices.scales.hid_wire import scale_names

    for name in scale_names():
        yield Found("USB", name or _("USB scale"), {"scale": "hid"})


def cameras() -> Iterator[Found]:
    """Cameras: on Linux the first node of each, elsewhere by number."""
    if sys.platform != "linux":
        from PySide6.QtMultimedia import QMediaDevices

        for number, camera in enumerate(QMediaDevices.videoInputs()):
            yield Found(str(number), camera.description(), {"camera": str(number)})
        return
    for entry in sorted(VIDEO.glob("video*"), key=lambda one: int(one.name[5:] or 0)):
        index = entry / "index"  # a camera's second node tells about its pictures and gives none
        if not index.exists() or index.read_text("ascii").strip() == "0":
            at = f"/dev/{entry.name}"
            yield Found(at, _line(entry / "name") or _("camera"), {"camera": at})


def usb_printers() -> Iterator[Found]:
    """Printers at a USB port of Linux, each with the language that it says it speaks."""
    for entry in sorted(USB_PRINTERS.glob("lp*")):
        said = _line(entry / "device" / "ieee1284_id")
        words = dict(part.partition(":")[::2] for part in said.split(";") if ":" in part)
        maker = words.get("MFG", words.get("MANUFACTURER", "")).strip()
        model = words.get("MDL", words.get("MODEL", "")).strip()
        speaks = words.get("CMD", words.get("COMMAND SET", "")).upper()
        language = next((ours for ours, theirs in _LANGUAGES if theirs in speaks), "zpl")
        at = f"/dev/usb/{entry.name}"
        name = " ".join(word for word in (maker, model) if word) or _("printer")
        yield Found(at, name, {"printer": f"{language}:{at}"})


def print_queues() -> Iterator[Found]:
    """The printers that the system knows: CUPS' queues where its commands are."""
    if shutil.which("lpstat"):
        from wms_app.outside.devices.printers.cups import queues

        for queue in queues():
            yield Found(queue, _("print queue"), {"printer": f"cups:{queue}"})
        return
    from PySide6.QtPrintSupport import QPrinterInfo

    for name in QPrinterInfo.availablePrinterNames():
        yield Found(name, _("printer of the system"), {"printer": f"system:{name}"})


def _line(file: Path) -> str:
    return file.read_text("utf-8", "replace").strip() if file.exists() else ""
