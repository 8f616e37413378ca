"""Bars: how often each value occurs, and what each part contributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale, count_ticks, digits_of, round_ticks
from alsgui.ui.widgets.image import color_in_map
from alsgui.ui.widgets.plot import Plot

MOST_STEPS = 5
ROW, BAR, INDEX, NAMES, VALUES = 22, 10, 18, 132, 46
STAR, N_STARS = 12, 5


@dataclass(frozen=True)
class Marker:
    """Vertical line at a value, with words in a tag (or none) in the colour of its role."""

    value: float
    words: str = ""
    role: str = "text"


class Histogram(Plot):
    """Counts of values as bars.

    Parameters
    ----------
    name
        Accessible name.
    role
        Token of the bars ("training", "user", "movie"), or "diverging": the colour of each value
        in the zero-centred map.
    count_axis
        Whether counts stand at the left and the tallest bar carries its own; else the bars fill the whole width.
    parent
        Parent widget.
    """

    smallest = (120, 60)

    def __init__(
        self,
        name: str = "Histogram",
        *,
        role: str = "training",
        count_axis: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self._role, self._count_axis = role, count_axis
        self._values = np.zeros(0)
        self._counts = np.zeros(0)
        self._labels: list[tuple[float, str]] | None = None
        self._marker: Marker | None = None
        self._soft = False

    def set_counts(
        self,
        values: Sequence[float] | NDArray[np.floating],
        counts: Sequence[float] | NDArray[np.number],
        *,
        labels: Sequence[tuple[float, str]] | None = None,
        soft: bool = False,
    ) -> None:
        """Show one bar per value.

        Parameters
        ----------
        values
            Evenly spaced, rising middles of the bars.
        counts
            Height of each.
        labels
            Ticks (value, words) below; None for round numbers.
        soft
            Paler bars, under a marker.
        """
        self._values, self._counts = np.asarray(values, dtype=float), np.asarray(counts, dtype=float)
        self._labels, self._soft = None if labels is None else list(labels), soft
        self.setAccessibleDescription(tr("{n} in all", n=text.count(float(self._counts.sum()))))
        self.update()

    def set_marker(self, marker: Marker | None) -> None:
        """Point at one value, or at none."""
        self._marker = marker
        self.update()

    def sizeHint(self) -> QSize:
        """Size in a card of 196 pixels, or in the inspector."""
        return QSize(theme.px(230), theme.px(150 if self._count_axis else 94))

    def numbers_csv(self) -> str:
        """One line per bar."""
        rows = [(f"{v:.6g}", f"{c:.10g}") for v, c in zip(self._values, self._counts, strict=True)]
        return export.csv_text([("value", "count"), *rows])

    def tip_at(self, position: QPointF) -> str:
        """Value and count of the bar under the cursor."""
        if not len(self._values):
            return ""
        x_scale = self._x_scale(self._area(QSizeF(self.size())))
        nearest = int(np.argmin(np.abs(self._values - x_scale.value(position.x()))))
        digits = digits_of([float(value) for value in self._values[:20]])
        shown = text.decimal(self._values[nearest], min(digits, 3))
        return f"{shown}  {text.count(self._counts[nearest])}"

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Grid, bars, ticks, marker."""
        area = self._area(size)
        if not len(self._values) or area.isEmpty():
            return
        top = float(self._counts.max()) or 1.0
        y_scale = Scale(0, top, area.bottom(), area.top())
        if self._count_axis:
            draw_count_grid(painter, area, y_scale, text.count)
        x_scale = self._x_scale(area)
        width = abs(x_scale.pixel(self._step()) - x_scale.pixel(0))
        gap = theme.px(3) if width >= theme.px(10) else min(1.0, width / 4)
        if not self._count_axis and width > theme.px(18):
            gap = width - theme.px(23) if width > theme.px(32) else theme.px(5)
        for value, count in zip(self._values, self._counts, strict=True):
            if count > 0:
                x, level = x_scale.pixel(value), min(y_scale.pixel(count), area.bottom() - 1)
                left, right = round(x - (width - gap) / 2), round(x + (width - gap) / 2)
                area_of_bar = QRectF(left, level, max(right - left, 1), area.bottom() - level)
                self._draw_bar(painter, area_of_bar, float(value))
        paint.across(painter, area.left(), area.right(), area.bottom(), "border")
        self._draw_labels(painter, area, x_scale, y_scale)
        if self._marker is not None:
            self._draw_marker(painter, area, x_scale, self._marker)

    def _area(self, size: QSizeF) -> QRectF:
        left, top = (theme.px(46), theme.px(18)) if self._count_axis else (0, theme.px(3))
        return QRectF(left, top, size.width() - left, size.height() - top - theme.px(20))

    def _step(self) -> float:
        return float(self._values[1] - self._values[0]) if len(self._values) > 1 else 1.0

    def _x_scale(self, area: QRectF) -> Scale:
        half = self._step() / 2
        return Scale(self._values[0] - half, self._values[-1] + half, area.left(), area.right())

    def _draw_bar(self, painter: QPainter, area: QRectF, value: float) -> None:
        if self._role == "diverging":
            reach = float(np.abs(self._values).max()) * 0.5 or 1.0
            color = color_in_map(value, -reach, reach, "diverging")
            painter.setPen(QPen(theme.color("border_strong"), 0.6))
            painter.setBrush(color)
            painter.drawRect(area)
            return
        color = theme.color(self._role)
        if self._soft:
            color.setAlphaF(0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        radius = min(2.0, area.width() / 4, area.height() / 2)
        painter.drawRoundedRect(area, radius, radius)

    def _draw_labels(self, painter: QPainter, area: QRectF, x_scale: Scale, y_scale: Scale) -> None:
        ticks = self._labels
        if ticks is None:
            n_steps = min(max(2, int(area.width() / theme.px(45))), MOST_STEPS)
            numbers = round_ticks(x_scale.low, x_scale.high, n_steps)
            digits = digits_of(numbers)
            ticks = [(number, text.decimal(number, digits)) for number in numbers]
        for value, words in ticks:
            half = paint.text_width(words) / 2
            x = min(max(x_scale.pixel(value), half), area.right() - half)
            paint.put(painter, x, area.bottom() + theme.px(11), words, align="center")
        if self._count_axis:
            tallest = int(np.argmax(self._counts))
            words = text.count(self._counts[tallest])
            half = paint.text_width(words) / 2
            x = min(x_scale.pixel(self._values[tallest]), area.right() - half)
            level = y_scale.pixel(self._counts[tallest]) - theme.px(10)
            paint.put(painter, x, level, words, "text", align="center")

    def _draw_marker(self, painter: QPainter, area: QRectF, x_scale: Scale, marker: Marker) -> None:
        x = min(max(x_scale.pixel(marker.value), area.left() + 1), area.right() - 1)
        painter.fillRect(QRectF(round(x) - 1, area.top(), 2, area.height()), theme.color(marker.role))
        if marker.words:
            width = paint.tag_area(QPointF(), marker.words).width()
            side = 1 if x + theme.px(6) + width <= area.right() else -1
            center = QPointF(x + side * (theme.px(5) + width / 2), area.top() + theme.px(9))
            paint.tag(painter, center, marker.words, marker.role)


def draw_count_grid(painter: QPainter, area: QRectF, y_scale: Scale, words: Callable[[float], str]) -> None:
    """Horizontal grid with counts at its left; none at zero."""
    n_steps = 3 if area.height() < theme.px(160) else 5
    for tick in count_ticks(y_scale.low, y_scale.high, n_steps):
        if tick > 0:
            paint.across(painter, area.left(), area.right(), y_scale.pixel(tick), "grid")
            paint.put(painter, area.left() - theme.px(6), y_scale.pixel(tick), words(tick), align="right")


@dataclass(frozen=True)
class Contribution:
    """One row: index in front (or empty), words, value; stars given (or None); `rest` rows have no bar.

    `full` are the words of the tooltip, where they say more than `name`.
    """

    index: str
    name: str
    value: float
    stars: float | None = None
    rest: bool = False
    full: str = ""


class ContributionBars(Plot):
    """Rows of words, a bar from zero and the value.

    Parameters
    ----------
    name
        Accessible name.
    digits
        Decimals of the values: 3 for products, 2 for contributions in stars.
    names
        Room for index and words, before the text size; never more than half of the width.
    parent
        Parent widget.

    Notes
    -----
    Rows that carry stars show them before the bar.
    """

    def __init__(
        self, name: str = "Contributions", *, digits: int = 3, names: int = NAMES, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent)
        self._digits, self._names = digits, names
        self._rows: list[Contribution] = []
        self._shown: list[float] = []
        self._reach: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_digits(self, digits: int) -> None:
        """Write values with so many decimals from now on."""
        self._digits = digits

    def set_rows(self, rows: Sequence[Contribution], total: float | None = None, *, reach: float | None = None) -> None:
        """Show `rows`; with the `total` that they add up to, the numbers shown add up to it as well.

        The longest bar stands for `reach` where it is given, so that two plots have one scale.
        """
        self._rows, self._reach = list(rows), reach
        values = [row.value for row in rows]
        if total is None:
            self._shown = values
        else:
            self._shown = text.rounded_parts(values, total, self._digits)
        self.setAccessibleDescription(tr("{n} rows", n=len(rows)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line per row."""
        return QSize(theme.px(288), max(1, len(self._rows)) * theme.px(ROW))

    def minimumSizeHint(self) -> QSize:
        """All rows."""
        return QSize(theme.px(200), self.sizeHint().height())

    def numbers_csv(self) -> str:
        """One line per row, as shown."""
        rows = [
            (row.index, row.name, "" if row.stars is None else f"{row.stars:g}", f"{shown:.{self._digits}f}")
            for row, shown in zip(self._rows, self._shown, strict=True)
        ]
        return export.csv_text([("index", "name", "stars", "value"), *rows])

    def tip_at(self, position: QPointF) -> str:
        """Full words and more digits of the row under the cursor."""
        row = int(position.y() // theme.px(ROW))
        if not 0 <= row < len(self._rows):
            return ""
        value = text.decimal(self._rows[row].value, self._digits + 2, sign=True)
        return f"{self._rows[row].full or self._rows[row].name}  {value}"

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Rows, bars, the line at zero."""
        if not self._rows:
            return
        starred = any(row.stars is not None for row in self._rows)
        scale = self._scale(size, starred)
        bottom = theme.px(ROW) * len(self._rows)
        if not starred:
            paint.down(painter, scale.pixel(0) - 1, 0, bottom, "border_strong")
        for index, (row, shown) in enumerate(zip(self._rows, self._shown, strict=True)):
            level = theme.px(ROW) * (index + 0.5)
            self._draw_row(painter, size, level, row, shown=shown, scale=scale)

    def _draw_row(
        self, painter: QPainter, size: QSizeF, level: float, row: Contribution, *, shown: float, scale: Scale
    ) -> None:
        left = 0.0
        if row.index:
            paint.put(painter, 0, level, row.index, size=12, weight=600)
            widest = max(paint.text_width(each.index, 12, 600) for each in self._rows)
            left = max(theme.px(INDEX), widest + theme.px(6))
        names = self._names_end(size, row.stars is not None)
        role = "muted" if row.rest or row.name == text.DASH else "text"
        paint.put(painter, left, level, row.name, role, size=12, weight=400, width=names - left - theme.px(4))
        if row.stars is not None:
            draw_stars(painter, QPointF(names + theme.px(4), level), row.stars)
        has_no_bar = row.rest and any(other.stars is not None for other in self._rows)
        if not has_no_bar and row.value != 0:
            start, end = sorted((scale.pixel(0), scale.pixel(row.value)))
            height = theme.px(BAR)
            area = QRectF(start, level - height / 2, max(end - start, 1.5), height)
            paint.bar(painter, area, "positive" if row.value > 0 else "negative")
        words = text.decimal(shown, self._digits, sign=True)
        paint.put(painter, size.width(), level, words, "text", size=12, weight=400, align="right")

    def _names_end(self, size: QSizeF, starred: bool) -> float:
        if starred:
            return size.width() - theme.px(VALUES + 26 + N_STARS * STAR + 8)
        return min(theme.px(self._names), size.width() * 0.5)

    def _scale(self, size: QSizeF, starred: bool) -> Scale:
        barred = [row.value for row in self._rows if not (starred and row.rest)] or [0.0]
        low, high = min(0.0, *barred), max(0.0, *barred)
        if self._reach is not None:
            low, high = -self._reach if low < 0 else 0.0, self._reach if high > 0 else 0.0
        if high == low:
            high = 1.0
        right = size.width() - theme.px(VALUES)
        left = right - theme.px(26) if starred else self._names_end(size, starred)
        return Scale(low, high, left, max(right, left + 1))


def draw_stars(painter: QPainter, start: QPointF, stars: float, n_stars: int = N_STARS) -> None:
    """Row of `n_stars` stars from `start` (left, middle); `stars` of them full, halves by half."""
    side = float(theme.px(STAR))
    shape = _star(side * 0.46)
    for index in range(n_stars):
        center = QPointF(start.x() + side * (index + 0.5), start.y())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("border"))
        painter.drawPolygon(shape.translated(center))
        share = min(max(stars - index, 0.0), 1.0)
        if share > 0:
            painter.save()
            painter.setClipRect(QRectF(center.x() - side / 2, center.y() - side / 2, side * share, side))
            painter.setBrush(theme.color("movie"))
            painter.drawPolygon(shape.translated(center))
            painter.restore()


def _star(radius: float) -> QPolygonF:
    angles = [np.pi * (index / 5 - 0.5) for index in range(10)]
    radii = [radius if index % 2 == 0 else radius * 0.45 for index in range(10)]
    return QPolygonF(
        [
            QPointF(float(reach * np.cos(angle)), float(reach * np.sin(angle)))
            for angle, reach in zip(angles, radii, strict=True)
        ]
    )
