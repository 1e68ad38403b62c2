"""Our own icons, in the colour of a token."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from wms_app.base.places import resources
from wms_app.desk import style


def pixmap(name: str, token: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon `resources/icons/<name>.svg` in the colour of `token`, `size` pixels square."""
    return _drawn(name, style.hexadecimal(token), size, ratio)


@lru_cache(maxsize=256)
def _drawn(name: str, hexadecimal: str, size: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # only when the first icon is shown

    text = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(text.replace("currentColor", hexadecimal).encode()))
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, picture.width(), picture.height()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


class Icon(QWidget):
    """One icon, in the colour of a token, also after the theme changes."""

    def __init__(self, name: str = "", token: str = "ink", size: int = 24) -> None:
        super().__init__()
        self._name = name
        self._token = token
        self._size = size
        self.setFixedSize(QSize(size, size))

    def show_icon(self, name: str, token: str) -> None:
        """Show another icon; "" shows none."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._name:
            picture = pixmap(self._name, self._token, self._size, self.devicePixelRatioF())
            QPainter(self).drawPixmap(0, 0, picture)
