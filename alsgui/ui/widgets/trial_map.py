"""Trials of a guided search as dots: where each lies in K and lambda, in the colour of its hold-out error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.error_map import ErrorMap, draw_error_bar, error_limits
from alsgui.ui.widgets.image import color_in_map

RADIUS, SMALL, RING, REACH, EDGE = 6, 4, 9.5, 12, 14
TICK_GAP = 34
_STEPS = {
    Qt.Key.Key_Left: ("lambda", -1),
    Qt.Key.Key_Right: ("lambda", 1),
    Qt.Key.Key_Down: ("k", -1),
    Qt.Key.Key_Up: ("k", 1),
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


class TrialMap(ErrorMap):
    """Dots of trials on two log axes; a spot is the number of a trial."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._figures: TrialFigures | None = None

    def set_figures(self, figures: TrialFigures | None) -> None:
        """Show another state of the search."""
        self._figures = figures
        told = figures is not None and figures.best is not None
        self.setAccessibleDescription(self._tip(figures.best) if told and figures and figures.best is not None else "")
        self.update()

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
        self._draw_marks(painter, size)
        if high > low:
            draw_error_bar(painter, self._area(size), low, high)

    # Places

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

    def _known(self) -> TrialFigures | None:
        return self._figures

    def _outline(self, painter: QPainter, spot: int, size: QSizeF) -> None:
        places, ring = self._places(size), float(theme.px(RING))
        if spot < len(places):  # a trial that was looked at may be of a search before
            painter.drawEllipse(places[spot], ring, ring)

    def _first(self) -> int | None:
        return 0 if self._figures is not None and len(self._figures.words) else None

    def _beside(self, key: Qt.Key, spot: int) -> int | None:
        if self._figures is None or key not in _STEPS:
            return None
        name, way = _STEPS[key]
        order = np.argsort(self._figures.settings[name], kind="stable").tolist()
        return int(order[min(max(order.index(spot) + way, 0), len(order) - 1)])

    def _head(self, spot: int) -> list[str]:
        assert self._figures is not None
        return [tr("Trial {n}", n=spot + 1), self._figures.words[spot]]

    def _spot_at(self, position: QPointF) -> int | None:
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
        self._draw_titles(painter, area, figures.across_title, figures.up_title)

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
