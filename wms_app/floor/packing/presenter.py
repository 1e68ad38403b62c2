"""The conversation at the pack bench: a tote, every piece of it, the weight, the label."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from wms_app.base.codes import Code, Item, Number, Own, Scan
from wms_app.base.conversation import Action, Answer, ScanningRoom
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Down, Refused
from wms_app.base.texts import _
from wms_app.base.who import Who
from wms_app.floor.packing import answers, steps
from wms_app.floor.packing import bench as benches
from wms_app.floor.packing.bench import Bench, Goods
from wms_app.floor.packing.choices import actions_for, reason_and_words
from wms_app.floor.packing.evidence import Eye, photograph
from wms_app.floor.packing.expected import expected
from wms_app.floor.packing.inside import pieces_of
from wms_app.floor.packing.labelled import BenchPapers
from wms_app.floor.packing.labels import BenchLabels
from wms_app.floor.packing.scanned import (
    carton_meant,
    goods_meant,
    goods_or_number,
    lots_for,
    order_meant,
)
from wms_app.floor.packing.service import put_lots
from wms_app.floor.packing.short import Lacking, short
from wms_app.floor.packing.slip import wished_slip
from wms_app.floor.packing.view import (
    PackView,
    Step,
    bench_view,
    empty_view,
)
from wms_app.floor.packing.weight import judge
from wms_app.floor.picking.goods import typed_number
from wms_app.outside.devices.scale import Scale


class PackPresenter(ScanningRoom):
    """Walk: scan the tote, scan every piece into the box, put it on the scale, stick the label on.

    What is true is read from the store before every step; here is only what was said last.
    """

    def __init__(
        self, store: Store, who: Who, scale: Scale, papers: BenchPapers, eye: Eye | None = None
    ) -> None:
        self.store = store
        self.who = who
        self.scale = scale
        self.view: PackView = empty_view(0, ())
        self._eye = eye
        self._papers = papers
        self._labels = BenchLabels(papers)
        self._bench: Bench | None = None
        self._closing = False
        self._line = 0
        self._put: list[tuple[int, str, int]] = []
        self._off: tuple[int, str] | None = None  # a weight that was refused: grams, how weighed

    @property
    def actions(self) -> tuple[Action, ...]:
        """What can be done at this step."""
        off = self._off is not None and self.who.supervises
        return actions_for(self._bench, self.view, off, self._labels.unsure_of > 0)

    def open(self) -> None:
        """Begin at an empty bench."""
        self._leave()
        self.refresh()

    def refresh(self) -> None:
        """Read the order on the bench again; the step stays what it is."""
        with self.store.read() as tx:
            if self._bench is not None:
                self._bench = benches.read_bench(tx, self._bench.order_id)
            if self._bench is None:
                here = self.who.warehouse_id
                waiting = [*benches.waiting_for_label(tx, here), *self._papers.unprinted(tx, here)]
                self.view = empty_view(benches.ready_orders(tx, here), tuple(waiting))
                return
        said = self._labels
        self.view = bench_view(self._bench, self.who, self._step(), said.result, said.problem)

    def expects(self, code: Code) -> bool:
        """See `ScanningRoom`."""
        with self.store.read() as tx:
            return expected(tx, self.who, self._bench, self.view.step, code)

    def _scan(self, scan: Scan, code: Code) -> Answer:
        """A tote or an order, pieces, a carton."""
        if isinstance(code, Number) and self._bench is not None and self.view.step == "items":
            code = goods_or_number(self.store, self._bench, self._line_now(), code, scan.raw)
        return self._guarded(partial(self._scanned, code, scan.id))

    def _act(self, action: str, value: str, operation: str) -> Answer:
        """One action of the key bar or the command sheet."""
        if action not in {one.name for one in self.actions}:
            raise self._no_such(_("{instruction}.").format(instruction=self.view.instruction))
        does: dict[str, Callable[[], Answer]] = {
            "reprint": lambda: self._ask_label(operation),
            "retry_label": lambda: self._ask_label(operation),
            "retry_labels": lambda: self._ask_waiting(operation),
            "came_out": lambda: self._came_out(operation),
            "slip": lambda: self._slip(operation),
            "set_aside": lambda: self._set_aside(operation),
            "short": lambda: self._short(value, operation),
            "close_box": self._close_box,
            "carton": lambda: self._choose_carton(value, operation),
            "weigh": lambda: self._weigh(operation),
            "weight": lambda: self._typed_weight(value, operation),
            "accept_weight": lambda: self._accept_weight(value, operation),
            "hold": lambda: self._hold(value, operation),
            "undo": lambda: self._undo(operation),
        }
        return self._guarded(does[action])

    # Steps

    def _step(self) -> Step:
        bench = self._bench
        if bench is None:
            return "tote"
        if bench.state == "cancelled" or bench.holds:
            return "stopped"
        state = bench.parcel.state if bench.parcel is not None else ""
        if state == "sealed":
            return "label"
        if state != "open":
            return "stick"
        if bench.inside and (self._closing or not bench.left):
            return "weigh"
        return "items"

    def _scanned(self, code: Code, scan_id: str) -> Answer:
        step = self.view.step
        if step in ("items", "weigh") or (step == "stick" and self._goes_on(code)):
            return self._at_box(code, scan_id)
        return self._arrive(code, scan_id)

    def _goes_on(self, code: Code) -> bool:
        """Whether goods for the next box of the same order were scanned."""
        return self._bench is not None and self._bench.left > 0 and isinstance(code, Item)

    # The order comes to the bench

    def _arrive(self, code: Code, scan_id: str) -> Answer:
        with self.store.read() as tx:
            order_id = order_meant(tx, self.who, code)
            bench = benches.read_bench(tx, order_id)
        closed = bench is not None and bench.parcel is not None and not bench.left
        if bench is not None and closed and bench.parcel.state in ("sealed", "labelled"):
            return self._look_at(bench)
        self.store.write(
            scan_id, self.who, "start_packing", partial(steps.start, order_id=order_id)
        )
        return self._begun(order_id)

    def _begun(self, order_id: int) -> Answer:
        self._leave()
        with self.store.read() as tx:
            self._bench = benches.read_bench(tx, order_id)
        self.refresh()
        answer = answers.begun(self._present(), self.view)
        return wished_slip(self._papers.slip, self._present(), answer)

    def _look_at(self, bench: Bench) -> Answer:
        """A parcel that is closed already: its label can be asked for, or printed again."""
        self._leave()
        self._bench = bench
        self.refresh()
        return answers.closed_already(bench)

    # Goods go into the box

    def _at_box(self, code: Code, scan_id: str) -> Answer:
        bench = self._present()
        if isinstance(code, Number):
            if self.view.step == "weigh":
                return self._seal(code.value, "typed", scan_id)
            return self._total(code.value, scan_id)
        if isinstance(code, Item):
            box = carton_meant(bench, code.text)
            if box is not None and self.view.step != "stick":
                return self._choose_carton(str(box.id), scan_id)
            return self._goods(code, scan_id)
        return self._other_order(code, scan_id)

    def _goods(self, item: Item, scan_id: str) -> Answer:
        bench = self._present()
        with self.store.read() as tx:
            try:
                line, pieces = goods_meant(tx, bench, item)
            except Refused as refusal:
                if refusal.code == "unknown_code":
                    self._maybe_other(tx, item)
                raise
        return self._put_in(line, lots_for(line, pieces, item.lot), scan_id)

    def _maybe_other(self, tx: Tx, item: Item) -> None:
        """A bare tote code among the goods: say what is on the bench instead of "unknown"."""
        if benches.order_in_tote(tx, self.who.warehouse_id, item.text)[0]:
            raise answers.busy(self._present())

    def _put_in(self, line: Goods, lots: list[tuple[str, int]], scan_id: str) -> Answer:
        bench = self._present()
        work = partial(put_lots, order_id=bench.order_id, line_id=line.line_id, lots=lots)
        self.store.write(scan_id, self.who, "pack_piece", work)
        if self.view.step == "stick":
            self._labels.clear()
        self._closing, self._line = False, line.line_id
        self._put += [(line.line_id, lot, pieces) for lot, pieces in lots]
        self.refresh()
        return self._weigh_by_itself(scan_id) or self._said(line.line_id)

    def _total(self, total: int, scan_id: str) -> Answer:
        """A typed number: so many in all of the goods scanned last."""
        line = self._line_now()
        if line is None:
            raise Refused(
                "item_first",
                _("{number} of what?").format(number=total),
                _("Scan the item, then type how many of it are in the box."),
            )
        more = total - line.here
        if more > line.left:
            raise Refused(
                "too_many",
                _("{number} are more than were picked: {picked}.").format(
                    number=total, picked=line.here + line.left
                ),
                _("Count again. Put aside what is too much."),
            )
        if more > 0:
            return self._put_in(line, lots_for(line, more, ""), scan_id)
        if more < 0:
            return self._take_out(line, -more, scan_id)
        return self._said(line.line_id)

    def _line_now(self) -> Goods | None:
        goods = self._present().goods
        return next((one for one in goods if one.line_id == self._line and one.here), None)

    def _said(self, line_id: int) -> Answer:
        line = next(one for one in self._present().goods if one.line_id == line_id)
        return answers.put_in(line, self.view.step)

    def _other_order(self, code: Code, scan_id: str) -> Answer:
        bench = self._present()
        try:
            with self.store.read() as tx:
                order_id = order_meant(tx, self.who, code)
        except Refused as refusal:
            if refusal.code != "empty_tote" or bench.inside or not bench.left or bench.tote:
                raise
            return self._into_tote(code, scan_id)
        if order_id == bench.order_id:
            return Answer("warn", _("That order is on the bench already."), self.view.context)
        if bench.inside:
            raise answers.busy(self._present())
        work = partial(steps.start, order_id=order_id, instead_of=bench.parcel.id)
        self.store.write(scan_id, self.who, "start_packing", work)
        return self._begun(order_id)

    def _into_tote(self, code: Code, scan_id: str) -> Answer:
        bench = self._present()
        tote = code.value if isinstance(code, Own) else getattr(code, "text", "")
        work = partial(steps.into_tote, order_id=bench.order_id, code=tote)
        self.store.write(scan_id, self.who, "bind_tote", work)
        self.refresh()
        return answers.in_tote(bench, tote)

    def _undo(self, operation: str) -> Answer:
        bench = self._present()
        if self.view.step == "label":
            work = partial(steps.reopen, parcel_id=bench.parcel.id)
            self.store.write(operation, self.who, "reopen_parcel", work)
            self._closing = bool(bench.left)
            self._labels.clear()
            self.refresh()
            return Answer("ok", _("The box is open again."), _("Weigh it anew when it is right."))
        if self._closing:
            self._closing = False
            self.refresh()
            return Answer("ok", _("The box stays open."), _("Go on scanning."))
        line_id, lot, pieces = self._last_put()
        line = next(one for one in bench.goods if one.line_id == line_id)
        self._off = None
        return self._take_out(line, pieces, operation, lot)

    def _last_put(self) -> tuple[int, str, int]:
        """What went in last; after a restart one piece of the last line that is in."""
        if self._put:
            return self._put[-1]
        for line in reversed(self._present().goods):
            for lot in reversed(line.here_lots):
                return line.line_id, lot, 1
        raise Refused("nothing_to_undo", _("Nothing is in the box."), _("Scan the first item."))

    def _take_out(self, line: Goods, pieces: int, operation: str, lot: str | None = None) -> Answer:
        lots = steps.out_of(line, pieces) if lot is None else [(lot, pieces)]
        work = partial(
            steps.take, parcel_id=self._present().parcel.id, line_id=line.line_id, lots=lots
        )
        self.store.write(operation, self.who, "unpack_piece", work)
        self._put = self._put[:-1] if lot is not None else []
        self.refresh()
        return answers.taken_out(line, pieces)

    # The carton and the weight

    def _choose_carton(self, value: str, operation: str) -> Answer:
        bench = self._present()
        box = next((one for one in bench.boxes if value in (str(one.id), one.code)), None)
        if box is None and value != "own":
            raise Refused("no_carton", _("There is no carton {code}.").format(code=value))
        work = partial(steps.carton, parcel_id=bench.parcel.id, carton_id=box.id if box else None)
        self.store.write(operation, self.who, "choose_carton", work)
        self.refresh()
        with self.store.read() as tx:
            pieces = pieces_of(tx, bench.order_id)
        return answers.carton(box, pieces)

    def _close_box(self) -> Answer:
        self._closing = True
        self.refresh()
        return Answer("ok", _("This box is closed with what is in it."), self.view.instruction)

    def _weigh_by_itself(self, scan_id: str) -> Answer | None:
        """Close the box at once when the scale already shows the right weight for it."""
        if self.view.step != "weigh" or not self._present().contents.known:
            return None
        try:
            reading = self.scale.read()
        except Down:
            return None
        if reading is None or not reading.counts:
            return None
        if judge(self._present().contents, reading.grams) is not None:
            return None
        return self._seal(reading.grams, "scale", f"{scan_id}-seal")

    def _weigh(self, operation: str) -> Answer:
        reading = self.scale.read()
        if reading is None:
            raise Refused("no_scale", _("There is no scale here."), _("Type the weight with F7."))
        if not reading.counts:
            raise steps.not_yet(reading)
        return self._seal(reading.grams, "scale", operation)

    def _typed_weight(self, value: str, operation: str) -> Answer:
        return self._seal(steps.grams_typed(value), "typed", operation)

    def _seal(self, grams: int, weight_by: str, operation: str, reason: str = "") -> Answer:
        bench = self._present()
        parcel_id = bench.parcel.id
        work = partial(
            steps.seal, parcel_id=parcel_id, grams=grams, weight_by=weight_by, reason=reason
        )
        try:
            self.store.write(operation, self.who, "seal", work)
        except Refused as refusal:
            self._off = (grams, weight_by) if refusal.code == "wrong_weight" else None
            raise
        if weight_by == "scale":
            self.scale.accept()
        self._off, self._put, self._closing = None, [], False
        missing = ""
        if bench.photographs:
            missing = photograph(self.store, self.who, self._eye, parcel_id, f"{operation}-photo")
        return answers.without_photograph(self._ask_label(f"{operation}-label"), missing)

    def _accept_weight(self, reason: str, operation: str) -> Answer:
        assert self._off is not None
        if not reason.strip():
            raise Refused("no_reason", _("Say why this weight is right."))
        grams, weight_by = self._off
        return self._seal(grams, weight_by, operation, reason.strip())

    # The label

    def _ask_label(self, operation: str) -> Answer:
        """Ask for the label of the closed parcel; it prints again when it is there already."""
        answer = self._labels.ask(self._present().parcel.id, operation)
        self.refresh()
        return answer

    def _came_out(self, operation: str) -> Answer:
        answer = self._labels.came_out(operation)
        if self._bench is None:
            self._labels.clear()
        self.refresh()
        return answer

    def _ask_waiting(self, operation: str) -> Answer:
        """Ask again for the labels of all parcels that wait for one."""
        answer = self._labels.ask_waiting(self.view.waiting, operation)
        self.refresh()
        return answer

    def _slip(self, operation: str) -> Answer:
        bench = self._present()
        where = self._papers.slip(bench.order_id, bench.number, operation)
        return answers.slip_printed(where)

    # Leaving the order

    def _short(self, value: str, operation: str) -> Answer:
        """What is not in the box is not there, or is damaged: so many of it."""
        bench, damaged = self._present(), typed_number(value)
        work = lambda tx: asdict(short(tx, bench.order_id, bench.lacks, damaged))  # noqa: E731
        lacking = Lacking(**self.store.write(operation, self.who, "short_at_bench", work))
        if lacking.then != "goes_on":
            self._leave()
        self.refresh()
        return answers.short(bench, lacking, self.view.instruction)

    def _set_aside(self, operation: str) -> Answer:
        bench = self._present()
        if self.view.step in ("items", "weigh"):
            work = partial(steps.close_empty, parcel_id=bench.parcel.id)
            self.store.write(operation, self.who, "set_aside", work)
        self._leave()
        self.refresh()
        return answers.set_aside(bench)

    def _hold(self, value: str, operation: str) -> Answer:
        bench = self._present()
        reason, words = reason_and_words(value)
        work = partial(steps.hold, order_id=bench.order_id, reason=reason, words=words)
        self.store.write(operation, self.who, "hold", work)
        self._leave()
        self.refresh()
        return answers.on_hold(bench)

    def _leave(self) -> None:
        self._bench = None
        self._labels.clear()
        self._closing, self._line, self._put, self._off = False, 0, [], None

    def _present(self) -> Bench:
        if self._bench is None:
            raise Refused("tote_first", _("Scan a tote first."))
        return self._bench

    def _guarded(self, work: Callable[[], Answer]) -> Answer:
        """Run one step; when the order may not go on, the bench is cleared and the words stay."""
        try:
            return work()
        except Refused as refusal:
            if refusal.code in ("cancelled", "held", "called_off"):
                self._leave()
            self.refresh()
            raise answers.with_waiting(refusal, self.view.waiting) from None
