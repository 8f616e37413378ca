"""A matrix of any size as one exact picture: a tile at a time, at the pixels of the screen.

The widget never holds the matrix. Whenever the view or its size changes it asks for a tile (`tile_wanted`) and goes on
drawing the tile it has, moved and scaled, until the new one comes (`set_tile`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, QTimer, Signal, Slot
from PySide6.QtGui import (
    QImage,
    QPainter,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, heatmap_numbers, paint
from alsgui.ui.widgets.cells import Span, TileRequest, n_cells_with, tile_places
from alsgui.ui.widgets.heatmap_frame import MatrixAxis, draw_column_axis, draw_crosshair, draw_row_axis
from alsgui.ui.widgets.heatmap_gestures import HeatmapGestures
from alsgui.ui.widgets.image import ColorMap, Pixels, colored, stamp_dots, stretched, to_image

DOT_FROM_PIXELS = 6


class Heatmap(HeatmapGestures):
    """One matrix with row and column axes, crosshair, zoom and pan.

    Parameters
    ----------
    name
        Accessible name, such as "Observed ratings".
    parent
        Parent widget.

    Signals
    -------
    tile_wanted(TileRequest)
        Numbers are needed; answer with `set_tile`.
    hovered(int, int)
        Row and column under the cursor; -1, -1 when it left.
    clicked(int, int)
        Row and column that were chosen by mouse or arrow keys.
    view_changed(float, float, float, float)
        First row, end of rows, first column, end of columns in view, in cells; `set_view` of a linked map takes it.
    """

    tile_wanted = Signal(object)

    smallest = (60, 40)
    array_suffix = ".npy"

    def __init__(self, name: str = "Matrix", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._rows = MatrixAxis("user", lambda index: text.count(index + 1))
        self._columns = MatrixAxis("movie", lambda index: text.count(index + 1))
        self._title = ("", "", "text")
        self._margins: tuple[int, int, int, int] | None = None
        self._low, self._high = 0.0, 1.0
        self._colormap: ColorMap = "viridis"
        self._tile_pixels = 1
        self._readout: Callable[[int, int], str] | None = None
        self._generation = 0
        self._oldest_generation = 0
        self._tile: tuple[TileRequest, NDArray[np.float32]] | None = None
        self._strength: NDArray[np.float32] | None = None
        self._tile_colors: Pixels | None = None
        self._image: tuple[object, QImage] | None = None
        self._ask_soon = QTimer(self, singleShot=True, interval=0)
        self._ask_soon.timeout.connect(self._ask)

    # What is shown

    def set_shape(self, n_rows: int, n_columns: int) -> None:
        """Begin with another matrix: the whole of it in view, nothing known yet."""
        self._n_rows, self._n_columns = n_rows, n_columns
        self._oldest_generation = self._generation + 1
        self._tile = self._tile_colors = None
        self._crosshair = (None, None)
        self._row_span, self._column_span = Span(0.0, float(n_rows)), Span(0.0, float(n_columns))
        self.setAccessibleDescription(
            tr("Matrix of {rows} × {columns} cells", rows=text.count(n_rows), columns=text.count(n_columns))
        )
        self.refresh()
        self.update()

    def refresh(self) -> None:
        """Ask again for the tile in view, since the numbers behind it changed."""
        self._ask_soon.start()

    @Slot(object, object)
    def set_tile(
        self, request: TileRequest, values: NDArray[np.floating], share: NDArray[np.floating] | None = None
    ) -> None:
        """Show the answer to a request: float array of n_row_pixels x n_column_pixels, NaN where nothing is known.

        `share` (as large, 0 to 1) is how much of each pixel is observed: the colour is as strong. An answer older than
        the tile on screen, or to a matrix shown before, is dropped.
        """
        shown = self._tile[0].generation if self._tile else self._oldest_generation
        if request.generation < max(shown, self._oldest_generation):
            return
        self._tile = (request, np.asarray(values, dtype=np.float32))
        self._strength = None if share is None else np.asarray(share, dtype=np.float32)
        self._recolor()

    def set_limits(self, low: float, high: float) -> None:
        """Fix the values at the two ends of the colour map."""
        self._low, self._high = low, high
        self._recolor()

    def set_colormap(self, name: ColorMap) -> None:
        """Choose "viridis" for values, "diverging" for weights and errors, "cividis" for search errors."""
        self._colormap = name
        self._recolor()

    def set_tile_pixels(self, n: int) -> None:
        """Ask for one value per n x n pixels, not per pixel, where a pixel stands for more than one cell."""
        self._tile_pixels = n
        self.refresh()

    def set_crosshair(self, row: int | None, column: int | None) -> None:
        """Point at a row, a column or their cell; None for none."""
        if (row, column) != self._crosshair:
            self._crosshair = (row, column)
            self.update()

    # What stands around it

    def set_row_label(self, label: Callable[[int], str]) -> None:
        """Words for a row (0-based), in its tag and in tooltips."""
        self._rows.label = label
        self.update()

    def set_identities(self, row: Callable[[int], str], column: Callable[[int], str]) -> None:
        """Ids of a row and of a column (0-based) in exported numbers, where labels are titles."""
        self._rows.identity, self._columns.identity = row, column

    def set_column_label(self, label: Callable[[int], str]) -> None:
        """Words for a column (0-based), in its tag and in tooltips."""
        self._columns.label = label
        self.update()

    def set_row_axis(
        self, title: str = "", *, role: str = "user", ticks: Sequence[tuple[int, str]] | None = None
    ) -> None:
        """Title, tag colour ("user", "movie" or "muted") and fixed ticks (cell, words) of the rows."""
        self._rows.title, self._rows.role = title, role
        self._rows.ticks = None if ticks is None else tuple(ticks)
        self._rearrange()

    def set_column_axis(
        self, title: str = "", *, role: str = "movie", ticks: Sequence[tuple[int, str]] | None = None
    ) -> None:
        """Title, tag colour ("user", "movie" or "muted") and fixed ticks (cell, words) of the columns."""
        self._columns.title, self._columns.role = title, role
        self._columns.ticks = None if ticks is None else tuple(ticks)
        self._rearrange()

    def show_row_axis(self, shown: bool) -> None:
        """Draw the ticks, tag and title of the rows, or leave them to the neighbour."""
        self._rows.shown = shown
        self._rearrange()

    def show_column_axis(self, shown: bool) -> None:
        """Draw the ticks, tag and title of the columns, or leave them to the neighbour."""
        self._columns.shown = shown
        self._rearrange()

    def set_row_blocks(self, blocks: Sequence[tuple[int, int, str]]) -> None:
        """Mark groups of rows (start, stop, name) with short lines at the left edge."""
        self._rows.blocks = tuple(blocks)
        self._rearrange()

    def set_column_blocks(self, blocks: Sequence[tuple[int, int, str]]) -> None:
        """Mark groups of columns (start, stop, name) with short lines and their names above."""
        self._columns.blocks = tuple(blocks)
        self._rearrange()

    def set_title(self, symbol: str, words: str = "", role: str = "text") -> None:
        """Symbol (in the colour of `role`) and words above the picture."""
        self._title = (symbol, words, role)
        self._rearrange()

    def set_margins(self, left: int, top: int, right: int, bottom: int) -> None:
        """Fix the room around the picture (before text size), so that several maps line up."""
        self._margins = (left, top, right, bottom)
        self._rearrange()

    def set_readout(self, readout: Callable[[int, int], str]) -> None:
        """Words of the tooltip for a row and a column, in place of labels and the value."""
        self._readout = readout

    def picture(self) -> QRectF:
        """Where the cells are drawn, in widget coordinates."""
        return self._picture(QSizeF(self.size()))

    def cells_per_pixel(self) -> tuple[float, float]:
        """Rows and columns for which one pixel of the screen stands, below 1 where cells are larger."""
        n_down, n_across = self._pixels()
        return self._row_span.length / n_down, self._column_span.length / n_across

    def request(self) -> TileRequest | None:
        """What the tile on screen was asked for; None before there is one."""
        return None if self._tile is None else self._tile[0]

    def cells_under(self, row: int, column: int) -> tuple[int, int]:
        """Rows and columns for which the drawn value of a cell stands: 1, 1 for a single cell or before a tile."""
        if self._tile is None:
            return 1, 1
        request = self._tile[0]
        return (
            n_cells_with(row, request.row_start, request.row_stop, request.n_row_pixels),
            n_cells_with(column, request.column_start, request.column_stop, request.n_column_pixels),
        )

    def value_at(self, row: int, column: int) -> float:
        """Value drawn for a cell, a mean where a pixel holds several; NaN where none is known."""
        if self._tile is None:
            return float("nan")
        request, values = self._tile
        at_row = (row - request.row_start) * values.shape[0] // (request.row_stop - request.row_start)
        at_column = (column - request.column_start) * values.shape[1] // (request.column_stop - request.column_start)
        inside = 0 <= at_row < values.shape[0] and 0 <= at_column < values.shape[1]
        return float(values[at_row, at_column]) if inside else float("nan")

    def tip_at(self, position: QPointF) -> str:
        """Labels and value of the cell under the cursor, and how many cells its pixel holds."""
        cell = self.cell_at(position)
        if cell is None:
            return ""
        if self._readout is not None:
            return self._readout(*cell)
        value = self.value_at(*cell)
        shown = tr("missing") if np.isnan(value) else text.decimal(value, 2)
        lines = [f"{self._rows.label(cell[0])} · {self._columns.label(cell[1])}", shown]
        n_rows, n_columns = self.cells_per_pixel()
        if n_rows > 1 or n_columns > 1:
            rows, columns = (text.decimal(max(n, 1.0), 1) for n in (n_rows, n_columns))
            lines.append(tr("mean of {rows} × {columns} cells", rows=rows, columns=columns))
        return "\n".join(lines)

    def numbers_csv(self) -> str:
        """The values in view: a header of column ids, then one line per row; empty where missing."""
        return self.numbers_work()()

    def numbers_work(self) -> Callable[[], str]:
        """What makes them of the tile on screen, on any thread."""
        tile, name, ids = self._tile, self.accessibleName(), self._ids()
        if tile is None:
            return lambda: "\r\n"
        return lambda: heatmap_numbers.csv_of(tile[1], *heatmap_numbers.tile_ids(tile[0], *ids), name)

    def array_work(self) -> Callable[[], bytes]:
        """What makes the same as an .npy file, with ids; see `heatmap_numbers.npy_of`."""
        tile, ids = self._tile, self._ids()
        if tile is None:
            return lambda: heatmap_numbers.npy_of(np.empty((0, 0), np.float32), [], [])
        return lambda: heatmap_numbers.npy_of(tile[1], *heatmap_numbers.tile_ids(tile[0], *ids))

    def visible_limits(self) -> tuple[float, float] | None:
        """2nd and 98th percentile of what is in view; None where nothing is."""
        if self._tile is None:
            return None
        known = self._tile[1][np.isfinite(self._tile[1])]
        if not len(known):
            return None
        low, high = (float(end) for end in np.percentile(known, (2, 98)))
        return (low, high) if high > low else (low - 0.5, high + 0.5)

    def sizeHint(self) -> QSize:
        """Comfortable size of a map in a card."""
        return QSize(theme.px(390), theme.px(320))

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Cells, crosshair, axes."""
        picture = self._picture(size)
        if picture.isEmpty():
            return
        if self._n_rows and self._n_columns:
            self._draw_cells(painter, picture)
            self._draw_frame(painter, picture)
        else:
            painter.fillRect(picture, theme.color("sunken"))
        symbol, words, role = self._title
        level = picture.top() - theme.px(11)
        width = paint.put(painter, picture.left(), level, symbol, role, size=12, weight=600)
        room = picture.right() - picture.left() - width - theme.px(8)
        paint.put(painter, picture.left() + width + theme.px(7), level, words, width=room)

    # Details

    def _ids(self) -> tuple[Callable[[int], str], Callable[[int], str]]:
        return self._rows.identity or self._rows.label, self._columns.identity or self._columns.label

    def _draw_cells(self, painter: QPainter, picture: QRectF) -> None:
        """On a screen, its pixels; in a file of strokes, the tile itself at its own resolution, enlarged plainly."""
        if export.is_raster(painter) or not self._is_tile_in_view():
            ratio = export.pixel_ratio(painter)
            image = self._view_image(picture, ratio)
            if export.is_raster(painter):
                painter.drawImage(picture.topLeft(), image)
            else:
                painter.drawImage(picture, image)
        elif self._tile_colors is not None:
            painter.drawImage(picture, to_image(self._tile_colors))

    def _is_tile_in_view(self) -> bool:
        """Whether the tile shows just what is in view, in values that no dot would mark."""
        if self._tile is None:
            return False
        request, values = self._tile
        same = self.view() == (request.row_start, request.row_stop, request.column_start, request.column_stop)
        return same and not (self._has_dots() and bool(np.isnan(values).any()))

    def _draw_frame(self, painter: QPainter, picture: QRectF) -> None:
        row, column = self._crosshair
        x = y = None
        if column is not None and 0 <= (share := self._column_span.share_of(column + 0.5)) <= 1:
            x = floor(picture.left() + share * picture.width()) + 0.5
        if row is not None and 0 <= (share := self._row_span.share_of(row + 0.5)) <= 1:
            y = floor(picture.top() + share * picture.height()) + 0.5
        draw_crosshair(painter, picture, x, y)
        draw_row_axis(painter, picture, self._rows, self._row_span, row)
        draw_column_axis(painter, picture, self._columns, self._column_span, column)

    def _picture(self, size: QSizeF) -> QRectF:
        left, top, right, bottom = (theme.px(margin) for margin in self._margins or self._own_margins())
        return QRectF(left, top, max(size.width() - left - right, 0), max(size.height() - top - bottom, 0))

    def _own_margins(self) -> tuple[int, int, int, int]:
        left = (60 if self._rows.title else 40) if self._rows.shown else 13 if self._rows.blocks else 1
        bottom = (38 if self._columns.title else 22) if self._columns.shown else 1
        top = 23 if self._columns.blocks or self._title[0] else 2
        return left, top, 12 if self._columns.shown else 1, bottom

    def _pixels(self) -> tuple[int, int]:
        picture, ratio = self.picture(), self.devicePixelRatioF()
        return max(1, round(picture.height() * ratio)), max(1, round(picture.width() * ratio))

    def _rearrange(self) -> None:
        self.refresh()
        self.update()

    def _recolor(self) -> None:
        if self._tile is not None:
            self._tile_colors = colored(self._tile[1], self._low, self._high, self._colormap, self._strength)
        self._image = None
        self.update()

    def restyle(self) -> None:
        """Take the current theme: colours, text size, and with it another tile."""
        self._recolor()
        self.refresh()
        super().restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a tile of the new size."""
        super().resizeEvent(event)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the tile that was not asked for while hidden."""
        super().showEvent(event)
        self.refresh()

    def _view_changed(self) -> None:
        self.refresh()
        self.update()

    @Slot()
    def _ask(self) -> None:
        if not (self.isVisible() and self._n_rows and self._n_columns) or self.picture().isEmpty():
            return
        self._generation += 1
        n_down, n_across = self._pixels()
        row_start, row_stop = self._row_span.cells()
        column_start, column_stop = self._column_span.cells()
        n_rows, n_columns = row_stop - row_start, column_stop - column_start
        is_block = self._tile_pixels > 1 and (n_rows > n_down or n_columns > n_across)
        block = round(self._tile_pixels * self.devicePixelRatioF()) if is_block else 1
        self.tile_wanted.emit(
            TileRequest(
                row_start,
                row_stop,
                column_start,
                column_stop,
                min(n_rows, max(1, n_down // block)),
                min(n_columns, max(1, n_across // block)),
                self._generation,
                block,
            )
        )

    def _view_image(self, picture: QRectF, ratio: float) -> QImage:
        key = (picture.width(), picture.height(), ratio, self._row_span, self._column_span)
        if self._image is None or self._image[0] != key:
            self._image = (key, self._compose(picture, ratio))
        return self._image[1]

    def _compose(self, picture: QRectF, ratio: float) -> QImage:
        n_down, n_across = max(1, round(picture.height() * ratio)), max(1, round(picture.width() * ratio))
        unknown = theme.color("sunken").rgb()
        if self._tile is None or self._tile_colors is None:
            return to_image(np.full((n_down, n_across), unknown, dtype=np.uint32), ratio)
        request, values = self._tile
        rows = tile_places(self._row_span, n_down, request.row_start, request.row_stop, values.shape[0])
        columns = tile_places(self._column_span, n_across, request.column_start, request.column_stop, values.shape[1])
        view = stretched(self._tile_colors, rows, columns, unknown)
        self._stamp_missing(view, ratio)
        return to_image(view, ratio)

    def _stamp_missing(self, view: Pixels, ratio: float) -> None:
        if self._tile is None or not self._has_dots():
            return
        request, values = self._tile
        down, across = view.shape[0] / self._row_span.length, view.shape[1] / self._column_span.length
        rows = (np.arange(values.shape[0]) + 0.5 + request.row_start - self._row_span.start) * down
        columns = (np.arange(values.shape[1]) + 0.5 + request.column_start - self._column_span.start) * across
        radius = min(max(min(down, across) / 10, 0.8 * ratio), 3 * ratio)
        stamp_dots(view, np.isnan(values), rows, columns, radius)

    def _has_dots(self) -> bool:
        """Whether cells are drawn one by one, and so large that missing ones are marked."""
        if self._tile is None:
            return False
        request, values = self._tile
        cells = request.row_stop - request.row_start, request.column_stop - request.column_start
        picture = self.picture()
        down, across = picture.height() / self._row_span.length, picture.width() / self._column_span.length
        return values.shape == cells and min(down, across) >= DOT_FROM_PIXELS
