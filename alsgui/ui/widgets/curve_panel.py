"""One panel of curves over a shared axis: grid, lines, and labels at their ends that never overlap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from alsgui.ui import theme
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.axes import Scale, push_apart
from alsgui.ui.widgets.curve_thin import Numbers, upright, worth_a_stroke

LABEL_HEIGHT = 15
LABEL_OFFSET = 9
PIECE = 24
FEW_POINTS, PIXELS_PER_POINT, POINTS_PER_PIXEL = 120, 4.0, 1.5


@dataclass(frozen=True)
class Line:
    """One curve or, with a single value over all x, one dashed baseline.

    `x` and `y` are finite float arrays of one length. `strong` lines belong to the run that is current, their label
    stands beside `label`, a value of x and one of y; the label of the others stands beyond the end of the axis, at its
    level. A `ring` marks a point. A line that is `beyond` the panel is only named at the edge nearest to it.
    """

    x: Numbers
    y: Numbers
    role: str
    words: str
    strong: bool = False
    dashed: bool = False
    label: tuple[float, float] | None = None
    ring: tuple[float, float] | None = None
    beyond: bool = False


@dataclass(frozen=True)
class Panel:
    """Area with its two scales; draws lines, grid and labels.

    `area` reaches over the room for the labels, which begins where `x_scale` stops.
    """

    area: QRectF
    x_scale: Scale
    y_scale: Scale
    tick_words: Callable[[float], str]
    ticks: Sequence[float]

    def draw(self, painter: QPainter, lines: Sequence[Line]) -> None:
        """Grid, lines (the strong ones last), labels."""
        for tick in self.ticks:
            level = self.y_scale.pixel(tick)
            if self.area.top() <= level <= self.area.bottom() - theme.px(5):
                paint.across(painter, self.area.left(), self.area.right(), level, "grid")
                paint.put(painter, self.area.left() - theme.px(6), level, self.tick_words(tick), align="right")
        paint.across(painter, self.area.left(), self.area.right(), self.area.bottom(), "border")
        painter.save()
        painter.setClipRect(self.room.adjusted(-1, -1, 1, 1))
        for line in sorted(lines, key=lambda line: line.strong):
            self._draw_line(painter, line)
        painter.restore()
        for line in lines:
            if line.ring is not None and self.room.contains(self._place(line.ring)):
                self._draw_ring(painter, self._place(line.ring), line.role)
        self._draw_labels(painter, [line for line in lines if self._is_named(line)], lines)

    @property
    def room(self) -> QRectF:
        """Where curves are drawn."""
        return QRectF(self.area.topLeft(), QPointF(self.x_scale.stop, self.area.bottom()))

    def _is_named(self, line: Line) -> bool:
        """Whether it has a label; what is pale has none where it is out of sight."""
        if not line.words or line.label is None:
            return False
        return line.strong or line.beyond or self.area.top() <= self._place(line.label).y() <= self.area.bottom()

    def _draw_line(self, painter: QPainter, line: Line) -> None:
        if line.beyond or not len(line.x):
            return
        across, up = self.x_scale.pixels(line.x), self.y_scale.pixels(line.y)
        last = QPointF(across[-1], up[-1])
        if len(across) == 1:
            paint.dot(painter, last, 3 if line.strong else 2, line.role)
            return
        pen = QPen(theme.color(line.role), 2 if line.strong else 1.2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin if line.strong else Qt.PenJoinStyle.BevelJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)  # pieces that overlap would show as dots
        if line.dashed:
            pen.setWidthF(1)
            pen.setDashPattern([4, 2.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._stroke(painter, across, up)
        end = self.x_scale.stop
        if not line.strong and last.x() < end - theme.px(12):
            pen.setDashPattern([1, 4])
            painter.setPen(pen)
            painter.drawLine(last, QPointF(end, last.y()))

    def _stroke(self, painter: QPainter, across: Numbers, up: Numbers) -> None:
        if len(across) > FEW_POINTS:
            kept = worth_a_stroke(across, up, PIXELS_PER_POINT)
            across, up = across[kept], up[kept]
        if len(across) > POINTS_PER_PIXEL * (across[-1] - across[0]):
            # Where it goes up and down within each pixel, a line is a row of upright strokes, at a fifth of the cost.
            x, high, low = upright(across, up)
            painter.drawLines(list(map(QLineF, x.tolist(), high.tolist(), x.tolist(), low.tolist())))
            return
        # Qt strokes a path in time that grows with the square of its length: short pieces are three times as fast.
        points = list(map(QPointF, across.tolist(), up.tolist()))
        for first in range(0, len(points) - 1, PIECE):
            painter.drawPolyline(QPolygonF(points[first : first + PIECE + 1]))

    def _draw_ring(self, painter: QPainter, place: QPointF, role: str) -> None:
        painter.setPen(QPen(theme.color(role), 2))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(place, theme.px(4.5), theme.px(4.5))

    def _draw_labels(self, painter: QPainter, lines: Sequence[Line], obstacles: Sequence[Line]) -> None:
        gutter = self.x_scale.stop + theme.px(LABEL_OFFSET)
        lefts, levels = [], []
        for line in lines:
            place = self._place(line.label)
            lefts.append(place.x() + theme.px(LABEL_OFFSET) if line.strong else gutter)
            levels.append(self._free_level(place, obstacles) if line.strong else place.y())
        ends = [
            left + paint.text_width(line.words, 12, 600) + theme.px(LABEL_OFFSET)
            for left, line in zip(lefts, lines, strict=True)
        ]
        in_gutter = [end > gutter for end in ends]
        for beyond in (True, False):
            group = [index for index, is_beyond in enumerate(in_gutter) if is_beyond == beyond]
            placed = push_apart(
                [levels[index] for index in group],
                theme.px(LABEL_HEIGHT),
                self.area.top() + theme.px(5),
                self.area.bottom() - theme.px(8),
            )
            for index, level in zip(group, placed, strict=True):
                line = lines[index]
                role, weight = (line.role, 600) if line.strong else ("muted", 500)
                size = 12 if line.strong else 11
                if not beyond:  # dotted lines of other runs may pass here
                    width = paint.text_width(line.words, size, weight)
                    half = theme.px(LABEL_HEIGHT) / 2
                    box = QRectF(lefts[index], level - half, width, 2 * half).adjusted(-3, 0, 3, 0)
                    painter.fillRect(box, theme.color("surface"))
                paint.put(painter, lefts[index], level, line.words, role, size=size, weight=weight)

    def _free_level(self, place: QPointF, lines: Sequence[Line]) -> float:
        """Level of a label beside `place` where no line runs through the words."""
        x = self.x_scale.value(place.x() + theme.px(40))
        others = [
            self.y_scale.pixel(float(np.interp(x, other.x, other.y)))
            for other in lines
            if not other.beyond and len(other.x) > 1 and other.x[-1] >= x
        ]
        for shift in (0, LABEL_HEIGHT, -LABEL_HEIGHT, 2 * LABEL_HEIGHT):
            level = place.y() + theme.px(1) * shift
            if all(abs(level - other) > theme.px(7) for other in others):
                return level
        return place.y() + theme.px(LABEL_HEIGHT)

    def _place(self, point: tuple[float, float] | None) -> QPointF:
        x, y = point or (0.0, 0.0)
        return QPointF(self.x_scale.pixel(x), self.y_scale.pixel(y))
