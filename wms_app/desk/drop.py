"""Where a file is dropped, or chosen by key."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wms_app.desk import style
from wms_app.desk.icons import Icon
from wms_app.desk.style import GAP
from wms_app.desk.words import label


class DropArea(QWidget):
    """Takes a file: dropped here, or chosen after Enter, Space or a tap."""

    chosen = Signal(str)  # path

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(20 * GAP)
        self._over = False
        self._title = label(role="strong")
        self._hint = label(role="muted", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(GAP)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._hint)
        words.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(5 * GAP, 3 * GAP, 5 * GAP, 3 * GAP)
        line.setSpacing(4 * GAP)
        line.addWidget(Icon("file", "brand", 32))
        line.addLayout(words, 1)

    def show_words(self, title: str, hint: str = "") -> None:
        """What may be dropped here, and which key does the same."""
        self._title.say(title)
        self._hint.say(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(title)

    def choose(self) -> None:
        """Open the chooser of the system."""
        from PySide6.QtWidgets import QFileDialog

        path, _filter = QFileDialog.getOpenFileName(self.window(), self._title.said())
        if path:
            self.chosen.emit(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_over(False)
        for url in event.mimeData().urls():
            if url.isLocalFile():
                event.acceptProposedAction()
                self.chosen.emit(url.toLocalFile())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.choose()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.choose()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self._over or self.hasFocus()
        pen = QPen(style.color("brand" if strong else "ink3"), 2 if strong else 1.4)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(style.color("brandbg" if self._over else "panel"))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, style.RADIUS, style.RADIUS)

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()
