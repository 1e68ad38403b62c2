"""The dark strip on top: where we are, how the devices are, who works here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from wms_app.base.texts import _
from wms_app.desk import style
from wms_app.desk.icons import pixmap
from wms_app.desk.style import GAP

State = Literal["ok", "moving", "warn", "down", "off"]
_DOT = {"ok": "navok", "moving": "navwarn", "warn": "navwarn", "down": "navbad", "off": "navoff"}
_HOLLOW = ("down", "off")
_STATE_WORDS = {
    "ok": lambda: _("works"),
    "moving": lambda: _("moving"),
    "warn": lambda: _("needs a look"),
    "down": lambda: _("away"),
    "off": lambda: _("not connected"),
}


@dataclass(frozen=True)
class HeaderInfo:
    """Warehouse, station, and the devices as (name, marked label), in the order of the strip."""

    warehouse: str
    station: str
    devices: tuple[tuple[str, str], ...] = ()


@dataclass
class _Device:
    name: str
    label: str
    state: State = "off"
    text: str = ""
    box: QRectF | None = None


class Header(QWidget):
    """Shows every device by colour, shape and words; a tap on one tells more of it."""

    tapped = Signal(str)  # device name

    def __init__(self, info: HeaderInfo) -> None:
        super().__init__()
        self._info = info
        self._devices = [_Device(name, label) for name, label in info.devices]
        self._waiting = 0
        self._person = ""
        self.setFixedHeight(style.HEADER_HEIGHT)

    def show_person(self, person: str) -> None:
        """Who is signed in, with the role; "" for nobody."""
        self._person = person
        self._changed()

    def show_info(self, info: HeaderInfo) -> None:
        """Another warehouse, station or set of devices; states that are known stay."""
        known = {device.name: device for device in self._devices}
        self._info = info
        self._devices = [known.get(name) or _Device(name, label) for name, label in info.devices]
        self._changed()

    def show_device(self, name: str, state: State, text: str = "") -> bool:
        """`text` stands in place of the label (a weight) or says what is wrong (warn, down).

        Returns whether there is such a device.
        """
        for device in self._devices:
            if device.name == name:
                if (device.state, device.text) != (state, text):
                    device.state, device.text = state, text
                    self._changed()
                return True
        return False

    def names(self) -> list[str]:
        """The devices of the strip."""
        return [device.name for device in self._devices]

    def state(self, name: str) -> State:
        """How a device is; "off" when there is none of that name."""
        return next((device.state for device in self._devices if device.name == name), "off")

    def story(self, name: str) -> tuple[str, str]:
        """A device in words: ("labels: away", "The printer does not answer.")."""
        for device in self._devices:
            if device.name == name:
                state = _STATE_WORDS[device.state]()
                words = _("{device}: {state}").format(device=_(device.label), state=state)
                return words, device.text
        return "", ""

    def show_waiting(self, count: int) -> None:
        """How many messages wait to go out."""
        if count != self._waiting:
            self._waiting = count
            self._changed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for device in self._devices:
            if device.box is not None and device.box.contains(event.position()):
                self.tapped.emit(device.name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), style.color("nav"))
        self._text(painter, "brandname", "navink", "DOCK", 5.0 * GAP)
        right = self._paint_right(painter)
        place = " · ".join(part for part in (self._info.warehouse, self._info.station) if part)
        room = right - style.RAIL_WIDTH - 4 * GAP
        metrics = QFontMetricsF(style.font("muted"))
        shown = metrics.elidedText(place, Qt.TextElideMode.ElideRight, room)
        self._text(painter, "muted", "navink", shown, float(style.RAIL_WIDTH))

    def _changed(self) -> None:
        devices = ", ".join(self.story(device.name)[0] for device in self._devices)
        self.setAccessibleName("; ".join(part for part in (devices, self._person) if part))
        self.update()

    def _paint_right(self, painter: QPainter) -> float:
        """Paint from the right edge to the left; where it ends is returned."""
        x = self.width() - 5.0 * GAP
        metrics = QFontMetricsF(style.font("muted"))
        if self._person:
            shown = metrics.elidedText(self._person, Qt.TextElideMode.ElideRight, 70 * GAP)
            x -= metrics.horizontalAdvance(shown)
            self._text(painter, "muted", "navink", shown, x)
            x -= 8 * GAP
        words = f"{self._waiting:,}"
        x -= metrics.horizontalAdvance(words)
        self._text(painter, "muted", "navink2", words, x)
        x -= 5 * GAP
        ratio = self.devicePixelRatioF()
        picture = pixmap("arrows", "navink2", 16, ratio)
        painter.drawPixmap(QPointF(x, (self.height() - 16) / 2), picture)
        for device in reversed(self._devices):
            x = self._paint_device(painter, device, x - 4.5 * GAP)
        return x

    def _paint_device(self, painter: QPainter, device: _Device, right: float) -> float:
        weighs = bool(device.text) and device.state in ("ok", "moving")
        role = "answer" if weighs else "muted"
        words = device.text if weighs else _(device.label)
        x = right
        if weighs and device.state == "ok":
            x -= 15
            picture = pixmap("lock", "navok", 15, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(x, (self.height() - 15) / 2), picture)
            x -= GAP
        x -= QFontMetricsF(style.font(role)).horizontalAdvance(words)
        token = "navbad" if device.state == "down" else "navink" if weighs else "navink2"
        self._text(painter, role, token, words, x)
        x -= 2 * GAP
        color = style.color(_DOT[device.state])
        hollow = device.state in _HOLLOW
        painter.setPen(QPen(color, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else color)
        x -= 5
        painter.drawEllipse(QPointF(x, self.height() / 2), 3.6, 3.6)
        x -= 5
        device.box = QRectF(x - GAP, 0, right - x + 2 * GAP, self.height())
        return x

    def _text(self, painter: QPainter, role: str, token: str, text: str, left: float) -> None:
        painter.setFont(style.font(role))
        painter.setPen(style.color(token))
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
