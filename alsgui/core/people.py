"""People: existing users, the mean user, and weights that somebody made up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alsgui.core.model import Model
from alsgui.core.ratings import Floats


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
    """

    weights: Floats
    bias: float
    row: int | None = None
    informed: bool = True

    def left(self, model: Model) -> Floats:
        """The person's side of every prediction (K + 2), float64; see `predictor`."""
        tail = (model.mu + self.bias, 1.0) if model.has_biases else (self._level(model), 0.0)
        return np.append(np.asarray(self.weights, np.float64), tail)

    def _level(self, model: Model) -> float:
        """Their own mean, which stands for movies that nobody rated."""
        if not model.config.predicts_ratings:
            return 0.0
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
    known = informed_users(model)
    if not known.any():
        return Person(np.zeros(model.k), 0.0)
    weights = np.asarray(np.mean(model.factors.users[known], axis=0, dtype=np.float64))
    return Person(weights, float(np.mean(model.user_bias[known], dtype=np.float64)))


def informed_users(model: Model) -> npt.NDArray[np.bool_]:
    """Users with training ratings (N): the others are in no mean, percentile or range."""
    return np.asarray(model.summary.user_counts > 0)


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
    low, high = np.percentile(users, [5, 95], axis=0)
    return WeightRange(users.mean(axis=0), low, high, users.min(axis=0), users.max(axis=0))


def attribute_sizes(model: Model) -> Floats:
    """Size of each attribute (K): |u_k| |m_k|, relative to the largest. Attributes overlap: sizes do not add up."""
    users, movies = model.factors.users.astype(np.float64), model.factors.movies.astype(np.float64)
    sizes: Floats = np.linalg.norm(users, axis=0) * np.linalg.norm(movies, axis=0)
    largest = float(sizes.max(initial=0.0))
    return sizes / largest if largest > 0 else sizes
