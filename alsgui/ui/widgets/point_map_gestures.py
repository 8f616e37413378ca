"""How a person moves over a map of points: wheel, drag, brush, a point carried to the end of an axis, keys."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from alsgui.ui import theme
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.plot import Plot

Mode = Literal["pan", "rectangle", "lasso"]
View = tuple[float, float, float, float]
"""Lowest and highest x, lowest and highest y in view."""

ZOOM_PER_NOTCH, ZOOM_PER_KEY, PAN_PER_KEY = 0.8, 0.7, 0.15
WHEEL_NOTCH = 120
SMALLEST_SHARE = 1e-5
EDGE = 46
ENDS = ("left", "right", "bottom", "top")

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}


class ScatterGestures(Plot):
    """View of a map that mouse and keys move, and what is brushed on it; `Scatter` draws it.

    Signals
    -------
    clicked(int)
        A point was clicked.
    brushed(object)
        Corners of the brush in the units of the axes (n x 2), None when it was taken away.
    dropped(str, int)
        A point was carried to an end of an axis: "left", "right", "bottom" or "top".
    view_changed()
        Another part is in view.
    """

    clicked = Signal(int)
    brushed = Signal(object)
    dropped = Signal(str, int)
    view_changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._whole: View = (0.0, 1.0, 0.0, 1.0)
        self._view: View = self._whole
        self._mode: Mode = "pan"
        self._pressed_at: QPointF | None = None
        self._pressed_view: View = self._view
        self._carried: int | None = None
        self._carried_to: QPointF | None = None
        self._path: list[QPointF] = []
        self._brush: NDArray[np.float64] | None = None
        self.setMouseTracking(True)

    def area(self) -> QRectF:
        """Where points are drawn, in widget coordinates."""
        raise NotImplementedError

    def point_at(self, position: QPointF) -> int | None:
        """The point under the cursor."""
        raise NotImplementedError

    def scales(self) -> tuple[Scale, Scale]:
        """Units of the axes to pixels of the widget."""
        area = self.area()
        x_low, x_high, y_low, y_high = self._view
        return Scale(x_low, x_high, area.left(), area.right()), Scale(y_low, y_high, area.bottom(), area.top())

    def view(self) -> View:
        """What is in view."""
        return self._view

    def set_view(self, view: View) -> None:
        """Show another part."""
        if view != self._view:
            self._view = view
            self.view_changed.emit()
            self.update()

    def show_all(self) -> None:
        """Show every point."""
        self.set_view(self._whole)

    def set_mode(self, mode: Mode) -> None:
        """What dragging does: "pan", or brush a "rectangle" or a "lasso"."""
        self._mode = mode
        self.setCursor(Qt.CursorShape.ArrowCursor if mode == "pan" else Qt.CursorShape.CrossCursor)

    def set_brush(self, corners: NDArray[np.float64] | None) -> None:
        """Brush an area (n x 2, units of the axes), or none; tells `brushed`."""
        self._brush = corners
        self.brushed.emit(corners)
        self.update()

    def brush(self) -> NDArray[np.float64] | None:
        """Corners of what is brushed."""
        return self._brush

    def end_under(self, position: QPointF) -> str | None:
        """The end of an axis that a carried point would become there."""
        area, edge = self.area(), theme.px(EDGE)
        distances = {
            "left": position.x() - area.left(),
            "right": area.right() - position.x(),
            "bottom": area.bottom() - position.y(),
            "top": position.y() - area.top(),
        }
        nearest = min(distances, key=lambda end: distances[end])
        return nearest if distances[nearest] < edge else None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the cursor."""
        notches = event.angleDelta().y() / WHEEL_NOTCH
        if notches:
            self._zoom(ZOOM_PER_NOTCH**notches, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the map, of a point, or begin a brush."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._pressed_at, self._pressed_view = event.position(), self._view
        self._carried = self.point_at(event.position()) if self._mode == "pan" else None
        self._path = [event.position()]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, carry or brush."""
        if self._pressed_at is None:
            return
        moved = event.position() - self._pressed_at
        if moved.manhattanLength() < QApplication.startDragDistance() and len(self._path) < 2:
            return
        self._path.append(event.position())
        if self._mode != "pan":
            if self._mode == "rectangle":
                self._path = [self._path[0], event.position()]
        elif self._carried is not None:
            self._carried_to = event.position()
        else:
            self._pan(moved)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was begun; a press without a move is a click."""
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        carried, path = self._carried, self._path
        self._pressed_at, self._carried, self._carried_to, self._path = None, None, None, []
        if len(path) < 2:
            self._click(event.position())
        elif self._mode != "pan":
            self.set_brush(self._corners(path))
        elif carried is not None:
            end = self.end_under(event.position())
            if end is not None:
                self.dropped.emit(end, carried)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all."""
        self.show_all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pan by arrows, zoom by + and -, show all by Home, forget the brush by Escape."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            x, y = _STEPS[key]
            self._shift(PAN_PER_KEY * x, PAN_PER_KEY * y)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(ZOOM_PER_KEY, self.area().center())
        elif key == Qt.Key.Key_Minus:
            self._zoom(1 / ZOOM_PER_KEY, self.area().center())
        elif key == Qt.Key.Key_Home:
            self.show_all()
        elif key == Qt.Key.Key_Escape and self._brush is not None:
            self.set_brush(None)
        else:
            super().keyPressEvent(event)

    def brush_path(self) -> list[QPointF]:
        """Corners of the brush that is being drawn, in pixels; nothing while none is."""
        if self._mode == "pan" or len(self._path) < 2:
            return []
        if self._mode == "rectangle":
            box = QRectF(self._path[0], self._path[-1]).normalized()
            return [box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()]
        return self._path

    def _corners(self, path: list[QPointF]) -> NDArray[np.float64]:
        self._path = path
        corners, (x_scale, y_scale) = self.brush_path(), self.scales()
        self._path = []
        return np.array([(x_scale.value(at.x()), y_scale.value(at.y())) for at in corners])

    def _click(self, position: QPointF) -> None:
        if self._brush is not None and self._mode != "pan":
            self.set_brush(None)
        at = self.point_at(position)
        if at is not None:
            self.clicked.emit(at)

    def _pan(self, moved: QPointF) -> None:
        area = self.area()
        x_low, x_high, y_low, y_high = self._pressed_view
        across, up = (
            -moved.x() / area.width() * (x_high - x_low),
            moved.y() / area.height() * (y_high - y_low),
        )
        self.set_view((x_low + across, x_high + across, y_low + up, y_high + up))

    def _shift(self, across: float, up: float) -> None:
        x_low, x_high, y_low, y_high = self._view
        x, y = across * (x_high - x_low), up * (y_high - y_low)
        self.set_view((x_low + x, x_high + x, y_low + y, y_high + y))

    def _zoom(self, factor: float, about: QPointF) -> None:
        x_low, x_high, y_low, y_high = self._view
        wide = (self._whole[1] - self._whole[0]) or 1.0
        factor = min(max(factor, SMALLEST_SHARE * wide / (x_high - x_low)), 2 * wide / (x_high - x_low))
        x_scale, y_scale = self.scales()
        x, y = x_scale.value(about.x()), y_scale.value(about.y())
        self.set_view(
            (x + (x_low - x) * factor, x + (x_high - x) * factor, y + (y_low - y) * factor, y + (y_high - y) * factor)
        )
