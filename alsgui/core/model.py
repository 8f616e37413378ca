"""`Model`: what a fit leaves: factors, settings, figures, and what is needed to predict, rank and fold in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from alsgui.core.errors import DataError
from alsgui.core.metrics import ErrorFigures
from alsgui.core.predictor import Predictor, predictor
from alsgui.core.ranking import RankingFigures
from alsgui.core.ratings import Floats, Ints, Ratings, Scale
from alsgui.core.solvers.config import Config
from alsgui.core.solvers.factors import Factors, Side
from alsgui.core.solvers.packed import Entries
from alsgui.core.solvers.problem import newcomer
from alsgui.core.split import Split
from alsgui.core.summary import TrainingSummary
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.basis import Shown
    from alsgui.core.equations import Equations
    from alsgui.core.explain import Explanation
    from alsgui.core.movie_side import UserList
    from alsgui.core.recommend import RecommendationList
    from alsgui.core.solvers.alternation import Momentum
    from alsgui.core.solvers.problem import Problem


@dataclass(frozen=True)
class EpochRecord:
    """Figures after one epoch: RMSE and MAE in stars, seconds of solving since the start.

    Where predictions are no ratings there are recall and NDCG at 20 instead, on a fixed choice of hold-out users.
    """

    epoch: int
    loss: float
    rmse_train: float
    rmse_holdout: float
    mae_holdout: float
    seconds: float
    recall_holdout: float | None = None
    ndcg_holdout: float | None = None


@dataclass(frozen=True)
class HalfStepRecord:
    """One half-step: the side it solved, squared errors and loss after it, seconds it took.

    `watched` is what a stopping rule of the algorithm's own looks at, None where it has none.
    """

    side: Side
    rss: float
    loss: float
    seconds: float
    watched: float | None = None


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted model. Immutable.

    Parameters
    ----------
    config
        Its settings, resolved.
    factors
        u, m and biases.
    split
        The ratings it was fitted to and those kept aside; None when a model was saved without them.
    summary
        What is known of the training ratings when they are not there.
    history, half_steps
        Figures of every epoch and half-step, the closing one included.
    training_figures, holdout_figures
        Final figures: raw on training, clipped on hold-out.
    stopped
        Why the fit ended: "epochs", "tolerance", "patience", "stopped", "cancelled", "error".
    settled
        Whether u was solved for the m that is kept.
    versions
        Of the program and its libraries.
    holdout_ranking
        Final figures of the lists of all hold-out users, for models whose predictions are no ratings.
    momentum
        Where the fit stood before the closing half-step, for whoever goes on; None where that is not known.
    shown
        The attributes that a person chose to look at, with their names; None for the model's own without names.
        Nothing that solves uses them.
    people
        Persons kept with the model: plain values, as whoever keeps them writes them.
    """

    config: Config
    factors: Factors
    summary: TrainingSummary
    split: Split | None
    history: tuple[EpochRecord, ...]
    half_steps: tuple[HalfStepRecord, ...]
    training_figures: ErrorFigures
    holdout_figures: ErrorFigures
    stopped: str
    settled: bool
    versions: Mapping[str, str]
    predictor: Predictor
    momentum: Momentum | None = None
    holdout_ranking: RankingFigures = field(default_factory=RankingFigures)
    people: tuple[Mapping[str, Any], ...] = ()
    shown: Shown | None = None

    @property
    def attribute_names(self) -> tuple[str, ...]:
        """Names that a person gave to the model's own attributes (K); "" for none."""
        return ("",) * self.k if self.shown is None else self.shown.basis.own_names

    @property
    def u(self) -> Floats:
        """User weights, K x N."""
        return self.factors.users.T

    @property
    def m(self) -> Floats:
        """Movie loadings, K x M."""
        return self.factors.movies.T

    @property
    def mu(self) -> float:
        """The mean that predictions start from, in stars; 0 without biases."""
        return self.summary.mean if self.has_biases else 0.0

    @property
    def user_bias(self) -> Floats:
        """b (N), in stars."""
        return self.factors.user_bias

    @property
    def movie_bias(self) -> Floats:
        """c (M), in stars."""
        return self.factors.movie_bias

    @property
    def has_biases(self) -> bool:
        """Whether predictions have a mean and biases beside u^T m."""
        return has_biases(self.config)

    @property
    def k(self) -> int:
        """Number of attributes K."""
        return self.factors.k

    @property
    def n_users(self) -> int:
        """N."""
        return len(self.factors.users)

    @property
    def n_movies(self) -> int:
        """M."""
        return len(self.factors.movies)

    @property
    def ratings(self) -> Ratings | None:
        """All ratings, hold-out included, or None when they were not saved with the model."""
        return None if self.split is None else self.split.ratings

    @property
    def user_ids(self) -> tuple[str, ...]:
        """Names of the columns of u."""
        return self.summary.user_ids

    @property
    def movie_ids(self) -> tuple[str, ...]:
        """Names of the columns of m."""
        return self.summary.movie_ids

    @property
    def titles(self) -> tuple[str, ...] | None:
        """Titles of the movies, where known."""
        return self.summary.titles

    @property
    def genres(self) -> tuple[str, ...] | None:
        """Genres of the movies, where known."""
        return self.summary.genres

    @property
    def scale(self) -> Scale:
        """Range of the ratings."""
        return self.summary.scale

    @property
    def noun(self) -> str:
        """What a column is called."""
        return self.summary.noun

    def title(self, column: int) -> str:
        """Title of a movie, or its id."""
        return self.titles[column] if self.titles is not None else self.movie_ids[column]

    def predict(self, users: Sequence[str] | Ints, movies: Sequence[str] | Ints) -> Floats:
        """Raw predictions of pairs, in stars.

        Parameters
        ----------
        users, movies
            Ids (text) or positions (integers), of the same length.

        Raises
        ------
        DataError
            When an id is not known.
        """
        return self.predictor.cells(
            _positions(users, self.summary.user_rows, tr("user")),
            _positions(movies, self.summary.movie_columns, self.noun),
        )

    def predict_block(self, users: Ints | slice, movies: Ints | slice) -> Floats:
        """Raw predictions of a block of r by positions, in stars."""
        return self.predictor.block(users, movies)

    def recommend(self, user: str, n_top: int = 10, hide_seen: bool = True) -> RecommendationList:
        """The `n_top` movies with the highest prediction for a user, by id.

        Raises
        ------
        DataError
            When the user is not known.
        """
        from alsgui.core.recommend import Filters, for_user

        row = int(_positions([user], self.summary.user_rows, tr("user"))[0])
        return for_user(self, row, Filters(hide_seen=hide_seen, at_least=0, n_top=n_top))

    def recommend_users(self, movie: str, n_top: int = 10, hide_seen: bool = True) -> UserList:
        """The `n_top` users with the highest prediction for a movie, by id; those who rated it are left out.

        Raises
        ------
        DataError
            When the movie is not known.
        """
        from alsgui.core.movie_side import UserFilters, for_movie, of_movie

        column = int(_positions([movie], self.summary.movie_columns, self.noun)[0])
        return for_movie(self, of_movie(self, column), UserFilters(hide_seen=hide_seen, n_top=n_top))

    def explain(self, user: str, movie: str) -> Explanation:
        """Why a user's prediction of a movie is what it is: its parts by attribute and by rating, and their sum.

        Raises
        ------
        DataError
            When the user or the movie is not known.
        """
        from alsgui.core.explain import explain
        from alsgui.core.people import of_user

        row = int(_positions([user], self.summary.user_rows, tr("user"))[0])
        column = int(_positions([movie], self.summary.movie_columns, self.noun)[0])
        return explain(self, of_user(self, row), column)

    @cached_property
    def equations(self) -> Equations:
        """The equations of its rows.

        Raises
        ------
        DataError
            When the model was saved without its ratings.
        """
        from alsgui.core.equations import Equations

        if self.split is None:
            raise DataError(tr("The model was saved without its ratings."), tr("Save it with them."))
        return Equations(self)

    def fold_in(self, ratings: Mapping[str, float]) -> tuple[Floats, float]:
        """Weights u (K) and bias of a new person from their ratings, by the row that training solves.

        Parameters
        ----------
        ratings
            Movie id -> stars.

        Raises
        ------
        DataError
            When a movie is not known, a rating is not finite, or the algorithm needs ratings that are not there.
        """
        columns = _positions(list(ratings), self.summary.movie_columns, self.noun)
        return self.fold_in_positions(columns, np.array(list(ratings.values()), np.float64))

    def fold_in_positions(self, columns: Ints, values: Floats) -> tuple[Floats, float]:
        """As `fold_in`, by columns."""
        if not np.all(np.isfinite(values)):
            raise DataError(tr("A rating is not a finite number."), tr("Leave it out, or mend it."))
        return self._fold_in(columns, values, "u")

    def fold_in_movie(self, ratings: Mapping[str, float]) -> tuple[Floats, float]:
        """Loadings m (K) and bias of a new movie from its ratings, user id -> stars; see `fold_in`."""
        rows = _positions(list(ratings), self.summary.user_rows, tr("user"))
        return self.fold_in_movie_positions(rows, np.array(list(ratings.values()), np.float64))

    def fold_in_movie_positions(self, rows: Ints, values: Floats) -> tuple[Floats, float]:
        """As `fold_in_movie`, by rows."""
        if not np.all(np.isfinite(values)):
            raise DataError(tr("A rating is not a finite number."), tr("Leave it out, or mend it."))
        return self._fold_in(rows, values, "m")

    @property
    def n_starts(self) -> int:
        """How many starts are stacked in the factors; see `restarts`."""
        return self.k // self.config.k if self.config.k else 1

    def fold_in_all(self, newcomers: Entries, side: Side = "u") -> tuple[Floats, Floats]:
        """Weights (n x K) and biases (n) of n newcomers to one side, by their compressed rows; see `fold_in`."""
        solved = [self._problem.fold_in_all(part, newcomers, side) for part in self._starts()]
        weights = np.hstack([part for part, _ in solved])
        biases = np.asarray(np.mean([bias for _, bias in solved], axis=0))
        return (weights if side == "u" else weights / self.n_starts), biases

    def _fold_in(self, indices: Ints, values: Floats, side: Side) -> tuple[Floats, float]:
        weights, biases = self.fold_in_all(newcomer(indices, values), side)
        return weights[0], float(biases[0])

    def _starts(self) -> Iterator[Factors]:
        """The factors of each start that is stacked; those that there are where nothing is."""
        if self.n_starts == 1:
            yield self.factors
            return
        k, u, m = self.config.k, self.factors.users, self.n_starts * self.factors.movies
        for first in range(0, self.k, k):
            part = slice(first, first + k)
            yield replace(self.factors, users=u[:, part], movies=m[:, part])

    @cached_property
    def _problem(self) -> Problem:
        if self.split is None:
            raise DataError(tr("The model was saved without its ratings."), tr("Save it with them to fold in."))
        return self.config.problem(self.split.training)


def build_model(
    config: Config,
    factors: Factors,
    split: Split,
    summary: TrainingSummary | None = None,
    **outcome: Any,
) -> Model:
    """A model from solved factors and the outcome of its fit (the other fields of `Model`)."""
    known = summary or TrainingSummary.of(split)
    biases = has_biases(config)
    mu, levels = known.mean if biases else 0.0, config.predicts_ratings
    form = predictor(factors, mu, split.training, biases=biases, levels=levels)
    return Model(config=config, factors=factors, split=split, summary=known, predictor=form, **outcome)


def without_ratings(model: Model) -> Model:
    """The same model without its reference to the ratings."""
    return replace(model, split=None)


def has_biases(config: Config) -> bool:
    """Whether an algorithm with these settings has a mean and biases."""
    return bool(getattr(config, "biases", False))


def _positions(labels: Sequence[str] | Ints, index: Mapping[str, int], noun: str) -> Ints:
    """Integers are positions, all else are ids."""
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "iu":
        positions = labels
    else:
        found = (label if isinstance(label, (int, np.integer)) else index.get(str(label), -1) for label in labels)
        positions = np.fromiter(found, np.int64)
    unknown = np.flatnonzero((positions < 0) | (positions >= len(index)))
    if len(unknown):
        raise DataError(
            tr("There is no {noun} {id}.", noun=noun, id=labels[int(unknown[0])]),
            tr("Ids are text, as in the file; {n} are known.", n=len(index)),
        )
    return positions
