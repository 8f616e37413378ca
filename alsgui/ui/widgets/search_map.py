"""The grid of a search as tiles: the mean hold-out error of each setting, filled in while it is searched."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.error_map import ErrorMap, draw_error_bar, error_limits
from alsgui.ui.widgets.image import color_in_map

Cell = tuple[int, ...]

GAP = 2
DARK_INK, LIGHT_INK = "#16222B", "#FFFFFF"
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
}


@dataclass(frozen=True, eq=False)
class GridFigures:
    """What the tiles say.

    Parameters
    ----------
    row_words, column_words
        Values of the two settings, the lowest first; the first row is drawn at the foot.
    row_title, column_title
        Names of the settings.
    means, errors
        Mean of the folds and its standard error, rows x columns; NaN where there is none.
    folds
        How many folds are done.
    n_folds
        How many there are.
    best, simplest
        Cells that are marked.
    """

    row_words: Sequence[str]
    column_words: Sequence[str]
    row_title: str
    column_title: str
    means: NDArray[np.floating]
    errors: NDArray[np.floating]
    folds: NDArray[np.integer]
    n_folds: int
    best: Cell | None
    simplest: Cell | None


class SearchMap(ErrorMap):
    """Tiles of a grid search; a spot is the cell of a tile, (row, column)."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._figures: GridFigures | None = None

    def set_figures(self, figures: GridFigures | None) -> None:
        """Show another state of the search."""
        self._figures = figures
        self.setAccessibleDescription(self._tip(figures.best) if figures is not None and figures.best else "")
        self.update()

    def numbers_csv(self) -> str:
        """One line for each setting."""
        figures = self._figures
        if figures is None:
            return ""
        rows: list[Sequence[object]] = [
            (figures.row_title, figures.column_title, "mean_error", "standard_error", "folds", "mark")
        ]
        for row, row_word in enumerate(figures.row_words):
            for column, column_word in enumerate(figures.column_words):
                numbers = (figures.means[row, column], figures.errors[row, column])
                shown = ["" if math.isnan(number) else f"{number:.10g}" for number in numbers]
                rows.append((row_word, column_word, *shown, int(figures.folds[row, column]), self._mark((row, column))))
        return export.csv_text(rows)

    def tile(self, cell: Cell) -> QRectF:
        """Where the tile of a cell is drawn."""
        return self._tile(cell, QSizeF(self.size()))

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Tiles, frames, axes and the colour bar."""
        figures = self._figures
        if figures is None:
            return
        low, high = error_limits(figures.means)
        for row in range(len(figures.row_words)):
            for column in range(len(figures.column_words)):
                self._draw_tile(painter, (row, column), self._tile((row, column), size), low, high)
        self._draw_marks(painter, size)
        self._draw_axes(painter, size)
        if high > low:
            draw_error_bar(painter, self._area(size), low, high)

    # Places

    def _tile(self, cell: Cell, size: QSizeF) -> QRectF:
        assert self._figures is not None
        area, n_rows, n_columns = self._area(size), len(self._figures.row_words), len(self._figures.column_words)
        width, height = area.width() / n_columns, area.height() / n_rows
        top = area.bottom() - (cell[0] + 1) * height
        half = theme.px(GAP) / 2
        return QRectF(area.left() + cell[1] * width, top, width, height).adjusted(half, half, -half, -half)

    def _known(self) -> GridFigures | None:
        return self._figures

    def _outline(self, painter: QPainter, spot: Cell, size: QSizeF) -> None:
        painter.drawRoundedRect(self._tile(spot, size), 3, 3)

    def _first(self) -> Cell | None:
        return None if self._figures is None else (0, 0)

    def _beside(self, key: Qt.Key, spot: Cell) -> Cell | None:
        figures = self._figures
        if figures is None or key not in _ARROWS:
            return None
        down, right = _ARROWS[key]
        row = min(max(spot[0] + down, 0), len(figures.row_words) - 1)
        return row, min(max(spot[1] + right, 0), len(figures.column_words) - 1)

    def _head(self, spot: Cell) -> list[str]:
        assert self._figures is not None
        row, column = (self._figures.row_words[spot[0]], self._figures.column_words[spot[1]])
        return [f"{self._figures.row_title} {row}, {self._figures.column_title} {column}"]

    def _spot_at(self, position: QPointF) -> Cell | None:
        figures = self._figures
        if figures is None:
            return None
        for row in range(len(figures.row_words)):
            for column in range(len(figures.column_words)):
                if self.tile((row, column)).contains(position):
                    return row, column
        return None

    # Drawing

    def _draw_tile(self, painter: QPainter, cell: Cell, area: QRectF, low: float, high: float) -> None:
        figures = self._figures
        assert figures is not None
        mean, n = float(figures.means[cell]), int(figures.folds[cell])
        if math.isnan(mean):
            paint.bar(painter, area, "sunken", 3)
            words = tr("no answer") if n else "·"
            paint.put(painter, area.center().x(), area.center().y(), words, align="center", width=area.width() - 4)
            return
        ground = color_in_map(mean, low, max(high, low + 1e-12), "cividis")
        paint.bar(painter, area, ground, 3)
        ink = readable_ink(ground)
        partial = n < figures.n_folds and area.height() > theme.px(34)
        level = area.center().y() - (theme.px(6) if partial else 0)
        weight = 700 if cell == figures.best else 500
        middle, room = area.center().x(), area.width() - 4
        paint.put(painter, middle, level, text.decimal(mean, 3), ink, weight=weight, align="center", width=room)
        if partial:
            words = tr("{n} of {all}", n=n, all=figures.n_folds)
            paint.put(painter, middle, level + theme.px(15), words, ink, size=10, align="center", width=room)

    def _draw_axes(self, painter: QPainter, size: QSizeF) -> None:
        figures = self._figures
        assert figures is not None
        area = self._area(size)
        for row, words in enumerate(figures.row_words):
            level = self._tile((row, 0), size).center().y()
            paint.put(painter, area.left() - theme.px(8), level, words, align="right")
        for column, words in enumerate(figures.column_words):
            middle = self._tile((0, column), size).center().x()
            paint.put(painter, middle, area.bottom() + theme.px(11), words, align="center")
        self._draw_titles(painter, area, figures.column_title, figures.row_title)


def readable_ink(ground: QColor) -> QColor:
    """Dark or light, whichever has the higher contrast on a ground (WCAG)."""
    inks = QColor(DARK_INK), QColor(LIGHT_INK)
    return max(inks, key=lambda ink: _contrast(ink, ground))


def _contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
