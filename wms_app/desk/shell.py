"""How the window is laid out: header, rail, room, answer, scan line, keys."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from wms_app.desk import style
from wms_app.desk.band import AnswerBand
from wms_app.desk.header import Header, HeaderInfo
from wms_app.desk.keybar import KeyBar
from wms_app.desk.progress import ProgressPanel
from wms_app.desk.prompt import Prompt
from wms_app.desk.rail import Rail
from wms_app.desk.scanline import ScanLine
from wms_app.desk.style import GAP


class Shell(QWidget):
    """The parts of the window in their places; what they say is the window's business."""

    painted = Signal()  # once, after the first picture

    def __init__(self, info: HeaderInfo) -> None:
        super().__init__()
        self.was_painted = False
        self.header = Header(info)
        self.rail = Rail()
        self.rooms = QStackedWidget()
        # A room gives way while progress or an answer is shown: the window never grows by it.
        self.rooms.setMinimumSize(1, 1)
        self.progress = ProgressPanel()
        self.band = AnswerBand()
        self.line = ScanLine()
        self.keys = KeyBar()
        self._lay_out()
        self.prompt = Prompt(self)
        self.progress.hide()
        self._scans = True

    def show_signed_in(self, signed_in: bool) -> None:
        """The rail is there for somebody only."""
        self.rail.setVisible(signed_in)
        self.line.signed_in = signed_in
        self.line.show_hint()

    def show_scanning(self, scans: bool) -> None:
        """A room that is not worked with a scanner gives band and line up until they are needed."""
        self._scans = scans
        self.line.setVisible(scans)
        self.band.setVisible(scans)

    def wake(self, line: bool = False) -> None:
        """Something is to be said: show the band, and the line when it was typed or scanned."""
        self.band.setVisible(self._scans or self.band.answer is not None)
        if line:
            self.line.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), style.color("bg"))
        if not self.was_painted:
            self.was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def _lay_out(self) -> None:
        work = QVBoxLayout()
        work.setContentsMargins(6 * GAP, 5 * GAP, 6 * GAP, 5 * GAP)
        work.setSpacing(4 * GAP)
        work.addWidget(self.rooms, 1)
        for part in (self.progress, self.band, self.line):
            work.addWidget(part)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(work, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(middle, 1)
        column.addWidget(self.keys)
