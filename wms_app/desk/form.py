"""A form of labelled fields: typed with Tab between them, saved with Enter or by its button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit

from wms_app.desk import icons, style
from wms_app.desk.cards import Card
from wms_app.desk.words import Button, label


class _Choice(QComboBox):
    """A list to choose from, with the arrow that says so."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = 4 * style.GAP
        token = "ink2" if self.isEnabled() else "ink3"
        arrow = icons.pixmap("down", token, size, self.devicePixelRatioF())
        left = self.width() - size - 3 * style.GAP
        QPainter(self).drawPixmap(left, (self.height() - size) // 2, arrow)


@dataclass(frozen=True)
class Field:
    """One field: `choices` as (value, label) makes it a list to choose from; `secret` hides it."""

    name: str
    label: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    secret: bool = False
    hint: str = ""


class FormCard(Card):
    """Fields under a title; `saved` carries what they hold, by field name."""

    saved = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(4 * style.GAP)
        self._grid.setVerticalSpacing(2 * style.GAP)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self._button = Button("", primary=True)
        self._button.clicked.connect(self._save)
        self.body.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        self._fields: tuple[Field, ...] = ()
        self._inputs: dict[str, QLineEdit | QComboBox] = {}

    def show_form(self, title: str, fields: Sequence[Field], save: str, *, across: int = 1) -> None:
        """Show these fields; what is being typed stays while the same fields are shown again.

        With more than one `across`, the fields stand side by side below their labels.
        """
        if self._fields == tuple(fields) and self._button.text() == save:
            return
        self._fields = tuple(fields)
        self.set_title(title)
        self._button.setText(save)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._inputs = {}
        self._grid.setColumnStretch(0, 0)  # of a form that stood side by side before
        for place, field in enumerate(self._fields):
            self._inputs[field.name] = entry = self._entry(field)
            entry.setObjectName(field.name)
            entry.setAccessibleName(field.label)
            caption = label(field.label, "body")
            caption.setBuddy(entry)
            row, column = divmod(place, across)
            if across == 1:
                self._grid.addWidget(caption, row, 0)
                self._grid.addWidget(entry, row, 1)
            else:
                self._grid.setColumnStretch(column, 1)
                self._grid.addWidget(caption, 2 * row, column)
                self._grid.addWidget(entry, 2 * row + 1, column)

    def focus(self, name: str = "") -> None:
        """Put the cursor into a field, the first if none is named."""
        name = name or (self._fields[0].name if self._fields else "")
        if name in self._inputs:
            self._inputs[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def _entry(self, field: Field) -> QLineEdit | QComboBox:
        if field.choices:
            box = _Choice()
            for value, words in field.choices:
                box.addItem(words, value)
            box.setCurrentIndex(max(0, box.findData(field.value)))
            box.setMinimumHeight(style.TARGET)
            return box
        line = QLineEdit(field.value)
        line.setPlaceholderText(field.hint)
        line.setMinimumHeight(style.TARGET)
        if field.secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        line.returnPressed.connect(self._save)
        return line

    def _save(self) -> None:
        held = {
            name: entry.currentData() if isinstance(entry, QComboBox) else entry.text().strip()
            for name, entry in self._inputs.items()
        }
        self.saved.emit(held)
