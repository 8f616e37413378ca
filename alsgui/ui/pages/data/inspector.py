"""The inspector of the Data page: the selected user, the selected movie, and where they cross."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from alsgui.core.overview import Bins, Overview
from alsgui.core.ratings import Ratings
from alsgui.session.state import State
from alsgui.text import THIN_SPACE, decimal, tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.data.facts import Fact, crossing_facts, genre_words, movie_facts, movie_name, user_facts
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.axes import digits_of
from alsgui.ui.widgets.bars import Histogram
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.chips import Chip
from alsgui.ui.widgets.facts import FactList
from alsgui.ui.widgets.labels import Rule, label
from alsgui.ui.widgets.layouts import column, row

MOST_LABELLED = 11
CHIP_EXTRA = 44


class DataInspector(QWidget):
    """Facts of the selection, with one action and a copy at the foot.

    Signals
    -------
    recommend_wanted
        The person wants the list for the selected user.
    """

    recommend_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._movie_name = ""
        self.user_chip = Chip("user", "")
        self.user_facts = FactList()
        self.histogram = Histogram(tr("Ratings of the selected user"), role="user", count_axis=False)
        self._scale()
        theme.current().changed.connect(self._scale)
        self.movie_chip = Chip("movie", "")
        self.genres = label("", "hint", wrap=True)
        self.movie_facts = FactList()
        self.crossing = FactList()
        self.recommend = button(tr("Recommend for user"), "thumbs-up")
        self.recommend.clicked.connect(self.recommend_wanted)
        self.copy = icon_button("copy", tr("Copy these facts as text"), role="muted")
        self.copy.clicked.connect(self._copy)
        self._user_part = _group(
            self.user_chip, self.user_facts, 2, label(tr("Ratings given"), "caption"), self.histogram
        )
        self._movie_part = _group(self.movie_chip, self.genres, self.movie_facts)
        self._cell_part = _group(label(tr("At the crossing"), "caption"), self.crossing)
        self._rules = [Rule(), Rule()]
        self._nothing = label(tr("Click the map or a row to select a user and a movie."), "body", "muted", wrap=True)
        content = QWidget()
        content.setLayout(
            column(
                self._nothing, self._user_part, self._rules[0], self._movie_part, self._rules[1], self._cell_part, None,
                gap=8, margins=(16, 14, 16, 8),
            )
        )  # fmt: skip
        foot = row(self.recommend, None, self.copy, margins=(16, 0, 16, 14))
        self._area = scrolling(content)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().installEventFilter(self)
        whole = column(gap=8)
        whole.addWidget(self._area, 1)
        whole.addLayout(foot)
        self.setLayout(whole)

    def show_selection(self, state: State, overview: Overview | None) -> None:
        """Show the selected user and movie, as far as they are selected."""
        ratings = state.ratings
        user, movie = state.selection.user, state.selection.movie
        if ratings is None or overview is None:
            user = movie = None
        lines: list[str] = []
        if ratings is not None and overview is not None:
            if user is not None:
                lines += self._show_user(ratings, overview, user)
            if movie is not None:
                lines += self._show_movie(ratings, overview, movie)
            if user is not None and movie is not None:
                lines += self._show_crossing(state, ratings, user, movie)
        self._text = "\n".join(lines) + "\n"
        self._user_part.setVisible(user is not None)
        self._movie_part.setVisible(movie is not None)
        self._cell_part.setVisible(user is not None and movie is not None)
        self._rules[0].setVisible(user is not None and movie is not None)
        self._rules[1].setVisible(user is not None and movie is not None)
        self._nothing.setVisible(user is None and movie is None)
        self.copy.setEnabled(bool(lines))
        reason = "" if state.model is not None else tr("No model yet: fit one first.")
        self.recommend.setEnabled(user is not None and not reason)
        self.recommend.setToolTip(reason or tr("What would this user like?"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cut the title to the new width."""
        if event.type() == QEvent.Type.Resize:
            self._fit_title()
        return super().eventFilter(watched, event)

    def _show_user(self, ratings: Ratings, overview: Overview, user: int) -> list[str]:
        name = tr("User {id}", id=ratings.user_ids[user])
        self.user_chip.set_text(self._cut(name))
        self.user_chip.setToolTip(name)
        facts = user_facts(ratings, overview, user)
        self.user_facts.set_rows(facts)
        bins = overview.bins
        labels = bin_labels(bins)
        counts = bins.count(ratings.of_user(user)[1])
        self.histogram.set_counts(bins.middles, counts, labels=labels)
        return [name, *_lines(facts)]

    def _show_movie(self, ratings: Ratings, overview: Overview, movie: int) -> list[str]:
        self._movie_name = movie_name(ratings, movie)
        self._fit_title()
        genres = genre_words(ratings, movie)
        self.genres.setText(genres)
        self.genres.setVisible(bool(genres))
        facts = movie_facts(ratings, overview, movie)
        self.movie_facts.set_rows(facts)
        return ["", self._movie_name, *([genres] if genres else []), *_lines(facts)]

    def _show_crossing(self, state: State, ratings: Ratings, user: int, movie: int) -> list[str]:
        facts = crossing_facts(ratings, state.split, state.model, user, movie)
        self.crossing.set_rows(facts)
        return ["", tr("At the crossing"), *_lines(facts)]

    def _fit_title(self) -> None:
        self.movie_chip.set_text(self._cut(self._movie_name))
        self.movie_chip.setToolTip(self._movie_name)

    def _cut(self, name: str) -> str:
        room = self._area.viewport().width() - theme.px(32 + CHIP_EXTRA)
        return paint.elided(name, max(room, theme.px(60)), 12, 600)

    @Slot()
    def _scale(self) -> None:
        self.histogram.setMinimumHeight(theme.px(96))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


def bin_labels(bins: Bins, *, whole: bool = False) -> list[tuple[float, str]] | None:
    """A label for each step of the scale, or for each `whole` number of stars; None where round numbers do better."""
    middles = [round(float(value), 6) for value in bins.middles]
    labelled = [value for value in middles if not whole or value == round(value)]
    if not bins.exact or not 1 < len(labelled) <= MOST_LABELLED:
        return None
    return [(value, decimal(value, digits_of([value]))) for value in labelled]


def _group(*parts: QWidget | int) -> QWidget:
    made = QWidget()
    made.setLayout(column(*parts, gap=6))
    chips = [part for part in parts if isinstance(part, Chip)]
    for chip in chips:
        made.layout().setAlignment(chip, Qt.AlignmentFlag.AlignLeft)  # type: ignore[union-attr]
    return made


def _lines(facts: Sequence[Fact]) -> list[str]:
    """Label and value, separated by a tab, figures without thin spaces."""
    return [f"{name}\t{value.replace(THIN_SPACE, '')}" for name, value, _, _ in facts]
