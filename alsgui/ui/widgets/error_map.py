"""What both pictures of a search share: the spot that is looked at, gestures, marks, tips and the colour bar."""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.colorbar import bar_ticks
from alsgui.ui.widgets.image import color_table, to_image
from alsgui.ui.widgets.plot import Plot

LEFT, BELOW, BAR = 62, 40, 62

Spot = Any
"""What is looked at: the cell (row, column) of a grid, or the number of a trial; it indexes the figures."""


class ErrorFigures(Protocol):
    """What every picture of a search needs to know of its spots."""

    @property
    def means(self) -> NDArray[np.floating]:
        """Mean error over the folds; NaN where there is none."""
        ...

    @property
    def errors(self) -> NDArray[np.floating]:
        """Standard error of the mean; NaN where there is none."""
        ...

    @property
    def folds(self) -> NDArray[np.integer]:
        """How many folds are done."""
        ...

    @property
    def n_folds(self) -> int:
        """How many there are."""
        ...

    @property
    def best(self) -> Spot | None:
        """The spot with the lowest mean."""
        ...

    @property
    def simplest(self) -> Spot | None:
        """The simplest within one standard error of it."""
        ...


class ErrorMap(Plot):
    """Settings by place, errors by colour; one spot is looked at.

    A subclass says where spots are, what surrounds them, what they are called and where arrow keys lead.

    Signals
    -------
    spot_chosen(object)
        A spot was clicked, or reached with the arrow keys.
    spot_activated(object)
        A spot was double-clicked, or Enter was pressed on it.
    """

    spot_chosen = Signal(object)
    spot_activated = Signal(object)

    smallest = (260, 140)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._chosen: Spot | None = None

    # What a subclass knows

    def _known(self) -> ErrorFigures | None:
        """The figures that are shown; None for none."""
        raise NotImplementedError

    def _spot_at(self, position: QPointF) -> Spot | None:
        """The spot under the cursor."""
        raise NotImplementedError

    def _outline(self, painter: QPainter, spot: Spot, size: QSizeF) -> None:
        """Draw the edge of a spot with the pen that is set."""
        raise NotImplementedError

    def _head(self, spot: Spot) -> list[str]:
        """First lines of its tip."""
        raise NotImplementedError

    def _beside(self, key: Qt.Key, spot: Spot) -> Spot | None:
        """Where an arrow key leads; None for any other key."""
        raise NotImplementedError

    def _first(self) -> Spot | None:
        """Where keys start while nothing is chosen and nothing is best; None where there is no spot."""
        raise NotImplementedError

    # What all have

    def set_chosen(self, spot: Spot | None) -> None:
        """Mark the spot that is looked at."""
        self._chosen = spot
        self.update()

    def sizeHint(self) -> QSize:
        """Six tiles by six."""
        return QSize(theme.px(480), theme.px(320))

    def tip_at(self, position: QPointF) -> str:
        """The spot under the cursor, in words."""
        spot = self._spot_at(position)
        return self._tip(spot) if spot is not None else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the spot under the cursor."""
        spot = self._spot_at(event.position())
        if spot is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(spot)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the spot under the cursor."""
        spot = self._spot_at(event.position())
        if spot is not None:
            self.spot_activated.emit(spot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose a neighbour, Enter takes it, Home the best."""
        figures, key, first = self._known(), Qt.Key(event.key()), self._first()
        if figures is None or first is None:
            super().keyPressEvent(event)
            return
        at = next(spot for spot in (self._chosen, figures.best, first) if spot is not None)
        beside = self._beside(key, at)
        if beside is not None:
            self._choose(beside)
        elif key == Qt.Key.Key_Home and figures.best is not None:
            self._choose(figures.best)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.spot_activated.emit(at)
        else:
            super().keyPressEvent(event)

    def _choose(self, spot: Spot) -> None:
        """Mark it at once: the next key counts from here, before the page has rendered."""
        self.set_chosen(spot)
        self.spot_chosen.emit(spot)

    def _area(self, size: QSizeF) -> QRectF:
        px = theme.px
        return QRectF(px(LEFT), px(4), max(size.width() - px(LEFT + BAR), 1), max(size.height() - px(BELOW + 4), 1))

    def _draw_marks(self, painter: QPainter, size: QSizeF) -> None:
        """The simplest dashed, the best in ink on a light edge, what is looked at in the accent."""
        figures = self._known()
        assert figures is not None
        marks: list[tuple[Spot | None, QPen]] = []
        if figures.simplest != figures.best:
            pen = QPen(theme.color("text"), 1.6)
            pen.setDashPattern([3, 2])
            marks.append((figures.simplest, pen))
        marks += [(figures.best, QPen(theme.color("surface"), 4)), (figures.best, QPen(theme.color("text"), 2))]
        if self._chosen != figures.best:
            marks.append((self._chosen, QPen(theme.color("accent"), 2.4)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for spot, pen in marks:
            if spot is not None:
                painter.setPen(pen)
                self._outline(painter, spot, size)

    def _draw_titles(self, painter: QPainter, area: QRectF, across: str, up: str) -> None:
        paint.put(painter, area.center().x(), area.bottom() + theme.px(29), across, align="center")
        painter.save()
        painter.translate(theme.px(8), area.center().y())
        painter.rotate(-90)
        paint.put(painter, 0, 0, up, align="center")
        painter.restore()

    def _mark(self, spot: Spot) -> str:
        figures = self._known()
        assert figures is not None
        if spot == figures.best:
            return "best"
        return "simplest within one standard error" if spot == figures.simplest else ""

    def _tip(self, spot: Spot) -> str:
        figures = self._known()
        assert figures is not None
        mean, error = (float(values[spot]) for values in (figures.means, figures.errors))
        if math.isnan(mean):
            return "\n".join([*self._head(spot), *([tr("no answer")] if figures.folds[spot] else [])])
        se = f" ± {text.error_figure(error)}" if math.isfinite(error) else ""
        folds = tr("{n} of {all} folds", n=int(figures.folds[spot]), all=figures.n_folds)
        mark = self._mark(spot)
        return "\n".join(
            filter(None, [*self._head(spot), f"{text.error_figure(mean)}{se}", folds, tr(mark) if mark else ""])
        )


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
