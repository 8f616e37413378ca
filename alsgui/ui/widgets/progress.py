"""The thin progress bar of the status bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QTimerEvent
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui.text import percent, tr
from alsgui.ui import theme
from alsgui.ui.widgets import paint

FRAME_MS = 40
PERIOD_FRAMES = 40


class ProgressLine(QWidget):
    """Bar of 140 x 4 that shows a share, or a moving piece while the share is not known."""

    def __init__(self) -> None:
        super().__init__()
        self._share: float | None = 0.0
        self._frame = PERIOD_FRAMES // 2
        self._timer = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def share(self) -> float | None:
        """Share done (0 to 1); None while not known."""
        return self._share

    def set_share(self, share: float | None) -> None:
        """Show a share done (0 to 1), or movement (None)."""
        self._share = share
        self.setAccessibleName(tr("in progress") if share is None else percent(share, 0))
        self._move_if_needed()
        self.update()

    def sizeHint(self) -> QSize:
        """140 x 4."""
        return QSize(theme.px(140), theme.px(4))

    def showEvent(self, event: QShowEvent) -> None:
        """Move only while it can be seen."""
        self._move_if_needed()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop moving."""
        self._move_if_needed()

    def timerEvent(self, event: QTimerEvent) -> None:
        """Move on by one frame."""
        self._frame = (self._frame + 1) % PERIOD_FRAMES
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw groove and done part."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groove = QRectF(self.rect())
        paint.bar(painter, groove, "border", 2)
        if self._share is None:
            piece = groove.width() * 0.3
            start = (groove.width() + piece) * self._frame / PERIOD_FRAMES - piece
            moving = QRectF(start, 0, piece, groove.height()).intersected(groove)
            paint.bar(painter, moving, "accent", 2)
        elif self._share > 0:
            done = min(self._share, 1.0) * groove.width()
            paint.bar(painter, QRectF(0, 0, max(done, groove.height()), groove.height()), "accent", 2)

    def _move_if_needed(self) -> None:
        moving = self._share is None and self.isVisible()
        if moving and not self._timer:
            self._timer = self.startTimer(FRAME_MS)
        elif not moving and self._timer:
            self.killTimer(self._timer)
            self._timer = 0
