"""Takes a scanner's keys raw, for whoever learns how it types."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from wms_app.desk.keys import Key, readings
from wms_app.desk.scanner import ENDS, Habit, prints, takes_text

_QUIET_MS = 350  # after so long without a key a code is complete
_PLAIN = Habit()


class KeyTap(QObject):
    """`heard` gives each burst as JSON of `typed`, `us`, `gap_ms` and `end` (enter, tab or "")."""

    heard = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: list[Key] = []
        self._end = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_QUIET_MS)
        self._timer.timeout.connect(self._complete)

    def take(self, key: Key) -> bool:
        """Whether the press belongs to a code: its characters, and what ends them."""
        if key.target is not None and takes_text(key.target) and not self._keys:
            return False
        if key.event.key() in ENDS or key.text in ("\r", "\n"):
            if not self._keys:
                return False
            self._end = self._end or ("tab" if key.event.key() == Qt.Key.Key_Tab else "enter")
        elif prints(key, _PLAIN):
            if self._end:  # the next code comes on its heels: what was complete is told first
                self._complete()
            self._keys.append(key)
        else:
            return False
        self._timer.start()
        return True

    def _complete(self) -> None:
        keys, end = self._keys, self._end
        self._keys, self._end = [], ""
        self._timer.stop()
        if not keys:
            return
        typed, us = readings(keys)
        gap = keys[-1].after(keys[0]) / (len(keys) - 1) if len(keys) > 1 else 0
        self.heard.emit(json.dumps({"typed": typed, "us": us, "gap_ms": gap, "end": end}))
