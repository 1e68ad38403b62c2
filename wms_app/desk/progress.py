"""Long work: how many of how many, how long still, and a way out."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from wms_app.base.texts import _, ngettext
from wms_app.desk.cards import Card
from wms_app.desk.words import Button, label


class ProgressPanel(Card):
    """The progress of one piece of work; `cancelled` asks it to stop at the next safe place."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = label(role="strong")
        self._count = label(role="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = Button()
        self._cancel.clicked.connect(self._ask_to_stop)
        line = QHBoxLayout()
        line.addWidget(self._words)
        line.addWidget(self._count, 1)
        line.addWidget(self._cancel)
        self.body.addLayout(line)
        self.body.addWidget(self._bar)
        self._started = monotonic()

    def start(self, title: str) -> None:
        """Begin anew with the name of the work."""
        self._started = monotonic()
        self._words.say(title)
        self._count.say("")
        self._cancel.setText(_("Cancel"))
        self._cancel.setEnabled(True)
        self._bar.setRange(0, 0)

    def show_progress(self, done: int, total: int) -> None:
        """`done` of `total` pieces of work; the time left is estimated from the pace so far."""
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(done)
        words = _("{done:,} of {total:,}").format(done=done, total=total)
        if 0 < done < total:
            words += " · " + _left((monotonic() - self._started) / done * (total - done))
        self._count.say(words)

    def said(self) -> str:
        """What the panel says now."""
        return f"{self._words.said()} {self._count.said()}".strip()

    def _ask_to_stop(self) -> None:
        self._cancel.setEnabled(False)
        self._cancel.setText(_("Stopping …"))
        self.cancelled.emit()


def _left(seconds: float) -> str:
    if seconds < 60:
        count = max(1, round(seconds))
        return ngettext("about {n} second left", "about {n} seconds left", count).format(n=count)
    count = round(seconds / 60)
    return ngettext("about {n} minute left", "about {n} minutes left", count).format(n=count)
