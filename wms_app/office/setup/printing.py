"""Setup's pages of the station's printers: which prints what, a test, and what was printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wms_app.base import clock
from wms_app.base.conversation import Action, Answer
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.outside.devices.printer import Printer
from wms_app.outside.devices.printers.choosing import SHEETS, USES, use_words
from wms_app.outside.devices.printers.driver import Sheet
from wms_app.outside.printing.jobs import Job
from wms_app.outside.printing.station import StationPrinter, aimed


@dataclass(frozen=True)
class Line:
    """A row: what opens it, its cells, whether it needs a look."""

    key: str
    cells: tuple[str, ...]
    off: bool = False


class PrintingPages:
    """The conversation about printers; `choose` keeps which of them prints what, by paper."""

    def __init__(
        self,
        printer: Printer,
        choose: Callable[[Mapping[str, str]], None],
        zone: str,
    ) -> None:
        """`zone`: of the shown times."""
        self._printer = printer
        self._choose = choose
        self._zone = zone

    def actions(self, section: str, chosen: str) -> tuple[Action, ...]:
        """What can be done with the chosen paper, or the chosen job."""
        back = Action("printers", "F4", _("Printers"))
        if section == "printers":
            told = (Action("test_print", "F2", _("Test print")), Action("ask", "F3", _("Ask it")))
            jobs = Action("jobs", "F4", _("What was printed"))
            return (*(told if chosen else ()), jobs)
        waiting = self._waiting()
        rest = _("Print what waits: {count}").format(count=waiting)
        more = (Action("go_on", "F5", rest),) if waiting else ()
        if not chosen:
            return (back, *more)
        sure = _("Print it once more?")
        again = Action("print_again", "F2", _("Print again"), confirm=sure)
        came = Action("came_out", "F3", _("It came out"))
        unsure = self._job(chosen).state == "unsure"
        return (again, *((came,) if unsure else ()), back, *more)

    def printers(self) -> tuple[Line, ...]:
        """Each kind of paper, and what prints it."""
        return tuple(Line(use, (use_words(use), self._setting(use), _example(use))) for use in USES)

    def facts(self, chosen: str) -> dict[str, str]:
        """What the form of a paper begins with."""
        if chosen not in USES:
            return {}
        return {"title": use_words(chosen), "printer": self._setting(chosen)}

    def jobs(self) -> tuple[Line, ...]:
        """The last papers of this station, the newest first."""
        return tuple(
            Line(
                str(job.id),
                (
                    f"{clock.local(job.made_at, self._zone):%H:%M:%S}",
                    job.name,
                    use_words(job.paper) if job.paper in USES else job.paper,
                    _state_words(job),
                    job.made_by,
                ),
                off=job.state == "reprinted",
            )
            for job in self._known()
        )

    def save(self, chosen: str, setting: str) -> Answer:
        """Another printer for a paper. Refused: a setting that names none."""
        station = self._station()
        settings = {use: station.setting(use) for use in USES} | {chosen: setting.strip()}
        kept = {use: said for use, said in settings.items() if said not in ("", "folder")}
        self._choose(kept)
        return Answer("done", _("Saved."), _("F2 prints a test page on it."))

    def act(self, action: str, chosen: str) -> Answer:
        """`test_print`, `ask`, `print_again`, `came_out`, `go_on`. `Down`: the printer is away."""
        if action == "test_print":
            size = "A4" if chosen in SHEETS else "label"
            where = aimed(self._printer, chosen).send(size, _("test page"), _test_page(size), "pdf")
            return Answer("done", _("Printed: {name}").format(name=_("test page")), where)
        if action == "ask":
            state = self._station().look(chosen)
            words = state.words or _("The printer is ready.")
            held = _("{count} papers are in it.").format(count=state.held) if state.held else ""
            return Answer("warn" if state.troubles else "done", words, held)
        if action == "go_on":
            count = self._station().go_on()
            return Answer("done", _("Printed what waited: {count}").format(count=count))
        job = self._job(chosen)
        if action == "came_out":
            self._station().came_out(job)
            return Answer("done", _("Noted: “{name}” came out.").format(name=job.name))
        where = self._station().print_again(job)
        return Answer("done", _("Printed: {name}").format(name=job.name), where)

    def _waiting(self) -> int:
        return self._printer.waiting() if isinstance(self._printer, StationPrinter) else 0

    def _station(self) -> StationPrinter:
        if not isinstance(self._printer, StationPrinter):
            raise Refused("no_station", _("This station has no printers of its own."))
        return self._printer

    def _setting(self, use: str) -> str:
        return self._printer.setting(use) if isinstance(self._printer, StationPrinter) else "folder"

    def _known(self) -> list[Job]:
        return self._printer.last() if isinstance(self._printer, StationPrinter) else []

    def _job(self, chosen: str) -> Job:
        found = next((job for job in self._known() if str(job.id) == chosen), None)
        if found is None:
            raise Refused("no_job", _("That paper is not on the list any more."))
        return found


def print_paper(printer: Printer, use: str, name: str, size: str, content: bytes) -> str:
    """Print a paper of Setup; gives where it went. Labels of which there are many are a job each
    where a printer of labels prints them: what it leaves out when it stops can be printed then."""
    if size == "label" and isinstance(printer, StationPrinter) and printer.driver(use).backs_up:
        from wms_app.outside.papers.pages import one_by_one

        parts = one_by_one(content)
        if len(parts) > 1:
            names = (f"{name} {number}/{len(parts)}" for number in range(1, 1 + len(parts)))
            sheets = [Sheet(size, of, part, "pdf") for of, part in zip(names, parts)]
            return printer.print_each(use, sheets)
    return aimed(printer, use).send(size, name, content, "pdf")


def ways() -> str:
    """How printers are named, for the hint above the form."""
    return _(
        "folder · zpl:192.168.1.50 · zpl:/dev/usb/lp0@300 · tspl:… · escpos:… · cups:QUEUE · "
        "cups-raw:QUEUE · system:NAME"
    )


def _test_page(size: str) -> bytes:
    """A page that shows bars, fine type and Chinese: a label of 100 x 150 mm, or a sheet."""
    from wms_app.outside.papers.design import load_design
    from wms_app.outside.papers.document import Document
    from wms_app.outside.papers.examples import examples
    from wms_app.outside.papers.label import label_pdf

    if size == "label":
        return label_pdf(load_design("shipping"), [examples("shipping")[0].values])
    page = Document(_("Test page"), "A4", code="DOCK", note=_("If you can read this, it prints."))
    page.facts([(_("Letters"), "Aa Bb 123 · Проверка · 测试"), (_("Paper"), size)])
    return page.pdf()


def _example(use: str) -> str:
    if use in SHEETS:
        return "cups:QUEUE"
    return "zpl:192.168.1.50"


def _state_words(job: Job) -> str:
    words = {
        "queued": _("waits: {problem}").format(problem=job.problem),
        "sent": _("in the printer"),
        "done": _("came out"),
        "unsure": _("did it come out?"),
        "failed": _("not printed: {problem}").format(problem=job.problem),
        "reprinted": _("printed again"),
    }
    return words.get(job.state, job.state)
