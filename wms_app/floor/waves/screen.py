"""What Release looks like: the groups that can go, the lists, the short orders; facts beside."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wms_app.base.texts import _, ngettext
from wms_app.desk import style
from wms_app.desk.cards import Card, Fact, FactsCard
from wms_app.desk.rows import Row
from wms_app.desk.screen import Screen
from wms_app.desk.style import Tone
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.desk.words import Button, label
from wms_app.floor.waves import words
from wms_app.floor.waves.choosing import Group, ListRow
from wms_app.floor.waves.view import SECTIONS, ReleaseView

SOON_HOURS = 2


class ReleaseScreen(Screen):
    """Draws ReleaseView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = ReleaseView()
        self._walked: set[int] = set()  # lists that the person moved over and were not answered yet
        self._title = label("", "title")
        self._sub = label("", "muted")
        self._buttons = {name: Button("") for name in SECTIONS}
        head = QHBoxLayout()
        head.setSpacing(2 * style.GAP)
        head.addWidget(self._title)
        head.addWidget(self._sub, 1)
        for name, button in self._buttons.items():
            button.clicked.connect(lambda _on=False, name=name: self.acted.emit(name, ""))
            head.addWidget(button)
        self._table = RowsTable([Column("")], self.run)
        self._table.picked.connect(self._picked)
        self._table.opened.connect(self._opened)
        self._table.installEventFilter(self)
        card = Card()
        card.body.addWidget(self._table)
        self._facts = FactsCard()
        below = QHBoxLayout()
        below.setSpacing(4 * style.GAP)
        below.addWidget(card, 1)
        below.addWidget(self._facts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * style.GAP)
        layout.addLayout(head)
        layout.addLayout(below, 1)
        self.setFocusProxy(self._table)
        self.retranslate()

    def retranslate(self) -> None:
        """The static words again."""
        self._title.say(_("Release"))
        for name, button in self._buttons.items():
            button.setText(words.section_words(name))

    def draw(self, view: ReleaseView) -> None:
        """Show the section with its rows, and what is chosen beside them."""
        moved = view.section != self._view.section
        self._view = view
        if moved and self.isVisible():
            self._table.setFocus()
        for name, button in self._buttons.items():
            button.show_chosen(name == view.section)
        ready = ngettext("{count} order ready", "{count} orders ready", view.ready)
        self._sub.say(ready.format(count=f"{view.ready:,}"))
        if moved:
            self._stand_on(QModelIndex())
        columns, rows = _table(view)
        self._table.set_columns(columns)
        self._table.set_empty(*_nothing(view))
        self._table.show_rows(rows)
        self._follow(view)
        self._show_facts(view)

    def _follow(self, view: ReleaseView) -> None:
        """Stand on the row of a list that was scanned or just made; never where the person left."""
        if view.list_id in self._walked:
            self._walked.discard(view.list_id)
        elif view.list_id and view.list_id != self._table.current_key():
            places = [n for n, row in enumerate(view.lists) if row.list_id == view.list_id]
            for place in places:
                self._stand_on(self._table.rows.index(place, 0))

    def _stand_on(self, index: QModelIndex) -> None:
        with QSignalBlocker(self._table):  # the person did not pick it
            self._table.setCurrentIndex(index)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._table.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space in the table chooses the row that it stands on."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and event.key() == Qt.Key.Key_Space:  # type: ignore[attr-defined]
            self._opened(self._table.current_key())
            return True
        return super().eventFilter(watched, event)

    def _picked(self, key: object) -> None:
        if self._view.section == "lists" and key != self._view.list_id:
            self._walked.add(int(str(key)))
            self.acted.emit("choose_list", str(key))

    def _opened(self, key: object) -> None:
        if key is not None and self._view.section == "ready":
            self.acted.emit("choose", str(key))

    def _show_facts(self, view: ReleaseView) -> None:
        facts = [_chosen(view)] if view.section == "ready" else []
        if view.pointed is not None:
            facts += _list_facts(view.pointed)
        if view.unprinted:
            text = ngettext("{count} list", "{count} lists", view.unprinted)
            facts.append(Fact(_("On no paper yet"), (text.format(count=view.unprinted),), "warn"))
        facts += _waiting(view)
        if view.made and view.made != (view.pointed.code if view.pointed else "",):
            made = view.made if len(view.made) < 4 else (view.made[-1], "…", view.made[0])
            facts.append(Fact(_("Made last"), tuple(made)))
        reads_why = view.section == "short" and bool(view.short)  # why takes the whole width
        self._facts.setVisible(bool(facts) and not reads_why)
        self._facts.show_facts("", "", (), tuple(facts))


def _table(view: ReleaseView) -> tuple[list[Column], list[Row]]:
    if view.section == "lists":
        return _list_columns(), [_list_row(row) for row in view.lists]
    if view.section == "short":
        columns = [
            Column(_("Order"), 210, strong=True),
            Column(_("Client"), 110),
            Column(_("Ship by"), 110),
            Column(_("Why")),
        ]
        return columns, [
            (
                row.order_id,
                row.number,
                row.client,
                words.ship_by_words(row.ship_by, view.now, view.zone),
                Cell(row.words, "warn"),
            )
            for row in view.short
        ]
    return _group_columns(), [_group_row(view, n, g) for n, g in enumerate(view.groups, 1)]


def _group_columns() -> list[Column]:
    return [
        Column("", 62, "right", strong=True),
        Column(_("Ship by"), 76),
        Column(_("Client"), 84),
        Column(_("Channel")),
        Column(_("Service"), 94),
        Column("", 116),
        Column(_("Orders"), 70, "right", strong=True),
        Column(_("Pieces"), 66, "right"),
    ]


def _group_row(view: ReleaseView, number: int, group: Group) -> Row:
    key = group.key
    mark = f"✓ {number}" if number in view.chosen else str(number)
    return (
        number,
        Cell(mark, "brand" if number in view.chosen else "muted", strong=True),
        Cell(words.ship_by_words(key.ship_by, view.now, view.zone), _urgency(view, group)),
        key.client,
        key.channel,
        key.service,
        words.parts_words(key.parts),
        f"{group.orders:,}",
        f"{group.units:,}",
    )


def _urgency(view: ReleaseView, group: Group) -> Tone:
    """Late is bad, soon is a warning; the hour itself is said beside it."""
    if group.key.ship_by is None or view.now is None:
        return "muted"
    left = (group.key.ship_by - view.now).total_seconds() / 3600
    return "bad" if left < 0 else "warn" if left < SOON_HOURS else ""


def _list_columns() -> list[Column]:
    return [
        Column(_("List"), 92, strong=True),
        Column(_("Kind"), 100),
        Column(""),
        Column(_("Orders"), 70, "right"),
        Column(_("Pieces"), 66, "right"),
        Column(_("Stops"), 70, "right"),
        Column(_("Who"), 110),
    ]


def _list_row(row: ListRow) -> Row:
    tones: dict[str, Tone] = {"open": "warn", "walking": "brand", "done": "ok"}
    unprinted = "" if row.printed else _("not printed")
    return (
        row.list_id,
        row.code,
        words.kind_words(row.kind),
        Cell(words.state_words(row.state), tones.get(row.state, ""), pill=(unprinted, "warn")),
        f"{row.orders:,}",
        f"{row.units:,}",
        f"{row.stops_done}/{row.stops}",
        row.picker,
    )


def _chosen(view: ReleaseView) -> Fact:
    orders, units = view.chosen_orders, view.chosen_units
    pieces = ngettext("{count} piece", "{count} pieces", units).format(count=f"{units:,}")
    if not orders:
        return Fact(_("Chosen"), ("0",), big=True, quiet=(_("Type the number of a row."),))
    text = ngettext("{count} order", "{count} orders", orders).format(count=f"{orders:,}")
    return Fact(_("Chosen"), (text,), big=True, quiet=(pieces,))


def _list_facts(row: ListRow) -> list[Fact]:
    printed = ngettext("printed {count} time", "printed {count} times", row.printed)
    who = row.picker or _("nobody yet")
    quiet = (words.progress_words(row), printed.format(count=row.printed))
    return [Fact(_("List"), (row.code,), big=True, quiet=quiet), Fact(_("Who"), (who,))]


def _waiting(view: ReleaseView) -> list[Fact]:
    facts = []
    if view.waiting.received:
        facts.append(Fact(_("Waiting for allocation"), (f"{view.waiting.received:,}",)))
    if view.waiting.short:
        facts.append(Fact(_("Short of stock"), (f"{view.waiting.short:,}",), tone="warn"))
    if view.waiting.held:
        facts.append(Fact(_("On hold"), (f"{view.waiting.held:,}",), tone="warn"))
    return facts


def _nothing(view: ReleaseView) -> tuple[str, str]:
    if view.section == "lists":
        return _("No lists yet"), _("Choose ready orders and release them.")
    if view.section == "short":
        return _("Nothing is short"), _("Every order that was looked at has its stock.")
    if view.waiting.received:
        return _("Nothing is allocated"), _("Press F3: orders wait for their stock.")
    return _("Nothing to release"), _("Orders come by file or channel, then they are allocated.")
