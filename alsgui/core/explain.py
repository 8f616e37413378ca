"""Why: exact decompositions of one prediction, by attribute and by the person's own ratings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alsgui.core.model import Model
from alsgui.core.people import Person
from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.config import ObservedConfig


@dataclass(frozen=True, eq=False)
class ByAttribute:
    """r = mu + b_i + c_j + sum_k u_ki m_kj, term by term, in stars.

    `fallback` is what stands for a row without ratings in a model without biases; else 0.
    """

    mean: float
    user_bias: float
    movie_bias: float
    products: Floats
    fallback: float

    @property
    def total(self) -> float:
        """The prediction."""
        return self.mean + self.user_bias + self.movie_bias + self.fallback + float(self.products.sum())


def by_attribute(model: Model, person: Person, column: int) -> ByAttribute:
    """Terms of the prediction of one movie for one person."""
    left = person.left(model)
    right = model.predictor.right[column].astype(np.float64)
    products = left[:-2] * right[:-2]
    if model.has_biases:
        return ByAttribute(model.mu, left[-2] - model.mu, float(right[-1]), products, 0.0)
    return ByAttribute(0.0, 0.0, 0.0, products, float(left[-2:] @ right[-2:]))


@dataclass(frozen=True, eq=False)
class ByRatings:
    """How the person's own ratings pull one prediction: r = mu + c_j + sum of pulls, in stars.

    Parameters
    ----------
    columns
        The movies rated in training.
    given
        Their ratings, in stars.
    pulls
        What each adds to the prediction, in stars.
    """

    columns: Ints
    given: Floats
    pulls: Floats


def by_ratings(model: Model, person: Person, column: int) -> ByRatings | None:
    """Pulls of the training ratings of an existing user on one prediction.

    r_ij = mu + c_j + sum_l (y_il - mu - c_l) f_j^T A_i^-1 f_l with A_i = sum f f^T + Lambda and f = (m, 1) over the
    person's training ratings. None where that does not hold: people who are not in the data, models whose u was not
    solved for their m, other algorithms, models saved without ratings.
    """
    config = model.config
    if not isinstance(config, ObservedConfig) or model.split is None or not model.settled:
        return None
    if person.row is None or not person.informed:
        return None
    columns, given = model.split.training.of_user(person.row)
    if not config.biases and model.summary.movie_counts[column] == 0:
        return ByRatings(columns, given, given / np.float64(len(given)))  # predicted as the person's own mean
    movies = model.factors.movies.astype(np.float64)
    loadings = np.column_stack([movies, np.ones(len(movies))]) if config.biases else movies
    rated = loadings[columns]
    ridge = np.full(loadings.shape[1], config.penalties[0] * len(columns) ** config.lambda_power)
    if config.biases:
        ridge[-1] = config.lambda_bias
    direction = np.linalg.solve(rated.T @ rated + np.diag(ridge), loadings[column])
    residual = given.astype(np.float64) - model.mu - model.movie_bias[columns].astype(np.float64)
    return ByRatings(columns, given, residual * (rated @ direction))
