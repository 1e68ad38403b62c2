"""What the bench camera sees, small in the corner of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.style import GAP

SIZE = (60 * GAP, 45 * GAP)


class CameraPreview(QWidget):
    """Lies over the lower right corner of `over`; a tap puts it away."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._image: QImage | None = None
        self._codes: tuple[str, ...] = ()
        self._words = ""
        self.setFixedSize(*SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        over.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        """Show it, or put it away."""
        self.setVisible(not self.isVisible())
        if self.isVisible():
            self._place()
            self.raise_()

    def show_picture(self, rgb: bytes, width: int, height: int, codes: Sequence[str]) -> None:
        """The picture that was taken last, as rows of red, green and blue; the codes read in it."""
        self._codes = tuple(codes)
        image = QImage(rgb, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._image, self._words = image.copy(), ""
        self.update()

    def show_words(self, words: str) -> None:
        """Why there is no picture."""
        self._image, self._words = None, words
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(style.color("brand"))
        painter.setBrush(style.color("panel"))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, style.RADIUS, style.RADIUS)
        inside = box.adjusted(GAP, GAP, -GAP, -GAP)
        if self._image is None:
            painter.setPen(style.color("ink2"))
            painter.setFont(style.font("muted"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(inside, flags, self._words or _("No picture yet"))
            return
        size = self._image.size().scaled(inside.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        left = inside.left() + (inside.width() - size.width()) / 2
        top = inside.top() + (inside.height() - size.height()) / 2
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
        painter.setFont(style.font("muted"))
        painter.setPen(style.color("ink"))
        metrics = QFontMetricsF(painter.font())
        words = metrics.elidedText(
            " · ".join(self._codes), Qt.TextElideMode.ElideRight, inside.width()
        )
        painter.drawText(
            inside, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, words
        )

    def _place(self) -> None:
        over = self.parentWidget()
        if over is not None:
            self.move(
                over.width() - self.width() - 2 * GAP, over.height() - self.height() - 2 * GAP
            )
