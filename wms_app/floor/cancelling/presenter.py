"""The conversation at the put-back shelf: where it lies, what it is, where it went."""

from __future__ import annotations

from dataclasses import dataclass

from wms_app.base.codes import Code, Item, Number, Own, Scan
from wms_app.base.conversation import Action, Answer, ScanningRoom
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.cancelling import service
from wms_app.floor.cancelling.places import on_shelf, place_words
from wms_app.floor.cancelling.shelf import Task, open_tasks, place_in, sku_names
from wms_app.floor.cancelling.view import PutBackView, put_back_view
from wms_app.floor.catalog.lookup import find_bin, skus_for
from wms_app.floor.catalog.names import split_name


@dataclass(frozen=True)
class _Done:
    """A put-back that can still be taken back."""

    task_id: int
    bin_id: int
    pieces: int
    place: str


class PutBackPresenter(ScanningRoom):
    """Walk: scan a tote or parcel of a cancelled order, a piece from it, then the bin.

    Pieces in hand are written when the bin is scanned; the bin they came from is proposed, any pick
    or reserve bin is taken.
    """

    def __init__(self, store: Store, who: Who) -> None:
        self.store = store
        self.who = who
        self._place = ""
        self._task_id: int | None = None
        self._pieces = 0
        self._done: list[_Done] = []
        self.view = PutBackView("place", "")

    @property
    def actions(self) -> tuple[Action, ...]:
        """Leaving the place; undo of a piece in hand or of the last put-back."""
        leave = (
            (Action("other_place", "F5", _("Other place"), sheet="next"),) if self._place else ()
        )
        undo = (Action("undo", "F9", _("Undo")),) if self._pieces or self._done else ()
        return leave + undo

    def open(self) -> None:
        """No place in hand; every place with goods is shown."""
        self._let_go()
        self.refresh()

    def refresh(self) -> None:
        """See what waits now; the place and the pieces in hand stay while they are open."""
        with self.store.read() as tx:
            self._show(tx)

    def _act(self, action: str, value: str, operation: str) -> Answer:
        """`undo`, `other_place`, or `choose` a place of the list (its code as value)."""
        match action:
            case "undo":
                return self._undo(operation)
            case "other_place":
                self._let_go()
                self.refresh()
                return Answer("ok", self.view.instruction, self.view.context)
            case "choose":
                return self._at_place(value)
        raise self._no_such()

    def _scan(self, scan: Scan, code: Code) -> Answer:
        with self.store.read() as tx:
            tasks = open_tasks(tx, self.who.warehouse_id)
            place = place_in(tx, self.who.warehouse_id, scan, code, tasks)
        if place:
            return self._at_place(place)
        task = self._in_hand(tasks)
        if task is not None and self._is_bin(scan, code):
            return self._at_bin(scan, code, task)
        if isinstance(code, Own):
            raise self._unexpected(code)
        if task is not None and isinstance(code, Number) and code.value <= task.quantity:
            return self._total(code.value, task)
        return self._piece(scan, code, tasks)

    def _at_place(self, place: str) -> Answer:
        self._let_go()
        self._place = place
        self.refresh()
        if self.view.step == "place":
            raise Refused(
                "nothing_there",
                _("Nothing there goes back."),
                _("Scan a tote or parcel of the list."),
            )
        return Answer("ok", self.view.instruction, self.view.context)

    def _is_bin(self, scan: Scan, code: Code) -> bool:
        if isinstance(code, Own):
            return code.kind == "BIN"
        with self.store.read() as tx:
            return find_bin(tx, self.who.warehouse_id, scan.raw) is not None

    def _at_bin(self, scan: Scan, code: Code, task: Task) -> Answer:
        text = code.value if isinstance(code, Own) else scan.raw
        with self.store.read() as tx:
            found = find_bin(tx, self.who.warehouse_id, text)
        if found is None:
            raise Refused(
                "no_bin",
                _("There is no bin {bin}.").format(bin=text),
                _("Put it into {bin} and scan it.").format(bin=task.bin),
            )
        pieces = self._pieces
        work = lambda tx: service.put_back(tx, task.id, found.id, pieces)  # noqa: E731
        self.store.write(scan.id, self.who, "put_back", work)
        self._done.append(_Done(task.id, found.id, pieces, task.place))
        self._task_id, self._pieces = None, 0
        self.refresh()
        name, _other = split_name(task.name)
        text = _("{count} of {name} back in {bin}.").format(count=pieces, name=name, bin=found.code)
        empty = self.view.step == "place"
        return Answer("done" if empty else "ok", text, self.view.instruction)

    def _piece(self, scan: Scan, code: Code, tasks: list[Task]) -> Answer:
        item = code if isinstance(code, Item) else Item(scan.raw.strip())
        with self.store.read() as tx:
            matches = skus_for(tx, item)
            names = sku_names(tx, [match.sku_id for match in matches])
        counts = {match.sku_id: match.quantity for match in matches}
        task = self._task_for(tasks, set(counts), item.lot)
        if task is None:
            raise self._not_here(item, names, tasks)
        before = self._pieces if task.id == self._task_id else 0
        pieces = before + counts[task.sku_id]
        if pieces > task.quantity:
            raise _too_many(pieces, task)
        self._place, self._task_id, self._pieces = task.place, task.id, pieces
        return self._held(task)

    def _task_for(self, tasks: list[Task], sku_ids: set[int], lot: str) -> Task | None:
        """The task that a piece belongs to: at this place, else loose on the shelf."""
        place = self._place or on_shelf()
        fits = [
            task
            for task in tasks
            if task.place == place
            and task.sku_id in sku_ids
            and (not lot or not task.lot or lot == task.lot)
        ]
        same = [task for task in fits if task.id == self._task_id]
        if same and self._pieces < same[0].quantity:
            return same[0]
        return (fits or [None])[0]  # type: ignore[list-item]

    def _total(self, number: int, task: Task) -> Answer:
        if number < 1:
            raise _too_many(number, task)
        self._pieces = number
        return self._held(task)

    def _held(self, task: Task) -> Answer:
        self.refresh()
        name, _other = split_name(task.name)
        text = _("{name}: {count} of {quantity} in hand").format(
            name=name, count=self._pieces, quantity=task.quantity
        )
        return Answer("ok", text, self.view.instruction)

    def _not_here(self, item: Item, names: list[tuple[str, str]], tasks: list[Task]) -> Refused:
        what = " / ".join(f"{split_name(name)[0]} ({sku})" for name, sku in names[:2]) or item.text
        if item.lot:
            what = f"{what} · {item.lot}"
        if not self._place:
            return Refused(
                "place_expected",
                _("That is {what}. First scan the tote or parcel it lies in.").format(what=what),
                self.view.context,
            )
        here = [task for task in tasks if task.place == self._place]
        wanted = ", ".join(dict.fromkeys(_goods(task, bool(item.lot)) for task in here))
        return Refused(
            "not_from_here",
            _("That is {what}. From here go back: {wanted}.").format(what=what, wanted=wanted),
            _("Nothing was changed. Set it aside and tell a supervisor."),
        )

    def _unexpected(self, code: Own) -> Refused:
        if code.kind in ("TOTE", "PARCEL"):
            return Refused(
                "nothing_there",
                _("Nothing of {code} goes back.").format(code=code.value),
                _("Scan a tote or parcel of the list."),
            )
        expected = "item_expected" if self._place else "place_expected"
        return Refused(
            expected,
            _("That is {kind} {code}.").format(kind=code.kind, code=code.value),
            self.view.instruction,
        )

    def _undo(self, operation: str) -> Answer:
        if self._pieces:
            self._task_id, self._pieces = None, 0
            self.refresh()
            return Answer("ok", _("Put down. Nothing was changed."), self.view.instruction)
        if not self._done:
            raise Refused("nothing_to_undo", _("There is nothing to undo."), self.view.instruction)
        last = self._done[-1]

        def work(tx: Tx) -> int:
            return service.take_up(tx, last.task_id, last.bin_id, last.pieces)

        self.store.write(operation, self.who, "undo", work)
        self._done.pop()
        self._place = last.place
        self.refresh()
        return Answer("ok", _("Taken out of the bin again."), self.view.instruction)

    def _in_hand(self, tasks: list[Task]) -> Task | None:
        if not self._pieces:
            return None
        return next((task for task in tasks if task.id == self._task_id), None)

    def _let_go(self) -> None:
        self._place, self._task_id, self._pieces = "", None, 0

    def _show(self, tx: Tx) -> None:
        tasks = open_tasks(tx, self.who.warehouse_id)
        task = self._in_hand(tasks)
        if task is None:
            self._task_id, self._pieces = None, 0
        self._pieces = min(self._pieces, task.quantity) if task else 0
        if not any(t.place == self._place for t in tasks):
            self._place = ""
        self.view = put_back_view(tasks, self._place, task, self._pieces)


def _goods(task: Task, with_lot: bool) -> str:
    name, _other = split_name(task.name)
    return f"{name} · {task.lot}" if with_lot and task.lot else name


def _too_many(pieces: int, task: Task) -> Refused:
    name, _other = split_name(task.name)
    place = place_words(task.place, task.order_number)
    return Refused(
        "too_many",
        _("{pieces} of {name}? {quantity} go back from the {place}.").format(
            pieces=pieces, name=name, quantity=task.quantity, place=place
        ),
        _("Nothing was changed. Put them into {bin} and scan it.").format(bin=task.bin),
    )
