"""The bottom bar: what each key does now, as buttons that a finger can press too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from wms_app.base.conversation import Action
from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.style import GAP

_CAP_HEIGHT = 24


class KeyButton(QAbstractButton):
    """A key cap and what the key does."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__()
        self.key = key
        self.setText(text)
        self.setAccessibleName(f"{key} {text}".strip())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(style.font("muted")).horizontalAdvance(self.text())
        cap = self._cap_width()
        between = 2 * GAP if cap and self.text() else 0
        return QSize(round(cap + between + words) + 4 * GAP, style.TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        left = 2.0 * GAP
        middle = self.height() / 2
        cap = self._cap_width()
        if cap:
            box = QRectF(left + 0.5, middle - _CAP_HEIGHT / 2 + 0.5, cap - 1, _CAP_HEIGHT - 1)
            painter.setPen(QPen(style.color("line"), 1))
            painter.setBrush(style.color("cap"))
            painter.drawRoundedRect(box, style.SMALL_RADIUS, style.SMALL_RADIUS)
            painter.setPen(style.color("ink" if self.isEnabled() else "ink3"))
            painter.setFont(style.font("cap"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.key.replace("+", " "))
            left += cap + 2 * GAP
        painter.setFont(style.font("muted"))
        painter.setPen(style.color("ink2" if self.isEnabled() else "ink3"))
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())

    def _paint_ground(self, painter: QPainter) -> None:
        if self.isDown() or self.underMouse() or self.hasFocus():
            ground = "brandbg" if self.isDown() else "hover"
            painter.setBrush(style.color(ground))
            painter.setPen(QPen(style.color("brand"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(room, style.SMALL_RADIUS, style.SMALL_RADIUS)

    def _cap_width(self) -> float:
        if not self.key:
            return 0
        words = QFontMetricsF(style.font("cap")).horizontalAdvance(self.key.replace("+", " "))
        return max(_CAP_HEIGHT + 4.0, words + 4 * GAP)


class KeyBar(QWidget):
    """The actions of the room at the left, those of the house at the right."""

    pressed = Signal(str)  # action name

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(style.TARGET + 1)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(2 * GAP, 1, 2 * GAP, 0)
        self._line.setSpacing(GAP)
        self._actions: tuple[Action, ...] = ()
        self._common: tuple[Action, ...] = ()
        self._hidden: tuple[Action, ...] = ()

    def show_actions(self, actions: Sequence[Action], common: Sequence[Action]) -> None:
        """`actions` of the room, `common` of the house; what has no room goes behind "More"."""
        if (tuple(actions), tuple(common)) != (self._actions, self._common):
            self._actions, self._common = tuple(actions), tuple(common)
            self._lay_out()

    def hidden_actions(self) -> tuple[Action, ...]:
        """The actions that the bar was too narrow for."""
        return self._hidden

    def labels(self) -> list[str]:
        """What the bar offers now, from left to right: "F9 Undo"."""
        return [button.accessibleName() for button in self._buttons()]

    def resizeEvent(self, event: object) -> None:
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), style.color("panel"))
        painter.fillRect(0, 0, self.width(), 1, style.color("line"))

    def _buttons(self) -> list[KeyButton]:
        items = (self._line.itemAt(place) for place in range(self._line.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, KeyButton)]

    def _lay_out(self) -> None:
        for button in self._buttons():
            button.hide()
            button.deleteLater()
        while self._line.count():
            self._line.takeAt(0)
        common = [self._button(action) for action in self._common]
        more = KeyButton("Ctrl+M", _("More"))
        room = self.width() - 4 * GAP - sum(b.sizeHint().width() + GAP for b in common)
        shown = [self._button(action) for action in self._actions if action.label]
        listed = [action for action in self._actions if action.label]
        if sum(b.sizeHint().width() + GAP for b in shown) > room:
            room -= more.sizeHint().width() + GAP
            while shown and sum(b.sizeHint().width() + GAP for b in shown) > room:
                shown.pop().deleteLater()
            more.clicked.connect(lambda: self.pressed.emit("more"))
            shown.append(more)
            self._hidden = tuple(listed[len(shown) - 1 :])
        else:
            more.deleteLater()
            self._hidden = ()
        for button in shown:
            self._line.addWidget(button)
        self._line.addStretch(1)
        for button in common:
            self._line.addWidget(button)

    def _button(self, action: Action) -> KeyButton:
        button = KeyButton(action.key, action.label)
        button.clicked.connect(lambda _checked=False, name=action.name: self.pressed.emit(name))
        return button
