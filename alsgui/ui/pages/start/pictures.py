"""The pictures on the cards of the start page, of real data. Without NumPy: they are in the first paint."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui.io.resources import resource_path
from alsgui.text import decimal, tr
from alsgui.ui import colormaps, theme
from alsgui.ui.widgets import paint

WIDTH, HEIGHT = 248, 84

ROLES = (("user", "user_soft"), ("movie", "movie_soft"), ("accent", "accent_soft"), ("muted", "sunken"))
"""Ink and ground of the heads: user, movie, rating, time."""

FIRST_RATINGS = (("1", "1", 4.0), ("1", "3", 4.0), ("1", "6", 4.0))
"""The first three rows of the sample: user, movie and rating, all of 30 July 2000."""

U = ((-0.6, -1.0), (0.2, 0.1), (1.1, -0.5), (0.6, 0.4))
M = ((0.9, -1.0, 0.4, 1.0, -0.6), (-0.8, 0.3, 0.9, -0.2, -1.0))
"""Weights of four users and loadings of five movies in two attributes."""


class CardPicture(QWidget):
    """Picture of 84 px height that fills its card up to a width."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.current().changed.connect(self._restyle)
        self._restyle()

    def sizeHint(self) -> QSize:
        """Size on a card of 290 px."""
        return QSize(theme.px(WIDTH), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """What can still be made out."""
        return QSize(theme.px(120), theme.px(HEIGHT))

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """Draw into `width` x `height` from the origin."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.draw(painter, self.width(), self.height())

    def _restyle(self) -> None:
        self.setMaximumWidth(theme.px(1.5 * WIDTH))
        self.updateGeometry()
        self.update()


class RolesPicture(CardPicture):
    """A table of ratings whose columns have been recognised."""

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """Heads in the colours of their roles, three rows below."""
        gap = theme.px(4)
        names = (tr("user"), tr("movie"), tr("rating"), tr("time"))
        cell = (width - gap * (len(names) - 1)) / len(names)
        for number, (name, (ink, ground)) in enumerate(zip(names, ROLES, strict=True)):
            area = QRectF(number * (cell + gap), 0, cell, theme.px(18))
            paint.bar(painter, area, ground, theme.px(4))
            paint.put(painter, area.center().x(), area.center().y(), name, ink, weight=600, align="center")
        for row, (user, movie, stars) in enumerate(FIRST_RATINGS):
            level = theme.px(32 + 21 * row)
            if row:
                paint.across(painter, 0, width, level - theme.px(10.5), "border")
            for number, words in enumerate((user, movie, decimal(stars, 1), tr("30 Jul"))):
                middle = number * (cell + gap) + cell / 2
                paint.put(painter, middle, level, words, size=12, weight=400, align="center")


class SamplePicture(CardPicture):
    """Ratings of the sample: its most active users down, its most rated movies across."""

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """One pixel per rating, thinned rather than averaged, so that each colour is a rating that was given."""
        image = QImage(_sample_image())
        image.setColorTable([theme.color("missing").rgb(), *_star_colors()])
        painter.drawImage(QRectF(0, 0, width, height), image)


class ProductPicture(CardPicture):
    """u times m is r, in squares."""

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """Three matrices of four users, two attributes and five movies."""
        sign = theme.px(20)
        r = [[sum(u * M[k][j] for k, u in enumerate(row)) for j in range(len(M[0]))] for row in U]
        step = min((width - 2 * sign) / (len(M) + 2 * len(M[0])), height / len(U))
        middle = height / 2
        left = _squares(painter, 0, middle, step, U, name="diverging")
        paint.put(painter, left + sign / 2, middle, "×", "text", size=13, align="center")
        left = _squares(painter, left + sign, middle, step, M, name="diverging")
        paint.put(painter, left + sign / 2, middle, "=", "text", size=13, align="center")
        _squares(painter, left + sign, middle, step, r, name="viridis")


def _squares(
    painter: QPainter,
    left: float,
    middle: float,
    step: float,
    values: Sequence[Sequence[float]],
    *,
    name: str,
) -> float:
    """Draw a matrix as squares around the level `middle`; return its right end."""
    top = middle - step * len(values) / 2
    reach = max(abs(value) for row in values for value in row)
    side = step - theme.px(2)
    for row, numbers in enumerate(values):
        for column, value in enumerate(numbers):
            area = QRectF(left + column * step, top + row * step, side, side)
            paint.bar(painter, area, _color(name, (value / reach + 1) / 2), theme.px(3))
    return left + step * len(values[0]) - theme.px(2)


def _color(name: str, share: float) -> QColor:
    """Colour at a share (0 to 1) of a map, at its nearest knot."""
    diverging = colormaps.DIVERGING_DARK if theme.current().dark else colormaps.DIVERGING_LIGHT
    knots = (colormaps.VIRIDIS if name == "viridis" else diverging).split()
    return QColor("#" + knots[round(share * (len(knots) - 1))])


def _star_colors() -> list[int]:
    """Colours of 0.5, 1.0, ... 5.0 stars."""
    return [_color("viridis", index / 9).rgb() for index in range(10)]


@cache
def _sample_image() -> QImage:
    """Indices 0 (no rating) to 10 (five stars)."""
    return QImage(str(resource_path("samples", "ml-latest-small-thumbnail.png")))
