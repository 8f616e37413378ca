"""A loss before and after, each as one bar of its three terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QPainter

from alsgui.ui import theme
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.plot import Plot

ROW, LEGEND = 26, 20
ROLES = ("holdout", "user", "movie")


@dataclass(frozen=True)
class LossBar:
    """One bar: its name, its terms, and these with their sum as they are written."""

    name: str
    terms: Sequence[float]
    texts: Sequence[str]


class LossBars(Plot):
    """Bars of one scale; the three terms add up to the number at the right."""

    def __init__(self, name: str, legend: Sequence[str]) -> None:
        super().__init__(name)
        self._legend = tuple(legend)
        self.bars: Sequence[LossBar] = ()

    def set_bars(self, bars: Sequence[LossBar]) -> None:
        """Show other bars."""
        self.bars = bars
        self.update()

    def sizeHint(self) -> QSize:
        """Two bars and the legend."""
        return QSize(theme.px(240), theme.px(2 * ROW + LEGEND))

    def minimumSizeHint(self) -> QSize:
        """As the hint, narrower."""
        return QSize(theme.px(120), self.sizeHint().height())

    def numbers_csv(self) -> str:
        """The terms and L."""
        lines = [",".join(["", *self._legend, "L"])]
        lines += [",".join([bar.name, *bar.texts]) for bar in self.bars]
        return "\r\n".join([*lines, ""])

    def tip_at(self, position: QPointF) -> str:
        """The terms of the bar under the pointer."""
        at = int(position.y() // theme.px(ROW))
        if not 0 <= at < len(self.bars):
            return ""
        texts = self.bars[at].texts
        parts = [f"{word} {text}" for word, text in zip(self._legend, texts, strict=False)]
        return f"{' + '.join(parts)} = {texts[-1]}"

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Draw names, bars, sums, and what the colours are."""
        px = theme.px
        numbers = max((paint.text_width(bar.texts[-1], 12, 600) for bar in self.bars), default=0.0)
        left, right = px(50), size.width() - numbers - px(10)
        largest = max((sum(bar.terms) for bar in self.bars), default=1.0) or 1.0
        for number, bar in enumerate(self.bars):
            y = (number + 0.5) * px(ROW)
            paint.put(painter, 0, y, bar.name, size=12, weight=400)
            x = float(left)
            for term, role in zip(bar.terms, ROLES, strict=True):
                width = (right - left) * term / largest
                paint.bar(painter, QRectF(x, y - px(6), max(width - 1, 0.5), px(12)), role, 0)
                x += width
            paint.put(painter, size.width(), y, bar.texts[-1], "text", size=12, weight=600, align="right")
        x, y = float(left), 2 * px(ROW) + px(8)
        for word, role in zip(self._legend, ROLES, strict=True):
            paint.bar(painter, QRectF(x, y - px(4), px(8), px(8)), role, 1)
            x += px(12) + paint.put(painter, x + px(12), y, word, size=11) + px(14)
