"""Four short sounds; where there is no loudspeaker there is silence, never an error."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl

from wms_app.base.places import resources

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect

FILE_OF = {"ok": "accepted", "done": "done", "warn": "warning", "bad": "refused"}


class Sounds:
    """Plays the sound of an answer. The multimedia library is loaded by `load`, not before."""

    def __init__(self, on: bool = True, volume: float = 0.7) -> None:
        self.on = on
        self.volume = volume
        self._effects: dict[str, QSoundEffect] = {}

    def load(self) -> None:
        """Load the sounds when there is something to play them on."""
        if not self.on or self._effects or not _may_have_loudspeaker():
            return
        try:
            from PySide6.QtMultimedia import QMediaDevices, QSoundEffect
        except ImportError:  # a station without the sound libraries
            return
        if not QMediaDevices.audioOutputs():
            return
        for kind, name in FILE_OF.items():
            effect = QSoundEffect()
            effect.setSource(QUrl.fromLocalFile(str(resources() / "sounds" / f"{name}.wav")))
            self._effects[kind] = effect

    def play(self, kind: str) -> None:
        """Begin the sound of an answer's kind; returns at once."""
        effect = self._effects.get(kind)
        if self.on and effect is not None:
            effect.setVolume(self.volume)
            effect.play()


def _may_have_loudspeaker() -> bool:
    """A cheap look before a library is loaded that stops the window for a tenth of a second."""
    if sys.platform != "linux":
        return True
    cards = Path("/proc/asound/cards")
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"))
    sockets = (runtime / "pulse" / "native", runtime / "pipewire-0")
    known = cards.exists() and "no soundcards" not in cards.read_text(encoding="utf-8")
    return known or "PULSE_SERVER" in os.environ or any(socket.exists() for socket in sockets)
