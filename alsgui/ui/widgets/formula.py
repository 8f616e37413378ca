"""Formulas, typeset from one line of text: letters slanted, subscripts, superscripts, limits under sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui.ui import theme

SIZE = 14
SMALLEST_SIZE = 9.0
SCRIPT, BIG = 0.68, 1.5
LINE_GAP = 8
# Fractions of the letters' size: how far scripts and limits stand from the line.
SUB_DROP, SUP_RISE, LIMIT_DROP, SUM_DROP = 0.22, 0.42, 0.95, 0.16
SPACE = 0.26


@dataclass
class Atom:
    """One sign with what stands below and above it; spaces are atoms too."""

    sign: str
    sub: list[Atom] = field(default_factory=list)
    sup: list[Atom] = field(default_factory=list)

    @property
    def is_slanted(self) -> bool:
        """Variables are: Latin and Greek small letters."""
        return self.sign.islower()


@dataclass(frozen=True)
class Piece:
    """A sign at its place: pixels from the start of the line and below its base line."""

    x: float
    y: float
    sign: str
    size: float
    slanted: bool


def parsed(text: str) -> list[Atom]:
    """Read a formula: `_` and `^` take the next sign, or all in braces, as subscript and superscript.

    Under Σ the subscript stands as its limit.
    """
    return _read(iter(text), "")


def _read(signs: Iterator[str], end: str) -> list[Atom]:
    atoms: list[Atom] = []
    for sign in signs:
        if sign == end:
            break
        if sign in "_^":
            following = next(signs)
            script = _read(signs, "}") if following == "{" else [Atom(following)]
            if sign == "_":
                atoms[-1].sub = script
            else:
                atoms[-1].sup = script
        else:
            atoms.append(Atom(sign))
    return atoms


def placed(atoms: Sequence[Atom], size: float, x: float = 0.0, y: float = 0.0) -> tuple[list[Piece], float]:
    """Places of all signs in letters of `size` pixels, and where the line ends."""
    pieces: list[Piece] = []
    for atom in atoms:
        if atom.sign == " ":
            x += SPACE * size
        elif atom.sign == "Σ":
            x = _place_sum(atom, size, x, y, pieces)
        else:
            pieces.append(Piece(x, y, atom.sign, size, atom.is_slanted))
            x += _advance(atom.sign, size, atom.is_slanted)
            below, sub_end = placed(atom.sub, SCRIPT * size, x, y + SUB_DROP * size)
            above, sup_end = placed(atom.sup, SCRIPT * size, x, y - SUP_RISE * size)
            pieces += below + above
            x = max(x, sub_end, sup_end)
    return pieces, x


def _place_sum(atom: Atom, size: float, x: float, y: float, pieces: list[Piece]) -> float:
    """A large Σ with its limit centred below; returns where it ends."""
    sign_width = _advance("Σ", BIG * size, slanted=False)
    limit_width = placed(atom.sub, SCRIPT * size)[1]
    width = max(sign_width, limit_width)
    pieces.append(Piece(x + (width - sign_width) / 2, y + SUM_DROP * size, "Σ", BIG * size, slanted=False))
    pieces += placed(atom.sub, SCRIPT * size, x + (width - limit_width) / 2, y + LIMIT_DROP * size)[0]
    return x + width + SPACE / 2 * size


def _font(size: float, slanted: bool, sign: str = "") -> QFont:
    # The identity is bold: a plain I of a font without serifs is a stroke.
    made = theme.font(weight=600 if sign == "I" else 400)
    made.setPixelSize(max(round(size), 1))
    made.setItalic(slanted)
    return made


def _advance(sign: str, size: float, slanted: bool) -> float:
    return QFontMetricsF(_font(size, slanted, sign)).horizontalAdvance(sign)


KNOWN_SIZES = 8


class FormulaView(QWidget):
    """Formulas below one another, smaller where the room is too narrow for them."""

    def __init__(self) -> None:
        super().__init__()
        self._formulas: tuple[str, ...] = ()
        self._lines: list[list[Atom]] = []
        self._known: dict[float, list[tuple[list[Piece], float]]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.current().changed.connect(self._restyle)

    def set_formulas(self, formulas: Sequence[str], spoken: str) -> None:
        """Show formulas written as `parsed` reads them; `spoken` is what a screen reader says."""
        self.setAccessibleName(spoken)
        if tuple(formulas) != self._formulas:
            self._formulas = tuple(formulas)
            self._lines = [parsed(formula) for formula in formulas]
            self._restyle()

    def sizeHint(self) -> QSize:
        """Room for all lines at full size."""
        size = theme.px(SIZE)
        return QSize(round(self._width(size)), round(len(self._lines) * self._line_height(size)))

    def minimumSizeHint(self) -> QSize:
        """As high as the hint; narrower is drawn smaller."""
        return QSize(theme.px(80), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines."""
        size = float(theme.px(SIZE))
        size = max(SMALLEST_SIZE, min(size, size * self.width() / max(self._width(size), 1.0)))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.color("text" if self.isEnabled() else "faint"))
            for number, (pieces, _) in enumerate(self._placed(size)):
                base = number * self._line_height(size) + 1.25 * size
                for piece in pieces:
                    painter.setFont(_font(piece.size, piece.slanted, piece.sign))
                    painter.drawText(QPointF(piece.x, base + piece.y), piece.sign)

    def _placed(self, size: float) -> list[tuple[list[Piece], float]]:
        """Places and ends of all lines; while a fit goes on they are asked for with every epoch."""
        if size not in self._known:
            if len(self._known) > KNOWN_SIZES:
                self._known.clear()
            self._known[size] = [placed(line, size) for line in self._lines]
        return self._known[size]

    def _width(self, size: float) -> float:
        return max((end for _, end in self._placed(size)), default=0.0)

    def _line_height(self, size: float) -> float:
        has_limits = any(atom.sign == "Σ" and atom.sub for line in self._lines for atom in line)
        return (2.25 if has_limits else 1.65) * size + theme.px(LINE_GAP)

    def _restyle(self) -> None:
        self._known.clear()
        self.updateGeometry()
        self.update()
