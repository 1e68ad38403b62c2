"""The supervisor's conversation: what goes out next, as which lists, and how the lists go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal, cast

from wms_app.base.codes import Number, Own, Scan, new_id
from wms_app.base.conversation import Action, Answer, Progress, commanded
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.allocation.service import allocate_all
from wms_app.floor.waves import choosing, papers, service, words
from wms_app.floor.waves.choosing import GroupKey, ListRow
from wms_app.floor.waves.view import ReleaseView, Section
from wms_app.outside.devices.printer import Printer

LONGEST_NAME = 80  # of a person, as a list keeps it


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
        """What the section shown can do; a key means the same in every section."""
        allocate = Action("allocate", "F3", _("Allocate now"))
        ready = Action("ready", "F5", _("Ready orders"))
        lists = Action("lists", "F7", _("Lists"))
        short = Action("short", "F8", _("Short orders"))
        if self.view.section == "ready":
            return (
                self._release_action(),
                Action("choose_all", "F4", _("Choose all")),
                allocate,
                lists,
                short,
            )
        if self.view.section == "short":
            return (allocate, ready, lists)
        return (*self._list_actions(), ready, short)

    def _release_action(self) -> Action:
        orders = self.view.chosen_orders or self.view.ready
        if not orders:
            return Action("release", "F6", _("Release"))
        prompt = ngettext("Release {count} order as", "Release {count} orders as", orders)
        ways = tuple((by, words.by_words(by)) for by in words.WAYS)
        return Action(
            "release", "F6", _("Release"), "choice", prompt.format(count=f"{orders:,}"), ways
        )

    def _list_actions(self) -> tuple[Action, ...]:
        found = [Action("reprint", "F2", _("Print again"))]
        if self.view.unprinted:
            found.append(Action("print_rest", "F4", _("Print what is on no paper")))
        if self._who.supervises:
            row = self.view.pointed
            call_off = (
                _("Call off {code}? Its orders are ready again then.").format(code=row.code)
                if row
                else ""
            )
            found.append(Action("give_to", "Ctrl+G", _("Give to"), "text", _("Who shall walk it?")))
            found.append(Action("void_list", "F9", _("Call off"), confirm=call_off))
        return tuple(found)

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
                return self._once(scan.id, lambda: self._choose(number))
            case Own("LIST", code):
                return self._once(scan.id, lambda: self._show_list(code))
            case Own("CMD", name):
                return self.act(commanded(self.actions, name), "", scan.id)
        raise Refused(
            "wrong_scan",
            _("{code} is no list and no number of a row.").format(code=scan.raw.strip()),
            _("Type the number of a row, or scan a list."),
        )

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        """One action; the same operation again gives the first answer.

        `choose` takes the number of a group, `reprint` and `void_list` the id of a list ("": the
        one shown), `release` a way to release ("": what fits each), `give_to` a name.
        """
        operation = operation or new_id()
        acts: dict[str, Callable[[], Answer]] = {
            "ready": lambda: self._go("ready"),
            "lists": lambda: self._go("lists"),
            "short": lambda: self._go("short"),
            "choose": lambda: self._choose(_number(value)),
            "choose_all": self._choose_all,
            "choose_list": lambda: self._point_at(_number(value)),
            "allocate": self._allocate,
            "release": lambda: self._release(value or "auto", operation),
            "reprint": lambda: self._reprint(value),
            "print_rest": self._print_rest,
            "give_to": lambda: self._give_to(value.strip(), operation),
            "void_list": lambda: self._void_list(value, operation),
        }
        if action not in acts:
            raise Refused("no_action", _("That can't be done here."), _("See the keys below."))
        return self._once(operation, acts[action])

    def _once(self, operation: str, work: Callable[[], Answer]) -> Answer:
        if operation != self._answered[0]:
            self._answered = operation, work()
        return self._answered[1]

    def _load(self) -> None:
        before = {self.view.groups[n - 1].key for n in self.view.chosen}
        here, view = self._who.warehouse_id, self.view
        with self._store.read() as tx:
            found = tuple(choosing.groups(tx, here, view.zone))
            lists = choosing.lists(tx, here, view.list_id) if view.section == "lists" else ()
            short = choosing.short_orders(tx, here) if view.section == "short" else ()
            self.view = replace(
                view,
                groups=found,
                chosen=frozenset(n for n, group in enumerate(found, 1) if group.key in before),
                lists=tuple(lists),
                short=tuple(short),
                waiting=choosing.waiting(tx, here),
                unprinted=len(choosing.unprinted(tx, here)),
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
        return Answer("ok", text.format(count=f"{orders:,}"))

    def _allocate(self) -> Answer:
        outcome = allocate_all(self._store, self._who, progress=self.progress)
        self._load()
        kind: Literal["done", "warn"] = "warn" if outcome.short or outcome.held else "done"
        return Answer(kind, *words.allocated_words(outcome))

    def _release(self, value: str, operation: str) -> Answer:
        if value not in words.WAYS:
            raise Refused("no_action", _("That can't be done here."), _("See the keys below."))
        before = service.released_by(self._store, operation)
        if before:
            return self._released_before(before)
        by = cast("service.By", value)
        orders, keys = self._to_release()
        stopped = False

        def step(done: int, total: int) -> bool:
            nonlocal stopped
            stopped = self.progress is not None and not self.progress(done, total)
            return not stopped

        made = service.release_these(
            self._store,
            self._who,
            orders,
            by=by,
            chosen=self._chosen_words(keys),
            operation=operation,
            progress=step,
        )
        if not made:
            raise _stopped() if stopped else _nothing_fits(by)
        return self._released(made, made, len(orders))

    def _released(self, made: list[int], to_print: list[int], asked: int = 0) -> Answer:
        """Show the lists that were made of the `asked` orders, and print those that must be."""
        self.view = replace(self.view, section="lists", chosen=frozenset(), list_id=made[0])
        self._load()
        with self._store.read() as tx:
            what = choosing.made(tx, made)
        self.view = replace(self.view, made=what.codes)
        text = words.made_words(what)
        if not to_print:
            return Answer("done", text, words.printed_before())
        printed = self._print(to_print, text, words.print_later())
        rest = max(0, asked - what.orders)
        return replace(printed, detail=words.rest_words(rest, printed.detail))

    def _released_before(self, made: list[int]) -> Answer:
        """Its answer was lost: say it again, and print what is on no paper yet."""
        with self._store.read() as tx:
            unprinted = set(choosing.unprinted(tx, self._who.warehouse_id)) & set(made)
        return self._released(made, sorted(unprinted))

    def _to_release(self) -> tuple[list[int], list[GroupKey]]:
        """The orders to release and the groups that were chosen, if any were: none means all."""
        keys = [self.view.groups[n - 1].key for n in sorted(self.view.chosen)]
        here = self._who.warehouse_id
        with self._store.read() as tx:
            orders = (
                choosing.orders_of(tx, here, keys, self.view.zone)
                if keys
                else service.ready_orders(tx, here)
            )
        if not orders:
            self._load()
            raise Refused(
                "nothing_ready",
                _("No order is ready to be released."),
                words.released_already(self.view.unprinted)
                or _("Press F3: orders are released when their stock is promised."),
            )
        return orders, keys

    def _chosen_words(self, keys: Sequence[GroupKey]) -> str:
        """What a wave says about how it was chosen."""
        return "; ".join(words.group_words(key, self.view.zone) for key in keys)

    def _print(self, list_ids: Sequence[int], text: str, later: str) -> Answer:
        """Print lists that exist; a printer that is away takes nothing of what was done."""
        try:
            where = papers.print_lists(self._store, self._who, self._printer, list_ids)
        except Down as down:
            said = _("{done}, not printed").format(done=text)
            return Answer("warn", said, f"{down.text} {later}")
        self._load()
        return Answer("done", text, _("Printed: {where}").format(where=where))

    def _reprint(self, value: str) -> Answer:
        row = self._listed(value)
        if row.state == "done":
            raise Refused(
                "list_done",
                _("List {code} is done.").format(code=row.code),
                _("Nothing on it is left to walk."),
            )
        return self._print(
            [row.list_id],
            _("List {code} again").format(code=row.code),
            _("Press F2 again when the printer is back."),
        )

    def _print_rest(self) -> Answer:
        with self._store.read() as tx:
            rest = choosing.unprinted(tx, self._who.warehouse_id)
            what = choosing.made(tx, rest)
        if not rest:
            raise Refused(
                "all_printed", _("Every list is on paper."), _("F2 prints one of them again.")
            )
        return self._print(rest, words.made_words(what), words.print_later())

    def _give_to(self, name: str, operation: str) -> Answer:
        row = self._listed("")
        if not name:
            raise Refused("no_name", _("Nobody was named."), _("Say who shall walk the list."))
        if len(name) > LONGEST_NAME:
            raise Refused("long_name", _("That name is too long."), _("Use a shorter name."))

        def work(tx: Tx) -> None:
            service.give_to(tx, row.list_id, name)

        self._store.write(operation, self._who, "give_list", work)
        self._load()
        return Answer("done", _("{code} is for {name}").format(code=row.code, name=name))

    def _void_list(self, value: str, operation: str) -> Answer:
        row = self._listed(value)
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
        with self._store.read() as tx:
            found = choosing.list_called(tx, self._who.warehouse_id, code)
        if found is None:
            raise Refused(
                "no_list",
                _("There is no list {code} here.").format(code=code),
                _("Scan the code at the top of a list."),
            )
        if found.state == "void":
            raise Refused(
                "list_void",
                _("List {code} was called off.").format(code=code),
                _("Throw this paper away: its orders are on other lists or ready again."),
            )
        return self._point_at(found.id)

    def _point_at(self, list_id: int) -> Answer:
        return Answer("ok", words.list_words(self._listed(str(list_id))))

    def _listed(self, value: str) -> ListRow:
        """The list with the id `value`, from now on the one shown; "": the one shown already."""
        before = self.view
        if value and (_number(value) != before.list_id or before.pointed is None):
            self.view = replace(before, section="lists", list_id=_number(value))
            self._load()
        row = self.view.pointed
        if row is None:
            self.view = before
            raise Refused(
                "no_list_chosen", _("No list is chosen."), _("Scan a list, or choose its row.")
            )
        return row


def _number(value: str) -> int:
    """The number that a row or a list was called by; 0, which none has, for anything else."""
    return int(value) if value.isascii() and value.isdigit() else 0


def _stopped() -> Refused:
    return Refused(
        "stopped", _("Stopped: nothing was released."), _("Press F6 to release the orders.")
    )


def _nothing_fits(by: str) -> Refused:
    return Refused(
        "nothing_released",
        _("None of these orders can go out as {way}.").format(way=words.by_words(by)),
        _("Release them as pick lists."),
    )
