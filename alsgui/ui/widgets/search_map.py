"""The grid of a search as tiles: the mean hold-out error of each setting, filled in while it is searched."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.colorbar import bar_ticks
from alsgui.ui.widgets.image import color_in_map, color_table, to_image
from alsgui.ui.widgets.plot import Plot

Cell = tuple[int, ...]

LEFT, BELOW, BAR, GAP = 62, 40, 62, 2
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


class SearchMap(Plot):
    """Tiles of a grid search.

    Signals
    -------
    cell_chosen(object)
        A tile was clicked, or reached with the arrow keys: (row, column).
    cell_activated(object)
        A tile was double-clicked, or Enter was pressed on it.
    """

    cell_chosen = Signal(object)
    cell_activated = Signal(object)

    smallest = (260, 140)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._figures: GridFigures | None = None
        self._chosen: Cell | None = None

    def set_figures(self, figures: GridFigures | None) -> None:
        """Show another state of the search."""
        self._figures = figures
        self.setAccessibleDescription(self._tip(figures.best) if figures is not None and figures.best else "")
        self.update()

    def set_chosen(self, cell: Cell | None) -> None:
        """Mark the cell that is looked at."""
        self._chosen = cell
        self.update()

    def sizeHint(self) -> QSize:
        """Six tiles by six."""
        return QSize(theme.px(480), theme.px(320))

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

    def tip_at(self, position: QPointF) -> str:
        """The tile under the cursor, in words."""
        cell = self._cell_at(position)
        return self._tip(cell) if cell is not None else ""

    def tile(self, cell: Cell) -> QRectF:
        """Where the tile of a cell is drawn."""
        return self._tile(cell, QSizeF(self.size()))

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Tiles, frames, axes and the colour bar."""
        figures = self._figures
        if figures is None:
            return
        low, high = self._limits()
        for row in range(len(figures.row_words)):
            for column in range(len(figures.column_words)):
                self._draw_tile(painter, (row, column), self._tile((row, column), size), low, high)
        self._draw_frames(painter, size)
        self._draw_axes(painter, size)
        if high > low:
            draw_error_bar(painter, self._area(size), low, high)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the tile under the cursor."""
        cell = self._cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the tile under the cursor."""
        cell = self._cell_at(event.position())
        if cell is not None:
            self.cell_activated.emit(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose a neighbour, Enter takes it, Home the best."""
        figures, key = self._figures, Qt.Key(event.key())
        if figures is None:
            super().keyPressEvent(event)
            return
        at = self._chosen or figures.best or (0, 0)
        if key in _ARROWS:
            down, right = _ARROWS[key]
            row = min(max(at[0] + down, 0), len(figures.row_words) - 1)
            self._choose((row, min(max(at[1] + right, 0), len(figures.column_words) - 1)))
        elif key == Qt.Key.Key_Home and figures.best is not None:
            self._choose(figures.best)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.cell_activated.emit(at)
        else:
            super().keyPressEvent(event)

    def _choose(self, cell: Cell) -> None:
        """Mark it at once: the next key counts from here, before the page has rendered."""
        self.set_chosen(cell)
        self.cell_chosen.emit(cell)

    # Places

    def _area(self, size: QSizeF) -> QRectF:
        px = theme.px
        return QRectF(px(LEFT), px(4), max(size.width() - px(LEFT + BAR), 1), max(size.height() - px(BELOW + 4), 1))

    def _tile(self, cell: Cell, size: QSizeF) -> QRectF:
        assert self._figures is not None
        area, n_rows, n_columns = self._area(size), len(self._figures.row_words), len(self._figures.column_words)
        width, height = area.width() / n_columns, area.height() / n_rows
        top = area.bottom() - (cell[0] + 1) * height
        half = theme.px(GAP) / 2
        return QRectF(area.left() + cell[1] * width, top, width, height).adjusted(half, half, -half, -half)

    def _cell_at(self, position: QPointF) -> Cell | None:
        figures = self._figures
        if figures is None:
            return None
        for row in range(len(figures.row_words)):
            for column in range(len(figures.column_words)):
                if self.tile((row, column)).contains(position):
                    return row, column
        return None

    def _limits(self) -> tuple[float, float]:
        assert self._figures is not None
        return error_limits(self._figures.means)

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

    def _draw_frames(self, painter: QPainter, size: QSizeF) -> None:
        figures = self._figures
        assert figures is not None
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if figures.simplest is not None and figures.simplest != figures.best:
            pen = QPen(theme.color("text"), 1.6)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.drawRoundedRect(self._tile(figures.simplest, size), 3, 3)
        if figures.best is not None:
            painter.setPen(QPen(theme.color("surface"), 4))
            painter.drawRoundedRect(self._tile(figures.best, size), 3, 3)
            painter.setPen(QPen(theme.color("text"), 2))
            painter.drawRoundedRect(self._tile(figures.best, size), 3, 3)
        if self._chosen is not None and self._chosen != figures.best:
            painter.setPen(QPen(theme.color("accent"), 2.4))
            painter.drawRoundedRect(self._tile(self._chosen, size), 3, 3)

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
        paint.put(painter, area.center().x(), area.bottom() + theme.px(29), figures.column_title, align="center")
        painter.save()
        painter.translate(theme.px(8), area.center().y())
        painter.rotate(-90)
        paint.put(painter, 0, 0, figures.row_title, align="center")
        painter.restore()

    def _mark(self, cell: Cell) -> str:
        assert self._figures is not None
        if cell == self._figures.best:
            return "best"
        return "simplest within one standard error" if cell == self._figures.simplest else ""

    def _tip(self, cell: Cell) -> str:
        figures = self._figures
        assert figures is not None
        head = (
            f"{figures.row_title} {figures.row_words[cell[0]]}, {figures.column_title} {figures.column_words[cell[1]]}"
        )
        mean, error = (float(values[cell]) for values in (figures.means, figures.errors))
        if math.isnan(mean):
            return head
        se = f" ± {text.error_figure(error)}" if math.isfinite(error) else ""
        folds = tr("{n} of {all} folds", n=int(figures.folds[cell]), all=figures.n_folds)
        mark = self._mark(cell)
        return "\n".join(filter(None, [head, f"{text.error_figure(mean)}{se}", folds, tr(mark) if mark else ""]))


def error_limits(means: NDArray[np.floating]) -> tuple[float, float]:
    """Ends of the colours: all means, but no more than four times the spread of the better half above the best."""
    known = means[np.isfinite(means)]
    if not len(known):
        return 0.0, 0.0
    low = float(known.min())
    return low, min(float(known.max()), low + 4 * float(np.median(known) - low) or float(known.max()))


def draw_error_bar(painter: QPainter, area: QRectF, low: float, high: float) -> None:
    """The colour bar at the right of what is drawn in `area`."""
    bar = QRectF(area.right() + theme.px(12), area.top(), theme.px(10), area.height())
    colours = color_table("cividis")[np.linspace(255, 0, max(round(bar.height()), 2)).round().astype(int)]
    painter.drawImage(bar, to_image(np.repeat(colours[:, None], 2, axis=1)))
    scale = Scale(low, high, bar.bottom(), bar.top())
    for value, words in bar_ticks(scale, theme.px(18)):
        level = min(max(scale.pixel(value), bar.top() + theme.px(5)), bar.bottom() - theme.px(5))
        paint.put(painter, bar.right() + theme.px(6), level, words)


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
