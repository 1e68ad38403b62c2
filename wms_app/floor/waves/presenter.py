"""The supervisor's conversation: what goes out next, as which lists, and how the lists go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Literal, cast

from wms_app.base.codes import Number, Own, Scan, new_id
from wms_app.base.conversation import Action, Answer, Progress
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.allocation.service import allocate_all
from wms_app.floor.waves import choosing, papers, service, words
from wms_app.floor.waves.choosing import Group, ListRow, ShortRow, Waiting
from wms_app.outside.devices.printer import Printer

Section = Literal["ready", "lists", "short"]
NOBODY = Waiting(0, 0, 0)
SECTIONS: tuple[Section, ...] = ("ready", "lists", "short")


@dataclass(frozen=True)
class ReleaseView:
    """What can go out, the lists and the short orders; `chosen` are numbers of `groups` from 1.

    `list_id`: the list that the actions are about, 0 for none. `now` and `zone`: to say how long
    is left. `made`: codes of the lists made last.
    """

    section: Section = "ready"
    groups: tuple[Group, ...] = ()
    chosen: frozenset[int] = frozenset()
    lists: tuple[ListRow, ...] = ()
    short: tuple[ShortRow, ...] = ()
    waiting: Waiting = NOBODY
    list_id: int = 0
    made: tuple[str, ...] = ()
    now: datetime | None = None
    zone: str = "UTC"

    @property
    def chosen_orders(self) -> int:
        """How many orders are chosen."""
        return sum(group.orders for n, group in enumerate(self.groups, 1) if n in self.chosen)

    @property
    def chosen_units(self) -> int:
        """How many pieces are chosen."""
        return sum(group.units for n, group in enumerate(self.groups, 1) if n in self.chosen)

    @property
    def ready_orders(self) -> int:
        """How many orders could be released."""
        return sum(group.orders for group in self.groups)


class ReleasePresenter:
    """Choose groups by number, release them; look at the lists and at what is short."""

    progress: Progress | None = None

    def __init__(self, store: Store, who: Who, printer: Printer) -> None:
        self._store = store
        self._who = who
        self._printer = printer
        self._answered: tuple[str, Answer] = ("", Answer("ok", ""))
        self.view = ReleaseView(zone=who.zone)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the section shown can do."""
        allocate = Action("allocate", "F3", _("Allocate now"))
        if self.view.section == "ready":
            ways = tuple((by, words.by_words(by)) for by in ("auto", "pick-list", "label-first"))
            return (
                Action("release", "Ctrl+R", _("Release"), "choice", _("Release as"), ways),
                Action("choose_all", "F4", _("Choose all")),
                allocate,
                Action("lists", "F6", _("Lists")),
                Action("short", "F7", _("Short orders")),
            )
        back = Action("ready", "F5", _("Ready orders"))
        if self.view.section == "short":
            return (allocate, back, Action("lists", "F6", _("Lists")))
        return (
            Action("reprint", "F2", _("Print again")),
            Action("give", "F3", _("Give to"), "text", _("Who shall walk it?")),
            Action("call_off", "F8", _("Call off"), confirm=_("Call off this list?")),
            back,
            Action("short", "F7", _("Short orders")),
        )

    def open(self) -> None:
        """Show what is ready to go."""
        self._load()

    def refresh(self) -> None:
        """Load again; what was chosen stays chosen."""
        self._load()

    def scan(self, scan: Scan) -> Answer:
        """The number of a group chooses it or not; a list's code shows the list."""
        match scan.code:
            case Number(number):
                return self._choose(number)
            case Own("LIST", code):
                return self._show_list(code)
            case Own("CMD", name):
                return self.act(name.lower().replace("-", "_"), "", scan.id)
        raise Refused(
            "wrong_scan",
            _("{code} is no list and no number of a row.").format(code=scan.raw.strip()),
            _("Type the number of a row, or scan a list."),
        )

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        """One action; the same operation again gives the first answer."""
        operation = operation or new_id()
        if operation == self._answered[0]:
            return self._answered[1]
        acts: dict[str, Callable[[], Answer]] = {
            "ready": partial(self._go, "ready"),
            "lists": partial(self._go, "lists"),
            "short": partial(self._go, "short"),
            "choose": lambda: self._choose(int(value)),
            "choose_all": self._choose_all,
            "choose_list": lambda: self._point_at(int(value)),
            "allocate": self._allocate,
            "release": lambda: self._release(cast("service.By", value or "auto"), operation),
            "reprint": self._reprint,
            "give": lambda: self._give(value.strip(), operation),
            "call_off": lambda: self._call_off(operation),
        }
        if action not in acts:
            raise Refused("no_action", _("That can't be done here."), _("See the keys below."))
        answer = acts[action]()
        self._answered = operation, answer
        return answer

    def _load(self) -> None:
        before = {self.view.groups[n - 1].key for n in self.view.chosen}
        here = self._who.warehouse_id
        with self._store.read() as tx:
            found = tuple(choosing.groups(tx, here))
            self.view = replace(
                self.view,
                groups=found,
                chosen=frozenset(n for n, group in enumerate(found, 1) if group.key in before),
                lists=tuple(choosing.lists(tx, here)) if self.view.section == "lists" else (),
                short=(
                    tuple(choosing.short_orders(tx, here)) if self.view.section == "short" else ()
                ),
                waiting=choosing.waiting(tx, here),
                now=tx.now,
            )

    def _go(self, section: Section) -> Answer:
        self.view = replace(self.view, section=section, list_id=0)
        self._load()
        return Answer("ok", words.section_words(section))

    def _choose(self, number: int) -> Answer:
        if not 1 <= number <= len(self.view.groups):
            raise Refused(
                "no_such_row",
                _("There is no row {number}.").format(number=number),
                _("Type a number that stands before a row."),
            )
        self.view = replace(self.view, section="ready", chosen=self.view.chosen ^ {number})
        return self._say_chosen()

    def _choose_all(self) -> Answer:
        every = frozenset(range(1, len(self.view.groups) + 1))
        self.view = replace(self.view, chosen=frozenset() if self.view.chosen == every else every)
        return self._say_chosen()

    def _say_chosen(self) -> Answer:
        orders = self.view.chosen_orders
        text = ngettext("{count} order chosen", "{count} orders chosen", orders)
        return Answer("ok", text.format(count=orders))

    def _allocate(self) -> Answer:
        outcome = allocate_all(self._store, self._who, progress=self.progress)
        self._load()
        kind: Literal["done", "warn"] = "warn" if outcome.short or outcome.held else "done"
        return Answer(kind, *words.allocated_words(outcome))

    def _release(self, by: service.By, operation: str) -> Answer:
        if not self.view.chosen:
            raise Refused(
                "none_chosen",
                _("No orders are chosen."),
                _("Type the number of a row, or press F4 for all of them."),
            )
        keys = [self.view.groups[n - 1].key for n in sorted(self.view.chosen)]
        with self._store.read() as tx:
            orders = choosing.orders_of(tx, self._who.warehouse_id, keys)
        made = service.release_these(
            self._store,
            self._who,
            orders,
            by=by,
            chosen="; ".join(words.group_words(key, self._who.zone) for key in keys),
            operation=operation,
            progress=self.progress,
        )
        if not made:
            raise Refused(
                "nothing_released",
                _("None of these orders can go out as {way}.").format(way=words.by_words(by)),
                _("Release them as pick lists."),
            )
        self.view = replace(self.view, section="lists", chosen=frozenset())
        self._load()
        codes = tuple(row.code for row in self.view.lists if row.list_id in set(made))
        self.view = replace(self.view, made=codes, list_id=made[0])
        text = ngettext("{count} list made", "{count} lists made", len(made))
        return self._print(made, text.format(count=len(made)))

    def _print(self, list_ids: list[int], text: str) -> Answer:
        """Print lists that exist; a printer that is away takes nothing of what was done."""
        try:
            where = papers.print_lists(self._store, self._who, self._printer, list_ids)
        except Down as down:
            return Answer("warn", _("{done}, not printed").format(done=text), down.text)
        self._load()
        return Answer("done", text, _("Printed: {where}").format(where=where))

    def _reprint(self) -> Answer:
        row = self._pointed()
        return self._print([row.list_id], _("List {code} again").format(code=row.code))

    def _give(self, name: str, operation: str) -> Answer:
        row = self._pointed()
        if not name:
            raise Refused("no_name", _("Nobody was named."), _("Say who shall walk the list."))

        def work(tx: Tx) -> None:
            service.give_to(tx, row.list_id, name)

        self._store.write(operation, self._who, "give_list", work)
        self._load()
        return Answer("done", _("{code} is for {name}").format(code=row.code, name=name))

    def _call_off(self, operation: str) -> Answer:
        row = self._pointed()
        orders = self._store.write(
            operation, self._who, "void_list", partial(service.void_list, list_id=row.list_id)
        )
        self.view = replace(self.view, list_id=0)
        self._load()
        text = ngettext(
            "{count} order of {code} is ready again",
            "{count} orders of {code} are ready again",
            len(orders),
        )
        return Answer("done", text.format(count=len(orders), code=row.code))

    def _show_list(self, code: str) -> Answer:
        self.view = replace(self.view, section="lists")
        self._load()
        for row in self.view.lists:
            if row.code == code:
                return self._point_at(row.list_id)
        raise Refused(
            "no_list",
            _("There is no list {code} here.").format(code=code),
            _("Scan the code at the top of a list."),
        )

    def _point_at(self, list_id: int) -> Answer:
        self.view = replace(self.view, list_id=list_id)
        row = self._pointed()
        return Answer("ok", words.list_words(row))

    def _pointed(self) -> ListRow:
        for row in self.view.lists:
            if row.list_id == self.view.list_id:
                return row
        raise Refused(
            "no_list_chosen", _("No list is chosen."), _("Scan a list, or choose its row.")
        )
