"""The admin's conversation: people, clients, the building, files to take in, papers to print."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from wms_app.base.codes import Scan, new_id
from wms_app.base.conversation import Action, Answer, Progress
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import LANGUAGES, _
from wms_app.base.who import Who
from wms_app.floor.catalog.model import Client, Warehouse
from wms_app.office.people import service as people
from wms_app.office.people.model import User
from wms_app.office.people.words import role_words
from wms_app.office.setup import paper_forms, papers, service
from wms_app.office.setup.designer import Designer, DesignerView
from wms_app.office.setup.devices import DevicesPage, StationChoice, form_of
from wms_app.office.setup.files import KINDS, FileKind, TakenIn, take_in, words_of
from wms_app.office.setup.goods_papers import take_numbers
from wms_app.office.setup.learning import LearningPage, LearningView
from wms_app.office.setup.printing import PrintingPages, print_paper
from wms_app.outside.devices.printer import Printer
from wms_app.outside.printing.station import aimed, dpi_of

SECTIONS = (
    "people",
    "clients",
    "warehouse",
    "files",
    "papers",
    "designs",
    "printers",
    "devices",
)
_CLIENT = (
    Client.name,
    Client.warehouse_rule,
    Client.ships_in_parts,
    Client.own_labels,
    Client.packing_slip,
    Client.photograph_all,
    Client.photograph_fragile,
    Client.photograph_over_minor,
)
_PAGES = ("printers", "jobs", "devices", "learn")  # reached by a key


@dataclass(frozen=True)
class SetupRow:
    """One line of a section: what opens it, and its cells as words."""

    key: str
    cells: tuple[str, ...]
    off: bool = False


@dataclass(frozen=True)
class SetupView:
    """`section` is what is shown; `chosen` the row that is open in the form, with its facts."""

    section: str
    rows: tuple[SetupRow, ...] = ()
    chosen: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    taken_in: TakenIn | None = None
    design: DesignerView | None = None
    learning: LearningView | None = None


class SetupPresenter:
    """Everything is typed or chosen; scans say only that a scanner works."""

    progress: Progress | None = None

    def __init__(
        self,
        store: Store,
        who: Who,
        printer: Printer,
        here: StationChoice | None = None,
        printers: Callable[[Mapping[str, str]], None] = lambda _printers: None,
    ) -> None:
        self._store = store
        self._who = who
        self._printer = printer
        self._devices = DevicesPage(here) if here is not None else None
        self._learning = LearningPage(here.save, self._print_codes) if here is not None else None
        self._printing = PrintingPages(printer, printers, who.zone)
        self._designer: Designer | None = None  # made when it is asked for
        self.view = SetupView("people")

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the section shown can do."""
        match self.view.section:
            case "people" if self.view.chosen:
                stops = self.view.facts.get("active") == "yes"
                word = _("Stop access") if stops else _("Give access back")
                return (
                    Action("badge", "F2", _("New badge")),
                    Action("new_person", "F6", _("Add a person")),
                    Action("access", "F8", word, confirm=_("{word}?").format(word=word)),
                )
            case "files":
                return tuple(
                    Action(f"take_in_{kind.name}", f"F{key}", words_of(kind.name), "file")
                    for key, kind in zip((2, 3, 4, 5, 6, 7, 8), KINDS, strict=False)
                )
            case "papers":
                return (
                    Action("bin_labels", "F2", _("Bin labels"), "text", _("Zone (empty for all)")),
                    Action("tote_labels", "F3", _("Tote labels"), "text", _("From - to: 1-20")),
                    Action("command_sheet", "F4", _("Command sheet")),
                )
            case "designs":
                return self._drawing().actions()
            case "printers" | "jobs":
                return self._printing.actions(self.view.section, self.view.chosen)
            case "devices" if self._devices is not None:
                return self._devices.actions(self.view.chosen)
            case "learn" if self._learning is not None:
                return self._learning.actions()
            case _:
                return ()

    def open(self) -> None:
        """Show the section again as it is in the store now."""
        self._show(self.view.section, self.view.chosen)

    def refresh(self) -> None:
        """The same; what is being typed stays in the screen."""
        self._show(self.view.section, self.view.chosen, self.view.taken_in)

    def scan(self, scan: Scan) -> Answer:
        """On the page of devices a scanner is tried. Refused: elsewhere nothing is scanned."""
        if self.view.section == "devices" and self._devices is not None:
            return self._shown(self._devices.hear(scan))
        if self.view.section == "learn" and self._learning is not None:
            return self._shown(self._learning.scan(scan))
        raise Refused(
            "no_scan_here",
            _("{code} has no meaning in Setup.").format(code=scan.raw),
            _("Go to the room where the work is."),
        )

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        """`section`, `choose`, `save_*` with JSON of the form, or one of `actions`."""
        operation = operation or new_id()
        if action in ("section", "choose", "new_person", *_PAGES):
            return self._go(action, value)
        if action in ("test_print", "ask", "print_again", "came_out", "go_on"):
            return self._shown(self._printing.act(action, self.view.chosen))
        if self._devices is not None and action.startswith(("device_", "use_")):
            return self._shown(self._devices.act(action, self.view.chosen))
        if self._learning is not None and action.startswith(("learn_", "heard")):
            answer = self._learning.act(action, value)
            self._show("devices" if action == "learn_save" else self.view.section, "")
            return answer
        if action.startswith("take_in_"):
            return self._take_in(action.removeprefix("take_in_"), value)
        if action.startswith("design_"):
            return self._shown(self._drawing().act(action, value))
        does: dict[str, Callable[[str, str], Answer]] = {
            "save_person": self._save_person,
            "save_client": self._save_client,
            "save_warehouse": self._save_warehouse,
            "save_devices": self._save_devices,
            "save_printers": self._save_printer,
            "save_papers": self._print_paper,
            "badge": self._badge,
            "access": self._access,
            "bin_labels": self._bin_labels,
            "tote_labels": self._tote_labels,
            "command_sheet": self._command_sheet,
        }
        if action not in does:
            raise Refused("not_now", _("That can't be done here."))
        return self._shown(does[action](value, operation))

    def _shown(self, answer: Answer) -> Answer:
        self.refresh()
        return answer

    def _go(self, action: str, value: str) -> Answer:
        if action == "section" and value in SECTIONS:
            self._show(value, "")
        elif action == "choose":
            self._show(self.view.section, value)
        elif action in _PAGES:
            if action == "learn" and self._learning is not None:
                self._learning.begin()
            self._show(action, "")
        else:
            self._show("people", "")
        return Answer("ok", "")

    def _drawing(self) -> Designer:
        if self._designer is None:
            self._designer = Designer(
                lambda name, pdf: self._printed("other", name, "label", pdf).detail, self._who.zone
            )
        return self._designer

    def _write(self, operation: str, verb: str, work: Callable[[Tx], Any]) -> Any:
        return self._store.write(operation, self._who, verb, work)

    def _save_person(self, value: str, operation: str) -> Answer:
        form = json.loads(value)
        if not self.view.chosen:
            self._write(
                operation,
                "user_added",
                lambda tx: people.add_user(
                    tx, form["name"], form["role"], form["pin"], form["language"]
                ),
            )
            return Answer("done", _("{name} can sign in now.").format(name=form["name"]))
        number = int(self.view.chosen)

        def work(tx: Tx) -> None:
            people.change_user(tx, number, role=form["role"], language=form["language"])
            if form["pin"]:
                people.change_pin(tx, number, form["pin"])

        self._write(operation, "user_changed", work)
        return Answer("done", _("Saved."))

    def _save_client(self, value: str, operation: str) -> Answer:
        rules, number = service.rules_of(json.loads(value)), int(self.view.chosen)
        self._write(
            operation,
            "client_changed",
            lambda tx: service.set_client(tx, number, rules),
        )
        return Answer("done", _("Saved."))

    def _save_warehouse(self, value: str, operation: str) -> Answer:
        facts = json.loads(value)
        self._write(
            operation,
            "warehouse_changed",
            lambda tx: service.set_warehouse(tx, self._who.warehouse_id, facts),
        )
        return Answer("done", _("Saved."))

    def _save_devices(self, value: str, _operation: str) -> Answer:
        assert self._devices is not None
        return self._devices.save(form_of(value))

    def _print_codes(self, sheet: bytes) -> str:
        return aimed(self._printer, "other").send("A4", _("codes to learn a scanner"), sheet, "pdf")

    def _save_printer(self, value: str, _operation: str) -> Answer:
        return self._printing.save(self.view.chosen, json.loads(value)["printer"])

    def _badge(self, _value: str, operation: str) -> Answer:
        number = int(self.view.chosen)
        code = self._write(operation, "badge_made", lambda tx: people.new_badge(tx, number))
        with self._store.read() as tx:
            person = tx.first(select(User.name, User.role).where(User.id == number))
            warehouse = tx.scalar(
                select(Warehouse.code).where(Warehouse.id == self._who.warehouse_id)
            )
        assert person is not None
        fine = dpi_of(self._printer, "badge")
        paper = papers.badge(person.name, role_words(person.role), code, warehouse, fine)
        return self._printed("badge", _("badge {name}").format(name=person.name), "label", paper)

    def _access(self, _value: str, operation: str) -> Answer:
        active = self.view.facts.get("active") != "yes"
        number = int(self.view.chosen)
        self._write(
            operation, "user_changed", lambda tx: people.change_user(tx, number, active=active)
        )
        return Answer("done", _("Can sign in again.") if active else _("Can't sign in any more."))

    def _bin_labels(self, value: str, _operation: str) -> Answer:
        with self._store.read() as tx:
            fine = dpi_of(self._printer, "bin")
            paper = papers.bin_labels(tx, self._who.warehouse_id, value.strip(), dpi=fine)
        return self._printed("bin", _("bin labels"), "label", paper)

    def _tote_labels(self, value: str, _operation: str) -> Answer:
        paper = papers.tote_range(value, dpi_of(self._printer, "tote"))
        return self._printed("tote", _("tote labels"), "label", paper)

    def _command_sheet(self, _value: str, _operation: str) -> Answer:
        from wms_app.outside.papers.command_sheet import command_sheet_pdf

        return self._printed("command_sheet", _("command sheet"), "A4", command_sheet_pdf())

    def _print_paper(self, value: str, operation: str) -> Answer:
        form, said = paper_forms.form_of(self.view.chosen), json.loads(value)
        assert form is not None
        house = self._who.warehouse_id
        said["dpi"] = dpi_of(self._printer, form.use)
        if form.numbered:
            copies = paper_forms.count(said)
            said["first"] = self._write(
                operation, "pallets_numbered", lambda tx: take_numbers(tx, house, copies)
            )
        with self._store.read() as tx:
            paper = form.draw(tx, house, said)
        return self._printed(form.use, form.title, form.size, paper)

    def _printed(self, use: str, name: str, size: str, content: bytes) -> Answer:
        where = print_paper(self._printer, use, name, size, content)
        return Answer("done", _("Printed: {name}").format(name=name), where)

    def _take_in(self, kind: str, value: str) -> Answer:
        taken = take_in(self._store, self._who, kind, Path(value), self.progress)
        self._show("files", kind, taken)
        return Answer("warn" if taken.findings else "done", taken.text)

    def _show(self, section: str, chosen: str, taken: TakenIn | None = None) -> None:
        with self._store.read() as tx:
            rows = getattr(self, f"_{section}_rows")(tx)
            facts = getattr(self, f"_{section}_facts", _no_facts)(tx, chosen)
        design = self._drawing().view() if section == "designs" else None
        teacher = self._learning if section == "learn" else None
        lesson = teacher.view() if teacher is not None else None
        self.view = SetupView(section, rows, chosen, facts, taken, design, lesson)

    def _people_rows(self, tx: Tx) -> tuple[SetupRow, ...]:
        columns = (User.id, User.name, User.role, User.language, User.badge_digest, User.active)
        return tuple(
            SetupRow(
                str(row.id),
                (
                    row.name,
                    role_words(row.role),
                    LANGUAGES.get(row.language, row.language),
                    _("badge") if row.badge_digest else "",
                ),
                off=not row.active,
            )
            for row in tx.rows(select(*columns).order_by(User.name))
        )

    def _people_facts(self, tx: Tx, chosen: str) -> dict[str, str]:
        if not chosen:
            return {}
        row = tx.first(
            select(User.name, User.role, User.language, User.active).where(User.id == int(chosen))
        )
        return (
            {
                "name": row.name,
                "role": row.role,
                "language": row.language,
                "active": "yes" if row.active else "no",
            }
            if row
            else {}
        )

    def _clients_rows(self, tx: Tx) -> tuple[SetupRow, ...]:
        rules = {
            "fixed": _("its own warehouse"),
            "nearest": _("nearest to the buyer"),
            "slowest": _("slowest stock first"),
        }
        return tuple(
            SetupRow(
                str(row.id),
                (
                    row.code,
                    row.name,
                    rules.get(row.warehouse_rule, row.warehouse_rule),
                    _("in parts") if row.ships_in_parts else _("whole orders"),
                ),
            )
            for row in tx.rows(
                select(
                    Client.id,
                    Client.code,
                    Client.name,
                    Client.warehouse_rule,
                    Client.ships_in_parts,
                ).order_by(Client.code)
            )
        )

    def _clients_facts(self, tx: Tx, chosen: str) -> dict[str, str]:
        if not chosen:
            return {}
        row = tx.first(select(*_CLIENT).where(Client.id == int(chosen)))
        if row is None:
            return {}
        shown = "all" if row.photograph_all else "fragile" if row.photograph_fragile else "no"
        return {
            "name": row.name,
            "warehouse_rule": row.warehouse_rule,
            "ships_in_parts": "yes" if row.ships_in_parts else "no",
            "own_labels": "yes" if row.own_labels else "no",
            "packing_slip": "yes" if row.packing_slip else "no",
            "photograph": shown,
            "photograph_over": f"{row.photograph_over_minor / 100:.2f}",
        }

    def _printers_rows(self, _tx: Tx) -> tuple[SetupRow, ...]:
        return tuple(SetupRow(*astuple(line)) for line in self._printing.printers())

    def _printers_facts(self, _tx: Tx, chosen: str) -> dict[str, str]:
        return self._printing.facts(chosen)

    def _jobs_rows(self, _tx: Tx) -> tuple[SetupRow, ...]:
        return tuple(SetupRow(*astuple(line)) for line in self._printing.jobs())

    def _designs_rows(self, _tx: Tx) -> tuple[SetupRow, ...]:
        return ()

    def _warehouse_rows(self, _tx: Tx) -> tuple[SetupRow, ...]:
        return ()

    def _warehouse_facts(self, tx: Tx, _chosen: str) -> dict[str, str]:
        columns = [getattr(Warehouse, name) for name in ("code", *service.FACTS)]
        row = tx.first(select(*columns).where(Warehouse.id == self._who.warehouse_id))
        return dict(row._mapping) if row else {}

    def _devices_rows(self, _tx: Tx) -> tuple[SetupRow, ...]:
        lines = self._devices.lines() if self._devices is not None else ()
        return tuple(SetupRow(*astuple(line)) for line in lines)

    def _devices_facts(self, _tx: Tx, _chosen: str) -> dict[str, str]:
        return self._devices.facts() if self._devices is not None else {}

    def _learn_rows(self, _tx: Tx) -> tuple[SetupRow, ...]:
        return ()

    def _files_rows(self, tx: Tx) -> tuple[SetupRow, ...]:
        return tuple(_file_row(tx, kind) for kind in KINDS)

    def _papers_rows(self, _tx: Tx) -> tuple[SetupRow, ...]:
        return tuple(SetupRow(form.key, (form.title, form.purpose)) for form in paper_forms.forms())

    def _papers_facts(self, _tx: Tx, chosen: str) -> dict[str, str]:
        form = paper_forms.form_of(chosen)
        return {ask.name: ask.value for ask in form.asks} if form else {}


def _file_row(tx: Tx, kind: FileKind) -> SetupRow:
    count = tx.scalar(select(func.count()).select_from(kind.table)) if kind.table else None
    here = "" if count is None else f"{count:,}"
    return SetupRow(kind.name, (words_of(kind.name), here, ", ".join(kind.columns)))


def _no_facts(_tx: Tx, _chosen: str) -> dict[str, str]:
    return {}
