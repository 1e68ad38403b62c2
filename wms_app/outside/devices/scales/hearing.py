"""Listens to a station's scale for a moment and says in words what was heard."""

from __future__ import annotations

import time

from wms_app.base.refusal import Down
from wms_app.base.texts import _
from wms_app.outside.devices.scale import TypedScale, shown
from wms_app.outside.devices.scales.choosing import scale_of

WAIT_S = 8.5  # every language is asked once, and the scale answers or is called silent
_LOOK_S = 0.05


def hear(setting: str, wait_s: float = WAIT_S) -> str:
    """What the scale of this setting shows, once it stands still or after `wait_s` seconds.

    `Down`: it is not there, says nothing, or its setting means nothing.
    """
    scale = scale_of(setting)
    if isinstance(scale, TypedScale):
        return _("No scale: the weight is typed.")
    end, reading = time.monotonic() + wait_s, None
    try:
        while not (reading and (reading.stable or reading.trouble)) and time.monotonic() < end:
            reading = scale.read()
            time.sleep(_LOOK_S)
    finally:
        scale.close()
    if reading is None:
        raise Down("scale", _("The scale says nothing. Switch it on, or type the weight (F7)."))
    return f"{shown(reading)} · {setting}"
