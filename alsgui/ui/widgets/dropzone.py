"""The strip that says where files may be dropped."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui.ui import theme
from alsgui.ui.widgets import paint


class DropZone(QWidget):
    """Dashed strip with a sentence; `set_hot` while a file is held over the window."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence
        self._hot = False
        self.setAccessibleName(sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_hot(self, hot: bool) -> None:
        """Show that a file would be taken here."""
        self._hot = hot
        self.update()

    def sizeHint(self) -> QSize:
        """One line with room around it."""
        return QSize(theme.px(400), theme.px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw dashes and sentence."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.color("accent" if self._hot else "border_strong"), 1.2)
        pen.setDashPattern([6, 4])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        if self._hot:
            painter.setBrush(theme.color("accent_soft"))
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, theme.px(8), theme.px(8))
        role = "accent" if self._hot else "muted"
        paint.put(
            painter,
            area.center().x(),
            area.center().y(),
            self._sentence,
            role,
            size=13,
            weight=400,
            align="center",
        )
