"""The corner of the factor picture: the formula, how many cells there are, what a pixel stands for."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QSizeF
from PySide6.QtGui import QPainter

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.plot import Plot

FORMULA_LEVEL, LINE = 12, 15


class Corner(Plot):
    """Formula in bold and muted lines below it; part of the sheet, so that it is exported with it."""

    def __init__(self) -> None:
        super().__init__(tr("What is drawn"))
        self._formula = ""
        self._lines: list[str] = []
        self._shows_missing = False

    def set_words(self, formula: str, lines: list[str], *, shows_missing: bool) -> None:
        """Show a formula, lines below it, and the patch of what has no information."""
        self._formula, self._lines, self._shows_missing = formula, lines, shows_missing
        self.setAccessibleDescription(". ".join([formula, *lines]))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the formula and three lines."""
        return QSize(theme.px(158), theme.px(FORMULA_LEVEL + 4 * LINE))

    def numbers_csv(self) -> str:
        """The words."""
        return export.csv_text([[words] for words in (self._formula, *self._lines)])

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Draw the words."""
        level = float(theme.px(FORMULA_LEVEL))
        paint.put(painter, 0, level, self._formula, "text", size=12, weight=600, width=size.width())
        level += theme.px(LINE + 3)
        for words in self._lines:
            paint.put(painter, 0, level, words, width=size.width())
            level += theme.px(LINE)
        if self._shows_missing:
            side = theme.px(10)
            paint.bar(painter, _square(level, side), "missing", 1)
            paint.put(painter, side + theme.px(6), level, tr("no information"))


def _square(level: float, side: float) -> QRectF:
    return QRectF(0, round(level - side / 2), side, side)
