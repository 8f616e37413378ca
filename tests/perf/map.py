"""How many frames a second the map holds with 60,000 points, and how its picture compares with Qt drawing each disc.

    python -m tests.perf.map [points]

A frame is one step of a pan or a zoom: the widget is painted anew at once, with the points of the picture before where
the new one has not come; "new pictures" counts those that came meanwhile from the light thread. The GUI thread's own
time is what it computed, whatever else the machine did. The peer draws the same discs with QPainter, one call each.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import time

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication

from alsgui.app import application
from alsgui.jobs.light import LightWork
from alsgui.ui.widgets.point_map import Scatter
from alsgui.ui.widgets.point_map_cloud import Cloud, Request

POINTS, FRAMES, SIZE = 60_000, 120, (900, 700)


def cloud_of(n: int) -> Cloud:
    rng = np.random.default_rng(0)
    counts = (rng.pareto(1.2, n) * 20 + 1).astype(np.int64)
    rgb = rng.integers(0, 0xFFFFFF, n).astype(np.uint32)
    return Cloud(
        rng.normal(size=n), rng.normal(size=n), counts, rgb, lambda at: f"Movie {at}", lambda at: f"Movie {at}"
    )


def seconds_of_qt(request: Request) -> float:
    """The same discs by QPainter."""
    cloud, order = request.cloud, request.cloud.order
    x_low, x_high, y_low, y_high = request.view
    xs = (cloud.x[order] - x_low) / (x_high - x_low) * request.size[0]
    ys = (y_high - cloud.y[order]) / (y_high - y_low) * request.size[1]
    radii, colours = cloud.radii[order], [QColor.fromRgb(int(rgb)) for rgb in cloud.rgb[order]]
    image = QImage(round(request.size[0]), round(request.size[1]), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    started = time.perf_counter()
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("white"), 0.8))
    for x, y, radius, colour in zip(xs, ys, radii, colours, strict=True):
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(x, y), radius, radius)
    painter.end()
    return time.perf_counter() - started


def main(n: int = POINTS) -> None:
    app = application()
    assert isinstance(app, QApplication)
    light, scatter, pictures = LightWork(), Scatter("Map"), []
    requests: list[Request] = []

    def draw(request: Request) -> None:
        requests.append(request)
        light.request("picture", lambda: (request, request.draw()), lambda made: take(*made))

    def take(request: Request, picture: np.ndarray) -> None:
        pictures.append(request)
        scatter.set_picture(request, picture)

    scatter.picture_wanted.connect(draw)
    scatter.resize(*SIZE)
    scatter.set_cloud(cloud_of(n), "across", "up")
    scatter.show()
    while not scatter.has_newest_picture():
        app.processEvents()
    kernel = min(timed(requests[-1].draw) for _ in range(5))
    qt = min(seconds_of_qt(requests[-1]) for _ in range(2))
    print(f"{n:,} points in {SIZE[0]} x {SIZE[1]} pixels")
    print(f"one picture: {1000 * kernel:.0f} ms; Qt, one call each: {1000 * qt:.0f} ms; ratio {qt / kernel:.1f}")
    for name, step in (("pan", pan), ("zoom", zoom)):
        pictures.clear()
        started, own = time.perf_counter(), time.thread_time()
        for frame in range(FRAMES):
            step(scatter, frame)
            app.processEvents()
            scatter.grab(scatter.rect())
        seconds = time.perf_counter() - started
        busy = 1000 * (time.thread_time() - own) / FRAMES
        print(
            f"{name}: {FRAMES / seconds:.0f} frames a second, {len(pictures) / seconds:.0f} new pictures a second; "
            f"{busy:.1f} ms of the GUI thread's own time a frame"
        )
    light.close()


def pan(scatter: Scatter, frame: int) -> None:
    x_low, x_high, y_low, y_high = scatter.view()
    step = 0.004 * (x_high - x_low) * (1 if frame % 60 < 30 else -1)
    scatter.set_view((x_low + step, x_high + step, y_low, y_high))


def zoom(scatter: Scatter, frame: int) -> None:
    area: QRectF = scatter.area()
    scatter._zoom(0.97 if frame % 60 < 30 else 1 / 0.97, area.center())


def timed(work: object) -> float:
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - started


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
