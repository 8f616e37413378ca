"""Where the names of points are written, so that none lies over another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPixmap

from alsgui.ui import theme
from alsgui.ui.widgets import export, paint

HEIGHT, GRAIN, RIM = 15, 3.0, 3.0
MOST_KEPT = 1000
_AROUND = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1), (-1, 1), (1, -1))

Spot = tuple[int, float, float, float]
"""A point: its number, its place in pixels, its radius."""


class Room:
    """What is still free of an area, in grains of `GRAIN` pixels."""

    def __init__(self, area: QRectF) -> None:
        self._area = area
        self._taken = np.zeros((int(area.height() / GRAIN) + 2, int(area.width() / GRAIN) + 2), np.bool_)

    def take(self, place: QRectF) -> bool:
        """Take a place if it is free and inside."""
        if not self._area.contains(place):
            return False
        cells = self._cells(place)
        if self._taken[cells].any():
            return False
        self._taken[cells] = True
        return True

    def block(self, place: QRectF) -> None:
        """Take the part of a place that lies inside."""
        inside = place.intersected(self._area)
        if not inside.isEmpty():
            self._taken[self._cells(inside)] = True

    def _cells(self, place: QRectF) -> tuple[slice, slice]:
        left, top = place.left() - self._area.left(), place.top() - self._area.top()
        return (
            slice(int(top / GRAIN), int((top + place.height()) / GRAIN) + 1),
            slice(int(left / GRAIN), int((left + place.width()) / GRAIN) + 1),
        )


class Names:
    """Names as they are written over points: on a rim of the ground's colour. Drawn once, kept as pictures."""

    def __init__(self) -> None:
        self._widths: dict[str, float] = {}
        self._pictures: dict[tuple[str, float], QPixmap] = {}

    def forget(self) -> None:
        """Draw anew: colours or text size are others."""
        self._widths.clear()
        self._pictures.clear()

    def width(self, words: str) -> float:
        """Width of a name in pixels."""
        if words not in self._widths:
            self._widths[words] = paint.text_width(words)
        return self._widths[words]

    def draw(self, painter: QPainter, place: QRectF, words: str) -> None:
        """Draw a name into its place."""
        if painter.paintEngine().type() != QPaintEngine.Type.Raster:
            _write(painter, place.left(), place.center().y(), words)
            return
        ratio = export.pixel_ratio(painter)
        if len(self._pictures) > MOST_KEPT:
            self._pictures.clear()
        if (words, ratio) not in self._pictures:
            self._pictures[words, ratio] = self._picture(place, words, ratio)
        painter.drawPixmap(QPointF(place.left() - RIM, place.top() - RIM), self._pictures[words, ratio])

    @staticmethod
    def _picture(place: QRectF, words: str, ratio: float) -> QPixmap:
        size = QSizeF(place.width() + 2 * RIM, place.height() + 2 * RIM) * ratio
        made = QPixmap(ceil(size.width()), ceil(size.height()))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        with QPainter(made) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _write(painter, RIM, place.height() / 2 + RIM, words)
        return made


def placed(
    spots: Iterable[Spot], words: Callable[[int], str], names: Names, room: Room, most: int
) -> list[tuple[int, QRectF]]:
    """Up to `most` names, the first spots first, each to the right of its point, else left, above or below."""
    found: list[tuple[int, QRectF]] = []
    height, air = float(theme.px(HEIGHT)), float(theme.px(3))
    for at, x, y, radius in spots:
        if len(found) >= most:
            break
        width, gap = names.width(words(at)), radius + air
        corners = (
            (x + gap, y - height / 2),
            (x - gap - width, y - height / 2),
            (x - width / 2, y - gap - height),
            (x - width / 2, y + gap),
        )
        for corner in corners:
            place = QRectF(*corner, width, height)
            if room.take(place):
                found.append((at, place))
                break
    return found


def _write(painter: QPainter, x: float, y: float, words: str) -> None:
    for across, down in _AROUND:
        paint.put(painter, x + 1.2 * across, y + 1.2 * down, words, "surface")
    paint.put(painter, x, y, words, "text")
