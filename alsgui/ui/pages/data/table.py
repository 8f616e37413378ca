"""The table card of the Data page: ratings of the selected user, and the rows that were rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QStackedLayout, QWidget

from alsgui.core.overview import Overview
from alsgui.core.ratings import Ints, Ratings
from alsgui.text import count, counted, decimal, tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.data.filter import parse_filter
from alsgui.ui.widgets.axes import digits_of
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.filter_field import FilterField
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.tables import DataTable

if TYPE_CHECKING:
    from alsgui.io.reading import ReadReport


def star_digits(ratings: Ratings) -> int:
    """Decimals in which given ratings are read exactly, at most two."""
    scale = ratings.scale
    return min(digits_of([scale.minimum, scale.step]), 2) if scale.step > 0 else 2


def day(seconds: int) -> str:
    """Date of a time in seconds since 1970: 1996-11-01."""
    return str(np.datetime64(int(seconds), "s").astype("datetime64[D]"))


class RatingsTable(Card):
    """Movie, rating and date of each rating of a user; filtered, sorted, copied; a row chosen selects its movie.

    Signals
    -------
    movie_chosen(int)
        Column of the movie in the row that the person went to.
    """

    movie_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(tr("Ratings"), edge_to_edge=True)
        self._ratings: Ratings | None = None
        self._overview: Overview | None = None
        self._report: ReadReport | None = None
        self._user: int | None = None
        self._columns: Ints = np.empty(0, np.int32)
        self._showing = False
        self.model = ArrayTableModel()
        self.table = DataTable(self.model, tr("Ratings of the selected user"))
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.rejected_model = ArrayTableModel()
        self.rejected = DataTable(self.rejected_model, tr("Rejected rows"))
        self.which = Segment([("ratings", tr("Ratings")), ("rejected", tr("Rejected"))], tr("Table"))
        self.which.chosen.connect(self._show_which)
        self.filter = FilterField(tr("Filter"))
        self.filter.textChanged.connect(self._filter)
        self.add_action_widget(self.which)
        self.add_action_widget(self.filter)
        self._nothing = label("", "body", "muted", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout()
        self.body.addLayout(self._stack, 1)
        for part in (self.table, self.rejected, self._padded(self._nothing)):
            self._stack.addWidget(part)
        self._scale()
        theme.current().changed.connect(self._scale)

    def set_data(self, ratings: Ratings, overview: Overview, report: ReadReport | None) -> None:
        """Show another data set; its user comes with `set_user`."""
        self._ratings, self._overview, self._report = ratings, overview, report
        self._user = None
        self.filter.clear()
        name = tr("title") if ratings.titles is not None else tr("id")
        self.filter.setPlaceholderText(tr("Filter: {name}, rating > 4", name=name))
        problems = report.rejected if report is not None else ()
        self.which.setVisible(bool(problems))
        self.which.set_current("ratings")
        self._scale()
        self.rejected_model.set_columns(
            [
                Column(title=tr("Line"), values=[p.line for p in problems], format=count, align="right", width=76),
                Column(title=tr("Reason"), values=[p.reason for p in problems], width=190),
                Column(title=tr("Row as read"), values=[p.text for p in problems]),
            ],
            len(problems),
        )

    def set_user(self, user: int | None) -> None:
        """Show the ratings of a user."""
        if self._ratings is None or self._overview is None or user == self._user:
            return
        self._user = user
        ratings, overview = self._ratings, self._overview
        self._columns = np.empty(0, np.int32) if user is None else ratings.of_user(user)[0]
        self._showing = True
        self.model.set_columns(self._make_columns(ratings, overview, user), len(self._columns))
        head = self.table.horizontalHeader()
        if head.sortIndicatorSection() >= self.model.columnCount():
            head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._showing = False
        self._filter()

    def set_movie(self, movie: int | None) -> None:
        """Mark the row of a movie, if this user rated it and the filter keeps it."""
        place = -1 if movie is None else int(np.searchsorted(self._columns, movie))
        rated = 0 <= place < len(self._columns) and self._columns[place] == movie
        if rated and self.table.current_data_row() == place and self.table.selectionModel().hasSelection():
            return
        self._showing = True
        if rated:
            self.table.select_data_row(place)
        else:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        self._showing = False

    def shown_movies(self) -> list[int]:
        """Columns of the movies listed, in the order of the rows."""
        return [int(self._columns[self.model.data_row(row)]) for row in range(self.model.rowCount())]

    def _make_columns(self, ratings: Ratings, overview: Overview, user: int | None) -> list[Column]:
        columns, digits = self._columns, star_digits(ratings)
        start = 0 if user is None else int(ratings.csr.indptr[user])
        span = slice(start, start + len(columns))
        made = [
            Column(
                title=ratings.noun.capitalize(),
                values=lambda row: ratings.title(int(columns[row])),
                keys=overview.title_place[columns],
            ),
            Column(
                title=tr("Rating"),
                values=ratings.csr.data[span],
                format=lambda stars: decimal(stars, digits),
                align="right",
                tip=tr("As given, in stars"),
                width=72,
            ),
        ]
        if ratings.time is not None:
            made.append(
                Column(
                    title=tr("Date"),
                    values=lambda row: day(ratings.time[span][row]) if ratings.time is not None else "",
                    keys=ratings.time[span],
                    align="right",
                    tip=tr("Day of the rating (UTC)"),
                    width=112,
                )
            )
        return made

    @Slot()
    def _filter(self) -> None:
        if self._ratings is None or self._overview is None or self._user is None:
            return
        wanted = parse_filter(self.filter.text())
        folded = self._overview.folded_titles
        titles = [folded[column] for column in self._columns] if wanted.words else []
        kept = wanted.kept(titles, self._ratings.of_user(self._user)[1])
        self._showing = True
        chosen = self.table.current_data_row()
        self.model.set_filter(None if kept.all() else kept)
        head = self.table.horizontalHeader()
        self.model.sort(head.sortIndicatorSection(), head.sortIndicatorOrder())
        if chosen is not None and chosen < len(kept):
            self.table.select_data_row(chosen)
        self._showing = False
        self._describe(int(kept.sum()))

    def _describe(self, n_kept: int) -> None:
        """Words beside the title, and in place of an empty table."""
        if self._ratings is None or self._user is None:
            return
        rejected = self.which.current() == "rejected" and self._report is not None
        self.filter.setVisible(not rejected)
        if rejected and self._report is not None:
            listed, n = len(self._report.rejected), self._report.n_rejected
            self.set_title(tr("Rejected rows"))
            self.set_subtitle(tr("first {listed} of {n}", listed=count(listed), n=count(n)) if listed < n else count(n))
            self._stack.setCurrentIndex(1)
            return
        identity, n = self._ratings.user_ids[self._user], len(self._columns)
        whose = tr("of user {id}", id=identity)
        self.set_title("" if self.which.isVisibleTo(self) else tr("Ratings"))
        self.set_subtitle(whose if n_kept == n else f"{count(n_kept)} {tr('of')} {count(n)}")
        nothing = tr("User {id} rated nothing.", id=identity) if not n else tr("No rating matches the filter.")
        self._nothing.setText(nothing)
        self._stack.setCurrentIndex(0 if n_kept else 2)

    @Slot(str)
    def _show_which(self, key: str) -> None:
        self._filter()

    @Slot(QModelIndex, QModelIndex)
    def _row_chosen(self, current: QModelIndex, before: QModelIndex) -> None:
        if not self._showing and current.isValid():
            self.movie_chosen.emit(int(self._columns[self.model.data_row(current.row())]))

    @Slot()
    def _scale(self) -> None:
        self.filter.setFixedWidth(theme.px(140 if self.which.isVisibleTo(self) else 200))

    @staticmethod
    def _padded(widget: QWidget) -> QWidget:
        made = QWidget()
        made.setLayout(column(widget, margins=(16, 16, 16, 16)))
        return made


def duplicates_sentence(report: ReadReport) -> str:
    """What was done with ratings of the same user and movie."""
    rules = {
        "last": tr("the last one counts"),
        "first": tr("the first one counts"),
        "mean": tr("their mean counts"),
        "sum": tr("their sum counts"),
        "refuse": tr("they are refused"),
    }
    if not report.n_duplicates:
        return tr("No user rated the same movie twice; otherwise {rule}.", rule=rules[report.policy])
    return tr(
        "{rows} rated the same movie again and merged: {rule}.",
        rows=counted(report.n_duplicates, tr("row")),
        rule=rules[report.policy],
    )
