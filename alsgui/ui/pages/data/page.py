"""The Data page: what was read, and whether to trust it."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from alsgui.core.overview import Overview, overview
from alsgui.core.ratings import Ratings
from alsgui.session.session import Session
from alsgui.session.state import Data, State
from alsgui.text import STAR, count, counted, decimal, duration, percent, rating, tr
from alsgui.ui import theme
from alsgui.ui.actions import BY_ID
from alsgui.ui.pages.base import Page, scrolling
from alsgui.ui.pages.data.inspector import DataInspector, bin_labels
from alsgui.ui.pages.data.map import RatingsMap
from alsgui.ui.pages.data.table import RatingsTable, duplicates_sentence
from alsgui.ui.widgets.axes import digits_of
from alsgui.ui.widgets.bars import Histogram
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.distributions import LongTail, TimeSeries
from alsgui.ui.widgets.empty import EmptyState
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.plot import Plot
from alsgui.ui.widgets.stats import StatStrip

PLOT_CARD = 196
LOWEST_PICTURES = 260

Figure = tuple[str, str, str]
"""Figure, name, tooltip."""


class DataPage(Page):
    """Figures, three plots, y as a map, the ratings of the selected user; facts of the selection at the right."""

    key = "data"

    def __init__(self, session: Session) -> None:
        super().__init__(session, tr("Data"))
        self._overview: Overview | None = None
        self._shown_data: Data | None = None
        self.terms_link = button(tr("Terms"), kind="link", tip=BY_ID["terms"].tip)
        self.terms_link.clicked.connect(lambda: self.action_wanted.emit("terms"))
        self.header.setStretchFactor(self.subtitle, 0)
        self.header.insertWidget(2, self.terms_link)
        self._actions = {
            "swap": button(tr("Swap"), "swap", kind="ghost"),
            "report": button(tr("Report"), "file-text", kind="ghost"),
            "copy_python": button(tr("Copy as Python"), "copy", kind="ghost"),
            "export": button(tr("Export"), "export"),
        }
        for name, made in self._actions.items():
            made.clicked.connect(lambda _=False, name=name: self.action_wanted.emit(name))
            self.header.addWidget(made)
        self.strip = StatStrip()
        self.histogram = Histogram(tr("Ratings given"))
        self.tail = LongTail(tr("Long tail"))
        self.timeline = TimeSeries(tr("Over time"))
        self.map = RatingsMap(session)
        self.map.cell_chosen.connect(session.select_cell)
        self.table = RatingsTable()
        self.table.movie_chosen.connect(session.select_movie)
        self._panel = DataInspector()
        self._panel.recommend_wanted.connect(self._recommend)
        self.inspector = self._panel
        self._empty = QWidget()
        words = tr("The model was opened without the ratings that it learnt from.")
        self._empty.setLayout(column(None, EmptyState(tr("No ratings here"), words), None))
        self._content = self._lay_out()
        self._area = scrolling(self._content)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._empty, 1)
        self._scale()

    def show_state(self, state: State, changed: set[str]) -> None:
        """Show data, selection and model."""
        if "theme" in changed:
            self._scale()
            self._show_figures()
        for name, made in self._actions.items():
            reason = BY_ID[name].refusal(state)
            made.setEnabled(not reason)
            made.setToolTip(reason or BY_ID[name].tip)
        if state.data is not self._shown_data or "data" in changed:
            self._begin(state.data)
        self._show_selection(state)

    def _begin(self, data: Data | None) -> None:
        """Have the figures of another data set worked out, and show them when they are there."""
        self._shown_data, self._overview = data, None
        self._area.setVisible(data is not None)
        self._empty.setVisible(data is None)
        self.terms_link.setVisible(data is not None and data.report is not None and bool(data.report.terms))
        self.subtitle.setText(subtitle(data) if data is not None else "")
        if data is not None:
            self._show_figures()
            ratings = data.ratings
            self.session.light.request("data.overview", lambda: overview(ratings), self._show_overview)

    def _show_figures(self) -> None:
        if self._shown_data is not None:
            self.strip.set_figures(figures(self._shown_data))

    def _show_overview(self, made: Overview) -> None:
        data = self._shown_data
        if data is None:
            return
        self._overview = made
        ratings = data.ratings
        self.histogram.set_counts(made.bins.middles, made.counts, labels=bin_labels(made.bins, whole=True))
        self._histogram_card.set_subtitle(_histogram_words(made))
        self.tail.set_counts(
            ratings.user_counts,
            ratings.movie_counts,
            counted(ratings.n_users, tr("user")),
            counted(ratings.n_movies, ratings.noun, ratings.nouns),
        )
        self._tail_card.setToolTip(
            tr("Users and {movies} ranked by their number of ratings; both axes logarithmic", movies=ratings.nouns)
        )
        self._time_card.setVisible(made.quarters is not None)
        if made.quarters is not None:
            self.timeline.set_counts(*made.quarters)
        self.map.set_data(ratings, made)
        self.table.set_data(ratings, made, data.report)
        self._show_selection(self.session.state)

    def _show_selection(self, state: State) -> None:
        if state.data is self._shown_data and self._overview is not None:
            self.map.set_selection(state.selection)
            self.table.set_user(state.selection.user)
            self.table.set_movie(state.selection.movie)
        self._panel.show_selection(state, self._overview if state.data is self._shown_data else None)

    @Slot()
    def _recommend(self) -> None:
        self.session.choose_person("user")
        self.session.show_page("recommend")

    def _lay_out(self) -> QWidget:
        self._histogram_card = _plot_card(tr("Ratings given"), tr("count by stars"), self.histogram)
        self._tail_card = _plot_card(tr("Long tail"), tr("ratings per row, by rank"), self.tail)
        self._time_card = _plot_card(tr("Over time"), tr("per quarter"), self.timeline)
        self._plots = (self._histogram_card, self._tail_card, self._time_card)
        plots, pictures = row(*self._plots, gap=12), row(self.map, self.table, gap=12)
        for place, stretch in enumerate((5, 6, 5)):
            plots.setStretch(place, stretch)
        for place in range(2):
            pictures.setStretch(place, 1)
        whole = column(self.strip, plots, gap=12)
        whole.addLayout(pictures, 1)
        content = QWidget()
        content.setLayout(whole)
        return content

    @Slot()
    def _scale(self) -> None:
        for card in self._plots:
            card.setFixedHeight(theme.px(PLOT_CARD))
        for card in (self.map, self.table):
            card.setMinimumHeight(theme.px(LOWEST_PICTURES))


def _plot_card(title: str, subtitle: str, plot: Plot) -> Card:
    card = Card(title, subtitle)
    card.body.addWidget(plot, 1)
    return card


def _histogram_words(made: Overview) -> str:
    if made.bins.exact:
        return tr("count by stars")
    width = made.bins.width
    return tr(
        "count per {stars}", stars=tr("star") if width == 1 else f"{decimal(width, digits_of([width]))} {tr('stars')}"
    )


def subtitle(data: Data) -> str:
    """Where the ratings came from and how long reading took."""
    ratings, report = data.ratings, data.report
    if report is None:
        origin = tr("made up") if data.source.kind == "generated" else tr("kept in the model's file")
        return tr("{name}, {origin}", name=ratings.name or data.source.what, origin=origin)
    words = tr(
        "{name}, {files} read in {time}",
        name=ratings.name,
        files=counted(len(report.files), tr("file")),
        time=duration(report.seconds),
    )
    return " ".join((words + ("." if report.notes else ""), *report.notes))


def figures(data: Data) -> list[Figure]:
    """The strip: each figure with how it was counted."""
    ratings, report = data.ratings, data.report
    shown: list[Figure] = [
        (
            count(ratings.n_users),
            tr("user") if ratings.n_users == 1 else tr("users"),
            tr("Rows of y: users with at least one rating in the file"),
        ),
        (
            count(ratings.n_movies),
            ratings.noun if ratings.n_movies == 1 else ratings.nouns,
            tr("Columns of y: {movies} that were rated", movies=ratings.nouns),
        ),
        (count(ratings.n_ratings), tr("ratings"), _rows_sentence(data)),
        (percent(ratings.density), tr("observed"), tr("Ratings divided by users × {movies}", movies=ratings.nouns)),
        (f"{rating(ratings.mean)} {STAR}", tr("mean rating"), tr("Sum of all ratings divided by their number")),
        (scale_words(ratings), tr("scale"), _scale_sentence(ratings)),
    ]
    if report is not None:
        shown += [
            (count(report.n_duplicates), tr("duplicates"), duplicates_sentence(report)),
            (count(report.n_rejected), tr("rejected rows"), _rejected_sentence(report.n_rejected)),
        ]
    return shown


def scale_words(ratings: Ratings) -> str:
    """0.5–5.0; with "to" where a minus would be misread."""
    scale = ratings.scale
    digits = digits_of([scale.minimum, scale.maximum, scale.step]) if scale.step > 0 else 2
    low, high = decimal(scale.minimum, min(digits, 2)), decimal(scale.maximum, min(digits, 2))
    return f"{low}–{high}" if scale.minimum >= 0 else tr("{low} to {high}", low=low, high=high)


def _scale_sentence(ratings: Ratings) -> str:
    scale = ratings.scale
    origin = tr("Given with the data") if scale.source == "given" else tr("Lowest and highest rating in the data")
    if scale.step <= 0:
        return tr("{origin}; ratings between are continuous", origin=origin)
    return tr("{origin}; steps of {step}", origin=origin, step=decimal(scale.step, digits_of([scale.step])))


def _rows_sentence(data: Data) -> str:
    report = data.report
    if report is None:
        return tr("Observed cells of y")
    return tr(
        "{read} read = {kept} kept + {merged} merged + {rejected} rejected",
        read=counted(report.n_rows_read, tr("row")),
        kept=count(report.n_kept),
        merged=count(report.n_duplicates),
        rejected=count(report.n_rejected),
    )


def _rejected_sentence(n_rejected: int) -> str:
    if n_rejected:
        return tr("Rows that hold no user, movie and number; the table lists them with their lines")
    return tr("Every row held a user, a movie and a number")
