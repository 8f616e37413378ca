"""One weight of a user: its name, value, and a track that shows where other users are."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui.text import contribution, tr
from alsgui.ui import theme
from alsgui.ui.widgets import paint


class WeightSlider(QWidget):
    """Slider in the colour of users, with the range of most users as a band and their mean as a tick.

    Parameters
    ----------
    index
        Number of the attribute, as shown (from 1).
    ends
        What stands at the low and at the high end of the attribute; muted `unnamed` if nothing is known.
    name
        What a person calls the attribute, in place of its ends.

    Signals
    -------
    moved(float)
        The person moved the handle to this weight.
    """

    moved = Signal(float)

    def __init__(self, index: int, ends: tuple[str, str] | None = None, name: str = "") -> None:
        super().__init__()
        self._index, self._ends, self._name = index, ends, name
        self._low, self._high, self._mean = -1.0, 1.0, 0.0
        self._band = (-0.5, 0.5)
        self._value = self._own = 0.0
        self._other: float | None = None
        self._enters = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = tr("Drag, or use the arrow keys. Double-click brings the weight back.")
        self.setToolTip(f"{paint.BETWEEN.join(ends)}\n{words}" if ends else words)
        self._describe()

    def value(self) -> float:
        """Weight shown."""
        return self._value

    def set_value(self, value: float, *, own: bool = True) -> None:
        """Show a weight without a signal; `own` makes it the one that a double click brings back."""
        if own:
            self._own = value
        if value != self._value:
            self._value = value
            self._describe()
            self.update()

    def set_other(self, value: float | None) -> None:
        """Mark another person's weight beside this one; None marks none."""
        if value != self._other:
            self._other = value
            self.update()

    def set_range(self, low: float, high: float, band: tuple[float, float], mean: float) -> None:
        """Set the ends of the track, the 5 and 95 % quantiles of all users, and their mean."""
        self._low, self._high, self._band, self._mean = low, high, band, mean
        self.update()

    def sizeHint(self) -> QSize:
        """Line of words over the track."""
        return QSize(theme.px(248), theme.px(41))

    def minimumSizeHint(self) -> QSize:
        """Narrower, but as high."""
        return QSize(theme.px(120), theme.px(41))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle to the pointer."""
        if event.button() is Qt.MouseButton.LeftButton and event.position().y() > theme.px(18):
            self._move(self._at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(self._at(event.position().x()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Bring the weight back."""
        self._move(self._own)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by arrows and pages, go to the ends, bring the weight back by Delete."""
        step = (self._high - self._low) / 100
        places = {
            Qt.Key.Key_Left: self._value - step,
            Qt.Key.Key_Down: self._value - step,
            Qt.Key.Key_Right: self._value + step,
            Qt.Key.Key_Up: self._value + step,
            Qt.Key.Key_PageDown: self._value - 10 * step,
            Qt.Key.Key_PageUp: self._value + 10 * step,
            Qt.Key.Key_Home: self._low,
            Qt.Key.Key_End: self._high,
            Qt.Key.Key_Delete: self._own,
        }
        place = places.get(Qt.Key(event.key()))
        if place is None:
            super().keyPressEvent(event)
        else:
            self._move(place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring only to the keyboard."""
        self._enters = event.reason() is not Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw words, track, band, tick and handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, level = theme.px, float(theme.px(29))
        value = contribution(self._value)
        room = self.width() - paint.text_width(value, 12, 500) - px(26)
        paint.put(painter, 0, px(10), str(self._index), size=12, weight=600)
        role = "text" if self._ends or self._name else "muted"
        name = self._name or (paint.elided_pair(self._ends, room, 12, 400) if self._ends else tr("unnamed"))
        paint.put(painter, px(21), px(10), name, role, size=12, weight=400, width=room)
        paint.put(painter, self.width(), px(10), value, "text", size=12, align="right")
        half = px(2)
        paint.bar(painter, QRectF(0, level - half, self.width(), 2 * half), "border", half)
        start, stop = (self._x(edge) for edge in self._band)
        violet = QColor(theme.color("user"))
        violet.setAlphaF(0.34)
        paint.bar(painter, QRectF(start, level - half * 1.5, max(stop - start, 1), 3 * half), violet, half * 1.5)
        paint.down(painter, self._x(self._mean), level - px(6), level + px(6), "border_strong")
        if self._other is not None:
            painter.setPen(QPen(theme.color("user"), 2, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(self._x(self._other), level), px(5), px(5))
        self._paint_handle(painter, QPointF(self._x(self._value), level))

    def _paint_handle(self, painter: QPainter, center: QPointF) -> None:
        if self.hasFocus() and self._enters:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(center, theme.px(9), theme.px(9))
        painter.setPen(QPen(theme.color("user" if self.isEnabled() else "faint"), 2))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(center, theme.px(6), theme.px(6))

    def _x(self, weight: float) -> float:
        margin = theme.px(10)
        share = (weight - self._low) / ((self._high - self._low) or 1.0)
        return margin + min(max(share, 0.0), 1.0) * (self.width() - 2 * margin)

    def _at(self, x: float) -> float:
        margin = theme.px(10)
        share = (x - margin) / max(self.width() - 2 * margin, 1)
        return self._low + share * (self._high - self._low)

    def _move(self, weight: float) -> None:
        weight = weight if weight == self._own else min(max(weight, self._low), self._high)
        if weight != self._value:
            self.set_value(weight, own=False)
            self.moved.emit(weight)

    def _describe(self) -> None:
        ends = paint.BETWEEN.join(self._ends) if self._ends else tr("attribute {number}", number=self._index)
        name = self._name or ends
        self.setAccessibleName(f"{name} {contribution(self._value)}")
