"""One step of the algebra: number, words, formula, one sum in full."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.learn.written import Written
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.typeset import SIZE, MathView

StepState = Literal["open", "now", "done"]

BADGE, HEIGHT = 22, 58
TITLE_WIDTH, MATH_WIDTH = 190, 290


class StepRow(QWidget):
    """A line of the walk; what is written on it can be asked for as `written`."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._state: StepState = "open"
        self.written: Written | None = None
        self._title, self._shapes = label("", "strong", wrap=True), label("", "hint")
        self.math = MathView()
        self.note = label("", "hint", wrap=True)
        words = column(self._title, self._shapes, gap=0)
        self._words = QWidget()
        self._words.setLayout(words)
        self._box = row(12 + BADGE + 10, self._words, self.math, self.note, gap=12, margins=(0, 3, 12, 3))
        self._box.setStretchFactor(self.note, 1)
        self._zoom = 1.0
        self.setLayout(self._box)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.current().changed.connect(self._scale)
        self._scale()

    def show_step(self, written: Written | None, state: StepState) -> None:
        """Show what is done in this step, with its numbers once it was taken."""
        self.written, self._state = written, state
        known = state != "open"
        self._title.setText(written.title if written is not None else "")
        self._shapes.setText(written.shapes if written is not None else "")
        self.note.setText(written.note if written is not None and known else "")
        formulas = [] if written is None else [written.latex if known else written.open_latex]
        self.math.set_formulas(formulas, role="text" if known else "faint")
        self._title.setEnabled(known)
        words = tr("Step {n}: {title}", n=self._number, title=self._title.text())
        self.setAccessibleName(f"{words}; {self.math.accessibleName()}; {self.note.text()}")
        self.setVisible(written is not None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground of the current step and the number."""
        px, now = theme.px, self._state == "now"
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if now:
                paint.bar(painter, QRectF(self.rect()).adjusted(0, 1, 0, -1), "accent_soft", 6)
            center = QPointF(px(12 + BADGE / 2), self.height() / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent" if now else "sunken"))
            painter.drawEllipse(center, px(BADGE) / 2, px(BADGE) / 2)
            role = {"now": "on_accent", "done": "text", "open": "faint"}[self._state]
            paint.put(painter, center.x(), center.y(), str(self._number), role, size=12, weight=600, align="center")

    def set_zoom(self, zoom: float) -> None:
        """Set the formula larger, where there is room."""
        if zoom != self._zoom:
            self._zoom = zoom
            self.math.set_size(SIZE * zoom)
            self._scale()

    def _scale(self) -> None:
        self.setMinimumHeight(
            theme.px(HEIGHT * self._zoom)
        )  # of a matrix of two rows, so that lines stand where they stood
        self._words.setFixedWidth(theme.px(TITLE_WIDTH))
        self.math.setFixedWidth(theme.px(MATH_WIDTH * self._zoom))
        self.note.setMinimumWidth(theme.px(120))
