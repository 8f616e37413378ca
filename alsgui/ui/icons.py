"""Phosphor icons, drawn from their font in the colours of the theme.

The font is read from the files of qtawesome without importing it: its import and its nine fonts cost 0.3 s
before the first paint, one font and our own drawing cost 5 ms.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

# The em of the font has a margin around each glyph; with this much of the height 16 px icons sit right beside text.
EM_OF_HEIGHT = 0.9

Colour = Callable[[str], QColor]

_LOG = logging.getLogger(__name__)


class GlyphEngine(QIconEngine):
    """Draws one glyph; asks for its colour at each paint, so that icons follow the theme by themselves."""

    def __init__(self, name: str, role: str, on_role: str, colour: Colour) -> None:
        super().__init__()
        self._name, self._role, self._on_role, self._colour = name, role, on_role, colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the glyph in the middle of `rect`."""
        role = self._on_role if state is QIcon.State.On else self._role
        draw(painter, QRectF(rect), self._name, self._colour("faint" if mode is QIcon.Mode.Disabled else role))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Draw the glyph on clear ground."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """Make another engine of the same glyph."""
        return GlyphEngine(self._name, self._role, self._on_role, self._colour)


def draw(painter: QPainter, rect: QRectF, name: str, colour: QColor) -> None:
    """Draw icon `name` in the middle of `rect`."""
    family, letters = _font()
    font = QFont(family)
    font.setPixelSize(max(1, round(EM_OF_HEIGHT * min(rect.width(), rect.height()))))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    painter.save()
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letters.get(name) or _unknown(name))
    painter.restore()


def exists(name: str) -> bool:
    """Whether the icon set has `name`."""
    return name in _font()[1]


@cache
def _unknown(name: str) -> str:
    """A question mark, said once: an error that leaves a paint of Qt's would end the process."""
    _LOG.error("there is no icon %s", name)
    return "?"


@cache
def _font() -> tuple[str, dict[str, str]]:
    """Family of the icon font and the letter of each icon name."""
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("qtawesome, which carries the icon font, is not installed")
    folder = Path(spec.origin).parent / "fonts"
    number = QFontDatabase.addApplicationFont(str(next(folder.glob("phosphor-*.ttf"))))
    codes = json.loads(next(folder.glob("phosphor-charmap-*.json")).read_text(encoding="utf-8"))
    letters = {name: chr(int(code, 16)) for name, code in codes.items()}
    return QFontDatabase.applicationFontFamilies(number)[0], letters
