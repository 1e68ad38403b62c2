"""Setup's page of the station itself: scanners that are no keyboards, camera, sounds, the edge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.devices.camera.choosing import known
from wms_app.outside.devices.scanners.choosing import ports_of


@dataclass(frozen=True)
class StationChoice:
    """`facts` of the form, by field; `says`: each scanner and what it said last; `save`: keep what
    was changed, in the types of the settings."""

    facts: Callable[[], dict[str, str]]
    says: Callable[[], Sequence[tuple[str, str]]]
    save: Callable[[dict[str, Any]], None]


def ways() -> tuple[tuple[str, str], ...]:
    """The ways to name scanners, and what each is for."""
    return (
        ("keyboard", _("types its codes: nothing to set")),
        ("serial:/dev/ttyACM0", _("Linux, on USB as a serial port")),
        ("serial:COM3:115200", _("Windows, a serial port and its speed")),
        ("serial:COM3, serial:COM4", _("two of them")),
    )


def taken(form: dict[str, str]) -> dict[str, Any]:
    """The settings that a form says. Refused: scanners or a camera that can't be
    meant, a volume beyond 100."""
    ports_of(form["scanners"])
    volume = form["volume"].strip().removesuffix("%").strip()
    if not (volume.isascii() and volume.isdigit() and int(volume) <= 100):
        raise Refused(
            "bad_volume",
            _("“{volume}” is no volume.").format(volume=form["volume"]),
            _("Write a number from 0 to 100."),
        )
    camera = form.get("camera", "").strip()
    seen = {"camera": "" if camera == "none" else known(camera)} if "camera" in form else {}
    return {
        **seen,
        "scanners": "" if form["scanners"].strip() == "keyboard" else form["scanners"].strip(),
        "sound": form["sound"] == "yes",
        "volume": int(volume),
        "flash": form["flash"] == "yes",
    }
