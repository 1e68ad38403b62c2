"""What the sign-in looks like: one line to read, the names as big buttons."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from wms_app.base.texts import _
from wms_app.base.who import ROLES
from wms_app.desk import style
from wms_app.desk.cards import Card, InstructionCard
from wms_app.desk.screen import Screen
from wms_app.desk.words import Button
from wms_app.office.people.presenter import Person, SignInView
from wms_app.office.people.words import role_words

COLUMNS = 3


class SignInScreen(Screen):
    """Draws SignInView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = InstructionCard()
        self._card = Card()
        self._grid = QGridLayout()
        self._grid.setSpacing(3 * style.GAP)
        self._card.body.addLayout(self._grid)
        self._card.body.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * style.GAP)
        layout.addWidget(self._step)
        layout.addWidget(self._card, 1)
        self._shown: tuple[Any, ...] = ()
        self._asked = ""

    def draw(self, view: SignInView) -> None:
        """Show the step; the question for a PIN opens by itself."""
        self._step.show_step(self._eyebrow(view), *self._words(view))
        content = (view.step, view.people, view.can_load_sample)
        if content != self._shown:
            self._shown = content
            self._show_buttons(view)
        asks = {"pin": "pin", "admin_pin": "admin_pin"}.get(view.step, "")
        if asks and asks != self._asked:
            self.acted.emit(asks, "")
        self._asked = asks

    def retranslate(self) -> None:
        """Draw the buttons anew in the other language."""
        self._shown = ()

    def _eyebrow(self, view: SignInView) -> str:
        return " · ".join(part for part in (view.warehouse, view.station) if part).upper()

    def _words(self, view: SignInView) -> tuple[str, str]:
        match view.step:
            case "admin_name" if view.can_load_sample:
                return _("Welcome to Dock"), _(
                    "This store is new. Press **F5** to load the sample warehouse and look around, "
                    "or **F2** to begin your own as its admin."
                )
            case "admin_name" | "admin_pin":
                return _("Who runs this warehouse?"), _(
                    "The first person becomes its admin and can add everybody else."
                )
            case "pin" if view.chosen:
                return view.chosen.name, _("Type your PIN, or scan your badge.")
            case _:
                return _("Scan your badge"), view.hint or _("Or choose your name below.")

    def _show_buttons(self, view: SignInView) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if view.step == "admin_name":
            self._add(0, _("Begin my own warehouse"), "admin_name", "", primary=True)
            if view.can_load_sample:
                self._add(1, _("Load the sample warehouse"), "load_sample", "")
            return
        for place, person in enumerate(view.people if view.step == "badge" else ()):
            self._add(place, self._name(place, person), "person", str(person.id))

    def _name(self, place: int, person: Person) -> str:
        role = role_words(person.role) if person.role in ROLES else person.role
        return f"{place + 1}   {person.name} · {role}"

    def _add(self, place: int, text: str, action: str, value: str, primary: bool = False) -> None:
        button = Button(text, primary=primary)
        button.clicked.connect(lambda: self.acted.emit(action, value))
        self._grid.addWidget(button, place // COLUMNS, place % COLUMNS)
