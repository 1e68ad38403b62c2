"""The one style sheet, written from the tokens of `style`."""

from __future__ import annotations

from collections.abc import Mapping

_INK_OF_ROLE = {
    "title": "ink",
    "instruction": "ink",
    "body": "ink",
    "strong": "ink",
    "floor": "ink",
    "floorstrong": "ink",
    "quantity": "ink",
    "number": "ink",
    "bin": "ink",
    "name": "ink",
    "takenumber": "ink",
    "take": "ink2",
    "context": "ink2",
    "eyebrow": "ink2",
    "small": "ink2",
    "muted": "ink2",
    "answer": "ink",
    "detail": "ink",
    "label": "ink3",
    "heading": "ink3",
}
_TONES = ("brand", "ok", "warn", "bad", "info", "muted", "done")
_PILLS = ("brand", "ok", "warn", "bad", "info", "muted", "prime")

_CONTROLS = """
QToolTip {{ background: {panel}; color: {ink}; border: 1px solid {line}; padding: 4px; }}
QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QSpinBox, QDateEdit {{
  background: {panel}; color: {ink}; border: 1px solid {line}; border-radius: 6px;
  padding: 4px 12px; min-height: 38px; font-size: 19px;
  selection-background-color: {brand}; selection-color: {onbrand}; }}
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus,
QDateEdit:focus {{ border: 2px solid {brand}; padding: 3px 11px; }}
QTextBrowser, QTextBrowser:focus {{ border: none; padding: 0; background: transparent; }}
QPushButton[choice="true"] {{ text-align: left; }}
QLineEdit[plain="true"] {{ background: transparent; border: none; padding: 0; min-height: 30px; }}
QLineEdit:disabled {{ color: {ink3}; background: {bg}; }}
QComboBox QAbstractItemView {{ background: {panel}; color: {ink}; border: 1px solid {line};
  selection-background-color: {brandbg}; selection-color: {ink}; outline: 0; }}
QComboBox QAbstractItemView::item {{ min-height: 48px; }}
QComboBox::drop-down {{ border: none; width: 32px; }}
QPushButton {{ background: {panel}; color: {ink}; border: 1px solid {line}; border-radius: 8px;
  padding: 4px 18px; min-height: 38px; font-size: 16px; font-weight: 600; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {brandbg}; }}
QPushButton:focus {{ border: 2px solid {brand}; padding: 3px 17px; }}
QPushButton:disabled {{ color: {ink3}; background: {bg}; }}
QPushButton[primary="true"] {{ background: {brand}; color: {onbrand}; border-color: {brand}; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {ink}; }}
QPushButton[primary="true"]:disabled {{ background: {bg}; color: {ink3}; border-color: {line}; }}
QCheckBox, QRadioButton {{ color: {ink}; font-size: 16px; spacing: 10px; min-height: 48px; }}
QProgressBar {{ background: {mutedbg}; border: none; border-radius: 5px; min-height: 10px;
  max-height: 10px; }}
QProgressBar::chunk {{ background: {brand}; border-radius: 5px; }}
QTableView, QListView {{ background: transparent; border: none; outline: 0; color: {ink}; }}
QHeaderView, QHeaderView::section {{ background: transparent; border: none; }}
QTableCornerButton::section {{ background: transparent; border: none; }}
QScrollArea, QScrollArea > QWidget > QWidget[clear="true"] {{ background: transparent;
  border: none; }}
QScrollBar:vertical {{ background: transparent; width: 14px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 14px; margin: 2px; }}
QScrollBar::handle {{ background: {line}; border-radius: 5px; min-height: 40px; min-width: 40px; }}
QScrollBar::handle:hover {{ background: {ink3}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def sheet(colors: Mapping[str, str], types: Mapping[str, tuple[int, int, float]]) -> str:
    """The style sheet for one theme: `colors` by token, `types` as (pixels, weight, spacing)."""
    rules = [_CONTROLS.format(**colors)]
    for role, ink in _INK_OF_ROLE.items():
        rules.append(f'QLabel[role="{role}"] {{ color: {colors[ink]}; }}')
    for tone in _TONES:
        rules.append(f'QLabel[tone="{tone}"] {{ color: {colors[tone]}; }}')
    size, weight, _spacing = types["pill"]
    rules.append(
        f'QLabel[role="pill"] {{ border-radius: 5px; padding: 2px 8px; '
        f"font-size: {size}px; font-weight: {weight}; }}"
    )
    for tone in _PILLS:
        rules.append(
            f'QLabel[role="pill"][tone="{tone}"] '
            f"{{ background: {colors[tone + 'bg']}; color: {colors[tone]}; }}"
        )
    rules.append(
        f'QLabel[role="cap"] {{ background: {colors["cap"]}; color: {colors["ink"]}; '
        f"border: 1px solid {colors['line']}; border-radius: 5px; padding: 2px 7px; }}"
    )
    return "\n".join(rules)
