"""What a person rated: titles with stars, the best and the worst, or all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from alsgui.core.model import Model
from alsgui.core.ratings import Floats, Ints
from alsgui.text import count, rating, tr
from alsgui.ui import theme
from alsgui.ui.pages.recommend.explained import given_words, shows_as_stars
from alsgui.ui.pages.recommend.titles import spoken_title
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.bars import N_STARS, STAR, draw_stars
from alsgui.ui.widgets.buttons import button, relabel
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row

ROW, BREAK = 24, 6


@dataclass(frozen=True)
class RatedRow:
    """One rating: the movie's column, its title, the stars given, the movie's training ratings, and the prediction.

    The prediction is NaN where it is not shown.
    """

    column: int
    title: str
    given: float
    support: int
    predicted: float = math.nan


class RatedList(QWidget):
    """Ratings in rows, of which one can be chosen by mouse or keys.

    Parameters
    ----------
    editable
        Whether stars can be given: by a click on them, by digits, by left and right; Delete takes a rating away.

    Signals
    -------
    chosen(int)
        Column of the movie.
    given(int, float)
        Column of a movie and the stars that the person gave it; NaN where the rating was taken away.
    """

    chosen = Signal(int)
    given = Signal(int, float)

    def __init__(self, *, editable: bool = False) -> None:
        super().__init__()
        self._editable = editable
        self._lowest, self._highest, self._step = 0.5, 5.0, 0.5
        self._rows: tuple[RatedRow, ...] = ()
        self._break_after = 0
        self._as_stars = True
        self._hovered: int | None = None
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Ratings given"))
        theme.current().changed.connect(self.updateGeometry)

    @property
    def rows(self) -> tuple[RatedRow, ...]:
        """Ratings shown."""
        return self._rows

    def set_rows(self, rows: Sequence[RatedRow], *, break_after: int = 0, as_stars: bool = True) -> None:
        """Show ratings, with a gap after so many (0: none), as stars or as numbers."""
        self._rows, self._break_after, self._as_stars = tuple(rows), break_after, as_stars
        self._hovered = None
        self._current = min(self._current, max(len(self._rows) - 1, 0)) if self._editable else 0
        self.updateGeometry()
        self.update()

    def set_scale(self, lowest: float, highest: float, step: float) -> None:
        """Give stars on this scale."""
        self._lowest, self._highest, self._step = lowest, highest, step or 0.5

    def go_to(self, column: int) -> None:
        """Put the keys on the row of a movie."""
        self._current = next((at for at, each in enumerate(self._rows) if each.column == column), 0)
        self.setFocus()
        self.update()

    def sizeHint(self) -> QSize:
        """One line per rating."""
        gap = theme.px(BREAK) if self._break_after else 0
        return QSize(theme.px(200), len(self._rows) * theme.px(ROW) + gap)

    def row_rect(self, row: int) -> QRectF:
        """Where a row is drawn."""
        gap = theme.px(BREAK) if self._break_after and row >= self._break_after else 0
        return QRectF(0, row * theme.px(ROW) + gap, self.width(), theme.px(ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows in sight."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = QRectF(event.rect())
        for number, rated in enumerate(self._rows):
            area = self.row_rect(number)
            if area.intersects(seen):
                self._draw(painter, area, rated, number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the row under the pointer."""
        self._hover(self._row_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Mark none."""
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row."""
        row = self._row_at(event.position())
        if row is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._editable and event.position().x() >= self._stars_left():
            self._current = row
            self._give(row, self._stars_at(event.position().x()))
        else:
            self._choose(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by arrows; Enter chooses again; where stars can be given, digits, left and right, and Delete do."""
        if self._editable and self._rows and self._edited(event):
            return
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Return: 0, Qt.Key.Key_Enter: 0}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._rows:
            super().keyPressEvent(event)
        else:
            self._choose(min(max(self._current + step, 0), len(self._rows) - 1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Show the whole title of the row under the pointer."""
        if isinstance(event, QHelpEvent):
            row = self._row_at(QPointF(event.pos()))
            words = "" if row is None else _row_words(self._rows[row])
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _draw(self, painter: QPainter, area: QRectF, row: RatedRow, number: int) -> None:
        level = area.center().y()
        if number == self._hovered:
            paint.bar(painter, area, "hover", theme.px(4))
        if self.hasFocus() and number == self._current:
            painter.setPen(theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))
        room = float(N_STARS * theme.px(STAR))
        if self._as_stars:
            draw_stars(painter, QPointF(area.right() - room, level), row.given)
        else:
            paint.put(painter, area.right(), level, given_words(row.given), "movie", size=12, align="right")
        if not math.isnan(row.predicted):
            place = area.right() - room - theme.px(6)
            room += theme.px(6) + paint.put(painter, place, level, rating(row.predicted), "muted", align="right")
        width = area.width() - room - theme.px(10)
        paint.put(painter, area.left(), level, row.title, "text", size=12, weight=400, width=width)

    def _edited(self, event: QKeyEvent) -> bool:
        """Give or take stars by a key; whether it was one for that."""
        present = self._rows[self._current].given
        present = self._lowest - self._step if math.isnan(present) else present
        ways = {Qt.Key.Key_Right: self._step, Qt.Key.Key_Left: -self._step}
        way = ways.get(Qt.Key(event.key()))
        if way is not None:
            self._give(self._current, present + way)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._give(self._current, math.nan)
        elif event.text().isdecimal():
            self._give(self._current, float(event.text()))
        else:
            return False
        return True

    def _give(self, row: int, stars: float) -> None:
        self.given.emit(self._rows[row].column, min(max(stars, self._lowest), self._highest))

    def stars_place(self, row: int, stars: float) -> QPointF:
        """Where a click gives a row so many stars."""
        x = self._stars_left() + theme.px(STAR) * (stars - self._step / 2) * N_STARS / self._highest
        return QPointF(x, self.row_rect(row).center().y())

    def _stars_left(self) -> float:
        return self.width() - N_STARS * theme.px(STAR)

    def _stars_at(self, x: float) -> float:
        share = (x - self._stars_left()) / (N_STARS * theme.px(STAR))
        return math.ceil(share * self._highest / self._step) * self._step

    def _row_at(self, place: QPointF) -> int | None:
        return next((row for row in range(len(self._rows)) if self.row_rect(row).contains(place)), None)

    def _hover(self, row: int | None) -> None:
        if row != self._hovered:
            self._hovered = row
            self.update()

    def _choose(self, row: int) -> None:
        self._current = row
        self.update()
        self.chosen.emit(self._rows[row].column)


class RatedPart(QWidget):
    """The ratings of an existing user: the highest and the lowest, or all.

    Signals
    -------
    chosen(int)
        Column of a movie.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[RatedRow, ...] = ()
        self._stars = self._wide = self._whole = False
        self.all = button("", kind="link")
        self.all.clicked.connect(self._toggle)
        self._none = label("", "hint", wrap=True)
        self.list = RatedList()
        self.list.chosen.connect(self.chosen)
        words = label(tr("Rated, beside the prediction"), "caption")
        words.setToolTip(tr("Stars are what was given; the number is what the model predicts, as it is"))
        head = row(words, None, self.all)
        self.setLayout(column(head, self._none, self.list, gap=4))

    def show_ratings(self, model: Model, user: int) -> None:
        """Show the ratings of a user, hold-out included."""
        self._rows = () if model.ratings is None else rated_rows(model, user)
        self._stars = shows_as_stars(model.scale)
        self._none.setText(tr("not saved with the model") if model.ratings is None else tr("nothing"))
        self._none.setVisible(not self._rows)
        self._show()

    def set_wide(self, wide: bool) -> None:
        """Show more of them where there is room."""
        self._wide = wide
        self._show()

    def _toggle(self) -> None:
        self._whole = not self._whole
        self._show()

    def _show(self) -> None:
        n_best, n_worst = (7, 4) if self._wide else (2, 1)
        has_more = len(self._rows) > n_best + n_worst
        self.all.setVisible(has_more)
        relabel(self.all, tr("Fewer") if self._whole else tr("All {n}", n=count(len(self._rows))))
        if has_more and not self._whole:
            # Among the lowest, too, those that most people know come first.
            rows = (*self._rows[:n_best], *sorted(self._rows, key=lambda each: (each.given, -each.support))[:n_worst])
            self.list.set_rows(rows, break_after=n_best, as_stars=self._stars)
        else:
            self.list.set_rows(self._rows, as_stars=self._stars)


def _row_words(row: RatedRow) -> str:
    expected = "" if math.isnan(row.predicted) else tr(", predicted {stars}", stars=rating(row.predicted))
    return f"{row.title}  {given_words(row.given)}{expected}"


def rated_rows(model: Model, user: int) -> tuple[RatedRow, ...]:
    """A user's ratings, highest first, and among equals the movie with most ratings."""
    if model.ratings is None:
        return ()
    columns, given = model.ratings.of_user(user)
    return rows_of(model, columns, given, model.predictor.cells(np.full(len(columns), user), columns))


def rows_of(model: Model, columns: Ints, given: Floats, predicted: Floats | None = None) -> tuple[RatedRow, ...]:
    """Ratings, highest first, and among equals the movie with most ratings; with predictions where they are given."""
    support = model.summary.movie_counts[columns]
    expected = np.full(len(columns), np.nan) if predicted is None else predicted
    return tuple(
        RatedRow(
            int(columns[at]),
            spoken_title(model, int(columns[at])),
            float(given[at]),
            int(support[at]),
            float(expected[at]),
        )
        for at in np.lexsort((columns, -support, -given))
    )
