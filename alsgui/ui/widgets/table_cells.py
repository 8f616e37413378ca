"""Painters of table cells that words are not enough for: stars, scores on an axis, the swatch of a run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from alsgui.ui import theme
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.axes import digits_of
from alsgui.ui.widgets.stars import paint_stars


class Cell(Protocol):
    """Draws a value, and the head of its column."""

    def paint(self, painter: QPainter, area: QRectF, value: Any) -> None:
        """Draw `value` in `area`, inside the padding of the cell."""

    def paint_head(self, painter: QPainter, area: QRectF) -> bool:
        """Draw the head; return False to have the title drawn instead."""


class StarsCell:
    """Rating as stars."""

    def __init__(self, highest: int = 5) -> None:
        self._highest = highest

    def paint(self, painter: QPainter, area: QRectF, value: float) -> None:
        """Draw `value` stars."""
        paint_stars(painter, area, value, self._highest)

    def paint_head(self, painter: QPainter, area: QRectF) -> bool:
        """Leave the title."""
        return False


class SwatchCell:
    """Line in the colour of a run; the value is a token name or a colour."""

    def paint(self, painter: QPainter, area: QRectF, value: str | QColor) -> None:
        """Draw the line."""
        thickness = theme.px(2.4)
        paint.bar(painter, QRectF(area.left(), area.center().y() - thickness / 2, theme.px(20), thickness), value, 1)

    def paint_head(self, painter: QPainter, area: QRectF) -> bool:
        """Leave the title."""
        return False


class ScoreCell:
    """Dot with a band of one standard error on an axis that the head labels.

    Parameters
    ----------
    low, high
        Ends of the axis.
    ticks
        Places of ticks, labelled with as many decimals as they need.
    """

    def __init__(self, low: float, high: float, ticks: Sequence[float]) -> None:
        self._low, self._high, self._ticks = low, high, ticks
        self._digits = max(1, digits_of(ticks))

    def paint(self, painter: QPainter, area: QRectF, value: tuple[float, float]) -> None:
        """Draw a (score, standard error); the band is left out where the error is NaN."""
        score, error = value
        level = area.center().y()
        # A border's grey would not be seen on the ground of a selected row.
        line = QColor(theme.color("border_strong"))
        line.setAlphaF(0.5)
        paint.across(painter, self._x(area, self._low), self._x(area, self._high), level, line)
        for tick in self._ticks:
            paint.down(painter, self._x(area, tick), level - theme.px(3), level + theme.px(4), line)
        if math.isfinite(error):
            start, stop = (self._x(area, edge) for edge in (score - error, score + error))
            band = QColor(theme.color("accent"))
            band.setAlphaF(0.5)
            half = theme.px(2)
            paint.bar(painter, QRectF(start, level - half, max(stop - start, 1), 2 * half), band, half)
        paint.dot(painter, QPointF(self._x(area, score), level), theme.px(4), "accent")

    def paint_head(self, painter: QPainter, area: QRectF) -> bool:
        """Label the ticks that have room."""
        free, half = -math.inf, theme.px(9 + 3 * self._digits)
        for tick in self._ticks:
            place = self._x(area, tick)
            if place - half >= free:
                paint.put(painter, place, area.center().y(), f"{tick:.{self._digits}f}", align="center")
                free = place + half
        return True

    def _x(self, area: QRectF, stars: float) -> float:
        margin = theme.px(10)
        share = (stars - self._low) / (self._high - self._low)
        return area.left() + margin + min(max(share, 0.0), 1.0) * (area.width() - 2 * margin)
