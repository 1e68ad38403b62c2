"""The panel of a question: its words, its field, its choices, its buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.cards import Card
from wms_app.desk.drop import DropArea
from wms_app.desk.pad import NumberPad
from wms_app.desk.style import GAP
from wms_app.desk.words import Button, label

Kind = Literal["number", "text", "secret", "reason", "choice", "file", "confirm", "notice", "read"]


@dataclass(frozen=True)
class Question:
    """What is asked: `choices` are (value, label); `text` is Markdown for `read`."""

    kind: Kind
    title: str
    prompt: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    text: str = ""


class Panel(Card):
    """Draws one question. `answered(value)`: chosen; `accepted`: what Enter does; `left`: Esc."""

    answered = Signal(str)
    accepted = Signal()
    left = Signal()

    def __init__(self, question: Question, parent: QWidget) -> None:
        super().__init__(padding=6 * GAP)
        self.setParent(parent)
        self.setProperty("takes_keys", True)
        self.field: QLineEdit | None = None
        kind = question.kind
        self.body.setSpacing(3 * GAP)
        self.body.addWidget(label(question.title, "title", wrap=True))
        if question.prompt:
            self.body.addWidget(label(question.prompt, "context", wrap=True))
        if question.choices:
            self.body.addWidget(self._choices(question.choices), 1)
        if kind == "file":
            self.body.addWidget(self._drop())
        if kind in ("number", "text", "secret", "reason", "file"):
            self.field = _entry(kind)
            self.body.addWidget(self.field)
        if kind in ("number", "secret"):
            pad = NumberPad()
            pad.key.connect(self._pad)
            self.body.addWidget(pad)
        if kind == "read":
            self.body.addWidget(_page(question.text), 1)
        self.body.addLayout(self._buttons(kind))

    def _choices(self, choices: tuple[tuple[str, str], ...]) -> QWidget:
        inside = QWidget()
        inside.setProperty("clear", True)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GAP)
        for place, (value, text) in enumerate(choices):
            words = f"{place + 1}   {text}" if place < 9 else f"     {text}"
            button = Button(words)
            button.setProperty("choice", True)
            button.clicked.connect(lambda _checked=False, chosen=value: self.answered.emit(chosen))
            column.addWidget(button)
        if len(choices) <= 6:
            return inside
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumHeight(6 * (style.TARGET + 2 * GAP))
        return scroll

    def _drop(self) -> DropArea:
        area = DropArea()
        area.show_words(_("Drop the file here"), _("or press Space here to choose it"))
        area.chosen.connect(self.answered)
        return area

    def _buttons(self, kind: Kind) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addStretch(1)
        if kind not in ("notice", "read"):
            no = Button((_("No") if kind == "confirm" else _("Cancel")) + "   Esc")
            no.clicked.connect(self.left)
            line.addWidget(no)
        if kind not in ("choice", "number", "secret"):  # the number pad has its own
            words = _("Yes") if kind == "confirm" else _("OK")
            yes = Button(words + "   ⏎", primary=True)
            yes.setObjectName("accept")
            yes.clicked.connect(self.accepted)
            line.addWidget(yes)
        return line

    def _pad(self, key: str) -> None:
        if key == "enter":
            self.accepted.emit()
        elif self.field is not None and key == "back":
            self.field.backspace()
        elif self.field is not None:
            self.field.insert(key)


def _entry(kind: Kind) -> QLineEdit:
    field = QLineEdit()
    field.setFont(style.font("quantity" if kind in ("number", "secret") else "floor"))
    if kind == "secret":
        field.setEchoMode(QLineEdit.EchoMode.Password)
    if kind == "number":
        field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        field.setMaxLength(9)
        field.textEdited.connect(
            lambda text: field.setText("".join(c for c in text if c in "0123456789.,"))
        )
    if kind == "reason":
        field.setPlaceholderText(_("or in your own words"))
    if kind == "file":
        field.setPlaceholderText(_("or type the path"))
    return field


def _page(text: str) -> QWidget:
    from PySide6.QtWidgets import QTextBrowser

    page = QTextBrowser()
    page.setFrameShape(QTextBrowser.Shape.NoFrame)
    page.document().setDocumentMargin(0)
    page.setMarkdown(text)
    page.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return page
