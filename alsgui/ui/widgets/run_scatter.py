"""Predictions of two runs for the same cells, one against the other, in the colours of what was rated."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale, digits_of, round_ticks
from alsgui.ui.widgets.image import color_in_map
from alsgui.ui.widgets.plot import Plot

Numbers = NDArray[np.floating]

LEFT, BELOW, REACH = 44, 40, 8


class RunScatter(Plot):
    """Dots of (first, second), coloured by a third number, with the line of equal predictions.

    Signals
    -------
    dot_chosen(int)
        Number of the dot that was clicked.
    """

    dot_chosen = Signal(int)

    smallest = (220, 180)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        none = np.empty(0)
        self._first: Numbers = none
        self._second: Numbers = none
        self._colour: Numbers = none
        self._titles = ("", "")
        self._words: Callable[[int], str] = lambda number: ""

    def set_dots(
        self, first: Numbers, second: Numbers, colour: Numbers, titles: tuple[str, str], words: Callable[[int], str]
    ) -> None:
        """Show these; `titles` name the axes (across, up), `words` says what a dot is."""
        self._first, self._second, self._colour = first, second, colour
        self._titles, self._words = titles, words
        self.setAccessibleDescription(tr("{n} predictions", n=text.count(len(first))))
        self.update()

    def sizeHint(self) -> QSize:
        """About square."""
        return QSize(theme.px(340), theme.px(320))

    def numbers_csv(self) -> str:
        """One line for each dot."""
        rows: list[tuple[object, ...]] = [(*self._titles, "rated")]
        rows += [
            tuple(f"{value:.10g}" for value in dot) for dot in zip(self._first, self._second, self._colour, strict=True)
        ]
        return export.csv_text(rows)

    def tip_at(self, position: QPointF) -> str:
        """The dot under the cursor."""
        number = self._nearest(position)
        return self._words(number) if number is not None else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the dot under the cursor."""
        number = self._nearest(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.dot_chosen.emit(number)
        else:
            super().mousePressEvent(event)

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Grid, line of equality, dots."""
        if not len(self._first):
            return
        x_scale, y_scale, area = self._scales(size)
        for scale, across in ((y_scale, True), (x_scale, False)):
            ticks = round_ticks(scale.low, scale.high, 5)
            digits = max(1, digits_of(ticks))
            for tick in ticks:
                place, words = scale.pixel(tick), text.decimal(tick, digits)
                if across:
                    paint.across(painter, area.left(), area.right(), place, "grid")
                    paint.put(painter, area.left() - theme.px(6), place, words, align="right")
                else:
                    paint.put(painter, place, area.bottom() + theme.px(11), words, align="center")
        paint.put(painter, area.center().x(), area.bottom() + theme.px(29), self._titles[0], align="center")
        painter.save()
        painter.translate(theme.px(8), area.center().y())
        painter.rotate(-90)
        paint.put(painter, 0, 0, self._titles[1], align="center", width=area.height())
        painter.restore()
        self._draw_equality(painter, x_scale, y_scale)
        self._draw_dots(painter, x_scale, y_scale)

    def _draw_equality(self, painter: QPainter, x_scale: Scale, y_scale: Scale) -> None:
        low, high = max(x_scale.low, y_scale.low), min(x_scale.high, y_scale.high)
        if high > low:
            pen = QPen(theme.color("border_strong"), 1)
            pen.setDashPattern([4, 2.5])
            painter.setPen(pen)
            ends = [QPointF(x_scale.pixel(value), y_scale.pixel(value)) for value in (low, high)]
            painter.drawLine(*ends)

    def _draw_dots(self, painter: QPainter, x_scale: Scale, y_scale: Scale) -> None:
        """Dots of one colour at a time: a pen is dear, a point is cheap."""
        across = x_scale.pixels(self._first.astype(np.float64))
        up = y_scale.pixels(self._second.astype(np.float64))
        low, high = float(self._colour.min()), float(self._colour.max())
        shades = np.round((self._colour - low) / max(high - low, 1e-12) * 16)
        for shade in np.unique(shades):
            colour = QColor(color_in_map(low + float(shade) / 16 * (high - low), low, high, "viridis"))
            colour.setAlphaF(0.7)
            pen = QPen(colour, theme.px(4.5))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints([QPointF(across[at], up[at]) for at in np.flatnonzero(shades == shade)])

    def _scales(self, size: QSizeF) -> tuple[Scale, Scale, QRectF]:
        px = theme.px
        area = QRectF(px(LEFT), px(6), max(size.width() - px(LEFT + 10), 1), max(size.height() - px(BELOW + 6), 1))
        ends = [(float(values.min()), float(values.max())) for values in (self._first, self._second)]
        rooms = [0.03 * (high - low) or 0.05 for low, high in ends]
        return (
            Scale(ends[0][0] - rooms[0], ends[0][1] + rooms[0], area.left(), area.right()),
            Scale(ends[1][0] - rooms[1], ends[1][1] + rooms[1], area.bottom(), area.top()),
            area,
        )

    def _nearest(self, position: QPointF) -> int | None:
        if not len(self._first):
            return None
        x_scale, y_scale, _ = self._scales(QSizeF(self.size()))
        across = x_scale.pixels(self._first.astype(np.float64)) - position.x()
        up = y_scale.pixels(self._second.astype(np.float64)) - position.y()
        away = np.hypot(across, up)
        number = int(np.argmin(away))
        return number if away[number] <= theme.px(REACH) else None
