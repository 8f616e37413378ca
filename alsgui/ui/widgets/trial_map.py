"""Trials of a guided search as dots: where each lies in K and lambda, in the colour of its hold-out error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.image import color_in_map
from alsgui.ui.widgets.plot import Plot
from alsgui.ui.widgets.search_map import BAR, BELOW, LEFT, draw_error_bar, error_limits

RADIUS, SMALL, RING, REACH, EDGE = 6, 4, 9.5, 12, 14
TICK_GAP = 34
_STEPS = {
    Qt.Key.Key_Left: ("across", -1),
    Qt.Key.Key_Right: ("across", 1),
    Qt.Key.Key_Down: ("up", -1),
    Qt.Key.Key_Up: ("up", 1),
}


@dataclass(frozen=True, eq=False)
class TrialFigures:
    """What the dots say; one entry of each sequence for each trial, in the order of trying.

    Parameters
    ----------
    words
        The settings of the trials, for a tip.
    settings
        Name of a column of the numbers -> values of the trials; "k" is drawn up, "lambda" across.
    across, up
        Lowest and highest lambda and K.
    across_title, up_title
        Names of the axes.
    means, errors
        Mean of the folds and its standard error; NaN where there is none.
    folds
        How many folds are done.
    n_folds
        How many there are.
    best, simplest
        Numbers of the trials that are marked.
    """

    words: Sequence[str]
    settings: dict[str, Sequence[float]]
    across: tuple[float, float]
    up: tuple[float, float]
    across_title: str
    up_title: str
    means: NDArray[np.floating]
    errors: NDArray[np.floating]
    folds: NDArray[np.integer]
    n_folds: int
    best: int | None
    simplest: int | None


class TrialMap(Plot):
    """Dots of trials on two log axes.

    Signals
    -------
    trial_chosen(int)
        A dot was clicked, or reached with the arrow keys: its number.
    trial_activated(int)
        A dot was double-clicked, or Enter was pressed on it.
    """

    trial_chosen = Signal(int)
    trial_activated = Signal(int)

    smallest = (260, 140)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._figures: TrialFigures | None = None
        self._chosen: int | None = None

    def set_figures(self, figures: TrialFigures | None) -> None:
        """Show another state of the search."""
        self._figures = figures
        told = figures is not None and figures.best is not None
        self.setAccessibleDescription(self._tip(figures.best) if told and figures and figures.best is not None else "")
        self.update()

    def set_chosen(self, number: int | None) -> None:
        """Mark the trial that is looked at."""
        self._chosen = number
        self.update()

    def sizeHint(self) -> QSize:
        """As the tiles of a grid."""
        return QSize(theme.px(480), theme.px(320))

    def numbers_csv(self) -> str:
        """One line for each trial."""
        figures = self._figures
        if figures is None:
            return ""
        rows: list[Sequence[object]] = [("trial", *figures.settings, "mean_error", "standard_error", "folds", "mark")]
        for at in range(len(figures.words)):
            numbers = [*(values[at] for values in figures.settings.values()), figures.means[at], figures.errors[at]]
            shown = ["" if math.isnan(number) else f"{number:.10g}" for number in numbers]
            rows.append((at + 1, *shown, int(figures.folds[at]), self._mark(at)))
        return export.csv_text(rows)

    def tip_at(self, position: QPointF) -> str:
        """The dot under the cursor, in words."""
        number = self._nearest(position)
        return self._tip(number) if number is not None else ""

    def place_of(self, number: int) -> QPointF:
        """Where the dot of a trial is drawn."""
        return self._places(QSizeF(self.size()))[number]

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Axes, dots, rings and the colour bar."""
        figures = self._figures
        if figures is None:
            return
        self._draw_axes(painter, size)
        low, high = error_limits(figures.means)
        places = self._places(size)
        # The best are drawn last, over what lies near them.
        for at in np.argsort(-np.where(np.isfinite(figures.means), figures.means, np.inf), kind="stable"):
            self._draw_dot(painter, places[at], int(at), low, high)
        self._draw_rings(painter, places)
        if high > low:
            draw_error_bar(painter, self._area(size), low, high)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the dot under the cursor."""
        number = self._nearest(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(number)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the dot under the cursor."""
        number = self._nearest(event.position())
        if number is not None:
            self.trial_activated.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose the next dot along an axis, Enter takes it, Home the best."""
        figures, key = self._figures, Qt.Key(event.key())
        if figures is None or not len(figures.words):
            super().keyPressEvent(event)
            return
        at = self._chosen if self._chosen is not None else figures.best or 0
        if key in _STEPS:
            name, way = _STEPS[key]
            values = figures.settings["lambda" if name == "across" else "k"]
            order = np.argsort(values, kind="stable").tolist()
            self._choose(order[min(max(order.index(at) + way, 0), len(order) - 1)])
        elif key == Qt.Key.Key_Home and figures.best is not None:
            self._choose(figures.best)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.trial_activated.emit(at)
        else:
            super().keyPressEvent(event)

    def _choose(self, number: int) -> None:
        """Mark it at once: the next key counts from here, before the page has rendered."""
        self.set_chosen(number)
        self.trial_chosen.emit(number)

    # Places

    def _area(self, size: QSizeF) -> QRectF:
        px = theme.px
        return QRectF(px(LEFT), px(4), max(size.width() - px(LEFT + BAR), 1), max(size.height() - px(BELOW + 4), 1))

    def _scales(self, size: QSizeF) -> tuple[Scale, Scale]:
        assert self._figures is not None
        area, room = self._area(size), theme.px(EDGE)
        across, up = self._figures.across, self._figures.up
        return (
            Scale(*across, area.left() + room, area.right() - room, log=True),
            Scale(*up, area.bottom() - room, area.top() + room, log=True),
        )

    def _places(self, size: QSizeF) -> list[QPointF]:
        assert self._figures is not None
        across, up = self._scales(size)
        pairs = zip(self._figures.settings["lambda"], self._figures.settings["k"], strict=True)
        return [QPointF(across.pixel(ridge), up.pixel(k)) for ridge, k in pairs]

    def _nearest(self, position: QPointF) -> int | None:
        if self._figures is None or not self._figures.words:
            return None
        places = self._places(QSizeF(self.size()))
        away = [math.hypot(place.x() - position.x(), place.y() - position.y()) for place in places]
        number = int(np.argmin(away))
        return number if away[number] <= theme.px(REACH) else None

    # Drawing

    def _draw_axes(self, painter: QPainter, size: QSizeF) -> None:
        figures = self._figures
        assert figures is not None
        area = self._area(size)
        across, up = self._scales(size)
        paint.bar(painter, area, "sunken", 3)
        for tick in doubling_ticks(up):
            level = up.pixel(tick)
            paint.across(painter, area.left(), area.right(), level, "border")
            paint.put(painter, area.left() - theme.px(8), level, _tick_words(tick), align="right")
        for tick in decimal_ticks(across, theme.px(TICK_GAP)):
            paint.put(painter, across.pixel(tick), area.bottom() + theme.px(11), _tick_words(tick), align="center")
        paint.put(painter, area.center().x(), area.bottom() + theme.px(29), figures.across_title, align="center")
        painter.save()
        painter.translate(theme.px(8), area.center().y())
        painter.rotate(-90)
        paint.put(painter, 0, 0, figures.up_title, align="center")
        painter.restore()

    def _draw_dot(self, painter: QPainter, place: QPointF, at: int, low: float, high: float) -> None:
        """A trial with all its folds is a large dot, one that was given up or is under way a small one."""
        figures = self._figures
        assert figures is not None
        mean = float(figures.means[at])
        whole = int(figures.folds[at]) == figures.n_folds
        painter.setPen(QPen(theme.color("border_strong"), 0.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if math.isfinite(mean):
            painter.setBrush(color_in_map(mean, low, max(high, low + 1e-12), "cividis"))
        radius = float(theme.px(RADIUS if whole else SMALL))
        painter.drawEllipse(place, radius, radius)

    def _draw_rings(self, painter: QPainter, places: list[QPointF]) -> None:
        figures = self._figures
        assert figures is not None
        ring = float(theme.px(RING))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if figures.simplest is not None and figures.simplest != figures.best:
            pen = QPen(theme.color("text"), 1.6)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.drawEllipse(places[figures.simplest], ring, ring)
        if figures.best is not None:
            painter.setPen(QPen(theme.color("text"), 2))
            painter.drawEllipse(places[figures.best], ring, ring)
        if self._chosen is not None and self._chosen < len(places) and self._chosen != figures.best:
            painter.setPen(QPen(theme.color("accent"), 2.4))
            painter.drawEllipse(places[self._chosen], ring, ring)

    def _mark(self, number: int) -> str:
        assert self._figures is not None
        if number == self._figures.best:
            return "best"
        return "simplest within one standard error" if number == self._figures.simplest else ""

    def _tip(self, number: int) -> str:
        figures = self._figures
        assert figures is not None
        mean, error = float(figures.means[number]), float(figures.errors[number])
        head = [tr("Trial {n}", n=number + 1), figures.words[number]]
        if math.isnan(mean):
            return "\n".join([*head, tr("no answer")])
        se = f" ± {text.error_figure(error)}" if math.isfinite(error) else ""
        folds = tr("{n} of {all} folds", n=int(figures.folds[number]), all=figures.n_folds)
        mark = self._mark(number)
        return "\n".join(filter(None, [*head, f"{text.error_figure(mean)}{se}", folds, tr(mark) if mark else ""]))


def doubling_ticks(scale: Scale) -> list[float]:
    """Powers of two within a scale; its ends where there is at most one."""
    powers = range(math.ceil(math.log2(scale.low) - 1e-9), math.floor(math.log2(scale.high) + 1e-9) + 1)
    return [2.0**power for power in powers] if len(powers) > 1 else sorted({scale.low, scale.high})


def decimal_ticks(scale: Scale, gap: float) -> list[float]:
    """1, 2 and 5 times powers of ten, or fewer of them, at least `gap` pixels apart; the ends where that is one."""
    low, high = scale.low * (1 - 1e-9), scale.high * (1 + 1e-9)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        ticks = [factor * 10.0**power for power in powers for factor in factors if low <= factor * 10.0**power <= high]
        pixels = [scale.pixel(tick) for tick in ticks]
        if len(ticks) > 1 and min(two - one for one, two in pairwise(pixels)) >= gap:
            return ticks
    return sorted({scale.low, scale.high})


def _tick_words(value: float) -> str:
    return f"{value:.3g}".replace("e-0", "e-").replace("-", text.MINUS)
