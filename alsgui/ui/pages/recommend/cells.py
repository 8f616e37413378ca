"""What the ranked table draws itself: the dot on its axis, the bold prediction, and the tooltips of rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from alsgui import text
from alsgui.core.ratings import Floats
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.axes import round_step, round_ticks
from alsgui.ui.widgets.table_cells import ScoreCell

ROWS_ON_AXIS = 200
"""The axis of the scores ends at this row: over a whole long list the best would stand on top of one another."""

SCORE_WORDS = text.tr("Score, about 0 to 1, not a rating")


def score_axis(predicted: Floats, shortest: float = 0.2, reach: float = 0.0) -> tuple[float, float, list[float]]:
    """Ends and ticks of the axis for predictions from the best to the worst; it is at least `shortest` long.

    Bands of half width `reach` have room at the upper end.

    The ends lie on quarters of a step, so that they stay while a slider moves the list a little.
    """
    shown = predicted[:ROWS_ON_AXIS]
    high = float(shown[0]) if len(shown) else 1.0
    high += reach
    low = min(float(shown[-1]) if len(shown) else 0.0, high - shortest)
    step = round_step(high - low, 3)
    start, stop = math.floor(low / step * 4) * step / 4, math.ceil(high / step * 4) * step / 4
    return start, stop, round_ticks(start, stop, 3)


class DotCell(ScoreCell):
    """Prediction as a dot on an axis; one that lies below the axis is an arrow at its end."""

    def __init__(self, predicted: Floats, shortest: float = 0.2, reach: float = 0.0) -> None:
        self._start, stop, ticks = score_axis(predicted, shortest, reach)
        super().__init__(self._start, stop, ticks)

    def paint(self, painter: QPainter, area: QRectF, value: Any) -> None:
        """Draw one prediction and the half width of its band, in stars."""
        if value[0] >= self._start:
            super().paint(painter, area, value)
            return
        left, level, side = area.left() + theme.px(4), area.center().y(), theme.px(4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("muted"))
        corners = (QPointF(left, level), QPointF(left + side, level - side), QPointF(left + side, level + side))
        painter.drawPolygon(QPolygonF(corners))


class BoldCell:
    """Number in semibold at the right; the head is left to the table."""

    def __init__(self, words: Callable[[Any], str]) -> None:
        self._words = words

    def paint(self, painter: QPainter, area: QRectF, value: Any) -> None:
        """Write the number."""
        words = self._words(value)
        paint.put(painter, area.right(), area.center().y(), words, "text", size=13, weight=600, align="right")

    def paint_head(self, painter: QPainter, area: QRectF) -> bool:
        """Leave the title."""
        return False


class RankedModel(ArrayTableModel):
    """Table model whose rows explain themselves under the pointer."""

    tip: Callable[[int], str] = staticmethod(lambda row: "")

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As the base, with the tooltip of the row."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(self.data_row(index.row())) or None
        return super().data(index, role)


def scale_words(predicted: float, low: float, high: float) -> str:
    """What a prediction outside the scale is on it; empty inside."""
    if low <= predicted <= high:
        return ""
    clipped = text.rating(float(np.clip(predicted, low, high)))
    return text.tr("On the scale from {low:g} to {high:g} it is {clipped}.", low=low, high=high, clipped=clipped)
