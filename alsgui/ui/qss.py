"""One style sheet for the application, written from the tokens and the text size.

Widgets choose a variant by the dynamic property `k` (`"primary"`, `"ghost"`, `"card"`, ...), labels their type
by `t` (`"title"`, `"hint"`, ...) and their colour by `c` (a token name). `set_property` restyles at once.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable
from functools import cache
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from alsgui.ui.tokens import Tokens

LABEL_COLOURS = (
    "text",
    "muted",
    "faint",
    "accent",
    "user",
    "movie",
    "positive",
    "negative",
    "training",
    "holdout",
    "ok",
    "warning",
    "error",
)
LABEL_TYPES = {
    "empty": (26, 600, "text"),
    "title": (20, 600, "text"),
    "figure": (20, 600, "text"),
    "start": (15, 600, "text"),
    "card": (13, 600, "text"),
    "strong": (13, 500, "text"),
    "symbol": (13, 600, "accent"),
    "body": (13, 400, "text"),
    "hint": (12, 400, "muted"),
    "caption": (11, 500, "muted"),
}

# Chevrons and ticks, as icon, size and colour.
_PICTURES = {
    "chevron": ("caret-down-bold", 12, "muted"),
    "chevron_faint": ("caret-down-bold", 12, "faint"),
    "submenu": ("caret-right", 12, "muted"),
    "tick": ("check-bold", 14, "on_accent"),
    "tick_menu": ("check", 14, "text"),
    "tick_faint": ("check-bold", 14, "faint"),
}


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property that the style sheet looks at, and restyle the widget if it changed."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)


def style_sheet(tokens: Tokens, px: Callable[[float], int], pixmap: Callable[..., QPixmap]) -> str:
    """Write the style sheet.

    Parameters
    ----------
    tokens
        Colours to use.
    px
        Pixels of a length at the current text size.
    pixmap
        `pixmap(icon_name, size, role, ratio)`, for the chevrons and ticks that a style sheet cannot draw.
    """
    lengths = {f"p{size}": f"{px(size)}px" for size in range(1, 61)} | _radii(px)
    pictures = {
        key: _picture(pixmap, name, size, (role, getattr(tokens, role)))
        for key, (name, size, role) in _PICTURES.items()
    }
    # On a dark sunken ground the card's surface hardly shows; a strong border is too pale to write on.
    dark = tokens.hover if tokens.border == tokens.border_strong else tokens.border
    segment = tokens.surface if tokens.surface == "#FFFFFF" else dark
    sheet = Template(_SHEET).substitute(vars(tokens), **lengths, **pictures, segment=segment)
    return sheet + _labels(tokens, px)


def _radii(px: Callable[[float], int]) -> dict[str, str]:
    """Radii of what is round: half the size in whole pixels, since Qt draws square what has a larger one."""
    halves = {
        "r_radio": (px(14) + 2) // 2,
        "r_checked": (px(6) + 2 * px(5)) // 2,
        "r_scroll": (px(10) - 2 * px(2)) // 2,
        "r_bar": px(4) // 2,
        "r_handle": (px(10) + 4) // 2,
    }
    return {name: f"{half}px" for name, half in halves.items()}


def _labels(tokens: Tokens, px: Callable[[float], int]) -> str:
    rules = [
        f'QLabel[t="{name}"] {{ font-size: {px(size)}px; font-weight: {weight}; color: {getattr(tokens, colour)} }}'
        for name, (size, weight, colour) in LABEL_TYPES.items()
    ]
    rules += [f'QLabel[c="{name}"] {{ color: {getattr(tokens, name)} }}' for name in LABEL_COLOURS]
    return "\n".join([*rules, f"QLabel:disabled {{ color: {tokens.faint} }}"])


@cache
def _folder() -> Path:
    """Folder of this process for the pictures; removed when it ends."""
    folder = TemporaryDirectory(prefix="alsgui-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _picture(pixmap: Callable[..., QPixmap], name: str, size: int, colour: tuple[str, str]) -> str:
    """Write an icon as PNG for pixel ratios 1 and 2; return its address for `url()`."""
    role, value = colour
    drawn = pixmap(name, size, role, 1)
    stem = f"{name}-{drawn.width()}-{value[1:]}"
    path = _folder() / f"{stem}.png"
    if not path.exists():
        pixmap(name, size, role, 2).save(str(_folder() / f"{stem}@2x.png"))
        drawn.save(str(path))
    return path.as_posix()


_SHEET = """
QMainWindow, QDialog { background: $bg }
QWidget { color: $text }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: $p4 $p6; font-size: $p12 }
QScrollArea, QScrollArea > QWidget > QWidget, QStackedWidget { background: transparent; border: none }
QFrame[k="card"] { background: $surface; border: 1px solid $border; border-radius: $p8 }
QFrame[k="rule"] { background: $border; border: none; max-height: 1px; min-height: 1px }
QFrame[k="bar"] { background: $rail; border: none; border-bottom: 1px solid $border }
QWidget[k="surface"] { background: $surface }

QFrame[k="line"] { background: $border; border: none; max-width: 1px; min-width: 1px }
QFrame[k="inspector"] { background: $surface; border: none; border-left: 1px solid $border }
QFrame[k="rail"] { background: $rail; border: none; border-right: 1px solid $border }
QFrame[k="status"] { background: $rail; border: none; border-top: 1px solid $border }
QFrame[k="popup"] { background: $raised; border: 1px solid $border }
QFrame[k="note"] { background: $info_soft; border: none; border-radius: $p6 }
QFrame[k="banner"] { border: 1px solid $accent; border-radius: $p6; background: $info_soft }
QFrame[k="banner"][kind="warning"] { border-color: $warning; background: $warning_soft }
QFrame[k="banner"][kind="error"] { border-color: $error; background: $error_soft }
QFrame[k="banner"][kind="ok"] { border-color: $ok; background: $ok_soft }
QFrame[k="chip"] { border: none; border-radius: $p5; background: $sunken }
QFrame[k="chip"][role="user"] { background: $user_soft }
QFrame[k="chip"][role="movie"] { background: $movie_soft }
QFrame[k="chip"][role="run"] { background: $accent_soft }
QFrame[k="segment"] { border: none; border-radius: $p6; background: $sunken }

QPushButton { background: $surface; border: 1px solid $border; border-radius: $p6; padding: 0 $p11;
  min-height: $p28; font-weight: 500; color: $text; icon-size: $p16 }
QPushButton:hover { background: $hover }
QPushButton:pressed, QPushButton:checked { background: $accent_soft }
QPushButton:focus { border: 2px solid $accent; padding: 0 $p10; min-height: $p26 }
QPushButton:disabled { background: transparent; border-color: $border; color: $faint }
QPushButton[k="primary"] { background: $accent; border-color: $accent; color: $on_accent }
QPushButton[k="primary"]:hover { background: $accent_hover; border-color: $accent_hover }
QPushButton[k="primary"]:pressed { background: $accent_press; border-color: $accent_press }
QPushButton[k="primary"]:focus { border-color: $text }
QPushButton[k="primary"]:disabled { background: transparent; border-color: $border; color: $faint }
QPushButton[k="ghost"], QPushButton[k="icon"] { background: transparent; border-color: transparent }
QPushButton[k="ghost"]:hover, QPushButton[k="icon"]:hover { background: $border }
QPushButton[k="ghost"]:pressed, QPushButton[k="icon"]:pressed { background: $accent_soft }
QPushButton[k="ghost"]:checked, QPushButton[k="icon"]:checked { background: $accent_soft }
QPushButton[k="ghost"]:focus, QPushButton[k="icon"]:focus { border-color: $accent; background: $surface }
QPushButton[k="ghost"]:disabled, QPushButton[k="icon"]:disabled { background: transparent; border-color: transparent }
QPushButton[k="icon"] { padding: 0; min-width: $p28 }
QPushButton[k="icon"]:focus { padding: 0; min-width: $p26 }
QPushButton[k="link"] { background: transparent; border: 2px solid transparent; padding: 0 $p1; color: $accent;
  min-height: $p20; border-radius: $p4 }
QPushButton[k="link"][menu="true"] { padding-right: $p16 }
QPushButton[k="link"][menu="true"]::menu-indicator { right: 0 }
QPushButton[k="link"]:hover { color: $accent_hover; text-decoration: underline }
QPushButton[k="link"]:pressed { color: $accent_press }
QPushButton[k="link"]:focus { border-color: $accent; padding: 0 $p1; min-height: $p20 }
QPushButton[k="link"]:disabled { color: $faint }
QPushButton[k="tile"] { text-align: left; padding: 0 $p8 }
QPushButton[k="tile"]:checked { background: $accent_soft; border-color: $accent; color: $accent; font-weight: 600 }
QPushButton[k="tile"]:focus { border-color: $accent; padding: 0 $p7 }
QPushButton[k="tile"]:disabled { background: transparent; border-color: $border; color: $faint }
QPushButton[k="chip"]:disabled { color: $faint }
QPushButton[k="segment"] { background: transparent; border: 1px solid transparent; border-radius: $p5; padding: 0 $p11;
  min-height: $p24; color: $muted }
QPushButton[k="segment"]:hover { color: $text }
QPushButton[k="segment"]:checked { background: $segment; border-color: $border; color: $text; font-weight: 600 }
QPushButton[k="segment"]:focus { border: 2px solid $accent; padding: 0 $p10; min-height: $p22 }
QPushButton[k="segment"]:disabled { color: $faint }
QPushButton[k="chip"] { background: transparent; border: 1px solid transparent; border-radius: $p5; padding: 0 $p6;
  min-height: $p22; font-size: $p12; font-weight: 600; color: $muted; icon-size: $p14 }
QPushButton[k="chip"][role="user"] { color: $user }
QPushButton[k="chip"][role="movie"] { color: $movie }
QPushButton[k="chip"][role="run"] { color: $accent }
QPushButton[k="chip"]:hover { border-color: $border_strong }
QPushButton[k="chip"][still="true"]:hover { border-color: transparent }
QPushButton[k="chip"]:focus { border: 2px solid $accent; padding: 0 $p5; min-height: $p20 }
QPushButton[k="chip"][cross="true"] { padding: 0 $p4; icon-size: $p12 }
QPushButton[small="true"] { min-height: $p20; min-width: $p20 }
QPushButton[small="true"]:focus { min-height: $p18; min-width: $p18 }

QPushButton::menu-indicator { image: url("$chevron"); width: $p12; height: $p12; right: $p8;
  subcontrol-origin: border; subcontrol-position: right center }
QPushButton::menu-indicator:disabled { image: url("$chevron_faint") }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: $p6; padding: 0 $p6;
  min-height: $p28; font-weight: 500 }
QToolButton:hover { background: $border }
QToolButton:pressed, QToolButton:checked { background: $accent_soft }
QToolButton:focus { border: 2px solid $accent; padding: 0 $p5; min-height: $p26 }
QToolButton:disabled { color: $faint }
QToolButton::menu-indicator { image: none }

QLineEdit, QComboBox { background: $surface; border: 1px solid $border; border-radius: $p6; padding: 0 $p9;
  min-height: $p28; selection-background-color: $selection; selection-color: $text }
QLineEdit > QToolButton { min-height: 0; padding: 0; border: none; background: transparent }
QLineEdit:hover, QComboBox:hover { border-color: $border_strong }
QLineEdit:focus, QComboBox:focus { border: 2px solid $accent; padding: 0 $p8; min-height: $p26 }
QLineEdit:disabled, QComboBox:disabled { background: transparent; border-color: $border; color: $faint }
QLineEdit[wrong="true"] { border-color: $error }
QComboBox[role="user"] { border-color: $user; color: $user; font-weight: 600 }
QComboBox[role="movie"] { border-color: $movie; color: $movie; font-weight: 600 }
QComboBox[role="rating"] { border-color: $accent; color: $accent; font-weight: 600 }
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; padding: 0; min-height: 0; background: transparent }
QComboBox { combobox-popup: 0 }
QComboBox::drop-down { border: none; width: $p24 }
QComboBox::down-arrow { image: url("$chevron"); width: $p12; height: $p12 }
QComboBox::down-arrow:disabled { image: url("$chevron_faint") }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border; padding: $p4; outline: none;
  selection-background-color: $selection; selection-color: $text }
QComboBox QAbstractItemView::item { min-height: $p26; padding: 0 $p6; border: none; border-radius: $p4 }
QComboBox QAbstractItemView::item:hover { background: $hover }
QComboBox QAbstractItemView::item:selected { background: $selection; color: $text }
QPlainTextEdit, QTextEdit, QTextBrowser { background: $surface; border: 1px solid $border; border-radius: $p6;
  padding: $p6; selection-background-color: $selection; selection-color: $text }
QPlainTextEdit:focus, QTextEdit:focus, QTextBrowser:focus { border: 2px solid $accent; padding: $p5 }

QCheckBox, QRadioButton { spacing: $p8; min-height: $p22; padding-right: $p4;
  border: 2px solid transparent; border-radius: $p5 }
QCheckBox:focus, QRadioButton:focus { border-color: $accent }
QCheckBox:disabled, QRadioButton:disabled { color: $faint }
QCheckBox::indicator, QRadioButton::indicator { width: $p14; height: $p14; background: $surface;
  border: 1px solid $border_strong; border-radius: $p4 }
QRadioButton::indicator { border-radius: $r_radio }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent }
QCheckBox::indicator:pressed, QRadioButton::indicator:pressed { background: $accent_soft }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick") }
QRadioButton::indicator:checked { background: $surface; border: $p5 solid $accent; width: $p6; height: $p6;
  border-radius: $r_checked }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: transparent; border-color: $border }
QCheckBox::indicator:checked:disabled { image: url("$tick_faint") }

QMenuBar { background: $rail; border: none; padding: $p2 $p6 }
QMenuBar::item { background: transparent; padding: $p4 $p9; border-radius: $p5 }
QMenuBar::item:selected { background: $border }
QMenuBar::item:pressed { background: $accent_soft }
QMenu { background: $raised; border: 1px solid $border; padding: $p4 }
QMenu::item { padding: $p6 $p24 $p6 $p10; border-radius: $p4; min-width: $p60 }
QMenu::icon { padding-left: $p8 }
QMenu::item:selected { background: $selection; color: $text }
QMenu::item:disabled { color: $faint; background: transparent }
QMenu::separator { height: 1px; background: $border; margin: $p4 $p6 }
QMenu::indicator { width: $p14; height: $p14; padding-left: $p6 }
QMenu::indicator:checked { image: url("$tick_menu") }
QMenu::right-arrow { image: url("$submenu"); width: $p12; height: $p12; padding-right: $p6 }
QToolBar { background: $rail; border: none; spacing: $p6; padding: $p4 $p12 }
QToolBar::separator { background: $border; width: 1px; margin: $p7 $p4 }
QStatusBar { background: $rail; border: none }
QStatusBar::item { border: none }

QScrollBar { background: transparent; border: none; margin: 0 }
QScrollBar:vertical { width: $p10 }
QScrollBar:horizontal { height: $p10 }
QScrollBar::handle { background: $border_strong; border-radius: $r_scroll; margin: $p2 }
QScrollBar::handle:vertical { min-height: $p28 }
QScrollBar::handle:horizontal { min-width: $p28 }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $muted }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0 }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent }
QAbstractScrollArea::corner { background: transparent; border: none }

QAbstractItemView { background: $surface; border: none; outline: none;
  selection-background-color: $selection; selection-color: $text }
QTableView { gridline-color: transparent }
QListWidget[k="results"] { background: $raised; border: 1px solid $border; padding: $p4 0 }
QHeaderView { background: $surface; border: none }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $border;
  padding: 0 $p8; font-size: $p11; font-weight: 500 }
QHeaderView::section:hover { color: $text }
QTableCornerButton::section { background: $surface; border: none }

QSplitter::handle { background: transparent }
QSplitter::handle:horizontal { width: $p7; border-left: 1px solid $border; margin: 0 0 0 $p3 }
QSplitter::handle:vertical { height: $p7; border-top: 1px solid $border; margin: $p3 0 0 0 }
QProgressBar { background: $border; border: none; border-radius: $r_bar; min-height: $p4; max-height: $p4 }
QProgressBar::chunk { background: $accent; border-radius: $r_bar }
QSlider:horizontal { min-height: $p18 }
QSlider::groove:horizontal { background: $border; height: $p4; border-radius: $r_bar }
QSlider::sub-page:horizontal { background: $accent; border-radius: $r_bar }
QSlider::handle:horizontal { background: $surface; border: 2px solid $accent; width: $p10; height: $p10;
  margin: -$p5 0; border-radius: $r_handle }
QSlider::handle:horizontal:focus { background: $accent_soft; border-color: $text }
"""
