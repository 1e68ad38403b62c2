"""The conversation of the walk: list, then bin, pieces and tote at every stop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from wms_app.base.codes import Code, Number, Own, Scan, new_id
from wms_app.base.conversation import Action, Answer, commanded
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.catalog.names import split_name
from wms_app.floor.picking import refusals, service
from wms_app.floor.picking.goods import (
    bin_in,
    item_codes,
    list_in,
    pieces_in,
    tote_in,
    typed_number,
    what_is,
)
from wms_app.floor.picking.hand import Hand
from wms_app.floor.picking.news import Lack, News, lack_words, news_of, to_short_shelf
from wms_app.floor.picking.taking import take
from wms_app.floor.picking.undo import Step as Done
from wms_app.floor.picking.undo import take_back, undone_words
from wms_app.floor.picking.view import (
    PickView,
    actions_at,
    counted_view,
    expected,
    list_view,
    shows,
    walk_view,
)
from wms_app.floor.picking.walk import (
    Stop,
    Waiting,
    Walk,
    WalkLater,
    bin_codes,
    load,
    waiting_lists,
)
from wms_app.floor.picking.way import Plan

REMEMBERED = 200
T = TypeVar("T")
State = tuple[Hand, Walk | None, PickView, str, tuple[int, tuple[str, ...]]]


class PickPresenter:
    """Walk: scan the list; at each stop the bin, then each piece, then the tote.

    Each order has its own tote: the first time any empty one, then that one. A list with one order
    asks for its tote once, after the first stop. A piece counts when its scan is accepted.
    """

    def __init__(self, store: Store, who: Who) -> None:
        self.store = store
        self.who = who
        self.view: PickView = PickView("list", "")
        self._hand = Hand()
        self._walk: Walk | None = None  # what the screen shows
        self._notice = ""
        self._plan: Plan | None = None
        self._codes: tuple[int, tuple[str, ...]] = (0, ())
        self._answers: dict[str, Answer | Refused] = {}
        self._may_ask = True  # not while a change is on its way to the disk

    @property
    def actions(self) -> tuple[Action, ...]:
        """Short, skip and damaged at a stop; undo while there is something to undo."""
        return actions_at(self.view, undo=bool(self._hand.steps))

    def open(self) -> None:
        """No list in hand; the lists that wait are shown."""
        self._hand, self._notice = Hand(), ""
        self.refresh()

    def refresh(self) -> None:
        """See what changed; a stop whose order was stopped meanwhile is left, with words."""
        self._ask(None, self._refresh)

    def scan(self, scan: Scan) -> Answer:
        """One scan at the step shown. The same reading again gives the same answer."""
        return self._once(scan.id, lambda: self._scan(scan))

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        """`short` (how many sound ones are there), `damaged` (how many), `skip`, `undo`."""
        operation = operation or new_id()
        return self._once(operation, lambda: self._act(action, value, operation))

    def _once(self, operation: str, work: Callable[[], Answer]) -> Answer:
        """What `work` answers; asked again, the same answer or refusal without doing it again."""
        known = self._answers.get(operation)
        if known is None:
            try:
                known = work()
            except Refused as refusal:
                known = refusal
                self.refresh()  # whatever it was refused for may have changed what comes next
            self._answers[operation] = known
            if len(self._answers) > REMEMBERED:
                del self._answers[next(iter(self._answers))]
        if isinstance(known, Refused):
            raise known
        return known

    def _scan(self, scan: Scan) -> Answer:
        code = scan.code
        if isinstance(code, Own) and code.kind == "CMD":
            return self._act(commanded(self.actions, code.value), "", scan.id)
        answer = self._at_once(scan.id, code)
        if answer is not None:
            return answer
        had, shown = self._hand.list_id, self.view.pick_id
        walk = self._read()
        if had and walk is None:
            raise Refused("list_taken", self._notice, _("Scan another list."))
        if walk is None or (isinstance(code, Own) and code.kind == "LIST"):
            return self._sign_in(scan, code)
        before, self._notice = self._notice, ""
        news = self._hear(walk)
        stop = self._hand.stop(walk)
        if news is not None and (stop is None or stop.pick_id != shown):
            self._notice = ""
            self._look()
            return Answer("warn", news.text, f"{news.detail} {self.view.instruction}".strip())
        if stop is None:
            return self._sign_in(scan, code)
        at = {"bin": self._at_bin, "item": self._at_item, "tote": self._at_tote}
        try:
            return at[self._hand.step(walk, stop)](scan, code, walk, stop)
        except Refused:
            self._notice = self._notice or before  # it stays until something was accepted
            raise

    def _at_once(self, operation: str, code: Code) -> Answer | None:
        """Take the piece whose barcode stands on the screen, without a question before.

        None when it is another code, or when something has changed: that is found out then.
        """
        shown = self._shown(code)
        if shown is None or self._walk is None:
            return None
        with suppress(Refused):
            return self._take(operation, self._walk, shown, 1, shown=True)
        return None

    def _act(self, action: str, value: str, operation: str) -> Answer:
        if action not in {known.name for known in self.actions}:
            if action == "undo":
                raise Refused("nothing_to_undo", _("There is nothing to undo."))
            raise Refused("no_action", _("That can't be done here."), self.view.instruction)
        if action == "undo":
            return self._undo(operation)
        walk = self._read()
        stop = self._hand.stop(walk) if walk is not None else None
        if walk is None or stop is None or stop.pick_id != self.view.pick_id:
            raise Refused("no_stop", _("That stop is off the list."), _("Nothing was changed."))
        if action == "skip":
            return self._skip(walk, stop)
        number = typed_number(value)
        if action == "short":
            return self._lack(operation, walk, stop, number, 0)
        if not 1 <= number <= stop.left:
            raise refusals.not_so_many(number, stop)
        return self._lack(operation, walk, stop, stop.left - number, number)

    def _sign_in(self, scan: Scan, code: Code) -> Answer:
        with self.store.read() as tx:
            list_id = list_in(tx, self.who.warehouse_id, scan, code)
            walk = load(tx, list_id) if list_id is not None else None
            if walk is None:
                typed = scan.raw.strip() if isinstance(code, Number) else what_is(tx, scan, code)
                raise refusals.unknown_list(typed)
        if walk.kind != "pick-list":
            raise refusals.label_first(walk.code)
        begin = walk.list_id
        mine = walk.picker_id == self.who.user_id
        if walk.state != "done" or not mine or Hand(begin).stop(walk) is None:
            self._write(scan.id, "start_list", lambda tx: service.start(tx, begin))
        if self._hand.list_id != begin:
            self._hand = Hand(begin)
        self._notice = ""
        self._look()
        return Answer("ok", _("List {code}.").format(code=walk.code), self.view.instruction)

    def _at_bin(self, scan: Scan, code: Code, _walk: Walk, stop: Stop) -> Answer:
        with self.store.read() as tx:
            found = bin_in(tx, self.who.warehouse_id, scan, code)
            if found is None:
                raise refusals.bin_expected(what_is(tx, scan, code), stop)
        if found != stop.bin:
            raise refusals.wrong_bin(found, stop)
        self._hand.bin, self._hand.pick_id = stop.bin, stop.pick_id
        self._hand.steps.append(Done("bin", stop.pick_id))
        self._look()
        name, _other = split_name(stop.name)
        take = _("Take {left} of {name}.").format(left=stop.left, name=name)
        return Answer("ok", _("Bin {bin}.").format(bin=stop.bin), take)

    def _at_item(self, scan: Scan, code: Code, walk: Walk, stop: Stop) -> Answer:
        pieces = 1 if shows(self.view, code, stop) else self._pieces(scan, code, stop)
        if not pieces:
            return Answer("ok", _("You are at the right bin."), self.view.instruction)
        answer = self._take(scan.id, walk, stop, pieces)
        if answer is not None:
            return answer
        # Its answer was lost: the piece is among those taken, and can be taken back.
        self._hand.steps.append(Done("took", stop.pick_id, pieces))
        self._look()
        return self._so_far(stop, stop.picked)

    def _take(
        self, operation: str, walk: Walk, stop: Stop, pieces: int, *, shown: bool = False
    ) -> Answer | None:
        """Take pieces, and show what is next; None when this was done before.

        `shown`: the stop was not looked up for it, it is what the screen shows.
        What is next is found out while the change is on its way to the disk, unless the store has
        to be asked for it.
        """
        before = self._hand, self._walk, self.view, self._notice, self._codes
        after: list[Walk | WalkLater] = []
        answers: list[Answer] = []

        def prepare() -> None:
            self._may_ask = False
            try:
                answers.append(self._took(walk, stop, pieces, after[-1]))
            except _Asks:
                self._be(before)
            finally:
                self._may_ask = True

        def work(tx: Tx) -> None:
            self._be(before)  # a try before this one, that came to nothing, may have prepared
            answers.clear()
            walker = self.who.user_id
            after.append(take(tx, walk, stop, pieces, walker, shown=shown))
            tx.meanwhile(prepare)

        try:
            done = self._write(operation, "take", work)
        except BaseException:
            self._be(before)
            raise
        if not done:
            return None
        return answers[-1] if answers else self._took(walk, stop, pieces, after[-1])

    def _be(self, state: State) -> None:
        """Have that in hand and on the screen."""
        self._hand, self._walk, self.view, self._notice, self._codes = state

    def _took(self, walk: Walk, stop: Stop, pieces: int, after: Walk | WalkLater) -> Answer:
        self._notice, self._hand = "", self._hand.copy()  # what it was is kept, see `_take`
        self._hand.took(walk, stop, pieces)
        taken = stop.picked + pieces
        now = after if isinstance(after, Walk) else after()
        if now is None:  # the store went away behind the change, or the list has other stops
            self.refresh()
        elif taken < stop.quantity and self._else_as_shown(walk, now, stop, taken):
            self._walk, self.view = now, counted_view(self.view, now, stop.as_taken(taken))
        else:
            now = self._mine(now)
            self._hear(now)
            self._show(now)
        return self._so_far(stop, taken)

    def _else_as_shown(self, walk: Walk, now: Walk, stop: Stop, taken: int) -> bool:
        """Whether only so many pieces of the stop were taken, and all else is as on the screen."""
        if walk is not self._walk:
            return False
        others = [new for new, old in zip(now.stops, walk.stops) if new is not old]
        same = (now.state, now.picker_id, now.totes) == (walk.state, walk.picker_id, walk.totes)
        return same and others == [stop.as_taken(taken)] and not self._hear(now)

    def _so_far(self, stop: Stop, taken: int) -> Answer:
        name, _other = split_name(stop.name)
        text = _("{name}: {done} of {take}").format(name=name, done=taken, take=stop.quantity)
        return self._accepted(text)

    def expects(self, code: Code) -> bool:
        """Whether a camera's code is what the step shows: the list, bin, piece or tote it asks for.

        What else it sees is as if it were not there (see `ScanningRoom`).
        """
        return expected(self.view, code)

    def _shown(self, code: Code) -> Stop | None:
        """The stop on the screen, if this is the barcode that it shows for the piece wanted next.

        Such a scan is done at once: that all is still as it is shown is seen by the change itself.
        """
        walk, wanted = self._walk, self.view.pick_id
        if walk is None or not wanted or self.view.step != "item":
            return None
        stop = walk.stop(wanted)
        return stop if stop is not None and shows(self.view, code, stop) else None

    def _pieces(self, scan: Scan, code: Code, stop: Stop) -> int:
        """How many pieces any other scan says; 0 when it was the bin again."""
        with self.store.read() as tx:
            other = bin_in(tx, self.who.warehouse_id, scan, code)
            if other is not None and other != stop.bin:
                raise refusals.wrong_bin(other, stop)
            if other is not None:
                return 0
            if isinstance(code, Own):
                raise refusals.item_expected(code, stop)
            return pieces_in(tx, scan, code, stop)

    def _at_tote(self, scan: Scan, code: Code, walk: Walk, stop: Stop) -> Answer:
        right = walk.totes.get(stop.order_id, "")
        with self.store.read() as tx:
            tote = tote_in(tx, self.who.warehouse_id, scan, code)
            if not tote:
                raise refusals.tote_expected(what_is(tx, scan, code), right)
        if right and tote != right:
            raise refusals.wrong_tote(tote, right, stop.order_number)
        order_id = stop.order_id
        bind = lambda tx: service.bind_tote(tx, tote, order_id)  # noqa: E731
        if right or self._write(scan.id, "bind_tote", bind):
            self._hand.put(stop, tote, bound=not right)
        self._look()
        text = _("Tote {tote} carries {order}.").format(tote=tote, order=stop.order_number)
        return self._accepted(text, to_short_shelf(tote) if stop.order_state == "short" else "")

    def _lack(self, operation: str, walk: Walk, stop: Stop, found: int, damaged: int) -> Answer:
        def work(tx: Tx) -> dict[str, Any]:
            made = service.short(tx, stop.pick_id, found, damaged)
            return {"picks": made.new_picks, "waits": made.order_short}

        made = self.store.write(operation, self.who, "short_pick", work)
        lack = Lack(found, damaged, tuple(made["picks"]), made["waits"])
        self._hand.after_short(walk, stop, more_here=bool(found) and not lack.waits)
        self._look()
        news = lack_words(stop, self._read(), lack)
        return Answer("warn", news.text, f"{news.detail} {self.view.instruction}".strip())

    def _skip(self, walk: Walk, stop: Stop) -> Answer:
        if len(walk.ahead()) < 2:
            raise Refused(
                "last_stop",
                _("This is the last stop: there is nothing to do before it."),
                _("Press F4 if the pieces are not there."),
            )
        self._hand.skip(walk, stop)
        self._look()
        return self._accepted(_("{bin} comes at the end of the walk.").format(bin=stop.bin))

    def _undo(self, operation: str) -> Answer:
        step = self._hand.steps[-1]
        take_back(self.store, self.who, operation, step)
        self._hand.steps.pop()
        with self.store.read() as tx:
            walk = self._load(tx)
            self._hand.back_to(walk, step)
            self._show(walk, tx)
        return Answer("ok", undone_words(step), self.view.instruction)

    def _accepted(self, text: str, detail: str = "") -> Answer:
        done = self.view.step == "done"
        return Answer("done" if done else "ok", text, f"{detail} {self.view.instruction}".strip())

    def _write(self, operation: str, verb: str, work: Callable[[Tx], object]) -> bool:
        """Do it in the store; False when this very operation was done before a restart."""
        done: list[Tx] = []

        def once(tx: Tx) -> None:
            work(tx)
            done.append(tx)

        self.store.write(operation, self.who, verb, once)
        # Of an operation that was applied before, the work may be begun and comes to nothing.
        return bool(done) and done[-1].operation_known is not None

    def _hear(self, walk: Walk | None) -> News | None:
        """Note what must be said of orders that were stopped, and leave their stops."""
        news = news_of(walk, self._hand.told, self._hand.holds) if walk is not None else None
        if news is not None and walk is not None:
            self._notice = f"{news.text} {news.detail}".strip()
            self._hand.leave(walk)
        return news

    def _read(self) -> Walk | None:
        with self.store.read() as tx:
            return self._load(tx)

    def _load(self, tx: Tx) -> Walk | None:
        """The list in hand, see `_mine`; read only where something has changed in the store."""
        listed, shown = self._hand.list_id, self._walk
        if shown is not None and shown.list_id == listed and tx.found(shown.mark):
            return self._mine(shown, tx)
        return self._mine(load(tx, listed) if listed is not None else None, tx)

    def _mine(self, walk: Walk | None, tx: Tx | None = None) -> Walk | None:
        """The list, which is let go when it was given to somebody else, or called off."""
        if walk is None or walk.state == "done":
            return walk
        if walk.picker_id != self.who.user_id or walk.state != "walking":
            self._hand = Hand()
            self._notice = _("List {code} was taken from you.").format(code=walk.code)
            self._show(None, tx)
            return None
        return walk

    def _refresh(self, tx: Tx) -> None:
        walk = self._load(tx)
        self._hear(walk)
        self._show(walk, tx)

    def _look(self) -> None:
        with self.store.read() as tx:
            self._show(self._load(tx), tx)

    def _show(self, walk: Walk | None, tx: Tx | None = None) -> None:
        """Show a walk; the store is asked, by `tx` if there is one, for what is not known yet."""
        self._walk = walk
        if walk is None:
            self.view = list_view(self._ask(tx, self._lists), self._notice)
            return
        if self._plan is None:
            bins = self._ask(tx, lambda tx: bin_codes(tx, self.who.warehouse_id))
            self._plan = Plan(bins)
        stop = self._hand.stop(walk)
        step = self._hand.step(walk, stop)
        if stop is not None and self._codes[0] != stop.pick_id:  # looked up once for each stop
            self._codes = stop.pick_id, self._ask(tx, lambda tx: item_codes(tx, stop))
        codes = self._codes[1] if stop is not None else ()
        ahead = walk.ahead(self._hand.skipped)
        self.view = walk_view(walk, step, stop, ahead, self._plan, codes, self._notice)

    def _lists(self, tx: Tx) -> list[Waiting]:
        return waiting_lists(tx, self.who.warehouse_id, self.who.user_id)

    def _ask(self, tx: Tx | None, question: Callable[[Tx], T]) -> T:
        if tx is not None:
            return question(tx)
        if not self._may_ask:
            raise _Asks
        with self.store.read() as tx:
            return question(tx)


class _Asks(Exception):
    """The store has to be asked, and can't be asked now."""
