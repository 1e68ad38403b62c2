"""Python's garbage is collected on the window's own thread alone.

Objects that point at each other in a circle are collected by whichever thread happens to make the
next one. Among them are parts of the window, and Qt's objects must die on the window's thread: one
that dies on another takes the whole process with it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500


class Tidy(QObject):
    """Collects now and then, as much as Python itself would; to be made and stopped by the window.

    From then on no other thread collects anything, until `stop`.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(EVERY_MS)

    def stop(self) -> None:
        """Collect what the window leaves, then let Python do it again by itself."""
        self._timer.stop()
        gc.collect()
        gc.enable()

    def _look(self) -> None:
        made, most = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if made[generation] > most[generation]:
                gc.collect(generation)
                return
