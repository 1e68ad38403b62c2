"""The line that shows what was scanned last, and takes what is typed by hand."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.icons import Icon
from wms_app.desk.style import GAP
from wms_app.desk.words import label


class ScanLine(QWidget):
    """`submitted(text)`: a person typed a code and pressed Enter."""

    submitted = Signal(str)
    left = Signal()  # Esc: back to the work

    def __init__(self) -> None:
        super().__init__()
        self.signed_in = False  # nothing can be found before
        self._field = _Field()
        self._field.setProperty("plain", True)
        self._field.setFont(style.font("scan"))
        self._field.returnPressed.connect(self._submit)
        self._field.escaped.connect(self._escape)
        self._field.focused.connect(self.update)
        self._hint = label(role="muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(3 * GAP, GAP, 4 * GAP, GAP)
        line.setSpacing(2 * GAP)
        line.addWidget(Icon("play", "brand", 14))
        line.addWidget(self._field, 1)
        line.addWidget(self._hint)
        self.setFixedHeight(style.TARGET)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self._field)
        self._last = ""
        self.show_hint()

    def show_scan(self, raw: str) -> None:
        """What was scanned last; separators that cannot be seen are shown as a symbol."""
        self._last = raw
        self._field.setText("".join(_visible(c) for c in raw))
        self._field.deselect()
        self._field.setCursorPosition(0)
        self._field.fresh = True

    def take(self, text: str) -> None:
        """Something was typed while no field had the focus: it goes here."""
        if not self._field.hasFocus():
            self._field.clear()
            self._field.fresh = False
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._field.fresh:
            self._field.clear()
            self._field.fresh = False
        self._field.insert(text)

    def text(self) -> str:
        """What the line shows."""
        return self._field.text()

    def show_hint(self, words: str = "") -> None:
        """A quiet word at the right; "" gives the usual one."""
        anything = _("scan anything · Ctrl K to find")
        badge = _("scan your badge, or type your number")
        self._hint.say(words or (anything if self.signed_in else badge))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.color("brand"), 2))
        painter.setBrush(style.color("panel"))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, 8, 8)

    def _submit(self) -> None:
        text = self._field.text().strip()
        if self._field.fresh:
            text = self._last
        if text:
            self._field.fresh = True
            self._last = text
            self.submitted.emit(text)

    def _escape(self) -> None:
        self._field.clear()
        self.left.emit()


class _Field(QLineEdit):
    """The text of the scan line. No input method: a scanner must not be asked for a reading."""

    escaped = Signal()
    focused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fresh = False  # it shows a scan; the next character begins anew
        self.setFrame(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        if self.fresh and event.text().isprintable() and event.text():
            self.clear()
            self.fresh = False
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()
        if self.fresh:
            QTimer.singleShot(0, self.selectAll)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.deselect()
        self.focused.emit()


def _visible(character: str) -> str:
    """A separator, which has no picture of its own, as a bar."""
    return "|" if ord(character) < 32 else character
