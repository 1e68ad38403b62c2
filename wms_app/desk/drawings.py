"""Two drawings: the walk through the aisles, and what lies in the carton."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from wms_app.desk import style
from wms_app.desk.style import GAP

Point = tuple[float, float]


@dataclass(frozen=True)
class Aisle:
    """A rack on the plan, in any unit of length, y downwards."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Block:
    """Goods in the carton: what stands on them, how wide and high they look."""

    label: str
    width_mm: int
    height_mm: int
    done: bool = True


def stretches(path: Sequence[Point], before: Sequence[Point] = ()) -> list[tuple[Point, Point]]:
    """The straight pieces of a path that runs along the axes, each place once: dashes drawn twice
    over one place would look solid. What `before` ran over is left out too."""
    seen: dict[tuple[int, float], list[tuple[float, float]]] = {}
    fresh: list[tuple[Point, Point]] = []
    for points, wanted in ((before, False), (path, True)):
        for start, end in pairwise(points):
            axis = 0 if start[1] == end[1] else 1
            low, high = sorted((start[axis], end[axis]))
            line = seen.setdefault((axis, start[1 - axis]), [])
            if wanted:
                free = _not_covered(low, high, line)
                across = start[1 - axis]
                fresh += [
                    ((a, across), (b, across)) if axis == 0 else ((across, a), (across, b))
                    for a, b in free
                ]
            line.append((low, high))
    return fresh


def _not_covered(
    low: float, high: float, covered: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    free = [(low, high)] if low < high else []
    for start, end in covered:
        free = [
            (a, b)
            for first, last in free
            for a, b in ((first, min(last, start)), (max(first, end), last))
            if a < b
        ]
    return free


class WalkMap(QWidget):
    """The plan: racks, the path walked (solid), the path left (dashed), where the picker is."""

    def __init__(self) -> None:
        super().__init__()
        self._aisles: tuple[Aisle, ...] = ()
        self._walked: tuple[Point, ...] = ()
        self._left: tuple[Point, ...] = ()
        self._here: Point | None = None
        self.setMinimumHeight(55 * GAP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_walk(
        self,
        aisles: Sequence[Aisle],
        walked: Sequence[Point] = (),
        left: Sequence[Point] = (),
        here: Point | None = None,
    ) -> None:
        """All in the same unit; the drawing is scaled to the room it has."""
        self._aisles, self._walked, self._left = tuple(aisles), tuple(walked), tuple(left)
        self._here = here
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._aisles:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._measure()
        self._paint_aisles(painter)
        brand = style.color("brand")
        solid = QPen(brand, 5)
        solid.setCapStyle(Qt.PenCapStyle.SquareCap)  # corners are closed though drawn in pieces
        self._paint_path(painter, stretches(self._walked), solid)
        dashes = QPen(brand, 3)
        dashes.setCapStyle(Qt.PenCapStyle.FlatCap)
        dashes.setDashPattern([1.8, 1.6])
        self._paint_path(painter, stretches(self._left, self._walked), dashes)
        if self._here is not None:
            painter.setPen(QPen(style.color("panel"), 2))
            painter.setBrush(style.color("here"))
            painter.drawEllipse(self._at(self._here), 11, 11)

    def _measure(self) -> None:
        points = [(a.x, a.y) for a in self._aisles]
        points += [(a.x + a.width, a.y + a.height) for a in self._aisles]
        points += [*self._walked, *self._left]
        self._left_edge = min(x for x, _y in points)
        self._top_edge = min(y for _x, y in points)
        wide = max(x for x, _y in points) - self._left_edge
        high = max(y for _x, y in points) - self._top_edge
        margin = 4.0 * GAP
        room_wide, room_high = self.width() - 2 * margin, self.height() - 2 * margin - 5 * GAP
        # Racks may be stretched: the picker follows the order of aisles, not a ruler.
        even = min(room_wide / (wide or 1), room_high / (high or 1))
        self._scale_x = min(room_wide / (wide or 1), even * 2)
        self._scale_y = min(room_high / (high or 1), even * 2)
        self._margin_x = (self.width() - wide * self._scale_x) / 2
        self._margin_y = margin + 5 * GAP

    def _at(self, point: Point) -> QPointF:
        return QPointF(
            self._margin_x + (point[0] - self._left_edge) * self._scale_x,
            self._margin_y + (point[1] - self._top_edge) * self._scale_y,
        )

    def _sharp(self, point: Point) -> QPointF:
        """Where a line of odd width has sharp edges."""
        at = self._at(point)
        return QPointF(round(at.x()) + 0.5, round(at.y()) + 0.5)

    def _paint_aisles(self, painter: QPainter) -> None:
        named: set[str] = set()
        painter.setFont(style.font("label"))
        for aisle in self._aisles:
            box = QRectF(
                self._at((aisle.x, aisle.y)),
                self._at((aisle.x + aisle.width, aisle.y + aisle.height)),
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.color("aisle"))
            painter.drawRoundedRect(box, 2, 2)
            if aisle.name not in named:
                named.add(aisle.name)
                painter.setPen(style.color("ink3"))
                over = QRectF(box.center().x() - 30, box.top() - 5.5 * GAP, 60, 5 * GAP)
                painter.drawText(over, Qt.AlignmentFlag.AlignCenter, aisle.name)

    def _paint_path(
        self, painter: QPainter, pieces: Sequence[tuple[Point, Point]], pen: QPen
    ) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath()
        for start, end in pieces:
            path.moveTo(self._sharp(start))
            path.lineTo(self._sharp(end))
        painter.drawPath(path)


class BoxDrawing(QWidget):
    """The advised carton with the goods in it, to its proportions."""

    def __init__(self) -> None:
        super().__init__()
        self._size = (300, 200, 150)
        self._blocks: tuple[Block, ...] = ()
        self.setMinimumHeight(18 * GAP)
        self.setMaximumHeight(24 * GAP)

    def sizeHint(self) -> QSize:
        return QSize(60 * GAP, 22 * GAP)

    def show_box(
        self, length_mm: int, width_mm: int, height_mm: int, blocks: Sequence[Block] = ()
    ) -> None:
        """The carton's inner size and what is in it, from left to right."""
        self._size = (max(1, length_mm), max(1, width_mm), max(1, height_mm))
        self._blocks = tuple(blocks)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        length, width, height = self._size
        slant_x, slant_y = width * 0.45, width * 0.24
        margin = 2.0 * GAP
        scale = min(
            (self.width() - 2 * margin) / (length + slant_x),
            (self.height() - 2 * margin) / (height + slant_y),
        )
        front = QRectF(0, 0, length * scale, height * scale)
        front.moveLeft((self.width() - (length + slant_x) * scale) / 2)
        front.moveBottom(self.height() - margin)
        shift = QPointF(slant_x * scale, -slant_y * scale)
        painter.setPen(QPen(style.color("brand"), 1.6))
        painter.setBrush(style.color("brandbg"))
        top = [front.topLeft(), front.topLeft() + shift, front.topRight() + shift, front.topRight()]
        side = [
            front.topRight(),
            front.topRight() + shift,
            front.bottomRight() + shift,
            front.bottomRight(),
        ]
        for face in (top, side):
            painter.drawPolygon(QPolygonF(face))
        painter.drawRect(front)
        self._paint_blocks(painter, front.adjusted(4, 4, -4, -2), scale)

    def _paint_blocks(self, painter: QPainter, room: QRectF, scale: float) -> None:
        wide = sum(block.width_mm for block in self._blocks) or 1
        shrink = min(1.0, room.width() / (wide * scale + 2 * len(self._blocks)))
        x = room.left()
        painter.setFont(style.font("cap"))
        for block in self._blocks:
            width = block.width_mm * scale * shrink
            height = min(room.height(), block.height_mm * scale)
            box = QRectF(x, room.bottom() - height, width, height)
            painter.fillRect(box, style.color("block1" if block.done else "block2"))
            if width >= 3 * GAP and height >= 4 * GAP:
                painter.setPen(style.color("onblock" if block.done else "ink"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, block.label)
            x += width + 2
