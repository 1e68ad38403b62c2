"""What Find looks like: what was found, or one thing's facts with its whole story."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from wms_app.base.texts import _, ngettext
from wms_app.desk import style
from wms_app.desk.cards import Card, Fact, FactsCard, PageTitle
from wms_app.desk.rows import Row
from wms_app.desk.screen import Screen
from wms_app.desk.style import Tone
from wms_app.desk.tables import Cell, Column, RowsTable
from wms_app.office.find.cards import FoundCard
from wms_app.office.find.lookup import Hit
from wms_app.office.find.presenter import FindView
from wms_app.office.find.states import state_tone, state_words
from wms_app.office.find.story import StoryLine
from wms_app.office.find.words import noun_words

_HEAD_HEIGHT = 31 * style.GAP  # the card's title, the columns' words and what is around them
_ROW_HEIGHT = 12 * style.GAP
_PICTURE_WIDTH = 70 * style.GAP
_ROWS = 3  # that are seen at once of what belongs to a thing


class FindScreen(Screen):
    """Draws FindView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PageTitle()
        self._panel = CardPanel()
        self._panel.opened.connect(self._open)
        self._hits = RowsTable(hit_columns())
        self._hits.opened.connect(self._open)
        self._found = Card()
        self._found.body.addWidget(self._hits)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * style.GAP)
        layout.addWidget(self._title)
        layout.addWidget(self._found, 1)
        layout.addWidget(self._panel, 1)

    def draw(self, view: FindView) -> None:
        """Show the card, or what was found."""
        self._panel.setVisible(view.card is not None)
        self._found.setVisible(view.card is None)
        if view.card is not None:
            self._title.show_title(view.card.title, noun_words(view.card.noun))
            self._panel.show_card(view.card)
            return
        found = ngettext("{count} thing found", "{count} things found", len(view.hits))
        sub = found.format(count=len(view.hits)) if view.query else ""
        self._title.show_title(view.query or _("Find"), sub)
        self._hits.set_columns(hit_columns())
        self._hits.set_empty(
            _("Scan anything"),
            _("An order, a SKU, a bin, a tote, a parcel, a tracking number, a list or a truck."),
            "search",
        )
        self._hits.show_rows([hit_row(hit) for hit in view.hits])
        if view.hits:
            self._hits.setFocus()

    def _open(self, key: Any) -> None:
        self.acted.emit("open", str(key))


class CardPanel(QWidget):
    """One thing: its story at the left, its facts at the right, what belongs to it below."""

    def __init__(self) -> None:
        super().__init__()
        self._story = RowsTable(_story_columns())
        self._told = Card()
        self._told.body.addWidget(self._story)
        self._with = RowsTable(hit_columns())
        self.opened = self._with.opened
        self._belonging = Card()
        self._belonging.body.addWidget(self._with)
        self._facts = FactsCard()
        self._picture = QLabel()
        left = QVBoxLayout()
        left.setSpacing(3 * style.GAP)
        left.addWidget(self._told, 1)
        left.addWidget(self._belonging)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * style.GAP)
        layout.addLayout(left, 1)
        layout.addWidget(self._facts)

    def show_card(self, card: FoundCard) -> None:
        """Draw it; the newest line of the story is first."""
        self._told.set_title(_("The whole story"))
        self._story.set_columns(_story_columns())
        self._story.set_empty(_("Nothing happened to it yet"))
        self._story.show_rows([_story_row(n, line) for n, line in _newest_first(card.story)])
        self._belonging.set_title(_("Belongs to it"))
        self._belonging.setVisible(bool(card.with_it))
        rows = min(_ROWS, len(card.with_it))
        self._belonging.setFixedHeight(_HEAD_HEIGHT + rows * _ROW_HEIGHT)
        self._with.set_columns(hit_columns())
        self._with.show_rows([hit_row(hit) for hit in card.with_it])
        pills: tuple[tuple[str, Tone], ...] = ()
        if card.state:
            tone = cast(Tone, state_tone(card.state) or "brand")
            pills = ((state_words(card.noun, card.state), tone),)
        facts = tuple(
            Fact(f.label, f.lines, cast(Tone, f.tone), widget=self._shown(f.picture))
            for f in card.facts
        )
        self._facts.show_facts(card.title, card.sub, pills, facts)

    def _shown(self, picture: bytes) -> QWidget | None:
        """The photograph of the card; there is at most one."""
        if not picture:
            return None
        pixels = QPixmap()
        pixels.loadFromData(picture)
        smooth = Qt.TransformationMode.SmoothTransformation
        self._picture.setPixmap(pixels.scaledToWidth(_PICTURE_WIDTH, smooth))
        return self._picture


def _newest_first(story: tuple[StoryLine, ...]) -> list[tuple[int, StoryLine]]:
    return list(enumerate(story))[::-1]


def hit_columns() -> list[Column]:
    """What is said of a thing in a list."""
    return [
        Column(_("What"), 90),
        Column(_("Name or number"), 0, strong=True),
        Column("", 0),
        Column(_("State"), 110),
    ]


def hit_row(hit: Hit) -> Row:
    """A thing in a list; its key opens it."""
    state = state_words(hit.noun, hit.state) if hit.state else ""
    tone = cast(Tone, state_tone(hit.state))
    return (hit.key, Cell(noun_words(hit.noun), "muted"), hit.text, hit.sub, Cell(state, tone))


def _story_columns() -> list[Column]:
    return [
        Column(_("When"), 112),
        Column(_("Who"), 164),
        Column(_("What"), 0, strong=True),
        Column("", 0),
    ]


def _story_row(number: int, line: StoryLine) -> Row:
    bad = line.state in ("cancelled", "void", "failed")
    who = f"{line.who} · {line.station}" if line.station else line.who
    return (
        number,
        Cell(line.when, "muted"),
        who,
        Cell(line.what, "bad" if bad else ""),
        line.detail,
    )
