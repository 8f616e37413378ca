"""The look of the window: colours, sizes, fonts and icons, light or dark, at any text size.

`current()` is the one `Theme`; it puts palette, style sheet and font on the application and emits `changed`
when any of them changes. Widgets that paint themselves ask `color`, `px`, `font` and `pixmap` at each paint.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from alsgui.io.resources import resource_path
from alsgui.ui import colormaps, icons, qss
from alsgui.ui.tokens import DARK, LIGHT, Tokens

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

__all__ = [
    "DARK",
    "LIGHT",
    "Mode",
    "Theme",
    "Tokens",
    "app_icon",
    "cividis_reversed",
    "code_font",
    "color",
    "current",
    "diverging",
    "font",
    "icon",
    "pixmap",
    "px",
    "viridis",
]

Mode = Literal["system", "light", "dark"]

SMALLEST_SCALE, LARGEST_SCALE = 0.9, 2.0
_SYSTEM_FONTS = {"win32": "Segoe UI", "darwin": ".AppleSystemUIFont"}
_CODE_FONTS = ["JetBrains Mono", "Cascadia Mono", "Menlo", "DejaVu Sans Mono", "monospace"]


class Theme(QObject):
    """Light or dark, text size and contrast; puts them on the application.

    Attributes
    ----------
    dark : bool
        Whether the dark colours are shown.
    tokens : Tokens
        The colours shown.
    scale : float
        Text size, 0.9 to 2.0, that multiplies every length.
    high_contrast : bool
        Whether borders are strong.
    mode : "system", "light" or "dark"
        What the person chose.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode: Mode = "system"
        self.dark = False
        self.scale = 1.0
        self.high_contrast = False
        self.tokens = LIGHT
        self._app: QApplication | None = None

    def apply(self, app: QApplication) -> None:
        """Put the look on `app` and follow the system's light or dark from now on."""
        self._app = app
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._refresh)
        self._refresh()

    def set_mode(self, mode: Mode) -> None:
        """Show light, dark, or what the system shows."""
        if mode != self.mode:
            self.mode = mode
            self._refresh()

    def set_scale(self, scale: float) -> None:
        """Multiply every size by `scale` (kept within 0.9 to 2.0)."""
        scale = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
        if scale != self.scale:
            self.scale = scale
            self._refresh()

    def set_high_contrast(self, high_contrast: bool) -> None:
        """Draw borders strong, or thin as usual."""
        if high_contrast != self.high_contrast:
            self.high_contrast = high_contrast
            self._refresh()

    def _refresh(self) -> None:
        """Work out the tokens and rebuild whatever is made from them."""
        self.dark = self.mode == "dark" or (self.mode == "system" and _system_is_dark())
        tokens = DARK if self.dark else LIGHT
        self.tokens = replace(tokens, border=tokens.border_strong) if self.high_contrast else tokens
        if self._app is not None:
            # Qt exchanges a sheet by styling each widget once for every one of its ancestors; taken off first,
            # the new one is put on each just once.
            self._app.setStyleSheet("")
            self._app.setPalette(_palette(self.tokens))
            self._app.setFont(font())
            self._app.setStyleSheet(qss.style_sheet(self.tokens, px, pixmap))
        self.changed.emit()


@cache
def current() -> Theme:
    """Return the one theme of this process."""
    return Theme()


def color(name: str) -> QColor:
    """Colour of a token, such as `"muted"`, in the current theme."""
    return QColor(getattr(current().tokens, name))


def px(size: float) -> int:
    """Whole pixels of a length at the current text size; a length above zero never vanishes."""
    return max(round(size * current().scale), 1 if size > 0 else 0)


def font(size: float = 13, weight: int = 400) -> QFont:
    """Text font at `size` pixels (before the text size) and `weight` 400, 500 or 600, with figures of one width."""
    return font_of(px(size), weight)


def font_of(pixels: int, weight: int) -> QFont:
    """As `font`, in pixels of the screen."""
    return QFont(_made_font(pixels, weight))


@cache
def _made_font(pixels: int, weight: int) -> QFont:
    """The font once and for all: painted widgets ask for it at every word."""
    made = QFont(_families())
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def code_font(size: float = 12) -> QFont:
    """Font for code and file contents, at `size` pixels before the text size."""
    made = QFont(_CODE_FONTS)
    made.setPixelSize(px(size))
    made.setStyleHint(QFont.StyleHint.Monospace)
    return made


def icon(name: str, role: str = "text", on_role: str | None = None) -> QIcon:
    """Phosphor icon `name` (such as `"play-fill"`) in the colour of `role`; `on_role` is for checked controls.

    Its colour is looked up at each paint: an icon once set follows the theme. Disabled it is faint.
    """
    return QIcon(icons.GlyphEngine(name, role, on_role or role, color))


def pixmap(name: str, size: float = 16, role: str = "text", ratio: float | None = None) -> QPixmap:
    """Icon as a picture of `size` pixels (before the text size), at the screen's pixel ratio unless given."""
    if ratio is None:
        screen = QGuiApplication.primaryScreen()
        ratio = screen.devicePixelRatio() if screen is not None else 1.0
    return icon(name, role).pixmap(QSize(px(size), px(size)), ratio)


def app_icon() -> QIcon:
    """Icon of the window: a bar of user weights, a bar of movie loadings, their product."""
    return QIcon(str(resource_path("icons", "alsgui.png")))


def viridis() -> NDArray[uint8]:
    """Colours of values, as a (256, 4) uint8 table; the same in light and dark."""
    return colormaps.table(colormaps.VIRIDIS)


def cividis_reversed() -> NDArray[uint8]:
    """Colours of search errors, as a (256, 4) uint8 table: low, which is good, is bright."""
    return colormaps.table(colormaps.CIVIDIS)[::-1]


def diverging() -> NDArray[uint8]:
    """Colours of numbers around zero, minus to plus, as a (256, 4) uint8 table of the current theme."""
    return colormaps.table(colormaps.DIVERGING_DARK if current().dark else colormaps.DIVERGING_LIGHT)


@cache
def _families() -> list[str]:
    """Inter from our own files, then the system's font."""
    for path in sorted(resource_path("fonts").glob("Inter-*.ttf")):
        QFontDatabase.addApplicationFont(str(path))
    return ["Inter", *filter(None, [_SYSTEM_FONTS.get(sys.platform)]), "DejaVu Sans", "sans-serif"]


def _system_is_dark() -> bool:
    app = QGuiApplication.instance()
    return isinstance(app, QGuiApplication) and app.styleHints().colorScheme() is Qt.ColorScheme.Dark


def _palette(tokens: Tokens) -> QPalette:
    """Colours for whatever the style sheet does not reach."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.bg,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.surface,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.error,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.text,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.surface,
        role.Midlight: tokens.hover,
        role.Mid: tokens.border,
        role.Dark: tokens.border_strong,
        role.Shadow: tokens.border_strong,
    }
    palette = QPalette()
    for each, colour in colours.items():
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(tokens.faint))
    return palette
