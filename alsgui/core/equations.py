"""The equations of one row, as numbers: what explanations and uncertainty are made of.

Row x of a side (a user's or a movie's unknowns) solves A x = sum_l v_l f_l + g over its ratings l, f the columns of the
other side with a 1 appended for the bias, A = G + sum_l w_l f_l f_l^T + Lambda; see "One row problem" in the docs. All
is plain NumPy in float64: one row at a time needs no kernel.

`Equations(model).of(side, indices, values)` is the row of anybody with these ratings; `model.equations` keeps one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import linalg

from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.solvers.config import (
    Config,
    EmConfig,
    ImplicitConfig,
    NmfConfig,
    NonnegativeConfig,
    ObservedConfig,
    RidgeConfig,
)
from alsgui.core.solvers.dense import factor_of
from alsgui.core.solvers.factors import Side, other_side

if TYPE_CHECKING:
    from alsgui.core.model import Model


@dataclass(frozen=True, eq=False)
class RowEquation:
    """A x = sum_l v_l f_l + g of one row.

    Parameters
    ----------
    indices, values
        Rows of the other side that were rated, and the ratings.
    features
        f of each (n x d).
    targets
        v of each (n), without the part of a bias that is held.
    constant
        g (d): what stands for missing ratings, less a penalty on absolute values.
    matrix
        A (d x d).
    support
        Unknowns that are solved for; the others are held at zero by non-negativity.
    held
        What each rating adds to a bias that is set beforehand (n); None where biases are solved, or there are none.
    """

    indices: Ints
    values: Floats
    features: Floats
    targets: Floats
    constant: Floats
    matrix: Floats
    support: Ints
    held: Floats | None = None

    def responses(self, f: Floats) -> tuple[Floats, float]:
        """What each rating adds to f^T x (+ a held bias), and what `constant` adds; f has d numbers."""
        direction = self.towards(f)
        reach = self.features @ direction
        parts = self.targets * reach
        if self.held is not None:
            parts = parts + self.held * (1.0 - reach.sum())
        return parts, float(self.constant @ direction)

    def solution(self) -> Floats:
        """x (d), without a held bias."""
        targets = self.targets if self.held is None else self.targets - self.held.sum()
        return self.towards(self.features.T @ targets + self.constant)

    def towards(self, f: Floats) -> Floats:
        """A^-1 f on the support, zero elsewhere (d)."""
        on, out = self.support, np.zeros(len(self.matrix))
        if self._factor is not None:
            out[on] = linalg.cho_solve(self._factor, f[on], check_finite=False)
        else:
            out[on] = np.linalg.pinv(self.matrix[np.ix_(on, on)], rcond=1e-13, hermitian=True) @ f[on]
        return out

    def spread(self, features: Floats) -> Floats:
        """f^T A^-1 f for many f (n x d); infinite where A has no inverse."""
        if self._factor is None:
            return np.full(len(features), np.inf)
        if not len(self.support):
            return np.zeros(len(features))
        half = linalg.solve_triangular(
            self._factor[0], features[:, self.support].T, lower=self._factor[1], check_finite=False
        )
        return np.asarray(np.einsum("ij,ij->j", half, half))

    @cached_property
    def _factor(self) -> tuple[Floats, bool] | None:
        return factor_of(self.matrix[np.ix_(self.support, self.support)])


class System(NamedTuple):
    """The matrices of many rows of one side, as `kernels.spread` takes them."""

    indptr: Ints
    indices: Ints
    other: Floats
    ridge: Floats
    plain: Floats
    gram: Floats
    held: Floats


class Equations:
    """Row equations of one model, either side.

    Parameters
    ----------
    model
        With its ratings.
    """

    def __init__(self, model: Model) -> None:
        assert model.split is not None
        self._config: Config = model.config
        self._mu = model.mu
        self._factors = model.factors
        self._training: Ratings = model.split.training
        self._counts: dict[Side, Ints] = {"u": model.summary.user_counts, "m": model.summary.movie_counts}
        self.biases = model.has_biases
        self.damping = model.config.bias_damping if isinstance(model.config, ObservedConfig) else None
        self._features: dict[Side, Floats] = {}
        self._grams: dict[Side, Floats] = {}

    @property
    def solves_biases(self) -> bool:
        """Whether the bias is the last unknown of a row."""
        return self.biases and self.damping is None

    def features(self, side: Side) -> Floats:
        """f of every row of `side`, as the other side's equations see it (rows x d), float64."""
        if side not in self._features:
            rows = self._factors.of(side)[0].astype(np.float64)
            self._features[side] = np.column_stack([rows, np.ones(len(rows))]) if self.solves_biases else rows
            self._features[side].setflags(write=False)
        return self._features[side]

    def of(self, side: Side, indices: Ints, values: Floats, weights: Floats | None = None) -> RowEquation:
        """The equation of a row of `side` with these ratings.

        Parameters
        ----------
        indices, values
            Rows of the other side, and ratings.
        weights
            The row's factors (K), which say what non-negativity holds at zero; None holds nothing.
        """
        other = other_side(side)
        values = np.asarray(values, np.float64)
        features = self.features(other)[indices]
        d = features.shape[1]
        entry_weights, targets, held = self._meaning(side, indices, values)
        matrix = np.diag(self.ridge(side, values))
        if entry_weights is not None:
            matrix += (features * entry_weights[:, None]).T @ features
        if self._has_gram:
            matrix = matrix + self._gram(other)
        support = np.arange(d)
        if weights is not None and self._holds_at_zero(side):
            support = np.flatnonzero(np.asarray(weights) > 0)
        constant = self._constant(side, indices, values, d)
        return RowEquation(indices, values, features, targets, constant, matrix, support, held)

    def of_row(self, side: Side, row: int) -> RowEquation:
        """The equation of a row that is in the data, over its training ratings."""
        indices, values = self._training.of_user(row) if side == "u" else self._training.of_movie(row)
        return self.of(side, indices, values, self._factors.of(side)[0][row])

    def of_rated(self, side: Side, indices: Ints, values: Floats, least: float) -> RowEquation:
        """As `of`, but of a loss over all cells only those that are rated: what they alone say of the row.

        Nothing is held at zero, and no unknown's ridge is below `least`, so that there always is an answer.
        """
        whole = self.of(side, indices, values)
        matrix = whole.features.T @ whole.features if self._over_all_cells else whole.matrix
        ridge = self.ridge(side, values)
        missing = np.maximum(ridge, least) if self._over_all_cells else np.maximum(least - ridge, 0)
        return replace(whole, matrix=matrix + np.diag(missing))

    def ridge(self, side: Side, values: Floats) -> Floats:
        """Diagonal of Lambda (d) for a row with these ratings."""
        config, k = self._config, self._factors.k
        if isinstance(config, NmfConfig):
            return np.full(k, self._nmf_penalties(side)[1])
        scale = 1.0
        if isinstance(config, ObservedConfig):
            scale = max(len(values), 1) ** config.lambda_power
        elif isinstance(config, ImplicitConfig):
            scale = self._mass(side, values) ** config.lambda_power
        ridge = np.full(k, config.penalty(side) * scale)
        if self.solves_biases:
            assert isinstance(config, (ObservedConfig, EmConfig))
            ridge = np.append(ridge, config.lambda_bias)
        return ridge

    def system(self, side: Side, rows: Ints) -> System:
        """The matrices of rows of a side, over their training ratings."""
        entries = self._training.csr if side == "u" else self._training.csc
        counts = np.diff(entries.indptr)[rows].astype(np.int64)
        indptr = np.concatenate([[0], np.cumsum(counts)])
        places = np.repeat(entries.indptr[rows] - indptr[:-1], counts) + np.arange(indptr[-1])
        other = other_side(side)
        d, plain = self.features(other).shape[1], np.full(self.features(other).shape[1], np.nan)
        if self.solves_biases:
            assert isinstance(self._config, (ObservedConfig, EmConfig))
            plain[-1] = self._config.lambda_bias
        power = self._config.lambda_power if isinstance(self._config, ObservedConfig) else 0.0
        held = self._factors.of(side)[0][rows] if self._holds_at_zero(side) else np.empty((0, 0))
        made = System(
            indptr,
            np.asarray(entries.indices[places], np.int64),
            self.features(other),
            self._config.penalty(side) * np.maximum(counts, 1.0) ** power,
            plain,
            np.array(self._gram(other)) if self._has_gram else np.empty((0, 0)),
            np.ascontiguousarray(held, np.float64),
        )
        assert made.gram.shape in ((0, 0), (d, d))
        for array in made:
            array.setflags(write=False)
        return made

    def base(self, side: Side) -> Floats:
        """What predictions of a row of `side` have beside f^T x, by row of the other side: mu + its bias, in stars."""
        bias = self._factors.of(other_side(side))[1].astype(np.float64)
        return self._mu + bias if self.biases else np.zeros(len(bias))

    @property
    def _over_all_cells(self) -> bool:
        config = self._config
        return isinstance(config, (RidgeConfig, NmfConfig)) or (
            isinstance(config, NonnegativeConfig) and config.cells == "all"
        )

    @property
    def _has_gram(self) -> bool:
        return self._over_all_cells or isinstance(self._config, ImplicitConfig)

    def _gram(self, other: Side) -> Floats:
        if other not in self._grams:
            features = self.features(other)
            if isinstance(self._config, ImplicitConfig):
                self._grams[other] = self._config.unobserved * (features.T @ features)
            else:
                known = features[self._counts[other] > 0]
                self._grams[other] = known.T @ known
        return self._grams[other]

    def _holds_at_zero(self, side: Side) -> bool:
        config = self._config
        if isinstance(config, NonnegativeConfig):
            return config.free not in (side, "both")
        return isinstance(config, NmfConfig)

    def _meaning(self, side: Side, indices: Ints, values: Floats) -> tuple[Floats | None, Floats, Floats | None]:
        """w (None where the Gram matrix has it all), v, and what each rating adds to a bias that is held."""
        config = self._config
        if isinstance(config, ImplicitConfig):
            confidence = config.confidences(values)
            return confidence - config.unobserved, confidence * (values >= 0), None
        if self._over_all_cells:
            return None, values, None
        if not self.biases:
            return np.ones(len(values)), values, None
        offsets = self._factors.of(other_side(side))[1][indices].astype(np.float64)
        errors = values - self._mu
        if self.damping is None:
            return np.ones(len(values)), errors - offsets, None
        # Movies' biases are means of errors, users' of what those leave.
        own = errors - offsets if side == "u" else errors
        return np.ones(len(values)), errors - offsets, own / max(len(values) + self.damping, 1e-300)

    def _constant(self, side: Side, indices: Ints, values: Floats, d: int) -> Floats:
        config, constant = self._config, np.zeros(d)
        if not self._over_all_cells:
            return constant
        if isinstance(config, NmfConfig):
            constant -= self._nmf_penalties(side)[0]
        if getattr(config, "fill", "") != "mean":
            return constant
        other = other_side(side)
        holes = self._counts[other] > 0
        holes[indices] = False
        features = self.features(other)
        if side == "u":
            return np.asarray(constant + np.nan_to_num(self._training.movie_means) * holes @ features)
        return np.asarray(constant + (np.mean(values) if len(values) else 0.0) * (holes @ features))

    def _mass(self, side: Side, values: Floats) -> float:
        config = self._config
        assert isinstance(config, ImplicitConfig)
        if config.mass == "count":
            return max(float(np.count_nonzero(values >= 0)), 1.0)
        n_cells = len(self._counts[other_side(side)])
        return config.unobserved * n_cells + float(np.sum(config.confidences(values) - config.unobserved))

    def _nmf_penalties(self, side: Side) -> tuple[float, float]:
        """Penalties on absolute values and on squares, as scikit-learn scales them."""
        config = self._config
        assert isinstance(config, NmfConfig)
        alpha_h = config.alpha_w if config.alpha_h is None else config.alpha_h
        alpha = (config.alpha_w if side == "u" else alpha_h) * len(self._counts[other_side(side)])
        return alpha * config.l1_ratio, alpha * (1 - config.l1_ratio)
