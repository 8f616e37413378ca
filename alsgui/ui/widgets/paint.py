"""Small strokes that every plot shares: text at a point, tags, lines on whole pixels, rounded bars."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from alsgui.ui import theme

Align = Literal["left", "center", "right"]
Pieces = tuple[tuple[str, bool], ...]
"""Words, and whether they are set small."""

# Letters that text fonts lack as subscripts are set as small letters below the line. There is no subscript b in
# Unicode: a subscript beta stands for it.
SUBSCRIPTS = {"ᵤ": "u", "ₘ": "m", "ₖ": "k", "ᵢ": "i", "ⱼ": "j", "ᵦ": "b"}

BETWEEN = " ↔ "
"""Between the names of both ends of an attribute."""


def text_width(string: str, size: int = 11, weight: int = 500) -> float:
    """Width of a string in pixels."""
    return _advance(_pieces(string), size, weight)


def elided_pair(ends: tuple[str, str], room: float, size: int = 11, weight: int = 500) -> str:
    """Two names with an arrow between, each shortened only as far as the other needs the room."""
    room -= text_width(BETWEEN, size, weight)
    low, high = (text_width(end, size, weight) for end in ends)
    widths = (max(room / 2, room - high), max(room / 2, room - low))
    return BETWEEN.join(elided(end, width, size, weight) for end, width in zip(ends, widths, strict=True))


def elided(string: str, width: float, size: int = 11, weight: int = 500) -> str:
    """`string`, shortened with an ellipsis where it is wider than `width`."""
    if text_width(string, size, weight) <= width:
        return string
    return QFontMetricsF(theme.font(size, weight)).elidedText(string, Qt.TextElideMode.ElideRight, width)


def put(
    painter: QPainter,
    x: float,
    y: float,
    string: str,
    role: str | QColor = "muted",
    *,
    size: int = 11,
    weight: int = 500,
    align: Align = "left",
    width: float | None = None,
) -> float:
    """Write a string with the middle of its capitals at `y`; return its width.

    Parameters
    ----------
    painter
        Where to write.
    x, y
        Left, middle or right end (by `align`), and the middle of the capitals.
    string
        Words; subscript letters such as ₖ are set small below the line.
    role
        Token name or colour.
    size, weight
        Of the font, before the text size of the theme.
    align
        What `x` is.
    width
        Room; longer words are elided.
    """
    if width is not None:
        string = elided(string, width, size, weight)
    pieces = _pieces(string)
    total = _advance(pieces, size, weight)
    x -= {"left": 0.0, "center": total / 2, "right": total}[align]
    painter.setPen(theme.color(role) if isinstance(role, str) else role)
    baseline = y + _cap_height(theme.px(size), weight) / 2
    for words, small in pieces:
        painter.setFont(theme.font(_piece_size(small, size), weight))
        painter.drawText(QPointF(x, baseline + (theme.px(2) if small else 0)), words)
        x += _word_width(words, theme.px(_piece_size(small, size)), weight)
    return total


def tag(painter: QPainter, center: QPointF, string: str, role: str) -> QRectF:
    """Draw a filled tag with a name, as on the axes of a crosshair; return where it lies."""
    area = tag_area(center, string)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(role))
    painter.drawRoundedRect(area, 3, 3)
    put(painter, area.center().x(), area.center().y(), string, "surface", weight=600, align="center")
    return area


def tag_area(center: QPointF, string: str) -> QRectF:
    """Where a tag around `center` would lie."""
    width, height = text_width(string, weight=600) + theme.px(12), float(theme.px(16))
    return QRectF(round(center.x() - width / 2), round(center.y() - height / 2), round(width), height)


def across(painter: QPainter, left: float, right: float, y: float, role: str | QColor) -> None:
    """Horizontal line, one pixel sharp."""
    _sharp(painter, QPointF(round(left), round(y) + 0.5), QPointF(round(right), round(y) + 0.5), role)


def down(painter: QPainter, x: float, top: float, bottom: float, role: str | QColor) -> None:
    """Vertical line, one pixel sharp."""
    _sharp(painter, QPointF(round(x) + 0.5, round(top)), QPointF(round(x) + 0.5, round(bottom)), role)


def bar(painter: QPainter, area: QRectF, role: str | QColor, radius: float = 2) -> None:
    """Filled bar with rounded corners."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(role) if isinstance(role, str) else role)
    radius = min(radius, area.width() / 2, area.height() / 2)
    painter.drawRoundedRect(area, radius, radius)


def dot(painter: QPainter, center: QPointF, radius: float, role: str) -> None:
    """Filled disc."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(role))
    painter.drawEllipse(center, radius, radius)


def _sharp(painter: QPainter, start: QPointF, stop: QPointF, role: str | QColor) -> None:
    pen = QPen(theme.color(role) if isinstance(role, str) else role, 1)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(start, stop)


def _piece_size(small: bool, size: int) -> int:
    return round(size * 0.75) if small else size


def _advance(pieces: Pieces, size: int, weight: int) -> float:
    return sum(_word_width(words, theme.px(_piece_size(small, size)), weight) for words, small in pieces)


# While a fit goes on the same words are written many times a second; what they measure is asked once.


@lru_cache(maxsize=1 << 14)
def _word_width(words: str, pixels: int, weight: int) -> float:
    return QFontMetricsF(theme.font_of(pixels, weight)).horizontalAdvance(words)


@cache
def _cap_height(pixels: int, weight: int) -> float:
    return QFontMetricsF(theme.font_of(pixels, weight)).capHeight()


@lru_cache(maxsize=1 << 14)
def _pieces(string: str) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    for letter in string:
        small = letter in SUBSCRIPTS
        plain = SUBSCRIPTS.get(letter, letter)
        if pieces and pieces[-1][1] == small:
            pieces[-1] = (pieces[-1][0] + plain, small)
        else:
            pieces.append((plain, small))
    return tuple(pieces)
