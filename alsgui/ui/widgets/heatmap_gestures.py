"""How a person moves over a matrix: wheel, drag, double-click, keys; and the view that results."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from alsgui.ui.widgets.cells import Span
from alsgui.ui.widgets.plot import Plot

ZOOM_PER_NOTCH = 0.8
ZOOM_PER_KEY = 0.7
WHEEL_NOTCH = 120


class HeatmapGestures(Plot):
    """View of a matrix that mouse and keys move; `Heatmap` draws it.

    The view is two spans in cells. It always lies inside the matrix and never shows fewer than three cells.
    """

    hovered = Signal(int, int)
    clicked = Signal(int, int)
    view_changed = Signal(float, float, float, float)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._n_rows = self._n_columns = 0
        self._row_span, self._column_span = Span(0.0, 1.0), Span(0.0, 1.0)
        self._crosshair: tuple[int | None, int | None] = (None, None)
        self._zooms_rows = self._zooms_columns = True
        self._pressed_at: QPointF | None = None
        self._dragged_from: tuple[Span, Span] | None = None
        self.setMouseTracking(True)

    def picture(self) -> QRectF:
        """Where the cells are drawn, in widget coordinates."""
        raise NotImplementedError

    def set_crosshair(self, row: int | None, column: int | None) -> None:
        """Point at a row, a column or their cell; None for none."""
        raise NotImplementedError

    def crosshair(self) -> tuple[int | None, int | None]:
        """Row and column of the crosshair; None for none."""
        return self._crosshair

    def set_zoom_axes(self, *, rows: bool, columns: bool) -> None:
        """Say along which sides the person may zoom and pan (a strip of attributes moves along one)."""
        self._zooms_rows, self._zooms_columns = rows, columns

    def shape(self) -> tuple[int, int]:
        """Rows and columns of the matrix."""
        return self._n_rows, self._n_columns

    def view(self) -> tuple[float, float, float, float]:
        """First row, end of rows, first column, end of columns in view, in cells."""
        return self._row_span.start, self._row_span.stop, self._column_span.start, self._column_span.stop

    @Slot(float, float, float, float)
    def set_view(
        self, row_start: float | None, row_stop: float | None, column_start: float | None, column_stop: float | None
    ) -> None:
        """Show these cells; None keeps what is in view along that side. Tells `view_changed` if it differs."""
        rows, columns = self._row_span, self._column_span
        if row_start is not None and row_stop is not None:
            rows = Span(row_start, row_stop)
        if column_start is not None and column_stop is not None:
            columns = Span(column_start, column_stop)
        self._look_at(rows, columns)

    def zoom_in(self) -> None:
        """Zoom in about the crosshair, else about the middle."""
        self._zoom(ZOOM_PER_KEY, self._focus_point())

    def zoom_out(self) -> None:
        """Zoom out about the crosshair, else about the middle."""
        self._zoom(1 / ZOOM_PER_KEY, self._focus_point())

    def show_all(self) -> None:
        """Show the whole matrix."""
        self._look_at(Span(0.0, float(self._n_rows)), Span(0.0, float(self._n_columns)))

    def cell_at(self, position: QPointF) -> tuple[int, int] | None:
        """Row and column under a point of the widget; None beside the cells."""
        picture = self.picture()
        if not (self._n_rows and self._n_columns and picture.contains(position)):
            return None
        down, across = self._shares(position)
        return self._row_span.cell_at(down), self._column_span.cell_at(across)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the cursor."""
        if self.cell_at(event.position()) is None:
            event.ignore()
            return
        turned = event.angleDelta().y() / WHEEL_NOTCH
        self._zoom(ZOOM_PER_NOTCH**turned, self._cells(event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton and self.cell_at(event.position()) is not None:
            self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the cell under the cursor; pan while dragged."""
        position = event.position()
        if self._pressed_at is not None:
            distance = (position - self._pressed_at).manhattanLength()
            if self._dragged_from is None and distance >= QApplication.startDragDistance():
                self._dragged_from = (self._row_span, self._column_span)
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
            if self._dragged_from is not None:
                self._pan(*self._dragged_from, position - self._pressed_at)
                return
        cell = self.cell_at(position)
        self.hovered.emit(*(cell or (-1, -1)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; without one, choose the cell."""
        was_drag, self._dragged_from = self._dragged_from is not None, None
        pressed, self._pressed_at = self._pressed_at is not None, None
        self.unsetCursor()
        cell = self.cell_at(event.position())
        if pressed and not was_drag and cell is not None:
            self._choose(*cell)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Zoom in about the cursor."""
        if event.button() == Qt.MouseButton.LeftButton and self.cell_at(event.position()) is not None:
            self._zoom(0.5, self._cells(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that no cell is under the cursor."""
        super().leaveEvent(event)
        self.hovered.emit(-1, -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose the neighbour cell, + and - zoom, Home shows all."""
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        key = Qt.Key(event.key())
        if key in steps and self._n_rows and self._n_columns:
            self._step(*steps[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_out()
        elif key == Qt.Key.Key_Home:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def _view_changed(self) -> None:
        """Ask for what the new view needs."""
        raise NotImplementedError

    def _pixels(self) -> tuple[int, int]:
        """Pixels of the screen under the cells, down and across."""
        raise NotImplementedError

    def _look_at(self, rows: Span, columns: Span) -> None:
        if not (self._n_rows and self._n_columns):
            return
        n_down, n_across = self._pixels()
        rows = rows.kept_inside(self._n_rows).settled(n_down)
        columns = columns.kept_inside(self._n_columns).settled(n_across)
        if (rows, columns) == (self._row_span, self._column_span):
            return
        self._row_span, self._column_span = rows, columns
        self._view_changed()
        self.view_changed.emit(*self.view())

    def _zoom(self, factor: float, about: tuple[float, float]) -> None:
        rows, columns = self._row_span, self._column_span
        if self._zooms_rows:
            rows = rows.zoomed(factor, about[0], self._n_rows)
        if self._zooms_columns:
            columns = columns.zoomed(factor, about[1], self._n_columns)
        self._look_at(rows, columns)

    def _pan(self, rows: Span, columns: Span, offset: QPointF) -> None:
        """Show what `rows` and `columns` show, dragged along by `offset` pixels."""
        picture = self.picture()
        if self._zooms_rows:
            rows = rows.moved(-offset.y() / picture.height() * rows.length, self._n_rows)
        if self._zooms_columns:
            columns = columns.moved(-offset.x() / picture.width() * columns.length, self._n_columns)
        self._look_at(rows, columns)

    def _step(self, down: int, across: int) -> None:
        row, column = self._crosshair
        middle = self._middle_cell()
        if row is None and column is None:
            down = across = 0
        row, column = middle[0] if row is None else row, middle[1] if column is None else column
        row = min(max(row + down, 0), self._n_rows - 1)
        column = min(max(column + across, 0), self._n_columns - 1)
        self._look_at(self._row_span.showing(row, self._n_rows), self._column_span.showing(column, self._n_columns))
        self._choose(row, column)

    def _choose(self, row: int, column: int) -> None:
        self.set_crosshair(row, column)
        self.clicked.emit(row, column)

    def _middle_cell(self) -> tuple[int, int]:
        return self._row_span.cell_at(0.5), self._column_span.cell_at(0.5)

    def _focus_point(self) -> tuple[float, float]:
        row, column = self._crosshair
        middle = self._middle_cell()
        return (middle[0] if row is None else row) + 0.5, (middle[1] if column is None else column) + 0.5

    def _shares(self, position: QPointF) -> tuple[float, float]:
        picture = self.picture()
        return (
            (position.y() - picture.top()) / picture.height(),
            (position.x() - picture.left()) / picture.width(),
        )

    def _cells(self, position: QPointF) -> tuple[float, float]:
        down, across = self._shares(position)
        rows, columns = self._row_span, self._column_span
        return rows.start + down * rows.length, columns.start + across * columns.length
