"""Measured points joined by lines, with their standard errors: error against counts, observed against predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale, digits_of, power_ticks, push_apart, round_ticks, short_count, steady_range
from alsgui.ui.widgets.plot import Plot

_NONE = np.zeros(0)


@dataclass(frozen=True, eq=False)
class Series:
    """Points of one colour.

    Parameters
    ----------
    words, role
        What stands at its end, and the token of its colour.
    x, y
        Where the points are.
    error
        Half lengths of their bars; nothing for none.
    tips
        What is said of each under the cursor.
    """

    words: str
    role: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    error: NDArray[np.float64] = field(default_factory=lambda: _NONE)
    tips: tuple[str, ...] = ()


class SeriesPlot(Plot):
    """One or more series on shared axes.

    Parameters
    ----------
    name
        Accessible name.
    x_title, y_title
        What the axes are, with units.
    log
        Whether the x axis is logarithmic.
    whole
        Whether x are whole numbers.
    diagonal
        Words at a dashed line where y is x; empty for no line, and for axes of their own.
    """

    smallest = (160, 110)

    def __init__(
        self,
        name: str,
        x_title: str,
        y_title: str,
        *,
        log: bool = False,
        whole: bool = False,
        diagonal: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self._titles, self._log, self._whole, self._diagonal = (x_title, y_title), log, whole, diagonal
        self._series: list[Series] = []

    def set_series(self, series: Sequence[Series]) -> None:
        """Show these."""
        self._series = list(series)
        self.setAccessibleDescription(", ".join(each.words for each in series))
        self.update()

    def sizeHint(self) -> QSize:
        """Size in a card."""
        return QSize(theme.px(300), theme.px(190))

    def numbers_csv(self) -> str:
        """One line per point."""
        rows: list[tuple[object, ...]] = [("series", *self._titles, "standard error")]
        for each in self._series:
            errors = each.error if len(each.error) else np.full(len(each.x), np.nan)
            rows += [
                (each.words, f"{x:.6g}", f"{y:.6g}", "" if np.isnan(error) else f"{error:.6g}")
                for x, y, error in zip(each.x, each.y, errors, strict=True)
            ]
        return export.csv_text(rows)

    def tip_at(self, position: QPointF) -> str:
        """What is known of the nearest point, if it is near."""
        scales = self._scales(self._area(QSizeF(self.size())))
        if scales is None:
            return ""
        best, words = float(theme.px(14)) ** 2, ""
        for each in self._series:
            for x, y, tip in zip(each.x, each.y, each.tips, strict=False):
                far = (scales[0].pixel(x) - position.x()) ** 2 + (scales[1].pixel(y) - position.y()) ** 2
                if far < best:
                    best, words = far, tip
        return words

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Grid, lines, points, words."""
        area = self._area(size)
        scales = self._scales(area)
        if scales is None or area.isEmpty():
            return
        self._draw_axes(painter, area, *scales)
        if self._diagonal:
            self._draw_diagonal(painter, area, *scales)
        for each in self._series:
            self._draw_series(painter, each, *scales)
        self._draw_words(painter, area, *scales)

    def _area(self, size: QSizeF) -> QRectF:
        widest = max((paint.text_width(each.words, 12, 600) for each in self._series), default=0.0)
        left, right = theme.px(40), theme.px(8) if self._diagonal else widest + theme.px(14)
        return QRectF(left, theme.px(20), size.width() - left - right, size.height() - theme.px(58))

    def _scales(self, area: QRectF) -> tuple[Scale, Scale] | None:
        filled = [each for each in self._series if len(each.x)]
        if not filled:
            return None
        xs, ys = (np.concatenate([getattr(each, axis) for each in filled]) for axis in ("x", "y"))
        if self._diagonal:
            low, high = steady_range(float(min(xs.min(), ys.min())), float(max(xs.max(), ys.max())), None)
            return Scale(low, high, area.left(), area.right()), Scale(low, high, area.bottom(), area.top())
        low, high = steady_range(float(ys.min()), float(ys.max()), None)
        y_scale = Scale(low, high, area.bottom(), area.top())
        if self._log:
            return Scale(max(xs.min(), 0.5) / 1.2, xs.max() * 1.2, area.left(), area.right(), log=True), y_scale
        return Scale(float(xs.min()), float(xs.max()), area.left(), area.right()), y_scale

    def _draw_axes(self, painter: QPainter, area: QRectF, x_scale: Scale, y_scale: Scale) -> None:
        levels = round_ticks(y_scale.low, y_scale.high, 4)
        for tick in levels:
            paint.across(painter, area.left(), area.right(), y_scale.pixel(tick), "grid")
            words = text.decimal(tick, _digits(levels))
            paint.put(painter, area.left() - theme.px(6), y_scale.pixel(tick), words, align="right")
        ticks = power_ticks(x_scale.low, x_scale.high) if self._log else round_ticks(x_scale.low, x_scale.high, 5)
        for tick in ticks if not self._whole else [tick for tick in ticks if tick == round(tick)]:
            words = short_count(tick) if self._log else text.decimal(tick, 0 if self._whole else _digits(ticks))
            half = paint.text_width(words) / 2
            x = min(max(x_scale.pixel(tick), area.left() + half), area.right() - half)
            paint.put(painter, x, area.bottom() + theme.px(11), words, align="center")
        paint.put(painter, 0, theme.px(7), self._titles[1], width=area.right())
        middle = area.center().x()
        paint.put(painter, middle, area.bottom() + theme.px(29), self._titles[0], align="center")

    def _draw_diagonal(self, painter: QPainter, area: QRectF, x_scale: Scale, y_scale: Scale) -> None:
        pen = QPen(theme.color("border_strong"), 1.2)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        ends = [QPointF(x_scale.pixel(end), y_scale.pixel(end)) for end in (x_scale.low, x_scale.high)]
        painter.drawLine(*ends)
        at = x_scale.low + 0.2 * (x_scale.high - x_scale.low)
        x, y = x_scale.pixel(at), y_scale.pixel(at) - theme.px(14)
        paint.put(painter, x - theme.px(6), y, self._diagonal, align="right" if x > area.center().x() else "center")

    def _draw_series(self, painter: QPainter, each: Series, x_scale: Scale, y_scale: Scale) -> None:
        points = [QPointF(x_scale.pixel(x), y_scale.pixel(y)) for x, y in zip(each.x, each.y, strict=True)]
        painter.setPen(QPen(theme.color(each.role), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        for point, y, error in zip(points, each.y, each.error, strict=False):
            painter.drawLine(QPointF(point.x(), y_scale.pixel(y - error)), QPointF(point.x(), y_scale.pixel(y + error)))
        for point in points:
            paint.dot(painter, point, theme.px(3), each.role)

    def _draw_words(self, painter: QPainter, area: QRectF, x_scale: Scale, y_scale: Scale) -> None:
        told = [each for each in self._series if len(each.x) and each.words and not self._diagonal]
        wanted = [y_scale.pixel(each.y[-1]) for each in told]
        levels = push_apart(wanted, theme.px(15), area.top(), area.bottom())
        for each, level in zip(told, levels, strict=True):
            x = x_scale.pixel(each.x[-1]) + theme.px(8)
            paint.put(painter, x, level, each.words, each.role, size=12, weight=600)


def _digits(ticks: Sequence[float]) -> int:
    """Decimals of the labels of an axis; none where they are far apart."""
    return digits_of(ticks) if len(ticks) > 1 and ticks[1] - ticks[0] > 1.5 else max(digits_of(ticks), 1)


def standard_error_words(mean: float, error: float, n: int) -> str:
    """A mean with its standard error and count."""
    return tr("{mean} ± {error}, {n}", mean=text.rating(mean), error=text.rating(error),
              n=text.counted(n, tr("rating")))  # fmt: skip
