"""The colour bar: what a colour stands for, what grey stands for, and how far the numbers really reach."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale, digits_of, round_ticks
from alsgui.ui.widgets.image import ColorMap, color_table, to_image
from alsgui.ui.widgets.plot import Plot

THICKNESS = 10
LABEL_GAP = 18
LINE = 13
MOST_DIGITS = 6


def bar_ticks(scale: Scale, gap: float) -> list[tuple[float, str]]:
    """Values and words along a colour bar: both ends, and round numbers at least `gap` pixels from them."""
    between = [
        tick
        for tick in round_ticks(scale.low, scale.high, 5)
        if min(abs(scale.pixel(tick) - end) for end in (scale.start, scale.stop)) >= gap
    ]
    span = scale.high - scale.low
    told_apart = math.ceil(-math.log10(span)) if span > 0 else 1
    digits = min(max(1, digits_of(between or [0.0]), told_apart), MOST_DIGITS)
    if any(abs(end - round(end, digits)) > 0.01 * span for end in (scale.low, scale.high)):
        digits += 1
    return [(value, text.decimal(value, digits)) for value in (scale.low, *between, scale.high)]


class ColorBar(Plot):
    """Vertical or horizontal bar of a colour map between fixed limits.

    Parameters
    ----------
    orientation
        Vertical (highest on top, ticks to the right) or horizontal (ticks below).
    name
        Accessible name.
    parent
        Parent widget.
    """

    def __init__(
        self,
        orientation: Qt.Orientation = Qt.Orientation.Vertical,
        name: str = "Colour bar",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self._vertical = orientation == Qt.Orientation.Vertical
        self._low, self._high = 0.0, 1.0
        self._colormap: ColorMap = "viridis"
        self._caption = self._missing = ""
        self._actual: tuple[float, float] | None = None
        self._actual_words = ""
        self._margins = (2, 2)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_limits(self, low: float, high: float) -> None:
        """Values at the two ends."""
        self._low, self._high = low, high
        self.setAccessibleDescription(tr("from {low} to {high}", low=text.decimal(low, 2), high=text.decimal(high, 2)))
        self.update()

    def set_colormap(self, name: ColorMap) -> None:
        """Choose "viridis", "diverging" or "cividis"."""
        self._colormap = name
        self.update()

    def set_caption(self, caption: str) -> None:
        """Unit or quantity, written above a vertical bar; give it a top margin of 23 as beside a titled map."""
        self._caption = caption
        self.update()

    def set_missing(self, words: str) -> None:
        """Name of the grey patch, such as "none" or "few"; empty for no patch."""
        self._missing = words
        self.update()

    def set_actual(self, low: float, high: float, words: str = "") -> None:
        """Range that the numbers really have, written under the bar after `words` ("actual" if there are none)."""
        self._actual, self._actual_words = (low, high), words or tr("actual")
        self.update()

    def clear_actual(self) -> None:
        """Write no range: the ends of the bar are those of the numbers."""
        self._actual = None
        self.update()

    def set_margins(self, start: int, stop: int) -> None:
        """Room before and after the bar with all that belongs to it (top and bottom, or left and right)."""
        self._margins = (start, stop)
        self.update()

    def sizeHint(self) -> QSize:
        """Narrow, as long as its map."""
        return QSize(theme.px(52), theme.px(200)) if self._vertical else QSize(theme.px(114), theme.px(28))

    def numbers_csv(self) -> str:
        """256 lines of value and colour."""
        values = np.linspace(self._low, self._high, 256)
        colors = color_table(self._colormap)
        rows = [(f"{value:.6g}", f"#{color & 0xFFFFFF:06X}") for value, color in zip(values, colors, strict=True)]
        return export.csv_text([("value", "color"), *rows])

    def tip_at(self, position: QPointF) -> str:
        """Limits and true range, in words."""
        lines = [
            tr("Colours run from {low} to {high}", low=text.decimal(self._low, 2), high=text.decimal(self._high, 2))
        ]
        if self._actual:
            low, high = (text.decimal(value, 2) for value in self._actual)
            lines.append(tr("the numbers run from {low} to {high}", low=low, high=high))
        return "\n".join(lines)

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Bar, ticks, patch, true range."""
        if self._vertical:
            self._draw_vertical(painter, size)
        else:
            self._draw_horizontal(painter, size)

    def _draw_vertical(self, painter: QPainter, size: QSizeF) -> None:
        top, end = theme.px(self._margins[0]), size.height() - theme.px(self._margins[1])
        actual = self._actual_lines()
        bottom = end - (theme.px(34) if self._missing else 0)
        bottom -= theme.px(LINE) * len(actual) + theme.px(12) if actual else 0
        area = QRectF(0, top, theme.px(THICKNESS), max(bottom - top, 1))
        ratio = export.pixel_ratio(painter)
        n_pixels = max(1, round(area.height() * ratio))
        column = color_table(self._colormap)[np.linspace(255, 0, n_pixels).round().astype(int)]
        painter.drawImage(area, to_image(np.repeat(column[:, None], 2, axis=1)))
        if self._caption:
            paint.put(painter, 0, top - theme.px(11), self._caption)
        scale = Scale(self._low, self._high, area.bottom(), area.top())
        edge = area.right()
        for value, words in bar_ticks(scale, theme.px(LABEL_GAP)):
            level = min(max(scale.pixel(value), area.top()), area.bottom() - 1)
            paint.across(painter, edge, edge + 3, level, "border_strong")
            level = min(max(level, theme.px(5)), size.height() - theme.px(5))
            paint.put(painter, edge + theme.px(6), level, words)
        level = area.bottom() + theme.px(26)
        for words in actual:
            paint.put(painter, 0, level, words)
            level += theme.px(LINE)
        if self._missing:
            self._draw_patch(painter, 0, end - theme.px(7))

    def _draw_horizontal(self, painter: QPainter, size: QSizeF) -> None:
        left, right = theme.px(self._margins[0]), size.width() - theme.px(self._margins[1])
        if self._missing:
            right -= theme.px(60)
        area = QRectF(left, theme.px(1), max(right - left, 1), theme.px(THICKNESS - 1))
        n_pixels = max(1, round(area.width() * export.pixel_ratio(painter)))
        row = color_table(self._colormap)[np.linspace(0, 255, n_pixels).round().astype(int)]
        painter.drawImage(area, to_image(np.repeat(row[None, :], 2, axis=0)))
        scale = Scale(self._low, self._high, area.left(), area.right())
        level = area.bottom() + theme.px(9)
        for value, words in bar_ticks(scale, theme.px(2 * LABEL_GAP)):
            half = paint.text_width(words) / 2
            x = min(max(scale.pixel(value), area.left() + half), area.right() - half)
            paint.put(painter, x, level, words, align="center")
        if self._missing:
            self._draw_patch(painter, right + theme.px(14), area.center().y())

    def _draw_patch(self, painter: QPainter, x: float, y: float) -> None:
        side = theme.px(THICKNESS)
        painter.fillRect(QRectF(x, round(y - side / 2), side, side), theme.color("missing"))
        paint.put(painter, x + side + theme.px(5), y, self._missing)

    def _actual_lines(self) -> list[str]:
        if self._actual is None:
            return []
        low, high = (text.decimal(value, 2) for value in self._actual)
        return [self._actual_words, tr("{low} to", low=low), high]
