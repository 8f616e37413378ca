"""A small matrix as numbers on coloured tiles: cells can be lit, outlined, chosen and typed into."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QToolTip

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.qss import set_property
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.plot import Plot

CELL_WIDTH, CELL_HEIGHT, GAP = 50, 32, 2
LABELS, HEAD, SUBTITLE_GAP = 26, 46, 8
DIM = 0.42

Cell = tuple[int, int]
Colours = Literal["values", "diverging"]


@dataclass(frozen=True)
class BoardShown:
    """What a board shows.

    Parameters
    ----------
    texts
        What stands in the cells, by row; empty for a hole.
    values
        Their numbers, NaN for a hole: they give the colours.
    low, high
        Ends of the colours; a diverging map takes the larger size of both.
    lit
        Cells that are read now; all others are pale where there are any.
    outlined
        Cells with a frame: read as one thing.
    """

    texts: Sequence[Sequence[str]] = ()
    values: Sequence[Sequence[float]] = ()
    low: float = 0.0
    high: float = 1.0
    lit: frozenset[Cell] = field(default_factory=frozenset)
    outlined: frozenset[Cell] = field(default_factory=frozenset)
    dims_others: bool = False


class _Editor(QLineEdit):
    """Takes what is typed into a cell; Escape leaves it as it was."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            event.accept()  # a key that the field has no use for must not begin another cell below


class MatrixBoard(Plot):
    """Matrix of a few cells.

    Parameters
    ----------
    name, role
        Its letter and the token of its colour.
    colours
        Which colour map its values take.
    editable
        Whether cells can be chosen and typed into.

    Signals
    -------
    edited(int, int, str)
        What was typed into a cell. Call `refuse` where it cannot be taken, else show the new numbers.
    """

    edited = Signal(int, int, str)

    def __init__(self, name: str, role: str, colours: Colours, *, editable: bool = False) -> None:
        super().__init__(name)
        self._name, self._role, self._colours, self._editable = name, role, colours, editable
        self._subtitle = ""
        self._shown = BoardShown()
        self._zoom = 1.0
        self.cursor_cell: Cell = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.NoFocus)
        self._editor = _Editor(self)
        self._editor.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._editor.hide()
        self._editor.returnPressed.connect(self._take)
        self._editor.left.connect(self.stop_editing)
        self._editor.textEdited.connect(lambda: set_property(self._editor, "wrong", "false"))
        self.setToolTip(tr("Type a number into a cell; Delete makes a hole") if editable else "")

    def show_board(self, shown: BoardShown, subtitle: str) -> None:
        """Show numbers and what is lit."""
        self._shown, self._subtitle = shown, subtitle
        self.updateGeometry()
        self.update()

    def set_zoom(self, zoom: float) -> None:
        """Draw cells and numbers larger, where there is room."""
        if zoom != self._zoom:
            self._zoom = zoom
            self.updateGeometry()
            self.update()

    def _px(self, size: float) -> int:
        return theme.px(size * self._zoom)

    @property
    def shown(self) -> BoardShown:
        """What is shown."""
        return self._shown

    @property
    def n_rows(self) -> int:
        """Rows of the matrix."""
        return len(self._shown.texts)

    @property
    def n_columns(self) -> int:
        """Columns of the matrix."""
        return len(self._shown.texts[0]) if self._shown.texts else 0

    def sizeHint(self) -> QSize:
        """Room for all cells, at any text size."""
        width = self._px(LABELS) + self.n_columns * self._px(CELL_WIDTH) + 3
        return QSize(width, self._px(HEAD) + self.n_rows * self._px(CELL_HEIGHT) + 3)

    def minimumSizeHint(self) -> QSize:
        """Narrower cells where there is no room."""
        return QSize(self._px(LABELS) + self.n_columns * theme.px(42) + 3, self.sizeHint().height())

    def numbers_csv(self) -> str:
        """The numbers, a row a line; a hole is empty."""
        head = ",".join(["", *(str(j + 1) for j in range(self.n_columns))])
        lines = [
            ",".join([str(i + 1), *("" if math.isnan(x) else f"{x:.12g}" for x in row)])
            for i, row in enumerate(self._shown.values)
        ]
        return "\r\n".join([head, *lines, ""])

    def tip_at(self, position: QPointF) -> str:
        """The cell in words."""
        cell = self.cell_at(position)
        if cell is None:
            return ""
        value = self._shown.values[cell[0]][cell[1]]
        number = tr("not rated") if math.isnan(value) else f"{value:.6g}"
        return f"{self._name}, {cell[0] + 1}, {cell[1] + 1}: {number}"

    # Places

    def _cell_width(self) -> float:
        room = (self.width() - self._px(LABELS) - 3) / max(self.n_columns, 1)
        return min(room, float(self._px(CELL_WIDTH)))

    def cell_area(self, cell: Cell) -> QRectF:
        """Where a cell is drawn."""
        width, height = self._cell_width(), self._px(CELL_HEIGHT)
        x, y = self._px(LABELS) + cell[1] * width, self._px(HEAD) + cell[0] * height
        return QRectF(x, y, width - theme.px(GAP), height - theme.px(GAP))

    def cell_at(self, position: QPointF) -> Cell | None:
        """The cell under a point."""
        cells = ((i, j) for i in range(self.n_rows) for j in range(self.n_columns))
        return next((cell for cell in cells if self.cell_area(cell).contains(position)), None)

    # Drawing

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Draw name, indices, tiles, frames."""
        if not self.n_rows:
            return
        px, left = self._px, float(self._px(LABELS))
        small = round(11 * self._zoom)
        end = left + paint.put(painter, left, px(10), self._name, self._role, size=round(14 * self._zoom), weight=600)
        paint.put(painter, end + px(SUBTITLE_GAP), px(10), self._subtitle, size=small, width=size.width() - end - px(8))
        for j in range(self.n_columns):
            paint.put(painter, self.cell_area((0, j)).center().x(), px(34), str(j + 1), size=small, align="center")
        table = theme.viridis() if self._colours == "values" else theme.diverging()
        for i in range(self.n_rows):
            paint.put(painter, left - px(8), self.cell_area((i, 0)).center().y(), str(i + 1), size=small, align="right")
            for j in range(self.n_columns):
                self._draw_cell(painter, (i, j), table)
        self._draw_frames(painter)
        if self._editable and self.hasFocus():
            self._frame(painter, self.cell_area(self.cursor_cell), "accent", 2)

    def _draw_cell(self, painter: QPainter, cell: Cell, table: np.ndarray) -> None:
        area, value = self.cell_area(cell), self._shown.values[cell[0]][cell[1]]
        lit = not self._shown.dims_others or cell in self._shown.lit
        ground = theme.color("missing") if math.isnan(value) else self._colour(value, table)
        if not lit:
            ground = _mixed(ground, theme.color("surface"), DIM)
        paint.bar(painter, area, ground, 3)
        if math.isnan(value):
            paint.dot(painter, area.center(), theme.px(2), "muted")
            return
        bold = 600 if cell in self._shown.lit else 400
        ink = QColor("#16222B" if ground.lightnessF() > 0.5 else "#FFFFFF")
        text = self._shown.texts[cell[0]][cell[1]]
        size = round(13 * self._zoom)
        paint.put(painter, area.center().x(), area.center().y(), text, ink, size=size, weight=bold, align="center")

    def _colour(self, value: float, table: np.ndarray) -> QColor:
        low, high = self._shown.low, self._shown.high
        if self._colours == "diverging":
            high = max(abs(low), abs(high), 1e-9)
            low = -high
        share = (value - low) / ((high - low) or 1.0)
        red, green, blue, _ = table[round(255 * min(max(share, 0.0), 1.0))]
        return QColor(int(red), int(green), int(blue))

    def _draw_frames(self, painter: QPainter) -> None:
        """One frame around all outlined cells, which are a block; or around each run of them in a row or column."""
        for block in _blocks(self._shown.outlined):
            area = self.cell_area(block[0]).united(self.cell_area(block[1]))
            self._frame(painter, area, "text", 2)

    @staticmethod
    def _frame(painter: QPainter, area: QRectF, role: str, width: int) -> None:
        painter.setPen(QPen(theme.color(role), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(-1, -1, 1, 1), 4, 4)

    # Typing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell."""
        self._choose(event)

    def _choose(self, event: QMouseEvent) -> bool:
        cell = self.cell_at(event.position())
        if self._editable and event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self.stop_editing()
            self.cursor_cell = cell
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.update()
            return True
        return False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Type into a cell."""
        if self._choose(event):
            self.edit(self._shown.texts[self.cursor_cell[0]][self.cursor_cell[1]])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by arrows; begin to type; Delete makes a hole."""
        ways = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if not self._editable:
            super().keyPressEvent(event)
        elif key in ways and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            i, j = (at + step for at, step in zip(self.cursor_cell, ways[key], strict=True))
            self.cursor_cell = (min(max(i, 0), self.n_rows - 1), min(max(j, 0), self.n_columns - 1))
            self.update()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.edited.emit(*self.cursor_cell, "")
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit(self._shown.texts[self.cursor_cell[0]][self.cursor_cell[1]])
        elif event.text() and event.text() in "0123456789.,-?":
            self.edit(event.text(), select=False)
        else:
            super().keyPressEvent(event)

    def edit(self, text: str, *, select: bool = True) -> None:
        """Open the field over the chosen cell."""
        self._editor.setGeometry(self.cell_area(self.cursor_cell).toAlignedRect())
        self._editor.setAccessibleName(f"{self._name}, {self.cursor_cell[0] + 1}, {self.cursor_cell[1] + 1}")
        set_property(self._editor, "wrong", "false")
        self._editor.setText(text)
        self._editor.show()
        self._editor.setFocus()
        if select:
            self._editor.selectAll()

    @property
    def editor(self) -> QLineEdit:
        """The field over a cell, visible while it is typed into."""
        return self._editor

    def refuse(self, words: str) -> None:
        """Mark what was typed as wrong, and say why."""
        set_property(self._editor, "wrong", "true")
        self._editor.setAccessibleDescription(words)
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), words, self._editor)

    def stop_editing(self) -> None:
        """Close the field; the cell stays as it is."""
        if self._editor.isVisible():
            self._editor.hide()
            QToolTip.hideText()
            self.setFocus()

    def _take(self) -> None:
        self.edited.emit(*self.cursor_cell, self._editor.text())


def _blocks(cells: frozenset[Cell]) -> list[tuple[Cell, Cell]]:
    """First and last cells of the runs that outlined cells make: whole rectangles where they are, else single cells."""
    if not cells:
        return []
    rows, columns = sorted({i for i, _ in cells}), sorted({j for _, j in cells})
    runs = []
    for row_run in _runs(rows):
        for column_run in _runs(columns):
            runs.append(((row_run[0], column_run[0]), (row_run[-1], column_run[-1])))
    return runs


def _runs(numbers: list[int]) -> list[list[int]]:
    """Neighbouring numbers together."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    return QColor(
        *(
            round(share * a + (1 - share) * b)
            for a, b in zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
        )
    )
