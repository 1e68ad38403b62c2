"""Reports of a USB HID scale: from hidapi where it is installed, else from Linux's hidraw files."""

from __future__ import annotations

import importlib
import os
import select
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wms_app.base.texts import _

# How the description of a weighing device begins: usage page 0x8D.
_BEGINS = b"\x05\x8d"
_USAGE_PAGE = 0x8D
_CLASS = Path("/sys/class/hidraw")
_REPORT_BYTES = 64


class HidWire:
    """`/dev/hidraw0`: each piece that is read is one report."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self, wait_s: float) -> bytes:
        """See `Wire`."""
        ready, _writable, _broken = select.select([self._file], [], [], wait_s)
        if not ready:
            return b""
        report = os.read(self._file, _REPORT_BYTES)
        if not report:
            raise OSError(_("unplugged"))
        return report

    def write(self, data: bytes) -> None:
        """A HID scale speaks by itself."""

    def close(self) -> None:
        """See `Wire`."""
        os.close(self._file)


class HidApiWire:
    """The first weighing device that hidapi knows."""

    def __init__(self, hid: Any) -> None:
        found = [one for one in hid.enumerate() if one["usage_page"] == _USAGE_PAGE]
        if not found:
            raise OSError(_("no USB scale is found"))
        self._device = hid.device()
        self._device.open_path(found[0]["path"])

    def read(self, wait_s: float) -> bytes:
        """See `Wire`."""
        try:
            return bytes(self._device.read(_REPORT_BYTES, int(wait_s * 1000)))
        except ValueError as error:  # hidapi's word for a device that isn't open any more
            raise OSError(str(error)) from error

    def write(self, data: bytes) -> None:
        """A HID scale speaks by itself."""

    def close(self) -> None:
        """See `Wire`."""
        self._device.close()


def scale_names(files: Path = _CLASS) -> list[str]:
    """What the HID scales of this machine call themselves; an empty name for one that says none."""
    try:
        hid = importlib.import_module("hid")
    except ImportError:
        return [""] * sum(1 for _entry in _descriptions(files))
    listed = [one for one in hid.enumerate() if one["usage_page"] == _USAGE_PAGE]
    words = ("manufacturer_string", "product_string")
    return [" ".join(str(one[word]) for word in words if one.get(word)) for one in listed]


def _descriptions(files: Path) -> Iterator[Path]:
    for entry in sorted(files.glob("hidraw*")):
        if (entry / "device" / "report_descriptor").read_bytes().startswith(_BEGINS):
            yield entry


def first_scale(files: Path = _CLASS) -> HidApiWire | HidWire:
    """Open the first HID scale of this machine. OSError when there is none."""
    try:
        hid = importlib.import_module("hid")
    except ImportError:
        hid = None
    if hid is not None:
        return HidApiWire(hid)
    for entry in _descriptions(files):
        return HidWire(f"/dev/{entry.name}")
    raise OSError(_("no USB scale is found"))
