"""Users for the movie of a state, and who pulled a prediction. No Qt; done beside the window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alsgui import text
from alsgui.core.errors import AlsguiError
from alsgui.core.explain import MOST_BARS, Bar, explain_movie
from alsgui.core.model import Model
from alsgui.core.movie_side import Movie, UserFilters, UserList, folded_movie, for_movie, mean_of_genre, of_movie
from alsgui.core.similar import similar_movies
from alsgui.session.state import MovieChoice, State
from alsgui.text import tr
from alsgui.ui.pages.recommend.explained import Neighbour, Pull, pull_kind
from alsgui.ui.pages.recommend.titles import spoken_title

MOST_PULLS = min(MOST_BARS, 5)


@dataclass(frozen=True, eq=False)
class RankedUsers:
    """Users for one movie, with what the list was made from.

    Parameters
    ----------
    model, choice, column, filters
        What it was made from; `column` is that of an existing movie.
    movie, listed
        The movie and its users; None where there is none.
    reason
        Why there is none.
    """

    model: Model
    choice: MovieChoice
    column: int | None
    filters: UserFilters
    movie: Movie | None
    listed: UserList | None
    reason: str = ""

    @property
    def name(self) -> str:
        """What the movie is called."""
        if self.choice.kind == "existing":
            return "" if self.column is None else spoken_title(self.model, self.column)
        if self.choice.kind == "genre":
            return tr("a new {genre} {noun}", genre=self.choice.genre, noun=self.model.noun)
        return tr("a new {noun}", noun=self.model.noun)


@dataclass(frozen=True, eq=False)
class ExplainedUser:
    """One user's prediction of the movie taken apart by the movie's ratings; `pulls` add up to `total` as shown."""

    row: int
    user: str
    facts: str
    place: str
    total: float
    pulls: tuple[Pull, ...]
    reason: str
    similar: tuple[Neighbour, ...]
    in_stars: bool


def rank_users(state: State, filters: UserFilters) -> RankedUsers:
    """Rank the users for the movie of a state."""
    assert state.model is not None
    model, choice, column = state.model, state.movie, state.selection.movie
    if choice.kind != "existing":
        column = None
    try:
        movie, reason = _movie(model, choice, column), ""
    except AlsguiError as error:
        movie, reason = None, f"{error.message} {error.hint}"
    if movie is None and not reason:
        reason = _nothing_words(model, choice)
    listed = None if movie is None else for_movie(model, movie, filters)
    return RankedUsers(model, choice, column, filters, movie, listed, reason)


def explain_user(made: RankedUsers, row: int) -> ExplainedUser:
    """Take one user's prediction of the movie apart."""
    model, movie, listed = made.model, made.movie, made.listed
    assert movie is not None and listed is not None
    total = float(model.predictor.left[row].astype(np.float64) @ movie.right(model))
    stars = model.config.predicts_ratings
    pulls = explain_movie(model, movie, row)
    bars = () if pulls is None else pulls.bars(2 if stars else 3, MOST_PULLS)
    found = np.flatnonzero(listed.rows == row)
    place = tr("rank {n}", n=text.count(int(found[0]) + 1)) if len(found) else tr("not in this list")
    near = None if movie.column is None else similar_movies(model, movie.column)
    return ExplainedUser(
        row=row,
        user=tr("User {id}", id=model.user_ids[row]),
        facts=text.counted(int(model.summary.user_counts[row]), tr("training rating")),
        place=place,
        total=total,
        pulls=tuple(Pull(pull_kind(bar), _bar_words(model, bar), bar.given, bar.value) for bar in bars),
        reason="" if bars else tr("Its loadings do not come from ratings that could have pulled."),
        similar=() if near is None else tuple(
            Neighbour(int(at), spoken_title(model, int(at)), float(value))
            for at, value in zip(near.columns, near.cosines, strict=True)
        ),
        in_stars=stars,
    )  # fmt: skip


def _movie(model: Model, choice: MovieChoice, column: int | None) -> Movie | None:
    if choice.kind == "existing":
        return None if column is None or column >= model.n_movies else of_movie(model, column)
    if choice.kind == "genre":
        return mean_of_genre(model, choice.genre) if choice.genre else None
    if not choice.rated:
        return None
    return folded_movie(model, np.array(list(choice.rated), np.int64), np.array(list(choice.rated.values())))


def _nothing_words(model: Model, choice: MovieChoice) -> str:
    if choice.kind == "genre":
        return tr("Choose a genre.")
    if choice.kind == "rated":
        return tr("Have a user rate it: then its loadings are solved by the model's own equation.")
    return tr("Choose a {noun}.", noun=model.noun)


def _bar_words(model: Model, bar: Bar) -> str:
    if bar.kind == "rating":
        return tr("User {id}", id=model.user_ids[bar.index])
    if bar.kind == "others":
        return text.counted(bar.index, tr("other rating"))
    return {
        "start": tr("Mean, and bias of the user"),
        "fill": tr("what stands for missing ratings"),
        "penalty": tr("penalty on size"),
        "unsettled": tr("users were solved after it"),
    }[bar.kind]
