"""What sizes and colours of a map mean."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.plot import Plot
from alsgui.ui.widgets.point_map_cloud import Cloud, radii_of

LINE, WIDTH = 20, 78
STEPS = (1, 3, 10, 20, 50, 100, 300, 1000, 3000, 10_000, 30_000, 100_000)


class MapLegend(Plot):
    """Swatches of named colours, and circles of a few counts in the size of their points."""

    def __init__(self) -> None:
        super().__init__(tr("Legend"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._names: tuple[tuple[str, int], ...] = ()
        self._sizes: list[tuple[int, float]] = []

    def show_cloud(self, cloud: Cloud, names: tuple[tuple[str, int], ...]) -> None:
        """Explain the points of a cloud."""
        self._names = names
        shown = _usual(cloud.counts)
        most = max(float(cloud.counts.max(initial=0)), 1.0)
        radii = radii_of(np.array(shown, np.int64), most, len(cloud.counts))
        self._sizes = [(n, float(radius)) for n, radius in zip(shown, radii, strict=True)]
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A line for each swatch and size."""
        n_lines = len(self._names) + len(self._sizes) + 1 + bool(self._names)
        return QSize(theme.px(WIDTH), theme.px(LINE) * n_lines + theme.px(8))

    def minimumSizeHint(self) -> QSize:
        """All of it."""
        return self.sizeHint()

    def numbers_csv(self) -> str:
        """Names and colours, counts and radii."""
        rows = [(name, f"#{rgb:06X}") for name, rgb in self._names]
        return export.csv_text([("what", "shown as"), *rows, *((n, f"{radius:.3g}") for n, radius in self._sizes)])

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Draw swatches, then circles."""
        level = theme.px(LINE) / 2
        middle = float(theme.px(8))
        if self._names:
            paint.put(painter, 0, level, tr("genre"))
            level += theme.px(LINE)
        for name, rgb in self._names:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor.fromRgb(rgb))
            painter.drawEllipse(QPointF(middle, level), theme.px(4), theme.px(4))
            paint.put(painter, middle + theme.px(10), level, name, width=size.width() - middle - theme.px(10))
            level += theme.px(LINE)
        paint.put(painter, 0, level, tr("ratings"))
        for n, radius in self._sizes:
            level += theme.px(LINE)
            painter.setPen(QPen(theme.color("muted"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            side = radius * theme.px(100) / 100
            painter.drawEllipse(QRectF(middle - side, level - side, 2 * side, 2 * side))
            paint.put(painter, middle + theme.px(12), level, text.count(n))


def _usual(counts: np.ndarray[tuple[int], np.dtype[np.integer]]) -> list[int]:
    """Three round counts between the fewest and the most."""
    low, high = (int(counts.min()), int(counts.max())) if len(counts) else (0, 0)
    inside = [n for n in STEPS if low <= n <= high]
    return inside if len(inside) <= 3 else [inside[0], inside[len(inside) // 2], inside[-1]]
