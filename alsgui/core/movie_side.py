"""The movie's side: who would like it most. The mirror of `people` and `recommend`, from the same predictions.

of_movie(model, column)                an existing movie
folded_movie(model, rows, values)      a new movie from a few ratings, by the row that training solves
mean_of_genre(model, genre)            a new movie as the mean of its genre
for_movie(model, movie, filters)       the users who would like it most
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alsgui.core.errors import DataError
from alsgui.core.genres import in_genre, known_genres
from alsgui.core.model import Model
from alsgui.core.ratings import Floats, Ints
from alsgui.text import tr


@dataclass(frozen=True, eq=False)
class Movie:
    """A movie with loadings, for which users can be ranked.

    Parameters
    ----------
    loadings
        m of this movie (K).
    bias
        c of this movie, in stars; 0 for models without biases.
    column
        Its column, None for a movie that is not in the data.
    informed
        False for a movie without training ratings.
    rated
        Rows of users and stars from which the loadings were solved; None for those of the column, or none at all.
    """

    loadings: Floats
    bias: float
    column: int | None = None
    informed: bool = True
    rated: tuple[Ints, Floats] | None = None

    def right(self, model: Model) -> Floats:
        """The movie's side of every prediction (K + 2), float64; see `predictor`."""
        if model.has_biases:
            tail = (1.0, self.bias)
        elif self.column is not None:
            level = model.predictor.right[self.column, -2:]
            tail = (float(level[0]), float(level[1]))
        elif model.config.predicts_ratings:
            rated = self.rated is not None and len(self.rated[1]) > 0
            tail = (0.0, float(np.mean(self.rated[1])) if self.rated is not None and rated else model.summary.mean)
        else:
            tail = (0.0, 0.0)
        return np.append(np.asarray(self.loadings, np.float64), tail)

    def ratings(self, model: Model) -> tuple[Ints, Floats]:
        """Rows of users and stars from which the loadings come; empty for loadings that somebody made up."""
        if self.rated is not None:
            return self.rated
        if self.column is not None and model.split is not None:
            return model.split.training.of_movie(self.column)
        return np.empty(0, np.int64), np.empty(0)


def of_movie(model: Model, column: int) -> Movie:
    """An existing movie."""
    informed = bool(model.summary.movie_counts[column] > 0)
    return Movie(model.factors.movies[column], float(model.movie_bias[column]), column, informed)


def folded_movie(model: Model, rows: Ints, values: Floats) -> Movie:
    """A new movie with these ratings of users (positions), solved as training solves a row.

    Raises
    ------
    DataError
        When a user stands twice, a rating is not finite, or the algorithm needs ratings that are not there.
    """
    places, stars = np.asarray(rows, np.int64), np.asarray(values, np.float64)
    if len(np.unique(places)) < len(places):
        raise DataError(tr("A user rates it twice."), tr("Leave one of the two out."))
    loadings, bias = model.fold_in_movie_positions(places, stars)
    return Movie(loadings, bias, informed=len(places) > 0, rated=(places, stars))


def mean_of_genre(model: Model, genre: str) -> Movie:
    """A new movie as the mean of the movies of a genre that have training ratings.

    Raises
    ------
    DataError
        When no such movie is of the genre.
    """
    members = in_genre(model, genre) & (model.summary.movie_counts > 0)
    if not members.any():
        known = ", ".join(known_genres(model)) or tr("none")
        raise DataError(
            tr("No rated {noun} is of the genre {genre}.", noun=model.noun, genre=genre),
            tr("The genres are: {known}.", known=known),
        )
    loadings = np.mean(model.factors.movies[members], axis=0, dtype=np.float64)
    return Movie(np.asarray(loadings), float(np.mean(model.movie_bias[members], dtype=np.float64)))


@dataclass(frozen=True)
class UserFilters:
    """What a list of users leaves out: those who rated the movie, those with few training ratings, all but the best."""

    hide_seen: bool = True
    at_least: int = 1
    n_top: int | None = None


@dataclass(frozen=True, eq=False)
class UserList:
    """Users for one movie, highest prediction first; ties by id.

    Parameters
    ----------
    rows
        Positions of the users, int64.
    predicted
        Raw predictions, in stars.
    given
        Ratings that they gave the movie, NaN where none.
    activity
        Training ratings of each user.
    n_candidates, n_seen
        Users left after all filters, listed or not, and those whom hiding took out.
    ids
        Of the users listed.
    """

    rows: Ints
    predicted: Floats
    given: Floats
    activity: Ints
    n_candidates: int
    n_seen: int
    ids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)


def for_movie(model: Model, movie: Movie, filters: UserFilters | None = None) -> UserList:
    """The users who would like a movie most. Held-out ratings count as seen."""
    rules = filters or UserFilters()
    predicted = model.predictor.left_exact @ movie.right(model)
    given = _given_by(model, movie)
    seen = ~np.isnan(given) if rules.hide_seen else np.zeros(len(given), np.bool_)
    by_id = model.summary.users_by_id
    candidates = by_id[(~seen & (model.summary.user_counts >= rules.at_least))[by_id]]
    order = candidates[np.argsort(-predicted[candidates], kind="stable")][: rules.n_top]
    return UserList(
        rows=order,
        predicted=predicted[order],
        given=given[order],
        activity=model.summary.user_counts[order],
        n_candidates=len(candidates),
        n_seen=int(np.count_nonzero(seen)),
        ids=tuple(model.user_ids[row] for row in order),
    )


def _given_by(model: Model, movie: Movie) -> Floats:
    given = np.full(model.n_users, np.nan)
    if movie.column is not None and model.ratings is not None:
        rows, values = model.ratings.of_movie(movie.column)
        given[rows] = values
    if movie.rated is not None:
        given[movie.rated[0]] = movie.rated[1]
    return given
