"""Rows and columns whose gaps and margins follow the text size."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from alsgui.ui import theme

Margins = tuple[float, float, float, float]
Part = QWidget | QLayout | int | None


class Box(QBoxLayout):
    """Layout with gap and margins in pixels before the text size.

    Parameters
    ----------
    direction
        Row or column.
    parts
        Widgets and layouts; a number is a space of so many pixels, None takes the rest.
    gap
        Pixels between parts.
    margins
        Left, top, right, bottom pixels.
    """

    def __init__(
        self,
        direction: QBoxLayout.Direction,
        *parts: Part,
        gap: float = 8,
        margins: Margins = (0, 0, 0, 0),
    ) -> None:
        super().__init__(direction)
        self._gap, self._margins = gap, margins
        self._scale()
        theme.current().changed.connect(self._scale)
        for part in parts:
            self.add(part)

    def add(self, part: Part) -> None:
        """Append a widget, a layout, a space (int) or a stretch (None)."""
        if isinstance(part, QWidget):
            self.addWidget(part)
        elif isinstance(part, QLayout):
            self.addLayout(part)
        elif part is None:
            self.addStretch(1)
        else:
            self.addSpacing(theme.px(part))

    def _scale(self) -> None:
        self.setSpacing(theme.px(self._gap))
        self.setContentsMargins(*(theme.px(margin) for margin in self._margins))


def row(*parts: Part, gap: float = 8, margins: Margins = (0, 0, 0, 0)) -> Box:
    """Put parts side by side."""
    return Box(QBoxLayout.Direction.LeftToRight, *parts, gap=gap, margins=margins)


def column(*parts: Part, gap: float = 8, margins: Margins = (0, 0, 0, 0)) -> Box:
    """Put parts below one another."""
    return Box(QBoxLayout.Direction.TopToBottom, *parts, gap=gap, margins=margins)
