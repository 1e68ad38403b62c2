"""Cards: the step to do, the bin to go to, the facts beside the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from wms_app.desk import style
from wms_app.desk.fitting import FittedWords, StopLine
from wms_app.desk.style import GAP, Tone
from wms_app.desk.words import Pill, Words, label


class Card(QFrame):
    """A panel with round corners; it holds one thought."""

    def __init__(self, title: str = "", padding: int = 4 * GAP) -> None:
        super().__init__()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(2 * GAP)
        self._title = label(title.upper(), "eyebrow")
        self._title.setVisible(bool(title))
        self.body.addWidget(self._title)

    def set_title(self, text: str) -> None:
        """The thought of the card, in small capitals; "" for none."""
        self._title.say(text.upper())
        self._title.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.color("line"), 1))
        painter.setBrush(style.color("panel"))
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(edge, style.RADIUS, style.RADIUS)


class InstructionCard(Card):
    """One instruction at a time, in the biggest type on the screen."""

    def __init__(self) -> None:
        super().__init__(padding=6 * GAP)
        self._eyebrow = label(role="eyebrow")
        self._instruction = FittedWords("instruction", lines=2)
        self._context = label(role="context", wrap=True)
        self.body.setSpacing(GAP)
        for part in (self._eyebrow, self._instruction, self._context):
            self.body.addWidget(part)

    def show_step(self, eyebrow: str, instruction: str, context: str = "") -> None:
        """Where the person is, what to do now, and how far they are (with `**bold**`)."""
        self._eyebrow.say(eyebrow)
        self._instruction.say(instruction)
        self._context.say(context)
        self._context.setVisible(bool(context))


class BigBinCard(Card):
    """Where to go, in letters that are read from the end of the aisle, and how many to take."""

    def __init__(self) -> None:
        super().__init__(padding=7 * GAP)
        self._eyebrow = label(role="eyebrow")
        self._stop = StopLine()
        self._name = FittedWords("name", lines=2)
        self._sub = label(role="context", wrap=True)
        self.body.setSpacing(GAP)
        self.body.addWidget(self._eyebrow)
        self.body.addWidget(self._stop)
        self.body.addWidget(self._name)
        self.body.addWidget(self._sub)

    def show_stop(
        self,
        eyebrow: str,
        bin_text: str,
        take_word: str,
        quantity: int,
        name: str,
        sub: str = "",
    ) -> None:
        """The stop of the walk: bin, how many, what, and into which tote (`sub`, `**bold**`)."""
        self._eyebrow.say(eyebrow)
        self._stop.show_stop(bin_text, take_word, quantity)
        self._name.say(name)
        self._name.setVisible(bool(name))
        self._sub.say(sub)
        self._sub.setVisible(bool(sub))


@dataclass(frozen=True)
class Fact:
    """A labelled thing to know.

    `lines` may hold `**bold**`; `quiet` are said smaller below them. `big` sets the first line in
    the type of quantities; `tone` colours it and puts the tone's icon behind it. `widget` is shown
    under the lines: a drawing that the screen keeps.
    """

    label: str
    lines: tuple[str, ...] = ()
    tone: Tone = ""
    widget: QWidget | None = None
    big: bool = False
    quiet: tuple[str, ...] = ()


class FactsCard(Card):
    """What is known of the order, parcel or bin in hand."""

    def __init__(self) -> None:
        super().__init__(padding=4 * GAP + 2)
        self.setFixedWidth(style.SIDE_WIDTH)
        self._head = QHBoxLayout()
        self._head.setSpacing(2 * GAP)
        self._name = label(role="strong", wrap=True)
        self._sub = label(role="muted", wrap=True)
        self._rule = Rule()
        self._shown: object = None
        self._lent: set[QWidget] = set()  # drawings of the screen: shown or not, they stay alive
        inside = QWidget()
        inside.setProperty("clear", True)
        self._facts = QVBoxLayout(inside)
        self._facts.setContentsMargins(0, 0, 0, 0)
        self._facts.setSpacing(0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.setSpacing(GAP)
        self.body.addLayout(self._head)
        for part in (self._name, self._sub, self._rule):
            self.body.addWidget(part)
        self.body.addWidget(scroll, 1)

    def show_facts(
        self,
        title: str,
        subtitle: str = "",
        pills: Sequence[tuple[str, Tone]] = (),
        facts: Sequence[Fact] = (),
    ) -> None:
        """The thing's name, its pills (the last stands at the right edge) and its facts."""
        shown = (title, subtitle, tuple(pills), tuple(facts))
        if shown == self._shown:
            return
        self._shown = shown
        self._name.say(title)
        self._sub.say(subtitle)
        self._name.setVisible(bool(title))
        self._sub.setVisible(bool(subtitle))
        self._rule.setVisible(bool(facts) and bool(title or pills))
        self._show_pills(pills)
        self._lent |= {fact.widget for fact in facts if fact.widget is not None}
        _clear(self._facts, self._lent)
        for fact in facts:
            self._add(fact)
        self._facts.addStretch(1)

    def _show_pills(self, pills: Sequence[tuple[str, Tone]]) -> None:
        _clear(self._head, set())
        for place, (text, tone) in enumerate(pills):
            if place and place == len(pills) - 1:
                self._head.addStretch(1)
            self._head.addWidget(Pill(text, tone))
        if len(pills) == 1:
            self._head.addStretch(1)

    def _add(self, fact: Fact) -> None:
        if self._facts.count():
            self._facts.addSpacing(2 * GAP)
        if fact.label:
            self._facts.addWidget(label(fact.label.upper(), "label"))
        for place, line in enumerate(fact.lines):
            first = place == 0
            words = label(line, "quantity" if fact.big and first else "body", wrap=True)
            if first and fact.tone:
                words.set_tone(fact.tone)
                self._facts.addWidget(_with_icon(words, fact.tone))
            else:
                self._facts.addWidget(words)
        for line in fact.quiet:
            self._facts.addWidget(label(line, "muted", wrap=True))
        if fact.widget is not None:
            self._facts.addSpacing(GAP)
            self._facts.addWidget(fact.widget)
            fact.widget.show()


def _with_icon(words: Words, tone: Tone) -> QWidget:
    """The words with the icon of their tone behind them: never by colour alone."""
    from wms_app.desk.icons import Icon

    name = {"ok": "tick", "done": "ticks", "warn": "warning", "bad": "cross"}.get(tone, "")
    if not name:
        return words
    words.setWordWrap(False)
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(words)
    line.addWidget(Icon(name, tone, 18))
    line.addStretch(1)
    return row


class Rule(QWidget):
    """A thin line between two thoughts."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(4 * GAP + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 2 * GAP, self.width(), 1, style.color("line"))


class EmptyState(QWidget):
    """Nothing to do, and what would make work appear."""

    def __init__(self) -> None:
        super().__init__()
        from wms_app.desk.icons import Icon

        self._icon = Icon("tick", "brand", 40)
        self._title = label(role="title", wrap=True)
        self._hint = label(role="context", wrap=True)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GAP)
        layout.addStretch(2)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (self._title, self._hint):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(words)
        layout.addStretch(3)

    def show_empty(self, title: str, hint: str = "", icon: str = "tick") -> None:
        """`title` says that there is nothing, `hint` what would bring work."""
        self._icon.show_icon(icon, "brand")
        self._title.say(title)
        self._hint.say(hint)
        self._hint.setVisible(bool(hint))


class PageTitle(QWidget):
    """The head of an office page: the truth in one line, and the keys that belong to it."""

    acted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._title = label(role="title")
        self._sub = label(role="muted")
        self._sub.setMinimumWidth(GAP)  # long words must not make the window wider
        self._keys = QHBoxLayout()
        self._keys.setSpacing(GAP)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4 * GAP)
        line.addWidget(self._title, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._sub, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(self._keys)

    def show_title(
        self, title: str, sub: str = "", keys: Sequence[tuple[str, str, str]] = ()
    ) -> None:
        """`keys` are (action, key, label); pressing one asks for the action."""
        from wms_app.desk.keybar import KeyButton

        self._title.say(title)
        self._sub.say(sub)
        _clear(self._keys, set())
        for action, key, text in keys:
            button = KeyButton(key, text)
            button.clicked.connect(lambda _checked=False, name=action: self.acted.emit(name))
            self._keys.addWidget(button)


def _clear(layout: QHBoxLayout | QVBoxLayout, kept: set[QWidget]) -> None:
    """Take everything out of `layout`; what is not `kept` goes away."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            if widget not in kept:
                widget.deleteLater()


def words_of(widget: QWidget) -> list[str]:
    """Every text that is seen in `widget`."""
    parts = widget.findChildren(QWidget)
    said = [part.said() for part in parts if isinstance(part, Words | FittedWords | StopLine)]
    return [text for text in said if text]
