"""The one place for colours, sizes, spacing and fonts; nothing else in the house names any."""

from __future__ import annotations

from typing import Literal

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from wms_app.base.places import resources
from wms_app.desk.sheet import sheet

Theme = Literal["light", "dark"]
Tone = Literal["", "brand", "ok", "warn", "bad", "info", "prime", "muted", "done"]

GAP = 4  # the grid; every distance is a multiple of it
RADIUS = 10  # corners of cards and of the answer band
SMALL_RADIUS = 5  # corners of pills and key caps
TARGET = 48  # the smallest thing that a gloved finger is asked to hit
HEADER_HEIGHT = 52
RAIL_WIDTH = 188
SIDE_WIDTH = 330  # the facts beside the work
SMALLEST = (1280, 800)
FLASH_MS = 120

_COLORS: dict[str, tuple[str, str]] = {
    # token: (light, dark)
    "bg": ("#F4F5F2", "#0E1412"),
    "panel": ("#FFFFFF", "#17201D"),
    "line": ("#DDE2DE", "#2A3632"),
    "ink": ("#14201B", "#EEF3F0"),
    "ink2": ("#4C5A54", "#B4C2BB"),
    "ink3": ("#5C6A63", "#9AAAA2"),
    "brand": ("#0B5D4E", "#5FD0B4"),
    "brandbg": ("#E3F1ED", "#173B33"),
    "onbrand": ("#FFFFFF", "#0E1412"),
    "ok": ("#0F7B3E", "#5ED68B"),
    "okbg": ("#DDF3E4", "#14331F"),
    "okflash": ("#9FDDB6", "#1F5C36"),
    "warn": ("#8A5A00", "#F2C14E"),
    "warnbg": ("#FFF0CF", "#3A2D0C"),
    "warnflash": ("#FFD777", "#6B5212"),
    "bad": ("#B3261E", "#FF8A80"),
    "badbg": ("#FBE3E0", "#43191A"),
    "badflash": ("#F2ABA4", "#7A2A2B"),
    "done": ("#FFFFFF", "#0B1A12"),  # accepted and done: the full colour, to be told from accepted
    "ondone": ("#FFFFFF", "#0B1A12"),
    "donebg": ("#0F7B3E", "#5ED68B"),
    "doneflash": ("#0B5D2F", "#A6F0C2"),
    "info": ("#1F5199", "#8FBCFF"),
    "infobg": ("#E1EBFA", "#14284A"),
    "prime": ("#14201B", "#14201B"),
    "primebg": ("#FFB547", "#FFB547"),
    "muted": ("#5C6A63", "#9AAAA2"),
    "mutedbg": ("#ECEFEC", "#222D29"),
    "cap": ("#F4F5F2", "#0E1412"),
    "veil": ("#14201B", "#000000"),  # over the room while something is asked
    "hover": ("#EDF1EE", "#1D2925"),
    # header and rail: the same calm dark in both
    "nav": ("#10231D", "#0A100E"),
    "navink": ("#EEF3F0", "#EEF3F0"),
    "navink2": ("#B9C8C1", "#B4C2BB"),
    "navline": ("#2B4039", "#26312D"),
    "navsel": ("#1F3D34", "#1A2A25"),
    "navhover": ("#19312A", "#131C19"),
    "navmark": ("#5FD0B4", "#5FD0B4"),
    "navok": ("#5ED68B", "#5ED68B"),
    "navwarn": ("#F2C14E", "#F2C14E"),
    "navbad": ("#FF8A80", "#FF8A80"),
    "navoff": ("#9AAAA2", "#9AAAA2"),
    "badge": ("#F2C14E", "#F2C14E"),
    "onbadge": ("#14201B", "#14201B"),
    # the stages of a day, from waiting to gone
    "held": ("#F2C14E", "#F2C14E"),
    "short": ("#D98A2B", "#D98A2B"),
    "s1": ("#CBE3DA", "#274A41"),
    "s2": ("#A5CFC1", "#2F6455"),
    "s3": ("#7DB7A5", "#3A7F6C"),
    "s4": ("#4E9C85", "#459B83"),
    "s5": ("#247A66", "#50B69A"),
    "s6": ("#0B5D4E", "#5FD0B4"),
    # the plan of the walk, the drawing of a carton
    "aisle": ("#E6EBE7", "#222F2A"),
    "here": ("#E0901A", "#F2C14E"),
    "block1": ("#43857A", "#3F8F7C"),
    "block2": ("#84AFA6", "#2C6154"),
    "onblock": ("#FFFFFF", "#FFFFFF"),
}

# role: (pixels, weight, letter spacing in pixels)
_TYPE: dict[str, tuple[int, int, float]] = {
    "label": (13, 400, 0),
    "cap": (13, 600, 0),
    "heading": (13, 600, 0),
    "pill": (13, 700, 0),
    "small": (14, 400, 0),
    "body": (16, 400, 0),
    "strong": (16, 600, 0),
    "muted": (15, 400, 0),
    "eyebrow": (15, 600, 0.6),
    "floor": (19, 400, 0),  # 14 pt: the base of floor screens
    "floorstrong": (19, 600, 0),
    "context": (20, 400, 0),
    "answer": (20, 600, 0),
    "detail": (16, 400, 0),
    "scan": (19, 500, 0),
    "quantity": (21, 600, 0),
    "number": (32, 700, 0.5),
    "name": (25, 600, 0),
    "title": (26, 700, 0),
    "take": (32, 400, 0),
    "takenumber": (66, 700, 0),
    "instruction": (46, 700, -0.5),
    "bin": (92, 700, 0),
    "brandname": (19, 700, 2.5),
}

# Inter where it is installed; Latin and Cyrillic, then Chinese, from the shipped files.
_FAMILIES = ["Inter", "Noto Sans", "Noto Sans SC", "Noto Sans CJK SC", "DejaVu Sans"]
_theme: Theme = "light"


def theme() -> Theme:
    """The theme that is shown now."""
    return _theme


def color(token: str) -> QColor:
    """The colour of a token in the theme that is shown now."""
    return QColor(hexadecimal(token))


def hexadecimal(token: str) -> str:
    """The colour of a token as `#RRGGBB`, for rich text."""
    return _COLORS[token][0 if _theme == "light" else 1]


def font(role: str) -> QFont:
    """The font of a role; family and tabular figures come from the application's font."""
    pixels, weight, spacing = _TYPE[role]
    chosen = QFont()
    chosen.setPixelSize(pixels)
    chosen.setWeight(QFont.Weight(weight))
    if spacing:
        chosen.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    return chosen


def apply(app: QApplication, chosen: Theme) -> None:
    """Put the house's look on the application; called again, it changes the theme at once."""
    global _theme
    first = app.property("dock_look") is None
    _theme = chosen
    if first:
        app.setStyle(QStyleFactory.create("Fusion"))
        _load_fonts()
        app.setFont(_base_font())
        app.setProperty("dock_look", True)
    app.setPalette(_palette())
    app.setStyleSheet(sheet({token: hexadecimal(token) for token in _COLORS}, _TYPE))


def _load_fonts() -> None:
    """Make the shipped fonts known; the four files cost five milliseconds, Chinese and all."""
    for file in sorted((resources() / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def _base_font() -> QFont:
    base = QFont()
    base.setFamilies(_FAMILIES)
    base.setPixelSize(_TYPE["body"][0])
    base.setFeature(QFont.Tag("tnum"), 1)
    return base


def _palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: "bg",
        role.WindowText: "ink",
        role.Base: "panel",
        role.AlternateBase: "bg",
        role.Text: "ink",
        role.Button: "panel",
        role.ButtonText: "ink",
        role.BrightText: "bad",
        role.Highlight: "brand",
        role.HighlightedText: "onbrand",
        role.Link: "brand",
        role.ToolTipBase: "panel",
        role.ToolTipText: "ink",
        role.PlaceholderText: "ink3",
        role.Mid: "line",
        role.Dark: "line",
        role.Light: "panel",
        role.Midlight: "line",
        role.Shadow: "line",
        role.Accent: "brand",
    }
    for where, token in pairs.items():
        palette.setColor(where, color(token))
    for where in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, color("ink3"))
    return palette
