"""Curves of an error with bands of one standard error, against a setting on a linear or logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale, digits_of, power_ticks, push_apart, round_ticks
from alsgui.ui.widgets.plot import Plot

LEFT, BELOW, WIDEST_NAME = 44, 40, 150


@dataclass(frozen=True, eq=False)
class ErrorCurve:
    """One curve: x, y and the standard errors of y (NaN for none); `strong` in the colour of `role`, else pale."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    errors: Sequence[float] = ()
    role: str = "holdout"
    strong: bool = False
    dashed: bool = False


class ErrorCurves(Plot):
    """Curves against a setting, each named at its end; the numbers of each point under the cursor."""

    smallest = (220, 180)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._curves: list[ErrorCurve] = []
        self._x_title = ""
        self._x_words: Sequence[tuple[float, str]] = ()
        self._log_x = self._log_y = False
        self._ceiling: float | None = None

    def set_curves(
        self,
        curves: Sequence[ErrorCurve],
        x_title: str,
        x_words: Sequence[tuple[float, str]] = (),
        *,
        log_x: bool = False,
        log_y: bool = False,
        ceiling: float | None = None,
    ) -> None:
        """Show these.

        Parameters
        ----------
        x_title
            Name of the setting, with its unit.
        x_words
            Places and words of the ticks; none for round numbers.
        ceiling
            Values above may leave the panel.
        """
        self._curves, self._x_title, self._x_words = list(curves), x_title, x_words
        self._log_x, self._log_y, self._ceiling = log_x, log_y, ceiling
        self.setAccessibleDescription("; ".join(self._readings(curve) for curve in curves if curve.strong))
        self.update()

    def sizeHint(self) -> QSize:
        """The narrower of two cards."""
        return QSize(theme.px(320), theme.px(320))

    def numbers_csv(self) -> str:
        """One line for each point."""
        rows: list[Sequence[object]] = [("curve", self._x_title, "value", "standard_error")]
        words = dict(self._x_words)
        for curve in self._curves:
            errors = curve.errors or [math.nan] * len(curve.x)
            for x, y, error in zip(curve.x, curve.y, errors, strict=True):
                if math.isfinite(y):
                    rows.append(
                        (
                            curve.name,
                            words.get(x, f"{x:.10g}"),
                            f"{y:.10g}",
                            f"{error:.10g}" if math.isfinite(error) else "",
                        )
                    )
        return export.csv_text(rows)

    def tip_at(self, position: QPointF) -> str:
        """The nearest point."""
        scales = self._scales(QSizeF(self.size()))
        if scales is None:
            return ""
        x_scale, y_scale = scales
        found = []
        for curve in self._curves:
            for at, (x, y) in enumerate(zip(curve.x, curve.y, strict=True)):
                if math.isfinite(y):
                    away = math.hypot(x_scale.pixel(x) - position.x(), y_scale.pixel(y) - position.y())
                    found.append((away, curve, at))
        away, curve, at = min(found, key=lambda each: each[0])
        if away > theme.px(24):
            return ""
        error = curve.errors[at] if curve.errors else math.nan
        se = f" ± {text.error_figure(error)}" if math.isfinite(error) else ""
        place = dict(self._x_words).get(curve.x[at], f"{curve.x[at]:.6g}")
        return f"{curve.name}\n{self._x_title} {place}\n{text.error_figure(curve.y[at])}{se}"

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Grid, curves, names."""
        scales = self._scales(size)
        if scales is None:
            return
        x_scale, y_scale = scales
        area = self._area(size)
        self._draw_axes(painter, area, x_scale, y_scale)
        painter.save()
        painter.setClipRect(area.adjusted(-theme.px(6), -theme.px(6), theme.px(6), 1))
        for curve in sorted(self._curves, key=lambda curve: curve.strong):
            self._draw_curve(painter, curve, x_scale, y_scale)
        painter.restore()
        self._draw_names(painter, area, y_scale)

    def _area(self, size: QSizeF) -> QRectF:
        px = theme.px
        width = max(size.width() - px(LEFT + 6) - self._room_for_names(), 1)
        return QRectF(px(LEFT), px(8), width, max(size.height() - px(BELOW + 8), 1))

    def _room_for_names(self) -> float:
        widest = max((paint.text_width(curve.name, weight=600) for curve in self._curves), default=0)
        return min(widest + theme.px(6), theme.px(WIDEST_NAME))

    def _scales(self, size: QSizeF) -> tuple[Scale, Scale] | None:
        points = [(x, y) for curve in self._curves for x, y in zip(curve.x, curve.y, strict=True) if math.isfinite(y)]
        if not points:
            return None
        area = self._area(size)
        xs, ys = zip(*points, strict=True)
        low, high = min(ys), max(ys)
        if self._ceiling is not None:
            high = max(min(high, self._ceiling), low)
        room = 0.06 * (high - low) or 0.01 * abs(high) or 1.0
        bottom = low / 1.1 if self._log_y else low - room
        top = high * 1.1 if self._log_y else high + room
        first, last = min(xs), max(xs)
        inset = theme.px(10)
        return (
            Scale(first, last, area.left() + inset, area.right() - inset, self._log_x),
            Scale(bottom, top, area.bottom(), area.top(), self._log_y),
        )

    def _draw_axes(self, painter: QPainter, area: QRectF, x_scale: Scale, y_scale: Scale) -> None:
        ticks = round_ticks(y_scale.low, y_scale.high, 5)
        digits = max(2, digits_of(ticks))
        if self._log_y:
            ticks = power_ticks(y_scale.low, y_scale.high)
        for tick in ticks:
            level = y_scale.pixel(tick)
            if area.top() <= level <= area.bottom():
                paint.across(painter, area.left(), area.right(), level, "grid")
                words = f"{tick:.0e}".replace("e-0", "e-") if self._log_y and tick < 0.01 else f"{tick:g}"
                words = words.replace("-", text.MINUS) if self._log_y else text.decimal(tick, digits)
                paint.put(painter, area.left() - theme.px(6), level, words, align="right")
        paint.across(painter, area.left(), area.right(), area.bottom(), "border")
        free = -math.inf
        for value, words in self._x_words or [(tick, f"{tick:.6g}") for tick in round_ticks(x_scale.low, x_scale.high)]:
            place, half = x_scale.pixel(value), paint.text_width(words) / 2 + theme.px(3)
            if place - half >= free:
                paint.put(painter, place, area.bottom() + theme.px(11), words, align="center")
                free = place + half
        paint.put(painter, area.center().x(), area.bottom() + theme.px(29), self._x_title, align="center")

    def _draw_curve(self, painter: QPainter, curve: ErrorCurve, x_scale: Scale, y_scale: Scale) -> None:
        shown = [at for at, y in enumerate(curve.y) if math.isfinite(y)]
        points = [QPointF(x_scale.pixel(curve.x[at]), y_scale.pixel(curve.y[at])) for at in shown]
        role = curve.role if curve.strong else "older"
        pen = QPen(theme.color(role), 2 if curve.strong else 1.2)
        if curve.dashed:
            pen.setDashPattern([4, 2.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        if not curve.strong or len(points) > 40:
            return
        for at, point in zip(shown, points, strict=True):
            error = curve.errors[at] if curve.errors else math.nan
            if math.isfinite(error):
                high, low = (y_scale.pixel(curve.y[at] + way * error) for way in (1, -1))
                paint.down(painter, point.x(), high, low, role)
            paint.dot(painter, point, theme.px(3.5), role)

    def _draw_names(self, painter: QPainter, area: QRectF, y_scale: Scale) -> None:
        named = [curve for curve in self._curves if any(math.isfinite(y) for y in curve.y)]
        ends = [next(y for y in reversed(curve.y) if math.isfinite(y)) for curve in named]
        wanted = [min(max(y_scale.pixel(y), area.top()), area.bottom()) for y in ends]
        levels = push_apart(wanted, theme.px(14), area.top() + theme.px(4), area.bottom() - theme.px(4))
        for curve, level in zip(named, levels, strict=True):
            role, weight = (curve.role, 600) if curve.strong else ("muted", 500)
            left = area.right() + theme.px(4)
            paint.put(painter, left, level, curve.name, role, weight=weight, width=self._room_for_names())

    @staticmethod
    def _readings(curve: ErrorCurve) -> str:
        known = np.asarray(curve.y)[np.isfinite(curve.y)]
        return f"{curve.name}  {text.error_figure(float(known.min()))}" if len(known) else curve.name
