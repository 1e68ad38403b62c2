"""The conversation of finding: a text or a scan of anything, and its card."""

from __future__ import annotations

from dataclasses import dataclass

from wms_app.base.codes import Own, Scan, new_id
from wms_app.base.conversation import Action, Answer, commanded
from wms_app.base.db import Store
from wms_app.base.refusal import Refused
from wms_app.base.texts import _, ngettext
from wms_app.base.who import Who
from wms_app.floor.packing import order_papers
from wms_app.office.find.cards import FoundCard, card_of, title_of
from wms_app.office.find.lookup import Hit, look_up
from wms_app.outside.devices.printer import Printer
from wms_app.outside.printing.station import aimed, dpi_of

_PAPERS = {
    "packing_slip": order_papers.packing_slip_of,
    "return_label": order_papers.return_label_of,
}


@dataclass(frozen=True)
class FindView:
    """Either a `card`, or the `hits` of `query` when more than one thing answers to it."""

    query: str = ""
    hits: tuple[Hit, ...] = ()
    card: FoundCard | None = None
    deep: bool = False
    expects_repeat: bool = False


class FindPresenter:
    """Walk: scan or type anything; open what was found; open what belongs to it; go back."""

    def __init__(self, store: Store, who: Who, printer: Printer | None = None) -> None:
        self.store = store
        self.who = who
        self._printer = printer
        self._query = ""
        self._hits: tuple[Hit, ...] = ()
        self._trail: list[str] = []
        self.view = FindView()

    @property
    def actions(self) -> tuple[Action, ...]:
        """Going back, while there is something to go back to; the papers of an order."""
        deep = self._trail and (len(self._trail) > 1 or len(self._hits) > 1)
        back = (Action("back", "F9", _("Back")),) if deep else ()
        if self._printer is None or self.view.card is None or self.view.card.noun != "order":
            return back
        return (
            Action("packing_slip", "F2", _("Packing slip")),
            Action("return_label", "F3", _("Return label")),
            *back,
        )

    def open(self) -> None:
        """What was found last stays, and is read again."""
        self.refresh()

    def refresh(self) -> None:
        """Read the card again."""
        try:
            self._show()
        except Refused:
            self._trail.clear()
            self._show()

    def scan(self, scan: Scan) -> Answer:
        """Look anything up."""
        code = scan.code
        if isinstance(code, Own) and code.kind == "CMD":
            return self.act(commanded(self.actions, code.value), operation=scan.id)
        with self.store.read() as tx:
            hits = look_up(tx, self.who.warehouse_id, scan)
        self._query, self._hits, self._trail = scan.raw.strip(), tuple(hits), []
        if len(hits) == 1:
            self._trail.append(hits[0].key)
        self._show()
        if self.view.card is not None:
            return Answer("ok", title_of(self.view.card), self.view.card.sub)
        found = ngettext("{count} thing found.", "{count} things found.", len(hits))
        return Answer("warn", found.format(count=len(hits)), _("Open the one that you mean."))

    def act(self, action: str, value: str = "", operation: str = "") -> Answer:  # noqa: ARG002
        """`find` looks a text up, `open` takes a hit's key ("order:17"), `back` goes back."""
        if action == "find":
            return self.scan(Scan(value, new_id()))
        if action == "open" and ":" in value:
            self._trail.append(value)
            try:
                self._show()
            except Refused:
                self._trail.pop()
                raise
            card = self.view.card
            return Answer("ok", title_of(card) if card else "")
        if action in _PAPERS and any(one.name == action for one in self.actions):
            return self._print(action)
        if action == "back" and self._trail:
            self._trail.pop()
            if not self._trail and len(self._hits) == 1:
                self._hits = ()
            self._show()
            return Answer("ok", _("Back."))
        raise Refused("no_action", _("That can't be done here."), _("Scan or type anything."))

    def _print(self, action: str) -> Answer:
        """Print a paper of the order whose card is open."""
        card, printer = self.view.card, self._printer
        assert card is not None
        assert printer is not None
        with self.store.read() as tx:
            paper = _PAPERS[action](tx, card.number, dpi_of(printer, "other"))
        name = next(one.label for one in self.actions if one.name == action)
        where = aimed(printer, "other").send("label", f"{name} {card.title}", paper, "pdf")
        return Answer("done", _("Printed: {name}").format(name=name), where)

    def _show(self) -> None:
        if not self._trail:
            self.view = FindView(self._query, self._hits)
            return
        noun, _colon, number = self._trail[-1].partition(":")
        with self.store.read() as tx:
            card = card_of(tx, noun, int(number))
        deep = len(self._trail) > 1 or len(self._hits) > 1
        self.view = FindView(self._query, self._hits, card, deep)
