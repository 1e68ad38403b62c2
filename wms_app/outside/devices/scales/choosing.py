"""Which scale a station has, from its setting."""

from __future__ import annotations

from functools import partial

from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _
from wms_app.outside.devices.scale import Reading, Scale, SimulatedScale, TypedScale


class UnknownScale:
    """What a setting that nobody understands stands for: it is always away, and says why."""

    def __init__(self, setting: str) -> None:
        self._setting = setting

    def read(self) -> Reading | None:
        """Always `Down`."""
        raise Down("scale", self.words)

    @property
    def words(self) -> str:
        """What is wrong, and what would be right."""
        return _(
            "“{setting}” names no scale. Write typed, hid, or serial: with the port behind it, "
            "for example serial:/dev/ttyUSB0."
        ).format(setting=self._setting)

    def accept(self) -> None:
        """Nothing to remember."""

    def close(self) -> None:
        """Nothing to let go."""


class ChosenScale:
    """The station's scale, whichever is chosen; who holds it weighs on the new one at once."""

    def __init__(self, setting: str) -> None:
        self.setting = setting
        self._scale = scale_of(setting)

    def choose(self, setting: str) -> None:
        """Another scale from now on. Refused: a setting that names none."""
        known(setting)
        self._scale.close()
        self.setting, self._scale = setting, scale_of(setting)

    def read(self) -> Reading | None:
        """See `Scale`."""
        return self._scale.read()

    def accept(self) -> None:
        """See `Scale`."""
        self._scale.accept()

    def close(self) -> None:
        """See `Scale`."""
        self._scale.close()


def scale_of(setting: str) -> Scale:
    """The scale that a setting names; it is not opened before it is read.

    `typed`, `simulated`, `hid` (the first USB scale found), `hid:/dev/hidraw0`, or `serial:PORT`
    with as many of these behind it, in any order, as are known: the language (`mt-sics`,
    `toledo-8217`, ...), the unit in which a scale weighs that does not say it (`kg`, `lb`, `oz`,
    `g`), the speed (`9600`).
    """
    kind, _colon, rest = setting.partition(":")
    if setting in ("", "typed"):
        return TypedScale()
    if setting == "simulated":
        return SimulatedScale()
    if setting != "hid" and (not rest or kind not in ("serial", "hid")):
        return UnknownScale(setting)
    from wms_app.outside.devices.scales import hid_wire
    from wms_app.outside.devices.scales.live import LiveScale, Wanted
    from wms_app.outside.devices.scales.protocols import HID

    if setting == "hid":
        return LiveScale(Wanted("USB HID", HID), lambda _baud: hid_wire.first_scale())
    if kind == "hid":
        return LiveScale(Wanted(rest, HID), lambda _baud: hid_wire.HidWire(rest))
    return _serial(setting, rest)


def known(setting: str) -> str:
    """The setting itself. Refused: one that names no scale."""
    scale = scale_of(setting)
    if isinstance(scale, UnknownScale):
        raise Refused("bad_scale", scale.words)
    return setting


def _serial(setting: str, rest: str) -> Scale:
    from wms_app.outside.devices.scales.live import LiveScale, Wanted
    from wms_app.outside.devices.scales.protocols import BY_NAME
    from wms_app.outside.devices.scales.said import GRAMS
    from wms_app.outside.devices.scales.wire import SerialWire

    words = rest.split(":")
    language, unit, baud = None, "", 0
    while len(words) > 1:  # a path may hold colons of its own
        word = words[-1]
        if word in BY_NAME:
            language = BY_NAME[word]
        elif word in GRAMS:
            unit = word
        elif word.isascii() and word.isdigit() and int(word) >= 300:
            baud = int(word)
        else:
            break
        words.pop()
    port = ":".join(words)
    if not port:
        return UnknownScale(setting)
    return LiveScale(Wanted(port, language, unit, baud), partial(SerialWire, port))
