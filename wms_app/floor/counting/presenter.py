"""The conversation at a bin in doubt: count what lies there, without knowing what should."""

from __future__ import annotations

from wms_app.base.codes import Code, Item, Number, Own, Scan
from wms_app.base.conversation import Action, Answer, ScanningRoom
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.catalog.lookup import find_bin, skus_for
from wms_app.floor.catalog.names import split_name
from wms_app.floor.counting import service
from wms_app.floor.counting.doubts import Difference, differences, doubts
from wms_app.floor.counting.view import CountView, approve_words, at_bin, bin_words
from wms_app.floor.picking.goods import names_of


class CountPresenter(ScanningRoom):
    """Walk: scan the bin, then each piece (or one number for all), then the bin again.

    What the store believes is never shown to who counts. A count that agrees is done; one that
    differs waits for a supervisor, who approves it or has it counted again.
    """

    def __init__(self, store: Store, who: Who) -> None:
        self.store = store
        self.who = who
        self._task_id: int | None = None
        self._bin = ""
        self._scanned: list[int] = []
        self._chosen = 0
        self._mine: list[int] = []
        self.view = CountView("bin", "")

    @property
    def actions(self) -> tuple[Action, ...]:
        """None there, another bin, undo; for a supervisor also the decision about a difference."""
        undo = (Action("undo", "F9", _("Undo")),) if self._scanned or self._mine else ()
        view = self.view
        if view.step == "count":
            empty = _("Is there really no {name} in {bin}?").format(name=view.name, bin=view.bin)
            none = Action("none", "F4", _("None there"), confirm=empty)
            return (none, Action("other_bin", "F5", _("Other bin"), sheet="next"), *undo)
        chosen = next((d for d in view.differences if d.task_id == view.chosen), None)
        if chosen is None:
            return undo
        return (
            Action("approve", "F6", _("Approve"), confirm=approve_words(chosen)),
            Action("recount", "F7", _("Count again")),
            *undo,
        )

    def open(self) -> None:
        """No bin in hand; the bins in doubt are shown."""
        self._let_go()
        self.refresh()

    def refresh(self) -> None:
        """See what is in doubt now; a count under way stays."""
        with self.store.read() as tx:
            self._show(tx)

    def _act(self, action: str, value: str, operation: str) -> Answer:
        """`none`, `other_bin`, `undo`; `choose` (a task), `approve`, `recount`."""
        if action == "choose":
            self._chosen = int(value) if value.isdigit() else 0
            self.refresh()
            return Answer("ok", self.view.instruction)
        if action == "undo":
            return self._undo(operation)
        if action not in {known.name for known in self.actions}:
            raise self._no_such()
        match action:
            case "none":
                return self._save(0, operation)
            case "other_bin":
                self._let_go()
                self.refresh()
                return Answer("ok", self.view.instruction, self.view.context)
            case "approve":
                return self._approve(operation)
            case _:
                return self._recount(operation)

    def _scan(self, scan: Scan, code: Code) -> Answer:
        here = self._bin_in(scan, code)
        if self._task_id is None:
            if here is None:
                raise Refused(
                    "bin_expected",
                    _("That is no bin. Scan the bin that you count."),
                    _("The bins in doubt are in the list."),
                )
            return self._begin(here)
        if here is not None:
            return self._bin_again(here, scan.id)
        if isinstance(code, Own):
            raise Refused(
                "item_expected",
                _("That is {kind} {code}. Scan the pieces in {bin}.").format(
                    kind=code.kind, code=code.value, bin=self._bin
                ),
                self.view.context,
            )
        return self._piece(scan, code)

    def _bin_in(self, scan: Scan, code: Code) -> str | None:
        if isinstance(code, Own) and code.kind != "BIN":
            return None
        text = code.value if isinstance(code, Own) else scan.raw
        with self.store.read() as tx:
            found = find_bin(tx, self.who.warehouse_id, text)
        if found is None and isinstance(code, Own):
            raise Refused("no_bin", _("There is no bin {bin}.").format(bin=text))
        return str(found.code) if found is not None else None

    def _begin(self, bin_code: str) -> Answer:
        with self.store.read() as tx:
            open_here = [d for d in doubts(tx, self.who.warehouse_id) if d.bin == bin_code]
            waits = [d for d in differences(tx, self.who.warehouse_id) if d.bin == bin_code]
        if not open_here and waits:
            raise Refused(
                "counted_already",
                _("{bin} was counted already, by {name}.").format(
                    bin=bin_code, name=waits[0].counted_by
                ),
                _("A supervisor decides about it. Scan the next bin."),
            )
        if not open_here:
            raise Refused(
                "no_doubt",
                _("Nothing is to be counted in {bin}.").format(bin=bin_code),
                _("Scan a bin of the list."),
            )
        self._task_id, self._bin, self._scanned = open_here[0].task_id, bin_code, []
        self.refresh()
        return Answer("ok", self.view.instruction, self.view.context)

    def _bin_again(self, bin_code: str, operation: str) -> Answer:
        if bin_code == self._bin:
            if not self._scanned:
                raise Refused(
                    "nothing_counted",
                    _("No piece was scanned in {bin} yet.").format(bin=bin_code),
                    _("Scan the pieces, type how many, or press F4 if there are none."),
                )
            return self._save(sum(self._scanned), operation)
        if self._scanned:
            raise Refused(
                "unfinished",
                _("That is {got}. The count of {bin} is not finished.").format(
                    got=bin_code, bin=self._bin
                ),
                _("Scan {bin} again to finish it.").format(bin=self._bin),
            )
        return self._begin(bin_code)

    def _piece(self, scan: Scan, code: Code) -> Answer:
        item = code if isinstance(code, Item) else Item(scan.raw.strip())
        with self.store.read() as tx:
            matches = skus_for(tx, item)
            names = names_of(tx, matches)
            here = [d for d in doubts(tx, self.who.warehouse_id) if d.bin == self._bin]
        if isinstance(code, Number) and not matches:
            return self._save(code.value, scan.id)
        counts = {match.sku_id: match.quantity for match in matches}
        fits = [d for d in here if d.sku_id in counts and d.lot in ("", item.lot or d.lot)]
        now = next((d for d in fits if d.task_id == self._task_id), None)
        if now is None and fits and not self._scanned:
            now = fits[0]  # another of the doubted goods of this bin comes first
            self._task_id = now.task_id
        if now is None:
            raise self._other_goods(names or item.text, item.lot)
        self._scanned.append(counts[now.sku_id])
        self.refresh()
        name, _other = split_name(now.name)
        text = _("{name}: {count} counted").format(name=name, count=sum(self._scanned))
        return Answer("ok", text, self.view.context)

    def _other_goods(self, what: str, lot: str) -> Refused:
        view = self.view
        wanted = f"{view.name} ({view.sku})" + (f", {view.lot}" if view.lot else "")
        return Refused(
            "wrong_item",
            _("That is {what}. Count only {wanted} now.").format(
                what=f"{what}, {lot}" if lot else what, wanted=wanted
            ),
            _("Goods that do not belong there: tell a supervisor."),
        )

    def _save(self, pieces: int, operation: str) -> Answer:
        task_id, bin_code = self._task_id, self._bin
        assert task_id is not None
        work = lambda tx: service.count(tx, task_id, pieces)  # noqa: E731
        agrees = self.store.write(operation, self.who, "count", work)
        if not agrees:
            self._mine.append(task_id)
        self._let_go()
        self.refresh()
        text = _("{bin}: {count} counted.").format(bin=bin_code, count=pieces)
        if agrees:
            return Answer("done", text, _("It agrees. {next}").format(next=self.view.instruction))
        return Answer("warn", text, _("It differs; a supervisor looks at it."))

    def _undo(self, operation: str) -> Answer:
        if self._scanned:
            self._scanned.pop()
            self.refresh()
            return Answer(
                "ok", _("{count} counted.").format(count=sum(self._scanned)), self.view.context
            )
        if not self._mine:
            raise Refused("nothing_to_undo", _("There is nothing to undo."), self.view.instruction)
        task_id = self._mine[-1]
        work = lambda tx: service.recount(tx, task_id)  # noqa: E731
        self.store.write(operation, self.who, "undo", work)
        self._mine.pop()
        self.refresh()
        return Answer("ok", _("That count is thrown away."), self.view.instruction)

    def _approve(self, operation: str) -> Answer:
        chosen = self._decided()
        work = lambda tx: service.approve(tx, chosen.task_id)  # noqa: E731
        short = self.store.write(operation, self.who, "approve_count", work)
        self._after(chosen)
        text = _("{bin} now has {count} of {sku}.").format(
            bin=chosen.bin, count=chosen.on_hand + chosen.difference, sku=chosen.sku
        )
        if not short:
            return Answer("done", text, self.view.instruction)
        words = ngettext(
            "{count} order waits short: {orders}",
            "{count} orders wait short: {orders}",
            len(short),
        )
        return Answer("warn", text, words.format(count=len(short), orders=", ".join(short[:5])))

    def _recount(self, operation: str) -> Answer:
        chosen = self._decided()
        work = lambda tx: service.recount(tx, chosen.task_id)  # noqa: E731
        self.store.write(operation, self.who, "recount", work)
        self._after(chosen)
        text = _("{bin} is counted again.").format(bin=chosen.bin)
        return Answer("ok", text, self.view.instruction)

    def _decided(self) -> Difference:
        with self.store.read() as tx:
            waiting = differences(tx, self.who.warehouse_id)
        chosen = next((d for d in waiting if d.task_id == self.view.chosen), None)
        if chosen is None:
            raise Refused(
                "decided", _("That difference was decided already."), _("Choose another.")
            )
        return chosen

    def _after(self, decided: Difference) -> None:
        self._mine = [task for task in self._mine if task != decided.task_id]
        self._chosen = 0
        self.refresh()

    def _let_go(self) -> None:
        self._task_id, self._bin, self._scanned = None, "", []

    def _show(self, tx: Tx) -> None:
        open_ones = doubts(tx, self.who.warehouse_id)
        waiting = differences(tx, self.who.warehouse_id)
        now = next((d for d in open_ones if d.task_id == self._task_id), None)
        if now is None:
            self._let_go()
        shown = tuple(waiting) if self.who.supervises else ()
        if self._chosen not in {d.task_id for d in shown}:
            self._chosen = shown[0].task_id if shown else 0
        view = CountView(
            "bin",
            *bin_words(len(open_ones), len(shown)),
            doubts=tuple(open_ones),
            differences=shown,
            waiting=len(waiting),
            chosen=self._chosen,
        )
        self.view = at_bin(view, now, sum(self._scanned)) if now is not None else view
