"""Questions inside the window: a number, words, a choice, a file, yes or no."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from wms_app.base.conversation import Action
from wms_app.desk import style
from wms_app.desk.panel import Kind, Panel, Question
from wms_app.desk.style import GAP
from wms_app.desk.words import Button

__all__ = ["Prompt", "Question", "question_of"]

_PANEL_WIDTH = 140 * GAP
_READ_WIDTH = 190 * GAP


def question_of(action: Action) -> Question:
    """The question that an action asks before it is done."""
    kind: Kind = action.asks or "notice"
    return Question(kind, action.label, action.prompt, action.choices)


class Prompt(QWidget):
    """A veil over the room with one panel on it; scanner, keys and fingers answer it.

    Digits 1..9 choose, Enter accepts, Esc leaves. A scan answers a question for words.
    """

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self._question: Question | None = None
        self._done: Callable[[str], None] | None = None
        self._panel: Panel | None = None
        self._field: QLineEdit | None = None
        self._came_from: QWidget | None = None
        self.setProperty("takes_keys", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        parent.installEventFilter(self)
        self.hide()

    @property
    def question(self) -> Question | None:
        """What is asked now; None when nothing is."""
        return self._question

    def ask(self, question: Question, done: Callable[[str], None]) -> None:
        """Ask; `done(value)` is called with the answer, nothing is called when it is left."""
        if self._question is None:
            self._came_from = QApplication.focusWidget()
        self._take_down()
        self._question, self._done = question, done
        self._panel = Panel(question, self)
        self._panel.answered.connect(self.answer)
        self._panel.accepted.connect(self.accept)
        self._panel.left.connect(self.leave)
        self._field = self._panel.field
        if self._field is not None:
            self._field.installEventFilter(self)
        self.setGeometry(self._under.rect())
        self.show()
        self.raise_()
        self._panel.show()
        self._place()
        (self._field or self._first_button() or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Close without an answer."""
        self._take_down()
        self._question = self._done = None
        self.hide()
        if self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def answer(self, value: str) -> None:
        """Close with `value`."""
        done = self._done
        self.leave()
        if done is not None:
            done(value)

    def scanned(self, raw: str) -> bool:
        """Take a scan as the answer; False when it is none.

        What is secret is typed: a scan (a badge) is then for the room, and the question is left.
        """
        question = self._question
        if question is None:
            return False
        if question.kind == "secret":
            self.leave()
            return False
        if question.kind in ("text", "reason"):
            self.answer(raw)
            return True
        if question.kind == "number" and raw.isascii() and raw.isdigit() and len(raw) <= 6:
            self.answer(raw)
            return True
        chosen = next((value for value, _label in question.choices if value == raw), None)
        if chosen is not None:
            self.answer(chosen)
        return chosen is not None

    def accept(self) -> None:
        """What Enter does."""
        question = self._question
        if question is None:
            return
        if question.kind in ("confirm", "notice", "read"):
            self.answer("yes")
        elif self._field is not None and self._field.text().strip():
            self.answer(self._field.text().strip())

    def type(self, text: str) -> None:
        """A character typed while a button of the panel has the focus."""
        if not self._choose(text) and self._field is not None:
            self._field.setFocus()
            self._field.insert(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        elif event.text() and event.text().isprintable():
            self.type(event.text())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside the panel."""
        stops = [
            part
            for part in self.findChildren(QWidget)
            if part.isVisible()
            and part.isEnabled()
            and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if stops:
            now = QApplication.focusWidget()
            place = stops.index(now) if now in stops else -1
            stops[(place + (1 if forward else -1)) % len(stops)].setFocus()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._under.rect())
            self._place()
        empty = self._field is not None and watched is self._field and not self._field.text()
        if empty and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._choose(event.text())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        veil = style.color("veil")
        veil.setAlpha(130)
        QPainter(self).fillRect(QRectF(self.rect()), veil)

    def mousePressEvent(self, event: object) -> None:
        """The room below is not to be touched while something is asked."""

    def _take_down(self) -> None:
        if self._panel is not None:
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = self._field = None

    def _place(self) -> None:
        if self._panel is None or self._question is None:
            return
        wide = _READ_WIDTH if self._question.kind == "read" else _PANEL_WIDTH
        width = min(wide, self.width() - 8 * GAP)
        self._panel.setFixedWidth(width)
        wanted = max(self._panel.sizeHint().height(), self._panel.heightForWidth(width))
        height = min(wanted, self.height() - 8 * GAP)
        if self._question.kind == "read":
            height = self.height() - 12 * GAP
        self._panel.setGeometry(
            (self.width() - width) // 2, (self.height() - height) // 2, width, height
        )

    def _first_button(self) -> QWidget | None:
        buttons = self.findChildren(Button)
        return next((b for b in buttons if b.objectName() == "accept"), None) or next(
            iter(buttons), None
        )

    def _choose(self, text: str) -> bool:
        choices = self._question.choices if self._question is not None else ()
        if len(text) == 1 and text in "123456789" and int(text) <= len(choices):
            self.answer(choices[int(text) - 1][0])
            return True
        return False
