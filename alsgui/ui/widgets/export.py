"""A drawing as a file: PNG at a chosen scale, SVG and PDF from the same drawing commands as the screen."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPageSize, QPaintEngine, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

Draw = Callable[[QPainter, QSizeF], None]

PDF_DOTS_PER_INCH = 600
POINTS_PER_INCH = 72
CSS_DOTS_PER_INCH = 96
"""Of the pixels that browsers and drawing programs mean."""


def png(draw: Draw, size: QSize, ground: QColor, scale: float) -> bytes:
    """PNG with `scale` pixels to one unit of `size`."""
    return encoded(painted(draw, size, ground, scale))


def painted(draw: Draw, size: QSize, ground: QColor, scale: float) -> QImage:
    """Image with `scale` pixels to one unit of `size`."""
    image = QImage(size * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(ground)
    _paint(image, draw, size, ground)
    return image


def encoded(image: QImage) -> bytes:
    """The image as PNG. Any thread may do it; a large picture takes seconds."""
    buffer = _open_buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def svg(draw: Draw, size: QSize, ground: QColor, title: str) -> bytes:
    """SVG whose text stays text."""
    buffer = _open_buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setResolution(CSS_DOTS_PER_INCH)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    _paint(generator, draw, size, ground)
    return bytes(buffer.data().data())


def pdf(draw: Draw, size: QSize, ground: QColor, title: str) -> bytes:
    """PDF of one page, as large as the drawing with one point to one unit."""
    buffer = _open_buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(PDF_DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QSizeF(size), QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF())
    writer.setTitle(title)
    _paint(writer, draw, size, ground, PDF_DOTS_PER_INCH / POINTS_PER_INCH)
    return bytes(buffer.data().data())


def _open_buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _paint(
    device: QImage | QSvgGenerator | QPdfWriter, draw: Draw, size: QSize, ground: QColor, scale: float = 1.0
) -> None:
    with QPainter(device) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Else a PDF keeps its pictures as JPEG, and 4.2 stars are no longer the colour of 4.2 stars.
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        painter.scale(scale, scale)
        painter.fillRect(QRectF(0, 0, size.width(), size.height()), ground)
        painter.setPen(Qt.PenStyle.NoPen)
        draw(painter, QSizeF(size))


def is_raster(painter: QPainter) -> bool:
    """Whether the painter fills pixels: a screen or PNG, not SVG or PDF."""
    return painter.paintEngine().type() == QPaintEngine.Type.Raster


def pixel_ratio(painter: QPainter) -> float:
    """Image pixels to one unit: those of the screen or PNG, three in a drawing that has no pixels."""
    return painter.device().devicePixelRatio() if is_raster(painter) else 3.0


def csv_text(table: Iterable[Iterable[object]]) -> str:
    """Table as CSV (RFC 4180): quoted where needed, lines end with CRLF."""
    sink = io.StringIO()
    csv.writer(sink).writerows(table)
    return sink.getvalue()
