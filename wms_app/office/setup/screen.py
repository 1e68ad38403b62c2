"""What Setup looks like: its sections as a row of buttons, a table, a form beside it."""

from __future__ import annotations

import json

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wms_app.base.texts import LANGUAGES, _
from wms_app.base.who import ROLES
from wms_app.desk import style
from wms_app.desk.cards import Card
from wms_app.desk.form import Field, FormCard
from wms_app.desk.screen import Screen, show_only
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.desk.tap import KeyTap
from wms_app.desk.words import Button, label
from wms_app.floor.catalog.model import WAREHOUSE_RULES
from wms_app.office.people.words import role_words
from wms_app.office.setup.paper_forms import form_of
from wms_app.office.setup.presenter import SECTIONS, SetupView
from wms_app.office.setup.printing import ways
from wms_app.office.setup.screen_designer import DesignerPane
from wms_app.office.setup.screen_learning import LearningPane
from wms_app.office.setup.service import PAPERS, PHOTOGRAPHS


class SetupScreen(Screen):
    """Draws SetupView."""

    scans = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: SetupView | None = None
        self._title = label("", "title")
        self._buttons = {name: Button("") for name in SECTIONS}
        sections = QHBoxLayout()
        sections.setSpacing(2 * style.GAP)
        sections.addWidget(self._title)
        sections.addStretch(1)
        for name, button in self._buttons.items():
            button.clicked.connect(lambda _on=False, name=name: self.acted.emit("section", name))
            sections.addWidget(button)
        self._table = RowsTable([Column("")])
        self._table.picked.connect(lambda key: self.acted.emit("choose", str(key)))
        self._table.opened.connect(self._open)
        table_card = Card()
        table_card.body.addWidget(self._table)
        self._form = FormCard()
        self._form.saved.connect(self._save)
        self._said = label("", "context", wrap=True)
        self._below = QWidget()
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(4 * style.GAP)
        below.addWidget(table_card, 2)
        below.addWidget(self._form, 1)
        self._table_card = table_card
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * style.GAP)
        layout.addLayout(sections)
        layout.addWidget(self._said)
        layout.addWidget(self._below, 1)
        self.designer = DesignerPane()
        self.designer.acted.connect(self.acted)
        self.designer.hide()
        layout.addWidget(self.designer, 1)
        self.learning = LearningPane()
        self.learning.hide()
        layout.addWidget(self.learning, 1)
        self._tap = KeyTap(self)
        self._tap.heard.connect(lambda burst: self.acted.emit("heard", burst))
        self.retranslate()

    def retranslate(self) -> None:
        """The static words again."""
        self._title.say(_("Setup"))
        for name, button in self._buttons.items():
            button.setText(section_words(name))

    def draw(self, view: SetupView) -> None:
        """Show the section with its rows and its form."""
        self._view = view
        for name, button in self._buttons.items():
            page = {"jobs": "printers", "learn": "devices"}.get(view.section, view.section)
            button.show_chosen(name == page)
        self._table.set_columns(_columns(view.section))
        self._table_card.setVisible(view.section not in ("warehouse", "designs", "learn"))
        self._show_rows(view)
        title, fields = _form(view)
        self._form.setVisible(bool(fields))
        if fields:
            across = 2 if view.section == "warehouse" else 1  # ten fields below each other are cut
            save = _("Print") if view.section == "papers" else _("Save")
            self._form.show_form(title, fields, save, across=across)
        self._said.say(_hint(view))
        drawing, learning = view.design is not None, view.learning is not None
        plain = not (drawing or learning)
        show_only(
            (self._said, plain),
            (self._below, plain),
            (self.designer, drawing),
            (self.learning, learning),
        )
        if view.design is not None:
            self.designer.draw(view.design)
        if view.learning is not None:
            self.learning.draw(view.learning)
        self.keys_wanted.emit(self._tap.take if learning else None)

    def _show_rows(self, view: SetupView) -> None:
        if view.taken_in is not None and view.taken_in.findings:
            self._table.set_columns([Column(_("row"), 90, "right"), Column(_("what is wrong"))])
            self._table.show_rows(
                [(place, row, words) for place, (row, words) in enumerate(view.taken_in.findings)]
            )
            return
        self._table.show_rows(
            [
                (row.key, *(Cell(cell, "muted" if row.off else "") for cell in row.cells))
                for row in view.rows
            ]
        )

    def _open(self, key: object) -> None:
        if self._view is None:
            return
        match self._view.section:
            case "files":
                self.acted.emit(f"take_in_{key}", "")
            case _:
                self.acted.emit("choose", str(key))
                self._form.focus()

    def _save(self, values: dict[str, str]) -> None:
        if self._view is not None:
            what = {"people": "person", "clients": "client"}.get(
                self._view.section, self._view.section
            )
            self.acted.emit(f"save_{what}", json.dumps(values))


def section_words(section: str) -> str:
    """A section's name."""
    return {
        "people": _("People"),
        "clients": _("Clients"),
        "warehouse": _("Warehouse"),
        "files": _("Files"),
        "papers": _("Papers"),
        "printers": _("Printers"),
        "devices": _("Devices"),
        "designs": _("Designs"),
    }[section]


def _columns(section: str) -> list[Column]:
    match section:
        case "people":
            return [
                Column(_("name"), strong=True),
                Column(_("role"), 150),
                Column(_("language"), 120),
                Column("", 90),
            ]
        case "clients":
            return [
                Column(_("client"), 96, strong=True),
                Column(_("company")),
                Column(_("ships from"), 180),
                Column("", 124),
            ]
        case "files":
            return [
                Column(_("what"), 150, strong=True),
                Column(_("here now"), 110, "right"),
                Column(_("columns")),
            ]
        case "printers":
            return [
                Column(_("paper"), 170, strong=True),
                Column(_("printer"), 250),
                Column(_("for example")),
            ]
        case "jobs":
            return [
                Column(_("time"), 96),
                Column(_("what"), 330, strong=True),
                Column(_("paper"), 150),
                Column(_("what became of it")),
                Column(_("who"), 120),
            ]
        case "devices":
            return [
                Column(_("device"), 210, strong=True),
                Column(_("where")),
                Column(_("what it says")),
            ]
        case _:
            return [Column(_("paper"), 220, strong=True), Column(_("what for"))]


def _hint(view: SetupView) -> str:
    if view.taken_in is not None:
        return view.taken_in.text
    return {
        "people": _("Choose a person to change them, or fill in the form to add one."),
        "clients": _("Choose a client to change its rules. New clients come by file."),
        "warehouse": _("These facts stand on labels and papers."),
        "files": _("Choose what to take in; bad rows are named, and nothing is half done."),
        "papers": _("Choose a paper to print."),
        "devices": _("Choose a device to test or use it. Scan anything to try a scanner."),
        "learn": "",
        "designs": "",
        "printers": _("Choose a paper, say what prints it: {ways}").format(ways=ways()),
        "jobs": _("What this station printed. Choose a paper to print it again."),
    }[view.section]


def _form(view: SetupView) -> tuple[str, list[Field]]:
    facts = view.facts
    match view.section:
        case "people":
            roles = tuple((role, role_words(role)) for role in ROLES)
            fields = [
                Field("role", _("Role"), facts.get("role", "picker"), roles),
                Field("language", _("Language"), facts.get("language", "en"), _languages()),
                Field("pin", _("PIN"), "", secret=True, hint=_pin_hint(view)),
            ]
            if view.chosen:
                return facts.get("name", ""), fields
            return _("Add a person"), [Field("name", _("Name")), *fields]
        case "clients" if view.chosen:
            return facts.get("name", ""), _client_fields(facts)
        case "warehouse":
            return facts.get("code", ""), [
                Field("name", _("Warehouse's name"), facts.get("name", "")),
                Field("line1", _("Street"), facts.get("line1", "")),
                Field("city", _("City"), facts.get("city", "")),
                Field("region", _("State or region"), facts.get("region", "")),
                Field("postal_code", _("Postal code"), facts.get("postal_code", "")),
                Field("country", _("Country (two letters)"), facts.get("country", "")),
                Field("zone", _("Time zone"), facts.get("zone", "")),
                Field("currency", _("Currency"), facts.get("currency", "")),
                Field("company_prefix", _("GS1 prefix"), facts.get("company_prefix", "")),
                Field("paper", _("Paper"), facts.get("paper", ""), _papers()),
            ]
        case "papers":
            return _paper_form(view)
        case "printers" if facts:
            return facts["title"], [Field("printer", _("Printer"), facts["printer"])]
        case "devices" if facts:
            yes_no = (("yes", _("yes")), ("no", _("no")))
            return _("This station"), [
                Field("scanners", _("Scanners"), facts["scanners"]),
                Field("scale", _("Scale"), facts["scale"]),
                Field("camera", _("Camera"), facts["camera"]),
                Field("sound", _("Sounds"), facts["sound"], yes_no),
                Field("volume", _("Volume (0-100)"), facts["volume"]),
                Field("flash", _("Edge flashes"), facts["flash"], yes_no),
            ]
        case _:
            return "", []


def _client_fields(facts: dict[str, str]) -> list[Field]:
    rules = {
        "fixed": _("its own warehouse"),
        "nearest": _("nearest to the buyer"),
        "slowest": _("slowest stock first"),
    }
    photographs = {
        "no": _("none"),
        "fragile": _("with something fragile"),
        "all": _("every parcel"),
    }
    yes_no = (("no", _("no")), ("yes", _("yes")))
    return [
        Field(
            "warehouse_rule",
            _("Orders ship from"),
            facts.get("warehouse_rule", "fixed"),
            tuple((rule, rules[rule]) for rule in WAREHOUSE_RULES),
        ),
        Field("ships_in_parts", _("In parts"), facts.get("ships_in_parts", "no"), yes_no),
        Field("own_labels", _("Own labels"), facts.get("own_labels", "no"), yes_no),
        Field("packing_slip", _("Packing slip"), facts.get("packing_slip", "no"), yes_no),
        Field(
            "photograph",
            _("Photographs"),
            facts.get("photograph", "no"),
            tuple((name, photographs[name]) for name in PHOTOGRAPHS),
        ),
        Field(
            "photograph_over",
            _("Photo if worth over"),
            facts.get("photograph_over", "0.00"),
            hint=_("0: no matter what it is worth"),
        ),
    ]


def _paper_form(view: SetupView) -> tuple[str, list[Field]]:
    form = form_of(view.chosen)
    if form is None:
        return "", []
    return form.title, [
        Field(ask.name, ask.words, ask.value, ask.choices, hint=ask.hint) for ask in form.asks
    ]


def _languages() -> tuple[tuple[str, str], ...]:
    return tuple(LANGUAGES.items())


def _papers() -> tuple[tuple[str, str], ...]:
    return tuple((paper, paper) for paper in PAPERS)


def _pin_hint(view: SetupView) -> str:
    return _("empty: stays as it is") if view.chosen else _("four digits or more")
