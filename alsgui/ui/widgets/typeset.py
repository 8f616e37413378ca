"""Mathematics typeset from LaTeX, as vectors in the colour and at the size of the text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget
from ziamath.config import config
from ziamath.zmath import Latex

from alsgui.ui import theme

SIZE = 17
LINE_GAP = 6

_INK = "#010203"
"""Stands for the colour in what is kept: nothing in the picture has it otherwise."""

config.svg2 = False  # QtSvg leaves out glyphs that are drawn by reference in the newer way


@lru_cache(maxsize=400)
def _drawing(latex: str) -> tuple[str, float, float]:
    """SVG of a formula, its width and height in pixels at `SIZE`; about 10 ms the first time."""
    made = Latex(latex, size=SIZE, color=_INK)
    width, height = made.getsize()
    return made.svg(), float(width), float(height)


@lru_cache(maxsize=400)
def _renderer(latex: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(latex)[0].replace(_INK, colour).encode()))


class MathView(QWidget):
    """Formulas below one another, smaller where the room is too narrow for them.

    Parameters
    ----------
    size
        Of the letters, in pixels before the text size.
    """

    def __init__(self, size: float = SIZE) -> None:
        super().__init__()
        self._size = size
        self._formulas: tuple[str, ...] = ()
        self._role = "text"
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.current().changed.connect(self._restyle)

    def set_size(self, size: float) -> None:
        """Set letters of another size, in pixels before the text size."""
        if size != self._size:
            self._size = size
            self._restyle()

    def formulas(self) -> tuple[str, ...]:
        """The LaTeX that is shown."""
        return self._formulas

    def set_formulas(self, formulas: Sequence[str], spoken: str = "", role: str = "text") -> None:
        """Show formulas; `spoken` is what a screen reader says, `role` the token of their colour."""
        if (tuple(formulas), role) != (self._formulas, self._role):
            self._formulas, self._role = tuple(formulas), role
            self._restyle()
        self.setAccessibleName(spoken or "; ".join(formulas))

    def sizeHint(self) -> QSize:
        """Room for all formulas at full size."""
        scale = theme.px(100) / 100 * self._size / SIZE
        sizes = [_drawing(latex)[1:] for latex in self._formulas]
        width = max((size[0] for size in sizes), default=0.0)
        height = sum(size[1] + LINE_GAP for size in sizes)
        return QSize(round(width * scale) + 2, round(height * scale))

    def minimumSizeHint(self) -> QSize:
        """As high as the hint; narrower is drawn smaller."""
        return QSize(min(theme.px(80), self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the formulas, each at the left."""
        full = theme.px(100) / 100 * self._size / SIZE
        colour = theme.color(self._role).name()
        y = 0.0
        with QPainter(self) as painter:
            for latex in self._formulas:
                _, width, height = _drawing(latex)
                scale = min(full, self.width() / max(width, 1.0))
                top = y + (full - scale) * height / 2
                _renderer(latex, colour).render(painter, QRectF(0, top, width * scale, height * scale))
                y += (height + LINE_GAP) * full

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
