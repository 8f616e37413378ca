"""Mathematics typeset from LaTeX, as vectors in the colour and at the size of the text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, QTimer, Signal, Slot
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


MOST_KEPT = 2000
_HEIGHTS = {True: 35.0, False: 22.0}
"""About as high as a formula is, with and without a matrix, until it is typeset."""


class Drawing(NamedTuple):
    """SVG of a formula, its width and height in pixels at `SIZE`."""

    svg: str
    width: float
    height: float


def drawn(latex: str) -> Drawing:
    """Typeset a formula: about 10 ms."""
    made = Latex(latex, size=SIZE, color=_INK)
    width, height = made.getsize()
    return Drawing(made.svg(), float(width), float(height))


class Typesetter(QObject):
    """Typesets one formula at a time between events, and keeps them: ten in a row would hold up the window.

    Signals
    -------
    ready : str
        A formula was typeset.
    """

    ready = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Drawing] = {}
        self._wanted: list[str] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._next)

    def drawing(self, latex: str) -> Drawing | None:
        """A formula, if it was typeset; else it will be soon."""
        made = self._made.get(latex)
        if made is None and latex not in self._wanted:
            self._wanted.append(latex)
            self._timer.start(0)
        return made

    @property
    def idle(self) -> bool:
        """Whether nothing is waiting."""
        return not self._wanted

    @Slot()
    def _next(self) -> None:
        if self._wanted:
            latex = self._wanted.pop(0)
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            self._made[latex] = drawn(latex)
            self.ready.emit(latex)
        if not self._wanted:
            self._timer.stop()


@cache
def typesetter() -> Typesetter:
    """The one of this process."""
    return Typesetter()


@lru_cache(maxsize=400)
def _renderer(svg: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(svg.replace(_INK, colour).encode()))


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
        typesetter().ready.connect(self._ready)

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
        drawings = [self._drawing(latex) for latex in self._formulas]
        width = max((drawing.width for drawing in drawings), default=0.0)
        height = sum(drawing.height + LINE_GAP for drawing in drawings)
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
                svg, width, height = self._drawing(latex)
                scale = min(full, self.width() / max(width, 1.0))
                top = y + (full - scale) * height / 2
                if svg:
                    _renderer(svg, colour).render(painter, QRectF(0, top, width * scale, height * scale))
                y += (height + LINE_GAP) * full

    @staticmethod
    def _drawing(latex: str) -> Drawing:
        """The formula, or nothing of its likely height until it is typeset."""
        return typesetter().drawing(latex) or Drawing("", 0.0, _HEIGHTS["pmatrix" in latex])

    @Slot(str)
    def _ready(self, latex: str) -> None:
        if latex in self._formulas:
            self._restyle()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


drawn(r"\begin{pmatrix} 0 \\ 0 \end{pmatrix}")  # the first takes 0.2 s: here, where a page is loaded in the background
