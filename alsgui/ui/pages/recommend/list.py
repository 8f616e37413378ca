"""The ranked list: its filters, the table, and how many there are."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from alsgui import text
from alsgui.core.model import Model
from alsgui.core.recommend import Filters, RecommendationList
from alsgui.session.state import PersonKind
from alsgui.text import tr
from alsgui.ui.models.array_table import Column
from alsgui.ui.pages.recommend.cells import SCORE_WORDS, BoldCell, DotCell, RankedModel, scale_words
from alsgui.ui.pages.recommend.explained import given_words
from alsgui.ui.pages.recommend.titles import genre_list
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.chips import Chip
from alsgui.ui.widgets.filter_field import FilterField
from alsgui.ui.widgets.labels import ElidedLabel, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.tables import DataTable

SUPPORTS = (0, 5, 10, 20, 50, 100)


class ListPanel(QWidget):
    """Middle of Recommend.

    Signals
    -------
    filters_wanted(object)
        Fields of `Filters` that the person changed, by name.
    movie_chosen(int)
        Column of the movie in the row that the person went to.
    """

    filters_wanted = Signal(object)
    movie_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._model: Model | None = None
        self._listed: RecommendationList | None = None
        self._filters = Filters()
        self._wide = self._filling = False
        self.table_model = RankedModel()
        self.table = DataTable(self.table_model, tr("Recommendations"))
        self.table.selectionModel().currentRowChanged.connect(self._row_entered)
        self.table.activated.connect(self._choose)
        self.table.clicked.connect(self._choose)
        self.footer = ElidedLabel("", "hint")
        card = Card(edge_to_edge=True)
        card.body.addLayout(self._make_controls())
        card.body.addWidget(self.table, 1)
        whole = column(gap=8)
        whole.addWidget(card, 1)
        whole.addWidget(self.footer)
        self.setLayout(whole)

    # What is shown

    def show_filters(self, filters: Filters) -> None:
        """Show what the list leaves out."""
        self._filters = filters
        if self.filter.text() != filters.text:
            self.filter.setText(filters.text)
        if self.support.findData(filters.at_least) < 0:
            self._add_support(filters.at_least)
        self.support.setCurrentIndex(self.support.findData(filters.at_least))
        self.hide_rated.setChecked(filters.hide_seen)

    def show_list(
        self, model: Model, listed: RecommendationList, filters: Filters, kind: PersonKind, selected: int | None
    ) -> None:
        """Show a list in the sorting at hand, with the movie selected if it is in it."""
        self._model, self._listed = model, listed
        self.show_filters(filters)
        self._show_counts(model, listed, filters, kind)
        self._fill(selected)

    def show_nobody(self) -> None:
        """Show no list: nobody is chosen."""
        self._listed = None
        self.table_model.set_columns((), 0)
        self.footer.setText("")

    def set_wide(self, wide: bool, selected: int | None) -> None:
        """Show genres and means where there is room."""
        if wide != self._wide:
            self._wide = wide
            self._fill(selected)

    def select(self, movie: int | None, *, scroll: bool = True) -> None:
        """Select the row of a movie, or none."""
        found: list[int] = []
        if self._listed is not None and movie is not None:
            found = np.flatnonzero(self._listed.columns == movie).tolist()
        self._filling = True
        if not found:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        elif self.table.current_data_row() != found[0] or not self.table.selectionModel().hasSelection():
            place = self.table.verticalScrollBar().value()
            self.table.select_data_row(found[0])
            if not scroll:
                self.table.verticalScrollBar().setValue(place)
        self._filling = False

    def reveal(self) -> None:
        """Bring the selected row into sight, or the first."""
        index = self.table.currentIndex()
        self.table.scrollTo(index) if index.isValid() else self.table.scrollToTop()

    # Building

    def _make_controls(self) -> Any:
        self.filter = FilterField(tr("Filter by title"))
        self.filter.setPlaceholderText(tr("Filter by title"))
        self.filter.textEdited.connect(lambda words: self.filters_wanted.emit({"text": words.strip()}))
        self.filter.textChanged.connect(self._cleared)
        self.support = QComboBox()
        self.support.setAccessibleName(tr("Fewest ratings"))
        for least in SUPPORTS:
            self._add_support(least)
        self.support.activated.connect(
            lambda at: self.filters_wanted.emit({"at_least": int(self.support.itemData(at))})
        )
        self.hide_rated = QCheckBox(tr("Hide rated"))
        self.hide_rated.clicked.connect(lambda on: self.filters_wanted.emit({"hide_seen": bool(on)}))
        self._seen_note = label("", "hint")
        self.chip = Chip("plain", "", removable=True)
        self.chip.removed.connect(lambda: self.filters_wanted.emit({"at_least": 0}))
        find = QShortcut(Qt.Key.Key_Slash, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.filter.setFocus)
        first, second = row(self.filter, self.support, gap=8), row(self.hide_rated, self._seen_note, None, self.chip)
        first.setStretchFactor(self.filter, 1)
        return column(first, second, gap=6, margins=(12, 0, 12, 0))

    def _add_support(self, least: int) -> None:
        place = sum(int(self.support.itemData(at)) < least for at in range(self.support.count()))
        words = tr("≥ {n} ratings", n=least) if least else tr("Any number")
        self.support.insertItem(place, words, least)

    # Filling

    def _show_counts(self, model: Model, listed: RecommendationList, filters: Filters, kind: PersonKind) -> None:
        made_up = kind != "user"
        self.hide_rated.setEnabled(listed.seen_known and not made_up)
        unknown = not listed.seen_known and not made_up
        self._seen_note.setText(
            tr("seen {movies} are not known", movies=text.pluralised(model.noun)) if unknown else ""
        )
        self.hide_rated.setToolTip(_hide_words(model, listed, made_up))
        self.chip.setVisible(filters.at_least > 0 and listed.n_thin > 0)
        words = tr("at least {ratings}", ratings=text.counted(filters.at_least, tr("rating")))
        hidden = tr("hides {n}", n=text.count(listed.n_thin))
        self.chip.set_text(f"{words}, {hidden}")
        self.chip.setToolTip(
            tr("{movies} with fewer training ratings are left out: their predictions rest on little",
               movies=text.pluralised(model.noun).capitalize())
        )  # fmt: skip
        self.footer.setText(_count_words(model, listed))

    def _fill(self, selected: int | None) -> None:
        model, listed = self._model, self._listed
        if model is None or listed is None:
            return
        head, bar = self.table.horizontalHeader(), self.table.verticalScrollBar()
        sorted_by, order, place = head.sortIndicatorSection(), head.sortIndicatorOrder(), bar.value()
        titles = [each.title for each in self.table_model.columns]
        sorted_title = titles[sorted_by] if 0 <= sorted_by < len(titles) else ""
        columns = self._columns(model, listed)
        self._filling = True
        self.table_model.tip = self._tips(model, listed)
        self.table_model.set_columns(columns, len(listed))
        now_at = next((at for at, each in enumerate(columns) if each.title and each.title == sorted_title), -1)
        head.setSortIndicator(now_at, order)
        self.table_model.sort(now_at, order)
        bar.setValue(place)
        self._filling = False
        self.select(selected, scroll=False)

    def _columns(self, model: Model, listed: RecommendationList) -> list[Column]:
        genres = [model.genres[at] for at in listed.columns] if self._wide and model.genres else None
        means = self._means(model, listed)
        stars = model.config.predicts_ratings
        shown, shortest = (text.rating, 0.2) if stars else (text.score, 0.02)
        columns = [
            Column(title="#", values=np.arange(1, len(listed) + 1), format=text.count, align="right",
                   width=44 if len(listed) < 1000 else 58,
                   role_colour=lambda _: "muted"),
            Column(title=model.noun.capitalize(), values=listed.titles),
        ]  # fmt: skip
        if genres is not None:
            columns.append(
                Column(title=tr("Genres"), values=genres, format=genre_list, width=210, role_colour=lambda _: "muted")
            )
        columns += [
            Column(title="", values=listed.predicted, cell=DotCell(listed.predicted, shortest), width=108),
            Column(title=tr("Predicted") if stars else tr("Score"), values=listed.predicted, format=shown,
                   align="right", width=72, cell=BoldCell(shown),
                   tip=tr("Raw prediction, in stars: mean, biases and products, not clipped to the scale") if stars
                   else SCORE_WORDS),
        ]  # fmt: skip
        if not np.all(np.isnan(listed.given)):
            columns.append(
                Column(title=tr("Given"), values=listed.given, align="right", width=78, format=_given_words,
                       role_colour=lambda value: "muted" if isnan(value) else None)
            )  # fmt: skip
        columns.append(
            Column(title=tr("Ratings"), values=listed.support, format=text.count, align="right", width=62,
                   tip=tr("Training ratings of the {noun}", noun=model.noun))
        )  # fmt: skip
        if means is not None:
            columns.append(
                Column(title=tr("Mean"), values=means, format=text.rating, align="right", width=64,
                       tip=tr("Mean of the training ratings"))
            )  # fmt: skip
        return columns

    def _means(self, model: Model, listed: RecommendationList) -> Any:
        if not self._wide or model.split is None or not model.config.predicts_ratings:
            return None
        return model.split.training.movie_means[listed.columns]

    @staticmethod
    def _tips(model: Model, listed: RecommendationList) -> Callable[[int], str]:
        low, high, stars = model.summary.low, model.summary.high, model.config.predicts_ratings

        def tip(at: int) -> str:
            words = scale_words(float(listed.predicted[at]), low, high) if stars else SCORE_WORDS
            return "\n".join(filter(None, (listed.titles[at], words)))

        return tip

    # Gestures

    @Slot(str)
    def _cleared(self, words: str) -> None:
        """Tell of the clear button, which edits without `textEdited`."""
        if not words and self._filters.text:
            self.filters_wanted.emit({"text": ""})

    @Slot(QModelIndex, QModelIndex)
    def _row_entered(self, index: QModelIndex, _before: QModelIndex) -> None:
        self._choose(index)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if not self._filling and index.isValid() and self._listed is not None:
            self.movie_chosen.emit(int(self._listed.columns[self.table_model.data_row(index.row())]))


def _given_words(value: float) -> str:
    return tr("not rated") if isnan(value) else given_words(value)


def _hide_words(model: Model, listed: RecommendationList, made_up: bool) -> str:
    if made_up:
        return tr("Only an existing user has ratings that could be hidden.")
    if not listed.seen_known:
        return tr("The model was saved without its ratings: what the person has seen is not known.")
    return tr("Leave out what the person has rated, hold-out included ({n})", n=text.count(listed.n_seen))


def _count_words(model: Model, listed: RecommendationList) -> str:
    n = listed.n_candidates
    if n == 0:
        return tr("No {noun} is left: take a filter away.", noun=model.noun)
    candidates = text.counted(n, tr("candidate"))
    by = tr("prediction") if model.config.predicts_ratings else tr("score (about 0 to 1, not a rating)")
    if len(listed) < n:
        return tr("The best {n} of {candidates}, ranked by {by}. Ties by id.", n=text.count(len(listed)),
                  candidates=candidates, by=by)  # fmt: skip
    return tr("{candidates}, ranked by {by}. Ties by id.", candidates=candidates, by=by)
