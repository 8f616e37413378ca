"""What stands around a matrix: ticks, tags of the crosshair, names of blocks, axis titles; and the crosshair itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from alsgui import text
from alsgui.ui import theme
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.axes import cell_ticks
from alsgui.ui.widgets.cells import Span

TICK_TO_TAG = 15
PIXELS_PER_TICK_DOWN = 45
PIXELS_PER_TICK_ACROSS = 90
PIXELS_PER_NAME_DOWN = 18
PIXELS_PER_NAME_ACROSS = 72
LEAST_NAME = 30
MOST_STEPS = 7
BLOCK_TICK = 7


@dataclass
class MatrixAxis:
    """One side of a matrix as it is labelled.

    Parameters
    ----------
    role
        Token of its tag: "user" or "movie".
    label
        Words for a cell (0-based) in its tag.
    identity
        Id of a cell in exported numbers; None where the label is it.
    title
        Axis title.
    shown
        Whether ticks, tag and title are drawn.
    ticks
        Fixed ticks (cell, words); None for round numbers counted from 1.
    blocks
        Named groups (start, stop, name), drawn on the far side of the picture.
    """

    role: str
    label: Callable[[int], str]
    title: str = ""
    shown: bool = True
    ticks: tuple[tuple[int, str], ...] | None = None
    blocks: tuple[tuple[int, int, str], ...] = ()
    identity: Callable[[int], str] | None = None

    def visible_ticks(
        self, span: Span, pixels: float, pixels_per_tick: int, pixels_per_name: int
    ) -> list[tuple[int, str]]:
        """Ticks (cell, words) for a view that is `pixels` long: names where every cell has room for its own."""
        if self.ticks is not None:
            return [(cell, words) for cell, words in self.ticks if span.start <= cell + 0.5 <= span.stop]
        if pixels >= span.length * theme.px(pixels_per_name):
            return [(cell, self.label(cell)) for cell in range(*span.cells())]
        n_steps = min(max(1, int(pixels / theme.px(pixels_per_tick))), MOST_STEPS)
        return [(cell, text.count(cell + 1)) for cell in cell_ticks(span.start, span.stop, n_steps)]


def draw_row_axis(painter: QPainter, picture: QRectF, axis: MatrixAxis, span: Span, tagged: int | None) -> None:
    """Ticks, tag and title to the left of the picture; block edges between."""

    def place(cell: float) -> float:
        return picture.top() + span.share_of(cell) * picture.height()

    for start, _, _ in axis.blocks:
        if start > 0 and span.start < start < span.stop:
            paint.across(painter, picture.left() - 1 - BLOCK_TICK, picture.left() - 1, place(start), "border_strong")
    if not axis.shown:
        return
    edge = picture.left() - theme.px(6)
    tag = None
    if tagged is not None and span.start <= tagged + 0.5 <= span.stop:
        words = paint.elided(axis.label(tagged), picture.left() - theme.px(18), weight=600)
        width = paint.tag_area(QPointF(), words).width()
        left = max(picture.left() - theme.px(4) - width, 0)
        reach = theme.px(8)  # at its first and last rows, too, the tag stays beside the picture
        middle = min(max(place(tagged + 0.5), picture.top() + reach), picture.bottom() - reach)
        tag = paint.tag(painter, QPointF(left + width / 2, middle), words, axis.role)
    for cell, words in axis.visible_ticks(span, picture.height(), PIXELS_PER_TICK_DOWN, PIXELS_PER_NAME_DOWN):
        middle = place(cell + 0.5)
        half = theme.px(5)
        middle = min(max(middle, picture.top() + half), picture.bottom() - half)
        if tag is None or not tag.top() - TICK_TO_TAG + half < middle < tag.bottom() + TICK_TO_TAG - half:
            paint.put(painter, edge, middle, words, align="right", width=edge - (theme.px(16) if axis.title else 0))
    if axis.title:
        painter.save()
        painter.translate(theme.px(8), picture.center().y())
        painter.rotate(-90)
        paint.put(painter, 0, 0, axis.title, align="center", width=picture.height())
        painter.restore()


def draw_column_axis(painter: QPainter, picture: QRectF, axis: MatrixAxis, span: Span, tagged: int | None) -> None:
    """Ticks, tag and title below the picture; block names above."""

    def place(cell: float) -> float:
        return picture.left() + span.share_of(cell) * picture.width()

    _draw_block_names(painter, picture, axis, span, place)
    if not axis.shown:
        return
    level = picture.bottom() + theme.px(11)
    tag = None
    if tagged is not None and span.start <= tagged + 0.5 <= span.stop:
        words = paint.elided(axis.label(tagged), picture.width() - theme.px(12), weight=600)
        half = paint.tag_area(QPointF(), words).width() / 2
        middle = min(max(place(tagged + 0.5), picture.left() + half), picture.right() - half)
        tag = paint.tag(painter, QPointF(middle, level), words, axis.role)
    room = max(picture.width() / span.length, theme.px(PIXELS_PER_NAME_ACROSS)) - theme.px(8)
    ticks = axis.visible_ticks(span, picture.width(), PIXELS_PER_TICK_ACROSS, PIXELS_PER_NAME_ACROSS)
    has_names = axis.ticks is None and picture.width() >= span.length * theme.px(PIXELS_PER_NAME_ACROSS)
    for cell, name in ticks:
        middle = place(cell + 0.5)
        if has_names:  # under the part of the cell that is in sight
            left, right = max(place(cell), picture.left()), min(place(cell + 1), picture.right())
            middle, room = (left + right) / 2, right - left - theme.px(8)
            if room < theme.px(LEAST_NAME):
                continue
        words = paint.elided(name, room)
        half = paint.text_width(words) / 2
        if axis.ticks is not None:
            middle = min(max(middle, picture.left() + half), picture.right() - half)
        beyond_tag = (
            tag is None or middle + half < tag.left() - TICK_TO_TAG or middle - half > tag.right() + TICK_TO_TAG
        )
        if beyond_tag:
            paint.put(painter, middle, level, words, align="center")
    if axis.title:
        level += theme.px(17)
        paint.put(painter, picture.center().x(), level, axis.title, align="center", width=picture.width())


def _draw_block_names(
    painter: QPainter, picture: QRectF, axis: MatrixAxis, span: Span, place: Callable[[float], float]
) -> None:
    level = picture.top() - theme.px(10)
    for start, stop, name in axis.blocks:
        left, right = max(place(start), picture.left()), min(place(stop), picture.right())
        if start > 0 and span.start < start < span.stop:
            paint.down(painter, left, picture.top() - BLOCK_TICK - 1, picture.top() - 1, "border_strong")
        if right - left > paint.text_width(name) + 2:
            paint.put(painter, (left + right) / 2, level, name, align="center")


def draw_crosshair(painter: QPainter, picture: QRectF, x: float | None, y: float | None) -> None:
    """White lines over a dark halo, readable on every colour, and a ring where they cross."""
    halo = QPen(QColor(0, 0, 0, 102), 3)
    line = QPen(QColor("white"), 1.2)
    for pen in (halo, line):
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        if x is not None:
            painter.drawLine(QPointF(x, picture.top()), QPointF(x, picture.bottom()))
        if y is not None:
            painter.drawLine(QPointF(picture.left(), y), QPointF(picture.right(), y))
    if x is None or y is None:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((QColor(0, 0, 0, 102), 4.0), (QColor("white"), 2.0)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(QPointF(x, y), theme.px(6), theme.px(6))
