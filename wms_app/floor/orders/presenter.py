"""The clerk's conversation: a file looked at and taken in, held orders mended and let go."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from wms_app.base.codes import Own, Scan, new_id
from wms_app.base.conversation import Action, Answer, Progress
from wms_app.base.db import Store, Tx
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.orders import holds, service
from wms_app.floor.orders.file_card import file_card, profile_names, taken_in_words
from wms_app.floor.orders.gate import hold_words
from wms_app.floor.orders.intake import Summary, take_in
from wms_app.floor.orders.known import LABEL_ENDINGS, CancelOrder, ReadLabels
from wms_app.floor.orders.model import HOLD_REASONS, OPEN, Order
from wms_app.floor.orders.view import (
    FileCard,
    Filter,
    OrderRow,
    OrdersView,
    open_order,
    rows,
)
from wms_app.floor.orders.words import cancel_reasons
from wms_app.outside.channels import profile as profiles
from wms_app.outside.channels.profile import Profile

LABELLED = ("released", "picked", "packed", "staged")  # states in which a label may be there
BEFORE_LABEL = ("received", "short", "allocated", "released", "picked")
BY_HAND = ("client", "fraud", "customs", "address", "payment", "other")


class OrdersPresenter:
    """Three places: the list, a file before and after it is taken in, one order."""

    progress: Progress | None = None

    def __init__(
        self, store: Store, who: Who, cancel: CancelOrder, labels: ReadLabels | None = None
    ) -> None:
        """`labels` takes the sellers' shipping labels in, which files of theirs may hold."""
        self._store = store
        self._labels = labels
        self._label_card: FileCard | None = None
        self._who = who
        self._cancel = cancel
        self._file: Path | None = None
        self._said = Summary("")
        self._profiles: tuple[str, ...] = ()
        self.view = OrdersView("list", fetch=self.fetch)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What can be done where the clerk is."""
        back = Action("back", "F9", _("Back"))
        match self.view.step:
            case "file":
                take = Action("take_in", "F2", _("Take these orders in"))
                if self._label_card is not None:
                    take = Action("take_in", "F2", _("Take these labels in"))
                done = self.view.file is not None and self.view.file.taken_in
                return (*(() if done else (take,)), self._profile(), back)
            case "order":
                return (*self._order_actions(), back)
            case _:
                shown = _("Show all") if self.view.filter == "held" else _("Show held ones")
                every = ("-", _("all channels"))
                channels = tuple((name, name) for name in self.view.channels)
                return (
                    Action("open_file", "F3", _("Order file"), "file", _("Which order file?")),
                    self._profile(),
                    Action("filter", "F5", shown),
                    Action("channel", "F6", _("Channel"), "choice", "", (every, *channels)),
                    *((back,) if self.view.number else ()),
                )

    def open(self) -> None:
        """The list, held orders first."""
        self._profiles = profile_names()
        self._show_list()

    def refresh(self) -> None:
        """Look again; an open order or file stays open."""
        if self.view.step == "order" and self.view.order is not None:
            self._show_order(self.view.order.id)
        elif self.view.step == "file":
            self._show_card(self._label_card or file_card(self._said, self.view.profile))
        elif self.view.step == "list":
            before = self.view.held, self.view.all
            self._count()
            if before != (self.view.held, self.view.all):
                self.view = replace(self.view, news=self.view.news + 1)

    def fetch(self, after: int | None, limit: int) -> list[OrderRow]:
        """A page of the list, by the filters that are on."""
        with self._store.read() as tx:
            return rows(tx, self._who, self.view, after, limit)

    def scan(self, scan: Scan) -> Answer:
        """An order's code or number opens it; a number of several orders lists them."""
        with self._store.read() as tx:
            found, number = self._found(tx, scan)
        if not found:
            raise Refused(
                "no_order",
                _("{code} is no order here.").format(code=scan.raw),
                _("Type its whole number, or look with Ctrl+K."),
            )
        if len(found) == 1:
            return self._show_order(found[0])
        self.view = replace(self.view, number=number)
        self._show_list()
        return Answer("warn", _("{count} orders have this number.").format(count=len(found)))

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:
        """`order` opens one by id; the others are those of `actions`, `mend_address` with JSON."""
        operation = operation or new_id()
        match action:
            case "open_file":
                return self._look_at(Path(value))
            case "profile":
                self.view = replace(self.view, profile="" if value == "-" else value)
                return self._look_at(self._file) if self._file else Answer("ok", _("Chosen."))
            case "take_in" if self._file is not None and self.view.step == "file":
                return self._take_in(self._file)
            case "filter":
                other: Filter = "all" if self.view.filter == "held" else "held"
                self.view = replace(self.view, filter=other, number="")
                self._show_list()
                return Answer("ok", _count_words(getattr(self.view, other)))
            case "channel":
                self.view = replace(self.view, channel="" if value == "-" else value, number="")
                self._show_list()
                return Answer("ok", value if value != "-" else _("All channels are shown."))
            case "order":
                return self._show_order(int(value))
            case "find":
                return self.scan(Scan(value))
            case "back":
                return self._back()
            case _ if self.view.order is not None:
                return self._on_order(self.view.order.id, action, value, operation)
        raise Refused("not_now", _("That can't be done here."))

    def _back(self) -> Answer:
        """From an order to the file it was opened from, else to the list."""
        if self.view.step == "order" and self.view.file is not None:
            self.view = replace(self.view, step="file", order=None)
            return Answer("ok", _("Back to the file."))
        self._file = None
        self.view = replace(self.view, number="" if self.view.step == "list" else self.view.number)
        self._show_list()
        return Answer("ok", _("Back to the list."))

    def _profile(self) -> Action:
        names = (("-", _("our own columns")), *((name, name) for name in self._profiles))
        asks = _("How is the file to be read?")
        return Action("profile", "F4", _("Profile"), "choice", asks, names)

    def _order_actions(self) -> tuple[Action, ...]:
        order = self.view.order
        if order is None or order.state not in OPEN:
            return ()
        reasons = tuple((reason, hold_words(reason)) for reason in BY_HAND)
        made: list[Action] = []
        if order.holds:
            made.append(Action("let_go", "F2", _("Let it go")))
        if order.facts.get("paid") == "no":
            made.append(Action("paid", "F3", _("It is paid")))
        unknown = [line for line in order.lines if not line.known and not line.not_goods]
        if unknown:
            asks = _("Which SKU is {code}?").format(code=unknown[0].sku)
            made.append(Action("choose_sku", "F6", _("Choose SKU"), "text", asks))
        if order.state in BEFORE_LABEL:
            own = order.facts.get("own_label") == "yes"
            words = _("Buy the label") if own else _("Seller's label")
            made.append(Action("own_label", "F7", words))
        made.append(Action("hold", "F8", _("Hold"), "reason", _("Why?"), reasons))
        sure = _("Cancel order {number}?").format(number=order.number)
        why = cancel_reasons()
        made.append(Action("cancel_order", "F10", _("Cancel"), "reason", _("Why?"), why, sure))
        return tuple(made)

    def _found(self, tx: Tx, scan: Scan) -> tuple[list[int], str]:
        """The orders meant, the newest first, and their number; typed as it stands it wins."""
        here = select(Order.id).where(Order.warehouse_id == self._who.warehouse_id)
        plain = scan.raw.strip()
        found = tx.scalars(here.where(Order.number == plain).order_by(Order.id.desc()))
        if found:
            return list(found), plain
        code = scan.code
        if isinstance(code, Own) and code.kind == "ORDER" and code.value.isdigit():
            return list(tx.scalars(here.where(Order.id == int(code.value)))), ""
        return [], ""

    def _look_at(self, path: Path) -> Answer:
        self._file, self._label_card = path, None
        if self._labels is not None and path.suffix.lower() in LABEL_ENDINGS:
            return self._read_labels(path, dry_run=True)
        said = self._read(path, dry_run=True)
        self._show_file(said)
        if said.stopped:
            return Answer("warn", _("Stopped; nothing was written."))
        return Answer("ok", _("Nothing is written yet."), _("F2 takes these orders in."))

    def _read_labels(self, path: Path, *, dry_run: bool) -> Answer:
        assert self._labels is not None
        self._label_card, answer = self._labels(path, dry_run, self.progress)
        self._show_card(self._label_card)
        return answer

    def _take_in(self, path: Path) -> Answer:
        if self._label_card is not None:
            return self._read_labels(path, dry_run=False)
        said = self._read(path, dry_run=False)
        self._show_file(said)
        return taken_in_words(said)

    def _show_file(self, said: Summary) -> None:
        self._said = said
        self._show_card(file_card(said, self.view.profile))

    def _show_card(self, card: FileCard) -> None:
        self.view = replace(self.view, step="file", file=card, order=None)

    def _read(self, path: Path, dry_run: bool) -> Summary:
        chosen: Profile | None = None
        if self.view.profile:
            chosen = profiles.find(self.view.profile, "orders")
        return take_in(
            self._store,
            self._who,
            path,
            chosen,
            dry_run=dry_run,
            progress=self.progress,
            cancel=self._cancel,
        )

    def _on_order(self, order_id: int, action: str, value: str, operation: str) -> Answer:
        works: dict[str, tuple[Callable[[Tx], Any], str]] = {
            "let_go": (lambda tx: service.let_go(tx, order_id), _("It goes on.")),
            "paid": (lambda tx: service.mark_paid(tx, order_id), _("Marked as paid.")),
            "hold": (lambda tx: self._hold(tx, order_id, value), _("It is on hold.")),
            "cancel_order": (lambda tx: self._call_off(tx, order_id, value), _("Cancelled.")),
            "mend_address": (
                lambda tx: service.mend_address(tx, order_id, json.loads(value)),
                _("The address is mended."),
            ),
            "own_label": (
                lambda tx: service.bring_own_label(tx, order_id),
                _("It is noted whose label goes on it."),
            ),
            "choose_sku": (lambda tx: self._choose_sku(tx, value), _("The SKU is chosen.")),
        }
        if action not in works:
            raise Refused("not_now", _("That can't be done here."))
        work, words = works[action]
        state = self.view.order.state if self.view.order else ""
        left = self._store.write(operation, self._who, action, work)
        self._show_order(order_id)
        if action == "mend_address" and left:
            return Answer("warn", _("Saved, but it can't be found yet."), "; ".join(left))
        if action == "mend_address" and state in LABELLED:
            told = _("A label that was made before keeps the old one. Look it up with Ctrl+K.")
            return Answer("warn", words, told)
        return Answer("done", words)

    def _hold(self, tx: Tx, order_id: int, reason: str) -> None:
        known = reason if reason in HOLD_REASONS else "other"
        own = [reason] if reason not in HOLD_REASONS else []
        holds.hold(tx, order_id, known, {"words": own})

    def _call_off(self, tx: Tx, order_id: int, reason: str) -> None:
        self._cancel(tx, order_id, reason)

    def _choose_sku(self, tx: Tx, code: str) -> None:
        order = self.view.order
        unknown = [x for x in order.lines if not x.known and not x.not_goods] if order else []
        if not unknown:
            raise Refused("sku_known", _("Every line has its SKU."))
        service.choose_sku(tx, unknown[0].id, code.strip())

    def _show_order(self, order_id: int) -> Answer:
        with self._store.read() as tx:
            found = open_order(tx, self._who, order_id)
        if found is None:
            raise Refused("no_order", _("There is no such order."))
        self.view = replace(self.view, step="order", order=found)
        return Answer("ok", _("Order {number}").format(number=found.number))

    def _show_list(self) -> None:
        self._count()
        version = self.view.version + 1
        self.view = replace(self.view, step="list", version=version, order=None, file=None)

    def _count(self) -> None:
        """How many are on hold, how many there are, and the channels that they came by."""
        here = Order.warehouse_id == self._who.warehouse_id
        with self._store.read() as tx:
            held = tx.scalar(
                select(func.count()).where(here, Order.holds > 0, Order.state != "cancelled")
            )
            by_channel = select(Order.channel, func.count().label("orders")).where(here)
            found = {row.channel: row.orders for row in tx.rows(by_channel.group_by(Order.channel))}
        channels, everything = tuple(sorted(found)), sum(found.values())
        self.view = replace(self.view, held=int(held), all=int(everything), channels=channels)


def _count_words(count: int) -> str:
    return ngettext("{count} order", "{count} orders", count).format(count=f"{count:,}")
