"""The definitions once more, dense and slow: an opinion that shares no code with the solvers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from alsgui.core.ratings import Ratings
from alsgui.core.solvers.config import (
    Config,
    EmConfig,
    ImplicitConfig,
    NmfConfig,
    NonnegativeConfig,
    ObservedConfig,
    RidgeConfig,
)
from alsgui.core.solvers.factors import Factors, Side

Array = npt.NDArray[Any]


def dense_y(ratings: Ratings) -> Array:
    """y (N x M) in float64, NaN where nothing is observed."""
    y = np.full((ratings.n_users, ratings.n_movies), np.nan)
    y[ratings.users_of_ratings, ratings.csr.indices] = ratings.csr.data
    return y


@dataclass(frozen=True)
class DenseObjective:
    """L of an algorithm and its gradient: y with its fill, what each cell weighs, the ridge of each row."""

    y: Array
    weights: Array
    mu: float
    ridge_u: Array
    ridge_m: Array
    ridge_bias: float
    biases: bool

    @classmethod
    def of(cls, training: Ratings, config: Config) -> DenseObjective:
        """The objective of `config` (resolved) on training ratings."""
        y = dense_y(training)
        seen = ~np.isnan(y)
        n_i, n_j = seen.sum(axis=1), seen.sum(axis=0)
        lambda_u, lambda_m = config.penalties
        if isinstance(config, ObservedConfig | EmConfig):
            power = config.lambda_power if isinstance(config, ObservedConfig) else 0.0
            ridge_u = lambda_u * np.where(n_i > 0, n_i, 1.0) ** power
            ridge_m = lambda_m * np.where(n_j > 0, n_j, 1.0) ** power
            mu = float(y[seen].mean()) if config.biases else 0.0
            return cls(
                np.where(seen, y, 0), seen.astype(float), mu, ridge_u, ridge_m, config.lambda_bias, config.biases
            )
        if isinstance(config, ImplicitConfig):
            sizes = np.abs(y) if config.confidence == "value" else np.ones(y.shape)
            confidence = np.where(seen, config.base + config.alpha * sizes, config.unobserved)
            ridge_u = lambda_u * confidence.sum(axis=1) ** config.lambda_power
            ridge_m = lambda_m * confidence.sum(axis=0) ** config.lambda_power
            if config.mass == "count":
                liked = seen & (y >= 0)
                ridge_u = lambda_u * np.maximum(liked.sum(axis=1), 1.0) ** config.lambda_power
                ridge_m = lambda_m * np.maximum(liked.sum(axis=0), 1.0) ** config.lambda_power
            weighed = confidence * (n_i > 0)[:, None] * (n_j > 0)  # rows without events stay out
            return cls(np.where(seen & (y >= 0), 1.0, 0.0), weighed, 0.0, ridge_u, ridge_m, 0.0, False)
        if isinstance(config, NonnegativeConfig) and config.cells == "observed":
            ones_u, ones_m = np.ones(len(n_i)), np.ones(len(n_j))
            return cls(np.where(seen, y, 0), seen.astype(float), 0, lambda_u * ones_u, lambda_m * ones_m, 0, False)
        if isinstance(config, NmfConfig):  # twice its loss, of penalties on squares alone
            lambda_u, lambda_m = config.alpha_w * y.shape[1], config.alpha_w * y.shape[0]
        assert isinstance(config, RidgeConfig | NonnegativeConfig | NmfConfig)
        means = np.divide(np.nansum(y, axis=0), n_j, out=np.zeros(len(n_j)), where=n_j > 0)
        fill = means if config.fill == "mean" else np.zeros(len(n_j))
        known = (n_i > 0)[:, None] & (n_j > 0)
        ones_u, ones_m = np.ones(len(n_i)), np.ones(len(n_j))
        return cls(np.where(seen, y, fill), known.astype(float), 0.0, lambda_u * ones_u, lambda_m * ones_m, 0.0, False)

    def errors(self, factors: Factors) -> Array:
        """y - r over the cells that count, 0 elsewhere (N x M)."""
        users, movies, b, c = (np.asarray(part, np.float64) for part in _parts(factors))
        r = self.mu + b[:, None] + c + users @ movies.T
        return np.where(self.weights != 0, self.y - r, 0.0)

    def loss(self, factors: Factors) -> float:
        """L."""
        users, movies, b, c = (np.asarray(part, np.float64) for part in _parts(factors))
        ridge = self.ridge_u @ (users**2).sum(axis=1) + self.ridge_m @ (movies**2).sum(axis=1)
        return float(
            (self.weights * self.errors(factors) ** 2).sum() + ridge + self.ridge_bias * ((b**2).sum() + (c**2).sum())
        )

    def gradient(self, factors: Factors, side: Side) -> Array:
        """dL of one side's factors (and bias, as the last column): rows x K or K + 1."""
        users, movies, b, c = (np.asarray(part, np.float64) for part in _parts(factors))
        errors = self.weights * self.errors(factors)
        errors = errors if side == "u" else errors.T
        own, other, bias, ridge = (users, movies, b, self.ridge_u) if side == "u" else (movies, users, c, self.ridge_m)
        slope = -2 * errors @ other + 2 * ridge[:, None] * own
        if not self.biases:
            return slope
        return np.column_stack([slope, -2 * errors.sum(axis=1) + 2 * self.ridge_bias * bias])

    def nonnegative_rows(self, factors: Factors, side: Side) -> Array:
        """As `solved_rows`, at 0 or above, by SciPy (rows x K)."""
        users, movies, *_ = (np.asarray(part, np.float64) for part in _parts(factors))
        target, weights = (self.y, self.weights) if side == "u" else (self.y.T, self.weights.T)
        other, ridge = (movies, self.ridge_u) if side == "u" else (users, self.ridge_m)
        rows = np.zeros((len(target), other.shape[1]))
        for row in np.flatnonzero(weights.any(axis=1)):
            cells = weights[row] != 0
            equations = np.vstack([other[cells], np.sqrt(ridge[row]) * np.eye(other.shape[1])])
            rows[row] = nnls(equations, np.append(target[row, cells], np.zeros(other.shape[1])))[0]
        return rows

    def solved_rows(self, factors: Factors, side: Side) -> Array:
        """Brute force: each row's least squares with its ridge as extra equations (rows x K or K + 1)."""
        users, movies, b, c = (np.asarray(part, np.float64) for part in _parts(factors))
        target, weights = (self.y, self.weights) if side == "u" else (self.y.T, self.weights.T)
        other, other_bias, ridge = (movies, c, self.ridge_u) if side == "u" else (users, b, self.ridge_m)
        design = np.column_stack([other, np.ones(len(other))]) if self.biases else other
        rows = np.zeros((len(target), design.shape[1]))
        for row in np.flatnonzero(weights.any(axis=1)):
            cells = weights[row] != 0
            root = np.sqrt(weights[row, cells])
            penalty = np.full(design.shape[1], ridge[row])
            if self.biases:
                penalty[-1] = self.ridge_bias
            equations = np.vstack([root[:, None] * design[cells], np.diag(np.sqrt(penalty))])
            right = np.append(root * (target[row, cells] - self.mu - other_bias[cells]), np.zeros(len(penalty)))
            rows[row] = np.linalg.lstsq(equations, right, rcond=None)[0]
        return rows


def side_of(factors: Factors, side: Side, *, biases: bool) -> Array:
    """One side's unknowns as `DenseObjective` lists them."""
    rows, bias = factors.of(side)
    return np.column_stack([rows, bias]) if biases else rows


def _parts(factors: Factors) -> tuple[Array, Array, Array, Array]:
    return factors.users, factors.movies, factors.user_bias, factors.movie_bias
