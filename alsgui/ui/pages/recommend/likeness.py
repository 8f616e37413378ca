"""Who or what is alike, in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import paint


@dataclass(frozen=True)
class Likeness:
    """One row: its index, its name, how alike it is (the length of the bar), and that as a number in words."""

    index: int
    words: str
    value: float
    number: str


class LikenessList(QWidget):
    """Names with how alike they are as a bar and a number; a click, or arrows and Enter, chooses one.

    Parameters
    ----------
    name
        Accessible name.
    role
        Token of the bars: "movie" or "user".

    Signals
    -------
    chosen(int)
        Index of the row that was chosen.
    """

    chosen = Signal(int)

    ROW, BAR, NAMES, VALUES = 24, 60, 12, 44

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._role = role
        self._rows: tuple[Likeness, ...] = ()
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme.current().changed.connect(self.updateGeometry)

    def set_rows(self, rows: Sequence[Likeness]) -> None:
        """Show rows, the most similar first."""
        self._rows, self._hovered = tuple(rows), -1
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line per row."""
        return QSize(theme.px(200), max(len(self._rows), 1) * theme.px(self.ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(theme.color(self._role))
        colour.setAlphaF(0.75)
        right = self.width() - theme.px(self.VALUES)
        start = right - theme.px(self.BAR)
        reach = max(1.0, *(abs(near.value) for near in self._rows)) if self._rows else 1.0
        if not self._rows:
            paint.put(painter, 0, theme.px(self.ROW) / 2, tr("none known"), size=12, weight=400)
        for number, near in enumerate(self._rows):
            area = QRectF(0, number * theme.px(self.ROW), self.width(), theme.px(self.ROW))
            level = area.center().y()
            if number == self._hovered:
                paint.bar(painter, area, "hover", theme.px(4))
            width = start - theme.px(self.NAMES)
            paint.put(painter, 0, level, near.words, "text", size=12, weight=400, width=width)
            length = max(near.value, 0.0) / reach * theme.px(self.BAR)
            height = theme.px(8)
            paint.bar(painter, QRectF(start, level - height / 2, length, height), colour)
            paint.put(painter, self.width(), level, near.number, "text", size=12, weight=400, align="right")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the row under the pointer."""
        self._hovered = self._row_at(event.position())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Mark none."""
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row."""
        at = self._row_at(event.position())
        if at >= 0:
            self.chosen.emit(self._rows[at].index)

    @property
    def rows(self) -> tuple[Likeness, ...]:
        """Rows shown."""
        return self._rows

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go by arrows, choose by Enter."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self._rows:
            self._hovered = min(max(self._hovered + step, 0), len(self._rows) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._hovered >= 0:
            self.chosen.emit(self._rows[self._hovered].index)
        else:
            super().keyPressEvent(event)

    def _row_at(self, place: QPointF) -> int:
        at = int(place.y() // theme.px(self.ROW))
        return at if 0 <= at < len(self._rows) else -1
