"""Small live pictures of matrices: u, m and r while they are learned, and a matrix on a card."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.image import ColorMap, colored, fitted_image
from alsgui.ui.widgets.plot import Plot

Matrix = NDArray[np.floating]

STRIP_WIDTH, STRIP_HEIGHT, GAP = 35, 31, 4


class Thumbnail(Plot):
    """Picture that may be clicked, by mouse, Enter or Space.

    Signals
    -------
    clicked()
        It was chosen.
    """

    clicked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses it."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space choose it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


class FactorThumbnail(Thumbnail):
    """u at the left, m above, r between: one look says how far the learning is."""

    def __init__(self, name: str = "u, m and r", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._u: Matrix | None = None
        self._m: Matrix | None = None
        self._r: Matrix | None = None
        self._u_limit = self._m_limit = 1.0
        self._r_limits = (0.0, 1.0)

    def set_factors(
        self, u: Matrix, m: Matrix, r: Matrix, *, u_limit: float, m_limit: float, r_limits: tuple[float, float]
    ) -> None:
        """Show factors that are already reduced to about the pixels of the picture.

        Parameters
        ----------
        u
            User weights, users down and attributes across (n_user_pixels x K).
        m
            Movie loadings (K x n_movie_pixels).
        r
            Predictions (n_user_pixels x n_movie_pixels).
        u_limit, m_limit
            Value at the ends of the zero-centred colours.
        r_limits
            Values at the ends of the colours of r.
        """
        self._u, self._m, self._r = u, m, r
        self._u_limit, self._m_limit, self._r_limits = u_limit, m_limit, r_limits
        self.update()

    def sizeHint(self) -> QSize:
        """Size in the inspector."""
        return QSize(theme.px(288), theme.px(150))

    def numbers_csv(self) -> str:
        """The values of r in the picture."""
        return export.csv_text([] if self._r is None else [[f"{x:.6g}" for x in row] for row in self._r])

    def tip_at(self, position: QPointF) -> str:
        """What the three parts are."""
        return tr("u (left), m (top) and the predictions r. Click to open Factors")

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """The three parts and the letters in the corner."""
        left, top = theme.px(STRIP_WIDTH + GAP), theme.px(STRIP_HEIGHT + GAP)
        width, height = size.width() - left, size.height() - top
        if width < 1 or height < 1:
            return
        middle = theme.px(STRIP_HEIGHT) / 2
        half = theme.px(STRIP_WIDTH) / 2
        paint.put(painter, half - theme.px(3), middle, "u", "user", size=12, weight=600, align="right")
        paint.put(painter, half + theme.px(3), middle, "m", "movie", size=12, weight=600)
        low, high = self._r_limits
        u_area = QRectF(0, top, theme.px(STRIP_WIDTH), height)
        m_area = QRectF(left, 0, width, theme.px(STRIP_HEIGHT))
        r_area = QRectF(left, top, width, height)
        draw_matrix(painter, u_area, self._u, low=-self._u_limit, high=self._u_limit, name="diverging")
        draw_matrix(painter, m_area, self._m, low=-self._m_limit, high=self._m_limit, name="diverging")
        draw_matrix(painter, r_area, self._r, low=low, high=high, name="viridis")
        # Rows of zeros, of those without a training rating, are as pale as the ground: a frame says they are there.
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for area in (u_area, m_area):
            painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))


class MatrixThumbnail(Thumbnail):
    """One small matrix in viridis, what is missing in its own colour."""

    def __init__(self, name: str = "Matrix", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._values: Matrix | None = None
        self._limits = (0.0, 1.0)

    def set_matrix(self, values: Matrix, limits: tuple[float, float] | None = None) -> None:
        """Show values (2-D, NaN where missing) between `limits`, by default their own range."""
        if limits is None:
            known = values[np.isfinite(values)]
            limits = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        self._values, self._limits = values, limits
        self.update()

    def sizeHint(self) -> QSize:
        """Size on a card."""
        return QSize(theme.px(200), theme.px(96))

    def numbers_csv(self) -> str:
        """The values, one line per row; empty where missing."""
        if self._values is None:
            return ""
        return export.csv_text([["" if np.isnan(x) else f"{x:.6g}" for x in row] for row in self._values])

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """The matrix over the whole widget."""
        low, high = self._limits
        area = QRectF(0, 0, size.width(), size.height())
        draw_matrix(painter, area, self._values, low=low, high=high, name="viridis")


def draw_matrix(
    painter: QPainter, area: QRectF, values: Matrix | None, *, low: float, high: float, name: ColorMap
) -> None:
    """Fill `area` with a matrix, every value a plain rectangle; a sunken ground where there is none."""
    if values is None or 0 in values.shape:
        painter.fillRect(area, theme.color("sunken"))
        return
    pixels = colored(np.asarray(values, dtype=np.float32), low, high, name)
    image = fitted_image(pixels, area.width(), area.height(), export.pixel_ratio(painter))
    painter.drawImage(area.topLeft(), image)
