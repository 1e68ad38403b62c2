"""The conversation of the walk: list, then bin, pieces and tote at every stop."""

from __future__ import annotations

from wms_app.base.codes import Code, Number, Own, Scan, new_id
from wms_app.base.conversation import Action, Answer
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.catalog.lookup import find_bin
from wms_app.floor.catalog.names import split_name
from wms_app.floor.picking import refusals, service
from wms_app.floor.picking.goods import pieces_in, tote_in
from wms_app.floor.picking.hand import Hand
from wms_app.floor.picking.news import News, news_of, short_words
from wms_app.floor.picking.undo import Step as Done
from wms_app.floor.picking.undo import take_back, undone_words
from wms_app.floor.picking.view import PickView, Step, list_view, walk_view
from wms_app.floor.picking.walk import (
    Stop,
    Walk,
    bin_codes,
    list_called,
    list_of_tote,
    load,
    waiting_lists,
)
from wms_app.floor.picking.way import Plan


class PickPresenter:
    """Walk: scan the list; at each stop the bin, then each piece, then the tote.

    A list with one order has one tote, scanned at the start. With several, the tote of an order is
    scanned before its first piece (any empty one), and after the pieces of each later stop. A piece
    counts when its scan is accepted.
    """

    def __init__(self, store: Store, who: Who) -> None:
        self.store = store
        self.who = who
        self._hand = Hand()
        self._notice = ""
        self._plan: Plan | None = None
        self._last: tuple[str, Answer] | None = None
        self.view: PickView = PickView("list", "")

    @property
    def actions(self) -> tuple[Action, ...]:
        """Short, skip and damaged at a stop; undo while there is something to undo."""
        undo = (Action("undo", "F9", _("Undo")),) if self._hand.steps else ()
        view = self.view
        if view.step not in ("bin", "item", "tote") or not view.bin:
            return undo
        left = view.take - view.done
        found = _("How many more of {name} are in {bin}?").format(name=view.name, bin=view.bin)
        broken = _("How many of the {left} left in {bin} are damaged?").format(
            left=left, bin=view.bin
        )
        return (
            Action("short", "F4", _("Short"), "number", found),
            Action("skip", "F5", _("Skip for now")),
            Action("damaged", "F8", _("Damaged"), "number", broken),
            *undo,
        )

    def open(self) -> None:
        """No list in hand; the lists that wait are shown."""
        self._hand, self._notice = Hand(), ""
        self.refresh()

    def refresh(self) -> None:
        """See what changed; a stop whose order was stopped meanwhile is left, with words."""
        with self.store.read() as tx:
            walk = self._load(tx)
            news = self._news(walk) if walk is not None else None
            if news is not None:
                self._notice = f"{news.text} {news.detail}".strip()
            self._show(tx, walk)

    def scan(self, scan: Scan) -> Answer:
        """One scan at the step shown. The same reading again gives the same answer."""
        if self._last and self._last[0] == scan.id:
            return self._last[1]
        code = scan.code
        if isinstance(code, Own) and code.kind == "CMD":
            return self.act(code.value.lower().replace("-", "_"), operation=scan.id)
        answer = self._scan(scan, code)
        self._last = (scan.id, answer)
        return answer

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        """`short` and `damaged` (how many), `skip`, `undo`."""
        operation = operation or new_id()
        if self._last and self._last[0] == operation:
            return self._last[1]
        if action == "undo" and not self._hand.steps:
            raise Refused("nothing_to_undo", _("There is nothing to undo."), self.view.instruction)
        if action not in {known.name for known in self.actions}:
            raise Refused("no_action", _("That can't be done here."), self.view.instruction)
        match action:
            case "short":
                answer = self._short(operation, _number(value), damaged=False)
            case "damaged":
                answer = self._short(operation, _number(value), damaged=True)
            case "skip":
                answer = self._skip()
            case _:
                answer = self._undo(operation)
        self._last = (operation, answer)
        return answer

    def _scan(self, scan: Scan, code: Code) -> Answer:
        had = self._hand.list_id
        walk = self._read()
        if had and walk is None:
            raise Refused("list_taken", self._notice, _("Scan another list."))
        if walk is None or (isinstance(code, Own) and code.kind == "LIST"):
            return self._sign_in(scan, code)
        news = self._news(walk)
        if news is not None:
            self._look()
            return Answer("warn", news.text, f"{news.detail} {self.view.instruction}".strip())
        self._notice = ""
        stop = self._hand.stop(walk)
        match self._hand.step(walk, stop):
            case "confirm":
                return self._confirm_tote(scan, code, walk)
            case "tote" if stop is not None:
                return self._bind_tote(scan, code, stop)
            case "bin" if stop is not None:
                return self._at_bin(scan, code, stop)
            case "item" if stop is not None:
                return self._at_item(scan, code, walk, stop)
            case _:
                return self._sign_in(scan, code)

    def _sign_in(self, scan: Scan, code: Code) -> Answer:
        with self.store.read() as tx:
            list_id = self._list_in(tx, scan, code)
            walk = load(tx, list_id) if list_id is not None else None
        if walk is None:
            what = scan.raw.strip() if isinstance(code, Number) else refusals.said(code)
            raise refusals.unknown_list(what)
        if walk.kind != "pick-list":
            raise refusals.label_first(walk.code)
        begin = walk.list_id
        self.store.write(scan.id, self.who, "start_list", lambda tx: service.start(tx, begin))
        if self._hand.list_id != begin:
            self._hand = Hand(begin)
        self._notice = ""
        self._look()
        return Answer("ok", _("List {code}.").format(code=walk.code), self.view.instruction)

    def _list_in(self, tx: Tx, scan: Scan, code: Code) -> int | None:
        """The list that a scan means: its code, or a tote that travels on it."""
        here = self.who.warehouse_id
        if isinstance(code, Own):
            if code.kind == "LIST":
                return list_called(tx, here, code.value)
            return list_of_tote(tx, here, code.value) if code.kind == "TOTE" else None
        text = scan.raw.strip().upper()
        return list_called(tx, here, text) or list_of_tote(tx, here, text)

    def _at_bin(self, scan: Scan, code: Code, stop: Stop) -> Answer:
        found = None
        if not isinstance(code, Own) or code.kind == "BIN":
            found = self._bin_called(code.value if isinstance(code, Own) else scan.raw)
        if found is None:
            raise refusals.bin_expected(code, stop)
        if found != stop.bin:
            raise refusals.wrong_bin(found, stop)
        self._hand.bin, self._hand.pick_id = stop.bin, stop.pick_id
        self._hand.steps.append(Done("bin", stop.pick_id))
        self._look()
        name, _other = split_name(stop.name)
        take = _("Take {left} of {name}.").format(left=stop.left, name=name)
        return Answer("ok", _("Bin {bin}.").format(bin=stop.bin), take)

    def _at_item(self, scan: Scan, code: Code, walk: Walk, stop: Stop) -> Answer:
        if isinstance(code, Own):
            other = self._bin_called(code.value) if code.kind == "BIN" else None
            if other is None:
                raise refusals.item_expected(code, stop)
            if other != stop.bin:
                raise refusals.wrong_bin(other, stop)
            return Answer("ok", _("You are at the right bin."), self.view.instruction)
        with self.store.read() as tx:
            pieces = pieces_in(tx, scan, code, stop)
        take = lambda tx: service.take(tx, stop.pick_id, pieces)  # noqa: E731
        self.store.write(scan.id, self.who, "take", take)
        hand, complete = self._hand, pieces == stop.left
        hand.steps.append(Done("took", stop.pick_id, pieces))
        if complete and walk.several and not hand.fresh_tote(stop):
            hand.confirm = stop.pick_id
        hand.pick_id = None if complete else stop.pick_id
        self._look()
        name, _other = split_name(stop.name)
        text = _("{name}: {done} of {take}").format(
            name=name, done=stop.picked + pieces, take=stop.quantity
        )
        return Answer("done" if self.view.step == "done" else "ok", text, self.view.instruction)

    def _bin_called(self, text: str) -> str | None:
        with self.store.read() as tx:
            found = find_bin(tx, self.who.warehouse_id, text)
            return str(found.code) if found is not None else None

    def _confirm_tote(self, scan: Scan, code: Code, walk: Walk) -> Answer:
        stop = walk.stop(self._hand.confirm or 0)
        assert stop is not None
        right = walk.totes.get(stop.order_id, "")
        with self.store.read() as tx:
            tote = tote_in(tx, self.who.warehouse_id, scan, code)
        if not tote:
            raise refusals.tote_expected(code, right)
        if tote != right:
            raise refusals.wrong_tote(tote, right, stop.order_number)
        self._hand.confirm = None
        self._look()
        done = self.view.step == "done"
        text = _("Tote {tote}.").format(tote=tote)
        return Answer("done" if done else "ok", text, self.view.instruction)

    def _bind_tote(self, scan: Scan, code: Code, stop: Stop) -> Answer:
        with self.store.read() as tx:
            tote = tote_in(tx, self.who.warehouse_id, scan, code)
        if not tote:
            raise refusals.tote_expected(code, "")
        bind = lambda tx: service.bind_tote(tx, tote, stop.order_id)  # noqa: E731
        self.store.write(scan.id, self.who, "bind_tote", bind)
        step = Done("tote", stop.pick_id, tote=tote, order_id=stop.order_id)
        self._hand.steps.append(step)
        self._look()
        text = _("Tote {tote} carries {order}.").format(tote=tote, order=stop.order_number)
        return Answer("ok", text, self.view.instruction)

    def _short(self, operation: str, number: int, *, damaged: bool) -> Answer:
        walk, stop = self._here()
        found = stop.left - number if damaged else number
        broken = number if damaged else 0

        def work(tx: Tx) -> list[int]:
            made = service.short(tx, stop.pick_id, found, broken)
            return [len(made.new_picks), int(made.order_short)]

        fresh, waits = self.store.write(operation, self.who, "short_pick", work)
        hand = self._hand
        hand.steps.clear()
        hand.pick_id = stop.pick_id if found and not waits else None
        if hand.pick_id is None and stop.picked and not waits and walk.several:
            hand.confirm = None if hand.fresh_tote(stop) else stop.pick_id
        self._look()
        now = self._read()
        news = short_words(stop, now, fresh=bool(fresh), waits=bool(waits), damaged=broken)
        return Answer("warn", news.text, f"{news.detail} {self.view.instruction}".strip())

    def _skip(self) -> Answer:
        walk, stop = self._here()
        if len(walk.ahead()) < 2:
            raise Refused(
                "last_stop",
                _("This is the last stop: there is nothing to do before it."),
                _("Press F4 if the pieces are not there."),
            )
        self._hand.skip(stop.pick_id)
        self._look()
        text = _("{bin} comes at the end of the walk.").format(bin=stop.bin)
        return Answer("ok", text, self.view.instruction)

    def _undo(self, operation: str) -> Answer:
        step = self._hand.steps[-1]
        take_back(self.store, self.who, operation, step)
        self._hand.steps.pop()
        with self.store.read() as tx:
            walk = self._load(tx)
            self._hand.back_to(walk, step)
            self._show(tx, walk)
        return Answer("ok", undone_words(step), self.view.instruction)

    def _here(self) -> tuple[Walk, Stop]:
        walk = self._read()
        stop = self._hand.stop(walk) if walk is not None else None
        if walk is None or stop is None:
            raise Refused("no_stop", _("There is no stop here."), self.view.instruction)
        return walk, stop

    def _news(self, walk: Walk) -> News | None:
        news = news_of(walk, self._hand.told, self._hand.holds)
        if news is not None:
            self._hand.leave(walk)
        return news

    def _read(self) -> Walk | None:
        with self.store.read() as tx:
            return self._load(tx)

    def _load(self, tx: Tx) -> Walk | None:
        """The list in hand; it is let go when it was given to somebody else, or called off."""
        walk = load(tx, self._hand.list_id) if self._hand.list_id is not None else None
        if walk is None or walk.state == "done":
            return walk
        if walk.picker_id != self.who.user_id or walk.state != "walking":
            self._hand = Hand()
            self._notice = _("List {code} was taken from you.").format(code=walk.code)
            self._show(tx, None)
            return None
        return walk

    def _look(self) -> None:
        with self.store.read() as tx:
            self._show(tx, self._load(tx))

    def _show(self, tx: Tx, walk: Walk | None) -> None:
        if walk is None:
            lists = waiting_lists(tx, self.who.warehouse_id, self.who.user_id)
            self.view = list_view(lists, self._notice)
            return
        if self._plan is None:
            self._plan = Plan(bin_codes(tx, self.who.warehouse_id))
        hand = self._hand
        stop = hand.stop(walk)
        step: Step = hand.step(walk, stop)
        if hand.confirm is not None:
            stop = walk.stop(hand.confirm)
        ahead = walk.ahead(hand.skipped)
        self.view = walk_view(walk, step, stop, ahead, self._plan, self._notice)


def _number(value: str) -> int:
    if not value.strip().isdigit():
        raise Refused("no_number", _("How many?"), _("Type a number, then Enter."))
    return int(value)
