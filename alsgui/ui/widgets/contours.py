"""A surface over two coordinates as contours on coloured ground, with a way across it and points that matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen

from alsgui.text import decimal, tr
from alsgui.ui import theme
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.axes import Scale, digits_of, round_ticks
from alsgui.ui.widgets.export import csv_text
from alsgui.ui.widgets.image import colored, to_image
from alsgui.ui.widgets.plot import Plot

if TYPE_CHECKING:
    from numpy import floating
    from numpy.typing import NDArray

LEFT, TOP, RIGHT, BOTTOM = 46, 10, 66, 40

Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Surface:
    """What is drawn.

    Parameters
    ----------
    first, second, values
        Grid of points and heights, each n x n; rows go up along the second coordinate.
    levels
        Heights of the contours, rising.
    titles, roles
        Names of the coordinates, and the tokens of their colours.
    way
        Points in the order in which they were reached.
    marks
        Points with the words beside them.
    """

    first: NDArray[floating]
    second: NDArray[floating]
    values: NDArray[floating]
    levels: Sequence[float]
    titles: tuple[str, str]
    roles: tuple[str, str]
    way: Sequence[Point] = ()
    marks: Sequence[tuple[Point, str]] = ()
    lines: list[list[NDArray[floating]]] = field(init=False)

    def __post_init__(self) -> None:
        from contourpy import contour_generator

        made = contour_generator(self.first, self.second, self.values)
        object.__setattr__(self, "lines", [list(made.lines(level)) for level in self.levels])


class ContourPlot(Plot):
    """Contours of a surface; where `movable`, the start of the way is put by mouse and arrows.

    Signals
    -------
    moved(float, float)
        The start was put elsewhere.
    """

    moved = Signal(float, float)

    def __init__(self, name: str, *, movable: bool = False) -> None:
        super().__init__(name)
        self.surface: Surface | None = None
        self._movable = movable

    def set_surface(self, surface: Surface) -> None:
        """Show another surface."""
        self.surface = surface
        self.update()

    def sizeHint(self) -> QSize:
        """Enough to read; it takes what room there is."""
        return QSize(theme.px(300), theme.px(190))

    def minimumSizeHint(self) -> QSize:
        """Room for axes and a few contours."""
        return QSize(theme.px(220), theme.px(190))

    def numbers_csv(self) -> str:
        """Heights at the points of the grid, then the way."""
        if self.surface is None:
            return ""
        each = (self.surface.first, self.surface.second, self.surface.values)
        rows = zip(*(array.ravel().tolist() for array in each), strict=True)
        way = [("way", *point, "") for point in self.surface.way]
        return csv_text([("", *self.surface.titles, "L"), *(("", *numbers) for numbers in rows), *way])

    def scales(self, size: QSizeF) -> tuple[Scale, Scale]:
        """From coordinates to pixels."""
        assert self.surface is not None
        px, first, second = theme.px, self.surface.first, self.surface.second
        across = Scale(float(first.min()), float(first.max()), px(LEFT), size.width() - px(RIGHT))
        up = Scale(float(second.min()), float(second.max()), size.height() - px(BOTTOM), px(TOP))
        return across, up

    def tip_at(self, position: QPointF) -> str:
        """Coordinates and height under the pointer."""
        if self.surface is None:
            return ""
        across, up = self.scales(QSizeF(self.size()))
        x, y = across.value(position.x()), up.value(position.y())
        if not (across.low <= x <= across.high and up.low <= y <= up.high):
            return ""
        n = len(self.surface.values) - 1
        row = round(n * (y - up.low) / (up.high - up.low))
        column = round(n * (x - across.low) / (across.high - across.low))
        titles, height = self.surface.titles, float(self.surface.values[row, column])
        return tr("{a} {x}, {b} {y}: L about {l}", a=titles[0], x=decimal(x, 2), b=titles[1], y=decimal(y, 2),
                  l=decimal(height, 2))  # fmt: skip

    # Drawing

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Draw ground, contours, axes, way and marks."""
        surface = self.surface
        if surface is None or not surface.levels:
            return
        across, up = self.scales(size)
        area = QRectF(QPointF(across.start, up.stop), QPointF(across.stop, up.start))
        self._draw_ground(painter, surface, area)
        painter.save()
        painter.setClipRect(area)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 110), 1))
        for lines in surface.lines:
            for line in lines:
                painter.drawPath(_path([(x, y) for x, y in line.tolist()], across, up))
        self._draw_way(painter, surface, across, up)
        painter.restore()
        self._draw_marks(painter, surface, across, up, area)
        self._draw_axes(painter, surface, across, up, size)
        self._draw_bar(painter, surface, area)

    @staticmethod
    def _ends(surface: Surface) -> tuple[float, float]:
        return float(surface.values.min()), surface.levels[-1]

    def _draw_ground(self, painter: QPainter, surface: Surface, area: QRectF) -> None:
        """Colours go by the square root of the height above the lowest point, as the contours do."""
        low, high = self._ends(surface)
        shares = ((surface.values - low) / ((high - low) or 1.0)).clip(0, 1) ** 0.5
        image = to_image(colored(shares[::-1].copy(), 0.0, 1.0, "viridis"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, image)

    def _draw_way(self, painter: QPainter, surface: Surface, across: Scale, up: Scale) -> None:
        if not surface.way:
            return
        path = _path(surface.way, across, up)
        for colour, width in ((QColor(0, 0, 0, 130), 4), (QColor("#FFFFFF"), 2)):
            painter.setPen(QPen(colour, width))
            painter.drawPath(path)
        for number, (x, y) in enumerate(surface.way):
            center = QPointF(across.pixel(x), up.pixel(y))
            painter.setPen(QPen(QColor(0, 0, 0, 130), 1))
            painter.setBrush(QColor("#FFFFFF"))
            radius = theme.px(6) if number == 0 and self._movable else theme.px(3)
            painter.drawEllipse(center, radius, radius)

    @staticmethod
    def _draw_marks(painter: QPainter, surface: Surface, across: Scale, up: Scale, area: QRectF) -> None:
        for (x, y), words in surface.marks:
            center = QPointF(across.pixel(x), up.pixel(y))
            if not area.contains(center):
                continue
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((QColor(0, 0, 0, 150), 5), (QColor("#FFFFFF"), 2)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(center, theme.px(8), theme.px(8))
            room = paint.text_width(words, weight=600) + theme.px(12)
            right = center.x() + theme.px(14) + room <= area.right()
            middle = center.x() + (theme.px(14) + room / 2 if right else -theme.px(14) - room / 2)
            paint.tag(painter, QPointF(middle, center.y()), words, "text")

    @staticmethod
    def _draw_axes(painter: QPainter, surface: Surface, across: Scale, up: Scale, size: QSizeF) -> None:
        px = theme.px
        ticks = round_ticks(across.low, across.high, 4)
        for tick in ticks:
            text = decimal(tick, digits_of(ticks))
            paint.put(painter, across.pixel(tick), up.start + px(11), text, align="center")
        ticks = round_ticks(up.low, up.high, 4)
        for tick in ticks:
            paint.put(painter, across.start - px(6), up.pixel(tick), decimal(tick, digits_of(ticks)), align="right")
        middle = (across.start + across.stop) / 2
        paint.put(painter, middle, size.height() - px(9), surface.titles[0], surface.roles[0], size=12, align="center")
        paint.put(painter, px(2), (up.start + up.stop) / 2, surface.titles[1], surface.roles[1], size=12)

    def _draw_bar(self, painter: QPainter, surface: Surface, area: QRectF) -> None:
        px, (low, high) = theme.px, self._ends(surface)
        table = theme.viridis()
        left, n = area.right() + px(12), 64
        for number in range(n):
            red, green, blue, _ = table[(number * 255) // (n - 1)].tolist()
            y = area.bottom() - (number + 1) * area.height() / n
            painter.fillRect(QRectF(left, y, px(10), area.height() / n + 1), QColor(red, green, blue))
        for share in (0.0, 0.5, 1.0):
            text = decimal(low + share**2 * (high - low), 1)
            if share == 1.0 and float(surface.values.max()) > high:
                text = f"≥ {text}"
            y = area.bottom() - share * area.height()
            y = min(max(y, area.top() + px(6)), area.bottom() - px(6))
            paint.put(painter, left + px(14), y, text)
        paint.put(painter, left, area.bottom() + px(11), "L", "text", weight=600)

    # Moving the start

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the start under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._put(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the start."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._put(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the start by arrows, a fortieth of the picture at a time."""
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        way = ways.get(Qt.Key(event.key()))
        if way is None or not self._movable or self.surface is None or not self.surface.way:
            super().keyPressEvent(event)
            return
        across, up = self.scales(QSizeF(self.size()))
        steps = ((across.high - across.low) / 40, (up.high - up.low) / 40)
        x, y = (at + step * sign for at, step, sign in zip(self.surface.way[0], steps, way, strict=True))
        self._move(x, y, across, up)

    def _put(self, position: QPointF) -> None:
        if self._movable and self.surface is not None:
            across, up = self.scales(QSizeF(self.size()))
            self._move(across.value(position.x()), up.value(position.y()), across, up)

    def _move(self, x: float, y: float, across: Scale, up: Scale) -> None:
        self.moved.emit(min(max(x, across.low), across.high), min(max(y, up.low), up.high))


def _path(points: Sequence[Point], across: Scale, up: Scale) -> QPainterPath:
    path = QPainterPath()
    for number, (x, y) in enumerate(points):
        place = QPointF(across.pixel(x), up.pixel(y))
        if number:
            path.lineTo(place)
        else:
            path.moveTo(place)
    return path
