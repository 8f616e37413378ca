"""Where a prediction comes from: steps from the mean to the sum, in stars, whose shown numbers add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale, digits_of, round_ticks
from alsgui.ui.widgets.plot import Plot

ROW, BAR, AXIS = 22, 11, 20
SYMBOLS, NAMES, VALUES, AIR = 24, 140, 42, 13


@dataclass(frozen=True)
class Step:
    """One row: a symbol in the colour of its role, words, and what it adds."""

    symbol: str
    label: str
    value: float
    role: str = "muted"


class Waterfall(Plot):
    """Dot at the first value, one bar per further step, a rule, and the sum.

    Parameters
    ----------
    name
        Accessible name.
    parent
        Parent widget.
    """

    def __init__(self, name: str = "Where the prediction comes from", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._steps: list[Step] = []
        self._shown: list[float] = []
        self._total, self._digits = 0.0, 2
        self._total_label = tr("Prediction")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_steps(
        self, steps: Sequence[tuple[str, str, float, str]], total: float, label: str = "", digits: int = 2
    ) -> None:
        """Show `steps` (symbol, label, value, role); the first is the start, all add up to `total`.

        Stars have two `digits`; scores have three.
        """
        self._digits = digits
        self._steps = [Step(*step) for step in steps]
        self._total = total
        self._total_label = label or tr("Prediction")
        self._shown = text.rounded_parts([step.value for step in self._steps], total, digits)
        shown = text.decimal(total, digits)
        self.setAccessibleDescription(tr("{steps} steps add up to {total}", steps=len(steps), total=shown))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One row per step, one for the sum, and the axis."""
        return QSize(theme.px(288), theme.px(ROW) * (len(self._steps) + 1) + theme.px(AXIS))

    def minimumSizeHint(self) -> QSize:
        """All rows, and a chart that can still be read."""
        return QSize(theme.px(NAMES + VALUES + 60), self.sizeHint().height())

    def numbers_csv(self) -> str:
        """One line per step, as shown, and the sum."""
        written = [f"{value:.{self._digits}f}" for value in (*self._shown, self._total)]
        rows = [(step.symbol, step.label, value) for step, value in zip(self._steps, written, strict=False)]
        unit = "stars" if self._digits == 2 else "score"
        return export.csv_text([("symbol", "label", unit), *rows, ("", self._total_label, written[-1])])

    def tip_at(self, position: QPointF) -> str:
        """Full words and more digits of the row under the cursor."""
        row = int(position.y() // theme.px(ROW))
        if 0 <= row < len(self._steps):
            step = self._steps[row]
            return f"{step.label}  {text.decimal(step.value, 4, sign=row > 0)}"
        return ""

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Rows, connectors, rule, sum and axis."""
        if not self._steps:
            return
        levels = [theme.px(ROW) * (index + 0.5) for index in range(len(self._steps) + 1)]
        sums = list(accumulate(step.value for step in self._steps))
        scale = self._scale(size, [*sums, self._total])
        self._draw_axis(painter, scale, levels[-1])
        for index, (step, shown) in enumerate(zip(self._steps, self._shown, strict=True)):
            self._draw_words(painter, size, levels[index], step, shown, is_start=index == 0)
            end, below = scale.pixel(sums[index]), index == len(self._steps) - 1
            stop = levels[index + 1] + (0 if below else theme.px(BAR) / 2)
            paint.down(painter, end, levels[index], stop, "border_strong")
        for index in range(1, len(self._steps)):
            start, end = sorted((scale.pixel(sums[index - 1]), scale.pixel(sums[index])))
            height = theme.px(BAR)
            area = QRectF(start, levels[index] - height / 2, max(end - start, 1.5), height)
            paint.bar(painter, area, "positive" if self._steps[index].value >= 0 else "negative")
        paint.dot(painter, QPointF(scale.pixel(sums[0]), levels[0]), theme.px(4), "muted")
        self._draw_sum(painter, size, scale, levels[-1])

    def _names(self, size: QSizeF) -> float:
        """Width of symbols and labels: less where there is little room, so that the chart keeps a part."""
        return min(theme.px(NAMES), 0.6 * (size.width() - theme.px(VALUES + 2 * AIR)))

    def _scale(self, size: QSizeF, values: Sequence[float]) -> Scale:
        low, high = min(values), max(values)
        unit = 10.0**-self._digits
        if high - low < 2 * unit:
            low, high = low - 25 * unit, high + 25 * unit
        left, right = self._names(size) + theme.px(AIR), size.width() - theme.px(VALUES + AIR - 6)
        return Scale(low, high, left, max(right, left + 1))

    def _draw_words(
        self, painter: QPainter, size: QSizeF, level: float, step: Step, shown: float, *, is_start: bool
    ) -> None:
        paint.put(painter, 0, level, step.symbol, step.role, size=12, weight=600)
        room = self._names(size) - theme.px(SYMBOLS - 4)
        paint.put(painter, theme.px(SYMBOLS), level, step.label, "text", size=12, weight=400, width=room)
        words = text.decimal(shown, self._digits, sign=not is_start)
        paint.put(painter, size.width(), level, words, "text", size=12, weight=400, align="right")

    def _draw_sum(self, painter: QPainter, size: QSizeF, scale: Scale, level: float) -> None:
        rule = level - theme.px(ROW) / 2
        paint.across(painter, 0, self._names(size), rule, "border_strong")
        paint.across(painter, size.width() - theme.px(VALUES), size.width(), rule, "border_strong")
        paint.put(painter, 0, level, self._total_label, "text", size=13, weight=600, width=self._names(size))
        paint.dot(painter, QPointF(scale.pixel(self._total), level), theme.px(5), "text")
        words = text.decimal(self._total, self._digits)
        paint.put(painter, size.width(), level, words, "text", size=13, weight=600, align="right")

    def _draw_axis(self, painter: QPainter, scale: Scale, last_level: float) -> None:
        ticks, digits = _ticks_with_room(scale)
        for tick in ticks:
            x = scale.pixel(tick)
            paint.down(painter, x, 0, last_level + theme.px(8), "grid")
            paint.put(painter, x, last_level + theme.px(20), text.decimal(tick, digits), size=10, align="center")


def _ticks_with_room(scale: Scale) -> tuple[list[float], int]:
    """As many round ticks as have room for their labels, and the decimals of those."""
    metrics = QFontMetricsF(theme.font(10, 500))
    for n_steps in range(5, 0, -1):
        ticks = round_ticks(scale.low, scale.high, n_steps)
        digits = max(1, digits_of(ticks))
        width = metrics.horizontalAdvance(text.decimal(scale.high, digits)) + theme.px(6)
        if len(ticks) < 2 or scale.pixel(ticks[1]) - scale.pixel(ticks[0]) >= width:
            break
    return ticks, digits
