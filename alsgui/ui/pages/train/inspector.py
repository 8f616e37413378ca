"""The shown run in numbers, pictures and formulas: the inspector of Train."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from alsgui.core.solvers.config import Config
from alsgui.session.session import Session
from alsgui.session.state import Run, State
from alsgui.text import DASH, count, decimal, duration, error_figure, percent, tr
from alsgui.ui.actions import BY_ID
from alsgui.ui.pace import Pace
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.train.known import KnownCurve
from alsgui.ui.pages.train.origin import origin_rows
from alsgui.ui.pages.train.words import (
    Figures,
    best_words,
    ending_explained,
    ending_words,
    figures_at,
    fill_words,
    first_epoch,
    gain_words,
    holdout_words,
    is_learning,
    last_epoch,
    loss_formula,
    place_of,
    run_name,
    shown_run,
    symbols,
    updates,
)
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.chips import Chip
from alsgui.ui.widgets.facts import FactList
from alsgui.ui.widgets.fields import Fold
from alsgui.ui.widgets.formula import FormulaView
from alsgui.ui.widgets.labels import Rule, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.thumbnails import FactorThumbnail

if TYPE_CHECKING:
    from alsgui.core.predictor import Predictor
    from alsgui.core.ratings import Floats, Ratings
    from alsgui.core.solvers.factors import Factors

MOST_USERS, MOST_MOVIES, MOST_ATTRIBUTES = 60, 250, 60
"""Cells of the picture; more are drawn as block means."""

PICTURE_MS = 100
"""Between two of them: more often costs the fit without being seen."""

Fact = tuple[str, str, str | None, str]


class RunInspector(QWidget):
    """Run, progress, figures, u, m and r, and what an epoch does.

    Signals
    -------
    action_wanted(str)
        Id of the action that a button stands for.
    """

    action_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._epoch: int | None = None
        self._origin_of: Run | None = None
        self._pace = Pace(PICTURE_MS, self)
        self._build()
        foot = row(self._copy, None, self._forget, margins=(16, 8, 16, 14))
        content = QWidget()
        content.setLayout(column(*self._parts(), None, gap=7, margins=(16, 14, 16, 4)))
        whole = column(scrolling(content), foot, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    def show_state(self, state: State, changed: set[str]) -> None:
        """Show the run that learns or is shown."""
        run = shown_run(state)
        self._content_visible(run is not None)
        self.known.show_run(run, learning=run is not None and is_learning(state, run))
        self._show_formulas(run.config if run is not None else state.config, state.ratings)
        self._show_foot(state, run)
        if run is None:
            self._chip.set_text(tr("No run yet"))
            return
        self._chip.set_text(run_name(run))
        self._show_progress(state, run)
        if self._origin_of is not run and not is_learning(state, run):
            self._origin_of = run
            self._origin.set_rows(origin_rows(run))
        self.show_epoch(self._epoch)
        by_hand = "live" in changed and state.job is not None and state.job.paused
        settled = changed & {"split", "theme"} or ("model" in changed and state.phase != "fitting")
        if by_hand or settled:
            self._pace.do(self._ask_picture)
        elif "live" in changed:
            self._pace.ask(self._ask_picture)

    def show_epoch(self, epoch: int | None) -> None:
        """Show the figures of one epoch (that under the cursor of the plot); None for the newest."""
        state = self._session.state
        run = shown_run(state)
        self._epoch = epoch
        figures = None
        if run is not None:  # another run may not have the epoch under the cursor
            figures = figures_at(state, run, epoch) or figures_at(state, run)
        self._at.setText(figures.caption if figures is not None else tr("Before the first epoch"))
        if run is not None:
            self._figures.set_rows(_figure_rows(state, run, figures) if figures is not None else [])

    # Building

    def _build(self) -> None:
        self._chip = Chip("run", "")
        self._progress, self._figures = FactList(), FactList()
        self.known = KnownCurve(self._session)
        self.origin, self._origin = Fold(tr("Where it comes from")), FactList()
        self.origin.body.add(self._origin)
        self._ended = label("", "hint", wrap=True)
        self.back = button(BY_ID["step_back"].text, "skip-back-fill", tip=BY_ID["step_back"].tip)
        self.back.clicked.connect(lambda: self.action_wanted.emit("step_back"))
        self._at, self._picture_title = label("", "caption"), label("", "caption")
        self.picture = FactorThumbnail()
        self.picture.clicked.connect(self._open_factors)
        self.open_factors = button(tr("Open"), kind="link", tip=tr("Look at u, m and r on Factors"))
        self.open_factors.clicked.connect(self._open_factors)
        self._formulas, self._symbols = FormulaView(), label("", "hint", wrap=True)
        self._copy = button(BY_ID["copy_python"].text, "copy", tip=BY_ID["copy_python"].tip)
        self._copy.clicked.connect(lambda: self.action_wanted.emit("copy_python"))
        self._forget = icon_button("trash", tr("Forget this run"))
        self._forget.clicked.connect(self._forget_run)

    def _parts(self) -> list[QWidget]:
        pictures = QWidget()
        pictures.setLayout(
            column(row(self._picture_title, None, self.open_factors), self.picture, gap=4),
        )
        self._about_run = [self._progress, self._ended, self.back, Rule(), self._at, self._figures,
                           self.known, Rule(), pictures]  # fmt: skip
        chip = QWidget()
        chip.setLayout(row(self._chip, None))
        what = label(tr("What one epoch does"), "caption")
        return [chip, *self._about_run, Rule(), what, self._formulas, self._symbols, self.origin]

    def _content_visible(self, visible: bool) -> None:
        self.origin.setVisible(visible)
        for part in self._about_run:
            if part is not self.known:  # it knows itself
                part.setVisible(visible)

    # Showing

    def _show_progress(self, state: State, run: Run) -> None:
        learning = is_learning(state, run)
        n = run.history[-1].epoch if run.history else 0
        pace = run.history[-1].seconds / n if n else 0.0
        per_epoch = (tr("Time per epoch"), duration(pace) if n else DASH, None, tr("Time of solving, pauses left out"))
        if learning:
            left = state.job.seconds_left if state.job is not None else None
            rows: list[Fact] = [
                (tr("Epoch"), _epoch_words(state, run), None, tr("The one that is being solved")),
                (tr("Half-step"), _half_step_words(state, run), None, tr("Which side is solved, and how far")),
                per_epoch,
                (tr("Left"), duration(left) if left is not None else DASH, None, ""),
            ]
        else:
            rows = [(tr("Ended"), ending_words(run), None, ending_explained(run)), per_epoch]
        fill = fill_words(run)
        if fill:
            rows.append((tr("Missing ratings"), fill, "warning", tr("The text-book's loss runs over all cells.")))
        self._progress.set_rows(rows)
        self._ended.setText("" if learning else ending_explained(run))
        self.back.setVisible(learning and state.job is not None and state.job.paused)
        self._ended.setVisible(not learning and run.model is not None and run.model.stopped != "epochs")

    def _show_formulas(self, config: Config, ratings: Ratings | None) -> None:
        noun, nouns = (ratings.noun, ratings.nouns) if ratings is not None else (tr("movie"), tr("movies"))
        words = symbols(config, noun, nouns)
        self._formulas.set_formulas(updates(config), tr("First every u is solved with m held, then every m."))
        self._formulas.setToolTip(tr("Both make {loss} smallest, one side at a time.", loss=loss_formula(config)))
        self._symbols.setText(words)

    def _show_foot(self, state: State, run: Run | None) -> None:
        refusal = BY_ID["copy_python"].refusal(state)
        self._copy.setEnabled(not refusal)
        self._copy.setToolTip(refusal or BY_ID["copy_python"].tip)
        ended = run is not None and run.number > 0 and not is_learning(state, run)
        self._forget.setEnabled(ended)

    def _ask_picture(self) -> None:
        """Have the newest u, m and r reduced to the picture's pixels off this thread."""
        state = self._session.state
        live, model, split = state.live, state.model, state.split
        if live is not None:
            caption = tr("u, m and r in epoch {n}, {side} just solved", n=live.epoch, side=live.side)
            if not live.epoch:
                caption = tr("u, m and r, as they start")
            factors, form = live.factors, live.predictor
        elif model is not None and state.phase != "fitting":
            caption, factors, form = tr("u, m and r, as kept"), model.factors, model.predictor
        else:
            return
        counted = split.training if split is not None else None
        self._session.light.request(
            "train/picture",
            lambda: reduced(factors, form, counted),
            lambda made: self._show_picture(caption, made),
            late=live is not None,
        )

    def _show_picture(self, caption: str, made: SmallPicture) -> None:
        self._picture_title.setText(caption)
        self.picture.set_factors(
            made.u, made.m, made.r, u_limit=made.u_limit, m_limit=made.m_limit, r_limits=made.r_limits
        )
        self.picture.setToolTip(made.words)

    # Gestures

    @Slot()
    def _open_factors(self) -> None:
        self._session.show_page("factors")

    @Slot()
    def _forget_run(self) -> None:
        run = shown_run(self._session.state)
        if run is not None:
            self._session.keeping.forget(run.number)


@dataclass(frozen=True, eq=False)
class SmallPicture:
    """u (users x K), m (K x movies) and r (users x movies) at the picture's size, with the ends of their colours."""

    u: Floats
    m: Floats
    r: Floats
    u_limit: float
    m_limit: float
    r_limits: tuple[float, float]
    words: str


def reduced(factors: Factors, form: Predictor, counted: Ratings | None) -> SmallPicture:
    """Every cell where they are few; else means of blocks, users and movies in order of their mean rating."""
    import numpy as np

    from alsgui.core.lod import FactorTiles, PredictionTiles, Span

    n_users, k = factors.users.shape
    n_movies = len(factors.movies)
    every_cell = n_users <= MOST_USERS and n_movies <= MOST_MOVIES
    by_mean = counted is not None and not every_cell and counted.n_users == n_users and counted.n_movies == n_movies
    user_order = np.argsort(-np.nan_to_num(counted.user_means, nan=-np.inf)) if by_mean and counted else None
    movie_order = np.argsort(-np.nan_to_num(counted.movie_means, nan=-np.inf)) if by_mean and counted else None
    users, movies = Span(0, n_users, min(n_users, MOST_USERS)), Span(0, n_movies, min(n_movies, MOST_MOVIES))
    attributes = Span(0, k, min(k, MOST_ATTRIBUTES))
    u = FactorTiles(factors.users, user_order).tile(users, attributes)
    m = FactorTiles(factors.movies, movie_order).tile(movies, attributes).T
    r = PredictionTiles(form, user_order, movie_order).tile(users, movies)
    low, high = np.percentile(r, (2, 98))
    limits = [float(np.abs(np.percentile(each, (2, 98))).max()) or 1.0 for each in (u, m)]
    words = tr("Every cell.") if every_cell else tr("Means of blocks; rows and columns in order of their mean rating.")
    return SmallPicture(u, m, r, limits[0], limits[1], (float(low), float(high)), words)


def _epoch_words(state: State, run: Run) -> str:
    n = first_epoch(run) + place_of(state, run)[0]
    return tr("{n} of {all}", n=count(n), all=count(last_epoch(state, run)))


def _half_step_words(state: State, run: Run) -> str:
    job = state.job
    if job is None or job.done is None:
        return job.detail if job is not None else DASH
    n, side, share = place_of(state, run)
    live = state.live
    if job.paused and live is not None and (live.epoch, live.side) == (first_epoch(run) + n, side):
        return tr("waits, next {side}", side="m" if side == "u" else "u")
    return tr("solving {side}, {share}", side=side, share=percent(share, 0))


def _figure_rows(state: State, run: Run, figures: Figures) -> list[Fact]:
    loss = count(figures.loss) if abs(figures.loss) >= 100 else decimal(figures.loss, 4)
    train_tip = tr("Root mean squared error of raw predictions, on the ratings it learnt from, in stars")
    rows: list[Fact] = [(tr("RMSE training"), error_figure(figures.rmse_train), "training", train_tip)]
    loss_row: Fact = (tr("Loss L"), loss, None, loss_formula(run.config))
    if not run.config.predicts_ratings:
        return [*_list_rows(state, run, figures), loss_row]
    if math.isnan(figures.rmse_holdout):
        mse_tip = tr("RMSE squared. The text-book gives this figure.")
        return [*rows, (tr("Mean squared error"), error_figure(figures.rmse_train**2), "training", mse_tip), loss_row]
    gain, role = gain_words(state, run, figures)
    holdout_tip = holdout_words(run)
    return [
        *rows,
        (tr("RMSE hold-out"), error_figure(figures.rmse_holdout), "holdout", holdout_tip),
        (tr("MAE hold-out"), error_figure(figures.mae_holdout), None, tr("Mean absolute error, in stars")),
        loss_row,
        (tr("Best hold-out"), best_words(run), None, tr("Lowest hold-out RMSE, and its epoch")),
        (tr("Gain over biases"), gain, role, tr("How much lower the error is than that of user + movie averages")),
    ]


def _list_rows(state: State, run: Run, figures: Figures) -> list[Fact]:
    """Figures of lists, for models whose predictions are no ratings."""
    if math.isnan(figures.ndcg):
        tip = tr("Keep some ratings aside: lists are judged by what they find again")
        return [(tr("NDCG@20"), tr("no hold-out"), "muted", tip)]
    gain, role = gain_words(state, run, figures)
    ndcg_tip = tr("Of lists of 20: what was kept aside counts more the higher it stands. 0 to 1, higher is better")
    return [
        (tr("NDCG@20"), error_figure(figures.ndcg), "holdout", ndcg_tip),
        (tr("Recall@20"), error_figure(figures.recall), None, tr("Share of what was kept aside that lists of 20 hold")),
        (tr("Users judged"), count(figures.n_users), None, tr("Hold-out users over whom the figures are means")),
        (tr("Best NDCG@20"), best_words(run), None, tr("Highest of all epochs, and its epoch")),
        (tr("Gain over most rated"), gain, role,
         tr("How much higher the NDCG is than that of one list for everybody, of what has the most ratings")),
    ]  # fmt: skip
