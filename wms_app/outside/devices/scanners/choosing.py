"""Which scanners a station has beside its keyboards, from its setting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wms_app.base.refusal import Refused
from wms_app.base.texts import _

if TYPE_CHECKING:
    from wms_app.outside.devices.scanners.live import LiveScanner

BAUD = 9600


@dataclass(frozen=True)
class Port:
    """Where a scanner is, and its speed (of no meaning on USB)."""

    name: str
    baud: int = BAUD


def ports_of(setting: str) -> tuple[Port, ...]:
    """The ports that a setting names: `serial:/dev/ttyACM0`, `serial:COM3:115200`, several of them
    with a comma between; "" or `keyboard` for none. Refused: anything else."""
    ports = []
    for part in _named(setting):
        kind, _colon, rest = part.partition(":")
        name, _colon, speed = rest.rpartition(":")
        fast = name and speed.isascii() and speed.isdigit() and int(speed) >= 300
        port = Port(name, int(speed)) if fast else Port(rest)
        if kind != "serial" or not port.name:
            raise Refused(
                "bad_scanner",
                _("“{setting}” names no scanner.").format(setting=part),
                _("Write keyboard, or serial: with the port behind it: serial:/dev/ttyACM0."),
            )
        ports.append(port)
    return tuple(ports)


class Scanners:
    """The station's serial scanners; all of them give their codes to `heard`."""

    def __init__(self, setting: str, heard: Callable[[str], None]) -> None:
        self._heard = heard
        self.setting = ""
        self.live: list[LiveScanner] = []
        self.problem = ""
        try:
            self.choose(setting)
        except Refused as refusal:  # a settings file by hand: said in the strip, nobody is stopped
            self.setting, self.problem = setting, f"{refusal.text} {refusal.detail}"

    def choose(self, setting: str) -> None:
        """Others from now on. Refused: a setting that names none."""
        ports = ports_of(setting)
        self.close()
        self.setting, self.problem = setting, ""
        if not ports:
            return
        from wms_app.outside.devices.scanners.live import LiveScanner

        self.live = [LiveScanner(port.name, port.baud, self._heard) for port in ports]
        for one in self.live:
            one.start()

    def troubles(self) -> Sequence[str]:
        """What is wrong with any of them, in words."""
        words = [one.words for one in self.live]
        return [text for text in (self.problem, *words) if text]

    def close(self) -> None:
        """Let go of every port."""
        for one in self.live:
            one.close()
        self.live = []


def scanners_say(setting: str, scanners: Scanners | None) -> list[tuple[str, str]]:
    """Each scanner that is no keyboard, as the settings name it, and its trouble or last code."""
    live = {one.port: one for one in (scanners.live if scanners is not None else [])}
    said = []
    for port, name in zip(ports_of(setting), _named(setting), strict=True):
        one = live.get(port.name)
        said.append((name, (one.words or one.state.last if one else "") or _("nothing yet")))
    return said


def _named(setting: str) -> list[str]:
    parts = (part.strip() for part in setting.split(","))
    return [part for part in parts if part not in ("", "keyboard")]


def typing_words(prefix: str, suffix: str) -> str:
    """How the scanner that types does it."""
    if not (prefix or suffix):
        return _("types its codes")
    return _("types its codes with “{prefix}” before and “{suffix}” behind").format(
        prefix=prefix, suffix=suffix
    )
