"""How a person moves over curves: wheel, drag, double-click, keys; and the part of the axes that results."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.heatmap_gestures import WHEEL_NOTCH, ZOOM_PER_KEY, ZOOM_PER_NOTCH
from alsgui.ui.widgets.plot import Plot

Range = tuple[float, float]

PAN_PER_KEY = 0.15
SMALLEST_SHARE = 1e-6
"""Of the whole axis that can be looked at: less, and pixels are lost to rounding."""

_PLUS = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)
_MINUS = (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)


class CurveGestures(Plot):
    """The part of stacked panels over one axis that mouse and keys choose; a subclass draws it.

    All panels share the part of x; it stays where it is while curves grow. The values of a panel follow what is seen of
    its curves until a person chooses them.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._x_chosen: Range | None = None
        self._y_chosen: dict[str, Range] = {}
        self._y_usual: dict[str, Range] = {}
        self._y_scales: dict[str, Scale] = {}
        self._pressed: tuple[QPointF, Range, str, Scale | None] | None = None
        self._dragged = False
        self.setMouseTracking(True)
        self.all_button = button(tr("Show all"), tip=tr("All epochs, values as they fit (double-click, or Home)"))
        self.all_button.setParent(self)
        self.all_button.setProperty("k", "link")
        self.all_button.clicked.connect(self.show_all)
        self.all_button.hide()

    # What a subclass knows

    def panels(self, size: QSizeF) -> dict[str, QRectF]:
        """Areas of the panels, by name, from the top down."""
        raise NotImplementedError

    def whole_x(self) -> Range:
        """The whole axis."""
        raise NotImplementedError

    def room_x(self, size: QSizeF) -> Range:
        """Pixels at the two ends of the axis."""
        raise NotImplementedError

    def smallest_x(self) -> float:
        """The least that can be looked at, in units of the axis."""
        raise NotImplementedError

    def point_at(self, x: float | None) -> None:
        """Point at what is nearest to a place on the axis; None for nothing."""
        raise NotImplementedError

    # The view

    @property
    def zoomed(self) -> bool:
        """Whether something else than all is shown."""
        return self._x_chosen is not None or bool(self._y_chosen)

    def view_x(self) -> Range:
        """The part of the axis that is shown."""
        whole = self.whole_x()
        return whole if self._x_chosen is None else _inside(self._x_chosen, whole)

    def view_y(self, panel: str) -> Range | None:
        """Values that a person chose for a panel; None where they follow the curves."""
        return self._y_chosen.get(panel)

    def set_view_x(self, view: Range | None) -> None:
        """Show a part of the axis; None, or all of it, shows whatever there is as it grows."""
        whole = self.whole_x()
        if view is not None:
            least = max(self.smallest_x(), SMALLEST_SHARE * (whole[1] - whole[0]))
            missing = max(least - (view[1] - view[0]), 0.0) / 2
            view = _inside((view[0] - missing, view[1] + missing), whole)
            nearly = 1e-9 * (whole[1] - whole[0])
            view = None if view[0] <= whole[0] + nearly and view[1] >= whole[1] - nearly else view
        self._x_chosen = view
        self._view_changed()

    def set_view_y(self, panel: str, view: Range | None) -> None:
        """Show these values in a panel; None, or all that its curves take, lets them follow the curves."""
        usual = self._y_usual.get(panel)
        if view is not None and (usual is None or (view[0] <= usual[0] and view[1] >= usual[1])):
            view = None
        if view is None:
            self._y_chosen.pop(panel, None)
        else:
            self._y_chosen[panel] = view
        self._view_changed()

    def show_all(self) -> None:
        """Show all epochs, and values as they fit."""
        self._x_chosen = None
        self._y_chosen.clear()
        self._view_changed()

    def x_scale(self, size: QSizeF) -> Scale:
        """The axis as it is shown."""
        return Scale(*self.view_x(), *self.room_x(size))

    def _view_changed(self) -> None:
        had_focus = self.all_button.hasFocus()
        self.all_button.setVisible(self.zoomed)
        if had_focus and not self.zoomed:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._place_button()
        self.update()

    # Mouse

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom the axis about the cursor; with Ctrl, or over the numbers of a panel, its values."""
        size, place = QSizeF(self.size()), event.position()
        left, right = self.room_x(size)
        panel = self._panel_at(place)
        turned = event.angleDelta().y() or event.angleDelta().x()  # some systems turn the wheel with Alt to the side
        factor = ZOOM_PER_NOTCH ** (turned / WHEEL_NOTCH)
        over_numbers = place.x() < left or bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if over_numbers and panel in self._y_scales:
            self._zoom_y(panel, factor, place.y())
        elif left <= place.x() and place.y() >= next(iter(self.panels(size).values())).top():
            self._zoom_x(factor, min(place.x(), right))
        else:
            event.ignore()
            return
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        if event.button() == Qt.MouseButton.LeftButton and self.zoomed:
            panel = self._panel_at(event.position())
            scale = self._y_scales.get(panel) if panel in self._y_chosen else None
            self._pressed, self._dragged = (event.position(), self.view_x(), panel, scale), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the epoch under the cursor; pan while dragged."""
        if self._pressed is not None:
            self._drag(event.position())
            return
        size = QSizeF(self.size())
        left, right = self.room_x(size)
        inside = left <= event.position().x() <= right
        self.point_at(self.x_scale(size).value(event.position().x()) if inside else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        self._pressed, self._dragged = None, False
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.show_all()

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self.point_at(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button at its place."""
        super().resizeEvent(event)
        self._place_button()

    def restyle(self) -> None:
        """Take the current theme: colours, text size."""
        super().restyle()
        self._place_button()

    def _drag(self, place: QPointF) -> None:
        if self._pressed is None:
            return
        start, view, panel, y_scale = self._pressed
        offset = place - start
        if not self._dragged and offset.manhattanLength() < QApplication.startDragDistance():
            return
        if not self._dragged:
            self._dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.point_at(None)
        if self._x_chosen is not None:
            left, right = self.room_x(QSizeF(self.size()))
            moved = -offset.x() / max(right - left, 1.0) * (view[1] - view[0])
            self.set_view_x((view[0] + moved, view[1] + moved))
        if y_scale is not None and panel in self._y_chosen:
            self._y_chosen[panel] = (
                y_scale.value(y_scale.start - offset.y()),
                y_scale.value(y_scale.stop - offset.y()),
            )
            self._view_changed()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and - zoom the axis, up and down the values of the upper panel (with Ctrl of the lower); Home shows all.

        Shift with left and right pans.
        """
        key, held = Qt.Key(event.key()), event.modifiers()
        shifted = bool(held & Qt.KeyboardModifier.ShiftModifier)
        panels = list(self.panels(QSizeF(self.size())))
        if key in _PLUS:
            self._zoom_x(ZOOM_PER_KEY, self._key_place())
        elif key in _MINUS:
            self._zoom_x(1 / ZOOM_PER_KEY, self._key_place())
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            panel = panels[-1 if held & Qt.KeyboardModifier.ControlModifier else 0]
            self._zoom_y(panel, ZOOM_PER_KEY if key == Qt.Key.Key_Up else 1 / ZOOM_PER_KEY)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and shifted:
            self._pan(-PAN_PER_KEY if key == Qt.Key.Key_Left else PAN_PER_KEY)
        elif key == Qt.Key.Key_Home:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def _key_place(self) -> float:
        """Pixel about which keys zoom: the middle."""
        left, right = self.room_x(QSizeF(self.size()))
        return (left + right) / 2

    # Arithmetic

    def _panel_at(self, place: QPointF) -> str:
        return next((n for n, area in self.panels(QSizeF(self.size())).items() if area.bottom() >= place.y()), "")

    def _zoom_x(self, factor: float, about: float) -> None:
        scale = self.x_scale(QSizeF(self.size()))
        self.set_view_x(_zoomed(scale, factor, about))

    def _zoom_y(self, panel: str, factor: float, about: float | None = None) -> None:
        scale = self._y_scales.get(panel)
        if scale is not None and scale.high > scale.low:
            view = _zoomed(scale, factor, (scale.start + scale.stop) / 2 if about is None else about)
            if view[1] - view[0] > SMALLEST_SHARE * max(abs(view[0]), abs(view[1])):
                self.set_view_y(panel, view)

    def _pan(self, share: float) -> None:
        if self._x_chosen is not None:
            low, high = self.view_x()
            self.set_view_x((low + share * (high - low), high + share * (high - low)))

    def _place_button(self) -> None:
        hint = self.all_button.sizeHint()
        self.all_button.resize(hint)
        self.all_button.move(self.width() - hint.width(), self.height() - hint.height() + theme.px(4))


def _zoomed(scale: Scale, factor: float, about: float) -> Range:
    """Values at the ends once `factor` of the length about a pixel fills the whole."""
    return (
        scale.value(about + (scale.start - about) * factor),
        scale.value(about + (scale.stop - about) * factor),
    )


def _inside(view: Range, whole: Range) -> Range:
    """A range of the same length that lies within the whole, or the whole."""
    length = min(view[1] - view[0], whole[1] - whole[0])
    low = min(max(view[0], whole[0]), whole[1] - length)
    return low, low + length
