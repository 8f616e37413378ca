"""People: existing users, the mean user, and people who were made up, described or folded in.

A `Person` is weights, a bias, and what is known of where they come from; every function here returns one, and
`recommend.for_person`, `explain.explain` and `uncertainty` take one:

    of_user(model, row)                    an existing user
    mean_user(model)                       the text-book's new user
    mean_of(model, rows)                   the mean of a selection
    blend(people, shares)                  two to five people in shares that sum to 1
    drawn(model, seed)                     a random draw from the population's normal
    folded(model, columns, values)         from a few ratings, by the row that training solves
    what_if(model, person, changes)        somebody with ratings changed, added or removed (None)

See `neighbours` for the nearest users.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import ConfigError, DataError
from alsgui.core.model import Model
from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.config import NmfConfig, NonnegativeConfig
from alsgui.text import tr

MOST_BLENDED = 5


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody with weights, for whom movies can be ranked.

    Parameters
    ----------
    weights
        u of this person (K).
    bias
        b of this person, in stars; 0 for models without biases.
    row
        The user's row, None for a person who is not in the data.
    informed
        False for a user without training ratings, for whom the mean user's weights stand.
    rated
        Columns and stars from which the weights were solved; None for those of the row, or none at all.
    """

    weights: Floats
    bias: float
    row: int | None = None
    informed: bool = True
    rated: tuple[Ints, Floats] | None = None

    def left(self, model: Model) -> Floats:
        """The person's side of every prediction (K + 2), float64; see `predictor`."""
        tail = (model.mu + self.bias, 1.0) if model.has_biases else (self._level(model), 0.0)
        return np.append(np.asarray(self.weights, np.float64), tail)

    def ratings(self, model: Model) -> tuple[Ints, Floats]:
        """Columns and stars from which the weights come; empty for weights that somebody made up."""
        if self.rated is not None:
            return self.rated
        if self.row is not None and model.split is not None:
            return model.split.training.of_user(self.row)
        return np.empty(0, np.int64), np.empty(0)

    def _level(self, model: Model) -> float:
        """Their own mean, which stands for movies that nobody rated."""
        if not model.config.predicts_ratings:
            return 0.0
        if self.rated is not None and len(self.rated[1]):
            return float(np.mean(self.rated[1], dtype=np.float64))
        if self.row is not None and self.informed:
            return float(model.predictor.left[self.row, -2])
        return model.summary.mean


def of_user(model: Model, row: int) -> Person:
    """An existing user; one without training ratings gets the mean user's weights and is marked so."""
    if model.summary.user_counts[row] == 0:
        mean = mean_user(model)
        return Person(mean.weights, mean.bias, row, informed=False)
    return Person(model.factors.users[row], float(model.user_bias[row]), row)


def mean_user(model: Model) -> Person:
    """The text-book's new user: the row means of u, over users with training ratings."""
    if model not in _MEANS:
        _MEANS[model] = mean_of(model, np.flatnonzero(informed_users(model)))
    return _MEANS[model]


def mean_of(model: Model, rows: Ints) -> Person:
    """The mean of a selection of users; those without training ratings are left out, and nobody gives zeros."""
    known = np.asarray(rows)[informed_users(model)[rows]] if len(rows) else np.empty(0, np.int64)
    if not len(known):
        return Person(np.zeros(model.k), 0.0)
    weights = np.asarray(np.mean(model.factors.users[known], axis=0, dtype=np.float64))
    return Person(weights, float(np.mean(model.user_bias[known], dtype=np.float64)))


def blend(people: Sequence[Person], shares: Sequence[float]) -> Person:
    """Two to five people in shares that sum to 1.

    Raises
    ------
    ConfigError
        When there are fewer or more, or the shares are below 0 or sum to 0.
    """
    amounts = np.asarray(shares, np.float64)
    if not 2 <= len(people) <= MOST_BLENDED or len(amounts) != len(people):
        raise ConfigError(
            tr("A blend has {n} people and {shares} shares.", n=len(people), shares=len(amounts)),
            tr("Take two to {most} people and a share for each.", most=MOST_BLENDED),
        )
    if not np.all(np.isfinite(amounts)) or np.any(amounts < 0) or amounts.sum() == 0:
        raise ConfigError(tr("The shares of a blend are not all at 0 or above."), tr("Give shares that sum to 1."))
    return _weighted(people, amounts / amounts.sum())


def drawn(model: Model, seed: int | None = None) -> Person:
    """A random draw from the normal with the mean and covariance of u and b over the users with training ratings.

    Non-negative models: what comes out below zero is zero.
    """
    known = population_of(model)
    rng = np.random.default_rng(seed)
    values, axes = np.linalg.eigh(known.covariance)
    draw = known.mean + axes @ (np.sqrt(np.maximum(values, 0)) * rng.standard_normal(len(values)))
    weights = draw[:-1]
    if _users_nonnegative(model):
        weights = np.maximum(weights, 0)
    return Person(weights, float(draw[-1]) if model.has_biases else 0.0)


def folded(model: Model, columns: Ints, values: Floats, row: int | None = None) -> Person:
    """Somebody with these ratings, solved as training solves a row; without ratings the mean user, marked so.

    Raises
    ------
    DataError
        When a movie stands twice, a rating is not finite, or the algorithm needs ratings that are not there.
    """
    places, stars = np.asarray(columns, np.int64), np.asarray(values, np.float64)
    if len(np.unique(places)) < len(places):
        raise DataError(tr("A {noun} is rated twice.", noun=model.noun), tr("Leave one of the two out."))
    if not len(places):
        mean = mean_user(model)
        return Person(mean.weights, mean.bias, row, informed=False, rated=(places, stars))
    weights, bias = model.fold_in_positions(places, stars)
    return Person(weights, bias, row, rated=(places, stars))


def what_if(model: Model, person: Person, changes: Mapping[int, float | None]) -> Person:
    """The person with ratings changed, added or, with None, taken away (column -> stars), and solved anew."""
    columns, given = person.ratings(model)
    rated: dict[int, float] = dict(zip(columns.tolist(), given.tolist(), strict=True))
    for column, stars in changes.items():
        if stars is None:
            rated.pop(column, None)
        else:
            rated[column] = stars
    order = sorted(rated)
    return folded(model, np.array(order, np.int64), np.array([rated[column] for column in order]), person.row)


def given_ratings(model: Model, person: Person) -> Floats:
    """What the person rated, by movie (M), hold-out included; NaN where nothing is known."""
    given = np.full(model.n_movies, np.nan)
    if person.row is not None and model.split is not None:
        columns, values = model.split.ratings.of_user(person.row)
        given[columns] = values
        if person.rated is not None:  # what was taken away is not seen any more
            given[model.split.training.of_user(person.row)[0]] = np.nan
    if person.rated is not None:
        given[person.rated[0]] = person.rated[1]
    return given


def informed_users(model: Model) -> npt.NDArray[np.bool_]:
    """Users with training ratings (N): the others are in no mean, percentile or range."""
    return np.asarray(model.summary.user_counts > 0)


@dataclass(frozen=True, eq=False)
class Population:
    """Mean (K + 1) and covariance of (u, b) over the users with training ratings; zeros where there are too few."""

    mean: Floats
    covariance: Floats


def population_of(model: Model) -> Population:
    """The population of a model, made when it is first asked for."""
    if model not in _POPULATIONS:
        _POPULATIONS[model] = _population(model)
    return _POPULATIONS[model]


_MEANS: WeakKeyDictionary[Model, Person] = WeakKeyDictionary()
_POPULATIONS: WeakKeyDictionary[Model, Population] = WeakKeyDictionary()
_ROWS_AT_A_TIME = 1 << 14


def _population(model: Model) -> Population:
    rows = np.flatnonzero(informed_users(model))
    sums, squares = np.zeros(model.k + 1), np.zeros((model.k + 1, model.k + 1))
    centre = np.zeros(model.k + 1)
    for start in range(0, len(rows), _ROWS_AT_A_TIME):
        part = rows[start : start + _ROWS_AT_A_TIME]
        block = np.column_stack([model.factors.users[part], model.user_bias[part]]).astype(np.float64)
        if start == 0:
            centre = block.mean(axis=0)  # squares of what is far from zero would lose digits
        block -= centre
        sums += block.sum(axis=0)
        squares += block.T @ block
    n = len(rows)
    shift = sums / max(n, 1)
    return Population(centre + shift, (squares - n * np.outer(shift, shift)) / max(n - 1, 1))


@dataclass(frozen=True, eq=False)
class WeightRange:
    """How the weights of all informed users spread, by attribute (K each): mean, 5th and 95th percentile, extremes."""

    mean: Floats
    low: Floats
    high: Floats
    minimum: Floats
    maximum: Floats


def weight_range(model: Model) -> WeightRange:
    """Spread of u over the population, for sliders."""
    users = np.asarray(model.factors.users[informed_users(model)], np.float64)
    if not len(users):
        users = np.zeros((1, model.k))
    population_of(model)  # whoever shows sliders soon asks for a draw or the mean
    low, high = np.percentile(users, [5, 95], axis=0)
    return WeightRange(users.mean(axis=0), low, high, users.min(axis=0), users.max(axis=0))


def attribute_sizes(model: Model) -> Floats:
    """Size of each attribute (K): |u_k| |m_k|, relative to the largest. Attributes overlap: sizes do not add up."""
    users, movies = model.factors.users.astype(np.float64), model.factors.movies.astype(np.float64)
    sizes: Floats = np.linalg.norm(users, axis=0) * np.linalg.norm(movies, axis=0)
    largest = float(sizes.max(initial=0.0))
    return sizes / largest if largest > 0 else sizes


def percentile_of(model: Model, person: Person, column: int) -> float:
    """Share (0 to 1) of the movies with training ratings that are predicted lower for this person."""
    predicted = model.predictor.right_exact @ person.left(model)
    known = predicted[model.summary.movie_counts > 0]
    return float(np.mean(known < predicted[column])) if len(known) else float("nan")


def _weighted(people: Sequence[Person], shares: Floats) -> Person:
    weights = np.sum(
        [share * np.asarray(one.weights, np.float64) for share, one in zip(shares, people, strict=True)], 0
    )
    return Person(weights, float(sum(share * one.bias for share, one in zip(shares, people, strict=True))))


def _users_nonnegative(model: Model) -> bool:
    config = model.config
    return isinstance(config, NmfConfig) or (isinstance(config, NonnegativeConfig) and config.free in ("none", "m"))
