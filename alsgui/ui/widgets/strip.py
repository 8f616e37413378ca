"""A strip of bars along one side of a matrix: a number for each row or column, exact means where they share a pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.cells import Span, n_cells_with
from alsgui.ui.widgets.heatmap_numbers import span_ids
from alsgui.ui.widgets.plot import Plot

DEPTH = 26


@dataclass(frozen=True)
class StripRequest:
    """Cells start..stop wanted as `n_pixels` means."""

    start: int
    stop: int
    n_pixels: int
    generation: int


@dataclass(frozen=True)
class StripScale:
    """How a strip is read.

    Parameters
    ----------
    title
        What it shows, in a word or two.
    low, high
        Ends of the bars.
    role
        Token of their colour; a centred strip has those of plus and minus.
    log, centred
        Whether equal ratios take equal lengths; whether bars grow from zero both ways.
    digits
        Decimals of its numbers.
    """

    title: str
    low: float
    high: float
    role: str
    log: bool = False
    centred: bool = False
    digits: int = 2


class Strip(Plot):
    """Bars beside the rows (growing to the right) or above the columns (growing up) of a heatmap.

    Signals
    -------
    values_wanted(StripRequest)
        Numbers are needed; answer with `set_values`.
    """

    values_wanted = Signal(object)
    smallest = (10, 10)

    def __init__(self, name: str, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._vertical = orientation == Qt.Orientation.Vertical
        self._scale = StripScale("", 0.0, 1.0, "muted")
        self._n_cells, self._span, self._margins = 0, Span(0.0, 1.0), (0, 0)
        self._generation = 0
        self._values: tuple[StripRequest, NDArray[np.float32]] | None = None
        self._label = str
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._ask_soon = QTimer(self, singleShot=True, interval=0)
        self._ask_soon.timeout.connect(self._ask)

    def set_cells(self, n_cells: int, label: object) -> None:
        """Begin with another matrix; `label` names a cell (0-based)."""
        self._n_cells, self._label = n_cells, label  # type: ignore[assignment]
        self._span, self._values = Span(0.0, float(n_cells)), None
        self.refresh()

    def set_scale(self, scale: StripScale) -> None:
        """Show other numbers."""
        self._scale = scale
        self.setAccessibleDescription(scale.title)
        self.refresh()

    def set_margins(self, start: int, stop: int) -> None:
        """Room before the first and behind the last cell, as the heatmap beside it has."""
        self._margins = (start, stop)
        self.update()

    def set_span(self, start: float, stop: float) -> None:
        """Show these cells."""
        if (start, stop) != (self._span.start, self._span.stop):
            self._span = Span(start, stop)
            self.refresh()

    def refresh(self) -> None:
        """Ask for the numbers in view."""
        self._ask_soon.start()
        self.update()

    @Slot(object, object)
    def set_values(self, request: StripRequest, values: NDArray[np.float32]) -> None:
        """Show the answer to a request; one that is older than what is shown is dropped."""
        if self._values is None or request.generation >= self._values[0].generation:
            self._values = (request, values)
            self.update()

    def numbers_csv(self) -> str:
        """Ids of the cells in view and their numbers."""
        rows: list[tuple[str, str]] = [("id", self._scale.title)]
        if self._values is not None:
            request, values = self._values
            ids = span_ids(request.start, request.stop, request.n_pixels, self._label)
            rows += [(name, "" if np.isnan(v) else f"{v:.7g}") for name, v in zip(ids, values, strict=True)]
        return export.csv_text(rows)

    def tip_at(self, position: QPointF) -> str:
        """Cell and number under the cursor."""
        found = self._cell_at(position)
        if found is None or self._values is None:
            return self._scale.title
        request, values = self._values
        pixel = ((found - request.start + 1) * request.n_pixels - 1) // (request.stop - request.start)
        value = float(values[min(max(pixel, 0), len(values) - 1)])
        shown = tr("no information") if math.isnan(value) else self._number(value)
        lines = [str(self._label(found)), f"{self._scale.title} {shown}"]
        n = n_cells_with(found, request.start, request.stop, request.n_pixels)
        if n > 1:
            lines.append(tr("mean of {n}", n=text.count(n)))
        return "\n".join(lines)

    def sizeHint(self) -> QSize:
        """Thin."""
        deep = theme.px(DEPTH + (8 if self._vertical else 4))
        return QSize(deep, theme.px(100)) if self._vertical else QSize(theme.px(100), deep)

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Bars from the side of the matrix, and what they are."""
        area = self._area(size)
        if area.isEmpty() or self._values is None:
            return
        request, values = self._values
        painter.fillRect(area, theme.color("sunken"))
        painter.save()
        painter.setClipRect(area)
        scale = self._scale
        axis = Scale(scale.low, scale.high, 0, 1, scale.log)
        zero = axis.pixel(0.0) if scale.centred else 0.0
        bounds = request.start + (request.stop - request.start) * np.arange(request.n_pixels + 1) / request.n_pixels
        places = (bounds - self._span.start) / self._span.length
        for at, value in enumerate(values):
            if not np.isnan(value):
                reach = min(max(axis.pixel(float(value)), 0.0), 1.0)
                role = ("positive" if value >= 0 else "negative") if scale.centred else scale.role
                ends = sorted((zero, reach))
                painter.fillRect(self._bar(area, places[at], places[at + 1], *ends), theme.color(role))
        painter.restore()
        self._draw_words(painter, area)

    def _draw_words(self, painter: QPainter, area: QRectF) -> None:
        scale = self._scale
        low, high = (self._number(end) for end in (scale.low, scale.high))
        if self._vertical:
            paint.put(painter, area.left(), area.top() - theme.px(11), scale.title)
            level = area.bottom() + theme.px(11)
            paint.put(painter, area.left(), level, tr("{low}, log", low=low) if scale.log else low)
            paint.put(painter, area.left(), level + theme.px(13), tr("to {high}", high=high))
        else:
            right, middle = area.left() - theme.px(6), area.center().y()
            paint.put(painter, right, middle - theme.px(7), scale.title, align="right")
            words = tr("{low} to {high}", low=low, high=high) + (tr(", log") if scale.log else "")
            paint.put(painter, right, middle + theme.px(7), words, align="right")

    def _number(self, value: float) -> str:
        digits = self._scale.digits
        return text.decimal(value, digits) if digits else text.count(round(value))

    def _bar(self, area: QRectF, first: float, last: float, low: float, high: float) -> QRectF:
        if self._vertical:
            top, bottom = area.top() + first * area.height(), area.top() + last * area.height()
            return QRectF(area.left() + low * area.width(), top, (high - low) * area.width(), bottom - top)
        left, right = area.left() + first * area.width(), area.left() + last * area.width()
        return QRectF(left, area.bottom() - high * area.height(), right - left, (high - low) * area.height())

    def _area(self, size: QSizeF) -> QRectF:
        start, stop = (theme.px(margin) for margin in self._margins)
        if self._vertical:
            return QRectF(0, start, theme.px(DEPTH), max(size.height() - start - stop, 0))
        return QRectF(start, 2, max(size.width() - start - stop, 0), theme.px(DEPTH))

    def _cell_at(self, position: QPointF) -> int | None:
        area = self._area(QSizeF(self.size()))
        if not area.contains(position) or not self._n_cells:
            return None
        share = (
            (position.y() - area.top()) / area.height()
            if self._vertical
            else (position.x() - area.left()) / area.width()
        )
        return self._span.cell_at(share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for numbers of the new length."""
        super().resizeEvent(event)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the numbers that were not asked for while hidden."""
        super().showEvent(event)
        self.refresh()

    @Slot()
    def _ask(self) -> None:
        area = self._area(QSizeF(self.size()))
        if not self.isVisible() or not self._n_cells or area.isEmpty():
            return
        start, stop = self._span.cells()
        length = area.height() if self._vertical else area.width()
        n_pixels = min(stop - start, max(1, round(length * self.devicePixelRatioF())))
        self._generation += 1
        self.values_wanted.emit(StripRequest(start, stop, n_pixels, self._generation))
