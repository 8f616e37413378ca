"""The Diagnosis view: how large errors are, where they are large, and whether predictions keep what they promise."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from alsgui import text
from alsgui.core.diagnosis import FEWEST_JUDGED, ByCount, Diagnosis, Worst, diagnose, why_not
from alsgui.core.factor_view import FactorSource
from alsgui.core.model import Model
from alsgui.core.uncertainty import Calibration, calibration_of
from alsgui.core.uncertainty import why_not as why_no_bands
from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.text import counted, pluralised, tr
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.factors.words import movie_words, user_words
from alsgui.ui.widgets.bars import Histogram
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.series import Series, SeriesPlot, standard_error_words
from alsgui.ui.widgets.tables import DataTable

LIVE = "Errors are taken apart once the fit has ended."


class DiagnosisView(QWidget):
    """Four cards: the errors, calibration, error against what is known, and who is predicted worst.

    Signals
    -------
    target_chosen(int, int)
        User and movie to select, -1 to leave what is selected.
    """

    target_chosen = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._model: Model | None = None
        self._found: Diagnosis | None = None
        self._source: FactorSource | None = None
        self._filling = False
        self.histogram = Histogram(tr("Errors"))
        self.errors = self._card(tr("Errors y − r"), self.histogram)
        self.calibration = SeriesPlot(
            tr("Calibration"), tr("mean prediction of a bin, stars"), tr("mean rating, stars"),
            diagonal=tr("as predicted"),
        )  # fmt: skip
        self.promise = self._card(tr("Calibration"), self.calibration)
        self.band_words = label("", "hint", wrap=True)
        self.promise.body.add(self.band_words)
        self.against = SeriesPlot(
            tr("Error against number of ratings"), tr("training ratings of the user or {movie}", movie=tr("movie")),
            tr("RMSE, stars"), log=True,
        )  # fmt: skip
        self.known = self._card(tr("Error against number of ratings"), self.against)
        self.which = Segment([("movie", tr("Movies")), ("user", tr("Users"))], tr("Whose errors"))
        self.which.chosen.connect(self._fill_worst)
        self.model = ArrayTableModel()
        self.table = DataTable(self.model, tr("Predicted worst"))
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.worst = Card(tr("Predicted worst"), " ", edge_to_edge=True)
        self.worst.add_action_widget(self.which)
        self.worst.body.addWidget(self.table, 1)
        self.worst.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        cards = QWidget()
        upper, lower = row(self.errors, self.promise, gap=12), row(self.known, self.worst, gap=12)
        for line in (upper, lower):
            line.setStretch(0, 1)
            line.setStretch(1, 1)
        both = column(gap=12)
        both.addLayout(upper, 1)
        both.addLayout(lower, 1)
        cards.setLayout(both)
        self.reason = label("", "body", "muted", wrap=True)
        nothing = QWidget()
        nothing.setLayout(column(self.reason, None))
        self._stack = QStackedLayout()
        self._stack.addWidget(cards)
        self._stack.addWidget(nothing)
        self.setLayout(self._stack)

    @staticmethod
    def _card(title: str, plot: Histogram | SeriesPlot) -> Card:
        made = Card(title, " ")
        made.body.addWidget(plot, 1)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        return made

    def show_source(self, source: FactorSource, state: State) -> None:
        """Show the errors of the model; they come a moment later."""
        model = state.model
        reason = tr(LIVE) if state.live is not None or model is None else why_not(model)
        self.reason.setText(reason)
        self._stack.setCurrentIndex(1 if reason else 0)
        if reason or model is None:
            self._model = None
            return
        self._source = source
        if self._model is not None and self._model.factors is model.factors:
            return
        self._model, self._found = model, None
        self._session.light.request("factors.diagnosis", lambda: (model, diagnose(model)), self._take)
        why = why_no_bands(model)
        self.band_words.setText(why)
        if not why:
            self._session.slow.request("factors.bands", lambda: (model, calibration_of(model)), self._take_bands)

    def _take(self, made: tuple[Model, Diagnosis]) -> None:
        model, found = made
        if model is not self._model or self._source is None:
            return
        self._found = found
        what = tr("kept aside, clipped") if found.held_out else tr("of training, raw: the model has seen them")
        sample = tr(", a sample of {n}", n=text.count(found.n_all)) if found.n_judged < found.n_all else ""
        self.errors.set_subtitle(f"{counted(found.n_judged, tr('rating'))} {what}{sample}")
        middles = (found.edges[:-1] + found.edges[1:]) / 2
        self.histogram.set_role("holdout" if found.held_out else "training")
        self.histogram.set_counts(middles, found.counts)
        self.promise.set_subtitle(tr("mean rating ± standard error in bins of the prediction"))
        cali = found.calibration
        tips = tuple(
            tr("predicted {p}: observed {o}", p=text.rating(p), o=standard_error_words(o, e, int(n)))
            for p, o, e, n in zip(cali.predicted, cali.observed, cali.error, cali.n, strict=True)
        )
        self.calibration.set_series([Series(tr("observed"), "accent", cali.predicted, cali.observed, cali.error, tips)])
        self.known.set_subtitle(
            tr("RMSE {rmse}, mean {mean}", rmse=text.error_figure(found.rmse),
               mean=text.contribution(found.mean))
        )  # fmt: skip
        noun = self._source.noun
        self.against.set_series(
            [_series(tr("users"), "user", found.by_user, tr("user")),
             _series(pluralised(noun), "movie", found.by_movie, noun)]
        )  # fmt: skip
        self.which.set_text("movie", pluralised(noun).capitalize())
        self._fill_worst()

    def _take_bands(self, made: tuple[Model, Calibration | None]) -> None:
        model, found = made
        if model is self._model and found is not None:
            self.band_words.setText(band_words(found))

    @Slot()
    def _fill_worst(self) -> None:
        found, source = self._found, self._source
        if found is None or source is None:
            return
        is_user = self.which.current() == "user"
        listed: Worst = found.worst_users if is_user else found.worst_movies
        say = user_words if is_user else movie_words
        noun = tr("user") if is_user else source.noun
        counts = source.user_counts if is_user else source.movie_counts
        self.worst.set_subtitle(tr("at least {n} judged", n=counted(FEWEST_JUDGED, tr("rating"))))
        columns = [
            Column(title=noun.capitalize(), values=[say(source, int(at)) for at in listed.rows]),
            Column(title=tr("RMSE"), values=listed.rmse, format=text.error_figure, align="right", width=76),
            Column(title=tr("Mean"), values=listed.mean, format=text.contribution, align="right", width=68,
                   tip=tr("Mean of y − r in stars: above zero, it is rated better than predicted")),
            Column(title=tr("Judged"), values=listed.n, format=text.count, align="right", width=70),
            Column(title=tr("Ratings"), values=counts[listed.rows], format=text.count, align="right", width=74,
                   tip=tr("Ratings in training")),
        ]  # fmt: skip
        self._filling = True
        self.model.set_columns(columns, len(listed.rows))
        self._filling = False

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not now.isValid() or self._filling or self._found is None:
            return
        place = self.model.data_row(now.row())
        if self.which.current() == "user":
            self.target_chosen.emit(int(self._found.worst_users.rows[place]), -1)
        else:
            self.target_chosen.emit(-1, int(self._found.worst_movies.rows[place]))


def band_words(found: Calibration) -> str:
    """How often ratings lie inside the bands, and whether wide bands are where errors are large."""
    narrow, middle, wide = (text.decimal(rmse, 2) for rmse in found.rmse_thirds)
    return tr(
        "Of {n} that s = {s} ★ was not set on, {half} inside the 50 % band and {most} inside the 90 % band. RMSE in "
        "thirds, from the narrowest bands to the widest: {narrow}, {middle}, {wide}.",
        n=counted(found.n_checked, tr("rating")), s=text.rating(found.s), half=text.percent(found.inside_50, 0),
        most=text.percent(found.inside_90, 0), narrow=narrow, middle=middle, wide=wide,
    )  # fmt: skip


def _series(words: str, role: str, found: ByCount, noun: str) -> Series:
    places = np.where(found.low > 0, np.sqrt(found.low * np.maximum(found.high, 1.0)), 0.5)
    tips = tuple(
        tr("{rows} with {low}–{high} training ratings: RMSE {rmse}, {n}", rows=counted(int(rows), noun), low=low,
           high=high, rmse=text.error_figure(rmse), n=counted(int(n), tr("rating")))
        for low, high, rmse, n, rows in zip(
            found.low, found.high, found.rmse, found.n_ratings, found.n_rows, strict=True
        )
    )  # fmt: skip
    return Series(words, role, places, found.rmse, tips=tips)
