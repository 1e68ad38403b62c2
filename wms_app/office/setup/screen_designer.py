"""What the designer looks like: the elements, the label as it is printed, the chosen one's form."""

from __future__ import annotations

import json

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.cards import Card
from wms_app.desk.form import Field, FormCard
from wms_app.desk.tables import Column, RowsTable
from wms_app.desk.words import Button, label
from wms_app.office.setup.designer import DesignerView

_STEP_MM = 0.5
_PUSHES: tuple[tuple[str, str, Qt.Key, tuple[float, float]], ...] = (
    ("←", "design_move", Qt.Key.Key_Left, (-_STEP_MM, 0.0)),
    ("→", "design_move", Qt.Key.Key_Right, (_STEP_MM, 0.0)),
    ("↑", "design_move", Qt.Key.Key_Up, (0.0, -_STEP_MM)),
    ("↓", "design_move", Qt.Key.Key_Down, (0.0, _STEP_MM)),
    ("↔ −", "design_size", Qt.Key.Key_Left, (-_STEP_MM, 0.0)),
    ("↔ +", "design_size", Qt.Key.Key_Right, (_STEP_MM, 0.0)),
    ("↕ −", "design_size", Qt.Key.Key_Up, (0.0, -_STEP_MM)),
    ("↕ +", "design_size", Qt.Key.Key_Down, (0.0, _STEP_MM)),
)


class LabelPicture(QWidget):
    """The label, the chosen element marked; arrows move it, with Shift they change its size."""

    pushed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._view: DesignerView | None = None
        self._pixmap = QPixmap()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(60 * style.GAP, 60 * style.GAP)

    def show_label(self, view: DesignerView) -> None:
        """Show the picture and the box of the chosen element."""
        if self._view is None or self._view.picture != view.picture:
            self._pixmap.loadFromData(view.picture)
        self._view = view
        self.setAccessibleName(f"{view.title} {view.chosen}".strip())
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = (
            "design_size"
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            else "design_move"
        )
        for _words, action, key, (x, y) in _PUSHES:
            if action == wanted and event.key() == key:
                self.pushed.emit(action, f"{x:g} {y:g}")
                return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._view is not None:
            paper, scale = self._paper(self._view)
            place = (event.position() - paper.topLeft()) / scale
            self.pushed.emit("design_pick", f"{place.x():.2f} {place.y():.2f}")

    def _paper(self, view: DesignerView) -> tuple[QRectF, float]:
        """Where the label lies, and how many pixels a mm has."""
        width, height = view.size_mm
        room = QRectF(self.rect()).adjusted(style.GAP, style.GAP, -style.GAP, -style.GAP)
        scale = min(room.width() / width, room.height() / height)
        paper = QRectF(0, 0, width * scale, height * scale)
        paper.moveCenter(QPointF(room.center()))
        return paper, scale

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._view is None or self._pixmap.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paper, scale = self._paper(self._view)
        painter.drawPixmap(paper, self._pixmap, QRectF(self._pixmap.rect()))
        painter.setPen(QPen(style.color("line"), 1))
        painter.drawRect(paper)
        if self._view.box is not None:
            x, y, wide, high = (mm * scale for mm in self._view.box)
            box = QRectF(paper.left() + x, paper.top() + y, wide, high)
            tone = "bad" if self._view.problem else "here"
            painter.setPen(QPen(style.color(tone), 3 if self.hasFocus() else 2))
            painter.drawRect(box.adjusted(-2, -2, 2, 2))


class DesignerPane(QWidget):
    """Draws DesignerView."""

    acted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.picture = LabelPicture()
        self.elements = RowsTable([Column("")])
        self.elements.picked.connect(lambda key: self.acted.emit("design_choose", str(key)))
        self.elements.opened.connect(lambda _key: self.picture.setFocus())
        list_card = Card()
        list_card.setMinimumWidth(66 * style.GAP)
        list_card.body.addWidget(self.elements)
        self.picture.pushed.connect(self.acted)
        self._about = label("", "muted", wrap=True)
        self._problem = label("", "strong", wrap=True)
        self._problem.set_tone("bad")
        picture_card = Card()
        picture_card.body.addWidget(self._about)
        picture_card.body.addWidget(self.picture, 1)
        picture_card.body.addWidget(self._problem)
        picture_card.body.addLayout(self._pushes())
        self._form = FormCard()
        self._form.saved.connect(lambda said: self.acted.emit("design_apply", json.dumps(said)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * style.GAP)
        layout.addWidget(list_card, 3)
        layout.addWidget(picture_card, 6)
        layout.addWidget(self._form, 4)

    def draw(self, view: DesignerView) -> None:
        """Show the label, its elements, and the form of the chosen one."""
        self.elements.set_columns([Column(_("element"), strong=True), Column("", 21 * style.GAP)])
        self.elements.show_rows([(name, name, kind) for name, kind in view.elements])
        self._about.say(f"**{view.title}** · {view.about}")
        self._problem.say(view.problem)
        self._problem.setVisible(bool(view.problem))
        self.picture.show_label(view)
        self._form.setVisible(bool(view.facts))
        if view.facts:
            self._form.show_form(view.chosen, _fields(view.facts), _("Apply"))

    def _pushes(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        lines = {name: QHBoxLayout() for name in ("design_move", "design_size")}
        for words, action, _key, (x, y) in _PUSHES:
            button = Button(words)
            button.clicked.connect(
                lambda _on=False, action=action, by=f"{x:g} {y:g}": self.acted.emit(action, by)
            )
            lines[action].addWidget(button)
        for line in lines.values():
            rows.addLayout(line)
        return rows


def _fields(facts: dict[str, str]) -> list[Field]:
    words = {
        "x": _("From the left, mm"),
        "y": _("From the top, mm"),
        "width": _("Width, mm"),
        "height": _("Height, mm"),
        "value": _("Shows"),
        "words": _("Words"),
        "max": _("Largest type, mm"),
        "min": _("Smallest type, mm"),
        "align": _("Side"),
        "bold": _("Bold"),
    }
    choices = {
        "align": (("left", _("left")), ("center", _("middle")), ("right", _("right"))),
        "bold": (("no", _("no")), ("yes", _("yes"))),
    }
    return [Field(key, words[key], value, choices.get(key, ())) for key, value in facts.items()]
