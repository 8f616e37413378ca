"""Texts of the type scale, and texts that shorten themselves."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from alsgui.ui.qss import set_property


def label(text: str = "", kind: str = "body", colour: str | None = None, *, wrap: bool = False) -> QLabel:
    """Make a text.

    Parameters
    ----------
    text
        Plain words.
    kind
        Of the type scale: `empty`, `title`, `figure`, `card`, `strong`, `body`, `hint` or `caption`.
    colour
        Token name, if not the colour of the kind.
    wrap
        Whether long text goes on in another line.
    """
    made = QLabel(text)
    _dress(made, kind, colour)
    made.setWordWrap(wrap)
    return made


def set_colour(widget: QWidget, colour: str | None) -> None:
    """Give a text the colour of a token, or that of its kind (None)."""
    set_property(widget, "c", colour)


class ElidedLabel(QLabel):
    """Text that ends in an ellipsis where there is no room, and is then read in full in the tooltip."""

    def __init__(self, text: str = "", kind: str = "body", colour: str | None = None) -> None:
        super().__init__(text)
        _dress(self, kind, colour)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), 3 * hint.height()), hint.height())

    def sizeHint(self) -> QSize:
        """Room for the whole text, to the next whole pixel."""
        hint = super().sizeHint()
        return QSize(hint.width() + 1, hint.height())

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._explain()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text as tooltip where it is cut."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text as far as it fits."""
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(QRectF(self.rect()), self.alignment(), shown)

    def _explain(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if cut else "")


class Rule(QFrame):
    """Line of one pixel between groups."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("k", "rule")


def _dress(made: QLabel, kind: str, colour: str | None) -> None:
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("t", kind)
    made.setProperty("c", colour)
