"""Figures over their names, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from alsgui.ui import theme
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row


class StatStrip(QFrame):
    """Card of a few figures (20/600) over muted names, with lines between."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("k", "card")
        self._row = row(None, gap=3, margins=(16, 8, 16, 8))
        self._parts: list[QWidget] = []
        self.setLayout(self._row)

    def set_figures(self, figures: Sequence[tuple[str, str, str]]) -> None:
        """Show figures, each as (figure, name, tooltip)."""
        for part in self._parts:
            # Not orphaned: what has no parent belongs to Python, whose collector may run on any thread.
            self._row.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []
        for figure, name, tip in figures:
            self._parts += [*([_Gap(), _line(), _Gap()] if self._parts else []), _figure(figure, name, tip)]
        for place, part in enumerate(self._parts):
            self._row.insertWidget(place, part)


class _Gap(QWidget):
    """Room that gives way where the strip is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Ignored)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(13), 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


def _figure(figure: str, name: str, tip: str) -> QWidget:
    made = QWidget()
    made.setLayout(column(label(figure, "figure"), label(name, "hint"), gap=0))
    made.setToolTip(tip)
    made.setAccessibleName(f"{figure} {name}")
    return made


def _line() -> QFrame:
    made = QFrame()
    made.setProperty("k", "line")
    return made
