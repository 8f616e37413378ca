"""Ratings as stars, in the colour of movies."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui.text import rating, tr
from alsgui.ui import icons, theme


def paint_stars(painter: QPainter, area: QRectF, value: float, highest: int = 5, size: float | None = None) -> None:
    """Draw `highest` stars at the left of `area`, `value` of them filled (halves are halves).

    Parameters
    ----------
    painter
        Where to draw.
    area
        Its height is that of the row; stars are in its middle.
    value
        Stars given; NaN is none.
    highest
        Stars in all.
    size
        Pixels from star to star; 12 at the text size if not given.
    """
    pitch = size or theme.px(12.4)
    top = area.center().y() - pitch / 2
    filled = 0.0 if math.isnan(value) else value
    for number in range(highest):
        box = QRectF(area.left() + number * pitch, top, pitch, pitch)
        icons.draw(painter, box, "star-fill", theme.color("border"))
        share = min(max(filled - number, 0.0), 1.0)
        if share > 0:
            painter.save()
            painter.setClipRect(QRectF(box.left(), box.top(), box.width() * share, box.height()))
            icons.draw(painter, box, "star-fill", theme.color("movie"))
            painter.restore()


class StarRating(QWidget):
    """Stars to press: click, drag, arrows or digits rate; Delete or a second click takes the rating away.

    Parameters
    ----------
    name
        What is rated, for screen readers.
    highest
        Stars in all.
    step
        Smallest difference between ratings, in stars.

    Signals
    -------
    rated(float)
        Stars given; NaN when taken away.
    """

    rated = Signal(float)

    def __init__(self, name: str = "", highest: int = 5, step: float = 0.5) -> None:
        super().__init__()
        self._name, self._highest, self._step = name, highest, step
        self._value = math.nan
        self._before = math.nan
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._describe()

    def value(self) -> float:
        """Stars given; NaN if not rated."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a rating without a signal."""
        self._value = value
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the stars and the focus ring."""
        return QSize(theme.px(16) * self._highest + theme.px(8), theme.px(24))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Rate."""
        self._before = self._value
        self._rate(self._at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Rate while dragging."""
        self._rate(self._at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the rating away where it was there already."""
        if self._before == self._value:
            self._rate(math.nan)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rate by arrows and digits."""
        present = 0.0 if math.isnan(self._value) else self._value
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Up):
            self._rate(present + self._step)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Down):
            self._rate(present - self._step)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_0):
            self._rate(math.nan)
        elif event.text().isdecimal() and 1 <= int(event.text()) <= self._highest:
            self._rate(float(event.text()))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw stars and focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        inner = area.adjusted(theme.px(4), 0, -theme.px(4), 0)
        paint_stars(painter, inner, self._value, self._highest, inner.width() / self._highest)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), theme.px(5), theme.px(5))

    def _at(self, x: float) -> float:
        share = (x - theme.px(4)) / (self.width() - 2 * theme.px(4))
        return math.ceil(share * self._highest / self._step) * self._step

    def _rate(self, value: float) -> None:
        if not math.isnan(value):
            value = min(max(value, self._step), float(self._highest))
        if value != self._value and not (math.isnan(value) and math.isnan(self._value)):
            self.set_value(value)
            self.rated.emit(value)

    def _describe(self) -> None:
        words = tr("not rated") if math.isnan(self._value) else tr("{stars} stars", stars=rating(self._value))
        self.setAccessibleName(f"{self._name} {words}".strip())
