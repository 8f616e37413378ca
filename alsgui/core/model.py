"""`Model`: what a fit leaves: factors, settings, figures, and what is needed to predict, rank and fold in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from alsgui.core.errors import DataError
from alsgui.core.metrics import ErrorFigures, rating_range
from alsgui.core.predictor import Predictor, predictor
from alsgui.core.ratings import Floats, Ints, Ratings, Scale
from alsgui.core.solvers.config import Config, config_from_json
from alsgui.core.solvers.factors import Factors, Side
from alsgui.core.split import Split
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.recommend import RecommendationList
    from alsgui.core.solvers.problem import Problem


@dataclass(frozen=True)
class EpochRecord:
    """Figures after one epoch (u, then m): RMSE and MAE in stars, seconds of solving since the start."""

    epoch: int
    loss: float
    rmse_train: float
    rmse_holdout: float
    mae_holdout: float
    seconds: float


@dataclass(frozen=True)
class HalfStepRecord:
    """One half-step: the side it solved, squared errors and loss after it, seconds it took."""

    side: Side
    rss: float
    loss: float
    seconds: float


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
        Why the fit ended: "epochs", "tolerance", "patience", "stopped", "cancelled".
    settled
        Whether u was solved for the m that is kept.
    versions
        Of the program and its libraries.
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
        return for_user(self, row, Filters(hide_seen=hide_seen, at_least=0), n_top)

    def fold_in(self, ratings: Mapping[str, float]) -> tuple[Floats, float]:
        """Weights u (K) and bias of a new person from their ratings, by the row that training solves.

        Parameters
        ----------
        ratings
            Movie id -> stars.

        Raises
        ------
        DataError
            When a movie is not known, or the algorithm needs ratings that are not there.
        """
        columns = _positions(list(ratings), self.summary.movie_columns, self.noun)
        return self.fold_in_positions(columns, np.array(list(ratings.values()), np.float32))

    def fold_in_positions(self, columns: Ints, values: Floats) -> tuple[Floats, float]:
        """As `fold_in`, by columns."""
        return self._problem.fold_in(self.factors, columns, values)

    @cached_property
    def _problem(self) -> Problem:
        from alsgui.core.solvers.algorithms import make_problem

        if self.split is None:
            raise DataError(tr("The model was saved without its ratings."), tr("Save it with them to fold in."))
        return make_problem(self.split.training, self.config)

    def to_parts(self, with_ratings: bool = True) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]]:
        """Arrays and plain values from which `from_parts` makes the same model; for model files."""
        arrays: dict[str, np.ndarray[Any, Any]] = {
            "users": self.factors.users,
            "movies": self.factors.movies,
            "user_bias": self.factors.user_bias,
            "movie_bias": self.factors.movie_bias,
            "left": self.predictor.left,
            "right": self.predictor.right,
            "user_counts": self.summary.user_counts,
            "movie_counts": self.summary.movie_counts,
        }
        meta: dict[str, Any] = {
            "config": self.config.to_json(),
            "summary": self.summary.to_json(),
            "history": [asdict(record) for record in self.history],
            "half_steps": [asdict(record) for record in self.half_steps],
            "training_figures": asdict(self.training_figures),
            "holdout_figures": asdict(self.holdout_figures),
            "stopped": self.stopped,
            "settled": self.settled,
            "versions": dict(self.versions),
        }
        if with_ratings and self.split is not None:
            csr = self.split.ratings.csr
            arrays |= {"y_indptr": csr.indptr, "y_indices": csr.indices, "y_data": csr.data}
            arrays["held_out"] = self.split.held_out
            if self.split.ratings.time is not None:
                arrays["time"] = self.split.ratings.time
            meta["split"] = {"share": self.split.share, "seed": self.split.seed}
        return arrays, meta

    @classmethod
    def from_parts(cls, arrays: Mapping[str, np.ndarray[Any, Any]], meta: Mapping[str, Any]) -> Model:
        """Inverse of `to_parts`.

        Raises
        ------
        DataError
            When parts are missing or do not fit together.
        """
        try:
            return cls._from_parts(arrays, meta)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise DataError(
                tr("The parts of the model do not fit together ({error}).", error=error),
                tr("Save the model again from the program that made it."),
            ) from error

    @classmethod
    def _from_parts(cls, arrays: Mapping[str, np.ndarray[Any, Any]], meta: Mapping[str, Any]) -> Model:
        factors = Factors(arrays["users"], arrays["movies"], arrays["user_bias"], arrays["movie_bias"])
        summary = TrainingSummary.from_json(
            meta["summary"], np.asarray(arrays["user_counts"]), np.asarray(arrays["movie_counts"])
        )
        shapes = (len(summary.user_ids), len(summary.movie_ids))
        if (len(factors.users), len(factors.movies)) != shapes or factors.users.shape[1] != factors.movies.shape[1]:
            raise ValueError("shapes of u and m")
        return cls(
            config=config_from_json(meta["config"]),
            factors=factors,
            summary=summary,
            split=_split_from_parts(arrays, meta, summary),
            history=tuple(EpochRecord(**record) for record in meta["history"]),
            half_steps=tuple(HalfStepRecord(**record) for record in meta["half_steps"]),
            training_figures=ErrorFigures(**meta["training_figures"]),
            holdout_figures=ErrorFigures(**meta["holdout_figures"]),
            stopped=str(meta["stopped"]),
            settled=bool(meta["settled"]),
            versions=dict(meta["versions"]),
            predictor=Predictor(arrays["left"], arrays["right"]),
        )


@dataclass(frozen=True, eq=False)
class TrainingSummary:
    """What a model keeps of its training ratings, so that it works without them.

    Parameters
    ----------
    user_ids, movie_ids, titles, genres, scale, noun, name
        As in `Ratings`.
    mean
        Mean of the training ratings, in stars.
    low, high
        Their range, to which hold-out predictions are clipped.
    user_counts, movie_counts
        Training ratings of each row; a row without is "no information".
    n_ratings
        Their number.
    fingerprint
        Of all ratings, hold-out included.
    """

    user_ids: tuple[str, ...]
    movie_ids: tuple[str, ...]
    titles: tuple[str, ...] | None
    genres: tuple[str, ...] | None
    scale: Scale
    noun: str
    name: str
    mean: float
    low: float
    high: float
    user_counts: Ints
    movie_counts: Ints
    n_ratings: int
    fingerprint: str

    @classmethod
    def of(cls, split: Split) -> TrainingSummary:
        """Summary of the training ratings of a split."""
        training = split.training
        low, high = rating_range(training)
        return cls(
            training.user_ids,
            training.movie_ids,
            training.titles,
            training.genres,
            training.scale,
            training.noun,
            training.name,
            training.mean,
            low,
            high,
            training.user_counts,
            training.movie_counts,
            training.n_ratings,
            split.ratings.fingerprint,
        )

    @cached_property
    def user_rows(self) -> Mapping[str, int]:
        """User id -> row."""
        return {identity: row for row, identity in enumerate(self.user_ids)}

    @cached_property
    def movie_columns(self) -> Mapping[str, int]:
        """Movie id -> column."""
        return {identity: column for column, identity in enumerate(self.movie_ids)}

    def to_json(self) -> dict[str, Any]:
        """Plain values, all but the counts."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if not name.endswith("_counts")}
        return values | {"scale": asdict(self.scale)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any], user_counts: Ints, movie_counts: Ints) -> TrainingSummary:
        """Inverse of `to_json`."""
        known = dict(values) | {"scale": Scale(**values["scale"])}
        for name in ("user_ids", "movie_ids", "titles", "genres"):
            known[name] = None if known[name] is None else tuple(known[name])
        return cls(**known, user_counts=user_counts, movie_counts=movie_counts)


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
    form = predictor(factors, known.mean if biases else 0.0, split.training, biases=biases)
    return Model(config=config, factors=factors, split=split, summary=known, predictor=form, **outcome)


def without_ratings(model: Model) -> Model:
    """The same model without its reference to the ratings."""
    return replace(model, split=None)


def has_biases(config: Config) -> bool:
    """Whether an algorithm with these settings has a mean and biases."""
    return bool(getattr(config, "biases", False))


def _split_from_parts(
    arrays: Mapping[str, np.ndarray[Any, Any]], meta: Mapping[str, Any], summary: TrainingSummary
) -> Split | None:
    if "split" not in meta:
        return None
    indptr = arrays["y_indptr"]
    ratings = Ratings.from_indices(
        np.repeat(np.arange(len(indptr) - 1), np.diff(indptr)),
        arrays["y_indices"],
        arrays["y_data"],
        summary.user_ids,
        summary.movie_ids,
        time=arrays.get("time"),
        scale=summary.scale,
        titles=summary.titles,
        genres=summary.genres,
        noun=summary.noun,
        name=summary.name,
    )
    return Split(ratings, np.asarray(arrays["held_out"], np.int64), meta["split"]["share"], meta["split"]["seed"])


def _positions(labels: Sequence[str] | Ints, index: Mapping[str, int], noun: str) -> Ints:
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "iu":
        return labels
    unknown = [str(label) for label in labels if not isinstance(label, (int, np.integer)) and str(label) not in index]
    if unknown:
        raise DataError(
            tr("There is no {noun} {id}.", noun=noun, id=unknown[0]),
            tr("Ids are text, as in the file; {n} are known.", n=len(index)),
        )
    return np.array(
        [label if isinstance(label, (int, np.integer)) else index[str(label)] for label in labels], np.int64
    )
