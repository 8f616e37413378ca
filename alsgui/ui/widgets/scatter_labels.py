"""Where the names of points are written, so that none lies over another."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from alsgui.ui import theme
from alsgui.ui.widgets import paint

HEIGHT, GRAIN = 15, 3.0
_RIM = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1), (-1, 1), (1, -1))

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


def placed(spots: Iterable[Spot], words: Callable[[int], str], room: Room, most: int) -> list[tuple[int, QRectF]]:
    """Up to `most` names, the first spots first, each to the right of its point, else left, above or below."""
    found: list[tuple[int, QRectF]] = []
    for at, x, y, radius in spots:
        if len(found) >= most:
            break
        width, height, gap = paint.text_width(words(at)), float(theme.px(HEIGHT)), radius + theme.px(3)
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


def haloed(painter: QPainter, x: float, y: float, words: str) -> None:
    """Words that can be read over points: on a rim of the ground's colour."""
    for across, down in _RIM:
        paint.put(painter, x + 1.2 * across, y + 1.2 * down, words, "surface")
    paint.put(painter, x, y, words, "text")
