"""A map of very many points, with axes, the names of the best known, a brush and a selected point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPaintEngine, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.core.dots import Picture
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale, digits_of, round_ticks
from alsgui.ui.widgets.point_map_cloud import Cloud, Floats, Request
from alsgui.ui.widgets.point_map_gestures import ENDS, ScatterGestures, View
from alsgui.ui.widgets.point_map_labels import Names, Room, placed

LEFT, RIGHT, TOP, BOTTOM = 62, 10, 8, 44
MOST_TRIED, PIXELS_PER_LABEL = 250, 9000.0
NEAR, AIR = 7, 0.04


class Scatter(ScatterGestures):
    """Points, drawn elsewhere as one picture, under axes, names, brush and selection.

    Signals
    -------
    picture_wanted(object)
        A `Request`; its picture is handed to `set_picture`.
    """

    picture_wanted = Signal(object)
    smallest = (240, 180)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._cloud: Cloud | None = None
        self._order: NDArray[np.integer] = np.zeros(0, np.int64)
        self._titles = ("", "")
        self._image: QImage | None = None
        self._image_of: Request | None = None
        self._selected: int | None = None
        self._found: NDArray[np.integer] = np.zeros(0, np.int64)
        self._names = Names()
        self._brush_words = ""
        self._awaited = False
        self.view_changed.connect(self._follow)

    # What is shown

    def set_cloud(self, cloud: Cloud, x_title: str, y_title: str, *, keep_view: bool = False) -> None:
        """Show points; the view stays where `keep_view` asks for it."""
        self._cloud, self._titles, self._order = cloud, (x_title, y_title), cloud.order
        self._whole = _around(cloud.x, cloud.y)
        if not keep_view:
            self._view = self._whole
            self._brush = None
        self.setAccessibleDescription(tr("{n} points; {x}; {y}", n=text.count(len(cloud.x)), x=x_title, y=y_title))
        self._ask()
        self.update()

    def cloud(self) -> Cloud | None:
        """The points shown."""
        return self._cloud

    def set_selected(self, at: int | None) -> None:
        """Point at one."""
        self._selected = at
        self.update()

    def set_found(self, found: NDArray[np.integer]) -> None:
        """Highlight the points that a search found."""
        self._found = found
        self.update()

    def set_brush_words(self, words: str) -> None:
        """What is written at the brush."""
        self._brush_words = words
        self.update()

    def set_picture(self, request: Request, picture: Picture) -> None:
        """Take a picture that was wanted."""
        height, width = picture.shape
        image = QImage(picture.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
        image.setDevicePixelRatio(request.ratio)
        self._image, self._image_of, self._awaited = image, request, False
        self._follow()
        self.update()

    def has_newest_picture(self) -> bool:
        """Whether what is drawn is what is asked for."""
        return self._image_of is not None and self._image_of.view == self._view and self._image_of.cloud is self._cloud

    # Where things are

    def area(self) -> QRectF:
        """Where points are drawn."""
        return self._area(QSizeF(self.size()))

    def point_at(self, position: QPointF) -> int | None:
        """The nearest point that reaches the cursor, or nearly."""
        if self._cloud is None or not len(self._cloud.x) or not self.area().contains(position):
            return None
        x_scale, y_scale = self.scales()
        far = np.hypot(x_scale.pixels(self._cloud.x) - position.x(), y_scale.pixels(self._cloud.y) - position.y())
        at = int(np.argmin(far))
        return at if far[at] <= theme.px(NEAR) else None

    def tip_at(self, position: QPointF) -> str:
        """Words of the point under the cursor."""
        at = self.point_at(position)
        return "" if at is None or self._cloud is None else self._cloud.full(at)

    def labels(self) -> list[tuple[int, QRectF]]:
        """Points whose names are written, and where: found and well known ones first, none over another."""
        if self._cloud is None:
            return []
        return self._placed(self._cloud, self.area(), *self.scales())

    def sizeHint(self) -> QSize:
        """Most of a page."""
        return QSize(theme.px(640), theme.px(520))

    def numbers_csv(self) -> str:
        """One line per point in view."""
        if self._cloud is None:
            return ""
        cloud, (x_low, x_high, y_low, y_high) = self._cloud, self._view
        inside = (cloud.x >= x_low) & (cloud.x <= x_high) & (cloud.y >= y_low) & (cloud.y <= y_high)
        rows = [
            (cloud.full(int(at)).split("\n")[0], f"{cloud.x[at]:.6g}", f"{cloud.y[at]:.6g}", int(cloud.counts[at]))
            for at in np.flatnonzero(inside)
        ]
        return export.csv_text([("name", *self._titles, "ratings"), *rows])

    # Drawing

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Axes, points, names, brush, selection."""
        area = self._area(size)
        if self._cloud is None or area.isEmpty():
            return
        x_low, x_high, y_low, y_high = self._view
        x_scale = Scale(x_low, x_high, area.left(), area.right())
        y_scale = Scale(y_low, y_high, area.bottom(), area.top())
        self._draw_axes(painter, area, x_scale, y_scale)
        painter.save()
        painter.setClipRect(area)
        self._draw_points(painter, area, x_scale, y_scale)
        self._draw_brush(painter, x_scale, y_scale)
        for at, place in self._placed(self._cloud, area, x_scale, y_scale):
            self._names.draw(painter, place, self._cloud.short(at))
        self._draw_found(painter, x_scale, y_scale)
        painter.restore()
        self._draw_selected(painter, area, x_scale, y_scale)
        if self._carried is not None and self._carried_to is not None:
            self._draw_carried(painter, area, self._cloud.short(self._carried), self._carried_to)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a picture of the new size."""
        super().resizeEvent(event)
        self._ask()

    def restyle(self) -> None:
        """Take the theme's colours."""
        self._names.forget()
        super().restyle()
        self._ask()

    def changeEvent(self, event: QEvent) -> None:
        """Ask anew when the screen's pixels change."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._ask()

    def _follow(self) -> None:
        """Ask for a picture of another view, one at a time: each that comes is shown, though the map moves on."""
        known = self._image_of
        is_new = known is not None and (known.view, known.cloud) == (self._view, self._cloud)
        if not self._awaited and not is_new:
            self._ask()

    def _ask(self) -> None:
        area = self.area()
        if self._cloud is not None and area.width() >= 1 and area.height() >= 1:
            self._awaited = True
            self.picture_wanted.emit(self._request(self._cloud, area, self.devicePixelRatioF()))

    def _request(self, cloud: Cloud, area: QRectF, ratio: float) -> Request:
        is_dark = theme.color("surface").lightness() < 128
        outline = 0xFFFFFF if is_dark else theme.color("surface").rgb() & 0xFFFFFF
        return Request(
            cloud, self._view, (area.width(), area.height()), ratio, theme.px(100) / 100, outline,
            0.38 if is_dark else 1.0,
        )  # fmt: skip

    def _area(self, size: QSizeF) -> QRectF:
        return QRectF(
            theme.px(LEFT),
            theme.px(TOP),
            size.width() - theme.px(LEFT + RIGHT),
            size.height() - theme.px(TOP + BOTTOM),
        )

    def _draw_axes(self, painter: QPainter, area: QRectF, x_scale: Scale, y_scale: Scale) -> None:
        across = round_ticks(x_scale.low, x_scale.high, max(2, int(area.width() / theme.px(110))))
        up = round_ticks(y_scale.low, y_scale.high, max(2, int(area.height() / theme.px(110))))
        for tick in across:
            role = "border_strong" if abs(tick) < 1e-12 else "grid"
            paint.down(painter, x_scale.pixel(tick), area.top(), area.bottom(), role)
            words = text.decimal(tick, max(digits_of(across), 1))
            paint.put(painter, x_scale.pixel(tick), area.bottom() + theme.px(11), words, align="center")
        for tick in up:
            role = "border_strong" if abs(tick) < 1e-12 else "grid"
            paint.across(painter, area.left(), area.right(), y_scale.pixel(tick), role)
            words = text.decimal(tick, max(digits_of(up), 1))
            paint.put(painter, area.left() - theme.px(6), y_scale.pixel(tick), words, align="right")
        x_title, y_title = (paint.elided(words, room) for words, room in zip(
            self._titles, (area.width(), area.height()), strict=True))  # fmt: skip
        paint.put(painter, area.center().x(), area.bottom() + theme.px(30), x_title, align="center")
        painter.save()
        painter.translate(theme.px(9), area.center().y())
        painter.rotate(-90)
        paint.put(painter, 0, 0, y_title, align="center")
        painter.restore()

    def _draw_points(self, painter: QPainter, area: QRectF, x_scale: Scale, y_scale: Scale) -> None:
        assert self._cloud is not None
        on_screen = painter.paintEngine().type() == QPaintEngine.Type.Raster and painter.device() is self
        if on_screen:
            image, known = self._image, self._image_of
        else:  # a file has its own number of pixels, and waits for nobody
            known = self._request(self._cloud, area, export.pixel_ratio(painter))
            picture = known.draw()
            height, width = picture.shape
            image = QImage(picture.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
        if image is None or known is None:
            return
        x_low, x_high, y_low, y_high = known.view
        target = QRectF(
            QPointF(x_scale.pixel(x_low), y_scale.pixel(y_high)), QPointF(x_scale.pixel(x_high), y_scale.pixel(y_low))
        )
        painter.drawImage(target, image, QRectF(0, 0, image.width(), image.height()))

    def _draw_brush(self, painter: QPainter, x_scale: Scale, y_scale: Scale) -> None:
        corners = self.brush_path()
        if not corners and self._brush is not None:
            corners = [QPointF(x_scale.pixel(x), y_scale.pixel(y)) for x, y in self._brush]
        if not corners:
            return
        ground = theme.color("accent")
        ground.setAlphaF(0.1)
        painter.setPen(QPen(theme.color("accent"), 1.4))
        painter.setBrush(ground)
        painter.drawPolygon(QPolygonF(corners))
        if self._brush_words and self._brush is not None and not self.brush_path():
            left, top = min(corner.x() for corner in corners), min(corner.y() for corner in corners)
            width = paint.tag_area(QPointF(), self._brush_words).width()
            paint.tag(painter, QPointF(left + width / 2, top - theme.px(9)), self._brush_words, "accent")

    def _draw_found(self, painter: QPainter, x_scale: Scale, y_scale: Scale) -> None:
        assert self._cloud is not None
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radii = self._cloud.radii
        for at in self._found[:MOST_TRIED]:
            center = QPointF(x_scale.pixel(self._cloud.x[at]), y_scale.pixel(self._cloud.y[at]))
            painter.setPen(QPen(theme.color("accent"), 2))
            radius = theme.px(100) / 100 * radii[at] + theme.px(3)
            painter.drawEllipse(center, radius, radius)

    def _draw_selected(self, painter: QPainter, area: QRectF, x_scale: Scale, y_scale: Scale) -> None:
        cloud, at = self._cloud, self._selected
        if cloud is None or at is None or at >= len(cloud.x):
            return
        center = QPointF(x_scale.pixel(cloud.x[at]), y_scale.pixel(cloud.y[at]))
        if not area.contains(center):
            return
        painter.setPen(QPen(theme.color(cloud.role), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(center, theme.px(7), theme.px(7))
        words = cloud.full(at).split("\n")[0]
        half = paint.tag_area(QPointF(), words).width() / 2 + theme.px(11)
        side = 1 if center.x() + 2 * half < area.right() else -1
        paint.tag(painter, QPointF(center.x() + side * half, center.y()), words, cloud.role)

    def _draw_carried(self, painter: QPainter, area: QRectF, words: str, position: QPointF) -> None:
        edge, under = theme.px(46), self.end_under(position)
        zones = {
            "left": QRectF(area.left(), area.top(), edge, area.height()),
            "right": QRectF(area.right() - edge, area.top(), edge, area.height()),
            "bottom": QRectF(area.left(), area.bottom() - edge, area.width(), edge),
            "top": QRectF(area.left(), area.top(), area.width(), edge),
        }
        for end in ENDS:
            ground = theme.color("accent")
            ground.setAlphaF(0.3 if end == under else 0.08)
            painter.fillRect(zones[end], ground)
        told = tr("{name}: {end} end", name=words, end=under) if under else words
        paint.tag(painter, position + QPointF(0, -theme.px(14)), told, "accent")

    def _placed(self, cloud: Cloud, area: QRectF, x_scale: Scale, y_scale: Scale) -> list[tuple[int, QRectF]]:
        xs, ys = x_scale.pixels(cloud.x), y_scale.pixels(cloud.y)
        inside = (xs >= area.left()) & (xs <= area.right()) & (ys >= area.top()) & (ys <= area.bottom())
        wanted = [*self._found[:MOST_TRIED], *self._order[inside[self._order]][:MOST_TRIED]]
        radii, unit = cloud.radii, theme.px(100) / 100
        room = Room(area)
        self._keep_free(room, cloud, area, xs, ys)
        spots = (
            (at, float(xs[at]), float(ys[at]), float(radii[at]) * unit)
            for at in dict.fromkeys(map(int, wanted))
            if inside[at] and at != self._selected
        )
        most = max(4, int(area.width() * area.height() / unit**2 / PIXELS_PER_LABEL))
        return placed(spots, cloud.short, self._names, room, most)

    def _keep_free(self, room: Room, cloud: Cloud, area: QRectF, xs: Floats, ys: Floats) -> None:
        """Leave room for the tag of the selected point."""
        at = self._selected
        if at is not None and at < len(cloud.x):
            width = paint.tag_area(QPointF(), cloud.full(at).split("\n")[0]).width() + theme.px(20)
            left = xs[at] if xs[at] + width + theme.px(4) < area.right() else xs[at] - width
            room.block(QRectF(float(left), float(ys[at]) - theme.px(9), width, theme.px(18)))


def _around(x: Floats, y: Floats) -> View:
    """All points with some air."""
    ends = []
    for values in (x, y):
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
        air = AIR * (high - low) or 0.5
        ends += [low - air, high + air]
    return ends[0], ends[1], ends[2], ends[3]
