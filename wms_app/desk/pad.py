"""A number pad for fingers: PIN, pieces, grams."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from wms_app.desk.icons import pixmap
from wms_app.desk.style import GAP, TARGET
from wms_app.desk.words import Button

_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "back", "0", "enter")


class NumberPad(QWidget):
    """Ten digits, back and enter; `key` tells which was pressed. It never takes the focus."""

    key = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2 * GAP)
        for place, name in enumerate(_KEYS):
            button = Button("" if name in ("back", "enter") else name, primary=name == "enter")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setMinimumSize(TARGET + 6 * GAP, TARGET + GAP)
            button.setAccessibleName(name)
            if name == "back":
                button.setIcon(pixmap("back", "ink2", 22))
            elif name == "enter":
                button.setIcon(pixmap("tick", "onbrand", 22))
            button.clicked.connect(lambda _checked=False, pressed=name: self.key.emit(pressed))
            grid.addWidget(button, place // 3, place % 3)
