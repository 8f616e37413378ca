"""Runs side by side: what differs in their settings, how good each is, and whom one serves better than the other.

Every run, and every baseline, is judged by the same functions on the same cells and users.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from threading import Event
from typing import Any, Literal

import numpy as np

from alsgui.core.folding import folded_into
from alsgui.core.metrics import ErrorFigures, Judge, rating_range
from alsgui.core.model import Model
from alsgui.core.predictor import Predictor
from alsgui.core.ranking import USUAL_LENGTH, RankingFigures, RankingJudge
from alsgui.core.ratings import Cells, Floats, Ints, Ratings
from alsgui.core.solvers.config import Config, ObservedConfig
from alsgui.core.split import Split
from alsgui.core.training import fitted, iter_fit

MOST_USERS = 2000
"""Lists of at most so many hold-out users are judged: figures of more would not differ on screen."""

Baseline = Literal["global_mean", "movie_mean", "biases", "popularity"]
BASELINES: tuple[Baseline, ...] = ("biases", "movie_mean", "global_mean", "popularity")

_BIAS_EPOCHS = 10
_NOT_OF_THE_RESULT = frozenset({"threads"})


@dataclass(frozen=True, eq=False)
class Contender:
    """What is compared: the predictions of a run or of a baseline.

    Parameters
    ----------
    predictor
        Raw predictions of every cell.
    ratings
        Whether they are ratings; else errors have no meaning.
    ranks
        Whether they put movies in an order; one value for all does not.
    n_bytes
        Memory of the numbers it predicts from.
    seconds
        Of solving; None for baselines.
    fold
        Predictions for users of whom only the given ratings are known, a row each.
    """

    predictor: Predictor
    ratings: bool = True
    ranks: bool = True
    n_bytes: int = 0
    seconds: float | None = None
    fold: Callable[[Ratings], Predictor] | None = None

    def on(self, split: Split) -> Predictor:
        """The predictions that a split judges, a row for each of `split.judged.known`."""
        if split.newcomers is None or self.fold is None:
            return self.predictor
        return self.fold(split.newcomers.known)


@dataclass(frozen=True)
class Judged:
    """Figures of one contender on the hold-out; what has no meaning for it is NaN."""

    errors: ErrorFigures = field(default_factory=ErrorFigures)
    lists: RankingFigures = field(default_factory=RankingFigures)


def of_model(model: Model) -> Contender:
    """A run's model."""
    factors = model.factors
    arrays = (factors.users, factors.movies, factors.user_bias, factors.movie_bias)
    seconds = sum(step.seconds for step in model.half_steps)
    return Contender(
        model.predictor,
        model.config.predicts_ratings,
        n_bytes=sum(int(array.nbytes) for array in arrays),
        seconds=seconds,
        fold=partial(folded_into, model),
    )


def of_baseline(name: Baseline, training: Ratings, cancel: Event | None = None) -> Contender:
    """What a model has to beat.

    Parameters
    ----------
    name
        "global_mean": mu for every cell. "movie_mean": the movie's mean, mu for a movie without ratings. "biases":
        mu + b_i + c_j with the default ridge on biases. "popularity": the number of training ratings of the movie.
    """
    if name == "biases":
        parts = Split(training, np.empty(0, np.int64), 0.0, 0)
        model = fitted(iter_fit(parts, ObservedConfig(k=0, epochs=_BIAS_EPOCHS, threads=1), cancel))
        size = 8 * (training.n_users + training.n_movies)
        return Contender(model.predictor, n_bytes=size, fold=partial(folded_into, model))
    if name == "global_mean":
        return _same_for_all(np.full(training.n_movies, training.mean), training, ranks=False, n_bytes=8)
    size = 8 * training.n_movies
    if name == "movie_mean":
        means = np.where(training.movie_counts > 0, training.movie_means, training.mean)
        return _same_for_all(means, training, n_bytes=size)
    return _same_for_all(training.movie_counts.astype(np.float64), training, ratings=False, n_bytes=size)


def _same_for_all(values: Floats, training: Ratings, **what: Any) -> Contender:
    """One value for each movie, whoever asks."""

    def form(known: Ratings) -> Predictor:
        return Predictor(np.ones((known.n_users, 1)), values[:, None])

    return Contender(form(training), fold=form, **what)


def judge(
    contender: Contender, split: Split, n: int = USUAL_LENGTH, *, events: bool = False, most_users: int = MOST_USERS
) -> Judged:
    """Figures on the hold-out of a split; all NaN without one.

    Parameters
    ----------
    n
        Length of the lists.
    events
        Whether any held-out event is relevant; else those at or above the user's own mean.
    most_users
        A fixed choice of so many users at most have their lists judged.
    """
    if split.judged is None:
        return Judged()
    (known, cells), form = split.judged, contender.on(split)
    errors = Judge.of(cells, split.training, known).figures(form) if contender.ratings else ErrorFigures()
    ranking = RankingJudge.of(split, events=events, n=n, most_users=most_users) if contender.ranks else None
    return Judged(errors, ranking.figures(form) if ranking is not None else RankingFigures(n=n))


def differing(configs: Sequence[Config]) -> list[tuple[str, list[Any]]]:
    """Settings in which the configs differ, with each one's value; the algorithm first, then K and the lambdas.

    A setting that an algorithm has not is None for it.
    """
    if len({config.algorithm for config in configs}) > 1:
        found: list[tuple[str, list[Any]]] = [("algorithm", [config.algorithm for config in configs])]
    else:
        found = []
    names = dict.fromkeys(each.name for config in configs for each in fields(config))
    for name in names:
        values = [getattr(config, name, None) for config in configs]
        if name not in _NOT_OF_THE_RESULT and len(set(values)) > 1:
            found.append((name, values))
    return found


@dataclass(frozen=True, eq=False)
class Pairs:
    """Predictions of two contenders for the same cells, clipped where they are ratings; `truth` is what was rated."""

    first: Floats
    second: Floats
    truth: Floats
    cells: Cells
    n_all: int


def pairs(first: Contender, second: Contender, split: Split, most: int = 3000) -> Pairs:
    """Predictions for the hold-out (the training ratings where there is none); a fixed choice of `most` cells."""
    cells = next(split.training.cells_in_parts()) if split.judged is None else split.judged.cells
    n_all = len(cells.values)
    if n_all > most:
        chosen = np.sort(np.random.default_rng(0).choice(n_all, most, replace=False))
        cells = Cells(cells.users[chosen], cells.movies[chosen], cells.values[chosen])
    low, high = rating_range(split.training)
    made = [each.on(split).cells(cells.users, cells.movies) for each in (first, second)]
    made = [np.clip(r, low, high) if each.ratings else r for r, each in zip(made, (first, second), strict=True)]
    return Pairs(made[0], made[1], np.asarray(cells.values, np.float64), _in_the_data(cells, split), n_all)


def _in_the_data(cells: Cells, split: Split) -> Cells:
    """The same cells with users by their row in the data."""
    return cells if split.newcomers is None else replace(cells, users=split.newcomers.users[cells.users])


@dataclass(frozen=True, eq=False)
class Served:
    """Rows (users or movies) with held-out ratings, those that the second serves better first.

    Parameters
    ----------
    rows
        Their numbers.
    n
        Held-out ratings of each.
    first, second
        RMSE of each under the two contenders, in stars.
    n_better
        Rows whose squared error is lower under the second.
    n_worse
        Rows whose squared error is lower under the first.
    """

    rows: Ints
    n: Ints
    first: Floats
    second: Floats
    n_better: int
    n_worse: int


def served(first: Contender, second: Contender, split: Split, side: Literal["users", "movies"]) -> Served | None:
    """Whom one serves better than the other on the hold-out; None without one, or where errors have no meaning.

    In order of the difference in the sum of squared errors: a row with many ratings counts for more than a lucky one.
    """
    if split.judged is None or not (first.ratings and second.ratings):
        return None
    cells = split.judged.cells
    owners = _in_the_data(cells, split).users if side == "users" else cells.movies
    low, high = rating_range(split.training)

    def squares(each: Contender) -> Floats:
        error = cells.values - np.clip(each.on(split).cells(cells.users, cells.movies), low, high)
        return np.asarray(np.bincount(owners, weights=np.square(error, dtype=np.float64)), np.float64)

    n, one, two = np.bincount(owners), squares(first), squares(second)
    rows = np.flatnonzero(n)
    order = rows[np.argsort((two - one)[rows], kind="stable")]
    gain = (one - two)[rows]
    return Served(
        order,
        n[order],
        np.sqrt(one[order] / n[order]),
        np.sqrt(two[order] / n[order]),
        int(np.count_nonzero(gain > 0)),
        int(np.count_nonzero(gain < 0)),
    )
