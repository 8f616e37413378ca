"""Two contenders against each other: their predictions cell by cell, and whom each serves better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QWidget

from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.text import DASH, count, decimal, error_figure, rating, tr
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.compare.entries import Entry, JudgeBook
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.layouts import row
from alsgui.ui.widgets.run_scatter import RunScatter
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.tables import DataTable

if TYPE_CHECKING:
    from alsgui.core.compare import Pairs, Served

SIDES: tuple[Literal["users", "movies"], ...] = ("users", "movies")
MOST_ROWS = 20_000
"""Rows of the table: as many as can be copied."""


@dataclass(frozen=True, eq=False)
class _Found:
    made: Pairs
    users: Served | None
    movies: Served | None


class TwoCards(QWidget):
    """Scatter at the left, users or movies that one serves better at the right."""

    def __init__(self, session: Session, book: JudgeBook) -> None:
        super().__init__()
        self._session, self._book = session, book
        self._pair: tuple[Entry, Entry] | None = None
        self._basis: tuple[object, ...] = ()
        self._found: _Found | None = None
        self.scatter = RunScatter(tr("Predictions of two runs"))
        self.scatter.dot_chosen.connect(self._select_dot)
        self.model = ArrayTableModel()
        self.table = DataTable(self.model, tr("Served better"), narrowest=60)
        self.table.clicked.connect(self._select_row)
        self.side = Segment([("users", tr("Users")), ("movies", tr("Movies"))], tr("Whom"))
        self.side.chosen.connect(lambda _: self._show_table())
        self.left = Card(tr("Predictions"))
        self.right = Card(tr("Served better"), edge_to_edge=True)
        self.right.add_action_widget(self.side)
        self.left.body.addWidget(self.scatter)
        self.right.body.addWidget(self.table)
        cards = row(self.left, self.right, gap=12)
        cards.setStretch(0, 1)
        cards.setStretch(1, 1)
        self.setLayout(cards)

    def show_pair(self, state: State, pair: tuple[Entry, Entry] | None) -> None:
        """Show two entries, once the predictions of both are there."""
        self._pair = pair
        made = [self._book.contender(entry) for entry in pair] if pair else []
        if pair is None or state.split is None or any(each is None for each in made):
            self.left.set_subtitle(tr("Select two rows above") if pair is None else tr("one moment"))
            return
        noun = state.split.ratings.nouns
        self.side.set_text("movies", noun[:1].upper() + noun[1:])
        basis = (*made, state.split)
        if basis == self._basis:
            return
        self._basis = basis
        split, (first, second) = state.split, made
        assert first is not None and second is not None

        def work() -> _Found:
            from alsgui.core.compare import pairs, served

            users, movies = (served(first, second, split, side) for side in SIDES)
            return _Found(pairs(first, second, split), users, movies)

        self._session.light.request("compare/two", work, self._take)

    def _take(self, found: _Found) -> None:
        self._found = found
        if self._pair is None:
            return
        first, second = self._pair
        made, n = found.made, len(found.made.truth)
        of = tr("a fixed choice of {n} of {all}", n=count(n), all=count(made.n_all)) if n < made.n_all else count(n)
        judged = tr("hold-out") if found.users is not None or self._session.state.split is None else ""
        kind = judged or tr("ratings")
        self.left.set_subtitle(tr("{n} of the {kind}; colour: what was rated", n=of, kind=kind))
        self.scatter.set_dots(made.first, made.second, made.truth, (first.name, second.name), self._dot_words)
        self._show_table()

    def _dot_words(self, number: int) -> str:
        found, ratings = self._found, self._session.state.ratings
        if found is None or ratings is None or self._pair is None:
            return ""
        cells, made = found.made.cells, found.made
        user, movie = int(cells.users[number]), int(cells.movies[number])
        names = [f"{entry.name}  {rating(float(values[number]))}"
                 for entry, values in zip(self._pair, (made.first, made.second), strict=True)]  # fmt: skip
        head = tr("user {id}", id=ratings.user_ids[user])
        return "\n".join([head, ratings.title(movie), *names, tr("rated  {y}", y=rating(float(made.truth[number])))])

    def _show_table(self) -> None:
        found, ratings = self._found, self._session.state.ratings
        if found is None or ratings is None or self._pair is None:
            return
        users = self.side.current() == "users"
        served = found.users if users else found.movies
        first, second = self._pair
        self.right.set_title(tr("Served better by {name}", name=second.name))
        if served is None:
            self.right.set_subtitle(tr("errors have no meaning for one of them"))
            self.model.set_columns([], 0)
            return
        words = tr("{better} better, {worse} worse than {name}", better=count(served.n_better),
                   worse=count(served.n_worse), name=first.name)  # fmt: skip
        self.right.set_subtitle(words)
        rows = served.rows[:MOST_ROWS]
        name = (lambda at: ratings.user_ids[rows[at]]) if users else (lambda at: ratings.title(int(rows[at])))
        saved = (served.first**2 - served.second**2) * served.n
        rmse = tr("RMSE on the held-out ratings of the row")
        self.model.set_columns(
            [
                Column(title=tr("User") if users else ratings.noun.capitalize(), values=name),
                Column(title=tr("Held out"), values=served.n[:MOST_ROWS], format=count, align="right", width=62),
                Column(title=_short(first.name), values=served.first[:MOST_ROWS], format=error_figure, align="right",
                       tip=rmse, width=78),
                Column(title=_short(second.name), values=served.second[:MOST_ROWS], format=error_figure, align="right",
                       tip=rmse, width=78),
                Column(title=tr("Saved"), values=saved[:MOST_ROWS], format=_saved_words, align="right", width=76,
                       tip=tr("How much lower the sum of squared errors is"), role_colour=_saved_role),
            ],
            len(rows),
        )  # fmt: skip

    @Slot(QModelIndex)
    def _select_row(self, index: QModelIndex) -> None:
        found = self._found
        served = None if found is None else found.users if self.side.current() == "users" else found.movies
        if served is not None and index.isValid():
            number = int(served.rows[self.model.data_row(index.row())])
            select = self._session.select_user if self.side.current() == "users" else self._session.select_movie
            select(number)

    @Slot(int)
    def _select_dot(self, number: int) -> None:
        if self._found is not None:
            cells = self._found.made.cells
            self._session.select_cell(int(cells.users[number]), int(cells.movies[number]))


def _short(name: str) -> str:
    return name if len(name) < 11 else name[:9] + "…"


def _saved_words(saved: float) -> str:
    return decimal(saved, 2, sign=True) if np.isfinite(saved) else DASH


def _saved_role(saved: float) -> str | None:
    return "ok" if saved > 0 else "error" if saved < 0 else "muted"
