"""The users who would like a movie most, and who pulled the prediction of one of them."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QWidget

from alsgui import text
from alsgui.core.movie_side import UserFilters
from alsgui.text import tr
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.recommend.cells import SCORE_WORDS, BoldCell, DotCell
from alsgui.ui.pages.recommend.explained import given_words
from alsgui.ui.pages.recommend.likeness import Likeness, LikenessList
from alsgui.ui.pages.recommend.movie_ranking import ExplainedUser, RankedUsers
from alsgui.ui.pages.recommend.why import TotalLine, pull_row
from alsgui.ui.widgets.bars import ContributionBars
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.labels import ElidedLabel, Rule, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.tables import DataTable

SUPPORTS = (1, 5, 20, 50, 100)


class UserListPanel(QWidget):
    """Middle of the movie's side.

    Signals
    -------
    filters_wanted(object)
        The `UserFilters` that the person asked for.
    user_chosen(int)
        Row of the user that the person went to.
    """

    filters_wanted = Signal(object)
    user_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._made: RankedUsers | None = None
        self._filling = False
        self.hide_rated = QCheckBox(tr("Hide who rated it"))
        self.hide_rated.clicked.connect(self._ask)
        self.support = QComboBox()
        self.support.setAccessibleName(tr("Fewest ratings of a user"))
        for least in SUPPORTS:
            self.support.addItem(tr("≥ {n} ratings", n=least) if least > 1 else tr("Any with ratings"), least)
        self.support.activated.connect(self._ask)
        self.table_model = ArrayTableModel()
        self.table = DataTable(self.table_model, tr("Users"))
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.footer = ElidedLabel("", "hint")
        card = Card(edge_to_edge=True)
        card.body.addLayout(row(self.hide_rated, None, self.support, margins=(12, 0, 12, 0)))
        card.body.addWidget(self.table, 1)
        whole = column(gap=8)
        whole.addWidget(card, 1)
        whole.addWidget(self.footer)
        self.setLayout(whole)

    def show_users(self, made: RankedUsers, selected: int | None) -> None:
        """Show the users of a movie, the selected one marked."""
        is_other = self._made is None or self._made.name != made.name
        self._made = made
        self.hide_rated.setChecked(made.filters.hide_seen)
        self.hide_rated.setEnabled(made.model.ratings is not None)
        self.support.setCurrentIndex(self.support.findData(made.filters.at_least))
        listed = made.listed
        self._filling = True
        self.table_model.set_columns(self._columns(made), 0 if listed is None else len(listed))
        self._filling = False
        if listed is None:
            self.footer.setText(made.reason)
            return
        hidden = tr("{n} who rated it are hidden", n=text.counted(listed.n_seen, tr("user"))) if listed.n_seen else ""
        found = tr("{users}, ranked by prediction. Ties by row.", users=text.counted(listed.n_candidates, tr("user")))
        self.footer.setText(" ".join(filter(None, (found, hidden))))
        self.select(selected)
        if is_other:
            self.table.scrollToTop()

    def select(self, user: int | None) -> None:
        """Mark the row of a user."""
        listed = None if self._made is None else self._made.listed
        found = [] if listed is None or user is None else np.flatnonzero(listed.rows == user).tolist()
        self._filling = True
        if found:
            self.table.select_data_row(found[0])
        else:
            self.table.clearSelection()
        self._filling = False

    @staticmethod
    def _columns(made: RankedUsers) -> list[Column]:
        listed = made.listed
        if listed is None:
            return []
        stars = made.model.config.predicts_ratings
        words, shortest = (text.rating, 0.2) if stars else (text.score, 0.02)
        columns = [
            Column(title="#", values=np.arange(1, len(listed) + 1), format=text.count, align="right", width=58,
                   role_colour=lambda _: "muted"),
            Column(title=tr("User"), values=listed.ids),
            Column(title="", values=lambda at: (float(listed.predicted[at]), nan), keys=listed.predicted, width=108,
                   cell=DotCell(listed.predicted, shortest)),
            Column(title=tr("Predicted") if stars else tr("Score"), values=listed.predicted, format=words, width=74,
                   align="right", cell=BoldCell(words), tip="" if stars else SCORE_WORDS),
            Column(title=tr("Ratings"), values=listed.activity, format=text.count, align="right", width=66,
                   tip=tr("Training ratings of the user")),
        ]  # fmt: skip
        if not np.all(np.isnan(listed.given)):
            columns.insert(4, Column(title=tr("Given"), values=listed.given, align="right", width=78,
                                     format=_given_words))  # fmt: skip
        return columns

    @Slot()
    def _ask(self) -> None:
        least = int(self.support.currentData())
        self.filters_wanted.emit(UserFilters(hide_seen=self.hide_rated.isChecked(), at_least=least))

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, index: QModelIndex, _before: QModelIndex) -> None:
        if not self._filling and index.isValid() and self._made is not None and self._made.listed is not None:
            self.user_chosen.emit(int(self._made.listed.rows[self.table_model.data_row(index.row())]))


def _given_words(value: float) -> str:
    return tr("not rated") if isnan(value) else given_words(value)


class WhyUserPanel(QWidget):
    """Inspector of the movie's side: who pulled it.

    Signals
    -------
    movie_chosen(int)
        Column of a similar movie.
    person_wanted()
        The list of the selected user.
    """

    movie_chosen = Signal(int)
    person_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rank, self.title = label("", "hint"), label("", "title", wrap=True)
        self.facts, self.sure = label("", "hint"), label("", "hint", wrap=True)
        self.start, self.sum = TotalLine(), TotalLine(strong=True)
        self.pulls = ContributionBars(tr("Ratings that pulled it"), digits=2)
        self.reason = label("", "hint", wrap=True)
        self.similar = LikenessList(tr("Similar"), "movie")
        self.similar.chosen.connect(self.movie_chosen)
        self._similar_part = QWidget()
        self._similar_part.setLayout(
            column(
                Rule(), row(label(tr("Similar"), "caption"), None, label(tr("cosine of m"), "caption")), self.similar
            )
        )
        self.to_person = button(tr("Show their list"), "user")
        self.to_person.clicked.connect(self.person_wanted)
        self._content = QFrame()
        self._content.setLayout(
            column(self.title, self.facts, self.start, label(tr("Ratings that pulled it"), "caption"), self.pulls,
                   self.sum, self.sure, self.reason, self._similar_part, gap=8)
        )  # fmt: skip
        self._nothing = label(tr("Choose a user to see who pulled the prediction."), "body", "muted", wrap=True)
        inside = QWidget()
        head = row(label(tr("Why"), "hint"), None, self.rank)
        inside.setLayout(column(head, self._nothing, self._content, None, gap=6, margins=(16, 14, 16, 8)))
        area = scrolling(inside)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QWidget()
        foot.setLayout(row(self.to_person, None, margins=(16, 8, 16, 12)))
        whole = column(gap=0)
        whole.addWidget(area, 1)
        whole.addWidget(foot)
        self.setLayout(whole)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Ask for a row."""
        self._content.hide()
        self._nothing.show()
        self.rank.setText("")
        self.to_person.setEnabled(False)

    def show_explained(self, made: ExplainedUser, *, stars: bool) -> None:
        """Show who pulled one user's prediction."""
        digits = 2 if made.in_stars else 3
        self.rank.setText(made.place)
        self.title.setText(made.user)
        self.facts.setText(made.facts)
        starts = [pull for pull in made.pulls if pull.kind == "start"]
        self.start.setVisible(bool(starts))
        for pull in starts:
            self.start.show_number(pull.title, text.decimal(pull.value, digits))
        self.pulls.set_digits(digits)
        self.pulls.set_rows([pull_row(pull, stars) for pull in made.pulls if pull.kind != "start"])
        self.pulls.setVisible(bool(made.pulls))
        words = tr("Prediction") if made.in_stars else tr("Score, not a rating")
        self.sum.show_number(words, text.decimal(made.total, digits))
        self.sure.setText("")
        self.sure.hide()
        self.reason.setText(made.reason)
        self.reason.setVisible(bool(made.reason))
        self._similar_part.setVisible(bool(made.similar))
        self.similar.set_rows(
            [Likeness(near.column, near.title, near.cosine, text.decimal(near.cosine, 2)) for near in made.similar]
        )
        self._nothing.hide()
        self._content.show()
        self.to_person.setEnabled(True)

    def show_sure(self, words: str) -> None:
        """Say how sure the prediction is."""
        self.sure.setText(words)
        self.sure.setVisible(bool(words))
