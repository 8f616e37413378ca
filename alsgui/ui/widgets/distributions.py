"""How ratings spread over users, movies and time: rank curves on log axes, counts per quarter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale, power_ticks, round_ticks, short_count
from alsgui.ui.widgets.bars import draw_count_grid
from alsgui.ui.widgets.plot import Plot

Counts = NDArray[np.float64]


class LongTail(Plot):
    """Ratings of each user and of each movie against rank, both axes logarithmic.

    Parameters
    ----------
    name
        Accessible name.
    parent
        Parent widget.
    """

    smallest = (160, 90)

    def __init__(self, name: str = "Long tail", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._curves: list[tuple[str, str, Counts]] = []

    def set_counts(
        self,
        user_counts: NDArray[np.number] | Sequence[int],
        movie_counts: NDArray[np.number] | Sequence[int],
        user_words: str,
        movie_words: str,
    ) -> None:
        """Show ratings per user and per movie, in any order; words such as "610 users" stand at the curves."""
        self._curves = [
            ("user", user_words, _ranked(user_counts)),
            ("movie", movie_words, _ranked(movie_counts)),
        ]
        self.setAccessibleDescription(f"{user_words}, {movie_words}")
        self.update()

    def sizeHint(self) -> QSize:
        """Size in a card of 196 pixels."""
        return QSize(theme.px(284), theme.px(150))

    def numbers_csv(self) -> str:
        """One line per rank and side."""
        rows: list[tuple[object, ...]] = [("side", "rank", "ratings")]
        for role, _, counts in self._curves:
            rows += [(role, rank + 1, int(count)) for rank, count in enumerate(counts)]
        return export.csv_text(rows)

    def tip_at(self, position: QPointF) -> str:
        """Ratings at the rank under the cursor."""
        scales = self._scales(self._area(QSizeF(self.size())))
        if scales is None:
            return ""
        rank = max(1, round(scales[0].value(position.x())))
        lines = [
            f"{words}  {tr('rank {rank}', rank=text.count(rank))}  {text.counted(int(counts[rank - 1]), 'rating')}"
            for _, words, counts in self._curves
            if rank <= len(counts)
        ]
        return "\n".join(lines)

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Grid, curves, a label beside each."""
        area = self._area(size)
        scales = self._scales(area)
        if scales is None:
            return
        x_scale, y_scale = scales
        for tick in power_ticks(y_scale.low, y_scale.high):
            if tick > 1:
                paint.across(painter, area.left(), area.right(), y_scale.pixel(tick), "grid")
                paint.put(painter, area.left() - theme.px(6), y_scale.pixel(tick), text.count(tick), align="right")
        paint.across(painter, area.left(), area.right(), area.bottom(), "border")
        for tick in power_ticks(x_scale.low, x_scale.high):
            if tick > 1:
                words = text.count(tick)
                x = min(x_scale.pixel(tick), area.right() - paint.text_width(words) / 2)
                paint.put(painter, x, area.bottom() + theme.px(11), words, align="center")
        outlines = [_outline(counts, x_scale, y_scale) for _, _, counts in self._curves]
        for (role, _, _), outline in zip(self._curves, outlines, strict=True):
            painter.setPen(QPen(theme.color(role), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(outline))
            if len(outline) == 1:
                paint.dot(painter, outline[0], theme.px(3), role)
        taken: list[QRectF] = []
        for (role, words, _), outline in zip(self._curves, outlines, strict=True):
            place = _free_place(outline, outlines, area, paint.text_width(words, 12, 600), taken)
            taken.append(place)
            paint.put(painter, place.left(), place.center().y(), words, role, size=12, weight=600)

    def _area(self, size: QSizeF) -> QRectF:
        left = theme.px(46)
        return QRectF(left, theme.px(6), size.width() - left, size.height() - theme.px(28))

    def _scales(self, area: QRectF) -> tuple[Scale, Scale] | None:
        curves = [counts for _, _, counts in self._curves if len(counts)]
        if not curves:
            return None
        n_ranks = max(2, *(len(counts) for counts in curves), 2)
        most = max(2.0, *(float(counts[0]) for counts in curves), 2.0)
        return (
            Scale(1, n_ranks * 1.6, area.left(), area.right(), log=True),
            # Headroom of an eighth, for words above a curve that starts flat.
            Scale(0.75, most * (most / 0.75) ** 0.15, area.bottom(), area.top(), log=True),
        )


class TimeSeries(Plot):
    """Counts per period as a step area.

    Parameters
    ----------
    name
        Accessible name.
    parent
        Parent widget.
    """

    smallest = (120, 90)

    def __init__(self, name: str = "Over time", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._starts = np.zeros(0)
        self._counts = np.zeros(0)

    def set_counts(
        self, starts: NDArray[np.floating] | Sequence[float], counts: NDArray[np.number] | Sequence[float]
    ) -> None:
        """Show counts per period; `starts` are evenly spaced decimal years, such as 1996.25."""
        self._starts, self._counts = np.asarray(starts, dtype=float), np.asarray(counts, dtype=float)
        self.setAccessibleDescription(tr("{n} in all", n=text.count(float(self._counts.sum()))))
        self.update()

    def sizeHint(self) -> QSize:
        """Size in a card of 196 pixels."""
        return QSize(theme.px(230), theme.px(150))

    def numbers_csv(self) -> str:
        """One line per period."""
        rows = [(f"{s:.4f}", f"{c:.10g}") for s, c in zip(self._starts, self._counts, strict=True)]
        return export.csv_text([("year", "count"), *rows])

    def tip_at(self, position: QPointF) -> str:
        """Period and count under the cursor."""
        if not len(self._starts):
            return ""
        year = self._x_scale(self._area(QSizeF(self.size()))).value(position.x())
        at = min(max(int((year - self._starts[0]) // self._step()), 0), len(self._starts) - 1)
        quarter = int(self._starts[at] % 1 * 4 + 1e-6) + 1
        words = tr("{year}, quarter {quarter}", year=int(self._starts[at] + 1e-6), quarter=quarter)
        return f"{words}  {text.count(self._counts[at])}"

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Grid, area, years."""
        area = self._area(size)
        if not len(self._starts) or area.isEmpty():
            return
        x_scale = self._x_scale(area)
        y_scale = Scale(0, float(self._counts.max()) or 1.0, area.bottom(), area.top())
        draw_count_grid(painter, area, y_scale, short_count)
        ends = np.append(self._starts, self._starts[-1] + self._step())
        steps = [
            QPointF(x_scale.pixel(edge), y_scale.pixel(count))
            for index, count in enumerate(self._counts)
            for edge in (ends[index], ends[index + 1])
        ]
        ground = theme.color("training")
        ground.setAlphaF(0.25)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        corners = [QPointF(steps[0].x(), area.bottom()), *steps, QPointF(steps[-1].x(), area.bottom())]
        painter.drawPolygon(QPolygonF(corners))
        painter.setPen(QPen(theme.color("training"), 1.5))
        painter.drawPolyline(QPolygonF(steps))
        paint.across(painter, area.left(), area.right(), area.bottom(), "border")
        n_steps = max(1, int(area.width() / theme.px(40)))
        for year in round_ticks(x_scale.low, x_scale.high, n_steps):
            x = x_scale.pixel(year)
            if year == round(year) and area.left() + theme.px(10) <= x <= area.right() - theme.px(10):
                paint.put(painter, x, area.bottom() + theme.px(11), str(round(year)), align="center")

    def _area(self, size: QSizeF) -> QRectF:
        left = theme.px(30)
        return QRectF(left, theme.px(6), size.width() - left, size.height() - theme.px(26))

    def _step(self) -> float:
        return float(self._starts[1] - self._starts[0]) if len(self._starts) > 1 else 0.25

    def _x_scale(self, area: QRectF) -> Scale:
        return Scale(float(self._starts[0]), float(self._starts[-1]) + self._step(), area.left(), area.right())


def _ranked(counts: NDArray[np.number] | Sequence[int]) -> Counts:
    ranked = np.sort(np.asarray(counts, dtype=np.float64))[::-1]
    return ranked[ranked > 0]


def _outline(counts: Counts, x_scale: Scale, y_scale: Scale) -> list[QPointF]:
    """Points of a rank curve: every rank at first, then ranks that lie about a pixel apart."""
    n_points = max(2, int(x_scale.stop - x_scale.start))
    ranks = np.unique(np.geomspace(1, max(len(counts), 1), n_points).round().astype(int))
    return [
        QPointF(x_scale.pixel(float(rank)), y_scale.pixel(float(counts[rank - 1])))
        for rank in ranks
        if rank <= len(counts)
    ]


def _free_place(
    own: list[QPointF], outlines: list[list[QPointF]], area: QRectF, width: float, taken: list[QRectF]
) -> QRectF:
    """Rectangle for words near a curve, clear of every curve and of the words placed before."""
    height, gap = float(theme.px(14)), float(theme.px(7))
    every = [_coordinates(outline) for outline in outlines]
    others = [points for points, outline in zip(every, outlines, strict=True) if outline is not own]

    def is_clear(place: QRectF) -> bool:
        aired = place.adjusted(-3, -1, 3, 1)
        return (
            area.contains(place)
            and not any(aired.intersects(words) for words in taken)
            and not any(_covers(aired, points) for points in every)
        )

    def distance_to_others(place: QRectF) -> float:
        center = np.array([place.center().x(), place.center().y()])
        return min((float(np.abs(points - center).sum(axis=1).min()) for points in others if len(points)), default=0.0)

    candidates = []
    for point in own[:: max(1, len(own) // 40)]:
        candidates.append(QRectF(point.x() + gap, point.y() - height - 2, width, height))
        candidates.append(QRectF(point.x() - gap - width, point.y() + 2, width, height))
    end = own[-1] if own else area.topLeft()
    candidates.append(QRectF(end.x() + gap, end.y() - height / 2, width, height))
    clear = [place for place in candidates if is_clear(place)]
    if clear:
        return max(clear, key=distance_to_others)
    return _inside(candidates[0], area)


def _coordinates(outline: list[QPointF]) -> NDArray[np.float64]:
    return np.array([(point.x(), point.y()) for point in outline]).reshape(-1, 2)


def _covers(place: QRectF, points: NDArray[np.float64]) -> bool:
    """Whether any of the points lies in the rectangle."""
    low, high = (place.left(), place.top()), (place.right(), place.bottom())
    return bool(np.any(np.all((points >= low) & (points <= high), axis=1)))


def _inside(place: QRectF, area: QRectF) -> QRectF:
    """`place` moved as little as needed to lie in `area`."""
    left = min(max(place.left(), area.left()), max(area.right() - place.width(), area.left()))
    top = min(max(place.top(), area.top()), max(area.bottom() - place.height(), area.top()))
    return QRectF(left, top, place.width(), place.height())
