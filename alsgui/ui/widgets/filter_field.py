"""The field above a table that keeps the rows holding what is typed."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from alsgui.ui import icons, theme


class FilterField(QLineEdit):
    """Line edit with a funnel at its left, in the text size of the theme, and a button that clears it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        theme.current().changed.connect(self._scale)
        self._scale()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the funnel over the field."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(16)
        funnel = QRectF(theme.px(9), (self.height() - side) / 2, side, side)
        icons.draw(painter, funnel, "funnel", theme.color("muted"))

    def _scale(self) -> None:
        self.setTextMargins(theme.px(22), 0, 0, 0)
