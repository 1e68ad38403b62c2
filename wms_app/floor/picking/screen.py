"""What Pick looks like: the bin in letters of the aisle, what comes then, the walk."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from wms_app.base.texts import _, ngettext
from wms_app.desk import style
from wms_app.desk.cards import BigBinCard, Card, EmptyState, InstructionCard
from wms_app.desk.drawings import Aisle, WalkMap
from wms_app.desk.rows import Row
from wms_app.desk.screen import Screen, show_only
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.desk.words import label
from wms_app.floor.picking.view import PickView


class PickScreen(Screen):
    """Draws PickView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = EmptyState()
        self._step = InstructionCard()
        self._stop = BigBinCard()
        self._notice = label("", "strong", wrap=True)
        self._notice.set_tone("warn")
        self._shown = ""
        self._table = RowsTable(_then_columns())
        self._table_card = Card()
        self._table_card.body.addWidget(self._table)
        self._map = WalkMap()
        self._left = label("", "muted", wrap=True)
        self._walk = Card()
        self._walk.setFixedWidth(style.SIDE_WIDTH)
        self._walk.body.addWidget(self._map, 1)
        self._walk.body.addWidget(self._left)
        work = QWidget()
        work.setProperty("clear", True)
        column = QVBoxLayout()
        column.setSpacing(4 * style.GAP)
        for part in (self._notice, self._step, self._stop):
            column.addWidget(part)
            part.hide()  # so that the window never grows for parts that are not shown together
        column.addWidget(self._table_card, 1)
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4 * style.GAP)
        row.addLayout(column, 1)
        row.addWidget(self._walk)
        self._pages = QStackedWidget()
        self._pages.addWidget(work)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def retranslate(self) -> None:
        """The columns are set anew by the next `draw`."""
        self._shown = ""

    def draw(self, view: PickView) -> None:
        """Show the step: lists to choose from, the stop, or the totes at the end."""
        empty = view.step == "list" and not (view.waiting or view.walked)
        self._pages.setCurrentIndex(1 if empty else 0)
        if empty:
            self._empty.show_empty(view.instruction, view.notice or view.context)
            return
        self._notice.say(view.notice)
        big = view.step in ("bin", "item", "tote")
        on_list = view.step != "list" and bool(view.picture.racks)
        show_only(
            (self._notice, bool(view.notice)),
            (self._stop, big),
            (self._step, not big),
            (self._walk, on_list),
        )
        if big:
            self._show_stop(view)
        else:
            self._step.show_step(_eyebrow(view), view.instruction, view.context)
        self._show_table(view)
        self._show_walk(view)

    def _show_stop(self, view: PickView) -> None:
        left = view.take - view.taken
        big, name, sub = view.bin, view.item_name, _about(view)
        if view.step == "tote":
            # Big letters without tails: the line is made for codes.
            place = _("Place {slot}").format(slot=view.slot) if view.several else _("New tote")
            pieces = ngettext("{count} piece", "{count} pieces", view.taken)
            goods = f"{pieces.format(count=view.taken)} · {view.item_name}"
            big, left, name = view.tote or place, 0, view.instruction
            sub = " · ".join(part for part in (goods, view.context) if part)
        self._stop.show_stop(_eyebrow(view), big, _("take"), left, name, sub)

    def _show_table(self, view: PickView) -> None:
        kind = {"list": "lists", "done": "totes"}.get(view.step, "then")
        if kind != self._shown:
            self._shown = kind
            self._table.set_columns(_COLUMNS[kind]())
        rows: list[Row]
        match kind:
            case "lists":
                rows = _list_rows(view)
            case "totes":
                rows = [
                    (t.code, t.code, t.order_number, Cell(t.goes_to, t.tone, strong=True))
                    for t in view.carried
                ]
            case _:
                rows = _then_rows(view)
        self._table.set_empty(*_nothing(kind))
        self._table.show_rows(rows)

    def _show_walk(self, view: PickView) -> None:
        self._walk.set_title(_("The walk"))
        picture = view.picture
        aisles = [Aisle(r.name, r.x, r.y, r.width, r.height) for r in picture.racks]
        self._map.show_walk(aisles, picture.walked, picture.left, picture.here)
        stops = ngettext("{count} stop left", "{count} stops left", view.stops_left)
        over = _("Only what is on hold is left") if view.held else _("Every stop is done")
        words = [stops.format(count=view.stops_left) if view.stops_left else over]
        if view.stops_left:
            if view.metres_left:
                words.append(_("about {metres} m").format(metres=view.metres_left))
            words.append(_("{minutes} min").format(minutes=view.minutes_left))
        self._left.say(" · ".join(words))


def _eyebrow(view: PickView) -> str:
    if not view.list_code:
        return _("PICK")
    if view.step == "done":
        return _("PICK · LIST {code}").format(code=view.list_code)
    return _("PICK · LIST {code} · {stop} of {stops} stops").format(
        code=view.list_code, stop=view.stop, stops=view.stops
    )


def _about(view: PickView) -> str:
    """What helps to know the goods, and where they go."""
    parts = [view.other_name, view.sku]
    if view.lot:
        parts.append(_("lot **{lot}**").format(lot=view.lot))
    if view.expires:
        parts.append(_("best before {day}").format(day=view.expires))
    if view.fragile:
        parts.append(_("**fragile**"))
    if view.tote:
        parts.append(_("into tote **{tote}**").format(tote=view.tote))
    elif view.several:
        parts.append(_("into place **{slot}**").format(slot=view.slot))
    if view.taken:
        parts.append(_("**{taken}** of {take} taken").format(taken=view.taken, take=view.take))
    if view.step == "item" and view.take - view.taken > 1:
        parts.append(_("scan one, type how many in all"))
    return " · ".join(part for part in parts if part)


def _then_columns() -> Sequence[Column]:
    return [
        Column(_("then"), 120, strong=True),
        Column(""),
        Column(_("take"), 64, "right"),
        Column(_("tote"), 96),
    ]


def _list_columns() -> Sequence[Column]:
    return [
        Column(_("list"), 140, strong=True),
        Column(""),
        Column(_("orders"), 90, "right"),
        Column(_("stops"), 90, "right"),
        Column(_("pieces"), 90, "right"),
    ]


def _tote_columns() -> Sequence[Column]:
    return [Column(_("tote"), 140, strong=True), Column(_("order")), Column(_("goes to"), 220)]


_COLUMNS = {"then": _then_columns, "lists": _list_columns, "totes": _tote_columns}


def _nothing(kind: str) -> tuple[str, str]:
    if kind == "totes":
        return _("No tote is left on the cart"), _("Scan the next list.")
    return _("Nothing comes after this stop"), _("Then the totes go to Pack.")


def _then_rows(view: PickView) -> list[Row]:
    rows: list[Row] = []
    for place, row in enumerate(view.then):
        pill = (_("fragile"), "warn") if row.fragile else ("", "")
        rows.append((place, row.bin, Cell(row.name, pill=pill), row.take, row.tote))  # type: ignore[arg-type]
    if view.more:
        words = ngettext("and {count} more stop", "and {count} more stops", view.more)
        rows.append(("more", "…", Cell(words.format(count=view.more), "muted"), "", ""))
    return rows


def _list_rows(view: PickView) -> list[Row]:
    rows: list[Row] = []
    for row in (*view.waiting, *view.walked):
        words = Cell("")
        if row.mine:
            words = Cell(_("you have begun it"), "brand")
        elif row.walked:
            words = Cell(_("{name} walks it").format(name=row.picker), "muted")
        elif row.picker:
            words = Cell(_("for {name}").format(name=row.picker))
        rows.append((row.code, row.code, words, row.orders, row.stops, row.units))
    return rows
