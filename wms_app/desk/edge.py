"""The whole window's edge flashes in the colour of an answer: seen from the corner of the eye."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wms_app.desk import style
from wms_app.desk.style import GAP

WIDTH = 2 * GAP
_COLOR_OF = {"ok": "ok", "done": "brand", "warn": "warn", "bad": "bad"}


class Edge:
    """Four bars around `window`; they take no room and no clicks, and are gone in a moment."""

    def __init__(self, window: QWidget) -> None:
        self.on = True
        self._window = window
        self._bars = [_Bar(window) for _side in range(4)]
        self._timer = QTimer(window)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._end)

    @property
    def lit(self) -> bool:
        """Whether it flashes now."""
        return self._bars[0].isVisible()

    def flash(self, kind: str) -> None:
        """Flash for an answer of this kind."""
        if not self.on:
            return
        wide, high = self._window.width(), self._window.height()
        places = (
            QRect(0, 0, wide, WIDTH),
            QRect(0, high - WIDTH, wide, WIDTH),
            QRect(0, WIDTH, WIDTH, high - 2 * WIDTH),
            QRect(wide - WIDTH, WIDTH, WIDTH, high - 2 * WIDTH),
        )
        for bar, place in zip(self._bars, places):
            bar.color = _COLOR_OF[kind]
            bar.setGeometry(place)
            bar.show()
            bar.raise_()
            bar.update()
        self._timer.start(style.FLASH_MS)

    def _end(self) -> None:
        for bar in self._bars:
            bar.hide()


class _Bar(QWidget):
    color = "ok"

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), style.color(self.color))
