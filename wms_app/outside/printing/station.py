"""The printers of one station: each paper goes to the one chosen for it, once, and is told of.

A job is committed before the printer is spoken to and settled after, so that what was under way
when something died is known. A second try with the same key goes on with it: what came out is not
printed again, what never reached the printer is, and of what is not known a person is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from wms_app.base.codes import new_id
from wms_app.base.db import Store
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.outside.devices.printer import Kind, Printer
from wms_app.outside.devices.printers.choosing import KeptFolder, printer_of, use_words
from wms_app.outside.devices.printers.driver import Driver, Sheet, Unsure, unsure
from wms_app.outside.devices.printers.state import State
from wms_app.outside.printing import jobs
from wms_app.outside.printing.jobs import Job, Order
from wms_app.outside.printing.kept import keep, kept_content, kind_of, place_for

KEY_LENGTH = 60


@dataclass(frozen=True)
class Aim:
    """Which paper it is (see USES), and its key."""

    use: str
    key: str = ""


class StationPrinter:
    """`Printer` for everything that a station prints; `settings` says which printer prints what."""

    def __init__(
        self,
        store: Store,
        settings: Callable[[], Mapping[str, str]],
        folder: Path,
        who: Callable[[], Who],
    ) -> None:
        self._store = store
        self._settings = settings
        self._folder = folder
        self._who = who
        self._turn = RLock()  # a printer takes one line at a time
        self._was_away: set[str] = set()  # settings of printers, since something was in them
        self._told: set[int] = set()  # jobs of unknown outcome that somebody was asked about

    def setting(self, use: str) -> str:
        """What the settings say of a paper, "folder" when they say nothing."""
        return self._settings().get(use) or "folder"

    def driver(self, use: str) -> Driver:
        """The printer of a paper. Refused: a setting that names none."""
        return printer_of(self.setting(use), self._folder)

    @property
    def speaks(self) -> Kind:
        """In which language shipping labels are wanted."""
        return self.driver("shipping").speaks

    @property
    def dpi(self) -> int:
        """How fine the shipping labels' printer prints, dots per inch."""
        return self.driver("shipping").dpi

    @property
    def one_by_one(self) -> bool:
        """Whether each label is a job of its own: a printer of labels may stop behind any of them.

        A folder keeps those of a list in one file.
        """
        return not isinstance(self.driver("shipping"), KeptFolder)

    def aimed(self, use: str, key: str = "") -> _Aimed:
        """The printer for one kind of paper; `key` names the paper, so that it is printed once."""
        return _Aimed(self, Aim(use, key))

    def send(self, paper: str, name: str, content: bytes, kind: Kind) -> str:
        """A paper of no kind; see `Printer`."""
        return self.print(Aim("other"), Sheet(paper, name, content, kind))

    def print(self, aim: Aim, sheet: Sheet) -> str:
        """Print a paper; gives where it went. A paper that came out under its key is not again.

        `Down`: the printer is away or can't print now, and nothing was sent. `Unsure`: it may have
        come out; asked again with the same key, it is printed again. Refused: it can't print this.
        """
        with self._turn:
            return self._print(aim, sheet)

    def _print(self, aim: Aim, sheet: Sheet) -> str:
        driver = self.driver(aim.use)
        key = (aim.key or new_id())[:KEY_LENGTH]
        kept = "" if isinstance(driver, KeptFolder) else place_for(sheet.kind)
        order = Order(key, aim.use, sheet.name, self.setting(aim.use), kept)
        job, new = jobs.begin(self._store, self._who(), order)
        if new:
            return self._put_and_keep(job, driver, sheet)
        if job.state == "sent" and job.station != self._who().station:
            raise Down(
                "printer",
                _("“{name}” is being printed at {station}. Look there; F2 prints it here.").format(
                    name=job.name, station=job.station
                ),
            )
        job = self._looked_up(job, driver)
        if job.state in ("done", "sent"):
            return job.went_to
        if job.state in ("queued", "failed"):  # nothing came out of it
            jobs.settle(self._store, self._who(), job, "sent")
            return self._put(job, driver, sheet)
        if job.state == "unsure" and job.id not in self._told:
            self._told.add(job.id)
            raise unsure(job.name)
        again, _new = jobs.begin(self._store, self._who(), order, job)
        return self._put_and_keep(again, driver, sheet)

    def print_each(self, use: str, sheets: Sequence[Sheet]) -> str:
        """Many labels, each a job of its own: where the printer stops, the rest of them wait.

        `Down`, `Unsure`, Refused: as `print`, of the first that could not be printed; `go_on`
        prints the rest.
        """
        setting = self.setting(use)
        orders = [Order(new_id(), use, one.name, setting, place_for(one.kind)) for one in sheets]
        for order, sheet in zip(orders, sheets, strict=True):
            keep(order.kept, sheet.content)
        with self._turn:
            made = jobs.begin_all(self._store, self._who(), orders)
            driver, where = self.driver(use), ""
            for job, sheet in zip(made, sheets, strict=True):
                jobs.settle(self._store, self._who(), job, "sent")
                where = self._put(job, driver, sheet)
            return where

    def waiting(self) -> int:
        """How many papers wait for `go_on`."""
        return len(jobs.waiting(self._store, self._who()))

    def go_on(self) -> int:
        """Print what waits, in its order; gives how many came out. Raises as `print` at the first
        that can't be printed; it and the rest still wait."""
        count = 0
        with self._turn:
            for job in jobs.waiting(self._store, self._who()):
                content = kept_content(job.kept)
                if content is None:
                    gone = _("its file is gone")
                    jobs.settle(self._store, self._who(), job, "failed", problem=gone)
                    continue
                jobs.settle(self._store, self._who(), job, "sent")
                sheet = Sheet("", job.name, content, kind_of(content))
                self._put(job, self.driver(job.paper), sheet)
                count += 1
        return count

    def print_again(self, job: Job) -> str:
        """Print what an older job printed, from what was kept of it; a job of its own.

        Refused: it was printed again before, or nothing was kept of it any more.
        """
        content = kept_content(job.kept or job.went_to)
        if content is None or job.state == "reprinted":
            raise Refused(
                "not_kept",
                _("“{name}” is not kept here any more.").format(name=job.name),
                _("Print it from the room where it belongs."),
            )
        with self._turn:
            driver, setting = self.driver(job.paper), self.setting(job.paper)
            kept = "" if isinstance(driver, KeptFolder) else place_for(kind_of(content))
            order = Order(job.key, job.paper, job.name, setting, kept)
            again, _new = jobs.begin(self._store, self._who(), order, job)
            sheet = Sheet("", job.name, content, kind_of(content))
            return self._put_and_keep(again, driver, sheet)

    def came_out(self, job: Job) -> None:
        """A person has seen that a paper of unknown outcome came out."""
        jobs.settle(self._store, self._who(), job, "done")

    def unsure(self) -> list[Job]:
        """The papers of this station of which nobody knows whether they came out."""
        return [job for job in jobs.of_station(self._store, self._who()) if job.state == "unsure"]

    def last(self) -> list[Job]:
        """The last papers of this station, the newest first."""
        return jobs.of_station(self._store, self._who())

    def look(self, use: str = "shipping") -> State:
        """How the printer of a paper is. `Down`: it does not answer.

        What it still held before and holds no more has come out, unless it was away meanwhile: a
        printer that loses its power loses what it holds.
        """
        with self._turn:
            setting, driver = self.setting(use), self.driver(use)
            try:
                state = driver.look()
            except Down:
                self._was_away.add(setting)
                raise
            if driver.backs_up and state.prints and not state.held:
                came = "unsure" if setting in self._was_away else "done"
                for job in self._held(setting):
                    jobs.settle(self._store, self._who(), job, came)
                self._was_away.discard(setting)
            return state

    def watch(self) -> tuple[str, State | None]:
        """What the strip tells of the label printer: its setting, and how it is.

        None while it prints, or when there is none to ask. `Down`: it does not answer.
        """
        setting = self.setting("shipping")
        if setting.startswith("folder") or not self._turn.acquire(blocking=False):
            return setting, None
        try:
            return setting, self.look()
        finally:
            self._turn.release()

    def _held(self, setting: str) -> list[Job]:
        return [
            job
            for job in jobs.of_station(self._store, self._who())
            if job.state == "sent" and job.went_to and job.printer == setting
        ]

    def _looked_up(self, job: Job, driver: Driver) -> Job:
        """A job that was begun before, as it is now: the printer itself is asked."""
        if job.state != "sent":
            return job
        if not job.went_to:  # the station died while it spoke to the printer
            jobs.settle(self._store, self._who(), job, "unsure")
        elif driver.backs_up:
            self.look(job.paper)
        return jobs.find(self._store, job.id)

    def _put_and_keep(self, job: Job, driver: Driver, sheet: Sheet) -> str:
        """Nobody waits for the copy. Where the station dies before it is kept, the room prints."""
        try:
            return self._put(job, driver, sheet)
        finally:
            keep(job.kept, sheet.content)

    def _put(self, job: Job, driver: Driver, sheet: Sheet) -> str:
        who = self._who()
        try:
            put = driver.put(sheet)
        except Unsure as error:
            jobs.settle(self._store, who, job, "unsure", problem=error.text)
            self._told.add(job.id)
            raise
        except Down as down:
            jobs.settle(self._store, who, job, "queued", problem=down.text)
            raise
        except Refused as refusal:
            jobs.settle(self._store, who, job, "failed", problem=refusal.text)
            raise
        jobs.settle(self._store, who, job, put.outcome, put.where)
        return put.where


@dataclass(frozen=True)
class _Aimed:
    printer: StationPrinter
    aim: Aim

    def send(self, paper: str, name: str, content: bytes, kind: Kind) -> str:
        """See `Printer`."""
        return self.printer.print(self.aim, Sheet(paper, name, content, kind))


def aimed(printer: Printer, use: str, key: str = "") -> Printer:
    """A station's printer of this kind of paper; any other printer takes every paper itself."""
    return printer.aimed(use, key) if isinstance(printer, StationPrinter) else printer


def dpi_of(printer: Printer, use: str) -> int:
    """How fine the printer of a paper prints, dots per inch; 203 where that is not known."""
    return printer.driver(use).dpi if isinstance(printer, StationPrinter) else 203


__all__ = ["Aim", "StationPrinter", "aimed", "dpi_of", "use_words"]
