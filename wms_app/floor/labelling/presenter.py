"""The conversation of the label-first walk: list, then bin, goods and label at every stop."""

from __future__ import annotations

from functools import partial

from wms_app.base.codes import Code, Item, Number, Own, Scan
from wms_app.base.conversation import Action, Answer, Progress, ScanningRoom
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.catalog.lookup import find_bin, skus_for
from wms_app.floor.catalog.names import split_name
from wms_app.floor.labelling import service
from wms_app.floor.labelling.batch import Batch, label_orders
from wms_app.floor.labelling.buying import Carriers
from wms_app.floor.labelling.view import LabelWalkView, Step, is_ready, list_view, walk_view
from wms_app.floor.labelling.walk import (
    Stuck,
    called_off,
    labels_of,
    stop_of_label,
    tracking_in,
    waiting_lists,
)
from wms_app.floor.packing import own_box
from wms_app.floor.packing import service as packing
from wms_app.floor.picking import refusals
from wms_app.floor.picking import service as picking
from wms_app.floor.picking.goods import names_of
from wms_app.floor.picking.walk import Stop, Walk, list_called, load
from wms_app.outside.devices.printer import LabelPrinter


class LabelWalkPresenter(ScanningRoom):
    """Walk: scan the list and take its labels from the printer; at each stop scan the bin, the
    goods, stick the label on and scan it. The piece is then picked and packed at once.
    """

    def __init__(self, store: Store, who: Who, carriers: Carriers, printer: LabelPrinter) -> None:
        self.store = store
        self.who = who
        self.carriers = carriers
        self.printer = printer
        self.progress: Progress | None = None
        self.view: LabelWalkView = list_view(())
        self._list_id = 0
        self._at: Step = "bin"
        self._stop_id = 0
        self._done: list[tuple[int, int]] = []
        self._told: list[int] = []

    @property
    def actions(self) -> tuple[Action, ...]:
        """Reprint, short and damaged at a stop; labels again where some are missing; undo."""
        view, found = self.view, []
        if view.bin:
            found.append(Action("reprint", "F2", _("Reprint")))
        if view.unlabelled:
            found.append(Action("labels", "F3", _("Labels again")))
        if view.bin:
            empty = _("Is there no {name} in {bin}?").format(name=view.name, bin=view.bin)
            broken = _("Is the only {name} in {bin} damaged?").format(name=view.name, bin=view.bin)
            found.append(Action("short", "F4", _("Short"), confirm=empty))
            found.append(Action("damaged", "F8", _("Damaged"), confirm=broken))
        if self._done or view.step in ("item", "label"):
            found.append(Action("undo", "F9", _("Undo")))
        return tuple(found)

    def open(self) -> None:
        """No list in hand; those that wait are shown."""
        self._let_go()
        self.refresh()

    def refresh(self) -> None:
        """Read the list again; the step stays unless its stop was called off."""
        with self.store.read() as tx:
            walk = load(tx, self._list_id) if self._list_id else None
            if walk is None:
                lists = waiting_lists(tx, self.who.warehouse_id, self.who.user_id)
                self.view = list_view(lists)
                return
            self._show(walk, labels_of(tx, walk))

    def _act(self, action: str, value: str, operation: str) -> Answer:  # noqa: ARG002
        """`reprint`, `labels`, `short`, `damaged`, `undo`."""
        if action not in {known.name for known in self.actions}:
            raise self._no_such()
        match action:
            case "reprint":
                return self._reprint(operation)
            case "labels":
                return self._labels_answer(self._make_labels(operation))
            case "undo":
                return self._undo(operation)
        return self._short(operation, 1 if action == "damaged" else 0)

    def _scan(self, scan: Scan, code: Code) -> Answer:
        """A list, then bin, piece and label of each stop."""
        if isinstance(code, Number) and self._at == "item":  # a SKU with a short name
            code = Item(scan.raw.strip())
        walk, labels = self._read()
        if walk is None or (isinstance(code, Own) and code.kind == "LIST"):
            return self._sign_in(scan, code)
        news = called_off(walk, labels, self._told)
        if news:
            return self._tell(walk, labels, news[0])
        self._show(walk, labels)
        stop = self._stop(walk, labels)
        if stop is None:
            return self._sign_in(scan, code)
        if self.view.step == "bin":
            return self._at_bin(code, stop, walk, labels)
        if self.view.step == "item":
            return self._at_item(code, stop, walk, labels)
        return self._at_label(scan, code, stop, walk, labels)

    def expects(self, code: Code) -> bool:
        """See `ScanningRoom`: the bin, the piece or the label of the stop that is shown."""
        view, (walk, labels) = self.view, self._read()
        stop = self._stop(walk, labels) if walk is not None else None
        if walk is None or stop is None:
            waiting = {row.code for row in view.lists}
            return isinstance(code, Own) and code.kind == "LIST" and code.value in waiting
        if view.step == "bin":
            return code == Own("BIN", stop.bin)
        if view.step == "label":
            meant = stop_of_label(walk, labels, code)
            return meant is not None and meant.order_id == stop.order_id
        if not isinstance(code, Item):
            return False
        with self.store.read() as tx:
            return any(m.sku_id == stop.sku_id and m.quantity == 1 for m in skus_for(tx, code))

    # The list and its labels

    def _sign_in(self, scan: Scan, code: Code) -> Answer:
        text = code.value if isinstance(code, Own) and code.kind == "LIST" else scan.raw.strip()
        with self.store.read() as tx:
            list_id = list_called(tx, self.who.warehouse_id, text.upper())
            walk = load(tx, list_id) if list_id is not None else None
        if walk is None:
            raise refusals.unknown_list(refusals.said(code))
        if walk.kind != "label-first":
            raise Refused(
                "pick_list",
                _("List {code} is a pick list.").format(code=walk.code),
                _("Open the room “Pick” and scan it there."),
            )
        work = partial(_start, list_id=walk.list_id)
        self.store.write(scan.id, self.who, "start_list", work)
        self._let_go()
        self._list_id = walk.list_id
        return self._labels_answer(self._make_labels(f"{scan.id}-l"))

    def _make_labels(self, operation: str) -> Batch:
        walk, labels = self._read()
        assert walk is not None
        wanting = [
            stop.order_id
            for stop in walk.ahead()
            if not (is_ready(labels.get(stop.order_id)) and labels[stop.order_id].printed)
        ]
        if not wanting:
            return Batch()
        made = label_orders(
            self.store,
            self.who,
            self.carriers,
            self.printer,
            wanting,
            operation,
            self.progress,
        )
        self._at = "bin"
        return made

    def _labels_answer(self, batch: Batch) -> Answer:
        self.refresh()
        said = ngettext("{count} label printed.", "{count} labels printed.", batch.printed)
        text = said.format(count=batch.printed) if batch.printed else self.view.instruction
        if batch.down:
            return Answer("warn", text, batch.down + " " + _("F3 goes on with the rest."))
        if batch.refused:
            count = len(batch.refused)
            held = ngettext(
                "{count} order is on hold: {why}", "{count} orders are on hold: {why}", count
            )
            why = next(iter(batch.refused.values()))
            return Answer("warn", text, held.format(count=count, why=why))
        if batch.cancelled:
            return Answer("warn", text, _("The rest waits: F3 goes on."))
        if batch.printed:
            return Answer("ok", text, self.view.instruction)
        on_paper = self.view.bin and not self.view.unlabelled
        return Answer("ok", text, _printed_before() if on_paper else "")

    # One stop

    def _at_bin(self, code: Code, stop: Stop, walk: Walk, labels: dict[int, Stuck]) -> Answer:
        text = code.value if isinstance(code, Own) and code.kind == "BIN" else ""
        if isinstance(code, Item):
            with self.store.read() as tx:
                row = find_bin(tx, self.who.warehouse_id, code.text)
            text = row.code if row is not None else ""
        if not text:
            what = code.text if isinstance(code, Item) else _("no bin")
            raise refusals.bin_expected(what, stop)
        if text != stop.bin:
            raise refusals.wrong_bin(text, stop)
        self._at, self._stop_id = "item", stop.pick_id
        self._show(walk, labels)
        return Answer("ok", _("Bin {bin}.").format(bin=stop.bin), split_name(stop.name)[0])

    def _at_item(self, code: Code, stop: Stop, walk: Walk, labels: dict[int, Stuck]) -> Answer:
        if not isinstance(code, Item):
            raise refusals.item_expected(code, stop)
        with self.store.read() as tx:
            matches = skus_for(tx, code)
            mine = [match for match in matches if match.sku_id == stop.sku_id]
            if not mine:
                raise refusals.wrong_item(names_of(tx, matches) or code.text, stop)
        if mine[0].quantity > 1:
            raise refusals.too_many(mine[0].quantity, stop)
        if code.lot and stop.lot and code.lot != stop.lot:
            raise refusals.wrong_lot(code.lot, stop)
        self._at = "label"
        self._show(walk, labels)
        return Answer("ok", split_name(stop.name)[0], self.view.instruction)

    def _at_label(
        self, scan: Scan, code: Code, stop: Stop, walk: Walk, labels: dict[int, Stuck]
    ) -> Answer:
        meant = stop_of_label(walk, labels, code)
        if meant is None or meant.order_id != stop.order_id:
            raise self._wrong_label(code, stop, meant, labels)
        parcel_id = labels[stop.order_id].parcel_id
        work = partial(_take, pick_id=stop.pick_id, parcel_id=parcel_id)
        self.store.write(scan.id, self.who, "pick_and_pack", work)
        self._done.append((stop.pick_id, parcel_id))
        self._at = "bin"
        self.refresh()
        if self.view.step == "blocked" or not self.view.bin:
            return self._finished()
        return Answer("done", _("Packed."), self.view.instruction)

    def _finished(self) -> Answer:
        view = self.view
        if view.held or view.unlabelled:
            return Answer("warn", _("Packed. Nothing more can be taken now."), view.context)
        return Answer("done", _("The list is done."), _("Bring the parcels to their lanes."))

    def _wrong_label(
        self, code: Code, stop: Stop, meant: Stop | None, labels: dict[int, Stuck]
    ) -> Refused:
        right = labels[stop.order_id].tracking[-5:]
        detail = _("Nothing was changed. The label of this stop ends in {end}.").format(end=right)
        if meant is None and (isinstance(code, Number) or not tracking_in(code)):
            what = refusals.said(code)
            return Refused(
                "label_expected", _("That is {what}, no label.").format(what=what), detail
            )
        if meant is None:
            return Refused("strange_label", _("That label is not of this list."), detail)
        if meant.order_state == "cancelled":
            return Refused(
                "cancelled",
                _("That label is of order {number}, which was cancelled.").format(
                    number=meant.order_number
                ),
                _("Tear it off. The label of this stop ends in {end}.").format(end=right),
            )
        return Refused(
            "wrong_label",
            _("That is the label for {bin}, order {number}.").format(
                bin=meant.bin, number=meant.order_number
            ),
            detail,
        )

    def _short(self, operation: str, damaged: int) -> Answer:
        walk, labels = self._read()
        stop = self._stop(walk, labels) if walk is not None else None
        if stop is None:
            raise Refused("no_stop", _("There is no stop."), _("Scan a list."))
        label = labels[stop.order_id]
        work = partial(_short, pick_id=stop.pick_id, parcel_id=label.parcel_id, damaged=damaged)
        waits = self.store.write(operation, self.who, "short_pick", work)
        self._at = "bin"
        self.refresh()
        if waits:
            words = _("Order {number} waits for stock. Tear its label …{end} off.")
            return Answer(
                "warn",
                words.format(number=stop.order_number, end=label.tracking[-5:]),
                self.view.instruction,
            )
        words = _("There is another one: keep the label …{end}.")
        return Answer("ok", words.format(end=label.tracking[-5:]), self.view.instruction)

    def _undo(self, operation: str) -> Answer:
        if self.view.step in ("item", "label"):
            self._at = "bin"
            self.refresh()
            return Answer("ok", _("This stop begins again."), self.view.instruction)
        pick_id, parcel_id = self._done[-1]
        work = partial(_untake, pick_id=pick_id, parcel_id=parcel_id)
        self.store.write(operation, self.who, "undo_pick", work)
        self._done.pop()
        self._at, self._stop_id = "bin", pick_id
        self.refresh()
        return Answer(
            "ok", _("The last piece is to be put back."), _("Its label stays: scan it again there.")
        )

    def _reprint(self, operation: str) -> Answer:
        walk, labels = self._read()
        stop = self._stop(walk, labels) if walk is not None else None
        if stop is None:
            raise Refused("no_stop", _("There is no stop."), _("Scan a list."))
        parcel_id = labels[stop.order_id].parcel_id
        printed = service.reprint(self.store, self.who, self.printer, parcel_id, operation)
        self.refresh()
        return Answer("ok", _("The label is printed again."), printed.printed_to)

    # What is true

    def _read(self) -> tuple[Walk | None, dict[int, Stuck]]:
        with self.store.read() as tx:
            walk = load(tx, self._list_id) if self._list_id else None
            return walk, labels_of(tx, walk) if walk is not None else {}

    def _ahead(self, walk: Walk) -> list[Stop]:
        """The open stops; the one that was begun, or was just undone, comes first."""
        return sorted(walk.ahead(), key=lambda stop: stop.pick_id != self._stop_id)

    def _stop(self, walk: Walk, labels: dict[int, Stuck]) -> Stop | None:
        ready = (stop for stop in self._ahead(walk) if is_ready(labels.get(stop.order_id)))
        return next(ready, None)

    def _show(self, walk: Walk, labels: dict[int, Stuck]) -> None:
        stop = self._stop(walk, labels)
        if stop is None or stop.pick_id != self._stop_id:
            self._at = "bin"
        if walk.state == "done":
            with self.store.read() as tx:
                lists = waiting_lists(tx, self.who.warehouse_id, self.who.user_id)
            self.view = list_view(lists, _("List {code} is done.").format(code=walk.code))
            return
        self.view = walk_view(walk, labels, self._ahead(walk), self._at)

    def _tell(self, walk: Walk, labels: dict[int, Stuck], stop: Stop) -> Answer:
        """An order was cancelled under way: its label must not go on any goods."""
        self._told.append(stop.order_id)
        self._show(walk, labels)
        return Answer(
            "warn",
            _("Order {number} was cancelled: tear its label …{end} off.").format(
                number=stop.order_number, end=labels[stop.order_id].tracking[-5:]
            ),
            _("Your scan was not used. {next}").format(next=self.view.instruction),
        )

    def _let_go(self) -> None:
        self._list_id, self._at, self._stop_id = 0, "bin", 0
        self._done, self._told = [], []


def _printed_before() -> str:
    return _("Its labels are printed already. F2 prints the one of this stop again.")


# What is written, each in one transaction


def _start(tx: Tx, list_id: int) -> None:
    picking.start(tx, list_id)


def _take(tx: Tx, pick_id: int, parcel_id: int) -> None:
    picking.take(tx, pick_id, 1)
    own_box.put_own_box(tx, parcel_id)


def _untake(tx: Tx, pick_id: int, parcel_id: int) -> None:
    own_box.take_out_own_box(tx, parcel_id)
    picking.untake(tx, pick_id, 1)


def _short(tx: Tx, pick_id: int, parcel_id: int, damaged: int) -> bool:
    """The bin has none; gives whether the order waits short, so that its label was given up."""
    shortage = picking.short(tx, pick_id, 0, damaged)
    if shortage.order_short:
        service.give_up(tx, parcel_id)
        packing.void_parcel(tx, parcel_id)
    return shortage.order_short
